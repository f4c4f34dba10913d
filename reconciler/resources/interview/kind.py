"""The kind Interview: one interview on the service, with its questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.resources.difference import FieldChange, Origin
from reconciler.resources.field import Field, Group
from reconciler.resources.interview.fields import FIELDS, GROUPS
from reconciler.resources.interview.questions import question_changes, same_questions


@dataclass(frozen=True, slots=True)
class InterviewKind:
    """See resources.kind.Kind."""

    name: str = "Interview"
    description: str = "One interview that should exist."
    groups: tuple[Group, ...] = GROUPS

    @property
    def fields(self) -> Mapping[str, Field]:
        """The field table by name."""
        return FIELDS

    def same_list(self, want: Any, have: Any, spec: Mapping[str, Any]) -> bool:
        """Whether the questions `have` are what `want` declares."""
        return same_questions(want, have, spec)

    def list_changes(self, want: Any, have: Any, origin: Origin, spec: Mapping[str, Any]) -> list[FieldChange]:
        """The differences between two lists of questions."""
        return question_changes(want, have, origin, spec)


INTERVIEW = InterviewKind()
