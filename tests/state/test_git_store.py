"""The git store against real repositories: compare-and-swap, races, hooks, hidden refs, hostile surroundings."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import git_scene
import orjson
import pytest
from git_scene import REF, Scene, document, git
from hypothesis import given
from hypothesis import strategies as st

from reconciler.errors import Damaged, Misconfigured
from reconciler.state.stores.cas import Conflict, Unreachable
from reconciler.state.stores.git import GitStore
from reconciler.state.stores.git_layout import join, split
from reconciler.state.stores.git_remote import remote_of


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return git_scene.scene(tmp_path)


def test_document_comes_back_as_it_was_written(scene: Scene) -> None:
    assert scene.store().get() is None
    version = scene.store().put(document(1, a="1", b="2"), None, "first")
    found = scene.store().get()
    assert found is not None
    assert (found.data, found.version) == (document(1, a="1", b="2"), version)


def test_only_the_expected_version_is_replaced(scene: Scene) -> None:
    first, second = scene.store(), scene.store()
    version = first.put(document(1), None)
    with pytest.raises(Conflict):
        second.put(document(2), None)
    newer = second.put(document(2), version)
    with pytest.raises(Conflict):
        first.put(document(3), version)
    assert scene.refs() == {REF: newer}


def test_fresh_runners_continue_a_long_history_from_its_last_commit(scene: Scene) -> None:
    version = None
    for serial in range(6):
        version = scene.store().put(document(serial, a=str(serial)), version)
    assert git(scene.bare, "rev-list", "--count", REF) == "6"
    last = scene.store()
    last.get()
    assert git(last.folder, "rev-list", "--all", "--count", check=False) in ("", "0", "1")  # shallow: no history here
    git(scene.bare, "fsck", "--strict")


def test_each_interview_has_a_history_of_its_own(scene: Scene) -> None:
    version = scene.store().put(document(1, a="1", b="1"), None, "begin")
    version = scene.store().put(document(2, a="1", b="2"), version, "change b")
    scene.store().put(document(3, a="1"), version, "drop b")
    log = git(scene.bare, "log", "--format=%s", REF, "--", "Interview/b.json").splitlines()
    assert log == ["drop b", "change b", "begin"]
    assert git(scene.bare, "log", "--format=%s", REF, "--", "Interview/a.json").splitlines() == ["begin"]


def test_repository_that_protects_main_takes_the_state(scene: Scene) -> None:
    scene.hook("update", 'case "$1" in refs/heads/main) echo "main is protected" >&2; exit 1;; esac')
    scene.store().put(document(1), None)
    assert list(scene.refs()) == [REF]


def test_hidden_refs_lead_to_a_branch_and_the_store_says_so(scene: Scene) -> None:
    git(scene.bare, "config", "transfer.hideRefs", "refs/jmctl")
    store = scene.store()
    version = store.put(document(1), None)
    assert scene.refs() == {"refs/heads/jmctl-state/default": version}
    assert "branch refs/heads/jmctl-state/default" in store.notices[0]
    reader = scene.store()
    found = reader.get()
    assert found is not None
    assert found.version == version
    assert reader.notices
    reader.put(document(2), version)
    with pytest.raises(Conflict):
        scene.store().put(document(2), None)


def test_state_in_both_refs_is_an_error(scene: Scene) -> None:
    version = scene.store().put(document(1), None)
    git(scene.bare, "update-ref", "refs/heads/jmctl-state/default", version)
    with pytest.raises(Damaged, match="two refs"):
        scene.store().get()


def test_hook_that_refuses_the_ref_is_named(scene: Scene) -> None:
    scene.hook("pre-receive", 'echo "no refs of tools here" >&2; exit 1')
    with pytest.raises(Misconfigured) as raised:
        scene.store(ref="refs/heads/state/default").put(document(1), None)
    assert "no refs of tools here" in raised.value.problems[0].detail


def test_missing_repository_is_not_an_empty_state(scene: Scene) -> None:
    store = GitStore(str(scene.folder / "nowhere.git"), REF, scene.folder / "cache", os.environ)
    with pytest.raises(Unreachable):
        store.get()
    with pytest.raises(Unreachable):
        store.put(document(1), None)


RACER = """
import os, sys
from pathlib import Path
sys.path.insert(0, sys.argv[4])
from git_scene import document
from reconciler.state.stores.cas import Conflict, Unreachable
from reconciler.state.stores.git import GitStore
import orjson
store = GitStore(sys.argv[1], "refs/jmctl/state/default", Path(sys.argv[2]), os.environ)
tries = 0
while True:
    tries += 1
    found = store.get()
    known = {e["name"]: e["id"] for e in orjson.loads(found.data)["interviews"]} if found else {}
    known[sys.argv[3]] = "x"
    try:
        store.put(document(len(known), **known), found.version if found else None, sys.argv[3])
        break
    except Conflict:
        continue
    except Unreachable as error:
        sys.exit(repr(error.problems))
