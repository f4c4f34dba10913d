"""Group commit for the state: `record` returns once its record is durable; records of one moment share an fsync."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from reconciler.state.backend import StateWriter
from reconciler.state.records import Begun, Record

_Batch = list[tuple[Record, asyncio.Future[None]]]


class Recorder:
    """Hands records to the writer of the state: intents are announced, the rest is appended.

    The records of one resource keep their order, because each is waited for before the next. `failing` says that
    something could not be written; `lost` holds what of it was known already. For one event loop.
    """

    def __init__(self, writer: StateWriter) -> None:
        self._state = writer
        self._waiting: _Batch = []
        self._writer: asyncio.Task[None] | None = None
        self.lost: list[Record] = []
        self.failing = False

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
            intents = [one for one in batch if isinstance(one[0], Begun)]
            await self._write_batch(intents, self._announce)
            await self._write_batch([one for one in batch if not isinstance(one[0], Begun)], self._state.append)

    def _announce(self, records: Sequence[Record]) -> None:
        self._state.announce([record for record in records if isinstance(record, Begun)])

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
