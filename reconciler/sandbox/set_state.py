"""job-interview-set-state: status and embed key; no transition rules are documented (docs/service.md#5-set-state)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from reconciler.sandbox.clock import new_id, new_key
from reconciler.sandbox.fixtures import is_offline
from reconciler.sandbox.get import visible
from reconciler.sandbox.interviews import Interview, rewritten, touched
from reconciler.sandbox.reply import RefusalError, unanswerable

if TYPE_CHECKING:
    from reconciler.sandbox.auth import Caller
    from reconciler.sandbox.database import Database
    from reconciler.sandbox.switches import Switches


def set_state(
    db: Database, switches: Switches, caller: Caller, request: dict[str, Any], *, lag_seconds: float = 0.0
) -> dict[str, Any]:
    """Sets what was sent; answers the credentials for is_embedded true, else success."""
    status, embedded = request.get("status"), request.get("is_embedded")
    if status is None and embedded is None and switches["set_state_needs_something"]:
        raise unanswerable("status", "Either status or is_embedded is required.")
    with db.writing():
        before = visible(db, switches, caller, request["position_id"])
        if before is None:  # unresolved ids are 500 here, not 404 (docs/service.md#1-access)
            raise RefusalError(500, "Position or interview not found.")
        after = before if status is None else with_status(db, before, status)
        if embedded is not None:
            after = _embedded(after, wanted=embedded, stable=switches["embed_key_is_stable"])
        bumps = status is not None or (after != before and switches["embed_bumps_updated_at"])
        if bumps or after != before:
            rewritten(db, before, touched(db, after) if bumps else after, lag_seconds)
    if embedded:
        return {"embed_id": after.embed_id, "embed_signing_key": after.embed_signing_key}
    return {"success": True}


def with_status(db: Database, interview: Interview, status: str) -> Interview:
    """The row in another status; an offline avatar begins rendering when it becomes active."""
    columns = interview.columns | {"status": status}
    begins = status == "active" and interview.columns["status"] != "active"
    if begins and is_offline(interview.columns["interview_template_id"]):
        return replace(interview, columns=columns, activated_us=db.clock.tick())
    return replace(interview, columns=columns)


def _embedded(interview: Interview, *, wanted: bool, stable: bool) -> Interview:
    if not wanted:
        return replace(interview, embed_id=None, embed_signing_key=None)
    if interview.embed_id is not None and stable:
        return interview
    return replace(interview, embed_id=new_id(), embed_signing_key=new_key())
