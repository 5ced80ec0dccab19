"""A key and its worth: "batch size 64", "adam optimizer", "high priority"."""

from __future__ import annotations

import re

from texttosql.offline import tokens as t
from texttosql.offline.filters.parts import AND, WORTH, note_versus, op_of
from texttosql.offline.filters.worths import worths_of
from texttosql.offline.frame import Context, Frame
from texttosql.offline.keeping import keep
from texttosql.offline.line import Hit
from texttosql.offline.refs import ref_of
from texttosql.offline.sentence import Sentence
from texttosql.plan import Ref

_RANKED = r"top|best|bottom|worst|last|first|latest|highest|lowest|longest|fastest|slowest|recent"


def several_values(sentence: Sentence, frame: Frame, context: Context) -> None:
    """Reads "does sample_frac 1.0 beat 0.1" before the bounds, which would take "beat 0.1"."""
    pattern = rf"(?P<key>{t.PARAM}|{t.TAG})(?:{t.SETTING}) (?P<worth>{WORTH}(?:{AND} {WORTH})+)"
    if (hit := sentence.find(pattern)) is None:
        return
    match, first, end = hit
    ref = ref_of(sentence, match["key"], frame, context)
    values = worths_of(sentence, re.findall(WORTH, match["worth"]), ref, frame, context)
    if len(values) > 1 and not sentence.has(rf"(?:between|from) {t.NUM}"):
        note_versus(match["worth"], frame)
        both = {str(value).lower() for value in values} == {"true", "false"}
        frame.compare = frame.compare or both
        keep(sentence, frame, ref, "in", values, (first, end))


def key_equals(sentence: Sentence, frame: Frame, context: Context) -> None:
    """The key first: "batch size 64", "tagged team = vision", "optimizer is not adam"."""
    pattern = (
        rf"(?P<neg>{t.NEGATION} )?(?:(?:tagged|labelled|labeled|with tag|tag) (?:as |"
        rf"with )?)?(?P<key>{t.PARAM}|{t.TAG}|{t.METRIC})(?P<set>{t.SETTING})(?P<neg2> not|"
        r" !=)?(?: the| a)?"
        rf" (?P<worth>{WORTH}(?:{AND} {WORTH})*)"
    )
    for match, first, end in sentence.each(pattern):
        worths = re.findall(WORTH, match["worth"])
        is_metric = sentence.token(match["key"]).kind == "metric"
        if is_metric and not re.search(r"=|equal|exactly|is", match["set"]):
            continue
        ref = ref_of(sentence, match["key"], frame, context)
        values = worths_of(sentence, worths, ref, frame, context)
        if not values:
            continue
        note_versus(match["worth"], frame)
        if len(worths) > 1 and " and " in match["worth"]:
            frame.compare = frame.compare or sentence.has(r"compare|difference|between")
        negated = bool(match["neg"] or match["neg2"])
        keep(sentence, frame, ref, op_of(values, negated=negated), values, (first, end))


def known_words(sentence: Sentence, frame: Frame, context: Context) -> None:
    """Everyday words that are values of the key beside them: "high priority"."""
    plain = r"(?P<word>[^\s#·?,!.]+)"
    for pattern in (
        (
            rf"(?P<neg>{t.NEGATION} )?(?:(?:tagged|with tag|tag) )?(?P<key>{t.PARAM}|"
            rf"{t.TAG}){t.SETTING} {plain}"
        ),
        rf"(?P<neg>{t.NEGATION} )?{plain} (?P<key>{t.PARAM}|{t.TAG})(?! (?:=|>|<))",
    ):
        for hit in sentence.each(pattern):
            _known_word(sentence, frame, context, hit)


def _known_word(sentence: Sentence, frame: Frame, context: Context, hit: Hit) -> None:
    match, first, end = hit
    token = sentence.token(match["key"])
    table = context.catalog.tags if token.kind == "tag" else context.catalog.params
    for name in token.names:
        info = table.get(name.text)
        values = tuple(v for v in (info.values if info else ()) if v.lower() == match["word"])
        if values:
            ref = Ref("tag" if token.kind == "tag" else "param", name.text)
            op = op_of(values, negated=bool(match["neg"]))
            keep(sentence, frame, ref, op, values, (first, end))
            return


def value_before_key(sentence: Sentence, frame: Frame, context: Context) -> None:
    """The worth first: "adam optimizer", "64 batch size", "100 trees"."""
    pattern = (
        rf"(?P<neg>{t.NEGATION} )?(?P<worth>(?:{t.VALUE}|{t.NUM})(?:{AND} (?:{t.VALUE}|{t.NUM}|"
        rf"none|true|false|null))*) (?P<key>{t.PARAM}|{t.TAG})"
    )
    for match, first, end in sentence.each(pattern):
        if "NUM#" in match["worth"] and re.fullmatch(_RANKED, sentence.lower(first - 1)):
            continue
        ref = ref_of(sentence, match["key"], frame, context)
        values = worths_of(sentence, re.findall(WORTH, match["worth"]), ref, frame, context)
        if not values:
            continue
        note_versus(match["worth"], frame)
        op = op_of(values, negated=bool(match["neg"]))
        keep(sentence, frame, ref, op, values, (first, end))
