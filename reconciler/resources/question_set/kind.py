"""QuestionSet: a named list of questions in one language."""

from __future__ import annotations

from dataclasses import dataclass, replace

from reconciler.errors import Problem, Where
from reconciler.manifest.explain import Glossary
from reconciler.resources.field import Field, ListOf, Object
from reconciler.resources.interview.fields import QUESTION
from reconciler.resources.interview.question_checks import QUESTION_RULES
from reconciler.resources.interview.questions import question_keys
from reconciler.resources.part import NAME, PartKind, composed_kind
from reconciler.yaml.document import Document

_METADATA = Object(
    "SetMetadata",
    "Which set this is.",
    (Field("name", NAME, "The name by which interviews use it: a-z, 0-9 and -, at most 63.", required=True),),
    is_ordered=True,
)
_NO_NESTING = "write the questions here: sets do not use other sets"


@dataclass(frozen=True, slots=True)
class _AsInterview(Document):
    """The set read as an interview that asks nothing else, for the rules between questions."""

    def at(self, *path: str | int) -> Where:
        return Document.at(self, *(path[1:] if path[:1] == ("spec",) else path))


def _glossary() -> Glossary:
    known = composed_kind().glossary()
    return replace(known, strangers={**known.strangers, "use": _NO_NESTING}, whole="the set", sections={})


def _check(document: Document) -> list[Problem]:
    """The rules between its questions, which hold wherever the set is used."""
    questions = document.value["questions"]
    value = {"spec": {"questions": questions, "mojito_language_code": document.value["language"]}}
    asked = _AsInterview(value, document.marks, document.where, document.written)
    keys = question_keys(questions)
    return [problem for rule in QUESTION_RULES for problem in rule(asked, keys)]


QUESTION_SET = PartKind(
    "QuestionSet",
    "Questions that several interviews use.",
    (
        Field("metadata", _METADATA, "Which set this is.", required=True),
        replace(
            composed_kind().fields["mojito_language_code"],
            name="language",
            description="The language of its questions; those in other languages stand in `kind: Texts`.",
        ),
        Field(
            "questions",
            ListOf(QUESTION, min_length=1),
            "The questions in the order in which they are asked.",
            required=True,
        ),
    ),
    _glossary,
    _check,
)
