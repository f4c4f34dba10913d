"""jmctl.yaml -> Config: found upwards, judged as a whole, then narrowed to one environment.

Every environment is judged, not only the chosen one. An unchanged file comes out of the cache without pydantic.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from reconciler.compose.context import NO_CONTEXT, Context
from reconciler.errors import Invalid, Misconfigured, Problem, Where
from reconciler.project import boundary
from reconciler.project.cache import content_key
from reconciler.project.environments import DEFAULT, context_of, unknown_environment
from reconciler.project.files import read
from reconciler.project.review import with_target
from reconciler.resources.mark import Owner
from reconciler.text.paths import as_typed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from reconciler.project.cache import Cache

Spot = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Guards:
    """What a plan may remove: a count, or a share ("30%") that counts from `max_destroy_minimum` interviews on."""

    max_destroy: str | int = "30%"
    max_destroy_minimum: int = 10


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the account must be; None where anything will do. `environment` is the service's own word for it."""

    merchant: str | None = None
    environment: str | None = None


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one environment. Times are in seconds; `state` names a folder or another store, as
    `state.location` reads it; `endpoint` may be `sandbox:PATH`; `environments` are the names of all of them.

    `recipients` are public keys, `named_recipients` the names of those that have one.
    `composition` is the environment and the variables that manifests are composed with.
    `written` is set for a branch under review: what its own jmctl.yaml says, while these settings are in force.
    """

    root: Path
    file: Path
    environment: str
    project: str
    manifests: tuple[str, ...]
    endpoint: str
    state: str
    recipients: tuple[str, ...] = ()
    named_recipients: Mapping[str, str] = field(default_factory=dict)
    token_command: str | tuple[str, ...] | None = None
    apikey: str | None = None
    concurrency: int = 8
    connect_timeout: float = 15.0
    total_timeout: float = 60.0
    embed_url: str = "https://try.interviewmojito.com/embed"
    guards: Guards = Guards()
    expect: Expectation = Expectation()
    grace: float = 30.0
    skew: float = 300.0
    lease: float = 180.0
    environments: tuple[str, ...] = (DEFAULT,)
    marks: Mapping[Spot, tuple[int, int]] = field(default_factory=dict)
    written: Config | None = None
    composition: Context = NO_CONTEXT

    @property
    def sandbox(self) -> Path | None:
        """The folder of the simulated service, when the endpoint is one."""
        kind, _, path = self.endpoint.partition(":")
        return self.root / path if kind == "sandbox" else None

    @property
    def owner(self) -> Owner:
        """Whom the marks of this environment's interviews name."""
        return Owner(self.project, self.environment, {*self.environments} <= {self.environment, DEFAULT})

    def at(self, *path: str | int) -> Where:
        """Where the setting in force stands: in the environment's part, else above it, else the file as a whole."""
        shown = as_typed(self.root, boundary.FILE)
        for spot in (("environments", self.environment, *path), path):
            if mark := self.marks.get(spot):
                return Where(shown, *mark)
        return Where(shown)

    @property
    def manifest_places(self) -> tuple[Where, ...]:
        """Where each pattern of `manifests` stands."""
        return tuple(self.at("manifests", index) for index in range(len(self.manifests)))


def load_config(
    start: Path,
    environment: str | None = None,
    cache: Cache | None = None,
    variables: Mapping[str, str] = MappingProxyType({}),
    target: Callable[[Path], bytes | None] | None = None,
) -> Config:
    """The configuration for `start` and the folders above it; raises Misconfigured or Invalid.

    A jmctl.yaml of another user is refused unless JMCTL_SAFE_DIRECTORY of `variables` names its folder. For a branch
    under review `target` gives what the file is on the target branch, whose decisive settings are in force then.
    """
    file = boundary.find_config(start)
    boundary.check_owner(file, variables.get(boundary.SAFE_VARIABLE, ""))
    values, marks = _settings(file, cache)
    config = _narrowed(file, values, marks, environment)
    _check_folders(config)
    if target is None:
        return config
    accepted = _accepted(target(file), config)
    in_force = _narrowed(file, with_target(values, accepted), marks, environment)
    _check_folders(in_force)
    return replace(in_force, written=config)


def _accepted(data: bytes | None, config: Config) -> dict[str, Any]:
    """The settings of the target branch; without a jmctl.yaml there they are the defaults. Raises Invalid."""
    if data is None:
        return {"project": config.project}
    from reconciler.project.config_validate import judge_settings

    return judge_settings(data, f"{boundary.FILE} of the target branch")[0]


