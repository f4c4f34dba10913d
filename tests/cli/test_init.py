"""jmctl init: a project that can be planned at once, joining one that exists, and nothing overwritten."""

from __future__ import annotations

import re
from collections.abc import Callable

import pexpect
from workshop import COMMAND, Project, Run

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
        "jmctl: wrote .vscode/settings.json",
        "jmctl: .gitignore: added state/*.lock, .sandbox/",
        "jmctl: wrote interviews/first.yaml",
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


def test_init_asks_two_questions_on_a_terminal(project: Project, inside: Inside) -> None:
    (project.folder / "jmctl.yaml").unlink()
    terminal = pexpect.spawn(COMMAND, ["init"], cwd=project.folder, env=project.environment, encoding="utf-8")
    terminal.expect("Where shall the interviews be")
    terminal.sendline("1")
    terminal.expect("Who asks in the first interview")
    terminal.expect(r"(\d+) +Sofia, office")
    sofia = str(terminal.match.group(1)) if isinstance(terminal.match, re.Match) else ""
    terminal.sendline(sofia)
    terminal.expect("Ready. Next: jmctl plan")
    terminal.expect(pexpect.EOF)
    written = (project.folder / "interviews" / "first.yaml").read_text()
    assert "Sofia, office" in written
    assert "mojito_language_code: es" in written, "the language of the avatar"
    assert inside(project, "validate").code == 0


def test_init_for_jobmojito_without_a_token_names_the_steps(project: Project, inside: Inside) -> None:
    """The first interview is no guess: validate says that its avatar is still to be chosen, and how."""
    (project.folder / "jmctl.yaml").unlink()
    run = inside(project, "init", "--where", "jobmojito")
    assert run.out.startswith("Ready. Next: jmctl login, then jmctl lookup avatars")
    assert "endpoint: https://cool.jobmojito.com/functions/v1" in (project.folder / "jmctl.yaml").read_text()
    checked = inside(project, "validate")
    assert checked.code == 1
    assert "interviews/first.yaml:9:3" in checked.err
    assert "jmctl lookup avatars" in checked.err


def test_init_takes_an_avatar_by_name(project: Project, inside: Inside) -> None:
    (project.folder / "jmctl.yaml").unlink()
    assert inside(project, "init", "--avatar", "noah, voice only").code == 0
    assert "# Noah, voice only" in (project.folder / "interviews" / "first.yaml").read_text()


def test_init_leaves_an_unknown_avatar_to_validate(project: Project, inside: Inside) -> None:
    (project.folder / "jmctl.yaml").unlink()
    assert inside(project, "init", "--avatar", 'Olivia "office').code == 0
    checked = inside(project, "validate")
    assert checked.code == 1
    assert "unknown avatar" in checked.err
    assert "did you mean `Olivia, office`" in checked.err


def test_first_apply_ends_with_the_way_to_take_the_interview(project: Project, inside: Inside) -> None:
    (project.folder / "jmctl.yaml").unlink()
    inside(project, "init")
    run = inside(project, "apply", "--auto-approve")
    last = run.err.splitlines()[-1]
    assert last == (
        "jmctl: next: jmctl sandbox open first-interview to take it in your browser, then jmctl results list"
    )
    assert "next:" not in inside(project, "apply", "--auto-approve").err, "nothing is new"


def test_apply_to_a_service_ends_with_the_links(served: Project, inside: Inside) -> None:
    served.configure(embed_url="https://try.example/embed")
    served.write_many(7, is_embedded=True)
    lines = inside(served, "apply", "--auto-approve").err.splitlines()
    link = re.compile(r"jmctl: interview-000\d opens at https://try\.example/embed\?embed_id=\S+")
    assert len([line for line in lines if link.fullmatch(line)]) == 5
    assert lines[-2:] == [
        "jmctl: and 2 more",
        "jmctl: next: jmctl embed interview-0000 for a page of yours, jmctl results list once it was taken",
    ]
