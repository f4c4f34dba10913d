"""Strict JSON: what a merge, an editor or a crash leaves in a file is an error with its place, never a value. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

import orjson

from reconciler.errors import Damaged, Where

Path = Sequence[str | int]

RESTORE = "take an earlier version from git (git log -p shows them); never delete it while its interviews exist"
_MERGE = (
    "keep the interviews of both sides, the higher serial, and no marker; neither --ours nor --theirs: "
    "each drops interviews that exist; jmctl state merge BASE OURS THEIRS does it; then: jmctl state verify"
)
_LINE_ENDS = "write `state/** -text` to .gitattributes and convert it: sed -i 's/\\r$//' FILE; then: jmctl state verify"
_NO_BOM = "save it as UTF-8 without a byte order mark; then: jmctl state verify"
_MARKERS = re.compile(rb"^(?:<{7}|={7}|>{7}|\|{7})(?:[ \r\n]|$)", re.MULTILINE)
_SPACE = re.compile(r"[ \t\n\r]*")
_VALUE = json.JSONDecoder()


def parse_object(data: bytes, where: Where) -> dict[str, Any]:
    """The one JSON object in `data`, which has no duplicate keys. Raises Damaged for anything else."""
    _check_bytes(data, where)
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        _check_markers(data, where)
        place = where if where.line else Where(where.path, error.lineno, error.colno)
        detail = f"not JSON: {str(error).partition(':')[0]}" if data.strip() else "the file is empty"
        raise Damaged("the state cannot be read", detail, hint=RESTORE, where=place) from None
    if not isinstance(value, dict):
        raise Damaged("the state cannot be read", "not a JSON object", hint=RESTORE, where=where)
    # a file as jmctl writes it has no duplicates; only any other is searched for what a fast parser drops
    if data != _indented(value) and data != orjson.dumps(value):
        _check_duplicates(data, where)
    return value


def locate(data: bytes, path: Path, where: Where) -> Where:
    """The line and column of the value at `path`; of the deepest part of it that exists, when it does not."""
    if where.line:
        return where
    text = data.decode()
    place = _skip(text, 0)
    for step in path:
        found = _member(text, place, step)
        if found is None:
            break
        place = found
    return Where(where.path, text.count("\n", 0, place) + 1, place - text.rfind("\n", 0, place))


def path_text(path: Path) -> str:
    """`path` as people write it: `interviews[3].lifecycle.on_remove`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def _indented(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _check_bytes(data: bytes, where: Where) -> None:
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise Damaged("the state file begins with a byte order mark", hint=_NO_BOM, where=where)
    if b"\r" in data:
        raise Damaged("the state file has CRLF line ends", hint=_LINE_ENDS, where=where)


def _check_markers(data: bytes, where: Where) -> None:
    if marker := _MARKERS.search(data):
        line = data.count(b"\n", 0, marker.start()) + 1
        place = where if where.line else Where(where.path, line, 1)
        raise Damaged("the state file has merge conflict markers", hint=_MERGE, where=place)


def _check_duplicates(data: bytes, where: Where) -> None:
    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                detail = f"`{key}` is declared twice in one object, as after a merge"
                raise Damaged("duplicate key in the state file", detail, hint=_MERGE, where=where)
            found[key] = value
        return found

    json.loads(data, object_pairs_hook=members)


def _skip(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return found.end() if found else place


def _member(text: str, place: int, step: str | int) -> int | None:
    """Where member `step` of the value at `place` begins."""
    opening = text[place]
    if opening != ("[" if isinstance(step, int) else "{"):
        return None
    place, number = _skip(text, place + 1), 0
    while text[place] not in "]}":
        key: str | int = number
        if opening == "{":
            key, place = _VALUE.raw_decode(text, place)
            place = _skip(text, _skip(text, place) + 1)
        if key == step:
            return place
        place = _skip(text, _VALUE.raw_decode(text, place)[1])
        place = _skip(text, place + 1) if text[place] == "," else place
        number += 1
    return None
