"""Moments as the service and jmctl write them: ISO 8601 text becomes seconds since 1970. Pure."""

from __future__ import annotations

from datetime import UTC, datetime


def instant(text: str | None, *, default: float) -> float:
    """The moment in `text`, taken as UTC when it names no zone; `default` when it cannot be read."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return default
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
