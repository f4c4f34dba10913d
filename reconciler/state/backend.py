"""The protocol of a state store: read a snapshot, take the lock, announce intents, append records, finish.

A store holds the state of one environment. All calls block; a caller with an event loop makes them from a thread. The
rules, which `tests/state/backend_conformance.py` checks for every store:

- `read` changes nothing and needs no lock. It returns the last finished state and what an interrupted writer left.
- One writer at a time. `open` raises Locked at once while another process or machine holds the lock or the lease.
- `announce` is durable in a place that outlives this process (and this machine, where runners are thrown away) before
  it returns. No request that cannot be repeated may be sent before its intent is announced.
- `append` is durable at least locally before it returns; `checkpoint` makes it as durable as `announce` does.
- `finish` is the commit: all or nothing, and everything appended is in the snapshot that it returns.
- A writer that dies loses nothing that `announce` or `append` acknowledged; the next `open` takes it up.

A round trip keeps everything in `State` (equal, not identical), including members of a later format. It may change
`serial`, which counts commits, and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from reconciler.state.model import State
from reconciler.state.records import Begun, Record


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A state and what names the stored bytes that it was read from.

    `version` is the store's own token for compare-and-swap, opaque to callers. `digest` is the SHA-256 of the stored
    bytes as 64 hex digits. Both are None while nothing is stored. `state` may hold more than those bytes: the records
    of a writer that was interrupted.
    """

    state: State
    version: str | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock or a lease; `since` is UTC, ISO 8601."""

    user: str
    host: str
    process: int
    command: str
    since: str

    def __str__(self) -> str:
        """In one line, for the message to those who have to wait."""
        return f"{self.user}@{self.host}, process {self.process}, since {self.since}: {self.command}"


class StateWriter(Protocol):
    """The one writer of a state, while its lock is held. Calls must not overlap, whatever thread makes them."""

    @property
    def snapshot(self) -> Snapshot:
        """What is committed: as found by `open`, then as of the last `finish`."""

    @property
    def state(self) -> State:
        """The snapshot's state after every record acknowledged since."""

    @property
    def left_behind(self) -> str | None:
        """Who held the lock before and died without releasing it, in words; None when it was released."""

    @property
    def announces_together(self) -> bool:
        """Whether an announcement costs a request, so that the intents of a run are announced in one."""

    @property
    def stored(self) -> Snapshot:
        """What the store holds, as far as this writer knows; what `unstored` continues."""

    @property
    def unstored(self) -> Sequence[Record]:
        """The records acknowledged that are durable on this machine only, in order."""

    def announce(self, intents: Sequence[Begun]) -> None:
        """Makes `intents` durable in the store; with none it only proves that the store can be written.

        Raises Misconfigured when it cannot be written, Unanswered when it cannot be reached, Locked when another writer
        took over; then none is announced.
        """

    def append(self, records: Sequence[Record]) -> None:
        """Makes `records` durable locally, many at the price of one. Raises Misconfigured; then none is kept."""

    def checkpoint(self) -> None:
        """Makes what was appended as durable as what was announced. Raises Misconfigured or Locked."""

    def finish(self, unwritten: Sequence[Record] = ()) -> Snapshot:
        """Commits everything appended, and `unwritten`, which could not be appended. May be followed by more.

        Raises Misconfigured when the commit cannot be written: what was acknowledged stays durable, `unwritten` not.
        """

    def install(self, state: State) -> Snapshot:
        """Commits `state`, of another store, in place of an empty one. May raise as `finish`."""

    def seconds_left(self) -> float:
        """How long the lock surely holds from now, in seconds; infinite where it ends with the process.

        0 before the first write where the lock is taken with it, and after another writer took over.
        """


class Backend(Protocol):
    """Where the state of one environment lives."""

    @property
    def label(self) -> str:
        """The place as a user writes it."""

    def read(self) -> Snapshot:
        """The state as of now, without the lock; a new, empty one with its own lineage where nothing is stored.

        Raises Damaged when what is stored cannot be trusted, Misconfigured when it cannot be read.
        """

    def open(self, holder: Holder) -> AbstractContextManager[StateWriter]:
        """Takes the lock, commits what an interrupted writer left, and gives the writer; leaving releases the lock.

        What was appended and not finished is what an interrupted writer left; a shared store pushes it when it is left.
        Raises as `read`, Locked while another writer is at work, and Misconfigured when the lock cannot be taken.
        """

    def other_states(self) -> Sequence[State]:
        """The states of the other environments that are kept in the same place, as `read` gives them."""
