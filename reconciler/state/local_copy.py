"""What a writer of a shared state keeps on this machine: the last state that the store confirmed, and what came after.

`journal` continues the document `DIGEST.base.json` and names its digest. A confirmed write replaces both: the new base
is written first, the new journal is renamed over the old one, and the old base goes last, so that there is a journal
with its base at every moment. `lease` holds the id of the lease: a run that finds it again while nothing holds `lock`
knows that the lease's holder has ended.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from reconciler.atomic_file import PRIVATE, replace_file, sync_folder
from reconciler.errors import Damaged, Misconfigured, Where
from reconciler.state.backend import Snapshot
from reconciler.state.format import AttributeCheck, dump_state, parse_state
from reconciler.state.journal import Journal
from reconciler.state.journal_format import parse_journal
from reconciler.state.merge import merge
from reconciler.state.model import State
from reconciler.state.records import Closed, Confirmed, Record
from reconciler.state.replay import replay
from reconciler.state.source import read_source


@dataclass(frozen=True, slots=True)
class Pending:
    """What a run that ended left on this machine: the records since `base`, and the id of its lease."""

    base: State
    records: tuple[Record, ...]
    lease: str

    def taken_up(self, stored: State | None) -> State:
        """`stored` with these records. Raises Damaged when it is of another lineage.

        A part of the records may be in `stored` already: what they settled is settled, whatever `stored` says.
        """
        merged = merge(self.base, replay(self.base, self.records), stored or self.base).state
        settled = {record.attempt for record in self.records if isinstance(record, Confirmed | Closed)}
        open_ones = {place: one for place, one in merged.in_doubt.items() if one.attempt not in settled}
        return replace(merged, in_doubt=open_ones)


class LocalCopy:
    """The files of one state of one shared store, alone in `folder`. Calls must not overlap."""

    def __init__(self, folder: Path, check: AttributeCheck | None = None) -> None:
        self._folder = folder
        self._check = check
        self._path = folder / "journal"
        self._lease = folder / "lease"
        self._journal: Journal | None = None
        self.lock = folder / "lock"

    @property
    def is_open(self) -> bool:
        """Whether records can be appended."""
        return self._journal is not None

    def pending(self) -> Pending | None:
        """What an ended run left. Raises Damaged when it cannot be trusted, Misconfigured when it cannot be read."""
        missing = self._path
        for _ in range(3):  # a running writer may replace both files while they are read
            data = read_source(self._path, str(self._path))
            journal = parse_journal(data, Where(str(self._path))) if data is not None else None
            if journal is None:
                return None
            missing = base = self._base(str(journal.digest))
            found = read_source(base, str(base))
            if found is not None:
                state = parse_state(found, Where(str(base)), self._check)
                lease = read_source(self._lease, str(self._lease)) or b""
                return Pending(state, journal.records, lease.decode("utf-8", "replace"))
        raise Damaged(
            "the journal does not belong to this state",
            f"the state that it continues is missing: {missing.name}",
            hint=f"keep the journal, and bring back what it holds: jmctl state recover {self._path}",
            where=Where(str(self._path)),
        )

    def begin(self, state: State, records: Sequence[Record], lease: str) -> None:
        """Continues `state`, which the store has confirmed, with `records`. Raises Misconfigured."""
        data = dump_state(state)
        digest = sha256(data).hexdigest()
        fresh = self._path.with_suffix(".new")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            replace_file(self._base(digest), data, mode=PRIVATE)
            replace_file(self._lease, lease.encode(), mode=PRIVATE)
            fresh.unlink(missing_ok=True)
            journal = Journal(fresh, Snapshot(state, digest=digest))
            journal.append(records)
            fresh.replace(self._path)
            sync_folder(self._folder)
        except OSError as error:
            raise _unwritable(self._path, error) from None
        self.close()
        self._journal = journal
        self._remove_bases(keep=self._base(digest))

    def append(self, records: Sequence[Record]) -> None:
        """Fsyncs `records`. Raises Misconfigured; then none of them is kept."""
        if self._journal is None:
            raise AssertionError("no journal was begun")
        try:
            self._journal.append(records)
        except OSError as error:
            raise _unwritable(self._path, error) from None

    def clear(self) -> None:
        """Removes everything but the lock: the store has all of it."""
        self.close()
        with suppress(OSError):  # what stays is in the store, and the next run sees that
            self._path.unlink(missing_ok=True)
            self._lease.unlink(missing_ok=True)
            self._remove_bases()

    def close(self) -> None:
        """Lets go of the journal's file, which stays."""
        if self._journal:
            self._journal.close()
            self._journal = None

    def _base(self, digest: str) -> Path:
        return self._folder / f"{digest}.base.json"

    def _remove_bases(self, keep: Path | None = None) -> None:
        for path in self._folder.glob("*.base.json"):
            if path != keep:
                with suppress(OSError):
                    path.unlink()


def _unwritable(path: Path, error: OSError) -> Misconfigured:
    hint = "free space, or set XDG_STATE_HOME to a folder that can be written"
    return Misconfigured("the state cannot be written", str(error.strerror), hint=hint, where=Where(str(path)))
