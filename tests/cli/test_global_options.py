"""Global options and their variables: quiet, colours, the folder."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from workshop import Project, Run

from reconciler.cli.exit_codes import ExitCode

Inside = Callable[..., Run]


@pytest.fixture
def scene(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    project.write("support")
    for name in ("CI", "GITHUB_ACTIONS", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return project


def test_quiet_leaves_results_and_nothing_else(scene: Project, inside: Inside) -> None:
    run = inside(scene, "--quiet", "apply", "--auto-approve")
    assert run.code == 0
    assert run.err == ""
    assert "Applied: 1 done." in run.out
    scene.variables["JMCTL_QUIET"] = "1"
    scene.identity.unlink()
    assert inside(scene, "init").err == ""


def test_quiet_keeps_warnings_and_errors(scene: Project, inside: Inside) -> None:
    scene.write("support", name="TODO a name")
    assert "warning" in inside(scene, "-q", "validate").err
    scene.write("support", status="none")
    assert "error" in inside(scene, "-q", "plan").err


@pytest.mark.parametrize(("number", "last"), [(10, ""), (11, "1 more warning"), (13, "3 more warnings")])
def test_plan_and_apply_show_ten_warnings_and_count_the_rest(
    scene: Project, inside: Inside, number: int, last: str
) -> None:
    for one in range(number):
        scene.write(f"todo-{one:02}", name=f"TODO {one}")
    for words in (("plan", "--no-refresh"), ("apply", "--auto-approve")):
        run = inside(scene, *words)
        assert run.code == 0
        assert run.err.count("jmctl: warning") == 10
        assert (f"jmctl: {last}; all of them: jmctl validate" in run.err) is bool(last)
    assert inside(scene, "validate").err.count("jmctl: warning") == number


def test_usage_error_names_help_once(scene: Project, inside: Inside) -> None:
    run = inside(scene, "zzzzzz")
    assert run.code == ExitCode.USAGE
    assert run.err.count("jmctl --help") == 1


@pytest.mark.parametrize(
    ("options", "variables", "is_coloured"),
    [
        ((), {}, False),
        (("--color", "always"), {}, True),
        ((), {"JMCTL_COLOR": "always"}, True),
        ((), {"FORCE_COLOR": "1"}, True),
        ((), {"FORCE_COLOR": "0"}, False),
        ((), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (("--color", "never"), {"FORCE_COLOR": "1"}, False),
        (("--color", "always"), {"NO_COLOR": "1"}, True),
    ],
)
def test_colours(
    scene: Project,
    inside: Inside,
    options: tuple[str, ...],
    variables: dict[str, str],
    is_coloured: bool,  # noqa: FBT001 - a case of the table
) -> None:
    scene.variables |= variables
    assert ("\x1b[" in inside(scene, *options, "plan").out) is is_coloured


def test_the_folder_may_come_from_a_variable(scene: Project, inside: Inside) -> None:
    scene.variables["JMCTL_DIRECTORY"] = str(scene.folder / "interviews")
    assert inside(scene, "validate").out == "1 interview in 1 file is valid\n"
