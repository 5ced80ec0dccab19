from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from tests.unit.texttosql.relay.calling import SCHEMA, Reply, body, call
from texttosql.claude.api import providers
from texttosql.claude.model import Said
from texttosql.claude.output import Drafted
from texttosql.errors import InterpreterDown
from texttosql.model_settings import ModelSettings
from texttosql.relay.folder import Folder
from texttosql.relay.server import app, serving

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SHAPED = {"output_config": {"format": {"type": "json_schema", "schema": SCHEMA}}}
SQL = {"kind": "sql", "sql": "SELECT 1"}


def _until(there: Callable[[], object]) -> None:
    deadline = time.monotonic() + 15
    while not there():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.005)


class Desk:
    """A relay's folder, and a way to ask it."""

    def __init__(self, folder: Path, address: str, pool: ThreadPoolExecutor) -> None:
        self.folder, self.address, self._pool = folder, address, pool

    def ask(self, text: str = "how many runs?", **more: object) -> Future[Reply]:
        said = [{"role": "user", "content": text}]
        return self._pool.submit(call, self.address, body(messages=said, **SHAPED, **more))

    def request(self, number: str) -> Any:  # Any: JSON
        file = self.folder / f"{number}.request.json"
        _until(file.exists)
        return json.loads(file.read_text(encoding="utf-8"))

    def write(self, number: str, answer: object) -> None:
        text = answer if isinstance(answer, str) else json.dumps(answer)
        (self.folder / f"{number}.answer.json").write_text(text, encoding="utf-8")

    def problem(self, number: str) -> str:
        file = self.folder / f"{number}.problem.txt"
        _until(lambda: file.exists() and file.stat().st_size)
        return file.read_text(encoding="utf-8")


@contextmanager
def _desk(folder: Path, seconds: float = 30) -> Iterator[Desk]:
    with (
        ThreadPoolExecutor(8) as pool,
        serving(app(Folder(folder, seconds, lambda: NOON))) as address,
    ):
        yield Desk(folder, address, pool)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with _desk(tmp_path / "desk") as made:
        yield made


def test_a_request_becomes_a_file_that_says_all_one_needs_to_answer(desk: Desk) -> None:
    waiting = desk.ask("Wie viele Läufe?", system="You write SQL.")

    assert desk.request("0001") == {
        "id": "0001",
        "model": "claude-sonnet-5-5",
        "system": "You write SQL.",
        "messages": [{"role": "user", "text": "Wie viele Läufe?"}],
        "output_schema": SCHEMA,
        "asked_at": "2026-11-20T12:00:00+00:00",
    }
    assert "Läufe" in (desk.folder / "0001.request.json").read_text(encoding="utf-8")
    desk.write("0001", SQL)
    assert json.loads(waiting.result().body["content"][1]["text"]) == SQL


def test_each_of_many_requests_has_a_file_and_an_answer_of_its_own(desk: Desk) -> None:
    waiting = [desk.ask(f"question {n}") for n in range(6)]
    asked = {n: desk.request(f"{n:04d}")["messages"][0]["text"] for n in range(1, 7)}
    for number, text in reversed(asked.items()):
        desk.write(f"{number:04d}", {"kind": "sql", "sql": text})

    said = [json.loads(each.result().body["content"][1]["text"])["sql"] for each in waiting]
    assert said == [f"question {n}" for n in range(6)]


def test_an_answer_of_the_wrong_shape_is_told_and_can_be_mended(desk: Desk) -> None:
    waiting = desk.ask()
    desk.request("0001")
    desk.write("0001", {"kind": "sql", "sql": 5})

    problem = desk.problem("0001")
    assert "$.sql" in problem
    assert "5 is not of type 'string'" in problem
    assert not waiting.done()
    desk.write("0001", SQL)
    assert waiting.result().status == 200
    assert not (desk.folder / "0001.problem.txt").exists()


