"""What people call an interview: its own name, or the name of the manifest as the mark in `code` has it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from reconciler.sandbox.interviews import Interview

_ATTEMPT: Final = re.compile(r"[0-9a-f]{8}")


def name_of(interview: Interview) -> str:
    """The manifest's name as jmctl marks it in `code`, without what tells attempts apart; else the interview's own."""
    parts = [part for part in _parts(interview) if part and not _ATTEMPT.fullmatch(part)]
    return parts[-1] if parts[:1] == ["jmctl"] and len(parts) > 1 else str(interview.columns["name"])


def names_of(interview: Interview) -> set[str]:
    """Every name the interview may be called by: its own and the parts of its mark."""
    return {str(interview.columns["name"]), *_parts(interview)}


def _parts(interview: Interview) -> list[str]:
    return re.split(r"[^a-z0-9-]+", interview.columns.get("code") or "")
