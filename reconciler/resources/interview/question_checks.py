"""What no single field of a question shows: rules within it and between the questions. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reconciler.errors import Problem, Where
from reconciler.resources.interview.questions import parent_of, same_text
from reconciler.text.nearest import nearest
from reconciler.text.quote import listing, tick

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reconciler.yaml.document import Document

VIEWS = ("is_conditional", "is_without_scoring", "is_candidate_asking_recruiter", "is_expert", "is_multiple_choice")


def _questions(document: Document) -> list[dict[str, Any]]:
    questions: list[dict[str, Any]] = document.value["spec"]["questions"]
    return questions


def _at(document: Document, index: int, key: str) -> Where:
    return document.at("spec", "questions", index, key)


def _one_view(document: Document, _: Sequence[str]) -> Iterator[Problem]:
    for index, question in enumerate(_questions(document)):
        views = [name for name in VIEWS if question.get(name)]
        if len(views) > 1:
            detail = (
                f"question {index + 1} has {' and '.join(f'`{name}`' for name in views)}; a question has one form only"
            )
            hint = f"keep {listing([f'`{name}`' for name in views])}"
            yield Problem("contradicting flags", detail, hint, _at(document, index, views[1]))


def _handles(document: Document, keys: Sequence[str]) -> Iterator[Problem]:
    """Keys, ids and external ids name one question each: updates and conditional questions go by them."""
    first: dict[str, int] = {}
    for index, (question, key) in enumerate(zip(_questions(document), keys, strict=True)):
        for name in ("external_id", "id", "question"):
            handle = key if name == "question" else question.get(name)
            if not handle:
                continue
            other = first.setdefault(handle, index)
            if other == index:
                continue
            if question.get(name) == handle:
                detail = f"questions {other + 1} and {index + 1} have the same key {tick(handle)}"
                yield Problem("duplicate question", detail, "give each its own `id`", _at(document, index, name))
            else:
                detail = f"questions {other + 1} and {index + 1} ask the same, and only their text tells them apart"
                yield Problem(
                    "duplicate question", detail, "give each an `id`, or remove one", _at(document, index, name)
                )
            break


def _conditions(document: Document, _: Sequence[str]) -> Iterator[Problem]:
    questions = _questions(document)
    for index, question in enumerate(questions):
        parent = question.get("conditional_question_main_id")
        if question.get("is_conditional") and parent is None:
            detail = f"question {index + 1} is conditional, but does not say on which question it depends"
            hint = "add `conditional_question_main_id` with the `id` of an earlier question"
            yield Problem("condition without its question", detail, hint, _at(document, index, "is_conditional"))
        elif parent is not None:
            if not question.get("is_conditional"):
                detail = f"question {index + 1} depends on {tick(parent)}, but is not marked as conditional"
                path = "conditional_question_main_id"
                yield Problem("missing flag", detail, "add `is_conditional: true`", _at(document, index, path))
            if parent_of(parent, questions[:index]) is None:
                yield _unknown_parent(document, index, parent)


def _unknown_parent(document: Document, index: int, parent: str) -> Problem:
    questions = _questions(document)
    later = parent_of(parent, questions)
    names = [name for item in questions[:index] for name in (item.get("id"), item.get("external_id")) if name]
    if later == index:
        detail, hint = f"question {index + 1} depends on itself", "name an earlier question"
    elif later is not None:
        detail = f"question {index + 1} depends on {tick(parent)}, which is only asked as question {later + 1}"
        hint = f"move question {later + 1} above it"
    else:
        detail = f"question {index + 1} depends on {tick(parent)}, but no earlier question has this `id`"
        meant = nearest(parent, names)
        hint = f"did you mean {tick(meant)}?" if meant else f"add `id: {parent}` to the question it depends on"
    return Problem("unknown main question", detail, hint, _at(document, index, "conditional_question_main_id"))


def _choices(document: Document, _: Sequence[str]) -> Iterator[Problem]:
    for index, question in enumerate(_questions(document)):
        if question.get("is_multiple_choice") and not question.get("question_alternatives"):
            detail = f"question {index + 1} is multiple choice, but offers no answers"
            hint = "list the answers under `question_alternatives`"
            yield Problem(
                "no answers to choose from", detail, hint, _at(document, index, "is_multiple_choice"), "warning"
            )


def _collapsing(document: Document, keys: Sequence[str]) -> Iterator[Problem]:
    if document.value["spec"].get("disable_deduplication"):
        return
    first: dict[str, int] = {}
    for index, question in enumerate(_questions(document)):
        other = first.setdefault(same_text(question["question"]), index)
        if other != index and keys[other] != keys[index]:
            detail = f"questions {other + 1} and {index + 1} ask the same; the service makes one question of them"
            hint = "change one of them, or add `disable_deduplication: true` to `spec`"
            yield Problem("identical questions", detail, hint, _at(document, index, "question"), "warning")


def _languages(document: Document, _: Sequence[str]) -> Iterator[Problem]:
    language = document.value["spec"]["mojito_language_code"]
    for index, question in enumerate(_questions(document)):
        if question.get("mojito_language_code") == language:
            detail = f"question {index + 1} names {tick(language)}, the language of the whole interview"
            hint = "remove the line, so that the question follows the interview"
            yield Problem("needless language", detail, hint, _at(document, index, "mojito_language_code"), "warning")


QUESTION_RULES = (_one_view, _handles, _conditions, _choices, _collapsing, _languages)
