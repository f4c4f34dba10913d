"""Which requests came: counted in memory, and written to the database only when the switch request_log says so."""

from __future__ import annotations

from collections import Counter, deque
from typing import TYPE_CHECKING, Any

from reconciler.sandbox.clock import iso, now_us

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reconciler.sandbox.database import Database

_KEPT = 1_000


class Journal:
    """The requests this process answered; status 0 is a dropped connection."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, int]] = Counter()
        self._latest: deque[tuple[int, str, str, int]] = deque(maxlen=_KEPT)

    def note(self, db: Database, method: str, path: str, status: int, *, stored: bool) -> None:
        self._counts[path, status] += 1
        self._latest.append((now_us(), method, path, status))
        if stored:
            db.connection.execute(
                "INSERT INTO requests (at_us, method, path, status) VALUES (?, ?, ?, ?)", self._latest[-1]
            )

    def report(self, db: Database, *, stored: bool) -> dict[str, Any]:
        """Counts by operation and status, and the latest requests, oldest first."""
        if not stored:
            return _report(((path, status, count) for (path, status), count in self._counts.items()), self._latest)
        counts = db.connection.execute("SELECT path, status, count(*) FROM requests GROUP BY path, status")
        latest = db.connection.execute(
            "SELECT at_us, method, path, status FROM requests ORDER BY number DESC LIMIT ?", (_KEPT,)
        ).fetchall()
        return _report(counts, reversed(latest))

    def forget(self) -> None:
        self._counts.clear()
        self._latest.clear()


def _report(counts: Iterable[tuple[str, int, int]], latest: Iterable[tuple[int, str, str, int]]) -> dict[str, Any]:
    by_operation: dict[str, dict[str, int]] = {}
    for path, status, count in counts:
        by_operation.setdefault(path.rsplit("/", 1)[-1], {})[str(status)] = count
    return {
        "counts": by_operation,
        "latest": [
            {"at": iso(at), "method": method, "path": path, "status": status} for at, method, path, status in latest
        ],
    }
