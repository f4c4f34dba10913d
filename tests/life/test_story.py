"""The life of a few interviews as one story: story/story.yaml is the script, beside it stands what jmctl says.

JMCTL_TELL_STORY=1 writes the golden files anew; read their difference before committing it.
"""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from ruamel.yaml import YAML
from workshop import MINIMAL, Project, Run

from reconciler.sandbox.reply import Reply
from reconciler.sandbox.service import Service

STORY = Path(__file__).with_name("story")
STEPS: list[dict[str, Any]] = YAML(typ="safe").load((STORY / "story.yaml").read_text())
REWRITES = bool(os.environ.get("JMCTL_TELL_STORY"))
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SEED = "7d1e0000-"  # what every sandbox begins with keeps its id
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[0-9.]*Z")
ATTEMPT = re.compile(r"(?<=jmctl:2:tests/default/)([a-z0-9-]+)/[0-9a-f]{8}")
DIGEST = re.compile(r"(?<=^Digest: )[0-9a-f]+$", re.MULTILINE)


class Stage:
    """A project and its service; ids are called by the interviews that have had them."""

    def __init__(self, project: Project, service: Service, run: Callable[..., Run]) -> None:
        self.project = project
        self.service = service
        self.names: dict[str, str] = {}
        self.ids: dict[str, str] = {}
        self._run = run

    def jmctl(self, *arguments: str) -> tuple[Run, str]:
        """What a command said, as it stands in a golden file."""
        run = self._run(self.project, *arguments)
        self._learn()
        told = [f"$ jmctl {self.plain(shlex.join(arguments))}"]
        told += self.plain(run.out + run.err).rstrip().splitlines()
        return run, "\n".join([*told, f"[{run.code}]"]) + "\n"

    def _learn(self) -> None:
        if not self.project.snapshot.exists():
            return
        for entry in self.project.state["interviews"]:
            self.ids[entry["name"]] = entry["id"]
            if entry["id"] not in self.names:
                count = sum(name.startswith(f"<{entry['name']}-") for name in self.names.values())
                self.names[entry["id"]] = f"<{entry['name']}-{count + 1}>"

    def plain(self, text: str) -> str:
        """`text` with stable names for ids, attempts, times and digests."""
        text = UUID.sub(lambda found: self._name(found[0]), text.replace(str(self.project.folder), "."))
        text = ATTEMPT.sub(r"\1/<attempt>", text)
        return DIGEST.sub("<digest>", TIME.sub("<time>", text))

    def _name(self, uuid: str) -> str:
        if uuid.startswith(SEED) or uuid == MINIMAL["interview_template_id"]:
            return uuid
        unknown = sum(name.startswith("<id-") for name in self.names.values())
        return self.names.setdefault(uuid, f"<id-{unknown + 1}>")

    # -- what people do

    def act(self, step: dict[str, Any]) -> None:
        for doing in step.get("admin", ()):
            self._admin(doing)
        for name, text in step.get("write", {}).items():
            self._file(name).write_text(self._filled(text))
        for name, edits in step.get("replace", {}).items():
            path = self._file(name)
            for old, new in edits.items():
                assert path.read_text().count(self._filled(old)) == 1, (name, old)
                path.write_text(path.read_text().replace(self._filled(old), self._filled(new)))
        for name, to in step.get("move", {}).items():
            self._file(name).rename(self._file(to))
        for name in step.get("remove", ()):
            self._file(name).unlink()

    def _file(self, name: str) -> Path:
        path = self.project.folder / "interviews" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def _filled(self, text: str) -> str:
        return re.sub(r"\$\{([\w-]+)\}", lambda found: self.ids[found[1]], text)

    def _admin(self, doing: dict[str, Any]) -> None:
        match doing:
            case {"edit": name, "set": columns}:
                self.service.admin_edit(self.ids[name], columns)
            case {"delete": name}:
                self.service.admin_delete(self.ids[name])
            case {"questions": name, "reword": words}:
                steps = next(row for row in self.service.dump() if row["id"] == self.ids[name])["steps"]
                reworded = [
                    {**one, "question": words.get(one.get("external_id"), one.get("question"))} for one in steps
                ]
                self.service.admin_edit(self.ids[name], {"steps": reworded})
            case {"results": name}:
                self.service.add_results([{"item": {"definition_id": self.ids[name]}, "details": {}}])
            case {"create": name, **fields}:
                self._create(name, {**MINIMAL, "location": "Brno", "description": "Kitchen", **fields})
            case _:
                raise AssertionError(f"nobody knows how to {doing}")

    def _create(self, name: str, body: dict[str, Any]) -> None:
        path = "/functions/v1/job-interview-create-from-array"
        reply = self.service.outcome("POST", path, {}, {"Authorization": "Bearer another"}, orjson.dumps(body))
        assert isinstance(reply, Reply)
        self.ids[name] = orjson.loads(reply.body)["interview_def_set_id"]
        self.names[self.ids[name]] = f"<{name}-1>"


