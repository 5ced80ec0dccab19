"""A question as a template: the store's names and the usual numbers in it become parameters.

"top 5 runs of fraud by val_auc" is proposed as
"top {n=5} runs of {experiment=fraud} by {metric=val_auc}": run as it is, it asks the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from texttosql.catalog import Catalog
from texttosql.templates import ParameterKind

_WORD = re.compile(r"\S+")
_SEVERAL = 6
"""The words that a name may have."""
_EDGES = "\"'`“”‘’()[].,;:!?"
_NUMBER = re.compile(
    r"\{[^{}]*\}"
    r"|\b(?P<count>\d+)(?= (?P<unit>days|weeks|hours|months)\b)"
    r"|(?<=\btop )(?P<top>\d+)\b",
    re.IGNORECASE,
)
_COMMON = frozenset(
    "run runs experiment experiments metric metrics param params model models user users tag tags"
    " best worst last latest first new all default status time name value".split()
)
"""Words that name something in some stores, and in most questions do not."""

Names = Mapping[str, tuple[ParameterKind, str]]


def proposed(question: str, catalog: Catalog | None) -> str:
    """The question with parameters in it; without a catalog, numbers only."""
    literal = question.replace("{", "{{").replace("}", "}}")
    return _NUMBER.sub(_counted, _with_names(literal, _names(catalog) if catalog else {}))


def _counted(found: re.Match[str]) -> str:
    if found["count"]:
        return f"{{{found['unit'].lower()}={found['count']}}}"
    return f"{{n={found['top']}}}" if found["top"] else found.group()


def _names(catalog: Catalog) -> dict[str, tuple[ParameterKind, str]]:
    """The store's names, folded; a name of several kinds is the first of them."""
    kinds: list[tuple[ParameterKind, list[str]]] = [
        ("tag", [*catalog.tags]),
        ("user", [*catalog.users]),
        ("param", [*catalog.params]),
        ("model", [model.name for model in catalog.models]),
        ("experiment", [experiment.name for experiment in catalog.experiments]),
        ("metric", [*catalog.metrics]),
    ]
    return {
        name.casefold(): (kind, name)
        for kind, names in kinds
        for name in names
        if name.casefold() not in _COMMON and not set("{}") & set(name)
    }


def _with_names(text: str, names: Names) -> str:
    made, end = "", 0
    given: dict[tuple[str, str], str] = {}
    for start, stop, known in _found(text, names):
        if known not in given:
            count = sum(kind == known[0] for kind, _ in given) + 1
            given[known] = f"{known[0]}_{count}" if count > 1 else known[0]
        made += f"{text[end:start]}{{{given[known]}={known[1]}}}"
        end = stop
    return made + text[end:]


def _found(text: str, names: Names) -> Iterator[tuple[int, int, tuple[ParameterKind, str]]]:
    """Where names stand, left to right, the longest at each place; quotes go with the name."""
    words = [found.span() for found in _WORD.finditer(text)]
    at = 0
    while at < len(words):
        for last in range(min(at + _SEVERAL, len(words)) - 1, at - 1, -1):
            place = _named(text, words[at][0], words[last][1], names)
            if place is not None:
                yield *_unquoted(text, *place), names[text[slice(*place)].casefold()]
                at = last
                break
        at += 1


def _named(text: str, start: int, stop: int, names: Names) -> tuple[int, int] | None:
    """Where in these words a name stands, with or without the punctuation around it."""
    places = ((start, stop), _bare(text, start, stop))
    return next((place for place in places if text[slice(*place)].casefold() in names), None)


def _bare(text: str, start: int, stop: int) -> tuple[int, int]:
    whole = text[start:stop]
    left = len(whole) - len(whole.lstrip(_EDGES))
    return start + left, max(start + left, start + len(whole.rstrip(_EDGES)))


def _unquoted(text: str, start: int, stop: int) -> tuple[int, int]:
    pairs = {'""', "''", "``", "“”", "‘’"}
    quoted = text[start - 1 : start] + text[stop : stop + 1] in pairs
    return (start - 1, stop + 1) if quoted else (start, stop)
