"""A create whose answer was lost: looked up, never guessed, never made a second time."""

from __future__ import annotations

from typing import Any

import pytest
from scene import Scene, remembered
from workshop import Run, interview, names_of

DONE = ["drop_after", "error_after", "truncated", "invalid_json", "wrong_shape"]
NOT_DONE = ["drop_before", "error_before", "redirect"]
NOWHERE = "00000000-0000-4000-8000-000000000000"


def digest_of(plan: Run) -> str:
    return str(plan.document["digest"])


def applied_digest(run: Run) -> str:
    return str(run.lines[-1]["digest"])


@pytest.mark.parametrize("fault", DONE)
def test_one_that_was_made_is_found_and_its_key_read(scene: Scene, fault: str) -> None:
    scene.project.write("one", is_embedded=True, max_duration=900)
    lost = scene.lose(fault)
    assert "unknown" in lost.out
    (found,) = scene.live()["one"]
    told = scene.jmctl("plan").out
    assert f"it was found on the service as {found['id']}" in told
    planned = scene.jmctl("plan", "--format", "json")
    run = scene.apply("--format", "json", "--expect", digest_of(planned))
    assert applied_digest(run) == digest_of(planned), "what was shown is what was done"
    scene.check("one")
    assert scene.creates() == 1


@pytest.mark.parametrize("fault", NOT_DONE)
def test_one_that_was_not_made_is_made(scene: Scene, fault: str) -> None:
    scene.project.write("one", is_embedded=True, max_duration=900)
    scene.lose(fault)
    assert scene.creates() == 0
    scene.age()
    assert "nothing of it is on the service" in scene.jmctl("plan").out
    planned = scene.jmctl("plan", "--format", "json")
    run = scene.apply("--format", "json")
    assert applied_digest(run) == digest_of(planned)
    scene.check("one")
    assert scene.creates() == 1


def test_several_stop_that_one_and_only_that_one(scene: Scene) -> None:
    scene.project.write("one", is_embedded=True)
    scene.lose("drop_after")
    first = scene.id_of("one")
    second = scene.made_elsewhere(code=scene.live()["one"][0]["code"])
    scene.project.write("two")
    run = scene.apply(code=4)
    for found in (first, second):
        assert f"jmctl resolve one --adopt {found}" in run.out + run.err
    assert names_of(remembered(scene.project).entries) == ["two"], "everything else goes on"
    assert scene.apply(code=4).code == 4
    assert scene.creates() == 3, "nothing is sent for it"
    assert scene.jmctl("resolve", "one", "--adopt", first).code == 0
    scene.apply()
    orphans = scene.jmctl("orphans", "--format", "json")
    assert (orphans.code, [row["id"] for row in orphans.document]) == (2, [second])
    scene.service.admin_edit(second, {"status": "archived"})
    assert scene.jmctl("orphans").code == 0
    scene.check("one", "two")


def test_a_list_that_lags_is_waited_for(scene: Scene) -> None:
    scene.project.configure(timeouts={"total": 1}, recovery={"grace": 1.5, "skew": 5})
    scene.project.write("one", is_embedded=True)
    scene.service.set_faults(["drop_after:create:count=1", "list_lag:*:seconds=1.5"])
    scene.apply(code=4)
    assert "nothing of it is on the service" in scene.jmctl("plan").out
    run = scene.apply()
    assert "waiting" in run.err
    scene.service.set_faults([])
    scene.check("one")
    assert scene.creates() == 1


def test_work_that_is_done_after_the_connection_broke_is_waited_for(scene: Scene) -> None:
    scene.project.configure(timeouts={"total": 1}, recovery={"grace": 1, "skew": 5})
    scene.project.write("one", is_embedded=True)
    scene.lose("late", seconds=1.5)
    assert scene.creates() == 0
    scene.apply()
    scene.check("one")
    assert scene.creates() == 1


