"""HTTP to an authorization server: metadata, registration, tokens, revocation. Redirects are not followed."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import httpx

from reconciler import __version__
from reconciler.errors import Unanswered
from reconciler.oauth.protocol import Provider, Session, metadata_urls, parse_provider, parse_tokens, refresh_form
from reconciler.oauth.protocol import registration as registration_body
from reconciler.secret import Secret

_LARGEST_ANSWER = 256 * 1024  # bytes; a token answer has some thousand
_TIMEOUT = httpx.Timeout(30.0, connect=15.0)
_HEADERS = {"user-agent": f"jmctl/{__version__}", "accept": "application/json"}


def discover(issuer: str) -> Provider:
    """The provider of `issuer`. Raises Unanswered when it does not answer, Misconfigured when it cannot be used."""
    answers = []
    for url in metadata_urls(issuer):
        status, document = _exchange("GET", url)
        if status == httpx.codes.OK:
            return parse_provider(document, issuer)
        answers.append(f"{url} answered {status}")
    raise Unanswered("the sign-in server has no metadata", "; ".join(answers), hint="check the issuer: --issuer URL")


def register(provider: Provider, redirect_uri: str) -> str:
    """Register jmctl as a public client and return its client id. Raises Unanswered when the server refuses."""
    if provider.registration_endpoint is None:
        raise Unanswered(
            "the sign-in server registers no clients",
            f"{provider.issuer} names no registration endpoint",
            hint="name a client that the server knows: jmctl login --client-id ID",
        )
    status, answer = _exchange("POST", provider.registration_endpoint, json=registration_body(redirect_uri))
    client_id = answer.get("client_id")
    if status not in (httpx.codes.OK, httpx.codes.CREATED) or not isinstance(client_id, str):
        raise _refused("the sign-in server refused to register jmctl", status, answer)
    return client_id


def exchange_code(provider: Provider, client_id: str, form: Mapping[str, str]) -> Session:
    """Exchange an authorization code for a session. Raises Unanswered."""
    status, answer = _exchange("POST", provider.token_endpoint, form=form)
    if status != httpx.codes.OK:
        raise _refused("signing in failed", status, answer)
    return parse_tokens(answer, issuer=provider.issuer, client_id=client_id, now=time.time())


def renew(provider: Provider, session: Session) -> Session:
    """A new session for `session`, whose refresh token is used up by the call.

    The caller stores the result before anything else: using an old refresh token again ends the session. Raises
    Unanswered; after a lost answer only signing in again helps.
    """
    status, answer = _exchange("POST", provider.token_endpoint, form=refresh_form(session))
    if status != httpx.codes.OK:
        raise _refused("the session could not be renewed", status, answer)
    return parse_tokens(
        answer, issuer=session.issuer, client_id=session.client_id, now=time.time(), before=session.refresh_token
    )


def revoke(provider: Provider, session: Session) -> bool:
    """Revoke the session's refresh token; False when the server offers no revocation or refuses it."""
    token: Secret | None = session.refresh_token or session.access_token
    if provider.revocation_endpoint is None or token is None:
        return False
    form = {"client_id": session.client_id, "token": token.reveal()}
    status, _ = _exchange("POST", provider.revocation_endpoint, form=form)
    return status == httpx.codes.OK


def _exchange(
    method: str, url: str, *, form: Mapping[str, str] | None = None, json: Any = None
) -> tuple[int, dict[str, Any]]:
    """Status and JSON object of one answer, an empty object when it is no JSON object."""
    try:
        with (
            httpx.Client(timeout=_TIMEOUT, follow_redirects=False, headers=_HEADERS) as client,
            client.stream(method, url, data=form, json=json) as response,
        ):
            body = b""
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > _LARGEST_ANSWER:
                    raise Unanswered("the sign-in server did not answer", "its answer is too large")
            answer = httpx.Response(response.status_code, content=body)
    except (httpx.TransportError, httpx.InvalidURL) as error:
        # the class only: the text of a library's error may repeat what was sent
        raise Unanswered("the sign-in server did not answer", type(error).__name__, hint="check the network") from None
    try:
        document = answer.json()
    except ValueError:
        document = None
    return answer.status_code, document if isinstance(document, dict) else {}


def _refused(summary: str, status: int, answer: Mapping[str, Any]) -> Unanswered:
    cause = answer.get("error_description") or answer.get("error") or "no reason given"
    return Unanswered(summary, f"the server answered {status}: {cause}", hint="sign in again: jmctl login")
