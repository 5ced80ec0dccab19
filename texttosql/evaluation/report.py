"""What an evaluation says: tables by category and by engine, then each miss; as text or JSON.

What a stand-in for the model answered is called agreement, never accuracy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from texttosql.evaluation.figures import Figures, by
from texttosql.evaluation.files import Row
from texttosql.evaluation.score import Verdict
from texttosql.format import clean, shorten
from texttosql.wire import Json

SHOWN_ROWS = 3
SHOWN_CHARS = 160
KEPT_ROWS = 50
"""Rows of a miss that JSON keeps, of the expected and of what came."""

_HARMLESS = str.maketrans("|`<", "/'(")
_NAMES = ("right", "asked", "accuracy", "precision", "abstained")
_SPENT = ("p50 ms", "p95 ms", "tokens", "usd")


@dataclass(frozen=True, slots=True)
class Asking:
    """What was asked, of whom. `digest` is the SHA-256 of the file of questions.

    `now` is the time that was given, as it was; `stand_in` the address of what answers in the
    place of a model, None when no model was asked or a real one.
    """

    file: str
    digest: str
    store: str
    engine: str
    version: str
    now: str | None = None
    stand_in: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The verdicts of one evaluation, in the file's order."""

    asking: Asking
    verdicts: tuple[Verdict, ...]

    @property
    def total(self) -> Figures:
        """All together."""
        return Figures.of(self.verdicts)

    @property
    def categories(self) -> Mapping[str, Figures]:
        """By the file's categories."""
        return by(self.verdicts, lambda verdict: verdict.asked.category)

    @property
    def engines(self) -> Mapping[str, Figures]:
        """By who answered; "none" where nobody came to that.

        Who asked for Claude alone and got the offline engine's answer got a fallback.
        """
        named = {
            None: "none",
            "offline": "fallback" if self.asking.engine == "claude" else "offline",
        }
        return by(self.verdicts, lambda each: named.get(each.given.engine, f"{each.given.engine}"))

    @property
    def models(self) -> tuple[str, ...]:
        """The models that answered."""
        return tuple(sorted({v.given.cost.model for v in self.verdicts if v.given.cost.model}))

    @property
    def misses(self) -> tuple[Verdict, ...]:
        """What is not right."""
        return tuple(verdict for verdict in self.verdicts if not verdict.right)

    @property
    def measure(self) -> str:
        """What the share of right answers may be called."""
        return "agreement" if self.asking.stand_in else "accuracy"


def as_text(report: Report) -> str:
    """Everything there is to read, for a terminal."""
    return "\n".join([*_head(report), *_tables(report, "simple"), *_sums(report), *_told(report)])


def as_markdown(report: Report) -> str:
    """The same as a Markdown document: what comes from data is in code blocks or table cells."""
    head, *notes = _head(report)
    tables = _tables(report, "github")
    misses = ["```text", *(line.replace("```", "'''") for line in _told(report)), "```"]
    return "\n".join([f"# {head}", "", *notes, *tables, *_sums(report), "", *misses, ""])


def as_object(report: Report) -> Json:
    """The same as one JSON object; shares are 0 to 1, `usd` is US dollars."""
    return {
        **asdict(report.asking),
        "models": list(report.models),
        "all": figures_object(report.total, report.measure),
        **{
            name: {key: figures_object(each, report.measure) for key, each in groups.items()}
            for name, groups in (("categories", report.categories), ("engines", report.engines))
        },
        "misses": [miss_object(verdict) for verdict in report.misses],
    }


def figures_object(figures: Figures, measure: str) -> Json:
    """Counts, shares, milliseconds, tokens and dollars; `measure` names the share of right ones."""
    cost = figures.cost
    return {
        "right": figures.right,
        "asked": figures.asked,
        measure: round(figures.accuracy, 6),
        _precise(measure): round(figures.precision, 6),
        "answered": figures.answered,
        "abstained": figures.abstained,
        "abstention": round(figures.abstention, 6),
        "overreached": figures.overreached,
        "p50_ms": figures.p50_ms,
        "p95_ms": figures.p95_ms,
        "tokens": figures.tokens,
        "input_tokens": cost.input_tokens,
        "cached_tokens": cost.cached_tokens,
        "written_tokens": cost.written_tokens,
        "output_tokens": cost.output_tokens,
        "calls": cost.calls,
        "usd": round(cost.usd, 6),
    }


