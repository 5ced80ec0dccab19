from __future__ import annotations

import pytest

from tracking.migrate.artifacts.moves import Moves
from tracking.migrate.artifacts.survey import fate_of_staying


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("s3://bucket/1", "with boto3"),
        ("gs://bucket/1", "with google.cloud.storage"),
        ("wasbs://c@a.blob.core.windows.net/1", "with azure.storage.blob"),
        ("hdfs://name:8020/1", "with pyarrow"),
        ("sftp://host/1", "with pysftp"),
        ("dbfs:/1", "it is not on this machine"),
        ("https://host/1", "it is not on this machine"),
        ("mlflow-artifacts:/1", "need a --from and --written"),
        ("runs:/0123/model", "names a run"),
        ("models:/m-1", "names a model"),
        ("mlruns/1", "name that with --relative-to"),
        (r"C:\mlruns\1", "no --from has it"),
        ("", "no address"),
    ],
)
def test_an_address_of_every_scheme_has_its_fate(address: str, told: str) -> None:
    assert told in fate_of_staying(Moves(()), address).fate
