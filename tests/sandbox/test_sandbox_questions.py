"""Laws of the questions' diff, whatever is stored and whatever is sent."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reconciler.sandbox.questions import revised
from reconciler.sandbox.steps import built, questions_in, shown
from reconciler.sandbox.switches import DEFAULTS

_QUESTION = st.fixed_dictionaries(
    {"question": st.sampled_from("ABCD")},
    optional={
        "external_id": st.one_of(st.none(), st.sampled_from("xyz")),
        "duration": st.one_of(st.none(), st.sampled_from([30, 60])),
        "is_expert": st.one_of(st.none(), st.booleans()),
        "label": st.one_of(st.none(), st.just("l")),
    },
)
_LIST = st.lists(_QUESTION, min_size=1, max_size=6)


def _stored(questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return built({"questions": questions}, DEFAULTS)


@given(_LIST, _LIST)
def test_every_stored_question_has_one_fate_and_every_entry_one_step(
    stored: list[dict[str, Any]], sent: list[dict[str, Any]]
) -> None:
    before = _stored(stored)
    revision = revised(before, sent, DEFAULTS)
    ledger = revision.ledger
    fates = [*ledger.kept, *ledger.removed, *(each["from"] for each in ledger.replaced)]
    assert sorted(fates) == sorted(step["id"] for step in questions_in(before))
    steps = [*ledger.kept, *ledger.added, *(each["to"] for each in ledger.replaced)]
    after = questions_in(revision.steps)
    assert sorted(steps) == sorted(step["id"] for step in after)
    assert [step["question"] for step in after] == [entry["question"] for entry in sent]


@given(_LIST)
def test_what_was_read_can_be_sent_back(stored: list[dict[str, Any]]) -> None:
    before = _stored(stored)
    revision = revised(before, [shown(step, "stored") for step in questions_in(before)], DEFAULTS)
    # two stored questions may share an external_id; then the match is undefined (docs/service.md#4-update)
    names = [step["external_id"] for step in questions_in(before) if step["external_id"]]
    if len(set(names)) == len(names):
        assert (revision.is_changed, revision.steps) == (False, before)


@given(_LIST, _LIST)
def test_sending_twice_changes_once(stored: list[dict[str, Any]], sent: list[dict[str, Any]]) -> None:
    once = revised(_stored(stored), sent, DEFAULTS)
    names = [entry["external_id"] for entry in sent if entry.get("external_id")]
    if len(set(names)) == len(names):
        twice = revised(once.steps, sent, DEFAULTS)
        kept = len(twice.ledger.kept)
        # the content alone may fit another record than the one made for it; what is named never moves
        assert kept >= len(names)
        assert sum(map(len, (twice.ledger.kept, twice.ledger.replaced, twice.ledger.added))) == len(sent)
