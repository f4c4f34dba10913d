"""Word differences as parts, marked and in colour."""

from __future__ import annotations

import click

from reconciler.text.word_diff import marked, word_parts
from reconciler.views.word_difference import word_difference


def test_parts_are_in_reading_order() -> None:
    assert list(word_parts("a b c", "a x c")) == [("same", "a "), ("gone", "b"), ("came", "x"), ("same", " c")]


def test_marks_carry_the_meaning_without_colour() -> None:
    assert marked("a b c", "a x c") == click.unstyle(word_difference("a b c", "a x c")) == "a [-b-]{+x+} c"


def test_words_far_from_a_difference_are_left_out_and_text_is_sanitized() -> None:
    words = " ".join(f"w{number}" for number in range(20))
    line = click.unstyle(word_difference(f"{words} old", f"{words} n\x1b[2Jew\nline"))
    assert line == r"…w15 w16 w17 w18 w19 [-old-]{+n\x1b[2Jew⏎line+}"
