"""The state on disk: what was recorded survives every death, and nothing that cannot be trusted is loaded."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from workshop import interview

from reconciler.errors import Damaged, Misconfigured
from reconciler.manifest.desired import Lifecycle
from reconciler.state.format import dump_state
from reconciler.state.journal_format import dump_header, dump_records
from reconciler.state.local import LocalBackend, LocalWriter
from reconciler.state.lock import current_holder
from reconciler.state.model import Entry, State
from reconciler.state.records import Adopted, Begun, Closed, Confirmed, Forgotten, Moved, Record
from reconciler.state.replay import replay
from reconciler.state.source import LARGEST

# whoever dies does not close its files
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")

EMPTY = State("line")
HOLDER = current_holder("test")


def created(name: str) -> list[Record]:
    return [
        Begun(interview(name), f"try-{name}", "T1", {"name": name, "questions": []}, None),
        Confirmed(interview(name), f"try-{name}", "T2", f"id-{name}"),
    ]


BEFORE = replay(replace(EMPTY, serial=4), created("old"))
RECORDS = [*created("a"), Begun(interview("b"), "try-b", "T1", {"name": "b", "questions": []}, None)]
AFTER = replay(BEFORE, RECORDS)


@pytest.fixture
def store(tmp_path: Path) -> LocalBackend:
    return LocalBackend(tmp_path / "state", "default")


def lay(store: LocalBackend, snapshot: State | None, base: State | None = None, records: Sequence[Record] = ()) -> None:
    """Puts a snapshot and a journal that continues `base` where the store looks for them."""
    store.snapshot.parent.mkdir(exist_ok=True)
    if snapshot is not None:
        store.snapshot.write_bytes(dump_state(snapshot))
    if base is not None:
        name = sha256(dump_state(base)).hexdigest() if snapshot else None
        store.journal.write_bytes(dump_header(base, name) + dump_records(records))


def files(store: LocalBackend) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in store.snapshot.parent.iterdir()}


# -- loading


def test_nothing_on_disk_is_a_new_line_of_descent_and_stays_nothing(store: LocalBackend) -> None:
    first, second = store.read().state, store.read().state
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
    store: LocalBackend, snapshot: State | None, base: State, records: list[Record], loaded: State
) -> None:
    lay(store, snapshot, base, records)
    before = files(store)
    assert store.read().state == loaded
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
    store: LocalBackend, snapshot: State | None, base: State, records: list[Record]
) -> None:
    lay(store, snapshot, base, records)
    before = files(store)
    with pytest.raises(Damaged) as raised:
        store.read()
    assert raised.value.problems[0].hint
    assert files(store) == before


def test_a_state_that_may_not_be_read_is_not_an_empty_one(store: LocalBackend) -> None:
    store.snapshot.mkdir(parents=True)
    with pytest.raises(Damaged, match="the state is not a regular file"):
        store.read()


def test_journal_of_a_fork_is_refused_with_a_way_to_keep_both(store: LocalBackend) -> None:
    theirs = replay(replace(EMPTY, serial=4), created("theirs"))
    lay(store, BEFORE)
    store.journal.write_bytes(dump_header(theirs, sha256(dump_state(theirs)).hexdigest()) + dump_records(RECORDS))
    before = files(store)
    with pytest.raises(Damaged, match="the journal continues another state of this serial") as raised:
        store.read()
    assert "keep both" in raised.value.problems[0].hint
    assert files(store) == before


def test_older_journal_with_an_import_that_the_state_lacks_is_refused(store: LocalBackend) -> None:
    imported = Adopted(interview("new"), "T", "id-new", {}, Lifecycle(), None, None, None)
    lay(store, replace(BEFORE, serial=5), BEFORE, [imported])
    with pytest.raises(Damaged, match="names interviews that are not in the state"):
        store.read()


def test_snapshot_that_is_a_link_stays_one(store: LocalBackend, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere.json"
    target.write_bytes(dump_state(BEFORE))
    store.snapshot.parent.mkdir()
    store.snapshot.symlink_to(target)
    with store.open(HOLDER) as writer:
        writer.append(RECORDS)
        committed = writer.finish()
    assert store.snapshot.is_symlink()
    assert target.read_bytes() == dump_state(committed.state)


def test_dangling_link_is_no_empty_state(store: LocalBackend) -> None:
    store.snapshot.parent.mkdir()
    store.snapshot.symlink_to("nowhere")
    with pytest.raises(Damaged, match="the state is a link to nothing"):
        store.read()


@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_pipes_and_devices_are_refused_and_do_not_hang(store: LocalBackend, kind: str) -> None:
    store.snapshot.parent.mkdir()
    if kind == "pipe":
        os.mkfifo(store.snapshot)
    else:
        store.snapshot.symlink_to("/dev/zero")
    with pytest.raises(Damaged, match="the state is not a regular file"):
        store.read()


def test_file_beyond_the_limit_is_refused(store: LocalBackend) -> None:
    store.snapshot.parent.mkdir()
    with store.snapshot.open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(Damaged, match="the state is too large"):
        store.read()


def test_a_journal_torn_at_any_byte_loads_the_whole_records_before_the_tear(store: LocalBackend) -> None:
    lay(store, BEFORE, BEFORE, RECORDS)
    data = store.journal.read_bytes()
    ends = [place + 1 for place, byte in enumerate(data) if byte == ord("\n")]
    for cut in range(len(data) + 1):
        store.journal.write_bytes(data[:cut])
        whole = max(0, sum(end <= cut for end in ends) - 1)
        assert store.read().state == replay(BEFORE, RECORDS[:whole]), cut


# -- writing


def test_finish_leaves_one_file_with_the_next_serial(store: LocalBackend) -> None:
    lay(store, EMPTY)
    with store.open(HOLDER) as writer:
        writer.append(RECORDS)
        committed = writer.finish()
    assert committed.state == replace(replay(EMPTY, RECORDS), serial=1)
    assert sorted(files(store)) == ["default.json", "default.lock"]
    assert store.read() == committed


def test_torn_journal_is_taken_up(store: LocalBackend) -> None:
    lay(store, EMPTY)
    dead(store, RECORDS[:2])
    with store.journal.open("ab") as file:
        file.write(b'{"record":"beg')
    with store.open(HOLDER) as writer:
        writer.append(RECORDS[2:])
        assert store.read().state == writer.state == replace(replay(EMPTY, RECORDS), serial=1)


def dead(store: LocalBackend, records: Sequence[Record]) -> None:
    """A writer that records and dies; its lock ends with it."""
    LocalWriter(store, None).append(records)


def test_environments_do_not_meet(store: LocalBackend) -> None:
    lay(store, BEFORE)
    assert LocalBackend(store.snapshot.parent, "staging").read().state.entries == {}


def test_the_mode_of_the_snapshot_is_kept(store: LocalBackend) -> None:
    lay(store, BEFORE)
    store.snapshot.chmod(0o640)
    with store.open(HOLDER) as writer:
        writer.announce(())
        writer.finish()
    assert store.snapshot.stat().st_mode & 0o777 == 0o640


def test_a_full_disk_is_told_and_leaves_what_was_there(store: LocalBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(store, BEFORE)
    writer = LocalWriter(store, None)
    writer.append(RECORDS[:1])

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(Misconfigured, match="the state cannot be written"):
            writer.append(RECORDS[1:])
        assert writer.state == store.read().state == replay(BEFORE, RECORDS[:1])
    writer.append(RECORDS[1:])
    assert store.read().state == AFTER, "once there is space again the journal goes on without a gap"
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(Misconfigured, match="the state cannot be written"):
            writer.finish()
    assert store.read().state == AFTER, "a commit that failed loses nothing"


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


def run(store: LocalBackend, told: list[Record]) -> None:
    """Two applies in a row; `told` gets what the journal acknowledged."""
    for batch in (RECORDS[:2], RECORDS[2:]):
        writer = LocalWriter(store, None)
        for record in batch:
            writer.append([record])
            told.append(record)
        writer.finish()


def test_death_at_any_step_loses_nothing_that_was_acknowledged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    step = 0
    while True:
        step += 1
        store = LocalBackend(tmp_path / str(step), "default")
        lay(store, BEFORE)
        told: list[Record] = []
        with monkeypatch.context() as patched:
            taken = die_at(step, patched)
            with suppress(Died):
                run(store, told)
            if taken() < step:
                break
        loaded = replace(store.read().state, serial=0)
        allowed = [replace(replay(BEFORE, RECORDS[:count]), serial=0) for count in (len(told), len(told) + 1)]
        assert loaded in allowed, f"step {step}"
        again = LocalWriter(store, None).finish()
        assert replace(again.state, serial=0) == loaded, f"after step {step} the next run goes on"
        assert list(files(store)) == ["default.json"] or step < 1
        shutil.rmtree(store.snapshot.parent)
    assert step > 30, "both applies were died in"
    assert replace(store.read().state, serial=0) == replace(AFTER, serial=0)


def test_a_state_of_one_interview_knows_it_by_name(store: LocalBackend) -> None:
    lay(store, BEFORE)
    assert store.read().state.entries[interview("old")] == Entry(
        interview("old"),
        "id-old",
        {"name": "old", "questions": []},
        revisions=BEFORE.entries[interview("old")].revisions,
        made_at="T2",
    )


def test_removed_journal_is_noticed_at_the_next_record_and_takes_nothing_along(tmp_path: Path) -> None:
    """Writing to the removed file goes on working, so that only its missing link tells."""
    intent, outcome = created("a")
    backend = LocalBackend(tmp_path / "state", "default")
    with backend.open(HOLDER) as writer:
        writer.append([intent])
        shutil.rmtree(tmp_path / "state")
        with pytest.raises(Misconfigured):
            writer.append([outcome])
        assert list(writer.unstored) == [intent]
        with pytest.raises(Misconfigured):
            writer.finish([outcome])
    assert not (tmp_path / "state" / "default.json").exists()
