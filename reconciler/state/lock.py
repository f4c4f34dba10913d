"""One jmctl at a time: a file lock that says who holds it, and that the end of its process releases."""

from __future__ import annotations

import getpass
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import orjson

from reconciler.errors import Locked, Misconfigured, Where
from reconciler.state.backend import Holder


@contextmanager
def acquire(path: Path, holder: Holder) -> Iterator[str | None]:
    """Holds the lock at `path`; yields who left it behind when its holder died without releasing it, else None.

    Raises Locked when a living process holds it, Misconfigured when it cannot be taken.
    """
    if path.is_symlink():  # writing to it would change a file elsewhere
        raise Misconfigured("the lock is a link", hint=f"remove it: rm {path}", where=Where(str(path)))
    try:
        import portalocker  # looks for a folder to write temporary files to, and fails where there is none
    except OSError as error:
        raise Misconfigured("the lock cannot be taken", str(error.strerror), hint="free space or set TMPDIR") from None
    lock = portalocker.Lock(path, mode="a+b", timeout=0, fail_when_locked=True)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = lock.acquire()
    except portalocker.exceptions.LockException:
        raise Locked(
            "another jmctl is at work",
            _describe(path.read_bytes()),
            hint="wait for it to end, then run this again",
            where=Where(str(path)),
        ) from None
    except OSError as error:
        raise Misconfigured("the lock cannot be taken", str(error.strerror), where=Where(str(path))) from None
    try:
        file.seek(0)
        left = file.read()
        with suppress(OSError):  # on a full disk the lock holds all the same; it only cannot say who holds it
            _write(file, orjson.dumps(holder))
        yield _describe(left) if left else None
    finally:
        with suppress(OSError):
            _write(file, b"")
        lock.release()


def _write(file: IO[Any], data: bytes) -> None:
    """Unbuffered, so that closing the file has nothing left to write that could fail."""
    os.truncate(file.fileno(), 0)
    os.write(file.fileno(), data)  # to the end: the file is open for appending


def current_holder(command: str) -> Holder:
    """Names the process that calls it, which runs `command`."""
    since = datetime.now(UTC).isoformat(timespec="seconds")
    return Holder(_user(), socket.gethostname(), os.getpid(), command, since)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # a container may run under a number that has no name
        return "unknown"


def _describe(data: bytes) -> str:
    try:
        return str(Holder(**orjson.loads(data)))
    except (orjson.JSONDecodeError, TypeError):
        return "the lock file does not say by whom"
