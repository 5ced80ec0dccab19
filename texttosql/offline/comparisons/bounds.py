"""A bound on a metric, param or tag: "recall above 0.9", "lr between 1e-4 and 1e-3"."""

from __future__ import annotations

import re

from texttosql.offline import tokens as t
from texttosql.offline.comparisons.signs import sign_for
from texttosql.offline.frame import Context, Frame
from texttosql.offline.keeping import keep
from texttosql.offline.refs import number_of, ref_of
from texttosql.offline.sentence import Sentence
from texttosql.plan import Op, Ref

_PAIR = (
    rf"(?:between|from|in range|in the range|range) (?P<low>{t.NUM}) (?:and|to|"
    rf"-) (?P<high>{t.NUM})"
)


def between(sentence: Sentence, frame: Frame, context: Context) -> None:
    """Both ends: "recall between 0.8 and 0.9"."""
    for pattern in (
        rf"(?P<neg>{t.NEGATION} )?(?P<key>{t.KEY}){t.LINK} {_PAIR}",
        rf"(?P<neg>{t.NEGATION} )?{_PAIR}{t.GAP} (?P<key>{t.KEY})",
    ):
        while (hit := sentence.find(pattern)) is not None:
            match, first, end = hit
            ref = ref_of(sentence, match["key"], frame, context)
            low = number_of(sentence.token(match["low"]), ref, frame, context)
            high = number_of(sentence.token(match["high"]), ref, frame, context)
            keep(sentence, frame, ref, ">=", (low,), (first, end))
            keep(sentence, frame, ref, "<=", (high,), (first, end))


def by_sign(sentence: Sentence, frame: Frame, context: Context) -> None:
    """Above or below zero: "a negative r2", "positive gain"."""
    for pattern in (
        rf"(?P<sign>negative|positive)(?: values? (?:of|for))? (?P<key>{t.METRIC})",
        rf"(?P<key>{t.METRIC}){t.LINK} (?P<sign>negative|positive|below zero|above zero)",
    ):
        if (hit := sentence.find(pattern)) is not None:
            ref = ref_of(sentence, hit[0]["key"], frame, context)
            down = hit[0]["sign"] in {"negative", "below zero"}
            keep(sentence, frame, ref, "<" if down else ">", (0,), hit[1:])


def key_then_bound(sentence: Sentence, frame: Frame, context: Context) -> None:
    """The key first: "recall above 0.9"."""
    pattern = (
        rf"(?P<neg>{t.NEGATION} )?(?P<key>{t.KEY}){t.LINK} (?P<neg2>not )?(?P<cmp>{t.COMPARE})"
        rf"(?: (?:than|of|a|an|the|about))* (?P<n>{t.NUM})(?: {t.UNIT}|%)?"
    )
    while (hit := sentence.find(pattern)) is not None:
        match, first, end = hit
        ref = ref_of(sentence, match["key"], frame, context)
        value = number_of(sentence.token(match["n"]), ref, frame, context)
        negated = bool(match["neg"] or match["neg2"])
        sign = sign_for(ref, match["cmp"], negated=negated)
        keep(sentence, frame, ref, sign, (value,), (first, end))


def bound_key_number(sentence: Sentence, frame: Frame, context: Context) -> None:
    """The key in the middle: "deeper than max_depth 3"."""
    pattern = rf"(?P<cmp>{t.COMPARE}) (?P<key>{t.KEY})(?: (?:of|=|than|at))* (?P<n>{t.NUM})"
    if (hit := sentence.find(pattern)) is not None:
        match, first, end = hit
        ref = ref_of(sentence, match["key"], frame, context)
        value = number_of(sentence.token(match["n"]), ref, frame, context)
        sign = sign_for(ref, match["cmp"])
        if sign in {"<", ">", "<=", ">="}:
            keep(sentence, frame, ref, sign, (value,), (first, end))


