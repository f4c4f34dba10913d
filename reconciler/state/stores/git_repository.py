"""The private bare repository in the user's cache folder, in which commits of a state are read and made.

It is a cache: it holds nothing that the remote does not, and is made anew when it is broken. Processes take turns by a
file lock, because parallel fetches of one shallow repository fail.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from reconciler.errors import Damaged, Misconfigured, Where
from reconciler.state.stores.cas import Unreachable
from reconciler.state.stores.git_command import Done, Git

OBJECT_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_FETCHED = "refs/jmctl/fetched"
_COMMITTER = {"GIT_COMMITTER_NAME": "jmctl", "GIT_COMMITTER_EMAIL": "jmctl@invalid"}


class Repository:
    """The bare repository in `folder`; every call but `locked` needs its lock. `label` names the state in errors."""

    def __init__(
        self, folder: Path, label: str, environ: Mapping[str, str], settings: Sequence[tuple[str, str]]
    ) -> None:
        self.git = Git(folder, environ, settings)
        self._folder = folder
        self._label = label
        self._committer = [environ.get(name) or default for name, default in _COMMITTER.items()]

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Holds the repository alone, made ready. Raises Unreachable when another process holds it for too long."""
        import portalocker

        try:
            self._folder.parent.mkdir(parents=True, exist_ok=True)
            with portalocker.Lock(f"{self._folder}.lock", mode="a", timeout=self.git.seconds):
                if not (self._folder / "objects").is_dir():
                    self._init()
                for left in self._folder.glob("*.lock"):  # by a git that died: this lock is held
                    left.unlink(missing_ok=True)
                yield
        except portalocker.exceptions.LockException:
            detail = "another jmctl holds the cache of the state's repository"
            raise Unreachable("the state's store does not answer", detail, hint="run it again") from None
        except OSError as error:
            detail = f"{error.filename or self._folder}: {error.strerror}"
            raise Misconfigured("the cache of the state's repository cannot be written", detail) from None

    def fetch(self, url: str, ref: str, commit: str) -> str | Done:
        """Brings `commit`, or the newer one to which `ref` points by now, here; what git said when it failed.

        Only that commit comes, without its history.
        """
        if self.git.run("cat-file", "-e", f"{commit}^{{tree}}").code == 0:
            return commit
        words = ("fetch", "--quiet", "--depth=1", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance")
        done = self.git.run(*words, "--", url, f"+{ref}:{_FETCHED}")
        if done.code:  # the remote answered a moment ago, so that this repository may be what is broken
            shutil.rmtree(self._folder, ignore_errors=True)
            self._init()
            done = self.git.run(*words, "--", url, f"+{ref}:{_FETCHED}")
        return done if done.code else self._checked("rev-parse", "--verify", _FETCHED).decode().strip()

    def files(self, commit: str) -> Iterator[tuple[str, bytes]]:
        """Path and content of every file of `commit`. Raises Damaged when it holds anything but files."""
        listed = self._checked("ls-tree", "-r", "-z", "--full-tree", commit)
        found: list[tuple[bytes, str]] = []
        for line in listed.split(b"\0")[:-1]:
            about, _, path = line.partition(b"\t")
            mode, _, identity = about.split(b" ")
            if mode not in (b"100644", b"100755"):
                detail = f"{path.decode('utf-8', 'replace')} is no file"
                raise Damaged("the state cannot be read", detail, where=Where(self._label))
            found.append((identity, path.decode("utf-8", "replace")))
        batch = self._checked("cat-file", "--batch", data=b"".join(identity + b"\n" for identity, _ in found))
        offset = 0
        for _, name in found:
            end = batch.index(b"\n", offset)
            size = int(batch[offset:end].rsplit(b" ", 1)[1])
            yield name, batch[end + 1 : end + 1 + size]
            offset = end + size + 2

    def commit(self, files: Mapping[str, bytes], parent: str | None, note: str) -> str:
        """The id of a new commit of `files`, in one run of git; objects that are here already are not written again."""
        lines = [b"feature done\n", b"commit refs/jmctl/next\n", b"mark :1\n"]
        lines.append(b"committer %b <%b> now\n" % tuple(_plain(value) for value in self._committer))
        lines.append(_counted((note or "write").encode()))
        if parent:
            lines.append(b"from %b\n" % parent.encode())
        lines.append(b"deleteall\n")
        for path, content in files.items():
            lines.append(b"M 100644 inline %b\n" % path.encode())
            lines.append(_counted(content))
        lines.append(b"\nget-mark :1\ndone\n")
        printed = self._checked("fast-import", "--quiet", "--force", "--date-format=now", data=b"".join(lines))
        commit = printed.decode("utf-8", "replace").strip()
        if not OBJECT_ID.fullmatch(commit):
            raise Unreachable("the cache of the state's repository is broken", "git fast-import names no commit")
        return commit

    def _init(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._checked("init", "--quiet", "--bare", "--template=", "--", ".")

    def _checked(self, *words: str, data: bytes = b"") -> bytes:
        """What a command prints. When it fails, the repository goes, and the next call makes it anew."""
        done = self.git.run(*words, data=data)
        if done.code:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise Unreachable("the cache of the state's repository is broken", complaint(done.err), hint="run it again")
        return done.out


def complaint(err: str) -> str:
    """The lines of git's own complaint, without its advice."""
    lines = [line.strip() for line in err.splitlines() if line.startswith(("fatal:", "error:", "remote:"))]
    return "; ".join(lines[:4]) or err.strip()[-300:]


def _counted(data: bytes) -> bytes:
    return b"data %d\n%b\n" % (len(data), data)


def _plain(name: str) -> bytes:
    return re.sub(r"[<>\x00-\x1f]", "", name).encode()
