"""Asks every question of a file through `tracktalk eval`, and scores the rows that come back.

    run.py --questions F.jsonl --store sqlite:///demo.db --now 2026-11-20T12:00:00Z

The gold queries run on the SQLite store itself, past the guard. With --mysql-url the answers
come from that server (holding the same rows) instead; a question's own gold_mysql, where it
has one, is then run there. Exits 0 whatever the score, 1 if it is under a --fail-under
bound or no predictions came at all.
"""

from __future__ import annotations

import argparse
import math
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:  # run as a script, Python looks for modules in this folder only
    sys.path.insert(0, str(ROOT))

from sqlalchemy import create_engine  # noqa: E402 - after the path is set

from tests.eval.report import Tally, report  # noqa: E402 - after the path is set
from tests.eval.score import (  # noqa: E402 - after the path is set
    Asked,
    Given,
    Row,
    Verdict,
    judge,
    read_predictions,
    read_questions,
)

RunGold = Callable[[str], Sequence[Row]]


class Spread:
    """An SQL aggregate over the numbers it is given; None when there are too few."""

    at_least = 1

    def __init__(self) -> None:
        self.values: list[float] = []

    def step(self, value: float | None) -> None:
        """Take one row's value; NULL does not count."""
        if value is not None:
            self.values.append(value)

    def finalize(self) -> float | None:
        """The aggregate."""
        return self.of(self.values) if len(self.values) >= self.at_least else None

    @staticmethod
    def of(values: list[float]) -> float:
        """What is computed from the collected values."""
        return statistics.median(values)


class SampleDeviation(Spread):
    """STDDEV_SAMP: divides by n - 1."""

    at_least = 2

    @staticmethod
    def of(values: list[float]) -> float:
        """The sample standard deviation."""
        return statistics.stdev(values)


class PopulationDeviation(Spread):
    """STDDEV and STDDEV_POP, as MySQL has them: divides by n."""

    @staticmethod
    def of(values: list[float]) -> float:
        """The population standard deviation."""
        return statistics.pstdev(values)


AGGREGATES: dict[str, type[Spread]] = {
    "median": Spread,
    "stddev": PopulationDeviation,
    "stddev_pop": PopulationDeviation,
    "stddev_samp": SampleDeviation,
}


def open_store(path: str) -> sqlite3.Connection:
    """The store, read-only, with the functions gold queries may use registered."""
    connection = sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode=ro", uri=True)
    connection.create_function("sqrt", 1, lambda x: None if x is None else math.sqrt(x))
    connection.create_function("power", 2, lambda x, y: None if None in {x, y} else x**y)
    for name, aggregate in AGGREGATES.items():
        # typeshed asks for an aggregate whose finalize() never gives None; SQLite takes it.
        connection.create_aggregate(name, 1, aggregate)  # type: ignore[arg-type]
    return connection


def golds_of(asked: Asked, sqlite: RunGold, mysql: RunGold | None) -> list[Sequence[Row]]:
    """Every result that is accepted for this question; none when it expects no rows."""
    if asked.expect != "rows" or asked.gold is None:
        return []
    try:
        if mysql is not None and asked.gold_mysql:
            return [mysql(asked.gold_mysql), *map(sqlite, asked.also)]
        return [sqlite(asked.gold), *map(sqlite, asked.also)]
    except sqlite3.Error as broken:
        msg = f"The gold query of {asked.id} fails ({broken}). Mend it."
        raise SystemExit(msg) from broken


def predict(arguments: argparse.Namespace) -> dict[str, Given]:
    """What `tracktalk eval` answers. It may fail half way: what it wrote still counts."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "predictions.jsonl"
        command = [str(Path(sys.executable).parent / "tracktalk"), "eval", arguments.questions]
        command += ["--store", arguments.mysql_url or arguments.store, "--out", str(out)]
        command += ["--now", arguments.now, "--max-rows", str(arguments.max_rows)]
        command += ["--engine", arguments.engine]
        # The arguments are this script's own, handed over as a list: no shell reads them.
        done = subprocess.run(command, cwd=ROOT, check=False)  # noqa: S603
        if not out.exists():
            msg = f"`tracktalk eval` wrote no predictions (exit {done.returncode})."
            raise SystemExit(msg)
        return read_predictions(out)


def verdicts(arguments: argparse.Namespace) -> list[Verdict]:
    """Every question's verdict, in the file's order."""
    with Path(arguments.questions).open(encoding="utf-8") as lines:
        questions = read_questions(lines)
    given = read_predictions(Path(arguments.predictions)) if arguments.predictions else None
    given = predict(arguments) if given is None else given
    mysql = _mysql(arguments.mysql_url) if arguments.mysql_url else None
    with closing(open_store(arguments.store.removeprefix("sqlite:///"))) as store:
        sqlite: RunGold = lambda sql: store.execute(sql).fetchall()  # noqa: E731 - a RunGold
        return [judge(q, given.get(q.id), golds_of(q, sqlite, mysql)) for q in questions]


def _mysql(url: str) -> RunGold:
    engine = create_engine(url)

    def run(sql: str) -> Sequence[Row]:
        with engine.connect() as connection:
            # no_parameters: a % or : in the gold SQL is text, not a placeholder.
            bare = connection.execution_options(no_parameters=True)
            return [tuple(row) for row in bare.exec_driver_sql(sql)]

    return run


def arguments_of(argv: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    summary = (__doc__ or "").partition("\n")[0]
    parser = argparse.ArgumentParser(description=summary)
    parser.add_argument("--questions", required=True, help="JSONL with gold queries")
    parser.add_argument("--store", required=True, help="sqlite:///… that gold runs on")
    parser.add_argument("--now", required=True, help="ISO time that 'last week' is counted from")
    parser.add_argument("--engine", default="offline")
    parser.add_argument("--mysql-url", help="ask this server, which holds the same rows")
    parser.add_argument("--predictions", help="score this file instead of asking anew")
    parser.add_argument("--max-rows", type=int, default=2000)
    parser.add_argument("--fail-under", type=float, default=0.0, metavar="SHARE")
    parser.add_argument("--fail-under-precision", type=float, default=0.0, metavar="SHARE")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Print the report; the exit code."""
    arguments = arguments_of(argv)
    judged = verdicts(arguments)
    sys.stdout.write(report(judged) + "\n")
    tally = Tally.of(judged)
    low = tally.accuracy < arguments.fail_under
    return int(low or tally.precision < arguments.fail_under_precision)


if __name__ == "__main__":
    sys.exit(main())
