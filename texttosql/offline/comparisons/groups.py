"""Bounds on groups, not on runs: "experiments with more than 50 runs", "an average over 0.75"."""

from __future__ import annotations

from texttosql.compose import measure_name
from texttosql.offline import tokens as t
from texttosql.offline.frame import Context, Frame
from texttosql.offline.lexicon import AGGREGATES
from texttosql.offline.refs import number_of, ref_of
from texttosql.offline.sentence import Sentence
from texttosql.plan import Measure, Ref, Test

_GROUPS = (
    r"(?:models?|users?|who|experiments?|optimizers?|which PARAM#\d+|which TAG#\d+|by|per|each)"
)


def group_sizes(sentence: Sentence, frame: Frame, _context: Context) -> None:
    """How many runs or versions a group has: "experiments with more than 50 runs"."""
    pattern = (
        rf"(?:with |that have |having |who have |has |have )*(?P<cmp>{t.COMPARE})(?: than)? "
        rf"(?P<n>{t.NUM}) (?:{t.RUNS}|versions?)"
    )
    while (hit := sentence.find(pattern)) is not None:
        match, first, end = hit
        token = sentence.token(match["n"])
        value = int(token.word.number or 0) if token.word else 0
        said = sentence.said(first, end)
        noun = "versions" if "version" in said else "runs"
        sign = t.operator(match["cmp"])
        frame.having.append(Test(Ref("field", noun), sign, (value,), said))
        sentence.take(first, end)


def group_bounds(sentence: Sentence, frame: Frame, context: Context) -> None:
    """A bound on each group's own number: "models with an average recall over 0.75"."""
    aggregate = t.any_of(AGGREGATES)
    pattern = (
        r"(?:with |whose |having |that have |where )*(?:an? |"
        rf"the )?(?P<fn>{aggregate})(?: (?:of|"
        rf"the))* (?P<key>{t.METRIC}){t.LINK} (?P<cmp>{t.COMPARE})(?: than)? (?P<n>{t.NUM})"
    )
    hit = sentence.find(pattern)
    if hit is None or not sentence.has(_GROUPS):
        return
    match, first, end = hit
    ref = ref_of(sentence, match["key"], frame, context)
    fn = AGGREGATES[match["fn"]]
    value = number_of(sentence.token(match["n"]), ref, frame, context)
    name = measure_name(Measure(fn, ref))  # type: ignore[arg-type]  # its values are Fns
    said = sentence.said(first, end)
    frame.having.append(Test(Ref("field", name), t.operator(match["cmp"]), (value,), said))
    frame.measures.append((fn, ref))  # type: ignore[arg-type]  # same
    sentence.take(first, end)
