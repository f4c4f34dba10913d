"""Time and identity: instants in whole microseconds, each later than the one before, and new ids."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import formatdate

SECOND = 1_000_000
DAY = 86_400 * SECOND


def now_us() -> int:
    return time.time_ns() // 1_000


@dataclass(slots=True)
class Clock:
    """Hands out instants that strictly increase, however coarse the machine's clock is."""

    last: int = 0
    skew_us: int = 0

    def now(self) -> int:
        """The time as this service has it."""
        return now_us() + self.skew_us

    def skew(self, seconds: float) -> None:
        """Sets how far the service's clock is ahead; no instant of before binds the new clock."""
        skew_us = round(seconds * SECOND)
        if skew_us != self.skew_us:
            self.skew_us, self.last = skew_us, 0

    def tick(self, after: int = 0) -> int:
        """An instant later than every earlier one and than `after`."""
        self.last = max(self.now(), self.last + 1, after + 1)
        return self.last


def iso(instant_us: int) -> str:
    """ISO 8601 in UTC with microseconds, ending in Z."""
    seconds, rest = divmod(instant_us, SECOND)
    # isoformat, not strftime: a page of a list needs two thousand of these
    return f"{datetime.fromtimestamp(seconds, UTC).isoformat()[:19]}.{rest:06d}Z"


def http_date(instant_us: int) -> str:
    """The instant as a Date header has it."""
    return formatdate(instant_us / SECOND, usegmt=True)


def new_id() -> str:
    """A random UUID, version 4; uuid.uuid4 costs five times as much and a create needs a dozen."""
    digits = os.urandom(16).hex()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def new_key() -> str:
    """An embed signing key."""
    return os.urandom(32).hex()
