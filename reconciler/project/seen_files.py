"""SeenFiles: the digest of a file that was read before and has not been touched since, known without reading it.

As in git's index: a file is taken for unchanged while device, inode, size, modification time and the time of its last
change of any kind (ctime, which no program can set) are those of the run that hashed it. A file that was touched less
than two seconds before it was hashed is not noted, because another change in the same tick of the clock would not show.

Only on Linux, and only on file systems where the kernel of this machine keeps these times.
"""

from __future__ import annotations

import os
import stat
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reconciler.project.cache import Cache, Pack

_LOCAL = frozenset({"bcachefs", "btrfs", "ext2", "ext3", "ext4", "f2fs", "tmpfs", "xfs"})
_MOUNTS = "/proc/self/mountinfo"
_RACY_NS = 2_000_000_000  # times are kept to two seconds at worst


class SeenFiles:
    """The files of one project, looked up with `digest`, noted with `note`, written with `save`."""

    __slots__ = ("_began", "_devices", "_pack")

    def __init__(self, pack: Pack, devices: frozenset[int], began: int) -> None:
        """`devices` are those whose times can be trusted; `began` is when this run began, in nanoseconds."""
        self._pack, self._devices, self._began = pack, devices, began

    def digest(self, path: str) -> str | None:
        """The digest of the content of `path`, or None when it has to be read."""
        known = self._pack.find(path)
        if not isinstance(known, list) or not known:
            return None
        status = status_of(path)
        return str(known[-1]) if status and self._marks(status) == known[:-1] else None

    def note(self, path: str, before: os.stat_result, digest: str) -> None:
        """Keep that `path`, of which `before` was the status before it was read, has the content of `digest`."""
        marks = self._marks(before)
        if marks and max(before.st_mtime_ns, before.st_ctime_ns) + _RACY_NS < self._began:
            self._pack.keep(path, [*marks, digest])

    def save(self) -> None:
        """Write what this run noted; files that are gone are dropped."""
        self._pack.save()

    def _marks(self, status: os.stat_result) -> list[int]:
        """What has to be the same; empty, which equals nothing that was noted, where it says nothing."""
        if status.st_dev not in self._devices or not stat.S_ISREG(status.st_mode):
            return []
        return [status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns]


def seen_files(cache: Cache, root: os.PathLike[str], name: str) -> SeenFiles | None:
    """What was seen of the project at `root`; None on systems whose times say too little."""
    from pathlib import Path

    began = time.time_ns()
    devices = _local_devices() if sys.platform == "linux" else frozenset[int]()
    return SeenFiles(cache.pack(Path(root), name), devices, began) if devices else None


def status_of(path: str) -> os.stat_result | None:
    """The status of the file that `path` leads to; None when there is none to be had."""
    try:
        return os.stat(path)  # noqa: PTH116 - a Path costs more than the call, and there are thousands
    except OSError:
        return None


def _local_devices() -> frozenset[int]:
    """The devices of the local file systems that are mounted."""
    found = set()
    with suppress(OSError, ValueError), open(_MOUNTS, "rb") as file:  # noqa: PTH123 - as below
        for line in file.read().decode(errors="replace").splitlines():
            fields, _, source = line.partition(" - ")
            if source.split(" ", 1)[0] in _LOCAL:
                major, _, minor = fields.split(" ")[2].partition(":")
                found.add(os.makedev(int(major), int(minor)))
    return frozenset(found)
