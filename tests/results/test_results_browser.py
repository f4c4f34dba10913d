"""The pages in headless Chromium: nothing of a candidate's runs or loads, nobody is shut out, nothing is cut off.

Chromium is not installed from here: `make system-packages` does that, or JMCTL_CHROMIUM names one. Without it these
tests are skipped, and say so; with JMCTL_BROWSER=require they fail instead.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from candidates import EVIL, EXAMPLE, example, hostile, long, nulls

from reconciler.results.aggregate import ReportData, fold
from reconciler.views.results.html import result_html
from reconciler.views.results.report import Heading, report_html
from reconciler.views.results.result_layout import outline

playwright = pytest.importorskip("playwright.sync_api", reason="NO BROWSER CHECKS: pip install --group results")
axe = pytest.importorskip(
    "axe_playwright_python.sync_playwright", reason="NO BROWSER CHECKS: pip install --group results"
)

CHROMIUM = os.environ.get("JMCTL_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="NO BROWSER CHECKS: no chromium here; apt-get install chromium"),
]
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


def _report(*bodies: dict[str, Any], redact: bool = False) -> str:
    from datetime import UTC, datetime

    counted = ReportData(redact=redact)
    for number, body in enumerate(bodies):
        start = f"2026-0{1 + number % 3}-20T10:00:00Z"
        fold(counted, example(body | {"start": start}, candidate_name=EVIL, candidate_email=EVIL))
    return report_html(counted, Heading("tests", "default", datetime(2026, 5, 1, tzinfo=UTC), "all interviews"))


PAGES: dict[str, Callable[[], str]] = {
    "result": lambda: result_html(outline(example())),
    "long result": lambda: result_html(outline(example(long()))),
    "empty result": lambda: result_html(outline(example(nulls()))),
    "hostile result": lambda: result_html(outline(example(hostile()))),
    "report": lambda: _report(*[EXAMPLE | {"score": number % 5} for number in range(30)]),
    "thin report": lambda: _report(nulls()),
    "hostile report": lambda: _report(*[hostile()] * 6, *[EXAMPLE] * 6),
    "empty report": _report,
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, headless=True, args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    made = {name: folder / f"{name.replace(' ', '-')}.html" for name in PAGES}
    for name, path in made.items():
        path.write_text(PAGES[name](), "utf-8")
    return made


@pytest.mark.parametrize("policy", [True, False], ids=["with its policy", "without it"])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_runs_and_nothing_loads(browser: Any, pages: dict[str, Path], name: str, *, policy: bool) -> None:
    context = browser.new_context(bypass_csp=not policy)
    page = context.new_page()
    seen: list[str] = []
    address = pages[name].as_uri()
    page.on("request", lambda request: seen.append(request.url) if request.url != address else None)
    page.on("dialog", lambda dialog: seen.append(dialog.message))
    page.on("console", lambda message: seen.append(message.text))
    page.on("pageerror", lambda error: seen.append(str(error)))
    page.goto(address)
    title = page.title()
    for summary in page.locator("summary").all():
        summary.click()
    page.wait_for_timeout(200)
    assert seen == []
    assert page.title() == title != "owned"
    assert page.locator("script, img, iframe, object, embed, link, form, [onload], [onerror], [style]").count() == 0
    hrefs = page.eval_on_selector_all("a[href]", "links => links.map(link => link.getAttribute('href'))")
    assert all(href.startswith(("https://", "#")) for href in hrefs)
    context.close()


def test_the_policy_forbids_even_what_would_slip_through(browser: Any, pages: dict[str, Path], tmp_path: Path) -> None:
    slipped = tmp_path / "slipped.html"
    evil = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
    slipped.write_text(pages["report"].read_text("utf-8").replace("<main", evil + "<main", 1), "utf-8")
    for bypass, title in ((False, "Results of tests"), (True, "owned")):  # the second shows that the first can fail
        context = browser.new_context(bypass_csp=bypass)
        page = context.new_page()
        page.goto(slipped.as_uri())
        page.wait_for_timeout(200)
        assert page.title() == title
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_accessible(browser: Any, pages: dict[str, Path], name: str, scheme: str) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(pages[name].as_uri())
    page.locator("details").evaluate_all("every => every.forEach(one => one.open = true)")
    found = axe.Axe().run(page).response["violations"]
    assert [(one["id"], one["impact"], one["nodes"][0]["html"][:200]) for one in found] == []
    context.close()


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_cut_off(browser: Any, pages: dict[str, Path], name: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(pages[name].as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # what is wider scrolls in a region of its own that the keyboard reaches
    stuck = "every => every.filter(one => one.scrollWidth > one.clientWidth && one.tabIndex < 0).length"
    assert page.eval_on_selector_all(".scroll", stuck) == 0
    context.close()


def test_the_keyboard_reaches_everything(browser: Any, pages: dict[str, Path]) -> None:
    page = browser.new_page()
    page.goto(pages["report"].as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.tagName"))
    assert {"A", "SUMMARY", "DIV"} <= reached
    page.close()


def test_paper(browser: Any, pages: dict[str, Path], tmp_path: Path) -> None:
    page = browser.new_page(color_scheme="dark")
    page.goto(pages["report"].as_uri())
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    page.pdf(path=tmp_path / "report.pdf", format="A4")
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
    page.close()


def test_every_plot_has_words_and_a_table(pages: dict[str, Path]) -> None:
    html = pages["report"].read_text("utf-8")
    plots = re.findall(r"<svg ([^>]*)>", html)
    assert plots
    assert all('role="img"' in plot and re.search(r'aria-label="[^"]{20,}"', plot) for plot in plots)
    assert html.count("<figure>") == len(plots)
    assert html.count("<table>") >= len(plots)
