"""What no single field shows: rules across the fields of one document, each problem at its line. Pure.

An error is what the service would refuse or what would go wrong later; a warning is what it accepts and the author
hardly meant. Each rule is a function that yields its problems; RULES lists them. Those of questions: question_check.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from reconciler.errors import Problem
from reconciler.resources.interview.question_checks import QUESTION_RULES
from reconciler.resources.mark import is_marked
from reconciler.text.nearest import nearest
from reconciler.text.quote import shown, tick

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reconciler.yaml.document import Document

TONES = ("relaxed", "simple", "professional", "persuasive")
# the highest duration before the price is five times the lowest; docs/service.md#9-credits
_DEAREST_FROM = 3600
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?P<zone>[Zz]|[+-]\d\d:?\d\d)?)?")
_MINUTE = 60
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_EXAMPLE_ID = "46b98d37-1557-4391-beca-03037ead19f2"
_IDS = ("interview_template_id", "knowledge_base_store_id", "merchant_id", "recruiter_profile_id")
_ADDRESS = re.compile(r"https?://[^\s/?#]+\.?[^\s]*")
_ADDRESSES = ("cover_image_url",)
_BLANK_IS_NULL = ("code", "interview_department", "interview_salary")


def check(document: Document, keys: Sequence[str]) -> list[Problem]:
    """Everything wrong or suspicious in a document that its models accept; `keys` are its questions'."""
    problems = [problem for rule in RULES for problem in rule(document)]
    return problems + [problem for rule in QUESTION_RULES for problem in rule(document, keys)]


def _error(document: Document, path: tuple[str | int, ...], summary: str, detail: str, hint: str) -> Problem:
    return Problem(summary, detail, hint, document.at(*path))


def _warning(document: Document, path: tuple[str | int, ...], summary: str, detail: str, hint: str) -> Problem:
    return Problem(summary, detail, hint, document.at(*path), "warning")


def _spec(document: Document) -> dict[str, Any]:
    spec: dict[str, Any] = document.value["spec"]
    return spec


def _available_till(document: Document) -> Iterator[Problem]:
    till = _spec(document).get("interview_available_till")
    if till is None:
        return
    path = ("spec", "interview_available_till")
    match = _DATE.fullmatch(till)
    try:
        moment = datetime.fromisoformat(till.upper()) if match else None
    except ValueError:
        moment = None
    if match is None or moment is None:
        hint = "write a day (2030-12-31) or a moment with its zone (2030-12-31T18:00:00Z)"
        yield _error(document, path, "not a date", f"`spec.interview_available_till` is {shown(till)}", hint)
    elif len(till) > len("2030-12-31") and not match["zone"]:
        detail = f"{shown(till)} does not say which time zone is meant"
        yield _warning(
            document, path, "time without a zone", detail, f"add it: `{till}Z` for UTC, or such as `{till}+02:00`"
        )


def _knowledge_base(document: Document) -> Iterator[Problem]:
    spec = _spec(document)
    if spec.get("interview_type") != "process-verification-from-knowledge-base" or spec.get("knowledge_base_store_id"):
        return
    if any(question.get("knowledge_base_id") for question in spec["questions"]):
        return
    detail = "an interview of this type asks about a knowledge base, and none is named"
    yield _error(
        document, ("spec", "interview_type"), "no knowledge base", detail, "add `knowledge_base_store_id` with its id"
    )


def _tone(document: Document) -> Iterator[Problem]:
    tone = _spec(document).get("interview_tone")
    if tone is None or tone.lower() in TONES:
        return
    meant = nearest(tone, TONES)
    hint = f"did you mean `{meant}`?" if meant else f"known tones: {', '.join(TONES)}"
    detail = f"the service does not know {shown(tone)} and would use relaxed"
    yield _warning(document, ("spec", "interview_tone"), "unknown tone", detail, hint)


def _code(document: Document) -> Iterator[Problem]:
    code = _spec(document).get("code")
    if code is not None and is_marked(code):
        detail = "codes that start with `jmctl:` are written by jmctl itself, to find its interviews again"
        yield _error(
            document, ("spec", "code"), "reserved code", detail, "remove the line, or choose a code of your own"
        )


