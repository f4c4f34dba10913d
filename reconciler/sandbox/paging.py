"""Pages: which rows a list shows, and `pagination` as every list of the API shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reconciler.sandbox.switches import Switches


def window(total: int, query: dict[str, Any], switches: Switches) -> tuple[int, int]:
    """(number of rows, rows before them) of the page that is asked for.

    With `rows_move` a row has come to the front since the page before: all others stand one place later.
    """
    limit, offset = min(query["limit"], switches["page_limit"]), query["offset"] or 0
    if switches["rows_move"] and offset:
        return max(0, min(limit, total - offset)), offset - 1
    return limit, offset


def page_of(items: list[Any], query: dict[str, Any], switches: Switches) -> tuple[list[Any], dict[str, Any]]:
    """The wanted slice of everything that matches, and its `pagination`."""
    limit, offset = window(len(items), query, switches)
    shown = items[offset : offset + limit]
    return shown, pagination(len(items), query, len(shown), switches)


def pagination(total: int, query: dict[str, Any], returned: int, switches: Switches) -> dict[str, Any]:
    """has_more: offset plus returned is below total (docs/service.md#6-lists)."""
    offset = query["offset"] or 0
    more = {"honest": offset + returned < total, "always": True, "never": False}[switches["has_more"]]
    limit = min(query["limit"], switches["page_limit"])
    return {"total": total, "limit": limit, "offset": offset, "has_more": more}
