"""One statement in, one tree out, in which every function is exactly the one that was typed.

sqlglot translates between databases, and so rewrites what it knows: DATE_FORMAT's codes, JSON
paths, IFNULL. The guard needs the opposite. Before parsing it marks the names of calls, so that
each becomes an `exp.Anonymous` with its arguments as they stand, and `->` so that it is no
lambda; after parsing it takes the marks off. Only calls whose arguments are no plain list
(CAST, EXTRACT, TRIM, GROUP_CONCAT …) keep nodes of their own.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp
from sqlglot.dialects.mysql import MySQL
from sqlglot.dialects.sqlite import SQLite
from sqlglot.errors import ErrorLevel, ParseError, TokenError
from sqlglot.tokenizer_core import Token, TokenType

from texttosql.errors import Refused
from texttosql.flow import Dialect
from texttosql.guard.functions import ALLOWED
from texttosql.guard.policy import Policy
from texttosql.guard.rules import Rule
from texttosql.guard.text import RESERVED, check_characters, check_tokens

_READERS = {"mysql": MySQL(), "sqlite": SQLite()}
_OWN_SYNTAX = frozenset({
    "CAST", "CONVERT", "EXTRACT", "POSITION", "TRIM", "SUBSTRING", "SUBSTR", "CHAR",
})  # fmt: skip
_TYPED: dict[Dialect, frozenset[str]] = {
    "mysql": _OWN_SYNTAX | {"GROUP_CONCAT"},
    "sqlite": _OWN_SYNTAX - {"EXTRACT", "POSITION"},
}
_ARROWS = {TokenType.ARROW: TokenType.HASH_ARROW, TokenType.DARROW: TokenType.DHASH_ARROW}
_FOREIGN = frozenset(_ARROWS.values()) | {TokenType.HASH}
_BEFORE_JOIN = {
    TokenType.INNER, TokenType.LEFT, TokenType.RIGHT, TokenType.FULL, TokenType.OUTER,
    TokenType.CROSS, TokenType.NATURAL,
}  # fmt: skip
_STUMBLES = (AttributeError, IndexError, KeyError, TypeError, ValueError)
"""What the parser raises where it trips over its own assumptions: malformed SQL all the same."""

_TYPED_BRACKET = "("
_UNIT_FIRST = frozenset({"TIMESTAMPDIFF", "TIMESTAMPADD"})
_NO_BRACKETS = frozenset({"UTC_DATE", "UTC_TIME", "UTC_TIMESTAMP"})


def read(sql: str, policy: Policy) -> exp.Expr:
    """The statement's tree. Raises Refused when it is not one well-formed SELECT."""
    check_characters(sql, policy)
    if RESERVED in sql.lower():
        raise Refused(
            Rule.IDENTIFIER_NOT_ALLOWED, f"{RESERVED} is my own word.", "Use another name."
        )
    tokens = check_tokens(_tokens(sql, policy.dialect), policy)
    return _tree(tokens, sql, policy.dialect)


def read_again(sql: str, dialect: Dialect) -> exp.Expr:
    """The tree of a text the guard wrote itself, with its parameters `:p0` … in it."""
    return _tree(_tokens(sql, dialect), sql, dialect)


def _tokens(sql: str, dialect: Dialect) -> list[Token]:
    try:
        return _READERS[dialect].tokenize(sql)
    except TokenError:
        what = "I can't take this SQL apart: something in it is not closed."
        raise Refused(Rule.PARSE_FAILED, what, "Check the quotes, brackets and comments.") from None


def _tree(tokens: Sequence[Token], sql: str, dialect: Dialect) -> exp.Expr:
    tokens = _mark(_joins_spelled_out(tokens), dialect)
    parser = _READERS[dialect].parser(error_level=ErrorLevel.RAISE)
    try:
        trees = parser.parse(list(tokens), sql)
    except ParseError as error:
        raise _not_understood(error) from None
    except _STUMBLES as error:
        what = "I can't understand this SQL."
        raise Refused(Rule.PARSE_FAILED, what, "Write one plain SELECT.") from error
    if len(trees) != 1 or trees[0] is None:
        what = "There is more than one statement here."
        raise Refused(Rule.STATEMENT_MULTIPLE, what, "Ask them one by one.")
    tree = _unmark(trees[0])
    exclamations = sum(1 for t in tokens if t.token_type == TokenType.NOT and t.text == "!")
    return _without_added_brackets(tree, exclamations)


def _not_understood(error: ParseError) -> Refused:
    first = error.errors[0] if error.errors else {}
    near = f" near {first['highlight'][:40]!r}" if first.get("highlight") else ""
    what = f"I can't understand this SQL{near}.".replace(RESERVED, "")
    fix = "Write one plain SELECT, in the store's own dialect."
    return Refused(Rule.PARSE_FAILED, what, fix)