@pytest.mark.parametrize(("fault", "made"), [("drop_after", 1), ("drop_before", 0)])
class TestMeanwhile:
    """Between the crash and the next run somebody works on the manifests."""

    def test_the_manifest_changed(self, scene: Scene, fault: str, made: int) -> None:
        scene.project.write("one", is_embedded=True, max_duration=900)
        scene.lose(fault)
        scene.project.write("one", is_embedded=True, max_duration=1200, name="Another", description="Other")
        assert scene.creates() == made
        scene.age()
        scene.apply()
        scene.check("one")
        (row,) = scene.live()["one"]
        assert (row["name"], row["description"], scene.creates()) == ("Another", "Other", 1)

    def test_it_changed_in_what_cannot_be_changed(self, scene: Scene, fault: str, made: int) -> None:
        scene.project.write("one", is_embedded=True)
        scene.lose(fault)
        scene.project.write("one", is_embedded=True, mojito_language_code="cs")
        scene.age()
        scene.apply()
        scene.check("one")
        assert scene.creates() == 1 + made

    def test_it_was_renamed(self, scene: Scene, fault: str, made: int) -> None:
        path = scene.project.write("old", is_embedded=True)
        scene.lose(fault)
        text = path.read_text().replace("name: old", "name: new\n  renamed_from: [old]")
        path.unlink()
        path.with_name("new.yaml").write_text(text)
        scene.age()
        planned = scene.jmctl("plan", "--format", "json")
        run = scene.apply("--format", "json")
        assert applied_digest(run) == digest_of(planned)
        state = remembered(scene.project)
        assert (names_of(state.entries), state.in_doubt, scene.creates()) == (["new"], {}, 1)
        assert scene.jmctl("plan", "--detailed-exitcode").code == 0
        assert len(scene.live()["old" if made else "new"]) == 1, "the mark keeps the name of its creation"

    def test_it_was_removed(self, scene: Scene, fault: str, made: int) -> None:
        scene.project.write("stays")
        scene.apply()
        path = scene.project.write("one", is_embedded=True)
        scene.lose(fault)
        path.unlink()
        scene.age()
        planned = scene.jmctl("plan", "--format", "json")
        run = scene.apply("--format", "json")
        assert applied_digest(run) == digest_of(planned)
        scene.check("stays")
        assert scene.creates() == 1 + made

    def test_it_was_to_replace_another(self, scene: Scene, fault: str, made: int) -> None:
        scene.project.write("one", is_embedded=True)
        scene.apply()
        old = scene.id_of("one")
        scene.project.write("one", is_embedded=True, welcome_message="Hello")
        scene.lose(fault)
        assert scene.creates() == 1 + made
        assert old in [row["id"] for row in scene.live()["one"]], "the old one stays until the new one is certain"
        scene.age()
        scene.apply()
        scene.check("one")
        state = remembered(scene.project)
        (former,) = state.entries[interview("one")].history
        assert (former.id, former.retired_at is None, scene.creates()) == (old, False, 2)

    def test_it_was_to_replace_another_and_was_removed(self, scene: Scene, fault: str, made: int) -> None:
        scene.project.write("stays")
        path = scene.project.write("one", is_embedded=True)
        scene.apply()
        scene.project.write("one", is_embedded=True, welcome_message="Hello")
        scene.lose(fault)
        path.unlink()
        scene.age()
        scene.apply()
        scene.check("stays")
        assert scene.creates() == 2 + made

    def test_it_was_to_replace_another_and_was_renamed(self, scene: Scene, fault: str, made: int) -> None:
        path = scene.project.write("one", is_embedded=True)
        scene.apply()
        old = scene.id_of("one")
        scene.project.write("one", is_embedded=True, welcome_message="Hello")
        scene.lose(fault)
        path.write_text(path.read_text().replace("name: one", "name: new\n  renamed_from: [one]"))
        scene.age()
        scene.apply()
        state = remembered(scene.project)
        assert names_of(state.entries) == ["new"]
        assert [row["status"] for row in scene.rows() if row["id"] == old] == ["archived"]
        assert scene.creates() == 2, made
        assert scene.jmctl("plan", "--detailed-exitcode").code == 0

    def test_it_was_to_replace_another_that_somebody_removed(self, scene: Scene, fault: str, made: int) -> None:
        scene.project.write("one", is_embedded=True)
        scene.apply()
        old = scene.id_of("one")
        scene.project.write("one", is_embedded=True, welcome_message="Hello")
        scene.lose(fault)
        scene.service.admin_delete(old)
        scene.age()
        for _ in range(2):
            scene.apply()
        scene.check("one")
        assert scene.creates() == 1, made

    def test_it_carries_a_code_of_its_own(self, scene: Scene, fault: str, made: int) -> None:
        scene.project.write("one", code="OURS-1", is_embedded=True)
        scene.made_elsewhere(code="OURS-2", questions=[{"question": "Own?", "external_id": "another"}])
        scene.made_elsewhere(code="OURS-1", questions=[{"question": "Own?", "external_id": "another"}])
        scene.lose(fault)
        scene.age()
        scene.apply()
        assert scene.creates() == 3, made
        assert names_of(remembered(scene.project).entries) == ["one"]
        assert scene.jmctl("plan", "--detailed-exitcode").code == 0


