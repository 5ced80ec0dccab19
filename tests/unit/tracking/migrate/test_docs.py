"""docs/migrate.md names every hazard that the plan may find, and every table that a move leaves."""

from __future__ import annotations

import re
from pathlib import Path

from tests.demo_fixture import ROOT
from tracking.migrate import ledger

TEXT = (ROOT / "docs" / "migrate.md").read_text(encoding="utf-8")
HAZARDS: Path = ROOT / "tracking" / "migrate" / "hazards"


def _names(title: str) -> set[str]:
    """What stands in backticks in the first column of a part's table."""
    part = TEXT.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| (`[^|]+) \|", part, re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def test_it_lists_every_hazard_and_no_other() -> None:
    code = "".join(file.read_text(encoding="utf-8") for file in HAZARDS.glob("*.py"))
    made = set(re.findall(r"\b(?:Hazard|Rule)\(\s*\"([a-z0-9-]+)\"", code))

    assert len(made) > 20
    assert _names("Hazards") == made


def test_every_hazard_is_met_on_a_real_server() -> None:
    """Each name stands in a test that makes the hazard and asks the plan for it."""
    folder = ROOT / "tests" / "mysql" / "migrate"
    tests = "".join(file.read_text(encoding="utf-8") for file in folder.glob("test_*.py"))

    assert {name for name in _names("Hazards") if f'"{name}"' not in tests} == set()


def test_it_lists_every_table_that_is_left_in_the_target() -> None:
    assert _names("What it leaves in the target") == ledger.OURS
