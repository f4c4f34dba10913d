"""Leases, takeovers, lost answers, killed writers and unreachable stores, over a real git repository or server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import git_scene
import gitlab_server
import pytest
from backend_conformance import HOLDER, begun, confirmed, created
from git_scene import REF, Scene, git
from gitlab_server import GitLab
from workshop import interview

from reconciler.errors import Damaged, JmctlError, Locked
from reconciler.state.backend import Holder, StateWriter
from reconciler.state.lease import Lease, Timing, dump_leased, split_lease
from reconciler.state.model import State
from reconciler.state.shared import SharedBackend
from reconciler.state.shared_document import SharedPlace
from reconciler.state.stores.http_store import HttpStore

BRIEF = Timing(lease=1.0, call=0.0, skew=0.0, interval=60.0)
OTHER = Holder("other", "elsewhere", 2, "jmctl apply --env x", "2026-01-01T00:00:00+00:00")


@pytest.fixture
def gitlab() -> Iterator[GitLab]:
    with gitlab_server.gitlab() as server:
        yield server


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return git_scene.scene(tmp_path)


def machine(folder: Path, store: Callable[[str], HttpStore], timing: Timing | None = None) -> SharedBackend:
    return SharedBackend(SharedPlace(store, folder, timing or Timing(), run="https://ci.example/runs/7"), "default")


def names(backend: SharedBackend) -> list[str]:
    return sorted(address.name for address in backend.read().state.entries)


class Line:
    """A machine's way to the server, which can be cut."""

    def __init__(self, server: GitLab) -> None:
        self.store = HttpStore(server.address, server.environ)
        self._address = server.address

    def cut(self) -> None:
        self.store._address = "http://127.0.0.1:9/state/hr"

    def restore(self) -> None:
        self.store._address = self._address


def until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_lost_answer_of_a_write_is_no_conflict(gitlab: GitLab, tmp_path: Path) -> None:
    here = machine(tmp_path / "a", lambda _: HttpStore(gitlab.address, gitlab.environ))
    with here.open(HOLDER) as writer:
        gitlab.lose_answers_to.append("POST hr")
        writer.announce([begun("a")])
        assert gitlab.lose_answers_to == []
        writer.append([confirmed("a")])
        gitlab.lose_answers_to.append("POST hr")
        writer.finish()
    assert names(here) == ["a"]


def test_locked_out_writer_learns_who_holds_the_lease_and_until_when(gitlab: GitLab, tmp_path: Path) -> None:
    first, second = (machine(tmp_path / name, lambda _: HttpStore(gitlab.address, gitlab.environ)) for name in "ab")
    with first.open(HOLDER) as writer:
        writer.announce([begun("a")])
        with pytest.raises(Locked) as raised, second.open(OTHER):
            pass
        problem = raised.value.problems[0]
        assert "user@host, process 1" in problem.detail
        assert "https://ci.example/runs/7" in problem.detail
        assert "its lease is free from 20" in problem.hint


def test_of_two_who_read_the_same_state_the_second_announces_nothing(gitlab: GitLab, tmp_path: Path) -> None:
    first, second = (machine(tmp_path / name, lambda _: HttpStore(gitlab.address, gitlab.environ)) for name in "ab")
    with first.open(HOLDER) as early, second.open(OTHER) as late:
        early.announce([begun("a")])
        with pytest.raises(Locked):
            late.announce([begun("b")])
        early.append([confirmed("a")])
        early.finish()
    assert names(first) == ["a"]
    assert first.read().state.in_doubt == {}


def overtaken(gitlab: GitLab, tmp_path: Path) -> tuple[Line, SharedBackend, SharedBackend]:
    line = Line(gitlab)
    return (
        line,
        machine(tmp_path / "a", lambda _: line.store, BRIEF),
        machine(tmp_path / "b", lambda _: HttpStore(gitlab.address, gitlab.environ), Timing(call=0.0, skew=0.0)),
    )


