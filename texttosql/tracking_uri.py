"""An MLflow tracking URI that something of ours is written to: whether anybody is there.

MLflow's own client tries an unreachable server for minutes before it gives up, and importing it
takes seconds: both are saved by looking first. Nothing here imports MLflow.
"""

from __future__ import annotations

import os
from http.client import HTTPException
from ssl import SSLError
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

SECONDS = 3.0


def reachable(uri: str, seconds: float = SECONDS) -> bool:
    """Whether an HTTP server answers there, with whatever it says; True for any other kind.

    Proxies are those of the process's environment, as for MLflow's client.
    """
    if urlsplit(uri).scheme not in {"http", "https"}:
        return True
    try:
        # S310: the scheme was looked at just above.
        with urlopen(f"{shown(uri).rstrip('/')}/health", timeout=seconds):  # noqa: S310 - see above
            return True
    except HTTPError:
        return True
    except URLError as error:
        # Which certificates are trusted is a setting of MLflow's client, and its to judge.
        return isinstance(error.reason, SSLError)
    except (OSError, HTTPException, ValueError):
        return False


def shown(uri: str) -> str:
    """The address without a login, for a message."""
    scheme, _, rest = uri.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}" if rest else uri


def before_importing_mlflow() -> None:
    """Keep MLflow from reporting its use to its makers: a team has not been asked for that.

    An operator who has set the variable, to whatever, is obeyed. MLflow reads it when it is
    imported, which nothing else of the process does.
    """
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
