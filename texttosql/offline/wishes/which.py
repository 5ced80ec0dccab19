"""What "which", "what" and "who" ask for, and in what unit a time is to be told."""

from __future__ import annotations

import re

from texttosql.offline import lexicon
from texttosql.offline import tokens as t
from texttosql.offline.frame import Context, Frame
from texttosql.offline.sentence import Sentence
from texttosql.offline.wishes.dimensions import (
    AGGREGATE,
    DIMENSION,
    EXPERIMENT,
    FIELDS,
    SUPERLATIVE,
    USER,
    dimension,
)
from texttosql.plan import Ref

_IN_UNIT = r"(?:in|as) (?P<unit>minutes|mins|hours|hrs|seconds|secs)"
_UNITS_OF = (
    r"(?:compute|gpu|training|total|run|wall|machine|cpu)? ?(?P<unit>hours|minutes|hrs|mins)"
    r"(?: of (?:compute|training|gpu)(?: time)?)?"
)
_ALL_TOLD = r"compute|gpu|training|total|machine|cpu"
_CONTEST = r"better|worse|lower|higher|faster|slower|wins?|won|best"
_WHICH = (
    r"(?:which|what|whats|what is the|what are the|what was the)"
    r"(?: (?:of|the|our|are|is|were|was|different|kind of|type of|kinds of|types of|sort of|"
    rf"specific|exact|value of|values of|values for))* (?P<dim>{DIMENSION})"
    r"(?: (?:is|are|value|values))?"
)
_THAT_HAS = (
    rf"(?<!\S)(?P<dim>{t.PARAM}|{t.TAG}|users?|models?|algorithms?|architectures?) "
    r"(?:with|that has|having|that gives|giving|that gave|that got)(?: the)?"
    rf"(?= (?:{SUPERLATIVE}|{AGGREGATE}))"
)
_SINGULAR_S = frozenset({"loss", "status"})


def which(sentence: Sentence, frame: Frame, context: Context) -> None:
    """The unit, the people, then the dimension that is asked for."""
    _units(sentence, frame)
    _contest(sentence, frame)
    _people(sentence, frame)
    hit = sentence.find(_WHICH) or sentence.find(_THAT_HAS)
    if hit is None:
        return
    match, first, end = hit
    if _asks_dimension(sentence, match["dim"], frame, context):
        sentence.take(first, end)


def _units(sentence: Sentence, frame: Frame) -> None:
    """Hours of compute are added up; "in hours" tells each run's time."""
    units = sentence.eat(_IN_UNIT) or sentence.eat(_UNITS_OF)
    if units is None:
        return
    unit = {"h": "duration_h", "m": "duration_min"}.get(units["unit"][0], "duration")
    if re.search(_ALL_TOLD, units.group()):
        frame.measures.append(("sum", Ref("field", unit)))
    else:
        frame.shown.append(Ref("field", unit))


def _contest(sentence: Sentence, frame: Frame) -> None:
    """Such as: who got the better f1, alice or bob."""
    several = any(test.op == "in" and len(test.values) > 1 for test in frame.tests)
    if several and sentence.has(r"who|which|what") and sentence.has(_CONTEST):
        frame.compare = True
        sentence.eat(r"who|which one|which")


def _people(sentence: Sentence, frame: Frame) -> None:
    if (also := sentence.find(r"(?:and|,) who(?= |$)")) is not None and also[1] > 0:
        frame.shown.append(USER)
        sentence.take(also[1], also[2])
    sentence.eat(rf"whose(?! (?:{t.RUNS}|is|are))")
    if sentence.eat(r"who|whose"):
        frame.which = frame.which or USER
        frame.nouns.add("user")


def _asks_dimension(sentence: Sentence, said: str, frame: Frame, context: Context) -> bool:
    """Put down what "which …" asks for; False when it asks for runs or for nothing known."""
    if re.fullmatch(t.RUNS, said) or (said in lexicon.MODEL_NOUNS and frame.registry):
        return False
    if said in lexicon.MODEL_NOUNS and frame.order in {"many", "few"}:
        frame.nouns.add("model")
    one = said if said in FIELDS or "#" in said else said.removesuffix("s")
    ref = dimension(sentence, one, frame, context)
    if ref is None:
        return False
    if ref in {EXPERIMENT, USER}:
        frame.nouns.add(ref.key)
    frame.which = frame.which or ref
    if _plural(sentence, said):
        frame.plural = True
        frame.top = "many"
    return True


def _plural(sentence: Sentence, said: str) -> bool:
    if "#" in said:
        return sentence.token(said).said.lower().endswith("s")
    return said.endswith("s") and said not in _SINGULAR_S
