"""A server that follows what GitLab documents and does for Terraform states, and switches for servers that do less."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

FIELDS = ("ID", "Operation", "Info", "Who", "Version", "Created", "Path")
USER, PASSWORD = "ci", "canary-password"


@dataclass
class State:
    """One state: its versions by serial, and the lock."""

    versions: dict[int, bytes] = field(default_factory=dict)
    lock: str | None = None


@dataclass
class GitLab:
    """The server's data and its switches."""

    address: str = ""
    states: dict[str, State] = field(default_factory=dict)
    compares_locks: bool = True
    locks: bool = True
    requests: list[tuple[str, str]] = field(default_factory=list)
    lose_answers_to: list[str] = field(default_factory=list)
    guard: threading.Lock = field(default_factory=threading.Lock)

    @property
    def environ(self) -> dict[str, str]:
        return {"TF_HTTP_ADDRESS": self.address, "TF_HTTP_USERNAME": USER, "TF_HTTP_PASSWORD": PASSWORD}

    def answer(self, method: str, target: str, body: bytes, authorization: str | None) -> tuple[int, bytes]:  # noqa: PLR0911 - an answer each
        parts = urlsplit(target)
        expected = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if authorization != expected:
            return 401, b'{"error":"401 Unauthorized"}'
        path, query = parts.path, parse_qs(parts.query)
        given = query.get("ID", [None])[0]
        locking = path.endswith("/lock")
        name = path.removesuffix("/lock")
        content: dict[str, Any] = json.loads(body) if body else {}
        if locking and method == "POST":
            return self._lock(self.states.setdefault(name, State()), content)
        state = self.states.get(name)
        if state is None and method in ("GET", "DELETE"):
            return 404, b'{"error":"404 Not Found"}'
        state = self.states.setdefault(name, State())
        if locking:
            given = given or content.get("ID")
            if given is not None and given != state.lock:
                return 409, b""
            state.lock = None
            return 200, b""
        if method == "GET":
            return (200, state.versions[max(state.versions)]) if state.versions else (204, b"")
        if method == "DELETE":
            del self.states[name]
            return 200, b""
        return self._store(state, given, content, body)

    def _lock(self, state: State, content: dict[str, Any]) -> tuple[int, bytes]:
        if any(not isinstance(content.get(name), str) for name in FIELDS):
            return 400, b'{"error":"a field is missing"}'
        taken = state.lock is not None and self.locks
        if not taken:
            state.lock = content["ID"]
        about = {name: content[name] for name in ("Operation", "Info", "Version", "Path")}  # the requester's own
        return 409 if taken else 200, json.dumps({**about, "ID": state.lock, "Who": "someone"}).encode()

    def _store(self, state: State, given: str | None, content: dict[str, Any], body: bytes) -> tuple[int, bytes]:
        if "serial" not in content:
            return 422, b'{"error":"No serial in payload"}'
        if given != state.lock and self.compares_locks:
            return 409, b""
        if content["serial"] in state.versions:
            return 422, b'{"error":"version has already been taken"}'
        state.versions[content["serial"]] = body
        return 200, b""


@contextmanager
def gitlab() -> Iterator[GitLab]:
    data = GitLab()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name that the base class gives
            pass

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            with data.guard:
                code, answer = data.answer(self.command, self.path, body, self.headers.get("Authorization"))
                data.requests.append((self.command, urlsplit(self.path).path.rpartition("/")[2]))
                lost = f"{self.command} {urlsplit(self.path).path.rpartition('/')[2]}"
                if lost in data.lose_answers_to:
                    data.lose_answers_to.remove(lost)
                    self.close_connection = True
                    return
            self.send_response(code)
            self.send_header("Content-Length", str(0 if code == 204 else len(answer)))
            self.end_headers()
            if code != 204:
                self.wfile.write(answer)

        do_GET = do_POST = do_DELETE = _serve  # noqa: N815 - the names that the base class calls

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    data.address = f"http://127.0.0.1:{server.server_address[1]}/api/v4/projects/7/terraform/state/hr"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield data
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
