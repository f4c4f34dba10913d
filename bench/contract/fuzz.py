"""Schemathesis against the served sandbox: every answer is one that the contract names, and none is a crash.

    python bench/contract/fuzz.py [SECONDS] [CASES]

Schemathesis comes through `uv tool run` at a pinned version. Exits with 1 when an answer has a status, type or shape
that the contract does not name, or when the server crashed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from reconciler.sandbox.openapi import openapi

VERSION = "schemathesis==4.32.5"
COMMAND = str(Path(sys.executable).with_name("jmctl"))
CHECKS = "status_code_conformance,content_type_conformance,response_schema_conformance"


def uv() -> str:
    """The uv of this environment or of the machine."""
    found = os.environ.get("UV") or shutil.which("uv")
    if not found:
        raise SystemExit("uv is not installed here: it brings schemathesis")
    return found


def main(seconds: str = "120", cases: str = "100") -> int:
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "stderr").open("w+") as stderr:
        server = subprocess.Popen(
            [COMMAND, "sandbox", "serve", "--path", f"{folder}/data"], stdout=subprocess.PIPE, stderr=stderr, text=True
        )
        assert server.stdout is not None  # noqa: S101 - for the type checker
        base = server.stdout.readline().split()[-1]
        schema = Path(folder) / "openapi.json"
        schema.write_text(json.dumps(openapi(base)), "utf-8")
        options = ["--checks", CHECKS, "--max-examples", cases, "--max-time", seconds, "--workers", "1", "--seed", "1"]
        try:
            done = subprocess.run(
                [uv(), "tool", "run", "--from", VERSION, "schemathesis", "run", str(schema), "--url", base,
                 "-H", "Authorization: Bearer fuzz", *options],
                cwd=folder, text=True, capture_output=True, check=False, timeout=float(seconds) * 3 + 120,
            )  # fmt: skip
        finally:
            server.terminate()
            server.communicate(timeout=30)
        stderr.seek(0)
        said = stderr.read()
        # aiohttp logs what is no HTTP at all, after answering it with 400
        crashes = [
            text for text in re.split("^Traceback", said, flags=re.MULTILINE)[1:] if "BadHttpMessage" not in text
        ]
    print(done.stdout[-6000:], done.stderr[-2000:])
    print("".join(crashes)[-3000:])
    print(f"schemathesis exit code {done.returncode}; crashes of the server: {len(crashes)}")
    return int(done.returncode != 0 or bool(crashes))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
