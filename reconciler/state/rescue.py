"""When the state's folder cannot be written: what is known goes elsewhere, sealed as ever, and can be brought back."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import platformdirs

from reconciler.atomic_file import PRIVATE, create_file
from reconciler.state.format import dump_header, dump_records
from reconciler.state.model import State
from reconciler.state.records import Record
from reconciler.state.replay import replay


def write_rescue(base: State, records: Sequence[Record]) -> Path | None:
    """Writes `records` as a journal of `base` outside of the repository; None when no place takes it."""
    data = dump_header(base) + dump_records(records)
    for place in (_user_folder, tempfile.gettempdir):
        with suppress(OSError):  # gettempdir raises it too, where nothing can be written
            folder = Path(place())
            folder.mkdir(parents=True, exist_ok=True)
            return _written(folder, f"rescue-{base.lineage}-{base.serial}-", data)
    return None


def _user_folder() -> str:
    return platformdirs.user_state_dir("jmctl")


def _written(folder: Path, prefix: str, data: bytes) -> Path:
    """A new file in `folder`, readable by its owner only; an earlier rescue is never overwritten."""
    path = folder / f"{prefix}{os.urandom(8).hex()}.journal"
    create_file(path, data, mode=PRIVATE)
    return path


def bring_back(state: State, records: Iterable[Record]) -> tuple[list[Record], int]:
    """The rescued records that still say something new to `state`, and how many of them do not."""
    useful: list[Record] = []
    stale = 0
    for record in records:
        try:
            replay(state, [*useful, record])
        except KeyError:  # settled in the meantime
            stale += 1
        else:
            useful.append(record)
    return useful, stale
