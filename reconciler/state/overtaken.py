"""A journal that is older than its snapshot: dropped only when the snapshot holds everything that it tells. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.address import Address
from reconciler.errors import Damaged, Where
from reconciler.state.model import State
from reconciler.state.records import Adopted, Begun, Closed, Confirmed, Forgotten, Moved, Record


def check_holds(state: State, records: Sequence[Record], where: Where, label: str) -> None:
    """Raises Damaged when a journal older than `state` names interviews that `state` does not know.

    `where` is the journal, `label` the file of the state.
    """
    known = {entry.id for entry in state.entries.values()}
    known |= {former.id for entry in state.entries.values() for former in entry.history}
    known |= {attempt.attempt for attempt in state.in_doubt.values()}
    created: dict[str, tuple[Address, str]] = {}
    for record in records:
        match record:
            case Begun():
                created[record.attempt] = record.address, record.attempt
            case Confirmed():
                created[record.attempt] = record.address, record.id
            case Adopted():
                created[record.id] = record.address, record.id
            case Closed():
                created.pop(record.attempt, None)
            case Forgotten():
                created = {attempt: pair for attempt, pair in created.items() if pair[0] != record.address}
            case Moved():
                created = {
                    a: (record.to if name == record.address else name, mark) for a, (name, mark) in created.items()
                }
            case _:
                pass
    missing = [f"{address.name} ({mark})" for address, mark in created.values() if mark not in known]
    if missing:
        raise Damaged(
            "the journal names interviews that are not in the state",
            f"it is older than the state, which another run has written since: {', '.join(missing)}",
            hint=f"put back the state that it continues: git log -p -- {label}",
            where=where,
        )
