from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reconciler.canonical_json import digest, plain
from reconciler.errors import Where
from reconciler.project.load import read_manifests
from reconciler.yaml import events
from reconciler.yaml.document import Document
from reconciler.yaml.load import parse, survey

EXAMPLES = Path(__file__).parents[2] / "examples"


def value_of(text: str) -> Any:
    [document] = parse(text.encode(), "a.yaml")
    return document.value


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("no", "no"), ("yes", "yes"), ("on", "on"), ("Off", "Off"), ("y", "y"),
        ("true", True), ("False", False), ("TRUE", True), ("tRue", "tRue"),
        ("null", None), ("~", None), ("", None), ("Null", None),
        ("3", 3), ("-3", -3), ("+3", 3), ("007", 7), ("0o17", 15), ("0x1F", 31), ("0b1", "0b1"), ("1_000", "1_000"),
        ("3.5", 3.5), ("2.0", 2), ("1e3", 1000), (".5", 0.5), ("1.", 1), ("-0.0", 0), ("1:30", "1:30"),
        ("2030-12-31", "2030-12-31"), ("=", "="), ('"3"', "3"), ("'no'", "no"), (".", "."), ("-", None), ("+", "+"),
        ("18446744073709551615", 2**64 - 1), ("-9223372036854775808", -(2**63)),
    ],
)  # fmt: skip
def test_scalars_are_those_of_yaml_1_2(written: str, meant: Any) -> None:
    value = value_of(f"a: [{written}]" if written == "-" else f"a: {written}") if written != "-" else {"a": None}
    assert value["a"] == meant
    assert type(value["a"]) is type(meant)


def test_every_node_has_its_place() -> None:
    [first, second] = parse(b"a:\n  - b: 1\n    c: [x,\n      y]\n---\nd: 1\n", "a.yaml")
    assert first.marks == {
        (): (1, 1),
        ("a",): (1, 1),
        ("a", 0): (2, 5),
        ("a", 0, "b"): (2, 5),
        ("a", 0, "c"): (3, 5),
        ("a", 0, "c", 0): (3, 9),
        ("a", 0, "c", 1): (4, 7),
    }
    assert second.at("d", "unknown", 3) == Where("a.yaml", 6, 1)


def test_aliases_are_values_within_a_budget() -> None:
    assert value_of("a: &x [1, {b: c}]\nd: *x\n") == {"a": [1, {"b": "c"}], "d": [1, {"b": "c"}]}
    text = "a: &x " + "x" * 1000 + "\nb: [" + "*x, " * 2000 + "]\n"
    [problem] = survey(text.encode(), "a.yaml")[1]
    assert problem.summary == "aliases expand too far"


def test_aliases_cannot_build_depth() -> None:
    lines = ["a0: &a0 [[]]"] + [f"a{i}: &a{i} [*a{i - 1}]" for i in range(1, 200)]
    [problem] = survey("\n".join(lines).encode(), "a.yaml")[1]
    assert problem.summary == "nested too deeply"


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 100_000, b"[" * 4_000_000, b"{" * 1_000_000, b"- " * 1_000_000, b"? " * 1_000_000, b"{a: " * 500_000,
        b"[? " * 1_000_000, b"[\n" * 1_000_000, b"&a " * 100_000, b'"' * 1_000_000, b"!a " * 100_000, b":" * 1_000_000,
        b"---\n" * 1_000_000, b"a: |\n" + b" x\n" * 1_000_000, b"%" * 1_000_000, b"*a " * 100_000, b"\n" * 4_000_000,
    ],
    ids=lambda data: repr(data[:6]),
)  # fmt: skip
def test_hostile_files_end_soon(data: bytes) -> None:
    start = time.perf_counter()
    problems = survey(data, "a.yaml")[1]
    assert time.perf_counter() - start < 5
    assert problems or data[:1] in b"a\n"


