"""Data in Slack text: read, and nothing else."""

from __future__ import annotations

import pytest

from bot.render.text import JOINER, code_block, code_blocks, escape, mrkdwn, plain


def test_ampersands_are_escaped_first() -> None:
    assert escape("a<b> & &lt;") == "a&lt;b&gt; &amp; &amp;lt;"


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        ("val_accuracy and train_loss_2", "val_accuracy and train_loss_2"),
        ("acc > 0.9 & loss < 1", "acc &gt; 0.9 &amp; loss &lt; 1"),
        ("~5 runs, 2 * 3", "~5 runs, 2 * 3"),
        ("at 12:30", "at 12:30"),
        ("Überprüfung 模型 🚀", "Überprüfung 模型 🚀"),
    ],
)
def test_ordinary_words_stay_as_they_are(data: str, shown: str) -> None:
    assert mrkdwn(data) == shown


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        ("best is *bold*, really", "best is `*bold*`, really"),
        ("(_it_) and ~no~.", "(`_it_`) and `~no~`."),
        ("*over two words*", "`*over` two `words*`"),
        ("run `x`", "run `ˋxˋ`"),
        (":tada: it works", "`:tada`: it works"),
        ("by alice@example.com:", "by `alice@example.com`:"),
        ("@channel now", "`@channel` now"),
        ("<!channel> <@U1|x>", "&lt;!channel&gt; `&lt;@U1|x&gt;`"),
        ("see https://evil.example/x.", f"see `https:{JOINER}//evil.example/x`."),
        ("> quoted", "`&gt;` quoted"),
    ],
)
def test_what_slack_would_act_on_stands_in_a_code_span(data: str, shown: str) -> None:
    assert mrkdwn(data) == shown


def test_control_and_bidi_characters_go_and_lines_become_one() -> None:
    assert mrkdwn("a\u202eb\x07c\nd\u2028e") == "abc d e"
    assert plain("a\u202eb\nc", 75) == "ab c"


@pytest.mark.parametrize("nothing", ["", " ", "\u202e\n"])
def test_no_text_is_a_dash_because_slack_wants_a_character(nothing: str) -> None:
    assert (plain(nothing, 75), mrkdwn(nothing)) == ("–", "–")


@pytest.mark.parametrize("data", ["x" * 9000, "&" * 9000, "*a* " * 3000, "<@U1> `" * 2000])
@pytest.mark.parametrize("limit", [1, 75, 3000])
def test_a_cut_keeps_the_limit_and_no_escape_is_cut_in_two(data: str, limit: int) -> None:
    made = mrkdwn(data, limit)

    assert len(made) <= max(limit, 1)
    assert made.count("`") % 2 == 0
    rest = made.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")
    assert "&" not in rest


@pytest.mark.parametrize("data", ["word " * 2000, "&" * 9000, "*a* " * 3000])
def test_a_cut_is_shown_and_uses_the_room(data: str) -> None:
    made = mrkdwn(data, 3000)

    assert made.rstrip("`").endswith("…")
    assert len(made) > 2900


def test_a_code_block_keeps_spaces_and_lines_and_cannot_be_left() -> None:
    block = code_block("a   b\r\n  ```<!here>``` `c`")

    assert block.startswith("```\na   b\n  `")
    assert block.endswith("&lt;!here&gt;" + f"`{JOINER}`` `c`\n```")
    assert block.strip("`").count("```") == 0


def test_a_code_block_is_cut_inside_its_fences() -> None:
    block = code_block("<" * 5000, 300)

    assert len(block) <= 300
    assert block.endswith("…\n```")


def test_many_lines_go_into_several_blocks_and_none_is_lost() -> None:
    lines = [f"line {i} <&>" for i in range(900)]
    blocks = code_blocks("\n".join(lines), 3000, "head")

    assert all(len(block) <= 3000 for block in blocks)
    assert all(block.startswith("```\nhead\n") for block in blocks)
    inner = [line for block in blocks for line in block.split("\n")[2:-1]]
    assert inner == [escape(line) for line in lines]


def test_a_line_longer_than_a_block_goes_on_in_the_next() -> None:
    blocks = code_blocks("<" * 5000, 3000)

    assert all(len(block) <= 3000 for block in blocks)
    assert sum(block.count("&lt;") for block in blocks) == 5000