def bound_then_key(sentence: Sentence, frame: Frame, context: Context) -> None:
    """The key last: "over 90% accuracy"."""
    pattern = (
        rf"(?P<neg>{t.NEGATION} )?(?P<cmp>{t.COMPARE})(?: (?:than|of|a|an|the|"
        rf"about))* (?P<n>{t.NUM})(?: percent|%)?{t.GAP} (?P<key>{t.KEY})"
    )
    while (hit := sentence.find(pattern)) is not None:
        match, first, end = hit
        ref = ref_of(sentence, match["key"], frame, context)
        value = number_of(sentence.token(match["n"]), ref, frame, context)
        sign = sign_for(ref, match["cmp"], negated=bool(match["neg"]))
        keep(sentence, frame, ref, sign, (value,), (first, end))


def at_least(sentence: Sentence, frame: Frame, context: Context) -> None:
    """A number with a plus: "0.9+ recall"."""
    for pattern in (
        rf"(?P<key>{t.KEY}){t.LINK} (?P<n>{t.ATLEAST})",
        rf"(?P<n>{t.ATLEAST}){t.GAP} (?P<key>{t.KEY})",
    ):
        while (hit := sentence.find(pattern)) is not None:
            ref = ref_of(sentence, hit[0]["key"], frame, context)
            value = number_of(sentence.token(hit[0]["n"]), ref, frame, context)
            keep(sentence, frame, ref, ">=", (value,), hit[1:])


def after_number(sentence: Sentence, frame: Frame, context: Context) -> None:
    """The comparison behind the number: "0.9 recall or better", "recall 0.9 or higher"."""
    for pattern in (
        rf"(?P<key>{t.KEY}){t.LINK} (?P<n>{t.NUM}) (?P<post>{t.AFTERWARDS})",
        rf"(?P<n>{t.NUM}){t.GAP} (?P<key>{t.KEY}) (?P<post>{t.AFTERWARDS})",
        rf"(?P<n>{t.NUM}) (?P<post>{t.AFTERWARDS}){t.GAP} (?P<key>{t.KEY})",
    ):
        while (hit := sentence.find(pattern)) is not None:
            match, first, end = hit
            ref = ref_of(sentence, match["key"], frame, context)
            value = number_of(sentence.token(match["n"]), ref, frame, context)
            less = re.search(r"less|lower|below|fewer|under|worse", match["post"])
            sign: Op = "<=" if less else ">="
            keep(sentence, frame, ref, sign, (value,), (first, end))


def bound_alone(sentence: Sentence, frame: Frame, context: Context) -> None:
    """A metric named elsewhere, here or in the question before: "which runs beat 0.9?"."""
    pattern = rf"(?P<neg>{t.NEGATION} )?(?P<cmp>{t.COMPARE})(?: (?:than|of|a|the))* (?P<n>{t.NUM})"
    keys = [match.group() for match, _, _ in sentence.find_all(t.METRIC)]
    hit = sentence.find(pattern)
    earlier = _earlier_metric(context)
    if hit is None or len(set(keys)) > 1 or not (keys or earlier):
        return
    match, first, end = hit
    ref = ref_of(sentence, keys[0], frame, context) if keys else earlier or Ref("metric", "")
    if keys and match["cmp"] == "=":
        return
    value = number_of(sentence.token(match["n"]), ref, frame, context)
    sign = sign_for(ref, match["cmp"], negated=bool(match["neg"]))
    keep(sentence, frame, ref, sign, (value,), (first, end))


def _earlier_metric(context: Context) -> Ref | None:
    """What a bare bound in a follow-up is about: the metric of the question before."""
    plan = context.earlier
    if plan is None:
        return None
    tested = [test.ref for test in plan.tests if test.ref.kind == "metric" and test.ref.key]
    by = plan.sort.by if plan.sort else None
    sorted_by = [by] if isinstance(by, Ref) and by.kind == "metric" else []
    measured = [measure.ref for measure in plan.measures if measure.ref is not None]
    shown = [ref for ref in plan.show if ref.kind == "metric"]
    return next(iter([*tested, *sorted_by, *measured, *shown]), None)
