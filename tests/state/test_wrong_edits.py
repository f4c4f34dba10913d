"""Wrong edits of a state file: each is a named error with its path and a way out, from every command that reads it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from workshop import Project, Run

COMMANDS = [
    ("plan",),
    ("plan", "--no-refresh"),
    ("apply", "--auto-approve"),
    ("destroy", "--auto-approve"),
    ("drift",),
    ("state", "list"),
    ("state", "show", "one"),
    ("state", "verify"),
    ("state", "mv", "one", "three"),
    ("state", "rm", "one"),
    ("output", "one"),
    ("show", "one"),
    ("orphans",),
    ("results", "list"),
]

Edit = Callable[[dict[str, Any]], Any]


def put(path: str, value: Any) -> Edit:
    """Sets the value at a path such as `interviews.0.id`; `...` removes it."""

    def edit(document: dict[str, Any]) -> None:
        *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
        target: Any = document
        for step in way:
            target = target[step]
        if value is ...:
            del target[last]
        else:
            target[last] = value

    return edit


def twice(document: dict[str, Any]) -> None:
    document["interviews"].append(document["interviews"][0])


def same_id(document: dict[str, Any]) -> None:
    document["interviews"][1]["id"] = document["interviews"][0]["id"]


def former_is_living(document: dict[str, Any]) -> None:
    former = {"id": document["interviews"][0]["id"], "embed_id": None, "created_at": None, "retired_at": "T"}
    document["interviews"][1]["history"] = [former]


DAMAGED = "the state file is damaged"
FORMER = {"id": "old", "embed_id": None, "created_at": None, "retired_at": "T"}
ATTEMPT = {"kind": "Interview", "name": "x", "attempt": "a", "at": "T", "attributes": {}, "code": None}
# what is edited, the summary, and words of the detail
VALUES: dict[str, tuple[Edit, str, str]] = {
    "version missing": (put("version", ...), "not a jmctl state", "`version` is missing"),
    "version as text": (put("version", "2"), "not a jmctl state", "`version`"),
    "version a flag": (put("version", value=True), "not a jmctl state", "`version`"),
    "version newer": (put("version", 3), "a newer jmctl wrote this state", "version 3"),
    "writer a number": (put("jmctl", 1), DAMAGED, "jmctl: expected text, found a number"),
    "lineage missing": (put("lineage", ...), DAMAGED, "`lineage` is missing"),
    "lineage blank": (put("lineage", ""), DAMAGED, "lineage: "),
    "serial as text": (put("serial", "1"), DAMAGED, "serial: expected a count, found text"),
    "serial negative": (put("serial", -1), DAMAGED, "serial: "),
    "serial a fraction": (put("serial", 1.5), DAMAGED, "serial: "),
    "interviews missing": (put("interviews", ...), DAMAGED, "`interviews` is missing"),
    "interviews null": (put("interviews", None), DAMAGED, "interviews: expected a list, found null"),
    "interviews an object": (put("interviews", {}), DAMAGED, "interviews: expected a list, found an object"),
    "an interview as text": (put("interviews.1", "one"), DAMAGED, "interviews[1]: expected an object, found text"),
    "an interview twice": (twice, DAMAGED, "interviews[2].name: one is a duplicate"),
    "one id under two names": (same_id, DAMAGED, "interviews[1].id: one and two have the same id"),
    "a living id in a history": (former_is_living, DAMAGED, "history[0].id: one and two have the same id"),
    "kind missing": (put("interviews.0.kind", ...), DAMAGED, "interviews[0]: `kind` is missing"),
    "kind unknown": (put("interviews.0.kind", "Position"), DAMAGED, "no kind Position"),
    "name missing": (put("interviews.0.name", ...), DAMAGED, "interviews[0]: `name` is missing"),
    "name in capitals": (put("interviews.0.name", "One"), DAMAGED, "interviews[0].name: expected a name"),
    "name a path": (put("interviews.0.name", "../one"), DAMAGED, "interviews[0].name: expected a name"),
    "id missing": (put("interviews.0.id", ...), DAMAGED, "interviews[0]: `id` is missing"),
    "id null": (put("interviews.0.id", None), DAMAGED, "interviews[0].id: expected text, found null"),
    "id a number": (put("interviews.0.id", 7), DAMAGED, "interviews[0].id: expected text, found a number"),
    "id a space": (put("interviews.0.id", " "), DAMAGED, "interviews[0].id: expected an id"),
    "id a path": (put("interviews.0.id", "../../etc"), DAMAGED, "interviews[0].id: expected an id"),
    "id an escape": (put("interviews.0.id", "\x1b[31m"), DAMAGED, "interviews[0].id: expected an id"),
    "id of 100,000": (put("interviews.0.id", "a" * 100_000), DAMAGED, "interviews[0].id: expected an id"),
    "attributes a list": (put("interviews.0.attributes", []), DAMAGED, "interviews[0].attributes: expected an object"),
    "attributes without type": (put("interviews.0.attributes.type", ...), DAMAGED, "attributes.type: is missing"),
    "questions as text": (put("interviews.0.attributes.questions", "x"), DAMAGED, "questions: expected a list"),
    "a question as text": (put("interviews.0.attributes.questions.0", "x"), DAMAGED, "questions[0]: expected an"),
    "a question without text": (
        put("interviews.0.attributes.questions.0.question", ...), DAMAGED, "questions[0].question: expected text",
    ),
    "a flag as text": (put("interviews.0.attributes.is_embedded", "yes"), DAMAGED, "is_embedded: expected true or"),
    "a number as text": (put("interviews.0.attributes.max_duration", "9"), DAMAGED, "max_duration: expected a number"),
    "on_remove unknown": (
        put("interviews.0.lifecycle.on_remove", "explode"), DAMAGED,
        "interviews[0].lifecycle.on_remove: expected one of archive, delete, forget",
    ),
    "protect as text": (put("interviews.0.lifecycle.protect", "true"), DAMAGED, "lifecycle.protect: expected true or"),
    "ignore as text": (put("interviews.0.lifecycle.ignore", "status"), DAMAGED, "lifecycle.ignore: expected a list"),
    "lifecycle misspelt": (put("interviews.0.lifecycle.protct", value=True), DAMAGED, "lifecycle.protct: unknown"),
    "lifecycle null": (put("interviews.0.lifecycle", None), DAMAGED, "lifecycle: expected an object, found null"),
    "updated_at a number": (put("interviews.0.updated_at", 5), DAMAGED, "interviews[0].updated_at: expected text"),
    "code a list": (put("interviews.0.code", []), DAMAGED, "interviews[0].code: expected text, found a list"),
    "key a number": (put("interviews.0.embed_signing_key", 5), DAMAGED, "embed_signing_key: expected text"),
    "history id a number": (put("interviews.0.history", [{**FORMER, "id": 7}]), DAMAGED, "history[0].id: expected"),
    "history id null": (put("interviews.0.history", [{**FORMER, "id": None}]), DAMAGED, "history[0].id: expected text"),
    "history empty": (put("interviews.0.history", [{}]), DAMAGED, "history[0]: `id` is missing"),
    "revisions an object": (put("interviews.0.revisions", {}), DAMAGED, "revisions: expected a list"),
    "half an attempt": (put("in_doubt", [{"kind": "Interview", "name": "x"}]), DAMAGED, "in_doubt[0]: `attempt` is"),
    "attempt time a number": (put("in_doubt", [{**ATTEMPT, "at": 7}]), DAMAGED, "in_doubt[0].at: expected text"),
    "in_doubt null": (put("in_doubt", None), DAMAGED, "in_doubt: expected a list, found null"),
}  # fmt: skip
UNREADABLE = "the state cannot be read"
BYTES: dict[str, tuple[Callable[[bytes], bytes], str, str]] = {
    "empty": (lambda _: b"", UNREADABLE, "the file is empty"),
    "zeros": (lambda data: b"\0" * len(data), UNREADABLE, "not JSON"),
    "cut short": (lambda data: data[:-20], UNREADABLE, "not JSON"),
    "two documents": (lambda data: data + data, UNREADABLE, "not JSON"),
    "a list": (lambda _: b"[]", UNREADABLE, "not a JSON object"),
    "NaN": (lambda data: data.replace(b'"serial": 1', b'"serial": NaN'), UNREADABLE, "not JSON"),
    "a trailing comma": (lambda data: data.replace(b"\n  ]", b",\n  ]"), UNREADABLE, "not JSON"),
    "Latin-1": (lambda data: data.replace(b"Support", b"Supp\xf6rt"), UNREADABLE, "not JSON"),
    "byte order mark": (lambda data: b"\xef\xbb\xbf" + data, "the state file begins with a byte order mark", ""),
    "UTF-16": (lambda data: data.decode().encode("utf-16"), "the state file begins with a byte order mark", ""),
    "CRLF": (lambda data: data.replace(b"\n", b"\r\n"), "the state file has CRLF line ends", ""),
    "conflict markers": (
        lambda data: data.replace(b'  "serial": 1,\n', b'<<<<<<< HEAD\n  "serial": 1,\n=======\n>>>>>>> b\n'),
        "the state file has merge conflict markers", "",
    ),
    "a key twice": (
        lambda data: data.rstrip()[:-1] + b',"interviews": []}\n', "duplicate key in the state file", "`interviews`",
    ),
    "an id twice in one entry": (
        lambda data: data.replace(b'"id": ', b'"id": "x",\n      "id": ', 1), "duplicate key in the state file", "`id`",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def applied(tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("wrong")
    project = Project(folder / "project", folder / "home")
    for name in ("one", "two"):
        project.write(name, max_duration=900)
    project.applied()
    return project


def check(project: Project, inside: Callable[..., Run], wrong: bytes, summary: str, detail: str) -> None:
    good = project.snapshot.read_bytes()
    assert wrong != good
    project.snapshot.write_bytes(wrong)
    try:
        for command in COMMANDS:
            before = files(project.folder)
            run = inside(project, *command)
            assert run.code == 1, (command, run)
            assert f"{summary}" in run.err, (command, run.err)
            assert detail in run.err, (command, run.err)
            assert "state/default.json" in run.err, command
            assert "hint: " in run.err, command
            assert "Traceback" not in run.err, (command, run.err)
            assert "bug in jmctl" not in run.err, (command, run.err)
            assert "\x1b[31m" not in run.err
            assert len(run.err) < 2000
            assert files(project.folder) == before, command
    finally:
        project.snapshot.write_bytes(good)


def files(folder: Path) -> dict[str, bytes]:
    """The state and the manifests; the lock file may be made."""
    places = [*(folder / "state").iterdir(), *(folder / "interviews").iterdir()]
    return {str(path): path.read_bytes() for path in places if path.suffix != ".lock"}


@pytest.mark.parametrize("name", VALUES)
def test_wrong_value(name: str, applied: Project, inside: Callable[..., Run]) -> None:
    edit, summary, detail = VALUES[name]
    document = json.loads(applied.snapshot.read_bytes())
    edit(document)
    check(applied, inside, json.dumps(document, indent=2).encode(), summary, detail)


@pytest.mark.parametrize("name", BYTES)
def test_wrong_bytes(name: str, applied: Project, inside: Callable[..., Run]) -> None:
    edit, summary, detail = BYTES[name]
    check(applied, inside, edit(applied.snapshot.read_bytes()), summary, detail)


def test_place_is_the_line_of_the_value(applied: Project, inside: Callable[..., Run]) -> None:
    good = applied.snapshot.read_bytes()
    lines = good.decode().splitlines()
    number = next(number for number, line in enumerate(lines, start=1) if '"on_remove"' in line)
    applied.snapshot.write_text(good.decode().replace('"archive"', '"explode"', 1))
    try:
        run = inside(applied, "state", "verify")
    finally:
        applied.snapshot.write_bytes(good)
    assert f"state/default.json:{number}:{lines[number - 1].index(': ') + 3}: " in run.err
