"""A model's words, made harmless before people see them."""

from __future__ import annotations

import pytest

from texttosql.claude.plaintext import plain, tied


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("top 5 runs by val_auc", "top 5 runs by val_auc"),
        ("fraud = experiment fraud-detection (v2.1)", "fraud = experiment fraud-detection (v2.1)"),
        ("auc > 0.9 and loss < 0.1", "auc > 0.9 and loss < 0.1"),
        ("two\nlines\tand  more", "two lines and more"),
        ("a\u202eb\u200bc\x00d", "abcd"),
        ("see https://evil.example/x?y=1 now", "see (link left out) now"),
        ("see HTTP://EVIL.EXAMPLE", "see (link left out)"),
        ("see www.evil.example/a", "see (link left out)"),
        ("see evil.com/login", "see (link left out)"),
        ("mail mailto:a@b.c", "mail (link left out)"),
        ("run javascript:alert(1)", "run (link left out)"),
        ("a [nice](https://evil.com) one", "a nice one"),
        ("![pixel](https://evil.com/p.png)", "pixel"),
        ("<https://evil.com|click me>", "click me"),
        ("<https://evil.com>", "(link left out)"),
        ("<@U0123ABC> look", "U0123ABC look"),
        ("<!channel> look", "channel look"),
        ("<!subteam^S12|ops> look", "ops look"),
        ("<#C12|general>", "general"),
        ("@here and @everyone", "here and everyone"),
        ("map@50 by model", "map@50 by model"),
        ("model.pkl and resnet50.v2", "model.pkl and resnet50.v2"),
        ("runs by alice@example.com", "runs by alice@example.com"),
        ("training data: 3 sets", "training data: 3 sets"),
        (
            "مى\u200cخواهم 👨\u200d👩\u200d👧 ❤️ 模型。ok",
            "مى\u200cخواهم 👨\u200d👩\u200d👧 ❤️ 模型。ok",
        ),
        ("<!<!>channel> @@channel .@here", "!channel> channel .here"),
        ("[see](javascript:alert(1)) or tel:+4912", "see or (link left out)"),
        ("еvil.com ｅｖｉｌ．ｃｏｍ 𝐞𝐯𝐢𝐥.𝐜𝐨𝐦", "(link left out) (link left out) (link left out)"),
        ("evil\u200c.com evil。com", "(link left out) (link left out)"),
        ("<!channel and [a](", "!channel and [a] ("),
    ],
)
def test_what_is_shown_of_what_was_written(written: str, shown: str) -> None:
    assert plain(written, 200) == shown


def test_a_cut_makes_no_link() -> None:
    assert plain("see evil.company", 12) == "see (link l…"


@pytest.mark.parametrize("text", ["see https://x.example", "<!here>", "@all", "go to evil.com"])
def test_a_link_or_a_ping_is_seen(text: str) -> None:
    assert tied(text)
    assert not tied(plain(text, 80))


def test_the_width_is_kept_whatever_was_written() -> None:
    assert len(plain("x" * 100_000, 80)) == 80
    assert len(plain("[" * 5_000 + "](" * 5_000, 80)) <= 80
