"""The library as its users write it: type-checked under --strict by `tests/library/test_surface.py`, never run."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import reconciler
from reconciler import Action, ApplyReport, Event, Plan, StopSignal, events


def subscriber(event: Event) -> None:
    match event:
        case events.Warned(problem):
            text: str = problem.summary
        case events.ChangeFinished(result):
            text = f"{result.name}: {result.ending}"
        case events.ApplyStarted(total):
            text = str(total)
        case _:
            text = ""
    del text


project = reconciler.open_project(Path("interviews"), "prod", variables=os.environ, notify=subscriber)
without_anything: reconciler.Project = reconciler.open_project()

# files and state
manifests: reconciler.Manifests = project.manifests()
names: list[str] = [desired.name for desired in manifests.desired]
entry: reconciler.Entry = project.find_entry("support-agent-en")
link: str | None = project.embed_url(entry)
key: reconciler.Secret | None = project.secrets.reveal(entry, Path("identity.txt"))

# planning
inputs: reconciler.Inputs = project.inputs()
offline: Plan | None = project.plan_now(inputs, refresh=False)


async def ask(plan: Plan) -> bool:
    return plan.digest == "0123456789abcdef"


async def use_cases(stop: StopSignal) -> None:
    plan: Plan = await project.plan()
    drift: reconciler.Drift = await project.drift()
    report: ApplyReport = await project.with_concurrency(4).apply(
        approve=ask, approved={Action.CREATE, Action.UPDATE}, expect=plan.digest, stop=stop
    )
    endings: set[str] = {result.ending for result in report.results}
    await project.apply(approve=lambda plan: not plan.pending)
    await project.destroy(approve=lambda _: False)
    change: reconciler.Change = await project.import_one("support-agent-en", "some-id")
    imported: reconciler.Imported = await project.import_all(Path("interviews"), types=["interview"], match="Support*")
    orphans: list[str] = [seen.id for seen in await project.orphans()]
    await project.resolve("support-agent-en", adopt=None)
    del drift, endings, change, imported, orphans


async def edits() -> None:
    project.edits.move("old", "new")
    removed: reconciler.Entry = project.edits.remove("new")
    faults: list[str] = project.edits.faults()
    rebuilt: reconciler.Rebuilt = await project.edits.rebuild()
    brought_back, stale = project.edits.recover(b"", "rescue.journal")
    del removed, faults, rebuilt, brought_back, stale


async def results() -> None:
    selection = reconciler.Selection(names=("support-agent-en",))
    counts = reconciler.ReadCounts()
    async for row, name in project.results.rows(selection):
        shown: tuple[str | None, str | None] = row.result_id, name
        del shown
    async for held in project.results.read(selection, counts):
        answers: int = len(held.joins)
        del answers
    checked: reconciler.Conformance = await project.results.check("result-id")
    differences: list[str] = [finding.cause for finding in checked.findings if finding.counts]
    data, counts = await project.results.report(selection, redact=True)
    del differences, data


def from_a_thread(stop: StopSignal) -> Callable[[], None]:
    Thread(target=stop.request).start()
    return stop.abort


try:
    project.state()
except reconciler.Locked as locked:
    problems: tuple[reconciler.Problem, ...] = locked.problems
except reconciler.JmctlError as error:
    where: reconciler.Where | None = error.problems[0].where
