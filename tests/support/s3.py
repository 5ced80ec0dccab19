"""An S3 over HTTP on loopback: moto's server in a process of its own, with boto3 to look into it.

It stands in for a real S3: it speaks the protocol and keeps objects in its memory.
"""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.waiting import until

KEYS = {
    "AWS_ACCESS_KEY_ID": "tests", "AWS_SECRET_ACCESS_KEY": "tests",
    "AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket of its own; `environ` is what MLflow and boto3 need to find it."""

    client: Any  # boto3 makes its classes as it runs
    name: str
    environ: dict[str, str]

    def put(self, key: str, content: bytes) -> None:
        """Put an object there, past MLflow."""
        self.client.put_object(Bucket=self.name, Key=key, Body=content)

    def get(self, key: str) -> bytes:
        """An object's bytes, past MLflow."""
        content: bytes = self.client.get_object(Bucket=self.name, Key=key)["Body"].read()
        return content

    def delete(self, key: str) -> None:
        """Take an object away."""
        self.client.delete_object(Bucket=self.name, Key=key)

    def sent(self) -> dict[str, str]:
        """Each object's key, with the time at which it came and its tag."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.name)
        return {
            each["Key"]: f"{each['LastModified']} {each['ETag']}"
            for page in pages
            for each in page.get("Contents", [])
        }


@dataclass(frozen=True, slots=True)
class S3:
    """A running server."""

    endpoint: str

    def bucket(self) -> Bucket:
        """A new, empty one."""
        import boto3  # type: ignore[import-untyped]  # has no types  # noqa: PLC0415  # half a second

        client = boto3.client(
            "s3", endpoint_url=self.endpoint, region_name=KEYS["AWS_DEFAULT_REGION"],
            aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
        )  # fmt: skip
        name = f"b-{secrets.token_hex(6)}"
        client.create_bucket(Bucket=name)
        return Bucket(client, name, KEYS | {"MLFLOW_S3_ENDPOINT_URL": self.endpoint})


@contextmanager
def s3_server(folder: Path, **environ: str) -> Iterator[S3]:
    """A server that is gone afterwards; `environ`: further settings of moto's."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with (folder / "s3.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603  # our own arguments
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
            stdout=log, stderr=log, cwd=folder, env=os.environ | environ,
        )  # fmt: skip
    try:
        until(lambda: _answers(port) or process.poll() is not None, "moto's server")
        assert process.poll() is None, (folder / "s3.log").read_text()
        yield S3(f"http://127.0.0.1:{port}")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
