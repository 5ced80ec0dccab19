"""docs/evaluation.md's own example is right on the demo store, and its commands fit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.cli import main
from tests.demo_fixture import ANCHOR, ROOT, demo_database
from texttosql.evaluation.files import KEYS

TEXT = (ROOT / "docs" / "evaluation.md").read_text(encoding="utf-8")


def test_the_example_file_scores_in_full(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (example,) = re.findall(r"```jsonl\n(.*?)```", TEXT, re.DOTALL)
    file = tmp_path / "questions.jsonl"
    file.write_text(example, encoding="utf-8")
    asking = ["eval", f"{file}", "--store", f"sqlite:///{demo_database()}", "--now", ANCHOR]
    assert main([*asking, "--fail-under", "1"], {"HOME": str(tmp_path)}) == 0
    assert "no misses" in capsys.readouterr().out


def test_every_key_of_the_format_is_explained() -> None:
    table = TEXT.partition("| key |")[2].partition("\n\n")[0]
    explained = {key for cell in re.findall(r"^\| (.*?) \|", table, re.MULTILINE)
                 for key in re.findall(r"`(\w+)`", cell)}  # fmt: skip
    assert explained == KEYS
