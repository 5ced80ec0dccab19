"""Which comparison a phrase stands for, negated or turned around where small is good."""

from __future__ import annotations

import re

from texttosql.offline import tokens as t
from texttosql.offline.directions import best_is_high
from texttosql.plan import Op, Ref

_FLIP: dict[Op, Op] = {">": "<=", ">=": "<", "<": ">=", "<=": ">", "=": "!=", "!=": "="}
_TURNED: dict[Op, Op] = {">": "<", "<": ">", ">=": "<=", "<=": ">="}
_QUALITY = r"(better|worse|beat|beats|beating|outperform|surpass|topped|faster|slower)"


def signed(sign: Op, *, negated: bool) -> Op:
    """The comparison, or its opposite."""
    return _FLIP[sign] if negated else sign


def sign_for(ref: Ref, said: str, *, negated: bool = False) -> Op:
    """The comparison meant of a ref: "better than 0.3" of a loss means below it."""
    sign = signed(t.operator(said), negated=negated)
    if re.match(_QUALITY, said) is None or best_is_high(ref) or ref.kind == "field":
        return sign
    return _TURNED.get(sign, sign)
