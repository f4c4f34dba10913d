"""Time that has passed, for how long a lease still holds."""

from __future__ import annotations

import time


def elapsed() -> float:
    """Seconds on a clock that nothing sets and that goes on while the machine is suspended, where there is one."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)
