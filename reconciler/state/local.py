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

import errno
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from hashlib import sha256
from math import inf
from pathlib import Path

from reconciler.atomic_file import replace_file, sync_folder
from reconciler.errors import Damaged, Misconfigured, Where
from reconciler.state.backend import Holder, Snapshot
from reconciler.state.format import AttributeCheck, dump_state, parse_state
from reconciler.state.journal import Journal
from reconciler.state.journal_format import JournalContent, parse_journal
from reconciler.state.model import State
from reconciler.state.overtaken import check_holds
from reconciler.state.records import Begun, Record
from reconciler.state.replay import replay
from reconciler.state.source import read_source


class LocalBackend:
    """The state of `environment` in `folder`: `ENVIRONMENT.json`, `.journal` and `.lock`.

    A snapshot that is a link stays one: its target is read and replaced. `check_attributes` is that of `parse_state`.
    """

    def __init__(self, folder: Path, environment: str, check_attributes: AttributeCheck | None = None) -> None:
        self._check_attributes = check_attributes
        self.snapshot = folder / f"{environment}.json"
        self.journal = folder / f"{environment}.journal"
        self.lock = folder / f"{environment}.lock"

    @property
    def label(self) -> str:
        """The path of the snapshot."""
        return shown(self.snapshot)

    def read(self) -> Snapshot:
        """Snapshot plus journal; see `Backend.read`."""
        data = read_source(self.snapshot, self.label)
        if data is None:
            return Snapshot(self._continued(None, None))
        name = sha256(data).hexdigest()
        state = parse_state(data, Where(self.label), self._check_attributes)
        return Snapshot(self._continued(state, name), version=name, digest=name)

    def _continued(self, state: State | None, digest: str | None) -> State:
        """`state` after the records in the journal, if there is one."""
        where = Where(shown(self.journal))
        data = read_source(self.journal, where.path)
        journal = parse_journal(data, where) if data is not None else None
        if journal is None:
            return state or State(lineage=str(uuid.uuid4()))
        base = state or State(lineage=journal.lineage)
        if journal.lineage != base.lineage or journal.serial > base.serial:
            raise Damaged(
                "the journal does not belong to this state",
                f"it continues serial {journal.serial} of {journal.lineage}, "
                f"the state is serial {base.serial} of {base.lineage}",
                hint=f"restore the state that it belongs to: git checkout -- {self.label}",
                where=where,
            )
        if journal.serial < base.serial:
            check_holds(base, journal.records, where, self.label)
            return base
        if journal.digest not in (None, digest):
            raise _forked(journal, where, self.label)
        try:
            return replay(base, journal.records)
        except KeyError as error:
            raise Damaged(
                "the journal does not fit its state",
                f"a record names {error.args[0]}, which the state does not have",
                hint=f"restore both from git: {self.label} and {where.path}",
                where=where,
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
        folder, check = self.snapshot.parent, self._check_attributes
        return [LocalBackend(folder, name, check).read().state for name in names]


class LocalWriter:
    """The holder of the lock file. See `StateWriter`."""

    def __init__(self, files: LocalBackend, left_behind: str | None) -> None:
        self._files = files
        self._journal: Journal | None = None
        self.left_behind = left_behind
        self.snapshot = files.read()
        self._remove_half_written()
        if files.journal.exists():
            self.snapshot = self._commit(self.snapshot.state)

    @property
    def state(self) -> State:
        """See `StateWriter.state`."""
        return self._journal.state() if self._journal else self.snapshot.state

    @property
    def announces_together(self) -> bool:
        """No: a crash then leaves open only what was under way."""
        return False

    @property
    def stored(self) -> Snapshot:
        """The snapshot: the journal is in the store already."""
        return self.snapshot

    @property
    def unstored(self) -> Sequence[Record]:
        """None, as long as the journal that was written is there."""
        is_removed = self._journal is not None and not self._files.journal.exists()
        return tuple(self._journal.records) if self._journal and is_removed else ()

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
        """Makes snapshot and journal one snapshot; without a journal there is nothing to commit.

        A journal that was removed meanwhile took the snapshot along or left another one, which is not overwritten.
        """
        if self._journal and not self._files.journal.exists():
            self.close()
            removed = OSError(errno.ENOENT, "the journal was removed while jmctl was at work")
            raise _unwritable(self._files.journal, removed)
        if self._journal or unwritten:
            state = replay(self.state, unwritten)
            self.close()
            self.snapshot = self._commit(state)
            self._journal = None
        return self.snapshot

    def install(self, state: State) -> Snapshot:
        """See `StateWriter.install`."""
        self._files.snapshot.parent.mkdir(parents=True, exist_ok=True)
        self.snapshot = self._commit(state)
        return self.snapshot

    def seconds_left(self) -> float:
        """The lock ends with the process."""
        return inf

    def close(self) -> None:
        """Lets go of the journal's file, which stays on disk until `finish`."""
        if self._journal:
            self._journal.close()

    def _begin(self) -> Journal:
        self._files.snapshot.parent.mkdir(parents=True, exist_ok=True)
        return Journal(self._files.journal, self.snapshot)

    def _remove_half_written(self) -> None:
        """Removes what a process that died was writing: this one holds the lock."""
        for half_written in self._files.snapshot.parent.glob(f".{self._files.snapshot.name}.*"):
            with suppress(OSError):
                half_written.unlink()

    def _commit(self, state: State) -> Snapshot:
        state = replace(state, serial=state.serial + 1)
        data = dump_state(state)
        try:
            path = self._files.snapshot
            replace_file(path.resolve() if path.is_symlink() else path, data)
            self._files.journal.unlink(missing_ok=True)
            sync_folder(self._files.snapshot.parent)
        except OSError as error:
            raise _unwritable(self._files.snapshot, error) from None
        name = sha256(data).hexdigest()
        return Snapshot(state, version=name, digest=name)


def _forked(journal: JournalContent, where: Where, label: str) -> Damaged:
    return Damaged(
        "the journal continues another state of this serial",
        f"it continues the state whose SHA-256 is {journal.digest}; another run has written serial {journal.serial}",
        hint=f"keep both: check out the commit whose {label} it continues (git log -- {label}) in a second clone, move "
        f"{where.path} there, run jmctl apply, and merge both states entry by entry",
        where=where,
    )


def shown(path: Path) -> str:
    """`path` as the user would type it."""
    with suppress(ValueError):
        return str(path.relative_to(Path.cwd()))
    return str(path)


def _unwritable(path: Path, error: OSError) -> Misconfigured:
    return Misconfigured(
        "the state cannot be written",
        f"{error.strerror}",
        hint="free space or permissions, then run it again",
        where=Where(shown(path)),
    )
