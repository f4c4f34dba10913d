"""What is sealed names its interview: a key that was swapped or brought from elsewhere is refused."""

from __future__ import annotations

import re

import pyrage
import pytest

from reconciler.encryption.age import open_sealed, seal
from reconciler.encryption.recipients import fingerprint, recipient_fault
from reconciler.encryption.sealed_key import KeyBinding, opened_key, sealed_document
from reconciler.errors import Damaged, Misconfigured
from reconciler.secret import Secret

KEY = Secret("k" * 64)
BINDING = KeyBinding("id-1", "embed-1", "demo", "default")
AT = "2026-11-24T12:00:00.000Z"


def test_a_bound_key_opens_where_it_belongs() -> None:
    opened = opened_key(sealed_document(KEY, BINDING, AT), BINDING, bound=True)
    assert (opened.key.reveal(), opened.is_bound, opened.sealed_at) == (KEY.reveal(), True, AT)


@pytest.mark.parametrize(
    ("other", "named"),
    [
        (KeyBinding("id-2", "embed-1", "demo", "default"), "interview id"),
        (KeyBinding("id-1", "embed-2", "demo", "default"), "embed id"),
        (KeyBinding("id-1", None, "demo", "default"), "embed id"),
        (KeyBinding("id-1", "embed-1", "other", "default"), "project"),
        (KeyBinding("id-1", "embed-1", "demo", "staging"), "environment"),
        (KeyBinding("id-2", "embed-2", "demo", "default"), "interview id and embed id"),
    ],
)
def test_a_key_of_something_else_is_refused_by_name(other: KeyBinding, named: str) -> None:
    with pytest.raises(Damaged, match="belongs to another interview") as refused:
        opened_key(sealed_document(KEY, other, AT), BINDING, bound=True)
    assert refused.value.problems[0].detail == f"it was sealed for another {named}"
    assert KEY.reveal() not in str(refused.value.problems)


def test_a_bare_key_opens_only_where_a_bound_one_is_not_expected() -> None:
    opened = opened_key(KEY, BINDING, bound=False)
    assert (opened.key.reveal(), opened.is_bound) == (KEY.reveal(), False)
    with pytest.raises(Damaged, match="belongs to another interview"):
        opened_key(KEY, BINDING, bound=True)


@pytest.mark.parametrize("bare", ["12345", '"text"', "null", '{"key": "x"}', "[1]"])
def test_a_bare_key_that_looks_like_json_is_a_key(bare: str) -> None:
    assert opened_key(Secret(bare), BINDING, bound=False).key.reveal() == bare


def test_a_document_of_a_newer_version_is_not_guessed() -> None:
    newer = sealed_document(KEY, BINDING, AT).reveal().replace('"version":1', '"version":2')
    with pytest.raises(Damaged, match="a newer jmctl sealed this key"):
        opened_key(Secret(newer), BINDING, bound=True)


def test_altered_and_foreign_seals_are_told_apart() -> None:
    mine, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    sealed = seal(KEY, [str(mine.to_public())])
    assert open_sealed(sealed, [mine]).reveal() == KEY.reveal()
    with pytest.raises(Misconfigured, match="no identity opens this secret"):
        open_sealed(sealed, [other])
    lines = sealed.splitlines()
    lines[-2] = lines[-2][::-1]
    for altered in ("\n".join(lines), "not sealed at all", sealed[:200], "\u00e4"):
        with pytest.raises(Misconfigured, match="the sealed secret is damaged"):
            open_sealed(altered, [mine])


def test_each_wrong_letter_of_a_recipient_is_found() -> None:
    recipient = str(pyrage.x25519.Identity.generate().to_public())
    assert recipient_fault(recipient) is None
    for place in range(5, len(recipient)):
        wrong = recipient[:place] + ("q" if recipient[place] != "q" else "p") + recipient[place + 1 :]
        assert recipient_fault(wrong) == "a letter in it is wrong or missing: its checksum does not fit"
        assert recipient_fault(recipient[:place]) is not None


@pytest.mark.parametrize(
    "text", ["", "age1", "someone@example.com", "AGE-SECRET-KEY-1QQQQ", "ssh-dss AAAA", "age1pq1qqqqqqq"]
)
def test_what_is_no_public_key_has_a_fault(text: str) -> None:
    assert recipient_fault(text)


def test_fingerprints_are_short_and_name_the_key() -> None:
    x25519 = str(pyrage.x25519.Identity.generate().to_public())
    assert fingerprint(x25519) == x25519
    ssh = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIH1nyTkOJkYbj+X1UpEAPHWYYELmzFxW6WHhRRlgkEQL"
    assert re.fullmatch(r"ssh-ed25519 SHA256:[A-Za-z0-9+/]{43}", fingerprint(ssh))
    assert fingerprint(ssh) == fingerprint(f"{ssh} somebody@host"), "the comment is no part of the key"
    assert re.fullmatch(r"age1tagpq1qq… SHA256:[A-Za-z0-9+/]{43}", fingerprint("age1tagpq1" + "q" * 1900))
