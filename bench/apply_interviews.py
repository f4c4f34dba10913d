"""What applying costs beside the waiting: 200 creates at concurrency 10 and 1,000 at 64, against 50 ms of latency.

    python bench/apply_interviews.py [RUNS]

The served sandbox answers on this machine, so server and client share its processors. Start-up is kept apart by the
server's own clock, which stamps every interview. Applying lasts from the first create until the last is answered. What
follows (reading each interview once, the commit of the state, the table, the end of the process) is the rest.
The ideal is creates * latency / concurrency; printed is the median ratio. The aim: at most 1.25 for the first and 1.5
for the second.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

import pyrage
from validate_manifests import manifest

LATENCY = 0.05
CASES = ((200, 10, 1.25), (1_000, 64, 1.5))
COMMAND = str(Path(sys.executable).with_name("jmctl"))


def project(folder: Path, url: str, count: int) -> None:
    """`count` manifests of about 4 kB; without max_duration, which would cost an update after each create."""
    recipient = pyrage.x25519.Identity.generate().to_public()
    (folder / "jmctl.yaml").write_text(
        f"project: bench\nmanifests: ['interviews/*.yaml']\nendpoint: {url}\nrecipients: [{recipient}]\n"
    )
    (folder / "interviews").mkdir(parents=True)
    for number in range(count):
        lines = [line for line in manifest(number).splitlines() if "max_duration" not in line]
        (folder / "interviews" / f"{number:05}.yaml").write_text("\n".join(lines) + "\n")


def control(url: str, path: str) -> Any:
    with urllib.request.urlopen(url.removesuffix("/functions/v1") + "/_sandbox" + path, timeout=60) as answer:  # noqa: S310 - loopback
        return json.loads(answer.read())


def measured(count: int, concurrency: int) -> tuple[float, float, float]:
    """Seconds until the first create arrives, from there until the last is answered, and from there to the end."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        serve = [COMMAND, "sandbox", "serve", "--path", str(folder / "data"), "--latency", str(int(LATENCY * 1000))]
        server = subprocess.Popen(serve, stdout=subprocess.PIPE, text=True)
        assert server.stdout is not None  # noqa: S101 - it was asked for
        url = server.stdout.readline().split()[-1]
        (folder / "project").mkdir()
        project(folder / "project", url, count)
        environment = {**os.environ, "JOBMOJITO_TOKEN": "bench", "JMCTL_CACHE_DIR": str(folder / "cache")}
        apply = [COMMAND, "-C", str(folder / "project"), "apply", "--auto-approve", "--concurrency", str(concurrency)]
        subprocess.run([*apply[:3], "validate"], env=environment, check=True, capture_output=True)  # fills the cache
        began = time.time()
        subprocess.run(apply, env=environment, check=True, capture_output=True)
        ended = time.time()
        rows = control(url, "/interviews")
        server.send_signal(signal.SIGTERM)
        server.communicate()
    if len(rows) != count:
        raise SystemExit(f"{len(rows)} of {count} interviews were made")
    times = [datetime.fromisoformat(row["created_at"]).timestamp() for row in rows]
    first, last = min(times), max(times) + LATENCY
    return first - began, last - first, ended - last


def main() -> int:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    missed = 0
    for count, concurrency, aim in CASES:
        figures = [measured(count, concurrency) for _ in range(runs)]
        ideal = count * LATENCY / concurrency
        startup, wall, rest = (median(column) for column in zip(*figures, strict=True))
        print(
            f"{count} creates at concurrency {concurrency}: {wall:.2f} s for {ideal:.2f} s, ratio {wall / ideal:.2f} "
            f"(aim {aim}); start-up {startup:.2f} s, the rest {rest:.2f} s, with which {(wall + rest) / ideal:.2f}"
        )
        missed += wall / ideal > aim
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
