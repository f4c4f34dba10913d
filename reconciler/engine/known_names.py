"""Names that a project knows, for shell completion: read offline, tolerant of mistakes, without a YAML parser.

A name that is missed here costs one suggestion, so manifests are searched by a pattern instead of being parsed, and a
configuration or state that cannot be read gives no names. The files of the branch are only read; nothing is contacted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from reconciler.address import Address
from reconciler.engine.backends import backend_of
from reconciler.errors import JmctlError, Misconfigured
from reconciler.project.boundary import find_config
from reconciler.project.cache import open_cache
from reconciler.project.config import Config, environment_names, load_config
from reconciler.project.files import manifest_files, read
from reconciler.state.location import parse_location

# `metadata:` with `name:` below it, or both within braces; names are [a-z0-9-], quoted or not
_NAME = re.compile(
    rb"""^metadata:[ \t]*(?:\{[^}\n]*?|(?:\#.*)?\r?\n(?:[ \t]+.*\n|[ \t]*\r?\n)*?[ \t]+)name:[ \t]*["']?([a-z0-9-]+)""",
    re.MULTILINE,
)
_SAFE = re.compile(r"[A-Za-z0-9._-]+")  # shells expand what they are offered


@dataclass(frozen=True, slots=True)
class KnownNames:
    """Interview names by where they were found, each sorted; `unsettled` have a create of unknown outcome."""

    declared: tuple[str, ...] = ()
    recorded: tuple[str, ...] = ()
    unsettled: tuple[str, ...] = ()


def is_project(folder: Path) -> bool:
    """Whether there is a jmctl.yaml in `folder` or above it."""
    try:
        find_config(folder)
    except Misconfigured:
        return False
    return True


def known_environments(start: Path, variables: Mapping[str, str]) -> list[str]:
    """Names of the environments that jmctl.yaml declares, and the default one; empty when it cannot be read."""
    with suppress(JmctlError, OSError):
        return [name for name in environment_names(start, open_cache(variables)) if _SAFE.fullmatch(name)]
    return []


def known_names(start: Path, environment: str | None, variables: Mapping[str, str]) -> KnownNames:
    """Names in the manifests and in the state of one environment; empty where they cannot be read."""
    try:
        config = load_config(start, environment, open_cache(variables))
    except (JmctlError, OSError):
        return KnownNames()
    recorded: tuple[str, ...] = ()
    unsettled: tuple[str, ...] = ()
    with suppress(JmctlError, OSError):
        if parse_location(config.state).kind == "folder":
            state = backend_of(config, {}, lambda _: None).read().state
            recorded, unsettled = _bare(state.entries), _bare(state.in_doubt)
    return KnownNames(_declared(config), recorded, unsettled)


def _bare(addresses: Iterable[Address]) -> tuple[str, ...]:
    return tuple(sorted({address.name for address in addresses}))


def _declared(config: Config) -> tuple[str, ...]:
    found: set[str] = set()
    files, _ = manifest_files(config.root, config.manifests)
    for path, shown in files:
        data = read(path, shown)
        if isinstance(data, bytes):
            found.update(match.decode() for match in _NAME.findall(data))
    return tuple(sorted(found))
