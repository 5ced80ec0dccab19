"""Conditions by name: "adam runs", "batch size 64", "alice's", "in churn", "not failed"."""

from __future__ import annotations

from texttosql.offline.filters import flags, keys, named, nesting, notes, presence, states, values
from texttosql.offline.filters.keys import several_values
from texttosql.offline.filters.modelkeys import either, model_keys
from texttosql.offline.filters.nesting import children
from texttosql.offline.filters.noise import noise
from texttosql.offline.filters.scopes import scopes
from texttosql.offline.frame import Context, Frame
from texttosql.offline.sentence import Sentence
from texttosql.plan import Test

__all__ = [
    "alternatives", "children", "either", "merge", "model_keys", "noise", "read", "scopes",
    "several_values",
]  # fmt: skip

_RULES = (
    notes.notes, presence.anything, flags.flags, presence.missing, presence.present,
    keys.key_equals, keys.known_words, keys.value_before_key, values.values_alone,
    states.statuses, named.mine, named.users, named.runs, named.run_ids, named.datasets,
    nesting.nested, states.deleted,
)  # fmt: skip


def read(sentence: Sentence, frame: Frame, context: Context) -> None:
    """Every condition by name, the most explicit first."""
    for rule in _RULES:
        rule(sentence, frame, context)


def merge(frame: Frame) -> None:
    """Two equalities on one thing mean either: "show A next to B"."""
    for index in range(len(frame.tests) - 1, 0, -1):
        test = frame.tests[index]
        for place, other in enumerate(frame.tests[:index]):
            if _both_equal(other, test):
                either_of = tuple(dict.fromkeys([*other.values, *test.values]))
                words = f"{other.words} and {test.words}"
                frame.tests[place] = Test(test.ref, "in", either_of, words)
                del frame.tests[index], frame.positions[index]
                break


def alternatives(sentence: Sentence, frame: Frame) -> None:
    """Join what an "or" stands between: "AUC under 0.7 or logloss over 0.5"."""
    for place in range(1, len(sentence.tokens)):
        if sentence.lower(place) != "or" or sentence.taken[place]:
            continue
        beside = sentence.taken[place - 1] and place + 1 < len(sentence.tokens)
        before = [i for i, at in enumerate(frame.positions) if at < place]
        after = [i for i, at in enumerate(frame.positions) if at > place]
        if not beside or not before or not after:
            continue
        one = max(before, key=lambda i: frame.positions[i])
        other = min(after, key=lambda i: frame.positions[i])
        if frame.positions[other] - place > _NEAR_OR:
            continue
        _join(frame, one, other)
        sentence.take(place, place + 1)


_NEAR_OR = 4


def _join(frame: Frame, one: int, other: int) -> None:
    first, second = frame.tests[one], frame.tests[other]
    either_of = (*(first.any_of or (first,)), *(second.any_of or (second,)))
    words = f"{first.words} or {second.words}"
    frame.tests[one] = Test(first.ref, "any", words=words, any_of=either_of)
    del frame.tests[other], frame.positions[other]


def _both_equal(one: Test, other: Test) -> bool:
    """Whether two tests want values of the same named thing."""
    equal = one.ref == other.ref and {one.op, other.op} <= {"=", "in"}
    named_thing = one.ref.kind in {"field", "param", "tag", "either"}
    return equal and named_thing and bool(one.values and other.values)
