"""Opens what every command begins with: the configuration, the manifests, the state."""

from __future__ import annotations

import sys

import click

from reconciler.project.cache import Cache, open_cache
from reconciler.project.config import Config, load_config
from reconciler.project.load import Manifests, read_manifests
from reconciler.state.backend import Backend, Holder
from reconciler.state.local import LocalBackend


def configuration() -> tuple[Config, Cache | None]:
    """The configuration that the global options name, and the cache. Raises Misconfigured or Invalid."""
    options = click.get_current_context().obj
    cache = open_cache()
    return load_config(options["directory"], options["environment"], cache), cache


def manifests(config: Config, cache: Cache | None) -> Manifests:
    """Every manifest of the project, its warnings told on stderr. Raises Invalid."""
    found = read_manifests(config.root, config.manifests, cache, config.manifest_places)
    if found.warnings:
        from reconciler.views.problems import problem_lines

        for warning in found.warnings:
            for line in problem_lines(warning):
                click.echo(line, err=True)
    return found


def store(config: Config) -> Backend:
    """Where the state of the environment is kept."""
    return LocalBackend(config.state, config.environment)


def holder() -> Holder:
    """Names the process that runs this command to those who have to wait for it."""
    from reconciler.state.lock import current_holder

    return current_holder(" ".join(["jmctl", *sys.argv[1:]]))
