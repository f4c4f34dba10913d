"""Reads the files of a folder store: regular files of bounded size, and links only to such files."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from reconciler.errors import Damaged, Misconfigured, Where

LARGEST = 512 * 1024 * 1024  # bytes; ten thousand interviews take about 50 MB
_RESTORE = "put back the file that belongs there: git status, git checkout -- FILE"


def read_source(path: Path, shown: str) -> bytes | None:
    """The bytes at `path`, None when nothing is there. A link is followed to a regular file.

    Raises Damaged for a dangling link, a pipe, a device or a file beyond LARGEST; Misconfigured when it cannot be read.
    """
    where = Where(shown)
    try:
        # a pipe would wait for a writer without O_NONBLOCK
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        if path.is_symlink():
            raise Damaged("the state is a link to nothing", str(path.readlink()), hint=_RESTORE, where=where) from None
        return None
    except OSError as error:
        raise _unreadable(error, where) from None
    try:
        status = os.fstat(descriptor)
        if stat.S_ISDIR(status.st_mode) or not stat.S_ISREG(status.st_mode):
            raise Damaged("the state is not a regular file", hint=_RESTORE, where=where)
        if status.st_size > LARGEST:
            raise Damaged("the state is too large", f"{status.st_size} bytes", hint=_RESTORE, where=where)
        with os.fdopen(os.dup(descriptor), "rb") as file:
            return file.read(LARGEST)
    except OSError as error:
        raise _unreadable(error, where) from None
    finally:
        os.close(descriptor)


def _unreadable(error: OSError, where: Where) -> Misconfigured:
    hint = "check the path and its permissions"
    return Misconfigured("the state cannot be read", f"{error.strerror}", hint=hint, where=where)
