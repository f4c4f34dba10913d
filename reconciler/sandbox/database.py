"""The folder on disk: one SQLite file, shared by every process that works on it.

WAL, and synchronous off: a commit is in the kernel's hands before the answer leaves, so killing the process loses
nothing; only the machine's own death could, and this is a simulator.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reconciler.sandbox.clock import Clock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILE = "service.db"
_PATIENCE_SECONDS = 30.0
_VERSION = 4

_SCHEMA = """
CREATE TABLE IF NOT EXISTS interviews (
    id TEXT PRIMARY KEY, merchant_id TEXT NOT NULL, is_multistage INTEGER NOT NULL,
    type TEXT NOT NULL, status TEXT NOT NULL, name_folded TEXT NOT NULL,
    created_us INTEGER NOT NULL, updated_us INTEGER NOT NULL, activated_us INTEGER NOT NULL,
    columns BLOB NOT NULL, steps BLOB NOT NULL, embed_id TEXT, embed_signing_key TEXT, listed_before BLOB
) STRICT;
CREATE INDEX IF NOT EXISTS interviews_listed ON interviews (merchant_id, type, updated_us, status);
CREATE TABLE IF NOT EXISTS results (
    id TEXT PRIMARY KEY, interview_result_id TEXT NOT NULL UNIQUE, merchant_id TEXT NOT NULL, type TEXT NOT NULL,
    definition_id TEXT, profile_interview_id TEXT, score REAL, created_us INTEGER NOT NULL, updated_us INTEGER NOT NULL,
    item BLOB NOT NULL, details BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS results_listed ON results (merchant_id, type, created_us);
CREATE INDEX IF NOT EXISTS results_of ON results (definition_id, created_us);
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS faults (
    position INTEGER PRIMARY KEY, rule BLOB NOT NULL, seen INTEGER NOT NULL DEFAULT 0, fired INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS requests (
    number INTEGER PRIMARY KEY, at_us INTEGER NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL,
    status INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS late (
    number INTEGER PRIMARY KEY, due_us INTEGER NOT NULL, method TEXT NOT NULL, operation TEXT NOT NULL,
    query BLOB NOT NULL, headers BLOB NOT NULL, body BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS tokens (digest TEXT PRIMARY KEY, used INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS visits (
    id TEXT PRIMARY KEY, interview_id TEXT NOT NULL, name TEXT NOT NULL, email TEXT NOT NULL,
    started_us INTEGER NOT NULL, asked_us INTEGER NOT NULL, steps BLOB NOT NULL, answers BLOB NOT NULL, result_id TEXT
) STRICT;
INSERT OR IGNORE INTO settings (name, value) VALUES ('revision', CAST('0' AS BLOB));
"""


@dataclass(frozen=True, slots=True)
class Database:
    """The open file and the clock its rows are stamped by. For one thread at a time."""

    connection: sqlite3.Connection
    clock: Clock = field(default_factory=Clock)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction holding the write lock from the start, so that what was read is still true when written."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")


def opened(folder: Path) -> Database:
    """The database in `folder`, made when it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(
        folder / FILE,
        timeout=_PATIENCE_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
    _into_wal(connection)
    connection.execute("PRAGMA synchronous=OFF")
    if connection.execute("PRAGMA user_version").fetchone()[0] < _VERSION:
        connection.executescript(f"BEGIN IMMEDIATE;{_SCHEMA}PRAGMA user_version={_VERSION};COMMIT;")
    return Database(connection)


def _into_wal(connection: sqlite3.Connection) -> None:
    # the change to WAL does not honour the busy timeout, and two processes may open a new folder at once
    give_up = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.005)
        else:
            return


def emptied(db: Database) -> None:
    """Forgets everything: rows, switches, faults, the log."""
    with db.writing():
        for table in ("interviews", "results", "faults", "requests", "late", "tokens", "visits"):
            db.connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names stand on the line above
        db.connection.execute("DELETE FROM settings WHERE name <> 'revision'")
        db.connection.execute("UPDATE settings SET value = CAST(value + 1 AS BLOB) WHERE name = 'revision'")
