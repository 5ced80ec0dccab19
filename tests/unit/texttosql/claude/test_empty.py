"""An empty result is looked at for texts that the store does not know."""

from __future__ import annotations

import pytest

from tests.unit.texttosql.claude.catalogs import catalog
from texttosql.claude.empty import strangers, why_empty
from texttosql.flow import Draft, ResultTable

STORE = catalog(
    "churn", "val_auc", {"model": "xgboost forest"}, {"team": "growth"}, "alice", "run-1"
)


def test_what_the_store_calls_something_else_comes_with_the_nearest_names() -> None:
    found = strangers(
        "SELECT 1 FROM params p WHERE p.key = 'model' AND p.value = 'xgbost'", STORE, values=True
    )

    assert found["xgbost"][0] == "xgboost"
    assert list(found) == ["xgbost"]


def test_where_values_may_not_be_told_only_names_are_near() -> None:
    found = strangers(
        "SELECT 1 FROM params p, runs r WHERE p.value = 'xgbost' AND r.user_id = 'alic'",
        STORE, values=False,
    )  # fmt: skip

    assert found["alic"] == ("alice",)
    assert "xgboost" not in found["xgbost"]


@pytest.mark.parametrize(
    "condition",
    [
        "r.status = 'FAILED'",
        "p.value = 'forest'",
        "p.value LIKE '%forest%'",
        "p.value = '0.01'",
        "FROM_UNIXTIME(r.start_time / 1000, '%d-%B') = '03'",
        "CASE WHEN p.value REGEXP '^[0-9.]+([eE][0-9]+)?$' THEN CAST(p.value AS REAL) END = 1",
    ],
)
def test_a_name_a_number_and_a_pattern_are_no_strangers(condition: str) -> None:
    sql = f"SELECT 1 FROM runs r JOIN params p ON p.run_uuid = r.run_uuid WHERE {condition}"

    assert strangers(sql, STORE, values=True) == {}


def test_of_very_many_only_a_few_are_looked_up() -> None:
    names = ", ".join(f"'run-x{n}'" for n in range(500))

    assert len(strangers(f"SELECT 1 FROM runs r WHERE r.name IN ({names})", STORE, values=True)) < 9


def test_what_merely_stands_inside_a_text_is_not_near() -> None:
    store = catalog(params={"ticket": "ML-306 3 0 30"})

    found = strangers("SELECT 1 FROM params p WHERE p.value = 'ML-308'", store, values=True)

    assert found == {"ML-308": ("ML-306",)}


def test_conditions_are_named_as_an_asker_would() -> None:
    draft = Draft(
        "SELECT r.name AS run FROM runs AS r JOIN params AS p ON p.run_uuid = r.run_uuid"
        " AND p.key = 'lr' WHERE r.lifecycle_stage = 'active' AND CAST(p.value AS REAL) > 0.5"
        " AND r.name LIKE 'mlp%'", "runs", "claude",
    )  # fmt: skip

    probes = why_empty(draft, "sqlite", AnySql())

    assert [probe.text for probe in probes] == [
        "with deleted ones it would be {n} rows",
        "without “CAST(lr AS REAL) > 0.5” it would be {n} rows",
        "without “run LIKE 'mlp%'” it would be {n} rows",
    ]
    assert "lifecycle_stage" not in probes[0].sql
    assert "lifecycle_stage" in probes[1].sql


class AnySql:
    """A trial that all drafts pass."""

    def __call__(self, draft: Draft, /) -> None:
        del draft

    def rows(self, draft: Draft) -> ResultTable:
        raise AssertionError(draft)
