"""The verdicts as a plain table: accuracy by category, precision, abstention, the misses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.eval.score import Row, Verdict

SHOWN_ROWS = 3
SHOWN_CHARS = 160


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts over some verdicts.

    `precision` is the share of right ones among all that came with rows, whatever was
    expected; `abstained` counts those that should have had rows and got a question back,
    a refusal, an error or nothing.
    """

    asked: int
    right: int
    answered: int
    right_rows: int
    abstained: int

    @classmethod
    def of(cls, verdicts: Sequence[Verdict]) -> Tally:
        """The counts."""
        answered = [v for v in verdicts if v.given.outcome == "rows"]
        return cls(
            asked=len(verdicts),
            right=sum(v.right for v in verdicts),
            answered=len(answered),
            right_rows=sum(v.right for v in answered),
            abstained=sum(v.asked.expect == "rows" and v.given.outcome != "rows" for v in verdicts),
        )

    @property
    def accuracy(self) -> float:
        """Right among asked; 1 when nothing was asked."""
        return self.right / self.asked if self.asked else 1.0

    @property
    def precision(self) -> float:
        """Right among answered; 1 when nothing was answered."""
        return self.right_rows / self.answered if self.answered else 1.0


def report(verdicts: Sequence[Verdict]) -> str:
    """Everything there is to read about a run of the evaluation."""
    misses = [_miss(verdict) for verdict in verdicts if not verdict.right]
    heading = f"\n{len(misses)} misses" if misses else "\nno misses"
    return "\n".join([*_table(verdicts), *_summary(verdicts), heading, *misses])


def _table(verdicts: Sequence[Verdict]) -> list[str]:
    by_category: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        by_category.setdefault(verdict.asked.category, []).append(verdict)
    head = f"{'category':<22}{'right':>6}{'asked':>7}{'accuracy':>10}"
    head += f"{'precision':>11}{'abstained':>11}"
    lines = [_line(name, Tally.of(some)) for name, some in sorted(by_category.items())]
    return [head, *lines, _line("all", Tally.of(verdicts))]


def _line(name: str, tally: Tally) -> str:
    precision = f"{tally.precision:.1%}" if tally.answered else "-"
    return (
        f"{name:<22}{tally.right:>6}{tally.asked:>7}{tally.accuracy:>10.1%}"
        f"{precision:>11}{tally.abstained:>11}"
    )


def _summary(verdicts: Sequence[Verdict]) -> list[str]:
    tally = Tally.of(verdicts)
    wanted_rows = [v for v in verdicts if v.asked.expect == "rows"]
    wrongly = sum(v.asked.expect != "rows" and v.given.outcome == "rows" for v in verdicts)
    times = sorted(v.given.ms for v in verdicts if v.given.ms is not None)
    of_answered = f"{tally.right_rows} of {tally.answered} ({tally.precision:.1%})"
    lines = [
        f"\nprecision when it answers: {of_answered}",
        f"abstained: {tally.abstained} of {len(wanted_rows)} that expect rows",
        f"answered with rows what it should have asked back about or declined: {wrongly}",
    ]
    if times:
        p95 = times[min(len(times) - 1, int(len(times) * 0.95))]
        lines.append(f"ms a question: p50 {times[len(times) // 2]:.0f}, p95 {p95:.0f}")
    return lines


def _miss(verdict: Verdict) -> str:
    asked, given = verdict.asked, verdict.given
    lines = [f"\n[{asked.id}] {asked.category}: {asked.text}", f"  expected: {_expected(verdict)}"]
    lines.append(f"  came:     {_came(verdict)}")
    if given.sql:
        lines.append(f"  sql:      {' '.join(given.sql.split())}")
    return "\n".join(lines)


def _expected(verdict: Verdict) -> str:
    return _rows(verdict.golds[0]) if verdict.golds else verdict.asked.expect


def _came(verdict: Verdict) -> str:
    given = verdict.given
    if given.outcome == "rows":
        return f"{_rows(given.rows)} of ({', '.join(given.columns)})"
    return f"{given.outcome}: {given.error}" if given.error else given.outcome


def _rows(rows: Sequence[Row]) -> str:
    shown = "; ".join(str(tuple(row)) for row in rows[:SHOWN_ROWS])
    rest = " …" if len(rows) > SHOWN_ROWS or len(shown) > SHOWN_CHARS else ""
    return f"{len(rows)} rows: {shown[:SHOWN_CHARS]}{rest}"
