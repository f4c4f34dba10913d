"""docs/service.md is the source of facts about the service: citations resolve, its list of switches is complete."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

from reconciler.sandbox.switches import TABLE

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "service.md"
FOLDERS = ("bench", "docs", "examples", "reconciler", "tests")
_SWITCHES = "## Switches\n"


def sources() -> dict[Path, str]:
    """Text of every source file and page of the repository, this test left out."""
    paths = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.suffix in {".py", ".md"}]
    return {path: path.read_text() for path in [*paths, *ROOT.glob("*.md")] if path != Path(__file__)}


def anchors(page: str) -> set[str]:
    """The anchors that GitHub and GitLab derive from the headings."""
    headings = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def switch_table() -> str:
    """One row for each switch of the sandbox, under its section."""
    rows = ["| switch | default | what it changes | section |", "|---|---|---|---|"]
    for switch in TABLE:
        section = "" if switch.source == "-" else switch.source
        changes = switch.changes.replace("|", "\\|")
        rows.append(f"| `{switch.name}` | `{json.dumps(switch.default)}` | {changes} | {section} |")
    return "\n".join(rows) + "\n"


def test_every_citation_of_the_service_page_has_its_anchor() -> None:
    known = anchors(PAGE.read_text())
    cited = {
        (path.relative_to(ROOT).as_posix(), anchor)
        for path, text in sources().items()
        for anchor in re.findall(r"service\.md#([\w-]+)", text)
    }
    assert len(cited) > 20
    assert {(path, anchor) for path, anchor in cited if anchor not in known} == set()


def test_links_inside_the_service_page_resolve() -> None:
    page = PAGE.read_text()
    assert set(re.findall(r"\]\(#([\w-]+)\)", page)) <= anchors(page)


def test_no_source_outside_the_repository_is_cited() -> None:
    assert [str(path) for path, text in sources().items() if "SEMANTICS" in text] == []


def test_each_switch_names_a_section_of_the_service_page() -> None:
    sections = set(re.findall(r"^## (\d+)\.", PAGE.read_text(), re.MULTILINE))
    assert {switch.name for switch in TABLE if switch.source not in {*sections, "-"}} == set()


def test_service_page_lists_every_switch() -> None:
    written, _, table = PAGE.read_text().partition(_SWITCHES)
    introduction, _, rows = table.partition("\n|")
    if os.environ.get("JMCTL_WRITE_DOCS"):
        PAGE.write_text(f"{written}{_SWITCHES}{introduction}\n{switch_table()}")
        rows = switch_table()[1:]
    assert f"|{rows}" == switch_table(), "JMCTL_WRITE_DOCS=1 pytest tests/docs/test_service_page.py writes it"
