"""Stand-ins for the parts of GitHub's and GitLab's REST APIs that jmctl uses, written from their documents.

Who a token is: `users` maps tokens to names. Comments, issues and checks are kept in memory. As on the real hosts a
token of a GitHub job may not ask for its user, a GitLab job's token may not write notes, and lists come in pages.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

JOB, PERSONAL = "job-token-of-a-test", "personal-token-of-a-test"
GITHUB_BODY = 65_536


class Host:
    """What both have: texts by their place, numbered over all; `requests` in their order."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.last = 0
        self.comments: dict[int, list[dict[str, Any]]] = {}
        self.issues: list[dict[str, Any]] = []
        self.checks: list[dict[str, Any]] = []
        self.pulls: dict[int, dict[str, Any]] = {}
        self.requests: list[tuple[str, str]] = []
        self.delay = 0.0

    def number(self) -> int:
        self.last += 1
        return self.last

    def answer(self, method: str, path: str, query: dict[str, str], body: Any, token: str) -> tuple[int, Any]:
        with self.lock:
            self.requests.append((method, path))
            for verb, pattern, name in self.ROUTES:
                found = re.fullmatch(pattern, path)
                if found and verb == method:
                    numbers = [int(group) if group.isdigit() else group for group in found.groups()]
                    code, answer = getattr(self, name)(*numbers, query=query, body=body or {}, token=token)
                    if isinstance(answer, list):
                        size, page = int(query.get("per_page", 30)), int(query.get("page", 1))
                        answer = answer[(page - 1) * size : page * size]
                    return code, json.loads(json.dumps(answer))
        return 404, {"message": "Not Found"}

    ROUTES: ClassVar[list[tuple[str, str, str]]] = []


class GitHubHost(Host):
    repository = "acme/interviews"
    _R = r"/repos/acme/interviews"
    ROUTES: ClassVar = [
        ("GET", r"/user", "user"),
        ("GET", _R + r"/issues/(\d+)/comments", "list_comments"),
        ("POST", _R + r"/issues/(\d+)/comments", "comment"),
        ("PATCH", _R + r"/issues/comments/(\d+)", "edit"),
        ("DELETE", _R + r"/issues/comments/(\d+)", "delete"),
        ("GET", _R + r"/issues", "list_issues"),
        ("POST", _R + r"/issues", "open_issue"),
        ("PATCH", _R + r"/issues/(\d+)", "edit_issue"),
        ("POST", _R + r"/check-runs", "check"),
        ("GET", _R + r"/commits/([0-9a-f]+)/check-runs", "list_checks"),
        ("GET", _R + r"/commits/([0-9a-f]+)/pulls", "pulls_of"),
        ("GET", _R + r"/pulls/(\d+)", "pull"),
    ]

    @staticmethod
    def author(token: str) -> dict[str, Any]:
        return {"login": "github-actions[bot]", "type": "Bot"} if token == JOB else {"login": token, "type": "User"}

    def user(self, *, token: str, **_: Any) -> tuple[int, Any]:
        return (403, {"message": "Resource not accessible by integration"}) if token == JOB else (200, {"login": token})

    def list_comments(self, number: int, **_: Any) -> tuple[int, Any]:
        return 200, self.comments.get(number, [])

    def comment(self, number: int, *, body: Any, token: str, **_: Any) -> tuple[int, Any]:
        if len(body["body"]) > GITHUB_BODY:
            return 422, {"message": "Validation Failed", "errors": [{"message": "Body is too long"}]}
        made = {"id": self.number(), "body": body["body"], "user": self.author(token)}
        self.comments.setdefault(number, []).append(made)
        return 201, made

    def edit(self, comment: int, *, body: Any, **_: Any) -> tuple[int, Any]:
        if len(body["body"]) > GITHUB_BODY:
            return 422, {"message": "Validation Failed"}
        for rows in self.comments.values():
            for row in rows:
                if row["id"] == comment:
                    row["body"] = body["body"]
                    return 200, row
        return 404, {}

    def delete(self, comment: int, **_: Any) -> tuple[int, Any]:
        for rows in self.comments.values():
            rows[:] = [row for row in rows if row["id"] != comment]
        return 204, None

    def list_issues(self, *, query: dict[str, str], **_: Any) -> tuple[int, Any]:
        label, state = query.get("labels"), query.get("state", "open")
        return 200, [row for row in self.issues if row["state"] == state and label in row["labels"]]

    def open_issue(self, *, body: Any, token: str, **_: Any) -> tuple[int, Any]:
        made = {"number": self.number(), "state": "open", "user": self.author(token), "history": ["opened"], **body}
        self.issues.append(made)
        return 201, made

    def edit_issue(self, number: int, *, body: Any, **_: Any) -> tuple[int, Any]:
        row = next(row for row in self.issues if row["number"] == number)
        row.update(body)
        row["history"].append("closed" if body.get("state") == "closed" else "updated")
        return 200, row

    def check(self, *, body: Any, token: str, **_: Any) -> tuple[int, Any]:
        if token != JOB:
            return 403, {"message": "You must authenticate via a GitHub App."}
        if any(len(body["output"][part]) > 65_535 for part in ("summary", "text")):
            return 422, {}
        self.checks.append({"id": self.number(), "app": {"slug": "github-actions"}, **body})
        return 201, self.checks[-1]

    def list_checks(self, commit: str, *, query: dict[str, str], **_: Any) -> tuple[int, Any]:
        found = [row for row in self.checks if row["head_sha"] == commit and row["name"] == query["check_name"]]
        return 200, {"total_count": len(found), "check_runs": found}

    def pulls_of(self, commit: str, **_: Any) -> tuple[int, Any]:
        return 200, [row for row in self.pulls.values() if commit in (row["merge_commit_sha"], row["head"]["sha"])]

    def pull(self, number: int, **_: Any) -> tuple[int, Any]:
        return (200, self.pulls[number]) if number in self.pulls else (404, {})


