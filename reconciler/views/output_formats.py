"""What one interview has for other programs, in the formats that they read. Pure.

env          KEY='value', quoted for a shell
dotenv       KEY="value", for readers of .env files
gitlab       KEY=value, as the dotenv report of a GitLab job takes it: unquoted
k8s-secret   a Kubernetes Secret, as JSON, which is YAML
github       what a step of GitHub Actions appends to the file GITHUB_OUTPUT names
"""

from __future__ import annotations

import base64
import shlex
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from reconciler.errors import Misused

Values = Mapping[str, str | None]


def env_text(values: Values) -> str:
    """Lines that a shell can source."""
    return "\n".join(f"{name.upper()}={shlex.quote(value) if value else ''}" for name, value in _lines(values))


def dotenv_text(values: Values) -> str:
    """Lines of a .env file."""
    return "\n".join(f'{name.upper()}="{_escaped(value)}"' for name, value in _lines(values))


def gitlab_text(values: Values) -> str:
    """Lines of a dotenv report."""
    return "\n".join(f"{name.upper()}={value}" for name, value in _lines(values))


def github_text(values: Values, delimiter: str) -> str:
    """Entries of GITHUB_OUTPUT; `delimiter` has to be unpredictable, so that no value can end its entry."""
    return "".join(f"{name}<<{delimiter}\n{value}\n{delimiter}\n" for name, value in _lines(values))


def mask_commands(values: Values) -> str:
    """Commands that make GitHub mask the embed key, to be printed before any other line."""
    key = values.get("embed_signing_key")
    return f"::add-mask::{key}" if key else ""


def secret_document(name: str, values: Values) -> dict[str, Any]:
    """A Kubernetes Secret that holds `values`."""
    data = {field: base64.b64encode(value.encode()).decode() for field, value in _lines(values)}
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": name},
        "type": "Opaque",
        "data": data,
    }


def secret_text(name: str, values: Values) -> str:
    """The Secret as JSON."""
    return orjson.dumps(secret_document(name, values), option=orjson.OPT_INDENT_2).decode()


LINES: Mapping[str, Callable[[Values], str]] = {"env": env_text, "dotenv": dotenv_text, "gitlab": gitlab_text}


def _lines(values: Values) -> list[tuple[str, str]]:
    for name, value in values.items():
        if value and not value.isprintable():
            raise Misused(
                "a value cannot stand on a line", f"{name} holds a control character", hint="jmctl output NAME"
            )
    return [(name, value or "") for name, value in values.items()]


def _escaped(value: str) -> str:
    return "".join(f"\\{character}" if character in '\\"$`' else character for character in value)
