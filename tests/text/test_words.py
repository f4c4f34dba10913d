"""One plural, one suggestion, one way to make a name."""

from __future__ import annotations

import pytest

from reconciler.text.nearest import did_you_mean, nearest
from reconciler.text.plural import counted
from reconciler.text.slug import slug, transliterated


@pytest.mark.parametrize(
    ("number", "expected"), [(0, "0 interviews"), (1, "1 interview"), (2, "2 interviews"), (1000, "1000 interviews")]
)
def test_a_number_has_its_noun(number: int, expected: str) -> None:
    assert counted(number, "interview") == expected


def test_a_plural_without_s_is_given() -> None:
    assert [counted(number, "entry", "entries") for number in (1, 2)] == ["1 entry", "2 entries"]


def test_the_nearest_word_is_suggested_with_its_command() -> None:
    names = ("first-interview", "second")
    assert did_you_mean("first_intervew", names, before="jmctl show ") == "did you mean `jmctl show first-interview`?"
    assert did_you_mean("unlike", names) == ""
    assert nearest("FirstInterview", names) == "first-interview"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Describe a difficult ticket", "describe-a-difficult-ticket"),
        ("Řidič C+E", "ridic-c-e"),
        ("面接の質問", ""),
        ("Straße", "strae"),
    ],
)
def test_slugs_of_question_keys_never_change(text: str, expected: str) -> None:
    assert slug(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Řidič", "ridic"),
        ("R\u030cidic\u030c", "ridic"),
        ("Straße", "strasse"),
        ("日本語", "ribenyu"),
        ("مقابلة", "mqblh"),
    ],
)
def test_names_are_transliterated(text: str, expected: str) -> None:
    assert transliterated(text, 63) == expected
