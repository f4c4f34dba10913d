"""What a shared store holds of one environment, as values; and where the parts of a shared state are."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from reconciler.errors import Where
from reconciler.state.backend import Snapshot
from reconciler.state.format import AttributeCheck, parse_state
from reconciler.state.lease import Lease, Timing, split_lease
from reconciler.state.model import State
from reconciler.state.stores.cas import CompareAndSwap


@dataclass(frozen=True, slots=True)
class SharedPlace:
    """Where the states of a project are: a store for each environment, and a folder for this machine's part.

    `run` is the address of the pipeline's run, for those who have to wait for it. `environments` are all names of
    environments that may have a state there.
    """

    store: Callable[[str], CompareAndSwap]
    folder: Path
    timing: Timing = field(default_factory=Timing)
    run: str | None = None
    environments: Sequence[str] = ()
    check_attributes: AttributeCheck | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A document of a store: its state, its lease, its version (None: nothing is stored), its bytes."""

    state: State
    lease: Lease = field(default_factory=Lease)
    version: str | None = None
    data: bytes = b""

    @property
    def snapshot(self) -> Snapshot:
        """The state with what names its bytes."""
        digest = sha256(self.data).hexdigest() if self.version else None
        return Snapshot(self.state, self.version, digest)


def read_document(store: CompareAndSwap, check: AttributeCheck | None) -> Found:
    """What `store` holds; a new, empty state where it holds nothing. Raises as `CompareAndSwap.get`, and Damaged."""
    stored = store.get()
    if stored is None:
        return Found(State(str(uuid.uuid4())))
    where = Where(store.label)
    state, lease = split_lease(parse_state(stored.data, where, check), where)
    return Found(state, lease, stored.version, stored.data)
