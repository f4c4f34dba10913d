"""Runs jmctl in processes that die, fail or run out of disk at a chosen point. Knows jmctl; jmctl knows nothing of it.

Started as a script it reads one JSON object a line: {"id", "folder", "environment", "commands", "said", "strike"}. For
each it forks a process that runs the commands and answers {"id", "codes"}: one code a command, -9 for a kill. The
modules are imported once, here, and the processes share nothing else.

`strike` is null or {"point", "fault", "truth", "bystander", "ids", "trace"}: every point that is reached is written to
the file `trace`, and the last of them is the one that was struck. What it is struck with:

    kill        SIGKILL of the process, by itself, at that point
    exception   an error that nobody expects is raised there
    full        from there on every write and fsync of a file of the project fails for want of space
    death       as a kill, but within a process that lives on: from there on nothing is written, sent or removed

`truth` is what the service does with the request that is under way when the blow falls, and with the create of the
interview `bystander`, which is under way all along and is never answered: did, did_not, late (two seconds later).
`ids` names the interviews that exist by their ids. A point that is a number is the so-manieth that is reached.
"""

from __future__ import annotations

import asyncio
import errno
import gc
import json
import os
import select
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import httpx

import reconciler.cli.apply
import reconciler.cli.plan
import reconciler.cli.state
import reconciler.cli.state_repair
import reconciler.views.plan_text
import reconciler.views.problems
import reconciler.views.progress  # noqa: F401 - as all of these, so that no process has to import it
from reconciler import atomic_file
from reconciler.cli import main
from reconciler.engine import carry_out, find_lost, observe, session, settle  # noqa: F401 - warmed up
from reconciler.plan import lost_creates  # noqa: F401 - warmed up
from reconciler.project import cache, config_validate, validate  # noqa: F401 - warmed up
from reconciler.resources.interview import checks  # noqa: F401 - warmed up
from reconciler.resources.mark import parse_mark
from reconciler.sandbox.delayed import Request
from reconciler.sandbox.service import BASE, Service
from reconciler.sandbox.transport import SandboxTransport
from reconciler.state import lock
from reconciler.state.backend import Holder
from reconciler.state.journal import Journal
from reconciler.state.records import Confirmed, Record

LATE_SECONDS = 2.0
GIVES_UP = 0.4  # seconds after which the bystander's connection breaks when no blow falls before
BEFORE, HALF, WRITTEN, FSYNCED = "before the write", "half written", "written", "fsynced"
SENT = "sent, no answer yet"


def _named(code: Any) -> str:
    """The name in a mark, empty without one."""
    mark = parse_mark(code)
    return mark.name if mark else ""


class Blow(Exception):
    """What nobody expects."""


