"""What tests are made with: a project on disk, the console command as a process, the simulated service as a server."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
import pyrage

from reconciler.address import Address
from reconciler.cli import root
from reconciler.resources.mark import parse_mark

COMMAND = str(Path(sys.executable).with_name("jmctl"))
SECONDS = 60.0  # after which a process under test counts as hanging
INTERACTIVE = "46b98d37-1557-4391-beca-03037ead19f2"
TOKEN = "canary-of-a-token"  # noqa: S105 - must never be seen in clear
OFFLINE = "7d1e0000-5a1e-4c0d-9f00-000000000003"
MINIMAL: dict[str, Any] = {
    "name": "Support agent",
    "location": "remote",
    "interview_template_id": INTERACTIVE,
    "mojito_language_code": "en",
    "description": "Synthetic",
    "status": "draft",
    "type": "interview",
    "visibility": "merchant_invite",
    "questions": [{"id": "hard-ticket", "question": "Describe a difficult ticket you solved."}],
}


def commands(group: click.Group = root, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command with the words that call it."""
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        assert found is not None
        yield (*path, name), found
        if isinstance(found, click.Group):
            yield from commands(found, (*path, name))


def interview(name: str) -> Address:
    """The address of the interview `name`."""
    return Address("Interview", name)


def name_in(code: Any) -> str:
    """The name in the mark `code` of the project "tests"; empty when it is none."""
    found = parse_mark(code)
    return found.name if found and found.project == "tests" else ""


def names_of(addresses: Iterable[Address]) -> list[str]:
    """The names alone, sorted."""
    return sorted(address.name for address in addresses)


def manifest(called: str, /, *, lifecycle: dict[str, Any] | None = None, **spec: Any) -> str:
    """A manifest of the smallest interview, with `spec` over it: one field a line, its value as JSON, which is YAML."""
    lines = ["apiVersion: jmctl/v1", "kind: Interview", "metadata:", f"  name: {called}", "spec:"]
    lines += [f"  {key}: {json.dumps(value, ensure_ascii=False)}" for key, value in {**MINIMAL, **spec}.items()]
    lines += [f"lifecycle: {json.dumps(lifecycle)}"] if lifecycle else []
    return "\n".join(lines) + "\n"


def jwt(seconds: float) -> str:
    """An unsigned token that ends so many seconds from now."""
    payload = base64.urlsafe_b64encode(json.dumps({"exp": time.time() + seconds}).encode()).decode().rstrip("=")
    return f"e30.{payload}.c2ln"


