"""merchant-result-list and job-interview-details: what candidates left behind. Empty until results are added."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

from reconciler.sandbox.auth import scoped
from reconciler.sandbox.clock import new_id
from reconciler.sandbox.paging import page_of, pagination, window
from reconciler.sandbox.reply import RefusalError

if TYPE_CHECKING:
    from collections.abc import Callable

    from reconciler.sandbox.auth import Caller
    from reconciler.sandbox.database import Database
    from reconciler.sandbox.switches import Switches

_ORDER: Final = {
    "score": "score DESC NULLS LAST, created_us DESC",
    "created_at_newest": "created_us DESC",
    "created_at_oldest": "created_us",
    "updated_at_newest": "updated_us DESC",
}
_COLUMNS: Final = ("type", "definition_id", "profile_interview_id")
_PARAMETER_OF: Final = {"definition_id": "interview_id"}

_TABS: Final[dict[str, Callable[[dict[str, Any]], bool]]] = {
    "decided-rejected": lambda item: item["decision_status"] == "rejected",
    "decided-selected": lambda item: item["decision_status"] == "selected",
    "undecided": lambda item: item["coach_status"] == "completed" and item["decision_status"] is None,
    "shortlist": lambda item: bool(item["recruiter_shortlist"]),
    "completed": lambda item: item["coach_status"] == "completed",
    "incomplete": lambda item: item["coach_status"] != "completed",
    "archived-interview": lambda item: item["status"] == "archived",
    "public_avatar": lambda item: item["status"] != "archived",
    "archived-public_avatar": lambda item: item["status"] == "archived",
}


def results_listed(db: Database, switches: Switches, caller: Caller, query: dict[str, Any]) -> dict[str, Any]:
    """One page of results; `interview_result_id` of an item is what details asks for."""
    where, values = ["merchant_id = ?"], [scoped(caller, query["merchant_id"], switches)]
    for column in _COLUMNS:
        wanted = query[_PARAMETER_OF.get(column, column)]
        if wanted is not None:
            where.append(f"{column} = ?")
            values.append(wanted)
    condition = " AND ".join(where)
    order = f"ORDER BY {_ORDER[query['order_by']]}, rowid DESC"
    select = f"SELECT item FROM results WHERE {condition} {order}"  # noqa: S608 - built of the constants above
    if any(query[name] for name in ("tab", "step", "risks", "filter_text", "filter_emoji")):
        every = (orjson.loads(row[0]) for row in db.connection.execute(select, values))
        shown, pages = page_of([item for item in every if _matches(item, query)], query, switches)
    else:
        count = f"SELECT count(*) FROM results WHERE {condition}"  # noqa: S608 - as above
        total = db.connection.execute(count, values).fetchone()[0]
        limits = (*values, *window(total, query, switches))
        rows = db.connection.execute(f"{select} LIMIT ? OFFSET ?", limits)
        shown = [orjson.loads(row[0]) for row in rows]
        pages = pagination(total, query, len(shown), switches)
    if switches["extra_keys_in_answers"]:
        shown = [item | {"x_unnamed": "not in the contract"} for item in shown]
    return {"data": shown, "pagination": pages}


def _matches(item: dict[str, Any], query: dict[str, Any]) -> bool:
    text = (query["filter_text"] or "").casefold()
    risks = {risk.strip() for risk in (query["risks"] or "").split(",") if risk.strip()}
    return (
        (not query["tab"] or _TABS[query["tab"]](item))
        and query["step"] in {None, item["position_step"]}
        and (not risks or bool(risks & set(item["recruiter_risks"] or {})))
        and (text in (item["candidate_name"] or "").casefold() or text in (item["candidate_email"] or "").casefold())
        and (not query["filter_emoji"] or item["emoji"] == query["filter_emoji"])
    )


def details_read(db: Database, switches: Switches, caller: Caller, query: dict[str, Any]) -> dict[str, Any]:
    """One result with its transcript; signed URLs only when asked for, and never the same twice."""
    row = db.connection.execute(
        "SELECT merchant_id, details FROM results WHERE interview_result_id = ?",
        (query["interview_result_id"].lower(),),
    ).fetchone()
    if row is None or (row[0] != caller.merchant_id and not caller.is_admin):
        raise RefusalError(404, "Interview result not found.")
    details: dict[str, Any] = orjson.loads(row[1])
    if query["get_signed_recordings"] == "true":
        details |= {"recording_url": _signed(details.get("recording_local_path"))}
        details |= {"video_introduction_url": _signed(details.get("video_introduction_local_path"))}
        details["transcript"] = [
            turn | {"recording_url": _signed(turn.get("recording_local_path"))} for turn in details["transcript"]
        ]
    return details | {"x_unnamed": "not in the contract"} if switches["extra_keys_in_answers"] else details


def _signed(path: str | None) -> str | None:
    return None if path is None else f"https://media.example/{path}?token={new_id()}"