def miss_object(verdict: Verdict) -> Json:
    """A miss with what was expected and what came, at most `KEPT_ROWS` rows of each."""
    asked, given = verdict.asked, verdict.given
    gold = verdict.golds[0] if verdict.golds else ()
    return {
        "id": asked.id,
        "line": asked.line,
        "category": asked.category,
        "question": asked.text,
        "expect": asked.expect,
        "expected": [list(row) for row in gold[:KEPT_ROWS]],
        "expected_rows": len(gold),
        "outcome": given.outcome,
        "columns": list(given.columns),
        "rows": [list(row) for row in given.rows[:KEPT_ROWS]],
        "came_rows": len(given.rows),
        "sql": given.sql,
        "error": given.error,
        "engine": given.engine,
        "ms": given.ms,
    }


def _precise(measure: str) -> str:
    return "precision" if measure == "accuracy" else "agreement_when_answered"


def _head(report: Report) -> list[str]:
    asking = report.asking
    models = f" ({', '.join(map(clean, report.models))})" if report.models else ""
    lines = [f"{clean(asking.file)} on {clean(asking.store)}, engine {asking.engine}{models}"]
    if asking.stand_in:
        told = f"A stand-in at {asking.stand_in} answered in the place of a model: the figures say "
        lines.append(told + "how often it agrees with the gold rows, not how accurate a model is.")
    return lines


def _tables(report: Report, style: str) -> list[str]:
    total = ("all", report.total)
    categories = [*report.categories.items(), total]
    engines = [*report.engines.items()]
    return [
        "",
        _table("category", categories, report.measure, style),
        "",
        _table("answered by", engines, report.measure, style),
        "",
    ]


def _table(first: str, groups: Sequence[tuple[str, Figures]], measure: str, style: str) -> str:
    from tabulate import tabulate  # noqa: PLC0415 - only a report needs it

    names = [measure if name == "accuracy" else name for name in _NAMES]
    if measure != "accuracy":
        names[names.index("precision")] = "when answered"
    cells = [[_safe(name), *_cells(figures)] for name, figures in groups]
    aligned = ("left", *("right",) * (len(names) + len(_SPENT)))
    heads = [first, *names, *_SPENT]
    return tabulate(cells, heads, style, disable_numparse=True, colalign=aligned)


def _safe(name: str) -> str:
    """A name from a file in a table's cell."""
    return shorten(clean(name).translate(_HARMLESS), 40)


def _cells(figures: Figures) -> list[str]:
    return [
        f"{figures.right}",
        f"{figures.asked}",
        f"{figures.accuracy:.1%}",
        f"{figures.precision:.1%}" if figures.answered else "-",
        f"{figures.abstained}",
        "-" if figures.p50_ms is None else f"{figures.p50_ms:.0f}",
        "-" if figures.p95_ms is None else f"{figures.p95_ms:.0f}",
        f"{figures.tokens:,}",
        f"{figures.cost.usd:.4f}",
    ]


def _sums(report: Report) -> list[str]:
    total, what = report.total, report.measure
    called = "precision" if what == "accuracy" else what
    return [
        f"{called} when it answers: {total.right_rows} of {total.answered} ({total.precision:.1%})",
        f"abstained: {total.abstained} of {total.with_rows} that expect rows",
        f"answered with rows what it should have asked back about or declined: {total.overreached}",
    ]


def _told(report: Report) -> list[str]:
    misses = report.misses
    heading = f"{len(misses)} misses" if len(misses) != 1 else "1 miss"
    return ["", heading if misses else "no misses", *map(_miss, misses)]


def _miss(verdict: Verdict) -> str:
    asked, given = verdict.asked, verdict.given
    lines = [f"\n[{clean(asked.id)}] {clean(asked.category)}: {clean(asked.text)}"]
    lines.append(f"  expected: {_expected(verdict)}")
    lines.append(f"  came:     {_came(verdict)}")
    if given.sql:
        lines.append(f"  sql:      {clean(given.sql)}")
    return "\n".join(lines)


def _expected(verdict: Verdict) -> str:
    return _rows(verdict.golds[0]) if verdict.golds else verdict.asked.expect


def _came(verdict: Verdict) -> str:
    given = verdict.given
    if given.outcome == "rows":
        return f"{_rows(given.rows)} of ({', '.join(map(clean, given.columns))})"
    return f"{given.outcome}: {clean(given.error)}" if given.error else given.outcome


def _rows(rows: Sequence[Row]) -> str:
    many = "1 row" if len(rows) == 1 else f"{len(rows)} rows"
    shown = clean("; ".join(str(tuple(row)) for row in rows[:SHOWN_ROWS]))
    rest = " …" if len(rows) > SHOWN_ROWS or len(shown) > SHOWN_CHARS else ""
    return f"{many}: {shown[:SHOWN_CHARS]}{rest}" if rows else many
