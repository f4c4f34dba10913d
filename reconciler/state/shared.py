"""The state of one environment in a store that outlives the runner, over any compare-and-swap of one document.

    read      one get, and the records that an ended run left on this machine
    open      the same, under this machine's lock; Locked while the lease of another run holds. Nothing is written
    first     announcing or appending takes the lease and announces in one swap of the version that was read
    work      a thread pushes outcomes and renews the lease; what is not pushed yet is in the journal on this machine
    finish    outcomes and the release of the lease in one swap, so that an apply writes twice

`shared_writer` has the writer, `lease` the lease, `local_copy` the files on this machine.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

from reconciler.errors import Locked, Where
from reconciler.state.backend import Holder, Snapshot
from reconciler.state.lease import Lease
from reconciler.state.local_copy import LocalCopy, Pending
from reconciler.state.model import State
from reconciler.state.shared_document import Found, SharedPlace, read_document
from reconciler.state.shared_writer import SharedWriter


class SharedBackend:
    """The state of `environment` at `place`. `notify` is called with what the user should hear once, in words."""

    def __init__(self, place: SharedPlace, environment: str, notify: Callable[[str], None] = lambda _: None) -> None:
        self._place = place
        self._environment = environment
        self._notify = notify
        self._store = place.store(environment)
        key = sha256(self._store.label.encode()).hexdigest()[:24]
        self._folder = place.folder / key / environment

    @property
    def label(self) -> str:
        """The store's own label."""
        return self._store.label

    def read(self) -> Snapshot:
        """See `Backend.read`. Raises Unreachable too."""
        found = self._found()
        pending = self._local().pending()
        state = pending.taken_up(found.state if found.version else None) if pending else found.state
        return replace(found.snapshot, state=state)

    @contextmanager
    def open(self, holder: Holder) -> Iterator[SharedWriter]:
        """See `Backend.open`. Takes this machine's lock, and the lease only when something is to be written."""
        from reconciler.state.lock import acquire

        local = self._local()
        with acquire(local.lock, holder):
            found, pending = self._found(), local.pending()
            self._check_free(found.lease, pending)
            left_behind = str(found.lease) if found.lease.id else None
            writer = SharedWriter(self._store, found, local, holder, self._place, left_behind)
            try:
                if pending:
                    writer.take_up(pending)
                for notice in self._store.notices:
                    self._notify(notice)
                yield writer
            finally:
                writer.close()

    def other_states(self) -> list[State]:
        """Those of the project's other environments that are in the same place."""
        others = [name for name in self._place.environments if name != self._environment]
        snapshots = [SharedBackend(self._place, name).read() for name in sorted(others)]
        return [snapshot.state for snapshot in snapshots if snapshot.version or snapshot.state.entries]

    def _local(self) -> LocalCopy:
        return LocalCopy(self._folder, self._place.check_attributes)

    def _found(self) -> Found:
        return read_document(self._store, self._place.check_attributes)

    def _check_free(self, lease: Lease, pending: Pending | None) -> None:
        """Raises Locked while the lease of another run holds; that of a run which ended on this machine does not."""
        free_from = lease.free_from(self._place.timing)
        if not lease.id or time.time() > free_from or (pending and pending.lease == lease.id):
            return
        try:
            until = datetime.fromtimestamp(free_from, UTC).isoformat(timespec="seconds")
        except (ValueError, OverflowError):
            until = "an end that cannot be read"
        hint = f"wait for it to end; if it has ended without a word, its lease is free from {until} on"
        raise Locked("another jmctl is at work", str(lease), hint=hint, where=Where(self.label))
