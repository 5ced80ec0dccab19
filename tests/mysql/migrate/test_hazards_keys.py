"""Keys that the target's collation would take for one are found, and stop the move."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.moving import Mover
from tests.support.own_stores import changing
from tracking.errors import TargetRefused

MakeMover = Callable[..., Mover]


@pytest.mark.parametrize(
    ("collation", "pairs"),
    [
        ("utf8mb4_general_ci", ("'lr', ", "'LR', ")),
        ("utf8mb4_unicode_ci", ("'café', ", "'cafe', ")),
        ("utf8mb4_bin", ("'lr', ", "'lr ', ")),
    ],
)
def test_keys_that_collide_under_the_targets_collation_are_listed_by_name(
    collation: str, pairs: tuple[str, str], demo: Path, mover: MakeMover
) -> None:
    with changing(demo) as store:
        (run,) = store.execute("SELECT run_uuid FROM runs LIMIT 1").fetchone()
        for key in ("lr", "LR", "lr ", "café", "cafe"):
            store.execute("INSERT OR REPLACE INTO params VALUES (?, 'x', ?)", (key, run))
    move = mover(demo, collation)

    hazards = [h for h in move.plan().hazards if h.name == "collisions" and h.table == "params"]

    assert hazards
    assert hazards[0].blocking
    listed = " ".join(hazards[0].examples)
    assert all(name in listed for name in pairs), listed
    assert "utf8mb4_nopad_bin" in hazards[0].remedy
    with pytest.raises(TargetRefused):
        move.run()


def test_experiments_that_differ_by_case_collide_and_emoji_do_in_an_old_collation(
    demo: Path, mover: MakeMover
) -> None:
    with changing(demo) as store:
        for name in ("Exp", "EXP", "🚀", "🎉"):
            store.execute(
                "INSERT INTO experiments (name, lifecycle_stage) VALUES (?, 'active')", (name,)
            )
    move = mover(demo, "utf8mb4_general_ci")

    (hazard,) = (
        h for h in move.plan().hazards if h.table == "experiments" and h.name == "collisions"
    )

    assert "'Exp'" in " ".join(hazard.examples)
    assert "🚀" in " ".join(hazard.examples)


def test_tables_in_a_character_set_that_cannot_hold_everything_stop_the_move(
    demo: Path, mover: MakeMover
) -> None:
    hazard = mover(demo, "latin1_swedish_ci").hazard("collation")

    assert hazard.blocking
    assert "CREATE DATABASE" in hazard.remedy
    assert "utf8mb4_nopad_bin" in hazard.remedy
