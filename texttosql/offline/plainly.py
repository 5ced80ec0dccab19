"""The plain words: what each claims, and in which place (texttosql.offline.claims).

A phrase stands here only if it means one thing for whoever says it about runs. What has two
readings ("without a scaler", "trials", "in total") is left out, and so makes a reading unsure.
"""

from __future__ import annotations

from collections.abc import Sequence

from texttosql.offline import lexicon
from texttosql.offline import tokens as t
from texttosql.offline.claims import (
    STATUS,
    Claims,
    Fact,
    Match,
    Rule,
    Unplain,
    claimed,
    is_named,
    key_at,
    number_at,
)
from texttosql.offline.sentence import Sentence, Token

_KEY = rf"(?:{t.METRIC}|{t.PARAM})"
_RUNS = r"runs?"  # a trial is a run of a sweep, and then its parent is none
_IS = r"(?:(?: (?:is|was|of|score|scores|value|are|were|that is))*)"
_SIGNS = {
    ">": "over above exceeding > more_than higher_than greater_than larger_than bigger_than",
    "<": "under below < less_than lower_than smaller_than fewer_than",
    ">=": "at_least >= no_less_than", "<=": "at_most <= up_to no_more_than",
    "=": "= equal_to exactly equals",
}  # fmt: skip
_SIGN_OF = {said.replace("_", " "): sign for sign, all_ in _SIGNS.items() for said in all_.split()}
_SIGN = t.any_of(_SIGN_OF)
_ENDS = {"best": "best", "worst": "worst", "highest": "high", "lowest": "low", "largest": "high",
         "smallest": "low", "top": "top", "bottom": "worst"}  # fmt: skip
_END = t.any_of(_ENDS)
_TIME_ENDS = {"latest": True, "newest": True, "most recent": True, "last": True, "oldest": False,
              "earliest": False, "first": False}  # fmt: skip
_SPEEDS = {"shortest": False, "longest": True, "slowest": True}  # the fastest ones have failed
_FNS = {"average": "mean", "avg": "mean", "mean": "mean", "median": "median", "maximum": "max",
        "max": "max", "minimum": "min", "min": "min", "std": "std", "total": "sum",
        "sum": "sum"}  # fmt: skip
_NOUN = {"experiment": "experiment", "exp": "experiment", "user": "user", "person": "user",
         "status": "status", "day": "day", "week": "week", "month": "month"}  # fmt: skip
_PACES = {"daily": "day", "weekly": "week", "monthly": "month"}
_DIM = rf"(?P<dim>{t.any_of(_NOUN)}|{t.PARAM}|{t.TAG})"
_STATE = rf"(?P<state>{t.any_of(STATUS)})"
_BEFORE_RUNS = rf"(?= (?:(?:EXP|VALUE|USER)#\d+ |{t.any_of(STATUS)} )*{_RUNS}(?: |$))"
_AT_END = r"(?= (?:PERIOD#\d+|EXP#\d+|in|on|by|\?)|$)"
_SCORE = r"(?: (?:scores?|values?))?"
_UNIT = r"(?:seconds?|secs?|minutes?|mins?|hours?|hrs?)"
_THE = r"(?:(?:the|a|an|all|of|any) )*"


def claims_of(tokens: Sequence[Token], *, leans: bool = False) -> Claims:
    """What a question claims. Raises Unplain; `leans` as in `claimed`."""
    return claimed(tokens, _RULES, leans=leans)


def _many(sentence: Sentence, match: Match) -> Fact:
    return ("limit", number_at(sentence, match["many"]) if match["many"] else 1.0)


def _between(sentence: Sentence, match: Match, claims: Claims) -> None:
    key = key_at(sentence, match["key"])
    claims.add((">=", key, number_at(sentence, match["low"])))
    claims.add(("<=", key, number_at(sentence, match["high"])))


