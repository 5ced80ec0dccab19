"""Text functions of MySQL that SQLite lacks, and LOWER and UPPER beyond ASCII."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from texttosql.sqlite.functions.nulls import null_in_null_out, number, text

MOST = 1_000_000
"""No text made here is longer: REPEAT and LPAD must not eat the memory."""


def _concat(*values: Any) -> str | None:
    return None if None in values else "".join(map(text, values))


def _concat_ws(separator: Any, *values: Any) -> str | None:
    if separator is None:
        return None
    return text(separator).join(text(value) for value in values if value is not None)


def _substring_index(value: Any, separator: Any, count: Any) -> str:
    """What stands before the count-th separator; from the end when the count is negative."""
    wanted, mark = int(number(count)), text(separator)
    if not mark or wanted == 0:
        return ""
    parts = text(value).split(mark)
    return mark.join(parts[:wanted] if wanted > 0 else parts[wanted:])


def _left(value: Any, count: Any) -> str:
    return text(value)[: max(0, int(number(count)))]


def _right(value: Any, count: Any) -> str:
    wanted = int(number(count))
    return text(value)[-wanted:] if wanted > 0 else ""


def _lpad(value: Any, length: Any, pad: Any) -> str | None:
    wanted, have = min(int(number(length)), MOST), text(value)
    if wanted < 0 or (wanted > len(have) and not text(pad)):
        return None
    return (_filling(wanted - len(have), text(pad)) + have)[:wanted]


def _rpad(value: Any, length: Any, pad: Any) -> str | None:
    wanted, have = min(int(number(length)), MOST), text(value)
    if wanted < 0 or (wanted > len(have) and not text(pad)):
        return None
    return (have + _filling(wanted - len(have), text(pad)))[:wanted]


def _filling(missing: int, pad: str) -> str:
    return (pad * (missing // len(pad) + 1))[:missing] if missing > 0 else ""


def _repeat(value: Any, count: Any) -> str:
    one = text(value)
    return one * max(0, min(int(number(count)), MOST // max(1, len(one))))


def _locate(part: Any, value: Any, start: Any = 1) -> int:
    """Where `part` begins in `value`, counted from 1; 0 when it does not. Case does not count."""
    begin = int(number(start))
    return text(value).lower().find(text(part).lower(), begin - 1) + 1 if begin > 0 else 0


def _field(value: Any, *values: Any) -> int:
    if value is None or value not in values:
        return 0
    return values.index(value) + 1


def _elt(index: Any, *values: Any) -> Any:
    place = int(number(index)) if index is not None else 0
    return values[place - 1] if 0 < place <= len(values) else None


def _find_in_set(value: Any, many: Any) -> int:
    items = text(many).split(",")
    return items.index(text(value)) + 1 if text(value) in items else 0


def _strcmp(one: Any, other: Any) -> int:
    return (text(one) > text(other)) - (text(one) < text(other))


def _ascii(value: Any) -> int:
    return (text(value).encode() or b"\0")[0]


def _upper(value: Any) -> str:
    """Letter for letter: ß stays ß, as MySQL keeps it."""
    small = text(value)
    large = small.upper()
    if len(large) == len(small):
        return large
    return "".join(big if len(big := one.upper()) == 1 else one for one in small)


def _hex(value: Any) -> str:
    """A number's hexadecimal digits; a text's bytes. SQLite's own writes a number as text first."""
    return (
        f"{value:X}"
        if isinstance(value, int) and value >= 0
        else text(value).encode().hex().upper()
    )


def _md5(value: Any) -> str:
    return hashlib.md5(text(value).encode(), usedforsecurity=False).hexdigest()


_STRICT: Mapping[tuple[str, int], Callable[..., Any]] = {
    ("substring_index", 3): _substring_index,
    ("left", 2): _left,
    ("right", 2): _right,
    ("lpad", 3): _lpad,
    ("rpad", 3): _rpad,
    ("repeat", 2): _repeat,
    ("space", 1): lambda count: _repeat(" ", count),
    ("reverse", 1): lambda value: text(value)[::-1],
    ("locate", 2): _locate,
    ("locate", 3): _locate,
    ("find_in_set", 2): _find_in_set,
    ("strcmp", 2): _strcmp,
    ("ascii", 1): _ascii,
    ("hex", 1): _hex,
    ("md5", 1): _md5,
    ("char_length", 1): lambda value: len(text(value)),
    ("character_length", 1): lambda value: len(text(value)),
    ("lower", 1): lambda value: text(value).lower(),
    ("lcase", 1): lambda value: text(value).lower(),
    ("upper", 1): _upper,
    ("ucase", 1): _upper,
}
SCALARS: Mapping[tuple[str, int], Callable[..., Any]] = {
    **{key: null_in_null_out(function) for key, function in _STRICT.items()},
    ("concat", -1): _concat,
    ("concat_ws", -1): _concat_ws,
    ("field", -1): _field,
    ("elt", -1): _elt,
}
