"""The bytes of a state document and back, in every version. Pure. What cannot be understood is an error, never empty.

A document is one indented JSON object with the entries sorted by kind and name, made to be committed and reviewed.
docs/state-format.md publishes it. Members that this version does not know are kept in the document, in an entry and in
an open create, and are an error anywhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from typing import Any

import orjson

from reconciler import __version__
from reconciler.address import Address
from reconciler.errors import Damaged, Where
from reconciler.manifest.desired import Lifecycle
from reconciler.state.checksums import checksums, edited
from reconciler.state.json_text import RESTORE, locate, parse_object, path_text
from reconciler.state.migrations import STEPS, upgraded
from reconciler.state.model import (
    STATE_VERSION,
    Account,
    ApplyRun,
    Attempt,
    Entry,
    Revision,
    State,
    Superseded,
    Tombstone,
)
from reconciler.state.shape import (
    Check,
    Members,
    WrongValue,
    count,
    filled,
    flag,
    identifier,
    kind_name,
    list_of,
    mapping,
    name,
    one_of,
    optional,
    text,
    texts,
)
from reconciler.state.shape import maybe_text as maybe

# what is wrong with the attributes of a resource of a kind, if anything: raises WrongValue
AttributeCheck = Callable[[str, Mapping[str, Any]], None]

_KEPT = "kept"  # written only where there is something
_CORRECT = "correct it, or " + RESTORE + "; then: jmctl state verify"


def _addressed(build: Callable[..., Any]) -> Callable[..., Any]:
    def built(*, kind: str, name: str, **members: Any) -> Any:
        return build(address=Address(kind, name), **members)

    return built


LIFECYCLE = Members(
    Lifecycle,
    {"protect": flag, "on_remove": one_of("archive", "delete", "forget"), "ignore": list_of(text)},
    required=0,
)
_HISTORY = Members(
    Superseded, {"id": identifier, "embed_id": maybe, "created_at": maybe, "retired_at": maybe}, required=4
)
_REVISIONS = list_of(Members(Revision, {"at": text, "digest": text}, required=2))
_ENTRY: dict[str, Check] = {
    "kind": kind_name,
    "name": name,
    "id": identifier,
    "attributes": mapping,
    "code": maybe,
    "embed_id": maybe,
    "embed_signing_key": maybe,
    "sealed_to": list_of(text),
    "made_at": maybe,
    "created_at": maybe,
    "updated_at": maybe,
    "lifecycle": LIFECYCLE,
    "history": list_of(_HISTORY),
    "revisions": _REVISIONS,
    "kept": mapping,
}
_ATTEMPT: dict[str, Check] = {
    "kind": kind_name,
    "name": name,
    "attempt": filled,
    "at": text,
    "attributes": mapping,
    "code": maybe,
    "lifecycle": LIFECYCLE,
    "replaces": optional(identifier),
    "reason": text,
    "ended_at": maybe,
}
_TOMBSTONE: dict[str, Check] = {
    "kind": kind_name,
    "name": name,
    "id": identifier,
    "at": text,
    "reason": text,
    "attributes": mapping,
    "code": maybe,
    "embed_id": maybe,
    "created_at": maybe,
    "merchant": maybe,
    "commit": maybe,
    "history": list_of(_HISTORY),
    "revisions": _REVISIONS,
}
_RUN: dict[str, Check] = {"at": text, "jmctl": text, **dict.fromkeys(("commit", "branch", "run", "by"), maybe),
                          "changes": list_of(text)}  # fmt: skip
_DOCUMENT = Members(
    dict,
    {
        "version": count,
        "jmctl": filled,
        "lineage": filled,
        "serial": count,
        "interviews": list_of(Members(_addressed(Entry), _ENTRY, required=4, is_open=True)),
        "in_doubt": list_of(Members(_addressed(Attempt), _ATTEMPT, required=6, is_open=True)),
        "settings": mapping,
        "account": Members(Account, {"endpoint": filled, "merchant": filled}, required=2),
        "applied": list_of(Members(ApplyRun, _RUN, required=2)),
        "tombstones": list_of(Members(_addressed(Tombstone), _TOMBSTONE, required=6)),
        "looked_up": texts,
        "checksums": texts,
    },
    required=5,
    is_open=True,
)


def dump_state(state: State) -> bytes:
    """The document of `state` in the current version: equal states give equal bytes."""
    document: dict[str, Any] = {
        "version": STATE_VERSION,
        "jmctl": __version__,
        "lineage": state.lineage,
        "serial": state.serial,
        "interviews": [plain(state.entries[address]) for address in sorted(state.entries)],
    }
    if state.in_doubt:
        document["in_doubt"] = [plain(state.in_doubt[address]) for address in sorted(state.in_doubt)]
    for key in ("settings", "account", "applied"):
        if value := getattr(state, key):
            document[key] = value
    if state.tombstones:
        document["tombstones"] = [plain(tombstone) for tombstone in state.tombstones]
    pairs = {"looked_up": dict(sorted(state.looked_up.items())), "checksums": checksums(state)}
    document |= {name: found for name, found in pairs.items() if found}
    document |= state.extra
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def parse_state(data: bytes, where: Where, check_attributes: AttributeCheck | None = None) -> State:
    """The state in a document of any version up to the current one.

    Raises Damaged, with the path and line of the first wrong value, when it is no state, and when a newer version
    wrote it. `check_attributes` is asked about the attributes of each entry and open create.
    """
    document = parse_object(data, where)
    version = checked_version(document.get("version"), document.get("jmctl"), where)
    try:
        found = _DOCUMENT(document if version == STATE_VERSION else upgraded(document, version, STEPS))
        entries = _by_address(found["interviews"], "interviews", check_attributes)
        in_doubt = _by_address(found.get("in_doubt", ()), "in_doubt", check_attributes)
        _check_ids(found["interviews"])
    except WrongValue as wrong:
        detail = f"{path_text(wrong.path)}: {wrong.detail}" if wrong.path else wrong.detail
        place = locate(data, wrong.path, where)
        raise Damaged("the state file is damaged", detail, hint=_CORRECT, where=place) from None
    account, applied, removed = found.get("account"), found.get("applied", ()), found.get("tombstones", ())
    rest = found.get("extra", {}), account, applied, removed, found.get("settings", {}), found.get("looked_up", {})
    changed = edited(entries, found.get("checksums", {})) if version == STATE_VERSION else {}
    return State(found["lineage"], found["serial"], entries, in_doubt, *rest, changed)


def plain(value: Any) -> dict[str, Any]:
    """The members of an entry, an open create or a record as they are written; an address as kind and name."""
    members: dict[str, Any] = {"kind": value.address.kind, "name": value.address.name}
    for key in _keys(type(value)):
        member = getattr(value, key)
        if key == _KEPT and not member:
            continue
        members[key] = member.name if isinstance(member, Address) else member
    return members | getattr(value, "extra", {})


def checked_version(version: Any, writer: Any, where: Where) -> int:
    """The version of a document or journal that this jmctl reads. Raises Damaged for any other."""
    if type(version) is int and 1 <= version <= STATE_VERSION:
        return version
    if type(version) is int and version > STATE_VERSION:
        by = (
            f"jmctl {writer} wrote it" if isinstance(writer, str) and writer.isprintable() else "its jmctl is not named"
        )
        raise Damaged(
            "a newer jmctl wrote this state",
            f"its format is version {version}, this jmctl ({__version__}) knows {STATE_VERSION}; {by}",
            hint="upgrade: pip install --upgrade jmctl",
            where=where,
        )
    detail = "`version` is missing" if version is None else "`version` is not a version of the format"
    raise Damaged("not a jmctl state", detail, hint=RESTORE, where=where)


def _keys(kind: type[Any], known: dict[type[Any], tuple[str, ...]] = {}) -> tuple[str, ...]:  # noqa: B006 - a cache
    if kind not in known:
        known[kind] = tuple(part.name for part in fields(kind) if part.name not in ("address", "extra"))
    return known[kind]


def _by_address(found: tuple[Any, ...], section: str, check: AttributeCheck | None) -> dict[Address, Any]:
    named: dict[Address, Any] = {}
    for place, item in enumerate(found):
        if named.setdefault(item.address, item) is not item:
            raise WrongValue(f"{item.name} is a duplicate, as after a merge", (section, place, "name"))
        if check:
            try:
                check(item.address.kind, item.attributes)
            except WrongValue as wrong:
                raise WrongValue(wrong.detail, (section, place, "attributes", *wrong.path)) from None
    return named


def _check_ids(entries: tuple[Entry, ...]) -> None:
    owners: dict[str, str] = {}
    for place, (entry, step, interview_id) in _ids(entries):
        if interview_id in owners:
            detail = f"{owners[interview_id]} and {entry.name} have the same id {interview_id}"
            raise WrongValue(detail, ("interviews", place, *step))
        owners[interview_id] = entry.name


def _ids(entries: tuple[Entry, ...]) -> Iterator[tuple[int, tuple[Entry, tuple[str | int, ...], str]]]:
    for place, entry in enumerate(entries):
        yield place, (entry, ("id",), entry.id)
        for number, former in enumerate(entry.history):
            yield place, (entry, ("history", number, "id"), former.id)
