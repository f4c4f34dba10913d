"""Rows of the list of results: a line each for a terminal as they come, one document for machines."""

from __future__ import annotations

from typing import Any

import click

from reconciler.results.listed_result import Listed
from reconciler.text.sanitize import printable
from reconciler.views.results.format_value import amount

_DATE = 16
_ID = 36
_STATUS = 11
_SCORE = 5


def header(names_width: int) -> str:
    """The words above the columns."""
    return click.style(
        f"{'created':<{_DATE}}  {'result':<{_ID}}  {'manifest':<{names_width}}  {'status':<{_STATUS}}"
        f"  {'score':>{_SCORE}}  candidate",
        dim=True,
    )


def row_line(row: Listed, name: str | None, names_width: int) -> str:
    """One result on one line."""
    created = row.created.strftime("%Y-%m-%d %H:%M") if row.created else "—"
    status = row.text("coach_status") or "—"
    score = amount("number", row.fields.get("score"))
    marks = [mark for mark, there in (("test", row.is_test), (row.text("decision_status"), True)) if mark and there]
    who = " ".join(filter(None, (row.text("candidate_name"), _address(row.text("candidate_email")))))
    tail = f"  [{', '.join(marks)}]" if marks else ""
    return (
        f"{created:<{_DATE}}  {printable(row.result_id or '—'):<{_ID}}  {printable(name or '—'):<{names_width}}"
        f"  {printable(status):<{_STATUS}}  {score:>{_SCORE}}  {printable(who or '—')}{printable(tail)}"
    )


def row_json(row: Listed, name: str | None) -> dict[str, Any]:
    """The row as the service sent it, and the manifest that it is of."""
    return {"manifest": name, **row.fields}


def _address(email: str | None) -> str | None:
    return f"<{email}>" if email else None
