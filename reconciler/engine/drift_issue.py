"""Keep one issue for the drift of an environment: opened when there is some, updated, closed when there is none."""

from __future__ import annotations

from typing import Literal

from reconciler.forge.model import Forge
from reconciler.forge.sections import fitted, has_mark

LABEL = "jmctl-drift"
Kept = Literal["opened", "updated", "unchanged", "closed", "none"]


def keep_issue(forge: Forge, mark: str, title: str, body: str | None) -> Kept:
    """Makes the issue that begins with `mark` say `body`; None when there is no drift. Raises Unanswered and Denied."""
    own = [issue for issue in forge.issues(LABEL) if has_mark(issue.body, mark)]
    if body is None:
        for issue in own:
            forge.close_issue(issue.number, f"{mark}\n\nThe interviews are as applied again.\n")
        return "closed" if own else "none"
    text = f"{mark}\n\n{fitted(body, forge.limit - len(mark) - 2)}"
    if not own:
        forge.create_issue(title, text, LABEL)
        return "opened"
    if own[0].body.replace("\r\n", "\n").strip() == text.strip():
        return "unchanged"
    forge.update_issue(own[0].number, text)
    return "updated"
