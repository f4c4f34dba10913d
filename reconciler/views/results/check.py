"""What a candidate heard against the manifest, for a terminal and for machines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import click

from reconciler.results.conformance import Finding
from reconciler.results.provenance import Belonging
from reconciler.text.plural import counted
from reconciler.text.sanitize import printable
from reconciler.text.word_diff import marked
from reconciler.views.results.document import belonging_json
from reconciler.views.results.provenance_text import belonging_words

_LONGEST = 400


def check_lines(
    result_id: str, belongs: Belonging, languages: Sequence[str], found: Sequence[Finding]
) -> Iterator[str]:
    """One line a finding, then what it comes to; `!` is a difference, `·` is explained by the interview's rules."""
    yield click.style(f"Result {printable(result_id)}", bold=True)
    yield f"  {printable(belonging_words(belongs))}, held in {printable(', '.join(languages) or 'an unknown language')}"
    for finding in found:
        sign, colour = ("!", "red") if finding.counts else ("·", "bright_black")
        head = f"  {sign} {finding.kind}" + (f"  {printable(finding.key)}" if finding.key else "")
        yield f"{click.style(head, fg=colour)}  {printable(_clipped(finding.cause))}"
        if text := _texts(finding):
            yield f"      {printable(text)}"
    differences = sum(finding.counts for finding in found)
    notes = len(found) - differences
    words = counted(differences, "difference") if differences else "As the manifest says"
    tail = f", {counted(notes, 'note')}" if notes else ""
    yield click.style(f"{words}{tail}.", bold=True)


def check_json(
    result_id: str, belongs: Belonging, languages: Sequence[str], found: Sequence[Finding]
) -> dict[str, Any]:
    """`version`, `result_id`, `manifest`, `languages`, `differences` (how many count), `findings`."""
    return {
        "version": 1,
        "result_id": result_id,
        "manifest": belonging_json(belongs),
        "languages": list(languages),
        "differences": sum(finding.counts for finding in found),
        "findings": [
            {
                "kind": finding.kind,
                "key": finding.key,
                "cause": finding.cause,
                "difference": finding.counts,
                "explained_by_revision": finding.explained,
                "then": finding.then,
                "now": finding.now,
            }
            for finding in found
        ],
    }


def _texts(finding: Finding) -> str:
    if finding.kind == "language":
        return ""
    if finding.then and finding.now:
        return _clipped(marked(finding.then, finding.now))
    return _clipped(finding.then or finding.now or "")


def _clipped(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
