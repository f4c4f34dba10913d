"""The calls by which a resource becomes what is wanted, in order, and what may be remembered after each. Pure.

Each step can be repeated, and stopping after any of them leaves a state from which the next plan goes on.
"""

from __future__ import annotations

from reconciler.manifest.desired import Desired
from reconciler.plan.diff import settled
from reconciler.plan.model import Change
from reconciler.resources.step import Prediction, Step
from reconciler.state.model import Entry


def update_steps(change: Change, want: Desired, entry: Entry) -> list[Step]:
    """The calls for `change`, as its kind makes them."""
    end = settled(want, entry)
    return change.kind.update_steps(want.spec, entry.attributes, end, change.changed_fields, change.observed)


def predict(change: Change) -> Prediction | None:
    """What the update should report; None where it reports nothing or nothing of that kind changes."""
    return change.kind.predict(change.fields, change.desired.spec) if change.desired else None
