"""The OAuth messages that jmctl sends and reads. Pure: URLs, forms and JSON in, values out.

Sources: RFC 8414 (metadata), RFC 7591 (registration), RFC 7636 (PKCE), RFC 8252 (native apps), RFC 9207 (issuer in the
redirect), RFC 6749 (tokens). What the service's own server does is in docs/service.md.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from reconciler.errors import Misconfigured, Unanswered
from reconciler.secret import Secret

SCOPES = "openid email offline_access"  # without offline_access the server gives no refresh token
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Provider:
    """An authorization server: the endpoints that its metadata names."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    registration_endpoint: str | None
    revocation_endpoint: str | None


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in user: `expires_at` is in seconds since 1970, None when the server did not say."""

    issuer: str
    client_id: str
    access_token: Secret
    refresh_token: Secret | None
    expires_at: float | None


def metadata_urls(issuer: str) -> tuple[str, str]:
    """Where the metadata of `issuer` is: RFC 8414 puts the well-known part before the path, OpenID after it."""
    parts = urlsplit(check_url(issuer, "issuer").rstrip("/"))
    origin = f"{parts.scheme}://{parts.netloc}"
    return (
        f"{origin}/.well-known/oauth-authorization-server{parts.path}",
        f"{origin}{parts.path}/.well-known/openid-configuration",
    )


def parse_provider(document: Any, issuer: str) -> Provider:
    """The provider in a metadata document. Raises Misconfigured when it is another issuer's, or has no S256."""
    if not isinstance(document, dict) or str(document.get("issuer", "")).rstrip("/") != issuer.rstrip("/"):
        raise Misconfigured("the sign-in server is another one", f"its metadata does not name {issuer} as issuer")
    methods = document.get("code_challenge_methods_supported")
    if isinstance(methods, list) and "S256" not in methods:
        raise Misconfigured("the sign-in server is too old", "it does not support PKCE with S256")

    def endpoint(name: str) -> str | None:
        value = document.get(name)
        return check_url(value, name) if isinstance(value, str) else None

    authorization, token = endpoint("authorization_endpoint"), endpoint("token_endpoint")
    if authorization is None or token is None:
        raise Misconfigured("the sign-in server is not usable", "its metadata names no authorization or token endpoint")
    registration, revocation = endpoint("registration_endpoint"), endpoint("revocation_endpoint")
    return Provider(issuer.rstrip("/"), authorization, token, registration, revocation)


def check_url(url: str, name: str) -> str:
    """`url`, if it is https or loopback. Raises Misconfigured: a code or a refresh token must not travel in clear."""
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return url
    raise Misconfigured("the sign-in server is not safe", f"{name} is not https", hint="use an https:// issuer")


def registration(redirect_uri: str) -> dict[str, Any]:
    """The body of a dynamic client registration: a public native client."""
    return {
        "client_name": "jmctl",
        "application_type": "native",
        "redirect_uris": [redirect_uri],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
        "scope": SCOPES,
    }


def challenge(verifier: str) -> str:
    """The S256 challenge of a PKCE verifier."""
    return base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def authorization_url(provider: Provider, client_id: str, redirect_uri: str, *, state: str, verifier: str) -> str:
    """The page that the user opens to sign in and consent."""
    query = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "scope": SCOPES,
        "state": state,
        "code_challenge": challenge(verifier),
        "code_challenge_method": "S256",
        "prompt": "consent",  # without it some servers leave offline_access out
    }
    separator = "&" if urlsplit(provider.authorization_endpoint).query else "?"
    return f"{provider.authorization_endpoint}{separator}{urlencode(query)}"


def parse_redirect(query: str, *, state: str, issuer: str) -> str:
    """The code in the query of the redirect. Raises Unanswered when it is an error or belongs to another request."""
    values = {name: found[0] for name, found in parse_qs(query, keep_blank_values=True).items()}
    if values.get("state") != state or values.get("iss", issuer).rstrip("/") != issuer.rstrip("/"):
        raise Unanswered("signing in failed", "the answer belongs to another request", hint="jmctl login")
    if "code" not in values:
        cause = values.get("error_description") or values.get("error") or "the server sent no code"
        raise Unanswered("signing in failed", cause, hint="jmctl login")
    return values["code"]


def code_form(client_id: str, redirect_uri: str, code: str, verifier: str) -> dict[str, str]:
    """The form that exchanges a code for tokens."""
    return {
        "grant_type": "authorization_code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "code": code,
        "code_verifier": verifier,
    }


def refresh_form(session: Session) -> dict[str, str]:
    """The form that renews a session. The refresh token in it is used up, whether or not the answer arrives."""
    if session.refresh_token is None:
        raise Unanswered("the session cannot be renewed", "it has no refresh token", hint="jmctl login")
    return {
        "grant_type": "refresh_token",
        "client_id": session.client_id,
        "refresh_token": session.refresh_token.reveal(),
    }


def parse_tokens(
    answer: Mapping[str, Any], *, issuer: str, client_id: str, now: float, before: Secret | None = None
) -> Session:
    """The session in a token answer; `before` is the refresh token that stays valid when the answer holds none."""
    access, refresh, lifetime = answer.get("access_token"), answer.get("refresh_token"), answer.get("expires_in")
    if not isinstance(access, str) or not access.isascii() or not access.isprintable():
        raise Unanswered("signing in failed", "the server's answer holds no access token", hint="jmctl login")
    known = isinstance(lifetime, int | float) and not isinstance(lifetime, bool)
    return Session(
        issuer=issuer,
        client_id=client_id,
        access_token=Secret(access),
        refresh_token=Secret(refresh) if isinstance(refresh, str) and refresh else before,
        expires_at=now + float(lifetime) if known and lifetime is not None else None,
    )
