"""ask, eval, check-sql and history as a person and a script meet them, on a real SQLite store."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli import main

Tracktalk = Callable[..., int]
MAY_4 = 1_777_852_800_000
RUNS = [("xgb-7", "kim", 0.934), ("rf-2", "kim", 0.92), ("svm-1", "lee", 0.71)]
HEAVY = (
    "mlflow", "slack_bolt", "slack_sdk", "anthropic", "altair", "vl_convert", "pandas", "tracking",
)  # fmt: skip
KEYS = {
    "outcome", "headline", "sql", "params", "columns", "rows", "truncated", "assumptions",
    "options", "suggestions", "chart", "engine", "store", "turn_id", "timings_ms", "cost", "error",
}  # fmt: skip


@pytest.fixture
def store(sqlite_store: Path) -> str:
    """The address of a store with one experiment and three runs."""
    with closing(sqlite3.connect(sqlite_store)) as database, database:
        database.execute(
            "INSERT INTO experiments (experiment_id, name, lifecycle_stage, creation_time) "
            "VALUES (7, 'fraud', 'active', ?)", (MAY_4,),
        )  # fmt: skip
        for place, (name, user, recall) in enumerate(RUNS):
            ident = f"{place:032x}"
            database.execute(
                "INSERT INTO runs (run_uuid, name, user_id, status, start_time, end_time, "
                "lifecycle_stage, experiment_id, source_type) "
                "VALUES (?, ?, ?, 'FINISHED', ?, ?, 'active', 7, 'LOCAL')",
                (ident, name, user, MAY_4 + place, MAY_4 + 60_000),
            )
            for table in ("metrics", "latest_metrics"):
                database.execute(
                    f"INSERT INTO {table} (key, value, timestamp, step, is_nan, run_uuid) "
                    "VALUES ('recall', ?, ?, 0, 0, ?)", (recall, MAY_4, ident),
                )  # fmt: skip
    return f"sqlite:///{sqlite_store}"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A home of the test's own, and nothing set."""
    return {"HOME": str(tmp_path)}


@pytest.fixture
def tracktalk(environ: dict[str, str]) -> Tracktalk:
    return lambda *arguments: main(arguments, environ)


