"""The demo store that suites share: built once by the real command, kept under .tracktalk/."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
ANCHOR = "2026-11-20T12:00:00Z"
FOLDER = ROOT / ".tracktalk" / "test-demo"


def demo_database() -> Path:
    """The path of the whole demo store with the fixed anchor; made if there is none yet.

    A store older than the recipe's source is thrown away first, so that tests never pass
    because of what an earlier recipe made. Several processes may ask at once.
    """
    database = FOLDER / "mlflow.db"
    newest = max(path.stat().st_mtime for path in (ROOT / "tracking" / "demo").glob("*.py"))
    if database.exists() and database.stat().st_mtime < newest:
        database.unlink(missing_ok=True)
    command = [sys.executable, "-m", "tracking.cli", "demo-store", "--path", str(FOLDER)]
    done = subprocess.run(  # noqa: S603  # our own command
        [*command, "--now", ANCHOR], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == f"sqlite:///{database}"
    return database
