"""A real change to review: five interviews, one question reworded, one language changed, one removed, one new."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from workshop import MINIMAL, interview

from reconciler.address import Address
from reconciler.manifest.desired import Desired, Lifecycle
from reconciler.plan.guards import ApplyPolicy, refusals
from reconciler.plan.reconcile import reconcile
from reconciler.project.validate import judge
from reconciler.resources.mark import Owner
from reconciler.resources.observed import Observed
from reconciler.state.model import Entry, State
from reconciler.views.plan_review import Heading, PlanReview

TICKET = "Describe a difficult ticket you solved in your last job, who was there, and what you said to them."
JOB = "## The job\n\nYou answer tickets.\n\n- late shift\n- every second weekend\n\nNo calls."


def declared(name: str, /, *, lifecycle: Any = None, labels: Any = None, **spec: Any) -> Desired:
    """One manifest through the front that reads files; JSON is YAML."""
    metadata = {"name": name, **({"labels": labels} if labels else {})}
    document = {"apiVersion": "jmctl/v1", "kind": "Interview", "metadata": metadata, "spec": {**MINIMAL, **spec}}
    if lifecycle:
        document["lifecycle"] = lifecycle
    desired, problems = judge(json.dumps(document, indent=1, ensure_ascii=False).encode(), f"interviews/{name}.yaml")
    assert not [problem for problem in problems if problem.severity == "error"], problems
    return desired[0]


def entry(desired: Desired, number: int, **attributes: Any) -> Entry:
    """What the state remembers after `desired` was applied."""
    return Entry(
        address=desired.address,
        id=f"00000000-0000-4000-8000-{number:012}",
        attributes={**desired.spec, **attributes},
        code=f"jmctl:tests/{desired.name}",
        updated_at="2026-05-01T10:00:00Z",
        lifecycle=desired.lifecycle,
    )


def observed(known: Entry, held: int | None) -> Observed:
    """The service shows what was applied."""
    attributes = {name: value for name, value in known.attributes.items() if name != "interview_template_id"}
    attributes.setdefault("code", known.code)
    return Observed(
        known.id,
        attributes,
        str(attributes["status"]),
        None,
        known.updated_at,
        "interactive_heygen",
        interview_count=held,
        kind="Interview",
    )


def questions(*given: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [dict(question) for question in given]


def review(*, recipients: tuple[str, ...] = ()) -> PlanReview:
    """The plan, as it would be shown."""
    ticket = {"id": "hard-ticket", "question": TICKET, "duration": 120}
    salary = {"id": "salary", "question": "What salary do you expect?", "duration": 30, "is_without_scoring": True}
    before = {
        "support-en": declared(
            "support-en", name="Support agent", status="active", description_long=JOB, max_duration=1200,
            questions=questions(ticket, salary),
        ),
        "support-de": declared("support-de", name="Supportkraft", status="active"),
        "intern": declared("intern", name="Intern", status="active"),
        "lead": declared("lead", name="Team lead", status="active", lifecycle={"protect": True}),
        "nurse": declared("nurse", name="Nurse"),
    }  # fmt: skip
    hardest = {**ticket, "question": TICKET.replace("difficult", "really difficult"), "duration": 180}
    wording = {**salary, "question": "How much would you like to earn with us in your first year?"}
    motive = {"id": "motive", "question": "Why us?", "duration": 60}
    after = [
        declared(
            "support-en", name="Support agent", status="active", max_duration=1800,
            description_long=JOB.replace("every second weekend", "no weekends"),
            questions=questions(motive, hardest, wording),
        ),
        declared("support-de", name="Supportkraft", status="active", mojito_language_code="de"),
        declared("nurse", name="Nurse"),
        declared("chef", name="Chef", is_embedded=True, questions=questions(motive, salary)),
    ]  # fmt: skip
    entries: dict[Address, Entry] = {}
    for number, want in enumerate(before.values(), 1):
        entries[interview(want.name)] = replace(entry(want, number), lifecycle=want.lifecycle or Lifecycle())
    seen = {known.id: observed(known, 14) for known in entries.values() if known.name != "nurse"}
    plan = reconcile(after, State(lineage="tests", entries=entries), seen, owner=Owner("tests", "default"))
    policy = ApplyPolicy(recipients, len(entries))
    return PlanReview(plan, Heading("tests", "production", "Acme GmbH", "184"), tuple(refusals(plan.pending, policy)))
