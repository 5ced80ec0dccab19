"""Held against another value of the store: "above the average", "beats the champion on f1"."""

from __future__ import annotations

from typing import Literal

from texttosql.offline import tokens as t
from texttosql.offline.comparisons.signs import sign_for
from texttosql.offline.frame import Context, Frame
from texttosql.offline.refs import ref_of
from texttosql.offline.sentence import Sentence
from texttosql.plan import Anchor, Test

_MEAN = r"(?:the |overall |its |their |our |· )*(?:average|avg|mean|median)"
_PATTERNS: tuple[tuple[str, Literal["mean", "run", "alias"]], ...] = (
    (rf"(?P<key>{t.METRIC}){t.LINK} (?P<cmp>{t.COMPARE}) {_MEAN}(?: one| value)?", "mean"),
    (rf"(?P<cmp>{t.COMPARE}) {_MEAN}{t.GAP} (?P<key>{t.METRIC})", "mean"),
    (
        rf"(?P<cmp>{t.COMPARE})(?: (?:the|run))* (?P<run>{t.RUN}){t.GAP} (?P<key>{t.METRIC})",
        "run",
    ),
    (
        (
            rf"(?P<key>{t.METRIC}){t.LINK} (?P<cmp>{t.COMPARE})(?: (?:the|run|that|"
            rf"of))* (?P<run>{t.RUN})"
        ),
        "run",
    ),
    (
        (
            rf"(?P<cmp>{t.COMPARE})(?: (?:the|current|model|"
            rf"our))* (?P<alias>{t.ALIAS})(?: model)?{t.GAP} (?P<key>{t.METRIC})"
        ),
        "alias",
    ),
)


def anchors(sentence: Sentence, frame: Frame, context: Context) -> None:
    """A metric against its mean, against a run's, or against an aliased version's."""
    for pattern, kind in _PATTERNS:
        while (hit := sentence.find(pattern)) is not None:
            match, first, end = hit
            ref = ref_of(sentence, match["key"], frame, context)
            named = match.groupdict().get("run") or match.groupdict().get("alias")
            anchor = Anchor(kind, sentence.token(named).name.text if named else "")
            sign = sign_for(ref, match["cmp"])
            frame.add(Test(ref, sign, (), sentence.said(first, end), anchor), first)
            sentence.take(first, end)
