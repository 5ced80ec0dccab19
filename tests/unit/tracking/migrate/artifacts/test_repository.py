from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from botocore import exceptions as boto  # type: ignore[import-untyped]  # has no types
from mlflow.store.artifact.local_artifact_repo import LocalArtifactRepository

from tracking.migrate.artifacts.destination import DestinationError
from tracking.migrate.artifacts.repository import Repository, told


class Counting(LocalArtifactRepository):
    """MLflow's own repository of a folder, which counts how often it is asked for a listing."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self.listings: list[str | None] = []

    def list_artifacts(self, path: str | None = None) -> Any:  # MLflow's class has no types
        self.listings.append(path)
        return super().list_artifacts(path)  # type: ignore[no-untyped-call]  # same


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(20):
        file = tmp_path / "there" / f"{number % 2}" / f"{number}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x" * number)
    return tmp_path / "there"


def test_a_folder_is_listed_once_however_many_files_go_there(folder: Path, tmp_path: Path) -> None:
    counting = Counting(folder)
    goal = Repository("test:/", counting)
    (tmp_path / "new.txt").write_text("new")
    for number in range(20):
        assert goal.size(f"{number % 2}/{number}.txt") == number
        goal.put(tmp_path / "new.txt", f"{number % 2}/new.txt")
        assert goal.content(f"{number % 2}/{number}.txt") is not None
    assert goal.size("0/not there") is None
    assert counting.listings == ["0", "1"]


def test_what_is_not_there_is_no_failure_and_what_cannot_be_asked_is(folder: Path) -> None:
    goal = Repository("test:/", LocalArtifactRepository(str(folder)))
    assert goal.content("0/not there") is None
    assert goal.content("no folder/not there") is None
    with pytest.raises(DestinationError, match="test:/ cannot be used"):
        Repository("test:/", object()).look()


@pytest.mark.parametrize(
    ("error", "fix"),
    [
        (boto.EndpointConnectionError(endpoint_url="http://s3"), "MLFLOW_S3_ENDPOINT_URL"),
        (boto.NoCredentialsError(), "AWS_ACCESS_KEY_ID"),
        (boto.ClientError({"Error": {"Code": "NoSuchBucket"}}, "PutObject"), "Make the bucket"),
        (boto.ClientError({"Error": {"Code": "AccessDenied"}}, "PutObject"), "AWS_ACCESS_KEY_ID"),
        (OSError("no room"), "its address, its rights and its room"),
    ],
)
def test_what_goes_wrong_says_what_to_do(error: Exception, fix: str) -> None:
    words = RuntimeError("MLflow's own words")
    with pytest.raises(DestinationError) as told_so, told("s3://team/ml"):
        raise words from error
    assert told_so.value.what == "s3://team/ml cannot be used: MLflow's own words."
    assert fix in told_so.value.fix
