"""Which sandbox a command means: the folder named by --path, else the endpoint of jmctl.yaml, else .sandbox here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reconciler.errors import Misconfigured

if TYPE_CHECKING:
    from reconciler.engine.project import Project

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_DEFAULT = ".sandbox"


def data_folder(path: Path | None) -> Path:
    """The folder of the sandbox's data. Raises Misconfigured or Invalid when jmctl.yaml cannot be read."""
    options = click.get_current_context().find_root().obj or {}
    directory: Path = options.get("directory", Path())  # as if started in -C DIR
    if path is not None:
        return directory / path
    project = _project()
    return (project.config.sandbox if project else None) or directory / _DEFAULT


def served_control(path: Path | None) -> str | None:
    """The control URL of the served sandbox that is the project's endpoint, None when a folder is meant.

    Raises Misconfigured when the endpoint is neither a folder nor on this machine: it is no sandbox.
    """
    project = None if path is not None else _project()
    if project is None or project.config.sandbox is not None:
        return None
    config = project.config
    from urllib.parse import urlsplit

    if urlsplit(config.endpoint).hostname not in _LOOPBACK:
        hint = "set endpoint: sandbox:FOLDER, or name its folder with --path"
        raise Misconfigured("the endpoint is no sandbox", config.endpoint, hint=hint, where=config.at("endpoint"))
    return config.endpoint.removesuffix("/functions/v1") + "/_sandbox"


def control(url: str, body: dict[str, Any]) -> Any:
    """Posts to a control endpoint. Raises Misconfigured when it does not answer as a sandbox."""
    import json
    from urllib.error import URLError
    from urllib.request import Request, urlopen

    try:
        with urlopen(Request(url, json.dumps(body).encode(), method="POST")) as answer:  # noqa: S310 - loopback only
            return json.loads(answer.read())
    except (URLError, ValueError) as error:
        raise Misconfigured("the sandbox does not answer", f"{url}: {error}", hint="jmctl sandbox serve") from None


def _project() -> Project | None:
    """The project around, None outside of one."""
    options = click.get_current_context().find_root().obj
    if not options:
        return None
    from reconciler.cli.options import project_here
    from reconciler.engine.known_names import is_project

    return project_here() if is_project(options["directory"]) else None