def _joins_spelled_out(tokens: Sequence[Token]) -> list[Token]:
    """A bare JOIN as INNER JOIN: without ON the parser takes it for a comma, which binds less."""
    spelled: list[Token] = []
    for token in tokens:
        bare = not spelled or spelled[-1].token_type not in _BEFORE_JOIN
        if token.token_type == TokenType.JOIN and bare:
            spelled.append(Token(TokenType.INNER, "INNER", start=token.start, end=token.end))
        spelled.append(token)
    return spelled


def _mark(tokens: list[Token], dialect: Dialect) -> list[Token]:
    callable_tokens = _READERS[dialect].parser_class.FUNC_TOKENS
    marked = ALLOWED[dialect] - _TYPED[dialect]
    previous = None
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        if token.token_type == TokenType.FLOAT and token.text.upper() == "REAL":
            token.token_type = TokenType.DOUBLE  # as MySQL has it; the parser takes it for FLOAT
        if token.token_type == TokenType.KEY:
            token.token_type = TokenType.VAR  # metrics.key, params.key: no key of an index
        if token.token_type == TokenType.L_PAREN:
            token.comments.append(_TYPED_BRACKET)
        if token.token_type in _FOREIGN:
            raise Refused(Rule.PARSE_FAILED, "I don't know the operator #.", "Use -> or ->>.")
        called = following is not None and following.token_type == TokenType.L_PAREN
        name = called and token.token_type in callable_tokens and previous != TokenType.ALIAS
        if name and token.text.upper() in marked and token.token_type != TokenType.IDENTIFIER:
            token.text, token.token_type = RESERVED + token.text, TokenType.VAR
        previous = token.token_type
        token.token_type = _ARROWS.get(token.token_type, token.token_type)
    return tokens


def _unmark(tree: exp.Expr) -> exp.Expr:
    for node in list(tree.walk()):
        if isinstance(node, exp.Identifier | exp.Anonymous) and isinstance(node.this, str):
            node.set("this", node.this.removeprefix(RESERVED))
        if isinstance(node, exp.Anonymous) and node.name.upper() in _UNIT_FIRST:
            _word_of_the_language(node)
        elif isinstance(node, exp.Column) and not node.table and not node.this.args.get("quoted"):
            if node.name.upper() in _NO_BRACKETS:
                node.replace(exp.Anonymous(this=node.name.upper(), expressions=[]))
        elif isinstance(node, exp.JSONBExtract | exp.JSONBExtractScalar):
            _turn(node)
    return tree


def _without_added_brackets(tree: exp.Expr, exclamations: int) -> exp.Expr:
    """Only the brackets that were typed, so that the server groups as it would have.

    The parser adds brackets where it takes databases to differ. `!a` comes as `(NOT a)` and
    must stay so, because `!` binds tighter than NOT.
    """
    added = [paren for paren in tree.find_all(exp.Paren) if not _was_typed(paren)]
    negations = [paren for paren in added if isinstance(paren.this, exp.Not)]
    collated = any(isinstance(paren.parent, exp.Collate) for paren in negations)
    if exclamations and (len(negations) != exclamations or collated):
        what = "I can't tell what ! belongs to."
        raise Refused(Rule.SYNTAX_NOT_ALLOWED, what, "Write NOT (…).")
    for paren in added:
        if not (exclamations and isinstance(paren.this, exp.Not)):
            paren.replace(paren.this)
    return tree


def _was_typed(paren: exp.Paren) -> bool:
    """The mark of its bracket is on it, or on the alias or arrow that took it over."""
    marked: list[exp.Expr] = [paren]
    if isinstance(paren.parent, exp.Alias | exp.JSONBExtract | exp.JSONBExtractScalar):
        marked.append(paren.parent)
    return any(_TYPED_BRACKET in (node.comments or []) for node in marked)


def _word_of_the_language(call: exp.Anonymous) -> None:
    """TIMESTAMPDIFF(SECOND, a, b): SECOND is no column."""
    unit = call.expressions[0] if call.expressions else None
    if isinstance(unit, exp.Column) and not unit.table:
        unit.replace(exp.Var(this=unit.name.upper().removeprefix("SQL_TSI_")))


def _turn(arrow: exp.JSONBExtract | exp.JSONBExtractScalar) -> None:
    """`a -> '$.x' + 1` comes as `a -> ('$.x' + 1)`: the arrow binds tighter, so turn it."""
    path = arrow.expression
    if not isinstance(path, exp.Binary):
        return
    step = path
    while isinstance(step.this, exp.Binary):
        step = step.this
    arrow.replace(path)
    arrow.set("expression", step.this.copy())
    step.set("this", arrow)
