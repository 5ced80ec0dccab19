"""What somebody types in Slack becomes the question they meant."""

from __future__ import annotations

import pytest

from bot import said

BOT = "U0BOT"
_NAMES = {"U2": "bob"}


@pytest.mark.parametrize(
    ("typed", "question"),
    [
        ("<@U0BOT> top 5 runs", "top 5 runs"),
        ("top 5 runs <@U0BOT>", "top 5 runs"),
        ("<@U0BOT>: top 5 runs", "top 5 runs"),
        ("hey <@U0BOT>, top 5 runs", "hey , top 5 runs"),
        ("<@U0BOT|tracktalk> top 5 runs", "top 5 runs"),
        ("runs of <@U2>", "runs of bob"),
        ("runs of <@U2|robert>", "runs of robert"),
        ("runs of <@U9>", "runs of U9"),
        ("runs in <#C1|fraud>", "runs in fraud"),
        ("runs in <#C1>", "runs in C1"),
        ("tell <!here> of it", "tell here of it"),
        ("<!subteam^S1|@ml-team> runs", "@ml-team runs"),
        ("open <https://mlflow.example/#/runs/1>", "open https://mlflow.example/#/runs/1"),
        ("open <https://mlflow.example|the page>", "open the page"),
        ("runs of <mailto:bob@example.com|bob@example.com>", "runs of bob@example.com"),
        ("lr &lt; 0.1 &amp;&amp; loss &gt; 2", "lr < 0.1 && loss > 2"),
        ("what is &amp;lt; here", "what is &lt; here"),
        ("lr &lt;@U2&gt;", "lr <@U2>"),
        ("  top\n5\t runs  ", "top 5 runs"),
        ("a < b", "a < b"),
        ("`top 5 runs`", "top 5 runs"),
        ("```top 5\nruns```", "top 5 runs"),
        ("<@U0BOT> *top 5* runs by _val_accuracy_", "top 5 runs by val_accuracy"),
        ("runs in `fraud-detection`", "runs in `fraud-detection`"),
        ("f1_score * val_loss * 2", "f1_score * val_loss * 2"),
        ("<@U0BOT>", ""),
    ],
)
def test_markup_becomes_the_words_that_were_seen(typed: str, question: str) -> None:
    assert said.words(typed, BOT, lambda user: _NAMES.get(user, user)) == question


def test_a_command_has_no_bot_to_leave_out() -> None:
    assert said.words("<@U0BOT> runs", None, lambda _: "tracktalk") == "tracktalk runs"


@pytest.mark.parametrize(
    ("text", "spoken_to"),
    [
        ("<@U0BOT> hi", True),
        ("hi <@U0BOT|tracktalk>", True),
        ("hi <@U0BOT2>", False),
        ("hi U0BOT", False),
        ("hi &lt;@U0BOT&gt;", False),
    ],
)
def test_only_a_real_mention_is_a_mention(text: str, *, spoken_to: bool) -> None:
    assert said.mentions(text, BOT) is spoken_to


def test_nobody_is_mentioned_before_the_bot_knows_who_it_is() -> None:
    assert said.mentions("<@None> hi", None) is False


def test_a_message_that_begins_with_a_mention_is_said_to_somebody() -> None:
    assert said.begins_with_a_mention(" <@U2> look")
    assert not said.begins_with_a_mention("look <@U2>")
