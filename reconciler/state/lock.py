"""One jmctl at a time: a file lock that says who holds it, and that the end of its process releases."""

from __future__ import annotations

import getpass
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import orjson

from reconciler.errors import Locked, Misconfigured, Where


@contextmanager
def acquire(path: Path) -> Iterator[str | None]:
    """Holds the lock at `path`; yields who left it behind when its holder died without releasing it, else None.

    Raises Locked when a living process holds it.
    """
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
            _told(path.read_bytes()),
            hint="wait for it to end, then run this again",
            where=Where(str(path)),
        ) from None
    except OSError as error:
        raise Misconfigured("the lock cannot be taken", str(error.strerror), where=Where(str(path))) from None
    try:
        file.seek(0)
        left = file.read()
        with suppress(OSError):  # on a full disk the lock holds all the same; it only cannot say who holds it
            _write(file, orjson.dumps(_holder()))
        yield _told(left) if left else None
    finally:
        with suppress(OSError):
            _write(file, b"")
        lock.release()


def _write(file: IO[Any], data: bytes) -> None:
    """Unbuffered, so that closing the file has nothing left to write that could fail."""
    os.truncate(file.fileno(), 0)
    os.write(file.fileno(), data)  # to the end: the file is open for appending


def _holder() -> dict[str, Any]:
    return {
        "pid": os.getpid(),
        "user": _user(),
        "host": socket.gethostname(),
        "command": " ".join(["jmctl", *sys.argv[1:]]),
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # a container may run under a number that has no name
        return "unknown"


def _told(data: bytes) -> str:
    try:
        holder = orjson.loads(data)
        return "{user}@{host}, process {pid}, since {since}: {command}".format(**holder)
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return "its holder has not said who it is"
