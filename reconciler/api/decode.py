"""Response bodies become values. Strict about what jmctl depends on, tolerant of everything else.

Raises ValueError when a body lacks what is depended on; nulls and unknown keys are normal in all others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from reconciler.api.protocol import Changed, Created
from reconciler.resources.interview.fields import FIELDS
from reconciler.resources.observed import Listed, Observed
from reconciler.resources.read import attributes
from reconciler.secret import Secret

_CREDENTIALS = ("embed_id", "embed_signing_key")


def json_object(data: bytes) -> dict[str, Any]:
    """The JSON object in `data`."""
    value = orjson.loads(data)
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - callers treat every unreadable body alike
    return value


def created(body: Mapping[str, Any]) -> Created:
    """The answer to a create. The id alone makes it one: credentials that are missing can be asked for again."""
    embed_id, key = _credentials(body)
    return Created(_text(body, "interview_def_set_id"), embed_id, key)


def changed(body: Mapping[str, Any]) -> Changed:
    """The answer to an update or set-state."""
    embed_id, key = _credentials(body)
    return Changed({name: value for name, value in body.items() if name not in _CREDENTIALS}, embed_id, key)


def _credentials(body: Mapping[str, Any]) -> tuple[str | None, Secret | None]:
    embed_id, key = (body.get(name) for name in _CREDENTIALS)
    if isinstance(embed_id, str) and isinstance(key, str) and embed_id and key:
        return embed_id, Secret(key)
    return None, None


def listed(row: Mapping[str, Any]) -> Listed:
    """One row of merchant-interview-list."""
    count = row.get("interview_count")
    return Listed(
        id=_text(row, "id"),
        name=row.get("name"),
        type=row.get("type"),
        status=row.get("status"),
        created_at=row.get("created_at"),
        updated_at=row.get("updated_at"),
        interview_count=int(count) if isinstance(count, int | float) else None,
    )


def listed_rows(rows: list[dict[str, Any]]) -> list[Listed]:
    """The rows of one page of merchant-interview-list."""
    return [listed(row) for row in rows]


def page(body: Mapping[str, Any]) -> tuple[list[dict[str, Any]], bool, int]:
    """The rows of a page, whether more follow, and how many there are over all pages."""
    rows, pagination = body.get("data"), body.get("pagination")
    if not isinstance(rows, list) or not isinstance(pagination, dict):
        raise ValueError("not a page of a list")  # noqa: TRY004 - as above
    return rows, bool(pagination.get("has_more")), int(pagination.get("total") or 0)


def observed(interview_id: str, body: Mapping[str, Any]) -> Observed:
    """The answer of job-interview-get under the manifest's names. The body does not carry the id, so it is given."""
    return Observed(
        id=interview_id,
        attributes=attributes(FIELDS, body),
        status=_text(body, "status"),
        created_at=body.get("created_at"),
        updated_at=body.get("updated_at"),
        template_type=body.get("interview_template_type"),
        is_multistage=bool(body.get("is_multistage")),
    )


def _text(body: Mapping[str, Any], key: str) -> str:
    value = body.get(key)
    if not isinstance(value, str) or not value:
        raise ValueError(f"no {key} in the answer")
    return value
