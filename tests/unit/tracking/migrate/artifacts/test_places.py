from __future__ import annotations

from pathlib import Path

import pytest

from tracking.migrate.artifacts.places import Place, place_of, scheme_of, written_under

HERE = Place("file", "", ("srv", "ml runs", "ü"))


@pytest.mark.parametrize(
    "spelling",
    [
        "/srv/ml runs/ü",
        "/srv/ml runs/ü/",
        "/srv//ml runs/./ü",
        "/srv/other/../ml runs/ü",
        "/srv/ml%20runs/%C3%BC",
        "file:///srv/ml%20runs/%C3%BC",
        "file:/srv/ml runs/ü",
        "file://localhost/srv/ml%20runs/%c3%bc/",
    ],
)
def test_one_folder_has_many_spellings(spelling: str) -> None:
    assert place_of(spelling) == HERE


@pytest.mark.parametrize(
    "spelling",
    ["/srv/ml runs/ü2", "/srv/ml runs", "s3://srv/ml runs/ü", "file://nas/srv/ml runs/ü"],
)
def test_what_only_looks_alike_is_another_place(spelling: str) -> None:
    place = place_of(spelling)
    assert place is not None
    assert place.rest_under(HERE) is None


def test_a_windows_folder_is_one_however_it_is_written() -> None:
    expected = Place("file", "c:", ("Users", "me", "mlruns"))
    for spelling in (r"C:\Users\me\mlruns", "c:/Users/me/mlruns/", "file:///C:/Users/me/mlruns"):
        assert place_of(spelling) == expected
    assert place_of(r"\\nas\team\mlruns") == Place("file", "//nas", ("team", "mlruns"))


def test_a_relative_address_is_a_place_only_beside_its_folder() -> None:
    assert place_of("./mlruns/0") is None
    assert place_of("mlruns/0", Path("/home/alice")) == place_of("/home/alice/mlruns/0")
    assert place_of("file:mlruns/0", Path("/home/alice")) == place_of("/home/alice/mlruns/0")


def test_names_of_runs_and_models_are_no_places() -> None:
    assert place_of("runs:/abc/model") is None
    assert place_of("models:/m-1") is None
    assert place_of("") is None


def test_schemes_are_told_apart_from_drives_and_relative_paths() -> None:
    found = [scheme_of(each) for each in ("S3://b/k", "C:\\x", "/x", "./x", "mlflow-artifacts:/x")]
    assert found == ["s3", "file", "file", "", "mlflow-artifacts"]


def test_an_address_is_encoded_only_where_it_is_decoded() -> None:
    rest = ("0", "my model ü 100%")
    assert written_under("file:///new", rest) == "file:///new/0/my%20model%20%C3%BC%20100%25"
    assert written_under("/new", rest) == "/new/0/my model ü 100%25"
    assert written_under("s3://bucket/new/", rest) == "s3://bucket/new/0/my model ü 100%"
    for root in ("file:///new", "/new", "s3://bucket/new"):
        address = written_under(root, ("0", "model ü"))
        base = place_of(root)
        assert address is not None
        assert base is not None
        place = place_of(address)
        assert place is not None
        assert place.rest_under(base) == ("0", "model ü")


def test_a_name_that_a_root_cannot_say_is_no_address() -> None:
    assert written_under("s3://bucket", ("0", "what?")) is None
    assert written_under("mlflow-artifacts:/", ("0", "100%")) is None
    assert written_under("mlflow-artifacts:/", ("0", "model ü")) == "mlflow-artifacts:/0/model ü"
