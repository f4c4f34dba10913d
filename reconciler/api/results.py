"""Results over HTTP: the list, page by page, and one result with its transcript. Reads only."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Any, Protocol

from reconciler.api import decode
from reconciler.errors import Unanswered
from reconciler.results.listed_result import Listed, Page
from reconciler.results.model import Detail, detail

LIST = "merchant-result-list"
DETAILS = "job-interview-details"
PAGE = 1000  # the most that a list operation gives
_RESULT_IDS = ("interview_result_id", "interview_result_pre_screening_id")

Scope = tuple[str, str | None]
"""A type of interview and a merchant (None is the token's own): a list call asks for one of each."""


class Asked(Protocol):
    """What reading results needs of the service."""

    async def get(self, path: str, params: Mapping[str, Any]) -> dict[str, Any] | None:
        """The body of a 200, None for a 404; raises Unanswered."""
        ...


async def result_pages(service: Asked, filters: Mapping[str, Any], *, page: int = PAGE) -> AsyncIterator[Page]:
    """The list, page by page, each row once, though rows that come in meanwhile move the pages.

    `filters` are query parameters; what is None is not sent, because a filter that the service does not understand
    would be dropped silently.
    """
    params = {name: value for name, value in filters.items() if value is not None}
    seen: set[str] = set()
    offset, more = 0, True
    while more:
        body = await service.get(LIST, {**params, "limit": page, "offset": offset}) or {}
        try:
            rows, more, total = decode.page(body)
            fresh = [Listed(row) for row in rows if row["id"] not in seen]
        except (ValueError, TypeError, KeyError) as error:
            raise _strange(LIST, error) from None
        seen.update(row.row_id for row in fresh)
        offset += len(rows)
        more = more and bool(rows)
        yield Page(tuple(fresh), total)


async def listed_row(service: Asked, scopes: Iterable[Scope], result_id: str) -> Listed | None:
    """The row of the list whose result is `result_id`, or None; only the row says which interview was taken.

    The list knows no filter for it, so this costs a call for each 1,000 results that are newer.
    """
    for kind, merchant in scopes:
        filters = {"type": kind, "merchant_id": merchant, "order_by": "created_at_newest"}
        async for page in result_pages(service, filters):
            for row in page.rows:
                if result_id in map(row.text, _RESULT_IDS):
                    return row
    return None


async def result_detail(service: Asked, result_id: str, *, recordings: bool = False) -> Detail | None:
    """One result, None when the service does not show it; with `recordings` its signed, short-lived URLs too."""
    params = {"interview_result_id": result_id} | ({"get_signed_recordings": "true"} if recordings else {})
    body = await service.get(DETAILS, params)
    if body is None:
        return None
    try:
        return detail(result_id, body)
    except ValueError as error:
        raise _strange(DETAILS, error) from None


def _strange(path: str, error: Exception) -> Unanswered:
    return Unanswered("the service's answer has another shape than documented", f"{path}: {error}")
