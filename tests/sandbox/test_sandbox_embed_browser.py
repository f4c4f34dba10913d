"""An embedded interview taken in headless Chromium against the served sandbox, with and without script.

Chromium is not installed from here; without it these tests skip and say so, with JMCTL_BROWSER=require they fail.
JMCTL_SCREENSHOTS=FOLDER keeps pictures of every page.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from workshop import Project, Sandbox

from reconciler.sandbox.embed_link import signature

REQUIRED = os.environ.get("JMCTL_BROWSER") == "require"
if REQUIRED:
    import axe_playwright_python.sync_playwright as axe
    import playwright.sync_api as playwright
else:
    playwright = pytest.importorskip("playwright.sync_api", reason="NO BROWSER CHECKS: pip install --group results")
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="NO BROWSER CHECKS: pip install --group results"
    )

CHROMIUM = os.environ.get("JMCTL_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        CHROMIUM is None and not REQUIRED, reason="NO BROWSER CHECKS: no chromium here; apt-get install chromium"
    ),
]
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
EVIL = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
QUESTIONS = [
    {"id": "nights", "question": "Have you worked night shifts?", "duration": 90},
    {"id": "often", "question": "How often?", "is_conditional": True, "conditional_question_main_id": "nights"},
    {
        "id": "shift",
        "question": f"Which shift suits you? {EVIL}",
        "is_multiple_choice": True,
        "question_alternatives": ["Early", "Late", "Night"],
    },
]
LOOKS = [("light", 1280, 800), ("dark", 1280, 800), ("light", 320, 640), ("dark", 390, 844)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, headless=True, args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture
def link(served: Project, sandbox: Sandbox) -> str:
    """An embedded interview, made by an apply; the link that the server announces for it."""
    served.write("driver", name=f"Driver {EVIL}", status="active", is_embedded=True, questions=QUESTIONS)
    served.applied()
    (row,) = sandbox.interviews()
    return f"{sandbox.url.removesuffix('/functions/v1')}/embed?{urlencode({'embed_id': row['embed_id']})}"


def _watched(context: Any, seen: list[str], host: str) -> Any:
    page = context.new_page()
    page.on("request", lambda request: seen.append(request.url) if not request.url.startswith(host) else None)
    page.on("dialog", lambda dialog: seen.append(dialog.message))
    page.on("console", lambda message: seen.append(message.text))
    page.on("pageerror", lambda error: seen.append(str(error)))
    return page


def _picture(page: Any, name: str) -> None:
    if folder := os.environ.get("JMCTL_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"embed-{name}.png", full_page=True)


@pytest.mark.parametrize("scripted", [True, False], ids=["with script", "without script"])
def test_an_interview_is_taken_and_results_show_it(browser: Any, link: str, served: Project, *, scripted: bool) -> None:
    context = browser.new_context(java_script_enabled=scripted)
    seen: list[str] = []
    page = _watched(context, seen, link.partition("/embed")[0])
    page.goto(link)
    page.get_by_label("Your name").fill("Ada Nová")
    page.get_by_label("Your email address").fill("ada@example.invalid")
    page.get_by_role("button", name="Start the interview").click()
    page.get_by_label("Your answer").fill("Yes, for two years.")
    if scripted:
        assert page.locator("#left").inner_text().endswith("left")
        page.keyboard.press("Control+Enter")
    else:
        page.get_by_role("button", name="Next question").click()
    page.get_by_role("heading", name="How often?").wait_for()
    page.get_by_label("Your answer").fill("Weekly.")
    page.get_by_role("button", name="Next question").click()
    page.get_by_label("Night").check()
    page.get_by_role("button", name="Finish").click()
    page.get_by_role("heading", name="Thank you").wait_for()
    assert page.title() != "owned"
    assert seen == []
    context.close()
    (row,) = served.jmctl("results", "list", "--format", "json").document["results"]
    shown = served.jmctl("results", "show", row["interview_result_id"]).out
    assert all(text in shown for text in ("Ada Nová", "Yes, for two years.", "Weekly.", "Night"))


def test_a_tampered_link_is_refused_where_one_can_see_it(browser: Any, link: str, sandbox: Sandbox) -> None:
    (row,) = sandbox.interviews()
    signed = {"name": "QWRh", "email": "YUBleGFtcGxlLmludmFsaWQ="}
    signed["signature"] = signature(row["embed_signing_key"], row["embed_id"], "Ada", "a@example.invalid")
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.goto(f"{link}&{urlencode(signed)}")
    assert page.get_by_text("You take it as Ada").is_visible()
    _picture(page, "signed")
    answer = page.goto(f"{link}&{urlencode(signed | {'name': 'QWRi'})}")
    assert answer.status == 403
    assert page.get_by_role("alert").get_by_text("This link was changed").is_visible()
    assert page.get_by_role("button").count() == 0
    _picture(page, "tampered")
    page.context.close()


@pytest.mark.parametrize(("scheme", "width", "height"), LOOKS)
def test_every_page_is_accessible_and_nothing_is_cut_off(
    browser: Any, link: str, scheme: str, width: int, height: int
) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": height})
    page = context.new_page()

    def judge(name: str) -> None:
        _picture(page, f"{name}-{scheme}-{width}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        found = axe.Axe().run(page).response["violations"]
        assert [(one["id"], one["impact"], one["nodes"][0]["html"][:200]) for one in found] == [], name

    page.goto(link)
    judge("start")
    page.get_by_label("Your name").fill("A")
    page.get_by_label("Your email address").fill("a@example.invalid")
    page.get_by_role("button").click()
    judge("question")
    page.get_by_role("button").click()
    judge("choice")
    page.get_by_role("button").click()
    judge("end")
    page.goto(f"{link}x")
    judge("refused")
    context.close()


def test_the_keyboard_alone_is_enough(browser: Any, link: str) -> None:
    page = browser.new_context().new_page()
    page.goto(link)
    for text in ("Ada", "a@example.invalid"):
        page.keyboard.press("Tab")
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Have you worked night shifts?").wait_for()
    page.keyboard.type("No.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="How often?").wait_for()
    page.context.close()
