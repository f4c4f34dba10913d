"""Plan and apply from Python, inside a running event loop: python apply_from_python.py FOLDER."""

import asyncio
import os
import sys
from pathlib import Path

import reconciler


def report(event: reconciler.Event) -> None:
    """Print how each change ended, as it ends."""
    if isinstance(event, reconciler.events.ChangeFinished):
        print(event.result.name, event.result.action, event.result.ending)


async def main(folder: Path) -> None:
    """Apply unless the plan removes something, then show that the next plan is empty."""
    project = reconciler.open_project(folder, variables=os.environ, notify=report)
    removing = {reconciler.Action.ARCHIVE, reconciler.Action.DELETE, reconciler.Action.REPLACE}
    done = await project.apply(approve=lambda plan: not any(change.action in removing for change in plan.pending))
    print(f"{len(done.results)} changes applied, {len((await project.plan()).pending)} pending")


asyncio.run(main(Path(sys.argv[1])))
