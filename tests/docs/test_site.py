"""The site has every page of docs/ in its navigation, and llms.txt lists them for programs that read."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
LIST = DOCS / "llms.txt"
SITE = tomllib.loads((ROOT / "zensical.toml").read_text())["project"]


def entries(items: list[Any], part: str = "") -> Iterator[tuple[str, str, str]]:
    """(part, title, page) of each page in the navigation."""
    for item in items:
        for title, value in item.items():
            if isinstance(value, str):
                yield part, title, value
            else:
                yield from entries(value, title)


def first_sentence(page: str) -> str:
    """The first sentence of prose in a page, without markup."""
    text = re.sub(r"<!--.*?-->|^```.*?^```", "", (DOCS / page).read_text(), flags=re.MULTILINE | re.DOTALL)
    prose = (block for block in text.split("\n\n") if block.strip() and not block.strip().startswith(("#", "|", "-")))
    plain = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", " ".join(next(prose, "").split()))
    return re.split(r"(?<=\.)\s", plain, maxsplit=1)[0].rstrip(":")


def listing() -> str:
    """llms.txt, in the form of llmstxt.org."""
    lines = ["# jmctl", "", f"> {SITE['site_description']}"]
    part = None
    for section, title, page in entries(SITE["nav"]):
        if section != part:
            part = section
            lines += ["", f"## {section or 'Overview'}", ""]
        lines.append(f"- [{title}]({page}): {first_sentence(page)}")
    return "\n".join(lines) + "\n"


def test_every_page_is_in_the_navigation() -> None:
    pages = [page for _, _, page in entries(SITE["nav"])]
    assert sorted(pages) == sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))


def test_the_list_for_programs_is_made_from_the_pages() -> None:
    if os.environ.get("JMCTL_WRITE_DOCS"):
        LIST.write_text(listing())
    assert LIST.read_text() == listing(), "JMCTL_WRITE_DOCS=1 pytest tests/docs/test_site.py"
