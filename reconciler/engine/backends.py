"""The backend of a configuration: the store that `state` in jmctl.yaml names."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.errors import Problem
from reconciler.events import Subscriber, Warned
from reconciler.project.config import Config
from reconciler.resources.recorded import check_recorded
from reconciler.state.backend import Backend
from reconciler.state.local import LocalBackend
from reconciler.state.location import parse_location

_CALLS = 3  # a lease lasts for so many calls at least, or else none could be sent under it


def backend_of(config: Config, variables: Mapping[str, str], notify: Subscriber) -> Backend:
    """Where the state of the environment is kept; contacts nothing, and reports warnings once it is opened.

    Raises Misconfigured when `state` says git and there is no repository.
    """
    location = parse_location(config.state)
    if location.kind == "folder":
        return LocalBackend(config.root / location.address, config.environment, check_recorded)
    from reconciler.state.lease import Timing
    from reconciler.state.open import Surroundings, open_backend

    def notice(text: str) -> None:
        notify(Warned(Problem("the state is kept in another place than configured", text, severity="warning")))

    lease = max(config.lease, _CALLS * config.total_timeout)
    timing = Timing(lease=lease, call=config.total_timeout, skew=config.skew)
    around = Surroundings(config.root, variables, timing, config.environments, check_recorded, notice)
    return open_backend(location, config.environment, around)
