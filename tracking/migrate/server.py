"""The target server: how it is spoken to, and what differs between MySQL and MariaDB.

Each difference is one function here. Run on MariaDB 10.11; what is said of MySQL 8 and 9 is from
their manuals and has not been run on such a server.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, TypeVar

import pymysql
from pymysql.constants import CR, ER
from pymysql.cursors import Cursor

from tracking.errors import AddressError, TargetDown, TargetRefused, TrackingError
from tracking.migrate.addresses import TLS, Target

Maker = Literal["mysql", "mariadb"]
Connection: TypeAlias = "pymysql.Connection[Cursor]"
Done = TypeVar("Done")

OLDEST: dict[Maker, tuple[int, int]] = {"mysql": (8, 0), "mariadb": (10, 6)}
CONNECT_WITHIN = 10
READ_WITHIN = 3_600
PATIENCE = 120.0
"""Seconds for which a server that went away is awaited."""
PAUSE = 0.5
"""Seconds between two tries to reach it."""
TRIES = 5
"""How often something is begun anew that the server did not let come to its end."""
GONE = frozenset({
    CR.CR_CONN_HOST_ERROR, CR.CR_CONNECTION_ERROR, CR.CR_SERVER_GONE_ERROR, CR.CR_SERVER_LOST,
    ER.SERVER_SHUTDOWN, ER.CON_COUNT_ERROR, 1927,  # MariaDB: "Connection was killed"
    4031,  # MySQL: disconnected by the server because of inactivity
})  # fmt: skip
"""The conversation has ended, or never began; another try may do."""
AGAIN = frozenset({ER.LOCK_DEADLOCK, ER.LOCK_WAIT_TIMEOUT})
"""The transaction was rolled back by the server, and may simply be done again."""


@dataclass(frozen=True, slots=True)
class Server:
    """Which server answers, by its own word (`SELECT VERSION()`)."""

    maker: Maker
    version: tuple[int, int]
    text: str


def recognised(version: str) -> Server:
    """The server that calls itself `version`. Raises TargetRefused when it is too old."""
    maker: Maker = "mariadb" if "mariadb" in version.lower() else "mysql"
    numbers = re.search(r"(\d+)\.(\d+)", version.removeprefix("5.5.5-"))  # MariaDB's old disguise
    found = (int(numbers[1]), int(numbers[2])) if numbers else (0, 0)
    if found < OLDEST[maker]:
        least = ".".join(map(str, OLDEST[maker]))
        what = f"The server is {version}; {least} is the oldest that a store can be moved to."
        raise TargetRefused(what, "Upgrade it, or move to a newer one.")
    name = {"mysql": "MySQL", "mariadb": "MariaDB"}[maker]
    return Server(maker, found, f"{name} {version.split('-', maxsplit=1)[0]}")


def right_collation(server: Server) -> str:
    """Compares as SQLite does: every byte counts, trailing spaces too."""
    return {"mysql": "utf8mb4_0900_bin", "mariadb": "utf8mb4_nopad_bin"}[server.maker]


def session(server: Server) -> tuple[str, ...]:
    """What every session is told, whatever the server's own settings are."""
    return (
        # Strict: what does not fit is an error, never cut. 0 is experiment 0, not "the next one".
        "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION'",
        "SET SESSION time_zone = '+00:00'",
        # The connection that holds our lock says nothing for as long as a copy takes: 24 days.
        "SET SESSION wait_timeout = 2147483, net_read_timeout = 600, net_write_timeout = 600",
        # For rows, and for tables: the latter is a day (MariaDB) or a year (MySQL) by itself.
        "SET SESSION innodb_lock_wait_timeout = 120, lock_wait_timeout = 120",
        # Chunks that are hashed have 2 MB; where a target has a million rows more in a chunk, the
        # server need not put them all together: what is cut is not the same, and looked at closer.
        "SET SESSION group_concat_max_len = 33554432",
        no_time_limit(server),
    )


UNCHECKED = "SET SESSION foreign_key_checks = 0"
"""For the copy: tables are filled one by one. Unique keys stay checked: it costs nothing
measurable, and without the check InnoDB may let a second row in."""


def no_time_limit(server: Server) -> str:
    """The statement that lets long statements run to their end."""
    if server.maker == "mysql":
        return "SET SESSION max_execution_time = 0"
    return "SET SESSION max_statement_time = 0"


def fresh_statistics(server: Server) -> tuple[str, ...]:
    """What has to be said so that information_schema tells AUTO_INCREMENT as it is right now."""
    if server.maker == "mysql":
        return ("SET SESSION information_schema_stats_expiry = 0",)  # MySQL keeps it for a day
    return ()


def pads(connection: Connection, collation: str) -> bool:
    """Whether a collation takes 'lr' and 'lr ' for the same."""
    if server_of(connection).maker == "mariadb":
        return "nopad" not in collation  # its information_schema does not say before 10.10
    query = "SELECT pad_attribute FROM information_schema.collations WHERE collation_name = %s"
    return bool(one(connection, query, [collation])[0] != "NO PAD")


def grants(connection: Connection, server: Server) -> list[str]:
    """What the account may do, in GRANT statements, those of its active roles among them."""
    query = "SHOW GRANTS"  # MariaDB adds the roles' own lines by itself
    if server.maker == "mysql":
        active = str(one(connection, "SELECT CURRENT_ROLE()")[0])  # like `r1`@`%`,`r2`@`%`
        query += "" if active == "NONE" else f" FOR CURRENT_USER() USING {active}"
    return [str(row[0]) for row in ask(connection, query)]


