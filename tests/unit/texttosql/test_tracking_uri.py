"""Whether anybody is at a tracking server's address, found out quickly and without MLflow."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from texttosql.tracking_uri import reachable, shown


class Denying(BaseHTTPRequestHandler):
    """A server that is well and lets nobody in."""

    def do_GET(self) -> None:
        """401, as behind a login."""
        self.send_error(401)

    def log_message(self, *_: object) -> None:
        """Nothing: stderr is pytest's."""


@pytest.fixture
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Denying) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


def test_whoever_answers_is_there_whatever_the_answer(server: str) -> None:
    assert reachable(f"http://{server}")
    assert reachable(f"http://user:secret@{server}/")


def test_a_port_where_nobody_listens_is_not() -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
        port = taken.getsockname()[1]
        assert not reachable(f"http://127.0.0.1:{port}")


def test_who_takes_the_call_and_says_nothing_is_not_there() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        assert not reachable(f"http://127.0.0.1:{silent.getsockname()[1]}", seconds=0.2)


def test_what_is_no_http_server_that_is_there_is_not(server: str) -> None:
    assert not reachable("http://127.0.0.1:port")
    assert not reachable(f"https://{server}".replace("https", "http").replace("127", "no such 127"))


@pytest.mark.parametrize("uri", ["sqlite:////store.db", "mysql+pymysql://u:p@db/m", "databricks"])
def test_other_kinds_are_mlflows_to_judge(uri: str) -> None:
    assert reachable(uri)


def test_a_login_is_not_shown() -> None:
    assert shown("https://kim:secret@mlflow.example/path") == "https://mlflow.example/path"
    assert shown("databricks") == "databricks"
