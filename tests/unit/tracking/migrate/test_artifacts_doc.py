"""docs/migrate-artifacts.md names commands, options, columns and lengths as they are."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command

from tracking.cli import app
from tracking.migrate import schema, shape
from tracking.migrate.artifacts.columns import URI_COLUMNS

DOC = (Path(__file__).parents[4] / "docs" / "migrate-artifacts.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^tracktalk (migrate .+)$", DOC, re.MULTILINE)


@pytest.mark.parametrize("line", COMMANDS)
def test_each_command_of_the_text_is_understood(line: str) -> None:
    words = shlex.split(line.replace("$TO", "mysql+pymysql://u:p@h/db"))
    command = get_command(app)
    while words and not words[0].startswith("-"):
        command = command.commands[words.pop(0)]  # type: ignore[attr-defined]  # a group, until the last
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known


def test_each_option_of_the_text_is_one_of_the_commands() -> None:
    artifacts = get_command(app).commands["migrate"].commands["artifacts"]  # type: ignore[attr-defined]  # groups
    known = {
        option
        for command in artifacts.commands.values()
        for parameter in command.params
        for option in parameter.opts
    }
    section = DOC.split("## Artifacts")[1].split("## Users")[0]
    named = set(re.findall(r"--[a-z-]+", section)) - {"--artifacts-destination"}
    assert {name for name in named if set(name) != {"-"}} <= known | {"--json"}


def test_the_columns_and_their_lengths_are_mlflows() -> None:
    tables = shape.kept(schema.head())
    assert tables is not None
    for column in URI_COLUMNS:
        assert column.name in DOC
        chars = tables[column.table].fields[column.column].chars
        row = next(line for line in DOC.splitlines() if f"`{column.name}`" in line and "|" in line)
        assert f"{chars or 65535:,}" in row