@pytest.fixture
def stage(project: Project, inside: Callable[..., Run]) -> Iterator[Stage]:
    project.configure(concurrency=1)
    service = Service(project.folder / ".sandbox")
    yield Stage(project, service, inside)
    service.close()


def test_story(stage: Stage) -> None:
    """One test, because each step begins where the last one ended."""
    for number, step in enumerate(STEPS, start=1):
        told = f"# {step['step']}\n\n" + tell(stage, step)
        name = f"{number:02}-{re.sub('[^a-z]+', '-', step['step'])}.txt"
        expect(STORY / name, told)
    expect(STORY / "service.json", json.dumps(service_data(stage), indent=2, ensure_ascii=False) + "\n")


def tell(stage: Stage, step: dict[str, Any]) -> str:
    """Does a step and gives what was said."""
    stage.act(step)
    parts = [stage.jmctl(*shlex.split(stage._filled(line)))[1] for line in step.get("run", ())]
    planned, said = stage.jmctl("plan", "--detailed-exitcode")
    parts.append(said)
    if planned.code == 0:
        return "\n".join(parts)
    rows = stage.service.dump()
    approval = ["--approve", step["approve"]] if "approve" in step else []
    applied, said = stage.jmctl("apply", "--auto-approve", *approval)
    parts.append(only_results(said, planned.out))
    assert applied.code == step.get("stops", 0), applied
    if step.get("stops"):
        assert stage.service.dump() == rows
    else:
        again, _ = stage.jmctl("plan", "--detailed-exitcode")
        assert again.code == 0, again
        assert "No changes" in again.out, again
    return "\n".join(parts)


def only_results(said: str, plan: str) -> str:
    """What an apply says beyond the plan, which it shows first."""
    command, *lines = said.splitlines()
    shown = len(plan.rstrip().splitlines())
    return "\n".join([command, *(line for line in lines[shown:])]) + "\n"


def expect(path: Path, told: str) -> None:
    if REWRITES:
        path.write_text(told)
    assert told == path.read_text(), path.name


def test_every_golden_file_belongs_to_a_step() -> None:
    names = {f"{number:02}-{re.sub('[^a-z]+', '-', step['step'])}.txt" for number, step in enumerate(STEPS, start=1)}
    assert {path.name for path in STORY.glob("*.txt")} == names


def service_data(stage: Stage) -> list[dict[str, Any]]:
    """Everything that the service holds at the end, oldest first, without times and keys."""
    rows = stage.service.dump()
    for row in rows:
        del row["created_at"], row["updated_at"], row["environment"]
        row["embed_signing_key"] = row["embed_signing_key"] and "<key>"
    told: list[dict[str, Any]] = json.loads(stage.plain(json.dumps(rows, ensure_ascii=False)))
    return told
