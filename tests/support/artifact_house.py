"""A store whose rows are in MySQL and whose files lie in a folder, and the ways to move them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from tests.support.artifact_store import ArtifactStore
from tests.support.servers import MySQLServer
from tracking.migrate.artifacts.columns import URI_COLUMNS

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class House:
    """The store, a new place for its files, and how commands are said to it.

    `elsewhere`: where its files lie, if not where its rows say; `environ`: what its commands
    find in their environment when they run in a process of their own.
    """

    server: MySQLServer
    database: str
    address: str
    store: ArtifactStore
    folder: Path
    capsys: pytest.CaptureFixture[str]
    elsewhere: Path | None = None
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def to(self) -> Path:
        return self.folder / "new root"

    @property
    def root(self) -> Path:
        """The folder that moves."""
        return self.elsewhere or self.store.root

    def copied(self) -> House:
        """The same, with files of its own that a test may change."""
        root = shutil.copytree(self.store.root, self.folder / "elsewhere")
        return replace(self, elsewhere=root)

    def arguments(self, command: str, *more: str, to: str | None = None) -> list[str]:
        written = ["--written", str(self.store.root)] if self.elsewhere else []
        return [
            "migrate", "artifacts", command, "--target", self.address, "--from", str(self.root),
            *written, "--to", to or str(self.to), *more,
        ]  # fmt: skip

    def do(self, command: str, *more: str, to: str | None = None) -> tuple[int, str, str]:
        """Exit status, data, talk."""
        return self.say(self.arguments(command, *more, to=to))

    def say(self, arguments: list[str]) -> tuple[int, str, str]:
        status = main(arguments, {"XDG_STATE_HOME": str(self.folder / "state")})
        said = self.capsys.readouterr()
        return status, said.out, said.err

    def undo(self) -> tuple[int, str, str]:
        return self.say(
            ["migrate", "artifacts", "rewrite", "--target", self.address, "--undo", "--yes"]
        )

    def start(self, command: str, *more: str, to: str | None = None) -> subprocess.Popen[bytes]:
        """The command in a process of its own."""
        code = "import sys; from bot.cli import main; sys.exit(main(sys.argv[1:]))"
        return subprocess.Popen(  # noqa: S603  # our own code
            [sys.executable, "-c", code, *self.arguments(command, *more, to=to)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT,
            env=os.environ | self.environ | {"XDG_STATE_HOME": str(self.folder / "state")},
        )  # fmt: skip

    def read_through_mlflow(self, root: str) -> dict[str, Any]:
        """What MLflow's own client reads while nothing is left at the old root."""
        code = (ROOT / "tests" / "support" / "read_artifacts.py").read_text()
        hidden = self.store.root.with_name("hidden")
        self.store.root.rename(hidden)
        try:
            done = subprocess.run(  # noqa: S603  # our own code
                [sys.executable, "-c", code, self.address, root],
                capture_output=True, text=True, check=False, cwd=self.folder,
                env=os.environ | self.environ | {"MLFLOW_DISABLE_TELEMETRY": "true"},
            )  # fmt: skip
        finally:
            hidden.rename(self.store.root)
        assert done.returncode == 0, done.stderr[-2000:]
        read: dict[str, Any] = json.loads(done.stdout)
        return read

    def sql(self, statement: str) -> tuple[tuple[object, ...], ...]:
        return self.server.execute(statement, database=self.database)

    def addresses(self) -> dict[str, list[tuple[object, ...]]]:
        """Every address in the target, with its key."""
        return {
            column.name: sorted(
                self.sql(
                    f"SELECT {', '.join(f'`{name}`' for name in (*column.key, column.column))}"
                    f" FROM {column.table}" + (f" WHERE {column.only}" if column.only else "")
                ),
                key=repr,
            )
            for column in URI_COLUMNS
        }
