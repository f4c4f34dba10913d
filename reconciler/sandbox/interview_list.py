"""merchant-interview-list: last updated first, one type per call, name search only (docs/service.md#6-lists)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from reconciler.sandbox import fixtures, languages
from reconciler.sandbox.auth import scoped
from reconciler.sandbox.clock import SECOND, iso
from reconciler.sandbox.interviews import FIELDS, Interview, as_of, from_row, status_shown
from reconciler.sandbox.paging import page_of, pagination, window
from reconciler.sandbox.steps import questions_in

if TYPE_CHECKING:
    from reconciler.sandbox.auth import Caller
    from reconciler.sandbox.database import Database
    from reconciler.sandbox.switches import Switches


def interviews_listed(
    db: Database, switches: Switches, caller: Caller, query: dict[str, Any], *, lag_seconds: float = 0.0
) -> dict[str, Any]:
    """One page of definitions."""
    merchant = scoped(caller, query["merchant_id"], switches)
    if lag_seconds or query["filter_emoji"]:
        matching = _as_once_seen(db, switches, merchant, query, lag_seconds)
        shown, pages = page_of(matching, query, switches)
    else:
        shown, pages = _page(db, switches, merchant, query)
    runs = _runs(db, [interview.id for interview in shown])
    now = db.clock.now()
    items = [_item(interview, switches, now, runs.get(interview.id, (0, None))) for interview in shown]
    return {"data": items, "pagination": pages}


def _page(
    db: Database, switches: Switches, merchant: str, query: dict[str, Any]
) -> tuple[list[Interview], dict[str, Any]]:
    where, values = ["merchant_id = ?", "type = ?"], [merchant, query["type"]]
    if query["status"] is not None:
        where.append("status = ?")
        values.append(query["status"])
    if not switches["deleted_is_listed"]:
        where.append("status <> 'deleted'")
    if switches["list_hides"]:
        where.append("NOT EXISTS (SELECT 1 FROM json_each(?) WHERE value IN (interviews.id, '*'))")
        values.append(orjson.dumps(switches["list_hides"]).decode())
    if query["filter_text"]:
        where.append("instr(name_folded, ?) > 0")
        values.append(query["filter_text"].casefold())
    condition = " AND ".join(where)
    total = db.connection.execute(
        f"SELECT count(*) FROM interviews WHERE {condition}",  # noqa: S608 - built of the constants above
        values,
    ).fetchone()[0]
    rows = db.connection.execute(
        f"SELECT {FIELDS} FROM interviews WHERE {condition} "  # noqa: S608 - as above
        "ORDER BY updated_us DESC, rowid DESC LIMIT ? OFFSET ?",
        (*values, *window(total, query, switches)),
    ).fetchall()
    return [from_row(row) for row in rows], pagination(total, query, len(rows), switches)


def _as_once_seen(
    db: Database, switches: Switches, merchant: str, query: dict[str, Any], lag_seconds: float
) -> list[Interview]:
    """Everything that matches, each row as it was `lag_seconds` ago: the list is only eventually consistent."""
    rows = db.connection.execute(
        f"SELECT {FIELDS} FROM interviews WHERE merchant_id = ?",  # noqa: S608 - as above
        (merchant,),
    ).fetchall()
    horizon = db.clock.now() - lag_seconds * SECOND
    seen = [as_of(db, from_row(row), horizon) for row in rows]
    matching = [interview for interview in seen if interview and _matches(interview, switches, query)]
    return sorted(matching, key=lambda interview: interview.updated_us, reverse=True)


def _matches(interview: Interview, switches: Switches, query: dict[str, Any]) -> bool:
    columns = interview.columns
    return (
        (columns["type"] or "interview") == query["type"]
        and query["status"] in {None, columns["status"]}
        and {"*", interview.id}.isdisjoint(switches["list_hides"])
        and (columns["status"] != "deleted" or switches["deleted_is_listed"])
        and (query["filter_text"] or "").casefold() in (columns["name"] or "").casefold()
        and (not query["filter_emoji"] or columns.get("emoji") == query["filter_emoji"])
    )


def _runs(db: Database, ids: list[str]) -> dict[str, tuple[int, int]]:
    """How often and when last each interview was taken."""
    if db.connection.execute("SELECT 1 FROM results LIMIT 1").fetchone() is None:
        return {}
    rows = db.connection.execute(
        "SELECT definition_id, count(*), max(created_us) FROM results "
        "WHERE definition_id IN (SELECT value FROM json_each(?)) GROUP BY definition_id",
        (orjson.dumps(ids).decode(),),
    )
    return {definition: (count, last) for definition, count, last in rows}


def _item(interview: Interview, switches: Switches, now: int, runs: tuple[int, int | None]) -> dict[str, Any]:
    columns = interview.columns
    count, last = runs
    language = columns["mojito_language_code"]
    item = {
        "id": interview.id,
        "merchant_id": interview.merchant_id,
        "name": columns["name"],
        "emoji": columns.get("emoji"),
        "type": columns["type"],
        "type_avatar": fixtures.template_kind(columns["interview_template_id"]),
        "status": status_shown(interview, switches, now),
        "visibility": columns["visibility"],
        "mojito_language_code": language,
        "speech_language_code": languages.speech(language)[0] if language else None,
        "environment": columns["environment"],
        "is_ats": False,
        "is_multi_stage": interview.is_multistage,
        "recording": columns["recording"],
        "recording_full_session": columns["recording_full_session"],
        "billing_single_position": False,
        "billing_single_position_end_at": None,
        "cover_image_url": columns["cover_image_url"],
        "interview_count": count,
        "interview_last": iso(last) if last else None,
        "calc_duration": sum(step["duration"] or 0 for step in questions_in(interview.steps)),
        "created_at": iso(interview.created_us),
        "updated_at": iso(interview.updated_us),
    }
    return item | {"x_unnamed": "not in the contract"} if switches["extra_keys_in_answers"] else item