print(tries)
"""


def test_twenty_racing_writers_lose_nothing(scene: Scene) -> None:
    """Each adds its own entry from a cache of its own; every commit keeps all entries of its parent."""

    def race(number: int) -> int:
        words = [str(scene.bare), str(scene.folder / f"racer-{number}"), f"entry-{number}", str(Path(__file__).parent)]
        done = subprocess.run(
            [sys.executable, "-c", RACER, *words], capture_output=True, text=True, check=False, timeout=300
        )
        assert done.returncode == 0, done.stderr
        return int(done.stdout)

    with ThreadPoolExecutor(20) as pool:
        tries = list(pool.map(race, range(20)))
    found = scene.store().get()
    assert found is not None
    assert sorted(entry["name"] for entry in orjson.loads(found.data)["interviews"]) == sorted(
        f"entry-{number}" for number in range(20)
    )
    assert git(scene.bare, "rev-list", "--count", REF) == "20"
    assert sum(tries) > 20, "some lost a race and read again"


def test_twenty_writers_share_one_cache(scene: Scene) -> None:
    cache = scene.folder / "shared"

    def race(number: int) -> None:
        store = GitStore(str(scene.bare), f"{REF}-{number}", cache, os.environ)
        store.put(document(number), None)
        found = GitStore(str(scene.bare), f"{REF}-{number}", cache, os.environ).get()
        assert found is not None
        assert found.data == document(number)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(race, range(20)))
    assert len(scene.refs()) == 20


def test_left_over_lock_files_of_a_dead_git_do_not_stay(scene: Scene) -> None:
    store = scene.store()
    version = store.put(document(1), None)
    (store.folder / "shallow.lock").touch()
    scene.store().put(document(2), version)
    found = store.get()
    assert found is not None
    assert found.data == document(2)


def test_broken_cache_is_made_anew(scene: Scene) -> None:
    store = scene.store()
    version = store.put(document(1), None)
    for path in store.folder.rglob("*"):
        if path.is_file() and "objects" in path.parts:
            path.chmod(0o644)
            path.write_bytes(b"broken")
    try:
        found = store.get()
    except Unreachable:
        found = store.get()
    assert found is not None
    assert found.version == version


# -- the user's clone, and what surrounds git


@pytest.fixture
def clone(scene: Scene) -> Path:
    git(scene.folder, "clone", "-q", str(scene.bare), "clone")
    folder = scene.folder / "clone"
    (folder / "README").write_text("x")
    git(folder, "add", "README")
    git(folder, "commit", "-q", "-m", "begin")
    git(folder, "push", "-q", "origin", "HEAD:main")
    (folder / "README").write_text("changed")
    git(folder, "add", "README")
    (folder / "untracked").write_text("y")
    return folder


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def remote_store(folder: Path, cache: Path, environ: dict[str, str] | None = None) -> GitStore:
    remote = remote_of(folder, environ or dict(os.environ))
    return GitStore(remote.url, REF, cache, environ or os.environ, shown=remote.shown, settings=remote.settings)


def test_clone_index_and_head_stay_untouched(scene: Scene, clone: Path) -> None:
    before = snapshot(clone)
    store = remote_store(clone, scene.folder / "cache")
    version = store.put(document(1), None)
    store.get()
    store.put(document(2), version)
    assert snapshot(clone) == before


@pytest.mark.usefixtures("clone")
def test_shallow_clone_with_detached_head_finds_the_remote(scene: Scene) -> None:
    git(scene.folder, "clone", "-q", "--depth=1", f"file://{scene.bare}", "shallow")
    shallow = scene.folder / "shallow"
    git(shallow, "checkout", "-q", "--detach")
    before = snapshot(shallow)
    remote_store(shallow, scene.folder / "cache").put(document(1), None)
    assert snapshot(shallow) == before
    assert REF in scene.refs()


def test_relative_remote_is_resolved(scene: Scene, clone: Path) -> None:
    git(clone, "remote", "set-url", "origin", "../host.git")
    assert remote_of(clone / ".", os.environ).url == str(scene.bare)


def test_credentials_of_a_remote_are_not_shown(clone: Path) -> None:
    git(clone, "remote", "set-url", "origin", "https://ci:canary@127.0.0.1:9/x.git")
    store = remote_store(clone, clone.parent / "cache")
    with pytest.raises(Unreachable) as raised:
        store.get()
    assert "canary" not in store.label + repr(raised.value.problems)


@pytest.mark.parametrize(
    ("name", "prepare"),
    [
        ("remote is a command", lambda c, t: git(c, "remote", "set-url", "origin", f"ext::sh -c 'touch {t}'")),
        ("hooks of the clone", lambda c, t: git(c, "config", "core.hooksPath", hooks(c, t))),
        ("credential helper", lambda c, t: git(c, "config", "credential.helper", f"!touch {t}")),
        ("ssh command", lambda c, t: git(c, "config", "core.sshCommand", f"touch {t};")),
        ("fsmonitor", lambda c, t: git(c, "config", "core.fsmonitor", f"touch {t};")),
        ("rewritten address", lambda c, t: git(c, "config", f"url.ext::sh -c 'touch {t}' .insteadOf", str(c.parent))),
        ("upload pack", lambda c, t: git(c, "config", "remote.origin.uploadpack", f"touch {t};")),
        ("receive pack", lambda c, t: git(c, "config", "remote.origin.receivepack", f"touch {t};")),
    ],
)
def test_hostile_settings_of_the_clone_run_nothing(
    name: str, prepare: Callable[[Path, Path], str], scene: Scene, clone: Path
) -> None:
    trap = scene.folder / "trap"
    prepare(clone, trap)
    with suppress(Misconfigured):
        remote_store(clone, scene.folder / "cache").put(document(1), None)
    assert not trap.exists(), name


def hooks(folder: Path, trap: Path) -> str:
    place = folder / "hooks"
    place.mkdir()
    for hook in ("pre-push", "reference-transaction", "post-checkout", "pre-auto-gc", "post-index-change"):
        (place / hook).write_text(f"#!/bin/sh\npwd >> {trap}\n")
        (place / hook).chmod(0o755)
    return str(place)


def test_hooks_and_settings_of_the_user_run_nothing(scene: Scene) -> None:
    trap = scene.folder / "trap"
    place = hooks(scene.folder, trap)
    config = scene.folder / "gitconfig"
    config.write_text(
        f"[core]\n hooksPath = {place}\n fsmonitor = touch {trap}\n[push]\n gpgSign = true\n followTags = true\n"
    )
    template = scene.folder / "template"
    (template / "hooks").mkdir(parents=True)
    config.write_text(config.read_text() + f"[init]\n templateDir = {template}\n")
    store = scene.store(GIT_CONFIG_GLOBAL=str(config))
    version = store.put(document(1), None)
    store.put(document(2), version)
    # the host is on this machine and reads the same file: its own side may run hooks
    assert set(trap.read_text().split()) <= {str(scene.bare)}


def test_git_variables_of_the_caller_lead_nowhere_else(scene: Scene, clone: Path) -> None:
    """As in a hook: git sets GIT_DIR and GIT_INDEX_FILE for what it calls."""
    before = snapshot(clone)
    store = scene.store(
        GIT_DIR=str(clone / ".git"),
        GIT_INDEX_FILE=str(clone / ".git/index"),
        GIT_WORK_TREE=str(clone),
        GIT_OBJECT_DIRECTORY=str(clone / ".git/objects"),
        GIT_TRACE=str(scene.folder / "trace"),
        GIT_NAMESPACE="x",
    )
    store.put(document(1), None)
    assert snapshot(clone) == before
    assert not (scene.folder / "trace").exists()
    assert set(scene.refs()) == {REF, "refs/heads/main"}


def test_settings_of_the_environment_reach_git_and_do_not_disarm(scene: Scene) -> None:
    trap = scene.folder / "trap"
    store = scene.store(
        GIT_CONFIG_COUNT="1", GIT_CONFIG_KEY_0="core.hooksPath", GIT_CONFIG_VALUE_0=hooks(scene.folder, trap)
    )
    store.put(document(1), None)
    assert not trap.exists() or set(trap.read_text().split()) <= {str(scene.bare)}


def test_header_of_the_clone_is_taken_over(clone: Path) -> None:
    """actions/checkout keeps its token in the clone's own configuration."""
    git(clone, "config", "http.https://github.com/.extraheader", "AUTHORIZATION: basic canary")
    assert remote_of(clone, os.environ).settings == (
        ("http.https://github.com/.extraheader", "AUTHORIZATION: basic canary"),
    )


