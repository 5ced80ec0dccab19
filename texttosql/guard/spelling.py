"""How operators, set operations and types are spelled, as each kind of store reads them."""

from __future__ import annotations

import re

from sqlglot import exp

from texttosql.flow import Dialect

NUMBER = re.compile(r"(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
HEXADECIMAL = re.compile(r"[0-9A-Fa-f]+")
BINARY = re.compile(r"[01]+")
SIGNED_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")

OPERATORS: dict[type[exp.Expr], str] = {
    exp.And: "AND", exp.Or: "OR", exp.Xor: "XOR", exp.EQ: "=", exp.NEQ: "<>", exp.GT: ">",
    exp.GTE: ">=", exp.LT: "<", exp.LTE: "<=", exp.Add: "+", exp.Sub: "-", exp.Mul: "*",
    exp.Div: "/", exp.IntDiv: "DIV", exp.Mod: "%", exp.BitwiseAnd: "&", exp.BitwiseOr: "|",
    exp.BitwiseXor: "^", exp.BitwiseLeftShift: "<<", exp.BitwiseRightShift: ">>",
    exp.DPipe: "||", exp.Like: "LIKE", exp.Escape: "ESCAPE", exp.Glob: "GLOB",
    exp.RegexpLike: "REGEXP", exp.Is: "IS", exp.Collate: "COLLATE",
    exp.NullSafeEQ: "<=>", exp.NullSafeNEQ: "IS NOT",
}  # fmt: skip
WORDS: dict[type[exp.Expr], str] = {
    exp.Null: "NULL", exp.Star: "*", exp.CurrentDate: "CURRENT_DATE",
    exp.CurrentTime: "CURRENT_TIME", exp.CurrentTimestamp: "CURRENT_TIMESTAMP",
    exp.Localtime: "LOCALTIME", exp.Localtimestamp: "LOCALTIMESTAMP",
}  # fmt: skip
SETS = {exp.Union: "UNION", exp.Intersect: "INTERSECT", exp.Except: "EXCEPT"}
DENIABLE: dict[type[exp.Expr], str] = {
    exp.Like: "NOT LIKE", exp.Glob: "NOT GLOB", exp.RegexpLike: "NOT REGEXP", exp.Is: "IS NOT",
}  # fmt: skip

_D = exp.DType
TYPES: dict[Dialect, dict[exp.DType, str]] = {
    "mysql": {
        **dict.fromkeys((_D.BIGINT, _D.INT, _D.SMALLINT, _D.TINYINT, _D.MEDIUMINT), "SIGNED"),
        **dict.fromkeys((_D.UBIGINT, _D.UINT), "UNSIGNED"),
        **dict.fromkeys((_D.CHAR, _D.VARCHAR, _D.TEXT), "CHAR"),
        _D.DECIMAL: "DECIMAL", _D.DOUBLE: "DOUBLE", _D.FLOAT: "FLOAT", _D.DATE: "DATE",
        _D.DATETIME: "DATETIME", _D.TIME: "TIME", _D.JSON: "JSON", _D.BINARY: "BINARY",
        _D.YEAR: "YEAR",
    },
    "sqlite": {
        **dict.fromkeys((_D.BIGINT, _D.INT, _D.SMALLINT, _D.TINYINT), "INTEGER"),
        **dict.fromkeys((_D.CHAR, _D.VARCHAR, _D.TEXT), "TEXT"),
        **dict.fromkeys((_D.DOUBLE, _D.FLOAT), "REAL"),
        _D.DECIMAL: "NUMERIC",
    },
}  # fmt: skip
"""What a CAST may name, as the store spells it (SQLite: its affinities)."""

EMPTY = "x''"
"""The only quotes the guard ever writes: an empty separator."""
