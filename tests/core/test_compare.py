"""When two values of a field are one to the service, rule by rule, and what is told of questions that differ."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.resources.compare import agrees, changes_of, same
from reconciler.resources.difference import ABSENT, FieldChange
from reconciler.resources.interview.kind import INTERVIEW
from reconciler.resources.interview.questions import paired, question_changes, same_questions

ENGLISH = {"mojito_language_code": "en"}


@pytest.mark.parametrize(
    ("field", "want", "have", "equal"),
    [
        # exact: null is null, and nothing else
        ("name", "A", "A", True),
        ("name", "A", "a", False),
        ("name", "A", "A ", False),
        ("description_long", None, None, True),
        ("description_long", None, "", False),
        ("max_duration", 900, 900, True),
        ("max_duration", 900, 900.0, True),
        ("max_duration", 900, 901, False),
        # a blank text is stored as null
        ("code", " ", None, True),
        ("code", "", "\t\n", True),
        ("code", "x", None, False),
        ("interview_salary", None, "", True),
        # null stands for the default
        ("required_pronunciation", None, False, True),
        ("required_pronunciation", False, None, True),
        ("required_pronunciation", True, None, False),
        ("result_enable_edit_transcript", None, True, True),
        ("candidate_video_introduction", None, "hidden", True),
        # case does not matter to a tone
        ("interview_tone", "Professional", "professional", True),
        ("interview_tone", None, "relaxed", True),
        ("interview_tone", "simple", "relaxed", False),
        # one moment in several spellings
        ("interview_available_till", "2030-12-31", "2030-12-31T00:00:00+00:00", True),
        ("interview_available_till", "2030-12-31T01:00:00+01:00", "2030-12-31T00:00:00Z", True),
        ("interview_available_till", "2030-12-31", "2030-12-30", False),
        ("interview_available_till", "2030-12-31", None, False),
        ("interview_available_till", None, None, True),
        # hiring for yourself
        ("hiring_for_company", None, {"name": ""}, True),
        ("hiring_for_company", None, {"name": None, "website": "x"}, True),
        ("hiring_for_company", {"name": "A"}, {"name": "A"}, True),
        ("hiring_for_company", {"name": "A"}, {"name": "A", "website": None}, True),
        ("hiring_for_company", {"name": "A"}, {"name": "B"}, False),
        # a set
        ("tags", ["b", "a"], ["a", "b"], True),
        ("tags", ["a", "a"], ["a"], True),
        ("tags", [], None, True),
        ("tags", ["a"], ["a", "b"], False),
        # the service adds keys
        ("pdf_export_auto_config", {"a": 1}, {"a": 1, "b": 2}, True),
        ("pdf_export_auto_config", {"a": 1}, {"b": 2}, False),
        ("pdf_export_auto_config", {"a": 1}, {"a": 2, "b": 2}, False),
        ("pdf_export_auto_config", {"a": 1}, None, False),
        # limits by country: lists are sets of codes in upper case; what is not said is no limit, and no limit is null
        ("country_availability", {"countries_allowed": ["DE", "CZ"]}, {"countries_allowed": ["CZ", "DE", "DE"]}, True),
        ("country_availability", {"countries_allowed": ["DE"]}, {"countries_allowed": ["de"]}, True),
        ("country_availability", {"countries_allowed": ["DE"]}, {"countries_blocked": ["DE"]}, False),
        ("country_availability", {"countries_allowed": ["DE"]}, None, False),
        ("country_availability", None, {"countries_blocked": ["US"]}, False),
        ("country_availability", {"countries_blocked": []}, None, True),
        (
            "country_availability",
            {"countries_allowed_eu": True},
            {"countries_allowed": [], "countries_allowed_eu": True, "countries_blocked_eu": False, "x": 1},
            True,
        ),
        # an avatar renders
        ("status", "active", "preparing", True),
        ("status", "draft", "preparing", False),
        # what cannot be cleared is not asked to be
        ("visibility", None, "merchant_public", True),
        ("type", None, "coaching", True),
        # what is not there differs, unless nothing was asked for and nothing can be seen
        ("name", "A", ABSENT, False),
        ("description_long", None, ABSENT, False),
        ("disable_deduplication", None, ABSENT, True),
        ("disable_deduplication", True, ABSENT, False),
    ],
)
def test_when_two_values_are_one(field: str, want: Any, have: Any, equal: bool) -> None:  # noqa: FBT001 - a column
    assert same(INTERVIEW, field, want, have, {}) is equal
    if not equal:
        assert changes_of(INTERVIEW, field, want, have, "ours", {}), "what differs can be told"


json = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    max_leaves=6,
)


@given(json)
def test_every_value_is_equal_to_itself(value: Any) -> None:
    for field in ("candidate_expectations_json", "additional_context", "description"):
        assert same(INTERVIEW, field, value, value, {})


@given(json, json)
def test_whatever_differs_is_told_leaf_by_leaf(want: Any, have: Any) -> None:
    if not same(INTERVIEW, "candidate_expectations_json", want, have, {}):
        found = changes_of(INTERVIEW, "candidate_expectations_json", want, have, "drift", {})
        assert found
        assert all(change.field == "candidate_expectations_json" for change in found)
        assert {change.origin for change in found} == {"drift"}


def test_only_what_was_applied_is_compared_with_what_is_seen() -> None:
    assert agrees(INTERVIEW, {"name": "A"}, {"name": "A", "description": "not ours"})
    assert agrees(INTERVIEW, {"name": "A", "welcome_message": "never shown"}, {"name": "A"})
    assert not agrees(INTERVIEW, {"name": "A"}, {"name": "B"})


# -- questions


def asked(key: str, **changed: Any) -> dict[str, Any]:
    return {"id": key, "external_id": key, "question": f"Why {key}?", **changed}


def stored(key: str, **changed: Any) -> dict[str, Any]:
    """As the service gives it back: with a real id and every key."""
    flags = dict.fromkeys(("is_conditional", "is_expert", "is_multiple_choice", "is_without_scoring"))
    rest = dict.fromkeys(("duration", "question_alternatives", "mojito_language_code", "label"))
    return {**asked(key), "id": f"real-{key}", **flags, **rest, **changed}


A, B, C, D = (asked(key) for key in "abcd")


@pytest.mark.parametrize(
    ("want", "have", "told"),
    [
        pytest.param([A, B], [stored("a"), stored("b")], [], id="as declared"),
        pytest.param([A, B], [stored("a")], [("b", "added")], id="added"),
        pytest.param([A], [stored("a"), stored("b")], [("b", "removed")], id="removed"),
        pytest.param([B, A], [stored("a"), stored("b")], [("a", "moved")], id="swapped"),
        pytest.param([D, A, B, C], [stored(key) for key in "abcd"], [("d", "moved")], id="one moved past three"),
        pytest.param([B, C, D, A], [stored(key) for key in "abcd"], [("a", "moved")], id="first made last"),
        pytest.param([asked("a", question="How?")], [stored("a")], [("a.question", "changed")], id="edited"),
        pytest.param([asked("a", duration=60)], [stored("a", duration=60)], [], id="same duration"),
        pytest.param([asked("a", duration=60)], [stored("a")], [("a.duration", "changed")], id="duration declared"),
        pytest.param([A], [stored("a", duration=60)], [], id="duration not ours"),
        pytest.param([asked("a", is_expert=False)], [stored("a")], [], id="false is unset"),
        pytest.param([asked("a", is_expert=True)], [stored("a")], [("a.is_expert", "changed")], id="flag set"),
        pytest.param([asked("a", mojito_language_code="en")], [stored("a")], [], id="the interview's language"),
        pytest.param(
            [asked("a", mojito_language_code="de")], [stored("a")], [("a.mojito_language_code", "changed")], id="other"
        ),
        pytest.param([asked("a", question_alternatives=[])], [stored("a")], [], id="empty is unset"),
        pytest.param(
            [A, asked("b", is_conditional=True, conditional_question_main_id="a")],
            [stored("a"), stored("b", is_conditional=True, conditional_question_main_id="real-a")],
            [],
            id="a parent by whichever id",
        ),
        pytest.param(
            [A, B, asked("c", is_conditional=True, conditional_question_main_id="b")],
            [stored("a"), stored("b"), stored("c", is_conditional=True, conditional_question_main_id="real-a")],
            [("c.conditional_question_main_id", "changed")],
            id="another parent",
        ),
        pytest.param([A, C], [stored("a"), stored("b")], [("c", "added"), ("b", "removed")], id="one for another"),
        pytest.param([], [stored("a")], [("a", "removed")], id="none left"),
    ],
)
def test_what_is_told_of_questions(want: list[Any], have: list[Any], told: list[tuple[str, str]]) -> None:
    found = question_changes(want, have, "ours", ENGLISH)
    assert [(".".join(change.path[1:]), change.kind) for change in found] == told
    assert same_questions(want, have, ENGLISH) is (not told)


def test_a_swap_is_told_by_its_places() -> None:
    assert question_changes([B, A], [stored("a"), stored("b")], "both", ENGLISH) == [
        FieldChange(("questions", "a"), 1, 2, "moved", "both")
    ]


@given(st.permutations("abcdef"), st.permutations("abcdef"), st.integers(0, 6), st.integers(0, 6))
def test_moves_additions_and_removals_lead_from_one_order_to_the_other(
    want: list[str], have: list[str], wanted: int, held: int
) -> None:
    want, have = want[:wanted], have[:held]
    found = question_changes([asked(key) for key in want], [stored(key) for key in have], "ours", ENGLISH)
    kinds = {kind: {c.path[1] for c in found if c.kind == kind} for kind in ("added", "removed", "moved")}
    assert kinds["added"] == set(want) - set(have)
    assert kinds["removed"] == set(have) - set(want)
    still_want = [key for key in want if key in have and key not in kinds["moved"]]
    still_have = [key for key in have if key in want and key not in kinds["moved"]]
    assert still_want == still_have, "those that are not moved keep their order"
    assert same_questions([asked(key) for key in want], [stored(key) for key in have], ENGLISH) is (want == have)


def test_pairing_many_new_questions_is_not_quadratic() -> None:
    """Counted, not timed: how often a field of a question is looked at grows with their number, not its square."""

    def forms(count: int) -> int:
        calls = 0

        class Counting(dict[str, Any]):
            def get(self, key: str, default: Any = None) -> Any:
                nonlocal calls
                calls += 1
                return super().get(key, default)

        have = [Counting(stored(f"old-{number}")) for number in range(count)]
        want = [Counting(asked(f"new-{number}")) for number in range(count)]
        assert paired(want, have, ENGLISH) == [None] * count
        return calls

    assert forms(400) <= 4 * forms(100) + 100


rows = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["a", "b", None]), st.sampled_from([1, 2])), max_size=6
)


@given(rows, rows)
def test_questions_are_paired_as_by_looking_at_each_in_turn(want: list[Any], have: list[Any]) -> None:
    def listed(rows: list[Any]) -> list[dict[str, Any]]:
        return [
            {"question": text, "external_id": key, "duration": time, "id": f"{text}{time}"} for text, key, time in rows
        ]

    def in_turn(wanted: list[dict[str, Any]], free: list[dict[str, Any]]) -> list[Any]:
        found: list[Any] = [None] * len(wanted)
        by_key = lambda one: one["external_id"] or one["id"]  # noqa: E731 - one line for each way to match
        by_content = lambda one: (one["question"], one["duration"])  # noqa: E731 - as above
        for name in (by_key, lambda one: one["id"], by_content):
            for place, question in enumerate(wanted):
                match = next((spot for spot, one in enumerate(free) if name(one) == name(question)), None)
                if found[place] is None and match is not None:
                    found[place] = free.pop(match)
        return found

    new, old = listed(want), listed(have)
    assert [id(one) for one in paired(new, old, {})] == [id(one) for one in in_turn(new, list(old))]
