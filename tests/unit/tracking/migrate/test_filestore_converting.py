from __future__ import annotations

from pathlib import Path

import pytest

from tracking.migrate.filestore import Heard
from tracking.migrate.filestore_converting import Readers, assessment, ids, point


def _write(file: Path, content: bytes = b"") -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def test_values_are_read_as_they_stand(tmp_path: Path) -> None:
    _write(tmp_path / "crlf", b"a\r\nb\r\n")
    _write(tmp_path / "group" / "nested", "ü🚀".encode())
    assert Readers().tags(tmp_path) == {"crlf": "a\r\nb\r\n", "group/nested": "ü🚀"}
    assert Readers().tags(tmp_path / "none") == {}


def test_a_point_that_was_logged_twice_is_read_once_and_counted(tmp_path: Path) -> None:
    _write(tmp_path / "loss", b"5 1.0 0\n5 1 0\n5 1.0 1\n6 1.0 0\n5 nan 0\n5 NaN 0\n")
    readers = Readers()
    assert len(readers.metrics(tmp_path)["loss"]) == 4
    assert readers.twice == 2


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("5 1.0", "5 1.0 0", True),
        ("5 1.0 3 train d1", "5 1.0 3", True),
        ("5 inf 0", "5 1.7976931348623157e308 0", True),
        ("5 0.1 0", "5 0.10000000000000002 0", False),
        ("5 1.0 0 run-a", "5 2.0 0 run-a", True),
        ("5 1.0 0 run-a", "5 1.0 0 run-b", False),
        ("not a point", "not a point either", False),
    ],
)
def test_points_are_one_if_a_table_could_not_hold_both(one: str, other: str, same: bool) -> None:
    assert (point(one) == point(other)) is same


def test_an_assessment_keeps_its_value_and_its_times() -> None:
    read = assessment({
        "create_time": "2026-11-24T13:59:02.047Z",
        "last_update_time": "2026-11-24T14:59:02.047Z",
        "expectation": {"serialized_value": {"value": '{"a": [1, null]}'}},
    })  # fmt: skip
    assert read["create_time_ms"] == 1_795_528_742_047
    assert read["last_update_time_ms"] == 1_795_532_342_047
    assert read["expectation"] == {"value": {"a": [1, None]}}
    assert assessment({"feedback": {"value": 1}}) == {"feedback": {"value": 1}}


def test_runs_models_and_traces_are_found_among_the_living_and_the_deleted(tmp_path: Path) -> None:
    for place in ("1/r1", "1/models/m1", "1/tags", "models/net", ".trash/2/r2"):
        _write(tmp_path / place / "meta.yaml")
    _write(tmp_path / "1" / "meta.yaml")
    assert set(ids(tmp_path, (), "meta.yaml")) >= {"r1", "r2"}
    assert list(ids(tmp_path, ("models",), "meta.yaml")) == ["m1"]


def test_how_far_it_is_is_said_once_for_each_tenth(tmp_path: Path) -> None:
    said: list[str] = []
    heard = Heard(tmp_path / "read", said.append)
    heard.listen()
    for read in (1, 3, 4, 19, 40):
        (tmp_path / "read").write_text(f"{read} 40")
        heard.listen()
        heard.listen()

    assert said == [
        f"MLflow has read {read} of 40 runs" for read in (4, 19, 40)
    ]  # fmt: skip