def test_an_answer_is_data_on_stdout_and_nothing_on_stderr(
    tracktalk: Tracktalk, store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tracktalk("ask", "top 2 runs by recall", "--store", store) == 0
    said = capsys.readouterr()
    assert "xgb-7" in said.out
    assert "0.934" in said.out
    assert "svm-1" not in said.out
    assert said.err == ""


def test_json_is_one_object_with_every_key(
    tracktalk: Tracktalk, store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tracktalk("ask", "top 2 runs by recall", "--store", store, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) == KEYS
    assert found["outcome"] == "rows"
    assert len(found["rows"]) == 2


def test_max_rows_cuts_and_says_so(
    tracktalk: Tracktalk, store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    tracktalk("ask", "list all runs", "--store", store, "--max-rows", "2", "--json")
    found = json.loads(capsys.readouterr().out)
    assert (len(found["rows"]), found["truncated"]) == (2, True)
    assert "there are more" in found["headline"]


def test_a_thread_makes_the_next_question_a_follow_up(
    tracktalk: Tracktalk, store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    tracktalk("ask", "top 3 runs by recall", "--store", store, "--thread", "T")
    capsys.readouterr()
    assert tracktalk("ask", "only lee's", "--store", store, "--thread", "T", "--json") == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert len(rows) == 1
    assert "svm-1" in rows[0]


def test_user_is_who_my_means(
    tracktalk: Tracktalk, store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tracktalk("ask", "list my runs", "--store", store, "--user", "lee", "--json") == 0
    assert len(json.loads(capsys.readouterr().out)["rows"]) == 1


def test_a_chart_is_written_and_its_path_is_talk(
    tracktalk: Tracktalk, store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "chart.png"
    ask = ("ask", "top 3 runs by recall", "--store", store, "--chart", str(file))
    assert tracktalk(*ask) == 0
    said = capsys.readouterr()
    assert str(file) in said.err
    assert str(file) not in said.out
    assert file.read_bytes().startswith(b"\x89PNG")


def test_an_answer_is_not_lost_for_a_chart_that_cannot_be_written(
    tracktalk: Tracktalk, store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = tmp_path / "no" / "chart.png"
    ask = ("ask", "top 3 runs by recall", "--store", store, "--chart", str(nowhere))
    assert tracktalk(*ask) == 2
    said = capsys.readouterr()
    assert "xgb-7" in said.out
    assert "cannot be written" in said.err


@pytest.mark.parametrize(
    "question",
    [
        "",
        "   ",
        "x" * 10_000,
        "🤷",
        "what \x1b[2J\x00 is this",
        "SELECT * FROM secrets",
        "DROP TABLE runs",
        "delete all my runs",
        "how is the weather in Paris",
    ],
)
def test_a_question_that_is_none_gets_a_clear_reply_and_no_traceback(
    question: str, tracktalk: Tracktalk, store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status = tracktalk("ask", question, "--store", store)
    said = capsys.readouterr()
    assert status in {1, 5}
    assert said.out or said.err
    assert "Traceback" not in said.err
    assert "Something inside" not in said.err
    assert len(said.out + said.err) < 2_000


SETTINGS: Sequence[tuple[tuple[str, ...], int]] = [
    (("ask", "how many runs?"), 2),
    (("ask", "how many runs?", "--store", "nowhere"), 2),
    (("ask", "how many runs?", "--store", "STORE", "--now", "yesterday"), 2),
    (("ask", "how many runs?", "--store", "STORE", "--engine", "oracle"), 2),
    (("ask", "how many runs?", "--store", "postgresql://db/mlflow"), 2),
    (("ask", "how many runs?", "--store", "sqlite:////no/such/file.db"), 3),
    (("ask", "how many runs?", "--store", "mysql+pymysql://u:hunter2x@127.0.0.1:1/mlflow"), 3),
    (("eval", "/no/such.jsonl", "--store", "STORE", "--out", "-"), 2),
    (("check-sql", "--store", "STORE", "--dialect", "mysql"), 2),
]


@pytest.mark.parametrize(("arguments", "status"), SETTINGS)
def test_what_is_set_wrongly_is_told_in_one_line(
    arguments: Sequence[str],
    status: int,
    tracktalk: Tracktalk,
    store: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    given = [store if word == "STORE" else word for word in arguments]
    assert tracktalk(*given) == status
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "hunter2x" not in said.err


def test_with_json_a_fault_is_data_too(
    tracktalk: Tracktalk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tracktalk("ask", "how many runs?", "--json") == 2
    found = json.loads(capsys.readouterr().out)
    assert set(found) == KEYS
    assert found["error"]["fix"]


def test_eval_answers_every_line_in_order(
    tracktalk: Tracktalk, store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked, out = tmp_path / "q.jsonl", tmp_path / "p.jsonl"
    asked.write_text(
        '{"id": "a", "question": "how many runs?"}\n'
        "broken\n"
        '{"id": "t", "turns": [{"question": "top 3 runs by recall"}, '
        '{"question": "only lee\'s"}]}\n'
        '{"id": "b", "question": "how many runs by lee?"}\n'
    )
    assert tracktalk("eval", str(asked), "--store", store, "--out", str(out)) == 0
    found = [json.loads(line) for line in out.read_text().splitlines()]
    assert [line["id"] for line in found] == ["a", "line 2", "t.1", "t.2", "b"]
    assert [line["outcome"] for line in found] == ["rows", "error", "rows", "rows", "rows"]
    assert [len(line["rows"]) for line in found] == [1, 0, 3, 1, 1]
    assert found[0]["rows"][0][0] == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert "eval: 5/5" in said.err


def test_eval_leaves_the_journal_alone(
    tracktalk: Tracktalk, store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = tmp_path / "q.jsonl"
    asked.write_text('{"id": "a", "question": "how many runs?"}\n')
    tracktalk("eval", str(asked), "--store", store, "--out", str(tmp_path / "p.jsonl"))
    capsys.readouterr()
    assert tracktalk("history", "--json") == 0
    assert capsys.readouterr().out == ""


def test_history_tells_what_was_asked_and_by_whom(
    tracktalk: Tracktalk, store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    tracktalk("ask", "how many runs?", "--store", store, "--user", "kim", "--thread", "T")
    tracktalk("ask", "top 2 runs by recall", "--store", store, "--user", "lee")
    capsys.readouterr()
    tracktalk("history", "--json")
    asked = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [turn["question"] for turn in asked] == ["top 2 runs by recall", "how many runs?"]
    tracktalk("history", "--thread", "T")
    assert "how many runs?" in capsys.readouterr().out
    tracktalk("history", "--user", "lee", "--json")
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_check_sql_judges_by_the_stores_own_tables(
    tracktalk: Tracktalk, store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "sql.jsonl"
    file.write_text('{"sql": "SELECT name FROM runs"}\n{"sql": "SELECT * FROM nowhere"}\n')
    assert tracktalk("check-sql", "--file", str(file), "--store", store) == 1
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["approved"] for line in found] == [True, False]


def test_an_ask_loads_nothing_that_it_does_not_use(store: str, environ: dict[str, str]) -> None:
    program = (
        "import sys\n"
        "from bot.cli import main\n"
        f"status = main(['ask', 'how many runs?', '--store', {store!r}], {environ!r})\n"
        f"print(status, sorted({{*{HEAVY!r}}} & {{*sys.modules}}))\n"
    )
    # S603: the interpreter that runs this test, on the text above.
    done = subprocess.run(  # noqa: S603 - see above
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "0 []"
