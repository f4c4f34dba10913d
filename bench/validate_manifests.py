"""What validating 1,000 manifests costs: cold, cached, and the start-up that both contain.

    python bench/validate_manifests.py [COUNT]

Each figure is the median of fresh processes, with its ratio to `jmctl --version`.
The aim: cold at most 0.8 s above it.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

RUNS = 5
WORDS = [
    "candidate", "ticket", "customer", "shift", "warehouse", "driver", "report", "number", "explain", "decide",
    "improve", "conflict", "deadline", "safety", "team", "handover", "quality", "result", "tool", "process",
    "mistake", "learning", "pressure", "priority", "example", "answer", "manager",
]  # fmt: skip


def sentence(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(WORDS, k=words)).capitalize() + "."


def manifest(number: int) -> str:
    """About 4.4 kB: 20 scalar fields, 5 to 20 questions, comments, multi-line text."""
    chance = random.Random(number)  # noqa: S311 - repeatable, not secret
    lines = [
        "# Owned by the hiring team; ask before changing the questions",
        "apiVersion: jmctl/v1",
        "kind: Interview",
        "metadata:",
        f"  name: interview-{number:05d}",
        "  labels: {team: support, region: eu}",
        "spec:",
        f"  name: Interview {number}",
        "  location: Prague  # or remote",
        "  interview_template_id: 46b98d37-1557-4391-beca-03037ead19f2",
        "  mojito_language_code: en",
        f"  description: {sentence(chance, 12)}",
        "  status: active",
        "  type: interview",
        "  visibility: merchant_invite",
        "  recording: audio_all",
        "  recording_full_session: null",
        "  interview_type: pre-screening",
        "  seniority_level: senior",
        "  result_view: minimal",
        "  interview_tone: professional",
        "  interview_attempts: 2",
        "  max_followups: 1",
        "  max_duration: 2700",
        '  interview_salary: "50,000 to 60,000"',
        "  interview_available_till: 2030-12-31",
        "  result_enable_edit_transcript: false",
        "  is_embedded: true",
        "  tags: [support, late, english]",
        "  description_long: |",
        *(f"    {sentence(chance, 14)}" for _ in range(6)),
        "  # the questions were agreed with the works council",
        "  questions:",
    ]
    for question in range(chance.randint(5, 20)):
        lines += [
            f"    - id: q{question}",
            "      question: >-",
            f"        {sentence(chance, 10)}",
            f"        {sentence(chance, 8)}",
            "      duration: 120  # seconds",
            "      label: experience",
        ]
    return "\n".join(lines) + "\n"


def write_project(root: Path, count: int) -> int:
    folder = root / "interviews"
    folder.mkdir()
    (root / "jmctl.yaml").write_text("project: bench\n", encoding="utf-8")
    size = 0
    for number in range(count):
        text = manifest(number)
        size += len(text)
        (folder / f"interview-{number:05d}.yaml").write_text(text, encoding="utf-8")
    return size


def seconds(arguments: list[str], cache: str, *, before: str = "") -> float:
    """The median wall time of a fresh process; `before` is a cache folder to empty first."""
    times = []
    for _ in range(RUNS):
        if before:
            for pack in Path(before).glob("*"):
                pack.unlink()
        start = perf_counter()
        environment = {**os.environ, "JMCTL_CACHE_DIR": cache}
        command = [sys.executable, "-c", "import sys; from reconciler.cli import main; sys.exit(main())", *arguments]
        subprocess.run(command, env=environment, check=True, capture_output=True)
        times.append(perf_counter() - start)
    return median(times)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "project")
        root.mkdir()
        cache = Path(folder, "cache")
        cache.mkdir()
        size = write_project(root, count)
        print(f"{count} manifests, {size / count / 1000:.1f} kB each, median of {RUNS} fresh processes")
        validate = ["-C", str(root), "validate"]
        start = seconds(["--version"], "")
        for name, value in (
            ("start-up", start),
            ("cold, no cache", seconds(validate, "")),
            ("cold, writing the cache", seconds(validate, str(cache), before=str(cache))),
            ("cached", seconds(validate, str(cache))),
        ):
            print(f"{name:24} {value:6.3f} s   {value / start:5.1f} x start-up   {value - start:6.3f} s above it")


if __name__ == "__main__":
    main()
