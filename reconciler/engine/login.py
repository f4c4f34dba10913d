"""Sign in to the service of a project, sign out, and the token of the session that is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from reconciler.engine.trust import check_endpoint
from reconciler.errors import Misconfigured
from reconciler.oauth.credentials import session_folder
from reconciler.secret import Secret

if TYPE_CHECKING:
    from reconciler.engine.project import Project
    from reconciler.oauth.session import SessionStore

ISSUER_VARIABLE = "JMCTL_ISSUER"
_ISSUER_PATH = "/auth/v1"  # where the service's platform puts its authorization server; docs/service.md


def issuer_of(project: Project) -> str:
    """The authorization server of `project`: JMCTL_ISSUER, else the one beside its endpoint.

    Raises Misconfigured for the embedded sandbox, which needs no token, and Refused when the endpoint may receive none.
    """
    if project.config.sandbox:
        raise Misconfigured("the sandbox needs no signing in", hint="go on: jmctl plan")
    if named := project.variables.get(ISSUER_VARIABLE):
        return named
    check_endpoint(project)
    parts = urlsplit(project.config.endpoint)
    return f"{parts.scheme}://{parts.netloc}{_ISSUER_PATH}"


def sign_in(project: Project, show: Callable[[str], None], client_id: str | None = None) -> str:
    """Sign in through the browser and keep the session; returns where. `show` gets the URL to open. Blocks.

    Raises Unanswered when the server or the user does not answer, Misconfigured when the server is not usable.
    """
    store = _store(issuer_of(project), project.variables)
    store.sign_in(show, client_id)
    return store.vault.label


def sign_out(project: Project) -> bool:
    """Revoke and forget the session of `project`; False when there was none. Blocks."""
    return _store(issuer_of(project), project.variables).sign_out()


def kept_session(project: Project, refused: Secret | None = None) -> Secret | None:
    """A valid access token of the session that is kept, renewed when it has to be; None when signed out. Blocks."""
    folder = session_folder(project.variables)
    if not folder.is_dir():
        return None  # signed in never: neither the keyring nor HTTP is loaded
    return _store(issuer_of(project), project.variables, folder).token(refused)


def _store(issuer: str, variables: Mapping[str, str], folder: Path | None = None) -> SessionStore:
    from reconciler.oauth.session import SessionStore

    return SessionStore.open(issuer, folder or session_folder(variables))
