from __future__ import annotations

from pathlib import Path

import pytest

from tracking.errors import AddressError
from tracking.migrate.artifacts.moves import moves


def test_an_address_keeps_its_path_below_the_new_root(tmp_path: Path) -> None:
    made = moves([str(tmp_path)], ["s3://team/mlflow/"])
    found = made.find(f"{tmp_path.as_uri()}/0/run/artifacts/")
    assert found is not None
    assert found.address == "s3://team/mlflow/0/run/artifacts"
    assert not found.moved


def test_addresses_outside_of_the_folder_are_none_of_its_business(tmp_path: Path) -> None:
    made = moves([str(tmp_path)], ["s3://team/mlflow"])
    for address in (
        f"{tmp_path}2/0",
        f"{tmp_path}/../0",
        "s3://other/0",
        "models:/m-1",
        "mlruns/0",
    ):
        assert made.find(address) is None


def test_the_inner_of_two_folders_has_the_say(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    made = moves([str(tmp_path), str(tmp_path / "models")], ["/a", "/b"])
    outer, inner = made.find(f"{tmp_path}/0/x"), made.find(f"{tmp_path}/models/x")
    assert outer is not None
    assert inner is not None
    assert (outer.address, inner.address) == ("/a/0/x", "/b/x")


def test_rows_may_call_the_folder_otherwise_than_it_lies_here(tmp_path: Path) -> None:
    made = moves([str(tmp_path)], ["/new"], [r"C:\Users\me\mlruns"], ["mlflow-artifacts:/"])
    found = made.find("file:///C:/Users/me/mlruns/0/run")
    assert found is not None
    assert found.address == "mlflow-artifacts:/0/run"
    assert made.find(f"{tmp_path}/0/run") is None


def test_a_folder_behind_a_link_is_known_by_both_names(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.mkdir()
    link.symlink_to(real)
    made = moves([str(link)], ["/new"])
    for name in (real, link):
        found = made.find(f"{name}/0")
        assert found is not None
        assert found.address == "/new/0"


def test_an_address_that_stays_the_same_place_keeps_its_spelling(tmp_path: Path) -> None:
    root = "mlflow-artifacts:/"
    made = moves([str(tmp_path)], ["/new"], [root], [root])
    found = made.find("mlflow-artifacts:/0//run/")
    assert found is not None
    assert (found.address, found.moved) == ("mlflow-artifacts:/0//run/", True)


def test_an_address_that_was_rewritten_before_still_belongs_to_its_folder(tmp_path: Path) -> None:
    found = moves([str(tmp_path)], ["s3://team/mlflow"]).find("s3://team/mlflow/0/run")
    assert found is not None
    assert (found.rest, found.moved) == (("0", "run"), True)


def test_a_folder_cannot_be_copied_into_itself(tmp_path: Path) -> None:
    with pytest.raises(AddressError, match="lies in"):
        moves([str(tmp_path)], [str(tmp_path / "copy")])


def test_no_folder_is_written_over_while_it_is_to_be_copied(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    (first / "first").mkdir(parents=True)
    second.mkdir()
    with pytest.raises(AddressError, match="would become part of what is copied"):
        moves([str(first), str(second)], [str(second / "new"), "/new"])
    with pytest.raises(AddressError, match="holds a folder of its own name"):
        moves([str(first)], [str(tmp_path)])
    assert moves([str(second)], [str(tmp_path)]).all[0].to == str(tmp_path)


def test_a_new_root_is_named_without_detours(tmp_path: Path) -> None:
    assert moves([str(tmp_path)], ["/new/./other/../root/"]).all[0].to == "/new/root"
    for windows in (r"D:\mlruns", r"\\nas\mlruns", "file://nas/mlruns"):
        with pytest.raises(AddressError, match="another machine"):
            moves([str(tmp_path)], [windows])


def test_what_makes_no_sense_is_said_before_anything_is_done(tmp_path: Path) -> None:
    for folder, to, message in (
        (str(tmp_path / "nowhere"), "/new", "There is no folder"),
        ("s3://team/mlflow", "/new", "no folder of this machine"),
        (str(tmp_path), "models:/m-1", "no place for files"),
    ):
        with pytest.raises(AddressError, match=message):
            moves([folder], [to])
    with pytest.raises(AddressError, match="1 --from and 2 --to"):
        moves([str(tmp_path)], ["/a", "/b"])
