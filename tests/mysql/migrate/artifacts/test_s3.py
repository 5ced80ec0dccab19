"""The way to an object store: MLflow's own S3 repository and boto3, against an S3 over HTTP."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from tests.support.artifact_house import House
from tests.support.artifact_store import FILES
from tests.support.mlflow_server import mlflow_server
from tests.support.s3 import S3, Bucket, s3_server
from tests.support.waiting import until

pytestmark = pytest.mark.mysql
READ = """
import json, sys
from pathlib import Path
from mlflow import MlflowClient
address, run = sys.argv[1:]
client = MlflowClient(address)
names = ["plain.txt", "with space + ümlaut & so.txt", "empty.bin", "nested/deeper/blob.bin"]
print(json.dumps({n: len(Path(client.download_artifacts(run, n)).read_bytes()) for n in names}))
"""
LARGE = random.Random(1).randbytes(20_000_000)
"""More than boto3 sends in one part (8 MB)."""


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3]:
    with s3_server(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture
def bucket(s3: S3, monkeypatch: pytest.MonkeyPatch) -> Bucket:
    made = s3.bucket()
    for name, value in made.environ.items():
        monkeypatch.setenv(name, value)
    return made


def _prefix(bucket: Bucket) -> str:
    return f"s3://{bucket.name}/ml runs"


def test_after_the_move_mlflow_reads_everything_from_the_bucket(
    house: House, bucket: Bucket
) -> None:
    own = replace(house.copied(), environ=bucket.environ)
    run = next(each.parent for each in own.root.rglob("plain.txt"))
    (run / "large.bin").write_bytes(LARGE)
    (run / "nobody here").mkdir()
    to = _prefix(bucket)
    for command, more in (("plan", ()), ("run", ()), ("verify", ()), ("rewrite", ("--yes",))):
        status, out, err = own.do(command, *more, to=to)
        assert status == 0, (command, out, err)
    sent = {key.removeprefix("ml runs/") for key in bucket.sent()}
    assert sent == {
        str(each.relative_to(own.root)) for each in own.root.rglob("*") if each.is_file()
    }
    read = own.read_through_mlflow(to)
    assert read["runs"] == {name: len(text) for name, text in FILES.items()} | {
        "large.bin": len(LARGE)
    }
    assert read["versions"] == [["deeper/blob.bin"]] * 4
    assert read["logged"] == to


def test_a_server_serves_from_the_bucket_what_rows_call_mlflow_artifacts(
    house: House, bucket: Bucket, tmp_path: Path
) -> None:
    to, becomes = _prefix(bucket), ("--becomes", "mlflow-artifacts:/")
    for command, more in (("run", ()), ("verify", ()), ("rewrite", ("--yes",))):
        assert house.do(command, *more, *becomes, to=to)[0] == 0
    run = next(each for each in house.store.files if each.name == "plain.txt").parts[1]
    options = ("--backend-store-uri", house.address, "--artifacts-destination", to)
    with mlflow_server(tmp_path, *options, **bucket.environ) as place:
        done = subprocess.run(  # noqa: S603  # our own code
            [sys.executable, "-c", READ, f"http://{place}", run],
            capture_output=True, text=True, check=False, cwd=tmp_path,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout) == {
        name: len(FILES[name]) for name in FILES if not set(name) & set("#?%")
    }


def test_what_is_damaged_in_the_bucket_is_found_and_only_that_is_sent_again(
    house: House, bucket: Bucket
) -> None:
    to = _prefix(bucket)
    assert house.do("run", to=to)[0] == 0
    before = bucket.sent()
    flipped, short, *_ = [key for key in before if key.endswith("blob.bin")]
    gone = next(key for key in before if key.endswith("plain.txt"))
    content = bytearray(bucket.get(flipped))
    content[1_000_000] ^= 1
    bucket.put(flipped, bytes(content))
    bucket.put(short, bucket.get(short)[:-1])
    bucket.delete(gone)
    status, out, _ = house.do("verify", to=to)
    assert status == 4
    assert "3 files not the same" in out
    for key, found in ((flipped, "found SHA-256"), (short, "2,303,999 bytes"), (gone, "missing")):
        line = next(line for line in out.splitlines() if key.removeprefix("ml runs/") in line)
        assert found in line
    assert "3 files" in house.do("run", to=to)[1]
    assert house.do("verify", to=to)[0] == 0
    after = bucket.sent()
    assert {key for key in after if after[key] != before[key]} <= {flipped, short, gone}


def test_a_copy_into_a_bucket_that_is_killed_goes_on_where_it_was(
    house: House, bucket: Bucket
) -> None:
    own, to = replace(house, environ=bucket.environ), _prefix(bucket)
    for arrived in (2, 5):
        process = own.start("run", "--max-rate", "0.6", to=to)
        until(partial(_sent, bucket, arrived, process), f"{arrived} objects")
        process.send_signal(signal.SIGKILL)
        process.wait()
    before = bucket.sent()
    assert 5 <= len(before) < len(own.store.files)
    assert own.do("run", to=to)[0] == 0
    after = bucket.sent()
    assert len(after) == len(own.store.files)
    assert {key: after[key] for key in before} == before
    assert own.do("verify", to=to)[0] == 0


def _sent(bucket: Bucket, count: int, process: subprocess.Popen[bytes]) -> bool:
    """Whether so many objects are there, or no more will come."""
    return len(bucket.sent()) >= count or process.poll() is not None


@pytest.mark.parametrize("command", ["plan", "run"])
def test_a_bucket_that_is_not_there_is_told_before_anything_is_sent(
    house: House, bucket: Bucket, command: str
) -> None:
    status, out, err = house.do(command, to=f"s3://{bucket.name}-not/x")
    assert status == 1
    assert "The specified bucket does not exist" in out + err
    assert "Make the bucket first" in out + err


def test_a_wrong_key_is_told_apart_from_a_wrong_bucket(
    house: House, bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with s3_server(tmp_path, INITIAL_NO_AUTH_ACTION_COUNT="0") as strict:
        monkeypatch.setenv("MLFLOW_S3_ENDPOINT_URL", strict.endpoint)
        status, _, err = house.do("run", to=_prefix(bucket))
    assert status == 1
    assert "The AWS Access Key Id you provided does not exist" in err
    assert "AWS_ACCESS_KEY_ID" in err


def test_an_endpoint_that_is_down_is_named(
    house: House, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_S3_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    status, _, err = house.do("verify", to=_prefix(bucket))
    assert status == 1
    assert 'Could not connect to the endpoint URL: "http://127.0.0.1:9/' in err
    assert "MLFLOW_S3_ENDPOINT_URL" in err
