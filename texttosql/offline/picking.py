"""The option that a reply to a question back chooses: by number, or by its name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from texttosql.flow import Option, Turn
from texttosql.plan import Plan


def picked(text: str, turns: Sequence[Turn]) -> Plan | None:
    """The chosen option's plan; None when the text chooses none, or nothing was asked back."""
    if not turns or turns[-1].outcome != "clarify" or not turns[-1].options:
        return None
    options = turns[-1].options
    said = re.sub(r"[^\w\s./@-]", " ", text.lower()).strip()
    place = _place(said, len(options))
    return options[place].plan if place is not None else _by_name(said, options)


def _place(said: str, count: int) -> int | None:
    """The option's index: "2", "option 2", "the last one"."""
    number = re.fullmatch(r"(?:option |number |no |#)?(\d)", said)
    if number and 1 <= int(number[1]) <= count:
        return int(number[1]) - 1
    ordinals = {
        "first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "last": count - 1,
    }  # fmt: skip
    word = re.fullmatch(r"(?:the )?(\w+)(?: one| option)?", said)
    place = ordinals.get(word[1]) if word else None
    return place if place is not None and place < count else None


def _by_name(said: str, options: Sequence[Option]) -> Plan | None:
    bare = re.sub(r"^(?:the|i mean|i meant|use|by|take|in|for) ", "", said)
    for option in options:
        if bare in {option.label.lower(), option.question.lower()}:
            return option.plan
    named = [option for option in options if option.label.lower() in said]
    return named[0].plan if len(named) == 1 else None