def test_no_clone_is_explained(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="no repository for the state"):
        remote_of(tmp_path, {**os.environ, "GIT_CEILING_DIRECTORIES": str(tmp_path.parent)})


# -- the files of a document


NAMES = st.text("abc-AB/.", min_size=0, max_size=6)
ENTRY = st.fixed_dictionaries({"name": NAMES | st.integers(), "id": st.text()}, optional={"kind": NAMES})


@given(st.lists(ENTRY, max_size=6), st.dictionaries(st.text(), st.integers() | st.none(), max_size=3))
def test_split_and_join_lose_nothing(entries: list[dict[str, object]], rest: dict[str, object]) -> None:
    try:
        data = orjson.dumps({**rest, "interviews": entries}, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    except orjson.JSONEncodeError:  # integers beyond 64 bits and lone surrogates are no state
        return
    files = split(data)
    assert join(files, "x") == data
    assert all(".." not in path and not path.startswith("/") for path in files)


def test_missing_and_unnamed_files_are_damage() -> None:
    files = split(document(1, a="1"))
    with pytest.raises(Damaged, match="cannot be read"):
        join({path: data for path, data in files.items() if path != "Interview/a.json"}, "x")
    with pytest.raises(Damaged, match="cannot be read"):
        join({**files, "Interview/b.json": b"{}"}, "x")
    with pytest.raises(Damaged, match="cannot be read"):
        join({}, "x")
