from __future__ import annotations

import pytest

from tests.support.artifact_house import House

pytestmark = pytest.mark.mysql


def test_nothing_but_the_folders_own_addresses_is_rewritten_and_undo_restores_all(
    house: House,
) -> None:
    others = ("s3://bucket/x", f"{house.store.root}2/9", "mlflow-artifacts:/9", "ml runs/9", "")
    for number, other in enumerate(others):
        house.sql(
            "INSERT INTO runs (run_uuid, status, lifecycle_stage, artifact_uri, experiment_id)"
            f" VALUES ('other{number}', 'FINISHED', 'active', '{other}', 1)"
        )
    before = house.addresses()
    house.do("run")
    house.do("verify")
    _, shown, _ = house.do("rewrite")
    assert "14 addresses would be rewritten" in shown
    assert house.addresses() == before
    assert house.do("rewrite", "--yes")[0] == 0
    after = house.addresses()
    changed = [row for name, rows in after.items() for row in rows if row not in before[name]]
    assert len(changed) == 14
    assert all(str(row[-1]).startswith(str(house.to)) for row in changed)
    assert "No address changes" in house.do("rewrite", "--yes")[1]
    assert house.undo()[0] == 0
    assert house.addresses() == before


def test_what_was_written_since_stays_where_it_is_when_addresses_are_put_back(
    house: House,
) -> None:
    house.do("rewrite", "--yes", "--unverified")
    house.sql("UPDATE runs SET artifact_uri = 's3://moved/again' ORDER BY run_uuid LIMIT 1")
    _, out, _ = house.undo()
    assert "1 rows stay: they were changed or removed since" in out
    assert ("s3://moved/again",) in house.sql("SELECT artifact_uri FROM runs")


def test_rows_are_not_pointed_to_a_place_where_nobody_has_seen_the_files(house: House) -> None:
    before = house.addresses()
    status, _, err = house.do("rewrite", "--yes")
    assert status == 1
    assert "has not been verified" in err
    assert house.addresses() == before


def test_an_address_that_does_not_fit_its_column_stops_plan_and_rewriting(house: House) -> None:
    long = str(house.folder / ("long" * 40))
    status, out, _ = house.do("plan", to=long)
    assert status == 1
    assert "do not fit into runs.artifact_uri (200 characters)" in out
    before = house.addresses()
    status, _, err = house.do("rewrite", "--yes", "--unverified", to=long)
    assert status == 1
    assert "runs.artifact_uri" in err
    assert house.addresses() == before
