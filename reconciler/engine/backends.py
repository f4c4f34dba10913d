"""The backend of a configuration: the store that `state` in jmctl.yaml names."""

from __future__ import annotations

from reconciler.project.config import Config
from reconciler.resources.recorded import check_recorded
from reconciler.state.backend import Backend
from reconciler.state.local import LocalBackend


def backend_of(config: Config) -> Backend:
    """Where the state of the environment is kept; opens nothing."""
    return LocalBackend(config.state, config.environment, check_recorded)
