"""A thread that gives a writer its turn every few seconds, and at once when it is woken."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Pusher:
    """Calls `turn` every `seconds` from the first `start` until `close`; `turn` must not raise."""

    def __init__(self, turn: Callable[[], None], seconds: float) -> None:
        self._turn = turn
        self._seconds = seconds
        self._wake = threading.Event()
        self._is_closing = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Starts the thread, unless it runs."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="push state", daemon=True)
            self._thread.start()

    def wake(self) -> None:
        """Makes the next turn come now."""
        self._wake.set()

    def close(self) -> None:
        """Returns once the thread has ended, after the turn that it is in."""
        self._is_closing = True
        self._wake.set()
        if self._thread:
            self._thread.join()

    def _run(self) -> None:
        while not self._is_closing:
            self._wake.wait(self._seconds)
            self._wake.clear()
            if not self._is_closing:
                self._turn()
