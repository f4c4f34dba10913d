"""The state on disk: what was recorded survives every death, and nothing that cannot be trusted is loaded."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from workshop import interview

from reconciler.errors import Damaged, Misconfigured
from reconciler.state.format import dump_header, dump_records, dump_state
from reconciler.state.local import Store
from reconciler.state.model import Entry, State
from reconciler.state.records import Begun, Closed, Confirmed, Forgotten, Moved, Record
from reconciler.state.replay import replay

# whoever dies does not close its files
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")

EMPTY = State("line")


def created(name: str) -> list[Record]:
    return [
        Begun(interview(name), f"try-{name}", "T1", {"name": name, "questions": []}, None),
        Confirmed(interview(name), f"try-{name}", "T2", f"id-{name}"),
    ]


BEFORE = replay(replace(EMPTY, serial=4), created("old"))
RECORDS = [*created("a"), Begun(interview("b"), "try-b", "T1", {"name": "b", "questions": []}, None)]
AFTER = replay(BEFORE, RECORDS)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "state", "default")


def lay(store: Store, snapshot: State | None, base: State | None = None, records: Sequence[Record] = ()) -> None:
    """Puts a snapshot and a journal that continues `base` where the store looks for them."""
    store.snapshot.parent.mkdir(exist_ok=True)
    if snapshot is not None:
        store.snapshot.write_bytes(dump_state(snapshot))
    if base is not None:
        store.journal.write_bytes(dump_header(base) + dump_records(records))


def files(store: Store) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in store.snapshot.parent.iterdir()}


# -- loading


def test_nothing_on_disk_is_a_new_line_of_descent_and_stays_nothing(store: Store) -> None:
    first, second = store.load(), store.load()
    assert (first.entries, first.serial) == ({}, 0)
    assert first.lineage != second.lineage
    assert not store.snapshot.parent.exists()


@pytest.mark.parametrize(
    ("snapshot", "base", "records", "loaded"),
    [
        pytest.param(BEFORE, None, [], BEFORE, id="snapshot alone"),
        pytest.param(BEFORE, BEFORE, [], BEFORE, id="a journal without records"),
        pytest.param(BEFORE, BEFORE, RECORDS, AFTER, id="snapshot and journal"),
        pytest.param(None, EMPTY, RECORDS, replay(EMPTY, RECORDS), id="the first apply died"),
        pytest.param(
            replace(AFTER, serial=5), BEFORE, RECORDS, replace(AFTER, serial=5), id="died after renaming the snapshot"
        ),
        pytest.param(
            replace(BEFORE, serial=5),
            BEFORE,
            [*created("a"), Forgotten(interview("a"), "T", "gone")],
            replace(BEFORE, serial=5),
            id="an older journal of what is gone on purpose",
        ),
        pytest.param(
            replace(BEFORE, serial=5),
            BEFORE,
            [*created("a"), Moved(interview("a"), interview("b"), "T"), Forgotten(interview("b"), "T", "gone")],
            replace(BEFORE, serial=5),
            id="the same under another name",
        ),
    ],
)
def test_loading_is_snapshot_plus_journal(
    store: Store, snapshot: State | None, base: State, records: list[Record], loaded: State
) -> None:
    lay(store, snapshot, base, records)
    before = files(store)
    assert store.load() == loaded
    assert files(store) == before, "loading never writes"


@pytest.mark.parametrize(
    ("snapshot", "base", "records"),
    [
        pytest.param(BEFORE, replace(BEFORE, lineage="other"), [], id="another line of descent"),
        pytest.param(BEFORE, replace(BEFORE, serial=5), [], id="a newer serial"),
        pytest.param(None, BEFORE, RECORDS, id="the snapshot was deleted"),
        pytest.param(BEFORE, BEFORE, [Closed(interview("a"), "try-a", "T", "no")], id="a record of what is not there"),
        pytest.param(replace(BEFORE, serial=5), BEFORE, RECORDS, id="an older journal with an id nobody else has"),
        pytest.param(replace(BEFORE, serial=5), BEFORE, RECORDS[2:], id="an older journal with an open create"),
    ],
)
def test_a_journal_that_does_not_fit_is_an_error_and_stays_as_it_is(
    store: Store, snapshot: State | None, base: State, records: list[Record]
) -> None:
    lay(store, snapshot, base, records)
    before = files(store)
    with pytest.raises(Damaged) as raised:
        store.load()
    assert raised.value.problems[0].hint
    assert files(store) == before


def test_a_state_that_may_not_be_read_is_not_an_empty_one(store: Store) -> None:
    store.snapshot.mkdir(parents=True)
    with pytest.raises(Misconfigured, match="the state cannot be read"):
        store.load()


def test_a_journal_torn_at_any_byte_loads_the_whole_records_before_the_tear(store: Store) -> None:
    lay(store, BEFORE, BEFORE, RECORDS)
    data = store.journal.read_bytes()
    ends = [place + 1 for place, byte in enumerate(data) if byte == ord("\n")]
    for cut in range(len(data) + 1):
        store.journal.write_bytes(data[:cut])
        whole = max(0, sum(end <= cut for end in ends) - 1)
        assert store.load() == replay(BEFORE, RECORDS[:whole]), cut


# -- writing


def test_a_commit_is_one_file_with_the_next_serial(store: Store) -> None:
    journal = store.begin(EMPTY)
    journal.append(RECORDS)
    committed = store.commit(journal.close())
    assert committed == replace(replay(EMPTY, RECORDS), serial=1)
    assert list(files(store)) == ["default.json"]
    assert store.load() == committed


def test_what_a_dead_run_recorded_is_committed_before_a_new_journal_begins(store: Store) -> None:
    store.begin(EMPTY).append(RECORDS)  # and dies
    store.begin(store.load())  # and dies too
    assert store.load() == replace(replay(EMPTY, RECORDS), serial=1)


def test_a_torn_journal_can_be_gone_on_from(store: Store) -> None:
    store.begin(EMPTY).append(RECORDS[:2])
    with store.journal.open("ab") as file:
        file.write(b'{"record":"beg')
    journal = store.begin(store.load())
    journal.append(RECORDS[2:])
    assert store.load() == replace(replay(EMPTY, RECORDS), serial=1)


def test_environments_do_not_meet(store: Store) -> None:
    lay(store, BEFORE)
    assert Store(store.snapshot.parent, "staging").load().entries == {}


def test_the_mode_of_the_snapshot_is_kept(store: Store) -> None:
    lay(store, BEFORE)
    store.snapshot.chmod(0o640)
    store.commit(BEFORE)
    assert store.snapshot.stat().st_mode & 0o777 == 0o640


def test_a_full_disk_is_told_and_leaves_what_was_there(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(store, BEFORE)
    journal = store.begin(store.load())
    journal.append(RECORDS[:1])

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(Misconfigured, match="the state cannot be written"):
            journal.append(RECORDS[1:])
        with pytest.raises(Misconfigured, match="the state cannot be written"):
            store.commit(AFTER)
    assert store.load() == replay(BEFORE, RECORDS[:1])
    journal.append(RECORDS[1:])
    assert store.load() == AFTER, "once there is space again the journal goes on without a gap"


# -- death at every step


class Died(BaseException):
    """The process is no more; no handler of OSError or Exception may see it."""


def die_at(step: int, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Dies right before or right after the `step`-th call that makes something durable or moves a name."""
    taken = 0

    def mortal(call: Callable[..., Any]) -> Callable[..., Any]:
        def stepping(*arguments: Any, **named: Any) -> Any:
            nonlocal taken
            taken += 1
            if taken == step:
                raise Died
            value = call(*arguments, **named)
            taken += 1
            if taken == step:
                raise Died
            return value

        return stepping

    for name in ("fsync", "replace", "unlink"):
        monkeypatch.setattr(os, name, mortal(getattr(os, name)))
    return lambda: taken


