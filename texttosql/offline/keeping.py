"""A condition that was read goes into the frame, and its words are accounted for."""

from __future__ import annotations

from texttosql.offline.frame import Frame
from texttosql.offline.sentence import Sentence
from texttosql.plan import Op, Ref, Test


def keep(
    sentence: Sentence,
    frame: Frame,
    ref: Ref,
    op: Op,
    values: tuple[str | float | int, ...],
    span: tuple[int, int],
) -> None:
    """Put the condition said in words [first, end) into the frame, and take those words."""
    frame.add(Test(ref, op, values, sentence.said(*span)), span[0])
    sentence.take(*span)
