"""What a code host is to jmctl: comments and issues that it may write, and checks that carry what was reviewed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from reconciler.errors import Unanswered


class Denied(Unanswered):
    """The token may not do this at the code host."""


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment that the token's user wrote; ids grow with time."""

    id: int
    body: str


@dataclass(frozen=True, slots=True)
class Issue:
    """An open issue of the project."""

    number: int
    body: str


class Forge(Protocol):
    """A repository at a code host. All calls block; they raise Unanswered, and Denied when the token may not.

    `limit` is the number of characters that a comment holds.
    """

    limit: int

    def comments(self, number: int) -> Sequence[Comment]:
        """The comments of pull request `number` that this token's user wrote, the oldest first."""

    def create_comment(self, number: int, body: str) -> Comment:
        """Comments on pull request `number`."""

    def update_comment(self, number: int, comment: int, body: str) -> None:
        """Replaces a comment."""

    def delete_comment(self, number: int, comment: int) -> None:
        """Removes a comment."""

    def issues(self, label: str) -> Sequence[Issue]:
        """The open issues with `label` that this token's user wrote, the oldest first."""

    def create_issue(self, title: str, body: str, label: str) -> int:
        """Opens an issue and gives its number."""

    def update_issue(self, number: int, body: str) -> None:
        """Replaces the text of an issue."""

    def close_issue(self, number: int, body: str) -> None:
        """Replaces the text of an issue and closes it."""
