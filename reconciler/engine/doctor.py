"""Doctor: what stands between a project and its next apply, each finding with the next command. Only reads."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from reconciler.errors import JmctlError
from reconciler.text.plural import counted

if TYPE_CHECKING:
    from reconciler.engine.project import Project
    from reconciler.state.model import State

_CLOCK_SECONDS = 60.0  # off by more than this, tokens seem to expire at other times than they do
_TOKEN_SECONDS = 3600.0
_CATALOGUE_DAYS = 30


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: `detail` is what was found, `next` the command or edit to go on with."""

    subject: str
    level: Literal["ok", "warning", "error"]
    detail: str
    next: str = ""


async def examine(project: Project, identity: Path | None = None) -> list[Finding]:
    """Every finding: of the files, the state, the keys and the clone, then of the service as far as it answers.

    Keys are tried with `identity`, or the one of the user. Never raises for what a finding can say.
    """
    found = [_manifests(project), _catalogue(project)]
    try:
        state = project.state()
    except JmctlError as error:
        return [*found, _failure("state", error), *await _service(project, None)]
    found.append(_state(project, state))
    found += _keys(project, identity)
    found += _clone(project)
    return [*found, *await _service(project, state)]


def _failure(subject: str, error: JmctlError) -> Finding:
    problem, more = error.problems[0], len(error.problems) - 1
    where = f"{problem.where}: " if problem.where else ""
    detail = f"{where}{problem.summary}{f': {problem.detail}' if problem.detail else ''}"
    return Finding(subject, "error", f"{detail}{f' (and {more} more)' if more else ''}", problem.hint)


def _manifests(project: Project) -> Finding:
    try:
        count = len(project.manifests().desired)
    except JmctlError as error:
        return Finding("manifests", "error", counted(len(error.problems), "problem"), "jmctl validate")
    if not count:
        return Finding("manifests", "warning", "no interview is declared", "jmctl new --from QUESTIONS.md")
    return Finding("manifests", "ok", f"valid: {count} declared")


def _catalogue(project: Project) -> Finding:
    from reconciler.project.catalogue import CATALOGUE_FILE, read_catalogue

    try:
        catalogue = read_catalogue(project.config.root)
    except JmctlError as error:
        return _failure("catalogue", error)
    if catalogue is None or not catalogue.avatars:
        return Finding("catalogue", "warning", "avatars are not checked before an apply", "jmctl lookup avatars")
    days = (time.time() - (project.config.root / CATALOGUE_FILE).stat().st_mtime) / 86400
    if days > _CATALOGUE_DAYS:
        return Finding("catalogue", "warning", f"it is {days:.0f} days old", "jmctl lookup avatars")
    return Finding("catalogue", "ok", f"{len(catalogue.avatars)} avatars")


def _state(project: Project, state: State) -> Finding:
    label = project.backend().label
    if state.in_doubt:
        names = ", ".join(sorted(address.name for address in state.in_doubt))
        return Finding("state", "warning", f"{label}: outcome unknown: {names}", "jmctl apply looks them up")
    return Finding("state", "ok", f"{label}: {len(state.entries)} interviews")


def _keys(project: Project, identity: Path | None) -> Iterator[Finding]:
    config = project.config
    if not config.recipients:
        yield Finding("recipients", "warning", "no embed key can be recorded", "jmctl init adds your public key")
        return
    try:
        sealed = project.secrets.list(identity)
    except JmctlError as error:
        yield _failure("recipients", error)
        return
    stale = [one.entry.name for one in sealed if not one.is_current]
    closed = [one.entry.name for one in sealed if one.opens == "no"]
    if stale:
        detail = f"not sealed to the recipients of jmctl.yaml: {', '.join(stale)}"
        yield Finding("recipients", "warning", detail, "jmctl secrets rekey")
    elif closed:
        detail = f"your identity does not open: {', '.join(closed)}"
        yield Finding("recipients", "warning", detail, "jmctl secrets list shows who can")
    else:
        yield Finding("recipients", "ok", f"{len(config.recipients)} recipients, {len(sealed)} sealed keys")


def _clone(project: Project) -> Iterator[Finding]:
    from reconciler.engine.checkout import Checkout
    from reconciler.state.location import parse_location

    checkout = Checkout(project.config.root, project.variables)
    location = parse_location(project.config.state)
    if location.kind == "folder":
        uncommitted = checkout.uncommitted(location.address)
        if uncommitted is None:
            yield Finding("git", "warning", "no git repository: the state is on this machine only", "git init")
        elif uncommitted:
            command = f"git add {location.address} && git commit"
            yield Finding("git", "warning", f"{location.address} is not committed as it is", command)
        else:
            yield Finding("git", "ok", f"{location.address} is committed")
    if behind := checkout.behind():
        yield Finding("branch", "warning", f"{counted(behind, 'commit')} behind its upstream", "git pull --rebase")


async def _service(project: Project, state: State | None) -> list[Finding]:
    """The account, the token, the clock; then marks that no state knows, when all that is well."""
    from reconciler.engine.orphans import orphans
    from reconciler.engine.session import open_session
    from reconciler.token import seconds_left

    try:
        async with open_session(project) as session:
            account = await session.reader.account()
            left = seconds_left(await session.tokens.current())
            off = session.clock.seconds() - time.time()
        found = [_account(project, state, account.merchant, account.credits), *_token(left), _clock(off)]
        if state is not None and all(one.level != "error" for one in found):
            found.append(_marks([one.id for one in await orphans(project)]))
    except JmctlError as error:
        return [_failure("service", error)]
    return found


def _account(project: Project, state: State | None, merchant: str, credits_left: float | None) -> Finding:
    bound = state.account if state else None
    if bound and (bound.merchant, bound.endpoint) != (merchant, project.config.endpoint):
        detail = f"the token acts for merchant {merchant}; the state is of {bound.merchant} at {bound.endpoint}"
        return Finding("account", "error", detail, "jmctl whoami; use a token of that merchant")
    return Finding("account", "ok", f"merchant {merchant}, {credits_left if credits_left is not None else '?'} credits")


def _token(left: float | None) -> Iterator[Finding]:
    if left is None:
        return
    if left <= 0:
        yield Finding("token", "error", "it has expired", "jmctl login")
    elif left < _TOKEN_SECONDS:
        yield Finding("token", "warning", f"it expires in {left / 60:.0f} min", "jmctl login")
    else:
        yield Finding("token", "ok", f"it lives for {left / 3600:.0f} h")


def _clock(off: float) -> Finding:
    if abs(off) > _CLOCK_SECONDS:
        word = "behind" if off > 0 else "ahead of"
        detail = f"this machine is {abs(off):.0f} s {word} the service"
        return Finding("clock", "warning", detail, "set the clock, for example with timedatectl set-ntp true")
    return Finding("clock", "ok", "within a minute of the service")


def _marks(ids: list[str]) -> Finding:
    if ids:
        detail = f"no state knows {counted(len(ids), 'interview')} with this project's mark"
        return Finding("marks", "warning", detail, "jmctl orphans")
    return Finding("marks", "ok", "every marked interview is in a state")
