"""Addresses in the MLflow UI."""

from __future__ import annotations

import pytest

from bot.render import RunLinks
from tests.unit.bot.render.results import RUN, table

HERE = RunLinks("https://mlflow.example/team/")


def test_a_run_is_found_by_its_id_alone_or_within_its_experiment() -> None:
    assert HERE.run(RUN) == f"https://mlflow.example/team/#/runs/{RUN}"
    assert HERE.run(RUN, 7) == f"https://mlflow.example/team/#/experiments/7/runs/{RUN}"
    assert HERE.experiment("7") == "https://mlflow.example/team/#/experiments/7"


@pytest.mark.parametrize("data", ["../../evil", RUN.upper(), f"{RUN}/x", "", None, 7, "|<!here>"])
def test_what_is_no_id_leads_nowhere(data: str | int | None) -> None:
    assert HERE.run(data) is None


@pytest.mark.parametrize("data", ["7/../8", "-1", "", None, "१२x", 1.5])
def test_what_is_no_experiment_id_leads_nowhere(data: str | float | None) -> None:
    assert HERE.experiment(data) is None


def test_without_an_address_there_are_no_links() -> None:
    assert RunLinks(None).run(RUN) is None
    assert RunLinks(None).experiment(1) is None


def test_columns_of_ids_lead_to_their_pages() -> None:
    row = ("a", RUN, 3, "f" * 32, 0.5)
    found = HERE.of(
        table("run:text run_id:text experiment_id:integer parent_run_id:text auc:real", [row])
    )

    assert {i: link(row) for i, link in found.items()} == {
        1: f"https://mlflow.example/team/#/experiments/3/runs/{RUN}",
        2: "https://mlflow.example/team/#/experiments/3",
        3: f"https://mlflow.example/team/#/experiments/3/runs/{'f' * 32}",
    }
