"""Replaying records: laws that hold for every history, and what each record does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workshop import interview

from reconciler.manifest.desired import Lifecycle
from reconciler.state.model import MOST_RUNS, Account, Attempt, Entry, State, Superseded
from reconciler.state.records import (
    Adopted,
    Applied,
    Begun,
    Bound,
    Closed,
    Confirmed,
    Doubted,
    Forgotten,
    Ran,
    Record,
    Seen,
)
from reconciler.state.replay import replay

BEGUN = Begun(interview("a"), "try-1", "T1", {"name": "A", "questions": []}, "jmctl:p/a", Lifecycle(protect=True))
MADE = Confirmed(interview("a"), "try-1", "T2", "id-1", "embed-1", "sealed")
EMPTY = State("line")
NAMES = ("a", "b", "c")


def begun(name: str, attempt: str) -> Begun:
    return Begun(interview(name), attempt, "T", {"name": name, "questions": []}, None)


@st.composite
def histories(draw: st.DrawFn) -> list[Record]:
    """Records in an order in which they can come about."""
    entries: set[str] = set()
    open_: dict[str, str] = {}
    records: list[Record] = []
    for number in range(draw(st.integers(0, 25))):
        name = draw(st.sampled_from(NAMES))
        if name in open_:
            attempt = open_[name]
            record: Record = draw(
                st.sampled_from(
                    [
                        Confirmed(interview(name), attempt, "T", f"id-{number}"),
                        Closed(interview(name), attempt, "T", "no"),
                        Doubted(interview(name), attempt, "T", f"reset {number}"),
                    ]
                )
            )
            if not isinstance(record, Doubted):
                del open_[name]
            if isinstance(record, Confirmed):
                entries.add(name)
        else:
            options: list[Record] = [begun(name, f"try-{number}")]
            if name in entries:
                options += [
                    Applied(interview(name), "T", {"name": f"{name}{number}", "questions": []}, Lifecycle()),
                    Seen(interview(name), "C", f"U{number}"),
                    Forgotten(interview(name), "T", "gone"),
                ]
            record = draw(st.sampled_from(options))
            if isinstance(record, Begun):
                open_[name] = record.attempt
            if isinstance(record, Forgotten):
                entries.discard(name)
        records.append(record)
    return records


@given(histories())
def test_every_confirmed_id_is_remembered_for_ever(records: list[Record]) -> None:
    state = replay(EMPTY, records)
    known = [one.id for entry in (*state.entries.values(), *state.tombstones) for one in (entry, *entry.history)]
    assert sorted(known) == sorted(record.id for record in records if isinstance(record, Confirmed))


def test_what_comes_back_takes_its_past_from_the_tombstone() -> None:
    retired = Superseded("id-0", None, None, "T0")
    state = replay(EMPTY, [BEGUN, MADE])
    entry = replace(state.entries[interview("a")], history=(retired,))
    gone = replay(replace(state, entries={entry.address: entry}), [Forgotten(entry.address, "T3", "archive", "c0ffee")])
    assert [(stone.id, stone.commit, stone.history) for stone in gone.tombstones] == [("id-1", "c0ffee", (retired,))]
    changed = {"name": "A", "questions": [{"question": "new"}]}
    back = replay(gone, [Adopted(entry.address, "T4", "id-1", changed, Lifecycle(), "jmctl:p/a", None, None)])
    assert back.tombstones == ()
    assert back.entries[entry.address].history == (retired,)
    assert [revision.at for revision in back.entries[entry.address].revisions] == ["T2", "T4"]


def test_the_newest_runs_are_kept() -> None:
    state = replay(EMPTY, [Ran(f"T{number}", "0.1", commit=str(number)) for number in range(MOST_RUNS + 3)])
    assert [run.commit for run in state.applied] == [str(number) for number in range(3, MOST_RUNS + 3)]


def test_a_state_is_bound_to_the_account_named_last() -> None:
    state = replay(EMPTY, [Bound("T", "https://one", "m-1"), Bound("T", "https://two", "m-1")])
    assert state.account == Account("https://two", "m-1")


@given(histories(), st.data())
def test_replaying_in_two_parts_is_replaying_at_once(records: list[Record], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(records)))
    assert replay(replay(EMPTY, records[:cut]), records[cut:]) == replay(EMPTY, records)


@given(histories())
def test_every_confirmed_id_is_an_entry_or_its_past_until_it_is_forgotten(records: list[Record]) -> None:
    state = replay(EMPTY, records)
    for name in NAMES:
        told = list(since_forgotten(name, records))
        entry = state.entries.get(interview(name))
        known = [former.id for former in entry.history] + [entry.id] if entry else []
        assert known == told


def since_forgotten(name: str, records: list[Record]) -> Iterator[str]:
    last = max(
        (place for place, record in enumerate(records) if record == Forgotten(interview(name), "T", "gone")), default=-1
    )
    return (
        record.id for record in records[last + 1 :] if isinstance(record, Confirmed) and record.address.name == name
    )


@given(histories())
def test_an_attempt_is_in_doubt_exactly_from_its_beginning_to_its_outcome(records: list[Record]) -> None:
    state = replay(EMPTY, records)
    for name in NAMES:
        of_name = [record for record in records if record.address.name == name]
        last = next((record for record in reversed(of_name) if isinstance(record, Begun | Confirmed | Closed)), None)
        assert (interview(name) in state.in_doubt) == isinstance(last, Begun)


@given(histories())
def test_the_state_before_is_left_as_it_was(records: list[Record]) -> None:
    cut = len(records) // 2
    before = replay(EMPTY, records[:cut])
    copy = replay(EMPTY, records[:cut])
    replay(before, records[cut:])
    assert before == copy


@pytest.mark.parametrize(
    ("records", "entry", "attempt"),
    [
        pytest.param([BEGUN], None, "jmctl ended before the answer came", id="begun"),
        pytest.param([BEGUN, Doubted(interview("a"), "try-1", "T2", "reset")], None, "reset", id="doubted"),
        pytest.param([BEGUN, Closed(interview("a"), "try-1", "T2", "422")], None, None, id="closed"),
        pytest.param(
            [BEGUN, Doubted(interview("a"), "try-1", "T2", "reset"), MADE], "id-1", None, id="confirmed after all"
        ),
        pytest.param([BEGUN, MADE], "id-1", None, id="confirmed"),
        pytest.param([BEGUN, MADE, Forgotten(interview("a"), "T3", "gone")], None, None, id="forgotten"),
        pytest.param([BEGUN, MADE, begun("a", "try-2")], "id-1", "jmctl ended before the answer came", id="again"),
    ],
)
def test_what_is_remembered_follows_from_the_records(
    records: list[Record], entry: str | None, attempt: str | None
) -> None:
    state = replay(EMPTY, records)
    assert (state.entries[interview("a")].id if interview("a") in state.entries else None) == entry
    assert (state.in_doubt[interview("a")].reason if interview("a") in state.in_doubt else None) == attempt


def test_a_create_leaves_what_was_sent_and_what_came_back() -> None:
    assert replay(EMPTY, [BEGUN, MADE]).entries[interview("a")] == Entry(
        address=interview("a"),
        id="id-1",
        attributes=BEGUN.attributes,
        code="jmctl:p/a",
        embed_id="embed-1",
        embed_signing_key="sealed",
        made_at=MADE.at,
        lifecycle=Lifecycle(protect=True),
        revisions=replay(EMPTY, [BEGUN, MADE]).entries[interview("a")].revisions,
    )


def test_an_interview_created_anew_keeps_the_old_one_in_its_history() -> None:
    records = [
        BEGUN,
        MADE,
        Seen(interview("a"), "C1", "U1"),
        begun("a", "try-2"),
        Confirmed(interview("a"), "try-2", "T9", "id-2"),
    ]
    entry = replay(EMPTY, records).entries[interview("a")]
    assert (entry.id, entry.history) == ("id-2", (Superseded("id-1", "embed-1", "C1", "T9"),))
    assert entry.updated_at is None, "what was seen of the old one says nothing of the new one"


def test_what_was_applied_has_to_be_looked_at_until_it_is_seen() -> None:
    applied = Applied(interview("a"), "T3", {"name": "B", "questions": []}, Lifecycle(on_remove="forget"))
    state = replay(EMPTY, [BEGUN, MADE, Seen(interview("a"), "C1", "U1"), applied])
    assert state.entries[interview("a")].updated_at is None
    assert state.entries[interview("a")].lifecycle == Lifecycle(on_remove="forget")
    seen = replay(state, [Seen(interview("a"), None, "U2")]).entries[interview("a")]
    assert (seen.created_at, seen.updated_at) == ("C1", "U2")


@pytest.mark.parametrize(
    "record",
    [
        MADE,
        Closed(interview("a"), "try-1", "T", "no"),
        Doubted(interview("a"), "try-1", "T", "reset"),
        Applied(interview("a"), "T", {}, Lifecycle()),
        Seen(interview("a"), None, None),
        Forgotten(interview("a"), "T", "gone"),
    ],
    ids=lambda record: record.record,
)
def test_a_record_of_what_is_not_there_is_no_history(record: Any) -> None:
    with pytest.raises(KeyError):
        replay(EMPTY, [record])


def test_a_doubt_keeps_what_was_begun() -> None:
    attempt = replay(EMPTY, [BEGUN, Doubted(interview("a"), "try-1", "T2", "reset")]).in_doubt[interview("a")]
    assert attempt == Attempt(
        interview("a"),
        "try-1",
        "T1",
        BEGUN.attributes,
        "jmctl:p/a",
        Lifecycle(protect=True),
        reason="reset",
        ended_at="T2",
    )
