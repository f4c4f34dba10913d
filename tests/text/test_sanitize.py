"""The one sanitizer: what could act on a terminal is escaped, what people write in any script stays readable."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.text.quote import shown, tick
from reconciler.text.sanitize import printable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\x1b[31mred", r"a\x1b[31mred"),
        ("\x1b]8;;https://evil.example\x07link\x1b]8;;\x07", r"\x1b]8;;https://evil.example\x07link\x1b]8;;\x07"),
        ("\x9b31m", r"\x9b31m"),
        ("\x9d0;title\x9c", r"\x9d0;title\x9c"),
        ("safe\u202etxt.exe", r"safe\u202etxt.exe"),
        ("\u2066a\u2069\u200e\u200f\u061c", r"\u2066a\u2069\u200e\u200f\u061c"),
        ("zero\u200bwidth\u2060\ufeff", r"zero\u200bwidth\u2060\ufeff"),
        ("soft\u00adhyphen", r"soft\xadhyphen"),
        ("line\u2028para\u2029", r"line\u2028para\u2029"),
        ("a\rb\nc\td", r"a\rb\nc\td"),
        ("\udc80", r"\udc80"),
        ("tag\U000e0041", r"tag\U000e0041"),
        ("filler\u3164\uffa0\u2800", r"filler\u3164\uffa0\u2800"),
        ("admin\u200d", r"admin\u200d"),
        ("ad\u200cmin", r"ad\u200cmin"),
    ],
)
def test_unsafe_characters_are_escaped(text: str, expected: str) -> None:
    assert printable(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "山田\u3000太郎",
        "می\u200cخواهم",  # noqa: RUF001 - Persian, with the joiner that its spelling needs
        "क्\u200dष",
        "ශ්\u200dරී",
        "👩\u200d👩\u200d👧\u200d👦",
        "👩🏽\u200d🚀",
        "❤️\u200d🔥",
        "🙂\u200d↔️",
        "Nguyễn Thị Ánh",
        "10\u00a0000\u202fKč",
        "مقابلة",
    ],
)
def test_names_and_emoji_stay_as_they_are(text: str) -> None:
    assert printable(text) == text


def test_a_name_reads_the_same_in_an_error_and_in_a_plan() -> None:
    name = "山田\u3000太郎"
    assert (tick(name), shown(name)) == (f"`{printable(name)}`", f'"{printable(name)}"')


@given(st.text())
def test_no_control_or_direction_is_left_in_any_text(text: str) -> None:
    left = printable(text, keep_newlines=True)
    assert {unicodedata.category(char) for char in left if char not in "\n\u200c\u200d"} & {
        "Cc",
        "Cf",
        "Cs",
        "Zl",
    } == set()
    assert printable(left, keep_newlines=True) == left
