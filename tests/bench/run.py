"""Measures Tracktalk on a store of 20,000 runs and 1,000,000 metric rows, and prints a table.

    python -m tests.bench.run [--store sqlite|mysql] [--rounds N] [--no-mlflow] [--no-slack]
                              [--only-slack] [--no-migrate] [--only-migrate] [--large] [--fail]

Nothing here is a test: a busy machine gives other figures, so the load is printed with them.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence

from tests.bench import beside, claude, migrate, ours, slack
from tests.bench.measure import Figure, table
from tests.bench.stores import Measured, opened

STORES = ("sqlite", "mysql")


def on_store(store: Measured, rounds: int) -> Iterator[list[Figure]]:
    """What depends on the store, a few figures at a time."""
    yield ours.cold_ask(store, rounds)
    yield ours.warm_ask(store, rounds)
    yield ours.catalog(store, rounds)
    yield claude.claude(store, rounds)


def everything(given: argparse.Namespace) -> tuple[list[Figure], list[str]]:
    """All figures, and what to say of the comparison."""
    figures: list[Figure] = []
    lines: list[str] = []
    if given.migrate and not given.only_slack:
        figures, lines = migrate.moves(large=given.large)
    if given.slack and not given.only_migrate:
        sys.stderr.write("asking the bot in its workspace …\n")
        for act in (slack.crowd, slack.acknowledged_while_slow):
            both, said = act()
            figures, lines = [*figures, *both], [*lines, *said]
    for place, wanted in enumerate(_stores(given)):
        with opened(wanted) as store:
            for found in on_store(store, given.rounds):
                figures += found
                _progress(found)
            if place == 0:  # no store has a part in these
                figures += [*ours.guard(rounds=3), *ours.charts(store, given.rounds)]
            if given.mlflow:
                sys.stderr.write("asking MLflow's own client …\n")
                both, said = beside.compared(store, given.rounds)
                figures, lines = [*figures, *both], [*lines, *said]
    return figures, lines


def _stores(given: argparse.Namespace) -> Sequence[str]:
    return () if given.only_slack or given.only_migrate else given.store or STORES


def _progress(found: Sequence[Figure]) -> None:
    for figure in found:
        sys.stderr.write(f"{figure.store} {figure.what}: {figure.at(0.5):,.1f} {figure.unit}\n")


def _circumstances() -> str:
    cores, loads = os.cpu_count() or 1, os.getloadavg()
    told = ", ".join(f"{load:.1f}" for load in loads)
    busy = "" if loads[1] <= cores else " The machine was busy: only the best figures tell much."
    return f"{cores} cores; load in the last 1, 5, 15 minutes: {told}.{busy}\n"


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    wish = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    wish.add_argument("--store", action="append", choices=STORES, help="only this kind of store")
    wish.add_argument("--rounds", type=int, default=10, help="how often each thing is done")
    wish.add_argument("--no-mlflow", dest="mlflow", action="store_false", help="no comparison")
    wish.add_argument("--no-slack", dest="slack", action="store_false", help="without the bot")
    wish.add_argument("--only-slack", action="store_true", help="the bot alone")
    wish.add_argument("--no-migrate", dest="migrate", action="store_false", help="without the move")
    wish.add_argument("--only-migrate", action="store_true", help="the move alone")
    wish.add_argument("--large", action="store_true", help="also a move of ten million rows")
    wish.add_argument("--fail", action="store_true", help="exit 1 when a median misses its goal")
    return wish.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print, and return the exit status."""
    given = arguments(argv)
    figures, lines = everything(given)
    sys.stdout.write(f"\n{table(figures)}\n\n")
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.write(_circumstances())
    missed = any(figure.verdict in {"OVER", "UNDER"} for figure in figures)
    return int(missed and given.fail)


if __name__ == "__main__":
    sys.exit(main())
