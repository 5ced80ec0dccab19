"""SQLite stores as an older MLflow made them: MLflow's own migrations, up to a revision.

    python -m tests.support.old_stores FILE REVISION

in a process of its own, for MLflow takes seconds to load. "base" stands for the tables from before
there were revisions (MLflow 1.0 and older).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

BEFORE_REVISIONS = "base"


def old_store(file: Path, revision: str) -> Path:
    """Make it; takes some seconds."""
    root = str(Path(__file__).parents[2])
    with tempfile.TemporaryDirectory() as folder:  # MLflow leaves a store where it runs
        subprocess.run(  # noqa: S603  # our own module
            [sys.executable, "-m", "tests.support.old_stores", str(file), revision],
            check=True, capture_output=True, cwd=folder,
            env=os.environ | {"MLFLOW_DISABLE_TELEMETRY": "true", "PYTHONPATH": root},
        )  # fmt: skip
    return file


def _make(address: str, revision: str) -> None:
    from alembic import command  # noqa: PLC0415  # only this process needs them
    from mlflow.store.db.utils import (  # noqa: PLC0415  # costs seconds
        _get_alembic_config,  # where MLflow's migrations are
    )
    from mlflow.store.tracking.dbmodels.initial_models import (  # noqa: PLC0415  # same
        Base,
    )
    from sqlalchemy import create_engine  # noqa: PLC0415  # as above

    engine = create_engine(address)
    Base.metadata.create_all(engine)
    if revision != BEFORE_REVISIONS:
        command.upgrade(_get_alembic_config(address), revision)  # type: ignore[no-untyped-call]  # MLflow's


if __name__ == "__main__":
    _make(f"sqlite:///{sys.argv[1]}", sys.argv[2])
