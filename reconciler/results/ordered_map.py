"""Work at bounded concurrency whose results come in the order of the items, holding no more than a window of them."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

_Item = TypeVar("_Item")
_Done = TypeVar("_Done")

_WINDOW = 2  # times the concurrency: a slow one holds up the order, but not at once the work behind it


async def in_order(
    items: AsyncIterator[_Item], work: Callable[[_Item], Awaitable[_Done]], concurrency: int
) -> AsyncIterator[_Done]:
    """What `work` makes of each item; at most `concurrency` are worked on at a time. The first error ends it all."""
    limit = asyncio.Semaphore(concurrency)
    pending: deque[asyncio.Task[_Done]] = deque()

    async def limited(item: _Item) -> _Done:
        async with limit:
            return await work(item)

    try:
        async for item in items:
            pending.append(asyncio.create_task(limited(item)))
            while pending and (len(pending) >= concurrency * _WINDOW or pending[0].done()):
                yield await pending.popleft()
        while pending:
            yield await pending.popleft()
    finally:
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
