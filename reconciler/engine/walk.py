"""Walks a plan: several changes at a time, one failure does not stop the others, a pulled brake starts nothing new."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from reconciler.address import Address
from reconciler.engine.apply_change import Applier
from reconciler.errors import JmctlError, Refused
from reconciler.plan.guards import ApplyPolicy, refusals
from reconciler.plan.model import Change
from reconciler.plan.outcome import Result


class StopSignal:
    """Once `pulled` nothing new is started and what is under way is finished; `interrupted` when a human pulled it."""

    def __init__(self) -> None:
        self.pulled = False
        self.interrupted = False


@dataclass(frozen=True, slots=True)
class Walker:
    """Carries out changes with `applier`, at most `concurrency` at a time, as far as `permit` allows."""

    applier: Applier
    permit: ApplyPolicy
    concurrency: int

    async def walk(self, changes: Sequence[Change], brake: StopSignal, watch: Callable[[Result], None]) -> list[Result]:
        """A result for each change, in their order; `watch` is called with each as it comes.

        Raises Refused, before anything is sent, when the permit does not allow one of them: the guards hold here, where
        things are done, whoever planned them. Cancelling it stops at once: what is under way is left in doubt.
        """
        problems = refusals(changes, self.permit)
        if problems:
            raise Refused.because(problems)
        results: dict[Address, Result] = {}
        waiting = iter(changes)

        async def work() -> None:
            for change in waiting:
                if brake.pulled:
                    return
                results[change.address] = Result(change.address, change.action, "interrupted")
                results[change.address] = result = await self._one(change, brake)
                watch(result)

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(self.concurrency, len(changes))):
                    group.create_task(work())
        except asyncio.CancelledError:
            current = asyncio.current_task()
            if current is not None:
                current.uncancel()
        await self.applier.recorder.drain()
        return [
            results.get(change.address) or Result(change.address, change.action, "not started") for change in changes
        ]

    async def _one(self, change: Change, brake: StopSignal) -> Result:
        try:
            result = await self.applier.apply(change)
        except JmctlError as error:  # done, but it cannot be written down: nothing more may be begun
            result = Result(change.address, change.action, "unknown", change.interview_id, error.problems[0].summary)
        brake.pulled |= result.denied or self.applier.recorder.failing
        return result


def exit_code(results: Iterable[Result]) -> int:
    """4 when an outcome is unknown, 3 when something was applied and something was not, 1 when nothing was, else 0."""
    endings = {result.ending for result in results}
    if "unknown" in endings:
        return 4
    if endings & {"failed", "interrupted", "not started"}:
        return 3 if "done" in endings else 1
    return 0
