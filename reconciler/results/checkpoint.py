"""The working file of an export, beside its target: what was read stays read when the way is broken off.

    header    what is exported, so that another selection or another state does not continue it
    lines     one for each result: its id, when the service last changed it, its rows

A torn last line is an interruption and is cut off. Rows stay on disk; memory holds an offset for each result.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Self

import orjson

from reconciler.errors import Locked, Where

_PRIVATE = 0o600  # it holds what candidates said


class Partial:
    """The open working file of `target`; `key` says what it is for."""

    def __init__(self, target: Path, key: str) -> None:
        self.path = target.with_name(f".{target.name}.partial")
        self._key = key
        self._places: dict[str, tuple[str | None, int]] = {}
        self._file: BinaryIO = _opened(self.path)
        _lock(self._file, target)
        self._end = self._recalled()
        self.recalled = len(self._places)

    def _recalled(self) -> int:
        """Where the good part ends; an empty or foreign file begins anew."""
        self._file.seek(0)
        line = self._file.readline()
        end = len(line)
        if _loaded(line) != {"key": self._key}:
            self._file.truncate(0)
            return self._file.write(orjson.dumps({"key": self._key}, option=orjson.OPT_APPEND_NEWLINE))
        while (record := _loaded(line := self._file.readline())) is not None:
            self._places[record["id"]] = (record["at"], end)
            end += len(line)
        self._file.truncate(end)
        return end

    def holds(self, result_id: str, at: str | None) -> bool:
        """Whether this result was read as of `at`, the service's own time of its last change."""
        return result_id in self._places and self._places[result_id][0] == at

    def holds_any(self, result_id: str) -> bool:
        """Whether this result was read at all."""
        return result_id in self._places

    def add(self, result_id: str, at: str | None, rows: Sequence[dict[str, Any]]) -> None:
        """Appends the rows of one result."""
        line = orjson.dumps({"id": result_id, "at": at, "rows": rows}, option=orjson.OPT_APPEND_NEWLINE)
        self._file.write(line)
        self._file.flush()
        self._places[result_id] = (at, self._end)
        self._end += len(line)

    def rows(self, order: Sequence[str]) -> Iterator[dict[str, Any]]:
        """The rows of these results, in this order, read one result at a time."""
        with self.path.open("rb") as file:
            for result_id in order:
                file.seek(self._places[result_id][1])
                yield from orjson.loads(file.readline())["rows"]

    def remove(self) -> None:
        """The export is done."""
        self._file.close()
        self.path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if not self._file.closed:
            os.fsync(self._file.fileno())
            self._file.close()


def _opened(path: Path) -> BinaryIO:
    """The working file, for this user alone. Raises OSError, also when a link, pipe or folder has its name."""
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    descriptor = os.open(path, flags, _PRIVATE)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "not a regular file", str(path))
    os.fchmod(descriptor, _PRIVATE)
    return os.fdopen(descriptor, "a+b")


def _lock(file: BinaryIO, target: Path) -> None:
    """For as long as the file is open. Raises Locked when another process has it."""
    import portalocker

    try:
        portalocker.lock(file, portalocker.LockFlags.EXCLUSIVE | portalocker.LockFlags.NON_BLOCKING)
    except portalocker.exceptions.LockException:
        file.close()
        raise Locked(
            "another export writes this file",
            "two at a time would mix their rows",
            hint="wait for it to end, or export to another file",
            where=Where(str(target)),
        ) from None


def _loaded(line: bytes) -> Any:
    if not line.endswith(b"\n"):
        return None
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