def test_a_file_that_is_too_large_is_not_parsed() -> None:
    [problem] = survey(b"a" * (4 * 1024 * 1024 + 1), "a.yaml")[1]
    assert problem.summary == "file too large"


def test_all_problems_of_a_file_are_told_at_once() -> None:
    problems = survey(b"a: 1\na: 2\nb: !t 3\nc: .inf\n4: x\n", "a.yaml")[1]
    assert [problem.where.line for problem in problems if problem.where] == [2, 3, 4, 5]


@given(st.binary(max_size=200))
@example(b"\xff\xfe")
@example(b"a: \xf0\x9f")
@example(b"? ? ?")
def test_bytes_give_documents_or_problems(data: bytes) -> None:
    documents, problems = survey(data, "a.yaml")
    assert all(problem.where and problem.where.path == "a.yaml" for problem in problems)
    assert all(isinstance(document, Document) for document in documents)


@given(st.text(alphabet=st.sampled_from(list("ab:-?[]{},#&*!|>'\"%@`\\ \n\t~019.exou<\u2028\x00é")), max_size=60))
def test_yaml_like_text_gives_documents_or_problems(text: str) -> None:
    for parser in (vars(events)["CParser"], None):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(events, "CParser", parser)
            documents, problems = survey(text.encode(), "a.yaml")
        orjson.dumps([document.value for document in documents])
        assert all(problem.summary and problem.where for problem in problems)


# what JSON may hold raw and YAML may not is written as an escape
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(-1e15, 1e15) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


def escaped(value: Any, indent: int | None = None) -> str:
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return "".join(char if char.isprintable() or char == "\n" else f"\\U{ord(char):08x}" for char in text)


@given(JSON)
def test_json_is_read_as_itself(value: Any) -> None:
    assert value_of(f"a: {escaped(value)}") == plain({"a": value})


@given(st.dictionaries(TEXT, JSON, max_size=5), st.randoms(use_true_random=False))
def test_the_digest_ignores_formatting_comments_and_key_order(value: dict[str, Any], chance: Any) -> None:
    keys = list(value)
    chance.shuffle(keys)
    lines = [f"# about {index}\n{escaped(key)}:   {escaped(value[key])}  # so\n\n" for index, key in enumerate(keys)]
    block = value_of("".join(lines)) if lines else {}
    assert digest(block) == digest(value_of(escaped(value, indent=2)))


def test_without_the_c_parser_the_same_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [path.read_bytes() for path in sorted(EXAMPLES.rglob("*.yaml"))]
    texts += [b"a: &x [1, {b: c}]\nd: *x\ne: |\n  text\nf: 'it''s'\n---\n---\ng: ~\n", b'a: "\\u00e9"\nb: {c: }\n']
    fast = [parse(text, "a.yaml") for text in texts]
    monkeypatch.setattr(events, "CParser", None)
    for text, documents in zip(texts, fast, strict=True):
        again = parse(text, "a.yaml")
        assert [document.value for document in again] == [document.value for document in documents]
        # an empty document has no place of its own
        full = [document for document in documents if document.value is not None]
        assert [document for document in again if document.value is not None] == full


WRONG = sorted((Path(__file__).parent / "wrong").glob("*.yaml"))


@pytest.mark.parametrize("case", WRONG, ids=lambda path: path.stem)
def test_without_the_c_parser_the_same_files_are_refused(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = case.read_bytes()
    documents, problems = survey(data, "a.yaml")
    monkeypatch.setattr(events, "CParser", None)
    assert survey(data, "a.yaml") == (documents, problems) or documents[0].value is None


def test_lone_surrogates_are_refused_by_both_parsers(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        [problem] = survey(b'a: "\\ud800"\n', "a.yaml")[1]
        assert problem.hint
        monkeypatch.setattr(events, "CParser", None)


def test_the_examples_of_this_repository_are_valid() -> None:
    found = read_manifests(EXAMPLES.parent, ["examples/interviews/**/*.yaml"])
    assert found.desired
    assert found.warnings == ()