def _bound(sentence: Sentence, match: Match, claims: Claims) -> None:
    sign = _SIGN_OF[match["sign"] or "="]
    claims.add((sign, key_at(sentence, match["key"]), number_at(sentence, match["number"])))


def _of_key(sentence: Sentence, match: Match, claims: Claims) -> None:
    """A value beside its own key: the key says nothing more."""
    value = sentence.token(match["value"])
    if value.name.key != key_at(sentence, match["key"]):
        raise Unplain(value.said)
    claims.add(is_named(value))


def _flag(sentence: Sentence, match: Match, claims: Claims) -> None:
    claims.add(("flag", key_at(sentence, match["key"]), match["flag"]))


def _lasted(sentence: Sentence, match: Match, claims: Claims) -> None:
    sign = ">" if match["way"] in {"longer than", "more than", "over"} else "<"
    seconds = number_at(sentence, match["number"]) * lexicon.UNITS[match["unit"]]
    claims.add((sign, "duration", seconds))


def _end_of(sentence: Sentence, match: Match, claims: Claims) -> None:
    _end(sentence, match, claims)
    claims.ranker = key_at(sentence, match["key"])
    claims.shown.add(claims.ranker)


def _end(sentence: Sentence, match: Match, claims: Claims) -> None:
    claims.ends.append(_ENDS[match["end"]])
    claims.add(_many(sentence, match))


def _ranker(sentence: Sentence, match: Match, claims: Claims) -> None:
    if claims.ranker is not None:
        raise Unplain(match["key"])
    claims.ranker = key_at(sentence, match["key"])
    claims.shown.add(claims.ranker)


def _time_end(sentence: Sentence, match: Match, claims: Claims) -> None:
    claims.add(("sort", "started", _TIME_ENDS[match["end"]]), _many(sentence, match))


def _speed(sentence: Sentence, match: Match, claims: Claims) -> None:
    claims.add(("sort", "duration", _SPEEDS[match["end"]]), _many(sentence, match))


def _count(_sentence: Sentence, _match: Match, claims: Claims) -> None:
    claims.act = "summary"
    claims.add(("measure", "count"))


def _users(_sentence: Sentence, _match: Match, claims: Claims) -> None:
    claims.act = "summary"
    claims.add(("measure", "distinct", "user"))


def _function(sentence: Sentence, match: Match, claims: Claims) -> None:
    if match["fn"] in {"max", "min", "maximum", "minimum"} and sentence.has("run|which|who"):
        raise Unplain(match.group())  # "the run with the max f1" is a run
    claims.act = "summary"
    key = key_at(sentence, match["of"]) if "#" in match["of"] else "duration"
    claims.add(("measure", _FNS[match["fn"]], key))


def _group(sentence: Sentence, match: Match, claims: Claims) -> None:
    dim = match["dim"]
    claims.add(("by", "key", key_at(sentence, dim)) if "#" in dim else ("by", "field", _NOUN[dim]))


def _paced(_sentence: Sentence, match: Match, claims: Claims) -> None:
    claims.add(("by", "field", _PACES[match["pace"]]))


def _count_by(sentence: Sentence, match: Match, claims: Claims) -> None:
    """Runs by something are counted, unless something of theirs is measured."""
    if claims.act == "list":
        _count(sentence, match, claims)
    _group(sentence, match, claims)


def _two_ways(_sentence: Sentence, match: Match, _claims: Claims) -> None:
    """Not plain: "recall and f1 above 0.9" (both?), "the runs with the best f1" (one?)."""
    raise Unplain(match.group())


def _nothing(_sentence: Sentence, _match: Match, _claims: Claims) -> None:
    """Words that say what goes without saying."""


def _state(_sentence: Sentence, match: Match, claims: Claims) -> None:
    claims.add(("is", "status", STATUS[match["state"]]))


def _share(sentence: Sentence, match: Match, claims: Claims) -> None:
    claims.act = "summary"
    claims.add(("measure", "share", STATUS[match["state"]]))
    if match["in"]:
        claims.add(is_named(sentence.token(match["in"])))


