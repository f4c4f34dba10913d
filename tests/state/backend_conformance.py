"""What every store must do: a suite that a store's test module inherits, with a fixture that makes the store.

    class TestMine(BackendConformance):
        @pytest.fixture
        def place(self, tmp_path): return Place(lambda environment: MyBackend(..., environment))

`Place` opens the same store again and again, as the next process or the next machine would.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import pytest
from workshop import interview

from reconciler.errors import Locked
from reconciler.state.backend import Backend, Holder, StateWriter
from reconciler.state.model import State
from reconciler.state.records import Begun, Confirmed, Forgotten, Record
from reconciler.state.replay import replay

HOLDER = Holder("user", "host", 1, "jmctl apply", "2026-01-01T00:00:00+00:00")
SPEC: dict[str, Any] = {
    "name": "Ä \U0001f642 \u2028",
    "type": "interview",
    "tags": [],
    "max_duration": None,
    "questions": [{"id": "q", "question": "Why?", "external_id": "q", "duration": 90.5, "options": {"a": [1, True]}}],
}


@dataclass(frozen=True)
class Place:
    """Where one test keeps its states; `at` opens the store of an environment."""

    at: Callable[[str], Backend]


def begun(name: str) -> Begun:
    return Begun(interview(name), f"attempt-{name}", "2026-01-01T00:00:00.000Z", SPEC, f"jmctl:p/{name}")


def confirmed(name: str) -> Confirmed:
    return Confirmed(interview(name), f"attempt-{name}", "2026-01-01T00:00:01.000Z", f"id-{name}")


def created(name: str) -> list[Record]:
    return [begun(name), confirmed(name)]


def same(state: State, base: State, records: list[Record]) -> bool:
    """Whether `state` is `base` after `records`, but for the count of commits."""
    return replace(state, serial=0) == replace(replay(base, records), serial=0)


class BackendConformance:
    @pytest.fixture
    def backend(self, place: Place) -> Backend:
        return place.at("default")

    def committed(self, backend: Backend, *names: str) -> State:
        with backend.open(HOLDER) as writer:
            writer.append([record for name in names for record in created(name)])
            return writer.finish().state

    def test_empty_store_reads_as_a_new_lineage_and_reading_writes_nothing(self, backend: Backend) -> None:
        first, second = backend.read(), backend.read()
        assert (first.state.entries, first.state.serial, first.version, first.digest) == ({}, 0, None, None)
        assert first.state.lineage != second.state.lineage

    def test_committed_state_is_read_by_the_next_process(self, place: Place) -> None:
        state = self.committed(place.at("default"), "a", "b")
        snapshot = place.at("default").read()
        assert snapshot.state == state
        assert snapshot.version
        assert snapshot.digest
        assert state.entries[interview("a")].attributes == SPEC

    def test_every_commit_keeps_the_lineage_and_counts_the_serial(self, place: Place) -> None:
        first, second = (self.committed(place.at("default"), name) for name in "ab")
        assert (second.lineage, second.serial > first.serial) == (first.lineage, True)

    def test_version_and_digest_name_the_stored_bytes(self, backend: Backend) -> None:
        self.committed(backend, "a")
        first, again = backend.read(), backend.read()
        assert (first.version, first.digest) == (again.version, again.digest)
        self.committed(backend, "b")
        second = backend.read()
        assert second.version != first.version
        assert second.digest != first.digest
        assert len(str(second.digest)) == 64

    def test_writer_state_is_the_snapshot_and_what_was_appended(self, backend: Backend) -> None:
        self.committed(backend, "a")
        with backend.open(HOLDER) as writer:
            base = writer.snapshot.state
            assert writer.state == base
            writer.announce([begun("b")])
            assert interview("b") in writer.state.in_doubt
            writer.append([confirmed("b")])
            assert same(writer.state, base, created("b"))
            assert writer.snapshot.state == base
            assert writer.finish() == writer.snapshot
            assert same(writer.snapshot.state, base, created("b"))

    def test_finish_may_be_followed_by_more(self, place: Place) -> None:
        with place.at("default").open(HOLDER) as writer:
            base = writer.state
            writer.append(created("a"))
            writer.finish()
            writer.append(created("b"))
            writer.finish()
        assert same(place.at("default").read().state, base, [*created("a"), *created("b")])

    def test_finish_without_records_keeps_what_is_stored(self, place: Place) -> None:
        before = self.committed(place.at("default"), "a")
        with place.at("default").open(HOLDER) as writer:
            writer.finish()
        assert place.at("default").read().state == before

    def test_unwritten_records_are_committed_after_those_appended(self, place: Place) -> None:
        with place.at("default").open(HOLDER) as writer:
            base = writer.state
            writer.append([begun("a")])
            writer.finish([confirmed("a")])
        assert same(place.at("default").read().state, base, created("a"))

    def test_announced_intent_is_seen_by_others_at_once(self, place: Place) -> None:
        with place.at("default").open(HOLDER) as writer:
            writer.announce([begun("a"), begun("b")])
            assert {*place.at("default").read().state.in_doubt} == {interview("a"), interview("b")}

    def test_announced_intent_survives_a_writer_that_ends_without_finish(self, place: Place) -> None:
        with place.at("default").open(HOLDER) as writer:
            writer.announce([begun("a")])
        assert interview("a") in place.at("default").read().state.in_doubt
        with place.at("default").open(HOLDER) as writer:
            assert interview("a") in writer.state.in_doubt

    def test_checkpointed_records_survive_and_are_seen_by_others(self, place: Place) -> None:
        with place.at("default").open(HOLDER) as writer:
            writer.announce([begun("a")])
            writer.append([confirmed("a")])
            writer.checkpoint()
            assert place.at("default").read().state.entries[interview("a")].id == "id-a"
        assert place.at("default").read().state.entries[interview("a")].id == "id-a"

    def test_announcing_nothing_proves_that_the_store_can_be_written(self, place: Place) -> None:
        with place.at("default").open(HOLDER) as writer:
            writer.announce(())
            assert writer.state == writer.snapshot.state

    def test_second_writer_is_refused_while_the_first_is_at_work(self, place: Place) -> None:
        with place.at("default").open(HOLDER) as writer:
            writer.append(created("a"))
            with pytest.raises(Locked) as raised, place.at("default").open(HOLDER):
                pass
            assert raised.value.problems[0].detail
            writer.finish()
        with place.at("default").open(HOLDER) as writer:
            assert interview("a") in writer.state.entries

    def test_lock_is_released_when_the_work_fails(self, place: Place) -> None:
        with pytest.raises(ZeroDivisionError), place.at("default").open(HOLDER):
            raise ZeroDivisionError
        with place.at("default").open(HOLDER) as writer:
            assert writer.left_behind is None

    def test_lock_lasts_longer_than_a_request(self, backend: Backend) -> None:
        with backend.open(HOLDER) as writer:
            writer.announce([begun("a")])
            assert writer.seconds_left() > 60

    def test_environments_are_apart_and_know_each_other(self, place: Place) -> None:
        first = self.committed(place.at("default"), "a")
        second = self.committed(place.at("staging"), "b")
        assert first.lineage != second.lineage
        assert list(place.at("default").other_states()) == [second]
        assert list(place.at("staging").other_states()) == [first]

    def test_removed_entry_stays_removed(self, place: Place) -> None:
        self.committed(place.at("default"), "a", "b")
        with place.at("default").open(HOLDER) as writer:
            writer.append([Forgotten(interview("a"), "2026-01-01T00:00:00.000Z", "delete")])
            writer.finish()
        assert [*place.at("default").read().state.entries] == [interview("b")]

    def test_racing_writers_lose_nothing(self, place: Place) -> None:
        names = [f"name-{number}" for number in range(6)]

        def race(name: str) -> None:
            while True:
                try:
                    with place.at("default").open(HOLDER) as writer:
                        self.write(writer, name)
                        return
                except Locked:
                    continue

        with ThreadPoolExecutor(len(names)) as pool:
            list(pool.map(race, names))
        state = place.at("default").read().state
        assert sorted(address.name for address in state.entries) == names
        assert state.in_doubt == {}

    def write(self, writer: StateWriter, name: str) -> None:
        writer.announce([begun(name)])
        writer.append([confirmed(name)])
        writer.finish()

    def test_label_is_text_for_people(self, backend: Backend) -> None:
        assert backend.label
