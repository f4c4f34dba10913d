"""The catalogue of an account: its avatars and languages, as `jmctl lookup` keeps them. Pure.

docs/reference/catalogue.md publishes the form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

CATALOGUE_VERSION = 1
# kinds of avatars that are listed but that no new interview can use (docs/service.md#2-create)
LEGACY = ("offline_elai", "offline_synthesia")


@dataclass(frozen=True, slots=True)
class Avatar:
    """One interview template. `type` is its kind, such as interactive_heygen; `language` the code that it speaks."""

    id: str
    name: str
    type: str
    status: str
    language: str | None


@dataclass(frozen=True, slots=True)
class Language:
    """One language that the service lists. `has_pronunciation` says whether pronunciation can be assessed in it."""

    code: str
    name: str
    has_pronunciation: bool


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Both lists, sorted by name; an empty one was not fetched."""

    avatars: tuple[Avatar, ...] = ()
    languages: tuple[Language, ...] = ()

    def type_of(self, avatar_id: str) -> str | None:
        """The kind of a template; None when it is not listed."""
        return next((avatar.type for avatar in self.avatars if avatar.id == avatar_id), None)

    def as_json(self) -> dict[str, Any]:
        """The document that is kept."""
        return {
            "version": CATALOGUE_VERSION,
            "avatars": [asdict(avatar) for avatar in self.avatars],
            "languages": [asdict(language) for language in self.languages],
        }


def parse_catalogue(document: Any) -> Catalogue:
    """The catalogue in a document. Raises ValueError with the reason when it is none, or a newer jmctl wrote it."""
    if not isinstance(document, Mapping) or document.get("version") != CATALOGUE_VERSION:
        raise ValueError(f"it is not a catalogue of version {CATALOGUE_VERSION}")
    try:
        avatars = tuple(Avatar(**{name: row[name] for name in Avatar.__slots__}) for row in document["avatars"])
        languages = tuple(Language(**{name: row[name] for name in Language.__slots__}) for row in document["languages"])
    except (KeyError, TypeError) as error:
        raise ValueError(f"a row is not complete: {error}") from None
    texts = (text for avatar in avatars for text in (avatar.id, avatar.name, avatar.type))
    if any(type(text) is not str for text in (*texts, *(language.code for language in languages))):
        raise ValueError("a row holds something else than text")
    return Catalogue(avatars, languages)
