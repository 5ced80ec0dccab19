"""What differs between MySQL and MariaDB is told from the server's own version text."""

from __future__ import annotations

import pytest

from texttosql.errors import WarehouseDown
from texttosql.mysql.server import Server, recognised, session, time_limit


@pytest.mark.parametrize(
    ("version", "server"),
    [
        ("8.0.36", Server("mysql", (8, 0))),
        ("8.4.3-commercial", Server("mysql", (8, 4))),
        ("9.1.0", Server("mysql", (9, 1))),
        ("10.11.19-MariaDB-0+deb12u1", Server("mariadb", (10, 11))),
        ("5.5.5-10.6.12-MariaDB-log", Server("mariadb", (10, 6))),
        ("11.4.2-MariaDB", Server("mariadb", (11, 4))),
    ],
)
def test_a_server_is_known_by_its_version(version: str, server: Server) -> None:
    assert recognised(version) == server


@pytest.mark.parametrize("version", ["5.7.44", "10.5.9-MariaDB", "5.5.5-10.3.1-MariaDB"])
def test_a_server_too_old_is_turned_down_with_the_oldest_that_will_do(version: str) -> None:
    with pytest.raises(WarehouseDown, match="oldest that can be asked"):
        recognised(version)


def test_each_server_is_told_its_own_time_limit_and_recursion_limit() -> None:
    mysql, mariadb = Server("mysql", (8, 4)), Server("mariadb", (10, 11))
    assert time_limit(mysql, 2.5) == "SET SESSION max_execution_time = 2500"
    assert time_limit(mariadb, 2.5) == "SET SESSION max_statement_time = 2.500"
    assert any("cte_max_recursion_depth" in line for line in session(mysql))
    assert any("max_recursive_iterations" in line for line in session(mariadb))


@pytest.mark.parametrize("server", [Server("mysql", (8, 0)), Server("mariadb", (10, 6))])
def test_a_limit_of_nothing_is_never_sent_as_no_limit(server: Server) -> None:
    value = time_limit(server, 0).rpartition("= ")[2]
    assert float(value) > 0
