"""A param that is on, off, or just there: "fp16 runs", "with early stopping", "used lora"."""

from __future__ import annotations

import re

from texttosql.catalog import KeyInfo
from texttosql.offline import tokens as t
from texttosql.offline.choosing import choose
from texttosql.offline.frame import Context, Frame
from texttosql.offline.sentence import Sentence, Token
from texttosql.plan import Ref, RefKind, Test

_ON = r"(?:with|using|used|use|uses|enabled|having|had|has|have|that used|via)(?: (?:a|the|any))*"
_OFF = (
    r"(?:without|not using|no|not use|disabled|lacking|non|not with|never used|"
    r"not used)(?: (?:a|the|any))*"
)
_MARKED = r"(?:are|is|were|was|been|got|get|marked|flagged|already)"
_ENDING = (
    r"(?=$| (?:\?|\.|,|PERIOD|in|for|by|EXP|USER|·|and|or|that|which|on|since|from|last|this|"
    rf"at|{t.RUNS}|failed|finished))"
)
_IS_ON = r"(?:is |was |are )?(?:enabled|turned on|active|on(?= (?:,|\?|and|$)|$))"
_PATTERNS = (
    rf"(?P<off>{_OFF}) (?P<key>{t.PARAM})(?P<on>){_ENDING}",
    rf"(?P<off>)(?P<on>{_ON}) (?P<key>{t.PARAM}){_ENDING}",
    rf"(?P<off>non |not )?(?P<on>)(?P<key>{t.PARAM}|{t.TAG})(?= (?:enabled )?{t.RUNS})",
    rf"(?P<on>enabled|)(?P<key>{t.PARAM}) (?P<off>(?:is |was |are )?(?:disabled|turned off|off))",
    rf"(?P<off>)(?P<key>{t.PARAM}) (?P<on>{_IS_ON})",
    rf"(?P<off>{_OFF} |)(?P<on>{_MARKED}) (?P<key>{t.TAG}){_ENDING}",
    rf"(?P<off>)(?P<on>)(?<=· )(?P<key>{t.TAG}){_ENDING}",
)
_WANTS_KEY = r"\b(?:by|per|each|which|what|vs|versus)$"


def flags(sentence: Sentence, frame: Frame, context: Context) -> None:
    """Every param said without a value, unless it is asked about or grouped by."""
    for pattern in _PATTERNS:
        for match, first, end in sentence.each(pattern):
            if re.search(_WANTS_KEY, sentence.said(max(0, first - 1), first).lower()):
                continue
            token, off = sentence.token(match["key"]), bool(match["off"])
            adjective = not match["on"] and not off
            if _flag(sentence, token, frame, context, off=off, adjective=adjective):
                sentence.take(first, end)


def _flag(
    sentence: Sentence, token: Token, frame: Frame, context: Context, *, off: bool, adjective: bool
) -> bool:
    """Whether the param made a condition."""
    name = token.names[0]
    table = context.catalog.tags if token.kind == "tag" else context.catalog.params
    info = table.get(name.text)
    if info is None or (token.kind == "tag" and not _is_switch(info)):
        return False
    first = sentence.tokens.index(token)
    if _is_switch(info):
        name = choose(sentence, token, frame, context)
        if wanted := _settings(info, off=off):
            said = sentence.said(max(first - 1, 0), first + 1)
            kind: RefKind = "tag" if token.kind == "tag" else "param"
            frame.add(Test(Ref(kind, name.text), "in", wanted, said), first)
            return True
    everywhere = len(token.names) == 1 and info.runs >= context.catalog.runs
    if adjective or off or everywhere:
        return False
    frame.add(Test(Ref("param", name.text), "exists", (), f"with {token.said}"), first)
    return True


def _is_switch(info: KeyInfo) -> bool:
    known = {value.lower() for value in info.values}
    return info.complete and known <= {"true", "false", "none", "yes", "no"}


def _settings(info: KeyInfo, *, off: bool) -> tuple[str, ...]:
    """The values that mean off, or those that mean on, as the store spells them."""
    spelled = {value.lower(): value for value in info.values}
    meant = {"false", "no", "none"} if off else {"true", "yes"}
    return tuple(value for low, value in spelled.items() if low in meant)
