"""State on disk: a snapshot, and while applying a journal beside it. The write-ahead log is this:

    begin    the journal's first line is fsynced, then the folder; from here on a crash loses nothing that was recorded
    append   records are written and fsynced before anything is done or reported that depends on them
    commit   the new snapshot goes to a temporary file, is fsynced, renamed over the old one, the folder is fsynced;
             only then is the journal removed

A crash between rename and removal leaves a journal older than the snapshot, which holds all of it: it is dropped. An
older journal whose interviews the snapshot does not hold stems from elsewhere, and is an error.
Loading never writes. Only the holder of the lock may begin, append or commit.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from reconciler.address import Address
from reconciler.atomic_file import replace_file, sync_folder
from reconciler.errors import Damaged, Misconfigured, Where
from reconciler.state.format import dump_header, dump_records, dump_state, parse_journal, parse_state
from reconciler.state.model import State
from reconciler.state.records import Begun, Closed, Confirmed, Forgotten, Moved, Record
from reconciler.state.replay import replay


class Store:
    """The state of one environment in `folder`."""

    def __init__(self, folder: Path, environment: str) -> None:
        self.snapshot = folder / f"{environment}.json"
        self.journal = folder / f"{environment}.journal"
        self.lock = folder / f"{environment}.lock"

    def load(self) -> State:
        """The state as of now: snapshot plus journal; a new, empty one with its own lineage when there is neither.

        Raises Damaged when either cannot be trusted, Misconfigured when they cannot be read.
        """
        snapshot = _read(self.snapshot)
        state = parse_state(snapshot, Where(shown(self.snapshot))) if snapshot is not None else None
        data = _read(self.journal)
        journal = parse_journal(data, Where(shown(self.journal))) if data is not None else None
        if journal is None:
            return state or State(lineage=str(uuid.uuid4()))
        lineage, serial, records = journal
        base = state or State(lineage=lineage)
        if lineage != base.lineage or serial > base.serial:
            raise Damaged(
                "the journal does not belong to this state",
                f"it continues serial {serial} of {lineage}, the state is serial {base.serial} of {base.lineage}",
                hint=f"restore the state that it belongs to: git checkout -- {shown(self.snapshot)}",
                where=Where(shown(self.journal)),
            )
        if serial < base.serial:
            _check_holds(base, records, self)
            return base
        try:
            return replay(base, records)
        except KeyError as error:
            raise Damaged(
                "the journal does not fit its state",
                f"a record speaks of {error}, which is not there",
                hint=f"restore both from git: {shown(self.snapshot)} and {shown(self.journal)}",
                where=Where(shown(self.journal)),
            ) from None

    def recover_journal(self) -> State:
        """As `load`, and what an earlier run left in its journal becomes the snapshot; for the lock's holder only."""
        state = self.load()
        return self.commit(state) if self.journal.exists() else state

    def begin(self, state: State) -> Journal:
        """Makes ready to record what follows on `state`; what an earlier journal held is committed first."""
        try:
            self.snapshot.parent.mkdir(parents=True, exist_ok=True)
            for half_written in self.snapshot.parent.glob(f".{self.snapshot.name}.*"):
                half_written.unlink()  # by a process that died: whoever begins holds the lock
            if self.journal.exists():
                state = self.commit(state)
            return Journal(self.journal, state)
        except OSError as error:
            raise _unwritable(self.journal, error) from None

    def commit(self, state: State) -> State:
        """Makes `state` the snapshot and removes the journal. Returns it with its new serial."""
        state = replace(state, serial=state.serial + 1)
        try:
            replace_file(self.snapshot, dump_state(state))
            self.journal.unlink(missing_ok=True)
            sync_folder(self.snapshot.parent)
        except OSError as error:
            raise _unwritable(self.snapshot, error) from None
        return state


class Journal:
    """The open journal of one apply. `base` is the state that it continues."""

    def __init__(self, path: Path, base: State) -> None:
        self.base = base
        self.records: list[Record] = []
        self._path = path
        self._file = path.open("xb", buffering=0)
        self._last = b""
        try:
            self._size = self._write(dump_header(base), 0)
            sync_folder(path.parent)
        except OSError:
            self._file.close()
            raise

    def append(self, records: Sequence[Record]) -> None:
        """Writes and fsyncs `records`, many at the price of one. On an error none of them is in the journal."""
        lines = dump_records(records, self._last)
        try:
            self._size = self._write(lines, self._size)
        except OSError as error:
            with suppress(OSError):
                self._file.truncate(self._size)
            raise _unwritable(self._path, error) from None
        self._last = lines or self._last
        self.records.extend(records)

    def _write(self, data: bytes, size: int) -> int:
        self._file.seek(size)
        view = memoryview(data)
        while view:
            view = view[self._file.write(view) :]
        os.fsync(self._file.fileno())
        return size + len(data)

    def state(self) -> State:
        """The state after all records so far."""
        return replay(self.base, self.records)

    def close(self) -> State:
        """The state after all records; nothing can be appended any more."""
        self._file.close()
        return self.state()


def _check_holds(state: State, records: Sequence[Record], store: Store) -> None:
    """Raises Damaged when a journal older than `state` tells of interviews that `state` has never heard of."""
    known = {entry.id for entry in state.entries.values()}
    known |= {former.id for entry in state.entries.values() for former in entry.history}
    known |= {attempt.attempt for attempt in state.in_doubt.values()}
    told: dict[str, tuple[Address, str]] = {}
    for record in records:
        match record:
            case Begun():
                told[record.attempt] = record.address, record.attempt
            case Confirmed():
                told[record.attempt] = record.address, record.id
            case Closed():
                told.pop(record.attempt, None)
            case Forgotten():
                told = {attempt: pair for attempt, pair in told.items() if pair[0] != record.address}
            case Moved():
                told = {a: (record.to if name == record.address else name, mark) for a, (name, mark) in told.items()}
            case _:
                pass
    missing = [f"{address.name} ({mark})" for address, mark in told.values() if mark not in known]
    if missing:
        raise Damaged(
            "the journal tells of interviews that this state does not know",
            f"it is older than the state, which another run has written since: {', '.join(missing)}",
            hint=f"put back the state that it continues: git log -p -- {shown(store.snapshot)}",
            where=Where(shown(store.journal)),
        )


def shown(path: Path) -> str:
    """`path` as the user would type it."""
    with suppress(ValueError):
        return str(path.relative_to(Path.cwd()))
    return str(path)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Misconfigured(
            "the state cannot be read",
            f"{error.strerror}",
            hint="check the path and its permissions",
            where=Where(shown(path)),
        ) from None


def _unwritable(path: Path, error: OSError) -> Misconfigured:
    return Misconfigured(
        "the state cannot be written",
        f"{error.strerror}",
        hint="free space or permissions, then run it again",
        where=Where(shown(path)),
    )
