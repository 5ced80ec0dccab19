"""The names of this store that this question may mean, within so many characters.

A small store is given whole. Of a large one come first the names that the words mean, then the
keys of the experiments meant, then what most runs have, and how many more there are; so neither
the prompt nor the time grows with the store.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from texttosql.claude.data import as_json
from texttosql.claude.describing import SECTIONS, Shown, count, describe, finding
from texttosql.claude.nameindex import NEAR, SAME, Kind, NameIndex

_RESERVED = 260
"""Characters for the sections' own names and for how many names are left out."""
_EXPERIMENTS = 15  # of the largest that are shown whatever is asked
_SCOPES = 3  # experiments meant by the words, whose keys come before other keys
_FOUND = 14  # names and values said in so many words
_HALF_SAID = 40  # names of which a word was said
_TAIL = 400  # names of a kind that are looked at for their frequency alone
_WORTH = 25.0  # a name of which less was said comes in the order of its frequency
_REFUSED = 12  # names too long for what room is left, after which nobody tries shorter ones
_EXAMPLES = (12, 6, 3)
"""Values shown of a key: as many as leave room for all names."""
_FADING = (0.9, 0.6, 0.5, 0.4)
"""What a name counts that was said in the latest text of the thread, the one before it …"""

_OWNERS: Mapping[Kind, Kind] = {
    "value": "param", "tagvalue": "tag", "rvalue": "rtag", "alias": "model", "stage": "model",
}  # fmt: skip
"""What is shown with the name it belongs to."""
_VALUES = frozenset({"value", "tagvalue", "rvalue"})
_KEYS: tuple[Kind, ...] = ("metric", "param", "tag")


@dataclass(frozen=True, slots=True)
class Names:
    """The names and what the question's words mean, both as JSON; whether no name is left out."""

    json: str
    found: str
    whole: bool


def relevant(
    text: str, index: NameIndex, room: int, *, turns: Sequence[str] = (), values: bool = True
) -> Names:
    """The names for a question, at most `room` characters in all.

    `turns` are texts of the thread, the latest first: earlier questions, and names in their SQL.
    Without `values` no value of a param, tag or metric is given, only keys and names.
    """
    said = index.find(text)
    asked = _Asked(index, said, _meant(index, said, turns), room, values)
    for examples in _EXAMPLES:
        layout = _Layout(asked, Shown(values, examples))
        layout.describe(layout.order)
        if layout.whole:
            return layout.names()
    return _crowded(_Layout(asked, Shown(values, _EXAMPLES[-1])))


