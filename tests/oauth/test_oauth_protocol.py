"""The OAuth messages as values: metadata, URLs, redirects, tokens."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from reconciler.errors import Misconfigured, Unanswered
from reconciler.oauth import protocol
from reconciler.secret import Secret

ISSUER = "https://id.example/auth/v1"
METADATA: dict[str, Any] = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/authorize",
    "token_endpoint": f"{ISSUER}/token",
    "code_challenge_methods_supported": ["S256"],
}


def test_metadata_is_looked_for_in_both_places() -> None:
    assert protocol.metadata_urls(ISSUER) == (
        "https://id.example/.well-known/oauth-authorization-server/auth/v1",
        "https://id.example/auth/v1/.well-known/openid-configuration",
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://id.example/token"},
        {"authorization_endpoint": None},
        {"code_challenge_methods_supported": ["plain"]},
    ],
)
def test_unsafe_metadata_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Misconfigured):
        protocol.parse_provider({**METADATA, **wrong}, ISSUER)


def test_challenge_is_that_of_the_standard() -> None:
    # RFC 7636, appendix B
    assert protocol.challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == (
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    )


def test_authorization_url_asks_for_a_refresh_token_and_never_holds_the_verifier() -> None:
    provider = protocol.parse_provider(METADATA, ISSUER)
    url = protocol.authorization_url(provider, "me", "http://127.0.0.1:5/callback", state="s", verifier="the-verifier")
    query = parse_qs(urlsplit(url).query)
    assert "offline_access" in query["scope"][0]
    assert query["code_challenge_method"] == ["S256"]
    assert "the-verifier" not in url


@pytest.mark.parametrize("query", ["state=other&code=c", "code=c", "state=s&error=access_denied", "state=s",
                                   "state=s&code=c&iss=https://evil.example"])  # fmt: skip
def test_redirects_of_others_and_errors_give_no_code(query: str) -> None:
    with pytest.raises(Unanswered):
        protocol.parse_redirect(query, state="s", issuer=ISSUER)


def test_refresh_token_stays_when_the_answer_holds_none() -> None:
    before = Secret("old")
    session = protocol.parse_tokens({"access_token": "a"}, issuer=ISSUER, client_id="c", now=0, before=before)
    assert session.refresh_token is before
    assert session.expires_at is None


@pytest.mark.parametrize("answer", [{}, {"access_token": 7}, {"access_token": "a\nb"}, {"access_token": "ä"}])
def test_token_that_no_header_could_carry_is_refused(answer: dict[str, Any]) -> None:
    with pytest.raises(Unanswered):
        protocol.parse_tokens(answer, issuer=ISSUER, client_id="c", now=0)
