"""Where jmctl.yaml is, the repository that a project lies in, and what may be read in it.

The boundary is the nearest folder above jmctl.yaml that holds `.git`; without one, the folder of jmctl.yaml. Nothing
that jmctl.yaml names lies outside, and no link leads out.
"""

# as in files: there are thousands of paths
# ruff: noqa: PTH110, PTH118

from __future__ import annotations

import os
from pathlib import Path

from reconciler.errors import Misconfigured, Where
from reconciler.text.paths import as_typed

GIT = ".git"


def repository_of(folder: Path) -> Path:
    """The repository's top folder above or at `folder`; `folder` itself outside of any."""
    for candidate in (folder, *folder.parents):
        if os.path.exists(os.path.join(candidate, GIT)):
            return candidate
    return folder


def is_within(path: str, repository: str) -> bool:
    """Whether `path`, with every link followed, lies in `repository` and not in its `.git`."""
    top, real = os.path.realpath(repository), os.path.realpath(path)
    return (real == top or real.startswith(os.path.join(top, ""))) and not real.startswith(os.path.join(top, GIT, ""))


def leaves(root: str, pattern: str, repository: str) -> bool:
    """Whether a file pattern relative to `root` starts outside of `repository`, or could come to lie there."""
    segments = pattern.split("/")
    first = next((place for place, segment in enumerate(segments) if set(segment) & set("*?[")), len(segments))
    if pattern.startswith("/") or ".." in segments[first:]:
        return True
    base = os.path.normpath(os.path.join(root, *segments[:first]))
    return not (base == repository or base.startswith(os.path.join(repository, "")))


def is_foreign(owner: int, user: int) -> bool:
    """Whether a file of `owner` is another user's, so that `user` must not obey it; root's files are obeyed."""
    return owner not in (user, 0)


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
