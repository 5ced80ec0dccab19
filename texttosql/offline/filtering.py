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
    "children", "either", "merge", "model_keys", "noise", "read", "scopes", "several_values",
]  # fmt: skip

_RULES = (
    notes.notes, flags.flags, presence.missing, presence.present, keys.key_equals,
    keys.known_words, keys.value_before_key, values.values_alone, states.statuses, named.mine,
    named.users, named.runs, named.run_ids, named.datasets, nesting.nested, states.deleted,
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


def _both_equal(one: Test, other: Test) -> bool:
    """Whether two tests want values of the same named thing."""
    equal = one.ref == other.ref and {one.op, other.op} <= {"=", "in"}
    named_thing = one.ref.kind in {"field", "param", "tag", "either"}
    return equal and named_thing and bool(one.values and other.values)
