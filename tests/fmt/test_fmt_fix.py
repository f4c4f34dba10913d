"""`fmt --fix` takes out what a word processor left, and changes no other value."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.fmt.fix import fixed, mended
from reconciler.manifest.text_lints import PASTED_SPACE, TYPOGRAPHIC, ZERO_WIDTH
from reconciler.yaml.load import parse, survey

Run = Callable[..., Any]
LETTERS = "ab \u00a0\u202f\u200b\u2060\u201c\u201d\u00e9\u0e01-:?"
TEXT = st.text(LETTERS, min_size=1, max_size=14)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("\u201cname\u201d: x\n", "name: x\n"),
        ("na\u200bme: x\u2060y\n", "name: xy\n"),
        ("a: one\u00a0two\n", "a: one two\n"),
        ("a: one \u00a0 two\n", "a: one two\n"),
        ("a: 'x\u00a0'\n", "a: 'x'\n"),
        ('a: "\u00a0x"\n', 'a: "x"\n'),
        ("a: |\n  one\u00a0two\n  th\u200bree\n", "a: |\n  one two\n  three\n"),
        ("a:\n\u00a0 b: 1\n", "a:\n  b: 1\n"),
        ("a:\n  \u2013 b: 1\n    c: 2\n", "a:\n  - b: 1\n    c: 2\n"),
        ("a: {b\u200b: c\u200b, d: [e\u200b]}\r\n", "a: {b: c, d: [e]}\r\n"),
        ("\ufeffa: x\u200b\n", "a: x\n"),
    ],
)
def test_what_is_meant_is_written(before: str, after: str) -> None:
    assert fixed(before.encode(), "a.yaml").decode() == after


@pytest.mark.parametrize(
    "text",
    [
        "a: Pourquoi\u00a0?\n",
        "a: 10\u202f000\n",
        "a: \u0e01\u200b\u0e02\n",
        "a: \u201cquoted\u201d\n",
        "a: x # one\u00a0two\u200b\n",
        'a: "\\u200b"\n',
        "\u201ca\u201d: 1\na: 2\n",
        "a: [\u00a0\n",
        "a: |\n  \u2013 b\n",
    ],
)
def test_all_else_stays_as_it_is(text: str) -> None:
    assert fixed(text.encode(), "a.yaml").decode() == text


def test_bytes_that_are_no_text_stay() -> None:
    assert fixed(b"\xff\xfe", "a.yaml") == b"\xff\xfe"


@given(st.dictionaries(TEXT, TEXT | st.lists(TEXT, max_size=3) | st.integers(-9, 9), min_size=1, max_size=4))
def test_fixable_lints_are_gone_and_all_other_values_equal(value: dict[str, Any]) -> None:
    expected = mended(value)
    data = orjson.dumps(value)  # YAML, too, with every character as itself
    [document] = parse(fixed(data, "a.yaml"), "a.yaml")
    assert document.value == (expected if len(expected) == len(value) else value)
    if len(expected) == len(value):
        for text in [*expected, *_texts(expected.values())]:
            assert not ZERO_WIDTH.search(text)
            assert not PASTED_SPACE.search(text)
        assert not any(TYPOGRAPHIC.search(key) for key in expected)
    assert fixed(fixed(data, "a.yaml"), "a.yaml") == fixed(data, "a.yaml")


@given(st.text(LETTERS + "\n#'\"|[],", max_size=60))
def test_any_text_is_mended_in_its_values_or_stays(text: str) -> None:
    data = text.encode()
    after = survey(fixed(data, "a.yaml"), "a.yaml")
    documents, problems = survey(data, "a.yaml")
    if not problems:
        values = [document.value for document in documents]
        assert [document.value for document in after[0]] in (values, [mended(item) for item in values])


def _texts(values: Any) -> list[str]:
    return [text for item in values for text in (item if isinstance(item, list) else [item]) if isinstance(text, str)]


def test_the_command_shows_and_writes_it(run: Run, project: Path) -> None:
    file = project / "i/tidy.yaml"
    file.write_text(file.read_text().replace("description: Short", "description: Sh\u200bort"))
    assert run("fmt", "i/tidy.yaml").out == ""
    code, out, _ = run("fmt", "--fix", "--check", "i/tidy.yaml")
    assert (code, out) == (1, "i/tidy.yaml\n")
    assert "\n+  description: Short\n" in run("fmt", "--fix", "--diff", "i/tidy.yaml").out
    assert run("fmt", "--fix", "i/tidy.yaml").code == 0
    assert "\u200b" not in file.read_text()
    assert run("fmt", "--fix", "--check").out == "i/untidy.yaml\n"
