"""Every shared store does what every store must do; each opening is that of another machine."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import git_scene
import gitlab_server
import pytest
from backend_conformance import BackendConformance, Place
from s3_scene import environment, make_bucket, moto

from reconciler.state.shared import SharedBackend
from reconciler.state.shared_document import SharedPlace
from reconciler.state.stores.cas import CompareAndSwap
from reconciler.state.stores.http_store import HttpStore
from reconciler.state.stores.object_store import ObjectStore

ENVIRONMENTS = ("default", "staging")


def machines(store: Callable[[str], CompareAndSwap], folder: Path) -> Place:
    """The store, opened by a machine of its own each time."""
    numbers = itertools.count()

    def at(environment: str) -> SharedBackend:
        machine = folder / f"machine-{next(numbers)}"
        return SharedBackend(SharedPlace(store, machine, environments=ENVIRONMENTS), environment)

    return Place(at)


class TestGit(BackendConformance):
    @pytest.fixture
    def place(self, tmp_path: Path) -> Place:
        scene = git_scene.scene(tmp_path)
        return machines(lambda environment: scene.store(f"refs/jmctl/state/{environment}"), tmp_path)


class TestHttp(BackendConformance):
    @pytest.fixture
    def place(self, tmp_path: Path) -> Iterator[Place]:
        with gitlab_server.gitlab() as server:
            yield machines(lambda name: HttpStore(f"{server.address}-{name}", server.environ), tmp_path)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with moto() as address:
        yield address


class TestObjectStore(BackendConformance):
    @pytest.fixture
    def place(self, server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
        environment(monkeypatch, server)
        bucket = f"states-{abs(hash(tmp_path)) % 10**9}"
        make_bucket(server, bucket)
        return machines(lambda name: ObjectStore(f"s3://{bucket}/hr", f"{name}.json", os.environ), tmp_path)
