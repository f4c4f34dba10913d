"""State behind Terraform's http protocol, as GitLab and others speak it.

    GET ADDRESS                  200 the document, 204 or 404 none yet
    POST ADDRESS/lock            200 locked, 409 or 423 locked by another; all seven lock fields are required
    POST ADDRESS?ID=LOCK         200 stored; refused when LOCK is not the lock, or when the serial was stored before
    DELETE ADDRESS/lock?ID=LOCK  200 unlocked

The protocol has no conditional write, so that one compare-and-swap is: lock, read and compare, write under the lock's
ID, unlock. The lock is held for these seconds only; the lease of a run stands in the document. A runner that dies in
between leaves the lock, which no server lets expire: when the same lock has stood for `ABANDONED` seconds, it is
removed by its ID. That is safe because a write carries its lock's ID, and the server refuses it once the lock is
another one or none; the probe refuses a server that does not.

Credentials are sent to no other origin than the one that the process environment names beside them: an address in
jmctl.yaml, which a pull request can change, must not be able to ask for them.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import orjson

from reconciler.errors import Misconfigured, Where
from reconciler.state.stores.cas import Conflict, Stored, Unreachable

if TYPE_CHECKING:
    import httpx

ABANDONED = 90.0  # longer than one compare-and-swap of a living holder takes
_SECONDS = 30.0
_LARGEST = 256 * 1024 * 1024
_OK, _NO_CONTENT, _NOT_FOUND = 200, 204, 404
_REFUSED = (401, 403)
_LOCKED = (409, 423)
_REJECTED = (409, 412, 422, 423)
_HINT = "export TF_HTTP_ADDRESS, TF_HTTP_USERNAME and TF_HTTP_PASSWORD; in GitLab CI the job's token is used"


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user name and password for one origin. The password is in no `repr`."""

    origin: str
    user: str
    password: str

    def __repr__(self) -> str:
        return f"Credentials({self.origin!r}, {self.user!r})"


def credentials(environ: Mapping[str, str]) -> tuple[Credentials, ...]:
    """What the process environment holds, each for the origin that it names: Terraform's variables, GitLab's job."""
    found = []
    if environ.get("TF_HTTP_ADDRESS") and environ.get("TF_HTTP_PASSWORD"):
        user = environ.get("TF_HTTP_USERNAME", "")
        found.append(Credentials(_origin(environ["TF_HTTP_ADDRESS"]), user, environ["TF_HTTP_PASSWORD"]))
    if environ.get("CI_API_V4_URL") and environ.get("CI_JOB_TOKEN"):
        found.append(Credentials(_origin(environ["CI_API_V4_URL"]), "gitlab-ci-token", environ["CI_JOB_TOKEN"]))
    return tuple(found)


