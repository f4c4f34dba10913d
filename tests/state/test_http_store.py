"""The http store against a server that follows GitLab: locks, serials, credentials, abandoned locks, lesser servers."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import gitlab_server
import orjson
import pytest
from git_scene import document
from gitlab_server import GitLab

from reconciler.errors import Misconfigured, Refused
from reconciler.state.stores.cas import Conflict, Unreachable
from reconciler.state.stores.http_store import HttpStore, credentials
from reconciler.state.stores.probe import probe


@pytest.fixture
def gitlab() -> Iterator[GitLab]:
    with gitlab_server.gitlab() as server:
        yield server


def store(gitlab: GitLab, **settings: float) -> HttpStore:
    return HttpStore(gitlab.address, gitlab.environ, **settings)


def test_only_the_expected_version_is_replaced(gitlab: GitLab) -> None:
    first, second = store(gitlab), store(gitlab)
    assert first.get() is None
    version = first.put(document(1, a="1"), None)
    with pytest.raises(Conflict):
        second.put(document(2), None)
    newer = second.put(document(2), version)
    with pytest.raises(Conflict):
        first.put(document(3), version)
    found = first.get()
    assert found is not None
    assert (found.data, found.version) == (document(2), newer)
    assert [state.lock for state in gitlab.states.values()] == [None]


def test_probe_passes_and_leaves_nothing(gitlab: GitLab) -> None:
    probe(store(gitlab))
    assert list(gitlab.states) == []


@pytest.mark.parametrize("switch", ["compares_locks", "locks"])
def test_probe_refuses_a_server_without_real_locks(switch: str, gitlab: GitLab) -> None:
    setattr(gitlab, switch, False)
    with pytest.raises(Refused, match="this store cannot hold a state"):
        probe(store(gitlab))


def test_abandoned_lock_is_removed_after_its_time(gitlab: GitLab) -> None:
    version = store(gitlab).put(document(1), None)
    state = next(iter(gitlab.states.values()))
    state.lock = "of-a-dead-runner"
    store(gitlab, abandoned=0.3).put(document(2), version)
    assert (max(state.versions), state.lock) == (2, None)


def test_writer_whose_lock_was_removed_writes_nothing(gitlab: GitLab) -> None:
    version = store(gitlab).put(document(1), None)
    state = next(iter(gitlab.states.values()))
    slow = store(gitlab)
    with slow._locked("slow") as lock:
        store(gitlab, abandoned=0.2).put(document(2), version)
        with pytest.raises(Conflict):
            slow._write(document(3), lock)
    assert max(state.versions) == 2


def test_lost_answer_to_a_lock_does_not_lock_ourselves_out(gitlab: GitLab) -> None:
    gitlab.lose_answers_to.append("POST lock")
    with pytest.raises(Unreachable):
        store(gitlab).put(document(1), None)
    store(gitlab, abandoned=0.2).put(document(1), None)


def test_lost_answer_to_a_write_is_unknown_until_it_is_read(gitlab: GitLab) -> None:
    gitlab.lose_answers_to.append("POST hr")
    with pytest.raises(Unreachable):
        store(gitlab).put(document(1), None)
    found = store(gitlab).get()
    assert found is not None
    assert found.data == document(1)


def test_racing_writers_lose_nothing(gitlab: GitLab) -> None:
    def race(number: int) -> None:
        own = store(gitlab)
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
    found = store(gitlab).get()
    assert found is not None
    assert len(orjson.loads(found.data)["interviews"]) == 8


def test_credentials_go_to_the_named_origin_only(gitlab: GitLab) -> None:
    """A pull request may change the address in jmctl.yaml; it must not be sent the password."""
    environ = {**gitlab.environ, "TF_HTTP_ADDRESS": "https://gitlab.example/api/v4/projects/7/terraform/state/hr"}
    with pytest.raises(Misconfigured, match="refuses access"):
        HttpStore(gitlab.address, environ).get()


def test_the_job_of_gitlab_has_credentials() -> None:
    known = credentials({"CI_API_V4_URL": "https://gitlab.example/api/v4", "CI_JOB_TOKEN": "canary"})
    assert [(one.origin, one.user, one.password) for one in known] == [
        ("https://gitlab.example:443", "gitlab-ci-token", "canary")
    ]
    assert "canary" not in repr(known)


def test_closed_port_is_unreachable() -> None:
    with pytest.raises(Unreachable):
        HttpStore("http://127.0.0.1:9/hr", {}).get()
