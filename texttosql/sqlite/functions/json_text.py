"""MySQL's JSON functions that SQLite lacks. A path that cannot be read gives NULL."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from texttosql.sqlite.functions.nulls import null_in_null_out, text

_STEP = re.compile(r'\.(?:"((?:[^"\\]|\\.)*)"|([\w$-]+))|\[(\d+)\]')
_MISSING = object()


def _loaded(document: Any) -> Any:
    try:
        return json.loads(text(document))
    except ValueError:
        return _MISSING


def _at(document: Any, path: Any) -> Any:
    """The part of a JSON text at a path like $.a[0], or _MISSING."""
    here, wanted, place = _loaded(document), text(path).strip(), 1
    if not wanted.startswith("$"):
        return _MISSING
    while place < len(wanted):
        step = _STEP.match(wanted, place)
        if step is None:
            return _MISSING
        here, place = _inside(here, step), step.end()
    return here


def _inside(here: Any, step: re.Match[str]) -> Any:
    if step[3] is not None:
        index = int(step[3])
        return here[index] if isinstance(here, list) and index < len(here) else _MISSING
    key = step[1] if step[1] is not None else step[2]
    return here.get(key, _MISSING) if isinstance(here, dict) else _MISSING


def _json_value(document: Any, path: Any) -> str | None:
    """A scalar as text; NULL for objects, arrays and what is not there."""
    found = _at(document, path)
    if found is _MISSING or found is None or isinstance(found, (dict, list)):
        return None
    return text(int(found) if isinstance(found, bool) else found)


def _json_unquote(value: Any) -> str:
    written = text(value)
    if len(written) > 1 and written[0] == written[-1] == '"':
        found = _loaded(written)
        return found if isinstance(found, str) else written
    return written


def _json_length(document: Any, path: Any = "$") -> int | None:
    found = _at(document, path)
    if found is _MISSING:
        return None
    return len(found) if isinstance(found, (dict, list)) else 1


def _json_keys(document: Any, path: Any = "$") -> str | None:
    found = _at(document, path)
    return json.dumps(list(found), ensure_ascii=False) if isinstance(found, dict) else None


def _json_contains(document: Any, candidate: Any) -> int | None:
    whole, part = _loaded(document), _loaded(candidate)
    return None if _MISSING in (whole, part) else int(_contains(whole, part))


def _contains(whole: Any, part: Any) -> bool:
    if isinstance(whole, dict) and isinstance(part, dict):
        return all(key in whole and _contains(whole[key], value) for key, value in part.items())
    if isinstance(whole, list):
        parts = part if isinstance(part, list) else [part]
        return all(any(_contains(item, one) for item in whole) for one in parts)
    return bool(whole == part) and isinstance(whole, bool) == isinstance(part, bool)


class _ArrayAgg:
    def __init__(self) -> None:
        self.values: list[Any] = []

    def step(self, value: Any) -> None:
        self.values.append(value)

    def finalize(self) -> str | None:
        return json.dumps(self.values, ensure_ascii=False) if self.values else None


class _ObjectAgg:
    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def step(self, key: Any, value: Any) -> None:
        self.values[text(key)] = value

    def finalize(self) -> str | None:
        return json.dumps(self.values, ensure_ascii=False) if self.values else None


SCALARS: Mapping[tuple[str, int], Callable[..., Any]] = {
    ("json_value", 2): null_in_null_out(_json_value),
    ("json_unquote", 1): null_in_null_out(_json_unquote),
    ("json_length", 1): null_in_null_out(_json_length),
    ("json_length", 2): null_in_null_out(_json_length),
    ("json_keys", 1): null_in_null_out(_json_keys),
    ("json_keys", 2): null_in_null_out(_json_keys),
    ("json_contains", 2): null_in_null_out(_json_contains),
}
AGGREGATES: Mapping[tuple[str, int], type[_ArrayAgg | _ObjectAgg]] = {
    ("json_arrayagg", 1): _ArrayAgg,
    ("json_objectagg", 2): _ObjectAgg,
}
