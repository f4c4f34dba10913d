"""Pages: `pagination` as every list of the API shows it."""

from __future__ import annotations

from typing import Any


def page_of(items: list[Any], query: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    """The wanted slice of everything that matches, and its `pagination`."""
    offset = query["offset"] or 0
    shown = items[offset : offset + query["limit"]]
    return shown, pagination(len(items), query, len(shown))


def pagination(total: int, query: dict[str, Any], returned: int) -> dict[str, Any]:
    """has_more: offset plus returned is below total (docs/service.md#6-lists)."""
    offset = query["offset"] or 0
    return {"total": total, "limit": query["limit"], "offset": offset, "has_more": offset + returned < total}
