"""Users, roles and permissions, made and read through MLflow's own auth store.

python -m tests.support.auth_store make ADDRESS
python -m tests.support.auth_store read ADDRESS   prints what that store says of them, as JSON
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

PASSWORDS = {"alice": "pässword-1234", "Alice": "another-1234", "bob ": "1234567890ab"}
LARGE = "123456789012345678"
"""An experiment's id as a FileStore gives them."""


def make(file: Path) -> Path:
    """A database with some users in it; takes some seconds."""
    _call("make", f"sqlite:///{file}")
    return file


def read(address: str) -> dict[str, Any]:
    """What MLflow's auth store says of the users in a database."""
    found: dict[str, Any] = json.loads(_call("read", address))
    return found


def _call(*arguments: str) -> str:
    root = str(Path(__file__).parents[2])
    with tempfile.TemporaryDirectory() as folder:  # MLflow leaves a store where it runs
        done = subprocess.run(  # noqa: S603  # our own module
            [sys.executable, "-m", "tests.support.auth_store", *arguments],
            check=True, capture_output=True, text=True, cwd=folder,
            env=os.environ | {"MLFLOW_DISABLE_TELEMETRY": "true", "PYTHONPATH": root},
        )  # fmt: skip
    return done.stdout


def _store(address: str) -> Any:  # Any: MLflow has no types
    from tracking.migrate.auth_upgrading import tables_without_the_app  # noqa: PLC0415  # seconds

    tables_without_the_app()
    from mlflow.server.auth.sqlalchemy_store import SqlAlchemyStore  # noqa: PLC0415  # same

    store: Any = SqlAlchemyStore()
    store.init_db(address)
    return store


def _make(store: Any) -> None:
    for name, password in PASSWORDS.items():
        store.create_user(name, password, is_admin=name == "alice")
    store.create_experiment_permission("1", "Alice", "EDIT")
    store.create_experiment_permission(LARGE, "Alice", "READ")
    store.create_scorer_permission(LARGE, "my scorer/ü", "Alice", "READ")
    store.create_registered_model_permission("net", "bob ", "MANAGE")
    role = store.create_role("team", "default", "all of us")
    store.add_role_permission(role.id, "experiment", "*", "READ")


def _read(store: Any) -> dict[str, Any]:
    return {
        "users": {user.username: user.is_admin for user in store.list_users()},
        "let in": [n for n, secret in PASSWORDS.items() if store.authenticate_user(n, secret)],
        "kept out": [n for n in PASSWORDS if not store.authenticate_user(n, "wrong")],
        "experiments": sorted(
            [each.experiment_id, each.permission]
            for each in store.list_experiment_permissions("Alice")
        ),
        "scorers": [
            [each.experiment_id, each.scorer_name]
            for each in store.list_scorer_permissions("Alice")
        ],
        "roles": sorted(role.name for role in store.list_roles("default")),
    }


if __name__ == "__main__":
    opened = _store(sys.argv[2])
    if sys.argv[1] == "make":
        _make(opened)
    else:
        sys.stdout.write(json.dumps(_read(opened)))
