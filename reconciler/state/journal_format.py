"""The bytes of a journal and back. Pure.

A journal is JSON lines: the first names the lineage, the serial and the SHA-256 of the snapshot that it continues, each
other is one record, and each ends in the checksum of all records up to there, so that a line that was changed, moved or
lost shows. A last line without its newline is a write that a crash cut short; any other damage is an error.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import MISSING, dataclass, fields
from typing import Any, get_args
from zlib import crc32

import orjson

from reconciler import __version__
from reconciler.address import Address
from reconciler.errors import Damaged, Where
from reconciler.state.format import LIFECYCLE, checked_version, plain
from reconciler.state.json_text import RESTORE, parse_object, path_text
from reconciler.state.migrations import RECORD_STEPS, upgraded
from reconciler.state.model import STATE_VERSION, State
from reconciler.state.records import Record
from reconciler.state.shape import (
    Check,
    Members,
    WrongValue,
    count,
    filled,
    identifier,
    kind_name,
    list_of,
    mapping,
    maybe_text,
    name,
    text,
    texts,
)

_STARTS = (b'{"journal":', b'{"record":')  # how the lines of a journal begin
_CHECK_END = len('"}\n')  # what follows the eight digits of a line's checksum
_BY_TYPE: dict[str, Check] = {"str": text, "str | None": maybe_text,
                             "Mapping[str, Any]": mapping, "Lifecycle": LIFECYCLE,
                             "tuple[str, ...]": list_of(text)}  # fmt: skip
_BY_NAME: dict[str, Check] = {"looked_up": texts, "id": identifier, "to": name, "attempt": filled}


@dataclass(frozen=True, slots=True)
class JournalContent:
    """What a journal holds. `digest` is None when it continues an empty store, or when version 1 wrote it."""

    lineage: str
    serial: int
    digest: str | None
    records: tuple[Record, ...]


def _record_check(record: type[Any]) -> Members:
    def build(*, kind: str, name: str, **members: Any) -> Any:
        if "to" in members:
            members["to"] = Address(kind, members["to"])
        return record(address=Address(kind, name), **members)

    parts = [part for part in fields(record) if part.name != "address"]
    needed = [part for part in parts if part.default is MISSING and part.default_factory is MISSING]
    members = {part.name: _BY_NAME.get(part.name) or _BY_TYPE[str(part.type)] for part in (*needed, *parts)}
    return Members(build, {"kind": kind_name, "name": name, **members}, required=2 + len(needed))


_RECORDS: dict[str, Members] = {record.record: _record_check(record) for record in get_args(Record)}


def dump_header(state: State, digest: str | None) -> bytes:
    """The first line of a journal that continues `state`, whose stored bytes have this SHA-256."""
    header = {"journal": STATE_VERSION, "jmctl": __version__, "lineage": state.lineage, "serial": state.serial}
    return _chain([orjson.dumps({**header, "digest": digest})], 0)


def dump_records(records: Iterable[Record], after: bytes = b"") -> bytes:
    """One line a record, continuing the checksum of `after`, the lines of earlier records."""
    contents = (b'{"record":"%b",%b' % (one.record.encode(), orjson.dumps(plain(one))[1:]) for one in records)
    return _chain(contents, int(after[-_CHECK_END - 8 : -_CHECK_END], 16) if after else 0)


def journal_lines(log: bytes) -> bytes:
    """The lines of one journal in a log that puts other text before them, such as times. The first one counts."""
    kept: list[bytes] = []
    for line in log.splitlines():
        starts = [place for mark in _STARTS if (place := line.find(mark)) >= 0]
        if starts:
            kept.append(line[min(starts) :].rstrip() + b"\n")
    return b"".join(kept)


def parse_journal(data: bytes, where: Where) -> JournalContent | None:
    """The content of a journal of any version; None when not even its first line was finished. Raises Damaged."""
    lines = data.split(b"\n")[:-1]  # what follows the last newline was cut short by a crash
    if not lines:
        return None
    first = Where(where.path, 1, 1)
    header = parse_object(lines[0], first)
    version = checked_version(header.get("journal"), header.get("jmctl"), first)
    _unchained(lines[0], 0, first)
    check, records = 0, []
    for number, line in enumerate(lines[1:], start=2):
        place = Where(where.path, number, 1)
        content, check = _unchained(line, check, place)
        records.append(_record(content, version, place))
    try:
        lineage, serial, digest = (
            filled(header.get("lineage")),
            count(header.get("serial")),
            maybe_text(header.get("digest")),
        )
    except WrongValue:
        raise Damaged("the journal is damaged", "its first line names no state", hint=RESTORE, where=where) from None
    return JournalContent(lineage, serial, digest, tuple(records))


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
        raise Damaged("the journal is damaged", detail, hint=RESTORE, where=where)
    return content, check


def _tail(check: int) -> bytes:
    return b',"check":"%08x"}' % check


def _record(line: bytes, version: int, where: Where) -> Record:
    raw = parse_object(line, where)
    members = _RECORDS.get(str(raw.pop("record", None)))
    if members is None:
        raise Damaged("the journal is damaged", "not a record that this jmctl knows", hint=RESTORE, where=where)
    try:
        record: Record = members(upgraded(raw, version, RECORD_STEPS))
    except WrongValue as wrong:
        detail = f"{path_text(wrong.path) or 'record'}: {wrong.detail}"
        raise Damaged("the journal is damaged", detail, hint=RESTORE, where=where) from None
    return record
