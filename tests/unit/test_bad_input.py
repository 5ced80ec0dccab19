"""Whatever is wrong with a store or a question: one clear line, the right status, no traceback.

An error's line says what happened, why, and what to do now, on stderr. A question that cannot be
answered is answered with the reason, on stdout. Neither loses a question or touches the store.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cli import main
from tests.bench.make_store import Size, make


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended."""

    status: int
    out: str
    err: str


Ask = Callable[..., Said]
Break = Callable[[Path], None]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Somebody's home folder, with their journal and log."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def ask(home: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    """`tracktalk ask QUESTION --store STORE`, without a store when there is none."""

    def run(text: str, store: object = None, *more: str) -> Said:
        given = [] if store is None else ["--store", f"{store}"]
        status = main(["ask", text, *given, *more], {"HOME": str(home)})
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        assert "Something inside" not in said.err
        return Said(status, said.out, said.err)

    return run


@pytest.fixture
def asked(home: Path, capsys: pytest.CaptureFixture[str]) -> Callable[[], list[tuple[str, str]]]:
    """The journal's (question, outcome) pairs, newest first."""

    def run() -> list[tuple[str, str]]:
        main(["history", "--json"], {"HOME": str(home)})
        lines = capsys.readouterr().out.splitlines()
        return [(turn["question"], turn["outcome"]) for turn in map(json.loads, lines)]

    return run


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with runs by alice and others, val_accuracy among its metrics."""
    path = tmp_path_factory.mktemp("bad-input") / "mlflow.db"
    make(path, Size(runs=100, metric_rows=1_000))
    return path


def one_line(said: Said, status: int, *words: str) -> None:
    """Nothing on stdout, one line on stderr with these words, and that exit status."""
    assert (said.status, said.out) == (status, "")
    assert said.err.count("\n") == 1
    assert said.err.endswith("\n")
    assert len(said.err) < 500
    for word in words:
        assert word in said.err


def test_a_missing_address_says_how_to_give_one(ask: Ask) -> None:
    one_line(ask("how many runs?"), 2, "No store is named", "TRACKTALK_STORE", "--store")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("prod", ("no store called 'prod'", "Give the store's address")),
        ("http://localhost:5000", ("tracking server's address", "--backend-store-uri")),
        ("sqlite:///", ("in memory", "name a file")),
        ("postgresql://db/mlflow", ("postgresql", "mysql+pymysql://")),
        ("mysql+pymysql://bot@db", ("database", "Correct the address")),
        ("mysql+pymysql://bot@db:port/mlflow", ("port", "Correct the address")),
    ],
)
def test_a_wrong_address_says_what_is_wrong_with_it(
    ask: Ask, address: str, words: tuple[str, ...]
) -> None:
    one_line(ask("how many runs?", address), 2, *words)


def _nothing(path: Path) -> None:
    path.unlink()


def _a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _text(path: Path) -> None:
    path.write_text("run,accuracy\nseed0,0.9\n" * 100)


def _anothers(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE orders (id INTEGER)")


def _old(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("DROP TABLE latest_metrics")
        database.execute("UPDATE alembic_version SET version_num = '7ac759974ad8'")


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _scrambled(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4_096:200_000] = b"\xa5" * (200_000 - 4_096)
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (_nothing, ("There is no file", "Check the store's address")),
        (_a_folder, ("is a folder", "mlflow migrate-filestore")),
        (_empty, ("is empty", "Check the store's address")),
        (_text, ("is no SQLite database", "Check the store's address")),
        (_anothers, ("not made by MLflow", "has orders", "Check the address")),
        (_old, ("too old", "revision 7ac759974ad8", "latest_metrics", "copy", "mlflow db upgrade")),
        (_cut, ("is damaged", "backup")),
        (_scrambled, ("is damaged", "backup")),
    ],
)
def test_a_file_that_is_no_usable_store_says_why_and_what_to_do(
    ask: Ask, sqlite_store: Path, broken: Break, words: tuple[str, ...]
) -> None:
    broken(sqlite_store)
    before = sqlite_store.read_bytes() if sqlite_store.is_file() else None
    one_line(ask("how many runs?", f"sqlite:///{sqlite_store}"), 3, *words)
    assert before == (sqlite_store.read_bytes() if sqlite_store.is_file() else None)


def test_the_revision_of_an_old_store_is_data_too(ask: Ask, sqlite_store: Path) -> None:
    _old(sqlite_store)
    said = ask("how many runs?", f"sqlite:///{sqlite_store}", "--json")
    found = json.loads(said.out)
    assert (said.status, found["outcome"]) == (3, "error")
    assert "7ac759974ad8" in found["error"]["what"]
    assert "mlflow db upgrade" in found["error"]["fix"]


@pytest.fixture
def locked(sqlite_store: Path) -> Iterator[Path]:
    """A store that another program is writing to, and does not let go."""
    with closing(sqlite3.connect(sqlite_store, isolation_level=None)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        yield sqlite_store


def test_a_locked_file_says_to_ask_again(ask: Ask, locked: Path) -> None:
    said = ask("how many runs?", f"sqlite:///{locked}")
    one_line(said, 3, "holds it locked", "Ask again in a moment")


def test_a_journal_that_cannot_be_opened_is_told_and_nothing_is_asked(
    home: Path, filled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "journal.db").write_text("this is no database, whatever its name says " * 50)
    environ = {"HOME": str(home), "TRACKTALK_JOURNAL": f"sqlite:///{home}/journal.db"}
    status = main(["ask", "how many runs?", "--store", f"sqlite:///{filled}"], environ)
    said = capsys.readouterr()
    one_line(Said(status, said.out, said.err), 3, "journal", "TRACKTALK_JOURNAL")


EMPTY_STORE = {
    "how many runs?": "0 runs",
    "how many experiments are there?": "experiment",
    "list all runs": "No runs",
    "latest 5 runs": "No runs",
    "best run by accuracy": "accuracy",
    "average loss by model": "loss",
    "who ran the most runs?": "No users",
    "what share of runs failed?": "no runs",
    "runs per week": "No",
    "what metrics are there?": "No metrics",
    "runs of alice": "alice",
}


@pytest.mark.parametrize("default", [True, False], ids=["as a server makes it", "without anything"])
@pytest.mark.parametrize(("text", "told"), EMPTY_STORE.items())
def test_an_empty_store_is_answered_sensibly(
    ask: Ask, sqlite_store: Path, text: str, told: str, default: bool
) -> None:
    if default:
        with closing(sqlite3.connect(sqlite_store)) as database, database:
            database.execute(
                "INSERT INTO experiments (experiment_id, name, lifecycle_stage)"
                " VALUES (0, 'Default', 'active')"
            )
    said = ask(text, f"sqlite:///{sqlite_store}")
    assert said.status in {0, 5}
    assert said.err == ""
    assert told in said.out


NO_QUESTION = {
    "nothing": ("", "no question"),
    "spaces": (" \t\n ", "no question"),
    "emoji alone": ("🤷🔥👩‍🚀", "no question"),
    "control characters alone": ("\x00\x07\x1b[2J\x7f", "no question"),
    "10,000 characters": ("best run by val_accuracy " * 400, "10,000 characters"),
    "one word of 10,000 characters": ("x" * 10_000, "10,000 characters"),
    "SQL": ("SELECT * FROM runs", "SQL"),
    "SQL that writes": ("DROP TABLE runs; --", "SQL"),
    "an unknown metric": ("best run by valaccuracy2", "Did you mean val_accuracy"),
    "an unknown user": ("runs of zaphod", "zaphod"),
    "an unknown experiment": ("how many runs in the xylophone experiment?", "xylophone"),
    "a change": ("delete all runs of alice", "never change it"),
    "the weather": ("how is the weather in Paris?", "weather"),
}


@pytest.mark.parametrize(("text", "told"), NO_QUESTION.values(), ids=NO_QUESTION)
def test_what_cannot_be_answered_gets_a_reason_and_what_can_be_asked(
    ask: Ask, asked: Callable[[], list[tuple[str, str]]], filled: Path, text: str, told: str
) -> None:
    said = ask(text, f"sqlite:///{filled}")
    assert (said.status, said.err) == (5, "")
    assert told in said.out
    assert "You could ask:" in said.out
    assert "\x1b" not in said.out
    assert len(said.out) < 1_000
    ((kept, outcome),) = asked()
    assert outcome == "refuse"
    assert kept == text or "\x1b" in text


@pytest.mark.parametrize(
    "text",
    [
        "\x1b[1mbest run\x1b[0m by \x1b[38;5;196mval_accuracy\x1b[0m",
        "best\x07 run\x00 by val_accuracy\x7f",
        "best run by val_accuracy 🚀🔥",
        "\ufeffbest run by val_accuracy\u200b",
        "best run\r\nby\tval_accuracy",
        "\u202ebest run by val_accuracy\u202c",
    ],
)
def test_colours_control_characters_and_emoji_do_not_change_a_question(
    ask: Ask, filled: Path, text: str
) -> None:
    plain = ask("best run by val_accuracy", f"sqlite:///{filled}")
    assert (plain.status, plain.err) == (0, "")
    assert ask(text, f"sqlite:///{filled}") == plain


def test_a_misspelt_metric_is_the_one_that_is_meant(ask: Ask, filled: Path) -> None:
    right = ask("best run by val_accuracy", f"sqlite:///{filled}")
    assert ask("best run by val_acuracy", f"sqlite:///{filled}") == right


def test_no_question_whatever_touches_the_store(ask: Ask, filled: Path, tmp_path: Path) -> None:
    store = Path(shutil.copy(filled, tmp_path / "copy.db"))
    before = store.read_bytes()
    for text, _ in NO_QUESTION.values():
        ask(text, f"sqlite:///{store}")
    assert store.read_bytes() == before
    assert sorted(each.name for each in tmp_path.glob("copy.db*")) == ["copy.db"]
