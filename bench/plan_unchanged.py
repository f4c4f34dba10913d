"""What it costs to find that nothing changed: 1,000 applied manifests planned again without asking the service.

    python bench/plan_unchanged.py [COUNT]

`jmctl plan --no-refresh` in fresh processes, medians: with an empty cache (every file parsed and judged) and with a
full one (every file read and hashed), each beside `jmctl --version`. The state is made by the embedded sandbox.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

import pyrage
from validate_manifests import manifest

COMMAND = str(Path(sys.executable).with_name("jmctl"))
RUNS = 5


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    with tempfile.TemporaryDirectory() as name:
        folder, cache = Path(name) / "project", Path(name) / "cache"
        (folder / "interviews").mkdir(parents=True)
        recipient = pyrage.x25519.Identity.generate().to_public()
        (folder / "jmctl.yaml").write_text(
            f"project: bench\nmanifests: ['interviews/*.yaml']\nendpoint: sandbox:.sandbox\nrecipients: [{recipient}]\n"
        )
        for number in range(count):
            (folder / "interviews" / f"{number:05}.yaml").write_text(manifest(number))
        environment = {**os.environ, "JMCTL_CACHE_DIR": str(cache)}

        def seconds(*arguments: str) -> float:
            began = perf_counter()
            done = subprocess.run(
                [COMMAND, "-C", str(folder), *arguments], env=environment, check=True, capture_output=True, text=True
            )
            taken = perf_counter() - began
            if "plan" in arguments and "No changes" not in done.stdout:
                raise SystemExit(done.stdout[-2000:])
            return taken

        seconds("apply", "--auto-approve", "--concurrency", "64")
        cold = []
        for _ in range(RUNS):
            shutil.rmtree(cache, ignore_errors=True)
            cold.append(seconds("plan", "--no-refresh"))
        cached = median(seconds("plan", "--no-refresh") for _ in range(RUNS))
        version = median(seconds("--version") for _ in range(RUNS))
    print(f"{count} unchanged manifests, --no-refresh: cold {median(cold):.2f} s, cached {cached:.2f} s", end="")
    print(f" ({cached / version:.1f} times the {version * 1000:.0f} ms of --version)")


if __name__ == "__main__":
    main()
