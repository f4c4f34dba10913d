"""What jmctl embed prints, in headless Chromium inside a page of another host: accepted, and visibly refused.

Chromium is not installed from here; without it this test skips and says so, with JMCTL_BROWSER=require it fails.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from workshop import Project, Sandbox

REQUIRED = os.environ.get("JMCTL_BROWSER") == "require"
if REQUIRED:
    import playwright.sync_api as playwright
else:
    playwright = pytest.importorskip("playwright.sync_api", reason="NO BROWSER CHECKS: pip install --group results")

CHROMIUM = os.environ.get("JMCTL_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        CHROMIUM is None and not REQUIRED, reason="NO BROWSER CHECKS: no chromium here; apt-get install chromium"
    ),
]
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
NAME = "Jürgen +/ \N{GRINNING FACE}"


@pytest.fixture
def page() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, headless=True, args=list(FLAGS))
        opened = browser.new_page()
        opened.set_default_timeout(10_000)
        yield opened
        browser.close()


class Careers(BaseHTTPRequestHandler):
    """A page of another origin around an iframe; a real server, since Chromium lets no other reach loopback."""

    iframe = ""

    def do_GET(self) -> None:
        page = f"<!doctype html><h1>Careers</h1>{self.iframe}".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_: Any) -> None:
        """Nothing: tests are quiet."""


@pytest.fixture
def careers() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Careers) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/careers"
        server.shutdown()
        thread.join()


def embedded(page: Any, careers: str, iframe: str) -> Any:
    """The content of `iframe` in the page `careers`."""
    Careers.iframe = iframe
    page.goto(careers)
    return page.frame_locator("iframe[title='Support agent']")


def test_an_iframe_shows_the_interview_and_a_changed_one_a_refusal(
    page: Any, careers: str, served: Project, sandbox: Sandbox
) -> None:
    served.configure(embed_url=f"{sandbox.url.removesuffix('/functions/v1')}/embed")
    served.write("agent", name="Support agent", status="active", is_embedded=True)
    served.applied()  # in a process of its own, since the driver of the browser runs an event loop here
    run = served.jmctl("embed", "agent", "--name", NAME, "--email", "j+x@example.invalid", "--format", "json")
    iframe = run.document["iframe"]

    shown = embedded(page, careers, iframe)
    shown.get_by_text(f"You take it as {NAME}").wait_for()
    assert shown.get_by_role("button", name="Start the interview").is_visible()

    changed = iframe.replace("&amp;name=", "&amp;name=QUFB")
    assert changed != iframe
    shown = embedded(page, careers, changed)
    shown.get_by_role("alert").get_by_text("This link was changed").wait_for()
    assert shown.get_by_role("button").count() == 0
