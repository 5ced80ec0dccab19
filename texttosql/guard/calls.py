"""Every call judged by its name, and the few that could cost much by their arguments."""

from __future__ import annotations

import re

from rapidfuzz import process
from sqlglot import exp

from texttosql.errors import Refused
from texttosql.flow import Dialect
from texttosql.guard.functions import ALLOWED, GROWING, INSTEAD, NESTED, PADDED, PATTERNS, TEMPLATES
from texttosql.guard.rules import Rule

_PATTERN_LENGTH = 300
_WIDE = re.compile(r"%[^%a-zA-Z]*(?:\d{3}|\*)")
_REPEATED_GROUP = re.compile(r"\([^()]*[+*}][^()]*\)\s*[+*{]")
"""(a+)+ and its like: the time to find no match doubles with each character."""


def check_calls(tree: exp.Expr, dialect: Dialect) -> None:
    """Refuse calls that are not on the list, stars that are not COUNT(*), and costly arguments."""
    for node in tree.walk():
        if isinstance(node, exp.Anonymous):
            _check_name(node, dialect)
            _check_arguments(node, dialect)
        elif isinstance(node, exp.RegexpLike):
            _check_pattern(node.expression)
        elif isinstance(node, exp.Star):
            _check_star(node)
        elif isinstance(node, exp.Concat) and isinstance(node.parent, exp.Distinct):
            what = "I can't use DISTINCT over several texts inside GROUP_CONCAT."
            raise Refused(Rule.SYNTAX_NOT_ALLOWED, what, "Join them: CONCAT_WS('/', a, b).")


def _check_name(node: exp.Anonymous, dialect: Dialect) -> None:
    name = node.name.upper()
    plain = isinstance(node.this, str)
    if plain and name in ALLOWED[dialect]:
        return
    fix = INSTEAD.get(name) or _near(name, dialect) or "Try AVG(value)."
    what = f"I can't use {name[:60]}(): only summary functions are allowed."
    raise Refused(Rule.FUNCTION_NOT_ALLOWED, what, fix)


def _near(name: str, dialect: Dialect) -> str:
    found = process.extractOne(name, ALLOWED[dialect], score_cutoff=75)
    return f"Did you mean {found[0]}()?" if found else ""


def _check_arguments(node: exp.Anonymous, dialect: Dialect) -> None:
    name = node.name.upper()
    if dialect == "sqlite" and name in TEMPLATES:
        _check_template(node)
    if name in {"LPAD", "RPAD"}:
        _check_padding(node)
    if name in PATTERNS and len(node.expressions) > 1:
        _check_pattern(node.expressions[1])
    if name in GROWING and _times_inside_itself(node) > NESTED:
        what = f"{name}() stands inside itself more than {NESTED} times: the text could explode."
        raise Refused(Rule.FUNCTION_NESTED, what, "Do it in fewer steps.")


def _check_template(node: exp.Anonymous) -> None:
    template = node.expressions[0] if node.expressions else None
    known = isinstance(template, exp.Literal) and template.is_string
    if template is None or not known or _WIDE.search(template.name):
        what = f"{node.name.upper()}() needs a plain template without large widths."
        raise Refused(Rule.FUNCTION_TOO_COSTLY, what, "Write printf('%.2f', value).")


def _check_padding(node: exp.Anonymous) -> None:
    length = node.expressions[1] if len(node.expressions) > 1 else None
    number = length.name if isinstance(length, exp.Literal) and not length.is_string else ""
    if not number.isdigit() or int(number) > PADDED:
        what = f"I can only pad to a fixed length of at most {PADDED} characters."
        raise Refused(Rule.FUNCTION_TOO_COSTLY, what, "Write LPAD(x, 5, '0').")


def _times_inside_itself(node: exp.Anonymous) -> int:
    times, outer = 1, node.parent
    while outer is not None and not isinstance(outer, exp.Query):
        times += isinstance(outer, exp.Anonymous) and outer.name.upper() == node.name.upper()
        outer = outer.parent
    return times


def _check_pattern(pattern: exp.Expr) -> None:
    if not isinstance(pattern, exp.Literal) or not pattern.is_string:
        what = "A regular expression must be a text I can look at before it runs."
        raise Refused(
            Rule.REGEXP_NOT_ALLOWED, what, "Write it as 'text', or use LIKE CONCAT('%', x)."
        )
    if len(pattern.name) > _PATTERN_LENGTH or _REPEATED_GROUP.search(pattern.name):
        what = "This regular expression could run for hours (a repeated group with repeats in it)."
        raise Refused(Rule.REGEXP_TOO_COSTLY, what, "Use a simpler pattern, or LIKE 'xgb%'.")


def _check_star(node: exp.Star) -> None:
    call = node.parent
    counted = (
        isinstance(call, exp.Anonymous)
        and call.name.upper() == "COUNT"
        and len(call.expressions) == 1
    )
    listed = isinstance(call, exp.Select) and node.arg_key == "expressions"
    if isinstance(call, exp.Column):
        listed = isinstance(call.parent, exp.Select) and call.arg_key == "expressions"
    if not listed and not counted:
        raise Refused(Rule.SYNTAX_NOT_ALLOWED, "A * can't stand here.", "Name the columns.")