class GitLabHost(Host):
    _R = r"/api/v4/projects/17"
    ROUTES: ClassVar = [
        ("GET", r"/api/v4/user", "user"),
        ("GET", _R + r"/merge_requests/(\d+)/notes", "list_notes"),
        ("POST", _R + r"/merge_requests/(\d+)/notes", "note"),
        ("PUT", _R + r"/merge_requests/(\d+)/notes/(\d+)", "edit"),
        ("DELETE", _R + r"/merge_requests/(\d+)/notes/(\d+)", "delete"),
        ("GET", _R + r"/issues", "list_issues"),
        ("POST", _R + r"/issues", "open_issue"),
        ("PUT", _R + r"/issues/(\d+)", "edit_issue"),
    ]

    def user(self, **_: Any) -> tuple[int, Any]:
        return 200, {"id": 5}

    def list_notes(self, number: int, **_: Any) -> tuple[int, Any]:
        return 200, self.comments.get(number, [])

    def note(self, number: int, *, body: Any, token: str, **_: Any) -> tuple[int, Any]:
        if token == JOB:
            return 403, {"message": "403 Forbidden"}
        made = {"id": self.number(), "body": body["body"], "system": False, "author": {"id": 5}}
        self.comments.setdefault(number, []).append(made)
        return 201, made

    def edit(self, number: int, note: int, *, body: Any, **_: Any) -> tuple[int, Any]:
        row = next(row for row in self.comments[number] if row["id"] == note)
        row["body"] = body["body"]
        return 200, row

    def delete(self, number: int, note: int, **_: Any) -> tuple[int, Any]:
        self.comments[number] = [row for row in self.comments[number] if row["id"] != note]
        return 204, None

    def list_issues(self, *, query: dict[str, str], **_: Any) -> tuple[int, Any]:
        return 200, [row for row in self.issues if row["state"] == query["state"] and query["labels"] in row["labels"]]

    def open_issue(self, *, body: Any, **_: Any) -> tuple[int, Any]:
        made = {"iid": self.number(), "state": "opened", "author": {"id": 5}, "history": ["opened"], **body}
        self.issues.append({**made, "labels": made["labels"].split(",")})
        return 201, made

    def edit_issue(self, number: int, *, body: Any, **_: Any) -> tuple[int, Any]:
        row = next(row for row in self.issues if row["iid"] == number)
        closes = body.pop("state_event", "") == "close"
        row.update(body, state="closed" if closes else row["state"])
        row["history"].append("closed" if closes else "updated")
        return 200, row


@contextmanager
def serving(host: Host) -> Iterator[str]:
    """The address of `host` on this machine while the context lasts."""

    class Handler(BaseHTTPRequestHandler):
        def _do(self) -> None:
            parts = urlsplit(self.path)
            data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            bearer = self.headers.get("Authorization", "").removeprefix("Bearer ")
            token = bearer or self.headers.get("PRIVATE-TOKEN") or self.headers.get("JOB-TOKEN") or ""
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            code, answer = host.answer(self.command, parts.path, query, json.loads(data) if data else None, token)
            time.sleep(host.delay)
            content = b"" if answer is None else json.dumps(answer).encode()
            self.send_response(code)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _do  # noqa: N815 - the names that http.server looks for

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