def _crowded(layout: _Layout) -> Names:
    """What was said in full; of the others first the names, then what is known of them."""
    certain = layout.certain()
    layout.describe(certain)
    layout.list(layout.order[len(certain) :], leaving=layout.left // 2)
    layout.describe(layout.order[len(certain) :], only_listed=True)
    layout.list(layout.order[len(certain) :])
    return layout.names()


def is_name(text: str, index: NameIndex) -> bool:
    """Whether a text is a name or key of the store, or MLflow's own word, and no mere value."""
    listed = any((kind, text) in index.at for kind in (*SECTIONS, *_OWN_NAMES))
    return listed or text in MLFLOWS_OWN or text.startswith("mlflow.")


_OWN_NAMES: tuple[Kind, ...] = ("alias", "stage")
MLFLOWS_OWN = frozenset({
    "active", "deleted", "RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED", "READY", "OK",
    "ERROR", "IN_PROGRESS", "DATASET", "RUN", "MODEL", "None", "Staging", "Production", "Archived",
    "Deleted_Internal", "%Y-%m-%d", "%Y-%m",
})  # fmt: skip
"""Texts that SQL compares with in any store."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a question's own words mean (`said`), and what those and its thread's do (`meant`)."""

    index: NameIndex
    said: Mapping[int, float]
    meant: Mapping[int, float]
    room: int
    values: bool

    def best(self, scores: Mapping[int, float]) -> list[int]:
        """Positions of names, the likeliest first."""
        return sorted(scores, key=lambda at: (-scores[at], at))


def _meant(index: NameIndex, said: Mapping[int, float], turns: Sequence[str]) -> dict[int, float]:
    """Positions of names -> how well the question, or less so its thread, names them."""
    scores = dict(said)
    for fading, earlier in zip(_FADING, turns, strict=False):
        for at, score in index.find(earlier).items():
            scores[at] = max(scores.get(at, 0.0), score * fading)
    for at, score in list(scores.items()):
        owner = index.at.get((_OWNERS.get(index.names[at].kind, "run"), index.names[at].key))
        if index.names[at].kind in _OWNERS and owner is not None and score >= NEAR:
            scores[owner] = max(scores.get(owner, 0.0), score - 1)
    return scores


class _Layout:
    """Names being laid out within the room there is, the likeliest first."""

    def __init__(self, asked: _Asked, shown: Shown) -> None:
        self._asked, self._index, self._shown = asked, asked.index, shown
        self._found = _found(asked)
        self._values = _values_meant(asked)
        self._items: dict[int, str] = {}
        self.order = list(dict.fromkeys((*_near(asked), *_far(asked.index))))
        self.left = asked.room - _RESERVED - len(self._found)

    @property
    def whole(self) -> bool:
        """Whether every name of the store is there."""
        return not self._left_out()

    def certain(self) -> list[int]:
        """The first names in the order, up to the last that was said in so many words."""
        sure = SAME * _FADING[0]
        return [at for at in self.order if self._asked.meant.get(at, 0.0) >= sure]

    def describe(self, places: Sequence[int], *, only_listed: bool = False) -> None:
        """Show what is known of these names, as far as there is room."""
        refused = 0
        for at in places:
            name = self._index.names[at]
            if only_listed and at not in self._items:
                continue
            meant = self._values.get((name.kind, name.text), ())
            refused += not self._put(at, describe(name, self._index, self._shown, meant))
            if refused > _REFUSED:
                break

    def list(self, places: Sequence[int], *, leaving: int = 0) -> None:
        """Name these, with no more than a count, while more than `leaving` characters are left."""
        refused = 0
        for at in places:
            if self.left <= leaving or refused > _REFUSED:
                break
            if at not in self._items:
                refused += not self._put(at, count(self._index.names[at]))

    def _put(self, at: int, item: str) -> bool:
        more = len(item) + 1 - (len(self._items[at]) + 1 if at in self._items else 0)
        if more > self.left:
            return False
        self.left -= more
        self._items[at] = item
        return True

    def names(self) -> Names:
        """What has been laid out."""
        sections: dict[str, list[str]] = defaultdict(list)
        for at, item in self._items.items():
            sections[SECTIONS[self._index.names[at].kind]].append(item)
        parts = [f'"{s}":{{{",".join(sections[s])}}}' for s in SECTIONS.values() if s in sections]
        rest = self._left_out()
        if rest:
            parts.append(f'"more":{as_json(rest)}')
        return Names(f"{{{','.join(parts)}}}", self._found, whole=not rest)

    def _left_out(self) -> dict[str, int]:
        shown = Counter(self._index.names[at].kind for at in self._items)
        return {
            section: rest
            for kind, section in SECTIONS.items()
            if (rest := len(self._index.of_kind[kind]) - shown[kind])
        }


def _near(asked: _Asked) -> Iterator[int]:
    """Listed names that were said, the large experiments, what was half said, those' keys."""
    index, meant = asked.index, asked.meant
    listed = [at for at in asked.best(meant) if index.names[at].kind in SECTIONS]
    yield from (at for at in listed if meant[at] >= SAME * _FADING[0])
    yield from index.of_kind["experiment"][:_EXPERIMENTS]
    yield from [at for at in listed if meant[at] >= _WORTH][:_HALF_SAID]
    yield from _of_scopes(index, meant, listed)


def _far(index: NameIndex) -> Iterator[int]:
    """Names by how many runs have them, the kinds in turn; run names last."""
    kinds = [index.of_kind[kind][:_TAIL] for kind in SECTIONS if kind != "run"]
    yield from (at for row in zip_longest(*kinds) for at in row if at is not None)
    yield from index.of_kind["run"][:_TAIL]


def _of_scopes(index: NameIndex, meant: Mapping[int, float], listed: Sequence[int]) -> list[int]:
    """The keys of the experiments that the words mean, most frequent first."""
    scopes = [index.names[at] for at in listed if index.names[at].kind == "experiment"
              and meant[at] >= _WORTH][:_SCOPES]  # fmt: skip
    catalog = index.catalog
    places = (catalog.metrics_in, catalog.params_in, catalog.tags_in)
    keys = {
        (kind, key)
        for scope in scopes
        for kind, keys_in in zip(_KEYS, places, strict=True)
        for key in keys_in.get(int(scope.key), ())
    }
    return sorted(index.at[key] for key in keys if key in index.at)


def _values_meant(asked: _Asked) -> dict[tuple[Kind, str], list[str]]:
    """(kind, key) -> its values that the question or its thread names."""
    found: dict[tuple[Kind, str], list[str]] = defaultdict(list)
    for at in asked.best(asked.meant):
        name = asked.index.names[at]
        if asked.meant[at] < NEAR:
            break
        if name.kind in _VALUES and len(found[_OWNERS[name.kind], name.key]) < 4:
            found[_OWNERS[name.kind], name.key].append(name.text)
    return found


def _found(asked: _Asked) -> str:
    """What the question's own words mean, at most a quarter of the room."""
    kept: list[str] = []
    size = 2
    for at in asked.best(asked.said):
        name = asked.index.names[at]
        if asked.said[at] < NEAR or len(kept) == _FOUND:
            break
        if name.kind in _VALUES and not asked.values:
            continue
        item = as_json(finding(name, asked.index))
        if size + len(item) > asked.room // 4:
            break
        size += len(item) + 1
        kept.append(item)
    return f"[{','.join(kept)}]"
