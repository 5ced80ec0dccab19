"""Names a reader can trust: nothing invisible in them, nothing that could end or mimic them."""

from __future__ import annotations

import re
import unicodedata

from sqlglot import exp

from texttosql.errors import Refused
from texttosql.guard.rules import Rule

_LONGEST = 255
_FORBIDDEN = frozenset('`"\\\0')
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
PARAMETER = re.compile(r":p\d")
"""What the guard calls its parameters: in a name, a careless reader could put a value there."""


def check_identifier(node: exp.Expr) -> str:
    """The name. Raises Refused when a name holds what a reader could not see or would misread."""
    name = node.this if isinstance(node, exp.Identifier) else None
    if not isinstance(name, str) or not name.strip():
        raise Refused(
            Rule.IDENTIFIER_NOT_ALLOWED, "A name is empty or no name.", "Use a plain name."
        )
    odd = len(name) > _LONGEST or bool(_FORBIDDEN & set(name)) or bool(PARAMETER.search(name))
    if odd or (not name.isascii() and any(unicodedata.category(c) in _HIDDEN for c in name)):
        what = f"The name {name[:40]!r} has characters I can't use in a name."
        raise Refused(Rule.IDENTIFIER_NOT_ALLOWED, what, "Use letters, digits, spaces, _ / : % . -")
    if name.isascii() and not name.isprintable():
        what = f"The name {name[:40]!r} has a line break or a control character in it."
        raise Refused(Rule.IDENTIFIER_NOT_ALLOWED, what, "Use letters, digits, spaces, _ / : % . -")
    return name
