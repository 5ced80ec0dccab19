"""The live catalog's names, ready to be found in a question.

Each name is filed under its spelling and under its canonical pieces, so that "val acc",
"validation accuracy" and `valAccuracy` meet. A store's own names always win over synonyms.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from texttosql.catalog import Catalog
from texttosql.offline.lexer import parts
from texttosql.offline.lexicon import OTHER_NAMES, PHRASES, SYNONYMS

Kind = Literal[
    "metric", "param", "tag", "value", "tagvalue", "experiment", "user", "run", "model", "alias",
    "stage", "dataset", "rtag", "rvalue",
]  # fmt: skip
_LONGEST_PHRASE = max(len(phrase) for phrase in PHRASES)


@dataclass(frozen=True, slots=True)
class Name:
    """Something of the store that words can mean. `key` is a value's param or tag key."""

    kind: Kind
    text: str
    key: str = ""
    weight: int = 0


@lru_cache(maxsize=65_536)
def canonical(pieces: tuple[str, ...]) -> tuple[str, ...]:
    """Pieces in the one form in which names and words are compared."""
    plain = [part for piece in pieces for part in SYNONYMS.get(piece, (_singular(piece),))]
    found: list[str] = []
    at = 0
    while at < len(plain):
        for length in range(min(_LONGEST_PHRASE, len(plain) - at), 0, -1):
            phrase = PHRASES.get(tuple(plain[at : at + length]))
            if phrase is not None:
                found.extend(phrase)
                at += length
                break
        else:
            found.append(plain[at])
            at += 1
    return tuple(found)


def _singular(piece: str) -> str:
    if len(piece) > 4 and piece.endswith("ies"):
        return piece[:-3] + "y"
    invariant = piece.endswith(("ss", "us", "is", "as")) and not piece.endswith("pus")
    if len(piece) > 3 and piece.endswith("s") and not invariant and piece != "corpus":
        stem = piece[:-1]
        return SYNONYMS.get(stem, (stem,))[0] if len(SYNONYMS.get(stem, (stem,))) == 1 else stem
    return piece


_STRUCTURE = re.compile(r"[{}\[\]]")
_AWKWARD = re.compile(r"[^\w.@-]")  # what the lexer would cut a name at


class NameIndex:
    """All names of a catalog, filed for look-up; built once for each snapshot."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.by_text: dict[str, list[Name]] = defaultdict(list)
        self.by_pieces: dict[tuple[str, ...], list[Name]] = defaultdict(list)
        self.by_bag: dict[frozenset[str], list[Name]] = defaultdict(list)
        self.by_piece: dict[str, list[Name]] = defaultdict(list)
        self.by_glued: dict[str, list[Name]] = defaultdict(list)
        self.registry: dict[tuple[str, ...], list[Name]] = defaultdict(list)
        self.raw_pieces: set[str] = set()
        self.awkward: list[str] = []
        for name in _all(catalog):
            self._file(name)
        self.awkward = sorted(
            (n for n in self.by_text if _AWKWARD.search(n)), key=len, reverse=True
        )

    def _file(self, name: Name) -> None:
        if name.kind in {"rtag", "rvalue"}:  # apart: they only count where the registry is meant
            self.registry[canonical(parts(name.text))].append(name)
            return
        self.by_text[name.text.lower()].append(name)
        raw = parts(name.text)
        pieces = canonical(raw)
        if not pieces:
            return
        self.by_pieces[pieces].append(name)
        for other in OTHER_NAMES.get(pieces, ()):
            self.by_pieces[other].append(name)
        if len(pieces) > 1:
            self.by_bag[frozenset(pieces)].append(name)
        self.raw_pieces.update(raw)
        self.by_glued["".join(pieces)].append(name)
        if len(raw) > 2 and name.kind in {"metric", "param"}:
            self.by_glued["".join(piece[0] for piece in raw)].append(name)
        if name.kind in {"value", "tagvalue"} and _STRUCTURE.search(name.text):
            return  # a search space holds other keys' names, and none of its own
        for piece in set(pieces):
            self.by_piece[piece].append(name)

    def known(self, word: str) -> bool:
        """Whether a word stands anywhere in the store's names."""
        return word in self.by_text or word in self.raw_pieces or word in self.by_piece

    def texts(self) -> Iterable[str]:
        """Every name's spelling in small letters."""
        return self.by_text.keys()


def _all(catalog: Catalog) -> Iterator[Name]:
    yield from (Name("metric", key, weight=count) for key, count in catalog.metrics.items())
    for key, info in catalog.params.items():
        yield Name("param", key, weight=info.runs)
        yield from _values("value", key, info.values)
    for key, info in catalog.tags.items():
        yield Name("tag", key, weight=info.runs)
        yield from _values("tagvalue", key, info.values)
    for experiment in catalog.experiments:
        yield Name("experiment", experiment.name, str(experiment.id), experiment.runs)
    yield from (Name("user", user, weight=count) for user, count in catalog.users.items())
    yield from (Name("run", run, weight=count) for run, count in catalog.run_names.items())
    for model in catalog.models:
        yield Name("model", model.name, weight=len(model.versions))
        yield from (Name("alias", alias, model.name, 1) for alias in model.aliases)
        yield from (Name("stage", stage, model.name, 1) for stage in model.stages)
    for key, info in catalog.registry_tags.items():
        yield Name("rtag", key, weight=info.runs)
        yield from _values("rvalue", key, info.values)
    yield from (Name("dataset", name, weight=count) for name, count in catalog.datasets.items())


def _values(kind: Kind, key: str, values: Iterable[str]) -> Iterator[Name]:
    """A key's values that words can name; bare numbers are matched by their key instead."""
    counts = dict(values) if isinstance(values, dict) else {}
    for value in values:
        if len(value) <= 80 and any(c.isalpha() for c in value) and value.lower() not in _PLAIN:
            yield Name(kind, value, key, counts.get(value, 0))


_PLAIN = {"true", "false", "none", "null", "yes", "no", "nan", "inf", "auto", "default"}
