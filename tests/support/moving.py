"""Moves for the tests: from a SQLite file into a database of this test's own."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tests.support.servers import MySQLServer
from tracking.migrate import catchup, moving
from tracking.migrate.addresses import target_of
from tracking.migrate.catchup import Pass
from tracking.migrate.hazards.hazard import Hazard
from tracking.migrate.moving import Move
from tracking.migrate.plan import Plan
from tracking.migrate.verify.findings import Proof
from tracking.migrate.verify.verify import Terms

ROWS_ONLY = Terms(sample=0)
"""MLflow takes seconds to load; a test that is about rows does without its own eyes."""
RIGHT = "utf8mb4_nopad_bin"
_ROOT = Path(__file__).parents[2]
_COMMAND = "import sys; from bot.cli import main; sys.exit(main(sys.argv[1:]))"


@dataclass(frozen=True, slots=True)
class Mover:
    """A move between a file and a database. `folder` holds its copy and its status."""

    server: MySQLServer
    source: Path
    database: str
    folder: Path
    address: str

    @property
    def move(self) -> Move:
        """As the commands make it."""
        status = self.folder / "migration.json"
        return Move(self.source.resolve(), target_of(self.address), self.folder / "work", status)

    def plan(self) -> Plan:
        """What a run would do."""
        return moving.plan(self.move)

    def hazards(self) -> dict[str, bool]:
        """What was found, by name, and whether it is in the way."""
        return {hazard.name: hazard.blocking for hazard in self.plan().hazards}

    def hazard(self, name: str) -> Hazard:
        """The first of that name that was found."""
        return next(hazard for hazard in self.plan().hazards if hazard.name == name)

    def run(self, terms: Terms | None = ROWS_ONLY) -> Proof | None:
        """Copy and verify."""
        return moving.run_all(self.move, terms=terms)[1]

    def verify(self, terms: Terms = ROWS_ONLY) -> Proof:
        """Compare as it is now."""
        return moving.verify(self.move, terms)

    def catch_up(self) -> Pass:
        """One pass of catching up."""
        passes: list[Pass] = []
        with moving.progress_of(self.move) as progress:
            catchup.catch_up(self.move, progress, freeze=1e9, told=passes.append)
        return passes[0]

    def ask(self, query: str) -> tuple[tuple[object, ...], ...]:
        """The rows of a query, or nothing of a statement, in the target."""
        return self.server.execute(query, database=self.database)

    def words(self, command: str) -> list[str]:
        """The command line that does something with this move."""
        words = ["migrate", command, "--source", f"sqlite:///{self.source}"]
        return [*words, "--target", self.address, "--workspace", str(self.folder / "work")]

    def begin(self, command: str, *more: str, after: str = "") -> subprocess.Popen[str]:
        """A command as a process of its own, in a shell that does something before."""
        return subprocess.Popen(  # noqa: S603  # our own command
            ["sh", "-c", f'{after} exec "$@"', "sh", sys.executable, "-c", _COMMAND,  # noqa: S607
             *self.words(command), *more],
            cwd=_ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={"HOME": str(self.folder), "TRACKTALK_MIGRATION_STATUS": str(self.move.status)},
        )  # fmt: skip


class Begin(Protocol):
    """Begins a command that does not outlive its test."""

    def __call__(
        self, move: Mover, command: str, *more: str, after: str = ""
    ) -> subprocess.Popen[str]:
        """As Mover.begin."""
