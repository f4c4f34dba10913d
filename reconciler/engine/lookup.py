"""Fetch the avatars and languages of the account into the catalogue. Sends nothing but GETs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from reconciler.engine.project import Project
from reconciler.errors import Misconfigured, Unanswered
from reconciler.manifest.desired import Desired
from reconciler.project.catalogue import CATALOGUE_FILE, read_catalogue, write_catalogue
from reconciler.resources.catalogue import LEGACY, Avatar, Catalogue, Language

if TYPE_CHECKING:
    from reconciler.engine.session import Session

_PAGE = 1000
# the service does not list what the speech platform can assess; docs/service.md#2-create
_NO_PRONUNCIATION = frozenset({"bg", "cs", "el", "fil", "hr", "hu", "id", "ro", "sk", "tr", "uk"})


async def look_up(project: Project, subject: Literal["avatars", "languages"]) -> Catalogue:
    """Fetches `subject`, keeps it beside what is known already, and returns all of it.

    Raises Unanswered when the service does not answer, Misconfigured when the catalogue cannot be written.
    """
    from reconciler.engine.session import open_session  # reading the catalogue needs no connection

    root = project.config.root
    async with open_session(project) as session:
        avatars = await _avatars(session) if subject == "avatars" else None
        languages = await _languages(session) if subject == "languages" else None
    known = read_catalogue(root) or Catalogue()
    if avatars is not None:
        known = replace(known, avatars=avatars)
    if languages is not None:
        known = replace(known, languages=languages)
    try:
        write_catalogue(root, known)
    except OSError as error:
        raise Misconfigured("the catalogue cannot be written", f"{CATALOGUE_FILE}: {error.strerror}") from None
    return known


def usable(catalogue: Catalogue) -> tuple[Avatar, ...]:
    """The avatars that a new interview can use (docs/service.md#2-create)."""
    return tuple(avatar for avatar in catalogue.avatars if avatar.type not in LEGACY)


def listed_type(project: Project, desired: Desired) -> str | None:
    """The kind of the template of `desired`, such as interactive_heygen; None when the catalogue does not have it."""
    catalogue = read_catalogue(project.config.root)
    return catalogue.type_of(str(desired.spec.get("interview_template_id"))) if catalogue else None


async def _avatars(session: Session) -> tuple[Avatar, ...]:
    rows: list[Any] = []
    while True:
        params = {"limit": _PAGE, "offset": len(rows), "include_public": "true"}
        body = await session.reader.get("merchant-avatar-list", params) or {}
        page = _rows("merchant-avatar-list", body)
        rows += page
        if not page or not (body.get("pagination") or {}).get("has_more"):
            break
    try:
        found = {
            str(row["id"]): Avatar(
                str(row["id"]),
                str(row.get("name") or row["id"]),
                str(row["type"]),
                str(row["status"]),
                row.get("mojito_language_code"),
            )
            for row in rows
        }
    except (KeyError, TypeError) as error:
        raise _odd("merchant-avatar-list", str(error)) from None
    return tuple(sorted(found.values(), key=lambda avatar: (avatar.name.casefold(), avatar.id)))


async def _languages(session: Session) -> tuple[Language, ...]:
    body = await session.reader.get("platform-languages-list", {}) or {}
    rows = _rows("platform-languages-list", body)
    try:
        found = [Language(row["code"], row["name_english"], row["code"] not in _NO_PRONUNCIATION) for row in rows]
    except (KeyError, TypeError) as error:
        raise _odd("platform-languages-list", str(error)) from None
    return tuple(sorted(found, key=lambda language: language.name))


def _rows(path: str, body: Mapping[str, Any]) -> list[Any]:
    rows = body.get("data", body.get("languages"))
    if not isinstance(rows, list):
        raise _odd(path, "no list of rows")
    return rows


def _odd(path: str, reason: str) -> Unanswered:
    return Unanswered("the service's answer has another shape than documented", f"{path}: {reason}")
