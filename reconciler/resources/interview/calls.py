"""The service's operations for interviews. Source: docs/service.md, one section for each operation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconciler.resources.calls import Calls, attributes, required_text
from reconciler.resources.interview.field_types import TYPE
from reconciler.resources.interview.fields import FIELDS
from reconciler.resources.observed import Listed, Observed

KIND = "Interview"


def listed(row: Mapping[str, Any]) -> Listed:
    """One row of merchant-interview-list."""
    count = row.get("interview_count")
    return Listed(
        id=required_text(row, "id"),
        name=row.get("name"),
        type=row.get("type"),
        status=row.get("status"),
        created_at=row.get("created_at"),
        updated_at=row.get("updated_at"),
        interview_count=int(count) if isinstance(count, int | float) else None,
        environment=row.get("environment"),
        kind=KIND,
    )


def observed(interview_id: str, body: Mapping[str, Any]) -> Observed:
    """The answer of job-interview-get under the manifest's names. The body does not carry the id, so it is given."""
    return Observed(
        id=interview_id,
        attributes=attributes(FIELDS, body),
        status=required_text(body, "status"),
        created_at=body.get("created_at"),
        updated_at=body.get("updated_at"),
        template_type=body.get("interview_template_type"),
        is_multistage=bool(body.get("is_multistage")),
        kind=KIND,
    )


CALLS = Calls(
    list="merchant-interview-list",
    read="job-interview-get",
    create="job-interview-create-from-array",
    update="job-interview-update",
    set_state="job-interview-set-state",
    types=TYPE.values,
    id_parameter="position_id",
    created_id="interview_def_set_id",
    listed=listed,
    observed=observed,
)
