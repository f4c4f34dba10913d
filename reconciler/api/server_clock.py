"""The service's clock, as its `Date` headers tell it: its times are never compared with those of this machine."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


class ServerClock:
    """Gives the service's time: that of the last `Date` header and what has passed since on the monotonic clock.

    Exact to a second or two. Before the first answer, and where answers carry no date, it is this machine's time.
    """

    def __init__(self) -> None:
        self._ahead: float | None = None

    def note(self, date: str | None) -> None:
        """Takes over the `Date` header of an answer that arrives now; what is no date changes nothing."""
        with suppress(ValueError, TypeError, OverflowError):
            found = parsedate_to_datetime(date or "")
            aware = found if found.tzinfo else found.replace(tzinfo=UTC)
            self._ahead = aware.timestamp() - time.monotonic()

    def seconds(self) -> float:
        """The service's time in seconds since 1970."""
        return time.time() if self._ahead is None else time.monotonic() + self._ahead

    def now(self) -> str:
        """The service's time in the form of records: UTC, to the millisecond."""
        found = datetime.fromtimestamp(self.seconds(), UTC)
        return found.isoformat(timespec="milliseconds").replace("+00:00", "Z")
