"""The folder store: a snapshot, and while applying a journal beside it. The write-ahead log is this:

    begin    the journal's first line is fsynced, then the folder; from here on a crash loses nothing that was recorded
    append   records are written and fsynced before anything is done or reported that depends on them
    commit   the new snapshot goes to a temporary file, is fsynced, renamed over the old one, the folder is fsynced;
             only then is the journal removed

A crash between rename and removal leaves a journal older than the snapshot, which holds all of it: it is dropped. An
older journal whose interviews the snapshot does not hold comes from another checkout, and is an error.
Reading never writes. Only the holder of the lock may begin, append or commit. The journal outlives the process, not
the machine: a folder on a runner that is thrown away has to be kept by other means.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from hashlib import sha256
from math import inf
from pathlib import Path

from reconciler.address import Address
from reconciler.atomic_file import replace_file, sync_folder
from reconciler.errors import Damaged, Misconfigured, Where
from reconciler.state.backend import Holder, Snapshot
from reconciler.state.format import dump_state, parse_journal, parse_state
from reconciler.state.journal import Journal
from reconciler.state.model import State
from reconciler.state.records import Begun, Closed, Confirmed, Forgotten, Moved, Record
from reconciler.state.replay import replay


class LocalBackend:
    """The state of `environment` in `folder`: `ENVIRONMENT.json`, `.journal` and `.lock`."""

    def __init__(self, folder: Path, environment: str) -> None:
        self.snapshot = folder / f"{environment}.json"
        self.journal = folder / f"{environment}.journal"
        self.lock = folder / f"{environment}.lock"

    @property
    def label(self) -> str:
        """The path of the snapshot."""
        return shown(self.snapshot)

    def read(self) -> Snapshot:
        """Snapshot plus journal; see `Backend.read`."""
        data = _read(self.snapshot)
        if data is None:
            return Snapshot(self._continued(None))
        name = sha256(data).hexdigest()
        return Snapshot(self._continued(parse_state(data, Where(self.label))), version=name, digest=name)

    def _continued(self, state: State | None) -> State:
        """`state` after the records in the journal, if there is one."""
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
                hint=f"restore the state that it belongs to: git checkout -- {self.label}",
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
                f"a record names {error.args[0]}, which the state does not have",
                hint=f"restore both from git: {self.label} and {shown(self.journal)}",
                where=Where(shown(self.journal)),
            ) from None

    @contextmanager
    def open(self, holder: Holder) -> Iterator[LocalWriter]:
        """Holds the lock file; see `Backend.open`."""
        from reconciler.state.lock import acquire

        with acquire(self.lock, holder) as left_behind:
            writer = LocalWriter(self, left_behind)
            try:
                yield writer
            finally:
                writer.close()

    def other_states(self) -> list[State]:
        """Those of every other `*.json` in the folder."""
        names = sorted(path.stem for path in self.snapshot.parent.glob("*.json") if path != self.snapshot)
        return [LocalBackend(self.snapshot.parent, name).read().state for name in names]


class LocalWriter:
    """The holder of the lock file. See `StateWriter`."""

    def __init__(self, files: LocalBackend, left_behind: str | None) -> None:
        self._files = files
        self._journal: Journal | None = None
        self.left_behind = left_behind
        self.snapshot = files.read()
        if files.journal.exists():
            self.snapshot = self._commit(self.snapshot.state)

    @property
    def state(self) -> State:
        """See `StateWriter.state`."""
        return self._journal.state() if self._journal else self.snapshot.state

    def announce(self, intents: Sequence[Begun]) -> None:
        """An fsync: the journal is in the store already."""
        self.append(intents)

    def append(self, records: Sequence[Record]) -> None:
        """See `StateWriter.append`; the first call begins the journal."""
        try:
            if self._journal is None:
                self._journal = self._begin()
            if records:
                self._journal.append(records)
        except OSError as error:
            raise _unwritable(self._files.journal, error) from None

    def checkpoint(self) -> None:
        """Nothing to do: what was appended is as durable as what was announced."""

    def finish(self, unwritten: Sequence[Record] = ()) -> Snapshot:
        """Makes snapshot and journal one snapshot; without a journal there is nothing to commit."""
        if self._journal or unwritten:
            state = replay(self.state, unwritten)
            self.close()
            self.snapshot = self._commit(state)
            self._journal = None
        return self.snapshot

    def seconds_left(self) -> float:
        """The lock ends with the process."""
        return inf

    def close(self) -> None:
        """Lets go of the journal's file, which stays on disk until `finish`."""
        if self._journal:
            self._journal.close()

    def _begin(self) -> Journal:
        folder = self._files.snapshot.parent
        folder.mkdir(parents=True, exist_ok=True)
        for half_written in folder.glob(f".{self._files.snapshot.name}.*"):
            half_written.unlink()  # by a process that died: this one holds the lock
        return Journal(self._files.journal, self.snapshot.state)

    def _commit(self, state: State) -> Snapshot:
        state = replace(state, serial=state.serial + 1)
        data = dump_state(state)
        try:
            replace_file(self._files.snapshot, data)
            self._files.journal.unlink(missing_ok=True)
            sync_folder(self._files.snapshot.parent)
        except OSError as error:
            raise _unwritable(self._files.snapshot, error) from None
        name = sha256(data).hexdigest()
        return Snapshot(state, version=name, digest=name)


def _check_holds(state: State, records: Sequence[Record], files: LocalBackend) -> None:
    """Raises Damaged when a journal older than `state` tells of interviews that `state` has never heard of."""
    known = {entry.id for entry in state.entries.values()}
    known |= {former.id for entry in state.entries.values() for former in entry.history}
    known |= {attempt.attempt for attempt in state.in_doubt.values()}
    created: dict[str, tuple[Address, str]] = {}
    for record in records:
        match record:
            case Begun():
                created[record.attempt] = record.address, record.attempt
            case Confirmed():
                created[record.attempt] = record.address, record.id
            case Closed():
                created.pop(record.attempt, None)
            case Forgotten():
                created = {attempt: pair for attempt, pair in created.items() if pair[0] != record.address}
            case Moved():
                created = {
                    a: (record.to if name == record.address else name, mark) for a, (name, mark) in created.items()
                }
            case _:
                pass
    missing = [f"{address.name} ({mark})" for address, mark in created.values() if mark not in known]
    if missing:
        raise Damaged(
            "the journal tells of interviews that this state does not know",
            f"it is older than the state, which another run has written since: {', '.join(missing)}",
            hint=f"put back the state that it continues: git log -p -- {shown(files.snapshot)}",
            where=Where(shown(files.journal)),
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
