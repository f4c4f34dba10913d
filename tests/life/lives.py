# ruff: noqa: FBT003 - true and false are values of switches here
"""Random interviews, the lives that they lead, and the services that they meet."""

from __future__ import annotations

import json
import random
import uuid
from typing import Any

from hypothesis import strategies as st
from test_every_field import ROWS, SHELF
from workshop import INTERACTIVE, OFFLINE
from world import document

OPTIONAL = [row for row in ROWS if not row.required and row.name != "merchant_id"]
NAMES = ("ada", "bob", "cid")
WORDS = ("Why?", "How?", "When?", "Where to?", "Who else?", "What for?", "And then?", "Since when?", "For whom?")
_VIEWS = ("is_without_scoring", "is_candidate_asking_recruiter", "is_expert", "is_multiple_choice")
_EXTRAS: dict[str, st.SearchStrategy[Any]] = {
    "duration": st.sampled_from([60, 90, 120.5, None]),
    "label": st.sampled_from(["warm-up", "", None]),
    "mojito_language_code": st.sampled_from(["en", "cs", None]),
    "question_alternatives": st.sampled_from([["How so?"], ["Yes", "No"], [], None]),
    "knowledge_base_id": st.sampled_from([SHELF, None]),
    "external_data": st.sampled_from([{"topic": "night"}, {"deep": {"er": [1, 2.5]}}, {}, None]),
    "candidate_expectations_json": st.sampled_from([{"weak": ["Listens"]}, None]),
}


def _values(row: Any) -> st.SearchStrategy[Any]:
    # code: null is created with the mark and keeps it until something is written
    return st.sampled_from([row.first, row.second, *([] if row.name == "code" else [None])])


@st.composite
def questions(draw: st.DrawFn) -> list[dict[str, Any]]:
    """One to five questions: unlike texts, keys of all three kinds, one view each, some conditional."""
    texts = draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=5, unique=True))
    numbers = draw(st.permutations(range(6)))
    made: list[dict[str, Any]] = []
    for text, number in zip(texts, numbers, strict=False):
        key = draw(st.sampled_from([{"id": f"q{number}"}, {"external_id": f"x{number}"}, {}]))
        extras = draw(st.fixed_dictionaries({}, optional=_EXTRAS))
        question = {**key, "question": text, **extras}
        handles = [one.get("id") or one.get("external_id") for one in made]
        parents = [handle for handle in handles if handle]
        match draw(st.sampled_from(["plain", "plain", "view", "condition"])):
            case "view":
                question[draw(st.sampled_from(_VIEWS))] = draw(st.booleans())
            case "condition" if parents:
                question |= {"is_conditional": True, "conditional_question_main_id": draw(st.sampled_from(parents))}
        made.append(question)
    return made


@st.composite
def specs(draw: st.DrawFn) -> dict[str, Any]:
    chosen = draw(st.lists(st.sampled_from(OPTIONAL), max_size=6, unique_by=lambda row: row.name))
    return {
        "name": draw(st.sampled_from(["Support agent", "Driver", "Řidič 🚚"])),
        "interview_template_id": draw(st.sampled_from([INTERACTIVE, OFFLINE])),
        "mojito_language_code": draw(st.sampled_from(["en", "en", "es"])),
        "status": draw(st.sampled_from(["draft", "active"])),
        "type": draw(st.sampled_from(["interview", "interview", "assessment", "coaching"])),
        "questions": draw(questions()),
        **{row.name: draw(_values(row)) for row in chosen},
    }


EDITS = ("fields", "drop", "anew", "reword", "swap", "remove", "add", "rekey")


@st.composite
def edited(draw: st.DrawFn, spec: dict[str, Any]) -> dict[str, Any]:
    """The same interview after an author has worked on it: on its questions or on a few fields."""
    edit = draw(st.sampled_from(EDITS))
    if edit == "fields":
        rows = draw(st.lists(st.sampled_from(OPTIONAL), min_size=1, max_size=3, unique_by=lambda row: row.name))
        return {**spec, **{row.name: draw(_values(row)) for row in rows}}
    if edit == "drop":
        dropped = draw(st.lists(st.sampled_from([row.name for row in OPTIONAL]), max_size=4))
        return {name: value for name, value in spec.items() if name not in dropped}
    if edit == "anew":
        return {**spec, "questions": draw(questions())}
    return {**spec, "questions": _revised(draw, edit, [dict(question) for question in spec["questions"]])}


