"""Sign in, sign out, and give out a valid access token, renewing the session as often as needed.

A refresh token works once. So a renewal is done under the session's lock, reads the session again once it holds the
lock, and stores the new tokens before it returns them.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from reconciler.oauth.credentials import Vault, load, locked, open_vault, save, session_name
from reconciler.oauth.protocol import Session, authorization_url, code_form, parse_redirect
from reconciler.secret import Secret
from reconciler.token import RENEW_SECONDS

_SIGN_IN_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class SessionStore:
    """The session of one `issuer`, kept in `vault`; its lock is a file in `folder`."""

    issuer: str
    folder: Path
    vault: Vault

    @classmethod
    def open(cls, issuer: str, folder: Path) -> SessionStore:
        """The session of `issuer` in the keyring, or in files below `folder`."""
        return cls(issuer.rstrip("/"), folder, open_vault(folder))

    def read(self) -> Session | None:
        """The session as kept, valid or not; None when signed out."""
        return load(self.vault, self.issuer)

    def token(self, rejected: Secret | None = None) -> Secret | None:
        """An access token that lives for at least two minutes, or None when signed out.

        `rejected` is a token that the service refused: the one returned is another. Raises Unanswered when renewing
        fails, Locked when another process keeps renewing. Blocks; safe across threads and processes.
        """
        session = self.read()
        if session is None or _usable(session, rejected):
            return session.access_token if session else None
        with locked(self.folder, self.issuer):
            session = self.read()  # another process may have renewed it meanwhile
            if session is None:
                return None
            if not _usable(session, rejected):
                from reconciler.oauth.provider import discover, renew

                session = renew(discover(self.issuer), session)
                save(self.vault, session)
        return session.access_token

    def sign_in(self, show: Callable[[str], None], client_id: str | None = None) -> Session:
        """Sign in through the browser: `show` gets the URL to open. Raises Unanswered."""
        from reconciler.oauth.loopback import listen
        from reconciler.oauth.provider import discover, exchange_code, register

        provider = discover(self.issuer)
        with listen() as redirect:
            client = client_id or register(provider, redirect.uri)
            state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(64)
            show(authorization_url(provider, client, redirect.uri, state=state, verifier=verifier))
            code = parse_redirect(redirect.wait(_SIGN_IN_SECONDS), state=state, issuer=self.issuer)
            session = exchange_code(provider, client, code_form(client, redirect.uri, code, verifier))
        with locked(self.folder, self.issuer):
            save(self.vault, session)
        return session

    def sign_out(self) -> bool:
        """Revoke and forget the session; False when there was none."""
        with locked(self.folder, self.issuer):
            session = self.read()
            if session is None:
                return False
            self.vault.remove(session_name(self.issuer))
        from reconciler.errors import JmctlError
        from reconciler.oauth.provider import discover, revoke

        try:
            revoke(discover(self.issuer), session)
        except JmctlError:
            return True  # forgotten here; the server ends it by itself
        return True


def _usable(session: Session, rejected: Secret | None) -> bool:
    if rejected is not None and session.access_token.reveal() == rejected.reveal():
        return False
    return session.expires_at is None or session.expires_at - time.time() > RENEW_SECONDS