def test_overtaken_writer_starts_nothing_and_merges_what_it_knows(gitlab: GitLab, tmp_path: Path) -> None:
    line, first, second = overtaken(gitlab, tmp_path)
    with first.open(HOLDER) as stalled:
        stalled.announce([begun("a")])
        line.cut()
        until(lambda: stalled.seconds_left() < 0)
        time.sleep(0.1)
        with second.open(OTHER) as taker:
            assert taker.left_behind
            assert "user@host" in taker.left_behind
            assert interview("a") in taker.state.in_doubt
            taker.announce([begun("b")])
            line.restore()
            stalled.append([confirmed("a")])
            stalled.checkpoint()
            assert stalled.seconds_left() == 0
            with pytest.raises(Locked):
                stalled.announce([begun("c")])
            assert taker.seconds_left() > 0
            taker.append([confirmed("b")])
            stalled.finish()
            taker.finish()
    state = second.read().state
    assert (names(second), state.in_doubt) == (["a", "b"], {})


def test_each_taker_raises_the_fence(gitlab: GitLab, tmp_path: Path) -> None:
    backend = machine(tmp_path / "a", lambda _: HttpStore(gitlab.address, gitlab.environ))
    for number in (1, 2, 3):
        with backend.open(HOLDER) as writer:
            writer.append(created(f"name-{number}"))
            writer.finish()
        assert f'"fence": {number}'.encode() in stored(gitlab)
        assert b'"until"' not in stored(gitlab)


def stored(gitlab: GitLab) -> bytes:
    (state,) = gitlab.states.values()
    return state.versions[max(state.versions)]


def test_lease_is_renewed_while_nothing_happens(gitlab: GitLab, tmp_path: Path) -> None:
    timing = Timing(lease=4.0, call=0.0, skew=0.0, interval=60.0)  # a loaded machine takes a second for one swap
    first, second = (
        machine(tmp_path / name, lambda _: HttpStore(gitlab.address, gitlab.environ), timing) for name in "ab"
    )
    with first.open(HOLDER) as writer:
        writer.announce([begun("a")])
        time.sleep(6)  # longer than a lease
        assert writer.seconds_left() > 0
        with pytest.raises(Locked), second.open(OTHER):
            pass


def test_outcomes_are_pushed_when_a_batch_is_full(gitlab: GitLab, tmp_path: Path) -> None:
    timing = Timing(interval=600, batch=4)
    first, second = (
        machine(tmp_path / name, lambda _: HttpStore(gitlab.address, gitlab.environ), timing) for name in "ab"
    )
    with first.open(HOLDER) as writer:
        writer.announce([begun("a"), begun("b")])
        writer.append([confirmed("a")])
        time.sleep(0.3)
        assert names(second) == []
        writer.append([*created("c"), confirmed("b")])
        until(lambda: names(second) == ["a", "b", "c"])
        until(lambda: not writer.unstored)


def test_what_an_unreachable_store_does_not_take_stays_on_the_machine(gitlab: GitLab, tmp_path: Path) -> None:
    line = Line(gitlab)
    backend = machine(tmp_path / "a", lambda _: line.store)
    with backend.open(HOLDER) as writer:
        writer.announce([begun("a")])
        writer.append([confirmed("a")])
        line.cut()
        with pytest.raises(JmctlError):
            writer.finish()
        assert list(writer.unstored) == [confirmed("a")]
        assert writer.stored.digest
    line.restore()
    assert names(machine(tmp_path / "b", lambda _: line.store)) == []
    assert names(backend) == ["a"]
    with backend.open(HOLDER) as writer:  # the lease still stands, and is ours
        assert interview("a") in writer.state.entries
    assert names(machine(tmp_path / "b", lambda _: line.store)) == ["a"]
    assert sorted(path.name for path in (tmp_path / "a").rglob("*") if path.is_file()) == ["lock"]


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from backend_conformance import HOLDER, begun, confirmed
from reconciler.state.shared import SharedBackend
from reconciler.state.shared_document import SharedPlace
from reconciler.state.stores.git import GitStore
bare, folder = sys.argv[1:3]
store = lambda name: GitStore(bare, f"refs/jmctl/state/{name}", Path(folder) / "cache", os.environ)
with SharedBackend(SharedPlace(store, Path(folder)), "default").open(HOLDER) as writer:
    writer.announce([begun("a"), begun("b")])
    writer.append([confirmed("a")])
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def killed(scene: Scene) -> Path:
    folder = scene.folder / "killed"
    command = [sys.executable, "-c", KILLED, str(scene.bare), str(folder), str(Path(__file__).parent)]
    path = os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).parents[1])])
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": path}, check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL
    return folder


