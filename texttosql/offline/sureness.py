"""How sure a reading is: sure means that nothing had to be guessed.

Most readings are right because the rules are lenient, and the wrong ones come from the same
leniency: a word let go that singled something out, a condition where a measure was meant, a slip
mended into another name. None of those signs tells right from wrong well enough by itself. So a
reading is sure only if two books agree. One is what the plainest words of the question claim,
read anew and narrowly (texttosql.offline.plainly); the other is what the plan holds. Each claim
must be in the plan, and the plan must hold nothing that was not claimed. For a follow-up the same
is asked of what it changed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from texttosql.offline.claims import Claims, Fact, Unplain
from texttosql.offline.directions import higher_is_better
from texttosql.offline.facts import columns_of, facts_of
from texttosql.offline.frame import Context, Frame
from texttosql.offline.lexer import parts
from texttosql.offline.names import NameIndex, canonical
from texttosql.offline.plainly import claims_of
from texttosql.offline.sentence import Token
from texttosql.offline.understanding import Asked
from texttosql.plan import Plan, Ref

_LONGEST = 30
"""Tokens. Who writes more than that says more than the plain words that were understood."""
_REGISTRY = frozenset({"model", "alias", "stage", "rtag", "rvalue"})
"""Kinds that are only meant where words of the registry stand, which are not plain beside runs."""
_SAID_WHOLE = frozenset({"value", "tagvalue", "run", "dataset"})
_VERSION = re.compile(r"v\d+|prod|production|staging|archived|stage|dev")
"""Said of runs' tags and of registered versions alike."""
_FAMILY: dict[str | None, str] = {
    "value": "value",
    "tagvalue": "value",
    "param": "key",
    "tag": "key",
}
"""Kinds of which it is the store's business where it keeps them."""


def is_sure(
    asked: Asked, tokens: Sequence[Token], frame: Frame, plan: Plan, *, leans: bool
) -> bool:
    """Whether a question, in its place, can only mean this plan.

    Sure is a reading whose names were all spelled out (no slip mended, no part or synonym that
    several things share), that took nothing for granted, and whose every word is plain: it
    claims something that the plan holds, or joins and asks like "show me the". Nothing in the
    plan is left that no word claimed. `tokens` are those before any rule read them.

    `leans`: it goes on from the answer before. Then sure are only a condition, a period or a
    number of rows put in or put in the place of one of the same kind, and another grouping of
    the same measures: "only alice's", "top 3 instead". What does not lean must name its own
    experiment, run or model where something was asked before: "how many runs failed" may mean
    those.
    """
    claims = _claims(tokens, frame, asked.context, leans=leans)
    if claims is None:
        return False
    if leans:
        return asked.sure_earlier and _changes_surely(tokens, claims, plan, asked.earlier)
    follows = asked.unread or (asked.earlier is not None and _narrowed(asked.earlier))
    if _is_bare(tokens, claims) or (follows and not any(token.kind in _PLACES for token in tokens)):
        return False
    return _agree(claims, plan)


_PLACES = frozenset({"experiment", "run", "model"})


def _narrowed(plan: Plan) -> bool:
    return bool(plan.tests or plan.window or plan.windows)


def _changes_surely(
    tokens: Sequence[Token], claims: Claims, plan: Plan, earlier: Plan | None
) -> bool:
    """Whether what differs between the plans is what was claimed."""
    if earlier is None or claims.shown or _kept(plan) != _kept(earlier):
        return False
    new, old = Counter(facts_of(plan)), Counter(facts_of(earlier))
    said = Counter(claims.facts)
    if claims.ends and not (plan.sort == earlier.sort and _best_first(plan)):
        return False  # "top 3" of what had the best first already
    if not said or any(fact[0] not in _CHANGEABLE for fact in said):
        return False
    replaced = {_slot(fact) for fact in old - new}
    adds = tokens[0].text in {"and", "or", "also"}  # "and bob": he too, or he instead?
    return (
        new - old <= said <= new
        and replaced <= {_slot(fact) for fact in said}
        and not (adds and replaced)
        and not _each_or_all(new, plan)
    )


_CHANGEABLE = frozenset({"is", "period", "limit", "by"})


def _slot(fact: Fact) -> tuple[object, ...]:
    return fact[:2] if fact[0] == "is" else fact[:1]


def _kept(plan: Plan) -> Plan:
    """What a sure follow-up leaves as it was."""
    grouped = plan.act == "summary"  # whose groups come in an order of their own
    plan = replace(plan, tests=(), window=None, limit=None, chart=None)
    return replace(plan, by=(), sort=None) if grouped else plan


def _best_first(plan: Plan) -> bool:
    by = plan.sort.by if plan.sort is not None else None
    if plan.sort is None or not isinstance(by, Ref) or by.kind != "metric":
        return False
    return higher_is_better(by.key) is plan.sort.descending


