"""The check run that carries what a pull request's plan says of each change, where people cannot edit it.

Only GitHub has such a place. `jmctl ci apply` reads it after the merge, from the newest run on the head of each pull
request that the pushed commit belongs to.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from reconciler.errors import Refused
from reconciler.plan.reviewed import approval_part

if TYPE_CHECKING:
    from reconciler.forge.github import GitHub

_FENCE = "```json\n"
_MOST = 65_000  # characters of a check's text


def check_name(environment: str) -> str:
    """The name of the check."""
    return f"jmctl plan ({environment})"


def write_check(github: GitHub, commit: str, environment: str, document: Mapping[str, Any]) -> bool:
    """Writes the check of `commit` from the JSON of its plan; False when the digests do not fit into one.

    The check fails when apply would refuse the plan. Raises Refused when `document` is no plan, Unanswered and Denied.
    """
    text = json.dumps(approval_part(document), separators=(",", ":"))
    fits = len(text) <= _MOST
    summary = ", ".join(f"{number} to {action}" for action, number in document["summary"].items()) or "no changes"
    refused = len(document["refusals"])
    said = f"{summary}; apply would refuse it for {refused} reason(s)" if refused else summary
    note = "" if fits else "There are too many changes to approve each by itself."
    output = (said, f"Plan of `{environment}`: {said}. {note}".strip(), f"{_FENCE}{text}\n```\n" if fits else note)
    conclusion = "failure" if refused else "success"
    github.create_check(commit, check_name(environment), conclusion, str(document["digest"]), output)
    return fits


def reviewed_before(github: GitHub, commit: str, environment: str) -> list[tuple[int, Any]]:
    """The approvals of the merged pull requests that `commit` belongs to, with their numbers."""
    found = ((number, reviewed_at(github, head, environment)) for number, head in github.pulls_of(commit))
    return [(number, document) for number, document in found if document is not None]


def reviewed_at(github: GitHub, head: str, environment: str) -> Any:
    """The approval in the newest check of `head`, None when there is none."""
    for text in github.check_texts(head, check_name(environment)):
        start = text.find(_FENCE)
        if start >= 0:
            try:
                return json.loads(text[start + len(_FENCE) :].partition("\n```")[0])
            except ValueError:
                raise Refused("not a saved plan", f"the check of {head[:12]} cannot be read") from None
    return None
