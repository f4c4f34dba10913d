"""Wrapping by cells and grapheme clusters."""

from __future__ import annotations

import re

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import iter_graphemes, wcswidth

from reconciler.text.wrap import cells, wrapped, wrapped_as_is

FAMILY = "👩\u200d👩\u200d👧\u200d👦"


def test_an_emoji_of_several_characters_is_not_broken() -> None:
    assert list(wrapped(f"{FAMILY} family {FAMILY}{FAMILY}", 8)) == [FAMILY, "family", FAMILY + FAMILY]


def test_a_letter_keeps_its_marks() -> None:
    assert list(wrapped("e\u0301e\u0301 o\u0308o\u0308", 3)) == ["e\u0301e\u0301", "o\u0308o\u0308"]


@pytest.mark.parametrize(("text", "expected"), [("abc", 3), ("質問", 4), ("é", 1), ("e\u0301", 1), (FAMILY, 2)])
def test_cells_are_those_of_a_terminal(text: str, expected: int) -> None:
    assert cells(text) == expected


def test_colours_take_no_cells() -> None:
    red = click.style("four", fg="red")
    assert list(wrapped_as_is(f"one {red} six", 8)) == [f"one {red}", "six"]


# a mark or joiner after a blank makes the blank part of a word
LINES = st.text(alphabet="ab 質é\u0301👩\u200d", max_size=60).filter(
    lambda text: not re.search(" [\u0301\u200d]", text)
)


@given(LINES, st.integers(2, 12))
def test_nothing_but_blanks_is_lost_and_lines_fit(text: str, width: int) -> None:
    lines = list(wrapped(text, width))
    whole = "".join(wrapped(text, 1_000))
    assert "".join(lines).replace(" ", "") == whole.replace(" ", "")
    for line in lines:
        words = line.split()
        assert cells(line) <= width or len(words) == 1, (line, [*iter_graphemes(line)], wcswidth(line))
