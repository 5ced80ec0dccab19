"""What the MLflow server has to be told to work on the target: lines for its environment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tracking.migrate.addresses import TLS, Target

POOL = 10
OVERFLOW = 20
"""Connections of one worker: SQLAlchemy's own 5 and 10 run dry under MLflow's threads."""
RECYCLE = 3_600
"""Seconds after which a connection is made anew, so that the server never ends one that is idle."""
_NAMES = {"ssl_ca": "MLFLOW_MYSQL_SSL_CA", "ssl_cert": "MLFLOW_MYSQL_SSL_CERT",
          "ssl_key": "MLFLOW_MYSQL_SSL_KEY"}  # fmt: skip
HIDDEN = "********"


def lines(target: Target, wait_timeout: int) -> list[str]:
    """Lines like `NAME=value`, the password hidden. `wait_timeout`: the server's, in seconds."""
    return list(_lines(target, wait_timeout))


def _lines(target: Target, wait_timeout: int) -> Iterator[str]:
    options = {name: value for name, value in target.options.items() if name not in TLS}
    plain = replace(target, options=options)
    shown = plain.shown.replace(f"{target.user}@", f"{target.user}:{HIDDEN}@", 1)
    yield f"MLFLOW_BACKEND_STORE_URI={shown if target.password else plain.shown}"
    for name in TLS:
        if name in target.options:
            yield f"{_NAMES[name]}={target.options[name]}"
    yield f"MLFLOW_SQLALCHEMYSTORE_POOL_SIZE={POOL}"
    yield f"MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW={OVERFLOW}"
    yield f"MLFLOW_SQLALCHEMYSTORE_POOL_RECYCLE={min(RECYCLE, max(wait_timeout // 2, 1))}"


def hint(target: Target) -> str:
    """What to do about the password that is not shown."""
    if not target.password:
        return ""
    return (
        f"Put the password of {target.user} in place of {HIDDEN}, with its special characters"
        " written as in an address (@ is %40, / is %2F, : is %3A)."
    )
