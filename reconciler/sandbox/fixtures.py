"""What a new account finds, whatever its merchant: people, knowledge bases, avatar templates. Synthetic, constant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MERCHANT: Final = "7d1e0000-5a1e-4c0d-9f00-000000000001"
CALLER: Final = "7d1e0000-5a1e-4c0d-9f00-000000000021"

RECRUITERS: Final = {
    "7d1e0000-5a1e-4c0d-9f00-000000000020": "merchant_owner",
    CALLER: "admin",
    "7d1e0000-5a1e-4c0d-9f00-000000000022": "candidate",
}
RECRUITING_ROLES: Final = frozenset({"merchant", "merchant_owner", "admin"})
KNOWLEDGE_BASES: Final = frozenset(
    {"7d1e0000-5a1e-4c0d-9f00-000000000030", "7d1e0000-5a1e-4c0d-9f00-000000000031"},
)
LEGACY: Final = frozenset({"offline_elai", "offline_synthesia"})


@dataclass(frozen=True, slots=True)
class Template:
    """An avatar; `kind` decides modality and whether questions are rendered beforehand."""

    id: str
    name: str
    kind: str
    status: str = "active"
    language: str = "en"
    is_public: bool = False


_ROWS = (
    Template("46b98d37-1557-4391-beca-03037ead19f2", "Olivia, office", "interactive_heygen"),
    Template("7d1e0000-5a1e-4c0d-9f00-000000000002", "Noah, voice only", "interactive_elevenlabs"),
    Template("7d1e0000-5a1e-4c0d-9f00-000000000003", "Emma, pre-rendered", "offline_heygen"),
    Template("7d1e0000-5a1e-4c0d-9f00-000000000004", "Liam, legacy", "offline_elai"),
    Template("7d1e0000-5a1e-4c0d-9f00-000000000005", "Sofia, office", "interactive_heygen", language="es"),
    Template("7d1e0000-5a1e-4c0d-9f00-000000000006", "Jan, archived", "interactive_heygen", "archived"),
    Template("7d1e0000-5a1e-4c0d-9f00-000000000007", "Ava, shared", "interactive_heygen", is_public=True),
)
TEMPLATES: Final = {template.id: template for template in _ROWS}


def template_kind(template_id: str | None) -> str | None:
    """The kind of a template, None when it does not resolve."""
    template = TEMPLATES.get(template_id or "")
    return template.kind if template else None


def is_offline(template_id: str | None) -> bool:
    """Whether questions are rendered beforehand, so that an active interview cannot change them."""
    return (template_kind(template_id) or "").startswith("offline_")


def is_recruiter(profile_id: str) -> bool:
    """Whether the profile may own interviews of this merchant."""
    return RECRUITERS.get(profile_id) in RECRUITING_ROLES
