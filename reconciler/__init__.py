"""jmctl as a library: open a project, then validate, plan, apply, import and read results from Python.

    import os
    from pathlib import Path

    import reconciler

    project = reconciler.open_project(Path("interviews"), variables=os.environ)
    report = await project.apply(approve=lambda plan: len(plan.pending) < 5)

What stands in `__all__` is public: it changes with notice in the changelog, anything else without. Each name is
imported when it is first used, so that `import reconciler` stays cheap. See docs/library.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reconciler import events as events
    from reconciler.engine.apply import ApplyReport as ApplyReport
    from reconciler.engine.apply import Approve as Approve
    from reconciler.engine.import_ import Imported as Imported
    from reconciler.engine.plan import Inputs as Inputs
    from reconciler.engine.project import Project as Project
    from reconciler.engine.project import open_project as open_project
    from reconciler.engine.results import Conformance as Conformance
    from reconciler.engine.results import ReadCounts as ReadCounts
    from reconciler.engine.results import Results as Results
    from reconciler.engine.state_edit import Rebuilt as Rebuilt
    from reconciler.engine.state_edit import StateEdits as StateEdits
    from reconciler.engine.walk import StopSignal as StopSignal
    from reconciler.errors import Damaged as Damaged
    from reconciler.errors import Invalid as Invalid
    from reconciler.errors import JmctlError as JmctlError
    from reconciler.errors import Locked as Locked
    from reconciler.errors import Misconfigured as Misconfigured
    from reconciler.errors import Misused as Misused
    from reconciler.errors import NotFound as NotFound
    from reconciler.errors import Problem as Problem
    from reconciler.errors import Refused as Refused
    from reconciler.errors import Unanswered as Unanswered
    from reconciler.errors import Where as Where
    from reconciler.events import Event as Event
    from reconciler.events import Subscriber as Subscriber
    from reconciler.plan.drift import Drift as Drift
    from reconciler.plan.model import Action as Action
    from reconciler.plan.model import Change as Change
    from reconciler.plan.model import Plan as Plan
    from reconciler.plan.outcome import Result as Result
    from reconciler.project.load import Manifests as Manifests
    from reconciler.results.selection import Selection as Selection
    from reconciler.secret import Secret as Secret
    from reconciler.state.model import Entry as Entry
    from reconciler.state.model import State as State

# A literal: importlib.metadata costs 75 ms of every start.
__version__ = "0.1.0"

_HOMES = {
    "engine.apply": ("ApplyReport", "Approve"),
    "engine.import_": ("Imported",),
    "engine.plan": ("Inputs",),
    "plan.drift": ("Drift",),
    "engine.project": ("Project", "open_project"),
    "engine.results": ("Conformance", "ReadCounts", "Results"),
    "engine.state_edit": ("Rebuilt", "StateEdits"),
    "engine.walk": ("StopSignal",),
    "errors": (
        "Damaged", "Invalid", "JmctlError", "Locked", "Misconfigured", "Misused", "NotFound", "Problem", "Refused",
        "Unanswered", "Where",
    ),
    "events": ("Event", "Subscriber"),
    "plan.model": ("Action", "Change", "Plan"),
    "plan.outcome": ("Result",),
    "project.load": ("Manifests",),
    "results.selection": ("Selection",),
    "secret": ("Secret",),
    "state.model": ("Entry", "State"),
}  # fmt: skip
"""The module that each public name lives in."""

__all__ = [  # noqa: PLE0604 - made of the table above
    "__version__",
    "events",
    *sorted(sum(_HOMES.values(), ())),
]


def __getattr__(name: str) -> object:
    from importlib import import_module

    for module, names in _HOMES.items():
        if name in names:
            found: object = (
                import_module("reconciler.events")
                if name == "events"
                else getattr(import_module(f"reconciler.{module}"), name)
            )
            globals()[name] = found
            return found
    raise AttributeError(f"module 'reconciler' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
