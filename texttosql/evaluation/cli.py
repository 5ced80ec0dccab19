"""`tracktalk eval`: a file of questions in one process, and with --score how many are right.

stdout is the report, stderr is talk. Everything that can be wrong with the file, its gold
queries or the places to write to is told before the first question is asked.
"""
# ruff: noqa: PLC0415 - the command pays for its imports, not who lists the commands

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from texttosql import textfiles
from texttosql.cli import Mind, Now, Rows, Store
from texttosql.desk import Outside
from texttosql.errors import ExitCode, SettingsError, TextToSQLError

if TYPE_CHECKING:
    from texttosql.batch import Tally
    from texttosql.desk import Desk
    from texttosql.evaluation.golds import Golds
    from texttosql.evaluation.jury import Jury
    from texttosql.evaluation.report import Report
    from texttosql.settings import Settings
    from texttosql.wire import Json

Share = Annotated[
    float | None, typer.Option(min=0, max=1, metavar="SHARE", help="Exit 1 when fewer are right.")
]
PreciseShare = Annotated[
    float | None,
    typer.Option(min=0, max=1, metavar="SHARE", help="Exit 1 when fewer of the answered are."),
]

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.callback()
def _group() -> None:
    """Keeps the one command below under its name."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asks for besides the answers."""

    score: bool
    fail_under: float | None
    fail_under_precision: float | None
    report: Path | None
    mlflow: str | None
    experiment: str

    @property
    def scored(self) -> bool:
        """Whether answers are judged; who wants a bound or a report wants that, too."""
        bounds = (self.fail_under, self.fail_under_precision)
        return self.score or bounds != (None, None) or bool(self.report or self.mlflow)


@app.command("eval")
def evaluate(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.jsonl", help="Questions, one a line.")],
    store: Store = None,
    out: Annotated[
        Path | None, typer.Option(metavar="PRED.jsonl", help="Where the answers go, line by line.")
    ] = None,
    score: Annotated[
        bool, typer.Option("--score", help="Judge the answers and print a report.")
    ] = False,
    fail_under: Share = None,
    fail_under_precision: PreciseShare = None,
    report: Annotated[
        Path | None, typer.Option(metavar="FILE.md|.json", help="Write the report there, too.")
    ] = None,
    mlflow: Annotated[
        str | None, typer.Option(metavar="URI", help="Log it as a run of this tracking server.")
    ] = None,
    experiment: Annotated[
        str, typer.Option(metavar="NAME", help="With --mlflow: the experiment of the run.")
    ] = "tracktalk-eval",
    engine: Mind = None,
    now: Now = None,
    max_rows: Rows = None,
    user: Annotated[
        str | None, typer.Option(metavar="NAME", help='Who asks ("my runs"); else nobody.')
    ] = None,
    at_once: Annotated[
        int, typer.Option(min=1, max=32, metavar="N", help="Questions asked side by side.")
    ] = 1,
) -> None:
    """Ask a file of questions in one process; with --score judge the answers by their rows."""
    from texttosql.desk import open_desk
    from texttosql.journal.memory import MemoryJournal

    wanted = Wanted(score, fail_under, fail_under_precision, report, mlflow, experiment)
    _check(wanted, out)
    outside, lines = context.ensure_object(Outside), textfiles.lines(file)
    with ExitStack() as stack:
        desk = stack.enter_context(
            open_desk(
                outside, store=store, engine=engine, max_rows=max_rows, now=now, user=user,
                journal=MemoryJournal(),
            )
        )  # fmt: skip
        jury = None
        if wanted.scored:
            golds = stack.enter_context(_golds(outside.settings(), store, max_rows))
            jury = _jury(lines, str(file), golds)
        target = stack.enter_context(textfiles.written(out)) if out else None
        paper = stack.enter_context(textfiles.written(report)) if report else None
        tally = _ask(lines, desk, _keeping(target, jury), at_once)
        if jury is None:
            raise typer.Exit(ExitCode.OK if tally.reached else ExitCode.NO_CONNECTION)
        found = _report(jury, outside.settings(), desk, file, lines, engine, now)
        _tell(found, paper, report)
    if mlflow:
        _log(found, jury.predictions, wanted, outside)
    raise typer.Exit(_status(found, tally, wanted))