def _claims(
    tokens: Sequence[Token], frame: Frame, context: Context, *, leans: bool
) -> Claims | None:
    """What the words claim; None when one is not plain, or a name could be another's."""
    chosen = any(choice.names[0].kind not in _REGISTRY for choice in frame.choices)
    if chosen or frame.notes or frame.unknown or len(tokens) > _LONGEST:
        return None
    if any(_is_that_day(token, context) for token in tokens):
        return None
    if not all(_plainly_named(token, tokens, context.index) for token in tokens):
        return None
    if not _listed_together(tokens):
        return None
    try:
        return claims_of(tokens, leans=leans)
    except Unplain:
        return None


def _is_bare(tokens: Sequence[Token], claims: Claims) -> bool:
    """Whether a name is all that was said, with nothing that says what about it is asked."""
    asks = claims.act != "list" or any(token.text in {"run", "runs"} for token in tokens)
    named = [fact for fact in claims.facts if fact[0] != "is" or fact[1] == "parent"]
    return not asks and not named and claims.facts.total() + len(claims.shown) < _ENOUGH


_ENOUGH = 2


def _listed_together(tokens: Sequence[Token]) -> bool:
    """Whether names of a kind stand in one list: not in "alice's in churn and bob's in fraud"."""
    last: dict[object, int] = {}
    for at, token in enumerate(tokens):
        if token.kind is None or token.kind in {"metric", "param", "tag"}:
            continue
        of = (token.kind, token.name.key if token.kind in {"value", "tagvalue"} else "")
        between = tokens[last[of] + 1 : at] if of in last else ()
        if any(word.text not in {",", "and", "or"} for word in between):
            return False
        last[of] = at
    return True


def _is_that_day(token: Token, context: Context) -> bool:
    """Whether it may be a week ago: "on friday", said on a Friday."""
    return token.period is not None and f"{context.now:%A}".lower() in token.said.lower()


def _plainly_named(token: Token, tokens: Sequence[Token], index: NameIndex) -> bool:
    """Whether a mention can only be this one thing of the store."""
    if token.mended or token.kind is None:
        return not token.mended
    if not _beside_its_key(token, tokens) and (
        _VERSION.fullmatch(token.said.lower()) or _in_an_experiment(token, index)
    ):
        return False
    if token.kind in _SAID_WHOLE and parts(token.said) != parts(token.name.text):
        return False  # "seed 3" is more than a run called seed3
    rivals = [name for name in token.rivals if name.kind not in _REGISTRY]
    if token.kind == "experiment" and token.partial:
        return len(token.names) == 1 and {name.kind for name in rivals} <= {"dataset"}
    if not token.spelled or any(_FAMILY.get(n.kind) != _FAMILY.get(token.kind) for n in rivals):
        return False
    texts = {name.text.lower() for name in (*token.names, *rivals)}
    return _spelled_so(token) if len(texts) > 1 else not _shared(token, index)


def _beside_its_key(token: Token, tokens: Sequence[Token]) -> bool:
    """Whether a value stands right before or behind what it is a value of."""
    at = tokens.index(token)
    near = (*tokens[max(at - 2, 0) : at], *tokens[at + 1 : at + 2])
    keys = {name.text for other in near for name in other.names if _is_key(other)}
    return bool(token.names) and token.name.key in keys


def _is_key(token: Token) -> bool:
    return _FAMILY.get(token.kind) == "key" and not _VERSION.fullmatch(token.said.lower())


def _in_an_experiment(token: Token, index: NameIndex) -> bool:
    """Whether a bare value could as well be part of an experiment's name."""
    if token.kind not in _SAID_WHOLE:
        return False
    pieces = canonical(parts(token.said))
    lists = [{n for n in index.by_piece[p] if n.kind == "experiment"} for p in pieces]
    return bool(lists and set.intersection(*lists))


def _spelled_so(token: Token) -> bool:
    """Whether letter for letter one of the names, the others being spelled otherwise."""
    exact = [name for name in token.names if name.text == token.said]
    return len(exact) == 1 and token.name == exact[0]


def _shared(token: Token, index: NameIndex) -> bool:
    """Whether a synonym was said that is in other names as well: "auc" where there are two."""
    if token.kind not in {"metric", "param"} or parts(token.said) == parts(token.name.text):
        return False
    pieces = canonical(parts(token.said))
    lists = [{n for n in index.by_piece[p] if n.kind == token.kind} for p in pieces]
    return bool(set.intersection(*lists) - set(token.names)) if lists else True


def _agree(claims: Claims, plan: Plan) -> bool:
    """Whether the plan holds what was claimed, all of it, and nothing else."""
    if plan.act != claims.act or _each_or_all(claims.facts, plan):
        return False
    held = Counter(facts_of(plan))
    for key in claims.shown:  # "recall of rf-90" leaves out the runs that have none
        held.pop(("has", key), None)
    return held == claims.facts and claims.shown <= {ref.key for ref in columns_of(plan)}


def _each_or_all(facts: Counter[Fact], plan: Plan) -> bool:
    """Whether it may be each, or all together: "how many runs did alice and bob do"."""
    names = Counter(fact[1] for fact in facts.elements() if fact[0] == "is")
    return plan.act == "summary" and any(many > 1 for many in names.values())