def _revised(draw: st.DrawFn, edit: str, asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    place = draw(st.integers(0, len(asked) - 1))
    match edit:
        case "reword":
            used = {question["question"] for question in asked}
            asked[place]["question"] = draw(st.sampled_from([word for word in WORDS if word not in used]))
        case "swap":
            return _ordered(draw(st.permutations(asked)))
        case "remove":
            return _ordered(draw(st.lists(st.sampled_from(asked), min_size=1, unique_by=id)))
        case "add":
            taken = {handle for question in asked for handle in _handles(question)}
            fresh = [
                question
                for question in draw(questions())
                if not _handles(question) & taken and not question.get("conditional_question_main_id")
            ]
            return [*fresh, *asked] if draw(st.booleans()) else [*asked, *fresh]
        case "rekey" if not any(question.get("conditional_question_main_id") for question in asked):
            taken = {question.get("external_id") for question in asked}
            number = next(number for number in range(len(asked) + 1) if f"another-{number}" not in taken)
            asked[place] |= {"id": f"other-{number}", "external_id": f"another-{number}"}
    return asked


def _handles(question: dict[str, Any]) -> set[str]:
    return {str(question[name]) for name in ("id", "external_id", "question") if name in question}


def _ordered(asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without the conditions whose question no longer stands before them."""
    seen: set[str] = set()
    kept = []
    for question in asked:
        if question.get("conditional_question_main_id", None) not in {None, *seen}:
            question = {  # noqa: PLW2901 - the one without its condition takes its place
                name: value
                for name, value in question.items()
                if name not in ("is_conditional", "conditional_question_main_id")
            }
        kept.append(question)
        seen |= _handles(question)
    return kept


@st.composite
def projects(draw: st.DrawFn) -> dict[str, dict[str, Any]]:
    """One to three interviews by name."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True))
    return {name: draw(specs()) for name in names}


@st.composite
def next_projects(draw: st.DrawFn, project: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The project after a day's work: one interview edited, added or removed."""
    name = draw(st.sampled_from(NAMES))
    if name not in project:
        return {**project, name: draw(specs())}
    if len(project) > 1 and draw(st.integers(0, 4)) == 0:
        return {other: spec for other, spec in project.items() if other != name}
    return {**project, name: draw(edited(project[name]))}


def documents(project: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    return [document(name, **spec) for name, spec in project.items()]


# what a colleague does in the admin: stored columns, or something with the questions or the row
COLUMNS: list[dict[str, Any]] = [
    {"name": "Theirs"},
    {"interview_location": None},
    {"visibility": "public"},
    {"type": "coaching"},
    {"status": "archived"},
    {"status": "completed"},
    {"status": "draft"},
    {"status": "active"},
    {"status": "deleted"},
    {"interview_template_id": OFFLINE},
    {"mojito_language_code": "de"},
    {"creation_parameters": None},
    {"result_scoring": None},
    {"result_scoring": {"max_score": 7.0, "max_retries": 2}},
    {"tags": ["theirs", "night"], "max_duration": 77.5, "candidate_video_introduction": "hidden"},
    {"code": None, "interview_salary": "", "interview_available_till": "2030-12-31"},
    {"embed_id": None, "embed_signing_key": None},
    {"pdf_export_auto_config": {}, "recording": None, "interview_description_long": ""},
    {"slug": "theirs"},
]
TRICKS = ("reword", "remove", "reverse", "add", "copy", "lose key", "orphan", "relabel", "erase")
ADMIN = st.one_of(st.sampled_from(COLUMNS), st.sampled_from(TRICKS))


def trick(name: str, asked: list[dict[str, Any]], place: int) -> list[dict[str, Any]]:
    """What a colleague makes of the questions."""
    place %= len(asked)
    made = [dict(question) for question in asked]
    one = made[place]
    match name:
        case "reword":
            one["question"] = f"{one['question']} Really?"
        case "remove" if len(made) > 1:
            del made[place]
        case "reverse":
            made.reverse()
        case "add":
            made.insert(place, {**one, "id": str(uuid.uuid4()), "external_id": None, "question": "Theirs?"})
        case "copy":
            made.insert(place, {**one, "id": str(uuid.uuid4())})
        case "lose key":
            one["external_id"] = None
        case "orphan":
            one["conditional_question_main_id"] = None
        case "relabel":
            one["label"] = "theirs"
    return made


# every reading of the service's documents under which all the laws hold
SWITCHES = st.fixed_dictionaries(
    {},
    optional={
        "unset_flags_as": st.sampled_from(["absent", "false"]),
        "deduplication_compares": st.sampled_from(["text", "everything"]),
        "scoring_shows_defaults": st.just(False),
        "scoring_null_keeps_retries": st.just(False),
        "available_till_gains_time": st.just(False),
        "expectations_generated": st.just(False),
        "null_counts_as_omitted": st.just(False),
        "seniority_is_detected": st.just(False),
        "tone_is_normalised": st.just(False),
        "blank_is_null_on_create": st.just(False),
        "default_result_view": st.just("none"),
        "create_max_duration": st.sampled_from([600, 1200.5]),
        "unset_flag_equals_false": st.just(False),
        "empty_equals_null": st.just(False),
        "status_before_questions": st.just(True),
        "unchanged_write_bumps": st.just(False),
        "embed_bumps_updated_at": st.just(True),
        "embed_key_is_stable": st.just(False),
        "deleted_is_listed": st.just(False),
        "deleted_is_readable": st.just(False),
        "preparing_seconds": st.sampled_from([0.01, 3600]),
        "definition_shown": st.just(True),
        "extra_keys_in_answers": st.just(True),
        "null_reads": st.sampled_from([["stage", "slug"], ["updated_at"], ["created_at", "updated_at"]]),
    },
)
# readings that foil what was foretold of the questions, and nothing else
STUBBORN = st.fixed_dictionaries(
    {},
    optional={
        "reorder_is_kept": st.just(False),
        "omitted_keys_unchanged": st.just(False),
        "children_repointed": st.just(False),
    },
)


def as_yaml(value: dict[str, Any], chance: random.Random) -> str:
    """The same document as a human might have typed it: another order of keys, other quotes, comments, indentation."""
    return "# typed by hand\n" + "\n".join(_block(value, 0, chance)) + "\n"


def _block(value: dict[str, Any], indent: int, chance: random.Random) -> list[str]:
    lines = []
    step = chance.choice([2, 3, 4])
    for key, item in chance.sample(list(value.items()), len(value)):
        told = f"{' ' * indent}{chance.choice([key, json.dumps(key)])}:{' ' * chance.choice([1, 1, 3])}"
        if isinstance(item, dict) and item and chance.random() < 0.7:
            lines += [told.rstrip(), *_block(item, indent + step, chance)]
        elif isinstance(item, list) and item and chance.random() < 0.7:
            lines += [told.rstrip(), *_list(item, indent + step, chance)]
        else:
            lines.append(told + _scalar(item, chance))
        if chance.random() < 0.2:
            lines += ["", f"{' ' * chance.choice([0, indent])}# a remark: with a colon"]
    return lines


def _list(items: list[Any], indent: int, chance: random.Random) -> list[str]:
    lines = []
    for item in items:
        if isinstance(item, dict) and item:
            inner = _block(item, indent + 2, chance)
            first = next(
                number for number, line in enumerate(inner) if line.strip() and not line.strip().startswith("#")
            )
            inner[first] = f"{' ' * indent}- {inner[first].lstrip()}"
            lines += inner
        else:
            lines.append(f"{' ' * indent}- {_scalar(item, chance)}")
    return lines


def _scalar(value: Any, chance: random.Random) -> str:
    if isinstance(value, bool) or value is None:
        return chance.choice(["~", "null"]) if value is None else json.dumps(value)
    if isinstance(value, int):
        return chance.choice([str(value), f"{value}.0"])
    quoted = json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and quoted == f'"{value}"' and chance.random() < 0.5:
        return "'" + value.replace("'", "''") + "'"
    return quoted
