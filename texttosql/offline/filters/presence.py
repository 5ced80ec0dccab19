"""A key that is there or not: "without dropout", "that never logged loss", "with a release tag"."""

from __future__ import annotations

import re

from texttosql.offline import tokens as t
from texttosql.offline.frame import Context, Frame
from texttosql.offline.keeping import keep
from texttosql.offline.refs import ref_of
from texttosql.offline.sentence import Sentence
from texttosql.plan import Ref

_MISSING = (
    r"(?:(?:without|lacking|missing|no|never|not|lack)(?: (?:a|an|any|the|logged|logging|"
    r"log|have|has|having|set|recorded|tracked|reported|report|did|that|value|for|tag|"
    r"param|parameter|metric))*)"
    rf" (?P<key>{t.KEY})(?: (?:tag|param|parameter|metric|set|logged|value|recorded|at all|"
    r"reported))*"
)
_PRESENT = (
    r"(?:with|have|has|having|that have|which have|logged|log|logging|recorded|contain|"
    r"containing|carry|carrying|tracking|reported|report)(?: (?:a|an|any|the|logged|"
    r"set))*"
    rf" (?P<key>{t.TAG}|{t.METRIC}|{t.PARAM})(?: (?:tag|metric|param|parameter|logged|set|"
    r"value))*(?=$| (?:\?|\.|,|PERIOD|in|for|by|EXP|USER|·))"
)
_LOGGED = (
    r"logged|log|logging|recorded|reported|report|have|has|having|contain|with|carry|carrying|"
    r"tracking"
)
_SURELY = r"logged|log|recorded|report|tracking|contain|carry|carrying"
_RANKS = r"best|top|highest|lowest|worst|most|average|avg|mean|max|min|median"


_ANY_KEY = {"tag": "tags?", "param": "params?|parameters?", "metric": "metrics?"}
_SOME_NOTE = r"(?:with|having|that have|have|has) (?:a|an|any|some)? ?(?:notes?|descriptions?)"
_LACKS = r"(?:without|with no|no|lacking|that have no|missing)(?: (?:a|an|any))*"
_NO_NOTE = rf"{_LACKS} (?:notes?|descriptions?)"
_NO_DATA = rf"{_LACKS} datasets?(?: logged| set| attached)?"
_NO_RUNS = (
    r"(?:with|have|has|having|that have)? ?(?:no|zero|without|without any|not any) "
    r"(?:runs?|trials?)(?: at all| yet)?"
)


def anything(sentence: Sentence, frame: Frame, _context: Context) -> None:
    """Presence of any tag, of a note, of runs: "without any tags", "experiments with no runs"."""
    for kind, nouns in _ANY_KEY.items():
        without = rf"(?:without|with no|lacking|that have no)(?: (?:a|any|single))* (?:{nouns})"
        if (hit := sentence.find(without)) is not None:
            ref = Ref(kind, "")  # type: ignore[arg-type]  # a RefKind, from the table above
            keep(sentence, frame, ref, "missing", (), hit[1:])
    for pattern, op in ((_NO_NOTE, "missing"), (_SOME_NOTE, "exists")):
        if (hit := sentence.find(pattern)) is not None and not sentence.has("version|versions"):
            keep(sentence, frame, Ref("field", "note"), op, (), hit[1:])  # type: ignore[arg-type]
    if (hit := sentence.find(_NO_DATA)) is not None:
        keep(sentence, frame, Ref("field", "dataset"), "missing", (), hit[1:])
    empty = sentence.find(_NO_RUNS) or sentence.find(r"empty(?= experiments?)")
    if empty is not None and sentence.has(t.EXPERIMENTS):
        keep(sentence, frame, Ref("field", "runs"), "missing", (), empty[1:])


def missing(sentence: Sentence, frame: Frame, context: Context) -> None:
    """Runs that lack a key: "without dropout"; a number behind it makes it a bound."""
    while (hit := sentence.find(_MISSING)) is not None:
        match, first, end = hit
        after = sentence.lower(end)
        if after in {"=", ">", "<"} or after.startswith(("NUM#", "VALUE#")):
            break
        ref = ref_of(sentence, match["key"], frame, context)
        keep(sentence, frame, ref, "missing", (), (first, end))


def present(sentence: Sentence, frame: Frame, context: Context) -> None:
    """Runs that have a key: "that logged loss"; where runs are ranked it is what ranks them."""
    hit = sentence.find(_PRESENT)
    if hit is None or not re.match(_LOGGED, hit[0].group()):
        return
    if not sentence.has(rf"{t.RUNS}|who|which|how") or sentence.has(_RANKS):
        return
    match, first, end = hit
    if sentence.token(match["key"]).kind == "tag" or re.match(_SURELY, match.group()):
        ref = ref_of(sentence, match["key"], frame, context)
        keep(sentence, frame, ref, "exists", (), (first, end))
