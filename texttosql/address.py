"""Where a database is: read from what people write, told without its password.

Accepts `sqlite:///path`, a bare path and `mysql://…` with or without a driver's name, and
always yields the form that SQLAlchemy takes with this project's drivers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

from texttosql.flow import Dialect

EXAMPLES = "sqlite:///path/mlflow.db or mysql+pymysql://user:password@host/mlflow"

_MYSQL = re.compile(
    r"(?:mysql|mariadb)(?:\+\w+)?://"
    r"(?:(?P<user>[^:/@]*)(?::(?P<password>.*))?@)?"  # greedy: a password may hold an unquoted @
    r"(?P<host>\[[^\]]*\]|[^:/?@\[]*)(?::(?P<port>\d+))?"
    r"/(?P<database>[^?/]+)(?:\?(?P<options>.*))?"
)
_SCHEME = re.compile(r"[a-zA-Z][\w+.-]*(?=:)")
_FILE_ENDINGS = (".db", ".sqlite", ".sqlite3")


@dataclass(frozen=True, slots=True)
class Address:
    """A database's address. `url` has the password in it; `masked` may be shown to anyone.

    `place` is the same for two addresses of one database, whatever the login.
    """

    dialect: Dialect
    url: str
    masked: str
    place: tuple[str, ...]
    user: str | None = None
    password: str | None = None
    database: str | None = None


def looks_like_address(text: str) -> bool:
    """Whether this is meant as a place rather than as the name of a configured store."""
    return "/" in text or "://" in text or text.startswith("~") or text.endswith(_FILE_ENDINGS)


def at_home(path: str, home: str | None) -> str:
    """The path with a leading ~ replaced: nothing else does it for a variable's value."""
    return home + path[1:] if home and path.startswith("~/") else path


def read(text: str, home: str | None = None) -> Address:
    """The address meant by `text`. Raises ValueError with a sentence that has no secret in it."""
    text = text.strip()
    scheme = _SCHEME.match(text)
    if scheme is None:
        return _file(text, home)
    backend = scheme.group().lower().partition("+")[0]
    if backend == "sqlite":
        return _file(_sqlite_path(text), home)
    if backend in {"mysql", "mariadb"}:
        return _server(scheme.group().lower() + text[scheme.end() :])
    raise ValueError(_unknown(backend))


def _sqlite_path(text: str) -> str:
    _, separator, path = text.partition(":///")
    if not separator:
        msg = f"it has no file in it; write sqlite:/// and then the path, for example {EXAMPLES}"
        raise ValueError(msg)
    return path


def _file(path: str, home: str | None) -> Address:
    if path in {"", ":memory:"}:
        msg = f"a database in memory is gone with its program; name a file, for example {EXAMPLES}"
        raise ValueError(msg)
    full = f"{Path(at_home(path, home)).absolute()}"
    url = f"sqlite:///{full}"
    return Address("sqlite", url, url, ("sqlite", full), database=full)


def _server(text: str) -> Address:
    found = _MYSQL.fullmatch(text)
    if found is None or not (found["host"] or "unix_socket=" in (found["options"] or "")):
        form = EXAMPLES.split(" or ")[1]
        msg = f"it lacks a host or a database, or its port is no number; it should look like {form}"
        raise ValueError(msg)
    password = None if found["password"] is None else unquote(found["password"])
    user = None if found["user"] is None else unquote(found["user"])
    secret = "" if password is None else f":{quote(password, safe='')}"
    rest = _rest(found)
    return Address(
        "mysql",
        f"mysql+pymysql://{_login(user, secret)}{rest}",
        f"mysql+pymysql://{_login(user, '' if password is None else ':********')}{rest}",
        _place(found),
        user,
        password,
        found["database"],
    )


def _login(user: str | None, secret: str) -> str:
    return "" if user is None else f"{quote(user, safe='')}{secret}@"


def _rest(found: re.Match[str]) -> str:
    port = f":{found['port']}" if found["port"] else ""
    options = f"?{found['options']}" if found["options"] else ""
    return f"{found['host']}{port}/{found['database']}{options}"


def _place(found: re.Match[str]) -> tuple[str, ...]:
    socket = "" if found["host"] else found["options"] or ""
    return "mysql", found["host"].lower() or socket, found["port"] or "3306", found["database"]


def _unknown(backend: str) -> str:
    if backend in {"http", "https"}:
        return (
            "it is a tracking server's address, and Tracktalk reads the database behind it; "
            f"give what the server has as --backend-store-uri, for example {EXAMPLES}"
        )
    return f"{backend} databases are not supported, SQLite and MySQL or MariaDB are: {EXAMPLES}"
