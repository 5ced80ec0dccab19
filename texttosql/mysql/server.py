"""What differs between MySQL and MariaDB, each difference in one function; the rest is shared.

Run on MariaDB 10.11; what is said of MySQL 8 and 9 is from their manuals.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from texttosql.errors import WarehouseDown

Maker = Literal["mysql", "mariadb"]

OLDEST: dict[Maker, tuple[int, int]] = {"mysql": (8, 0), "mariadb": (10, 6)}
MOST_RECURSION = 1_000_000
"""Steps of a recursive CTE; the deadline ends it long before. MariaDB's default of 1,000 cuts the
result short with a mere warning."""


@dataclass(frozen=True, slots=True)
class Server:
    """Which server answers, by its own word (`SELECT VERSION()`)."""

    maker: Maker
    version: tuple[int, int]


def recognised(version: str) -> Server:
    """The server that calls itself `version`. Raises WarehouseDown when it is too old."""
    maker: Maker = "mariadb" if "mariadb" in version.lower() else "mysql"
    numbers = re.search(r"(\d+)\.(\d+)", version.removeprefix("5.5.5-"))  # MariaDB's old disguise
    found = (int(numbers[1]), int(numbers[2])) if numbers else (0, 0)
    if found < OLDEST[maker]:
        name = {"mysql": "MySQL", "mariadb": "MariaDB"}[maker]
        least = ".".join(map(str, OLDEST[maker]))
        what = (
            f"The server is {name} {found[0]}.{found[1]}; {least} is the oldest that can be asked."
        )
        raise WarehouseDown(what, "Upgrade the server, or ask a copy of the store on a newer one.")
    return Server(maker, found)


def session(server: Server) -> tuple[str, ...]:
    """What every new session is told: modes, UTC, precision, and to write nothing."""
    return (
        f"SET SESSION sql_mode = '{sql_mode(server)}'",
        "SET SESSION time_zone = '+00:00'",
        # 1/3 and AVG of whole numbers with all the digits a double has, not four.
        "SET SESSION div_precision_increment = 30, group_concat_max_len = 1048576",
        f"SET SESSION {recursion_variable(server)} = {MOST_RECURSION}",
        "SET SESSION TRANSACTION READ ONLY",
    )


def sql_mode(server: Server) -> str:
    """Quotes, bars and backslashes as our SQL is written, whatever the server's own default.

    MySQL also refuses a column that is neither grouped nor summed: its value would be any row's.
    MariaDB's form of that rule refuses `GROUP BY run_uuid` beside the run's name, so it stays off.
    """
    strict = "STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION"
    return f"ONLY_FULL_GROUP_BY,{strict}" if server.maker == "mysql" else strict


def recursion_variable(server: Server) -> str:
    """The setting that ends a recursive CTE."""
    return "cte_max_recursion_depth" if server.maker == "mysql" else "max_recursive_iterations"


def time_limit(server: Server, seconds: float) -> str:
    """The statement that lets the server itself stop what runs longer; 0 would mean no limit."""
    if server.maker == "mysql":
        return f"SET SESSION max_execution_time = {max(1, int(seconds * 1000))}"
    return f"SET SESSION max_statement_time = {max(0.001, seconds):.3f}"
