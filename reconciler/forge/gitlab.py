"""GitLab's REST API, version 4: notes of merge requests and issues.

The token of a job may read notes only; a token of the project, with the scope `api`, writes them.
"""

from __future__ import annotations

from urllib.parse import quote

from reconciler.forge.http import Api
from reconciler.forge.model import Comment, Issue
from reconciler.secret import Secret


class GitLab:
    """The project (its id or path) at `api`, for instance https://gitlab.com/api/v4."""

    limit = 1_000_000

    def __init__(self, api: str, project: str, token: Secret, *, of_job: bool = False, pause: float = 1.0) -> None:
        self._api = Api(api, {"JOB-TOKEN" if of_job else "PRIVATE-TOKEN": token.reveal()}, pause=pause)
        self._path = f"/projects/{quote(project, safe='')}"
        self._of_job = of_job
        self._user: int | None = None

    def comments(self, number: int) -> list[Comment]:
        rows = self._api.pages(f"{self._path}/merge_requests/{number}/notes", sort="asc", order_by="created_at")
        own = (row for row in rows if not row.get("system") and row["author"]["id"] == self._own_id())
        return sorted((Comment(row["id"], row["body"] or "") for row in own), key=lambda comment: comment.id)

    def create_comment(self, number: int, body: str) -> Comment:
        row = self._api.call("POST", f"{self._path}/merge_requests/{number}/notes", {"body": body})
        return Comment(row["id"], row["body"])

    def update_comment(self, number: int, comment: int, body: str) -> None:
        self._api.call("PUT", f"{self._path}/merge_requests/{number}/notes/{comment}", {"body": body})

    def delete_comment(self, number: int, comment: int) -> None:
        self._api.call("DELETE", f"{self._path}/merge_requests/{number}/notes/{comment}")

    def issues(self, label: str) -> list[Issue]:
        rows = self._api.pages(f"{self._path}/issues", state="opened", labels=label)
        own = (row for row in rows if row["author"]["id"] == self._own_id())
        return sorted((Issue(row["iid"], row["description"] or "") for row in own), key=lambda issue: issue.number)

    def create_issue(self, title: str, body: str, label: str) -> int:
        row = self._api.call("POST", f"{self._path}/issues", {"title": title, "description": body, "labels": label})
        return int(row["iid"])

    def update_issue(self, number: int, body: str) -> None:
        self._api.call("PUT", f"{self._path}/issues/{number}", {"description": body})

    def close_issue(self, number: int, body: str) -> None:
        self._api.call("PUT", f"{self._path}/issues/{number}", {"description": body, "state_event": "close"})

    def _own_id(self) -> int:
        if self._user is None:
            # the token of a job has no user to ask for; it owns no note, and creating one is refused
            self._user = -1 if self._of_job else int(self._api.call("GET", "/user")["id"])
        return self._user
