"""What the bot is doing, in words: "reading 1.2 M metric rows"."""

from __future__ import annotations

from collections.abc import Mapping

WAITING = "is waiting for its turn …"
_SAID = {
    "catalog": "is looking up the store's names …",
    "interpret": "is working out what you mean …",
    "explain": "is reading the rows …",
}
_ROWS_OF = {
    "runs": "runs", "experiments": "experiments", "latest_metrics": "metrics",
    "metrics": "metric rows", "params": "params", "tags": "tags",
    "model_versions": "model versions", "registered_models": "registered models",
}  # fmt: skip
_TOLD = 2


def in_words(stage: str, detail: Mapping[str, object]) -> str:
    """A status that goes behind the bot's name."""
    if stage == "run":
        return f"is reading {_what(detail)} …"
    return _SAID.get(stage, "is working …")


def _what(detail: Mapping[str, object]) -> str:
    """The largest tables of a query; the store itself where their sizes are not known."""
    rows = detail.get("rows")
    sizes = rows if isinstance(rows, Mapping) else {}
    known = sorted(((n, t) for t, n in sizes.items() if t in _ROWS_OF and n), reverse=True)
    told = [f"{rounded(int(n))} {_ROWS_OF[str(table)]}" for n, table in known[:_TOLD]]
    return " and ".join(told) or "the store"


def rounded(count: int) -> str:
    """A size as one says it: 950, 12 k, 1.2 M."""
    for least, size, unit in ((999_950, 1_000_000, "M"), (1_000, 1_000, "k")):
        if count >= least:  # 999,950 would be rounded to 1000 k
            return f"{count / size:.1f}".removesuffix(".0") + f" {unit}"
    return str(count)


def as_message(stage: str) -> str:
    """A status as a sentence of its own: "Reading 366 runs …"."""
    words = stage.removeprefix("is ")
    return words[:1].upper() + words[1:]
