"""A plan as people know it from other tools: + ~ -/+ -, only what changes, a summary, the digest. Pure."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

import click

from reconciler.manifest.desired import Lifecycle
from reconciler.plan.model import Action, Change, Plan
from reconciler.plan.settings import SettingChange
from reconciler.plan.steps import predict
from reconciler.resources.difference import ABSENT, FieldChange
from reconciler.text.plural import counted, is_or_are
from reconciler.text.sanitize import printable
from reconciler.text.word_diff import is_long
from reconciler.views.word_difference import word_difference

SIGNS = {
    Action.CREATE: ("+", "green", "create"),
    Action.UPDATE: ("~", "yellow", "update in place"),
    Action.REPLACE: ("-/+", "magenta", "replace"),
    Action.ARCHIVE: ("-", "red", "archive"),
    Action.DELETE: ("-", "red", "delete"),
    Action.ADOPT: ("<=", "cyan", "adopt"),
    Action.FORGET: ("-", "red", "forget"),
    Action.SETTLE: ("?", "magenta", "in doubt"),
    Action.KEEP: (" ", "bright_black", "keep"),
}
_FIELD_SIGNS = {"added": ("+", "green"), "removed": ("-", "red"), "changed": ("~", "yellow"), "moved": (">", "cyan")}
_WIDTH = 76


def plan_lines(plan: Plan) -> Iterator[str]:
    """The whole plan: changed settings, pending changes first to last by name, then what it comes to."""
    yield from settings_lines(plan)
    for change in plan.pending:
        yield from change_lines(change)
        yield ""
    for change in plan.changes:
        if change.action is Action.KEEP and not change.blocked:
            for note in change.notes:
                yield click.style(f"note: {printable(change.name)}: {printable(note)}", fg="cyan")
    yield from summary_lines(plan)


def change_lines(change: Change) -> Iterator[str]:
    """One interview: what happens to it, where it is declared, and the fields by which it differs."""
    sign, colour, words = SIGNS[change.action]
    if change.blocked:
        sign, colour, words = "!", "red", f"{words}: blocked"
    place = f"  {printable(str(change.where))}" if change.where else ""
    head = click.style(f"{sign:>3} {printable(change.name)}", fg=colour, bold=True)
    yield f"{head}  {words}{click.style(place, dim=True)}"
    if change.blocked:
        yield click.style(f"      {printable(change.blocked.summary)}: {printable(change.blocked.detail)}", fg="red")
        yield f"      hint: {printable(change.blocked.hint)}"
    if change.action is Action.CREATE and change.desired and not change.blocked:
        yield from _declared(change.desired.spec, _unusual(change.desired.lifecycle))
    if change.moved_from:
        yield click.style(
            f"      ~ renamed from {printable(change.moved_from.name)}; nothing is sent for that", fg="yellow"
        )
    for field in change.fields:
        yield from _field(field, change.forces_replacement)
    predicted = predict(change) if change.action in (Action.UPDATE, Action.ADOPT) else None
    if predicted:
        yield f"      questions: {predicted.describe()}"
    yield from _notes(change)


def settings_lines(plan: Plan) -> Iterator[str]:
    """The settings that shape what an apply does, where they are not those of the last apply; ends in a blank line."""
    for changes, title in (
        (plan.changed_settings, "Settings, compared with the last apply:"),
        (plan.after_merge, "Settings that this branch changes; they take effect after the merge:"),
    ):
        if changes:
            yield click.style(title, bold=True)
            yield from map(_setting, changes)
            yield ""


def _setting(change: SettingChange) -> str:
    name = printable(change.name)
    if change.before is None:
        return click.style(f"      + {name}  {_whole(change.after)}", fg="green")
    if change.after is None:
        return click.style(f"      - {name}  {_whole(change.before)}", fg="red")
    return click.style(f"      ~ {name}  {_whole(change.before)} -> {_whole(change.after)}", fg="yellow")


def _whole(value: Any) -> str:
    return printable(json.dumps(value, ensure_ascii=True))  # never cut: what decides may stand at its end


def summary_lines(plan: Plan) -> Iterator[str]:
    """What the plan comes to, and the digest that `apply --expect` takes."""
    if not plan.pending:
        yield f"No changes: {counted(len(plan.changes), 'interview')} as declared."
        return
    counts = Counter(change.action for change in plan.pending if not change.blocked)
    parts = [f"{counts[action]} to {action.value}" for action in Action if counts[action]]
    blocked = sum(change.blocked is not None for change in plan.pending)
    parts += [f"{blocked} blocked"] if blocked else []
    kept = len(plan.changes) - len(plan.pending)
    yield click.style(f"Plan: {', '.join(parts)}, {kept} unchanged.", bold=True)
    yield f"Digest: {plan.digest}"


def _notes(change: Change) -> Iterator[str]:
    for note in change.notes:
        yield click.style(f"      note: {printable(note)}", fg="cyan")


def _unusual(lifecycle: Lifecycle) -> dict[str, Any]:
    """The parts of a lifecycle that are not those of a manifest without one."""
    parts = {f"lifecycle.{part.name}": getattr(lifecycle, part.name) for part in fields(lifecycle)}
    usual = {f"lifecycle.{part.name}": getattr(Lifecycle(), part.name) for part in fields(lifecycle)}
    return {name: value for name, value in parts.items() if value != usual[name]}


def _declared(spec: Any, lifecycle: Mapping[str, Any]) -> Iterator[str]:
    width = max((len(name) for name in spec), default=0)
    for name, value in spec.items():
        if name != "questions":
            yield click.style(f"      + {name:<{width}}  {shown(value)}", fg="green")
    for part, value in lifecycle.items():
        yield click.style(f"      + {part}  {shown(value)}", fg="green")
    for question in spec.get("questions", ()):
        yield click.style(
            f"      + question {printable(question['external_id'])}  {shown(question['question'])}", fg="green"
        )


def _field(change: FieldChange, replacing: Collection[str]) -> Iterator[str]:
    path = printable(".".join(change.path))
    if change.kind == "dropped" and len(change.path) > 1:
        kept = f"no longer declared; the service merges {change.field}, so it stays {shown(change.before)}"
        way = f"to take it back declare `{change.path[-1]}: null` or another value"
        yield click.style(f"      . {path}  {kept}: {printable(way)}", fg="yellow")
        return
    if change.kind == "dropped":
        yield click.style(f"      . {path}  no longer declared; it stays as it is on the service", dim=True)
        return
    sign, colour = _FIELD_SIGNS[change.kind]
    tail = click.style("  # forces replacement", fg="magenta") if change.field in replacing else ""
    if change.origin != "ours":
        cause = "changed on the service" if change.origin == "drift" else "changed here and on the service"
        tail += click.style(f"  # {cause}", fg="cyan")
    if is_long(change.before, change.after):
        yield click.style(f"      {sign} {path}", fg=colour) + tail
        yield f"          {word_difference(change.before, change.after)}"
        return
    yield click.style(f"      {sign} {path}  {_values(change)}", fg=colour) + tail


def _values(change: FieldChange) -> str:
    before, after = change.before, change.after
    if change.kind == "moved":
        return f"from place {before} to {after}"
    if change.path[0] == "questions":  # a whole question is shown by its text
        before, after = (
            side["question"] if isinstance(side, dict) and "question" in side else side for side in (before, after)
        )
    if before is ABSENT:
        return shown(after)
    if after is ABSENT:
        return shown(before)
    return f"{shown(before)} -> {shown(after)}"


def shown(value: Any) -> str:
    """A value on one line, harmless and no wider than a terminal."""
    text = printable(json.dumps(value, ensure_ascii=False))
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"


def drift_lines(changes: Sequence[Change], managed: int) -> Iterator[str]:
    """What others changed, then what it comes to; `managed` is how many interviews were looked at."""
    for change in changes:
        yield from _drifted(change)
    number, interviews = len(changes), counted(managed, "interview")
    if number:
        yield f"Drift: {number} of {interviews} {'differs' if number == 1 else 'differ'} from what was applied."
    else:
        yield f"No drift: {interviews} {is_or_are(managed)} as applied, as far as the service shows them."


def _drifted(change: Change) -> Iterator[str]:
    """One interview and what became of it since it was applied, from old to new."""
    is_gone = change.action is Action.DELETE
    sign, colour, words = ("-", "red", "deleted") if is_gone else ("~", "yellow", "changed")
    place = f"  {printable(str(change.where))}" if change.where else ""
    head = click.style(f"{sign:>3} {printable(change.name)}", fg=colour, bold=True)
    yield f"{head}  {words} on the service{click.style(place, dim=True)}"
    for field in change.fields:
        yield from _field(replace(field, origin="ours"), ())
    yield from _notes(change)
