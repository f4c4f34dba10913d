"""The kind Interview: one interview on the service, with its questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.resources.field import Field, Group
from reconciler.resources.interview.fields import FIELDS, GROUPS


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


INTERVIEW = InterviewKind()
