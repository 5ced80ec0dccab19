"""The Home tab as a view: all it was given, a button for each thing, within its limits."""

from __future__ import annotations

import json
from dataclasses import replace

from bot.views import home as views
from bot.views.home import Shown, home
from bot.workspace.blocks import view_faults
from tests.unit.bot.views.values import (
    ALICE,
    NASTY,
    NOON,
    can_ping,
    elements,
    template,
    turn,
    words,
)
from texttosql.errors import WarehouseDown
from texttosql.office import StoreState
from texttosql.ports import Favourite

STORE = StoreState("default", reachable=True, dialect="sqlite", runs=366, experiments=4, as_of=NOON)
DOWN = StoreState("lab", reachable=False, problem=WarehouseDown("It is <down>.", "Start it."))
FULL = Shown(
    ALICE,
    channel="D1",
    examples=(("Best of fraud", "top 5 runs by val_auc"), ("Registry", "list registered models")),
    recent=[turn(1), turn(2)],
    favourites=[Favourite("runs by user", "default", "turn9", NOON)],
    templates=[template()],
    stores=[STORE, DOWN],
    migration=["*Copying* ▓▓░░"],
)


def test_home_tells_all_it_was_given() -> None:
    told = words(home(FULL))

    for part in (
        f"Hello <@{ALICE}>", "top 2 runs by val_auc", "★ runs by user", "best runs 1",
        "366 runs in 4 experiments", "It is &lt;down&gt;. Start it.", "*Copying* ▓▓░░",
    ):  # fmt: skip
        assert part in told
    assert view_faults(home(FULL), "home") == []


def test_every_button_says_what_it_is_about() -> None:
    found = [(e["action_id"], json.loads(e["value"])) for e in elements(home(FULL)["blocks"])]

    assert found == [
        ("home_ask_0", {"q": "top 5 runs by val_auc"}),
        ("home_ask_1", {"q": "list registered models"}),
        (views.AGAIN, {"t": "turn1"}),
        (views.AGAIN, {"t": "turn2"}),
        (views.AGAIN, {"t": "turn9"}),
        (views.UNSTAR, {"t": "turn9"}),
        (views.RUN, {"id": "id1"}),
    ]


def test_stores_that_are_not_known_yet_are_said_to_be_looked_at() -> None:
    assert "Looking at the stores" in words(home(Shown(ALICE)))
    assert "Looking at the stores" not in words(home(FULL))


def test_an_empty_home_says_how_it_fills() -> None:
    told = words(home(Shown(ALICE, stores=())))

    assert "☆ under an answer puts its question here." in told
    assert "Migration" not in told


def test_the_answer_to_the_last_click_stands_at_the_top() -> None:
    blocks = home(replace(FULL, note="On it."))["blocks"]

    assert words(blocks[1]) == "➜ On it."


def test_the_fullest_home_with_the_worst_names_fits() -> None:
    worst = Shown(
        ALICE,
        examples=((NASTY, NASTY[:500]),) * 3,
        recent=[turn(n, question=NASTY, headline=NASTY) for n in range(99)],
        favourites=[Favourite(NASTY, NASTY, f"t{n}", NOON) for n in range(50)],
        templates=[template(n, name=NASTY, text=NASTY) for n in range(99)],
        stores=[replace(DOWN, name=NASTY, problem=WarehouseDown(NASTY, NASTY))] * 99,
        migration=["*line*"] * 99,
        note="On it.",
    )

    assert view_faults(home(worst), "home") == []
    assert not can_ping(home(worst))
    assert "and 89 more stores" in words(home(worst))
