"""Which fault strikes this request: the rules in the database, counted there so that all processes share the counts.

A draw depends on the rule's seed and on how many requests the rule has seen, so a run can be repeated exactly.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

from reconciler.sandbox.faults import LAGS, Rule, rule
from reconciler.sandbox.settings import revised

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reconciler.sandbox.database import Database


@dataclass(frozen=True, slots=True)
class Strike:
    """The fault of one request: the rule that applies, if any, and the seconds that latency rules add."""

    rule: Rule | None = None
    delay: float = 0.0


UNHARMED = Strike()


def faults_in(db: Database) -> list[tuple[int, Rule]]:
    """The rules in force with their positions."""
    rows = db.connection.execute("SELECT position, rule FROM faults ORDER BY position")
    return [(position, rule(orjson.loads(text))) for position, text in rows]


def set_faults(db: Database, rules: Iterable[Rule]) -> None:
    """Replaces the rules; counts begin again."""
    with db.writing():
        db.connection.execute("DELETE FROM faults")
        db.connection.executemany(
            "INSERT INTO faults (position, rule) VALUES (?, ?)",
            [(position, orjson.dumps(each.plain())) for position, each in enumerate(rules)],
        )
        revised(db)


def strike(db: Database, rules: list[tuple[int, Rule]], operation: str) -> Strike:
    """The fault of the next request for `operation`; counts it."""
    delay = 0.0
    for position, each in rules:
        if each.fault in LAGS or operation not in each.operations:
            continue
        if each.is_counted and not _falls_due(db, position, each):
            continue
        if each.fault != "latency":
            return Strike(each, delay)
        delay += each.seconds
    return Strike(None, delay) if delay else UNHARMED


def lag(rules: list[tuple[int, Rule]], *faults: str) -> float:
    """Seconds by which the reads behind these faults are behind: the longest of them."""
    return max((each.seconds for _, each in rules if each.fault in faults), default=0.0)


def _falls_due(db: Database, position: int, each: Rule) -> bool:
    with db.writing():
        row = db.connection.execute(
            "UPDATE faults SET seen = seen + 1 WHERE position = ? RETURNING seen, fired", (position,)
        ).fetchone()
        if row is None:  # replaced meanwhile by another process
            return False
        seen, fired = row
        if seen <= each.skip or (each.count is not None and fired >= each.count):
            return False
        if each.probability < 1 and _draw(each.seed, position, seen) >= each.probability:
            return False
        db.connection.execute("UPDATE faults SET fired = fired + 1 WHERE position = ?", (position,))
        return True


def _draw(seed: int, position: int, seen: int) -> float:
    return random.Random(f"{seed}:{position}:{seen}").random()  # noqa: S311 - a repeatable die, not a secret
