"""Values read from the service: one list row (Listed) and one resource as it is now (Observed)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of a list operation, as far as jmctl uses it. Times are ISO 8601 as the service wrote them.

    `kind` is that of its manifests, `type` the list that it is in.
    """

    id: str
    name: str | None
    type: str | None
    status: str | None
    created_at: str | None
    updated_at: str | None
    interview_count: int | None = None
    environment: str | None = None
    kind: str = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class Listing:
    """What one list gave. `is_whole` says that its pages were consistent, so that what is not there was not listed."""

    rows: tuple[Listed, ...] = ()
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Observed:
    """One resource as the service holds it now, under the manifest's field names.

    `attributes` holds only fields that can be read back; `questions` carry real ids. `interview_count` is how many were
    held with it, from the list.
    """

    id: str
    attributes: Mapping[str, Any]
    status: str
    created_at: str | None
    updated_at: str | None
    template_type: str | None = None
    is_multistage: bool = False
    interview_count: int | None = None
    kind: str = field(kw_only=True)

    @property
    def refuses_questions(self) -> bool:
        """Whether it takes no new questions as long as it is active: offline avatar templates are pre-rendered."""
        return (self.template_type or "").startswith("offline") and self.status in ("active", "preparing")
