"""All names of a catalog, filed so that a question's words find theirs in milliseconds.

Built once for each snapshot. A name is found by its spelling (case, _ and - aside), by all of its
words, by abbreviation, by a word of it, and by a word with a slip in it, in this order.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA

from texttosql.catalog import Catalog, KeyInfo
from texttosql.claude.folding import STOP, canonical, chained, pieces

Kind = Literal[
    "experiment", "metric", "param", "tag", "value", "tagvalue", "user", "run", "model", "alias",
    "stage", "dataset", "rtag", "rvalue",
]  # fmt: skip

EXACT, SAME, WHOLE, PART, NEAR = 100.0, 90.0, 80.0, 60.0, 50.0
"""How well a name was found: spelled so, abbreviated, all its words, some, letters of it."""

_NGRAM = 6
_POSTED = 1_500  # names one word may stand for: in twenty thousand keys "val" stands in half
_CHAINED = 2_000  # names of one first letter that a word is tried on as an abbreviation
_RUN_NAMES = 5_000  # of the most frequent that are found by half of their words
_SURE_OF = 5  # letters of a word from which on another letter in it is a slip
_OF_KEYS = frozenset({"value", "tagvalue", "rvalue"})
_NUMBER = re.compile(r"[-+.\d\seE]+")
_LONGEST_VALUE = 80


@dataclass(frozen=True, slots=True)
class Name:
    """Something of the store that words can mean; `key` is a value's param or tag, `n` its runs."""

    kind: Kind
    text: str
    key: str = ""
    n: int = 0


class NameIndex:
    """Finds the names that a text's words may mean, each with how well it was found.

    `names` stand by how many runs have them; `of_kind` and `at` are positions in it; `where` are
    the ids of the experiments in which a key occurs.
    """

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.names = sorted(_all(catalog), key=lambda name: -name.n)
        self._spelled: dict[str, list[int]] = defaultdict(list)
        self._same: dict[str, list[int]] = defaultdict(list)
        self._of_piece: dict[str, list[int]] = defaultdict(list)
        self._initials: dict[str, list[int]] = defaultdict(list)
        self._chains: dict[str, list[tuple[tuple[str, ...], int]]] = defaultdict(list)
        self._length: dict[int, int] = {}
        self.of_kind: dict[Kind, list[int]] = defaultdict(list)
        self.at: dict[tuple[Kind, str], int] = {}
        self.where = _where(catalog)
        for at, name in enumerate(self.names):
            self.of_kind[name.kind].append(at)
            self.at.setdefault((name.kind, name.text), at)
            # Of very many run names only the spelling counts: nobody asks for one by half of it.
            spelling_only = name.kind == "run" and len(self.of_kind["run"]) > _RUN_NAMES
            self._file(at, pieces(name.text), spelling_only=spelling_only)
        self._words = [word for word in self._of_piece if len(word) > 3 and word.isalpha()]

    def _file(self, at: int, raw: tuple[str, ...], *, spelling_only: bool) -> None:
        self._spelled["".join(raw)].append(at)
        if spelling_only:
            return
        short = canonical(raw)
        self._length[at] = len(set(short)) or 1
        self._same["".join(short)].append(at)
        for piece in {*short, *raw}:
            if len(self._of_piece[piece]) < _POSTED:
                self._of_piece[piece].append(at)
        if 1 < len(raw) < 7:
            self._initials["".join(piece[0] for piece in raw)].append(at)
            if len(self._chains[raw[0][0]]) < _CHAINED:
                self._chains[raw[0][0]].append((raw, at))

    def find(self, text: str) -> dict[int, float]:
        """Positions in `names` -> how well they were found: EXACT, SAME … and a little between."""
        raw = pieces(text)
        found: dict[int, float] = {}
        for run in _ngrams(raw):
            longer = 0.1 * len(run)  # "val accuracy" is val_accuracy rather than accuracy
            _note(found, self._plainly(run, self._spelled, run), EXACT + longer)
            _note(found, self._plainly(run, self._same, canonical(run)), SAME + longer)
        said = {word for word in {*raw, *canonical(raw)} if word not in STOP}
        self._by_pieces(said, found)
        for word in sorted(said):
            self._by_letters(word, found)
        return found

    def _plainly(
        self, run: tuple[str, ...], filed: Mapping[str, list[int]], form: tuple[str, ...]
    ) -> Iterator[int]:
        """Names filed under a form of these words; "best" alone is hardly a param's value."""
        little = len(run) == 1 and run[0] in STOP
        places = filed.get("".join(form), ())
        yield from (at for at in places if not little or self.names[at].kind not in _OF_KEYS)

    def _by_pieces(self, said: set[str], found: dict[int, float]) -> None:
        """Names some or all of whose words were said; a slip counts a little less."""
        meant = {word: 1.0 for word in said if word in self._of_piece}
        for word in said - set(meant):
            for near in self._near(word):
                meant.setdefault(near, 0.9)
        matched: dict[int, float] = defaultdict(float)
        for word, weight in meant.items():
            for at in self._of_piece[word]:
                matched[at] += weight
        for at, weight in matched.items():
            share = min(weight / self._length[at], 1.0)
            better = WHOLE * share if share > 0.85 else PART * share
            found[at] = max(found.get(at, 0.0), better)

    def _near(self, word: str) -> Iterator[str]:
        """Words of the store that this one is short for, or that it has slips in."""
        if len(word) < 3 or word.isdigit():
            return
        if len(word) > 3:
            slips = 1 if len(word) < 7 else 2
            hits = process.extract(
                word, self._words, scorer=OSA.distance, score_cutoff=slips, limit=4
            )
            yield from (hit[0] for hit in hits if _slipped(word, hit[0]))
        yield from [other for other in self._words if other.startswith(word)][:4]

    def _by_letters(self, word: str, found: dict[int, float]) -> None:
        """Abbreviations: rf for RandomForest, logreg for LogisticRegression."""
        if not 1 < len(word) < 9 or not word.isalpha():
            return
        _note(found, self._initials.get(word, ()), NEAR)
        if word not in self._of_piece:
            chains = self._chains.get(word[0], ())
            _note(found, (at for raw, at in chains if chained(word, raw)), NEAR)


