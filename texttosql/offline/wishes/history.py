"""A metric's course within a run: its curve, its value at a step, the step of its best one."""

from __future__ import annotations

import re

from texttosql.offline import tokens as t
from texttosql.offline.comparing import ref_of
from texttosql.offline.frame import Context, Frame
from texttosql.offline.sentence import Sentence
from texttosql.offline.wishes.dimensions import number

_DEPENDS = (
    r"(?:vary|varies|depend|depends|affect|affects|impact|impacts|influence|influences|relate|"
    r"relates|effect|correlate|correlates|correlation|relationship|scale|scales|differ|differs)"
)
_CURVE = r"(?:curves?|history|histories|trajectory|progression|learning_curve)"
_METRICS = rf"(?P<key>{t.METRIC}(?: (?:and|,)+ {t.METRIC})*)"
_WHOLE = r"(?:(?:full|the|training|learning|whole) )*"
_CURVES_OF = (
    rf"{_WHOLE}{_METRICS}(?: (?:learning|training))? {_CURVE}",
    rf"{_WHOLE}{_CURVE}(?: (?:of|for))*(?: the)? {_METRICS}",
)
_STEP_WHERE = r"(?:the )?(?P<step>step|epoch|iteration) (?:where|when|at which|in which|on which)"
_NAMED_LIKE_A_STEP = r"PARAM#\d+|METRIC#\d+"
_WHICH_STEP = (
    r"(?:at )?(?:which|what|whats the|what is the)(?: (?:the|training|best))* "
    rf"(?P<step>steps?|epochs?|iterations?|{_NAMED_LIKE_A_STEP})(?: number)?(?= |$)"
)
_HOW_MANY_POINTS = (
    rf"(?P<n>how many|number of|count of)(?: (?:the|{t.METRIC}))* (?:points|steps|values|entries|"
    r"data points|logged values|measurements|epochs)"
)
_AT_STEP = (
    rf"(?:at|after|on|in) (?:step|epoch|iteration|{_NAMED_LIKE_A_STEP})(?: (?:number|no))? "
    rf"(?P<n>{t.NUM})"
)
_STEP_BY_STEP = r"(?:step|epoch|fold) (?:by|to|for|after) (?:step|epoch|fold)"
_COURSES = (
    rf"(?:learning|training|loss|full|metric|validation|whole|entire)? ?{_CURVE}(?: (?:of|for))?",
    (
        r"(?:over|by|per|across|each|every|at each|at every|for each|with|through|throughout|"
        r"along)(?: (?:the|all|training|every|each))* (?P<steps>steps?|epochs?|iterations?|folds?|"
        rf"{_NAMED_LIKE_A_STEP})"
    ),
    (
        r"(?:over|during|throughout|through|as) (?:the )?(?:course of )?(?:training|it trained|"
        r"time it trained)(?: progressed)?"
    ),
    (
        r"(?:step|epoch) (?:by|to|for|after) (?:step|epoch)|epoch by epoch|stepwise|per-step|"
        r"per-epoch|over steps|all (?:the )?(?:steps|points|logged values)"
    ),
)


def history(sentence: Sentence, frame: Frame, context: Context) -> None:
    """Every way to ask for logged points. "How does loss vary with lr" asks for none."""
    if sentence.has(_DEPENDS):
        return
    _curves(sentence, frame, context)
    if _step_where(sentence, frame) or _which_step(sentence, frame):
        return
    _how_many_points(sentence, frame, context)
    at_step(sentence, frame)
    _step_by_step(sentence, frame)
    _courses(sentence, frame)
    if frame.history:
        sentence.eat(r"(?:evolve|evolved|develop|progress|progressed|converge|change|move)")


def _curves(sentence: Sentence, frame: Frame, context: Context) -> None:
    """The metrics named as a curve, which need not be those that rank or filter."""
    for pattern in _CURVES_OF:
        if (hit := sentence.find(pattern)) is not None:
            match, first, end = hit
            frame.history = True
            keys = re.findall(t.METRIC, match["key"])
            frame.curve += [ref_of(sentence, key, frame, context) for key in keys]
            sentence.take(first, end)


def _step_where(sentence: Sentence, frame: Frame) -> bool:
    """Such as: the epoch at which val_loss was lowest."""
    hit = sentence.find(_STEP_WHERE)
    if hit is None or not sentence.has(t.METRIC):
        return False
    _peak(sentence, frame, hit[1], hit[2])
    return True


def _which_step(sentence: Sentence, frame: Frame) -> bool:
    """Such as: at which step did cnn-1 reach its best accuracy."""
    hit = sentence.find(_WHICH_STEP)
    if hit is None or not sentence.has(t.METRIC):
        return False
    if not (sentence.has(t.RUN) or frame.tests) or not _is_step(sentence, hit[0]["step"]):
        return False
    _peak(sentence, frame, hit[1], hit[2])
    return True


def _peak(sentence: Sentence, frame: Frame, first: int, end: int) -> None:
    frame.history = frame.peak = True
    sentence.take(first, end)


def _is_step(sentence: Sentence, said: str, words: str = r"steps?|epochs?|iterations?") -> bool:
    """Whether a name of the store is one of these words: a param `epochs` is also a step."""
    if "#" not in said:
        return True
    return re.search(rf"\b(?:{words})\b", sentence.token(said).said.lower()) is not None


def _how_many_points(sentence: Sentence, frame: Frame, context: Context) -> None:
    """Such as: how many val_loss points."""
    if (hit := sentence.find(_HOW_MANY_POINTS)) is None:
        return
    match, first, end = hit
    frame.history = frame.count = True
    keys = re.findall(t.METRIC, match.group())
    frame.curve += [ref_of(sentence, key, frame, context) for key in keys]
    sentence.take(first, end)


def at_step(sentence: Sentence, frame: Frame) -> None:
    """Such as: at epoch 10."""
    if (hit := sentence.find(_AT_STEP)) is None:
        return
    match, first, end = hit
    if re.search(r"step|epoch|iter", sentence.said(first, end).lower()):
        frame.step = number(sentence, match["n"])
        frame.history = True
        sentence.take(first, end)


def _step_by_step(sentence: Sentence, frame: Frame) -> None:
    if sentence.eat(_STEP_BY_STEP):
        frame.history = True


def _courses(sentence: Sentence, frame: Frame) -> None:
    """Such as: per epoch, over the course of training."""
    for pattern in _COURSES:
        for match, first, end in list(sentence.find_all(pattern)):
            said = match.groupdict().get("steps") or ""
            if _is_step(sentence, said, r"steps?|epochs?|iterations?|folds?"):
                frame.history = True
                sentence.take(first, end)
