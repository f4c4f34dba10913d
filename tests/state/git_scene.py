"""Real repositories for the tests of the git store: a bare one, hooks in it, clones of it."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from reconciler.state.stores.git import GitStore

REF = "refs/jmctl/state/default"


def git(folder: Path, *words: str, check: bool = True) -> str:
    done = subprocess.run(
        ["git", "-C", str(folder), "-c", "user.name=t", "-c", "user.email=t@invalid", *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0 or not check, done.stderr
    return done.stdout.strip()


def document(serial: int, **entries: Any) -> bytes:
    """A state document as `state.format` writes one, as far as a store knows it."""
    content = {
        "version": 1,
        "lineage": "L",
        "serial": serial,
        "interviews": [{"name": name, "id": value} for name, value in sorted(entries.items())],
    }
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


@dataclass
class Scene:
    """A bare repository, and stores with a cache each, as on runners of their own."""

    folder: Path
    runners: int = 0

    @property
    def bare(self) -> Path:
        return self.folder / "host.git"

    def hook(self, name: str, text: str) -> None:
        path = self.bare / "hooks" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)

    def store(self, ref: str = REF, **environment: str) -> GitStore:
        self.runners += 1
        cache = self.folder / f"runner-{self.runners}"
        return GitStore(str(self.bare), ref, cache, {**os.environ, **environment})

    def refs(self) -> dict[str, str]:
        lines = git(self.bare, "for-each-ref", "--format=%(refname) %(objectname)").splitlines()
        return dict(line.split(" ") for line in lines)


def scene(folder: Path) -> Scene:
    git(folder, "init", "-q", "--bare", "-b", "main", "host.git")
    return Scene(folder)
