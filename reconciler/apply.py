"""Walks a plan: intent on disk, request, outcome on disk, next. One failure does not stop the others.

Every record is fsynced before anything that depends on it is done or told; those that arrive together share an fsync.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from reconciler.creation import create_body, created_part, mark, remaining_part
from reconciler.desired import Desired
from reconciler.errors import JmctlError
from reconciler.plan import Action, Change
from reconciler.remote import Changed, Created, NotSent, Rejected, Unknown, Writer
from reconciler.seal import seal
from reconciler.state import Applied, Begun, Closed, Confirmed, Doubted, Record
from reconciler.store import Journal

Ending = Literal["done", "failed", "unknown", "not started"]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one change."""

    name: str
    action: Action
    ending: Ending
    id: str | None = None
    detail: str = ""


class Brake:
    """Once `pulled` nothing new is started and what is under way is finished; `interrupted` when a human pulled it."""

    def __init__(self) -> None:
        self.pulled = False
        self.interrupted = False


class Recorder:
    """Puts records into the journal, many waiters to one fsync.

    `lost` holds what could not be written, so that whoever runs the apply can still say it.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._waiting: list[tuple[Record, asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None
        self.lost: list[Record] = []

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
            except JmctlError as error:
                self.lost.extend(record for record, _ in batch)
                for _, done in batch:
                    done.set_exception(error)
                continue
            for _, done in batch:
                done.set_result(None)

    async def drain(self) -> None:
        """Returns once nothing waits to be written."""
        if self._writer is not None:
            await self._writer


@dataclass(frozen=True, slots=True)
class Applier:
    """What applying one change needs; `project` names the owner in the mark."""

    service: Writer
    recorder: Recorder
    recipients: tuple[str, ...]
    project: str

    async def apply(self, change: Change) -> Result:
        """Carries out one change. Never raises for what the service or the network does."""
        if change.action is Action.CREATE and change.desired is not None:
            return await self._create(change, change.desired)
        if change.action is Action.SETTLE:
            return Result(change.name, change.action, "unknown", detail=change.notes[0])
        raise AssertionError(f"the plan was not checked for {change.action}")

    async def _create(self, change: Change, desired: Desired) -> Result:
        attempt = uuid.uuid4().hex
        code = None if desired.spec.get("code") else mark(self.project, desired.name)
        sent = created_part(desired.spec)
        await self.recorder.record(Begun(desired.name, attempt, now(), sent, code, desired.lifecycle))
        outcome = await self.service.create(create_body(sent, code))
        match outcome:
            case Created():
                await self.recorder.record(self._confirmed(desired.name, attempt, outcome))
                return await self._finish(change, desired, outcome.id)
            case Rejected() | NotSent():
                await self.recorder.record(Closed(desired.name, attempt, now(), outcome.reason))
                return Result(desired.name, change.action, "failed", detail=told(outcome))
            case Unknown():
                await self.recorder.record(Doubted(desired.name, attempt, now(), outcome.reason))
                return Result(desired.name, change.action, "unknown", detail=told(outcome))

    def _confirmed(self, name: str, attempt: str, created: Created) -> Confirmed:
        key = created.embed_signing_key
        sealed = seal(key, self.recipients) if key else None
        return Confirmed(name, attempt, now(), created.id, created.embed_id, sealed)

    async def _finish(self, change: Change, desired: Desired, interview_id: str) -> Result:
        """The fields that the create could not take; until they are there, the next plan shows them."""
        patch = remaining_part(desired.spec)
        if patch:
            outcome = await self.service.update(interview_id, patch)
            if not isinstance(outcome, Changed):
                detail = f"created, but {', '.join(patch)} not set: {told(outcome)}"
                return Result(desired.name, change.action, "failed", interview_id, detail)
            await self.recorder.record(Applied(desired.name, now(), desired.spec, desired.lifecycle))
        return Result(desired.name, change.action, "done", interview_id)


async def apply_all(
    changes: Sequence[Change],
    applier: Applier,
    concurrency: int,
    brake: Brake,
    watch: Callable[[Result], None],
) -> list[Result]:
    """Carries out `changes`, at most `concurrency` at a time, and gives a result for each, in their order.

    Cancelling it stops at once: what is then under way is left in doubt in the journal.
    """
    results: dict[str, Result] = {}
    waiting = iter(changes)

    async def work() -> None:
        for change in waiting:
            if brake.pulled:
                return
            results[change.name] = Result(change.name, change.action, "unknown", detail="interrupted while under way")
            try:
                result = await applier.apply(change)
            except JmctlError as error:  # the journal cannot be written: nothing more may be begun
                brake.pulled = True
                result = replace(results[change.name], detail=error.problems[0].summary)
            results[change.name] = result
            watch(result)

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(min(concurrency, len(changes))):
                group.create_task(work())
    except asyncio.CancelledError:
        current = asyncio.current_task()
        if current is not None:
            current.uncancel()
    await applier.recorder.drain()
    return [results.get(change.name) or Result(change.name, change.action, "not started") for change in changes]


def told(outcome: NotSent | Rejected | Unknown) -> str:
    """One line for the result table."""
    match outcome:
        case NotSent():
            return f"not sent: {outcome.reason}"
        case Rejected():
            field = f" ({outcome.field})" if outcome.field else ""
            return f"rejected with {outcome.status}: {outcome.reason}{field}"
        case Unknown():
            return outcome.reason


def now() -> str:
    """The time of a record: UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def exit_code(results: Iterable[Result]) -> int:
    """4 when an outcome is unknown, 3 when something was applied and something was not, 1 when nothing was, else 0."""
    endings = {result.ending for result in results}
    if "unknown" in endings:
        return 4
    if endings & {"failed", "not started"}:
        return 3 if "done" in endings else 1
    return 0
