"""Where a session is kept: the system's keyring when the `login` extra offers one, else a file of mode 0600.

One session for each issuer. Renewing uses up the refresh token, so readers and writers of one session hold `locked`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

import orjson

from reconciler.atomic_file import replace_file
from reconciler.errors import Locked, Misconfigured, Where
from reconciler.oauth.protocol import Session
from reconciler.secret import Secret

_SERVICE = "jmctl"
_LOCK_SECONDS = 60.0  # a renewal takes at most two timeouts of the provider


class Vault(Protocol):
    """Keeps text under a name. Callers hold `locked` while they change it."""

    label: str

    def read(self, name: str) -> str | None:
        """The text under `name`, or None."""
        ...

    def write(self, name: str, text: str) -> None:
        """Keep `text` durably: it is there when this returns."""
        ...

    def remove(self, name: str) -> None:
        """Forget `name`; nothing happens when it is not there."""
        ...


class FileVault:
    """Files of mode 0600 in a folder of mode 0700."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.label = str(folder)

    def read(self, name: str) -> str | None:
        path = self._path(name)
        try:
            status = path.stat()
            if status.st_mode & 0o077:
                raise Misconfigured(
                    "others can read the session",
                    f"its mode is {status.st_mode & 0o777:o}",
                    hint=f"chmod 600 {path}",
                    where=Where(str(path)),
                )
            return path.read_text("utf-8")
        except FileNotFoundError:
            return None

    def write(self, name: str, text: str) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._path(name)
        if not path.exists():
            path.touch(0o600)  # replace_file keeps the mode
        replace_file(path, text.encode())

    def remove(self, name: str) -> None:
        self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self._folder / f"session-{name}.json"


class KeyringVault:
    """The system's keyring, through the `keyring` library."""

    def __init__(self, backend: Any) -> None:
        self._backend = backend
        self.label = f"the keyring ({backend.name})"

    def read(self, name: str) -> str | None:
        found: str | None = self._backend.get_password(_SERVICE, name)
        return found

    def write(self, name: str, text: str) -> None:
        self._backend.set_password(_SERVICE, name, text)

    def remove(self, name: str) -> None:
        with suppress(Exception):  # each backend has its own error for "not there"
            self._backend.delete_password(_SERVICE, name)


def session_folder(variables: Mapping[str, str]) -> Path:
    """Where sessions and their locks are: JMCTL_SESSION_DIR, else below the user's state folder."""
    if named := variables.get("JMCTL_SESSION_DIR"):
        return Path(named)
    import platformdirs

    return platformdirs.user_state_path("jmctl") / "sessions"


def open_vault(folder: Path) -> Vault:
    """The keyring where there is one that is safe to use, else files in `folder`."""
    try:
        import keyring
        from keyring.backends import fail, null
    except ImportError:
        return FileVault(folder)
    backend = keyring.get_keyring()
    # a chained backend of priority 0 and the plain-text ones of keyrings.alt are no better than a file of our own
    if isinstance(backend, fail.Keyring | null.Keyring) or backend.priority < 1:
        return FileVault(folder)
    return KeyringVault(backend)


@contextmanager
def locked(folder: Path, issuer: str) -> Iterator[None]:
    """Hold the session of `issuer` across processes. Raises Locked when another one holds it for a minute."""
    import portalocker

    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"session-{session_name(issuer)}.lock"
    try:
        with portalocker.Lock(path, mode="a", timeout=_LOCK_SECONDS):
            yield
    except portalocker.exceptions.LockException:
        raise Locked(
            "another jmctl renews the session", issuer, hint="wait for it, then run this again", where=Where(str(path))
        ) from None


def session_name(issuer: str) -> str:
    """The name under which the session of `issuer` is kept."""
    return sha256(issuer.rstrip("/").encode()).hexdigest()[:16]


def load(vault: Vault, issuer: str) -> Session | None:
    """The session of `issuer`, or None. Raises Misconfigured when what is kept cannot be read."""
    text = vault.read(session_name(issuer))
    if text is None:
        return None
    try:
        raw = orjson.loads(text)
        refresh = raw["refresh_token"]
        return Session(
            issuer=raw["issuer"],
            client_id=raw["client_id"],
            access_token=Secret(raw["access_token"]),
            refresh_token=None if refresh is None else Secret(refresh),
            expires_at=raw["expires_at"],
        )
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise Misconfigured("the session cannot be read", vault.label, hint="sign in again: jmctl login") from None


def dump(session: Session) -> str:
    """`session` as text, secrets in clear: for a vault, or to be sealed."""
    return orjson.dumps(
        {
            "issuer": session.issuer,
            "client_id": session.client_id,
            "access_token": session.access_token.reveal(),
            "refresh_token": session.refresh_token.reveal() if session.refresh_token else None,
            "expires_at": session.expires_at,
        }
    ).decode()


def save(vault: Vault, session: Session) -> None:
    """Keep `session` under its issuer."""
    vault.write(session_name(session.issuer), dump(session))
