"""Interview rows, written and read whole: `columns` is plain JSON under the stored names, `steps` are in order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import orjson

from reconciler.sandbox.clock import SECOND, iso

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reconciler.sandbox.database import Database
    from reconciler.sandbox.switches import Switches

FIELDS = (
    "id, merchant_id, is_multistage, created_us, updated_us, activated_us, columns, steps, embed_id, embed_signing_key"
)
_INSERT = (
    f"INSERT INTO interviews ({FIELDS}, type, status, name_folded) "  # noqa: S608 - names stand above
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


@dataclass(frozen=True, slots=True)
class Interview:
    """A stored interview, or a position of several stages; times in microseconds."""

    id: str
    merchant_id: str
    is_multistage: bool
    created_us: int
    updated_us: int
    activated_us: int
    columns: dict[str, Any]
    steps: list[dict[str, Any]]
    embed_id: str | None = None
    embed_signing_key: str | None = None


def added(db: Database, interview: Interview) -> None:
    """Stores a new row, committed when this returns."""
    db.connection.execute(_INSERT, (*_values(interview), *_searchable(interview)))


def found(db: Database, interview_id: str) -> Interview | None:
    """The row, None when there is none."""
    row = db.connection.execute(
        f"SELECT {FIELDS} FROM interviews WHERE id = ?",  # noqa: S608 - names stand above
        (interview_id.lower(),),
    ).fetchone()
    return from_row(row) if row else None


def every(db: Database) -> Iterator[Interview]:
    """All rows, oldest first."""
    rows = db.connection.execute(f"SELECT {FIELDS} FROM interviews ORDER BY created_us")  # noqa: S608 - as above
    return map(from_row, rows)


def oldest_id(db: Database) -> str | None:
    """The id of the row that was made first, None when there is none."""
    row = db.connection.execute("SELECT id FROM interviews ORDER BY created_us LIMIT 1").fetchone()
    return row[0] if row else None


def rewritten(db: Database, before: Interview, after: Interview, lag_seconds: float = 0.0) -> None:
    """Replaces a row; while the list lags, it goes on showing what it showed before."""
    if before.updated_us <= db.clock.tick() - lag_seconds * SECOND:
        db.connection.execute("UPDATE interviews SET listed_before = ? WHERE id = ?", (_snapshot(before), before.id))
    db.connection.execute(
        "UPDATE interviews SET merchant_id = ?, is_multistage = ?, created_us = ?, updated_us = ?, activated_us = ?, "
        "columns = ?, steps = ?, embed_id = ?, embed_signing_key = ?, type = ?, status = ?, name_folded = ? "
        "WHERE id = ?",
        (*_values(after)[1:], *_searchable(after), after.id),
    )


def removed(db: Database, interview_id: str) -> bool:
    """Deletes a row for good, as no operation of the API does; False when there was none."""
    return db.connection.execute("DELETE FROM interviews WHERE id = ?", (interview_id.lower(),)).rowcount == 1


def as_of(db: Database, interview: Interview, horizon_us: float) -> Interview | None:
    """The row as a reader that is behind sees it; None when there was none. Known for one change back."""
    if interview.updated_us <= horizon_us:
        return interview
    (before,) = db.connection.execute("SELECT listed_before FROM interviews WHERE id = ?", (interview.id,)).fetchone()
    if before is None:
        return None
    snapshot = orjson.loads(before)
    return replace(
        interview,
        updated_us=snapshot["updated_us"],
        columns=snapshot["columns"],
        steps=snapshot.get("steps", interview.steps),
    )


def touched(db: Database, interview: Interview) -> Interview:
    """The same with a later updated_us."""
    return replace(interview, updated_us=db.clock.tick(interview.updated_us))


def status_shown(interview: Interview, switches: Switches, now: int) -> str:
    """The status a reader sees: an offline interview may be rendering for a while (docs/service.md#5-set-state)."""
    status: str = interview.columns["status"]
    rendering = switches["preparing_seconds"]
    if status == "active" and rendering and now < interview.activated_us + rendering * SECOND:
        return "preparing"
    return status


def from_row(row: tuple[Any, ...]) -> Interview:
    """A row of the columns named here."""
    name, merchant, multistage, created, updated, activated, columns, steps, embed_id, key = row
    return Interview(
        name, merchant, bool(multistage), created, updated, activated,
        orjson.loads(columns), orjson.loads(steps), embed_id, key,
    )  # fmt: skip


def plain(interview: Interview) -> dict[str, Any]:
    """Everything that is stored, embed key included: for inspection, not for the API."""
    return {
        "id": interview.id,
        "is_multistage": interview.is_multistage,
        "created_at": iso(interview.created_us),
        "updated_at": iso(interview.updated_us),
        **interview.columns,
        "steps": interview.steps,
        "embed_id": interview.embed_id,
        "embed_signing_key": interview.embed_signing_key,
    }


def _values(interview: Interview) -> tuple[Any, ...]:
    return (
        interview.id,
        interview.merchant_id,
        interview.is_multistage,
        interview.created_us,
        interview.updated_us,
        interview.activated_us,
        orjson.dumps(interview.columns),
        orjson.dumps(interview.steps),
        interview.embed_id,
        interview.embed_signing_key,
    )


def _searchable(interview: Interview) -> tuple[str, str, str]:
    columns = interview.columns
    return columns["type"] or "interview", columns["status"], (columns["name"] or "").casefold()


def _snapshot(interview: Interview) -> bytes:
    return orjson.dumps({"updated_us": interview.updated_us, "columns": interview.columns, "steps": interview.steps})
