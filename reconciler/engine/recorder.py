"""Between those who apply and the journal: many records, one fsync; whoever waited knows that the record is on disk."""

from __future__ import annotations

import asyncio

from reconciler.state.local import Journal
from reconciler.state.records import Begun, Record


class Recorder:
    """Puts records into the journal in the order in which they came.

    `failing` says that something could not be written; `lost` holds what of it was known already.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._waiting: list[tuple[Record, asyncio.Future[None]]] = []
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
            try:
                await asyncio.to_thread(self._journal.append, [record for record, _ in batch])
            except Exception as error:  # noqa: BLE001 - whoever waits must hear of it, whatever it is
                self.failing = True
                # an intent that was not written was not acted on, so nothing is lost with it
                self.lost.extend(record for record, _ in batch if not isinstance(record, Begun))
                for _, done in batch:
                    done.set_exception(error)
                    done.exception()  # who waited may have been cancelled, and asyncio would complain of nobody asking
                continue
            for _, done in batch:
                done.set_result(None)

    async def drain(self) -> None:
        """Returns once nothing waits to be written."""
        if self._writer is not None:
            await self._writer
