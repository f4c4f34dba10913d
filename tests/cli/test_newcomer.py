"""What a newcomer reads after the most likely mistakes: a wrong template, a language without pronunciation, a merchant
that is not the token's. Transcripts, written by `JMCTL_TELL_STORY=1`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from workshop import Project, Run

from reconciler.resources.kind import kind_named
from reconciler.sandbox.faults import FORMS

STORIES = Path(__file__).with_name("newcomer")
NOWHERE = "00000000-0000-4000-8000-000000000099"
Inside = Callable[..., Run]


def transcript(project: Project, inside: Inside, *commands: str) -> str:
    """What the commands print, with ids and digests replaced by what they are."""
    lines = []
    for command in commands:
        run = inside(project, *command.split()[1:])
        text = "".join((f"$ {command}\n", run.out, run.err, f"[{run.code}]\n\n"))
        lines.append(text)
    text = "".join(lines)
    text = re.sub(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b", _id, text)
    text = re.sub(r"\b(?:[0-9a-f]{64}|[0-9a-f]{16})\b", "<digest>", text)
    return re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "<time>", text)


def _id(match: re.Match[str]) -> str:
    found = match[0]
    return found if found.startswith(("00000000", "22222222", "7d1e0000")) else "<id>"


def expect(name: str, text: str) -> None:
    path = STORIES / f"{name}.txt"
    if os.environ.get("JMCTL_TELL_STORY"):
        path.write_text(text)
    assert text == path.read_text()


APPLY = "jmctl apply --auto-approve"


def test_a_template_that_does_not_exist(project: Project, inside: Inside) -> None:
    """The second apply looks the create up without waiting, and sends it again."""
    project.write("support", interview_template_id=NOWHERE)
    text = transcript(project, inside, APPLY, APPLY)
    project.write("support")
    expect("wrong-template", text + transcript(project, inside, APPLY, "jmctl plan"))


def test_a_language_without_pronunciation_assessment(project: Project, inside: Inside) -> None:
    project.write("support", mojito_language_code="cs", required_pronunciation=True)
    text = transcript(project, inside, APPLY, APPLY)
    project.write("support", mojito_language_code="cs")
    expect("wrong-language", text + transcript(project, inside, APPLY, "jmctl plan"))


def test_a_merchant_that_is_not_the_tokens(project: Project, inside: Inside) -> None:
    project.write("support", merchant_id="22222222-2222-4222-8222-222222222222")
    text = transcript(project, inside, APPLY, "jmctl plan")
    project.write("support", merchant_id="22222222-2222-4222-8222-222222222222", description="Edited")
    expect("wrong-merchant", text + transcript(project, inside, APPLY, "jmctl plan"))


@pytest.mark.parametrize("words", FORMS["unresolved"].values())
def test_words_for_what_could_not_be_resolved_are_recognised(words: str) -> None:
    assert kind_named("Interview").unresolved(words) is not None


@pytest.mark.parametrize(
    "words", ["Internal server error.", "canceling statement due to statement timeout", "", "oops"]
)
def test_other_words_are_not_taken_for_a_refusal(words: str) -> None:
    assert kind_named("Interview").unresolved(words) is None
