"""Settings of a branch under review: those that decide are the target branch's. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

DECISIVE = ("project", "endpoint", "state", "recipients", "token_command", "apikey", "embed_url", "guards")
"""Settings that decide about secrets, money and reach; the others may be tried out on a branch."""


def with_target(values: Mapping[str, Any], target: Mapping[str, Any]) -> dict[str, Any]:
    """`values` of the branch with every decisive setting as in `target`, also in each environment.

    An environment that `target` does not know has the decisive settings of none, so that it falls back to the ones
    outside of environments.
    """
    merged = _decided(values, target)
    known = target.get("environments", {})
    environments = {name: _decided(own, known.get(name, {})) for name, own in values.get("environments", {}).items()}
    return {**merged, **({"environments": environments} if environments else {})}


def _decided(values: Mapping[str, Any], target: Mapping[str, Any]) -> dict[str, Any]:
    free = {name: value for name, value in values.items() if name not in DECISIVE}
    return {**free, **{name: target[name] for name in DECISIVE if name in target}}
