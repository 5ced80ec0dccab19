"""The stores that are measured: made once, kept under .tracktalk/bench/, copied to MariaDB.

Nobody runs ANALYZE on a store that MLflow made, so the SQLite file is measured without; the
comparison with MLflow's own client is made on a second file with, because without it SQLite
takes MLflow's queries through the wrong index (19 s for a top ten instead of 0.12 s).
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from tests.bench import make_store
from tests.bench.measure import ROOT
from tests.support.servers import server_program, shared_server
from tests.support.stores import mysql_stores

FOLDER = ROOT / ".tracktalk" / "bench"


@dataclass(frozen=True, slots=True)
class Measured:
    """One store: our address of it, and the one MLflow's client is given."""

    name: str
    url: str
    compared_url: str
    mlflow_url: str


def big_file() -> Path:
    """The generated store; made anew when its recipe or MLflow's version changed."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    recipe = hashlib.sha256(Path(make_store.__file__).read_bytes()).hexdigest()[:8]
    path = FOLDER / f"big-{version('mlflow')}-{recipe}.db"
    if not path.exists():
        _forget_earlier_ones()
        sys.stderr.write("making the store of 20,000 runs …\n")
        unfinished = path.with_suffix(".part")
        unfinished.unlink(missing_ok=True)
        make_store.make(unfinished)
        unfinished.rename(path)
    return path


def _forget_earlier_ones() -> None:
    for old in FOLDER.glob("big-*.db"):
        old.unlink()


def analyzed(path: Path) -> Path:
    """The same store after ANALYZE."""
    copy = path.with_name(f"{path.stem}-analyzed.db")
    if not copy.exists():
        unfinished = copy.with_suffix(".part")
        shutil.copyfile(path, unfinished)
        with closing(sqlite3.connect(unfinished)) as store:
            store.execute("ANALYZE")
            store.commit()
        unfinished.rename(copy)
    return copy


@contextmanager
def opened(wanted: str) -> Iterator[Measured]:
    """The store of that kind, "sqlite" or "mysql", for as long as it is measured."""
    if wanted == "sqlite":
        path = big_file()
        compared = f"sqlite:///{analyzed(path)}"
        yield Measured("SQLite", f"sqlite:///{path}", compared, compared)
        return
    with _on_server(big_file()) as measured:
        yield measured


@contextmanager
def _on_server(path: Path) -> Iterator[Measured]:
    if server_program() is None:
        msg = "No mariadbd or mysqld here. Install mariadb-server-core, or use --store sqlite."
        raise SystemExit(msg)
    with shared_server(FOLDER / "server") as server:
        sys.stderr.write("copying it to the database server (half a minute) …\n")
        stores = mysql_stores(server)
        root = stores.copy(path, "big")
        tables = [str(row[0]) for row in server.execute("SHOW TABLES", database="big")]
        server.execute(f"ANALYZE TABLE {', '.join(f'`{name}`' for name in tables)}", database="big")
        reader = server.reader_url("big")
        release = str(server.execute("SELECT VERSION()")[0][0]).split("-")
        kind = "MariaDB" if "MariaDB" in release else "MySQL"
        yield Measured(kind, reader, reader, root)
