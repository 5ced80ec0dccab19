"""How each kind of store says what MLflow questions need, and what its guard would refuse.

The guard itself is not read here: adapters do not know it. What these lines promise is held to
it by tests, which put every SQL text of the prompt through it.
"""

from __future__ import annotations

from collections.abc import Mapping

from texttosql.flow import Dialect

NUMERIC = "'^[-+]?[0-9.]+([eE][-+]?[0-9]+)?$'"
"""What a param's text looks like when it is a number; both kinds of store read it alike."""

_DOUBLE: Mapping[Dialect, str] = {"mysql": "DOUBLE", "sqlite": "REAL"}

_RULES = (
    (
        "One SELECT (WITH, UNION ALL are fine): no recursive CTE, variables, placeholders,"
        " comments, hints, LATERAL, QUALIFY, PIVOT, NOW() or database names. Only the card's"
        " tables and columns; a CTE is not called like a table. Joins say how tables belong"
        " together (ON): products are refused. LIMIT takes a plain number."
    ),
    "LIKE and = may differ in case: LOWER(x). A quote in a text is doubled: 'it''s'.",
)

_DIALECT_RULES: Mapping[Dialect, str] = {
    "mysql": (
        "MySQL 8 and MariaDB: GROUP BY names each selected column that is not aggregated; a"
        " subquery in FROM has an alias. No FULL JOIN, FILTER (WHERE), || (use CONCAT), MEDIAN,"
        " PERCENTILE_CONT, REGEXP_LIKE, ANY_VALUE. CAST to DOUBLE, SIGNED or CHAR. Percentile q"
        " of v: place = ROW_NUMBER() OVER (ORDER BY v), spot = 1 + q * (COUNT(*) OVER () - 1),"
        " outside SUM(v * (1 - ABS(place - spot))) WHERE ABS(place - spot) < 1."
    ),
    "sqlite": (
        "SQLite with MySQL's functions and MEDIAN(x), PERCENTILE(x, 0.9). Whole numbers divide as"
        " whole numbers: 1.0 * a / b. CAST to REAL, INTEGER or TEXT. No INTERVAL, DATE_ADD,"
        " ANY_VALUE, ROLLUP."
    ),
}

_HOW = (
    (
        "Functions: aggregates, STDDEV_SAMP, VAR_SAMP, GROUP_CONCAT; windows; ROUND FLOOR ABS SQRT"
        " POW LN EXP MOD GREATEST LEAST COALESCE NULLIF IF; CONCAT SUBSTR LOWER UPPER REPLACE TRIM"
        " INSTR CHAR_LENGTH SUBSTRING_INDEX REGEXP REGEXP_SUBSTR JSON_EXTRACT; FROM_UNIXTIME"
        " UNIX_TIMESTAMP DATE_FORMAT DATEDIFF HOUR DAYNAME WEEKDAY."
    ),
    (
        "A param as a number: CAST(p.value AS {double}) when numeric, else CASE WHEN p.value REGEXP"
        " {numeric} THEN CAST(p.value AS {double}) END."
    ),
    (
        "Day of a time t: FROM_UNIXTIME(t / 1000, '%Y-%m-%d'), month '%Y-%m'; week, named by its"
        " Monday: FROM_UNIXTIME((t - (t + 259200000) % 604800000) / 1000, '%Y-%m-%d'); weekday"
        ' DAYNAME(FROM_UNIXTIME(t / 1000)). Here t is the clock\'s "local" expression.'
    ),
    (
        "A period: start_time >= a AND start_time < b, bare column. Another date's midnight:"
        " UNIX_TIMESTAMP('2026-03-09') * 1000 - offset_ms of the clock."
    ),
)


def idioms(dialect: Dialect) -> str:
    """What may be written on this kind of store, and how."""
    lines = (*_RULES, _DIALECT_RULES[dialect], *(spelled(how, dialect) for how in _HOW))
    return "\n".join(f"* {line}" for line in lines)


def spelled(text: str, dialect: Dialect) -> str:
    """The text with {double} and {numeric} as this kind of store writes them."""
    return text.replace("{double}", _DOUBLE[dialect]).replace("{numeric}", NUMERIC)
