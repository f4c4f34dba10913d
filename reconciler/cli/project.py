"""Opens what every command begins with: the configuration, the manifests, the state."""

from __future__ import annotations

import click

from reconciler.project.cache import Cache, open_cache
from reconciler.project.config import Config, load_config
from reconciler.project.load import Manifests, read_manifests
from reconciler.state.local import Store


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


def store(config: Config) -> Store:
    """The state of the environment."""
    return Store(config.state, config.environment)
