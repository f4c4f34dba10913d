"""Which fields a create's 500 is about, by the words in which the service says what it could not resolve. Pure.

Source: docs/service.md#1-access. The wording is not documented, so that only nouns are looked for, and the outcome
stays unknown: it is looked up like any other, but need not be waited for.
"""

from __future__ import annotations

import re

_FAILED = re.compile(
    r"not found|does not exist|no such|unknown|unresolved|could not|cannot|can't|unable|invalid|missing|not available|"
    r"has no|not supported|unsupported|not allowed|not authori[sz]ed|unauthori[sz]ed|denied|forbidden|permission",
    re.IGNORECASE,
)
_SUBJECTS = (
    (re.compile(r"template|avatar", re.IGNORECASE), ("interview_template_id",)),
    (re.compile(r"knowledge.?base|\bstore\b", re.IGNORECASE), ("knowledge_base_store_id",)),
    (re.compile(r"language|speech|pronunciation", re.IGNORECASE), ("mojito_language_code", "required_pronunciation")),
    (re.compile(r"merchant", re.IGNORECASE), ("merchant_id",)),
    (re.compile(r"authori[sz]|permission|access|forbidden|denied|not allowed", re.IGNORECASE), ()),
)


def unresolved(answer: str) -> tuple[str, ...] | None:
    """See resources.kind.Kind."""
    if not _FAILED.search(answer):
        return None
    return next((fields for subject, fields in _SUBJECTS if subject.search(answer)), None)
