"""One result as a page for browsers, printers and screen readers."""

from __future__ import annotations

from reconciler.views.results.page import page
from reconciler.views.results.result_layout import Outline


def result_html(result: Outline) -> str:
    """The page."""
    return page("result.html.j2", result=result)
