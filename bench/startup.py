"""What it costs to start jmctl: `jmctl --version` against Python importing click, in turns, medians of many.

    python bench/startup.py [RUNS]

The aim: at most 1.3.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

COMMAND = str(Path(sys.executable).with_name("jmctl"))
AIM = 1.3


def seconds(command: list[str]) -> float:
    began = perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return perf_counter() - began


def main() -> int:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    click, version = [sys.executable, "-c", "import click"], [COMMAND, "--version"]
    # in turns, so that whatever else the machine does meets both alike
    pairs = [(seconds(click), seconds(version)) for _ in range(runs)]
    base, ours = (median(column) for column in zip(*pairs, strict=True))
    ratio = ours / base
    print(f"import click {base * 1000:.0f} ms, jmctl --version {ours * 1000:.0f} ms, ratio {ratio:.2f} (aim {AIM})")
    return 1 if ratio > AIM else 0


if __name__ == "__main__":
    sys.exit(main())
