"""The option that a reply to a question back chooses: by number, or by its name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from texttosql.flow import Option, Turn


def picked(text: str, turns: Sequence[Turn]) -> Option | None:
    """The chosen option; None when the text chooses none, or nothing was asked back."""
    if not turns or turns[-1].outcome != "clarify" or not turns[-1].options:
        return None
    options = turns[-1].options
    said = _plain(text)
    place = _place(said, len(options))
    return options[place] if place is not None else _by_name(said, options)


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


def _by_name(said: str, options: Sequence[Option]) -> Option | None:
    """Only where nothing else is said: "f1, but only alice's" is more than a choice."""
    for option in options:
        if said in {_plain(option.label), _plain(option.question)}:
            return option
    told = _telling(said)
    named = [option for option in options if told and told == _telling(_plain(option.label))]
    return named[0] if len(named) == 1 else None


_POLITE = frozenset("the i mean meant use by take in for one pls please that yes ok with".split())


def _telling(plain: str) -> list[str]:
    return [word for word in plain.split() if word not in _POLITE]


def _plain(text: str) -> str:
    """In lower case, without what people leave out when they type a name."""
    return " ".join(re.sub(r"[^\w\s./@-]", " ", text.lower()).split()).rstrip(" .")
