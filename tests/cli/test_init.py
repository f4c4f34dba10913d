"""jmctl init: a project that can be planned at once, joining one that exists, and nothing overwritten."""

from __future__ import annotations

from collections.abc import Callable

from workshop import Project, Run

Inside = Callable[..., Run]


def test_init_makes_a_project_that_plans(project: Project, inside: Inside) -> None:
    (project.folder / "jmctl.yaml").unlink()
    project.identity.unlink()
    run = inside(project, "init", "--project", "demo")
    assert (run.code, run.out) == (0, "Ready. Next: jmctl plan\n")
    made, *others = run.err.splitlines()
    assert made.startswith(f"jmctl: made your identity {project.identity}: it opens embed keys; keep a copy")
    assert others == [
        "jmctl: wrote project/jmctl.yaml",
        "jmctl: wrote interviews/first.yaml",
        "jmctl: .gitignore: added state/*.lock, .sandbox/",
    ]
    assert project.identity.stat().st_mode & 0o777 == 0o600
    planned = inside(project, "plan", "--format", "json").document
    assert [change["name"] for change in planned["resource_changes"]] == ["first-interview"]
    assert inside(project, "fmt", "--check").code == 0


def test_init_keeps_what_is_there(project: Project, inside: Inside) -> None:
    before = (project.folder / "jmctl.yaml").read_bytes()
    run = inside(project, "init")
    assert run.err.splitlines()[:2] == [
        f"jmctl: your identity is {project.identity}",
        "jmctl: kept jmctl.yaml: your public key is among its recipients",
    ]
    assert (project.folder / "jmctl.yaml").read_bytes() == before
    assert not (project.folder / "interviews").exists(), "joining writes no manifest"
    again = inside(project, "init")
    assert ".gitignore" not in again.err


def test_init_adds_the_key_of_a_new_colleague(project: Project, inside: Inside) -> None:
    project.identity.unlink()
    run = inside(project, "init")
    assert "jmctl: added your public key to the recipients in jmctl.yaml" in run.err
    config = (project.folder / "jmctl.yaml").read_text()
    assert project.recipient in config
    assert project.identity.read_text().splitlines()[0].removeprefix("# recipient: ") in config


def test_init_leaves_a_first_manifest_alone(project: Project, inside: Inside) -> None:
    project.write("first")
    before = (project.folder / "interviews" / "first.yaml").read_bytes()
    (project.folder / "jmctl.yaml").unlink()
    run = inside(project, "init")
    assert "jmctl: kept first.yaml" in run.err
    assert (project.folder / "interviews" / "first.yaml").read_bytes() == before
