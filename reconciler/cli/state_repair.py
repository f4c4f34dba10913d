"""jmctl state verify, rebuild and recover: when the state itself is in question."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from reconciler.cli.options import say
from reconciler.cli.orphans import marked
from reconciler.cli.project import configuration, holder, manifests, store
from reconciler.errors import Damaged, Misused, Refused, Where
from reconciler.plan.diff import adoption
from reconciler.project.config import Config
from reconciler.resources.mark import mark
from reconciler.resources.observed import Observed
from reconciler.state.format import parse_journal
from reconciler.state.model import State
from reconciler.state.records import now
from reconciler.state.rescue import bring_back
from reconciler.text.plural import counted


@click.command("verify")
@click.option("--remote", is_flag=True, help="Also look whether the service still has every interview.")
def verify(*, remote: bool) -> int:
    """Check that the state can be trusted."""
    config, _ = configuration()
    place = store(config)
    state = place.read().state
    faults = list(_faults(state))
    if remote:
        faults += asyncio.run(_missing(config, state))
    for fault in faults:
        say(f"error: {fault}")
    summary = f"{counted(len(state.entries), 'interview')}, {len(state.in_doubt)} in doubt, serial {state.serial}"
    click.echo(f"{place.label}: {summary}: {f'{len(faults)} faults' if faults else 'sound'}")
    return 1 if faults else 0


def _faults(state: State) -> list[str]:
    found = []
    owners: dict[str, str] = {}
    for entry in state.entries.values():
        name = entry.name
        if entry.id in owners:
            found.append(f"{name} and {owners[entry.id]} are both {entry.id}")
        owners[entry.id] = name
        if entry.embed_signing_key and not entry.embed_signing_key.startswith("-----BEGIN AGE ENCRYPTED FILE-----"):
            found.append(f"{name}: its embed key is not sealed; rotate it and restore the state from git")
    return found


async def _missing(config: Config, state: State) -> list[str]:
    from reconciler.engine.connect import connect
    from reconciler.engine.observe import observe
    from reconciler.plan.model import Look

    async with connect(config, read_only=True) as service:
        sights = await observe((), state, service, config.concurrency)
    return [
        f"{entry.name}: {entry.id} is gone on the service; jmctl plan creates it again"
        for entry in state.entries.values()
        if sights[entry.id] is Look.MISSING
    ]


@click.command("rebuild")
def rebuild() -> None:
    """Make a lost state anew from the marks that interviews carry on the service."""
    config, cache = configuration()
    place = store(config)
    wanted = {want.name: want for want in manifests(config, cache).desired}
    with place.open(holder()) as writer:
        state = writer.state
        if state.entries or state.in_doubt:
            hint = f"restore it from git, or move it away first: {place.label}"
            raise Refused("there is a state already", f"it holds {counted(len(state.entries), 'interview')}", hint=hint)
        found = _by_name(config, asyncio.run(marked(config, set())))
        records = []
        for name, seen in sorted(found.items()):
            want = wanted.get(name)
            if want is None:
                say(f"warning: {name} has no manifest: {seen.id} is left alone")
                continue
            records.append(adoption(want, seen, now()))
        writer.append(records)
        writer.finish()
    click.echo(f"Rebuilt {len(records)} of {counted(len(wanted), 'interview')}. Next: jmctl plan")
    unmarked = [name for name, want in wanted.items() if want.spec.get("code")]
    if unmarked:
        say(f"warning: these carry a code of their own and cannot be found by it: {', '.join(unmarked)}")
        say("hint: jmctl import NAME ID")


def _by_name(config: Config, found: list[Observed]) -> dict[str, Observed]:
    """The live interview of each name. Raises Refused where several could be it."""
    prefix = mark(config.project, "")
    names: dict[str, Observed] = {}
    for seen in found:
        if seen.status in ("archived", "deleted"):
            continue
        name = str(seen.attributes["code"]).removeprefix(prefix)
        if name in names:
            detail = f"{name}: {names[name].id} and {seen.id}"
            raise Refused("several interviews carry one mark", detail, hint="archive all but one in the admin")
        names[name] = seen
    return names


@click.command("recover")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def recover(*, file: Path) -> None:
    """Bring back the records of a rescue FILE that an apply wrote when it could not write the state."""
    config, _ = configuration()
    place = store(config)
    with place.open(holder()) as writer:
        state = writer.state
        journal = parse_journal(file.read_bytes(), Where(str(file)))
        if journal is None:
            raise Misused("the rescue file is empty", str(file))
        lineage, _, records = journal
        if lineage != state.lineage:
            detail = f"it is of {lineage}, the state of {state.lineage}"
            raise Damaged("the rescue file belongs to another state", detail, where=Where(str(file)))
        useful, stale = bring_back(state, records)
        writer.append(useful)
        writer.finish()
    click.echo(f"Brought back {len(useful)} records; {stale} were settled in the meantime.")
