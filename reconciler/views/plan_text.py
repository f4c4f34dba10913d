"""A plan as people know it from other tools: + ~ -/+ -, only what changes, a legend, a summary, the digest. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Literal

import click

from reconciler.errors import Problem
from reconciler.plan.model import Action, Change
from reconciler.resources.difference import ABSENT, FieldChange
from reconciler.text.sanitize import printable
from reconciler.views.plan_review import (
    SIGNS,
    PlanReview,
    left_out_text,
    legend,
    moved_text,
    moves_of,
    notes_of,
    title_of,
)
from reconciler.views.plan_values import change_block, question_facts, shown, value_block
from reconciler.views.settings_text import settings_lines, unusual

Detail = Literal["normal", "full", "summary"]

_FIELD_SIGNS = {"added": ("+", "green"), "removed": ("-", "red"), "changed": ("~", "yellow"), "moved": (">", "cyan")}
_ORIGINS = {"drift": "changed on the service", "both": "changed here and on the service"}


def plan_lines(review: PlanReview, detail: Detail = "normal") -> Iterator[str]:
    """The plan, pending changes first to last by name, then what it comes to.

    `full` shows every text in whole, `summary` no change but counts.
    """
    plan = review.plan
    if heading := review.heading.text():
        yield click.style(printable(heading), bold=True)
    if plan.origin and plan.origin.goes_back:
        yield click.style(f"note: this apply {printable(plan.origin.goes_back)}", fg="yellow", bold=True)
    if not plan.observed:
        yield click.style("The service was not asked: compared with what was last applied.", fg="cyan")
    if plan.changed_settings or plan.after_merge or plan.findings:
        yield from settings_lines(plan)
    if detail != "summary":
        yield ""
        for change in plan.pending:
            yield from change_lines(change, detail)
            yield ""
        for change in plan.changes:
            if change.action is Action.KEEP and not change.blocked:
                for note in change.notes:
                    yield click.style(f"note: {printable(change.name)}: {printable(note)}", fg="cyan")
    yield from cause_lines(review)
    yield from summary_lines(review)


def cause_lines(review: PlanReview) -> Iterator[str]:
    """The edits in shared files, with how many interviews each reaches; nothing when there are none."""
    if causes := review.causes:
        yield click.style("Causes in shared files:", bold=True)
        yield from (click.style(f"  {printable(cause.text())}", fg="cyan") for cause in causes)
        yield ""


def change_lines(change: Change, detail: Detail = "normal") -> Iterator[str]:
    """One interview: what happens to it, where it is declared, and the fields by which it differs."""
    full = detail == "full"
    sign, colour, words = SIGNS[change.action.value]
    if change.blocked:
        sign, colour, words = "!", "red", f"{words}: blocked"
    place = f"  {printable(str(change.where))}" if change.where else ""
    title = f'  "{printable(name)}"' if (name := title_of(change)) else ""
    head = click.style(f"{sign:>3} {printable(change.name)}", fg=colour, bold=True)
    yield f"{head}  {words}{title}{click.style(place, dim=True)}"
    if change.blocked:
        yield click.style(f"      {printable(change.blocked.summary)}: {printable(change.blocked.detail)}", fg="red")
        yield from (f"      hint: {printable(line)}" for line in change.blocked.hint.splitlines())
    if _is_new(change) and change.desired and not change.blocked:
        yield from _declared(change, full=full)
    if change.moved_from:
        yield click.style(
            f"      ~ renamed from {printable(change.moved_from.name)}; nothing is sent for that", fg="yellow"
        )
    for field in change.fields:
        yield from field_lines(field, change.forces_replacement, full=full)
    for move in moves_of(change):
        yield click.style(f"      {printable(move.text())}", fg="cyan")
    for note in notes_of(change):
        prefix = "" if note.startswith("questions: ") else "note: "
        yield click.style(f"      {prefix}{printable(note)}", fg="cyan")


def summary_lines(review: PlanReview) -> Iterator[str]:
    """What the plan comes to, why apply would refuse it, and the digest that `apply --expect` takes."""
    plan = review.plan
    if signs := list(legend(plan)):
        yield click.style("Signs: " + "; ".join(f"{sign} {meaning}" for sign, meaning in signs), dim=True)
    if plan.left_out:
        yield printable(left_out_text(plan.left_out))
    if plan.moved:
        yield click.style(printable(moved_text(plan.moved)), fg="yellow")
    if refused := review.refused_text():
        yield from _refusals(review.refusals)
        yield click.style(refused, fg="red", bold=True)
    yield click.style(review.summary(), bold=True)
    if plan.pending:
        yield f"Digest: {plan.digest}"


def _is_new(change: Change) -> bool:
    return change.action is Action.CREATE or change.action.value == "recreate"


def _refusals(refusals: Sequence[Problem]) -> Iterator[str]:
    for problem in refusals:
        place = f"{problem.where}: " if problem.where else ""
        code = f"[{problem.code}]" if problem.code else ""
        yield click.style(f"refused{code}: {printable(place + problem.summary)}: {printable(problem.detail)}", fg="red")
        yield from (f"  hint: {printable(line)}" for line in problem.hint.splitlines())


def _declared(change: Change, *, full: bool) -> Iterator[str]:
    spec = change.desired.spec if change.desired else {}
    questions = spec.get("questions")
    plain = {name: value for name, value in spec.items() if name != "questions" or not isinstance(value, list)}
    width = max((len(name) for name in plain), default=0)
    for name, value in plain.items():
        first, *others = value_block(value, full=full)
        yield click.style(f"      + {name:<{width}}  {first}", fg="green")
        yield from (click.style(f"          {line}".rstrip(), fg="green") for line in others)
    for part, value in unusual(change.desired.lifecycle).items() if change.desired else ():
        yield click.style(f"      + {part}  {shown(value)}", fg="green")
    for question in questions if isinstance(questions, list) else ():
        yield from (click.style(line, fg="green") for line in _question(question, full=full))


def _question(question: dict[str, object], *, full: bool) -> Iterator[str]:
    first, *others = value_block(question.get("question"), full=full)
    yield f"      + question {printable(str(question['external_id']))}  {first}"
    yield from (f"          {line}".rstrip() for line in others)
    if facts := question_facts(question):
        yield f"          {' · '.join(facts)}"


def field_lines(change: FieldChange, replacing: Collection[str] = (), *, full: bool = False) -> Iterator[str]:
    """One difference; `replacing` are the fields that force a replacement."""
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
    if cause := _ORIGINS.get(change.origin):
        tail += click.style(f"  # {cause}", fg="cyan")
    if change.kind == "moved":
        yield click.style(f"      {sign} {path}  from place {change.before} to {change.after}", fg=colour) + tail
        return
    before, after = (_text(side) for side in (change.before, change.after))
    if block := change_block(before, after, full=full):
        yield click.style(f"      {sign} {path}", fg=colour) + tail
        yield from (f"          {line}".rstrip() for line in block)
        return
    yield click.style(f"      {sign} {path}  {_values(before, after)}", fg=colour) + tail
    side = change.after if change.after is not ABSENT else change.before
    if change.path[0] == "questions" and isinstance(side, dict) and (facts := question_facts(side)):
        yield click.style(f"          {' · '.join(facts)}", fg=colour)


def _text(side: object) -> object:
    """A whole question is shown by its text."""
    return side["question"] if isinstance(side, dict) and "question" in side else side


def _values(before: object, after: object) -> str:
    if before is ABSENT:
        return shown(after)
    if after is ABSENT:
        return shown(before)
    return f"{shown(before)} -> {shown(after)}"
