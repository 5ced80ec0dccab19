"""The one command: what it offers, what it loads, and how it behaves when used wrongly."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import main

Tracktalk = Callable[..., int]
HEAVY = ("mlflow", "slack_bolt", "slack_sdk", "anthropic", "altair", "vl_convert", "pandas", "rich")


@pytest.fixture
def tracktalk(tmp_path: Path) -> Tracktalk:
    """The command line with an empty environment."""
    return lambda *arguments: main(arguments, {"HOME": str(tmp_path)})


def test_without_arguments_it_prints_what_it_can_do(
    tracktalk: Tracktalk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tracktalk() == 0
    text = capsys.readouterr().out
    for command in ("demo", "ask", "eval", "check-sql", "history", "demo-store"):
        assert f"  {command} " in text


def test_it_tells_its_version(tracktalk: Tracktalk, capsys: pytest.CaptureFixture[str]) -> None:
    assert tracktalk("--version") == 0
    assert capsys.readouterr().out.startswith("tracktalk 0.")


@pytest.mark.parametrize(
    "arguments",
    [
        ("no-such-command",),
        ("ask",),
        ("ask", "q", "--no-such-option"),
        ("ask", "q", "--max-rows", "0"),
        ("ask", "q", "--max-rows", "many"),
        ("eval",),
        ("check-sql", "--dialect", "oracle"),
        ("history", "--limit", "0"),
    ],
)
def test_wrong_usage_exits_2_and_leaves_stdout_empty(
    arguments: tuple[str, ...], tracktalk: Tracktalk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tracktalk(*arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "Traceback" not in said.err
    assert "Error: " in said.err


def test_check_sql_judges_a_file_and_exits_1_if_any_is_refused(
    tracktalk: Tracktalk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "sql.jsonl"
    good, bad = {"sql": "SELECT name FROM experiments"}, {"sql": "DROP TABLE runs"}
    file.write_text(json.dumps(good) + "\n\n" + json.dumps(bad) + "\n")
    assert tracktalk("check-sql", "--file", str(file)) == 1
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["approved"] for line in found] == [True, False]


def test_check_sql_exits_0_when_everything_is_approved(
    tracktalk: Tracktalk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "sql.jsonl"
    file.write_text(json.dumps({"sql": 'SELECT "name" FROM experiments'}))
    assert tracktalk("check-sql", "--file", str(file), "--dialect", "sqlite") == 0
    assert json.loads(capsys.readouterr().out)["approved"] is True


@pytest.mark.parametrize("name", ["missing.jsonl", "folder", "binary.jsonl"])
def test_a_file_that_cannot_be_read_is_one_clear_line(
    name: str, tracktalk: Tracktalk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "binary.jsonl").write_bytes(b"\xff\xfe\x00")
    assert tracktalk("check-sql", "--file", str(tmp_path / name)) == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert name in said.err


def _loaded_after(code: str) -> set[str]:
    listing = f"{code}\nimport sys; print('\\n', *sys.modules, sep='\\n')"
    # S603: the interpreter that runs this test, on code of this file.
    done = subprocess.run(  # noqa: S603 - see above
        [sys.executable, "-c", listing], capture_output=True, text=True, check=True
    )
    return {name.partition(".")[0] for name in done.stdout.split()}


def test_importing_the_command_line_loads_nothing_heavy() -> None:
    assert not _loaded_after("import bot.cli") & {
        *HEAVY,
        "sqlglot",
        "sqlalchemy",
        "pydantic_settings",
    }


def test_even_help_loads_nothing_heavy() -> None:
    assert not _loaded_after("from bot.cli import main; main(['--help'], {})") & {*HEAVY, "sqlglot"}


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    file = tmp_path / "sql.jsonl"
    file.write_text((json.dumps({"sql": "SELECT name FROM experiments"}) + "\n") * 2000)
    call = f"main(['check-sql', '--file', {str(file)!r}], {{}})"
    program = f"import sys; from bot.cli import main; sys.exit({call})"
    # S603: the interpreter that runs this test.
    child = subprocess.Popen(  # noqa: S603 - see above
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stderr is not None
    child.stdout.readline()
    child.stdout.close()
    said = child.stderr.read()
    child.stderr.close()
    assert child.wait() == 1
    assert said == ""
