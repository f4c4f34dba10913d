"""Judged files remembered by their content, outside the repository; at any doubt the cache is empty, never wrong.

A pack is one file per project and kind: a header line (stamp and HMAC), then JSON. The stamp holds the version of
jmctl and the size and time of its own modules, so that no judgement survives a change of the judge. Keys are digests of
the content, which `seen_files` may know without reading a file. Errors are never kept.

The HMAC is by a key in the user's own configuration folder, over the stamp, the pack's name and the JSON: a cache
folder may be shared between jobs, and what another job puts into it must not replace a manifest or a setting.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from reconciler import __version__
from reconciler.atomic_file import PRIVATE, create_file, replace_file

FOLDER_VARIABLE = "JMCTL_CACHE_DIR"

KEY_FILE = "cache.key"

_KEY_BYTES = 32
_OTHERS_MAY_WRITE = 0o022
_OTHERS_MAY_USE = 0o077
# the packages whose code decides what a cached entry holds, and the folder whose own folders are kinds
_JUDGES = ("compose", "manifest", "project", "resources", "text", "yaml")
_KINDS = "resources"
# from so many entries on, and as long as less than this part of them changed, a pack is added to and not written anew
_LAYERED = 200
_SHARE = 8


class Pack:
    """What was kept for one project: look up with `find`, add with `keep`, write with `save`."""

    __slots__ = ("_added", "_fresh", "_kept", "_key", "_path", "_size", "_used")

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._key = key
        self._kept = _read(path, key)
        self._size = len(self._kept)
        added = _read(self._layer, key) if self._size >= _LAYERED else {}
        self._kept |= added
        self._added = set(added)
        self._used: dict[str, Any] = {}
        self._fresh: set[str] = set()

    @property
    def _layer(self) -> Path:
        """The file of entries that were added to a large pack since all of it was written."""
        return self._path.with_name(f"{self._path.stem}-added{self._path.suffix}")

    def find(self, key: str) -> Any:
        """What was kept under `key`, or None."""
        if (value := self._kept.get(key)) is not None:
            self._used[key] = value
        return value

    def keep(self, key: str, value: Any) -> None:
        self._used[key] = value
        self._fresh.add(key)

    def save(self) -> None:
        """Writes what this run used, if that differs from what was read; an unwritable folder is silently no cache.

        To a large pack of which little changed, what is new is added in a file beside it.
        """
        unused = len(self._kept.keys() - self._used.keys())
        if not self._fresh and not unused:
            return
        new = self._fresh | (self._added & self._used.keys())
        with suppress(OSError):
            if self._size >= _LAYERED and unused + len(new) <= self._size // _SHARE:
                if self._fresh:
                    _write(self._layer, {key: self._used[key] for key in new}, self._key)
                return
            _write(self._path, self._used, self._key)
            self._layer.unlink(missing_ok=True)


class Cache:
    """The folder of packs, which `key` authenticates."""

    __slots__ = ("_folder", "_key")

    def __init__(self, folder: Path, key: bytes) -> None:
        self._folder = folder
        self._key = key

    def pack(self, root: Path, kind: str) -> Pack:
        """The pack of one kind for the project at `root`."""
        project = sha256(os.fsencode(root)).hexdigest()[:16]
        return Pack(self._folder / f"{project}-{kind}.json", self._key)


def open_cache(variables: Mapping[str, str]) -> Cache | None:
    """The user's cache: JMCTL_CACHE_DIR of `variables`, none when that is empty, else the system's usual folder.

    None, too, when the key cannot be kept, or would lie in the cache.
    """
    import platformdirs

    folder = variables.get(FOLDER_VARIABLE)
    if folder is None:
        folder = platformdirs.user_cache_dir("jmctl", appauthor=False)
    if not folder:
        return None
    place = platformdirs.user_config_path("jmctl", appauthor=False) / KEY_FILE
    if place.is_relative_to(Path(folder).absolute()):
        return None
    key = _kept_key(place)
    return Cache(Path(folder), key) if key else None


def content_key(data: bytes) -> str:
    """The key under which a file with this content is kept."""
    return sha256(data).hexdigest()


def inputs_key(digests: Iterable[str]) -> str:
    """The key of what several files made together, from the digests of those that are known before it is made."""
    first, *others = sorted(digests)
    return sha256("\n".join((first, *others)).encode()).hexdigest() if others else first


def _kept_key(path: Path) -> bytes | None:
    """The key in `path`, made when there is none; None when it cannot be kept, or others can read or replace it."""
    for _ in range(2):
        try:
            with path.open("rb") as file:
                status, key = os.fstat(file.fileno()), file.read(_KEY_BYTES + 1)
            return key if len(key) == _KEY_BYTES and _ours(status, _OTHERS_MAY_USE) else None
        except FileNotFoundError:
            with suppress(OSError):  # another process may have made it in the meantime
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                create_file(path, os.urandom(_KEY_BYTES), mode=PRIVATE)
        except OSError:
            return None
    return None


def _read(path: Path, key: bytes) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            if not _ours(os.fstat(file.fileno())):
                return {}
            header, _, body = file.read().partition(b"\n")
        if not hmac.compare_digest(header, _header(path, body, key)):
            return {}
        kept = orjson.loads(body)
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _write(path: Path, entries: dict[str, Any], key: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    body = orjson.dumps(entries)
    replace_file(path, _header(path, body, key) + b"\n" + body, mode=PRIVATE, durable=False)


def _header(path: Path, body: bytes, key: bytes) -> bytes:
    stamp = _stamp()
    code = hmac.digest(key, f"{stamp} {path.name}\n".encode() + body, "sha256")
    return f"jmctl-cache {stamp} {code.hex()}".encode()


def _ours(status: os.stat_result, others: int = _OTHERS_MAY_WRITE) -> bool:
    """Whether the file is this user's, and permits nothing of `others` to anyone else."""
    if not hasattr(os, "getuid"):
        return True
    return status.st_uid == os.getuid() and not status.st_mode & others


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
