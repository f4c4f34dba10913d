# ruff: noqa: FBT003 - the second column of the table is the default
"""What is not known about the real service, one row per guess; the default is the inferred reading.

Adding a guess is adding a row here and asking for it where it matters. Values are plain JSON and live in the database,
so that every process working on the same folder sees a change at its next request.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Switches = dict[str, Any]
"""Every switch's value by name."""


_COMPARES = ("text", "content", "everything")
_UNSET = ("stored", "absent", "false")
_MARKS = ("kept", "stripped", "cut", "lower", "upper")
_TEXTS = ("kept", "trimmed", "nfc", "lf", "lower")
_NULLS = ("clears", "nothing")
_MORE = ("honest", "always", "never")


@dataclass(frozen=True, slots=True)
class Switch:
    """One behaviour that can be had either way; `source` is its section of docs/service.md."""

    name: str
    default: Any
    changes: str
    source: str
    choices: tuple[str, ...] = ()


TABLE: tuple[Switch, ...] = (
    # access
    Switch("accepted_token", None, "only this token is good; null: any that is not expired", "1"),
    Switch("apikey_required", False, "requests without an apikey header are 401", "1"),
    Switch("caller_is_admin", False, "merchant_id is honoured and foreign rows are seen", "1"),
    Switch("foreign_merchant_is_403", False, "a merchant_id that may not be read is 403 instead of ignored", "1"),
    Switch(
        "token_lasts_requests", 0, "an access token is good for so many requests, then 401; 0: as long as it says", "1"
    ),
    Switch("environment", "production", "environment of the interviews created, unless the token says", "1"),
    # requests
    Switch("unknown_body_keys_rejected", False, "unknown top-level keys of a body are 422 instead of dropped", "1"),
    Switch("create_enforces_limits", True, "interview_attempts and questions_random_subset are limited on create", "2"),
    Switch("later_parent_is_422", True, "a conditional parent missing or later in the array is 422, else null", "2"),
    Switch("set_state_needs_something", True, "set-state with neither status nor is_embedded is 422", "5"),
    Switch("regenerate_unmet_is_422", False, "regenerate_candidate_expectations without its needs is 422", "4"),
    Switch("question_knowledge_base_checked", True, "questions[].knowledge_base_id must exist too", "2"),
    Switch("pronunciation_checked", True, "required_pronunciation is refused for a language that has none", "2"),
    Switch("coaching_refused", False, "type coaching is 422, as on a merchant without the coaching portal", "2"),
    Switch("legacy_templates_usable", False, "offline_elai and offline_synthesia can be used", "2"),
    # what is stored
    Switch(
        "deduplication_compares", "content", "all but ids (content) | all but id (everything) | text", "2", _COMPARES
    ),
    Switch("mark_is", "kept", "code (the mark) is kept | stripped | cut to 32 characters | lower | upper", "-", _MARKS),
    Switch("external_ids_kept", True, "questions[].external_id is stored, else dropped", "-"),
    Switch("name_is", "kept", "the name is kept | trimmed | nfc | lf (line ends) | lower", "-", _TEXTS),
    Switch("texts_are", "kept", "descriptions and questions: kept | trimmed | nfc | lf | lower", "-", _TEXTS),
    Switch("fields_ignored", [], "names of fields that are accepted and silently not written", "1"),
    Switch(
        "countries_completed", False, "country_availability reads with all four keys, lists sorted; else as sent", "10"
    ),
    Switch("expectations_generated", True, "candidate_expectations_json is generated for type interview", "2"),
    Switch("null_counts_as_omitted", True, "null candidate_expectations_json on create is generated", "2"),
    Switch("blank_is_null_on_create", True, "code, department and salary: blank becomes null on create too", "4"),
    Switch("create_max_duration", 1200, "max_duration of a new interview", "2"),
    Switch("default_result_view", "full", "result_view when the request has none", "10"),
    Switch("default_video_introduction", "hidden", "candidate_video_introduction when the request has none", "10"),
    Switch("tone_is_normalised", True, "tone is stored in lower case, an unknown one as relaxed; else as sent", "2"),
    Switch("seniority_is_detected", True, "seniority_level omitted is guessed from the texts; else left out", "2"),
    Switch("scoring_shows_defaults", True, "result_scoring holds the defaults beside what was sent", "2"),
    Switch("custom_scoring_null", "clears", "custom_scoring null: clears | nothing (merged as nothing)", "4", _NULLS),
    Switch("scoring_null_keeps_retries", True, "custom_scoring null keeps max_retries", "4"),
    Switch("attempts_stored_on_create", True, "interview_attempts on create becomes result_scoring.max_retries", "2"),
    Switch("available_till_gains_time", True, "interview_available_till reads as a full timestamp", "10"),
    # update
    Switch("reorder_is_kept", True, "questions only moved are kept, else replaced", "4"),
    Switch("omitted_keys_unchanged", True, "question keys not sent count as unchanged, else as a change to null", "4"),
    Switch("unset_flag_equals_false", True, "null and false are the same question flag", "3"),
    Switch("empty_equals_null", True, "empty and null question_alternatives, external_data are the same", "10"),
    Switch("children_repointed", True, "a child follows its replaced parent, else it keeps the old id", "4"),
    Switch("status_before_questions", False, "status in the same update is applied before its questions", "4"),
    Switch("unchanged_write_bumps", True, "writing equal values still moves updated_at", "6"),
    # state
    Switch("embed_bumps_updated_at", False, "minting or removing an embed key moves updated_at", "5"),
    Switch("embed_key_is_stable", True, "is_embedded true again returns the same pair, else a new one", "5"),
    Switch("deleted_is_listed", True, "deleted interviews stay in the list", "5"),
    Switch("deleted_is_readable", True, "deleted interviews can be read and updated, else 404", "5"),
    Switch("preparing_seconds", 0, "an offline interview made active reads as preparing for so long", "5"),
    # reading
    Switch("definition_shown", False, "calc_definition_json holds the compiled steps, else null", "3"),
    Switch("unset_flags_as", "stored", "unset question keys read as stored | absent | false", "3", _UNSET),
    Switch("null_reads", [], "names of get fields that read as null whatever is stored", "1"),
    Switch("list_hides", [], "ids that the interview list leaves out, though they can be read; * is every one", "-"),
    Switch("read_hides", [], "ids that job-interview-get denies, though the list shows them; * is every one", "-"),
    Switch("page_limit", 1000, "no list shows more rows a page, whatever limit is asked for", "6"),
    Switch("rows_move", False, "between pages a row moves to the front: one repeats, the last is missed", "6"),
    Switch("has_more", "honest", "has_more is honest | always true | never true", "6", _MORE),
    Switch("extra_keys_in_answers", False, "list items and details carry keys the contract does not name", "1"),
    # results and money
    Switch("results_bump_updated_at", False, "a new result moves its interview's updated_at", "6"),
    Switch("subscription_type", "Growth", "plan of the merchant; Special has unlimited invitations", "6"),
    Switch("credits_monthly", 200, "monthly interview credits left", "6"),
    Switch("credits_monthly_limit", 250, "monthly interview credits of the plan", "6"),
    Switch("credits_extra", 20, "top-up credits", "6"),
    Switch("credits_single", 0, "single-position credits", "6"),
    Switch("invitations_sent", 12, "invitations sent in the period", "6"),
    # the machine
    Switch(
        "clock_skew_seconds", 0, "the service's clock is ahead by so much (Date header, created_at, updated_at)", "-"
    ),
    Switch("latency_ms", 0, "every answer takes so long; the work is done at once", "-"),
    Switch("request_log", False, "requests are written to the database, not only counted in memory", "-"),
)

DEFAULTS: Switches = {switch.name: switch.default for switch in TABLE}
_CHOICES = {switch.name: switch.choices for switch in TABLE if switch.choices}


def problem(name: str, value: Any) -> str | None:
    """Why this value cannot be set, or None."""
    if name not in DEFAULTS:
        return f"no switch is called {name!r}"
    if name in _CHOICES and value not in _CHOICES[name]:
        return f"{name} is one of {', '.join(_CHOICES[name])}, not {value!r}"
    default = DEFAULTS[name]
    alike = isinstance(value, bool) if isinstance(default, bool) else True
    if isinstance(default, int) and not isinstance(default, bool):
        alike = isinstance(value, int | float) and not isinstance(value, bool)
    elif isinstance(default, str | list):
        alike = isinstance(value, type(default))
    return None if alike else f"{name} takes a value like {default!r}, not {value!r}"
