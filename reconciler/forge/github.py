"""GitHub's REST API, version 2022-11-28: issue comments, issues, check runs, pull requests of a commit.

A pull request's comments are those of the issue of its number. A check run is written by an app alone, of which the
token of a job is one, and cannot be edited by people; its output's summary and text hold 65,535 characters each.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from reconciler.forge.http import Api
from reconciler.forge.model import Comment, Denied, Issue
from reconciler.secret import Secret

_OUTPUT = 65_535
_APP = "github-actions"


class GitHub:
    """The repository `OWNER/NAME` at `api`, for instance https://api.github.com."""

    limit = 65_536

    def __init__(self, api: str, repository: str, token: Secret, *, pause: float = 1.0) -> None:
        headers = {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {token.reveal()}",
            "X-GitHub-Api-Version": "2022-11-28",
            "User-Agent": "jmctl",
        }
        self._api = Api(api, headers, pause=pause)
        self._path = f"/repos/{quote(repository)}"
        self._user: str | None = None

    def comments(self, number: int) -> list[Comment]:
        rows = self._api.pages(f"{self._path}/issues/{number}/comments")
        return sorted((Comment(row["id"], row["body"] or "") for row in rows if self._is_own(row)), key=_id)

    def create_comment(self, number: int, body: str) -> Comment:
        row = self._api.call("POST", f"{self._path}/issues/{number}/comments", {"body": body})
        return Comment(row["id"], row["body"])

    def update_comment(self, number: int, comment: int, body: str) -> None:  # noqa: ARG002 - GitLab needs the number
        self._api.call("PATCH", f"{self._path}/issues/comments/{comment}", {"body": body})

    def delete_comment(self, number: int, comment: int) -> None:  # noqa: ARG002 - as above
        self._api.call("DELETE", f"{self._path}/issues/comments/{comment}")

    def issues(self, label: str) -> list[Issue]:
        rows = self._api.pages(f"{self._path}/issues", state="open", labels=label)
        own = (row for row in rows if "pull_request" not in row and self._is_own(row))
        return sorted((Issue(row["number"], row["body"] or "") for row in own), key=_number)

    def create_issue(self, title: str, body: str, label: str) -> int:
        row = self._api.call("POST", f"{self._path}/issues", {"title": title, "body": body, "labels": [label]})
        return int(row["number"])

    def update_issue(self, number: int, body: str) -> None:
        self._api.call("PATCH", f"{self._path}/issues/{number}", {"body": body})

    def close_issue(self, number: int, body: str) -> None:
        state = {"body": body, "state": "closed", "state_reason": "completed"}
        self._api.call("PATCH", f"{self._path}/issues/{number}", state)

    def create_check(self, commit: str, name: str, conclusion: str, digest: str, output: Sequence[str]) -> None:
        """A finished check run of `commit`; `digest` is its external id, `output` its title, summary and text."""
        title, summary, text = output
        self._api.call(
            "POST",
            f"{self._path}/check-runs",
            {
                "name": name,
                "head_sha": commit,
                "status": "completed",
                "conclusion": conclusion,
                "external_id": digest,
                "output": {"title": title, "summary": summary[:_OUTPUT], "text": text[:_OUTPUT]},
            },
        )

    def check_texts(self, commit: str, name: str) -> list[str]:
        """The texts of the newest check run `name` of `commit`, if the token of a job wrote it."""
        path = f"{self._path}/commits/{quote(commit)}/check-runs"
        rows = self._api.pages(path, "check_runs", check_name=name, filter="latest")
        own = [row for row in rows if (row.get("app") or {}).get("slug") == _APP]
        newest = max(own, key=_id_of_row, default=None)
        return [] if newest is None else [(newest.get("output") or {}).get("text") or ""]

    def pulls_of(self, commit: str) -> list[tuple[int, str]]:
        """The merged pull requests that brought `commit`: number and head commit."""
        rows = self._api.pages(f"{self._path}/commits/{quote(commit)}/pulls")
        return [(row["number"], row["head"]["sha"]) for row in rows if row.get("merged_at")]

    def head_of(self, number: int) -> str:
        """The head commit of a pull request."""
        return str(self._api.call("GET", f"{self._path}/pulls/{number}")["head"]["sha"])

    def _is_own(self, row: dict[str, Any]) -> bool:
        """Whether this token's user wrote it: of others' comments, which they can edit, none is taken for ours."""
        return bool((row.get("user") or {}).get("login") == self._login())

    def _login(self) -> str:
        """The token of a job may not ask who it is: it is the app of GitHub Actions."""
        if self._user is None:
            try:
                self._user = str(self._api.call("GET", "/user")["login"])
            except Denied:
                self._user = f"{_APP}[bot]"
        return self._user


def _id(comment: Comment) -> int:
    return comment.id


def _number(issue: Issue) -> int:
    return issue.number


def _id_of_row(row: dict[str, Any]) -> int:
    return int(row["id"])
