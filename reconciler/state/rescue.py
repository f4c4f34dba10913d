"""When the state's folder cannot be written: what is known goes elsewhere, sealed as ever, and can be brought back."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import platformdirs

from reconciler.address import Address
from reconciler.atomic_file import PRIVATE, create_file
from reconciler.state.backend import Snapshot
from reconciler.state.journal_format import dump_header, dump_records
from reconciler.state.model import State
from reconciler.state.records import Applied, Closed, Confirmed, Doubted, Embedded, Record, Seen
from reconciler.state.replay import replay


def write_rescue(base: Snapshot, records: Sequence[Record]) -> Path | None:
    """Writes `records` as a journal of `base` outside of the repository; None when no place takes it."""
    data = dump_header(base.state, base.digest) + dump_records(records)
    for place in (_user_folder, tempfile.gettempdir):
        with suppress(OSError):  # gettempdir raises it too, where nothing can be written
            folder = Path(place())
            folder.mkdir(parents=True, exist_ok=True)
            return _written(folder, f"rescue-{base.state.lineage}-{base.state.serial}-", data)
    return None


def _user_folder() -> str:
    return platformdirs.user_state_dir("jmctl")


def _written(folder: Path, prefix: str, data: bytes) -> Path:
    """A new file in `folder`, readable by its owner only; an earlier rescue is never overwritten."""
    path = folder / f"{prefix}{os.urandom(8).hex()}.journal"
    create_file(path, data, mode=PRIVATE)
    return path


def bring_back(state: State, records: Iterable[Record], *, is_overtaken: bool = False) -> tuple[list[Record], int]:
    """The rescued records that still say something new to `state`, and how many of them do not.

    `is_overtaken` says that `state` was committed since they were written. Then only the outcomes of creates that are
    still open, and what followed on them, are new: anything else could undo later work.
    """
    useful: list[Record] = []
    stale = 0
    confirmed: set[Address] = set()
    for record in records:
        if is_overtaken and not _is_outcome(record, state, confirmed):
            stale += 1
            continue
        try:
            replay(state, [*useful, record])
        except KeyError:  # settled in the meantime
            stale += 1
        else:
            useful.append(record)
    return useful, stale


def _is_outcome(record: Record, state: State, confirmed: set[Address]) -> bool:
    match record:
        case Confirmed() | Closed() | Doubted():
            attempt = state.in_doubt.get(record.address)
            is_open = attempt is not None and attempt.attempt == record.attempt
            if is_open and isinstance(record, Confirmed):
                confirmed.add(record.address)
            return is_open
        case Applied() | Embedded() | Seen():
            return record.address in confirmed
        case _:
            return False
