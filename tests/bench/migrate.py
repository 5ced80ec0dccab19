"""What a move costs: rows a second, memory, the proof, from 0.1 to 10 million rows; and beside it
the tool that is usually named, on the same server.

Each move is the command itself, as a process of its own; the times are those that the target
remembers of it.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import beside_tool, make_store
from tests.bench.beside_tool import COMMAND, NAME, Theirs
from tests.bench.make_store import Size
from tests.bench.measure import ROOT, Figure
from tests.bench.memory import peak_until_end
from tests.bench.stores import FOLDER, big_file
from tests.support.servers import MySQLServer, shared_server
from tracking.migrate import record
from tracking.migrate.record import Event, Kind

SMALL = Size(runs=1_300, metric_rows=65_000)
LARGE = Size(runs=130_000, metric_rows=6_400_000)
ROUNDS = 3
"""Of the usual store; the others are moved once."""
STORE = "MariaDB"


@dataclass(frozen=True, slots=True)
class Moved:
    """A move that was measured. Times in seconds, memory in MB (10^6 bytes).

    `preparing`: until the first row is sent (the copy of the source, the plan, MLflow's tables).
    """

    rows: int
    preparing: float
    copying: float
    verifying: float
    peak_mb: float | None

    @property
    def rate(self) -> float:
        """Rows a second, of the copy."""
        return self.rows / self.copying

    def per_million(self, seconds: float) -> float:
        """Seconds for a million rows."""
        return seconds / self.rows * 1e6


def moves(*, large: bool) -> tuple[list[Figure], list[str]]:
    """All figures, and what to say of them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=FOLDER, prefix="moves-") as home,
        shared_server(FOLDER / "server") as server,
    ):
        folder = Path(home)
        small = _moved(server, _made(SMALL, folder), folder)
        source = _usual(folder)
        usual = [_moved(server, source, folder) for _ in range(ROUNDS)]
        sys.stderr.write(f"{NAME} at the same (minutes) …\n")
        theirs = beside_tool.measured(server, source, folder)
        source.unlink()
        all_of_them = [small, *usual, *(_large(server, folder) if large else ())]
    return _figures(usual, theirs), [*_costs(all_of_them), *_beside(usual, theirs)]


def _large(server: MySQLServer, folder: Path) -> Iterator[Moved]:
    for name in ("moved", "other"):
        server.execute(f"DROP DATABASE IF EXISTS {name}")
    yield _moved(server, _made(LARGE, folder), folder)


def _made(size: Size, folder: Path) -> Path:
    sys.stderr.write(f"making a store of {size.runs:,} runs …\n")
    source = folder / f"{size.runs}.db"
    make_store.make(source, size)
    return _started(source)


def _usual(folder: Path) -> Path:
    """The store that all is measured on."""
    return _started(Path(shutil.copyfile(big_file(), folder / "usual.db")))


def _started(source: Path) -> Path:
    """With the experiment that every MLflow server makes when it starts on a store."""
    with closing(sqlite3.connect(source)) as store:
        store.execute(
            "INSERT INTO experiments (experiment_id, name, artifact_location, lifecycle_stage)"
            " VALUES (0, 'Default', 'mlflow-artifacts:/0', 'active')"
        )
        store.commit()
    return source


def _moved(server: MySQLServer, source: Path, home: Path) -> Moved:
    """Run the command, into an empty database."""
    server.execute("DROP DATABASE IF EXISTS moved")
    started = datetime.now(UTC)
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-c", COMMAND, "migrate", "run", "--source", f"sqlite:///{source}",
         "--target", server.url("moved"), "--workspace", str(home / "work")],
        cwd=ROOT, env=dict(os.environ) | {"HOME": str(home)}, text=True,
        stdout=subprocess.PIPE, stderr=sys.stderr,
    )  # fmt: skip
    peak = peak_until_end(process)
    told, _ = process.communicate()
    if process.returncode:
        msg = f"the move failed ({process.returncode}):\n{told}"
        raise RuntimeError(msg)
    return _from_events(server, started, peak)


def _from_events(server: MySQLServer, started: datetime, peak: float | None) -> Moved:
    with closing(server.connect("moved")) as connection:
        events = {event.kind: event for event in record.read(connection)}
    begun, copied, verified = (_of(events, k) for k in (Kind.BEGUN, Kind.COPIED, Kind.VERIFIED))
    return Moved(
        rows=copied.told["rows"],
        preparing=(begun.at - started).total_seconds(),
        copying=(copied.at - begun.at).total_seconds(),
        verifying=(verified.at - copied.at).total_seconds(),
        peak_mb=peak,
    )


def _of(events: dict[Kind, Event], kind: Kind) -> Event:
    if kind not in events:
        msg = f"the target remembers no event {kind.value!r}"
        raise RuntimeError(msg)
    return events[kind]


def _figures(ours: Sequence[Moved], theirs: Theirs | None) -> list[Figure]:
    rates = tuple(each.rate for each in ours)
    shares = tuple(each.verifying / each.copying for each in ours)
    peaks = tuple(each.peak_mb for each in ours if each.peak_mb)
    figures = [
        Figure(f"{ours[0].rows / 1e6:.2f} M rows, copy", STORE, "rows/s", rates, least=60_000),
        Figure("… verification / copy", STORE, "", shares, 0.5),
        Figure("… before the first row", STORE, "s", tuple(each.preparing for each in ours)),
    ]
    if peaks:
        figures.append(Figure("… memory, all processes", STORE, "MB", peaks, 300))
    return figures + (_compared(ours, theirs) if theirs else [])


def _compared(ours: Sequence[Moved], theirs: Theirs) -> list[Figure]:
    whole = tuple(theirs.seconds / (each.preparing + each.copying) for each in ours)
    faster = tuple(theirs.seconds / each.copying for each in ours)
    return [
        Figure(f"… by {NAME}", STORE, "rows/s", (ours[0].rows / theirs.seconds,)),
        Figure("our copy, times as fast", STORE, "×", faster, least=10),
        Figure("… from start to last row", STORE, "×", whole),
    ]


def _costs(moved: Sequence[Moved]) -> Iterator[str]:
    """What a million rows cost, by the size of the store: alike, if the cost is linear."""
    yield "      rows   before   copy/million   proof/million   memory"
    for each in moved:
        copy, proof = each.per_million(each.copying), each.per_million(each.verifying)
        memory = f"{each.peak_mb:,.0f} MB" if each.peak_mb else "not measured"
        before = f"{each.rows:>10,}  {each.preparing:5.1f} s"
        yield f"{before}  {copy:11.1f} s  {proof:12.1f} s   {memory}"


def _beside(ours: Sequence[Moved], theirs: Theirs | None) -> Iterator[str]:
    if theirs is None:
        yield f"{NAME} was not measured: it could not be installed."
        return
    yield f"{NAME} took {theirs.seconds:,.0f} s for {ours[0].rows:,} rows. What came of it:"
    yield from (f"  - {each}" for each in theirs.wrong)
