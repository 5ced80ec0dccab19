"""What people write for a database, and what is made of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import make_url

from texttosql import address


@pytest.mark.parametrize(
    "text",
    [
        "sqlite:///runs/mlflow.db",
        "SQLite:///runs/mlflow.db",
        "sqlite+pysqlite:///runs/mlflow.db",
        "runs/mlflow.db",
        "./runs/mlflow.db",
        "  runs/mlflow.db\n",
    ],
)
def test_a_file_may_be_written_as_a_url_or_as_a_path(text: str) -> None:
    found = address.read(text)

    assert found.dialect == "sqlite"
    assert found.url == f"sqlite:///{Path.cwd()}/runs/mlflow.db"
    assert found.masked == found.url


def test_a_tilde_is_the_home_folder() -> None:
    assert address.read("~/m.db", "/home/ann").url == "sqlite:////home/ann/m.db"
    assert address.read("sqlite:///~/m.db", "/home/ann").url == "sqlite:////home/ann/m.db"


@pytest.mark.parametrize("scheme", ["mysql", "mysql+pymysql", "mysql+mysqldb", "mariadb", "MySQL"])
def test_any_mysql_scheme_means_the_driver_there_is(scheme: str) -> None:
    assert address.read(f"{scheme}://ann:pw@db:3307/mlflow?charset=utf8mb4").url == (
        "mysql+pymysql://ann:pw@db:3307/mlflow?charset=utf8mb4"
    )


@pytest.mark.parametrize(
    ("written", "password"),
    [
        ("p%40ss", "p@ss"),
        ("p@ss", "p@ss"),
        ("a:b/c", "a:b/c"),
        ("50%off", "50%off"),
        ("ü€", "ü€"),
        ("", ""),
    ],
)
def test_a_password_reaches_the_driver_as_it_is_and_is_never_shown(
    written: str, password: str
) -> None:
    found = address.read(f"mysql://ann:{written}@db/mlflow")

    assert found.password == password
    assert make_url(found.url).password == password
    assert make_url(found.url).host == "db"
    assert found.masked == "mysql+pymysql://ann:********@db/mlflow"


@pytest.mark.parametrize(
    "text",
    [
        "mysql://db/mlflow",
        "mysql://ann@db/mlflow",
        "mysql://ann:pw@[::1]:3306/mlflow",
        "mysql://ann:pw@/mlflow?unix_socket=/run/db.sock",
    ],
)
def test_rarer_forms_of_an_address_are_understood_by_sqlalchemy_alike(text: str) -> None:
    given, found = make_url(text), make_url(address.read(text).url)

    assert (found.username, found.password, found.host, found.port, found.database) == (
        given.username,
        given.password,
        given.host,
        given.port,
        given.database,
    )
    assert found.query == given.query


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "in memory"),
        ("sqlite://", "no file in it"),
        ("sqlite:mlflow.db", "no file in it"),
        ("sqlite:///", "in memory"),
        ("sqlite:///:memory:", "in memory"),
        ("mysql://ann:s3cret@db", "lacks a host or a database"),
        ("mysql://ann:s3cret@/mlflow", "lacks a host or a database"),
        ("http://ann:s3cret@mlflow:5000", "tracking server's address"),
        ("postgresql://ann:s3cret@db/mlflow", "postgresql databases are not supported"),
    ],
)
def test_what_cannot_be_used_says_why_and_what_could(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says) as wrong:
        address.read(text)

    assert "://" in str(wrong.value)
    assert "s3cret" not in str(wrong.value)


def test_one_database_is_the_same_place_whoever_logs_in() -> None:
    one = address.read("mysql://ann:pw@DB/mlflow").place

    assert address.read("mariadb+pymysql://bob@db:3306/mlflow?charset=utf8").place == one
    assert address.read("mysql://ann:pw@db:3307/mlflow").place != one
    assert address.read("mysql://ann:pw@db/other").place != one


@pytest.mark.parametrize("text", ["prod", "fraud-team", "my.store"])
def test_a_name_is_no_address(text: str) -> None:
    assert not address.looks_like_address(text)


@pytest.mark.parametrize("text", ["a.db", "x/y", "~/m", "mysql://h/d", "m.sqlite3", "./prod"])
def test_a_place_is_no_name(text: str) -> None:
    assert address.looks_like_address(text)
