"""The open journal of one writer: records, each durable before it is acknowledged."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from reconciler.atomic_file import sync_folder
from reconciler.state.backend import Snapshot
from reconciler.state.journal_format import dump_header, dump_records
from reconciler.state.model import State
from reconciler.state.records import Record
from reconciler.state.replay import replay


class Journal:
    """A new journal at `path` that continues `base`. Only the holder of the lock may create one. Raises OSError."""

    def __init__(self, path: Path, base: Snapshot) -> None:
        self.base = base.state
        self.records: list[Record] = []
        self._file = path.open("xb", buffering=0)
        self._last = b""
        try:
            self._size = self._write(dump_header(base.state, base.digest), 0)
            sync_folder(path.parent)
        except OSError:
            self._file.close()
            raise

    def append(self, records: Sequence[Record]) -> None:
        """Writes and fsyncs `records` together.

        Raises OSError, also when the file was removed meanwhile; then none of them is in the journal.
        """
        lines = dump_records(records, self._last)
        try:
            self._size = self._write(lines, self._size)
        except OSError:
            with suppress(OSError):
                self._file.truncate(self._size)
            raise
        self._last = lines or self._last
        self.records.extend(records)

    def _write(self, data: bytes, size: int) -> int:
        self._file.seek(size)
        view = memoryview(data)
        while view:
            view = view[self._file.write(view) :]
        os.fsync(self._file.fileno())
        if os.fstat(self._file.fileno()).st_nlink == 0:  # writing goes on working, and would leave no trace
            raise FileNotFoundError(errno.ENOENT, "the journal was removed while jmctl was at work")
        return size + len(data)

    def state(self) -> State:
        """The base after all records so far."""
        return replay(self.base, self.records)

    def close(self) -> None:
        """Closes the file, which stays; nothing can be appended any more."""
        self._file.close()
