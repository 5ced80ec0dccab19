"""The lines for the MLflow server say all it needs, and no password."""

from __future__ import annotations

from tracking.migrate import environment
from tracking.migrate.addresses import target_of

PLAIN = "mysql+pymysql://mlflow:p%40ss@db.example:3307/store"


def test_the_password_is_hidden_and_its_place_is_told() -> None:
    target = target_of(PLAIN)

    lines = environment.lines(target, wait_timeout=28_800)

    assert lines[0] == (
        "MLFLOW_BACKEND_STORE_URI="
        "mysql+pymysql://mlflow:********@db.example:3307/store?charset=utf8mb4"
    )
    assert "p%40ss" not in "".join(lines)
    assert "p@ss" not in "".join(lines)
    assert "%40" in environment.hint(target)


def test_an_account_without_a_password_needs_no_hint() -> None:
    target = target_of("mysql+pymysql://mlflow@db.example/store")

    assert "mlflow@db.example" in environment.lines(target, 28_800)[0]
    assert environment.hint(target) == ""


def test_connections_are_made_anew_before_the_server_would_end_them() -> None:
    lines = environment.lines(target_of(PLAIN), wait_timeout=600)

    assert "MLFLOW_SQLALCHEMYSTORE_POOL_RECYCLE=300" in lines
    assert any(line.startswith("MLFLOW_SQLALCHEMYSTORE_POOL_SIZE=") for line in lines)


def test_files_for_tls_are_given_in_mlflows_own_variables() -> None:
    lines = environment.lines(target_of(f"{PLAIN}?ssl_ca=/etc/ca.pem&ssl_key=/etc/key.pem"), 28_800)

    assert "ssl" not in lines[0]
    assert "MLFLOW_MYSQL_SSL_CA=/etc/ca.pem" in lines
    assert "MLFLOW_MYSQL_SSL_KEY=/etc/key.pem" in lines
    assert not any("SSL_CERT" in line for line in lines)
