"""One table of what jmctl costs: ratios within this run, beside the goals and a kept baseline.

    python bench/table.py [--short] [--keep]

Processes are compared by their processor time (user and system, children included), least of a few in turns, because
that holds still on a busy machine; creates and results by wall time over the ideal, amount * latency / concurrency.
`--short` takes about a minute and has fewer manifests. `--keep` writes this run as the baseline. Ends with 1 when a
figure is over twice its baseline: smaller changes are for people to judge.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import apply_interviews
import export_results
from validate_manifests import manifest

from reconciler.project.load import read_manifests
from reconciler.state.format import dump_state
from reconciler.state.model import Entry, State

COMMAND = str(Path(sys.executable).with_name("jmctl"))
BASELINE = Path(__file__).with_name("baseline.json")
GROSS = 2.0
AT = "2026-01-01T00:00:00Z"
CONFIGURATION = "project: bench\nmanifests: ['interviews/*.yaml']\nendpoint: sandbox:.sandbox\n"


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    figure: float
    unit: str
    goal: float | None = None


def applied_project(folder: Path, count: int) -> Path:
    """A project of `count` manifests with the state that applying them leaves; gives its jmctl.yaml's folder."""
    (folder / "interviews").mkdir(parents=True)
    (folder / "jmctl.yaml").write_text(CONFIGURATION)
    for number in range(count):
        write(folder, number, manifest(number).replace("is_embedded: true", "is_embedded: false"))
    wants = read_manifests(folder, ["interviews/*.yaml"]).desired
    entries = {
        want.address: Entry(want.address, f"id-{number}", want.spec, created_at=AT, updated_at=AT)
        for number, want in enumerate(wants)
    }
    (folder / "state").mkdir()
    (folder / "state" / "default.json").write_bytes(dump_state(State("bench", 1, entries)))
    return folder


def write(folder: Path, number: int, text: str) -> None:
    (folder / "interviews" / f"{number:05}.yaml").write_text(text)


def cost(command: list[str], cache: Path | None = None, within: str = "") -> tuple[float, float]:
    """Processor seconds and peak MiB of one process; `within` is what it has to print."""
    environment = {**os.environ, "JMCTL_CACHE_DIR": str(cache or "")}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None  # noqa: S101 - it was asked for
    with process.stdout as output:
        printed = output.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode or within not in printed:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{printed[-2000:]}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def planning(count: int, version: float, runs: int) -> Iterator[Row]:
    """What plans without the service cost, by how much of the project is known and changed."""
    with tempfile.TemporaryDirectory() as name:
        folder, cache = applied_project(Path(name) / "project", count), Path(name) / "cache"
        command = [COMMAND, "-C", str(folder), "plan", "--no-refresh"]
        cold, _ = cost(command, cache, "No changes")
        cost(command, cache, "No changes")
        same, peak = min(cost(command, cache, "No changes") for _ in range(runs))
        edits = []
        for edit in range(runs):
            write(folder, 0, manifest(0).replace("is_embedded: true", "is_embedded: false") + f"# edit {edit}\n")
            edits.append(cost(command, cache, "No changes")[0])
        size = (folder / "state" / "default.json").stat().st_size / 1e6
    goal = {1_000: 2.2, 10_000: 8.0}.get(count)
    yield Row(f"plan of {count:,}, unchanged", same / version, "x --version", goal)
    yield Row(f"plan of {count:,}, unchanged: peak memory", peak, "MiB", 130.0 if count == 10_000 else None)
    yield Row(f"plan of {count:,}, nothing cached", cold / version, "x --version")
    yield Row(f"plan of {count:,}, one edited", min(edits) / same, "x unchanged", 1.2 if count == 10_000 else None)
    yield Row(f"state of {count:,}", size, "MB", 34.0 if count == 10_000 else None)


def creating(count: int, concurrency: int, goal: float | None) -> Row:
    ideal = count * apply_interviews.LATENCY / concurrency
    _, taken, _ = apply_interviews.measured(count, concurrency)
    return Row(f"{count:,} creates at concurrency {concurrency}", taken / ideal, "x ideal", goal)


def exporting(count: int, concurrency: int) -> Row:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        export_results.project(folder)
        export_results.run(folder, "sandbox", "seed-results", "--count", str(count))
        with export_results.served(folder, 50):
            taken, _, _ = export_results.timed(folder, "jsonl", count, concurrency)
    return Row(f"export of {count:,} results at {concurrency}", taken / (count * 0.05 / concurrency), "x ideal", 1.10)


def rows(*, short: bool) -> Iterator[Row]:
    runs = 3 if short else 5
    pairs = [(cost([sys.executable, "-c", "import click"])[0], cost([COMMAND, "--version"])[0]) for _ in range(10)]
    click, version = (min(column) for column in zip(*pairs, strict=True))
    yield Row("jmctl --version", version / click, "x import click", 1.3)
    for count in (200,) if short else (1_000, 10_000):
        yield from planning(count, version, runs)
    if short:
        yield creating(100, 10, None)
        return
    yield creating(200, 10, 1.08)
    yield creating(1_000, 64, 1.20)
    yield exporting(1_000, 10)


def line(row: Row, before: float | None) -> str:
    """A row of the table; `before` is its figure in the baseline."""
    goal = f"{row.goal:.2f}" if row.goal else ""
    was = f"{before:.2f}  {row.figure / before:5.2f} of it" if before else "none"
    note = "  GROSS REGRESSION" if is_gross(row.figure, before) else ""
    return f"{row.name:<42} {row.figure:>8.2f} {row.unit:<14} {goal:>7}   {was}{note}"


def is_gross(figure: float, before: float | None) -> bool:
    return before is not None and figure > GROSS * before


def main() -> int:
    form = "short" if "--short" in sys.argv else "full"
    kept = json.loads(BASELINE.read_text()) if BASELINE.exists() else {}
    baseline = kept.get(form, {})
    print(f"{'':<42} {'now':>8} {'':<14} {'goal':>7}   baseline")
    found = {}
    for row in rows(short=form == "short"):
        print(line(row, baseline.get(row.name)), flush=True)
        found[row.name] = round(row.figure, 3)
    if "--keep" in sys.argv:
        BASELINE.write_text(json.dumps({**kept, form: found}, indent=2, sort_keys=True) + "\n")
        return 0
    return 1 if any(is_gross(figure, baseline.get(name)) for name, figure in found.items()) else 0


if __name__ == "__main__":
    sys.exit(main())
