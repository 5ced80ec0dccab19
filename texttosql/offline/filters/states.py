"""How runs ended and whether they are still there: "failed", "not finished", "deleted ones"."""

from __future__ import annotations

import re

from texttosql.offline import tokens as t
from texttosql.offline.filters.parts import op_of
from texttosql.offline.frame import Context, Frame
from texttosql.offline.keeping import keep
from texttosql.offline.lexicon import STATUSES
from texttosql.offline.line import Hit
from texttosql.offline.sentence import Sentence
from texttosql.plan import Ref, Test

_STATUS = t.any_of(STATUSES)
_ENDED = (
    rf"(?P<neg>{t.NEGATION} )?(?:(?:in |with |whose )?(?:a )?(?:status|state)(?: (?:is|=|"
    r"of|was|are))* )?(?P<neg2>not )?"
    rf"(?P<all>{_STATUS}(?: (?:or|and|,|vs|versus)+(?: (?:got|were|was|have|been|"
    rf"are))? {_STATUS})*)(?: (?:status|state))?"
)
_OWNERS = (
    r"(?:which|what|who|list|show|any)(?: (?:of|the|our|all))* ?(?:experiments?|users?|people|"
    rf"models?|who|{t.PARAM}|{t.TAG})|who|experiments (?:with|without|that|where)|"
    r"users (?:with|without|that)"
)
_DELETED = r"(?:deleted|removed|trashed|soft-deleted|archived)"


def statuses(sentence: Sentence, frame: Frame, _context: Context) -> None:
    """How the runs ended, or whose owners have no run that ended so."""
    status = Ref("field", "status")
    for hit in sentence.each(_ENDED):
        match, first, end = hit
        if _other_sense(sentence, match["all"], first, end):
            if match["all"] == "running" and not sentence.lower(end).startswith("NUM#"):
                sentence.take(end - 1, end)
            continue
        values = tuple(dict.fromkeys(STATUSES[w] for w in re.findall(_STATUS, match["all"])))
        if _owners_without(sentence, hit):
            op = op_of(values, negated=False)
            frame.none_of.append(Test(status, op, values, match["all"]))
            sentence.take(first, end)
        else:
            op = op_of(values, negated=bool(match["neg"] or match["neg2"]))
            keep(sentence, frame, status, op, values, (first, end))
            frame.compare = frame.compare or bool(re.search(r" (?:vs|versus) ", match["all"]))


def _owners_without(sentence: Sentence, hit: Hit) -> bool:
    """Whether "which users have no failed run" asks for owners that have none of these."""
    match, first, _ = hit
    none = match["neg"] and re.match(r"no\b|zero|without|never|not have|not had", match["neg"])
    found = sentence.find(_OWNERS) if none else None
    return found is not None and found[1] < first


def _other_sense(sentence: Sentence, said: str, first: int, end: int) -> bool:
    """No status of a run: "active users", "the complete list", "done" as small talk."""
    before, after = sentence.lower(first - 1), sentence.lower(end)
    if said in {"active", "complete", "done", "passed", "finish", "success", "waiting", "pending"}:
        beside_run = re.fullmatch(t.RUNS, after) or re.fullmatch(t.RUNS, before)
        return not (beside_run or before in {"status", "is", "are", "not"})
    if said in {"broken", "broke", "stuck"} and before in {
        "looks",
        "look",
        "seems",
        "record",
        "records",
    }:
        return True
    if said == "running":
        how_long = after.startswith("NUM#") or before in {"longest", "been"}
        return how_long or after in {"things", "stuff", "experiments"}
    if said in {"fail", "fails", "crash", "failing"} and before == "to":
        return True
    return after in {"rate", "ratio", "percentage", "rates", "percent"}


def deleted(sentence: Sentence, frame: Frame, _context: Context) -> None:
    """Deleted runs count where they are asked for: with the others, or alone."""
    if sentence.eat(
        rf"(?:without|not) (?:counting|including)(?: (?:the|any|all))* {_DELETED}"
        r"(?: (?:ones|runs))?"
    ):
        frame.deleted = "no"
    elif sentence.eat(
        r"(?:including|include|incl|with|plus|even|also|counting)(?: (?:the|any|all|"
        rf"those))* {_DELETED}(?: (?:ones|runs))?"
    ) or sentence.eat(
        rf"{_DELETED}(?: (?:ones|runs))?(?: (?:are|is))? (?:included|counted|too|as well|also)"
    ):
        frame.deleted = "with"
    elif sentence.eat(rf"{t.NEGATION} {_DELETED}(?: (?:ones|runs))?"):
        frame.deleted = "no"
    elif sentence.has(_DELETED) and not sentence.has("archived"):
        sentence.eat(_DELETED)
        frame.deleted = "only"
