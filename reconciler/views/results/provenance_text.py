"""Where a result and each of its questions come from, in words. Pure."""

from __future__ import annotations

from reconciler.results.join import Joined, Wording
from reconciler.results.provenance import Belonging


def belonging_words(belongs: Belonging | None) -> str:
    """Manifest and revision in words."""
    if belongs is None:
        return "of no manifest in this state"
    words = f"{belongs.entry.name}, {revision_words(belongs)}"
    if belongs.earlier:
        words += ", an earlier interview since replaced or removed"
    return words if belongs.certain else f"{words} (known by the keys of its questions alone)"


def revision_words(belongs: Belonging) -> str:
    """The revision of the questions in words."""
    match belongs.revision:
        case None:
            return "revision unknown"
        case 0:
            return "before revision 1"
        case number:
            return f"revision {number} of {belongs.revisions}"


def origin_words(join: Joined, belongs: Belonging | None) -> str:
    """Where a question comes from, in words."""
    if join.wording is Wording.FOLLOW_UP:
        return "follow-up, made up by the AI"
    if belongs is None or join.wording is Wording.ABSENT:
        return "not from any manifest" if belongs is None else f"not in the manifest {belongs.entry.name}"
    words = "same wording as now" if join.wording is Wording.SAME else "wording since changed"
    if join.wording is Wording.CHANGED and belongs.is_current:
        words = "wording differs from the manifest, which did not change"
    return f"{words}, from an earlier interview" if belongs.earlier else words
