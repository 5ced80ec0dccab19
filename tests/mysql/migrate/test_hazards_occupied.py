"""A target that holds what must not be touched is refused, and left as it is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.moving import Mover
from tests.support.stores import MySQLStores
from tracking.errors import TargetNotEmpty, TargetRefused
from tracking.migrate import handover, server
from tracking.migrate.addresses import target_of

MakeMover = Callable[..., Mover]


def test_tables_of_others_stop_the_move(demo: Path, mover: MakeMover) -> None:
    move = mover(demo)
    move.ask("CREATE TABLE invoices (id INT PRIMARY KEY)")

    hazard = move.hazard("foreign-tables")

    assert hazard.blocking
    assert hazard.examples == ("invoices",)


def test_a_target_of_another_move_is_not_overwritten(
    demo: Path, full: Path, mover: MakeMover
) -> None:
    move = mover(demo)
    move.run()

    hazard = replace(move, source=full).hazard("other-source")

    assert hazard.blocking
    assert str(demo) in hazard.what


def test_somebody_elses_store_is_refused_whatever_is_in_it(
    demo: Path, mysql_mlflow: MySQLStores, mover: MakeMover
) -> None:
    move = mover(demo, collation=None)
    mysql_mlflow.copy(demo, move.database)

    hazard = move.hazard("target-not-empty")

    assert hazard.blocking
    assert "experiments" in hazard.examples
    assert "tracktalk migrate verify" in hazard.remedy
    with pytest.raises(TargetNotEmpty):
        move.run()


def test_a_store_that_was_handed_over_to_mlflow_is_not_overwritten(
    demo: Path, mover: MakeMover
) -> None:
    move = mover(demo)
    move.run()
    with closing(server.connect(target_of(move.address))) as connection:
        handover.write(connection, "a copy")

    hazard = move.hazard("moved-already")

    assert hazard.blocking
    assert "Name another database" in hazard.remedy
    with pytest.raises(TargetRefused, match="handed over"):
        move.run()


def test_tables_of_a_newer_mlflow_stop_the_move(demo: Path, mover: MakeMover) -> None:
    move = mover(demo)
    move.ask("UPDATE alembic_version SET version_num = 'fffffffffff0'")

    hazard = move.hazard("newer-target")

    assert hazard.blocking
    assert "fffffffffff0" in hazard.what
    with pytest.raises(TargetRefused):
        move.run()
    assert move.ask("SELECT COUNT(*) FROM runs") == ((0,),)
