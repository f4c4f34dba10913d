"""Signing in, renewing and signing out, against a real OAuth server."""

from __future__ import annotations

import stat
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.errors import JmctlError, Misconfigured, Unanswered
from reconciler.oauth.credentials import FileVault, load, save, session_name
from reconciler.oauth.protocol import Session
from reconciler.oauth.provider import discover, renew
from reconciler.oauth.session import SessionStore

Browse = Callable[[str], str]


@pytest.fixture
def store(issuer: str, tmp_path: Path) -> SessionStore:
    return SessionStore(issuer, tmp_path, FileVault(tmp_path))


@pytest.fixture
def session(store: SessionStore, browse: Browse) -> Session:
    pages: list[str] = []
    threads: list[threading.Thread] = []

    def show(url: str) -> None:
        threads.append(threading.Thread(target=lambda: pages.append(browse(url))))
        threads[0].start()

    session = store.sign_in(show)
    threads[0].join()
    assert "go back to the terminal" in pages[0]
    return session


def stale(store: SessionStore, session: Session) -> Session:
    """The session as it is once its access token is about to expire."""
    old = replace(session, expires_at=time.time() + 60)
    save(store.vault, old)
    return old


def test_sign_in_gives_a_session_that_can_be_renewed(session: Session, store: SessionStore) -> None:
    assert session.refresh_token is not None
    assert session.expires_at is not None
    token = store.token()
    assert token is not None
    assert token.reveal() == session.access_token.reveal()


@pytest.mark.usefixtures("session")
def test_session_file_is_for_its_owner_only(store: SessionStore, tmp_path: Path) -> None:
    path = tmp_path / f"session-{session_name(store.issuer)}.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    with pytest.raises(Misconfigured, match="others can read the session"):
        store.token()


def test_token_is_renewed_before_it_expires_and_as_often_as_needed(session: Session, store: SessionStore) -> None:
    seen = {session.access_token.reveal()}
    for _ in range(3):
        stale(store, store.read() or session)
        token = store.token()
        assert token is not None
        seen.add(token.reveal())
    assert len(seen) == 4


def test_rejected_token_is_renewed_although_it_has_not_expired(session: Session, store: SessionStore) -> None:
    token = store.token(rejected=session.access_token)
    assert token is not None
    assert token.reveal() != session.access_token.reveal()
    again = store.token(rejected=session.access_token)  # somebody else already renewed it
    assert again is not None
    assert again.reveal() == token.reveal()


def test_renewal_is_stored_before_the_token_is_given_out(
    session: Session, store: SessionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale(store, session)

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("reconciler.oauth.session.save", fail)
    with pytest.raises(OSError, match="disk full"):
        store.token()


def test_refresh_token_is_used_once_by_racing_callers(session: Session, store: SessionStore) -> None:
    """Reuse would end the session: then one of the eight, or the renewal after them, would fail."""
    stale(store, session)
    with ThreadPoolExecutor(8) as pool:
        tokens = {token.reveal() for token in pool.map(lambda _: store.token(), range(8)) if token}
    assert len(tokens) == 1
    stale(store, store.read() or session)
    assert store.token() is not None


def test_server_ends_a_session_whose_refresh_token_is_used_twice(session: Session, store: SessionStore) -> None:
    """The rule that makes the lock necessary, seen at the server itself."""
    provider = discover(store.issuer)
    renewed = renew(provider, session)
    with pytest.raises(Unanswered, match="could not be renewed"):
        renew(provider, session)
    with pytest.raises(Unanswered, match="could not be renewed"):
        renew(provider, renewed)


def test_sign_out_revokes_and_forgets(session: Session, store: SessionStore) -> None:
    assert store.sign_out()
    assert store.read() is None
    assert store.token() is None
    with pytest.raises(Unanswered):
        renew(discover(store.issuer), session)
    assert not store.sign_out()


def test_answers_to_other_requests_are_refused(store: SessionStore, browse: Browse) -> None:
    def show(url: str) -> None:
        forged = url.replace("state=", "state=forged-")
        threading.Thread(target=lambda: browse(forged)).start()

    with pytest.raises(Unanswered) as caught:
        store.sign_in(show)
    assert "belongs to another request" in caught.value.problems[0].detail
    assert store.read() is None


def test_an_unreadable_session_says_to_sign_in_again(store: SessionStore, tmp_path: Path) -> None:
    path = tmp_path / f"session-{session_name(store.issuer)}.json"
    path.touch(0o600)
    path.write_text('{"issuer": 1}')
    with pytest.raises(Misconfigured) as caught:
        load(store.vault, store.issuer)
    assert caught.value.problems[0].hint == "sign in again: jmctl login"


def test_no_secret_in_any_message(session: Session, store: SessionStore) -> None:
    assert session.refresh_token
    secrets = {session.access_token.reveal(), session.refresh_token.reveal()}
    provider = discover(store.issuer)
    renew(provider, session)
    with pytest.raises(JmctlError) as caught:
        renew(provider, session)
    said = repr(session) + str(caught.value) + repr(caught.value.problems)
    assert not any(secret in said for secret in secrets)
