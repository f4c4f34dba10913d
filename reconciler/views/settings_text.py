"""The settings that shape what an apply does, where they are not those of the last apply. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import click

from reconciler.manifest.desired import Lifecycle
from reconciler.plan.model import Plan, StateFinding
from reconciler.plan.settings import SettingChange
from reconciler.text.sanitize import printable


def settings_lines(plan: Plan) -> Iterator[str]:
    """What changed since the last apply and what will after the merge; ends in a blank line."""
    for changes, title in (
        (plan.changed_settings, "Settings, compared with the last apply:"),
        (plan.after_merge, "Settings that this branch changes; they take effect after the merge:"),
    ):
        if changes:
            yield click.style(title, bold=True)
            yield from map(_setting, changes)
            yield ""
    yield from _state_lines(plan.findings)


FINDINGS = {
    "edited": "State, edited since jmctl wrote it:",
    "branch": "State, changed by this branch:",
    "older": "State, perhaps older than what was applied last (bring the newest: git pull):",
}


def finding_text(finding: StateFinding) -> str:
    """The interview's name, where it is about one, and what was found."""
    return f"{finding.name}: {finding.text}" if finding.name else finding.text


def _state_lines(findings: tuple[StateFinding, ...]) -> Iterator[str]:
    for kind, title in FINDINGS.items():
        if found := [finding for finding in findings if finding.kind == kind]:
            yield click.style(title, bold=True)
            for finding in found:
                yield click.style(f"      ! {printable(finding_text(finding))}", fg="yellow")
            yield ""


def unusual(lifecycle: Lifecycle) -> dict[str, Any]:
    """The parts of a lifecycle that are not those of a manifest without one."""
    parts = {f"lifecycle.{part.name}": getattr(lifecycle, part.name) for part in fields(lifecycle)}
    usual = {f"lifecycle.{part.name}": getattr(Lifecycle(), part.name) for part in fields(lifecycle)}
    return {name: value for name, value in parts.items() if value != usual[name]}


def setting_text(change: SettingChange) -> str:
    """A sign, the name and the values in whole: what decides may stand at the end."""
    if change.before is None:
        return f"+ {change.name}  {_whole(change.after)}"
    if change.after is None:
        return f"- {change.name}  {_whole(change.before)}"
    return f"~ {change.name}  {_whole(change.before)} -> {_whole(change.after)}"


def _setting(change: SettingChange) -> str:
    text = setting_text(change)
    return click.style(f"      {printable(text)}", fg={"+": "green", "-": "red"}.get(text[0], "yellow"))


def _whole(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True)
