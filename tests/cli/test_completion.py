"""Shell completion: what each position of the command line offers, and that bash, zsh and fish insert it on TAB."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pexpect
import pytest
from workshop import COMMAND, Project

from reconciler.cli import root

Complete = Callable[[str], list[str]]
PROMPT = "-next-> "
REQUIRED = os.environ.get("JMCTL_SHELLS") == "require"


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Two interviews in the state, a third with a manifest alone, and an environment `staging`; tests only read it."""
    folder = tmp_path_factory.mktemp("completion")
    project = Project(folder / "project", folder / "home")
    project.configure(environments={"staging": {"concurrency": 2}})
    project.write("support-agent-en")
    project.write("support-agent-de")
    project.applied()
    project.write("warehouse-lead")
    return project


@pytest.fixture
def copy(scene: Project, tmp_path: Path) -> Project:
    """The scene again, to be changed."""
    copied = Project(tmp_path / "project", tmp_path / "home")
    shutil.copytree(scene.folder, copied.folder, dirs_exist_ok=True)
    return copied


def suggestions(project: Project, line: str, **variables: str) -> list[str]:
    """What the completion script of zsh is answered for `line`, where `|` marks the cursor's word."""
    words = shlex.split(line.replace("|", "")) + ([""] if line.endswith(" |") else [])
    done = subprocess.run(
        [COMMAND],
        cwd=project.folder,
        env=project.environment
        | {"_JMCTL_COMPLETE": "zsh_complete", "COMP_WORDS": shlex.join(words), "COMP_CWORD": str(len(words) - 1)}
        | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()[1::3]


CASES: dict[str, list[str]] = {
    "jmctl va|": ["validate"],
    "jmctl state re|": ["rebuild", "recover"],
    "jmctl --en|": ["--env"],
    "jmctl --env |": ["default", "staging"],
    "jmctl --env=s|": ["staging"],
    "jmctl plan --detailed|": ["--detailed-exitcode"],
    "jmctl plan --format |": ["human", "json"],
    "jmctl output |": ["support-agent-de", "support-agent-en"],
    "jmctl output --reveal support-agent-e|": ["support-agent-en"],
    "jmctl --env staging output |": [],
    "jmctl --env staging show w|": ["warehouse-lead"],
    "jmctl show |": ["support-agent-de", "support-agent-en", "warehouse-lead"],
    "jmctl import |": ["warehouse-lead"],
    "jmctl state show |": ["support-agent-de", "support-agent-en"],
    "jmctl results list support-agent-en |": ["support-agent-de"],
    "jmctl resolve |": [],
    "jmctl apply --approve create,u|": ["create,update"],
    "jmctl explain jm080|": ["JM0801", "JM0802", "JM0803", "JM0804", "JM0805", "JM0806"],
    "jmctl completion |": ["bash", "fish", "zsh"],
}


@pytest.mark.parametrize("line", CASES)
def test_position_offers_exactly(line: str, scene: Project) -> None:
    assert suggestions(scene, line) == CASES[line]


def test_every_command_is_offered_with_its_help(scene: Project) -> None:
    offered = suggestions(scene, "jmctl |")
    assert offered == root.list_commands(root.make_context("jmctl", [], resilient_parsing=True))


def test_unsettled_create_is_offered_to_resolve(served: Project, sandbox: Any) -> None:
    served.write("support-agent-en")
    sandbox.set_faults("drop_after:create:count=1")
    served.jmctl("apply", "--auto-approve", "--on-unknown", "stop")
    assert suggestions(served, "jmctl resolve |") == ["support-agent-en"]


def test_directory_option_moves_the_lookup(scene: Project, tmp_path: Path) -> None:
    elsewhere = Project(tmp_path / "elsewhere", tmp_path / "elsewhere-home")
    assert suggestions(elsewhere, f"jmctl -C {scene.folder} output support-agent-d|") == ["support-agent-de"]


@pytest.mark.parametrize("content", ["project: [", "project: tests\nmanifests: 7\n", "\x00", None])
def test_broken_configuration_offers_no_names_and_prints_nothing(content: str | None, copy: Project) -> None:
    file = copy.folder / "jmctl.yaml"
    file.unlink() if content is None else file.write_text(content)
    assert suggestions(copy, "jmctl output |") == []
    assert suggestions(copy, "jmctl outp|") == ["output"]


def test_broken_manifest_and_state_hide_no_other_name(copy: Project) -> None:
    (copy.folder / "interviews" / "support-agent-en.yaml").write_text("metadata: [\n")
    (copy.folder / "interviews" / "flow.yaml").write_text("# c\nmetadata: {labels: {}, name: 'flow'}\n")
    (copy.folder / "interviews" / "labels.yaml").write_text(
        "metadata:  # identity\n  labels:\n    team: support\n\n  name: labelled\nspec:\n  name: Not this one\n"
    )
    copy.snapshot.write_text("{")
    assert suggestions(copy, "jmctl show |") == ["labelled", "support-agent-de", "warehouse-lead"]


def test_completion_changes_no_file_and_runs_no_command(copy: Project) -> None:
    copy.configure(token_command="touch was-run")  # noqa: S106 - a command, not a token
    before = {path: path.read_bytes() for path in copy.folder.rglob("*") if path.is_file()}
    suggestions(copy, "jmctl output |")
    assert {path: path.read_bytes() for path in copy.folder.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("instruction", ["bash_source", "tcsh_complete", "x", "zsh_complete"])
def test_odd_instruction_prints_nothing(instruction: str, scene: Project) -> None:
    run = scene.jmctl(_JMCTL_COMPLETE=instruction)
    assert (run.code, run.out, run.err) == (1, "", "")


# -- in real shells


@pytest.fixture(params=["bash", "fish", "zsh"])
def complete(request: pytest.FixtureRequest, scene: Project) -> Iterator[Complete]:
    """Types a line and TAB in a real shell, and gives the line as the shell completed it."""
    shell = request.param
    if shutil.which(shell) is None:
        if REQUIRED:
            pytest.fail(f"{shell} is required here: make system-packages installs it")
        pytest.skip(f"no {shell} here; make system-packages installs it")
    with SHELLS[shell](scene) as completed:
        yield completed


def environment(project: Project) -> dict[str, str]:
    path = f"{Path(COMMAND).parent}{os.pathsep}{os.environ['PATH']}"
    return project.environment | {"PATH": path, "TERM": "dumb", "PS1": PROMPT}


@contextmanager
def terminal(project: Project, shell: list[str], setup: str) -> Iterator[Callable[[str], str]]:
    """A shell on a pseudo-terminal; after TAB the line is put behind `echo` and run, so that it prints itself."""
    child = pexpect.spawn(
        shell[0], shell[1:], cwd=str(project.folder), env=environment(project), encoding="utf-8", timeout=30,
        dimensions=(50, 400),
    )  # fmt: skip

    def completed(line: str) -> str:
        child.send(f"{line}\t")
        child.expect_exact(line)
        child.send("\x01echo '<'\x05'>'\r")
        child.expect(r"\r\n< ?(.*?) ?>\r?\n")
        assert isinstance(child.match, re.Match)
        found = str(child.match.group(1))
        child.expect_exact(PROMPT)
        return found

    try:
        child.sendline(f"{setup}; echo ready-$((40+2))")
        child.expect_exact("ready-42")
        child.expect_exact(PROMPT)  # what is typed before may be dropped
        yield completed
    finally:
        child.close(force=True)


def in_bash(project: Project) -> Any:
    return terminal(project, ["bash", "--norc", "--noprofile", "-i"], 'eval "$(jmctl completion bash)"')


def in_zsh(project: Project) -> Any:
    setup = 'unsetopt zle_bracketed_paste; autoload -Uz compinit; compinit -u -D; eval "$(jmctl completion zsh)"'
    return terminal(project, ["zsh", "-f", "-i"], setup)


@contextmanager
def in_fish(project: Project) -> Iterator[Callable[[str], str]]:
    """fish prints what it would offer; a single offer is what TAB inserts."""

    def completed(line: str) -> str:
        script = f"jmctl completion fish | source; complete -C {shlex.quote(line)}"
        done = subprocess.run(
            ["fish", "--no-config", "-c", script],
            cwd=project.folder, env=environment(project), capture_output=True, text=True, check=True,
        )  # fmt: skip
        [offer] = done.stdout.splitlines()
        return f"{line.rpartition(' ')[0]} {offer.partition(chr(9))[0]}"

    yield completed


SHELLS: dict[str, Callable[[Project], Any]] = {"bash": in_bash, "fish": in_fish, "zsh": in_zsh}


def test_shell_completes_on_tab(complete: Callable[[str], str]) -> None:
    assert complete("jmctl valid") == "jmctl validate"
    assert complete("jmctl plan --detail") == "jmctl plan --detailed-exitcode"
    assert complete("jmctl --env st") == "jmctl --env staging"
    assert complete("jmctl output support-agent-e") == "jmctl output support-agent-en"
    assert complete("jmctl show ware") == "jmctl show warehouse-lead"
    assert complete("jmctl state ver") == "jmctl state verify"
