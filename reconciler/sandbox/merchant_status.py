"""merchant-status: figures counted from the rows, credits and plan from the switches (docs/service.md#6-lists)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from reconciler.sandbox.auth import scoped
from reconciler.sandbox.clock import DAY

if TYPE_CHECKING:
    from reconciler.sandbox.auth import Caller
    from reconciler.sandbox.database import Database
    from reconciler.sandbox.switches import Switches

_DAYS = 14
_INVITATIONS_PER_CREDIT = 4


def merchant_status(db: Database, switches: Switches, caller: Caller, query: dict[str, Any]) -> dict[str, Any]:
    """The merchant's figures, with the caller and the effective merchant echoed."""
    merchant = scoped(caller, query["merchant_id"], switches)
    active = db.connection.execute(
        "SELECT count(*) FROM interviews WHERE merchant_id = ? AND status = 'active'", (merchant,)
    ).fetchone()[0]
    return {
        "profile_id": caller.profile_id,
        "default_merchant_id": caller.home_merchant_id,
        "merchant_id": merchant,
        "credits_interview_monthly": switches["credits_monthly"],
        "credits_interview_monthly_limit": switches["credits_monthly_limit"],
        "credits_interview_extra": switches["credits_extra"],
        "credits_interview_single": switches["credits_single"],
        "definitions_active": active,
        "subscription_type": switches["subscription_type"],
        "subscription_status": "active",
        **_results(db, merchant),
        **_invitations(switches),
    }


def _results(db: Database, merchant: str) -> dict[str, Any]:
    rows = db.connection.execute("SELECT created_us, item FROM results WHERE merchant_id = ?", (merchant,)).fetchall()
    items = [(created, orjson.loads(item)) for created, item in rows]
    live = [(created, item) for created, item in items if item["status"] != "archived"]
    first_seen: dict[str, int] = {}
    for created, item in live:
        candidate = item["profile_interview_id"]
        first_seen[candidate] = min(created, first_seen.get(candidate, created))
    completed = [item for _, item in live if item["coach_status"] == "completed"]
    return {
        "interviews_without_credits": 0,
        "interviews_undecided": sum(item["decision_status"] is None for item in completed),
        "interviews_ongoing": sum(item["coach_status"] == "started" for _, item in live),
        "interview_results": len(live),
        "candidates": len(first_seen),
        "candidates_history": _per_day(list(first_seen.values()), db.clock.now()),
        "interview_result_history": _per_day([created for created, _ in live], db.clock.now()),
    }


def _per_day(instants: list[int], now: int) -> list[int]:
    """Fourteen numbers, latest day first."""
    today = now // DAY
    days = [today - instant // DAY for instant in instants]
    return [days.count(back) for back in range(_DAYS)]


def _invitations(switches: Switches) -> dict[str, Any]:
    sent = switches["invitations_sent"]
    if switches["subscription_type"] == "Special":
        return {"invitations_sent": sent, "invitations_limit": None, "invitations_available": None}
    credits_left = switches["credits_monthly"] + switches["credits_extra"] + switches["credits_single"]
    limit = _INVITATIONS_PER_CREDIT * credits_left
    return {"invitations_sent": sent, "invitations_limit": limit, "invitations_available": max(0, limit - sent)}