def _rate(_sentence: Sentence, match: Match, claims: Claims) -> None:
    claims.act = "summary"
    claims.add(("measure", "share", "FAILED" if match["fail"] else "FINISHED"))


def _most_runs(_sentence: Sentence, match: Match, claims: Claims) -> None:
    claims.act = "summary"
    noun = _NOUN.get(match["noun"] or "user", "user")
    claims.add(("measure", "count"), ("by", "field", noun), ("limit", 1.0), ("sort", 0, True))
    if match["state"]:
        claims.add(("is", "status", STATUS[match["state"]]))


def _children(sentence: Sentence, match: Match, claims: Claims) -> None:
    claims.add(("is", "parent", key_at(sentence, match["run"])))


def _has(sentence: Sentence, match: Match, claims: Claims) -> None:
    claims.add(("has", key_at(sentence, match["key"])))


def _lacks(sentence: Sentence, match: Match, claims: Claims) -> None:
    claims.add(("missing", key_at(sentence, match["key"])))


def _curve(sentence: Sentence, match: Match, claims: Claims) -> None:
    claims.act = "history"
    claims.shown.add(key_at(sentence, match["key"]))


def _details(sentence: Sentence, match: Match, claims: Claims) -> None:
    claims.act = "detail" if match["of"].startswith("RUN") else "names"
    claims.add(("keys", _KEYS[match["keys"]]), is_named(sentence.token(match["of"])))


def _versions(sentence: Sentence, match: Match, claims: Claims) -> None:
    said = [match["model"], *filter(None, (match.groupdict().get("place"),))]
    claims.add(("subject", "versions"), *(is_named(sentence.token(text)) for text in said))


