"""What jmctl.yaml is on the branch that a pull request asks to be merged into.

In such a job the checkout is what a reviewer has not accepted yet, so the settings that decide about secrets, money and
reach are read from the target branch, as it is known to this clone.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from reconciler.errors import Misconfigured
from reconciler.state.stores.git_command import Git


def file_at(ref: str, file: Path, variables: Mapping[str, str]) -> bytes | None:
    """The content of `file` in `ref`; None when it has none. Raises Misconfigured when this clone has no such `ref`."""
    git = Git(_existing(file.parent), variables)
    commit = _commit(git, ref)
    return _blob(git, commit, file)


def file_where_it_began(ref: str, file: Path, variables: Mapping[str, str]) -> bytes | None:
    """The content of `file` in the commit where this branch left `ref`, or in `ref` where that is not in the clone.

    None when it has none there. Raises Misconfigured when this clone has no such `ref`.
    """
    git = Git(_existing(file.parent), variables)
    commit = _commit(git, ref)
    common = git.run("merge-base", commit, "HEAD")
    return _blob(git, commit if common.code else common.out.decode().strip(), file)


def _existing(folder: Path) -> Path:
    """`folder`, or the nearest one above it that is there: git has to be run in one."""
    return next(one for one in (folder, *folder.parents) if one.is_dir())


def _commit(git: Git, ref: str) -> str:
    known = git.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    commit = known.out.decode().strip()
    if known.code or not commit:
        branch = ref.removeprefix("refs/remotes/origin/")
        raise Misconfigured(
            "the target branch is not in this clone",
            f"this is the job of a pull request, whose settings come from {ref}",
            hint=f"fetch it: git fetch --depth=1 origin +refs/heads/{branch}:refs/remotes/origin/{branch}",
        )
    return commit


def _blob(git: Git, commit: str, file: Path) -> bytes | None:
    shown = git.run("cat-file", "blob", f"{commit}:./{file.relative_to(git.folder)}")
    return None if shown.code else shown.out
