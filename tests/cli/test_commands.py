"""What holds for every command: help, a place in the reference, a published exit code, one JSON document at the end."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from workshop import COMMAND, Project, Run, Sandbox, commands

from reconciler import __version__
from reconciler.cli.exit_codes import ExitCode

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
REFERENCE = (ROOT / "docs" / "reference" / "commands.md").read_text()
EXIT_CODES = (ROOT / "docs" / "reference" / "exit-codes.md").read_text()


EVERY = dict(commands())


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_every_command_explains_itself_and_its_options(words: tuple[str, ...]) -> None:
    command = EVERY[words]
    assert command.help, "what it does"
    assert len(command.get_short_help_str(200)) > 10
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{words}: {parameter.opts}"


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_every_command_stands_in_the_reference(words: tuple[str, ...]) -> None:
    """The README sends on instead of listing them: docs/reference/commands.md is made from the commands."""
    assert f"\n## jmctl {' '.join(words)}\n" in REFERENCE


def test_the_readme_stays_within_two_screens_and_sends_on() -> None:
    assert len(README.splitlines()) <= 110
    for page in ("index", "reference/commands", "reference/exit-codes", "start/ten-minutes"):
        assert f"](docs/{page}.md)" in README


def test_help_is_not_an_error(project: Project, inside: Callable[..., Run]) -> None:
    for words in EVERY:
        for flag in ("--help", "-h"):
            run = inside(project, *words, flag)
            assert (run.code, run.err) == (0, "")
            assert run.out.startswith(f"Usage: jmctl {' '.join(words)}")


def test_every_exit_code_stands_in_the_reference() -> None:
    told = {int(code) for code in re.findall(r"^\| (\d+) \|", EXIT_CODES, re.MULTILINE)}
    assert told == {*map(int, ExitCode)} == {0, 1, 2, 3, 4, 5, 6, 64, 130}


def test_the_version_is_told(project: Project, inside: Callable[..., Run]) -> None:
    assert inside(project, "--version") == Run(0, f"jmctl {__version__}\n", "")


# -- exit codes and JSON; 3, 4, 5 and 130 are met where they come about, in test_apply, test_lock and test_interrupt


@pytest.fixture
def scene(project: Project) -> Project:
    """One interview applied and changed since, one not applied yet."""
    project.write_many(1, is_embedded=True)
    project.applied()
    project.write("interview-0000", description="Changed", is_embedded=True)
    project.write("interview-0001")
    return project


CASES = [
    (0, ("validate",)),
    (0, ("plan",)),
    (0, ("plan", "--no-refresh")),
    (2, ("plan", "--detailed-exitcode")),
    (0, ("drift",)),
    (0, ("orphans",)),
    (0, ("state", "list")),
    (0, ("state", "show", "interview-0000")),
    (0, ("output", "interview-0000")),
    (0, ("show", "interview-0000")),
    (6, ("apply",)),
    (6, ("apply", "--auto-approve", "--expect", "0")),
    (6, ("apply", "--auto-approve", "--approve", "create")),
    (6, ("destroy",)),
    (1, ("state", "show", "no-such-interview")),
    (1, ("output", "no-such-interview")),
    (64, ("plan", "--no-such-option")),
    (1, ("plan", "too", "much")),
    (64, ("apply", "--concurrency", "0")),
    (64, ("-C", "no-such-folder", "plan")),
    (64, ("state", "no-such-command")),
    (64, ("no-such-command",)),
    (1, ("--env", "no-such-environment", "plan")),
]


@pytest.mark.parametrize(
    ("code", "words"), CASES, ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_every_end_has_its_exit_code_and_one_json_document(
    code: int, words: tuple[str, ...], scene: Project, inside: Callable[..., Run]
) -> None:
    human = inside(scene, *words)
    assert human.code == code, human
    if code in (1, 64):
        assert human.out == "", "an error says nothing on stdout"
        assert human.err.startswith("jmctl: error[JM")
    if "--format" in scene_help(words):
        run = inside(scene, *words, "--format", "json")
        assert run.code == code, run
        json.loads(run.out.splitlines()[-1] if words[0] in ("apply", "destroy") else run.out)
        assert "Traceback" not in run.err


def scene_help(words: tuple[str, ...]) -> str:
    """The options that a command has, as text; all of them for one that does not exist."""
    named = tuple(word for word in words if not word.startswith("-"))
    for length in (2, 1):
        if command := EVERY.get(named[:length]):
            return " ".join(option for parameter in command.params for option in parameter.opts)
    return "--format"


@pytest.mark.parametrize(
    ("name", "content", "summary"),
    [
        ("interviews/interview-0000.yaml", "spec: {", None),
        ("interviews/interview-0000.yaml", "", None),
        ("jmctl.yaml", "project: [", None),
        ("jmctl.yaml", "nothing: true", None),
        ("state/default.json", "{", "the state cannot be read"),
        ("state/default.json", '{"version": 99}', "a newer jmctl wrote this state"),
        ("state/default.journal", "{}\n", None),
    ],
)
def test_what_is_wrong_on_disk_is_one_json_document_for_every_command_that_meets_it(
    name: str, content: str, summary: str | None, scene: Project, inside: Callable[..., Run]
) -> None:
    (scene.folder / name).write_text(content)
    for words in (("plan",), ("apply", "--auto-approve"), ("drift",)):
        run = inside(scene, *words, "--format", "json")
        assert run.code == 1, run
        problem = run.document["problems"][0]
        assert problem["path"].endswith(name)
        assert problem["severity"] == "error"
        assert summary in (None, problem["summary"])
        human = inside(scene, *words)
        assert human.out == ""
        assert human.err.startswith(f"jmctl: error[{problem['code']}]: {problem['path']}")


def test_outside_of_a_project_the_way_in_is_told(tmp_path: Path, project: Project) -> None:
    done = subprocess.run(
        [COMMAND, "plan"], cwd=tmp_path, env=project.environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "jmctl init" in done.stderr


def test_an_unreachable_service_is_told_with_what_to_do(served: Project, sandbox: Sandbox) -> None:
    served.write_many(1)
    served.applied()
    served.configure(endpoint="http://127.0.0.1:9", timeouts={"connect": 1, "total": 1})
    served.snapshot.write_text(served.snapshot.read_text().replace(sandbox.url, "http://127.0.0.1:9"))
    run = served.jmctl("plan", "--format", "json")
    assert run.code == 1
    assert run.document["error"]["hint"].endswith("jmctl plan --no-refresh")
    assert served.jmctl("plan", "--no-refresh").code == 0
    assert sandbox.interviews()


def test_without_a_token_planning_without_the_service_still_works(served: Project) -> None:
    served.write_many(1)
    served.applied()
    del served.variables["JOBMOJITO_TOKEN"]
    run = served.jmctl("plan")
    assert run.code == 1
    assert "no access token" in run.err
    assert served.jmctl("plan", "--no-refresh").code == 0


def test_a_reader_that_goes_away_is_no_bug(scene: Project) -> None:
    script = f"{COMMAND} schema | head -c 1"
    done = subprocess.run(
        ["sh", "-c", script], cwd=scene.folder, env=scene.environment, capture_output=True, text=True, check=True
    )
    assert done.stderr == ""


def test_hostile_text_does_not_reach_the_terminal(project: Project) -> None:
    hostile = "Evil \u001b]0;owned\u0007 \u202e name"
    project.write("hostile", name=hostile, description=hostile, questions=[{"question": hostile, "id": "q"}])
    runs = [project.jmctl("plan"), project.applied(), project.jmctl("state", "show", "hostile")]
    runs += [project.jmctl("show", "hostile"), project.jmctl("state", "list")]
    for run in runs:
        assert not set("\u001b\u0007\u202e") & set(run.out + run.err)
    assert project.jmctl("state", "show", "hostile", "--format", "json").document["attributes"]["name"] == hostile
