"""What the plainest words of a question say for certain, as facts that a plan must hold.

A second reading beside the rules, and a much narrower one: it knows few words, each of them in
few places (texttosql.offline.plainly), and gives up at the first that it does not know. It makes
no plan; it only says what must stand in one, and texttosql.offline.sureness compares.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from texttosql.effort import is_effort
from texttosql.offline.directions import higher_is_better
from texttosql.offline.sentence import Sentence, Token

Fact = tuple[object, ...]
"""("is", "user", "alice"), (">", "recall", 0.9), ("limit", 5.0), ("measure", "mean", "f1") …"""

STATUS = {"failed": "FAILED", "crashed": "FAILED", "finished": "FINISHED", "running": "RUNNING",
          "killed": "KILLED", "scheduled": "SCHEDULED"}  # fmt: skip
CONDITIONS = frozenset({"experiment", "user", "value", "tagvalue", "run", "dataset"})
"""Kinds of names that narrow the runs wherever they stand."""
_PERIOD = re.compile(
    r"(?:(?:that )?(?:started?|created|ran|run|made|logged) )?"
    r"(?:(?:in|on|during|from|of|for|over|within|since|before|after) )?"
    r"(?!the last (?:week|month|quarter|year))(?:the )?"  # the calendar's, or so long back?
    r"(?:today|yesterday|(?:so far )?(?:this|last) (?:week|month|quarter|year)|"
    r"(?:last|past) \d+ ?(?:h|hours|d|days|weeks|months)|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|"
    r"[a-z]{3,9}(?: \d{1,2}(?:st|nd|rd|th)?)?(?: 20\d\d)?|"
    r"\d{1,2}(?:st|nd|rd|th)? (?:of )?[a-z]{3,9}(?: 20\d\d)?|20\d\d-\d\d-\d\d)|"
    r"between 20\d\d-\d\d-\d\d and 20\d\d-\d\d-\d\d"
)
_FILL = frozenset(
    "a all among an and any anything are at by can could did do does everything find for "
    "from get gimme give got had has have hello hey hi i in is list listing logged made me "
    "of ok on our out please pls plz ran run runs see show shows so start started tagged tell "
    "thank thanks that thats the their there thx to tracktalk us use used uses using want was we "
    "were what where which with would you . , ? ! :".split()
)
"""Words that ask and join, and single nothing out wherever they stand."""
_LEANS = frozenset("about as but how instead just now ok only ones same then what".split())
"""The same for words that go on from the answer before."""
_BESIDE = {"experiment": "experiment", "exp": "experiment", "project": "experiment",
           "user": "user", "run": "run", "dataset": "dataset", "param": "param",
           "parameter": "param", "metric": "metric", "tag": "tag"}  # fmt: skip
"""Nouns that say of a name beside them only what it is the name of."""


@dataclass(slots=True)
class Claims:
    """What was said for certain: `act` and `facts` of the plan.

    `shown` are metrics that are named and neither tested nor measured; `ranker` decides an end.
    """

    act: str = "list"
    facts: Counter[Fact] = field(default_factory=Counter)
    shown: set[str] = field(default_factory=set)
    ends: list[str] = field(default_factory=list)
    ranker: str | None = None

    def add(self, *facts: Fact) -> None:
        """Note facts."""
        self.facts.update(facts)


class Unplain(Exception):
    """Something that the plain reading does not settle."""


Match = re.Match[str]
Rule = tuple[str, Callable[[Sentence, Match, Claims], None]]
"""A pattern over typed tokens, and what is claimed by words that fit it."""


def claimed(tokens: Sequence[Token], rules: Sequence[Rule], *, leans: bool = False) -> Claims:
    """The facts of a question. Raises Unplain when a word of it is not plain.

    `leans`: it may go on from the answer before, as in "only the failed ones".
    """
    sentence, claims = Sentence(tokens), Claims()
    for pattern, rule in rules:
        while (match := sentence.eat(pattern)) is not None:
            rule(sentence, match, claims)
    _rest(sentence, claims, _FILL | _LEANS if leans else _FILL)
    if not leans:
        _rank(claims)
    return claims


def _rest(sentence: Sentence, claims: Claims, fill: frozenset[str]) -> None:
    """Mentions that stand alone are conditions, a metric alone is to be shown."""
    for index, token in enumerate(sentence.tokens):
        if sentence.taken[index]:
            continue
        if token.period is not None:
            claims.add(_period(token))
        elif token.kind == "metric":
            claims.shown.add(token.name.text)
        elif token.kind in CONDITIONS:
            claims.add(is_named(token))
        elif token.kind is not None or not (token.text in fill or _joins(sentence, index)):
            raise Unplain(token.said)


def _joins(sentence: Sentence, index: int) -> bool:
    """Whether a word is plain beside a name: "alice or bob", "the churn experiment"."""
    tokens, word = sentence.tokens, sentence.lower(index)
    before = tokens[index - 1] if index else None
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    if word == "or" and before is not None and after is not None:
        same = before.kind == after.kind and before.kind in CONDITIONS
        if same and before.kind in {"value", "tagvalue"}:
            return before.name.key == after.name.key
        return same or {before.text, after.text} <= STATUS.keys()
    kinds = {near.kind for near in (before, after) if near is not None}
    return _BESIDE.get(word) in kinds and word in _BESIDE


def is_named(token: Token) -> Fact:
    """That a run is of what the mention names."""
    name = token.name
    if token.kind == "experiment":
        return ("is", "experiment_id", float(name.key))
    kind = "value" if token.kind in {"value", "tagvalue"} else str(token.kind)
    return ("is", kind, name.text)


def _period(token: Token) -> Fact:
    if token.period is None or not _PERIOD.fullmatch(token.said.lower()):
        raise Unplain(token.said)
    window = token.period.window
    return ("period", window.start_ms, window.end_ms)


def _rank(claims: Claims) -> None:
    """An end and what it is the end of belong together, and there is one of each."""
    if not claims.ends and claims.ranker is None:
        return
    if len(claims.ends) != 1 or claims.ranker is None:
        raise Unplain(*claims.ends)
    if claims.shown != {claims.ranker}:
        raise Unplain(*claims.shown)  # "best recall and precision"
    end, up = claims.ends[0], higher_is_better(claims.ranker)
    literal = end in {"high", "low"}
    if not literal and (up is None or (end == "top" and is_effort(claims.ranker))):
        raise Unplain(claims.ranker)  # "top 5 by train_time": the longest, or the best?
    claims.add(("sort", claims.ranker, {"high": True, "low": False, "worst": not up}.get(end, up)))


def number_at(sentence: Sentence, text: str) -> float:
    """The number a placeholder stands for. Raises Unplain on a percentage."""
    word = sentence.token(text).word
    if word is None or word.number is None or word.percent:
        raise Unplain(text)
    return word.number


def key_at(sentence: Sentence, text: str) -> str:
    """The store's own spelling of the name a placeholder stands for."""
    return sentence.token(text).name.text
