"""Exporting results against the sandbox over HTTP: the ratio to the ideal, and what memory grows by.

    .venv/bin/python bench/export_results.py [RESULTS [CONCURRENCY [LATENCY_MS]]]

The ideal is results x latency / concurrency. The time is that of the whole process, start-up included, so the ratio is
best read at 1,000 results or more, and only where `busy` (seconds of processor) is well below the time. The exporting
process is a fresh one, so that its peak is its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
JMCTL = Path(sys.executable).with_name("jmctl")


def run(folder: Path, *words: str) -> None:
    subprocess.run([str(JMCTL), "-C", folder, *words], check=True, capture_output=True, env=environment(folder))


def environment(folder: Path) -> dict[str, str]:
    return os.environ | {"XDG_CONFIG_HOME": str(folder / "config"), "JOBMOJITO_TOKEN": "sandbox"}


def project(folder: Path) -> None:
    """One interview, created in the sandbox."""
    (folder / "interviews").mkdir()
    source = (ROOT / "examples/interviews/support/support-agent.yaml").read_text("utf-8").split("\n---\n")[0]
    (folder / "interviews/support.yaml").write_text(source.replace("is_embedded: true", "is_embedded: false"), "utf-8")
    (folder / "jmctl.yaml").write_text("project: bench\nendpoint: sandbox:.sandbox\n")
    run(folder, "apply", "--auto-approve")


@contextmanager
def served(folder: Path, latency: int) -> Iterator[None]:
    """The sandbox of `folder` over HTTP, with milliseconds of latency, as the endpoint of its project."""
    words = [JMCTL, "-C", folder, "sandbox", "serve", "--latency", str(latency)]
    server = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    try:
        address = next(iter(server.stdout or ())).split()[-1]
        (folder / "jmctl.yaml").write_text(f"project: bench\nendpoint: {address}\n")
        yield
    finally:
        server.terminate()
        server.communicate()


def timed(folder: Path, form: str, results: int, concurrency: int) -> tuple[float, float, float]:
    """Seconds, seconds of processor and the peak of memory in MiB of one export in a process of its own."""
    out = str(folder / f"{results}.{form}")
    words = [str(JMCTL), "-C", str(folder), "results", "export", "--format", form, "--out", out]
    before = time.perf_counter()
    process = subprocess.Popen(
        [*words, "--concurrency", str(concurrency)], env=environment(folder), stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"the export failed: {status}")
    return time.perf_counter() - before, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> None:
    most, concurrency, latency = (*map(int, sys.argv[1:]), *(1000, 10, 50)[len(sys.argv) - 1 :])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project(folder)
        run(folder, "sandbox", "seed-results", "--count", str(most // 10))
        with served(folder, latency):
            for results in (most // 10, most):
                if results == most:
                    run(folder, "sandbox", "seed-results", "--count", str(most - most // 10))
                for form in ("jsonl", "csv", "parquet"):
                    seconds, busy, peak = timed(folder, form, results, concurrency)
                    ideal = results * latency / 1000 / concurrency
                    ratio = f"{seconds / ideal:5.2f} x ideal"
                    print(
                        f"{results:>6} {form:<7} {seconds:6.2f} s  {ratio}  busy {busy:5.2f} s  peak {peak:4.0f} MiB",
                        flush=True,
                    )


if __name__ == "__main__":
    main()
