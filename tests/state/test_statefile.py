"""Bytes of states and journals: what is written comes back, and what was damaged is never taken for something else."""

from __future__ import annotations

import json
import sys
from dataclasses import fields, replace
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workshop import interview

from reconciler.address import Address
from reconciler.errors import Damaged, Where
from reconciler.manifest.desired import Lifecycle
from reconciler.state.format import dump_state, parse_state
from reconciler.state.journal_format import JournalContent, dump_header, dump_records, parse_journal
from reconciler.state.model import Account, ApplyRun, Attempt, Entry, Revision, State, Superseded, Tombstone
from reconciler.state.records import Begun, Closed, Confirmed, Moved, Record, Seen

HERE = Where("state/default.json")
DIGEST = "0" * 64

texts = st.text(st.characters(codec="utf-8"))
numbers = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
attributes = st.dictionaries(texts, values, max_size=4)
lifecycles = st.builds(
    Lifecycle, st.booleans(), st.sampled_from(["archive", "delete", "forget"]), st.lists(texts, max_size=2).map(tuple)
)
lines = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
ids = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._:@~+-]{0,12}", fullmatch=True)
names = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", fullmatch=True)
kinds = st.sampled_from(["Interview", "Texts"])
extras = st.dictionaries(st.sampled_from(["imported", "lease", "\u00e4"]), values, max_size=2)
maybe = st.none() | texts
addresses = st.builds(Address, kinds, names)


def of_type(kind: Any) -> st.SearchStrategy[Any]:
    """Values for a field by its annotation, so that a record added later is tried too."""
    known: dict[str, st.SearchStrategy[Any]] = {
        "Address": addresses,
        "str": ids,
        "str | None": maybe,
        "Lifecycle": lifecycles,
        "Mapping[str, Any]": attributes,
        "Mapping[str, str]": st.dictionaries(texts, texts, max_size=2),
        "tuple[str, ...]": st.lists(texts, max_size=2).map(tuple),
    }
    return known[kind]


def within_its_kind(record: Record) -> Record:
    """A resource changes its name, never its kind."""
    return replace(record, to=Address(record.address.kind, record.to.name)) if isinstance(record, Moved) else record


records = st.one_of(
    *(
        st.builds(kind, **{field.name: of_type(field.type) for field in fields(kind)})
        for kind in get_args(Record)
        if all(isinstance(field.type, str) for field in fields(kind))
    )
).map(within_its_kind)
entries = st.builds(
    Entry,
    address=addresses,
    id=ids,
    attributes=attributes,
    code=maybe,
    embed_id=maybe,
    embed_signing_key=maybe,
    created_at=maybe,
    updated_at=maybe,
    lifecycle=lifecycles,
    history=st.lists(st.builds(Superseded, ids, maybe, maybe, texts), max_size=2).map(tuple),
    revisions=st.lists(st.builds(Revision, texts, texts), max_size=2).map(tuple),
    extra=extras,
)
attempts = st.builds(
    Attempt, addresses, ids, texts, attributes, maybe, lifecycles, st.none() | ids, texts, maybe, extras
)


def by_address(items: list[Any]) -> dict[Address, Any]:
    return {item.address: item for item in items}


def distinct_ids(state: State) -> bool:
    ids = [one.id for entry in state.entries.values() for one in (entry, *entry.history)]
    return len(ids) == len(set(ids))


states = st.builds(
    State,
    lineage=lines,
    serial=st.integers(0, 2**53),
    entries=st.lists(entries, max_size=3).map(by_address),
    in_doubt=st.lists(attempts, max_size=2).map(by_address),
    extra=extras,
    account=st.none() | st.builds(Account, lines, lines),
    applied=st.lists(st.builds(ApplyRun, texts, texts, maybe, maybe, maybe, maybe), max_size=2).map(tuple),
    tombstones=st.lists(
        st.builds(Tombstone, addresses, ids, texts, texts, attributes, maybe, maybe, maybe, maybe, maybe), max_size=2
    ).map(tuple),
).filter(distinct_ids)


@given(states)
def test_a_state_comes_back_as_it_was(state: State) -> None:
    assert parse_state(dump_state(state), HERE) == state


@given(states)
def test_equal_states_give_equal_bytes_whatever_their_order(state: State) -> None:
    backwards = State(
        state.lineage,
        state.serial,
        dict(reversed(state.entries.items())),
        dict(reversed(state.in_doubt.items())),
        state.extra,
        state.account,
        state.applied,
        state.tombstones,
    )
    assert dump_state(backwards) == dump_state(state)


