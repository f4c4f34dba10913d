"""Merging states: laws over random histories, and the cases that lost interviews before."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.address import Address
from reconciler.errors import Damaged
from reconciler.state.merge import TWO_INTERVIEWS, merge
from reconciler.state.model import Account, ApplyRun, Attempt, Entry, Revision, State, Superseded, Tombstone

A, B = Address("Interview", "a"), Address("Interview", "b")


def entry(address: Address = A, identity: str = "1", **changes: object) -> Entry:
    return replace(Entry(address, identity, {"name": "x"}, updated_at="2026-01-01"), **changes)  # type: ignore[arg-type]


def attempt(address: Address = A, mark: str = "m1") -> Attempt:
    return Attempt(address, mark, f"2026-{mark}", {}, f"code-{mark}")


def state(*values: Entry | Attempt, serial: int = 1) -> State:
    entries = {value.address: value for value in values if isinstance(value, Entry)}
    in_doubt = {value.address: value for value in values if isinstance(value, Attempt)}
    return State("L", serial, entries, in_doubt)


NAMES = [Address("Interview", name) for name in "abc"]
DATES = st.sampled_from(["2026-01-01", "2026-02-02", "2026-03-03"])


def entries(address: Address) -> st.SearchStrategy[Entry]:
    # an id belongs to one name, as the service gives it
    return st.builds(
        Entry,
        address=st.just(address),
        id=st.sampled_from([f"{address.name}{number}" for number in range(3)]),
        attributes=st.dictionaries(st.sampled_from(["name", "status"]), st.sampled_from("xyz"), max_size=2),
        embed_signing_key=st.none() | st.sampled_from(["key-1", "key-2"]),
        updated_at=st.none() | DATES,
        history=st.lists(
            st.builds(
                Superseded, st.sampled_from([f"{address.name}-old{n}" for n in range(3)]), st.none(), st.none(),
                st.none() | DATES,
            ),
            max_size=2,
            unique_by=lambda former: former.id,
        ).map(tuple),
        revisions=st.lists(st.builds(Revision, DATES, st.sampled_from("pqr")), max_size=2).map(tuple),
    )  # fmt: skip


def attempts(address: Address) -> st.SearchStrategy[Attempt]:
    return st.sampled_from([attempt(address, f"{address.name}-m{number}") for number in range(3)])


@st.composite
def states(draw: st.DrawFn) -> State:
    chosen: list[Entry | Attempt] = []
    for address in NAMES:
        if draw(st.booleans()):
            chosen.append(draw(entries(address)))
        if draw(st.integers(0, 3)) == 0:
            chosen.append(draw(attempts(address)))
    return state(*chosen, serial=draw(st.integers(0, 5)))


def ids(value: State) -> set[str]:
    """Every interview that a state remembers."""
    known = {one.id for one in value.entries.values()}
    return known | {former.id for one in value.entries.values() for former in one.history}


def marks(value: State) -> str:
    return " ".join(f"{one.attempt} {one.reason}" for one in value.in_doubt.values())


@given(states(), states())
@settings(max_examples=100)
def test_without_a_base_nothing_is_dropped(ours: State, theirs: State) -> None:
    merged = merge(None, ours, theirs).state
    assert ids(ours) | ids(theirs) <= ids(merged)
    assert {*ours.entries, *theirs.entries} == {*merged.entries}
    for side in (ours, theirs):
        assert all(one.attempt in marks(merged) for one in side.in_doubt.values())


@given(states(), states(), states())
@settings(max_examples=100)
def test_the_sides_may_be_swapped(base: State, ours: State, theirs: State) -> None:
    one, other = merge(base, ours, theirs), merge(base, theirs, ours)
    assert (one.state, one.conflicts) == (other.state, other.conflicts)


@given(states(), states(), states())
@settings(max_examples=100)
def test_merging_again_changes_nothing(base: State, ours: State, theirs: State) -> None:
    merged = merge(base, ours, theirs).state
    assert merge(theirs, merged, theirs).state == merged
    assert merge(ours, ours, merged).state == merged
    assert merge(base, merged, merged).state == merged


@given(states(), states(), states())
@settings(max_examples=100)
def test_only_what_a_side_removed_is_gone(base: State, ours: State, theirs: State) -> None:
    merged = merge(base, ours, theirs).state
    for address in {*ours.entries, *theirs.entries} - {*merged.entries}:
        kept = ours.entries.get(address) or theirs.entries.get(address)
        assert kept == base.entries.get(address), "removed by one side, unchanged on the other"
    surviving = {
        one.id
        for side in (ours, theirs)
        for address, one in side.entries.items()
        if address in merged.entries and one != base.entries.get(address)
    }
    assert surviving <= ids(merged)


@given(states(), states())
def test_a_side_that_did_nothing_gives_way(base: State, theirs: State) -> None:
    assert replace(merge(base, base, theirs).state, serial=0) == replace(theirs, serial=0)


def test_two_interviews_under_one_name_stop_the_name() -> None:
    """Two runners that created the same interview: neither id is lost, and nothing is archived unasked."""
    merged = merge(state(), state(entry(identity="1")), state(entry(identity="2", updated_at="2026-05-05")))
    kept = merged.state.entries[A]
    assert (kept.id, [former.id for former in kept.history]) == ("2", ["1"])
    assert kept.history[0].retired_at, "or the next apply would archive it"
    assert merged.state.in_doubt[A].reason == f"{TWO_INTERVIEWS}: 2 and 1"
    assert merged.conflicts == (A,)


def test_removal_meets_change_and_the_entry_stays() -> None:
    merged = merge(state(entry()), state(), state(entry(attributes={"name": "new"})))
    assert merged.state.entries[A].attributes == {"name": "new"}
    assert merged.conflicts == (A,)


def test_different_fields_of_one_entry_are_both_kept() -> None:
    merged = merge(
        state(entry()), state(entry(attributes={"name": "new"})), state(entry(embed_id="e", embed_signing_key="k"))
    )
    found = merged.state.entries[A]
    assert (found.attributes, found.embed_signing_key, merged.conflicts) == ({"name": "new"}, "k", ())


def test_the_same_fields_changed_twice_have_to_be_looked_at() -> None:
    ours = entry(attributes={"name": "ours"}, updated_at="2026-02-02")
    theirs = entry(attributes={"name": "theirs"}, updated_at="2026-03-03")
    found = merge(state(entry()), state(ours), state(theirs)).state.entries[A]
    assert (found.attributes, found.updated_at) == ({"name": "theirs"}, None)


def test_a_settled_attempt_does_not_come_back() -> None:
    merged = merge(state(attempt()), state(attempt()), state(entry()))
    assert (merged.state.in_doubt, merged.state.entries[A].id) == ({}, "1")


def test_a_second_attempt_for_a_name_keeps_its_mark() -> None:
    found = merge(state(), state(attempt(mark="m1")), state(attempt(mark="m2"))).state.in_doubt[A]
    assert found.attempt == "m1"
    assert "m2" in found.reason
    assert "code-m2" in found.reason


def test_a_move_meets_a_change() -> None:
    moved = entry(B)
    merged = merge(state(entry()), state(moved), state(entry(attributes={"name": "new"})))
    assert list(merged.state.entries) == [B]
    assert merged.state.entries[B].attributes == {"name": "new"}


def test_two_moves_of_one_interview_leave_one_entry() -> None:
    c = Address("Interview", "c")
    one = merge(state(entry()), state(entry(B)), state(entry(c))).state
    assert list(one.entries) == [B]


def test_replacement_meets_a_change_of_the_old() -> None:
    ours = entry(identity="2", history=(Superseded("1", None, None, None),))
    merged = merge(state(entry()), state(ours), state(entry(attributes={"name": "new"})))
    assert (merged.state.entries[A].id, merged.state.in_doubt) == ("2", {})


def test_another_lineage_is_refused() -> None:
    with pytest.raises(Damaged, match="different lineages"):
        merge(None, State("L"), State("M"))


def test_tombstones_and_applies_of_both_sides_are_kept_and_an_entry_outlives_its_tombstone() -> None:
    stones = [Tombstone(A, identity, f"T{identity}", "archive", {}) for identity in "12"]
    runs = [ApplyRun(f"T{number}", "0.1", commit=str(number)) for number in range(2)]
    ours = replace(state(), tombstones=(stones[0],), applied=(runs[1],))
    theirs = replace(state(entry(B, "1")), tombstones=(stones[1],), applied=tuple(runs))
    for one, other in ((ours, theirs), (theirs, ours)):
        merged = merge(State("L"), one, other).state
        assert merged.tombstones == (stones[1],)
        assert merged.applied == tuple(runs)


def test_settings_are_those_of_the_side_that_changed_them() -> None:
    base, changed = (replace(state(), settings={"guard": number}) for number in (1, 2))
    other = replace(base, entries={B: entry(B, "2")})
    assert merge(base, changed, other).state.settings == merge(base, other, changed).state.settings == {"guard": 2}


def test_states_of_two_accounts_are_not_merged() -> None:
    ours, theirs = (replace(state(), account=Account("https://api", merchant)) for merchant in ("m-1", "m-2"))
    assert merge(None, ours, state(entry())).state.account == ours.account
    with pytest.raises(Damaged, match="different accounts"):
        merge(None, ours, theirs)
