"""One project whose service lives in the same folder, so that a test can look at both sides and touch both."""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyrage
from workshop import MINIMAL, Project, Run, name_in

from reconciler.sandbox.service import BASE, Service
from reconciler.state.local import LocalBackend
from reconciler.state.model import State

CREATE = "job-interview-create-from-array"
GONE = ("archived", "deleted")


def identities(project: Project) -> list[Any]:
    return [pyrage.x25519.Identity.from_str(project.identity.read_text().strip())]


def opened(sealed: str, project: Project) -> str:
    """The key in `sealed`, as only the holder of the project's identity reads it."""
    return str(json.loads(pyrage.decrypt(sealed.encode(), identities(project)))["key"])


def remembered(project: Project) -> State:
    return LocalBackend(project.snapshot.parent, "default").read().state


def by_mark(rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The live interviews of this project by the name in their mark."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        if row["status"] not in GONE and (name := name_in(row["code"])):
            found.setdefault(name, []).append(row)
    return found


def check_keys(state: State, rows: list[dict[str, Any]], project: Project, *, at_rest: bool = True) -> None:
    """Every key that is held opens to the one that the service holds, or before all is at rest held."""
    stored = {row["id"]: (row["embed_id"], row["embed_signing_key"]) for row in rows}
    for name, entry in state.entries.items():
        if entry.embed_signing_key and (at_rest or stored.get(entry.id, (None, None)) != (None, None)):
            assert (entry.embed_id, opened(entry.embed_signing_key, project)) == stored[entry.id], name


def check_no_secret(project: Project, rows: list[dict[str, Any]], *said: str) -> None:
    """No key in clear, in no spelling, in any file that jmctl wrote or in what it said."""
    secrets = [row["embed_signing_key"] for row in rows if row["embed_signing_key"]]
    spellings = [secret.encode() for secret in secrets] + [base64.b64encode(secret.encode()) for secret in secrets]
    files = [
        path
        for folder in (project.folder, project.home)
        for path in folder.rglob("*")
        if path.is_file() and ".sandbox" not in path.parts and path != project.identity
    ]
    identity = project.identity.read_text().strip().encode()
    for path in files:
        data = path.read_bytes()
        assert not [1 for spelling in (*spellings, identity) if spelling in data], path
    text = "\n".join(said)
    assert not [1 for secret in secrets if secret in text]


@dataclass
class Scene:
    """A project, the service that it talks to without a socket, and a way to run commands in this process."""

    project: Project
    run: Callable[..., Run]

    def __post_init__(self) -> None:
        self.service = Service(self.project.folder / ".sandbox")
        self.said: list[str] = []

    def close(self) -> None:
        self.service.close()

    def jmctl(self, *arguments: str) -> Run:
        run = self.run(self.project, *arguments)
        self.said += [run.out, run.err]
        return run

    def apply(self, *arguments: str, code: int = 0) -> Run:
        run = self.jmctl("apply", "--auto-approve", *arguments)
        assert run.code == code, run
        return run

    def lose(self, fault: str, **options: Any) -> Run:
        """Applies while the next create is struck by `fault`; its outcome is unknown afterwards."""
        self.service.set_faults([{"fault": fault, "operation": "create", "count": 1, **options}])
        run = self.apply(code=4)
        self.service.set_faults([])
        return run

    def age(self, seconds: float = 3600.0) -> None:
        """Lets what is in doubt have begun long ago, so that nothing of it can still come."""
        document = self.project.state
        for attempt in document["in_doubt"]:
            begun = datetime.fromisoformat(attempt["at"]) - timedelta(seconds=seconds)
            attempt["at"] = begun.isoformat(timespec="milliseconds").replace("+00:00", "Z")
            if attempt["ended_at"]:
                attempt["ended_at"] = attempt["at"]
        self.project.snapshot.write_text(json.dumps(document))

    def rows(self) -> list[dict[str, Any]]:
        return self.service.dump()

    def live(self) -> dict[str, list[dict[str, Any]]]:
        return by_mark(self.rows())

    def id_of(self, name: str) -> str:
        """The one live interview of that name."""
        (row,) = self.live()[name]
        return str(row["id"])

    def made_elsewhere(self, **fields: Any) -> str:
        """An interview that somebody creates without this project."""
        body = json.dumps({**MINIMAL, **fields}).encode()
        reply = self.service.outcome("POST", f"{BASE}{CREATE}", {}, {"authorization": "Bearer x"}, body)
        return str(json.loads(reply.body)["interview_def_set_id"])  # type: ignore[union-attr]

    def creates(self) -> int:
        """How many interviews were ever made."""
        return len(self.rows())

    def check(self, *names: str) -> None:
        """Exactly these exist, each once; each is remembered as what it is; nothing is left to do; nothing leaked."""
        rows = self.rows()
        live = by_mark(rows)
        state = remembered(self.project)
        assert Counter({name: len(found) for name, found in live.items()}) == Counter(names)
        assert {entry.name: entry.id for entry in state.entries.values()} == {
            name: found[0]["id"] for name, found in live.items()
        }
        assert not state.in_doubt
        check_keys(state, rows, self.project)
        for name, entry in state.entries.items():
            if entry.attributes.get("is_embedded"):
                assert entry.embed_signing_key, f"the key of {name} is not held"
        again = self.jmctl("plan", "--detailed-exitcode")
        assert again.code == 0, again
        verified = self.jmctl("state", "verify", "--remote")
        assert verified.code == 0, verified
        check_no_secret(self.project, rows, *self.said)


def scene_of(folder: Path, run: Callable[..., Run], **settings: Any) -> Scene:
    """A scene in `folder` with short times: a call has 5 s, a list may lag for 0.2 s."""
    project = Project(folder / "project", folder / "home")
    project.configure(timeouts={"total": 5, "connect": 5}, recovery={"grace": 0.2, "skew": 5}, **settings)
    return Scene(project, run)
