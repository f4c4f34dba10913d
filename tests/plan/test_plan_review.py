"""A reviewer's view of a real change, as golden files; JMCTL_REWRITE=1 writes them again."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import click
import pytest
from scenario import declared, review
from workshop import interview

from reconciler.plan.reconcile import reconcile
from reconciler.state.model import State
from reconciler.views.plan_html import plan_html
from reconciler.views.plan_json import plan_json
from reconciler.views.plan_markdown import plan_markdown
from reconciler.views.plan_review import PlanReview
from reconciler.views.plan_text import plan_lines
from reconciler.views.reports.gitlab_terraform import gitlab_terraform

FULL: tuple[Literal["normal", "full"], ...] = ("normal", "full")
GOLDEN = Path(__file__).parent / "golden"


def text(form: str) -> str:
    return "\n".join(click.unstyle(line) for line in plan_lines(review(), form)) + "\n"  # type: ignore[arg-type]


FORMS: dict[str, Callable[[], str]] = {
    "plan.txt": lambda: text("normal"),
    "plan-full.txt": lambda: text("full"),
    "plan-summary.txt": lambda: text("summary"),
    "plan.md": lambda: plan_markdown(review()),
    "plan.html": lambda: plan_html(review()),
    "plan.json": lambda: json.dumps(plan_json(review()), indent=2, ensure_ascii=False) + "\n",
}


@pytest.mark.parametrize("name", FORMS)
def test_view_equals_its_golden_file(name: str) -> None:
    made, path = FORMS[name](), GOLDEN / name
    if os.environ.get("JMCTL_REWRITE"):
        path.write_text(made, "utf-8")
    assert made == path.read_text("utf-8")


def test_full_shows_every_word_and_normal_does_not() -> None:
    long = "Tell us about it. " * 20
    made = reconcile([declared("a", questions=[{"id": "q", "question": long.strip()}])], State(lineage="x"), {})
    shown = {form: " ".join("\n".join(map(click.unstyle, plan_lines(PlanReview(made), form))).split()) for form in FULL}
    assert shown["full"].count("Tell us about it.") == 20
    assert shown["normal"].count("Tell us about it.") < 20


def test_gitlabs_own_filter_gives_the_same_numbers() -> None:
    """The filter is the one that GitLab documents for Terraform's plan JSON."""
    counted = gitlab_terraform(review().plan)
    assert counted == {"create": 2, "update": 1, "delete": 3}
    names = ", ".join(f'"{name}":(map(select(.=="{name}"))|length)' for name in counted)
    jq = f"([.resource_changes[]?.change.actions?]|flatten)|{{{names}}}"
    try:
        done = subprocess.run(
            ["jq", jq], input=json.dumps(plan_json(review())), capture_output=True, text=True, check=True
        )
    except FileNotFoundError:
        pytest.skip("NO CHECK BY GITLAB'S FILTER: no jq here; apt-get install jq")
    assert json.loads(done.stdout) == counted


def test_each_value_names_its_line() -> None:
    by_name = {change["name"]: change for change in plan_json(review())["resource_changes"]}
    source = by_name["support-en"]["source"]["questions.hard-ticket.question"]
    assert source.startswith("interviews/support-en.yaml:")
    reworded = next(f for f in by_name["support-en"]["fields"] if f["path"] == ["questions", "hard-ticket", "question"])
    assert reworded["source"] == source


def test_what_the_service_gives_out_is_unknown_and_sensitive() -> None:
    chef = next(change for change in plan_json(review())["resource_changes"] if change["name"] == "chef")["change"]
    assert set(chef["after_unknown"]) == {"id", "embed_id", "embed_signing_key"}
    assert chef["after_sensitive"] == {"embed_signing_key": True}
    assert "embed_signing_key" not in chef["after"]


def test_left_out_names_stand_in_every_form() -> None:
    from reconciler.plan.selection import Selection, narrowed

    seen = review()
    part = PlanReview(narrowed(seen.plan, Selection(("nurse", "chef"))), seen.heading)
    assert part.plan.left_out == tuple(map(interview, ("intern", "lead", "support-de", "support-en")))
    shown = "\n".join(plan_lines(part))
    assert "Left out by the selection: 4 interviews: intern, lead, support-de, support-en" in shown
    document = plan_json(part)
    assert (document["complete"], len(document["left_out"])) == (False, 4)
