"""Walk a plan: several changes at a time; a failure does not stop the others, after a stop request none is started."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from reconciler.address import Address
from reconciler.engine.apply_change import Applier
from reconciler.errors import JmctlError, Refused
from reconciler.plan.guards import ApplyPolicy, refusals
from reconciler.plan.model import Change
from reconciler.plan.outcome import Result


class StopSignal:
    """Asks a running apply to stop. Set by the caller, from any thread or from a signal handler; for one apply."""

    def __init__(self) -> None:
        self.requested = False
        self.aborted = False
        self._listeners: list[Callable[[], None]] = []

    def request(self) -> None:
        """Start no further change; finish what is under way."""
        self.requested = True

    def abort(self) -> None:
        """Stop at once: the outcome of what is under way may stay unknown until the next run looks it up."""
        self.requested = self.aborted = True
        for listener in tuple(self._listeners):
            listener()

    @contextmanager
    def calling(self, listener: Callable[[], None]) -> Iterator[None]:
        """Calls `listener` on an abort within this context, in the thread that aborts."""
        self._listeners.append(listener)
        try:
            if self.aborted:
                listener()
            yield
        finally:
            self._listeners.remove(listener)


@dataclass(frozen=True, slots=True)
class Walker:
    """Carries out changes with `applier`, at most `concurrency` at a time, as far as `permit` allows."""

    applier: Applier
    permit: ApplyPolicy
    concurrency: int

    async def walk(self, changes: Sequence[Change], stop: StopSignal, watch: Callable[[Result], None]) -> list[Result]:
        """A result for each change, in their order; `watch` is called with each as it comes.

        Raises Refused, before anything is sent, when the policy does not allow one of them: the guards hold here, where
        things are done, whatever planned them. An abort leaves what is under way "interrupted"; cancelling it does the
        same and raises CancelledError.
        """
        problems = refusals(changes, self.permit)
        if problems:
            raise Refused.because(problems)
        results: dict[Address, Result] = {}
        walking = asyncio.create_task(self._walk(changes, stop, watch, results))
        loop = asyncio.get_running_loop()

        def cancel() -> None:
            loop.call_soon_threadsafe(walking.cancel)

        with stop.calling(cancel):
            try:
                await walking
            except asyncio.CancelledError:
                current = asyncio.current_task()
                if not stop.aborted or (current and current.cancelling()):
                    raise
            finally:
                await self.applier.recorder.drain()
        return [
            results.get(change.address) or Result(change.address, change.action, "not started") for change in changes
        ]

    async def _walk(
        self,
        changes: Sequence[Change],
        stop: StopSignal,
        watch: Callable[[Result], None],
        results: dict[Address, Result],
    ) -> None:
        waiting = iter(changes)
        is_halted = False

        async def work() -> None:
            nonlocal is_halted
            for change in waiting:
                if is_halted or stop.requested:
                    return
                results[change.address] = Result(change.address, change.action, "interrupted")
                results[change.address] = result = await self._one(change)
                # a refused token refuses all that follows; what cannot be recorded must not be begun, nor what outlives
                # the lease
                is_halted |= result.denied or self.applier.recorder.failing or not self.applier.recorder.has_time
                watch(result)

        async with asyncio.TaskGroup() as group:
            for _ in range(min(self.concurrency, len(changes))):
                group.create_task(work())

    async def _one(self, change: Change) -> Result:
        try:
            return await self.applier.apply(change)
        except JmctlError as error:  # done, but it cannot be written down: nothing more may be begun
            return Result(change.address, change.action, "unknown", change.interview_id, error.problems[0].summary)
