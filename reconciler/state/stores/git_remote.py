"""Which repository `state: git` means: the remote of the user's clone, with the settings that reach it.

Only values are taken over from the clone's own configuration: the header with which CI systems authenticate, a proxy, a
certificate. Never a command (`credential.helper`, `core.sshCommand`): a folder of unknown origin must not
run anything; those work from the user's global configuration, and GIT_SSH_COMMAND from the environment.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reconciler.errors import Misconfigured
from reconciler.state.location import git_address
from reconciler.state.stores.git_command import Git

_VALUES = r"^http\.(.+\.)?(extraheader|sslcainfo|sslcapath|proxy)$"
_HINT = "name the repository: `state: git:URL#REF`, or add a remote: git remote add origin URL"


@dataclass(frozen=True, slots=True)
class Remote:
    """A repository's address as git takes it, without credentials for people, and git settings that reach it."""

    url: str
    shown: str
    settings: tuple[tuple[str, str], ...] = ()


def remote_of(root: Path, environ: Mapping[str, str]) -> Remote:
    """The remote of the clone that holds `root`. Only reads. Raises Misconfigured when there is none to be named."""
    git = Git(root, environ)
    name = _name(git)
    done = git.run("remote", "get-url", "--push", "--", name)
    url = done.out.decode("utf-8", "replace").strip().partition("\n")[0]
    if done.code or not url:
        raise Misconfigured("no repository for the state", f"the remote {name} has no address", hint=_HINT)
    if "://" not in url and not re.match(r"[^/]+:", url):
        url = str((_top(git, root) / url).resolve())
    shown = re.sub(r"(?<=://)[^/@\s]+@", "", url)
    if reason := git_address(url, credentials=True):
        raise Misconfigured("no repository for the state", f"the remote {name} is {shown}: {reason}", hint=_HINT)
    return Remote(url, shown, clone_settings(root, environ))


def clone_settings(root: Path, environ: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """How the clone that holds `root` authenticates over http; nothing outside of a clone."""
    done = Git(root, environ).run("config", "--local", "--includes", "-z", "--get-regexp", _VALUES)
    if done.code:
        return ()
    pairs = (item.partition("\n") for item in done.out.decode("utf-8", "replace").split("\0") if item)
    return tuple((key, value) for key, _, value in pairs)


def _name(git: Git) -> str:
    done = git.run("remote")
    if done.code:
        detail = "jmctl.yaml is in no git clone, or git does not trust its owner"
        raise Misconfigured("no repository for the state", detail, hint=_HINT)
    names = done.out.decode("utf-8", "replace").split()
    branch = git.run("symbolic-ref", "--quiet", "--short", "HEAD").out.decode("utf-8", "replace").strip()
    own = git.run("config", "--get", f"branch.{branch}.remote").out.decode("utf-8", "replace").strip() if branch else ""
    for name in (own, "origin", *names):
        if name in names:
            return name
    raise Misconfigured("no repository for the state", "this clone has no remote", hint=_HINT)


def _top(git: Git, root: Path) -> Path:
    done = git.run("rev-parse", "--show-toplevel")
    return Path(done.out.decode().strip()) if done.code == 0 else root