def _blank(document: Document) -> Iterator[Problem]:
    for name in _BLANK_IS_NULL:
        value = _spec(document).get(name)
        if value is not None and not value.strip():
            detail = f"the service reads a blank `spec.{name}` as null"
            yield _warning(document, ("spec", name), "blank text", detail, f"write `{name}: null`, or remove the line")


def _video_text(document: Document) -> Iterator[Problem]:
    spec = _spec(document)
    if spec.get("instructional_video_custom_text") and not spec.get("instructional_video"):
        detail = "the text for the instructional video is not used without the video"
        path = ("spec", "instructional_video_custom_text")
        yield _warning(document, path, "unused text", detail, "add `instructional_video: true`, or remove the text")


def _duration(document: Document) -> Iterator[Problem]:
    seconds = _spec(document).get("max_duration")
    if seconds is not None and seconds > _DEAREST_FROM:
        detail = f"sessions of up to {seconds} seconds cost five times the credits of those up to 1200"
        hint = "write 3600 or less; the value is in seconds"
        yield _warning(document, ("spec", "max_duration"), "expensive duration", detail, hint)


def _short_duration(document: Document) -> Iterator[Problem]:
    seconds = _spec(document).get("max_duration")
    if seconds is None:
        return
    path = ("spec", "max_duration")
    if 0 < seconds < _MINUTE:
        detail = f"the whole interview would end after {seconds:g} seconds"
        hint = f"the value is in seconds; write {seconds * _MINUTE:g} if minutes are meant"
        yield _warning(document, path, "short duration", detail, hint)
        return
    needed = sum(question.get("duration") or 0 for question in _spec(document)["questions"])
    if seconds < needed and not _spec(document).get("questions_random_subset"):
        detail = f"the questions may take {needed:g} seconds together, and the interview ends after {seconds:g}"
        hint = f"write {needed:g} or more, or shorten the `duration` of questions"
        yield _warning(document, path, "duration below the questions", detail, hint)


def _ids(document: Document) -> Iterator[Problem]:
    spec = _spec(document)
    found: list[tuple[tuple[str | int, ...], Any]] = [(("spec", name), spec.get(name)) for name in _IDS]
    found += [
        (("spec", "questions", index, "knowledge_base_id"), question.get("knowledge_base_id"))
        for index, question in enumerate(spec["questions"])
    ]
    for path, value in found:
        if isinstance(value, str) and value and not _UUID.fullmatch(value):
            detail = f"`{path[-1]}` is {shown(value)}, and the service's ids look like {_EXAMPLE_ID}"
            yield _warning(
                document, path, "not an id", detail, "copy the whole id from the service, without quotes in it"
            )


def _addresses(document: Document) -> Iterator[Problem]:
    for name in _ADDRESSES:
        value = _spec(document).get(name)
        if isinstance(value, str) and value and not _ADDRESS.fullmatch(value):
            detail = f"`spec.{name}` is {shown(value)}"
            yield _warning(document, ("spec", name), "not a web address", detail, "write one that starts with https://")


def _ignored(document: Document) -> Iterator[Problem]:
    for index, name in enumerate(document.value.get("lifecycle", {}).get("ignore", ())):
        if name not in _spec(document):
            detail = f"{tick(name)} is not declared in `spec`, so jmctl leaves it alone anyway"
            yield _warning(document, ("lifecycle", "ignore", index), "nothing to ignore", detail, "remove the entry")


def _own_former_name(document: Document) -> Iterator[Problem]:
    metadata = document.value["metadata"]
    for index, name in enumerate(metadata.get("renamed_from", ())):
        if name == metadata["name"]:
            path = ("metadata", "renamed_from", index)
            yield _error(
                document, path, "renamed to itself", f"{tick(name)} is the present name", "write the earlier name"
            )


def _avatar(document: Document) -> Iterator[Problem]:
    spec = _spec(document)
    if "avatar" in spec and "interview_template_id" in spec:
        detail = "`avatar` and `interview_template_id` name the same thing in two ways"
        yield _error(document, ("spec", "avatar"), "avatar given twice", detail, "keep one of them")


RULES = (
    _avatar,
    _available_till,
    _knowledge_base,
    _tone,
    _code,
    _blank,
    _video_text,
    _duration,
    _short_duration,
    _ids,
    _addresses,
    _ignored,
    _own_former_name,
)