_KEYS = {"metrics": "metric", "params": "param", "parameters": "param", "tags": "tag"}
_RULES: Sequence[Rule] = (
    (rf"{t.METRIC}(?: ,)? (?:and|or) {t.METRIC}{_IS} (?:{_SIGN}|between)", _two_ways),
    (rf"runs(?: \S+)* (?:with|have|has|had) (?:the )?{_END} {t.METRIC}", _two_ways),
    (rf"(?:without|missing|lacking|no) {_THE}{t.METRIC} (?:and|or)", _two_ways),
    (rf"(?P<key>{_KEY}){_IS} between (?P<low>{t.NUM}) and (?P<high>{t.NUM})", _between),
    ((rf"(?P<key>{_KEY}){_IS} (?P<sign>{_SIGN}) (?P<number>{t.NUM})"
     r"(?! (?:percent|or|seconds?|minutes?|hours?|and (?:more|less|above|below|higher|lower)))"),
     _bound),
    (rf"(?P<key>{t.PARAM}|{t.TAG})(?: (?:is|was|=|:|set to))? (?P<flag>true|false)", _flag),
    (rf"(?P<key>{t.PARAM})(?: (?:is|was|of|set to))?(?P<sign>) (?P<number>{t.NUM})", _bound),
    (rf"(?P<key>{t.PARAM}|{t.TAG})(?: (?:is|was|of|=|:))? (?P<value>{t.VALUE})", _of_key),
    (rf"(?P<value>{t.VALUE})(?: as)?(?: the)? (?P<key>{t.PARAM}|{t.TAG})", _of_key),
    ((rf"(?:(?:that|which) )?(?:(?:took|taking|lasted|lasting|ran) )?(?:for )?"
     rf"(?P<way>longer than|shorter than|more than|less than|over|under) (?P<number>{t.NUM}) "
     rf"(?P<unit>{_UNIT}){_AT_END}"), _lasted),
    ((rf"(?:who|which (?P<noun>experiment|exp|user|person)) (?:ran|has|had|did|made|started) "
     rf"{_THE}most (?:{_STATE} )?{_RUNS}"), _most_runs),
    (r"which (?P<noun>user) ran the most(?P<state>)(?= (?:in|PERIOD#\d+|\?)|$)", _most_runs),
    ((rf"(?:share|percentage|percent|fraction|%) of {_THE}(?:(?P<in>{t.EXP}|{t.USER}) )?{_RUNS}"
     rf"(?: (?:that|are|were|have|has|had|is))* {_STATE}"), _share),
    (r"(?P<fail>failure) rate|(?P<success>success) rate", _rate),
    (rf"who (?:has|had|got|gets)(?= (?:the )?{_END} {t.METRIC})", _nothing),
    (rf"still(?= {t.any_of(STATUS)})", _nothing),
    (rf"(?P<end>{_END})(?: (?P<many>{t.NUM}))?(?: final)? (?P<key>{t.METRIC}){_SCORE}",
     _end_of),
    (rf"(?P<many>{t.NUM}) (?P<end>{_END}) (?P<key>{t.METRIC}){_SCORE}", _end_of),
    (rf"(?P<end>{_END}) (?P<many>{t.NUM})", _end),
    (rf"(?P<many>{t.NUM}) (?P<end>{_END})", _end),
    (r"(?P<end>best|worst)(?P<many>)(?= (?:(?:EXP|VALUE|USER)#\d+ )?run(?: |$))", _end),
    (rf"(?:(?:sorted|ranked) )?(?:by|on) {_THE}(?P<key>{t.METRIC})", _ranker),
    (rf"(?P<many>{t.NUM}) (?P<end>latest|newest|oldest|earliest){_BEFORE_RUNS}", _time_end),
    (rf"(?P<many>{t.NUM}) (?P<end>{t.any_of(_SPEEDS)}){_BEFORE_RUNS}", _speed),
    (rf"(?P<end>{t.any_of(_TIME_ENDS)})(?: (?P<many>{t.NUM}))?{_BEFORE_RUNS}", _time_end),
    (rf"(?P<end>{t.any_of(_SPEEDS)})(?: (?P<many>{t.NUM}))?{_BEFORE_RUNS}", _speed),
    (rf"how many {_THE}(?:different |distinct )?users(?: are there)?(?= \?|$)", _users),
    (r"(?:how many|(?:the )?number of)(?= (?:\S+ )*runs?(?: |$))", _count),
    (rf"(?P<fn>{t.any_of(_FNS)}) {_THE}(?:run )?(?P<of>{t.METRIC}|duration|runtime)", _function),
    (rf"(?<!\S)runs (?:by|per|for each) {_DIM}", _count_by),
    (rf"(?:by|per|(?:for|in|of) each|for every|grouped by|group by) {_DIM}", _group),
    (rf"(?P<pace>{t.any_of(_PACES)})(?= ·)", _paced),
    (rf"(?:children|child runs) of (?:the )?(?P<run>{t.RUN})", _children),
    (rf"(?P<key>{t.METRIC}) (?:curve|history)", _curve),
    ((rf"(?P<keys>{t.any_of(_KEYS)}) (?:(?:are|were|logged|used|does|of|for|in|on) )*"
     rf"(?P<of>{t.RUN}|{t.EXP})(?: (?:logs?|uses?))?(?! runs?)"), _details),
    (rf"(?:with|have|has|having|that logged) {_THE}(?P<key>{t.METRIC}){_AT_END}", _has),
    # Not of params: "without a scaler" may well be `scaler = none`.
    (rf"(?:without|missing|lacking|with no|have no) {_THE}(?P<key>{t.METRIC})", _lacks),
    ((rf"versions? of (?:the )?(?P<model>{t.MODEL})(?: model)?(?: (?:is|are))?(?: (?:in|the|as))*"
     rf"(?: (?P<place>{t.STAGE}|{t.ALIAS}))?"), _versions),
    (rf"(?P<model>{t.MODEL}) versions", _versions),
    (_STATE, _state),
)  # fmt: skip
"""Tried in this order, each as often as it fits; a later rule sees what the earlier ones left."""
