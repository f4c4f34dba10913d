"""State in a ref of its own of a git repository, replaced by a push that names the commit which it replaces.

All of it happens in a private bare repository (`git_repository`); the user's clone, its index and its HEAD are never
touched. Only the newest commit is fetched, and a push carries one commit whose parent the remote has, so that a fresh
runner moves no history. The version is the commit's id, and the history is one commit for each write.

A host that refuses refs outside of refs/heads gets a branch instead (`FALLBACK`); which of both holds the state is
looked up on each read, and a state in both is an error, because neither may be guessed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from reconciler.errors import Damaged, Misconfigured, Where
from reconciler.state.stores.cas import Conflict, Stored, Unreachable
from reconciler.state.stores.git_layout import join, split
from reconciler.state.stores.git_repository import OBJECT_ID, Repository, complaint

CUSTOM = "refs/jmctl/"
FALLBACK = "refs/heads/jmctl-"  # and the rest of the custom ref: refs/heads/jmctl-state/default
_CREDENTIAL = re.compile(r"(?<=://)[^/@\s]+@")
# How hosts say that another write came first; everything else that they say is a refusal
_STALE = ("stale info", "cannot lock ref", "failed to update ref", "reference already exists", "fetch first",
          "failed to lock", "incorrect old value", "remote ref updated since checkout")  # fmt: skip


class GitStore:
    """The document in `ref` of the repository at `url`; `ref` begins with refs/.

    `cache` is a folder for private repositories, shared by processes. `environ` is the process environment as values,
    `settings` git settings of the user's clone that reach its remote (`git_remote`), `shown` the address for people.
    """

    def __init__(  # noqa: PLR0913 - where, with what and as whom
        self,
        url: str,
        ref: str,
        cache: Path,
        environ: Mapping[str, str],
        *,
        shown: str = "",
        settings: Sequence[tuple[str, str]] = (),
    ) -> None:
        self._url = url
        self._ref = ref
        self._used = ref
        self._cache = cache
        self._environ = environ
        self._settings = settings
        self._shown = shown or _CREDENTIAL.sub("", url)
        self.folder = cache / hashlib.sha256(url.encode()).hexdigest()[:24]
        self._repository = Repository(self.folder, f"git:{self._shown}#{ref}", environ, settings)

    @property
    def label(self) -> str:
        return f"git:{self._shown}#{self._used}"

    @property
    def notices(self) -> tuple[str, ...]:
        if self._used == self._ref:
            return ()
        return (f"{self._shown} does not take the ref {self._ref}: the state is in the branch {self._used}",)

    def get(self) -> Stored | None:
        with self._repository.locked():
            commit = self._look()
            if commit is None:
                return None
            commit = self._fetch(commit)
            return Stored(join(dict(self._repository.files(commit)), self.label), commit)

    def put(self, data: bytes, expected: str | None, note: str = "") -> str:
        with self._repository.locked():
            if expected and self._fetch(expected) != expected:
                raise Conflict("the ref has moved on")
            commit = self._repository.commit(split(data), expected, note)
            refused = self._push(commit, expected)
            if refused and expected is None and self._fallback and self._used == self._ref:
                self._used = self._fallback
                refused = self._push(commit, None)
            if refused:
                hint = f"allow pushes to {self._used}, or name a ref of another repository: state: git:URL#REF"
                raise Misconfigured("the state's ref cannot be written", refused, hint=hint, where=Where(self.label))
            return commit

    def scratch(self, name: str) -> GitStore:
        ref = f"{self._used.rpartition('/')[0]}/probe-{name}"
        return GitStore(self._url, ref, self._cache, self._environ, shown=self._shown, settings=self._settings)

    def remove(self) -> None:
        with self._repository.locked():
            self._repository.git.run("push", "--quiet", "--no-verify", "--", self._url, f":{self._used}")

    @property
    def _fallback(self) -> str | None:
        return FALLBACK + self._ref.removeprefix(CUSTOM) if self._ref.startswith(CUSTOM) else None

    def _look(self) -> str | None:
        """The commit of the ref that holds the state."""
        refs = [ref for ref in (self._ref, self._fallback) if ref]
        done = self._repository.git.run("ls-remote", "--quiet", "--", self._url, *refs)
        if done.code:
            raise self._failed("the state's repository cannot be read", done.err)
        found: dict[str, str] = {}
        for line in done.out.decode("utf-8", "replace").splitlines():
            identity, _, name = line.partition("\t")
            if name in refs and OBJECT_ID.fullmatch(identity):
                found[name] = identity
        if len(found) > 1:
            hint = f"keep the newer one: compare both with git log, then git push {self._shown} :REF for the other"
            raise Damaged("the state is in two refs", " and ".join(found), hint=hint, where=Where(self.label))
        for ref, commit in found.items():
            self._used = ref
            return commit
        return None

    def _fetch(self, commit: str) -> str:
        fetched = self._repository.fetch(self._url, self._used, commit)
        if isinstance(fetched, str):
            return fetched
        raise self._failed("the state's repository cannot be read", fetched.err)

    def _push(self, commit: str, expected: str | None) -> str:
        """Pushes `commit`. Returns why the remote refuses this ref, or nothing; raises Conflict and Unreachable."""
        done = self._repository.git.run(
            "push", "--porcelain", "--no-verify", "--no-progress", f"--force-with-lease={self._used}:{expected or ''}",
            "--", self._url, f"{commit}:{self._used}",
        )  # fmt: skip
        if done.code == 0:
            return ""
        report = [line for line in done.out.decode("utf-8", "replace").splitlines() if line.startswith("!")]
        if not report:
            raise self._failed("the state's repository cannot be written", done.err)
        reason = report[0].rpartition("\t")[2]
        if any(sign in reason for sign in _STALE):
            raise Conflict(reason)
        said = [line.removeprefix("remote:").strip() for line in done.err.splitlines() if line.startswith("remote:")]
        return _CREDENTIAL.sub("", "; ".join([reason, *filter(None, said)]))

    def _failed(self, summary: str, err: str) -> Unreachable:
        detail = complaint(err).replace(self._url, self._shown)
        hint = f"check that this works: git ls-remote {self._shown}"
        return Unreachable(summary, _CREDENTIAL.sub("", detail), hint=hint, where=Where(self.label))
