"""The list of earlier questions: how each ended, what can be done with it, and that it fits."""

from __future__ import annotations

import json

from bot.views.history import AGAIN, FARTHEST, NEWER, OLDER, OPEN, PAGE, Seen, listing, said
from bot.workspace.blocks import faults
from tests.unit.bot.views.values import ALICE, NASTY, can_ping, elements, turn, words


def _turned(seen: Seen) -> dict[str, object]:
    found = {e["action_id"]: e for e in elements(listing(seen).blocks or ())}
    return {n: json.loads(found[n]["value"]) for n in (NEWER, OLDER) if n in found}


def test_a_question_is_told_with_its_time_its_end_and_what_was_said_back() -> None:
    assert said(turn(3)) == (
        "*<!date^1795176000^{date_short_pretty}, {time}|2026-11-20 12:00 UTC>*"
        " · ✅ answered, 3 rows\ntop 3 runs by val_auc\n↳ The best run is brave-fox with 0.93."
    )


def test_a_question_that_nobody_finished_is_told_as_such() -> None:
    assert "⏳ not finished" in said(turn(outcome=None, headline=None))
    assert "↳" not in said(turn(outcome=None, headline=None))


def test_a_list_of_ones_own_names_no_asker_and_a_channels_does() -> None:
    mine = listing(Seen("mine", ALICE, [turn()]))
    channel = listing(Seen("channel", "U0BOB", [turn()]))

    assert f"<@{ALICE}>" not in words(mine.blocks)
    assert f"<@{ALICE}>" in words(channel.blocks)


def test_an_asker_that_is_no_slack_user_cannot_ping() -> None:
    told = words(listing(Seen("channel", ALICE, [turn(asked_by="!channel")])).blocks)

    assert "<@!channel>" not in told
    assert "!channel" in told


def test_each_question_can_be_asked_again_opened_and_saved() -> None:
    link = "https://acme.slack.com/archives/C1/p17"
    blocks = listing(Seen("mine", ALICE, [turn()], links={"turn1": link})).blocks or ()

    found = {element["action_id"]: element for element in elements(blocks)}
    assert [*found] == [AGAIN, OPEN, "save_template"]
    assert found[OPEN]["url"] == link
    assert json.loads(found[AGAIN]["value"]) == {"t": "turn1"}


def test_a_thread_without_an_address_has_no_button_to_open_it() -> None:
    blocks = listing(Seen("mine", ALICE, [turn()])).blocks or ()

    assert OPEN not in [element["action_id"] for element in elements(blocks)]


def test_pages_are_turned_with_the_words_that_were_searched() -> None:
    turns = [turn(n) for n in range(PAGE)]

    assert _turned(Seen("search", ALICE, turns, 0, more=True, words="auc")) == {
        OLDER: {"which": "search", "page": 1, "words": "auc"}
    }
    assert _turned(Seen("mine", ALICE, turns, 1)) == {NEWER: {"which": "mine", "page": 0}}
    assert "· 6–10" in listing(Seen("mine", ALICE, turns, 1)).text


def test_pages_end_where_searching_is_better() -> None:
    last = FARTHEST // PAGE - 1

    assert OLDER not in _turned(Seen("mine", ALICE, [turn()], last, more=True))


def test_an_empty_list_says_what_to_do() -> None:
    assert "Try `/ask" in listing(Seen("mine", ALICE, [])).text
    assert "Nobody asked anything here" in listing(Seen("channel", ALICE, [])).text
    assert "these words: auc" in listing(Seen("search", ALICE, [], words="auc")).text


def test_the_worst_questions_fit_into_a_message() -> None:
    worst = [turn(n, question=NASTY, headline=NASTY, asked_by=NASTY) for n in range(PAGE)]
    message = listing(Seen("search", ALICE, worst, 1, more=True, words=NASTY[:200]))

    assert faults([*(message.blocks or ())], "message") == []
    assert len(message.text) <= 3_000
    assert not can_ping(message.blocks)
