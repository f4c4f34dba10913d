"""The primitive that every shared store offers: one document, replaced only if it is still the one that was read.

Lease, announcement, checkpoints and merging are built on it once, in `state.shared`; a store knows nothing of states,
except that a document is the canonical JSON that `state.format` writes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from reconciler.errors import Unanswered


@dataclass(frozen=True, slots=True)
class Stored:
    """A document and its version: an opaque token that only the store that gave it can compare."""

    data: bytes
    version: str


class Conflict(Exception):
    """The stored document is not the expected version; nothing was written."""


class Unreachable(Unanswered):
    """The store did not answer, or it is unknown what came of a write. Reading again tells."""


class CompareAndSwap(Protocol):
    """One document in a store. Blocking; one thread at a time.

    Every call takes a bounded time. `put` is atomic: a reader sees the old document or the new one. What a round trip
    may lose: nothing, the bytes come back as they were written.
    """

    @property
    def label(self) -> str:
        """Where the document is, as the user would type it, without any credential."""

    @property
    def notices(self) -> tuple[str, ...]:
        """What the user should hear once, such as that another ref than the configured one is in use."""

    def get(self) -> Stored | None:
        """The document, or None when there is none yet.

        Raises Unreachable when the store does not answer, Misconfigured when it refuses, Damaged when what it holds is
        no document.
        """

    def put(self, data: bytes, expected: str | None, note: str = "") -> str:
        """Stores `data` if the stored version is `expected` (None: if nothing is stored); returns the new version.

        `note` describes the write where the store keeps a history. Raises Conflict when another version is stored,
        Unreachable when the outcome is unknown, Misconfigured when the store refuses the write.
        """

    def scratch(self, name: str) -> CompareAndSwap:
        """A document of its own beside this one, for probing; `name` is of a-z, 0-9 and -."""

    def remove(self) -> None:
        """Remove the document, as far as the store allows it; for scratch documents."""