def run(store: Store, told: list[Record]) -> None:
    """Two applies in a row; `told` gets what the journal acknowledged."""
    for batch in (RECORDS[:2], RECORDS[2:]):
        journal = store.begin(store.load())
        for record in batch:
            journal.append([record])
            told.append(record)
        store.commit(journal.close())


def test_death_at_any_step_loses_nothing_that_was_acknowledged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    step = 0
    while True:
        step += 1
        store = Store(tmp_path / str(step), "default")
        lay(store, BEFORE)
        told: list[Record] = []
        with monkeypatch.context() as patched:
            taken = die_at(step, patched)
            with suppress(Died):
                run(store, told)
            if taken() < step:
                break
        loaded = replace(store.load(), serial=0)
        allowed = [replace(replay(BEFORE, RECORDS[:count]), serial=0) for count in (len(told), len(told) + 1)]
        assert loaded in allowed, f"step {step}"
        again = store.commit(store.begin(store.load()).close())
        assert replace(again, serial=0) == loaded, f"after step {step} the next run goes on"
        assert list(files(store)) == ["default.json"] or step < 1
        shutil.rmtree(store.snapshot.parent)
    assert step > 30, "both applies were died in"
    assert replace(store.load(), serial=0) == replace(AFTER, serial=0)


def test_a_state_of_one_interview_knows_it_by_name(store: Store) -> None:
    lay(store, BEFORE)
    assert store.load().entries[interview("old")] == Entry(
        interview("old"),
        "id-old",
        {"name": "old", "questions": []},
        revisions=BEFORE.entries[interview("old")].revisions,
    )
