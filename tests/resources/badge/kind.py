"""The kind Badge: a name, a colour and a shape, without questions, keys or credentials."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reconciler.errors import Problem, Where
from reconciler.manifest.desired import Desired
from reconciler.manifest.explain import Glossary
from reconciler.resources.calls import Calls, attributes, required_text
from reconciler.resources.catalogue import Catalogue
from reconciler.resources.difference import FieldChange, Origin
from reconciler.resources.field import Alias, By, Choice, Field, Group, Rule, Text, table
from reconciler.resources.observed import Listed, Observed
from reconciler.resources.step import Prediction, Step
from reconciler.yaml.document import Document

GROUPS = (
    Group(
        "Badge",
        (
            Field("name", Text(min_length=1), read=("title",), required=True, description="What it says."),
            Field("shape", Choice(("round", "square")), read=("shape",), by=By.REPLACE, description="Its shape."),
            Field("colour", Text(), read=("look", "colour"), rule=Rule.CASEFOLD, description="Its colour."),
            Field("code", Text(), read=("code",), rule=Rule.CODE, description="Your own reference."),
        ),
    ),
)
Spec = Mapping[str, Any]


def listed(row: Spec) -> Listed:
    return Listed(
        required_text(row, "uid"),
        row["title"],
        "badge",
        row["state"],
        row["moved"],
        row["moved"],
        kind="Badge",
    )


def observed(badge_id: str, body: Spec) -> Observed:
    shown = attributes(table(GROUPS), body)
    return Observed(badge_id, shown, body["state"], body["moved"], body["moved"], kind="Badge")


CALLS = Calls(
    list="badge-list",
    read="badge-get",
    create="badge-create",
    update="badge-update",
    set_state="badge-set-state",
    types=("badge",),
    id_parameter="badge_id",
    created_id="uid",
    listed=listed,
    observed=observed,
)


@dataclass(frozen=True, slots=True)
class BadgeKind:
    """See reconciler.resources.kind.Kind."""

    name: str = "Badge"
    description: str = "One badge that should exist."
    groups: tuple[Group, ...] = GROUPS
    aliases: tuple[Alias, ...] = ()
    mark_field: str = "code"
    credential_field: str | None = None
    calls: Calls = CALLS

    @property
    def fields(self) -> Mapping[str, Field]:
        return table(GROUPS)

    def glossary(self) -> Glossary:
        return Glossary(synonyms={"color": "colour"})

    def check(self, document: Document) -> list[Problem]:
        del document
        return []

    def complete(self, spec: Spec) -> dict[str, Any]:
        return dict(spec)

    def same_list(self, want: Any, have: Any, spec: Spec) -> bool:
        raise AssertionError(f"a badge has no list with keys: {want}, {have}, {spec}")

    def list_changes(self, want: Any, have: Any, origin: Origin, spec: Spec) -> list[FieldChange]:
        raise AssertionError(f"a badge has no list with keys: {want}, {have}, {spec}, {origin}")

    def update_steps(
        self, spec: Spec, applied: Spec, end: Spec, changed: frozenset[str], observed: Observed | None
    ) -> list[Step]:
        del applied, observed
        patch = {name: value for name, value in spec.items() if name in changed}
        return [Step(end, patch=patch)] if patch else []

    def predict(self, changes: Sequence[FieldChange], spec: Spec) -> Prediction | None:
        del changes, spec

    def reported(self, answer: Spec) -> Prediction | None:
        del answer

    def update_notes(self, changed: frozenset[str], spec: Spec, observed: Observed | None) -> list[str]:
        del spec, observed
        return ["repaint before the next shift"] if "colour" in changed else []

    def scope(self, attributes: Spec) -> tuple[str, str | None]:
        del attributes
        return "badge", None

    def is_alike(self, spec: Spec, attributes: Spec) -> bool:
        return bool(spec["name"] == attributes.get("name"))

    def content_keys(self, attributes: Spec) -> frozenset[str]:
        del attributes
        return frozenset()

    def resolve_names(self, want: Desired, catalogue: Catalogue | None) -> tuple[Desired, list[Problem]]:
        del catalogue
        return want, []

    def carried_list(self, want: Any, have: Any, old: Mapping[str, Any]) -> list[Any] | None:
        del want, have, old

    def unresolved(self, answer: str) -> tuple[str, ...] | None:
        del answer

    def unadoptable(self, observed: Observed, where: Where | None) -> Problem | None:
        del observed, where


BADGE = BadgeKind()
