"""Which manifest asked, and at which revision of its questions. Pure.

The result's list row names the interview; the state knows it as an entry's present id or as a former one. Without a
list row the questions' keys decide, and only when one manifest alone fits best.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reconciler.resources.interview.questions import question_key, same_text
from reconciler.results.model import instant
from reconciler.results.transcript import Exchange
from reconciler.state.model import Entry, State, Tombstone


@dataclass(frozen=True, slots=True)
class Belonging:
    """The entry that a result belongs to.

    `revision` counts the wordings of the questions from 1; 0 is before the first that jmctl knows, None unknown.
    `earlier` says that the interview was since replaced by another one. `certain` is False when it
    is known by the keys of its questions alone.
    """

    entry: Entry
    interview_id: str | None
    revision: int | None
    earlier: bool = False
    certain: bool = True

    @property
    def revisions(self) -> int:
        """How many revisions are known."""
        return len(self.entry.revisions)

    @property
    def is_current(self) -> bool:
        """Whether nothing has changed since: what was asked then is what the manifest says now."""
        return not self.earlier and self.revision == self.revisions


def index(state: State) -> dict[str, tuple[Entry, bool]]:
    """Every interview id that the state knows, or knew: its entry, and whether it is a former one."""
    removed = [buried(tombstone) for tombstone in state.tombstones]
    known = {entry.id: (entry, True) for entry in removed}
    known |= {former.id: (entry, True) for entry in (*removed, *state.entries.values()) for former in entry.history}
    return known | {entry.id: (entry, False) for entry in state.entries.values()}


def buried(tombstone: Tombstone) -> Entry:
    """The entry that an interview had before it was removed, without its embed key."""
    return Entry(
        address=tombstone.address,
        id=tombstone.id,
        attributes=tombstone.attributes,
        code=tombstone.code,
        embed_id=tombstone.embed_id,
        created_at=tombstone.created_at,
        history=tombstone.history,
        revisions=tombstone.revisions,
    )


def named(state: State, name: str) -> list[Entry]:
    """What stands or stood under `name` (bare or KIND/NAME): what was removed first, oldest first."""
    removed = [buried(tombstone) for tombstone in state.tombstones]
    return [entry for entry in (*removed, *state.entries.values()) if name in (entry.name, str(entry.address))]


def scopes(state: State) -> list[tuple[str, str | None]]:
    """The types and merchants that the state's interviews are or were of."""
    found = {
        (str(entry.attributes.get("type") or "interview"), entry.attributes.get("merchant_id"))
        for entry in (*state.entries.values(), *map(buried, state.tombstones))
    }
    return sorted(found, key=str) or [("interview", None)]


def belonging(
    known: Mapping[str, tuple[Entry, bool]], interview_id: str | None, at: datetime | None, heard: Iterable[Exchange]
) -> Belonging | None:
    """Where a result belongs that began at `at`; None when it is of no manifest here."""
    heard = list(heard)
    if interview_id is not None:
        if interview_id not in known:
            return None
        entry, earlier = known[interview_id]
        return Belonging(entry, interview_id, revision_at(entry, at, heard), earlier)
    entries = {entry.name: entry for entry, _ in known.values()}
    found = _by_keys(entries.values(), {key for exchange in heard if (key := exchange.text("external_id"))})
    return None if found is None else Belonging(found, None, revision_at(found, at, heard), certain=False)


def revision_at(entry: Entry, at: datetime | None, heard: Collection[Exchange]) -> int | None:
    """The revision in force at `at`.

    A result from before the first revision, as of an interview that was imported, counts as the first when there is no
    later one and all its wordings are those of the manifest.
    """
    if at is None or not entry.revisions:
        return None
    starts = [instant(revision.at) for revision in entry.revisions]
    number = sum(start is not None and start <= at for start in starts)
    if number == 0 and len(starts) == 1 and _same_wordings(entry, heard):
        return 1
    return number


def asked_by(entry: Entry) -> dict[str, Mapping[str, Any]]:
    """The entry's questions by key, in asked order."""
    return {question_key(question): question for question in entry.attributes.get("questions") or ()}


def _same_wordings(entry: Entry, heard: Iterable[Exchange]) -> bool:
    questions = asked_by(entry)
    planned = [exchange for exchange in heard if exchange.text("external_id")]
    return bool(planned) and all(
        (question := questions.get(exchange.text("external_id") or "")) is not None
        and same_text(question["question"]) == same_text(exchange.text("question_original") or "")
        for exchange in planned
    )


def _by_keys(entries: Iterable[Entry], keys: set[str]) -> Entry | None:
    ranked = sorted(((len(keys & asked_by(entry).keys()), entry.name, entry) for entry in entries), reverse=True)
    if not ranked or not ranked[0][0] or (len(ranked) > 1 and ranked[1][0] == ranked[0][0]):
        return None
    return ranked[0][2]
