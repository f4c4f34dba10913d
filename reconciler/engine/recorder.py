"""Group commit for the state: `record` returns once its record is durable; records of one moment share an fsync."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from reconciler.state.backend import StateWriter
from reconciler.state.records import Begun, Record

_Batch = list[tuple[Record, asyncio.Future[None]]]


class Recorder:
    """Hands records to the writer of the state: intents are announced, the rest is appended.

    `call_seconds` is how long a request may take. The records of one resource keep their order, because each is waited
    for before the next. `failing` says that something could not be written; `lost` holds what of it was known already.
    For one event loop.
    """

    def __init__(self, writer: StateWriter, call_seconds: float = 0.0) -> None:
        self._state = writer
        self._call_seconds = call_seconds
        self._announced: set[str] = set()
        self._waiting: _Batch = []
        self._writer: asyncio.Task[None] | None = None
        self.lost: list[Record] = []
        self.failing = False
        self._ids: set[str] | None = None

    def knows(self, interview_id: str) -> bool:
        """Whether an entry has or had this id when the writer was opened, or since."""
        if self._ids is None:
            entries = self._state.state.entries.values()
            self._ids = {one for entry in entries for one in (entry.id, *(old.id for old in entry.history))}
        return interview_id in self._ids

    @property
    def has_time(self) -> bool:
        """Whether the lock of the state surely outlives a request that is sent now."""
        return self._state.seconds_left() > self._call_seconds

    async def announce(self, intents: Sequence[Begun]) -> None:
        """Announces `intents` together; when one of them is recorded again, it is only appended."""
        await asyncio.to_thread(self._announce, intents)

    async def record(self, record: Record) -> None:
        """Returns once `record` is on disk. Raises Misconfigured when it cannot be written."""
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((record, done))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        # shielded: a cancelled waiter must not take its record from the journal
        await asyncio.shield(done)

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            is_new = [isinstance(one, Begun) and not self.is_announced(one) for one, _ in batch]
            await self._write_batch([one for one, new in zip(batch, is_new, strict=True) if new], self._announce)
            await self._write_batch(
                [one for one, new in zip(batch, is_new, strict=True) if not new], self._state.append
            )

    def is_announced(self, intent: Begun) -> bool:
        """Whether the attempt of `intent` is known to the state."""
        return intent.attempt in self._announced

    def _announce(self, records: Sequence[Record]) -> None:
        intents = [record for record in records if isinstance(record, Begun)]
        self._state.announce(intents)
        self._announced.update(intent.attempt for intent in intents)

    async def _write_batch(self, batch: _Batch, write: Callable[[Sequence[Record]], None]) -> None:
        if not batch:
            return
        try:
            await asyncio.to_thread(write, [record for record, _ in batch])
        except Exception as error:  # noqa: BLE001 - every waiter must get the error, whatever it is
            self.failing = True
            # an intent that was not written was not acted on, so nothing is lost with it
            self.lost.extend(record for record, _ in batch if not isinstance(record, Begun))
            for _, done in batch:
                done.set_exception(error)
                done.exception()  # a cancelled waiter never asks for it, and asyncio would complain
            return
        for _, done in batch:
            done.set_result(None)

    async def drain(self) -> None:
        """Returns once nothing waits to be written."""
        if self._writer is not None:
            await self._writer
