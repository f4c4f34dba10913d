"""Writes files atomically: after a crash a file has its old content or its new content, never a part of it.

The content goes into a temporary file with an unpredictable name in the same folder, opened with O_EXCL so that a link
planted there is an error; it is fsynced and renamed, and the folder is fsynced. A link at the target is replaced, never
followed: resolve the path first where a link is meant to stay. A folder, pipe, socket or device is refused.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

PRIVATE = 0o600
_USUAL = 0o666  # less the umask, as the kernel applies it
_PERMISSIONS = 0o777
# what link() reports where the file system has no hard links
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}


def replace_file(path: Path, data: bytes, *, mode: int | None = None, durable: bool = True) -> None:
    """Replace the content of `path`, which need not exist.

    `mode` are the permissions (`PRIVATE` for secrets); by default those of the file that is replaced, else the usual
    ones of a new file. `durable=False` leaves out the fsyncs, for files that can be made again. Concurrent writers do
    not mix: the last to rename wins. Raises OSError.
    """
    with replacing(path, mode=mode, durable=durable) as file:
        file.write(data)


@contextmanager
def replacing(path: Path, *, mode: int | None = None, durable: bool = True) -> Iterator[BinaryIO]:
    """A new binary file that becomes `path` when the block ends, and is removed when the block raises.

    Parameters and errors as for `replace_file`.
    """
    temporary = path.with_name(f".{path.name}.{os.urandom(8).hex()}.tmp")
    with _written(temporary, _permissions(path, mode), durable=durable) as file:
        yield file
    try:
        temporary.replace(path)
    except OSError:
        _discard(temporary)
        raise
    if durable:
        sync_folder(path.parent)


def create_file(path: Path, data: bytes, *, mode: int | None = None) -> None:
    """Create `path` with its whole content. Raises FileExistsError where anything has that name, else OSError."""
    temporary = path.with_name(f".{path.name}.{os.urandom(8).hex()}.tmp")
    with _written(temporary, mode, durable=True) as file:
        file.write(data)
    try:
        _link(temporary, path)
    finally:
        _discard(temporary)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _written(path: Path, mode: int | None, *, durable: bool) -> Iterator[BinaryIO]:
    """The new file `path`, removed again when the block raises."""
    file = _opened(path, mode)
    is_complete = False
    try:
        with file:
            yield file
            file.flush()
            if durable:
                os.fsync(file.fileno())
        is_complete = True
    finally:
        if not is_complete:
            _discard(path)


def _opened(path: Path, mode: int | None) -> BinaryIO:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    # created private and widened afterwards: no other user may open it in between
    descriptor = os.open(path, flags, _USUAL if mode is None else PRIVATE)
    if mode is not None:
        os.fchmod(descriptor, mode)
    return os.fdopen(descriptor, "wb")


def _permissions(path: Path, mode: int | None) -> int | None:
    """The mode of the new file: as asked, else that of the file it replaces, else None. Raises OSError."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return mode
    if stat.S_ISLNK(status.st_mode):
        return mode
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "not a regular file", str(path))
    return stat.S_IMODE(status.st_mode) & _PERMISSIONS if mode is None else mode


def _link(temporary: Path, path: Path) -> None:
    try:
        os.link(temporary, path)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        temporary.replace(path)


def _discard(path: Path) -> None:
    with suppress(OSError):
        path.unlink(missing_ok=True)
