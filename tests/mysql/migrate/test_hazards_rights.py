"""What an account lacks is told with the statement that gives it, however rights were given."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pymysql
import pytest
from pymysql.constants import ER

from tests.support.moving import Mover
from tests.support.servers import MySQLServer
from tracking.errors import TargetRefused
from tracking.migrate import rights, server
from tracking.migrate.addresses import target_of

MakeMover = Callable[..., Mover]
DOCUMENTED = (
    "SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES, TRIGGER, LOCK TABLES"
)
SECRET = "secret"  # noqa: S105  # a test's own


def _account(move: Mover, *grants: str) -> Mover:
    """The same move by an account of its own. In the grants it is {user}, its role {role}."""
    user, role = f"'p_{move.database}'@'%'", f"r_{move.database}"
    move.server.execute(
        f"CREATE USER {user} IDENTIFIED BY '{SECRET}'",
        *(grant.format(user=user, role=role, database=move.database) for grant in grants),
    )
    address = move.server.url(move.database, user=f"p_{move.database}", password=SECRET)
    return replace(move, address=address)


def test_an_account_without_the_rights_is_told_which_and_how_to_get_them(
    demo: Path, mover: MakeMover
) -> None:
    move = _account(mover(demo), "GRANT SELECT, INSERT ON `{database}`.* TO {user}")

    hazard = move.hazard("rights")

    assert hazard.blocking
    assert "UPDATE, DELETE, CREATE" in hazard.what
    with pytest.raises(TargetRefused):
        move.run()
    move.server.execute(hazard.remedy)
    assert "rights" not in move.hazards()


def test_making_the_tables_needs_a_right_more_and_a_way_back_another(
    demo: Path, mover: MakeMover
) -> None:
    without = DOCUMENTED.replace(", TRIGGER, LOCK TABLES", "")
    move = _account(mover(demo, None), f"GRANT {without} ON `{{database}}`.* TO {{user}}")

    assert move.hazard("rights").what.endswith(": TRIGGER.")
    assert not move.hazard("rollback-rights").blocking
    with pytest.raises(TargetRefused, match="TRIGGER"):
        move.run()
    assert move.server.execute(f"SHOW DATABASES LIKE '{move.database}'") == ()
    move.server.execute(move.hazard("rights").remedy, move.hazard("rollback-rights").remedy)
    assert not {"rights", "rollback-rights"} & move.hazards().keys()


def test_rights_through_a_role_count_once_it_is_active(demo: Path, mover: MakeMover) -> None:
    move = _account(
        mover(demo, None), "CREATE ROLE {role}", "CREATE ROLE {role}_in", "GRANT {role} TO {user}",
        f"GRANT {DOCUMENTED} ON `{{database}}`.* TO {{role}}_in", "GRANT {role}_in TO {role}",
    )  # fmt: skip

    assert "SET DEFAULT ROLE" in move.hazard("rights").remedy
    assert f"r_{move.database}" in move.hazard("rights").remedy
    with pytest.raises(TargetRefused):
        move.run()
    move.server.execute(f"SET DEFAULT ROLE r_{move.database} FOR 'p_{move.database}'@'%'")
    proof = move.run()
    assert proof is not None
    assert proof.ok
    assert not {"rights", "rollback-rights"} & move.hazards().keys()


@pytest.mark.parametrize(
    "grants",
    [
        ["ALL ON `{database}`.*"],
        ["ALL ON `t\\_%`.*"],
        ["SELECT ON `t\\_%`.*", "ALL ON `{database}`.*"],
        ["ALL ON `t%`.*", "INSERT ON `{database}`.*"],
        ["INSERT ON `t\\_%`.*", "ALL ON `t%`.*"],
        ["ALL ON `t%`.*", "ALL ON `{database}`.`runs`"],
        ["SELECT, INSERT ON *.*", "CREATE ON `{database}`.*"],
        ["INSERT ON `{database}x`.*"],
    ],
)
def test_what_is_missing_is_what_the_server_refuses(
    grants: list[str], mysql_server: MySQLServer, mysql_name: str
) -> None:
    mysql_server.create_database(mysql_name)
    move = Mover(mysql_server, Path(), mysql_name, Path(), "")
    move.ask("CREATE TABLE kept (i INT)")
    account = _account(move, *(f"GRANT {each} TO {{user}}" for each in grants))
    tried = {
        "SELECT": "SELECT * FROM kept", "INSERT": "INSERT INTO kept VALUES (1)",
        "DELETE": "DELETE FROM kept", "CREATE": "CREATE TABLE made (i INT)",
    }  # fmt: skip
    with closing(server.connect(target_of(account.address), database=False)) as connection:
        lines = server.grants(connection, server.server_of(connection))
        refused = [right for right, words in tried.items() if _refused(connection, move, words)]

    assert rights.missing(lines, mysql_name, tried) == refused


def _refused(connection: server.Connection, move: Mover, words: str) -> bool:
    words = words.replace("kept", f"`{move.database}`.kept").replace(
        "made", f"`{move.database}`.made"
    )
    try:
        server.run(connection, words)
    except pymysql.MySQLError as error:
        return server.code_of(error) == ER.TABLEACCESS_DENIED_ERROR
    return False
