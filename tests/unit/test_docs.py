"""What the documents show is what one gets: commands, options, settings, rules, examples."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from bot.cli import app, main
from tests.demo_fixture import ANCHOR, demo_database
from texttosql.guard.rules import Rule
from texttosql.schema import ASKABLE

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TARGET = re.compile(r"^([a-z]+):", re.MULTILINE)
_CODE = re.compile(r"`([^`\n]+)`|```[a-z]*\n(.*?)```", re.DOTALL)
_STEP = re.compile(r"\s+\d+\. ")
"""A step of a plan that is shown, like "  1. make the database": no call of a program."""
_BLOCK = re.compile(r"```text (rows|clarify|refuse|thread)\n(.*?)```", re.DOTALL)


def _code(document: Path) -> Iterator[str]:
    """Every line of code in a document, `inline` or fenced."""
    for inline, fenced in _CODE.findall(document.read_text(encoding="utf-8")):
        yield from (inline or fenced).replace("\\\n", " ").splitlines()


def _calls(program: str) -> list[tuple[str, list[str]]]:
    """How the documents call a program: file name, arguments up to a pipe or comment."""
    found = []
    for document in DOCUMENTS:
        for line in _code(document):
            called = re.search(rf"(?:^|[\s|$/]){program} ([^|#]+)", f" {line}")
            told = line.startswith(("Ask ", "Makes ")) or _STEP.match(line)
            if called and not told:
                found.append((document.name, shlex.split(called[1].replace("…", ""))))
    return found


def _commands() -> dict[str, Any]:  # Any: typer's own command class is private
    group: Any = get_command(app)
    return {name: group.get_command(None, name) for name in group.list_commands(None)}


def _innermost(command: Any, words: list[str]) -> Any:  # Any: as above
    """The command that the words lead to: `migrate`, then `plan`. None where one is unknown."""
    while words and hasattr(command, "get_command") and not words[0].startswith("-"):
        command, words = command.get_command(None, words[0]), words[1:]
    return command


def _readme() -> str:
    return (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_make_target_that_is_shown_exists() -> None:
    targets = set(TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8")))
    shown = {call[0] for _, call in _calls("make")}

    assert {"run", "test", "check", "eval", "bench", "lock", "clean"} <= shown <= targets


def test_every_tracktalk_command_that_is_shown_exists_with_its_options() -> None:
    commands = _commands()
    wrong = []
    for document, (name, *rest) in _calls("tracktalk"):
        known = _innermost(commands.get(name), rest)
        options = {o for p in known.params for o in p.opts} if known else set()
        given = {word for word in rest if word.startswith("--")} - {"--help"}
        if name != "COMMAND" and (known is None or given - options):
            wrong.append((document, name, sorted(given - options)))

    assert wrong == []


def test_the_readme_lists_every_command() -> None:
    assert {call[0] for _, call in _calls("tracktalk")} >= set(_commands())


def test_the_readme_lists_every_setting_and_no_other() -> None:
    sample = (ROOT / ".env.sample").read_text(encoding="utf-8")
    settings = re.findall(r"^([A-Z_]+)=", sample, re.MULTILINE)

    assert re.findall(r"^\| `([A-Z_]+)` \|", _readme(), re.MULTILINE) == sorted(
        settings, key=lambda name: _readme().index(f"| `{name}`")
    )


def test_links_between_documents_lead_somewhere() -> None:
    dead = [
        f"{document.name}: {link}"
        for document in DOCUMENTS
        for link in re.findall(r"\]\(([^)#:]+)\)", document.read_text(encoding="utf-8"))
        if not (document.parent / link).exists()
    ]

    assert dead == []


def test_the_guards_document_lists_every_rule() -> None:
    text = (ROOT / "docs" / "guard.md").read_text(encoding="utf-8")

    assert sorted(re.findall(r"^\| `([a-z._]+)` \|", text, re.MULTILINE)) == sorted(Rule)


def test_the_guards_document_shows_what_check_sql_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (ROOT / "docs" / "guard.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    asked = tmp_path / "asked.jsonl"
    asked.write_text(json.dumps({"sql": json.loads(shown)["sql"]}), encoding="utf-8")

    assert main(["check-sql", "--file", str(asked)], {}) == 1
    assert capsys.readouterr().out == shown


def test_the_account_for_mysql_may_read_exactly_what_can_be_asked() -> None:
    text = (ROOT / "docs" / "mysql.md").read_text(encoding="utf-8")
    granted = re.findall(r"^GRANT SELECT ON mlflow\.(\w+) TO", text, re.MULTILINE)

    assert set(granted) == ASKABLE | {"alembic_version"}


def _examples() -> tuple[list[dict[str, object]], dict[str, tuple[str, str]]]:
    """docs/asking.md's questions as a batch, and each one's text and promised outcome by id."""
    items: list[dict[str, object]] = []
    promised: dict[str, tuple[str, str]] = {}
    text = (ROOT / "docs" / "asking.md").read_text(encoding="utf-8")
    for number, (kind, block) in enumerate(_BLOCK.findall(text)):
        questions = block.splitlines()
        if kind == "thread":
            turns = [{"question": question} for question in questions]
            items.append({"id": f"b{number}", "turns": turns})
            ids = [f"b{number}.{turn}" for turn in range(1, len(turns) + 1)]
        else:
            ids = [f"b{number}-{line}" for line in range(len(questions))]
            items += [
                {"id": i, "question": question} for i, question in zip(ids, questions, strict=True)
            ]
        outcome = "rows" if kind == "thread" else kind
        promised |= {i: (q, outcome) for i, q in zip(ids, questions, strict=True)}
    return items, promised


def test_every_example_question_ends_as_the_document_says(tmp_path: Path) -> None:
    items, promised = _examples()
    asked, answered = tmp_path / "asked.jsonl", tmp_path / "answered.jsonl"
    asked.write_text("\n".join(map(json.dumps, items)), encoding="utf-8")

    store = f"sqlite:///{demo_database()}"
    arguments = ["eval", str(asked), "--store", store, "--now", ANCHOR, "--out", str(answered)]
    assert main([*arguments, "--user", "alice"], {"HOME": str(tmp_path)}) == 0

    lines = [json.loads(line) for line in answered.read_text(encoding="utf-8").splitlines()]
    got = {line["id"]: (promised[line["id"]][0], line["outcome"]) for line in lines}
    rows = {line["id"]: line["rows"] for line in lines}
    assert len(promised) > 50
    assert got == promised
    assert [q for i, (q, kind) in promised.items() if kind == "rows" and not rows[i]] == []
