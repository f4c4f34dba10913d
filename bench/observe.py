"""What a plan costs that finds nothing to do: requests and time, by the number of interviews, and when some moved.

    python bench/observe.py [COUNT ...]

Each row is `jmctl plan` as a fresh process against the embedded sandbox, the median of a few, with its time above that
of `jmctl --version` for each interview. The aim: one list call for each thousand, a read for each that moved, and time
that grows no faster than their number.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from reconciler.project.load import read_manifests
from reconciler.sandbox.service import Service
from reconciler.state.format import dump_state
from reconciler.state.model import Entry, State

COMMAND = Path(sys.executable).with_name("jmctl")
RUNS = 5
COUNTS = (10, 1_000, 3_000)
MOVED = 30
CREATE = "/functions/v1/job-interview-create-from-array"
SPEC: dict[str, Any] = {
    "location": "remote",
    "interview_template_id": "46b98d37-1557-4391-beca-03037ead19f2",
    "mojito_language_code": "en",
    "description": "Synthetic",
    "status": "active",
    "type": "interview",
    "visibility": "merchant_invite",
    "tags": ["synthetic"],
}


def manifest(number: int) -> dict[str, Any]:
    questions = [{"id": f"q{place}", "question": f"Question {number}.{place}?", "duration": 90} for place in range(8)]
    return {
        "apiVersion": "jmctl/v1",
        "kind": "Interview",
        "metadata": {"name": f"interview-{number:05}"},
        "spec": {"name": f"Interview {number}", **SPEC, "questions": questions},
    }


def project(folder: Path, count: int) -> Service:
    """A project of `count` interviews as if they had been applied and looked at."""
    (folder / "jmctl.yaml").write_text(
        'project: bench\nmanifests: ["interviews/*.yaml"]\nendpoint: "sandbox:.sandbox"\n'
    )
    (folder / "interviews").mkdir()
    for number in range(count):
        (folder / "interviews" / f"{number:05}.yaml").write_text(json.dumps(manifest(number)))
    service = Service(folder / ".sandbox")
    service.switch(request_log=True)
    entries = {want.address: _created(service, want) for want in read_manifests(folder, ["interviews/*.yaml"]).desired}
    (folder / "state").mkdir()
    (folder / "state" / "default.json").write_bytes(dump_state(State("bench", 1, entries)))
    return service


def _created(service: Service, want: Any) -> Entry:
    reply = service.outcome("POST", CREATE, {}, {"Authorization": "Bearer bench"}, json.dumps(want.spec).encode())
    interview_id = json.loads(reply.body)["interview_def_set_id"]  # type: ignore[union-attr]
    query, headers = {"position_id": interview_id}, {"Authorization": "Bearer bench"}
    seen = json.loads(service.outcome("GET", "/functions/v1/job-interview-get", query, headers, b"").body)  # type: ignore[union-attr]
    return Entry(want.address, interview_id, want.spec, created_at=seen["created_at"], updated_at=seen["updated_at"])


def timed(folder: Path, *arguments: str) -> float:
    """The median of a few fresh processes, in seconds."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache"), "XDG_CONFIG_HOME": str(folder / "config")}
    times = []
    for _ in range(RUNS + 1):
        begun = perf_counter()
        done = subprocess.run([COMMAND, *arguments], cwd=folder, env=environment, capture_output=True, check=True)
        times.append(perf_counter() - begun)
    if arguments[0] == "plan" and not done.stdout.startswith(b"No changes"):
        raise AssertionError(done.stdout)
    return median(times[1:])  # the first filled the cache


def requests(service: Service) -> dict[str, int]:
    return {name: sum(by_status.values()) for name, by_status in service.requests()["counts"].items()}


def measured(folder: Path, service: Service) -> tuple[float, int, int]:
    """Seconds, list calls and reads of one plan."""
    before = requests(service)
    seconds = timed(folder, "plan")
    after = requests(service)
    lists, reads = (
        (after.get(name, 0) - before.get(name, 0)) // (RUNS + 1)
        for name in ("merchant-interview-list", "job-interview-get")
    )
    return seconds, lists, reads


def main() -> None:
    counts = [int(argument) for argument in sys.argv[1:]] or COUNTS
    print(
        f"{'interviews':>10} {'moved':>6} {'lists':>6} {'reads':>6} {'seconds':>8} {'of --version':>12} {'us each':>8}"
    )
    for count in counts:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            service = project(folder, count)
            floor = timed(folder, "--version")
            for moved in (0, min(MOVED, count)):
                for row in service.dump()[:moved]:
                    service.admin_edit(row["id"], {"slug": "touched"})
                seconds, lists, reads = measured(folder, service)
                ratio, each = seconds / floor, (seconds - floor) / count * 1e6
                print(f"{count:>10,} {moved:>6} {lists:>6} {reads:>6} {seconds:>8.3f} {ratio:>12.1f} {each:>8.0f}")
            service.close()


if __name__ == "__main__":
    main()
