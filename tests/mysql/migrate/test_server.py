"""MLflow's own server on a moved store answers as the one on the old store does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from bot.cli import main
from tests.support.own_stores import copied_store
from tests.support.servers import MySQLServer
from tracking.migrate.server_process import MLflowServer

pytestmark = pytest.mark.mysql
Servers = tuple[MLflowServer, MLflowServer]
Shown = Any  # JSON, as MLflow's server answers


@pytest.fixture(scope="module")
def servers(
    mysql_server: MySQLServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Servers]:
    """Two real servers: on the demo store's file, and on where the command has moved it to."""
    home: Path = tmp_path_factory.mktemp("home")
    before, after = f"sqlite:///{copied_store(home)}", mysql_server.url("moved_server")
    words = ["--source", before, "--target", after, "--sample", "0"]
    assert main(["migrate", "run", *words], {"HOME": str(home)}) == 0
    with ExitStack() as both, ThreadPoolExecutor(2) as starting:
        found = starting.map(lambda each: both.enter_context(MLflowServer(each)), (before, after))
        old, new = found
        yield old, new


def _pages(server: MLflowServer, path: str, body: dict[str, object], what: str) -> list[Shown]:
    """All that a search finds, page by page."""
    found: list[Shown] = []
    token = None
    while token != "":
        asked = body | ({"page_token": token} if token else {})
        answer = server.ask("POST", path, asked)
        found += answer.get(what, ())
        token = answer.get("next_page_token", "")
    return found


def _experiments(server: MLflowServer) -> list[Shown]:
    return _pages(
        server, "experiments/search", {"max_results": 5, "view_type": "ALL"}, "experiments"
    )


def _runs(server: MLflowServer, **more: object) -> list[Shown]:
    ids = [each["experiment_id"] for each in _experiments(server)]
    body = {"experiment_ids": ids, "run_view_type": "ALL", "max_results": 100} | more
    return _pages(server, "runs/search", body, "runs")


def _in_one_order(shown: Shown) -> Shown:
    """What MLflow shows, with its lists sorted: it gives them as they come from the database."""
    if isinstance(shown, dict):
        return {name: _in_one_order(each) for name, each in sorted(shown.items())}
    if isinstance(shown, list):
        return sorted(map(_in_one_order, shown), key=str)
    return shown


def test_both_show_the_same_experiments(servers: Servers) -> None:
    old, new = map(_experiments, servers)

    assert len(old) > 5
    assert _in_one_order(old) == _in_one_order(new)


def test_both_show_the_same_runs_with_all_they_hold(servers: Servers) -> None:
    old, new = map(_runs, servers)

    assert len(old) > 300
    assert _in_one_order(old) == _in_one_order(new)


@pytest.mark.parametrize(
    ("filter_string", "order"),
    [
        ("metrics.val_accuracy > 0.8", "metrics.val_accuracy DESC"),
        ("params.model LIKE '%Boost%'", "attributes.start_time DESC"),
        ("attributes.status = 'FAILED'", "attributes.run_name ASC"),
        ("tags.mlflow.user = 'alice'", "attributes.end_time ASC"),
    ],
)
def test_both_find_and_order_alike(servers: Servers, filter_string: str, order: str) -> None:
    asked = {"filter": filter_string, "order_by": [order, "attributes.run_id ASC"]}

    old, new = ([run["info"]["run_id"] for run in _runs(each, **asked)] for each in servers)

    assert old
    assert old == new


def test_both_show_the_same_curves(servers: Servers) -> None:
    run = max(_runs(servers[0]), key=lambda each: len(each["data"].get("metrics", ())))
    curves = []
    for key in [metric["key"] for metric in run["data"]["metrics"]]:
        words = urlencode({"run_id": run["info"]["run_id"], "metric_key": key})
        path = f"metrics/get-history?{words}"
        curves.append([_in_one_order(each.ask("GET", path)["metrics"]) for each in servers])

    assert len(curves) > 2
    assert [old for old, _ in curves] == [new for _, new in curves]


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("registered-models/search", "registered_models"),
        ("model-versions/search", "model_versions"),
    ],
)
def test_both_show_the_same_registry(servers: Servers, path: str, what: str) -> None:
    old, new = (each.ask("GET", f"{path}?max_results=200").get(what, []) for each in servers)

    assert len(old) > 3
    assert _in_one_order(old) == _in_one_order(new)


def test_the_page_is_served(servers: Servers) -> None:
    with urlopen(f"http://127.0.0.1:{servers[1].port}/") as page:
        text = page.read().decode()

    (script,) = re.findall(r'src="(static-files/[^"]*main[^"]*)"', text)
    assert servers[1].page(f"/{script}") == 200
