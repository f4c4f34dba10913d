"""Judged files remembered by their content, outside the repository; at any doubt the cache is empty, never wrong.

A pack is one file per project and kind: a header line (stamp and checksum), then JSON. The stamp holds the version of
jmctl and the size and time of its own modules, so that no judgement survives a change of the judge. Keys are digests of
the content; no modification time of a manifest is trusted, because a checkout changes it. Errors are never kept.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any
from zlib import crc32

import orjson

from reconciler import __version__
from reconciler.atomic_file import PRIVATE, replace_file

FOLDER_VARIABLE = "JMCTL_CACHE_DIR"

_OTHERS_MAY_WRITE = 0o022
# the packages whose code decides what a cached entry holds, and the folder whose own folders are kinds
_JUDGES = ("manifest", "project", "resources", "text", "yaml")
_KINDS = "resources"


class Pack:
    """What was kept for one project: look up with `find`, add with `keep`, write with `save`."""

    __slots__ = ("_fresh", "_kept", "_path", "_used")

    def __init__(self, path: Path) -> None:
        self._path = path
        self._kept = _read(path)
        self._used: dict[str, Any] = {}
        self._fresh = False

    def find(self, key: str) -> Any:
        """What was kept under `key`, or None."""
        if (value := self._kept.get(key)) is not None:
            self._used[key] = value
        return value

    def keep(self, key: str, value: Any) -> None:
        self._used[key] = value
        self._fresh = True

    def save(self) -> None:
        """Writes what this run used, if that differs from what was read; an unwritable folder is silently no cache."""
        if not self._fresh and len(self._used) == len(self._kept):
            return
        with suppress(OSError):
            _write(self._path, self._used)


class Cache:
    """The folder of packs."""

    __slots__ = ("_folder",)

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def pack(self, root: Path, kind: str) -> Pack:
        """The pack of one kind for the project at `root`."""
        project = sha256(os.fsencode(root)).hexdigest()[:16]
        return Pack(self._folder / f"{project}-{kind}.json")


def open_cache(variables: Mapping[str, str]) -> Cache | None:
    """The user's cache: JMCTL_CACHE_DIR of `variables`, none when that is empty, else the system's usual folder."""
    folder = variables.get(FOLDER_VARIABLE)
    if folder is None:
        import platformdirs

        folder = platformdirs.user_cache_dir("jmctl", appauthor=False)
    return Cache(Path(folder)) if folder else None


def content_key(data: bytes) -> str:
    """The key under which a file with this content is kept."""
    return sha256(data).hexdigest()


def inputs_key(digests: Iterable[str]) -> str:
    """The key of what several files made together, from the digests of those that are known before it is made."""
    first, *others = sorted(digests)
    return sha256("\n".join((first, *others)).encode()).hexdigest() if others else first


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            if not _ours(os.fstat(file.fileno())):
                return {}
            header, _, body = file.read().partition(b"\n")
        if header != _header(body):
            return {}
        kept = orjson.loads(body)
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _write(path: Path, entries: dict[str, Any]) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    body = orjson.dumps(entries)
    replace_file(path, _header(body) + b"\n" + body, mode=PRIVATE, durable=False)


def _header(body: bytes) -> bytes:
    return f"jmctl-cache {_stamp()} {crc32(body):08x}".encode()


def _ours(status: os.stat_result) -> bool:
    """Whether no other user could have written the file, which decides what is sent to the service."""
    if not hasattr(os, "getuid"):
        return True
    return status.st_uid == os.getuid() and not status.st_mode & _OTHERS_MAY_WRITE


def _stamp() -> str:
    """The version and the state of this package's modules, as a digest: some microseconds per module."""
    package = Path(__file__).parents[1]
    parts = [__version__]
    kinds = [Path(entry.path) for entry in os.scandir(package / _KINDS) if entry.is_dir()]
    for folder in (package, *(package / name for name in _JUDGES), *sorted(kinds)):
        with suppress(OSError):
            for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
                if entry.name.endswith(".py"):
                    status = entry.stat()
                    parts.append(f"{entry.name} {status.st_size} {status.st_mtime_ns}")
    return sha256("\n".join(parts).encode()).hexdigest()[:16]
