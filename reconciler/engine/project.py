"""A project opened for use. Its methods are the use cases; each imports what it needs when it is called.

project = open_project(Path(), variables=os.environ)
plan = await project.plan()
report = await project.apply(approve=lambda plan: plan.digest == reviewed)
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reconciler.engine.backends import backend_of
from reconciler.engine.trust import load_settings
from reconciler.project.cache import Cache, open_cache
from reconciler.project.config import Config
from reconciler.project.load import Manifests, read_manifests

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from reconciler.api.connection import Transport
    from reconciler.engine.apply import ApplyReport, Approve
    from reconciler.engine.import_ import Imported
    from reconciler.engine.plan import Inputs
    from reconciler.engine.results import Results
    from reconciler.engine.secrets import Secrets
    from reconciler.engine.state_edit import StateEdits
    from reconciler.engine.walk import StopSignal
    from reconciler.events import Event, Subscriber
    from reconciler.plan.drift import Drift
    from reconciler.plan.model import Action, Change, Plan
    from reconciler.plan.selection import Selection
    from reconciler.resources.observed import Observed
    from reconciler.state.backend import Backend, StateWriter
    from reconciler.state.model import Entry, State


def ignore(_: Event) -> None:
    """The subscriber that does nothing."""


@dataclass(frozen=True, slots=True)
class Project:
    """One environment of one project. A value: nothing is open between two calls.

    `variables` are the variables of the process environment that jmctl may use, such as JOBMOJITO_TOKEN; `notify` is
    called with every event of every use case. `transport` replaces the network, for tests. `command` says what holds
    the lock of the state, to those who have to wait for it.

    Methods may be called from any thread and coroutines awaited in any event loop, several at a time. Those that write
    the state raise Locked when its lock is held. All raise subclasses of JmctlError for what a user can put right.
    """

    config: Config
    variables: Mapping[str, str] = field(default_factory=dict)
    cache: Cache | None = None
    notify: Subscriber = ignore
    transport: Transport | None = None
    command: str = "a program that uses jmctl as a library"

    def with_concurrency(self, concurrency: int | None) -> Project:
        """The same project with so many calls at the same time; None leaves it as it is."""
        return replace(self, config=replace(self.config, concurrency=concurrency)) if concurrency else self

    def manifests(self) -> Manifests:
        """Every manifest, validated; reports warnings. Raises Invalid with every problem of every file."""
        config = self.config
        found = read_manifests(config.root, config.manifests, self.cache, config.manifest_places, config.composition)
        if found.warnings:
            from reconciler.events import Warned

            for warning in found.warnings:
                self.notify(Warned(warning))
        return found

    def backend(self) -> Backend:
        """Where the state of the environment is kept; contacts nothing."""
        return backend_of(self.config, self.variables, self.notify)

    def open_state(self) -> AbstractContextManager[StateWriter]:
        """The writer of the state, with its lock. Raises Locked, Damaged or Misconfigured."""
        from reconciler.state.lock import current_holder

        return self.backend().open(current_holder(self.command))

    def state(self) -> State:
        """What jmctl remembers. Raises Damaged when it cannot be trusted, Misconfigured when it cannot be read."""
        return self.backend().read().state

    @property
    def edits(self) -> StateEdits:
        """The use cases that change or check the state by itself."""
        from reconciler.engine.state_edit import StateEdits

        return StateEdits(self)

    def find_entry(self, name: str) -> Entry:
        """The entry that a user calls `name`. Raises NotFound, with the nearest name, when the state has none."""
        from reconciler.engine.state_edit import find_entry

        return find_entry(self.state(), name)

    def embed_url(self, entry: Entry) -> str | None:
        """The link that embeds the interview of `entry`; None when it is not embedded."""
        if not entry.embed_id:
            return None
        from urllib.parse import urlencode

        return f"{self.config.embed_url}?{urlencode({'embed_id': entry.embed_id})}"

    @property
    def secrets(self) -> Secrets:
        """The use cases of sealed embed keys."""
        from reconciler.engine.secrets import Secrets

        return Secrets(self)

    def inputs(self) -> Inputs:
        """The manifests and the state, read once for `plan_now` and `plan`."""
        from reconciler.engine.plan import read_inputs

        return read_inputs(self)

    def plan_now(self, inputs: Inputs, *, refresh: bool = True) -> Plan | None:
        """The plan, if the service need not be asked for it, else None; needs no event loop.

        Without `refresh` it never has to be: what was last applied is taken for what is there.
        """
        from reconciler.engine.plan import plan_without_service

        return plan_without_service(self, inputs.manifests.desired, inputs.state, refresh=refresh)

    async def plan(self, inputs: Inputs | None = None) -> Plan:
        """What an apply would do, against what the service shows now. Only reads. Raises Unanswered."""
        from reconciler.engine.plan import make_plan

        return await make_plan(self, inputs or self.inputs())

    async def drift(self, selection: Selection | None = None) -> Drift:
        """What others changed on the service since it was applied, or of `selection`. Only reads. Raises Unanswered."""
        from reconciler.engine.plan import find_drift

        return await find_drift(self, selection)

    async def apply(  # noqa: PLR0913 - what holds it back, each by itself
        self,
        *,
        approve: Approve,
        approved: Collection[Action] | None = None,
        expect: str | None = None,
        saved: Any = None,
        reviewed: Sequence[Any] = (),
        all_or_nothing: bool = False,
        settle: bool = True,
        selection: Selection | None = None,
        allow_older: bool = False,
        new: Collection[str] = (),
        stop: StopSignal | None = None,
    ) -> ApplyReport:
        """Plans under the lock, asks `approve`, and makes the interviews what the manifests say.

        `approved` are the actions that may be carried out (None: all), `expect` the digest of the plan that was
        reviewed, `saved` its document; another plan is Refused, as is, without `allow_older`, a checkout that does not
        contain what was applied last. Of `reviewed`, such documents, each change counts by itself: others are left out
        and named in `Plan.moved`, or with `all_or_nothing` Refused. Without `settle` interviews with a create of
        unknown outcome are left alone; `selection` narrows the plan; those in `new` are created without looking for
        them first. `stop` may be set from any thread. Cancelling stops at once; what is known is recorded.
        """
        from reconciler.engine import apply, walk

        desired = self.manifests().desired
        request = apply.ApplyRequest(
            desired,
            expect=expect,
            saved=saved,
            reviewed=reviewed,
            all_or_nothing=all_or_nothing,
            settle=settle,
            selection=selection,
            allow_older=allow_older,
            new=frozenset(new),
        )
        if approved is not None:
            request = replace(request, approved=frozenset(approved))
        return await apply.apply(self, request, approve, stop or walk.StopSignal())

    async def destroy(self, *, approve: Approve, stop: StopSignal | None = None) -> ApplyReport:
        """As `apply`, with no manifest left: protected interviews stop it, `guards.max_destroy` does not."""
        from reconciler.engine import apply, walk

        return await apply.apply(self, apply.ApplyRequest((), removes_all=True), approve, stop or walk.StopSignal())

    async def import_one(self, name: str, interview_id: str) -> Change:
        """Records that the manifest `name` stands for `interview_id`; the change holds the differences between them."""
        from reconciler.engine.import_ import import_one

        return await import_one(self, name, interview_id)

    async def import_all(
        self, folder: Path, *, types: Collection[str] = (), statuses: Collection[str] = (), match: str = "*"
    ) -> Imported:
        """Writes a manifest into `folder` for each interview that is not managed yet, and records both.

        Empty `types` mean all that the service lists, empty `statuses` draft and active; `match` is a glob for names.
        """
        from reconciler.engine.import_ import import_all

        return await import_all(self, folder, types, statuses, match)

    async def orphans(self) -> list[Observed]:
        """The interviews that carry this project's mark and that no state knows. Only reads."""
        from reconciler.engine.orphans import orphans

        return await orphans(self)

    async def resolve(self, name: str, *, adopt: str | None) -> None:
        """Settles the open create of `name`: it became `adopt`, or None if nothing came of it."""
        from reconciler.engine.settle import resolve

        await resolve(self, name, adopt)

    @property
    def results(self) -> Results:
        """The use cases that read what candidates answered."""
        from reconciler.engine.results import Results

        return Results(self)


def open_project(
    folder: Path = Path(),
    environment: str | None = None,
    *,
    variables: Mapping[str, str] | None = None,
    notify: Subscriber = ignore,
    command: str = "a program that uses jmctl as a library",
) -> Project:
    """The project whose jmctl.yaml is in `folder` or above it, in `environment` (None: the default one).

    `variables` are those of the process environment, usually `os.environ`; without them there is no access token.
    Raises Misconfigured when there is no jmctl.yaml or no such environment, Invalid when it holds mistakes.
    """
    variables = variables or {}
    cache = open_cache(variables)
    config = load_settings(folder, environment, cache, variables)
    return Project(config, variables, cache, notify, command=command)
