"""The environments of jmctl.yaml: their variables, and what to say of one that is not there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconciler.compose.context import Context
from reconciler.errors import Misconfigured, Where
from reconciler.project.boundary import FILE

DEFAULT = "default"


def context_of(values: Mapping[str, Any], chosen: str) -> Context:
    """The environment and the variables of jmctl.yaml."""
    environments = values.get("environments", {})
    declared = values.get("variables", {})
    usual = {name: one["value"] for name, one in declared.items() if one.get("value") is not None}
    names = sorted({DEFAULT, *environments})
    texts = {**values.get("texts", {}), **environments.get(chosen, {}).get("texts", {})}
    return Context(
        environment=chosen,
        environments=tuple(names),
        types={name: one.get("type", "text") for name, one in declared.items()},
        values={name: values for name in names if (values := {**usual, **_variables(environments, name)})},
        stale=texts.get("stale", "warning"),
    )


def _variables(environments: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    own: Mapping[str, Any] = environments.get(name, {}).get("variables", {})
    return own


def unknown_environment(
    chosen: str, environments: Mapping[str, Any], shown: str, marks: Mapping[tuple[str | int, ...], tuple[int, int]]
) -> Misconfigured:
    """The error for the environment `chosen`, which is none of `environments`; `shown` is the path of the file."""
    from reconciler.text.nearest import did_you_mean
    from reconciler.text.quote import tick

    known = sorted({DEFAULT, *environments})
    meant = did_you_mean(chosen, known, before="--env ")
    hint = f"{meant} " if meant else ""
    detail = f"{tick(chosen)} is not among them: {', '.join(known)}"
    where = Where(shown, *marks.get(("environments",), (0, 0)))
    return Misconfigured("unknown environment", detail, hint=f"{hint}environments are declared in {FILE}", where=where)
