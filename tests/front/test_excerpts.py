"""Problems show the line that they are about: sanitized, underlined, and never from outside of the project."""

from __future__ import annotations

from pathlib import Path

import pytest
from workshop import Project

from reconciler.errors import Problem, Where
from reconciler.views.problems import problem_lines, total_line

SECRET = "AGE-SECRET-KEY-1" + "Q" * 58


def excerpt(text: str, column: int) -> list[str]:
    problem = Problem("unknown field", where=Where("a.yaml", 7, column), excerpt=text)
    return problem_lines(problem)[1:]


@pytest.mark.parametrize(
    ("text", "column", "expected"),
    [
        ("  statu: active", 3, ["  7 |   statu: active", "    |   ^^^^^"]),
        ("質問: [a, 面接, c]", 9, ["  7 | 質問: [a, 面接, c]", "    |           ^^^^"]),
        ('a: "b c" d', 4, ['  7 | a: "b c" d', "    |    ^^^^^"]),
        ("a: \x1b[2J!", 5, ["  7 | a: \\x1b[2J!", "    |        ^"]),
        ("name: x", 99, ["  7 | name: x", "    |        ^"]),
        ("   ", 1, []),
    ],
)
def test_the_place_is_underlined(text: str, column: int, expected: list[str]) -> None:
    assert excerpt(text, column) == expected


def test_a_long_line_is_shown_around_the_place() -> None:
    line, caret = excerpt("a" * 300 + " wrong " + "b" * 300, 302)
    assert line.startswith("  7 | …aaa")
    assert line.endswith("bbb…")
    assert len(line) < 120
    assert line[caret.index("^") : caret.rindex("^") + 1] == "wrong"


def test_problems_and_files_are_counted() -> None:
    problems = [Problem("unknown field", where=Where(path, 1, 1)) for path in ("a", "a", "b")]
    assert total_line(problems) == "jmctl: 3 problems in 2 files"
    assert total_line(problems[:1]) == ""
    assert total_line([*problems, Problem("unknown field")]) == ""


def test_a_command_shows_the_line_and_the_total(project: Project) -> None:
    project.write("a", statu="active")
    project.write("b", statu="active")
    lines = project.jmctl("validate").err.splitlines()
    assert lines[1:3] == ['  15 |   statu: "active"', "     |   ^^^^^"]
    assert lines[-1] == "jmctl: 2 problems in 2 files"


def test_a_warning_from_the_cache_shows_its_line(project: Project) -> None:
    project.write("a", max_duration=7200)
    first, again = (project.jmctl("validate").err for _ in range(2))
    assert first == again
    assert "  15 |   max_duration: 7200\n     |   ^^^^^^^^^^^^\n" in again


def test_jmctl_yaml_shows_its_line(project: Project) -> None:
    path = project.folder / "jmctl.yaml"
    path.write_text(path.read_text() + "concurency: 3\n")
    assert " | concurency: 3\n" in project.jmctl("validate").err


def test_a_link_out_of_the_project_shows_nothing_of_its_file(project: Project, tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("root:canary-of-a-file\n")
    path = project.write("a")
    path.unlink()
    path.symlink_to(outside)
    run = project.jmctl("validate")
    assert run.code == 1
    assert " | " not in run.err


@pytest.mark.parametrize(
    "line",
    ["token: canary-of-a-token", 'x: {api_key: "canary"}', "token_command: [canary, 1]", f"nothing: {SECRET}"],
)
def test_a_line_that_may_hold_a_secret_is_not_shown(project: Project, line: str) -> None:
    path = project.folder / "jmctl.yaml"
    path.write_text(path.read_text() + line + "\nunknown: 1\n")
    told = project.jmctl("validate").err
    assert told.startswith("jmctl: error[JM")
    assert "canary" not in told
    assert SECRET not in told
