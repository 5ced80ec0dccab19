"""The house stands as it was drawn: who imports whom, what an import does, how long a file is."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = (
    "mlflow", "anthropic", "slack_bolt", "slack_sdk", "sqlalchemy", "alembic", "pymysql", "sqlglot",
    "altair", "vl_convert", "sklearn", "pandas", "numpy", "pydantic", "rich", "yaml",
)  # fmt: skip
LOCKS = ("requirements-build.lock", "requirements.lock", "requirements-dev.lock")

# Run in an empty environment: reports what imports load, and what they do to the world.
_WATCH = """
import json, sys
from importlib import import_module
done = []
def watch(event, args):
    wrote = event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+")
    if wrote or event in {"socket.connect", "subprocess.Popen", "sqlite3.connect", "os.mkdir"}:
        done.append((event, str(args[0])))
sys.dont_write_bytecode = True
sys.addaudithook(watch)
for name in sys.argv[2:]:
    import_module(name)
heavy = [name for name in sys.argv[1].split(",") if name in sys.modules]
print(json.dumps([heavy, done]))
"""


def _imported(*modules: str) -> tuple[list[str], list[list[str]]]:
    """Importing these in a process of its own: the heavy packages loaded, and what was done."""
    run = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", _WATCH, ",".join(HEAVY), *modules],
        check=True, capture_output=True, text=True, cwd=ROOT, env={},
    )  # fmt: skip
    heavy, done = json.loads(run.stdout)
    return heavy, done


def _modules(package: str) -> list[str]:
    paths = sorted((ROOT / package).rglob("*.py"))
    # Alembic runs its own files; they are no modules to import.
    paths = [path for path in paths if "migrations" not in path.parts]
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in paths]
    return [name.removesuffix(".__init__") for name in names]


def test_imports_go_only_where_the_contracts_let_them() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run(  # noqa: S603 - a tool of our own environment
        [program, "--no-cache"], check=False, capture_output=True, text=True, cwd=ROOT
    )

    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize(
    "entrance", ["bot", "bot.cli", "bot.demo", "texttosql", "texttosql.cli", "tracking.cli"]
)
def test_the_command_line_loads_nothing_heavy_before_a_command_is_called(entrance: str) -> None:
    heavy, _ = _imported(entrance)

    assert heavy == []


@pytest.mark.parametrize(
    "room", ["flow", "errors", "schema", "ports", "plan", "catalog", "tell", "assistant"]
)
def test_the_core_loads_neither_driver_nor_model_nor_slack(room: str) -> None:
    heavy, _ = _imported(f"texttosql.{room}")

    assert set(heavy) <= {"sqlglot"}


@pytest.mark.parametrize("package", ["bot", "texttosql"])
def test_importing_every_module_with_an_empty_environment_does_nothing(package: str) -> None:
    heavy, done = _imported(*_modules(package))

    assert done == []
    assert not {"mlflow", "anthropic"} & set(heavy)
    assert package == "bot" or "slack_bolt" not in heavy


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    files = [
        f for folder in ("bot", "texttosql", "tracking") for f in (ROOT / folder).rglob("*.py")
    ]
    sizes = {str(f.relative_to(ROOT)): len(f.read_text("utf-8").splitlines()) for f in files}

    assert {name: size for name, size in sizes.items() if size > 330} == {}


def test_every_file_states_its_promise_first() -> None:
    files = [
        f for folder in ("bot", "texttosql", "tracking") for f in (ROOT / folder).rglob("*.py")
    ]
    silent = [str(f.relative_to(ROOT)) for f in files if not f.read_text("utf-8").startswith('"""')]

    assert silent == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_every_package_with_hashes_and_names_no_index(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    pins = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]

    assert pins
    assert [pin for pin in pins if not re.match(r"^[\w.-]+==\S+.* --hash=sha256:", pin)] == []
    assert re.search(r"://|index-url|find-links", text) is None


def test_the_locks_hold_every_dependency_the_project_names() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    asked = {
        "requirements-build.lock": groups["build"],
        "requirements.lock": project["project"]["dependencies"],
        "requirements-dev.lock": [*project["project"]["dependencies"], *groups["dev"]],
    }

    assert [name for lock, wanted in asked.items() for name in _missing(wanted, lock)] == []


def _missing(wanted: list[str], lock: str) -> list[str]:
    text = (ROOT / lock).read_text(encoding="utf-8")
    pinned = set(re.findall(r"^([\w.-]+)==", text, re.MULTILINE))
    names = (re.split(r"[\[<>=! ]", each)[0].lower() for each in wanted)
    return [name for name in names if name not in pinned]