def test_two_attempts_that_could_claim_one_claim_none(scene: Scene) -> None:
    for name in ("one", "two"):
        scene.project.write(name, code="OURS", is_embedded=True)
    scene.service.set_faults(["drop_after:create:count=1", "drop_before:create:count=1"])
    scene.apply("--concurrency", "1", code=4)
    assert scene.creates() == 1
    (row,) = scene.rows()
    scene.age()
    run = scene.apply(code=4)
    assert f"jmctl resolve one --adopt {row['id']}" in run.out + run.err
    assert f"jmctl resolve two --adopt {row['id']}" in run.out + run.err
    assert scene.creates() == 1
    assert scene.jmctl("resolve", "one", "--adopt", row["id"]).code == 0
    scene.apply()
    assert scene.creates() == 2
    assert scene.jmctl("plan", "--detailed-exitcode").code == 0


class TestAColleague:
    """Somebody finds the lost interview in the admin before jmctl does."""

    @pytest.mark.parametrize(
        "edit", [{"name": "Mine"}, {"description": "Mine"}, {"status": "active"}, {"status": "archived"}]
    )
    def test_edits_it(self, scene: Scene, edit: dict[str, Any]) -> None:
        scene.project.write("one", is_embedded=True)
        scene.lose("drop_after")
        scene.service.admin_edit(scene.id_of("one"), edit)
        scene.age()
        scene.apply()
        scene.check("one")
        assert scene.creates() == 1

    @pytest.mark.parametrize("softly", [True, False])
    def test_deletes_it(self, scene: Scene, *, softly: bool) -> None:
        scene.project.write("one", is_embedded=True)
        scene.lose("drop_after")
        found = scene.id_of("one")
        if softly:
            scene.service.admin_edit(found, {"status": "deleted"})
        else:
            scene.service.admin_delete(found)
        scene.age()
        scene.apply()
        scene.check("one")
        assert scene.creates() == 1 + softly

    def test_takes_its_mark_away(self, scene: Scene) -> None:
        scene.project.write("one", is_embedded=True)
        scene.lose("drop_after")
        found = scene.id_of("one")
        scene.service.admin_edit(found, {"code": None})
        scene.age()
        run = scene.apply(code=4)
        assert f"jmctl resolve one --adopt {found}" in run.out + run.err
        assert "--not-created" in run.out + run.err
        assert scene.creates() == 1
        assert scene.jmctl("resolve", "one", "--adopt", found).code == 0
        scene.apply()
        assert scene.jmctl("plan", "--detailed-exitcode").code == 0
        assert scene.creates() == 1


