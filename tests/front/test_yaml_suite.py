"""The YAML test suite against the parser and the loader; what the loader refuses or accepts on purpose is listed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml.error import YAMLError

from reconciler.yaml.events import libyaml_events
from reconciler.yaml.load import survey
from reconciler.yaml.parser import SyntaxFailure, parse_events

SUITE = Path(__file__).parent / "yaml_test_suite" / "cases.jsonl"
CASES = [json.loads(line) for line in SUITE.read_text(encoding="utf-8").splitlines()]
each_case = pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])

# valid YAML that the parser refuses: reserved directives, of which the specification only asks to be ignored
DIRECTIVES = {"2LFX", "6LVF", "MUS6/05", "MUS6/06"}
# valid YAML that a manifest may not use, by what the loader says
REFUSED = {
    # values of types that JSON does not have, and code that some readers run
    "tags are not supported": {
        "2AUY", "2XXW", "33X3", "35KP", "52DL", "565N", "57H4", "5TYM", "6CK3", "6JWB", "6WLZ", "735Y", "74H7", "7FWL",
        "8MK2", "9KAX", "9WXW", "BU8L", "C4HZ", "CC74", "CUP7", "EHF6", "F2C7", "FH7J", "HMQ5", "J7PZ", "L94M", "LE5A",
        "M5C3", "P76L", "S4JQ", "U3C3", "UGM3", "UKK6/02", "WZ62", "Z67P", "Z9M4",
    },
    # JSON has text for keys only: no lists, mappings, numbers or empty keys
    "key is not text": {
        "2JQS", "4FJ6", "6BFJ", "6M2F", "6PBE", "9MMW", "CFD4", "DFF7", "FRK4", "KK5P", "LX3P", "M2N8/00", "M2N8/01",
        "M5DY", "NHX8", "NKF9", "PW8X", "Q9WF", "RZP5", "S3PD", "SBG9", "SM9W/01", "UKK6/00", "V9D5", "X38W", "XW4D",
    },
    # a manifest has no use for directives: one is more likely a text that lacks its quotes
    "bad directive": DIRECTIVES,
    # files that ask for another version might mean other values
    "unknown YAML version": {"BEC7", "MUS6/02", "MUS6/03", "MUS6/04"},
    # an anchor on a key is ignored, because an alias for a key helps nobody who reads a review
    "unknown alias": {"E76Z"},
    "bad alias": {"2SXE"},
}  # fmt: skip
# not valid, but read: lines inside brackets need no indentation, because most people write the closing bracket below
# the key, and a line inside brackets cannot be read in another way
LENIENT = {"9C9N", "VJP3/00", "Y79Y/03"}
# refused by the loader for its tags, whose handles the parser does not look up
TAG_HANDLES = {"QLJ7"}

_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\b": "\\b", "\r": "\\r"}


def lines(events: Any) -> list[str]:
    """Events in the suite's notation, without tags, and without what tells explicit from implicit documents."""
    return [line for event in events if (line := _line(event))]


def _line(event: Any) -> str:
    anchor = f" &{event.anchor}" if getattr(event, "anchor", None) else ""
    match type(event).__name__:
        case "MappingStartEvent":
            return f"+MAP{' {}' if event.flow_style else ''}{anchor}"
        case "SequenceStartEvent":
            return f"+SEQ{' []' if event.flow_style else ''}{anchor}"
        case "ScalarEvent":
            style = event.style if event.style in {"'", '"', "|", ">"} else ":"
            return f"=VAL{anchor} {style}{''.join(_ESCAPES.get(char, char) for char in event.value)}"
        case "AliasEvent":
            return f"=ALI *{event.anchor}"
        case name:
            kind = {"Stream": "STR", "Document": "DOC", "Mapping": "MAP", "Sequence": "SEQ"}
            sign = "+" if name.endswith("StartEvent") else "-"
            return sign + kind[re.sub("(Start|End)Event", "", name)]


def expected(tree: str) -> list[str]:
    found = []
    for line in tree.rstrip("\n").split("\n"):
        head, _, rest = line.lstrip(" ").partition(" ")
        if head in {"+DOC", "-DOC"}:
            rest = ""
        rest = re.sub(r"^((?:\{\}|\[\]) ?)?((?:&\S+ )?)<\S*> ?", r"\1\2", rest)
        found.append(f"{head} {rest}" if rest.rstrip(" ") or head == "=VAL" else head)
    return [line.rstrip(" ") if line.startswith(("+", "-")) else line for line in found]


def values(text: str) -> list[Any]:
    found, decoder, text = [], json.JSONDecoder(), text.strip()
    while text:
        value, end = decoder.raw_decode(text)
        found.append(value)
        text = text[end:].strip()
    return found


@each_case
def test_the_parser_gives_the_events_of_the_suite(case: dict[str, Any]) -> None:
    is_refused = (case["tree"] is None or case["id"] in DIRECTIVES) and case["id"] not in LENIENT | TAG_HANDLES
    if is_refused:
        with pytest.raises(SyntaxFailure):
            list(parse_events(case["yaml"]))
    elif case["tree"] is None:
        assert lines(parse_events(case["yaml"]))
    else:
        assert lines(parse_events(case["yaml"])) == expected(case["tree"])


@each_case
def test_libyaml_is_asked_only_where_it_agrees(case: dict[str, Any]) -> None:
    fast = libyaml_events(case["yaml"].encode())
    try:
        found = lines(fast) if fast else None
    except YAMLError:
        return
    if found is not None:
        assert found == lines(parse_events(case["yaml"]))


@each_case
def test_the_loader_reads_the_suite_but_for_the_listed_differences(case: dict[str, Any]) -> None:
    documents, problems = survey(case["yaml"].encode(), "a.yaml")
    reason = next((summary for summary, ids in REFUSED.items() if case["id"] in ids), None)
    if reason:
        assert problems[0].summary == reason
    elif case["tree"] is None:
        assert bool(problems) == (case["id"] not in LENIENT)
    else:
        assert problems == []
        assert case["json"] is None or [document.value for document in documents] == values(case["json"])


def test_the_suite_is_whole_and_every_difference_is_one_of_its_cases() -> None:
    assert len(CASES) == 402
    assert set().union(*REFUSED.values(), LENIENT, TAG_HANDLES) <= {case["id"] for case in CASES}
