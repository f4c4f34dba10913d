"""Plan: compare manifests, state and service. Sends nothing but GETs, writes nothing."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from reconciler.address import Address
from reconciler.engine.policy import chosen
from reconciler.manifest.desired import Desired
from reconciler.plan.drift import Drift, drift_of
from reconciler.plan.guards import check_not_empty
from reconciler.plan.model import Plan, PlanOrigin
from reconciler.plan.reconcile import reconcile, sought
from reconciler.plan.selection import Selection
from reconciler.plan.settings import setting_changes
from reconciler.project.config import Config
from reconciler.project.load import Manifests
from reconciler.state.model import State

if TYPE_CHECKING:
    from reconciler.engine.observe import Scope
    from reconciler.engine.project import Project
    from reconciler.engine.session import Session


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a plan starts from: every valid manifest and the state, both as they were when they were read."""

    manifests: Manifests
    state: State


def read_inputs(project: Project) -> Inputs:
    """The manifests and the state. Raises Invalid, Damaged, or Refused when no manifest is left for a managed state."""
    manifests = project.manifests()
    state = project.state()
    check_not_empty(manifests.desired, state)
    return Inputs(manifests, state)


def origin_of(project: Project, state: State) -> PlanOrigin:
    """What a plan from `state` is made from. A state that is not stored yet has a lineage, but nothing keeps it."""
    lineage = state.lineage if state.serial else ""
    return PlanOrigin(project.config.project, project.config.environment, lineage, state.serial)


def plan_without_service(project: Project, desired: Sequence[Desired], state: State, *, refresh: bool) -> Plan | None:
    """The plan, if the service need not be asked for it: without `refresh`, or with nothing there to look at."""
    if not refresh:
        return _in_context(project, state, reconcile(desired, state, None, owner=project.config.owner))
    if not (state.entries or state.in_doubt or desired):
        return _in_context(project, state, reconcile(desired, state, {}, owner=project.config.owner))
    return None


async def plan_observed(  # noqa: PLR0913 - for whom, what, from where, and what is left out
    project: Project,
    session: Session,
    desired: Sequence[Desired],
    state: State,
    *,
    look_up: bool = True,
    new: Collection[str] = (),
) -> Plan:
    """The plan against what the service shows now. Raises Unanswered when it does not answer.

    With `look_up` creates of unknown outcome are looked up, and the plan is the one that follows once what was found
    is recorded; recording it is for apply. What would be created is looked for on the service first, except under the
    names in `new`.
    """
    from reconciler.engine.observe import observe, scopes_of, survey

    remarks: dict[Address, str] = {}
    if look_up and state.in_doubt:
        state, remarks = await _looked_up(project, session, state)
    lists = await survey(scopes_of(state.entries.values()) | _scopes_of_new(desired, state), session.reader)
    too_new = _too_new(state, session)
    sights = await observe(desired, state, session.reader, session.concurrency, lists=lists, too_new=too_new)
    plan = reconcile(desired, state, sights, owner=project.config.owner, remarks=remarks)
    if wanted := [want for want in sought(plan) if want.name not in new]:
        from reconciler.engine.look_before import look_before

        plan = await look_before(project, session, plan, state, lists, sights, wanted)
    return _in_context(project, state, plan)


def _scopes_of_new(desired: Sequence[Desired], state: State) -> set[Scope]:
    """The lists in which interviews may be that are declared and not in `state`."""
    fresh = [(want.kind, want.spec) for want in desired if want.address not in state.entries and not want.import_id]
    if not fresh:
        return set()
    from reconciler.engine.find_unknown import scopes_to_search

    return scopes_to_search(state, fresh)


def _too_new(state: State, session: Session) -> set[Address]:
    """The entries that were created so shortly ago that the service may not show them yet."""
    from reconciler.timestamps import instant

    since = session.clock.seconds() - session.timing.grace
    return {
        address
        for address, entry in state.entries.items()
        if entry.made_at and not entry.created_at and instant(entry.made_at, default=0.0) > since
    }


def _in_context(project: Project, state: State, plan: Plan) -> Plan:
    """`plan` with the state and the settings that it was made from."""
    config = project.config
    settings = settings_of(config)
    after_merge = setting_changes(_reviewed(config), _reviewed(config.written)) if config.written else ()
    from reconciler.engine.state_checks import state_findings

    return replace(
        plan,
        findings=state_findings(project, state, plan),
        origin=origin_of(project, state),
        settings=settings,
        settings_before=state.settings,
        after_merge=after_merge,
    )


def _reviewed(config: Config) -> dict[str, Any]:
    command = config.token_command
    return {**settings_of(config), "token_command": list(command) if isinstance(command, tuple) else command}


def settings_of(config: Config) -> dict[str, Any]:
    """The settings that shape what an apply does, as plain JSON."""
    return {
        "project": config.project,
        "environment": config.environment,
        "endpoint": config.endpoint,
        "state": config.state,
        "recipients": [recipient_label(recipient) for recipient in config.recipients],
        "embed_url": config.embed_url,
        "guards.max_destroy": config.guards.max_destroy,
        "guards.max_destroy_minimum": config.guards.max_destroy_minimum,
    }


def recipient_label(recipient: str) -> str:
    """A recipient as people compare it: age keys as they are, SSH keys by type, SHA-256 fingerprint and comment."""
    kind, _, rest = recipient.partition(" ")
    blob, _, comment = rest.partition(" ")
    if not kind.startswith("ssh-"):
        return recipient
    try:
        key = base64.b64decode(blob, validate=True)
    except binascii.Error:
        return recipient
    fingerprint = base64.b64encode(sha256(key).digest()).decode().rstrip("=")
    return f"{kind} SHA256:{fingerprint} {comment}".rstrip()


async def _looked_up(project: Project, session: Session, state: State) -> tuple[State, dict[Address, str]]:
    from reconciler.engine.settle import lost_search
    from reconciler.plan.lost_creates import settling_records
    from reconciler.state.records import now
    from reconciler.state.replay import replay

    found = await lost_search(project, session).look_up(state)
    state = replay(state, settling_records(found, now(), closing=True))
    return state, {match.attempt.address: match.description for match in found}


async def make_plan(project: Project, inputs: Inputs) -> Plan:
    """The plan for `inputs`, in a session of its own when the service has to be asked."""
    desired, state = inputs.manifests.desired, inputs.state
    if plan := plan_without_service(project, desired, state, refresh=True):
        return plan
    from reconciler.engine.account import with_account
    from reconciler.engine.session import open_session

    async with open_session(project) as session:
        account, observed = await with_account(project, session, state, plan_observed(project, session, desired, state))
    return replace(observed, origin=replace(origin_of(project, state), account=account))


async def find_drift(project: Project, selection: Selection | None) -> Drift:
    """What others changed on the service since it was applied, of all or of `selection`. Raises Misused, Unanswered."""
    inputs = read_inputs(project)
    return drift_of(chosen(await make_plan(project, inputs), selection or Selection()))
