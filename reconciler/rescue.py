"""When the state's folder cannot be written: what is known goes elsewhere, sealed as ever, and can be brought back."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import platformdirs

from reconciler.state import Record, State, replay
from reconciler.statefile import dump_header, dump_records


def write_rescue(base: State, records: Sequence[Record]) -> Path | None:
    """Writes `records` as a journal of `base` outside of the repository; None when no place takes it."""
    name = f"rescue-{base.lineage}-{base.serial}.journal"
    for folder in (platformdirs.user_state_path("jmctl"), Path(tempfile.gettempdir())):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / name
            with path.open("xb") as file:
                path.chmod(0o600)
                header = dump_header(base)
                file.write(header + dump_records(records, header))
        except OSError:
            continue
        return path
    return None


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
