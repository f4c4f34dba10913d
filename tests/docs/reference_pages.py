"""The pages of docs/reference that are made from code: commands, exit codes, variables, jmctl.yaml, the sandbox."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from typing import Any

import click
from workshop import commands

from reconciler.cli import root
from reconciler.cli.exit_codes import MEANINGS
from reconciler.cli.variables import VARIABLES
from reconciler.engine.json_schema import settings_schema
from reconciler.sandbox.faults import FAULTS, FORMS
from reconciler.sandbox.switches import TABLE


def commands_page() -> str:
    """docs/reference/commands.md."""
    lines = ["# Commands", "", "What `--help` says, in one page; it is made from the program.", ""]
    lines += ["## jmctl", "", _prose(root), "", *_parameters(root, ("jmctl",))]
    for words, command in commands():
        name = " ".join(("jmctl", *words))
        context = click.Context(command, info_name=name, **root.context_settings)
        usage = " ".join([name, *command.collect_usage_pieces(context)])
        lines += ["", f"## {name}", "", "```text", usage, "```", "", _prose(command), *_parameters(command, words)]
    return "\n".join(lines) + "\n"


def _prose(command: click.Command) -> str:
    paragraphs = inspect.cleandoc(command.help or "").replace("\b", "").split("\n\n")
    whole = [part if part.startswith("    ") else " ".join(part.split()) for part in paragraphs]
    return _escaped("\n\n".join(whole))


def _escaped(text: str) -> str:
    return text.replace("<", "&lt;").replace("|", "\\|")


def _parameters(command: click.Command, words: tuple[str, ...]) -> list[str]:
    rows = []
    for parameter in command.params:
        if not isinstance(parameter, click.Option) or parameter.hidden:
            continue
        context = click.Context(command, info_name=words[-1], **root.context_settings)
        record = parameter.get_help_record(context)
        if record:
            # within backticks, readers of Markdown differ about an escaped bar in a table
            shown = f"<code>{record[0].replace('<', '&lt;').replace('|', '&#124;')}</code>"
            variable = f" Variable: `{parameter.envvar}`." if parameter.envvar else ""
            rows.append(f"| {shown} | {_escaped(' '.join(record[1].split()))}{variable} |")
    return ["", "| option | |", "|---|---|", *rows] if rows else []


def exit_codes_page() -> str:
    """docs/reference/exit-codes.md."""
    rows = [f"| {int(code)} | {meaning} |" for code, meaning in MEANINGS.items()]
    head = ["# Exit codes", "", "Every command ends with one of these.", "", "| exit code | meaning |", "|---|---|"]
    return "\n".join([*head, *rows]) + "\n"


def variables_page() -> str:
    """docs/reference/environment.md."""
    head = ["# Environment variables", "", "What CI systems set by themselves (GITHUB_..., CI_...) is read, too.", ""]
    rows = [f"| `{name}` | {_escaped(meaning)} |" for name, meaning in VARIABLES.items()]
    return "\n".join([*head, "| variable | meaning |", "|---|---|", *rows]) + "\n"


def settings_page() -> str:
    """docs/reference/jmctl-yaml.md."""
    schema = settings_schema()
    head = [
        "# jmctl.yaml",
        "",
        "One file at the top of the project. `environments:` holds named parts with settings that differ; `--env` or",
        "JMCTL_ENV chooses one. `jmctl schema --config` prints the JSON Schema.",
        "",
        "| setting | type | default | meaning |",
        "|---|---|---|---|",
    ]
    return "\n".join([*head, *_settings(schema, schema, "")]) + "\n"


def _settings(schema: dict[str, Any], whole: dict[str, Any], prefix: str) -> Iterator[str]:
    for name, entry in schema.get("properties", {}).items():
        found = _resolved(entry, whole)
        default = f"`{json.dumps(found['default'])}`" if found.get("default") is not None else ""
        meaning = _escaped(str(found.get("description", "")))
        yield f"| `{prefix}{name}` | {_type(found, whole)} | {_escaped(default)} | {meaning} |"
        if found.get("type") == "object" and prefix == "":
            yield from _settings(found, whole, f"{name}.")


def _resolved(entry: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in entry:
        target = whole["$defs"][entry["$ref"].rsplit("/", 1)[-1]]
        return {**target, **{key: value for key, value in entry.items() if key != "$ref"}}
    return entry


def _type(entry: dict[str, Any], whole: dict[str, Any]) -> str:
    if "anyOf" in entry:
        kinds = [_type(_resolved(one, whole), whole) for one in entry["anyOf"]]
        return " or ".join(dict.fromkeys(kind for kind in kinds if kind != "null"))
    if entry.get("type") == "array":
        return f"list of {_type(_resolved(entry.get('items', {}), whole), whole)}"
    return str(entry.get("type", "any"))


def sandbox_page() -> str:
    """docs/reference/sandbox.md."""
    lines = [
        "# The sandbox: switches and faults",
        "",
        "`jmctl sandbox set NAME=VALUE` sets a switch, `jmctl sandbox set --fault FAULT:OPERATION:KEY=VALUE` a fault;",
        "`jmctl sandbox explain` prints these tables with the values of now.",
        "",
        "## Switches",
        "",
        "| switch | default | what it changes |",
        "|---|---|---|",
    ]
    lines += [f"| `{one.name}` | `{json.dumps(one.default)}` | {_escaped(one.changes)} |" for one in TABLE]
    lines += ["", "## Faults", "", "| fault | meaning |", "|---|---|"]
    for name, meaning in FAULTS.items():
        lines.append(f"| `{name}` | {_escaped(meaning)} |")
        lines += [f"| `{name}` with `form={form}` | {_escaped(shape)} |" for form, shape in FORMS.get(name, {}).items()]
    return "\n".join(lines) + "\n"


PAGES = {
    "commands.md": commands_page,
    "exit-codes.md": exit_codes_page,
    "environment.md": variables_page,
    "jmctl-yaml.md": settings_page,
    "sandbox.md": sandbox_page,
}
