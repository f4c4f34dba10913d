"""Work that is done after its caller has gone: the connection is broken, and some seconds later it happens
all the same.

What is postponed stands in the database; the next process that is asked, once the time has come, does it first. No
caller can look in between, so it is as if it had been done on time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import orjson

from reconciler.sandbox.clock import SECOND, now_us
from reconciler.sandbox.settings import revised

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reconciler.sandbox.database import Database


class Request(NamedTuple):
    """A request as it came."""

    method: str
    operation: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


def postponed(db: Database, request: Request, seconds: float) -> None:
    """Has `request` done so many seconds from now."""
    parts = [orjson.dumps(dict(part)) for part in (request.query, request.headers)]
    with db.writing():
        db.connection.execute(
            "INSERT INTO late (due_us, method, operation, query, headers, body) VALUES (?, ?, ?, ?, ?, ?)",
            (now_us() + round(seconds * SECOND), request.method, request.operation, *parts, request.body),
        )
        revised(db)


def first_due(db: Database) -> float:
    """When the next of them is to be done, in microseconds; infinity when there is none."""
    (due,) = db.connection.execute("SELECT min(due_us) FROM late").fetchone()
    return float("inf") if due is None else due


def taken(db: Database) -> list[Request]:
    """Those whose time has come, each given to one taker only."""
    with db.writing():
        rows = db.connection.execute(
            "DELETE FROM late WHERE due_us <= ? RETURNING number, method, operation, query, headers, body", (now_us(),)
        ).fetchall()
        revised(db)
    return [
        Request(method, operation, orjson.loads(query), orjson.loads(headers), body)
        for _, method, operation, query, headers, body in sorted(rows)
    ]