@dataclass(frozen=True)
class Run:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on stdout."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """The JSON lines on stdout."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass
class Project:
    """A project in `folder`, with a home of its own so that no identity, cache or token of the machine is met."""

    folder: Path
    home: Path
    endpoint: str = "sandbox:.sandbox"
    settings: dict[str, Any] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        identity = pyrage.x25519.Identity.generate()
        self.identity = self.home / "config" / "jmctl" / "identity.txt"
        self.identity.parent.mkdir(parents=True)
        self.identity.write_text(f"{identity}\n")
        self.identity.chmod(0o600)
        self.recipient = str(identity.to_public())
        self.configure(recipients=[self.recipient])

    @property
    def environment(self) -> dict[str, str]:
        """What a process of this project sees, and nothing of the machine but PATH."""
        return {
            "PATH": os.environ["PATH"],
            "LC_ALL": "C.UTF-8",
            "HOME": str(self.home),
            "XDG_CONFIG_HOME": str(self.home / "config"),
            "XDG_CACHE_HOME": str(self.home / "cache"),
            "PYTHONWARNINGS": "error",
            **self.variables,
        }

    def configure(self, **settings: Any) -> None:
        """Writes jmctl.yaml; a setting of None is left out."""
        self.settings.update(settings)
        document = {"project": "tests", "manifests": ["interviews/**/*.yaml"], "endpoint": self.endpoint}
        told = {key: value for key, value in {**document, **self.settings}.items() if value is not None}
        (self.folder / "jmctl.yaml").write_text("".join(f"{key}: {json.dumps(value)}\n" for key, value in told.items()))

    def hurry(self) -> None:
        """Lets the recovery of a create of unknown outcome wait seconds for it instead of a minute and a half."""
        self.configure(recovery={"grace": 0.1}, timeouts={"connect": 3, "total": 4})

    def write(self, called: str, /, **spec: Any) -> Path:
        """Writes the manifest of one interview."""
        path = self.folder / "interviews" / f"{called}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(manifest(called, **spec))
        return path

    def write_many(self, count: int, **spec: Any) -> list[str]:
        """Writes `count` interviews and gives their names."""
        names = [f"interview-{number:04}" for number in range(count)]
        for number, name in enumerate(names):
            self.write(name, **{"name": f"Interview {number}", **spec})
        return names

    def jmctl(self, *arguments: str, typed: str | None = None, **variables: str) -> Run:
        """Runs the console command here until it ends; `typed` goes to its standard input."""
        done = subprocess.run(
            [COMMAND, *arguments],
            cwd=self.folder,
            env=self.environment | variables,
            input=typed if typed is not None else "",
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        return Run(done.returncode, done.stdout, done.stderr)

    def start(self, *arguments: str, **variables: str) -> subprocess.Popen[str]:
        """Starts the console command here, as the leader of a process group of its own."""
        return subprocess.Popen(
            [COMMAND, *arguments],
            cwd=self.folder,
            env=self.environment | variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def applied(self, *arguments: str) -> Run:
        """Applies without asking and expects that it goes well."""
        run = self.jmctl("apply", "--auto-approve", *arguments)
        assert run.code == 0, run
        return run

    @property
    def snapshot(self) -> Path:
        return self.folder / "state" / "default.json"

    @property
    def journal(self) -> Path:
        return self.snapshot.with_suffix(".journal")

    @property
    def state(self) -> dict[str, Any]:
        """The snapshot as it stands on disk."""
        return dict(json.loads(self.snapshot.read_bytes()))

    def ids(self) -> dict[str, str | None]:
        """What jmctl remembers: the id of every interview by name, None for one in doubt."""
        return {row["name"]: row["id"] for row in self.jmctl("state", "list", "--format", "json").document}


def ended(process: subprocess.Popen[str]) -> Run:
    """What a started command came to."""
    out, err = process.communicate(timeout=SECONDS)
    return Run(process.returncode, out, err)


def wait_until(happened: Any, *, seconds: float = 20.0) -> Any:
    """What `happened()` gives once it is truthy."""
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        if found := happened():
            return found
        time.sleep(0.005)
    raise AssertionError("it did not happen in time")


class Sandbox:
    """`jmctl sandbox serve` as a process, and the way to steer it and look inside."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            [COMMAND, "sandbox", "serve", "--port", "0", "--path", str(folder)],
            stdout=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().split()[-1]
        self._control = self.url.removesuffix("/functions/v1") + "/_sandbox"

    def end(self) -> None:
        """Ends the server, which has to go without complaint."""
        self._process.send_signal(signal.SIGTERM)
        self._process.communicate(timeout=SECONDS)
        assert self._process.returncode == 0

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """One request to the way in for tests."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self._control}{path}", data, method=method)  # noqa: S310 - loopback
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - as above
            return json.loads(answer.read())

    def reset(self) -> None:
        self.control("DELETE", "/")

    def switch(self, **values: Any) -> None:
        self.control("PUT", "/switches", values)

    def set_faults(self, *rules: str) -> None:
        """Replaces the faults."""
        self.control("PUT", "/faults", list(rules))

    def interviews(self) -> list[dict[str, Any]]:
        """Everything stored, keys included."""
        return list(self.control("GET", "/interviews"))

    def edit(self, interview_id: str, **columns: Any) -> None:
        """A colleague edits in the admin."""
        self.control("POST", "/admin-edit", {"id": interview_id, "set": columns})

    def delete(self, interview_id: str) -> None:
        """A colleague removes the interview for good."""
        self.control("POST", "/admin-edit", {"id": interview_id, "delete": True})

    def requests(self) -> dict[str, Any]:
        return dict(self.control("GET", "/requests"))
