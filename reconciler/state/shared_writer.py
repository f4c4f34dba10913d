"""The writer of a shared state: swaps of one document that keep a lease, and a thread that pushes outcomes.

A swap can end in ways that look alike: it was refused, its answer was lost, another run wrote. Reading again tells: the
same bytes are ours; the same version was not replaced; with our lease in it, another writer merged into it; with
another lease, ours was taken over. Then no create may leave any more, and what is known is merged into their state.

Every swap raises the serial, because GitLab refuses one that it stored before.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from reconciler.errors import JmctlError, Locked, Misconfigured, Where
from reconciler.state.backend import Holder, Snapshot
from reconciler.state.elapsed import elapsed
from reconciler.state.lease import Lease, dump_leased
from reconciler.state.local_copy import LocalCopy, Pending
from reconciler.state.merge import merge
from reconciler.state.model import State
from reconciler.state.pusher import Pusher
from reconciler.state.records import Begun, Record
from reconciler.state.replay import replay
from reconciler.state.shared_document import Found, SharedPlace, read_document
from reconciler.state.stores.cas import CompareAndSwap, Conflict, Unreachable
from reconciler.state.stores.probe import probe

_TRIES = 8  # of one swap against writers who do not hold the lease


class SharedWriter:
    """See `StateWriter`. Takes the lease with the first write and releases it with `finish`.

    `_swapping` is held during a swap, which may take long; `_guard` while records and what they continue change.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what is open, where, by whom
        self,
        store: CompareAndSwap,
        found: Found,
        local: LocalCopy,
        holder: Holder,
        place: SharedPlace,
        left_behind: str | None,
    ) -> None:
        self._store, self._local, self._holder, self._place = store, local, holder, place
        self._found = found  # the last document that is known to have been stored
        self._base = found.state  # what `_records` continue
        self._records: list[Record] = []
        self._lease: Lease | None = None
        self._confirmed = 0.0
        self._is_lost = False
        self._swapping = threading.Lock()
        self._guard = threading.Lock()
        self._pusher = Pusher(self._push, min(place.timing.interval, place.timing.lease / 3))
        self.left_behind = left_behind
        self.snapshot = found.snapshot

    @property
    def state(self) -> State:
        """See `StateWriter.state`."""
        with self._guard:
            return replace(replay(self._base, self._records), serial=self.snapshot.state.serial)

    @property
    def announces_together(self) -> bool:
        """See `StateWriter.announces_together`."""
        return True

    @property
    def stored(self) -> Snapshot:
        """See `StateWriter.stored`."""
        return self._found.snapshot

    @property
    def unstored(self) -> Sequence[Record]:
        """See `StateWriter.unstored`."""
        with self._guard:
            return tuple(self._records)

    def take_up(self, pending: Pending) -> None:
        """Stores what an ended run left on this machine, and releases its lease."""
        found = self._found
        state = pending.taken_up(found.state if found.version else None)
        is_new = state != (found.state if found.version else State(state.lineage))
        if is_new or found.lease.id:
            self._base = state
            with self._swapping:
                self._swap(release=True)
            self.snapshot = self._found.snapshot
        self._local.clear()

    def announce(self, intents: Sequence[Begun]) -> None:
        """One swap, which takes the lease where it is not held yet. Raises Unreachable too."""
        with self._swapping:
            if self._is_lost:
                raise self._overtaken()
            if intents or self._lease is None:
                self._swap(intents)
        self._pusher.start()

    def append(self, records: Sequence[Record]) -> None:
        """An fsync on this machine; the thread pushes them later."""
        if self._lease is None and not self._is_lost:
            self.announce(())
        with self._guard:
            self._local.append(records)
            self._records.extend(records)
            if len(self._records) >= self._place.timing.batch:
                self._pusher.wake()

    def checkpoint(self) -> None:
        """One swap, if anything is not stored yet. Raises Unreachable too."""
        with self._swapping:
            if self._records:
                self._swap()

    def finish(self, unwritten: Sequence[Record] = ()) -> Snapshot:
        """One swap with the release of the lease. Raises Unreachable too."""
        with self._swapping:
            if self._lease or self._records or unwritten:
                self._swap(unwritten, release=True)
                self.snapshot = self._found.snapshot
        return self.snapshot

    def install(self, state: State) -> Snapshot:
        """See `StateWriter.install`."""
        self._base, self._found = state, replace(self._found, state=state)
        with self._swapping:
            self._swap(release=True)
        self.snapshot = self._found.snapshot
        return self.snapshot

    def seconds_left(self) -> float:
        """Since the start of the last confirmed write, on a clock that counts suspended time; 0 without the lease."""
        if self._lease is None or self._is_lost:
            return 0.0
        return self._confirmed + self._place.timing.lease - elapsed()

    def close(self) -> None:
        """Ends the thread; stores what is not stored yet and releases the lease, if the store can be reached."""
        self._pusher.close()
        with suppress(JmctlError), self._swapping:  # the journal stays, and the lease ends by itself
            if self._lease or self._records:
                self._swap(release=True)
        self._local.close()

    def _swap(self, extra: Sequence[Record] = (), *, release: bool = False) -> None:
        """Stores everything acknowledged, and `extra`. Only while `_swapping` is held.

        Raises Locked when another run wrote and the lease is not ours; Unreachable; Misconfigured.
        """
        if self._found.version is None and self._lease is None:
            probe(self._store)
        with self._guard:
            count = len(self._records)
            state = replay(self._base, [*self._records, *extra])
        goal = state
        for _ in range(_TRIES):
            began, before = elapsed(), self._found
            lease = self._next_lease(release=release)
            goal = replace(goal, serial=before.state.serial + 1)
            data = dump_leased(goal, lease)
            version = self._put(data, f"{self._holder.command}\n\n{lease if lease.id else self._holder}\n")
            if version:
                break
            if self._is_lost and any(isinstance(record, Begun) for record in extra):
                raise self._overtaken()
            goal = merge(before.state, goal, self._found.state).state
        else:
            raise self._overtaken()
        self._found = Found(goal, lease, version, data)
        self._confirmed = began
        with self._guard:
            self._continue(state, goal, count)
            self._lease = None if release else self._lease if self._is_lost else lease
            self._keep(lease, release=release)

    def _next_lease(self, *, release: bool) -> Lease:
        if self._is_lost:
            return self._found.lease
        if release:
            return (self._lease or self._found.lease).free()
        lease = self._lease or self._found.lease.taken(uuid.uuid4().hex, self._holder, self._place.run)
        return lease.ending(time.time() + self._place.timing.lease)

    def _put(self, data: bytes, note: str) -> str | None:
        """The new version; None when another document is stored, which is `_found` then."""
        try:
            return self._store.put(data, self._found.version, note)
        except (Conflict, Unreachable) as error:
            found = read_document(self._store, self._place.check_attributes)
            if found.version and found.data == data:
                return found.version
            if found.version == self._found.version:
                if isinstance(error, Unreachable):
                    raise
                return None
            if self._lease is None:
                raise self._overtaken() from None
            if found.version is None:  # removed meanwhile: what we know of it is stored anew
                found = Found(self._found.state)
            else:
                self._is_lost = found.lease.id != self._lease.id
            self._found = found
            return None

    def _continue(self, state: State, goal: State, count: int) -> None:
        """What came since `state` was taken, `_records` from `count` on, continues `goal`, which is stored."""
        since = self._records[count:]
        with suppress(KeyError):
            replay(goal, since)
            self._base, self._records = goal, since
            return
        # others removed what these records change: it stays, and counts as not stored until the next swap
        self._base = merge(state, replay(state, since), goal).state
        self._records = []

    def _keep(self, lease: Lease, *, release: bool) -> None:
        """Brings the files on this machine up to what was just stored."""
        if release and not self._records:
            self._local.clear()
            return
        try:
            self._local.begin(self._base, self._records, lease.id)
        except Misconfigured:
            if not self._local.is_open:
                raise
            # the journal before it holds all of that too, and the store has the rest

    def _push(self) -> None:
        with suppress(JmctlError), self._swapping:  # tried again at the next turn, and at the end
            is_old = elapsed() - self._confirmed >= self._place.timing.lease / 3
            if self._lease and (self._records or is_old):
                self._swap()

    def _overtaken(self) -> Locked:
        detail = str(self._found.lease) if self._is_lost else "the state was written since it was read"
        return Locked("another run wrote the state", detail, hint="run it again", where=Where(self._store.label))
