from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.demo_fixture import ANCHOR


def command(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  # our own command
        [sys.executable, "-m", "tracking.cli", *words], check=False, capture_output=True, text=True
    )


def test_demo_store_prints_the_address_and_nothing_else_on_stdout(demo_store: Path) -> None:
    done = command("demo-store", "--path", str(demo_store.parent), "--now", ANCHOR)
    assert done.stdout == f"sqlite:///{demo_store}\n"
    assert done.stderr == ""
    assert done.returncode == 0


def test_a_time_that_is_none_is_a_usage_error(tmp_path: Path) -> None:
    done = command("demo-store", "--path", str(tmp_path), "--now", "tomorrow-ish")
    assert done.returncode == 2
    assert "2026-11-20T12:00:00Z" in done.stderr


def test_a_taken_place_is_one_line_and_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "mlflow.db").write_text("no database at all, only some words of prose" * 9)
    done = command("demo-store", "--path", str(tmp_path))
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


def test_importing_the_commands_loads_neither_mlflow_nor_scikit_learn() -> None:
    script = "import sys, tracking.cli; print({'mlflow', 'sklearn', 'numpy'} & set(sys.modules))"
    done = subprocess.run(  # noqa: S603  # our own script
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == "set()"
