"""`tracktalk learn` as a person and a script meet it, over a journal on disk."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cli import main
from tests.support.lessons import BEST, NOON, SQL, taught
from texttosql.evaluation.files import read_questions
from texttosql.journal.database import Database
from texttosql.journal.examples import SqlExamples
from texttosql.learning.example import Example

Tracktalk = Callable[..., int]
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"HOME": str(tmp_path), "TRACKTALK_JOURNAL": f"sqlite:///{tmp_path}/journal.db"}


@pytest.fixture
def tracktalk(environ: dict[str, str]) -> Tracktalk:
    return lambda *arguments: main(("learn", *arguments), environ)


@pytest.fixture
def known(environ: dict[str, str]) -> list[Example]:
    """One for all, a newer one of another store, and one of a direct message."""
    with closing(Database.open(environ["TRACKTALK_JOURNAL"])) as database:
        examples = SqlExamples(database)
        later = NOON + timedelta(days=1)
        return [
            taught(examples),
            taught(examples, "dev runs?", store="dev", scope="dev/1", verified_at=later),
            taught(examples, "psst", private_to="U0ALICE001", verified_at=later),
        ]


def test_nothing_learned_says_how_anything_is(tracktalk: Tracktalk, capsys: Capture) -> None:
    assert tracktalk("list") == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert "A 👍 on an answer in Slack" in said.err


def test_the_list_has_every_example_in_use_newest_first(
    tracktalk: Tracktalk, known: list[Example], capsys: Capture
) -> None:
    assert tracktalk("list") == 0
    lines = capsys.readouterr().out.splitlines()[2:]
    assert [line.split()[0] for line in lines] == [each.id for each in reversed(known)]
    assert "2026-03-04" in lines[-1]
    assert "bob" in lines[-1]
    assert BEST in lines[-1]

    assert tracktalk("list", "--store", "dev", "--json") == 0
    (only,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert only == {
        "id": known[1].id, "question": "dev runs?", "sql": SQL, "store": "dev",
        "verified_by": "bob", "verified_at": "2026-03-05T12:00:00+00:00", "source": "thumb",
        "state": "in use", "private": False,
    }  # fmt: skip


def test_one_is_shown_with_its_sql_and_whom_it_is_for(
    tracktalk: Tracktalk, known: list[Example], capsys: Capture
) -> None:
    assert tracktalk("show", known[2].id) == 0
    said = capsys.readouterr().out
    assert "question: psst" in said
    assert "by bob, 2026-03-05 12:00 (thumb)" in said
    assert "a colleague alone: it was learned in private" in said
    assert SQL in said


def test_a_withdrawn_one_is_out_of_use_and_still_there_to_be_shown(
    tracktalk: Tracktalk, known: list[Example], capsys: Capture
) -> None:
    assert tracktalk("withdraw", known[0].id) == 0
    assert f"Withdrawn: {BEST}" in capsys.readouterr().err

    assert tracktalk("list", "--json") == 0
    assert known[0].id not in capsys.readouterr().out
    assert tracktalk("list", "--all") == 0
    assert known[0].id in capsys.readouterr().out
    assert tracktalk("show", known[0].id) == 0
    assert "withdrawn by" in capsys.readouterr().out

    assert tracktalk("withdraw", known[0].id) == 1
    assert "There is nothing to withdraw." in capsys.readouterr().err


@pytest.mark.parametrize("command", ["show", "withdraw"])
def test_an_id_that_nobody_knows_is_told_with_a_way_to_find_one(
    tracktalk: Tracktalk, capsys: Capture, command: str
) -> None:
    assert tracktalk(command, "0nowhere") == 1
    said = capsys.readouterr()
    assert "no example '0nowhere'" in said.err
    assert "tracktalk learn list --all" in said.err


def test_what_is_exported_is_a_question_file_without_private_ones(
    tracktalk: Tracktalk, known: list[Example], tmp_path: Path, capsys: Capture
) -> None:
    file = tmp_path / "questions.jsonl"
    assert tracktalk("export", str(file)) == 0
    told = "2 examples exported; left out: 1 learned in private."
    assert told in capsys.readouterr().err

    lines = file.read_text(encoding="utf-8").splitlines()
    assert [(asked.id, asked.text, asked.gold) for asked in read_questions(lines)] == [
        (known[0].id, BEST, SQL), (known[1].id, "dev runs?", SQL),
    ]  # fmt: skip
    assert json.loads(lines[0]) == {
        "id": known[0].id, "category": "learned", "question": BEST, "gold": SQL, "store": "prod",
        "verified_by": "bob", "verified_at": "2026-03-04T12:00:00+00:00",
    }  # fmt: skip

    assert tracktalk("export", "--store", "dev") == 0
    assert capsys.readouterr().out == lines[1] + "\n"


def test_what_has_other_rows_tomorrow_or_for_somebody_else_is_not_exported(
    tracktalk: Tracktalk, environ: dict[str, str], capsys: Capture
) -> None:
    with closing(Database.open(environ["TRACKTALK_JOURNAL"])) as database:
        examples = SqlExamples(database)
        taught(examples, "runs of last week")
        taught(examples, "my best run")

    assert tracktalk("export") == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert "0 examples exported; left out: 2 that depend on when or by whom" in said.err


def test_a_place_that_cannot_be_written_is_told(
    tracktalk: Tracktalk, known: list[Example], tmp_path: Path, capsys: Capture
) -> None:
    assert known
    assert tracktalk("export", str(tmp_path)) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_what_is_shown_cannot_move_the_cursor(
    tracktalk: Tracktalk, environ: dict[str, str], known: list[Example], capsys: Capture
) -> None:
    evil = replace(known[0].draft, sql="SELECT 1 AS \x1b[2J")
    with closing(Database.open(environ["TRACKTALK_JOURNAL"])) as database:
        kept = taught(SqlExamples(database), "evil\x1b[2J?", draft=evil, verified_as="b\x1bob")

    assert tracktalk("show", kept.id) == 0
    assert tracktalk("list") == 0
    assert "\x1b" not in capsys.readouterr().out
