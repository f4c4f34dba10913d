"""Where `jmctl import --all --write` puts the manifests."""

from __future__ import annotations

from collections.abc import Callable

from workshop import Project, Run


def test_manifests_go_below_the_folder_of_c(project: Project, inside: Callable[..., Run]) -> None:
    project.write("one")
    assert inside(project, "apply", "--auto-approve").code == 0
    assert inside(project, "state", "rm", "one").code == 0
    (project.folder / "interviews" / "one.yaml").unlink()
    project.configure(manifests=["deeper/**/*.yaml"])
    (project.folder / "deeper").mkdir()
    run = inside(project, "-C", "deeper", "import", "--all", "--write", "found")
    assert run.code == 0, run
    assert "Imported 1 interview; manifests in deeper/found." in run.out
    assert [path.name for path in (project.folder / "deeper" / "found").iterdir()]
    assert not (project.folder / "found").exists()
    assert inside(project, "plan", "--detailed-exitcode").code == 0
