from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pymysql
import pytest

from bot.cli import main
from tests.support import auth_store
from tests.support.auth_store import LARGE
from tests.support.commands import killed_once
from tests.support.own_stores import changing
from tests.support.servers import MySQLServer
from tests.support.stores import MySQLStores
from tracking.migrate import ledger, server
from tracking.migrate.addresses import target_of

pytestmark = pytest.mark.mysql
Move = Callable[..., tuple[int, str, str]]
TABLES = ("users", "roles", "role_permissions", "user_role_assignments", "experiment_permissions")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return auth_store.make(tmp_path_factory.mktemp("auth") / "basic_auth.db")


@pytest.fixture
def users(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(made, tmp_path / "basic_auth.db"))


@pytest.fixture
def address(mysql_server: MySQLServer, mysql_name: str) -> str:
    return mysql_server.url(mysql_name)


@pytest.fixture
def move(users: Path, address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Move:
    def do(*more: str) -> tuple[int, str, str]:
        words = ["migrate", "auth", "--source", f"sqlite:///{users}", "--target", address, *more]
        status = main(words, {"XDG_STATE_HOME": str(tmp_path / "state")})
        said = capsys.readouterr()
        return status, said.out, said.err

    return do


def test_every_user_gets_in_with_the_old_password_and_may_do_the_same(
    users: Path, address: str, move: Move, mysql_server: MySQLServer, mysql_name: str
) -> None:
    status, out, err = move()
    assert status == 0, err
    assert "database_uri = mysql+pymysql://root:PASSWORD@127.0.0.1" in out
    assert mysql_server.password not in out + err
    theirs = auth_store.read(address)
    assert theirs == auth_store.read(f"sqlite:///{users}")
    assert theirs["let in"] == theirs["kept out"] == list(auth_store.PASSWORDS)
    with closing(sqlite3.connect(users)) as store:
        for table in TABLES:
            ours = sorted(store.execute(f"SELECT * FROM {table}").fetchall())
            assert (
                sorted(mysql_server.execute(f"SELECT * FROM {table}", database=mysql_name)) == ours
            )
    mysql_server.execute("INSERT INTO users (username) VALUES ('new')", database=mysql_name)


def test_a_second_time_nothing_is_copied_and_all_is_compared(move: Move) -> None:
    assert move()[0] == 0
    status, out, _ = move()
    assert status == 0
    assert "were there already, every column compared" in out


def test_a_database_with_other_users_is_left_as_it_is(
    move: Move, mysql_server: MySQLServer, mysql_name: str
) -> None:
    move()
    change = "UPDATE users SET password_hash = REVERSE(password_hash) WHERE username = 'alice'"
    mysql_server.execute(change, database=mysql_name)
    before = mysql_server.execute("SELECT * FROM users", database=mysql_name)
    status, _, err = move()
    assert status == 1
    assert "other users or permissions: users (1,) is another one" in err
    assert mysql_server.execute("SELECT * FROM users", database=mysql_name) == before


def test_tables_that_a_killed_run_left_half_made_are_made_anew(
    move: Move, mysql_server: MySQLServer, mysql_name: str
) -> None:
    mysql_server.create_database(mysql_name, "utf8mb4_nopad_bin")
    mysql_server.execute(
        "CREATE TABLE alembic_version_auth (version_num VARCHAR(32) PRIMARY KEY)",
        "CREATE TABLE users (id INT PRIMARY KEY)",
        database=mysql_name,
    )
    assert move()[0] == 0


def test_whenever_it_is_killed_the_same_command_ends_as_if_nothing_had_been(
    users: Path, address: str, move: Move, mysql_server: MySQLServer, mysql_name: str,
    tmp_path: Path,
) -> None:  # fmt: skip
    with changing(users) as store:
        store.executemany(
            "INSERT INTO users (username, password_hash, is_admin) VALUES (?, 'scrypt:1$x', 0)",
            ((f"user {number}",) for number in range(15_000)),
        )
    words = ["migrate", "auth", "--source", f"sqlite:///{users}", "--target", address]
    copies = tmp_path / "state" / "tracktalk" / "migrate"

    def tables() -> int:
        return len(mysql_server.execute(
            f"SELECT 1 FROM information_schema.tables WHERE table_schema = '{mysql_name}'"
        ))  # fmt: skip

    def some_rows() -> bool:
        """Also those of a transaction that is not over."""
        if not tables():
            return False
        dirty = "SET SESSION TRANSACTION ISOLATION LEVEL READ UNCOMMITTED"
        with suppress(pymysql.MySQLError):  # there is no such table yet
            count = "SELECT COUNT(*) FROM users"
            return mysql_server.execute(dirty, count, database=mysql_name) != ((0,),)
        return False

    killed_once(tmp_path, words, lambda: any(copies.glob("auth-*/auth.db")), "the copy is taken")
    killed_once(tmp_path, words, lambda: tables() > 3, "some tables are made")
    killed_once(tmp_path, words, some_rows, "some rows are on their way")
    assert mysql_server.execute("SELECT COUNT(*) FROM users", database=mysql_name) == ((0,),)
    status, out, err = move()

    assert status == 0, err
    assert "copied, every column compared" in out
    found = mysql_server.execute("SELECT COUNT(*) FROM users", database=mysql_name)
    assert found == ((15_000 + len(auth_store.PASSWORDS),),)
    assert list(copies.iterdir()) == [], "hashes are left nowhere"


def test_a_table_of_somebody_elses_is_not_touched(
    move: Move, mysql_server: MySQLServer, mysql_name: str
) -> None:
    mysql_server.create_database(mysql_name, "utf8mb4_nopad_bin")
    mysql_server.execute("CREATE TABLE users (shop INT PRIMARY KEY)", database=mysql_name)
    status, _, err = move()
    assert status == 1
    assert "a table users that MLflow has not made" in err
    assert mysql_server.execute("SHOW TABLES", database=mysql_name) == (("users",),)


def test_a_store_is_no_place_for_the_users(
    move: Move, mysql_mlflow: MySQLStores, mysql_server: MySQLServer, mysql_name: str
) -> None:
    mysql_mlflow.create(mysql_name)
    before = mysql_server.execute("SHOW TABLES", database=mysql_name)
    status, _, err = move()
    assert status == 1
    assert "a database of their own" in err
    assert mysql_server.execute("SHOW TABLES", database=mysql_name) == before


def test_permissions_follow_experiments_to_their_new_ids(
    address: str, move: Move, mysql_server: MySQLServer, mysql_name: str
) -> None:
    store = mysql_server.create_database(f"{mysql_name}_store")
    with closing(server.connect(target_of(store))) as connection:
        entry = ledger.read(connection)
        assert entry is None
    mysql_server.execute(
        f"CREATE TABLE {ledger.EXPERIMENT_IDS} (source_id BIGINT PRIMARY KEY, target_id INT)",
        f"INSERT INTO {ledger.EXPERIMENT_IDS} VALUES ({LARGE}, 42)",
        database=f"{mysql_name}_store",
    )
    status, out, err = move("--store", store)
    assert status == 0, err
    assert "2 permissions followed an experiment to its new id" in out
    found = auth_store.read(address)
    assert ["42", "READ"] in found["experiments"]
    assert found["scorers"] == [["42", "my scorer/ü"]]


def test_a_database_from_before_mlflow_numbered_them_arrives_with_the_new_roles(
    users: Path, move: Move, mysql_server: MySQLServer, mysql_name: str
) -> None:
    users.unlink()
    with changing(users) as store:
        store.executescript(
            "CREATE TABLE users (id INTEGER PRIMARY KEY, username VARCHAR(255) UNIQUE,"
            " password_hash VARCHAR(255), is_admin BOOLEAN);"
            "CREATE TABLE experiment_permissions (id INTEGER PRIMARY KEY, experiment_id"
            " VARCHAR(255) NOT NULL, user_id INTEGER NOT NULL REFERENCES users (id), permission"
            " VARCHAR(255), CONSTRAINT unique_experiment_user UNIQUE (experiment_id, user_id));"
            "CREATE TABLE registered_model_permissions (id INTEGER PRIMARY KEY, name VARCHAR(255)"
            " NOT NULL, user_id INTEGER NOT NULL REFERENCES users (id), permission VARCHAR(255),"
            " CONSTRAINT unique_name_user UNIQUE (name, user_id));"
            "INSERT INTO users VALUES (7, 'old', 'scrypt:1$x', 0);"
            "INSERT INTO experiment_permissions VALUES (1, '3', 7, 'EDIT'), (2, '4', 99, 'READ');"
        )
    status, out, err = move()
    assert status == 0, err
    assert "Belonging to nobody" in out
    found = mysql_server.execute(
        "SELECT resource_pattern, permission FROM role_permissions ORDER BY 1", database=mysql_name
    )
    assert ("3", "EDIT") in found


def test_a_file_without_users_is_refused_before_anything_is_made(
    users: Path, move: Move, mysql_server: MySQLServer, mysql_name: str
) -> None:
    users.unlink()
    with changing(users) as store:
        store.execute("CREATE TABLE experiments (id INTEGER)")
    status, _, err = move()
    assert status == 1
    assert "holds no users" in err
    assert not mysql_server.execute(f"SHOW DATABASES LIKE '{mysql_name}'")
