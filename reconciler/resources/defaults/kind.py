"""Defaults: what interviews in its folder and below have unless they, or nearer defaults, say otherwise."""

from __future__ import annotations

from dataclasses import replace

from reconciler.errors import Problem
from reconciler.manifest.explain import Glossary
from reconciler.resources.field import Field, Object
from reconciler.resources.part import LIFECYCLE, PartKind, composed_kind, environments, optional_fields
from reconciler.yaml.document import Document

FILE = "_defaults.yaml"
_SPEC = Object(
    "DefaultsSpec", "Fields of the service under its own names.", optional_fields(composed_kind()), is_ordered=True
)
_SET = "put the questions into a `kind: QuestionSet`, and write `- use: NAME` where they are asked"


def _glossary() -> Glossary:
    known = composed_kind().glossary()
    strangers = {**known.strangers, "questions": _SET, "metadata": "remove it: defaults are known by their folder"}
    return replace(known, strangers=strangers, whole="the defaults")


def _check(document: Document) -> list[Problem]:
    """Defaults hold for a folder, so that they stand in the one file that shows it."""
    if document.where.path.rpartition("/")[2] in (FILE, FILE.replace(".yaml", ".yml")):
        return []
    detail = f"defaults hold for a folder and stand in its {FILE}"
    hint = f"move the document to {FILE} in the folder that it is for"
    return [Problem("defaults in another file", detail, hint, document.at("kind"))]


DEFAULTS = PartKind(
    "Defaults",
    "Values for every interview in this folder and below.",
    (
        Field("spec", _SPEC, "Fields that interviews have unless they say otherwise.", nullable=False),
        Field("lifecycle", LIFECYCLE, "How jmctl treats the interviews.", nullable=False),
        environments(composed_kind()),
    ),
    _glossary,
    _check,
)
