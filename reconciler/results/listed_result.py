"""One row of the list of results: who took which interview, and where its details are. Null everywhere is normal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reconciler.results.model import instant, text_of


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of merchant-result-list under the API's own names, unknown ones included."""

    fields: Mapping[str, Any]

    @property
    def row_id(self) -> str:
        """The row's own id, which is not the one that details asks for."""
        return str(self.fields["id"])

    @property
    def result_id(self) -> str | None:
        """What job-interview-details asks for; None while the candidate has not come to the interview."""
        return self.text("interview_result_id")

    @property
    def interview_id(self) -> str | None:
        """The interview that was taken."""
        return self.text("definition_id")

    @property
    def created(self) -> datetime | None:
        """When the row came into being."""
        return instant(self.fields.get("created_at"))

    @property
    def is_test(self) -> bool:
        """Whether the service marks it as a test."""
        return self.fields.get("is_test") is True

    def text(self, name: str) -> str | None:
        """A field that is a text and not empty, else None."""
        return text_of(self.fields.get(name))


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and how many there are over all pages."""

    rows: tuple[Listed, ...]
    total: int
