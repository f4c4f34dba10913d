"""The ten operations driven through Prism as a validating proxy before the sandbox: requests counted, no violation.

    python bench/contract/prism.py [PRISM]

PRISM is the command; without it `npx @stoplight/prism-cli` at a pinned version. The contract is the sandbox's own
statement (`jmctl sandbox openapi`), which tests compare with the published one. At the end a wrong body is sent by
hand: it has to be caught. Exits with 1 when a request or answer violates the contract, or the wrong body passes.
"""

from __future__ import annotations

import json
import re
import shlex
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter
from pathlib import Path
from typing import Any

import pyrage

COMMAND = str(Path(sys.executable).with_name("jmctl"))
PRISM = "npx --yes @stoplight/prism-cli@5.14.2"
OPERATIONS = 10
MANIFEST: dict[str, Any] = {
    "name": "Driver", "location": "remote", "interview_template_id": "46b98d37-1557-4391-beca-03037ead19f2",
    "mojito_language_code": "en", "description": "Synthetic", "status": "active", "type": "interview",
    "visibility": "merchant_invite", "is_embedded": True, "max_duration": 900, "tags": ["a"],
    "custom_scoring": {"early_stop": True}, "country_availability": {"countries_allowed": ["CZ"]},
    "questions": [{"id": "a", "question": "Why?", "duration": 60}, {"id": "b", "question": "How?"}],
}  # fmt: skip


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def asked(base: str, operation: str, body: Any = None) -> int:
    """One request by hand; gives the status."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": "Bearer prism", "Content-Type": "application/json"}
    try:
        request = urllib.request.Request(f"{base}/{operation}", data, headers)  # noqa: S310 - loopback
        with urllib.request.urlopen(request) as answer:  # noqa: S310 - as above
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code


class Driver:
    """A project whose endpoint is the proxy."""

    def __init__(self, folder: Path, endpoint: str) -> None:
        self.folder = folder
        (folder / "interviews").mkdir(parents=True)
        identity = pyrage.x25519.Identity.generate()
        (folder / "identity.txt").write_text(f"{identity}\n")
        settings = {"project": "prism", "endpoint": endpoint, "recipients": [str(identity.to_public())]}
        (folder / "jmctl.yaml").write_text(json.dumps(settings))
        self.environment = {
            "PATH": "/usr/bin:/bin", "HOME": str(folder), "JOBMOJITO_TOKEN": "prism", "LC_ALL": "C.UTF-8",
            "JMCTL_IDENTITY": str(folder / "identity.txt"),
        }  # fmt: skip

    def write(self, name: str, **fields: Any) -> None:
        document = {
            "apiVersion": "jmctl/v1",
            "kind": "Interview",
            "metadata": {"name": name},
            "spec": MANIFEST | fields,
        }
        (self.folder / "interviews" / f"{name}.yaml").write_text(json.dumps(document))

    def jmctl(self, *words: str) -> str:
        done = subprocess.run(
            [COMMAND, *words], cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False,
            timeout=120,
        )  # fmt: skip
        if done.returncode not in (0, 2):
            raise SystemExit(f"jmctl {' '.join(words)}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout


def drive(project: Driver, base: str) -> None:
    """A life of two interviews, and the operations that no command of this run asks for."""
    project.write("one")
    project.write("two", type="assessment", status="draft", is_embedded=False)
    project.jmctl("apply", "--auto-approve")
    questions = [{"id": "b", "question": "How?"}, {"id": "a", "question": "Why really?"}, {"question": "New?"}]
    project.write("one", questions=questions, description="Edited", tags=["b", "c"], country_availability=None)
    project.write("two", type="assessment", status="active", is_embedded=True)
    project.jmctl("apply", "--auto-approve")
    project.write("one", questions=questions, mojito_language_code="es")
    project.jmctl("apply", "--auto-approve")
    project.jmctl("drift")
    project.jmctl("plan")
    control = project.jmctl("sandbox", "seed-results", "--count", "2", "--path", str(project.folder.parent / "data"))
    if not control.startswith("4 "):
        raise SystemExit(control)
    listed = json.loads(project.jmctl("results", "list", "--format", "json"))["results"]
    for row in listed:
        project.jmctl("results", "show", row["interview_result_id"])
    for operation in ("merchant-status", "merchant-avatar-list?include_public=true", "platform-languages-list"):
        if asked(base, operation) != 200:
            raise SystemExit(f"{operation} failed")


def count(log: str) -> tuple[Counter[str], list[str]]:
    """(requests by operation, what Prism complained of)."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", log)
    requests = Counter(re.findall(r"\[HTTP SERVER\] (?:get|post) /([\w-]+) .*Request received", plain))
    return requests, [line for line in plain.splitlines() if "[VALIDATOR]" in line and "passed" not in line]


def main(prism: str = PRISM) -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sandbox = subprocess.Popen(
            [COMMAND, "sandbox", "serve", "--path", f"{name}/data"], stdout=subprocess.PIPE, text=True
        )
        assert sandbox.stdout is not None  # noqa: S101 - for the type checker
        upstream = sandbox.stdout.readline().split()[-1]
        port = free_port()
        contract, log = folder / "openapi.json", folder / "prism.log"
        described = subprocess.run(
            [COMMAND, "sandbox", "openapi", "--server", upstream], capture_output=True, check=True
        )
        contract.write_bytes(described.stdout)
        with log.open("w") as out:
            proxy = subprocess.Popen(
                [*shlex.split(prism), "proxy", str(contract), upstream, "--port", str(port)], stdout=out, stderr=out
            )
        try:
            base = f"http://127.0.0.1:{port}"
            give_up = time.monotonic() + 120
            while "Prism is listening" not in log.read_text():
                if time.monotonic() > give_up or proxy.poll() is not None:
                    raise SystemExit(log.read_text())
                time.sleep(0.2)
            drive(Driver(folder / "project", base), base)
            requests, complaints = count(log.read_text())
            status = asked(base, "job-interview-set-state", {"position_id": 7, "status": "gone"})
            caught = len(count(log.read_text())[1]) - len(complaints)
        finally:
            for process in (proxy, sandbox):
                process.terminate()
                process.wait(30)
        print(log.read_text()[-1500:] if "-v" in sys.argv else "", end="")
    for operation, number in sorted(requests.items()):
        print(f"{number:5} {operation}")
    print(f"{requests.total()} requests, {len(requests)} operations, {len(complaints)} violations")
    print(*complaints[:20], sep="\n")
    print(f"a wrong body sent by hand: status {status}, {caught} violations")
    return int(len(requests) != OPERATIONS or bool(complaints) or not caught)


if __name__ == "__main__":
    sys.exit(main(*[word for word in sys.argv[1:] if word != "-v"]))
