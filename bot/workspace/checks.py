"""The small rules that every block is made of: a text so long, a list so long, one of these words.

Each check gives sentences as Slack words them, with a JSON pointer to the fault; none is no fault.
What is checked is foreign, so nothing is taken to have the type it should have.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

from bot.workspace.people import Json

Faults = Iterator[str]
PLAIN = ("plain_text",)
ANY_TEXT = ("plain_text", "mrkdwn")
_TEXT_KEYS = frozenset({"type", "text", "emoji", "verbatim"})


def fault(path: str, what: str) -> str:
    """One fault, in Slack's wording."""
    return f"[ERROR] {what} [json-pointer:{path}]"


def keys(given: Json, path: str, allowed: Collection[str]) -> Faults:
    """No field that Slack does not know."""
    for name in given:
        if name not in allowed:
            yield fault(path, f"invalid additional property: {name}")


def string(
    given: Json, name: str, path: str, most: int, *, least: int = 1, needed: bool = False
) -> Faults:
    """A text of so many characters."""
    if name not in given:
        if needed:
            yield missing(path, name)
        return
    value, where = given[name], f"{path}/{name}"
    if not isinstance(value, str):
        yield fault(where, "must be a string")
    elif len(value) > most:
        yield fault(where, f"must be less than {most + 1} characters")
    elif len(value) < least:
        yield fault(where, f"must be more than {least - 1} characters")


def missing(path: str, name: str) -> str:
    """A field that has to be there is not."""
    return fault(path, f"missing required field: {name}")


def text(
    given: Json,
    name: str,
    path: str,
    most: int,
    *,
    kinds: tuple[str, ...] = PLAIN,
    needed: bool = False,
) -> Faults:
    """A text object of one of these types, so long."""
    if name not in given:
        if needed:
            yield missing(path, name)
        return
    yield from text_object(given[name], f"{path}/{name}", most, kinds)


def text_object(value: object, path: str, most: int, kinds: tuple[str, ...]) -> Faults:
    """The text object itself."""
    if not isinstance(value, dict):
        yield fault(path, "must be an object")
        return
    if value.get("type") not in kinds:
        yield fault(f"{path}/type", f"must be one of: {', '.join(kinds)}")
    yield from keys(value, path, _TEXT_KEYS)
    yield from string(value, "text", path, most, needed=True)


def one_of(given: Json, name: str, path: str, words: Collection[str]) -> Faults:
    """One of these words, when it is there."""
    if name in given and given[name] not in tuple(words):
        yield fault(f"{path}/{name}", f"must be one of: {', '.join(sorted(words))}")


def boolean(given: Json, name: str, path: str) -> Faults:
    """True or false, when it is there."""
    if name in given and not isinstance(given[name], bool):
        yield fault(f"{path}/{name}", "must be a boolean")


def integer(given: Json, name: str, path: str, least: int, most: int) -> Faults:
    """A whole number between these, when it is there."""
    value = given.get(name, least)
    if isinstance(value, bool) or not isinstance(value, int):
        yield fault(f"{path}/{name}", "must be an integer")
    elif not least <= value <= most:
        yield fault(f"{path}/{name}", f"must be between {least} and {most}")


def url(given: Json, name: str, path: str, most: int, *, needed: bool = False) -> Faults:
    """An http(s) address."""
    yield from string(given, name, path, most, needed=needed)
    value = given.get(name)
    if isinstance(value, str) and not value.startswith(("http://", "https://")):
        yield fault(f"{path}/{name}", "must be a valid URL")


def items(
    given: Json,
    name: str,
    path: str,
    most: int,
    check: Callable[[Json, str], Faults],
    *,
    least: int = 1,
) -> Faults:
    """A list of so many objects, each of which passes this check."""
    value, where = given.get(name), f"{path}/{name}"
    if value is None:
        yield missing(path, name)
        return
    yield from count(value, where, least, most)
    for number, item in enumerate(listed(value)):
        if isinstance(item, dict):
            yield from check(item, f"{where}/{number}")
        else:
            yield fault(f"{where}/{number}", "must be an object")


def listed(value: object) -> list[Any]:
    """What may be a list, as one. `Any`: JSON that nobody has checked yet."""
    return value if isinstance(value, list) else []


def count(value: object, path: str, least: int, most: int) -> Faults:
    """A list of so many items."""
    if not isinstance(value, list):
        yield fault(path, "must be an array")
    elif len(value) > most:
        yield fault(path, f"no more than {most} items allowed")
    elif len(value) < least:
        yield fault(path, f"no fewer than {least} items allowed")


def unique(values: list[tuple[object, str]], what: str) -> Faults:
    """No two alike; values come with their paths, None is not compared."""
    seen: list[object] = []
    for value, path in values:
        if value is not None and value in seen:
            yield fault(path, f"duplicate {what}: {value}")
        seen.append(value)


def texts(part: object) -> Iterator[str]:
    """Every text in some blocks, however deep."""
    if isinstance(part, dict):
        for name, value in part.items():
            if name == "text" and isinstance(value, str):
                yield value
            else:
                yield from texts(value)
    elif isinstance(part, list):
        for each in part:
            yield from texts(each)
