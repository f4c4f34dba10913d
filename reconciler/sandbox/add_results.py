"""Adding results: no operation of the API does it, candidates do. For tests, and for showing what results look like."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import orjson

from reconciler.sandbox import fixtures
from reconciler.sandbox.clock import iso, new_id
from reconciler.sandbox.contract import document
from reconciler.sandbox.interviews import Interview, found, rewritten, touched

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reconciler.sandbox.database import Database
    from reconciler.sandbox.switches import Switches


def results_added(db: Database, switches: Switches, results: Iterable[dict[str, Any]]) -> list[str]:
    """Stores results, each `{"item": {...}, "details": {...}}` with any subset of the contract's fields.

    Fields left out are null or follow from the interview named by `item.definition_id`; answers the
    interview_result_ids in the same order.
    """
    with db.writing():
        return [_added(db, switches, result.get("item") or {}, result.get("details") or {}) for result in results]


def _added(db: Database, switches: Switches, given: dict[str, Any], details: dict[str, Any]) -> str:
    interview = found(db, given["definition_id"]) if given.get("definition_id") else None
    now = db.clock.tick()
    item = _item(given, interview, now)
    db.connection.execute(
        "INSERT INTO results VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            item["id"],
            item["interview_result_id"],
            item["merchant_id"],
            item["type"],
            item["definition_id"],
            item["profile_interview_id"],
            item["score"],
            _microseconds(item["created_at"]),
            _microseconds(item["updated_at"]),
            orjson.dumps(item),
            orjson.dumps(_details(details, item)),
        ),
    )
    if interview is not None and switches["results_bump_updated_at"]:
        rewritten(db, interview, touched(db, replace(interview)))
    result_id: str = item["interview_result_id"]
    return result_id


def _item(given: dict[str, Any], interview: Interview | None, now: int) -> dict[str, Any]:
    schemas = document()["schemas"]
    names = schemas["MerchantResultListResponse"]["properties"]["data"]["items"]["properties"]
    known = {
        "id": new_id(),
        "interview_result_id": new_id(),
        "merchant_id": interview.merchant_id if interview else fixtures.MERCHANT,
        "profile_id": new_id(),
        "profile_interview_id": new_id(),
        "type": (interview.columns["type"] if interview else None) or "interview",
        "position_name": interview.columns["name"] if interview else None,
        "position_step": "interview",
        "mojito_language_code": interview.columns["mojito_language_code"] if interview else None,
        "status": "active",
        "coach_status": "completed",
        "interview_started": True,
        "is_multi_stage": interview.is_multistage if interview else False,
        "is_test": False,
        "recruiter_shortlist": False,
        "created_at": iso(now),
    }
    item = dict.fromkeys(names) | known | given
    return item | {"updated_at": item["updated_at"] or item["created_at"]}


def _details(given: dict[str, Any], item: dict[str, Any]) -> dict[str, Any]:
    names = document()["schemas"]["JobInterviewDetailsResponse"]["properties"]
    shown = [name for name in names if name not in {"recording_url", "video_introduction_url"}]
    known = {
        "score": item["score"],
        "status": item["coach_status"],
        "start": item["created_at"],
        "duration": item["duration_ds"],
        "recruiter_risks": item["recruiter_risks"],
        "transcript": [],
    }
    return dict.fromkeys(shown) | known | given


def _microseconds(stamp: str) -> int:
    return int(datetime.fromisoformat(stamp).timestamp() * 1_000_000)
