"""Finds jmctl.yaml, and refuses one that another user wrote."""

from __future__ import annotations

import os
from pathlib import Path

from reconciler.errors import Misconfigured, Where
from reconciler.project.boundary import GIT, is_foreign
from reconciler.text.paths import as_typed

FILE = "jmctl.yaml"
SAFE_VARIABLE = "JMCTL_SAFE_DIRECTORY"


def find_config(start: Path) -> Path:
    """jmctl.yaml in `start` or the nearest folder above it."""
    start = start.absolute()
    for folder in (start, *start.parents):
        if (folder / FILE).is_file():
            return folder / FILE
        if (folder / GIT).exists():
            break  # what lies above belongs to another project
    detail = f"neither {start} nor a folder above it, up to the repository's top, holds {FILE}"
    raise Misconfigured("no configuration found", detail, hint="`jmctl init` makes one here; -C FOLDER looks elsewhere")


def check_owner(file: Path, safe: str) -> None:
    """Raises Misconfigured when `file` is another user's and its folder is not in `safe`, folders as in PATH."""
    if not hasattr(os, "geteuid"):
        return
    owner = file.stat().st_uid
    if is_foreign(owner, os.geteuid()) and str(file.parent) not in safe.split(os.pathsep):
        raise Misconfigured(
            "jmctl.yaml belongs to another user",
            f"its owner is user {owner}, and this process is user {os.geteuid()}",
            hint=f"if you trust it: export {SAFE_VARIABLE}={file.parent}",
            where=Where(as_typed(file.parent, FILE)),
        )