def _slipped(word: str, other: str) -> bool:
    """Whether a word can be a slip of another: "note" is no slip of none, nor "pull" of full."""
    turned = len(word) == len(other) and sorted(word) != sorted(other)
    return word[0] == other[0] and not (len(word) < _SURE_OF and turned)


def _note(found: dict[int, float], places: Iterable[int], score: float) -> None:
    for at in places:
        found[at] = max(found.get(at, 0.0), score)


def _ngrams(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Runs of words that may spell a name; a bare number spells none."""
    for first in range(len(words)):
        for end in range(first + 1, min(first + _NGRAM, len(words)) + 1):
            run = words[first:end]
            if not (len(run) == 1 and (run[0].isdigit() or len(run[0]) < 2)):
                yield run


def _all(catalog: Catalog) -> Iterator[Name]:
    for one in catalog.experiments:
        yield Name("experiment", one.name, str(one.id), one.runs)
    yield from (Name("metric", key, n=n) for key, n in catalog.metrics.items())
    yield from _keys("param", "value", catalog.params)
    yield from _keys("tag", "tagvalue", catalog.tags)
    yield from _keys("rtag", "rvalue", catalog.registry_tags)
    yield from (Name("user", user, n=n) for user, n in catalog.users.items())
    yield from (Name("run", run, n=n) for run, n in catalog.run_names.items())
    yield from (Name("dataset", name, n=n) for name, n in catalog.datasets.items())
    for model in catalog.models:
        yield Name("model", model.name, n=len(model.versions))
        yield from (Name("alias", alias, model.name, 1) for alias in model.aliases)
        yield from (Name("stage", stage, model.name, 1) for stage in model.stages)


def _where(catalog: Catalog) -> dict[tuple[Kind, str], list[int]]:
    """(kind, key) -> ids of the experiments whose runs have it, the largest first."""
    found: dict[tuple[Kind, str], list[int]] = defaultdict(list)
    of_kinds: tuple[tuple[Kind, Mapping[int, frozenset[str]]], ...] = (
        ("metric", catalog.metrics_in), ("param", catalog.params_in), ("tag", catalog.tags_in),
    )  # fmt: skip
    for kind, keys_in in of_kinds:
        for experiment in catalog.experiments:
            for key in keys_in.get(experiment.id, ()):
                found[kind, key].append(experiment.id)
    return found


def _keys(key_kind: Kind, value_kind: Kind, infos: Mapping[str, KeyInfo]) -> Iterator[Name]:
    for key, info in infos.items():
        yield Name(key_kind, key, n=info.runs)
        for value, n in info.values.items():
            if len(value) <= _LONGEST_VALUE and not _NUMBER.fullmatch(value):
                yield Name(value_kind, value, key, n)
