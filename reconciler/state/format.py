"""The bytes of a state and of a journal, and back. Pure. What cannot be understood is an error, never empty.

A snapshot is one indented JSON document with the interviews sorted by name, made to be committed and reviewed. A
journal is JSON lines: the first names the lineage and the serial of the snapshot that it continues, each other is one
record, and each ends in the checksum of all records up to there, so that a line that was changed, moved or lost shows.
A last line without its newline is a write that a crash cut short; any other damage is an error.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any, get_args
from zlib import crc32

import orjson

from reconciler.address import Address
from reconciler.errors import Damaged, Where
from reconciler.manifest.desired import Lifecycle
from reconciler.state.model import STATE_VERSION, Attempt, Entry, Revision, State, Superseded
from reconciler.state.records import Record

_RECORDS: dict[str, type[Any]] = {kind.record: kind for kind in get_args(Record)}
_CHECK_END = len('"}\n')  # what follows the eight digits of a line's checksum
INTERVIEW = "Interview"  # the one kind of format version 1
_RESTORE = "restore the file from git (git log -p shows its versions); never delete it while its interviews exist"


def dump_state(state: State) -> bytes:
    """The snapshot: equal states give equal bytes."""
    document: dict[str, Any] = {"version": STATE_VERSION, "lineage": state.lineage, "serial": state.serial}
    document["interviews"] = [_named(state.entries[address]) for address in sorted(state.entries)]
    if state.in_doubt:
        document["in_doubt"] = [_named(state.in_doubt[address]) for address in sorted(state.in_doubt)]
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def parse_state(data: bytes, where: Where) -> State:
    """The state in a snapshot. Raises Damaged when it is not one, or when a newer jmctl wrote it."""
    document = _document(data, where)
    _check_version(document.get("version"), where)
    try:
        return State(
            lineage=_text(document["lineage"]),
            serial=_count(document["serial"]),
            entries=_by_address(_entry(raw) for raw in document["interviews"]),
            in_doubt=_by_address(_value(Attempt, raw) for raw in document.get("in_doubt", [])),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Damaged("the state file is damaged", f"unexpected content: {error}", hint=_RESTORE, where=where) from None


def dump_header(state: State) -> bytes:
    """The first line of a journal that continues `state`."""
    return _chain([orjson.dumps({"journal": STATE_VERSION, "lineage": state.lineage, "serial": state.serial})], 0)


def dump_records(records: Iterable[Record], after: bytes = b"") -> bytes:
    """One line a record, continuing the checksum of `after`, the lines of earlier records."""
    contents = (b'{"record":"%b",%b' % (record.record.encode(), orjson.dumps(_named(record))[1:]) for record in records)
    return _chain(contents, int(after[-_CHECK_END - 8 : -_CHECK_END], 16) if after else 0)


def parse_journal(data: bytes, where: Where) -> tuple[str, int, list[Record]] | None:
    """Lineage, serial and records of a journal; None when not even its first line was finished."""
    lines = data.split(b"\n")[:-1]  # what follows the last newline was cut short by a crash
    if not lines:
        return None
    header = _document(lines[0], Where(where.path, 1, 1))
    _check_version(header.get("journal"), where)
    _unchained(lines[0], 0, Where(where.path, 1, 1))
    check, records = 0, []
    for number, line in enumerate(lines[1:], start=2):
        place = Where(where.path, number, 1)
        content, check = _unchained(line, check, place)
        records.append(_record(content, place))
    try:
        return _text(header["lineage"]), _count(header["serial"]), records
    except (KeyError, TypeError, ValueError):
        raise Damaged("the journal is damaged", "its first line names no state", hint=_RESTORE, where=where) from None


def _chain(contents: Iterable[bytes], check: int) -> bytes:
    lines = []
    for content in contents:
        check = crc32(content, check)
        lines.append(b"%b%b\n" % (content[:-1], _tail(check)))
    return b"".join(lines)


def _unchained(line: bytes, check: int, where: Where) -> tuple[bytes, int]:
    """The content of `line` and the checksum up to and with it."""
    content = line[: -len(_tail(0))] + b"}"
    check = crc32(content, check)
    if not line.endswith(_tail(check)):
        detail = "its checksum does not fit: this line was changed, or one before it is missing"
        raise Damaged("the journal is damaged", detail, hint=_RESTORE, where=where)
    return content, check


def _tail(check: int) -> bytes:
    return b',"check":"%08x"}' % check


def _record(line: bytes, where: Where) -> Record:
    raw = _document(line, where)
    try:
        record: Record = _value(_RECORDS[raw.pop("record")], raw)
    except (KeyError, TypeError) as error:
        raise Damaged("the journal is damaged", f"not a record: {error}", hint=_RESTORE, where=where) from None
    return record


def _named(value: Any) -> dict[str, Any]:
    """The members of an entry, an attempt or a record; on disk an address is a name."""
    return {
        "name" if part.name == "address" else part.name: _plain(getattr(value, part.name)) for part in fields(value)
    }


def _plain(value: Any) -> Any:
    return value.name if isinstance(value, Address) else value


def _by_address(found: Iterable[Any]) -> dict[Address, Any]:
    named: dict[Address, Any] = {}
    for item in found:
        if named.setdefault(item.address, item) is not item:
            raise ValueError(f"{item.name} stands there twice, as after a merge")
    return named


def _entry(raw: dict[str, Any]) -> Entry:
    history = tuple(Superseded(**former) for former in raw.pop("history", []))
    revisions = tuple(Revision(**revision) for revision in raw.pop("revisions", []))
    entry: Entry = _value(Entry, {**raw, "history": history, "revisions": revisions})
    _text(entry.id)
    return entry


def _value(kind: type[Any], raw: dict[str, Any]) -> Any:
    raw["address"] = Address(INTERVIEW, _text(raw.pop("name")))
    if "to" in raw:
        raw["to"] = Address(INTERVIEW, _text(raw["to"]))
    if "lifecycle" in raw:
        lifecycle = raw["lifecycle"]
        raw["lifecycle"] = Lifecycle(**{**lifecycle, "ignore": tuple(lifecycle.get("ignore", ()))})
    if not isinstance(raw.get("attributes", {}), dict):
        raise TypeError("attributes are not an object")
    return kind(**raw)


def _count(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise TypeError("expected a count")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError("expected text")
    return value


def _document(data: bytes, where: Where) -> dict[str, Any]:
    try:
        document = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise Damaged("the state cannot be read", f"not JSON: {error}", hint=_RESTORE, where=where) from None
    if not isinstance(document, dict):
        raise Damaged("the state cannot be read", "not a JSON object", hint=_RESTORE, where=where)
    return document


def _check_version(version: Any, where: Where) -> None:
    if version == STATE_VERSION and version is not True:
        return
    if isinstance(version, int) and version > STATE_VERSION:
        raise Damaged(
            "a newer jmctl wrote this state",
            f"its version is {version}, this jmctl knows {STATE_VERSION}",
            hint="upgrade: pip install --upgrade jmctl",
            where=where,
        )
    raise Damaged("not a jmctl state", f"its version is {version!r}", hint=_RESTORE, where=where)
