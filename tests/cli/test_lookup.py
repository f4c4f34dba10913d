"""Names of avatars instead of ids: fetched once, then used without the service by every command."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from workshop import INTERACTIVE, Project, Run, manifest

from reconciler.engine.project import open_project

Inside = Callable[..., Run]


@pytest.fixture
def looked_up(project: Project, inside: Inside) -> Project:
    for subject in ("avatars", "languages"):
        assert inside(project, "lookup", subject).code == 0
    return project


def write(project: Project, **spec: object) -> None:
    """A manifest with an avatar by name, unless `spec` names its id."""
    text = manifest("support", **spec)
    if "avatar" in spec and "interview_template_id" not in spec:
        text = "".join(line for line in text.splitlines(keepends=True) if "interview_template_id" not in line)
    path = project.folder / "interviews" / "support.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)


def test_lookup_lists_what_an_interview_may_use(project: Project, inside: Inside) -> None:
    run = inside(project, "lookup", "avatars")
    assert run.code == 0
    assert f"{INTERACTIVE}  Olivia, office" in run.out
    assert "Ava, shared" in run.out, "public ones, too"
    assert "cs   Czech  no pronunciation assessment" in inside(project, "lookup", "languages").out
    document = json.loads((project.folder / ".jmctl" / "catalogue.json").read_text())
    assert document["version"] == 1
    assert document["avatars"]
    assert document["languages"]


def test_a_name_is_the_same_interview_as_its_id(looked_up: Project, inside: Inside) -> None:
    write(looked_up, avatar="Olivia, office")
    assert inside(looked_up, "validate").code == 0
    assert inside(looked_up, "apply", "--auto-approve").code == 0
    (row,) = looked_up.state["interviews"]
    assert row["attributes"]["interview_template_id"] == INTERACTIVE
    assert "avatar" not in row["attributes"]
    write(looked_up)
    assert inside(looked_up, "plan", "--detailed-exitcode").code == 0, "the id of the same avatar is no change"


def test_the_id_of_a_name_has_the_place_of_the_name(looked_up: Project) -> None:
    write(looked_up, avatar="Olivia, office")
    (desired,) = open_project(looked_up.folder).manifests().desired
    lines = (looked_up.folder / "interviews" / "support.yaml").read_text().splitlines()
    place = desired.at("interview_template_id")
    assert lines[place.line - 1].strip().startswith("avatar:")
    assert ("interview_template_id",) in set(desired.places)
    assert ("avatar",) not in set(desired.places)
    assert desired.at("name") != place


def test_fmt_puts_a_name_where_the_id_would_stand(looked_up: Project, inside: Inside) -> None:
    write(looked_up, avatar="Olivia, office")
    path = looked_up.folder / "interviews" / "support.yaml"
    (line,) = (line for line in path.read_text().splitlines(keepends=True) if "avatar:" in line)
    path.write_text(path.read_text().replace(line, "") + line)
    assert inside(looked_up, "fmt").code == 0
    keys = [line.split(":")[0].strip() for line in path.read_text().splitlines()]
    assert keys.index("location") < keys.index("avatar") < keys.index("mojito_language_code")


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({"avatar": "Olivia, ofice"}, ["no avatar is called", "did you mean `Olivia, office`?", "support.yaml:"]),
        ({"avatar": "Zed"}, ["no avatar is called", "jmctl lookup avatars"]),
        ({"avatar": "Liam, legacy"}, ["offline_elai", "new interviews cannot use"]),
        ({"interview_template_id": "00000000-0000-4000-8000-000000000099"}, ["no avatar of this account has the id"]),
        (
            {"avatar": "Olivia, office", "interview_template_id": INTERACTIVE},
            ["name the same thing in two ways", "keep one of them"],
        ),
        (
            {"mojito_language_code": "cs", "required_pronunciation": True},
            ["Czech has no pronunciation assessment", "support.yaml:15:"],
        ),
    ],
)
def test_a_wrong_name_or_id_is_an_error_at_its_line(
    looked_up: Project, inside: Inside, spec: dict[str, object], said: list[str]
) -> None:
    write(looked_up, **spec)
    run = inside(looked_up, "validate")
    assert run.code == 1
    for words in said:
        assert words in run.err + run.out
    assert inside(looked_up, "apply", "--auto-approve").code == 1, "nothing is sent"
    assert not looked_up.snapshot.exists()


def test_a_name_without_a_catalogue_says_how_to_fetch_one(project: Project, inside: Inside) -> None:
    write(project, avatar="Olivia, office")
    run = inside(project, "plan")
    assert run.code == 1
    assert "jmctl lookup avatars" in run.err


def test_two_avatars_of_one_name_are_told_apart_by_id(looked_up: Project, inside: Inside) -> None:
    path = looked_up.folder / ".jmctl" / "catalogue.json"
    document = json.loads(path.read_text())
    document["avatars"].append({**document["avatars"][0], "id": "x", "name": "Olivia, office"})
    path.write_text(json.dumps(document))
    write(looked_up, avatar="Olivia, office")
    run = inside(looked_up, "validate")
    assert run.code == 1
    assert INTERACTIVE in run.err + run.out


def test_a_damaged_catalogue_is_an_error_with_the_way_out(looked_up: Project, inside: Inside) -> None:
    (looked_up.folder / ".jmctl" / "catalogue.json").write_text("{}")
    write(looked_up)
    run = inside(looked_up, "plan")
    assert run.code == 1
    assert "the catalogue cannot be read" in run.err


def test_show_knows_the_price_by_the_kind_of_the_avatar(looked_up: Project, inside: Inside) -> None:
    write(looked_up, avatar="Noah, voice only")
    shown = inside(looked_up, "show", "support").out
    assert shown == inside(looked_up, "show", "support", "--template-type", "interactive_elevenlabs").out
    assert shown != inside(looked_up, "show", "support", "--template-type", "interactive_heygen").out
