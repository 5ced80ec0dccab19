from __future__ import annotations

import json

import pytest

from tests.support.artifact_house import House
from tests.support.artifact_store import FILES

pytestmark = pytest.mark.mysql


def test_the_plan_says_where_rows_point_and_what_lies_there(house: House) -> None:
    before = house.addresses()
    status, out, _ = house.do("plan", "--json")
    told = json.loads(out)
    assert status == 0
    assert {row["fate"]: row["rows"] for row in told["rows"] if row["scheme"] == "file"} == {
        "moves": 14, "stays: no --from has it": 1,
    }  # fmt: skip
    contents = told["moves"][0]["contents"]
    assert contents["files"] == len(house.store.files), house.store.files
    assert contents["files"] == 2 * (len(FILES) + 1), [str(f) for f in house.store.files]
    assert contents["bytes"] == sum(
        (house.store.root / f).stat().st_size for f in house.store.files
    )
    assert contents["missing"] == {"runs.artifact_uri": 1, "trace_tags.value": 1}
    assert house.addresses() == before
    assert not house.to.exists()


def test_files_that_belong_to_no_row_stay_unless_everything_is_wanted(house: House) -> None:
    own = house.copied()
    (own.root / "1" / "notes.txt").write_text("of nobody")
    assert "1 file (9 B) named by no row" in own.do("plan")[1]
    assert own.do("run")[0] == 0
    assert not (own.to / "1" / "notes.txt").exists()
    assert own.do("run", "--everything")[0] == 0
    assert (own.to / "1" / "notes.txt").read_text() == "of nobody"


def test_after_the_move_mlflow_reads_everything_from_the_new_root(house: House) -> None:
    for command, more in (("run", ()), ("verify", ()), ("rewrite", ("--yes",))):
        status, out, err = house.do(command, *more)
        assert status == 0, (out, err)
    read = house.read_through_mlflow(str(house.to))
    assert read["runs"] == {name: len(content) for name, content in FILES.items()}
    assert read["versions"] == [["deeper/blob.bin"]] * 4
    assert read["logged"] == str(house.to)


def test_a_damaged_file_is_found_shown_and_mended(house: House) -> None:
    house.do("run")
    damaged = next(house.to.rglob("blob.bin"))
    content = bytearray(damaged.read_bytes())
    content[1_000_000] ^= 1
    damaged.write_bytes(content)
    status, out, _ = house.do("verify")
    assert status == 4
    assert str(damaged.relative_to(house.to)) in out
    assert "had 1 difference:" in house.do("rewrite", "--yes")[2]
    assert house.do("run")[0] == 0
    assert house.do("verify")[0] == 0
