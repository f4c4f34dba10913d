"""Client protocols (Reader, Writer) and the outcomes of a call, without a way of calling."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from reconciler.errors import Unanswered
from reconciler.resources.kind import Kind
from reconciler.resources.observed import Listing, Observed
from reconciler.secret import Secret

ANSWERED = "the service answered"  # begins the reason of an Unknown that is an answer


class Unreadable(Unanswered):
    """The service answers, but not about this one interview: whether it exists is not known."""


@dataclass(frozen=True, slots=True)
class AccountStatus:
    """Whom the token acts for: `merchant` is an id, `credits` how many interview credits are left, None if not shown.

    From merchant-status; docs/service.md.
    """

    merchant: str
    credits: int | None = None


@dataclass(frozen=True, slots=True)
class Created:
    """The service made the resource: its id and, for an embedded one, the credentials."""

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
    """The outcome is unknown: it must be looked up before anything is sent again."""

    reason: str


CreateOutcome = Created | NotSent | Rejected | Unknown
ChangeOutcome = Changed | NotSent | Rejected | Unknown


class Reader(Protocol):
    """What observing needs."""

    async def list_resources(self, kind: Kind, resource_type: str, merchant_id: str | None = None) -> Listing:
        """Every resource of one type, any status, each once."""
        ...

    async def read(self, kind: Kind, resource_id: str) -> Observed | None:
        """The resource, or None when the service says in its own words that there is none.

        Raises Unreadable when it answers something else for this one.
        """
        ...


class Writer(Protocol):
    """What applying needs."""

    async def create(self, kind: Kind, attributes: Mapping[str, Any]) -> CreateOutcome:
        """Sends one create, once."""
        ...

    async def update(self, kind: Kind, resource_id: str, patch: Mapping[str, Any]) -> ChangeOutcome:
        """Writes the fields in `patch` and no others."""
        ...

    async def set_state(self, kind: Kind, resource_id: str, state: Mapping[str, Any]) -> ChangeOutcome:
        """Changes the status and what else the kind's set-state takes, such as whether there is a credential."""
        ...
