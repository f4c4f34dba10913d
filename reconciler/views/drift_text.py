"""What others changed on the service, from what was applied to what is there. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import click

from reconciler.plan.drift import Drift
from reconciler.plan.model import Action, Change
from reconciler.text.plural import counted, is_or_are
from reconciler.text.sanitize import printable
from reconciler.views.plan_review import left_out_text
from reconciler.views.plan_text import field_lines


def drift_lines(drift: Drift) -> Iterator[str]:
    """Each interview that differs, then what it comes to."""
    for change in drift.changes:
        yield from _drifted(change)
    if drift.left_out:
        yield printable(left_out_text(drift.left_out))
    number, interviews = len(drift.changes), counted(drift.managed, "interview")
    if number:
        yield f"Drift: {number} of {interviews} {'differs' if number == 1 else 'differ'} from what was applied."
    else:
        yield f"No drift: {interviews} {is_or_are(drift.managed)} as applied, as far as the service shows them."


def _drifted(change: Change) -> Iterator[str]:
    """One interview and what became of it since it was applied, from old to new."""
    is_gone = change.action is Action.DELETE
    sign, colour, words = ("-", "red", "deleted") if is_gone else ("~", "yellow", "changed")
    place = f"  {printable(str(change.where))}" if change.where else ""
    head = click.style(f"{sign:>3} {printable(change.name)}", fg=colour, bold=True)
    yield f"{head}  {words} on the service{click.style(place, dim=True)}"
    for field in change.fields:
        yield from field_lines(replace(field, origin="ours"))
    for note in change.notes:
        yield click.style(f"      note: {printable(note)}", fg="cyan")


def drift_markdown(drift: Drift) -> str:
    """What differs, for an issue: in one fence, so that nothing of it is live."""
    from reconciler.views.plan_markdown import fenced

    *lines, total = (click.unstyle(line) for line in drift_lines(drift))
    way = "`jmctl apply` puts it back; a manifest that declares the new value keeps it."
    return "\n\n".join([f"**{total}**", fenced(lines, "diff"), way]) + "\n"
