"""A cold ask pays for nothing it does not use, and importing us loads and does nothing.

Looked up in sys.modules of a process of its own: a graph of import statements does not see the
imports that stand inside functions.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.demo_fixture import ROOT

UNUSED = {
    "mlflow", "slack_bolt", "slack_sdk", "anthropic", "altair", "vl_convert", "pandas", "numpy",
    "sklearn", "pymysql", "alembic", "rich", "yaml", "tracking",
}  # fmt: skip
"""What an ask of a SQLite store by the offline engine has no use for; rich draws on terminals."""

ASK = """
import json, sys
from bot.cli import main
status = main(sys.argv[1:])
print()
print(json.dumps([status, sorted({name.partition(".")[0] for name in sys.modules})]))
"""

IMPORT = """
import json, sys
done = []
def watch(event, arguments):
    wrote = event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
    if wrote or event in {"socket.connect", "subprocess.Popen", "sqlite3.connect", "os.mkdir"}:
        done.append([event, str(arguments[0])])
sys.addaudithook(watch)
__import__(sys.argv[1])
print(json.dumps([done, sorted({name.partition(".")[0] for name in sys.modules})]))
"""


def _python(
    program: str, arguments: list[str], environ: Mapping[str, str]
) -> tuple[object, set[str]]:
    """What a program in a new process says first, and the packages it had loaded in the end."""
    done = subprocess.run(  # noqa: S603 - our own interpreter and program
        [sys.executable, "-B", "-c", program, *arguments],
        cwd=ROOT, env=dict(environ), check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    first, loaded = json.loads(done.stdout.splitlines()[-1])
    return first, set(loaded)


@pytest.mark.parametrize(
    "more", [[], ["--json"], ["--thread", "T"]], ids=["text", "json", "thread"]
)
def test_an_ask_loads_nothing_it_does_not_use(
    sqlite_store: Path, tmp_path: Path, more: list[str]
) -> None:
    ask = ["ask", "how many runs?", "--store", f"sqlite:///{sqlite_store}", *more]
    environ = {"HOME": str(tmp_path)}
    assert _python(ASK, ask, environ)[0] == 0  # the first of all makes the journal, with alembic
    status, loaded = _python(ASK, ask, environ)
    assert status == 0
    assert loaded & UNUSED == set()
    assert "sqlalchemy" in loaded  # the journal's: the look-up sees what is there


def test_an_ask_that_fails_loads_no_more_than_one_that_answers(tmp_path: Path) -> None:
    ask = ["ask", "how many runs?", "--store", f"sqlite:///{tmp_path}/no-such.db"]
    status, loaded = _python(ASK, ask, {"HOME": str(tmp_path)})
    assert status == 3
    assert loaded & (UNUSED | {"sqlalchemy"}) == set()


@pytest.mark.parametrize("module", ["bot", "bot.cli", "texttosql", "tracking"])
def test_importing_us_with_an_empty_environment_does_nothing(module: str) -> None:
    done, loaded = _python(IMPORT, [module], {})
    assert done == []
    heavy = UNUSED - {"tracking"} | {"sqlalchemy", "pydantic", "sqlglot"}
    assert loaded & heavy == set()
