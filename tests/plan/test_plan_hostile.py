"""What people wrote stays text: in a Markdown renderer, in workflow commands, and in Chromium."""

from __future__ import annotations

import json
import os
import re
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from scenario import declared, review

from reconciler.errors import Problem, Where
from reconciler.plan.model import Plan
from reconciler.plan.reconcile import reconcile
from reconciler.problem_table import rows
from reconciler.state.model import State
from reconciler.views.plan_html import plan_html
from reconciler.views.plan_markdown import COMMENT, plan_markdown
from reconciler.views.plan_review import PlanReview
from reconciler.views.reports.codequality import codequality
from reconciler.views.reports.github import MOST, annotation_lines
from reconciler.views.reports.gitlab_terraform import gitlab_terraform
from reconciler.views.reports.junit import junit
from reconciler.views.reports.sarif import sarif

EVIL = (
    "``````` @all #1 ![x](https://evil.example/i.png) https://evil.example <!-- jmctl:v1 --></details></code>"
    "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">\n"
    "```\n::error::owned%0A\n</details>\n\n# owned\n<https://evil.example>\u202e"
)


def hostile() -> PlanReview:
    question = {"id": "q", "question": EVIL}
    made = declared("evil", name=EVIL.replace("\n", " "), description=EVIL, description_long=EVIL, questions=[question])
    return PlanReview(reconcile([made], State(lineage="x"), {}), refusals=(Problem("wrong usage", EVIL, EVIL),))


def test_nothing_is_live_in_markdown() -> None:
    markdown_it = pytest.importorskip("markdown_it", reason="NO MARKDOWN CHECK: pip install --group results")
    renderer = markdown_it.MarkdownIt("commonmark")
    tokens = renderer.parse(plan_markdown(hostile()))
    inline = [child.type for token in tokens for child in token.children or ()]
    assert set(inline) <= {"text", "softbreak", "strong_open", "strong_close", "code_inline"}
    assert {token.type for token in tokens} <= {"html_block", "fence", "paragraph_open", "paragraph_close", "inline"}
    blocks = " ".join(token.content for token in tokens if token.type == "html_block")
    assert {*re.findall(r"</?([a-z]+)", blocks)} == {"p", "b", "code", "details", "summary"}
    assert blocks.count("<details>") == blocks.count("</details>") == 1
    assert not any(line.startswith("<!--") for line in plan_markdown(hostile()).splitlines())
    outside = " ".join(token.content for token in tokens if token.type == "inline")
    assert "evil.example" not in outside
    assert "@all" not in outside


def test_sixty_creates_fit_into_a_comment_and_the_rest_is_named() -> None:
    long = "Tell us, in your own words, what happened then. " * 40
    made = [declared(f"interview-{n:02}", questions=[{"id": "q", "question": long.strip()}]) for n in range(60)]
    shown = PlanReview(reconcile(made, State(lineage="x"), {}))
    text = plan_markdown(shown)
    assert len(text) <= COMMENT
    assert text.startswith("<p><b>jmctl plan")
    assert all(want.name in text for want in made)
    assert "did not fit into this comment" in text
    assert gitlab_terraform(shown.plan) == {"create": 60, "update": 0, "delete": 0}
    assert len(plan_markdown(PlanReview(shown.plan, refusals=_problems(500)))) <= COMMENT


def _problems(count: int) -> tuple[Problem, ...]:
    title = "no recipients configured for the embed key"
    return tuple(Problem(title, f"{n} {EVIL}", EVIL, Where("a,b:c.yaml", n + 1, 3)) for n in range(count))


def test_annotations_are_ten_and_each_is_one_command() -> None:
    warning = Problem("wrong usage", "x", severity="warning")
    lines = list(annotation_lines([warning, *_problems(40)]))
    assert len(lines) == MOST
    assert all(line.startswith("::error file=a%2Cb%3Ac.yaml,line=") for line in lines[:-1]), "the worst first"
    assert lines[-1] == "::notice title=jmctl::and 32 more problems, see the log of this step"
    assert not any("\n" in line or "\r" in line for line in lines)
    assert "%0A::error::owned%250A%0A" in lines[0], "their percent sign is data, and so is their line break"


def test_reports_are_what_their_readers_expect() -> None:
    problems = _problems(3)
    run = sarif(problems, rows(), "1")["runs"][0]
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%2Cb%3Ac.yaml"
    suite = ET.fromstring(junit(["ok.yaml"], problems))[0]  # noqa: S314 - our own text
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    entries = codequality(problems)
    assert len({entry["fingerprint"] for entry in entries}) == 3
    moved = [Problem(one.summary, one.detail, where=Where("a,b:c.yaml", 99, 1)) for one in problems]
    assert [e["fingerprint"] for e in codequality(moved)] == [e["fingerprint"] for e in entries], "lines may move"
    assert json.loads(json.dumps(gitlab_terraform(Plan((), observed=True)))) == {"create": 0, "update": 0, "delete": 0}


CHROMIUM = os.environ.get("JMCTL_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="module")
def browser() -> Any:
    playwright = pytest.importorskip("playwright.sync_api", reason="NO BROWSER CHECKS: pip install --group results")
    if CHROMIUM is None:
        pytest.skip("NO BROWSER CHECKS: no chromium here; apt-get install chromium")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, headless=True, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@pytest.mark.slow
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_runs_and_loads_nothing_and_fits(browser: Any, tmp_path: Path, width: int, scheme: str) -> None:
    for name, shown in (("review", review()), ("hostile", hostile())):
        path = tmp_path / f"{name}.html"
        path.write_text(plan_html(shown), "utf-8")
        context = browser.new_context(
            bypass_csp=name == "hostile", color_scheme=scheme, viewport={"width": width, "height": 800}
        )
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request, to=asked: to.append(request.url))
        page.goto(path.as_uri())
        assert (asked, page.title().startswith("Plan")) == ([path.as_uri()], True)
        assert page.locator("script, img, a, iframe, [onerror]").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if folder := os.environ.get("JMCTL_SCREENSHOTS"):
            page.screenshot(path=f"{folder}/{name}-{width}-{scheme}.png", full_page=True)
        context.close()
