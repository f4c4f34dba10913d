"""Switches as they stand in the database; one number tells whether what was read before still holds.

`revision` is read at every request (microseconds) and moves with every change of a switch or a fault, by any process.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from reconciler.sandbox.reply import unanswerable
from reconciler.sandbox.switches import DEFAULTS, Switches, problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reconciler.sandbox.database import Database


def revision(db: Database) -> int:
    """Moves with every change of switches or faults."""
    value = db.connection.execute("SELECT value FROM settings WHERE name = 'revision'").fetchone()[0]
    return int(value)


def revised(db: Database) -> None:
    """Tells every process to read switches and faults again; call inside the transaction that changed them."""
    db.connection.execute("UPDATE settings SET value = CAST(value + 1 AS BLOB) WHERE name = 'revision'")


def switches_in(db: Database) -> Switches:
    """Every switch's value: what was set over the defaults."""
    rows = db.connection.execute("SELECT name, value FROM settings WHERE name <> 'revision'")
    return DEFAULTS | {name: orjson.loads(value) for name, value in rows if name in DEFAULTS}


def switch(db: Database, values: Mapping[str, Any]) -> None:
    """Sets switches; none is set when one is unknown or of another type (RefusalError 422)."""
    for name, value in values.items():
        if complaint := problem(name, value):
            raise unanswerable(name, complaint)
    with db.writing():
        db.connection.executemany(
            "INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            [(name, orjson.dumps(value)) for name, value in values.items()],
        )
        revised(db)
