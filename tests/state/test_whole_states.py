"""Whole states: merged by git's merge driver, brought from store to store, recovered from a pasted log."""

from __future__ import annotations

from pathlib import Path

import git_scene
from git_scene import git
from workshop import Project


def test_git_merges_states_of_two_branches(project: Project) -> None:
    """Two branches each created an interview; git alone would make a conflict of it."""
    command = f"{Path(git_scene.__file__).parents[2] / '.venv/bin/jmctl'} state merge %O %A %B"
    git(project.folder, "init", "-q", "-b", "main")
    git(project.folder, "config", "merge.jmctl.driver", command)
    (project.folder / ".gitattributes").write_text("state/*.json merge=jmctl\n")
    (project.folder / ".gitignore").write_text(".sandbox/\nstate/*.lock\n")
    project.write("first")
    project.applied()
    commit(project)
    for branch, name in (("left", "second"), ("right", "third")):
        git(project.folder, "switch", "-q", "-c", branch, "main")
        project.write(name, name=name)
        project.applied()
        commit(project)
    git(project.folder, "merge", "-q", "--no-edit", "left")
    assert sorted(project.ids()) == ["first", "second", "third"]
    assert project.jmctl("plan", "--detailed-exitcode").code == 0


def commit(project: Project) -> None:
    git(project.folder, "add", "-A")
    git(project.folder, "commit", "-q", "-m", "state")


def test_state_moves_from_the_folder_to_git_and_back(project: Project, tmp_path: Path) -> None:
    bare = git_scene.scene(tmp_path).bare
    names = project.write_many(2)
    project.applied()
    ids = project.ids()
    moved = project.jmctl("state", "mv", "--from", "state", "--to", f"git:{bare}#jmctl")
    assert moved.code == 0, moved
    assert "2 interviews" in moved.out
    project.configure(state=f"git:{bare}#jmctl")
    assert (sorted(project.ids()), project.ids()) == (names, ids)
    assert project.jmctl("plan", "--detailed-exitcode").code == 0
    refused = project.jmctl("state", "mv", "--from", f"git:{bare}#jmctl", "--to", "state")
    assert (refused.code, "the target holds a state" in refused.err) == (6, True)
    assert project.jmctl("state", "mv", "--from", f"git:{bare}#jmctl", "--to", "other").code == 0
    project.configure(state="other")
    assert project.ids() == ids


def test_wrong_ways_to_move_are_explained(project: Project) -> None:
    for words in (("state", "mv"), ("state", "mv", "a"), ("state", "mv", "--from", "s4://x", "--to", "state")):
        run = project.jmctl(*words)
        assert run.code == 64, run


def test_dead_runner_s_log_brings_its_records_back(project: Project, tmp_path: Path) -> None:
    """The store cannot be reached at the end; the runner's files are gone, its log is not."""
    bare = git_scene.scene(tmp_path).bare
    hook = bare / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    count = tmp_path / "pushes"
    # the probe, the lease and the announcement pass, and the interviews exist from then on
    counting = f'case "$ref" in */probe-*) ;; *) echo one >> {count};; esac'
    hook.write_text(
        f"#!/bin/sh\nwhile read old new ref; do {counting}; done\n[ $(cat {count} 2>&1 | grep -c one) -lt 3 ]\n"
    )
    hook.chmod(0o755)
    project.configure(state=f"git:{bare}#jmctl", recovery={"lease": 1, "skew": 0}, timeouts={"connect": 1, "total": 1})
    names = project.write_many(2, is_embedded=True)
    run = project.jmctl("apply", "--auto-approve")
    assert run.code == 1, run
    assert "AGE ENCRYPTED" in run.err, run.out + run.err
    hook.unlink()
    log = "".join(f"2026-01-01T00:00:00Z {line}\n" for line in run.err.splitlines())
    for folder in ("cache", "config/jmctl/x", ".local"):
        path = project.home / folder
        if path.exists():
            git_scene.subprocess.run(["rm", "-rf", str(path)], check=True)
    recovered = project.jmctl("state", "recover", "-", typed=log)
    for _ in range(40):
        if recovered.code != 5:
            break
        git_scene.subprocess.run(["sleep", "0.5"], check=True)
        recovered = project.jmctl("state", "recover", "-", typed=log)
    assert recovered.code == 0, recovered
    assert sorted(project.ids()) == names
    assert None not in project.ids().values()
    assert project.jmctl("plan", "--detailed-exitcode").code == 0
