"""Where a move goes from and to. An address is checked here; its password is shown nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from tracking.errors import AddressError

DEFAULT_PORT = 3306
LONGEST_NAME = 64
"""Characters of a database's name, on MySQL and MariaDB."""
TLS = ("ssl_ca", "ssl_cert", "ssl_key")
"""Options of an address that name files for TLS, as PyMySQL has them."""
_UNDERSTOOD = frozenset({*TLS, "unix_socket", "charset"})
"""The charset is always utf8mb4, whatever the address says."""


@dataclass(frozen=True, slots=True)
class Target:
    """A database on a server. `options` are those of the address that PyMySQL understands."""

    host: str
    port: int
    user: str
    database: str
    password: str = field(repr=False)
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def shown(self) -> str:
        """The address as people may see it."""
        return self._url(None).render_as_string()

    @property
    def address(self) -> str:
        """The address with its password, for MLflow: never to be shown or logged."""
        return self._url(self.password).render_as_string(hide_password=False)

    def _url(self, password: str | None) -> URL:
        return URL.create(
            "mysql+pymysql",
            self.user,
            password or None,
            self.host,
            self.port,
            self.database,
            self.options,
        )


def source_file(address: str) -> Path:
    """The file of a `sqlite:///` address. Raises AddressError."""
    url = _url(address)
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        raise _no_source(address)
    file = Path(url.database.removeprefix("file:")).expanduser()
    if file.is_dir():
        what = f"{file} is a folder."
        raise AddressError(
            what,
            "Name the SQLite file; a FileStore's folder moves with `tracktalk migrate filestore`.",
        )
    if not file.is_file():
        what = f"There is no file {file}."
        raise AddressError(what, "Four slashes make a path absolute: sqlite:////srv/mlflow.db.")
    return file.resolve()


def target_of(address: str) -> Target:
    """The database that a `mysql+pymysql://` address names. Raises AddressError."""
    url = _url(address)
    if url.get_backend_name() not in {"mysql", "mariadb"}:
        what = f"{_told(url)} is no MySQL or MariaDB address."
        raise AddressError(what, "Write it like mysql+pymysql://user:password@host:3306/mlflow.")
    if not url.database or not url.username:
        what = f"{_told(url)} names no {'user' if url.database else 'database'}."
        raise AddressError(what, "Write it like mysql+pymysql://user:password@host:3306/mlflow.")
    if len(url.database) > LONGEST_NAME:
        what = f"{url.database[:20]}… is longer than the {LONGEST_NAME} characters of a name."
        raise AddressError(what, "Give the database a shorter one.")
    return Target(
        host=url.host or "localhost",
        port=url.port or DEFAULT_PORT,
        user=url.username,
        database=url.database,
        password=url.password or "",
        options=_options(url),
    )


def _options(url: URL) -> dict[str, str]:
    given = {name: str(value) for name, value in url.query.items()}
    if unknown := sorted(set(given) - _UNDERSTOOD):
        what = f"The target's address has options that are not known here: {', '.join(unknown)}."
        raise AddressError(what, f"Leave them out; these are understood: {', '.join(_UNDERSTOOD)}.")
    return given | {"charset": "utf8mb4"}


def _url(address: str) -> URL:
    try:
        return make_url(address)
    except (ArgumentError, ValueError) as error:  # ValueError: a port that is no number
        what = "That is no address of a store."
        fix = (
            "Write a source like sqlite:////srv/mlflow.db, a target like mysql+pymysql://u:p@h/db."
        )
        raise AddressError(what, fix) from error


def _no_source(address: str) -> AddressError:
    what = f"{_told(_url(address))} is no SQLite file."
    return AddressError(what, "A move starts from one: write it like sqlite:////srv/mlflow.db.")


def _told(url: URL) -> str:
    return url.render_as_string(hide_password=True)
