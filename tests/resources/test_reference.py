"""docs/reference/manifest.md is what the field table says."""

from __future__ import annotations

import os
from pathlib import Path

from reconciler.resources.interview.kind import INTERVIEW
from reconciler.resources.reference import reference

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "manifest.md"


def test_the_page_is_made_from_the_table() -> None:
    if os.environ.get("JMCTL_WRITE_DOCS"):
        PAGE.write_text(reference(INTERVIEW))
    assert PAGE.read_text() == reference(INTERVIEW), "JMCTL_WRITE_DOCS=1 pytest tests/resources/test_reference.py"


def test_the_page_names_every_field() -> None:
    page = PAGE.read_text()
    assert [name for name in INTERVIEW.fields if f"| `{name}`" not in page] == []
