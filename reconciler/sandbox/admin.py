"""What happens on the service without the API: a colleague edits in the admin, or sets up a position of stages."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from reconciler.sandbox import create, fixtures
from reconciler.sandbox.auth import Caller
from reconciler.sandbox.interviews import added, found, removed, rewritten, touched
from reconciler.sandbox.reply import RefusalError, unanswerable

if TYPE_CHECKING:
    from reconciler.sandbox.database import Database
    from reconciler.sandbox.switches import Switches

_OWN: Final = frozenset({"merchant_id", "embed_id", "embed_signing_key", "steps"})
# what a position does not have (docs/service.md#3-get)
_NULL_FOR_POSITIONS: Final = (
    "stage", "type", "knowledge_base_store_id", "recording", "recording_full_session", "type_credit", "result_view",
    "candidate_video_introduction", "candidate_expectations", "candidate_expectations_json", "result_scoring", "tags",
    "coach_plan", "interview_conversation_speed", "max_followups", "max_duration", "questions_random_subset",
    "required_pronunciation", "result_enable_edit_transcript", "pdf_export_auto_config", "country_availability",
)  # fmt: skip


def edited(
    db: Database, interview_id: str, values: dict[str, Any], *, touch: bool = True, lag_seconds: float = 0.0
) -> None:
    """Sets stored columns directly, unchecked; `touch` moves updated_at. Raises RefusalError 404 or 422."""
    with db.writing():
        before = found(db, interview_id)
        if before is None:
            raise RefusalError(404, "Interview not found.")
        for name in values:
            if name not in _OWN and name not in before.columns:
                raise unanswerable(name, f"no stored column is called {name!r}")
        columns = before.columns | {name: value for name, value in values.items() if name not in _OWN}
        own = {name: value for name, value in values.items() if name in _OWN}
        after = replace(before, columns=columns, **own)
        rewritten(db, before, touched(db, after) if touch else after, lag_seconds)


def erased(db: Database, interview_id: str) -> None:
    """Removes the row itself, so that reading it is a 404."""
    with db.writing():
        if not removed(db, interview_id):
            raise RefusalError(404, "Interview not found.")


def position_added(db: Database, switches: Switches, values: dict[str, Any]) -> str:
    """Makes a multi-stage position, which no operation can; `values` are stored columns over plain defaults."""
    request = {
        "name": "Position of two stages",
        "location": "remote",
        "interview_template_id": next(iter(fixtures.TEMPLATES)),
        "mojito_language_code": "en",
        "description": "Made beside the API",
        "status": "draft",
        "type": "interview",
        "visibility": "merchant_invite",
        "questions": [{"question": "Not shown."}],
    }
    caller = Caller(fixtures.CALLER, fixtures.MERCHANT, fixtures.MERCHANT, switches["environment"], is_admin=False)
    made = found(db, create.create(db, switches, caller, request)["interview_def_set_id"])
    assert made is not None  # noqa: S101 - created on the line above
    columns = made.columns | dict.fromkeys(_NULL_FOR_POSITIONS) | values
    with db.writing():
        removed(db, made.id)
        added(db, replace(made, is_multistage=True, columns=columns, steps=[]))
    return made.id
