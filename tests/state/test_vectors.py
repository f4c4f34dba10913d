"""State vectors: every file that an earlier format wrote is read, upgraded, written, and plans empty."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from workshop import Project, Run

from reconciler.errors import Where
from reconciler.resources.recorded import check_recorded
from reconciler.state.format import dump_state, parse_state
from reconciler.state.local import LocalBackend
from reconciler.state.lock import current_holder

VECTORS = sorted(path for path in (Path(__file__).parent / "vectors").glob("v*/*") if path.is_dir())
UNSETTLED = {"in_doubt", "killed"}
KEYS = {"embedded", "replaced"}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda path: f"{path.parent.name}-{path.name}")
class TestVector:
    def test_is_read_whole(self, vector: Path) -> None:
        raw = json.loads((vector / "default.json").read_text())
        state = LocalBackend(vector, "default", check_recorded).read().state
        assert (state.lineage, state.serial) == (raw["lineage"], raw["serial"])
        assert [(entry.name, entry.id) for entry in state.entries.values()] == [
            (entry["name"], entry["id"]) for entry in raw["interviews"]
        ]
        for entry, before in zip(state.entries.values(), raw["interviews"], strict=True):
            assert entry.attributes == before["attributes"]
            assert entry.embed_signing_key == before["embed_signing_key"]
            assert [former.id for former in entry.history] == [former["id"] for former in before["history"]]
            assert [one.digest for one in entry.revisions] == [one["digest"] for one in before["revisions"]]
        assert bool(state.in_doubt) is (vector.name in UNSETTLED)

    def test_upgraded_document_reads_back_equal(self, vector: Path) -> None:
        here = Where("default.json")
        state = parse_state((vector / "default.json").read_bytes(), here, check_recorded)
        written = dump_state(state)
        assert json.loads(written)["version"] == 2
        assert parse_state(written, here, check_recorded) == state

    def test_commit_upgrades_the_file_and_keeps_the_journal(self, vector: Path, tmp_path: Path) -> None:
        shutil.copytree(vector, tmp_path / "state")
        backend = LocalBackend(tmp_path / "state", "default", check_recorded)
        before = backend.read().state
        with backend.open(current_holder("test")) as writer:
            writer.announce(())
            writer.finish()
        after = backend.read().state
        assert (after.entries, after.in_doubt) == (before.entries, before.in_doubt)
        assert json.loads(backend.snapshot.read_bytes())["version"] == 2
        assert not backend.journal.exists()

    def test_plans_empty(self, vector: Path, project: Project, inside: Callable[..., Run]) -> None:
        shutil.copytree(vector / "interviews", project.folder / "interviews")
        shutil.copytree(vector, project.snapshot.parent, ignore=shutil.ignore_patterns("interviews"))
        assert inside(project, "state", "verify").code == 0
        plan = inside(project, "plan", "--no-refresh", "--detailed-exitcode")
        assert plan.code == (2 if vector.name in UNSETTLED else 0), plan


def test_there_is_a_vector_of_each_kind() -> None:
    names = {path.name for path in VECTORS}
    assert names >= UNSETTLED | KEYS | {"plain", "moved", "revised", "imported", "removed"}