def _check(wanted: Wanted, out: Path | None) -> None:
    if out is None and not wanted.scored:
        what = "There is nowhere for the answers to go."
        raise SettingsError(what, "Give --out PRED.jsonl, or --score for a report, or both.")
    if wanted.scored and str(out) == "-":
        what = "The answers and the report cannot both go to stdout."
        raise SettingsError(what, "Give --out a file, or leave it out.")
    if wanted.report and wanted.report.suffix not in {".md", ".json"}:
        what = f"--report {wanted.report} is neither Markdown nor JSON."
        raise SettingsError(what, "Name a file that ends in .md or .json.")


@contextmanager
def _golds(settings: Settings, store: str | None, max_rows: int | None) -> Iterator[Golds]:
    """Gold queries run as the asker's would, over a connection of their own and by no engine."""
    import time

    from texttosql.evaluation.golds import Golds
    from texttosql.factory import open_store
    from texttosql.storehouse import Storehouse

    house = Storehouse(
        open_store(settings, store),
        max_rows=max_rows or settings.max_rows,
        deadline=settings.deadline,
        ttl=settings.catalog_ttl,
        clock=time.monotonic,
        scope=settings.store(store).policy,
    )
    try:
        yield Golds(house)
    finally:
        house.close()


def _jury(lines: list[str], file: str, golds: Golds) -> Jury:
    from texttosql.evaluation.files import read_questions
    from texttosql.evaluation.jury import Jury
    from texttosql.progress import progress

    questions = read_questions(lines, file)
    with progress("gold", len(questions), sys.stderr) as step:
        return Jury(questions, golds, file, step)


def _keeping(target: TextIO | None, jury: Jury | None) -> Callable[[Json], None]:
    """What is done with each prediction before the next question."""
    from texttosql import batch

    write = batch.writer(target) if target else None

    def keep(line: Json) -> None:
        if write:
            write(line)
        if jury:
            jury.hear(line)

    return keep


def _ask(lines: list[str], desk: Desk, keep: Callable[[Json], None], at_once: int) -> Tally:
    from texttosql import batch
    from texttosql.progress import progress

    items = list(batch.read_items(lines))
    with progress("eval", len(items), sys.stderr) as step:
        tally = batch.run(items, desk.ask, keep, step, at_once=at_once)
    told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(tally.outcomes.items()))
    sys.stderr.write(f"{len(items)} questions: {told or 'none'}\n")
    return tally


def _report(
    jury: Jury,
    settings: Settings,
    desk: Desk,
    file: Path,
    lines: list[str],
    engine: str | None,
    now: str | None,
) -> Report:
    from hashlib import sha256
    from importlib.metadata import version

    from texttosql.evaluation.report import Asking, Report
    from texttosql.evaluation.stand_in import stand_in

    verdicts = jury.verdicts()
    asking = Asking(
        file=str(file),
        digest=sha256("\n".join(lines).encode()).hexdigest(),
        store=desk.store,
        engine=settings.engine_for(engine),
        version=version("tracktalk"),
        now=now,
        stand_in=stand_in(settings.model.base_url, verdicts),
    )
    return Report(asking, verdicts)


def _tell(found: Report, paper: TextIO | None, file: Path | None) -> None:
    from texttosql import wire
    from texttosql.evaluation.report import as_markdown, as_object, as_text

    sys.stdout.write(as_text(found) + "\n")
    sys.stdout.flush()
    if paper and file:
        as_json = file.suffix == ".json"
        paper.write(wire.line(as_object(found)) + "\n" if as_json else as_markdown(found))


def _log(found: Report, predictions: list[Json], wanted: Wanted, outside: Outside) -> None:
    """As an MLflow run. Its outage costs the run there, not the report nor the verdict."""
    from contextlib import redirect_stdout

    from texttosql.evaluation.to_mlflow import log_run
    from texttosql.rescue import rescued
    from texttosql.terminal import error_line

    uri = wanted.mlflow or ""
    try:
        with redirect_stdout(sys.stderr):  # MLflow prints links; stdout is the report
            run = rescued(lambda: log_run(found, predictions, uri, wanted.experiment))
    except TextToSQLError as error:
        line = outside.redactor.redact(error_line(error, outside.log_file))
        sys.stderr.write(f"Not logged to MLflow; the report above is complete. {line}\n")
        return
    sys.stderr.write(f"Logged to MLflow as run {run} of {wanted.experiment}.\n")


def _status(found: Report, tally: Tally, wanted: Wanted) -> int:
    if not tally.reached:
        return ExitCode.NO_CONNECTION
    low = found.total.accuracy < (wanted.fail_under or 0)
    imprecise = found.total.precision < (wanted.fail_under_precision or 0)
    return ExitCode.FAILED if low or imprecise else ExitCode.OK