@pytest.mark.parametrize("fault", ["drop_after", "drop_before"])
@pytest.mark.parametrize("was_embedded", [True, False])
def test_an_embedding_of_unknown_outcome_that_is_taken_back(scene: Scene, fault: str, *, was_embedded: bool) -> None:
    """Nothing shows whether an interview is embedded: what was begun must not be forgotten with the manifest."""
    scene.project.write("one", is_embedded=was_embedded)
    scene.apply()
    scene.project.write("one", is_embedded=not was_embedded)
    scene.service.set_faults([f"{fault}:set-state:count=1"])
    scene.apply(code=4)
    scene.project.write("one", is_embedded=was_embedded)
    scene.apply()
    scene.check("one")
    (row,) = scene.rows()
    assert (row["embed_signing_key"] is not None) == was_embedded


def test_on_unknown_stop_leaves_it_alone(scene: Scene) -> None:
    scene.project.write("one")
    scene.lose("drop_after")
    scene.project.write("two")
    run = scene.apply("--on-unknown", "stop", code=4)
    assert "jmctl resolve one --adopt ID | --not-created" in run.out
    state = remembered(scene.project)
    assert (names_of(state.entries), names_of(state.in_doubt)) == (["two"], ["one"])
    scene.apply()
    scene.check("one", "two")


class TestResolve:
    def test_not_created(self, scene: Scene) -> None:
        scene.project.write("one")
        scene.lose("drop_before")
        assert scene.jmctl("resolve", "one", "--not-created").code == 0
        scene.apply()
        scene.check("one")

    def test_what_makes_no_sense_changes_nothing(self, scene: Scene) -> None:
        scene.project.write("one")
        scene.project.write("two")
        scene.service.set_faults(["drop_before:create:count=1"])
        scene.apply("--concurrency", "1", code=4)
        before = scene.project.snapshot.read_bytes()
        for arguments, code in (
            (["one"], 64),
            (["one", "--adopt", "x", "--not-created"], 64),
            (["one", "--adopt", NOWHERE], 1),
            (["one", "--adopt", scene.id_of("two")], 64),
            (["two", "--not-created"], 1),
            (["three", "--not-created"], 1),
        ):
            assert scene.jmctl("resolve", *arguments).code == code, arguments
        assert scene.project.snapshot.read_bytes() == before

    def test_adopting_what_it_once_replaced_is_refused(self, scene: Scene) -> None:
        scene.project.write("one")
        scene.apply()
        old = scene.id_of("one")
        scene.project.write("one", welcome_message="Hello")
        scene.lose("drop_before")
        assert scene.jmctl("resolve", "one", "--adopt", old).code == 64


def test_an_interview_of_another_environment_is_not_taken_for_the_lost_one(scene: Scene) -> None:
    scene.project.configure(environments={"other": {"state": "state"}})
    scene.project.write("one")
    run = scene.jmctl("--env", "other", "apply", "--auto-approve")
    assert run.code == 0, run
    theirs = scene.id_of("one")
    scene.lose("drop_before")
    scene.age(4)
    scene.apply()
    assert remembered(scene.project).entries[interview("one")].id != theirs
    assert scene.creates() == 2


def test_key_that_the_manifest_does_not_want_goes_when_its_interview_comes_back(scene: Scene) -> None:
    """Whether an interview is embedded cannot be read, so that nothing but asking for it is certain."""
    scene.project.write("a", is_embedded=True)
    scene.project.write("b")
    scene.apply()
    (scene.project.folder / "interviews" / "a.yaml").unlink()
    scene.apply()
    (old,) = (row for row in scene.rows() if row["embed_id"])
    scene.project.write("a", is_embedded=False)
    scene.apply()
    (row,) = (row for row in scene.rows() if row["id"] == old["id"])
    assert (row["status"], row["embed_id"], row["embed_signing_key"]) == ("draft", None, None)
    scene.check("a", "b")