def in_git(scene: Scene, folder: Path, timing: Timing | None = None) -> SharedBackend:
    place = SharedPlace(lambda name: scene.store(f"refs/jmctl/state/{name}"), folder, timing or Timing())
    return SharedBackend(place, "default")


def test_next_run_on_the_machine_takes_up_a_killed_writer_at_once(scene: Scene, killed: Path) -> None:
    label = scene.store().label
    assert "host.git" in label
    backend = in_git(scene, killed)
    assert names(backend) == ["a"]
    with backend.open(OTHER) as writer:
        assert writer.left_behind
        assert (sorted(one.name for one in writer.state.entries), [*writer.state.in_doubt]) == (["a"], [interview("b")])
    assert names(in_git(scene, scene.folder / "elsewhere")) == ["a"]


def test_another_machine_waits_for_the_lease_of_a_killed_writer(scene: Scene, killed: Path) -> None:
    assert killed.exists()
    elsewhere = scene.folder / "elsewhere"
    with pytest.raises(Locked), in_git(scene, elsewhere).open(OTHER):
        pass
    long_gone = Timing(call=-100_000.0, skew=0.0)  # the same moment, as it looks once the lease has ended
    with in_git(scene, elsewhere, long_gone).open(OTHER) as writer:
        assert writer.left_behind
        assert {*writer.state.in_doubt} == {interview("a"), interview("b")}
        writer.append([confirmed("a")])
        writer.finish()
    assert git(scene.bare, "show", f"{REF}:state.json").count('"fence": 2') == 1


def test_reading_writes_nothing_and_opening_takes_no_lease(scene: Scene, tmp_path: Path) -> None:
    backend = in_git(scene, tmp_path / "here")
    with backend.open(HOLDER) as writer:
        writer.append(created("a"))
        writer.finish()
    before = scene.refs()
    backend.read()
    with backend.open(HOLDER):
        pass
    assert scene.refs() == before


def test_announcing_and_finishing_are_two_pushes(scene: Scene, tmp_path: Path) -> None:
    with in_git(scene, tmp_path / "here").open(HOLDER) as writer:
        writer.announce([begun("a"), begun("b")])
        writer.append([confirmed("a"), confirmed("b")])
        writer.finish()
    assert git(scene.bare, "rev-list", "--count", REF) == "2"


def test_lease_is_a_member_of_the_document_and_not_of_the_state() -> None:
    from reconciler.errors import Where
    from reconciler.state.format import parse_state

    lease = Lease(3).taken("nonce", HOLDER, None).ending(0.0)
    data = dump_leased(State("L", 1, extra={"kept": [1]}), lease)
    state, found = split_lease(parse_state(data, Where("x")), Where("x"))
    assert (state, found) == (State("L", 1, extra={"kept": [1]}), lease)
    with pytest.raises(Damaged, match="lease of the state"):
        split_lease(State("L", extra={"lease": {"fence": "1"}}), Where("x"))


def test_writers_are_what_the_protocol_says(gitlab: GitLab, tmp_path: Path) -> None:
    with machine(tmp_path, lambda _: HttpStore(gitlab.address, gitlab.environ)).open(HOLDER) as writer:
        typed: StateWriter = writer
        assert typed.announces_together
        assert typed.seconds_left() == 0