def test_a_snapshot_is_made_to_be_reviewed() -> None:
    state = State(
        "line", 3, {interview(name): Entry(interview(name), f"id-{name}", {"name": "Ä"}) for name in ("b", "a")}
    )
    text = dump_state(state).decode()
    assert text.endswith("}\n")
    assert '\n      "id": "id-a",\n' in text
    assert text.index('"id-a"') < text.index('"id-b"')
    assert '"name": "Ä"' in text
    assert "in_doubt" not in text


@given(states, st.lists(records, max_size=6))
def test_a_journal_comes_back_as_it_was(state: State, written: list[Record]) -> None:
    assert parse_journal(dump_header(state, DIGEST) + dump_records(written), HERE) == JournalContent(
        state.lineage, state.serial, DIGEST, tuple(written)
    )


@given(st.lists(records, min_size=1, max_size=6), st.data())
def test_records_written_apart_are_the_lines_of_records_written_together(
    written: list[Record], data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(written)))
    first = dump_records(written[:cut])
    assert first + dump_records(written[cut:], first) == dump_records(written)


# -- damage to a snapshot

ENTRY: dict[str, Any] = {"kind": "Interview", "name": "a", "id": "id-a", "attributes": {}}
GOOD: dict[str, Any] = {"version": 2, "jmctl": "0.1.0", "lineage": "line", "serial": 1, "interviews": [ENTRY]}


def snapshot(**changed: Any) -> bytes:
    document = {**GOOD, **changed}
    return json.dumps({key: value for key, value in document.items() if value is not ...}).encode()


def test_the_good_one_of_the_table_is_good() -> None:
    assert parse_state(snapshot(), HERE).entries[interview("a")].id == "id-a"


@pytest.mark.parametrize(
    ("data", "summary"),
    [
        pytest.param(b"", "the state cannot be read", id="empty file"),
        pytest.param(b"\n", "the state cannot be read", id="only a newline"),
        pytest.param(b"\0" * 64, "the state cannot be read", id="zeros"),
        pytest.param(snapshot()[:-2], "the state cannot be read", id="cut short"),
        pytest.param(snapshot() + snapshot(), "the state cannot be read", id="two documents"),
        pytest.param(
            b"<<<<<<< HEAD\n" + snapshot(), "the state file has merge conflict markers", id="conflict markers"
        ),
        pytest.param(b"[]", "the state cannot be read", id="a list"),
        pytest.param(b"null", "the state cannot be read", id="null"),
        pytest.param(b"{}", None, id="an empty object"),
        pytest.param(snapshot(version=...), None, id="no version"),
        pytest.param(snapshot(version="1"), None, id="version as text"),
        pytest.param(snapshot(version=True), None, id="version as a flag"),
        pytest.param(snapshot(version=0), None, id="older than any"),
        pytest.param(snapshot(version=3), "a newer jmctl wrote this state", id="newer"),
        pytest.param(snapshot(lineage=...), "the state file is damaged", id="no lineage"),
        pytest.param(snapshot(lineage=""), "the state file is damaged", id="blank lineage"),
        pytest.param(snapshot(serial=...), "the state file is damaged", id="no serial"),
        pytest.param(snapshot(serial=-1), "the state file is damaged", id="negative serial"),
        pytest.param(snapshot(serial="1"), "the state file is damaged", id="serial as text"),
        pytest.param(snapshot(interviews=...), "the state file is damaged", id="no interviews"),
        pytest.param(snapshot(interviews=None), "the state file is damaged", id="interviews null"),
        pytest.param(snapshot(interviews={"a": ENTRY}), "the state file is damaged", id="interviews by name"),
        pytest.param(snapshot(interviews=["a"]), "the state file is damaged", id="an interview as text"),
        pytest.param(snapshot(interviews=[ENTRY | {"id": None}]), "the state file is damaged", id="id null"),
        pytest.param(snapshot(interviews=[ENTRY | {"id": 7}]), "the state file is damaged", id="id a number"),
        pytest.param(
            snapshot(interviews=[{"kind": "Interview", "name": "a"}]), "the state file is damaged", id="no id"
        ),
        pytest.param(snapshot(interviews=[ENTRY | {"attributes": []}]), "the state file is damaged", id="attributes"),
        pytest.param(snapshot(interviews=[ENTRY | {"lifecycle": []}]), "the state file is damaged", id="lifecycle"),
        pytest.param(snapshot(interviews=[ENTRY | {"history": [{}]}]), "the state file is damaged", id="history"),
        pytest.param(snapshot(interviews=[ENTRY, ENTRY]), "the state file is damaged", id="the same name twice"),
        pytest.param(
            snapshot(in_doubt=[{"kind": "Interview", "name": "a"}]), "the state file is damaged", id="half an attempt"
        ),
        pytest.param(snapshot(in_doubt=None), "the state file is damaged", id="in doubt null"),
    ],
)
def test_a_damaged_snapshot_is_an_error_with_the_way_out(data: bytes, summary: str | None) -> None:
    with pytest.raises(Damaged) as raised:
        parse_state(data, HERE)
    (problem,) = raised.value.problems
    assert summary is None or problem.summary == summary
    assert problem.where
    assert problem.where.path == HERE.path
    assert problem.hint


