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
    git = Git(file.parent, variables)
    known = git.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    commit = known.out.decode().strip()
    if known.code or not commit:
        branch = ref.removeprefix("refs/remotes/origin/")
        raise Misconfigured(
            "the target branch is not in this clone",
            f"this is the job of a pull request, whose settings come from {ref}",
            hint=f"fetch it: git fetch --depth=1 origin +refs/heads/{branch}:refs/remotes/origin/{branch}",
        )
    shown = git.run("cat-file", "blob", f"{commit}:./{file.name}")
    return None if shown.code else shown.out
