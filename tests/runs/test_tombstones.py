"""Nothing is forgotten: what was removed is remembered with its commit, and its results are found by its name."""

from __future__ import annotations

from collections.abc import Callable

from workshop import Project, Run, Sandbox

Inside = Callable[..., Run]


def removed(served: Project, inside: Inside) -> None:
    """`a` was applied, and removed again; `b` is there."""
    for name in ("a", "b"):
        served.write(name)
    assert inside(served, "apply", "--auto-approve").code == 0
    (served.folder / "interviews" / "a.yaml").unlink()


def test_a_removed_interview_leaves_a_tombstone(served: Project, inside: Inside, commit: Callable[[str], str]) -> None:
    removed(served, inside)
    entry = next(entry for entry in served.state["interviews"] if entry["name"] == "a")
    head = commit("without a")
    assert inside(served, "apply", "--auto-approve").code == 0
    (stone,) = served.state["tombstones"]
    kept = ("kind", "name", "id", "attributes", "code", "embed_id", "created_at", "history", "revisions")
    assert {key: stone[key] for key in kept} == {key: entry[key] for key in kept}
    assert (stone["reason"], stone["commit"]) == ("archive", head)
    assert stone["merchant"] == served.state["account"]["merchant"]
    assert "embed_signing_key" not in stone


def test_results_of_a_removed_interview_are_found_by_its_name(
    served: Project, sandbox: Sandbox, inside: Inside
) -> None:
    removed(served, inside)
    sandbox.control("POST", "/results", [{"item": {"definition_id": served.ids()["a"]}}])
    assert inside(served, "apply", "--auto-approve").code == 0
    listed = inside(served, "results", "list", "a", "--format", "json")
    assert listed.code == 0, listed
    assert [row["manifest"] for row in listed.document["results"]] == ["a"]


def test_orphans_are_those_that_were_forgotten_or_archived_elsewhere(
    served: Project, sandbox: Sandbox, inside: Inside
) -> None:
    removed(served, inside)
    served.write("c")
    assert inside(served, "apply", "--auto-approve").code == 0
    ids = {"b": served.ids()["b"], "c": served.ids()["c"]}
    assert inside(served, "orphans").code == 0, "a was archived, and that is known"
    for name in "bc":
        assert inside(served, "state", "rm", name).code == 0
    sandbox.edit(str(ids["c"]), status="archived")
    found = inside(served, "orphans", "--format", "json").document
    assert [row["id"] for row in found] == [ids["b"]], "c is archived, and its tombstone knows it"
    served.snapshot.unlink()
    found = inside(served, "orphans", "--format", "json").document
    assert {row["status"] for row in found} == {"archived", "draft"}
    assert len(found) == 3


def test_a_rebuilt_state_knows_what_was_removed(served: Project, inside: Inside) -> None:
    served.write("a", name="A")
    served.write("b", name="B", description="Gone")
    assert inside(served, "apply", "--auto-approve").code == 0
    (served.folder / "interviews" / "b.yaml").unlink()
    assert inside(served, "apply", "--auto-approve").code == 0
    before = served.state
    served.snapshot.unlink()
    rebuilt = inside(served, "state", "rebuild")
    assert rebuilt.code == 0, rebuilt
    (stone,), (old,) = served.state["tombstones"], before["tombstones"]
    assert [stone[key] for key in ("name", "id", "code", "created_at", "merchant")] == [
        old[key] for key in ("name", "id", "code", "created_at", "merchant")
    ]
    assert stone["attributes"]["description"] == "Gone"
    assert served.state["account"] == before["account"]
    assert inside(served, "plan", "--detailed-exitcode").code == 0
    assert inside(served, "orphans").code == 0
