"""A state document as the files of a git tree, and back: one file for each interview, so that its history reads alone.

`state.json` holds everything but the interviews, which it names in their order; `Interview/NAME.json` holds one. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import orjson

from reconciler.errors import Damaged, Where

HEADER = "state.json"
_LIST = "interviews"
_PART = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,98}[A-Za-z0-9])?")


def split(document: bytes) -> dict[str, bytes]:
    """The files of `document`. An interview whose kind or name could not be a file's name stays in the header."""
    header: dict[str, Any] = orjson.loads(document)
    files: dict[str, bytes] = {}
    listed: list[Any] = []
    for entry in header.get(_LIST, ()):
        path = _path(entry)
        if path is None or path in files:
            listed.append(entry)
            continue
        files[path] = _dump(entry)
        listed.append(path)
    if _LIST in header:
        header[_LIST] = listed
    return {HEADER: _dump(header), **files}


def join(files: Mapping[str, bytes], label: str) -> bytes:
    """The document whose files these are. Raises Damaged when one is missing, is no JSON or is named by nothing."""
    header = _object(files.get(HEADER), label, HEADER)
    listed = header.get(_LIST, [])
    if not isinstance(listed, list):
        raise _damaged(label, HEADER, "`interviews` is no list")
    names = [item for item in listed if isinstance(item, str)]
    if strangers := sorted(set(files) - {HEADER, *names}):
        raise _damaged(label, strangers[0], f"{HEADER} does not name it")
    if _LIST in header:
        header[_LIST] = [_object(files.get(item), label, item) if isinstance(item, str) else item for item in listed]
    return _dump(header)


def _path(entry: Any) -> str | None:
    if not isinstance(entry, dict):
        return None
    kind, name = entry.get("kind", "Interview"), entry.get("name")
    if not all(isinstance(part, str) and _PART.fullmatch(part) for part in (kind, name)):
        return None
    return f"{kind}/{name}.json"


def _object(data: bytes | None, label: str, path: str) -> dict[str, Any]:
    if data is None:
        raise _damaged(label, path, "the file is missing")
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise _damaged(label, path, f"not JSON: {error}") from None
    if not isinstance(value, dict):
        raise _damaged(label, path, "not a JSON object")
    return value


def _damaged(label: str, path: str, detail: str) -> Damaged:
    hint = "an earlier version is in the ref's history: git log REF, then push it back"
    return Damaged("the state cannot be read", f"{path}: {detail}", hint=hint, where=Where(label))


def _dump(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
