"""The list of templates: whose they are, what may be done with each, and that it fits."""

from __future__ import annotations

import json

from bot.views.templates import BACK, MORE, ON, PAGE, RUN, Shelf, called, listing
from bot.workspace.blocks import faults
from tests.unit.bot.views.values import ALICE, NASTY, can_ping, elements, template, words

SHIPPED = template(90, name="registry overview", text="list registered models", owner=None)


def _menu(shelf: Shelf) -> list[str]:
    menu = next(e for e in elements(listing(shelf).blocks or ()) if e["action_id"] == MORE)
    return [option["text"]["text"] for option in menu["options"]]


def test_templates_are_grouped_by_whose_they_are() -> None:
    mine, team = template(1), template(2, scope="team", owner="U0BOB")

    told = words(listing(Shelf((mine, team, SHIPPED), ALICE)).blocks)

    places = [told.index(each) for each in ("*Mine*", "best runs 1", "*The team's*", "best runs 2")]
    assert places == sorted(places)
    assert told.index("*Shipped with Tracktalk*") < told.index("registry overview")


def test_every_template_can_be_run() -> None:
    blocks = listing(Shelf((template(1), SHIPPED), ALICE)).blocks or ()

    runs = [json.loads(e["value"])["id"] for e in elements(blocks) if e["action_id"] == RUN]
    assert runs == ["id1", "id90"]


def test_its_owner_may_share_a_template_and_everybody_may_edit_a_shared_one() -> None:
    shared = template(scope="team", owner="U0BOB")

    assert _menu(Shelf((template(),), ALICE)) == [
        "Edit", "Share with this channel", "Share with the team", "Delete",
    ]  # fmt: skip
    assert _menu(Shelf((shared,), ALICE)) == ["Edit", "Delete"]


def test_a_direct_conversation_is_no_channel_to_share_with() -> None:
    shelf = Shelf((template(),), ALICE, shareable=False)

    assert _menu(shelf) == ["Edit", "Share with the team", "Delete"]


def test_a_shipped_template_cannot_be_changed() -> None:
    blocks = listing(Shelf((SHIPPED,), ALICE)).blocks or ()

    assert [e["action_id"] for e in elements(blocks)] == [RUN]


def test_words_find_templates_by_name_or_question() -> None:
    found = Shelf((template(1), SHIPPED), ALICE, words="Registered LIST").found

    assert [each.id for each in found] == ["id90"]


def test_words_that_find_nothing_are_said_back() -> None:
    message = listing(Shelf((template(),), ALICE, words="<!here>"))

    assert "No template says &lt;!here&gt;" in words(message.blocks)


def test_a_long_list_is_turned_in_pages_that_keep_the_words() -> None:
    many = tuple(template(n) for n in range(PAGE * 2 + 1))

    def turns(page: int) -> dict[str, object]:
        blocks = listing(Shelf(many, ALICE, "best", page)).blocks or ()
        found = {e["action_id"]: json.loads(e["value"]) for e in elements(blocks) if "value" in e}
        return {name: found[name] for name in (BACK, ON) if name in found}

    assert turns(0) == {ON: {"page": 1, "words": "best"}}
    assert turns(1) == {BACK: {"page": 0, "words": "best"}, ON: {"page": 2, "words": "best"}}
    assert turns(2) == {BACK: {"page": 1, "words": "best"}}


def test_the_text_alone_tells_the_templates_too() -> None:
    text = listing(Shelf((template(), SHIPPED), ALICE)).text

    assert "best runs 1" in text
    assert "list registered models" in text


def test_a_list_of_the_worst_names_fits_into_a_message() -> None:
    worst = [template(n, name=NASTY, text=NASTY, scope="team") for n in range(99)]
    message = listing(Shelf(worst, ALICE, words="long", page=1))

    assert faults([*(message.blocks or ())], "message") == []
    assert len(message.text) <= 3_000
    assert not can_ping(message.blocks)


def test_a_typed_name_means_the_template_of_that_name_before_those_that_contain_it() -> None:
    short, long = template(1, name="Best runs"), template(2, name="best runs of fraud")

    assert called((long, short), "best  RUNS") == [short]
    assert called((long, short), "fraud") == [long]
    assert called((long, short), "runs best") == [long, short]
