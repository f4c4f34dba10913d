"""Addresses: kind and name identify a resource, in text and in order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.address import Address, matching

words = st.text(st.characters(codec="utf-8", exclude_characters="/"), min_size=1, max_size=8)


@given(words, words)
def test_text_form_is_read_back(kind: str, name: str) -> None:
    assert Address.parse(str(Address(kind, name))) == Address(kind, name)


@pytest.mark.parametrize("text", ["", "one", "/one", "Interview/", "Interview/a/b"])
def test_other_text_is_no_address(text: str) -> None:
    with pytest.raises(ValueError, match="not an address"):
        Address.parse(text)


def test_order_is_kind_then_name() -> None:
    unordered = [Address("Texts", "a"), Address("Interview", "b"), Address("Interview", "a")]
    assert list(map(str, sorted(unordered))) == ["Interview/a", "Interview/b", "Texts/a"]


def test_bare_name_matches_every_kind_and_full_form_only_one() -> None:
    known = [Address("Interview", "a"), Address("Texts", "a"), Address("Texts", "b")]
    assert matching("a", known) == known[:2]
    assert matching("Texts/a", known) == [known[1]]
    assert matching("b", known) == [known[2]]
    assert matching("c", known) == []
