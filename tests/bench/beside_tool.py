"""sqlite3-to-mysql, the tool that is usually named: installed here, run, and looked after.

It is no dependency of ours: it goes into a virtual environment of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.measure import ROOT
from tests.bench.stores import FOLDER
from tests.support.servers import MySQLServer

VERSION = "2.6.1"
NAME = f"sqlite3-to-mysql {VERSION}"
COMMAND = "import sys; from bot.cli import main; sys.exit(main(sys.argv[1:]))"
_OPEN = """
import sys, mlflow
from mlflow import MlflowClient
print(len(MlflowClient(sys.argv[1], sys.argv[1]).search_experiments()))
"""


@dataclass(frozen=True, slots=True)
class Theirs:
    """What it took, and what was wrong with what it made."""

    seconds: float
    wrong: tuple[str, ...]


def measured(server: MySQLServer, source: Path, home: Path) -> Theirs | None:
    """Run it into a database of its own; None when it cannot be had."""
    program = _installed()
    if program is None:
        return None
    address = server.create_database("other", "utf8mb4_bin")
    started = time.perf_counter()
    done = subprocess.run(  # noqa: S603 - the tool that is measured
        [str(program), "--sqlite-file", str(source), "--mysql-database", "other",
         "--mysql-user", "root", "--mysql-password", server.password, "--mysql-host", "127.0.0.1",
         "--mysql-port", str(server.port), "--quiet"],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    seconds = time.perf_counter() - started
    failed = [f"it ended with {done.returncode}"] if done.returncode else []
    return Theirs(seconds, (*failed, *_found(source, address, home), *_opened(address, home)))


def _installed() -> Path | None:
    """Its program, fetched from the package index the first time."""
    folder = FOLDER / f"sqlite3-to-mysql-{VERSION}"
    program = folder / "bin" / "sqlite3mysql"
    if not program.exists():
        sys.stderr.write(f"installing {NAME} beside …\n")
        python = str(folder / "bin" / "python")
        wanted = [python, "-m", "pip", "install", "-q", f"sqlite3-to-mysql=={VERSION}"]
        for command in ([sys.executable, "-m", "venv", str(folder)], wanted):
            done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - fixed programs
            if done.returncode:
                sys.stderr.write(f"it cannot be had: {done.stderr.strip()[-300:]}\n")
                return None
    return program


def _found(source: Path, address: str, home: Path) -> Iterator[str]:
    """What our own verification says of its work."""
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", COMMAND, "migrate", "verify", "--json", "--source",
         f"sqlite:///{source}", "--target", address, "--workspace", str(home / "work")],
        cwd=ROOT, env={"HOME": str(home)}, check=False, capture_output=True, text=True,
    )  # fmt: skip
    proof: dict[str, Any] = json.loads(done.stdout)
    yield f"verify ends with {done.returncode}: {_counted(proof)}"
    for each in _examples(proof["differences"]):
        where = " ".join(filter(None, (each["subject"], each["what"])))
        yield f"{where}: {each['expected']} → {each['found']}"


def _counted(proof: dict[str, Any]) -> str:
    """How many differences of which kind; of a table's rows no more than a thousand are counted."""
    found = Counter((each["check"], each["subject"]) for each in proof["differences"])
    rows = [
        f"{name} ({'≥ ' * (count >= 1_000)}{count:,})"
        for (check, name), count in found.items()
        if check == "rows"
    ]
    odd = sorted({name for check, name in found if check == "structure"})
    lost = [name for check, name in found if check == "counts"]
    return "; ".join([
        f"rows that differ in {', '.join(rows) or 'no table'}",
        f"rows missing from {', '.join(lost) or 'no table'}",
        f"{len(odd)} tables are not built as MLflow builds them",
    ])  # fmt: skip


def _examples(differences: list[dict[str, str]]) -> Iterator[dict[str, str]]:
    """One of each kind that hurts: a lost row, a cut number, a cut column."""
    kinds = (
        lambda each: each["check"] == "counts",
        lambda each: (each["check"], each["subject"]) == ("rows", "experiments"),
        lambda each: (each["check"], each["subject"]) == ("rows", "latest_metrics"),
        lambda each: each["what"] == "column content",
    )
    for kind in kinds:
        yield from list(filter(kind, differences))[:1]


def _opened(address: str, home: Path) -> Iterator[str]:
    """Whether MLflow can work with it."""
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", _OPEN, address], cwd=home, check=False, capture_output=True,
        text=True, env={"HOME": str(home), "MLFLOW_DISABLE_TELEMETRY": "true"},
    )  # fmt: skip
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if "Error: " in line]
        yield f"MLflow cannot open it: {(said or ['it says nothing'])[-1][:300]}"
    else:
        yield f"MLflow's client opens it and sees {done.stdout.strip()} experiments"
