"""`tracktalk eval --score` as a team's CI meets it: a report on stdout, and an exit code."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from tests.support.model import scripted, status


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended."""

    status: int
    out: str
    err: str


Evaluate = Callable[..., Said]
Line = Mapping[str, Any]  # Any: JSON values

RIGHT: Line = {
    "id": "runs", "category": "count", "question": "how many experiments are there?",
    "gold": "SELECT COUNT(*) FROM experiments WHERE lifecycle_stage = 'active'",
}  # fmt: skip
LITERAL: Line = {
    "id": "best", "category": "top", "question": "best run by f1", "rows": [["forest-3", 0.79]],
}  # fmt: skip
DECLINED: Line = {"id": "rain", "question": "will it rain?", "expect": "refuse"}
MISSED: Line = {"id": "no", "category": "top", "question": "best run by f1", "rows": [["svm", 1]]}
THREAD: Line = {
    "id": "t",
    "category": "follow-up",
    "turns": [
        {"question": "top 3 runs by f1", "gold": "SELECT COUNT(*) FROM runs", "ordered": True},
        {"question": "only bob's", "expect": "refuse"},
    ],
}


@pytest.fixture
def evaluate(small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Evaluate:
    """`evaluate(LINE, …, options="--score")` over the small store."""

    def run(
        *lines: Line | bytes, options: str = "--score", environ: Mapping[str, str] | None = None
    ) -> Said:
        file = tmp_path / "q.jsonl"
        written = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
        file.write_bytes(b"\n".join(written))
        arguments = ["eval", str(file), "--store", f"sqlite:///{small}", *options.split()]
        ended = main(arguments, {"HOME": str(tmp_path), **(environ or {})})
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        assert "Something inside" not in said.err
        return Said(ended, said.out, said.err)

    return run


def test_a_report_needs_no_file_for_the_answers(evaluate: Evaluate) -> None:
    said = evaluate(RIGHT, LITERAL, DECLINED)
    assert said.status == 0
    rows = [line.split()[:4] for line in said.out.splitlines()]
    assert ["all", "3", "3", "100.0%"] in rows
    assert ["offline", "3", "3", "100.0%"] in rows
    assert "no misses" in said.out
    assert "gold: 3/3" in said.err
    assert "3 questions: 1 refuse, 2 rows" in said.err


def test_a_miss_is_told_and_fails_only_under_a_bound(evaluate: Evaluate) -> None:
    said = evaluate(RIGHT, MISSED)
    assert said.status == 0
    assert "[no] top: best run by f1" in said.out
    assert "expected: 1 row: ('svm', 1)" in said.out
    assert evaluate(RIGHT, MISSED, options="--fail-under 0.5").status == 0
    assert evaluate(RIGHT, MISSED, options="--fail-under 0.51").status == 1
    assert evaluate(RIGHT, MISSED, options="--fail-under-precision 0.51").status == 1
    assert evaluate(RIGHT, options="--fail-under 1 --fail-under-precision 1").status == 0


def test_a_threads_turns_are_judged_one_by_one(evaluate: Evaluate) -> None:
    said = evaluate(THREAD)
    assert ["follow-up", "0", "2", "0.0%"] in [row.split()[:4] for row in said.out.splitlines()]
    assert "[t.1]" in said.out
    assert "[t.2]" in said.out


def test_answers_are_written_beside_the_report_and_tell_who_answered(
    evaluate: Evaluate, tmp_path: Path
) -> None:
    out = tmp_path / "p.jsonl"
    assert evaluate(RIGHT, DECLINED, options=f"--score --out {out}").status == 0
    one, two = (json.loads(line) for line in out.read_text().splitlines())
    assert list(one) == [
        "id", "outcome", "columns", "rows", "sql", "error", "ms", "engine", "cost",
    ]  # fmt: skip
    assert (one["id"], one["rows"], one["engine"], one["cost"]["usd"]) == (
        "runs",
        [[4]],
        "offline",
        0,
    )
    assert (two["id"], two["outcome"]) == ("rain", "refuse")


def test_the_report_is_written_as_markdown_or_json(evaluate: Evaluate, tmp_path: Path) -> None:
    for name in ("r.md", "r.json"):
        assert evaluate(RIGHT, MISSED, options=f"--report {tmp_path / name}").status == 0
    assert "| all        |       1 |       2 |" in (tmp_path / "r.md").read_text()
    found = json.loads((tmp_path / "r.json").read_text())
    assert (found["all"]["accuracy"], found["misses"][0]["id"]) == (0.5, "no")
    assert len(found["digest"]) == 64


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ("", "nowhere for the answers to go"),
        ("--score --out -", "cannot both go to stdout"),
        ("--report r.txt", "neither Markdown nor JSON"),
        ("--report /no/such/folder/r.md", "cannot be written"),
        ("--score --out /no/such/folder/p.jsonl", "cannot be written"),
        ("--fail-under 95", "less than or equal to 1"),
        ("--score --engine oracle", "no engine called"),
        ("--score --engine claude", "ANTHROPIC_API_KEY"),
    ],
)
def test_what_is_asked_for_wrongly_is_told_before_anything_is_asked(
    evaluate: Evaluate, options: str, what: str
) -> None:
    said = evaluate(RIGHT, options=options)
    assert said.status == 2
    assert what in said.err
    assert "eval:" not in said.err
    assert said.out == ""


