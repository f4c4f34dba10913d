"""The way to the process that forks others (driver.py): a job goes in, the exit codes come out."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Self

SECONDS = 120.0


class Forks:
    """Runs commands of jmctl in processes of their own; may be asked by many threads."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-W", "error", str(Path(__file__).with_name("driver.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self._done: dict[int, tuple[threading.Event, list[int]]] = {}
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            answer = json.loads(line)
            happened, codes = self._done[answer["id"]]
            codes += answer["codes"]
            happened.set()

    def run(
        self, folder: Path, environment: dict[str, str], *commands: list[str], strike: dict[str, Any] | None = None
    ) -> tuple[list[int], str]:
        """The exit codes of `commands`, one after the other in one process, and what they said."""
        number = next(self._numbers)
        said = folder.parent / f"said-{number}"
        happened, codes = self._done.setdefault(number, (threading.Event(), []))
        job = {"id": number, "folder": str(folder), "environment": environment, "commands": commands}
        with self._lock:
            assert self._process.stdin is not None
            self._process.stdin.write(json.dumps({**job, "said": str(said), "strike": strike}) + "\n")
            self._process.stdin.flush()
        assert happened.wait(SECONDS), (commands, strike, said.read_text())
        text = said.read_text()
        assert 99 not in codes, text
        return codes, text

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._reader.join()
        self._process.wait(SECONDS)
        assert self._process.stdout is not None
        self._process.stdout.close()
