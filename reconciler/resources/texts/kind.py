"""Texts: the texts of one set or interview in one language, each with the digest of the text it was made from."""

from __future__ import annotations

from dataclasses import replace

from reconciler.errors import Problem
from reconciler.manifest.explain import Glossary
from reconciler.resources.field import Field, MapOf, Object, Text
from reconciler.resources.part import PartKind, composed_kind
from reconciler.yaml.document import Document

_TEXT = Object(
    "TranslatedText",
    "One text.",
    (
        Field("text", Text(min_length=1, pattern=r"\S"), "The text in this language.", required=True),
        Field(
            "source",
            Text(pattern=r"^sha256-[0-9a-f]{12}$"),
            "Digest of the text that it was made from; `jmctl texts accept` writes it.",
            nullable=False,
        ),
        Field("source_text", Text(), "The text that it was made from, to show what changed since.", nullable=False),
    ),
    is_ordered=True,
)


def _glossary() -> Glossary:
    return Glossary(
        synonyms={"translation": "text", "question": "text", "for": "of", "lang": "language"}, whole="the texts"
    )


def _check(_: Document) -> list[Problem]:
    """What its source says against it is found where both are known (`compose/texts.py`)."""
    return []


TEXTS = PartKind(
    "Texts",
    "The texts of a question set or an interview in another language.",
    (
        Field(
            "of",
            Text(pattern=r"^(?:QuestionSet|Interview)/[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$"),
            "What they are the texts of, such as QuestionSet/teamwork.",
            required=True,
        ),
        replace(
            composed_kind().fields["mojito_language_code"], name="language", description="The language of these texts."
        ),
        Field(
            "texts",
            MapOf(_TEXT),
            "Each text by the key of its question, or by `spec.FIELD` for a field of an interview.",
            required=True,
        ),
    ),
    _glossary,
    _check,
)
