"""Every inferred behaviour of the service in both positions: apply, then plan, is empty, and again after an edit."""

from __future__ import annotations

from typing import Any

import pytest
from workshop import INTERACTIVE, OFFLINE
from world import World, document, told

from reconciler.sandbox.switches import DEFAULTS, TABLE

QUESTIONS = [
    {"id": "nights", "question": "Night shifts?", "duration": 90, "label": "warm-up", "external_data": {}},
    {"id": "often", "question": "How often?", "is_conditional": True, "conditional_question_main_id": "nights"},
    {
        "external_id": "shift",
        "question": "Which shift?",
        "is_multiple_choice": True,
        "question_alternatives": ["A", "B"],
    },
    {"question": "Anything to ask us?", "is_candidate_asking_recruiter": True, "is_expert": False},
]
RICH: dict[str, Any] = {
    "name": "Driver", "status": "active", "is_embedded": True, "questions": QUESTIONS, "interview_tone": "Professional",
    "seniority_level": None, "custom_scoring": {"early_stop": True}, "interview_attempts": 2, "tags": ["b", "a"],
    "interview_available_till": "2031-01-01", "interview_salary": " ", "max_duration": 900, "result_view": "full",
    "candidate_expectations_json": None, "candidate_video_introduction": None, "hiring_for_company": {"name": " "},
    "pdf_export_auto_config": {"contact_details": True}, "description_long": "Long", "required_pronunciation": None,
    "country_availability": {"countries_allowed": ["DE", "CZ"], "countries_blocked_eu": False},
}  # fmt: skip
EDITED: dict[str, Any] = {
    **RICH, "description": "Edited", "tags": ["a", "c"], "custom_scoring": None, "interview_salary": "99",
    "questions": [QUESTIONS[2], {**QUESTIONS[0], "question": "Night work?"}, QUESTIONS[1], {"question": "New?"}],
    "country_availability": {"countries_allowed": ["CZ"], "countries_allowed_eu": True},
}  # fmt: skip

# the other positions of every switch that is a reading of what the service does with an interview
OTHER: dict[str, list[Any]] = {
    "create_enforces_limits": [False],
    "later_parent_is_422": [False],
    "set_state_needs_something": [False],
    "regenerate_unmet_is_422": [True],
    "question_knowledge_base_checked": [False],
    "pronunciation_checked": [False],
    "legacy_templates_usable": [True],
    "unknown_body_keys_rejected": [True],
    "caller_is_admin": [True],
    "foreign_merchant_is_403": [True],
    "environment": ["test"],
    "deduplication_compares": ["text", "everything"],
    "expectations_generated": [False],
    "null_counts_as_omitted": [False],
    "blank_is_null_on_create": [False],
    "create_max_duration": [600, 1200.5],
    "default_result_view": ["none"],
    "default_video_introduction": ["optional"],
    "tone_is_normalised": [False],
    "seniority_is_detected": [False],
    "scoring_shows_defaults": [False],
    "custom_scoring_null": ["nothing"],
    "scoring_null_keeps_retries": [False],
    "attempts_stored_on_create": [False],
    "available_till_gains_time": [False],
    "countries_completed": [True],
    "reorder_is_kept": [False],
    "omitted_keys_unchanged": [False],
    "unset_flag_equals_false": [False],
    "empty_equals_null": [False],
    "children_repointed": [False],
    "status_before_questions": [True],
    "unchanged_write_bumps": [False],
    "embed_bumps_updated_at": [True],
    "embed_key_is_stable": [False],
    "deleted_is_listed": [False],
    "deleted_is_readable": [False],
    "preparing_seconds": [3600],
    "definition_shown": [True],
    "unset_flags_as": ["absent", "false"],
    "null_reads": [["stage", "slug"], ["updated_at"]],
    "extra_keys_in_answers": [True],
    "results_bump_updated_at": [True],
    "page_limit": [1],
    "clock_skew_seconds": [86_400, -86_400],
}
# what is no reading of an interview: how it is reached, what is billed, or a service that misbehaves
BESIDE = {
    "access": {"accepted_token", "apikey_required", "token_lasts_requests", "coaching_refused"},
    "money": {
        "subscription_type", "credits_monthly", "credits_monthly_limit", "credits_extra", "credits_single",
        "invitations_sent",
    },
    "machine": {"latency_ms", "request_log"},
    "misbehaviour": {
        "mark_is", "external_ids_kept", "name_is", "texts_are", "fields_ignored", "list_hides", "read_hides",
        "rows_move", "has_more",
    },
}  # fmt: skip
CASES = [(name, value) for name, values in OTHER.items() for value in values]


@pytest.mark.parametrize("template", [INTERACTIVE, OFFLINE], ids=["interactive", "offline"])
@pytest.mark.parametrize(("name", "value"), [("environment", "production"), *CASES])
def test_apply_then_plan_is_empty(world: World, name: str, value: Any, template: str) -> None:
    world.service.switch(**{name: value})
    for spec in (RICH, EDITED, RICH):
        _carried_out(world, document("one", **{**spec, "interview_template_id": template}))
    _carried_out(world)


def _carried_out(world: World, *documents: dict[str, Any]) -> None:
    """Applies; the questions may have come out otherwise than predicted, the next plan is empty all the same."""
    results = world.carry_out(world.plan(*documents).pending)
    assert [result.ending for result in results] == ["done"], results
    assert told(world.plan(*documents)) == []


def test_every_switch_is_tried_in_every_position_or_is_no_reading() -> None:
    beside = set().union(*BESIDE.values())
    assert beside.isdisjoint(OTHER)
    assert beside | set(OTHER) == set(DEFAULTS)
    for switch in TABLE:
        tried = {repr(value) for value in OTHER.get(switch.name, ())}
        assert repr(switch.default) not in tried
        if switch.name in OTHER and switch.choices:
            assert tried == {repr(choice) for choice in switch.choices if choice != switch.default}
