"""Approvals by content digest, as `jmctl trust` gives them: kept in the user's configuration folder.

An approval holds for one jmctl.yaml and one environment, and for exactly the project, endpoint and token_command that
were seen: when one of them changes, it is void.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from reconciler.atomic_file import PRIVATE, replace_file
from reconciler.canonical_json import digest

TRUST_VARIABLE = "JMCTL_TRUST"
Command = str | tuple[str, ...] | None


def user_folder() -> Path:
    """The user's configuration folder of jmctl, which need not exist."""
    import platformdirs

    return platformdirs.user_config_path("jmctl", appauthor=False)


def settings_digest(project: str, endpoint: str, command: Command) -> str:
    """The digest that an approval pins: the SHA-256 of what decides who gets a token, in hex."""
    words = list(command) if isinstance(command, tuple) else command
    return digest({"project": project, "endpoint": endpoint, "token_command": words})


def is_pinned(place: str, value: str, variables: Mapping[str, str]) -> bool:
    """Whether the user approved `value` for `place`, or JMCTL_TRUST of `variables` names it in full."""
    if value in variables.get(TRUST_VARIABLE, "").replace(",", " ").split():
        return True
    return _read(user_folder() / "trusted.json").get(place) == value


def pin(place: str, value: str | None) -> Path:
    """Approve `value` for `place`, or with None withdraw the approval; returns the file. Raises OSError."""
    path = user_folder() / "trusted.json"
    pins = _read(path)
    if value is None:
        pins.pop(place, None)
    else:
        pins[place] = value
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    replace_file(path, orjson.dumps(pins, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS), mode=PRIVATE)
    return path


def _read(path: Path) -> dict[str, Any]:
    try:
        pins = orjson.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return pins if isinstance(pins, dict) else {}
