"""From tokens to frame: the rules fill the slots in order, each taking the words it read."""

from __future__ import annotations

from dataclasses import replace

from texttosql.offline import comparing, filtering, registering, takes, wishes
from texttosql.offline import tokens as t
from texttosql.offline.frame import Context, Frame
from texttosql.offline.sentence import Sentence
from texttosql.offline.smalltalk import left_over, meant
from texttosql.offline.wishes.history import at_step
from texttosql.plan import Window

_ENDED = frozenset("finished ended completed finish end".split())


def read(sentence: Sentence, context: Context) -> Frame:
    """The slots of a sentence. What no rule took stands in `frame.unknown`."""
    frame = Frame()
    filtering.noise(sentence)
    _better(sentence, frame)
    _before(sentence, frame)
    takes.read(sentence, frame)
    _windows(sentence, frame)
    if sentence.has(t.METRIC):
        at_step(sentence, frame)  # "loss at epoch 3": no condition on a param `epochs`
    filtering.scopes(sentence, frame, context)
    filtering.several_values(sentence, frame, context)
    registering.read(sentence, frame, context)
    filtering.children(sentence, frame, context)
    comparing.read(sentence, frame, context)
    filtering.read(sentence, frame, context)
    filtering.merge(frame)
    filtering.alternatives(sentence, frame)
    wishes.read(sentence, frame, context)
    frame.unknown += left_over(sentence)
    if not sentence.tokens or frame.unknown:
        frame.unknown = meant(sentence)
    return frame


def _before(sentence: Sentence, frame: Frame) -> None:
    """The period before the one in question: "and the month before?"."""
    earlier = sentence.eat(
        r"(?:in |and |for )?the (?P<unit>day|week|month|year|quarter) before(?: that)?(?= \?|"
        r"$)"
    )
    if earlier is not None:
        frame.before = earlier["unit"]


def _better(sentence: Sentence, frame: Frame) -> None:
    """Which end is best, where the asker says so: "lower is better here"."""
    said = sentence.eat(
        r"(?:\( ?)?(?:where |since |as |because )?(?P<way>lower|smaller|less|higher|larger|"
        r"bigger|more) (?:is|=|are|means) better(?: (?:here|ofc|obviously|for this|for it|"
        r"of course))*"
    )
    if said is not None:
        frame.higher = said["way"] in {"higher", "larger", "bigger", "more"}


def _windows(sentence: Sentence, frame: Frame) -> None:
    periods = [(i, t.period) for i, t in enumerate(sentence.tokens) if t.period is not None]
    for index, period in periods:
        window = period.window
        if sentence.lower(index - 1) in _ENDED:
            window = replace(window, field="ended")
            sentence.take(index - 1, index)
        frame.windows.append(window)
    between = len(periods) > 1 and sentence.has(
        r"PERIOD#\d+ (?:\S+ ){0,4}?(?:vs|versus|against|compared|than|and|to|or|with|"
        r"from)(?: \S+){0,3}? PERIOD#\d+"
    )
    compared = sentence.has(r"compare|compared|vs|versus|against|than|difference")
    if len(periods) > 1 and (between or compared):
        frame.side_by_side = True
    elif len(periods) > 1:
        frame.windows = [_overlap(frame.windows)]
    for index, _ in periods:
        sentence.take(index, index + 1)


def _overlap(windows: list[Window]) -> Window:
    """Periods not held against each other all bind: "in october, since the 5th"."""
    starts = [window.start_ms for window in windows if window.start_ms is not None]
    ends = [window.end_ms for window in windows if window.end_ms is not None]
    words = " ".join(window.words for window in windows)
    return Window(max(starts, default=None), min(ends, default=None), words, windows[0].field)
