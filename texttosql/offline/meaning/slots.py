"""What every act asks of a frame: the dimension its nouns name, what is measured, which run."""

from __future__ import annotations

from texttosql.offline.frame import Context, Frame
from texttosql.offline.wishes import model_dimension
from texttosql.plan import Ref, Test

MANY = 10  # rows of "the best runs", when no number is said
DURATIONS = frozenset({"duration", "duration_min", "duration_h"})
STARTED, DURATION = Ref("field", "started"), Ref("field", "duration")
RUN, EXPERIMENT, USER = Ref("field", "run"), Ref("field", "experiment"), Ref("field", "user")
DATASET = Ref("field", "dataset")


class NeedsMetric(Exception):
    """Which metric decides "the best run" of a store with many must be asked."""


def measured(frame: Frame) -> list[Ref]:
    """What is to be taken the mean (or another measure) of."""
    refs = [ref for _, ref in frame.measures if ref is not None]
    refs += [frame.order_ref] if frame.order_ref is not None else []
    refs += frame.metrics
    refs += [ref for ref in frame.shown if ref.key in DURATIONS]
    return list(dict.fromkeys(refs))


def noun_dimension(frame: Frame, context: Context) -> Ref | None:
    """What the nouns would group by, people aside."""
    if "experiment" in frame.nouns:
        return EXPERIMENT
    if "model" in frame.nouns:
        return model_dimension(context, frame)
    return DATASET if "dataset" in frame.nouns else None


def compared(frame: Frame) -> list[Ref]:
    """The dimension whose several values are held against each other."""
    for test in frame.tests:
        if test.op == "in" and len(test.values) > 1:
            return [EXPERIMENT if test.ref.key == "experiment_id" else test.ref]
    return []


def split_by(frame: Frame) -> list[Ref]:
    """The groups, and the dimension that is asked for behind them."""
    asked = [frame.which] if frame.which is not None and frame.which not in frame.groups else []
    return [*frame.groups, *asked]


def names_a_run(frame: Frame) -> bool:
    """Whether the question picks runs by name or id."""
    return any(test.ref.key in {"run", "run_id"} for test in frame.tests)


def about_runs(frame: Frame) -> bool:
    """Whether a condition or a period narrows the runs, not only the experiments."""
    narrowed = any(test.ref.key != "experiment_id" for test in frame.tests)
    return narrowed or bool(frame.windows)


def drop(frame: Frame, test: Test) -> None:
    """Take a condition out that turned out to be what is measured."""
    index = frame.tests.index(test)
    del frame.tests[index], frame.positions[index]
