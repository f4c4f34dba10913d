"""What is shipped for pipelines: pinned, with least permissions, written by init and never over what is there."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from workshop import Project, Run

from reconciler import __version__
from reconciler.forge.templates import PATHS, pipeline_text

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("host", PATHS)
def test_init_writes_a_pipeline_and_keeps_the_state_in_git(
    host: str, project: Project, inside: Callable[..., Run]
) -> None:
    (project.folder / "jmctl.yaml").unlink()
    run = inside(project, "init", "--ci", host)
    assert run.code == 0, run
    path = project.folder / PATHS[host]
    assert path.read_text() == pipeline_text(host, __version__)
    assert "\nstate: git\n" in (project.folder / "jmctl.yaml").read_text()
    path.write_text("mine")
    assert inside(project, "init", "--ci", host).code == 0
    assert path.read_text() == "mine"


def test_actions_are_pinned_and_permissions_are_given_by_job() -> None:
    text = pipeline_text("github", __version__)
    used = re.findall(r"uses: (\S+)", text)
    assert used
    assert all(re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", action) for action in used)
    workflow = YAML(typ="safe").load(text)
    assert workflow["permissions"] == {}
    permissions = {name: job["permissions"] for name, job in workflow["jobs"].items()}
    assert permissions == {
        "plan": {"contents": "read", "pull-requests": "write", "checks": "write"},
        "apply": {"contents": "write", "pull-requests": "read", "checks": "read"},
        "drift": {"contents": "read", "issues": "write"},
    }
    assert workflow["jobs"]["apply"]["environment"] == "jmctl-apply"
    assert "pull_request_target" not in text


def test_no_text_of_people_is_put_into_a_script() -> None:
    """Expressions stand in `env:` only, where they are values and no code."""
    for text in (pipeline_text("github", __version__), (ROOT / "action.yml").read_text()):
        assert not re.findall(r"run:.*\$\{\{", text)


def test_what_is_shipped_runs_this_version() -> None:
    for name in ("action.yml", "templates/jmctl.yml"):
        assert f'default: "{__version__}"' in (ROOT / name).read_text()


def test_hooks_for_pre_commit_run_commands_that_exist(project: Project, inside: Callable[..., Run]) -> None:
    hooks = YAML(typ="safe").load((ROOT / ".pre-commit-hooks.yaml").read_text())
    project.write("one")
    for hook in hooks:
        assert inside(project, *hook["entry"].split()[1:]).code == 0
