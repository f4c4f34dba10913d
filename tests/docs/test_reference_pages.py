"""Reference pages are what the code says, variables are listed in whole, links of all pages lead somewhere."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from reference_pages import PAGES

from reconciler.cli.exit_codes import MEANINGS, ExitCode
from reconciler.cli.variables import VARIABLES

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"
_VARIABLE = re.compile(r"""["'](JMCTL_[A-Z_]+|JOBMOJITO_[A-Z_]+|NO_COLOR|FORCE_COLOR)["']""")


@pytest.mark.parametrize("name", PAGES)
def test_reference_page_is_made_from_code(name: str) -> None:
    made = PAGES[name]()
    if os.environ.get("JMCTL_WRITE_DOCS"):
        (REFERENCE / name).write_text(made)
    assert (REFERENCE / name).read_text() == made, "JMCTL_WRITE_DOCS=1 pytest tests/docs/test_reference_pages.py"


def test_every_exit_code_has_a_meaning() -> None:
    assert {*MEANINGS} == {*ExitCode}


def test_every_variable_that_is_read_is_listed() -> None:
    sources = [path for path in (ROOT / "reconciler").rglob("*.py") if path.name != "variables.py"]
    read = {name for path in sources for name in _VARIABLE.findall(path.read_text())}
    assert read - {"JMCTL_"} == {*VARIABLES}


def pages() -> list[Path]:
    return [*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")]


def anchors(page: str) -> set[str]:
    """The anchors that GitHub derives from the headings."""
    headings = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_links_between_pages_lead_somewhere() -> None:
    wrong, count = [], 0
    for page in pages():
        prose = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
        for target in re.findall(r"\]\(([^)\s]+)\)", prose):
            if target.startswith(("http:", "https:", "mailto:")):
                continue
            count += 1
            name, _, anchor = target.partition("#")
            path = (page.parent / name) if name else page
            if not path.exists() or (anchor and anchor not in anchors(path.read_text())):
                wrong.append(f"{page.relative_to(ROOT)}: {target}")
    assert count > 30
    assert wrong == []
