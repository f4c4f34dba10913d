"""Every console block of the README and of docs/ is run against the sandbox and prints what it shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from console import Shell, Step, replayed, steps
from workshop import Project

ROOT = Path(__file__).parents[2]
PAGES = [
    path.relative_to(ROOT).as_posix()
    for path in sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
    if "```console" in path.read_text()
]


@pytest.mark.parametrize("page", PAGES)
def test_page_prints_what_it_shows(page: str, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    (project.folder / "jmctl.yaml").unlink()
    project.identity.unlink()
    count, wrong = replayed(ROOT / page, Shell(project, monkeypatch))
    shown = "\n".join(f"$ {step.command}\n{step.printed}" for step in wrong)
    assert count
    assert not wrong, f"another output than on the page (JMCTL_WRITE_DOCS=1 writes it):\n{shown}"


def test_wildcards_stand_for_text_and_nothing_else_does() -> None:
    assert Step("x", "id …, done\n", printed="id 17\n18, done\n").is_as_expected
    assert not Step("x", "id …, done\n", printed="id 17, not done\n").is_as_expected
    assert not Step("x", "a.c\n", printed="abc\n").is_as_expected


def test_blocks_are_read_in_whole() -> None:
    page = "<!-- before\ntouch a\n-->\n```console\n$ cat <<'EOF' > b\none\nEOF\n$ ls  # all\na\nb\n```\n"
    (hidden,), (first, second) = steps(page)
    assert (hidden.command, hidden.hidden) == ("touch a\n", True)
    assert first.command == "cat <<'EOF' > b\none\nEOF"
    assert (second.command, second.expected) == ("ls  # all", "a\nb\n")
