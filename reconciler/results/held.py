"""One result with all that is known of it: details, row of the list, manifest, every exchange joined. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.results.join import Joined, joined
from reconciler.results.listed_result import Listed
from reconciler.results.model import Detail
from reconciler.results.provenance import Belonging, belonging
from reconciler.results.transcript import exchanges
from reconciler.state.model import Entry


@dataclass(frozen=True, slots=True)
class Held:
    """An interview that was held; `listed` is None when the list does not show it, `belongs` when it is not ours."""

    detail: Detail
    listed: Listed | None
    belongs: Belonging | None
    joins: tuple[Joined, ...]


def held(detail: Detail, listed: Listed | None, known: Mapping[str, tuple[Entry, bool]]) -> Held:
    """`detail` joined to the state, whose interviews are `known` by id."""
    heard = exchanges(detail.transcript)
    interview_id = listed.interview_id if listed else None
    at = detail.started or (listed.created if listed else None)
    belongs = belonging(known, interview_id, at, heard)
    return Held(detail, listed, belongs, tuple(joined(heard, belongs)))
