"""The object store against moto's S3 and versitygw; a gateway that accepts a second create is refused by the probe."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import orjson
import pytest
from git_scene import document
from s3_scene import KEY, SECRET, environment, make_bucket, moto

from reconciler.errors import Misconfigured, Refused
from reconciler.state.stores.cas import Conflict, Unreachable
from reconciler.state.stores.object_store import ObjectStore
from reconciler.state.stores.probe import probe

INSTALLED = Path.home() / ".cache/jmctl-tests/bin"
GATEWAY = shutil.which("versitygw", path=f"{INSTALLED}{os.pathsep}{os.environ.get('PATH', '')}")


@pytest.fixture(scope="session")
def moto_address() -> Iterator[str]:
    with moto() as address:
        yield address


def versitygw(folder: Path, *flags: str) -> Iterator[str]:
    if GATEWAY is None:
        message = "NO VERSITYGW: .ci/s3-server installs it"
        assert os.environ.get("JMCTL_S3") != "require", message
        pytest.skip(message)
    with socket.socket() as probe_socket:
        probe_socket.bind(("127.0.0.1", 0))
        port = probe_socket.getsockname()[1]
    (folder / "data").mkdir()
    (folder / "sidecar").mkdir()
    command = [GATEWAY, "--port", f"127.0.0.1:{port}", "--access", KEY, "--secret", SECRET, "--quiet", "posix"]
    command += [flag.replace("SIDECAR", str(folder / "sidecar")) for flag in flags]
    process = subprocess.Popen([*command, str(folder / "data")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with socket.socket() as attempt:
                if attempt.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        else:
            pytest.fail("versitygw did not start")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def gateway_address(tmp_path: Path) -> Iterator[str]:
    yield from versitygw(tmp_path, "--sidecar", "SIDECAR")


@pytest.fixture
def careless_address(tmp_path: Path) -> Iterator[str]:
    yield from versitygw(tmp_path, "--nometa")


@pytest.fixture(params=["moto", "versitygw"])
def store(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ObjectStore:
    address = request.getfixturevalue("moto_address" if request.param == "moto" else "gateway_address")
    environment(monkeypatch, address)
    bucket = f"states-{abs(hash(tmp_path)) % 10**9}"
    make_bucket(address, bucket)
    return ObjectStore(f"s3://{bucket}/hr", "default.json", os.environ)


def test_only_the_expected_version_is_replaced(store: ObjectStore) -> None:
    assert store.get() is None
    version = store.put(document(1, a="1"), None)
    with pytest.raises(Conflict):
        store.put(document(2), None)
    newer = store.put(document(2), version)
    with pytest.raises(Conflict):
        store.put(document(3), version)
    found = store.get()
    assert found is not None
    assert (found.data, found.version) == (document(2), newer)


def test_probe_passes(store: ObjectStore) -> None:
    probe(store)
    assert store.get() is None


@pytest.mark.parametrize("store", ["moto"], indirect=True)
def test_racing_writers_lose_nothing(store: ObjectStore) -> None:
    """Not against versitygw: its posix backend compares and renames in two steps, so that two writers may win."""

    def race(number: int) -> None:
        own = ObjectStore(store._address, "race.json", os.environ)
        while True:
            found = own.get()
            known = {e["name"]: "x" for e in orjson.loads(found.data)["interviews"]} if found else {}
            known[f"entry-{number}"] = "x"
            try:
                own.put(document(len(known), **known), found.version if found else None)
            except Conflict:
                continue
            return

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(race, range(8)))
    found = ObjectStore(store._address, "race.json", os.environ).get()
    assert found is not None
    assert len(orjson.loads(found.data)["interviews"]) == 8


def test_probe_refuses_a_gateway_without_metadata(careless_address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    environment(monkeypatch, careless_address)
    make_bucket(careless_address, "states")
    with pytest.raises(Refused) as raised:
        probe(ObjectStore("s3://states/hr", "default.json", os.environ))
    assert "second create-only write" in raised.value.problems[0].detail


def test_missing_bucket_is_not_an_empty_state(moto_address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    environment(monkeypatch, moto_address)
    with pytest.raises(Misconfigured, match="cannot be read"):
        ObjectStore("s3://never-made/hr", "default.json", os.environ).get()


def test_closed_port_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    environment(monkeypatch, "http://127.0.0.1:9")
    with pytest.raises(Unreachable):
        ObjectStore("s3://states/hr", "default.json", os.environ).get()
