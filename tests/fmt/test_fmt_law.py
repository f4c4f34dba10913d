"""The laws of formatting, over manifests laid out as people do: any order, any indentation, comments everywhere."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconciler.fmt import formatted
from reconciler.project.validate import judge
from reconciler.resources.interview.fields import FIELDS
from reconciler.resources.order import order_at
from reconciler.yaml.load import survey

EXAMPLES = sorted((Path(__file__).parents[2] / "examples/interviews").rglob("*.yaml"))
SPEC = {
    "name": "Support",
    "location": "remote",
    "interview_template_id": "t",
    "mojito_language_code": "no",
    "description": "Two lines\nof text",
    "status": "draft",
    "type": "interview",
    "visibility": "merchant_invite",
}
EXTRAS = {
    "tags": ["b", "a"],
    "additional_context": {"z": {"deep": ["x", "y"]}, "a": "first\n\n  second\n"},
    "custom_scoring": {"max_score": 5, "early_stop": False},
    "recording": None,
    "description_long": "# not a comment\n\ntext\n\n",
    "candidate_expectations_json": {"strong": ["one", "two"], "weak": ["# three"]},
}


class _Writer:
    """Writes values as some author might; every comment it writes says above which key it stands."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.count = 0

    def coin(self) -> bool:
        return bool(self.draw(st.booleans()))

    def comments(self, indent: int, about: str) -> list[str]:
        lines = []
        for _ in range(self.draw(st.sampled_from([0, 0, 0, 1, 2]))):
            self.count += 1
            lines.append(f"{' ' * indent}# {self.count} above {about}")
        return ([""] * self.draw(st.sampled_from([0, 0, 1, 2])) if lines or self.coin() else []) + lines

    def mapping(self, value: dict[str, Any], indent: int, *, shuffled: bool) -> list[str]:
        keys = self.draw(st.permutations(list(value))) if shuffled else list(value)
        lines = []
        for key in keys:
            lines += self.comments(indent, key)
            lines += self.entry(key, value[key], indent)
        if self.coin():
            self.count += 1
            lines.append(f"{' ' * indent}# {self.count} at the end")
        return lines

    def entry(self, key: str, value: Any, indent: int) -> list[str]:
        head = f"{' ' * indent}{key}:"
        inner = indent + self.draw(st.integers(1, 5))
        shuffled = key in {"metadata", "spec", "lifecycle"}
        if isinstance(value, dict):
            if key not in {"spec", "additional_context"} and self.coin():
                names = self.draw(st.permutations(list(value))) if shuffled else list(value)
                return [f"{head}  {{{', '.join(f'{name}: {json.dumps(value[name])}' for name in names)}}}  # {key}"]
            return [head, *self.mapping(value, inner, shuffled=shuffled)]
        if isinstance(value, list):
            if key != "questions" and self.coin():
                return [f"{head} {json.dumps(value)}"]
            return [head + self.note(), *self.sequence(value, indent + self.draw(st.sampled_from([0, 2, 4])))]
        return self.scalar(head, value, inner)

    def sequence(self, items: list[Any], indent: int) -> list[str]:
        lines = []
        for item in items:
            dash = " " * indent + "-"
            if isinstance(item, dict):
                inner = indent + 1 + self.draw(st.integers(1, 4))
                body = self.mapping(item, inner, shuffled=True)
                if body[0].strip() and not body[0].lstrip().startswith("#") and self.coin():
                    lines += [dash + body[0][indent + 1 :], *body[1:]]
                else:
                    lines += [dash + self.note(), *body]
            else:
                lines += self.scalar(dash, item, indent + 2)
        return lines

    def scalar(self, head: str, value: Any, indent: int) -> list[str]:
        if not isinstance(value, str):
            return [f"{head} {json.dumps(value)}{self.note()}"]
        if value.endswith("\n\n"):
            return [f"{head} |+", *(" " * indent + line if line else "" for line in value.split("\n")[:-1])]
        if "\n" in value and self.coin():
            sign = "|" if value.endswith("\n") else "|-"
            return [f"{head} {sign}", *(" " * indent + line if line else "" for line in value.rstrip("\n").split("\n"))]
        return [f"{head} {json.dumps(value)}{self.note()}"]

    def note(self) -> str:
        return self.draw(st.sampled_from(["", "", "  # aside", "   "]))


@st.composite
def manifests(draw: st.DrawFn) -> str:
    writer = _Writer(draw)
    extras = {name: EXTRAS[name] for name in EXTRAS if draw(st.booleans())}
    questions = [
        {"id": f"q{number}", "question": "How?\nWhy?", "duration": 60, "external_data": {"b": 1, "a": 2}}
        for number in range(draw(st.integers(1, 3)))
    ]
    document = {
        "apiVersion": "jmctl/v1",
        "kind": "Interview",
        "metadata": {"name": "support", "labels": {"z": "1", "a": "2"}},
        "spec": {**SPEC, **extras, "questions": questions},
        "lifecycle": {"protect": True, "on_remove": "archive"},
    }
    top = draw(
        st.sampled_from(["", "# yaml-language-server: $schema=x\n\n", "---\n# the file\n\n", "# the file\n\n\n"])
    )
    return top + "\n".join(writer.mapping(document, 0, shuffled=True)) + draw(st.sampled_from(["\n", "", "\n\n\n"]))


def stripped(text: str) -> list[str]:
    return [re.sub(r"^(?:- )+|^-$", "", line.strip()) for line in text.split("\n")]


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(manifests())
def test_a_manifest_is_put_in_order_and_says_the_same(text: str) -> None:
    before, problems = judge(text.encode(), "a.yaml")
    assert [problem for problem in problems if problem.severity == "error"] == []
    written = formatted(text.encode(), "a.yaml")
    assert isinstance(written, bytes)
    assert formatted(written, "a.yaml") == written
    after = judge(written, "a.yaml")[0]
    assert [item.digest for item in after] == [item.digest for item in before]
    assert comments(written.decode()) == comments(text)
    assert_comments_stand_above_their_keys(written.decode())
    assert_in_order(survey(written, "a.yaml")[0][0].value, ())


def comments(text: str) -> Counter[str]:
    return Counter(line for line in stripped(text) if re.match(r"# \d+ ", line))


def assert_comments_stand_above_their_keys(text: str) -> None:
    lines = stripped(text)
    for place, line in enumerate(lines):
        if found := re.fullmatch(r"# \d+ above (\w+)", line):
            following = next(later for later in lines[place + 1 :] if later and not later.startswith("#"))
            # what stands at the top of a file is the file's own, whatever key it happened to stand above
            assert following.startswith(f"{found[1]}:") or all(line.startswith("#") for line in lines[:place])


def assert_in_order(value: Any, path: tuple[str | int, ...]) -> None:
    if isinstance(value, list):
        for index, item in enumerate(value):
            assert_in_order(item, (*path, index))
    elif isinstance(value, dict):
        order = order_at(path, FIELDS)
        if order is not None:
            assert list(value) == sorted(value, key=order.index)
        for name, item in value.items():
            assert_in_order(item, (*path, name))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_keeps_its_digests_and_is_formatted_once(path: Path) -> None:
    data = path.read_bytes()
    written = formatted(data, str(path))
    assert isinstance(written, bytes)
    assert [item.digest for item in judge(written, "a")[0]] == [item.digest for item in judge(data, "a")[0]]
    assert sorted(stripped(written.decode())) == sorted(stripped(data.decode()))
    assert formatted(written, str(path)) == written
