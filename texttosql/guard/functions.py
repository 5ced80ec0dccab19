"""Which functions a question may call, per database, by name alone.

A function is here when it only computes: from its arguments, in little time and memory, and
without telling about the server, its users or its files. Everything else is refused, known to
the parser or not, so that a stored function or tomorrow's built-in never slips through.
"""

from __future__ import annotations

from collections.abc import Mapping

from texttosql.flow import Dialect


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


AGGREGATES = _names("""
    AVG COUNT MAX MIN SUM STD STDDEV STDDEV_POP STDDEV_SAMP VAR_POP VAR_SAMP VARIANCE
    GROUP_CONCAT MEDIAN PERCENTILE_CONT PERCENTILE_DISC BIT_AND BIT_OR BIT_XOR ANY_VALUE
    JSON_ARRAYAGG JSON_OBJECTAGG JSON_GROUP_ARRAY JSON_GROUP_OBJECT TOTAL PERCENTILE
""")
"""Functions that make one value of many rows."""

_WINDOWS = _names("""
    CUME_DIST DENSE_RANK FIRST_VALUE LAG LAST_VALUE LEAD NTH_VALUE NTILE PERCENT_RANK RANK
    ROW_NUMBER
""")

_SHARED = _names("""
    ABS ACOS ASIN ATAN ATAN2 CEIL CEILING COS COT DEGREES EXP FLOOR LN LOG LOG10 LOG2 MOD PI POW
    POWER RADIANS ROUND SIGN SIN SQRT TAN GREATEST LEAST RAND RANDOM
    COALESCE IFNULL NULLIF IF
    CONCAT CONCAT_WS INSTR LENGTH LOWER LTRIM REPLACE RTRIM SUBSTR SUBSTRING TRIM UPPER
    CHAR HEX LEFT RIGHT REVERSE CHAR_LENGTH LPAD RPAD
    JSON_EXTRACT JSON_VALID JSON_TYPE JSON_ARRAY JSON_OBJECT JSON_QUOTE
    DATE TIME
""")

_MYSQL = _names("""
    BIT_COUNT CRC32 TRUNCATE CONV BIN OCT GROUPING ISNULL NVL NVL2
    ASCII CHARACTER_LENGTH BIT_LENGTH ELT FIELD FIND_IN_SET FORMAT LCASE UCASE LOCATE MID
    OCTET_LENGTH ORD POSITION QUOTE SOUNDEX STRCMP SUBSTRING_INDEX TO_CHAR UNHEX
    MD5 SHA SHA1 SHA2 REGEXP_REPLACE REGEXP_SUBSTR REGEXP_INSTR
    JSON_UNQUOTE JSON_VALUE JSON_QUERY JSON_CONTAINS JSON_CONTAINS_PATH JSON_DEPTH JSON_EXISTS
    JSON_KEYS JSON_LENGTH JSON_SEARCH JSON_OVERLAPS
    ADDDATE ADDTIME CONVERT_TZ CURDATE CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP CURTIME
    DATEDIFF DATE_ADD DATE_FORMAT DATE_SUB DAY DAYNAME DAYOFMONTH DAYOFWEEK DAYOFYEAR EXTRACT
    FROM_DAYS FROM_UNIXTIME HOUR LAST_DAY LOCALTIME LOCALTIMESTAMP MAKEDATE MAKETIME MICROSECOND
    MINUTE MONTH MONTHNAME NOW PERIOD_ADD PERIOD_DIFF QUARTER SECOND SEC_TO_TIME STR_TO_DATE
    SUBDATE SUBTIME SYSDATE TIMEDIFF TIMESTAMP TIMESTAMPADD TIMESTAMPDIFF TIME_FORMAT
    TIME_TO_SEC TO_DAYS TO_SECONDS UNIX_TIMESTAMP UTC_DATE UTC_TIME UTC_TIMESTAMP WEEK WEEKDAY
    WEEKOFYEAR YEAR YEARWEEK
""")

_SQLITE = _names("""
    ACOSH ASINH ATANH COSH SINH TANH TRUNC UNICODE TYPEOF IIF LIKELY UNLIKELY FORMAT PRINTF
    GLOB QUOTE SIGN
    DATETIME JULIANDAY STRFTIME UNIXEPOCH TIMEDIFF CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP
    JSON JSON_ARRAY_LENGTH
""") - {"FORMAT", "PRINTF", "GLOB"}  # printf('%999999999d') is a memory bomb, and GLOB an operator

_ONLY_SQLITE = _names("JSON_GROUP_ARRAY JSON_GROUP_OBJECT TOTAL PERCENTILE RANDOM")
"""Not built into MySQL: under these names a stored function would be called there."""

ALLOWED: Mapping[Dialect, frozenset[str]] = {
    "mysql": (AGGREGATES | _WINDOWS | _SHARED | _MYSQL) - _ONLY_SQLITE,
    "sqlite": AGGREGATES | _WINDOWS | _SHARED | _SQLITE,
}
"""What may be called. SQLite's list has the functions that its warehouse registers as well."""

PADDED = 255
"""LPAD and RPAD may pad to this many characters, given as a number: more is a memory bomb."""

NESTED = 6
"""A function that lengthens text may stand inside itself this often: growth is exponential."""

GROWING = _names("REPLACE CONCAT CONCAT_WS HEX QUOTE LPAD RPAD REGEXP_REPLACE JSON_ARRAY")

PATTERNS = _names("REGEXP_REPLACE REGEXP_SUBSTR REGEXP_INSTR")
"""Functions whose second argument is a regular expression."""

INSTEAD: Mapping[str, str] = {
    "PERCENTILE_APPROX": "Rank the rows with ROW_NUMBER() OVER (ORDER BY …) and pick one.",
    "STRFTIME": "Use DATE_FORMAT(FROM_UNIXTIME(start_time / 1000), '%Y-%m-%d').",
    "DATE_FORMAT": "Use strftime('%Y-%m-%d', start_time / 1000, 'unixepoch').",
    "FROM_UNIXTIME": "Use datetime(start_time / 1000, 'unixepoch').",
    "DATE_TRUNC": "Use DATE_FORMAT(FROM_UNIXTIME(start_time / 1000), '%Y-%m-01').",
    "REPEAT": "Leave it out: what to draw is decided after the query.",
    "GLOB": "Write it as an operator: name GLOB 'xgb*'.",
    "ILIKE": "Use LOWER(name) LIKE 'xgb%'.",
    "REGEXP_LIKE": "Write name REGEXP 'pattern', with no third argument.",
    "NOW": "Use strftime('%s', 'now') for seconds since 1970.",
    "UNIX_TIMESTAMP": "Use strftime('%s', …) for seconds since 1970.",
}
"""What to write in place of a function that is not allowed, where there is something better."""
