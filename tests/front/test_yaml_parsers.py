"""libyaml and the parser of YAML 1.2: the first is used only for what both read alike, and nothing makes them hang."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from ruamel.yaml.error import YAMLError
from test_yaml_suite import lines

from reconciler.yaml.events import libyaml_events, may_differ
from reconciler.yaml.load import parse, survey
from reconciler.yaml.parser import SyntaxFailure, parse_events

REPOSITORY = Path(__file__).parents[2]
MANIFESTS = [
    path.read_text(encoding="utf-8")
    for path in sorted([*(REPOSITORY / "examples").rglob("*.yaml"), *(Path(__file__).parent / "wrong").glob("*.yaml")])
    if path.stem not in {"utf16", "not-utf8", "too-deep"}
]
PIECES = [
    "a", "x: ", "y:\n", "- ", "-\n", "? ", ": ", "\n", "\n  ", "\n    ", "  ", "'q'", '"r"', "'", '"', "[", "]", "{",
    "}", ", ", ",", "#", "# c", " #c", "|", "|\n", "|-\n  ", ">+\n   ", "&a ", "*a", "---\n", "--- ", "...\n", "\t",
    "%YAML 1.2\n", "\\", "1", "http://x", "why?", "?z", ":z", "-z", "k: v\n", "- i\n", "  k: v\n", "é", "@", "%", "&",
    "*", "<<: ", "\n\n", "\n   \n", "|2\n", "\n- ", "\nk: ", " \n", '"a\nb"', "{a: b}", "[a, b]", '"k": v',
]  # fmt: skip


@st.composite
def broken_manifests(draw: st.DrawFn) -> str:
    """Some lines of a manifest with a few pieces put in or over them."""
    rows = draw(st.sampled_from(MANIFESTS)).split("\n")
    first = draw(st.integers(0, len(rows) - 1))
    text = "\n".join(rows[first : first + draw(st.integers(2, 14))])
    for _ in range(draw(st.integers(1, 4))):
        at, over = draw(st.integers(0, len(text))), draw(st.sampled_from((0, 0, 1, 4)))
        text = text[:at] + draw(st.sampled_from(PIECES)) + text[at + over :]
    return text


def pieces() -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(PIECES), min_size=1, max_size=12).map("".join)


def strict(text: str) -> list[str] | None:
    try:
        return lines(parse_events(text))
    except SyntaxFailure:
        return None


@settings(max_examples=600)
@given(pieces() | broken_manifests())
@example("{ ?foo: bar }\n")
@example("[?x]\n")
@example("key: &an:chor value\n")
@example("- |+\n   ")
@example("foo: |\n  x\n   ")
@example('key: "value"# no comment\n')
@example('quoted: "a\nb"\n')
@example("[-]\n")
@example("y:\n>\n")
def test_what_libyaml_is_trusted_with_is_read_as_yaml_1_2(text: str) -> None:
    fast = libyaml_events(text.encode())
    try:
        found = lines(fast) if fast else None
    except YAMLError:
        return  # refused, and read again by the other parser
    if found is not None:
        assert found == strict(text)


def test_libyaml_is_trusted_with_ordinary_manifests() -> None:
    ordinary = sorted((REPOSITORY / "examples").rglob("*.yaml"))
    assert [str(path) for path in ordinary if may_differ(path.read_bytes())] == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{ url: http://x }", {"url": "http://x"}),
        ("{id: why, question: Why?, duration: 90}", {"id": "why", "question": "Why?", "duration": 90}),
        ("{ ?foo: bar }", {"?foo": "bar"}),
        ("[?x]", ["?x"]),
        ("a: &an:chor value\n", {"a": "value"}),
        ("a: [:x, why?, a:b]\n", {"a": [":x", "why?", "a:b"]}),
        ("a: {\n  b: c\n}\n", {"a": {"b": "c"}}),
        ('{"a":1, "b" : 2}', {"a": 1, "b": 2}),
        ("a: |\n  x\n   ", {"a": "x\n \n"}),
        ("\ufeffa: 1\n", {"a": 1}),
    ],
)
def test_values_are_those_of_yaml_1_2(text: str, value: Any) -> None:
    [document] = parse(text.encode(), "a.yaml")
    assert document.value == value


@pytest.mark.parametrize(
    ("text", "place", "summary"),
    [
        ('a: "x"#y\n', (1, 7), "comment without a space"),
        ("a: [x, -]\n", (1, 8), "misplaced character"),
        ('a: "x\nb"\n', (1, 4), "unclosed quote"),
        ("a: b\n%YAML 1.2\n---\n", (2, 1), "bad directive"),
        ("a: {b: c, d\n", (1, 4), "unclosed brace"),
        ("a: >\n    \n  x\n", (2, 1), "bad text block"),
        ("a: b\n---\nc: d: e\n", (3, 5), "unexpected colon"),
    ],
)
def test_what_is_not_yaml_1_2_is_refused_at_its_place(text: str, place: tuple[int, int], summary: str) -> None:
    [problem] = survey(text.encode(), "a.yaml")[1]
    assert problem.where
    assert (problem.summary, (problem.where.line, problem.where.column)) == (summary, place)
    assert problem.hint


HOSTILE = {
    "brackets": b"[" * 100_000,
    "closed brackets": b"[" * 100_000 + b"]" * 100_000,
    "braces": b"{a: " * 100_000,
    "flow pairs": b"a: [" + b"b: c, " * 50_000 + b"]\n",
    "commas": b"a: [" + b"x," * 50_000,
    "dashes": b"- " * 100_000,
    "question marks": b"? " * 100_000,
    "deep indentation": b"".join(b" " * i + b"a:\n" for i in range(2000)),
    "anchors": b"".join(b"k%d: &a%d x\n" % (i, i) for i in range(50_000)),
    "aliases": b"a: &a x\nb: [" + b"*a, " * 50_000 + b"]\n",
    "alias bomb": b"a0: &a0 [x, x]\n"
    + b"".join(b"a%d: &a%d [*a%d, *a%d]\n" % (i, i, i - 1, i - 1) for i in range(1, 60)),
    "one huge text": b"a: " + b"word " * 200_000,
    "one huge line of quotes": b"a: '" + b"''" * 100_000 + b"'\n",
    "quotes that never end": b"".join(b"k%d: 'x\n" % i for i in range(20_000)),
    "colons": b"a: " + b": " * 100_000,
    "hashes": b"a: b" + b"#" * 1_000_000 + b"\n",
    "blanks": b"a:" + b" " * 1_000_000 + b"b\n",
    "blank lines": b"a: b\n" + b"   \n" * 100_000 + b"  c\n",
    "tabs": b"a:\n" + b"\t\n" * 100_000 + b"\tb: c\n",
    "text block of blank lines": b"a: |\n" + b"      \n" * 60_000 + b"  x\n",
    "duplicate keys": b"a: 1\n" * 50_000,
    "documents": b"--- a\n" * 50_000,
    "mixed line ends": b"a: 1\r\nb: 2\rc: 3\n" * 20_000,
    "NUL": b"a: \0\n",
    "invalid UTF-8": b"a: \xff\n" * 1000,
    "half a character": b'a: "\\ud800"\n',
    "comments": b"#" * 1_000_000,
    "unfinished key": b"x" * 1_000_000,
    "plain lines": b"a:\n" + b"  b\n" * 100_000 + b"  c: d\n",
    "alternating marks": b"a: " + b"?#:-" * 100_000,
    "flow keys": b"{" + b"[a]: b, " * 15_000 + b"}",
    "long escapes": b'a: "' + b"\\x41" * 100_000 + b'"\n',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_end_soon_with_few_problems(name: str) -> None:
    begin = time.process_time()
    _, problems = survey(HOSTILE[name], "a.yaml")
    assert time.process_time() - begin < 10
    assert len(problems) <= 101


@pytest.mark.parametrize("piece", [b"[a, ", b"- a\n", b"a: b\n", b"'x ", b'"x\n ', b"{?a: ", b"? a\n: b\n", b"&a:b x "])
def test_time_grows_with_the_size_and_not_with_its_square(piece: bytes) -> None:
    def seconds(count: int) -> float:
        begin = time.process_time()
        survey(b"k: {?a: b}\n" + piece * count, "a.yaml")
        return time.process_time() - begin

    small = min(seconds(2_000) for _ in range(3))
    assert min(seconds(8_000) for _ in range(2)) < 0.05 + small * 4 * 4


@given(st.binary(max_size=200))
def test_any_bytes_give_documents_or_problems(data: bytes) -> None:
    documents, problems = survey(data, "a.yaml")
    assert documents or problems or not data.strip() or data.strip()[:1] in {b"#", b".", b"\xef"}
