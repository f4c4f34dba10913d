"""One file gives a bounded number of problems, and the rest is counted."""

from __future__ import annotations

from workshop import Project


def test_a_file_with_thousands_of_mistakes_is_shown_in_part(project: Project) -> None:
    path = project.write("a")
    path.write_text(path.read_text() + "".join(f"wrong{number}: 1\n" for number in range(5_000)))
    project.write("b", statu="active")
    run = project.jmctl("validate", "--format", "json")
    problems = run.document["problems"]
    assert [problem["path"] for problem in problems].count("interviews/a.yaml") == 101
    (more,) = [problem for problem in problems if problem["summary"] == "more problems"]
    assert (more["code"], more["detail"]) == ("JM0139", "4,900 more problems in this file")
    assert [problem["summary"] for problem in problems if problem["path"] == "interviews/b.yaml"] == ["unknown field"]
    assert len(project.jmctl("validate").err) < 40_000
