"""Views at their limits are taken; one step further, the fault is named where it is."""

from __future__ import annotations

import pytest

from bot.workspace.blocks import view_faults
from tests.unit.bot.workspace.block_makers import Json, asked, plain, section


def _modal(**more: object) -> Json:
    texts = {"title": plain(24), "submit": plain(24), "close": plain(24)}
    notes = {"private_metadata": "x" * 3000, "callback_id": "x" * 255}
    return {"type": "modal", "blocks": [section(1)] * 100, **texts, **notes, **more}


def test_a_modal_at_its_limits_is_taken() -> None:
    assert view_faults(_modal(), "modal") == []


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ({"title": plain(25)}, "/view/title/text"),
        ({"submit": plain(25)}, "/view/submit/text"),
        ({"close": plain(25)}, "/view/close/text"),
        ({"private_metadata": "x" * 3001}, "/view/private_metadata"),
        ({"callback_id": "x" * 256}, "/view/callback_id"),
        ({"blocks": [section(1)] * 101}, "/view/blocks"),
        ({"type": "home"}, "/view/type"),
        ({"colour": "red"}, "additional property: colour"),
    ],
)
def test_a_modal_over_its_limits_is_not(more: Json, what: str) -> None:
    assert what in view_faults(_modal(**more), "modal")[0]


def test_a_modal_with_inputs_needs_a_submit_button() -> None:
    view = _modal(blocks=[asked({"type": "plain_text_input"})])
    del view["submit"]

    assert view_faults(view, "modal") == [
        "[ERROR] submit is required when an input is in blocks [json-pointer:/view/submit]"
    ]


def test_a_home_has_no_title() -> None:
    assert "additional property: title" in view_faults(_modal(type="home"), "home")[0]


def test_a_nonsensical_view_is_a_fault_and_never_a_crash() -> None:
    nonsense: tuple[object, ...] = (None, 7, [7], {})
    for blocks in nonsense:
        assert view_faults({"type": "modal", "title": 7, "blocks": blocks}, "modal")
