"""What we ask of the service and what it may answer: the values and the protocols, without a way of asking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from reconciler.secret import Secret


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of merchant-interview-list, as far as jmctl uses it. Times are ISO 8601 as the service wrote them."""

    id: str
    name: str | None
    type: str | None
    status: str | None
    created_at: str | None
    updated_at: str | None
    interview_count: int | None = None


@dataclass(frozen=True, slots=True)
class Observed:
    """One interview as the service holds it now, under the manifest's field names.

    `attributes` holds only fields that can be read back; `questions` carry real ids. `interview_count` is how many were
    held with it, from the list.
    """

    id: str
    attributes: Mapping[str, Any]
    status: str
    created_at: str | None
    updated_at: str | None
    template_type: str | None = None
    is_multistage: bool = False
    interview_count: int | None = None

    @property
    def refuses_questions(self) -> bool:
        """Whether it takes no new questions as long as it is active: offline avatar templates are pre-rendered."""
        return (self.template_type or "").startswith("offline") and self.status in ("active", "preparing")


@dataclass(frozen=True, slots=True)
class Created:
    """The service made the interview: its id and, for an embedded one, the credentials."""

    id: str
    embed_id: str | None = None
    embed_signing_key: Secret | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """The service did what an update or set-state asked for; `answer` is its body without secrets."""

    answer: Mapping[str, Any]
    embed_id: str | None = None
    embed_signing_key: Secret | None = None


@dataclass(frozen=True, slots=True)
class NotSent:
    """The request certainly did not reach the service: it may be sent again."""

    reason: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """The service said no in its own words (a well-formed 4xx): nothing was done, the matter is closed.

    `retry_after` gives the seconds after which the same may be asked again; None when asking again is of no use.
    """

    status: int
    reason: str
    field: str | None = None
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody knows whether it was done: it must be looked up before anything is sent again."""

    reason: str


CreateOutcome = Created | NotSent | Rejected | Unknown
ChangeOutcome = Changed | NotSent | Rejected | Unknown


class Reader(Protocol):
    """What observing needs."""

    async def list_interviews(
        self, kind: str, merchant_id: str | None = None, *, since: str | None = None
    ) -> list[Listed]:
        """Every interview of one type, any status, each once; with `since` those updated from then on."""
        ...

    async def read(self, interview_id: str) -> Observed | None:
        """The interview, or None when the service does not show it."""
        ...


class Writer(Protocol):
    """What applying needs."""

    async def create(self, attributes: Mapping[str, Any]) -> CreateOutcome:
        """Sends one create, once."""
        ...

    async def update(self, interview_id: str, patch: Mapping[str, Any]) -> ChangeOutcome:
        """Writes the fields in `patch` and no others."""
        ...

    async def set_state(
        self, interview_id: str, *, status: str | None = None, is_embedded: bool | None = None
    ) -> ChangeOutcome:
        """Changes the status, ensures (True) or removes (False) the embed key."""
        ...