class Strike:
    """Where the blow falls, and what it is."""

    def __init__(self, given: dict[str, Any]) -> None:
        self.point, self.fault, self.truth = given["point"], given["fault"], given["truth"]
        self.bystander = given["bystander"]
        self.struck = self.full = self.dead = self.is_bystander_sent = False
        self._count = 0
        self.phase = "apply"
        self._trace = given["trace"]
        self._seen: dict[str, int] = {}

    def at(self, *points: str) -> None:
        """One of `points` is reached now."""
        for point in points:
            self._at(point)

    def _at(self, point: str) -> None:
        number = self._seen[point] = self._seen.get(point, 0) + 1
        point = point if number == 1 else f"{point} ({number})"
        if self.point is None:
            self._note(point)
        self.check_alive()
        self._count += 1
        if self.struck or self.point not in (point, self._count):
            return
        self.struck = True
        if self._trace:
            self._note(point)
        if self.fault == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        self.dead = self.fault == "death"
        if self.fault in ("exception", "death"):
            raise Blow(point)
        self.full = True

    def _note(self, point: str) -> None:
        with open(self._trace, "a", encoding="utf-8") as file:  # noqa: PTH123 - Path.open is among what is watched
            file.write(f"{point}\n")

    def is_next(self, *points: str) -> bool:
        number = self.point if isinstance(self.point, int) else 0
        return not self.struck and (self.point in points or self._count < number <= self._count + len(points))

    def check_alive(self) -> None:
        if self.dead:
            raise Blow("dead")

    def check_room(self) -> None:
        if self.full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class Watched:
    """A file of the state that is written to."""

    def __init__(self, raw: Any, labels: Callable[[bytes], list[str]], strike: Strike) -> None:
        self._raw, self._labels, self._strike = raw, labels, strike

    def write(self, data: Any) -> int:
        data = bytes(data)
        labels = self._labels(data)
        points = {moment: [f"{label}: {moment}" for label in labels] for moment in (BEFORE, HALF, WRITTEN)}
        self._strike.at(*points[BEFORE])
        if self._strike.full or self._strike.is_next(*points[HALF]):
            self._raw.write(data[: len(data) // 2])
            self._raw.flush()
            self._strike.at(*points[HALF])
            self._strike.check_room()
        else:
            self._strike.at(*points[HALF])
        written: int = self._raw.write(data)
        self._raw.flush()
        self._strike.at(*points[WRITTEN])
        return written

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._raw.close()


Patch = Callable[[Any, str, Any], None]


def install(folder: Path, given: dict[str, Any], patch: Patch = setattr) -> Strike:
    """Wraps every durable step of this process; what follows is its end or its fault."""
    strike = Strike(given)
    names: dict[str, str] = dict(given["ids"])
    writing: list[Record] = []
    _watch_lock(strike, patch)
    _watch_phases(strike, patch)
    _watch_files(folder / "state", strike, writing, patch)
    _watch_records(writing, names, patch)
    _watch_requests(strike, names, patch)
    return strike


def _watch_lock(strike: Strike, patch: Patch) -> None:
    acquire, write = lock.acquire, lock._write

    @contextmanager
    def held(path: Path, holder: Holder) -> Iterator[str | None]:
        with acquire(path, holder) as left:
            strike.at("lock: taken")
            yield left

    def written(file: Any, data: bytes) -> None:
        if not strike.dead:  # the kernel takes back the lock of the dead, and that is all
            write(file, data)

    patch(lock, "acquire", held)
    patch(lock, "_write", written)


def _watch_phases(strike: Strike, patch: Patch) -> None:
    settle_doubts = settle.settle

    async def settled(*arguments: Any) -> Any:
        strike.phase = "settle"
        try:
            return await settle_doubts(*arguments)
        finally:
            strike.phase = "apply"

    patch(settle, "settle", settled)


def _watch_files(state: Path, strike: Strike, writing: list[Record], patch: Patch) -> None:  # noqa: C901 - one wrapper a call
    opened, renamed, removed, synced = Path.open, Path.replace, Path.unlink, os.fsync
    created = atomic_file._opened

    def kind(path: str) -> str | None:
        if path == str(state):
            return "folder"
        if not path.startswith(f"{state}/"):
            return None
        return "journal" if path.endswith(".journal") else "snapshot"

    def labels(path: str) -> Callable[[bytes], list[str]]:
        def told(_: bytes) -> list[str]:
            if kind(path) == "journal" and writing:
                named = (f"record {record.address.name} {record.record}" for record in writing)
                return ["settle: record"] if strike.phase == "settle" else list(named)
            return [f"{strike.phase}: {'journal header' if kind(path) == 'journal' else 'snapshot'}"]

        return told

    def open_(self: Path, mode: str = "r", *arguments: Any, **options: Any) -> Any:
        if mode[0] in "wx" and kind(str(self)):
            strike.check_alive()
        raw = opened(self, mode, *arguments, **options)
        return Watched(raw, labels(str(self)), strike) if mode[0] in "wx" and kind(str(self)) else raw

    def new(path: Path, mode: int | None) -> Any:
        if not kind(str(path)):
            return created(path, mode)
        strike.check_alive()
        return Watched(created(path, mode), labels(str(path)), strike)

    def fsync(descriptor: int) -> None:
        path = str(Path(f"/proc/self/fd/{descriptor}").readlink()).removesuffix(" (deleted)")
        what = kind(path)
        if what in ("journal", "snapshot"):
            strike.check_alive()
            strike.check_room()
        synced(descriptor)
        if what == "folder":
            strike.at(f"{strike.phase}: folder synced")
        elif what:
            strike.at(*(f"{label}: {FSYNCED}" for label in labels(path)(b"")))

    def replace(self: Path, target: Path) -> Path:
        strike.check_alive()
        done = renamed(self, target)
        if kind(str(target)) == "snapshot":
            strike.at(f"{strike.phase}: snapshot renamed")
        return done

    def unlink(self: Path, **options: Any) -> None:
        if kind(str(self)):
            strike.check_alive()
        removed(self, **options)
        if kind(str(self)) == "journal":
            strike.at(f"{strike.phase}: journal removed")

    for owner, name, wrapper in ((Path, "open", open_), (Path, "replace", replace), (Path, "unlink", unlink)):
        patch(owner, name, wrapper)
    patch(atomic_file, "_opened", new)
    patch(os, "fsync", fsync)


def _watch_records(writing: list[Record], names: dict[str, str], patch: Patch) -> None:
    append = Journal.append

    def appended(self: Journal, records: Sequence[Record]) -> None:
        writing[:] = records
        names.update((record.id, record.address.name) for record in records if isinstance(record, Confirmed))
        try:
            append(self, records)
        finally:
            writing.clear()

    patch(Journal, "append", appended)


def _watch_requests(strike: Strike, names: dict[str, str], patch: Patch) -> None:  # noqa: C901 - as above
    handle = SandboxTransport.handle_async_request

    async def asked(self: SandboxTransport, request: httpx.Request) -> httpx.Response:
        strike.check_alive()
        if request.method != "POST":
            return await handle(self, request)
        body = json.loads(await request.aread())
        call = request.url.path.rsplit("/", 1)[-1].removeprefix("job-interview-").removesuffix("-from-array")
        name = names.get(body.get("position_id"), "") or _named(body.get("code"))
        if call == "create" and name == strike.bystander:
            return await bystander(self, request)
        label = f"request {name} {' '.join(filter(None, (call, body.get('status') if call == 'set-state' else None)))}"
        await after_bystander()
        strike.at(f"{label}: not sent yet")
        if strike.is_next(f"{label}: {SENT}"):
            answer = await done(self, request)
            strike.at(f"{label}: {SENT}")
            if answer is None:
                raise httpx.ReadError("", request=request)
            return answer
        strike.at(f"{label}: {SENT}")
        answer = await handle(self, request)
        strike.at(f"{label}: answered")
        return answer

    async def after_bystander() -> None:
        give_up = time.monotonic() + GIVES_UP
        while strike.bystander and not strike.is_bystander_sent and time.monotonic() < give_up:  # noqa: ASYNC110
            await asyncio.sleep(0.001)

    async def done(self: SandboxTransport, request: httpx.Request) -> httpx.Response | None:
        if strike.truth == "did":
            return await handle(self, request)
        if strike.truth == "late":
            parts = (request.method, request.url.path.removeprefix(BASE), {}, dict(request.headers))
            self.service.postpone(LATE_SECONDS, Request(*parts, await request.aread()))
        return None

    async def bystander(self: SandboxTransport, request: httpx.Request) -> httpx.Response:
        await done(self, request)
        strike.is_bystander_sent = True
        give_up = time.monotonic() + GIVES_UP
        while not strike.struck and time.monotonic() < give_up:  # noqa: ASYNC110 - set by another thread
            await asyncio.sleep(0.005)
        raise httpx.ReadError("", request=request)

    patch(SandboxTransport, "handle_async_request", asked)


# -- the process that forks


def warm_up() -> None:
    """What every process would import or build first. No thread may live when a process is forked."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        made = Service(Path(folder))
        for method, operation in (("GET", "merchant-interview-list"), ("GET", "job-interview-get")):
            made.outcome(method, f"{BASE}{operation}", {}, {"authorization": "Bearer x"}, b"")
        for operation in ("create-from-array", "update", "set-state"):
            made.outcome("POST", f"{BASE}job-interview-{operation}", {}, {"authorization": "Bearer x"}, b"{}")
        made.close()
    gc.collect()
    gc.freeze()  # else every process copies all pages when it collects


def child(job: dict[str, Any]) -> None:
    """One process's whole life; ends it."""
    codes: list[int] = []
    said = os.open(job["said"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    null = os.open(os.devnull, os.O_RDONLY)
    for number, target in ((null, 0), (said, 1), (said, 2)):
        os.dup2(number, target)
    os.environ.clear()
    os.environ.update(job["environment"])
    os.chdir(job["folder"])
    if job.get("strike"):
        install(Path(job["folder"]), job["strike"])
    for command in job["commands"]:
        sys.argv = ["jmctl", *command]
        codes.append(main())
        sys.stdout.flush()
    Path(job["said"]).with_suffix(".codes").write_text(json.dumps(codes), encoding="utf-8")
    os._exit(0)


def forked() -> None:
    """Answers jobs until standard input ends."""
    warm_up()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    jobs: dict[int, dict[str, Any]] = {}
    waiting, ended = b"", False
    while jobs or not ended:
        if not ended and select.select([0], [], [], 0.004)[0]:
            data = os.read(0, 65536)
            ended = not data
            *lines, waiting = (waiting + data).split(b"\n")
            for line in lines:
                job = json.loads(line)
                pid = os.fork()
                if pid == 0:
                    try:
                        child(job)
                    finally:
                        os._exit(99)
                jobs[pid] = job
        elif ended:
            time.sleep(0.004)
        with suppress(ChildProcessError):
            while (done := os.waitpid(-1, os.WNOHANG))[0]:
                job = jobs.pop(done[0])
                codes = Path(job["said"]).with_suffix(".codes")
                told = json.loads(codes.read_bytes()) if codes.exists() else []
                status = os.waitstatus_to_exitcode(done[1])
                sys.stdout.write(json.dumps({"id": job["id"], "codes": [*told, *([status] if status else [])]}) + "\n")
                sys.stdout.flush()


if __name__ == "__main__":
    forked()
