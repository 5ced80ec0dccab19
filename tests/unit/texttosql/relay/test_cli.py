from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.unit.texttosql.relay.calling import SCHEMA, body, call

ROOT = Path(__file__).parents[4]
START = "import sys; from bot.cli import main; sys.exit(main())"


@contextmanager
def _relay(folder: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command in a process of its own; yields it and its first line."""
    command = [sys.executable, "-c", START, "relay", str(folder), *options]
    with subprocess.Popen(  # noqa: S603 - our own program
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        assert process.stdout
        try:
            yield process, process.stdout.readline()
        finally:
            process.kill()


def _until(file: Path) -> None:
    deadline = time.monotonic() + 15
    while not file.exists():
        assert time.monotonic() < deadline, f"{file.name} never came"
        time.sleep(0.005)


def _address(line: str) -> str:
    found = re.search(r"ANTHROPIC_BASE_URL=(\S+)", line)
    assert found
    return found[1]


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_it_says_what_to_set_and_ends_cleanly_when_told_to(tmp_path: Path, end: int) -> None:
    with _relay(tmp_path / "desk", "--timeout", "90") as (process, line):
        assert re.fullmatch(
            r"ANTHROPIC_BASE_URL=http://127\.0\.0\.1:\d+ ANTHROPIC_API_KEY=relay "
            r"TRACKTALK_MODEL_DEADLINE=90\n",
            line,
        )
        assert call(_address(line), body(), "/v1/messages/count_tokens").status == 200
        process.send_signal(end)
        out, err = process.communicate(timeout=20)

    assert process.returncode == 0
    assert out == ""
    assert err == f"Requests appear in {tmp_path / 'desk'}. Ctrl-C ends it.\n"


def test_open_questions_are_marked_when_it_ends(tmp_path: Path) -> None:
    with _relay(tmp_path) as (process, line):
        asking = threading.Thread(target=_ignore_the_end, args=(_address(line),))
        asking.start()
        _until(tmp_path / "0001.request.json")
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        asking.join()

    assert (tmp_path / "0001.gone").exists()


def _ignore_the_end(address: str) -> None:
    try:
        call(address, body())
    except OSError:
        return


def test_the_documented_program_answers_every_question(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "relay.md").read_text(encoding="utf-8")
    program = text.partition("```python\n")[2].partition("```")[0]
    shaped = {"output_config": {"format": {"type": "json_schema", "schema": _WITH_TITLE}}}
    with (
        _relay(tmp_path) as (_, line),
        _running(program, tmp_path) as answering,
    ):
        try:
            replies = [call(_address(line), body(**shaped)) for _ in range(2)]
        finally:
            answering.kill()

    for reply in replies:
        assert json.loads(reply.body["content"][1]["text"])["title"] == "runs"


def _running(program: str, folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", program, str(folder)]
    return subprocess.Popen(command)  # noqa: S603 - the documents' own


_TEXT = {"type": "string"}
_WITH_TITLE = {**SCHEMA, "properties": {"kind": _TEXT, "sql": _TEXT, "title": _TEXT}}


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with _relay(tmp_path / "one") as (_, line):
        port = _address(line).rpartition(":")[2]
        with _relay(tmp_path / "two", "--port", port) as (second, _line):
            _, err = second.communicate(timeout=20)

    assert second.returncode == 2
    assert f"Port {port} cannot be listened on: address already in use." in err


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with _relay(tmp_path / "file") as (process, _line):
        _, err = process.communicate(timeout=20)

    assert process.returncode == 2
    assert "cannot be used" in err
