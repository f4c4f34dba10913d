from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


def test_it_writes_what_is_not_formatted_and_names_it(run: Run, project: Path) -> None:
    tidy = (project / "i/tidy.yaml").read_text()
    assert run("fmt") == (0, "i/untidy.yaml\n", "")
    assert (project / "i/untidy.yaml").read_text() == tidy.replace("tidy", "untidy")
    assert (project / "i/tidy.yaml").read_text() == tidy
    assert run("fmt") == (0, "", "")


def test_check_writes_nothing_and_fails(run: Run, project: Path) -> None:
    before = (project / "i/untidy.yaml").read_bytes()
    code, out, err = run("fmt", "--check")
    assert (code, out) == (1, "i/untidy.yaml\n")
    assert err == "jmctl: 1 of 2 files is not formatted; write them with: jmctl fmt\n"
    assert (project / "i/untidy.yaml").read_bytes() == before
    assert run("fmt", "--check", "i/tidy.yaml") == (0, "", "")


def test_diff_writes_nothing_and_shows_what_would_be(run: Run, project: Path) -> None:
    before = (project / "i/untidy.yaml").read_bytes()
    code, out, err = run("fmt", "--diff")
    assert (code, err) == (0, "")
    assert "--- i/untidy.yaml\n+++ i/untidy.yaml (formatted)\n" in out
    assert "\n+  name: Tidy\n   location: remote\n-  name: Tidy\n" in out
    assert (project / "i/untidy.yaml").read_bytes() == before
    assert run("fmt", "--diff", "--check").code == 1


@pytest.mark.parametrize("words", [(), ("i/a.yaml", "i/b.yaml")])
def test_problems_show_their_line_and_a_count(run: Run, project: Path, words: tuple[str, ...]) -> None:
    for name in ("a", "b"):
        (project / f"i/{name}.yaml").write_text("spec:\n  x: &anchor 1\n")
    code, _, err = run("fmt", *words)
    assert code != 0
    assert err.count("  2 |   x: &anchor 1\n") == 2
    assert "^" in err
    assert err.endswith("problems in 2 files\n")


def test_wrong_files_are_told_and_left_alone(run: Run, project: Path) -> None:
    wrong = project / "i/a.yaml"
    wrong.write_text("apiVersion: jmctl/v1\nkind: Interview\nspec: {}\nmetadata: {}\n")
    code, out, err = run("fmt")
    assert (code, out) == (1, "i/untidy.yaml\n")
    assert "]: i/a.yaml:4:1: " in err
    assert wrong.read_text().endswith("metadata: {}\n")


def test_json_is_one_document(run: Run, project: Path) -> None:
    (project / "i/a.yaml").write_text("a: [\n")
    code, out, err = run("fmt", "--check", "--format", "json")
    assert (code, err) == (1, "")
    document = json.loads(out)
    assert document["files"] == [
        {"path": "i/tidy.yaml", "formatted": True},
        {"path": "i/untidy.yaml", "formatted": False},
    ]
    assert document["written"] is False
    assert [problem["summary"] for problem in document["problems"]] == ["unclosed bracket"]


def test_a_file_that_is_not_there_is_wrong_usage(run: Run) -> None:
    assert run("fmt", "i/none.yaml").code == 64


def test_files_are_named_from_the_folder_of_the_run(run: Run) -> None:
    assert run("-C", "i", "fmt", "untidy.yaml") == (0, "i/untidy.yaml\n", "")
    assert run("fmt", "--check").code == 0


def test_mode_and_links_stay(run: Run, project: Path) -> None:
    file = project / "kept.yaml"
    (project / "i/untidy.yaml").rename(file)
    file.chmod(0o640)
    (project / "i/untidy.yaml").symlink_to(file)
    assert run("fmt").code == 0
    assert (project / "i/untidy.yaml").is_symlink()
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert run("fmt", "--check").code == 0