# -- damage to a journal

STATE = State("line", 4)
WRITTEN: list[Record] = [
    Begun(interview("a"), "try-a", "T1", {"name": "A"}, None),
    Begun(interview("b"), "try-b", "T1", {"name": "Bö"}, "jmctl:p/b"),
    Confirmed(interview("a"), "try-a", "T2", "id-a"),
    Seen(interview("a"), "C", "U"),
    Closed(interview("b"), "try-b", "T3", "422"),
]


def journal() -> bytes:
    return dump_header(STATE, DIGEST) + dump_records(WRITTEN)


def test_a_journal_cut_at_any_byte_holds_the_whole_records_before_the_cut() -> None:
    data = journal()
    ends = [place + 1 for place, byte in enumerate(data) if byte == ord("\n")]
    for cut in range(len(data) + 1):
        whole = sum(end <= cut for end in ends)
        found = parse_journal(data[:cut], HERE)
        assert found == (JournalContent("line", 4, DIGEST, tuple(WRITTEN[: whole - 1])) if whole else None), cut


@pytest.mark.parametrize("line", range(len(WRITTEN)))
def test_a_line_missing_before_the_last_is_noticed(line: int) -> None:
    lines = journal().splitlines(keepends=True)
    del lines[line]
    with pytest.raises(Damaged):
        parse_journal(b"".join(lines), HERE)


@pytest.mark.parametrize("line", range(len(WRITTEN)))
def test_two_lines_in_the_wrong_order_are_noticed(line: int) -> None:
    lines = journal().splitlines(keepends=True)
    lines[line], lines[line + 1] = lines[line + 1], lines[line]
    with pytest.raises(Damaged):
        parse_journal(b"".join(lines), HERE)


def test_a_line_that_stands_there_twice_is_noticed() -> None:
    lines = journal().splitlines(keepends=True)
    with pytest.raises(Damaged):
        parse_journal(b"".join([*lines[:3], lines[2], *lines[3:]]), HERE)


@pytest.mark.parametrize("flip", [0x01, 0x20, 0x80])
def test_a_byte_changed_anywhere_is_noticed(flip: int) -> None:
    data = journal()
    for place in range(len(data) - 1):  # without its last newline the last line is one that a crash cut short
        damaged = bytearray(data)
        damaged[place] ^= flip
        with pytest.raises(Damaged):
            parse_journal(bytes(damaged), HERE)


def test_the_place_of_the_damage_is_told() -> None:
    damaged = journal().replace("Bö".encode(), b"Bo")
    with pytest.raises(Damaged) as raised:
        parse_journal(damaged, HERE)
    assert raised.value.problems[0].where == Where("state/default.json", 3, 1)


def test_a_journal_of_a_newer_jmctl_is_not_read() -> None:
    with pytest.raises(Damaged, match="a newer jmctl wrote this state"):
        parse_journal(journal().replace(b'{"journal":2', b'{"journal":3'), HERE)


def test_reading_an_entry_takes_few_calls() -> None:
    """A state of ten thousand interviews is read by every command: counted rather than timed."""
    number = 50
    entries = [
        Entry(
            Address("Interview", f"interview-{place}"),
            f"id-{place}",
            {"name": "N", "questions": []},
            code="c",
            embed_id="e",
            embed_signing_key="k",
            made_at="2026-01-01",
            created_at="2026-01-01",
            updated_at="2026-01-01",
            revisions=(Revision("2026-01-01", DIGEST),),
        )
        for place in range(number)
    ]
    data = dump_state(State("lineage", entries={entry.address: entry for entry in entries}))
    calls = 0

    def count(_: Any, event: str, __: Any) -> None:
        nonlocal calls
        calls += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        parse_state(data, HERE)
    finally:
        sys.setprofile(before)
    assert calls / number < 33