FAULTS: list[tuple[Line | bytes, str]] = [
    ({**RIGHT, "gold": "DELETE FROM runs"}, "statement.not_select"),
    ({**RIGHT, "gold": "SELECT * FROM secrets"}, "table.not_allowed"),
    ({**RIGHT, "gold": "SELECT 1; SELECT 2"}, "statement.multiple"),
    ({**RIGHT, "gold": ""}, "The gold of runs is no text"),
    ({**RIGHT, "expect": "anything"}, "What runs expects is unknown"),
    (b'{"id": "runs"', "It is no JSON"),
    (b"\xff\xfe", "is not UTF-8 text (line 2)"),
    (b'{"id": "x", "question": "' + b"x" * 200_000 + b'"}', "200,027 characters"),
    ({**DECLINED}, "rain is the id of line 1 already"),
]


@pytest.mark.parametrize(("line", "what"), FAULTS, ids=[what for _, what in FAULTS])
def test_a_faulty_file_is_told_with_its_line_and_nothing_is_asked(
    evaluate: Evaluate, line: Line | bytes, what: str
) -> None:
    said = evaluate(DECLINED, line)
    assert said.status == 2
    assert "line 2" in said.err
    assert what in said.err
    assert "eval:" not in said.err
    assert said.out == ""


def test_a_gold_that_would_be_cut_says_how_to_raise_the_limit(evaluate: Evaluate) -> None:
    wide = {**RIGHT, "gold": "SELECT run_uuid FROM runs"}
    said = evaluate(wide, options="--score --max-rows 5")
    assert said.status == 2
    assert "more than 5 rows" in said.err
    assert evaluate(wide, options="--score --max-rows 100").status == 0


def test_an_engine_that_a_stand_in_plays_is_measured_and_called_that(
    evaluate: Evaluate, tmp_path: Path
) -> None:
    drafted = {"kind": "sql", "sql": RIGHT["gold"], "title": "experiments"}
    with scripted([drafted]) as model:
        options = f"--engine claude --out {tmp_path}/p.jsonl --report {tmp_path}/r.json"
        said = evaluate(RIGHT, options=options, environ=model.environ)
    assert said.status == 0
    assert f"A stand-in at {model.base_url} answered in the place of a model" in said.out
    assert "accuracy of" not in said.out
    found = json.loads((tmp_path / "r.json").read_text())
    assert (found["all"]["agreement"], found["engines"]["claude"]["calls"]) == (1, 1)
    assert found["all"]["tokens"] > 0
    assert "accuracy" not in found["all"]
    line = json.loads((tmp_path / "p.jsonl").read_text())
    assert (line["engine"], line["cost"]["calls"]) == ("claude", 1)


def test_an_answer_in_claudes_place_is_counted_as_a_fallback(
    evaluate: Evaluate,
) -> None:
    with scripted([status(400)]) as model:
        said = evaluate(RIGHT, options="--engine claude --score", environ=model.environ)
    assert ["fallback", "1", "1", "100.0%"] in [row.split()[:4] for row in said.out.splitlines()]


def test_a_store_that_is_not_there_is_no_miss(tmp_path: Path) -> None:
    file = tmp_path / "q.jsonl"
    file.write_text(json.dumps(RIGHT))
    arguments = ["eval", str(file), "--store", f"sqlite:///{tmp_path}/none.db", "--score"]
    assert main([*arguments, "--fail-under", "1"], {"HOME": str(tmp_path)}) == 3


def test_a_faulty_gold_leaves_earlier_answers_where_they_are(
    evaluate: Evaluate, tmp_path: Path
) -> None:
    out = tmp_path / "p.jsonl"
    out.write_text("earlier\n")
    evaluate({**RIGHT, "gold": "DROP TABLE runs"}, options=f"--score --out {out}")
    assert out.read_text() == "earlier\n"


def test_an_mlflow_that_is_not_there_costs_neither_the_report_nor_the_verdict(
    evaluate: Evaluate,
) -> None:
    said = evaluate(RIGHT, options="--mlflow http://user:hunter2x@127.0.0.1:9 --fail-under 1")
    assert said.status == 0
    assert "no misses" in said.out
    assert "Not logged to MLflow; the report above is complete." in said.err
    assert "Nobody answers at http://127.0.0.1:9" in said.err
    assert "hunter2x" not in said.err
    missed = evaluate(MISSED, options="--mlflow http://127.0.0.1:9 --fail-under 1")
    assert (missed.status, "1 miss" in missed.out) == (1, True)
