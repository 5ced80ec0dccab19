"""Parents and children: "trials of sweep-3", "only top-level runs", "without nested runs"."""

from __future__ import annotations

import re

from texttosql.offline import tokens as t
from texttosql.offline.choosing import choose
from texttosql.offline.frame import Context, Frame
from texttosql.offline.keeping import keep
from texttosql.offline.lexicon import SUPERLATIVES
from texttosql.offline.line import Hit
from texttosql.offline.sentence import Sentence
from texttosql.plan import Op, Ref, Test

_OF_PARENT = (
    r"(?P<child>(?:child|children|kids|sub|nested|child_runs|subruns|winner|winners|folds?|"
    r"replicates?|reps|repetitions|members|candidates?)(?: runs?)? (?:of|under|in|for|inside|from|"
    r"over|within)|(?:best|worst|top|fastest|slowest|highest|lowest)"
    r"(?: (?:trial|run|one|candidate|fold|child|member|replicate))? (?:of|"
    rf"in|from|within|under|among)|{t.RUNS} (?:in|under|inside|within)|"
    r"trials?(?: runs?)? (?:of|for|from))(?: (?:the|run|parent|"
    rf"sweep))* (?P<run>{t.RUN})(?: sweep)?"
)
_TRIALS = (
    rf"(?P<run>{t.RUN}) (?:sweep )?(?:trials?|children|kids|child runs|sub runs|subruns|"
    r"nested runs|folds?|replicates?|reps|repetitions|members)"
)
_PARENTS = (
    rf"(?:(?:are|is|only|the|all) )*parents?(?: {t.RUNS})?(?! of)(?= (?:\?|in|with|have|has|"
    r"that|which|from|by|EXP|PERIOD|$)|$)|(?:with|have|has|having) (?:child|children|kids|"
    r"nested)(?: runs?)?"
)
_HAS_PARENT = r"(?:with|have|has|having|that have) (?:a|any) parents?(?: run)?"
_NO_PARENT = (
    r"(?:top level|top-level|toplevel|root|outer|non nested|non-nested|not nested|unnested|"
    r"no parent|without (?:a )?parent|standalone)"
)
_CHILD = r"(?:child|children|kids|nested|sub-runs|subruns|sub runs|inner|child_runs)"
_PARENT_ID = Ref("field", "parent_id")


def children(sentence: Sentence, frame: Frame, context: Context) -> None:
    """The runs of a sweep: "children of X", "trials in X", "X's kids"."""
    if (hit := sentence.find(_TRIALS)) is not None:
        _child_of(sentence, frame, context, hit)
    if (hit := sentence.find(_OF_PARENT)) is not None:
        _child_of(sentence, frame, context, hit)


def _child_of(sentence: Sentence, frame: Frame, context: Context, hit: Hit) -> None:
    match, first, end = hit
    name = choose(sentence, sentence.token(match["run"]), frame, context)
    frame.add(Test(Ref("field", "parent"), "=", (name.text,), sentence.said(first, end)), first)
    frame.nouns.add("run")
    ranks = sentence.lower(first) in SUPERLATIVES  # "best of X" still asks for the best
    sentence.take(first + ranks, end)


def nested(sentence: Sentence, frame: Frame, _context: Context) -> None:
    """Only parents, only children, or only runs that have no parent."""
    if (hit := sentence.find(_HAS_PARENT)) is not None:
        keep(sentence, frame, _PARENT_ID, "exists", (), hit[1:])
        frame.nouns.add("run")
        return
    if _parents(sentence, frame):
        return
    if sentence.has(_NO_PARENT) and sentence.has(r"(?:top level|top-level|toplevel|root)"):
        sentence.eat(r"\(? ?(?:non nested|non-nested|not nested|unnested) ?\)?")
    if not _only_children(sentence, frame):
        _only_top(sentence, frame)


def _parents(sentence: Sentence, frame: Frame) -> bool:
    hit = sentence.find(_PARENTS)
    if hit is None or sentence.has(r"(?:per|by|each|every) parents?"):
        return False
    _, first, end = hit
    keep(sentence, frame, Ref("field", "children"), ">", (0,), (first, end))
    sentence.eat(
        r"(?:that|which|with|having)?(?: (?:have|has|had|having|with))*(?: (?:any|"
        r"some))? ?(?:child|children|kids)(?: runs?)?"
    )
    frame.nouns.add("run")
    return True


def _only_children(sentence: Sentence, frame: Frame) -> bool:
    hit = sentence.find(
        r"(?:(?:only|exclude|excluding|without|no|ignoring|not|ignore|"
        rf"skip) )?{_CHILD}(?: runs?| trials?)?"
    )
    if hit is None:
        return False
    match, first, end = hit
    none = re.match(r"exclud|without|no|ignor|not|skip", match.group())
    op: Op = "missing" if none else "exists"
    if not sentence.has(r"(?:per|by|each|every) (?:parent|sweep)"):
        frame.add(Test(_PARENT_ID, op, (), sentence.said(first, end)), first)
    sentence.take(first, end)
    frame.nouns.add("run")
    return True


def _only_top(sentence: Sentence, frame: Frame) -> None:
    if (hit := sentence.find(rf"{_NO_PARENT}(?: runs?| trials?| only)*")) is not None:
        keep(sentence, frame, _PARENT_ID, "missing", (), hit[1:])
        frame.nouns.add("run")