class HttpStore:
    """The document at `address`. `environ` is the process environment as values.

    A lock that has stood for `abandoned` seconds is removed.
    """

    def __init__(self, address: str, environ: Mapping[str, str], *, abandoned: float = ABANDONED) -> None:
        self._address = address
        self._environ = environ
        self._abandoned = abandoned
        self._path = urlsplit(address).path

    @property
    def label(self) -> str:
        return self._address

    @property
    def notices(self) -> tuple[str, ...]:
        return ()

    def get(self) -> Stored | None:
        answer = self._call("GET", self._address)
        if answer.status_code in (_NO_CONTENT, _NOT_FOUND) or (answer.status_code == _OK and not answer.content):
            return None
        if answer.status_code != _OK:
            raise self._unexpected("the state cannot be read", answer)
        return Stored(answer.content, _version(answer.content))

    def put(self, data: bytes, expected: str | None, note: str = "") -> str:
        with self._locked(note) as lock:
            stored = self.get()
            if (stored.version if stored else None) != expected:
                raise Conflict("another version is stored")
            self._write(data, lock)
        return _version(data)

    def scratch(self, name: str) -> HttpStore:
        return HttpStore(f"{self._address}-probe-{name}", self._environ, abandoned=self._abandoned)

    def remove(self) -> None:
        self._call("DELETE", self._address)

    def write_under(self, data: bytes, lock: str) -> None:
        """Lock and write as `lock` while another lock stands; Conflict from a server that compares. For the probe."""
        with self._locked("probe"):
            answer = self._call("POST", f"{self._address}/lock", _fields(lock, "probe", self._path))
            if answer.status_code not in _LOCKED:
                return
            self._write(data, lock)

    def _write(self, data: bytes, lock: str) -> None:
        answer = self._call("POST", f"{self._address}?ID={quote(lock)}", data)
        if answer.status_code in _REJECTED:
            raise Conflict(f"the server answered {answer.status_code}")
        if not answer.is_success:
            raise self._unexpected("the state cannot be written", answer)

    @contextmanager
    def _locked(self, note: str) -> Iterator[str]:
        lock = str(uuid.uuid4())
        self._lock(lock, note)
        try:
            yield lock
        finally:
            with suppress(Unreachable):  # it is abandoned then, and the next writer removes it
                self._call("DELETE", f"{self._address}/lock?ID={quote(lock)}", _fields(lock, note, self._path))

    def _lock(self, lock: str, note: str) -> None:
        """Takes the server's lock, and removes one that has stood for too long."""
        standing, since = "", time.monotonic()
        pause = 0.05
        while True:
            answer = self._call("POST", f"{self._address}/lock", _fields(lock, note, self._path))
            if answer.status_code == _OK:
                return
            if answer.status_code not in _LOCKED:
                raise self._unexpected("the state cannot be locked", answer)
            holder = _holder(answer)
            if holder == lock:  # our own request arrived, and its answer was lost
                return
            if holder != standing:
                standing, since = holder, time.monotonic()
            if time.monotonic() - since > self._abandoned:
                self._remove(holder)
            time.sleep(pause)
            pause = min(pause * 2, 2.0)

    def _remove(self, holder: str) -> None:
        if not holder:  # the server does not say which lock it is, and another one must not be removed
            hint = "remove the server's lock by hand, once no other jmctl is at work"
            raise Misconfigured("the state is locked", "the server names no lock", hint=hint, where=Where(self.label))
        self._call("DELETE", f"{self._address}/lock?ID={quote(holder)}")

    def _call(self, method: str, address: str, data: bytes | None = None) -> httpx.Response:
        import httpx

        headers = {"Content-Type": "application/json"} if data is not None else {}
        try:
            with httpx.Client(timeout=_SECONDS, follow_redirects=False, auth=self._auth()) as client:
                answer = client.request(method, address, content=data, headers=headers)
        except httpx.HTTPError as error:
            detail = f"{method}: {type(error).__name__}"
            hint = "check the address and the network, then run it again"
            raise Unreachable("the state's store does not answer", detail, hint=hint, where=Where(self.label)) from None
        if answer.status_code in _REFUSED:
            detail = f"the server answered {answer.status_code}"
            raise Misconfigured("the state's store refuses access", detail, hint=_HINT, where=Where(self.label))
        if len(answer.content) > _LARGEST:
            raise self._unexpected("the state cannot be read", answer)
        return answer

    def _auth(self) -> tuple[str, str] | None:
        origin = _origin(self._address)
        for known in credentials(self._environ):
            if known.origin == origin:
                return known.user, known.password
        return None

    def _unexpected(self, summary: str, answer: httpx.Response) -> Misconfigured | Unreachable:
        detail = f"{answer.request.method} was answered {answer.status_code}"
        kind = Unreachable if answer.is_server_error else Misconfigured
        return kind(summary, detail, hint=f"check that {self._address} takes Terraform states", where=Where(self.label))


def _fields(lock: str, note: str, path: str) -> bytes:
    """The seven fields of Terraform's lock; GitLab refuses a lock that lacks one."""
    return orjson.dumps(
        {
            "ID": lock,
            "Operation": "jmctl",
            "Info": note or "compare-and-swap",
            "Who": "jmctl",
            "Version": "jmctl",
            "Created": datetime.now(UTC).isoformat(),
            "Path": path,
        }
    )


def _holder(answer: httpx.Response) -> str:
    """The ID of the lock that stands. Operation and Info are those of the request, and say nothing of the holder."""
    try:
        found: Any = orjson.loads(answer.content)
    except orjson.JSONDecodeError:
        return ""
    value = found.get("ID") if isinstance(found, dict) else None
    return value if isinstance(value, str) else ""


def _origin(address: str) -> str:
    parts = urlsplit(address)
    port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
    return f"{parts.scheme}://{parts.hostname}:{port}"


def _version(data: bytes) -> str:
    return sha256(data).hexdigest()
