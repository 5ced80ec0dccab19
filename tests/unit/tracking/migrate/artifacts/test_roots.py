from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tracking.migrate.artifacts.destination import DestinationError
from tracking.migrate.artifacts.roots import NEEDS, destination_of, in_the_way

PROJECT = tomllib.loads((Path(__file__).parents[5] / "pyproject.toml").read_text())["project"]


def test_a_root_whose_package_is_missing_is_refused_with_its_name() -> None:
    with pytest.raises(DestinationError, match=r"google.*pip install google-cloud-storage"):
        destination_of("gs://team/mlflow")
    (told,) = in_the_way("gs://team/mlflow")
    assert "MLflow needs the package google.cloud.storage for gs://, and it is not here" in told


def test_the_extra_that_is_named_for_s3_brings_what_mlflow_imports() -> None:
    needed = NEEDS["s3"]
    assert needed.install == f"'{PROJECT['name']}[s3]'"
    assert any(each.startswith(needed.package) for each in PROJECT["optional-dependencies"]["s3"])


def test_a_folder_that_cannot_be_made_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    (told,) = in_the_way(str(tmp_path / "file" / "below"))
    assert "is no folder that can be written" in told
    assert list(in_the_way(str(tmp_path / "not" / "yet"))) == []
