"""The words of an answer: how a column is called in a sentence, how a list is read out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from texttosql.format import clean, number, without_unit

_PLURAL = {
    "run": "runs", "run_name": "runs", "run name": "runs", "run_id": "runs", "run_uuid": "runs",
    "experiment": "experiments", "experiment_name": "experiments", "experiment_id": "experiments",
    "model": "models", "model_name": "models", "registered_model": "models",
    "version": "versions", "model_version": "versions",
    "metric": "metrics", "param": "params", "parameter": "params", "tag": "tags", "key": "keys",
    "user": "users", "user_id": "users", "dataset": "datasets", "alias": "aliases",
    "status": "statuses", "stage": "stages", "day": "days", "week": "weeks", "month": "months",
}  # fmt: skip
_NOUNS = frozenset(_PLURAL.values())
_COUNTED = re.compile(r"^(?:num|n|nr|number[_ ]of|count|count[_ ]of|total)[_ ](\w+)$")
_BARE_COUNTS = frozenset({"count", "cnt", "n", "total", "count(*)"})
_SUMMARIES = {
    "avg": "average", "average": "average", "mean": "mean", "max": "highest", "maximum": "highest",
    "min": "lowest", "minimum": "lowest", "sum": "total", "total": "total", "median": "median",
    "best": "best", "worst": "worst", "latest": "latest", "last": "last",
    "std": "standard deviation of", "stddev": "standard deviation of",
    "stdev": "standard deviation of", "variance": "variance of",
}  # fmt: skip
_SUMMARY = re.compile(
    # `max_depth` is a param's name; "max depth", "max(depth)" and avg_depth are summaries.
    rf"^(?!(?:max|min|best|last|total)_)({'|'.join(_SUMMARIES)})(?:[_ ]|\()(.+?)\)?$",
    re.IGNORECASE,
)


def called(name: str) -> str:
    """A column in a sentence: `avg_val_accuracy` is "average val_accuracy"."""
    name = without_unit(name)
    found = _SUMMARY.match(name)
    if not found:
        return clean(name)
    return f"{_SUMMARIES[found[1].lower()]} {clean(found[2])}"


def counted(name: str, title: str) -> str | None:
    """What a column counts ("runs"), "" when it counts something unsaid, None when nothing."""
    plain = name.lower().strip()
    if plain in _NOUNS:
        return plain
    if plain in _BARE_COUNTS:
        return next((word for word in re.findall(r"\w+", title.lower()) if word in _NOUNS), "")
    found = _COUNTED.match(plain) or re.match(r"^(\w+?)s?[_ ]count$", plain)
    return _plural(found[1]) if found else None


def _plural(noun: str) -> str:
    return noun if noun in _NOUNS else _PLURAL.get(noun, noun)


def many(count: int, noun: str) -> str:
    """A count with its noun: "1 run", "1,204 runs"."""
    if count == 1:
        noun = _SINGULAR.get(noun, noun)
    return f"{number(count)} {noun}".rstrip()


_SINGULAR = {
    **{plural: plural.removesuffix("s") for plural in _NOUNS},
    "statuses": "status", "aliases": "alias", "rows": "row", "values": "value",
    "questions": "question",
}  # fmt: skip


def noun_of(column: str) -> str:
    """What the rows named by this column are: "runs"; "rows" when the name does not say."""
    return _PLURAL.get(column.lower(), "rows")


def listed(names: Sequence[str], shown: int) -> str:
    """Names read out: "a, b and c", or "a, b, c and 2 more" where they are too many to say."""
    rest = len(names) - shown
    if rest > 1:
        return f"{', '.join(names[:shown])} and {number(rest)} more"
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def capital(sentence: str) -> str:
    """A sentence's first letter, unless its first word is a name with its own spelling."""
    first = sentence.split(" ", 1)[0]
    known = first in _NOUNS or first in _SUMMARIES.values() or first in _OPENERS
    return sentence[:1].upper() + sentence[1:] if known else sentence


_OPENERS = frozenset({
    "top", "bottom", "number", "share", "percentage", "standard", "variance", "newest", "oldest",
    "runs", "run", "all", "failed", "finished", "running", "versions", "history", "comparison",
    "hour", "day", "week", "month", "step", "correlation",
})  # fmt: skip


def in_words(parts: Sequence[str]) -> str:
    """Assumptions as one line: "Latest f1, deleted runs left out, 3 NaN left out."."""
    texts = [clean(part).strip().rstrip(".") for part in parts]
    line = ", ".join(text for text in texts if text)
    return f"{line[:1].upper()}{line[1:]}." if line else ""
