"""The kind Interview: one interview on the service, with its questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reconciler.errors import Problem, Where
from reconciler.resources.alike import folded
from reconciler.resources.calls import Calls
from reconciler.resources.compare import Spec
from reconciler.resources.difference import FieldChange, Origin
from reconciler.resources.field import Alias, Field, Group
from reconciler.resources.interview.calls import CALLS, KIND, predict, reported, update_steps
from reconciler.resources.interview.fields import ALIASES, FIELDS, GROUPS
from reconciler.resources.interview.questions import (
    carried_questions,
    keyed,
    question_changes,
    question_keys,
    same_questions,
)
from reconciler.resources.interview.refusals import unresolved
from reconciler.resources.observed import Observed
from reconciler.resources.step import Prediction, Step

if TYPE_CHECKING:
    from reconciler.manifest.desired import Desired
    from reconciler.manifest.explain import Glossary
    from reconciler.resources.catalogue import Catalogue
    from reconciler.yaml.document import Document


@dataclass(frozen=True, slots=True, eq=False)  # compared by identity: hashing it would hash the whole field table
class InterviewKind:
    """See resources.kind.Kind."""

    name: str = KIND
    description: str = "One interview that should exist."
    groups: tuple[Group, ...] = GROUPS
    aliases: tuple[Alias, ...] = ALIASES
    mark_field: str = "code"
    credential_field: str | None = "is_embedded"
    calls: Calls = CALLS

    @property
    def fields(self) -> Mapping[str, Field]:
        """The field table by name."""
        return FIELDS

    def glossary(self) -> Glossary:
        """Synonyms, fields that do not exist and values that people try."""
        from reconciler.resources.interview.glossary import MANIFEST  # only for manifests with mistakes

        return MANIFEST

    def check(self, document: Document) -> list[Problem]:
        """The rules across the fields of one document."""
        from reconciler.resources.interview.checks import check  # only when a manifest is judged

        return check(document, question_keys(document.value["spec"]["questions"]))

    def complete(self, spec: Spec) -> dict[str, Any]:
        """Every question with its key as `external_id`."""
        return {**spec, "questions": keyed(spec["questions"])}

    def same_list(self, want: Any, have: Any, spec: Spec) -> bool:
        """Whether the questions `have` are what `want` declares."""
        return same_questions(want, have, spec)

    def list_changes(self, want: Any, have: Any, origin: Origin, spec: Spec) -> list[FieldChange]:
        """The differences between two lists of questions."""
        return question_changes(want, have, origin, spec)

    def resolve_names(self, want: Desired, catalogue: Catalogue | None) -> tuple[Desired, list[Problem]]:
        """The id of its avatar, and what the catalogue says of avatar and language."""
        if catalogue is None and "avatar" not in want.spec:
            return want, []
        from reconciler.resources.interview.names import resolve_names  # only where there is something to resolve

        return resolve_names(want, catalogue)

    def carried_list(self, want: Any, have: Any, old: Spec) -> list[Any] | None:
        """The questions with what the old ones have besides."""
        return carried_questions(want, have or (), old)

    def update_steps(
        self, spec: Spec, applied: Spec, end: Spec, changed: frozenset[str], observed: Observed | None
    ) -> list[Step]:
        """Update, set-state, or draft, update and active for pre-rendered avatars."""
        return update_steps(spec, applied, end, changed, observed)

    def predict(self, changes: Sequence[FieldChange], spec: Spec) -> Prediction | None:
        """What becomes of the questions."""
        return predict(changes, spec)

    def reported(self, answer: Mapping[str, Any]) -> Prediction | None:
        """The counts of the answer's `questions_diff`."""
        return reported(answer)

    def update_notes(self, changed: frozenset[str], spec: Spec, observed: Observed | None) -> list[str]:
        """That a pre-rendered interview becomes a draft meanwhile, and that a removed embed key stops pages."""
        notes = []
        if "questions" in changed and observed and observed.refuses_questions:
            notes.append("its avatar is pre-rendered: it becomes a draft, is changed, and is activated again")
        if spec.get("is_embedded") is False and "is_embedded" in changed:
            notes.append("its embed key is removed: embedded pages that hold it stop working")
        return notes

    def scope(self, attributes: Spec) -> tuple[str, str | None]:
        """Lists are by type and by merchant."""
        return str(attributes["type"]), attributes.get("merchant_id")

    def is_alike(self, spec: Spec, attributes: Spec) -> bool:
        """The same name, and no question that is not declared."""
        if folded(spec.get("name")) != folded(attributes.get("name")):
            return False
        asked = attributes.get("questions") or ()
        return {folded(one.get("question")) for one in asked} <= {folded(one["question"]) for one in spec["questions"]}

    def content_keys(self, attributes: Spec) -> frozenset[str]:
        """The keys of its questions."""
        questions = attributes.get("questions")
        if not isinstance(questions, list):
            return frozenset()
        return frozenset(str(question["external_id"]) for question in questions if question.get("external_id"))

    def unresolved(self, answer: str) -> tuple[str, ...] | None:
        """A template, a knowledge base, a language or an authorisation."""
        return unresolved(answer)

    def unadoptable(self, observed: Observed, where: Where | None) -> Problem | None:
        """Positions of several stages have no questions of their own."""
        if observed.is_multistage:
            return Problem("a multi-stage position cannot be imported", observed.id, "import its interviews", where)
        return None


INTERVIEW = InterviewKind()