def test_a_file_that_is_being_written_is_waited_for(desk: Desk) -> None:
    waiting = desk.ask()
    desk.request("0001")
    with (desk.folder / "0001.answer.json").open("w", encoding="utf-8") as file:
        for part in ('{"kind": ', '"sql", "sql"', ': "SELECT 1"}'):
            file.write(part)
            file.flush()

    assert json.loads(waiting.result().body["content"][1]["text"]) == SQL
    assert not (desk.folder / "0001.problem.txt").exists()


def test_a_file_that_stays_no_json_is_told(desk: Desk) -> None:
    waiting = desk.ask()
    desk.request("0001")
    desk.write("0001", "SELECT 1")

    assert "0001.answer.json cannot be used: it is not JSON" in desk.problem("0001")
    desk.write("0001", "\ufeff" + json.dumps(SQL))
    assert waiting.result().status == 200


def test_an_error_can_be_played(desk: Desk) -> None:
    waiting = desk.ask()
    desk.request("0001")
    desk.write("0001", {"error": {"type": "overloaded_error", "retry_after": 3}})

    reply = waiting.result()
    assert (reply.status, reply.headers["retry-after"]) == (529, "3")
    assert not (desk.folder / "0001.gone").exists()


def test_a_refusal_can_be_played(desk: Desk) -> None:
    waiting = desk.ask()
    desk.request("0001")
    desk.write("0001", {"refusal": "frontier_llm"})

    assert waiting.result().body["stop_details"]["category"] == "frontier_llm"


def test_an_error_of_no_known_type_is_told(desk: Desk) -> None:
    waiting = desk.ask()
    desk.request("0001")
    desk.write("0001", {"error": {"type": "bad_mood"}})

    assert "overloaded_error" in desk.problem("0001")
    desk.write("0001", SQL)
    assert waiting.result().status == 200


def test_when_nobody_answers_the_time_is_up(tmp_path: Path) -> None:
    with _desk(tmp_path, seconds=0.2) as desk:
        reply = desk.ask().result()

    assert (reply.status, reply.body["error"]["type"]) == (504, "timeout_error")
    assert (tmp_path / "0001.gone").exists()


def test_a_question_that_nobody_waits_for_any_more_is_marked(tmp_path: Path) -> None:
    import anthropic  # noqa: F401, PLC0415 - what it takes to load is no part of the deadline

    with _desk(tmp_path) as desk:
        settings = ModelSettings(key=SecretStr("relay"), base_url=desk.address)
        with pytest.raises(InterpreterDown):
            providers.open_model(settings).ask("s", (Said("user", "q"),), Drafted, 0.4)
        _until((tmp_path / "0001.gone").exists)
        providers.hang_up()


def test_the_numbering_goes_on_where_it_stopped(tmp_path: Path) -> None:
    (tmp_path / "0041.request.json").write_text("{}")
    (tmp_path / "notes.txt").write_text("mine")
    with _desk(tmp_path) as desk:
        waiting = desk.ask()
        assert desk.request("0042")["id"] == "0042"
        desk.write("0042", SQL)
        assert waiting.result().status == 200


def test_a_request_is_never_seen_half_written(desk: Desk) -> None:
    seen: list[str] = []
    over = threading.Event()

    def watch() -> None:
        while not over.is_set():
            files = desk.folder.glob("*.request.json")
            seen.extend(json.loads(file.read_text(encoding="utf-8"))["id"] for file in files)

    watcher = threading.Thread(target=watch)
    watcher.start()
    waiting = [desk.ask("q" * 200_000) for _ in range(4)]
    for number in ("0001", "0002", "0003", "0004"):
        desk.request(number)
        desk.write(number, SQL)
    assert all(each.result().status == 200 for each in waiting)
    over.set()
    watcher.join()
    assert set(seen) == {"0001", "0002", "0003", "0004"}


def test_without_a_schema_any_text_is_an_answer(desk: Desk) -> None:
    waiting = threading.Thread(target=lambda: replies.append(call(desk.address, body())))
    replies: list[Reply] = []
    waiting.start()
    desk.request("0001")
    desk.write("0001", '"Three runs."')
    waiting.join()

    assert replies[0].body["content"][1]["text"] == "Three runs."