def checks_query(server: Server) -> str:
    """Asks for each check of the database: its table and its condition."""
    if server.maker == "mariadb":
        return (
            "SELECT table_name, check_clause FROM information_schema.check_constraints"
            " WHERE constraint_schema = DATABASE()"
        )
    return (  # MySQL keeps the table elsewhere
        "SELECT t.table_name, c.check_clause FROM information_schema.check_constraints c"
        " JOIN information_schema.table_constraints t"
        " ON t.constraint_schema = c.constraint_schema AND t.constraint_name = c.constraint_name"
        " WHERE c.constraint_schema = DATABASE() AND t.constraint_type = 'CHECK'"
    )


def connect(target: Target, *, database: bool = True, read_within: int = READ_WITHIN) -> Connection:
    """A pinned session; it commits only when told to. `read_within`: seconds for a statement.

    Raises TargetDown, TargetRefused, AddressError (for files of TLS).
    """
    try:
        connection = _connect(target, database, read_within)
    except pymysql.MySQLError as error:
        raise refused(target, error) from error
    except OSError as error:  # ssl.SSLError is one: PyMySQL reads the files of TLS before it calls
        files = ", ".join(str(target.options[name]) for name in TLS if name in target.options)
        what = f"The files for TLS cannot be used ({files}): {error.strerror or error}."
        raise AddressError(
            what, "Name readable PEM files in ssl_ca, ssl_cert and ssl_key."
        ) from error
    try:
        server = server_of(connection)
        run(connection, *session(server))
    except BaseException as error:
        close(connection)
        if isinstance(error, pymysql.MySQLError):
            raise refused(target, error) from error
        raise
    return connection


def _connect(target: Target, database: bool, read_within: int) -> Connection:
    options = target.options
    tls = {name.removeprefix("ssl_"): options[name] for name in TLS if name in options}
    return pymysql.connect(
        host=target.host,
        port=target.port,
        user=target.user,
        password=target.password,
        database=target.database if database else None,
        unix_socket=options.get("unix_socket"),
        charset="utf8mb4",
        autocommit=False,
        local_infile=True,
        connect_timeout=CONNECT_WITHIN,
        read_timeout=read_within,
        write_timeout=600,
        ssl=tls or None,  # as SQLAlchemy gives it, for MLflow: so the host's name is checked, too
    )


def patiently(act: Callable[[], Done], again: Callable[[], object]) -> Done:
    """Do something, however often the server goes away meanwhile; `again` waits until it is back.

    It must bear to be begun again. Raises TargetDown when the server stays away, or goes again and
    again; whatever else `act` raises.
    """
    for _ in range(TRIES - 1):
        try:
            return act()
        except (pymysql.MySQLError, TargetDown) as error:
            if not may_pass(error):
                raise
        again()
    return act()


def awaited(connected: Callable[[], Connection]) -> Connection:
    """A connection, once the server gives one. Raises what it said last when it stays away."""
    give_up = time.monotonic() + PATIENCE
    while True:
        time.sleep(PAUSE)
        try:
            return connected()
        except (pymysql.MySQLError, TargetDown):
            if time.monotonic() > give_up:
                raise


def server_of(connection: Connection) -> Server:
    """The server at the other end. Raises TargetRefused when it is too old."""
    return recognised(str(one(connection, "SELECT VERSION()")[0]))


def run(connection: Connection, *statements: str) -> None:
    """Carry statements out, one after the other."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def ask(
    connection: Connection, query: str, values: Sequence[object] = ()
) -> list[tuple[Any, ...]]:  # Any: what the columns hold, known to who asks
    """The rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(query, tuple(values) or None)
        return list(cursor.fetchall())


def one(
    connection: Connection, query: str, values: Sequence[object] = ()
) -> tuple[Any, ...]:  # Any: as above
    """The only row of a query."""
    (row,) = ask(connection, query, values)
    return row


def close(connection: Connection) -> None:
    """Hang up, also on a server that has done so before."""
    with suppress(pymysql.MySQLError):
        connection.close()


def quoted(name: str) -> str:
    """A name as MySQL writes it."""
    return "`" + name.replace("`", "``") + "`"


def code_of(error: BaseException) -> int:
    """The number of a server's or driver's error; 0 when it has none."""
    return error.args[0] if error.args and isinstance(error.args[0], int) else 0


def lost(error: BaseException) -> bool:
    """Whether the conversation has ended without anybody having said no."""
    closed = isinstance(error, pymysql.InterfaceError) and code_of(error) == 0
    return closed or code_of(error) in GONE


def may_pass(error: Exception) -> bool:
    """Whether another try may do, once the server answers again."""
    return isinstance(error, TargetDown) or lost(error) or code_of(error) in AGAIN


def refused(target: Target, error: pymysql.MySQLError) -> TrackingError:
    """What a server's error means for who moves a store."""
    said = str(error.args[1]) if len(error.args) > 1 else str(error)
    if "SSL" in said:
        what = f"No TLS with {target.host}:{target.port}: {said}."
        fix = (
            "Give the authority that signed the server's certificate as ssl_ca, and the host as the"
            " certificate names it; or leave these options out to go without."
        )
        return TargetDown(what, fix)
    if lost(error):
        what = f"{target.host}:{target.port} does not answer: {said}."
        return TargetDown(what, "Start the server or check host and port, then ask again.")
    if code_of(error) in {ER.ACCESS_DENIED_ERROR, ER.DBACCESS_DENIED_ERROR}:
        what = f"The server does not let {target.user} in: {said}."
        fix = (
            f"Check the password, and the account's rights on {target.database} (docs/migrate.md)."
        )
        return TargetRefused(what, fix)
    if code_of(error) == ER.BAD_DB_ERROR:
        what = f"There is no database {target.database} on {target.host}."
        return TargetRefused(what, "Make it, or let `tracktalk migrate run` make it.")
    return TargetRefused(f"The server refused: {said}.", "Put that right, then ask again.")