def environment_names(start: Path, cache: Cache | None = None) -> list[str]:
    """Names of the environments that can be chosen, sorted; raises Misconfigured or Invalid."""
    values, _ = _settings(boundary.find_config(start), cache)
    return sorted({DEFAULT, *values.get("environments", {})})


def _settings(file: Path, cache: Cache | None) -> tuple[dict[str, Any], Mapping[Spot, tuple[int, int]]]:
    """The checked content of `file` and the place (line, column) of each value by its path. Raises Invalid."""
    root = file.parent
    shown = as_typed(root, boundary.FILE)
    data = read(str(file), shown)
    if isinstance(data, Problem):
        raise Invalid([data])
    key = content_key(data)
    pack = cache.pack(root, "config") if cache else None
    known = _recalled(pack.find(key)) if pack else None
    if known is None:
        from reconciler.project.config_validate import judge_settings

        try:
            known = judge_settings(data, shown)
        except Invalid as error:
            from reconciler.project.excerpts import with_excerpts

            raise Invalid(with_excerpts(error.problems, root, {shown: str(file)})) from None
        if pack:
            pack.keep(key, [known[0], [[list(spot), *mark] for spot, mark in known[1].items()]])
    if pack:
        pack.save()
    return known


def _check_folders(config: Config) -> None:
    """Raises Misconfigured when the state or the sandbox would lie outside of the repository."""
    repository = str(boundary.repository_of(config.root))
    is_folder = "://" not in config.state and config.state.partition(":")[0] != "git"
    state = config.root / config.state if is_folder else None
    for setting, folder in (("state", state), ("endpoint", config.sandbox)):
        if folder is not None and not boundary.is_within(str(folder), repository):
            raise Misconfigured(
                "folder outside of the repository",
                f"`{setting}` leads out of {as_typed(Path(repository), '')}",
                hint="name a folder below jmctl.yaml",
                where=config.at(setting),
            )


def _narrowed(
    file: Path, values: dict[str, Any], marks: Mapping[Spot, tuple[int, int]], environment: str | None
) -> Config:
    environments = values.get("environments", {})
    chosen = environment or DEFAULT
    if chosen not in environments and chosen != DEFAULT:
        raise unknown_environment(chosen, environments, as_typed(file.parent, boundary.FILE), marks)
    own = environments.get(chosen, {})
    merged = {**values, **own}
    timeouts = {**values.get("timeouts", {}), **own.get("timeouts", {})}
    guards = {**values.get("guards", {}), **own.get("guards", {})}
    recovery = {**values.get("recovery", {}), **own.get("recovery", {})}
    expect = {**values.get("expect", {}), **own.get("expect", {})}
    command = merged.get("token_command")
    root = file.parent
    return Config(
        root=root,
        file=file,
        environment=chosen,
        project=merged["project"],
        manifests=tuple(merged.get("manifests", ("interviews/**/*.yaml",))),
        endpoint=merged.get("endpoint", "https://cool.jobmojito.com/functions/v1").rstrip("/"),
        state=merged.get("state", "state"),
        environments=tuple(sorted({DEFAULT, *environments})),
        recipients=tuple(_keys(merged)),
        named_recipients={one["key"]: one["name"] for one in merged.get("recipients", ()) if isinstance(one, dict)},
        token_command=tuple(command) if isinstance(command, list) else command,
        apikey=merged.get("apikey"),
        concurrency=merged.get("concurrency", 8),
        connect_timeout=timeouts.get("connect", 15.0),
        total_timeout=timeouts.get("total", 60.0),
        embed_url=merged.get("embed_url", "https://try.interviewmojito.com/embed"),
        guards=Guards(**guards),
        expect=Expectation(**expect),
        grace=recovery.get("grace", 30.0),
        skew=recovery.get("skew", 300.0),
        lease=recovery.get("lease", 180.0),
        marks=marks,
        composition=context_of(values, chosen),
    )


def _keys(values: Mapping[str, Any]) -> Iterator[str]:
    for recipient in values.get("recipients", ()):
        yield recipient["key"] if isinstance(recipient, dict) else recipient


def _recalled(entry: Any) -> tuple[dict[str, Any], dict[Spot, tuple[int, int]]] | None:
    try:
        values, marks = entry
        return values, {tuple(spot): (line, column) for spot, line, column in marks}
    except (TypeError, ValueError):
        return None
