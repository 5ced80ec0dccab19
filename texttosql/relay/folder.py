"""Questions and answers as files: whoever can read and write a folder can stand in for Claude.

`0001.request.json` is written whole, at once; the answer is taken from `0001.answer.json` as
soon as that is valid. What is wrong with it stands in `0001.problem.txt`, and it can be mended
until the time is up. `0001.gone` says that nobody waits for this answer any more.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from texttosql.relay.asked import STATUS, Answer, Asked, Trouble

_LOOK = 0.05
"""Seconds between two looks at a folder."""

_STILL = 1.0
"""Seconds for which a file that is no JSON must not change to be called wrong, not unfinished."""


class Folder:
    """`relay.asked.Answerer`. One relay for a folder; `seconds` is how long an answer may take.

    Raises OSError when the folder cannot be made or read.
    """

    def __init__(self, folder: Path, seconds: float, now: Callable[[], datetime]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._seconds, self._now = folder, seconds, now
        numbers = (path.name.partition(".")[0] for path in folder.iterdir())
        self._last = max((int(number) for number in numbers if number.isdecimal()), default=0)

    async def answer(self, asked: Asked, /) -> Answer:
        """What somebody writes. Raises Trouble: theirs, or timeout_error when nobody did."""
        self._last += 1
        slot = _Slot(self._folder, f"{self._last:04d}", asked.schema)
        slot.put(asked, self._now())
        answered = False
        try:
            async with asyncio.timeout(self._seconds):
                answer = await slot.answer()
            answered = True
        except TimeoutError as error:
            raise _nobody(slot.id) from error
        except Trouble:
            answered = True
            raise
        finally:
            if not answered:
                slot.close()
        return answer


def _nobody(number: str) -> Trouble:
    return Trouble("timeout_error", f"Nobody answered {number}.")


class _Unusable(Exception):
    """What is wrong with an answer; `unfinished` when it may just not be all there yet."""

    def __init__(self, why: str, *, unfinished: bool = False) -> None:
        super().__init__(why)
        self.unfinished = unfinished


class _Slot:
    """The files of one request."""

    def __init__(self, folder: Path, number: str, schema: Mapping[str, Any] | None) -> None:
        self.id = number
        self._folder, self._schema = folder, schema

    def _file(self, kind: str) -> Path:
        return self._folder / f"{self.id}.{kind}"

    def put(self, asked: Asked, at: datetime) -> None:
        """Write the request. Raises Trouble when that cannot be done."""
        told = {
            "id": self.id,
            "model": asked.model,
            "system": asked.system,
            "messages": asked.messages,
            "output_schema": asked.schema,
            "asked_at": at.isoformat(timespec="seconds"),
        }
        unfinished = self._folder / f".{self.id}.request.part"
        try:
            text = json.dumps(told, ensure_ascii=False, indent=2)
            unfinished.write_text(text, encoding="utf-8", errors="backslashreplace")
            os.replace(unfinished, self._file("request.json"))  # noqa: PTH105 - says "at once"
        except OSError as error:
            kind, message = "api_error", f"The request cannot be written: {error.strerror}."
            raise Trouble(kind, message) from error

    async def answer(self) -> Answer:
        """Waits for it. Raises Trouble, if that is what was written."""
        seen, since, told = None, 0.0, None
        while True:
            text = self._read()
            if text != seen:
                seen, since = text, time.monotonic()
            if text is not None and text != told:
                try:
                    answer = _understood(text, self._schema)
                except _Unusable as wrong:
                    if not wrong.unfinished or time.monotonic() - since > _STILL:
                        self._complain(str(wrong))
                        told = text
                else:
                    self._file("problem.txt").unlink(missing_ok=True)
                    return answer
            await asyncio.sleep(_LOOK)

    def _read(self) -> bytes | None:
        try:
            return self._file("answer.json").read_bytes()
        except OSError:  # not there yet, or being replaced
            return None

    def _complain(self, why: str) -> None:
        name = self._file("answer.json").name
        text = f"{name} cannot be used: {why}\nCorrect the file; the question still waits.\n"
        self._file("problem.txt").write_text(text, encoding="utf-8")

    def close(self) -> None:
        """Mark that an answer would come too late."""
        self._file("gone").write_text("Nobody waits for this answer any more.\n", encoding="utf-8")


def _understood(text: bytes, schema: Mapping[str, Any] | None) -> Answer:
    """The answer that a file holds. Raises Trouble, as the file says so, or _Unusable."""
    try:
        value = json.loads(text.decode("utf-8-sig"))
    except ValueError as error:
        why = f"it is not JSON ({error})."
        raise _Unusable(why, unfinished=True) from error
    fault = _fault(value, schema)
    if fault is None:
        return Answer(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    if isinstance(value, dict) and value.keys() == {"refusal"}:
        return Answer("", "refusal", value["refusal"])
    if isinstance(value, dict) and value.keys() == {"error"}:
        raise _trouble(value["error"])
    raise _Unusable(fault)


def _fault(value: object, schema: Mapping[str, Any] | None) -> str | None:
    """Where and why the value is not of the schema; None when it is. Without one, all is well."""
    # Typed by a package of its own, which nothing else here needs.
    from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # noqa: PLC0415
    from jsonschema.exceptions import best_match  # type: ignore[import-untyped]  # noqa: PLC0415

    found = best_match(Draft202012Validator(schema or {}).iter_errors(value))
    return None if found is None else f"at {found.json_path}, {found.message}."


def _trouble(told: object) -> Trouble:
    """An error of the API, told as {"type", "retry_after"}. Raises _Unusable."""
    parts = told if isinstance(told, dict) else {}
    kind, after = str(parts.get("type")), parts.get("retry_after")
    if kind not in STATUS:
        why = f"there is no such type of error; there are {', '.join(STATUS)}."
        raise _Unusable(why)
    seconds = float(after) if isinstance(after, int | float) else None
    return Trouble(kind, "An error, as whoever answers said.", retry_after=seconds)
