"""Which results are meant: the interviews by name, the filters of the list, a first day. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from reconciler.errors import Misused, NotFound
from reconciler.results.listed_result import Listed
from reconciler.results.model import instant
from reconciler.results.provenance import named, scopes
from reconciler.state.model import Entry, State
from reconciler.text.nearest import did_you_mean

_UNITS = {"h": "hours", "d": "days", "w": "weeks"}

TABS = (
    "completed", "incomplete", "undecided", "decided-selected", "decided-rejected", "shortlist", "archived-interview",
)  # fmt: skip
ORDERS = ("created_at_newest", "created_at_oldest", "updated_at_newest", "score")


@dataclass(frozen=True, slots=True)
class Selection:
    """`filters` are query parameters of the list under the API's names; `others` takes interviews unknown to us too."""

    names: tuple[str, ...] = ()
    filters: Mapping[str, Any] = field(default_factory=dict)
    since: datetime | None = None
    others: bool = False

    def text(self, *, redact: bool) -> str:
        """The selection in words; without the filters, which may quote candidates, when `redact`."""
        chosen = ", ".join(self.names) or "all interviews"
        if self.since:
            chosen += f", since {self.since:%Y-%m-%d}"
        return chosen + "".join(f", {name} {value}" for name, value in self.filters.items() if not redact)

    def key(self) -> list[Any]:
        """Plain JSON that is equal for equal selections."""
        return [list(self.names), dict(self.filters), self.since.isoformat() if self.since else None, self.others]


def queries(state: State, selection: Selection) -> Iterator[dict[str, Any]]:
    """The list calls that find the selection: one for each interview that is named, former ones too, or one for each
    type and merchant. Raises NotFound for a name that the state does not know.
    """
    if not selection.names:
        for kind, merchant in scopes(state):
            yield {"type": kind, "merchant_id": merchant} | dict(selection.filters)
        return
    for name in dict.fromkeys(selection.names):
        ids: dict[str, Entry] = {}
        for entry in _entries(state, name):
            ids |= {former.id: entry for former in entry.history} | {entry.id: entry}
        for interview_id, entry in ids.items():
            yield {
                "type": entry.attributes.get("type") or "interview",
                "merchant_id": entry.attributes.get("merchant_id"),
                "interview_id": interview_id,
            } | dict(selection.filters)


def is_meant(row: Listed, selection: Selection, ours: Mapping[str, Any]) -> bool:
    """Whether a listed row is part of the selection; `ours` are the known interviews."""
    if not selection.others and row.interview_id not in ours:
        return False
    return selection.since is None or row.created is None or row.created >= selection.since


def is_past(row: Listed, selection: Selection) -> bool:
    """Whether every row after this one is older than wanted, because the list shows the newest first."""
    newest_first = selection.filters.get("order_by") in {None, "created_at_newest"}
    return newest_first and selection.since is not None and row.created is not None and row.created < selection.since


def first_day(text: str, now: datetime | None = None) -> datetime:
    """A date, a time, or an age such as 12h, 30d or 6w. Raises Misused."""
    if found := re.fullmatch(r"(\d{1,5})([hdw])", text):
        return (now or datetime.now(UTC)) - timedelta(**{_UNITS[found[2]]: int(found[1])})
    if (at := instant(text)) is not None:
        return at
    raise Misused(
        "not a time", text, hint="give a date (2026-05-01), a time (2026-05-01T08:00Z) or an age (30d, 12h, 6w)"
    )


def _entries(state: State, name: str) -> list[Entry]:
    """What `name` stands for and stood for; an interview that was removed keeps its results."""
    found = named(state, name)
    addresses = {entry.address for entry in found}
    if len(addresses) == 1:
        return found
    if found:
        hint = f"write one of {', '.join(map(str, sorted(addresses)))}"
        raise Misused("several kinds have this name", name, hint=hint)
    known = [address.name for address in (*state.entries, *(stone.address for stone in state.tombstones))]
    hint = did_you_mean(name, known) or "see: jmctl state list"
    raise NotFound("no such interview in the state", name, hint=hint)
