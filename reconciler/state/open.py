"""The registry of shared stores: one row for each, which opens the state of one environment at a location."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from reconciler.errors import Misconfigured
from reconciler.state.backend import Backend
from reconciler.state.format import AttributeCheck
from reconciler.state.lease import Timing
from reconciler.state.location import Location
from reconciler.state.shared import SharedBackend
from reconciler.state.shared_document import SharedPlace

if TYPE_CHECKING:
    from reconciler.state.stores.cas import CompareAndSwap

# What runs of pipelines say of their own address: GitHub, GitLab, Jenkins, Azure, Bitbucket, CircleCI, Buildkite
_RUNS = ("CI_JOB_URL", "BUILD_URL", "CIRCLE_BUILD_URL", "BUILDKITE_BUILD_URL")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What opening a store needs beside its location.

    `root` is the folder of jmctl.yaml, `environ` the process environment as values, `environments` the names of all
    environments. `cache` and `memory` are this user's folders, for what can be made again and for what cannot.
    `notify` is called with what the user should hear, in words.
    """

    root: Path
    environ: Mapping[str, str]
    timing: Timing
    environments: Sequence[str] = ()
    check_attributes: AttributeCheck | None = None
    notify: Callable[[str], None] = field(default=lambda _: None)
    cache: Path | None = None
    memory: Path | None = None


def open_backend(location: Location, environment: str, around: Surroundings) -> Backend:
    """The state of `environment` at `location`; contacts nothing. Raises Misconfigured for a place without a name."""
    place = SharedPlace(
        _STORES[location.kind](location, around),
        (around.memory or _memory()) / "stores",
        around.timing,
        run_address(around.environ),
        around.environments,
        around.check_attributes,
    )
    return SharedBackend(place, environment, around.notify)


def run_address(environ: Mapping[str, str]) -> str | None:
    """The address of the pipeline's run that this process belongs to, if it belongs to one."""
    if environ.get("GITHUB_RUN_ID"):
        server, repository = environ.get("GITHUB_SERVER_URL", ""), environ.get("GITHUB_REPOSITORY", "")
        return f"{server}/{repository}/actions/runs/{environ['GITHUB_RUN_ID']}"
    return next((environ[name] for name in _RUNS if environ.get(name)), None)


def _git(location: Location, around: Surroundings) -> Callable[[str], CompareAndSwap]:
    from reconciler.state.stores.git import GitStore
    from reconciler.state.stores.git_remote import Remote, clone_settings, remote_of

    if location.address:
        remote = Remote(location.address, location.address, clone_settings(around.root, around.environ))
    else:
        remote = remote_of(around.root, around.environ)
    cache = (around.cache or _cache()) / "git"
    return lambda environment: GitStore(
        remote.url,
        f"{location.ref}/{environment}",
        cache,
        around.environ,
        shown=remote.shown,
        settings=remote.settings,
    )


def _object(location: Location, around: Surroundings) -> Callable[[str], CompareAndSwap]:
    from reconciler.state.stores.object_store import ObjectStore

    scheme, _, rest = location.address.partition("://")
    bucket, _, prefix = rest.partition("/")
    return lambda environment: ObjectStore(
        f"{scheme}://{bucket}/{prefix}".rstrip("/"), f"{environment}.json", around.environ
    )


def _http(location: Location, around: Surroundings) -> Callable[[str], CompareAndSwap]:
    from reconciler.state.stores.http_store import HttpStore

    return lambda environment: HttpStore(f"{location.address}-{environment}", around.environ)


_STORES: dict[str, Callable[[Location, Surroundings], Callable[[str], CompareAndSwap]]] = {
    "git": _git,
    "object": _object,
    "http": _http,
}


def _cache() -> Path:
    import platformdirs

    return _absolute(platformdirs.user_cache_path("jmctl"))


def _memory() -> Path:
    import platformdirs

    return _absolute(platformdirs.user_state_path("jmctl"))


def _absolute(folder: Path) -> Path:
    if not folder.is_absolute():
        hint = "set HOME to the folder of the user that runs jmctl"
        raise Misconfigured("no folder for this user's files", str(folder), hint=hint)
    return folder
