"""Refactoring files changes no digest: a question moved into a set, a field moved into defaults, everything inlined."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from workshop import MINIMAL, manifest

from reconciler.compose.context import NO_CONTEXT
from reconciler.compose.variables import escaped, substituted
from reconciler.errors import Where
from reconciler.generate.manifest_text import manifest_text
from reconciler.manifest.desired import Desired
from reconciler.project.load import read_manifests
from reconciler.resources.observed import Observed
from reconciler.yaml.document import Document

TEXTS = st.text("abc ?é$", min_size=1, max_size=12).filter(lambda text: text.strip() and "${" not in text)
KEYS = st.sampled_from(["id", "external_id", None])


@st.composite
def questions(draw: st.DrawFn) -> list[dict[str, Any]]:
    texts = draw(st.lists(TEXTS, min_size=1, max_size=6, unique_by=lambda text: " ".join(text.split())))
    made = []
    for number, text in enumerate(texts):
        question: dict[str, Any] = {"question": text}
        if key := draw(KEYS):
            question[key] = f"q{number}"
        if draw(st.booleans()):
            question["duration"] = draw(st.sampled_from([30, 90.5, None]))
        if draw(st.booleans()):
            question["question_alternatives"] = [text]
        made.append(question)
    return made


def desired(files: dict[str, str]) -> list[Desired]:
    with tempfile.TemporaryDirectory() as name:
        for path, text in files.items():
            place = Path(name) / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, "utf-8")
        return list(read_manifests(Path(name), ["**/*.yaml"]).desired)


def document(kind: str, **parts: Any) -> str:
    return json.dumps({"apiVersion": "jmctl/v1", "kind": kind, **parts}, ensure_ascii=False)


def comparable(items: list[Desired]) -> list[Any]:
    return [(item.address, item.digest, dict(item.spec), item.lifecycle) for item in items]


@settings(max_examples=60)
@given(questions(), st.sets(st.integers(0, 5)), st.sets(st.sampled_from(sorted({*MINIMAL} - {"questions"}))))
def test_moving_parts_into_shared_files_changes_nothing(
    asked: list[dict[str, Any]], moved: set[int], shared: set[str]
) -> None:
    inline = manifest("one", questions=asked, interview_salary=None)
    chosen = [number for number in range(len(asked)) if number in moved]
    entries = [
        {"use": f"some/{_handle(one)}"} if number in chosen and (one.get("id") or one.get("external_id")) else one
        for number, one in enumerate(asked)
    ]
    spec = {**MINIMAL, "interview_salary": None, "questions": entries}
    own = {name: value for name, value in spec.items() if name not in shared}
    files = {
        "a/one.yaml": document("Interview", metadata={"name": "one"}, spec=own),
        "_defaults.yaml": document("Defaults", spec={name: spec[name] for name in shared}),
        "sets/some.yaml": document("QuestionSet", metadata={"name": "some"}, language="en", questions=asked),
    }
    assert comparable(desired(files)) == comparable(desired({"one.yaml": inline}))
    whole = {**own, "questions": [{"use": "some"}]}
    files["a/one.yaml"] = document("Interview", metadata={"name": "one"}, spec=whole)
    assert comparable(desired(files)) == comparable(desired({"one.yaml": inline}))


def _handle(question: dict[str, Any]) -> str:
    return str(question.get("id") or question.get("external_id"))


def test_the_examples_mean_the_same_below_empty_defaults() -> None:
    root = Path(__file__).parents[2] / "examples" / "interviews"
    files = {str(path.relative_to(root)): path.read_text("utf-8") for path in root.rglob("*.yaml")}
    empty = {"_defaults.yaml": document("Defaults", spec={})}
    below = desired(files | empty)
    alone = desired(files)
    assert comparable(below) == comparable(alone)
    assert [dict(item.places) for item in below] != []
    for one, other in zip(below, alone, strict=True):
        assert {path: place.line for path, place in one.places.items()} == {
            path: place.line for path, place in other.places.items()
        }


@given(st.text("${}ax", max_size=12))
def test_an_escaped_text_is_itself(text: str) -> None:
    written = Document({"spec": {"name": escaped(text)}}, {(): (1, 1)}, Where("a.yaml"))
    assert substituted(written, [], NO_CONTEXT)[0].value["spec"]["name"] == text


def test_an_imported_text_that_looks_like_a_variable_stays_text() -> None:
    attributes = {**MINIMAL, "name": "Pays ${amount}", "questions": [{"id": "q", "question": "Why ${x}?"}]}
    seen = Observed("1", attributes, "draft", None, None, kind="Interview")
    text = manifest_text("one", seen, import_id=None)
    [item] = desired({"one.yaml": text})
    assert (item.spec["name"], item.spec["questions"][0]["question"]) == ("Pays ${amount}", "Why ${x}?")
