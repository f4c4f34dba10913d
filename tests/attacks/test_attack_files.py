"""Attacks by files: configurations of others, paths and links out of the repository, wide patterns, forged caches."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from zlib import crc32

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from workshop import Project, Run, manifest

from reconciler.project import cache as cache_module
from reconciler.project.boundary import is_foreign
from reconciler.project.cache import Cache, content_key, open_cache
from reconciler.project.files import manifest_files
from reconciler.project.patterns import Budget, TooMany, matches

Inside = Callable[..., Run]
SECRET = "AGE-SECRET-KEY-1CANARYCANARYCANARY"  # noqa: S105 - synthetic


# -- whose configuration


def test_a_configuration_above_the_repository_is_not_found(project: Project, inside: Inside, tmp_path: Path) -> None:
    (tmp_path / "jmctl.yaml").write_text("project: planted\n")
    (project.folder / "jmctl.yaml").unlink()
    (project.folder / ".git").mkdir()
    run = inside(project, "validate")
    assert run.code == 1
    assert "no configuration found" in run.err


@pytest.mark.parametrize(("owner", "user", "foreign"), [(7, 7, False), (0, 7, False), (8, 7, True), (8, 0, True)])
def test_files_of_other_users_are_foreign_and_those_of_root_are_not(owner: int, user: int, *, foreign: bool) -> None:
    assert is_foreign(owner, user) is foreign


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another user")
def test_a_configuration_of_another_user_is_refused(project: Project, inside: Inside) -> None:
    project.write("alpha")
    os.chown(project.folder / "jmctl.yaml", 12345, 12345)
    run = inside(project, "validate")
    assert (run.code, "belongs to another user" in run.err) == (1, True)
    project.variables["JMCTL_SAFE_DIRECTORY"] = str(project.folder)
    assert inside(project, "validate").code == 0


# -- paths and links


@pytest.mark.parametrize(
    "pattern", ["../*.yaml", "/etc/*.yaml", "interviews/../../*.yaml", "interviews/*/../../../*.yaml", "**/../x.yaml"]
)
def test_a_pattern_out_of_the_repository_is_refused(project: Project, inside: Inside, pattern: str) -> None:
    (project.folder.parent / "outside.yaml").write_text(manifest("outside"))
    project.configure(manifests=[pattern])
    run = inside(project, "validate")
    assert (run.code, "pattern leaves the repository" in run.err) == (1, True), run


def test_a_pattern_may_climb_within_the_repository(project: Project, inside: Inside) -> None:
    (project.folder.parent / ".git").mkdir()
    (project.folder.parent / "shared").mkdir()
    (project.folder.parent / "shared" / "one.yaml").write_text(manifest("one"))
    project.configure(manifests=["../shared/*.yaml"])
    assert inside(project, "validate").code == 0


@pytest.mark.parametrize(
    "setting", [{"state": "../state"}, {"state": "/elsewhere"}, {"endpoint": "sandbox:../elsewhere"}]
)
def test_a_folder_out_of_the_repository_is_refused(project: Project, inside: Inside, setting: dict[str, str]) -> None:
    project.write("alpha")
    project.configure(**setting)
    run = inside(project, "apply", "--auto-approve")
    assert (run.code, "folder outside of the repository" in run.err) == (1, True), run
    assert not (project.folder.parent / "state").exists()
    assert not (project.folder.parent / "elsewhere").exists()


def test_a_linked_state_folder_is_refused(project: Project, inside: Inside, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (project.folder / "state").symlink_to(tmp_path / "elsewhere")
    project.write("alpha")
    assert inside(project, "apply", "--auto-approve").code == 1
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize("target", ["identity", ".env", ".git/config", "outside.yaml"])
def test_a_link_to_a_secret_is_not_read(project: Project, inside: Inside, tmp_path: Path, target: str) -> None:
    (project.folder / ".git").mkdir()
    secret = {
        "identity": project.identity,
        ".env": project.folder / ".env",
        ".git/config": project.folder / ".git" / "config",
        "outside.yaml": tmp_path / "outside.yaml",
    }[target]
    secret.write_text(f"{SECRET}\n")
    project.write("alpha")
    (project.folder / "interviews" / "x.yaml").symlink_to(secret)
    run = inside(project, "validate")
    assert run.code == 1
    assert "link is not followed" in run.err
    assert "CANARY" not in run.out + run.err


def test_a_linked_folder_out_of_the_repository_is_not_read(project: Project, inside: Inside, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "x.yaml").write_text(SECRET)
    (project.folder / "interviews").symlink_to(tmp_path / "other")
    run = inside(project, "validate")
    assert (run.code, "CANARY" in run.err) == (1, False)


def test_a_link_to_a_manifest_of_the_repository_is_read(project: Project, inside: Inside) -> None:
    project.write("alpha")
    (project.folder / "more").mkdir()
    (project.folder / "more" / "beta.yaml").write_text(manifest("beta"))
    (project.folder / "interviews" / "beta.yaml").symlink_to("../more/beta.yaml")
    run = inside(project, "validate")
    assert (run.code, "2 interviews" in run.out) == (0, True), run


# -- patterns


def test_a_pattern_of_many_stars_is_no_more_work(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*"abcdefghijklmnopqrst")
    deep.mkdir(parents=True)
    (deep / "one.yaml").write_text("")
    began = time.monotonic()
    files, problems = manifest_files(tmp_path, ["**/" * 20 + "*.yaml"])
    assert time.monotonic() - began < 2
    assert ([Path(path) for path, _ in files], problems) == ([deep / "one.yaml"], [])


def test_what_a_pattern_looks_at_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(30):
        (tmp_path / f"{number}.yaml").write_text("")
    with pytest.raises(TooMany):
        matches(str(tmp_path), "**/*.yaml", Budget(29))
    monkeypatch.setattr("reconciler.project.files.Budget", lambda: Budget(29))
    files, [problem] = manifest_files(tmp_path, ["*.yaml"])
    assert (files, problem.summary) == ([], "pattern too wide")


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "one.yaml").write_text("")
    (tmp_path / "a" / "back").symlink_to("..")
    (tmp_path / "a" / "self").symlink_to("self")
    found = {match.path for match in matches(str(tmp_path), "**/*.yaml", Budget())}
    assert "a/one.yaml" in found


SEGMENT = st.sampled_from(["**", "*", "a", "b", "*.yaml", "?", "[ab]", ".h", ".*", "a*"])


@given(st.lists(SEGMENT, max_size=3), SEGMENT.filter(lambda segment: segment != "**"))
def test_patterns_match_what_globs_match(
    tmp_path_factory: pytest.TempPathFactory, segments: list[str], last: str
) -> None:
    from glob import glob

    root = tmp_path_factory.getbasetemp() / "globbed"
    if not root.exists():
        for name in ("a/b/x.yaml", "a/a.yaml", "b/.h/c.yaml", ".h/a/d.yaml", "e.yaml", "a/b/b/b/y.yaml", "b/a/z.txt"):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text("")
    pattern = "/".join([*segments, last])
    globbed = glob(pattern, root_dir=root, recursive=True)  # noqa: PTH207 - the reference
    expected = {os.path.normpath(path) for path in globbed if path}
    assert {match.path for match in matches(str(root), pattern, Budget())} | {"."} == expected | {"."}


# -- the cache


def test_a_forged_pack_is_no_pack(project: Project, inside: Inside) -> None:
    """With the stamp right and a checksum over it, as anyone can compute them; only the key of the user is missing."""
    project.variables["JMCTL_CACHE_DIR"] = str(project.home / "shared")
    project.write("alpha")
    assert inside(project, "validate").code == 0
    for path in (project.home / "shared").iterdir():
        header, _, body = path.read_bytes().partition(b"\n")
        forged = (
            body.replace(b"Support agent", b"Forged agent!").replace(b"tests", b"other").replace(b".yaml", b".yam1")
        )
        assert forged != body
        path.write_bytes(header + b"\n" + forged)
        old = f"{header.decode().rsplit(' ', 1)[0]} {crc32(forged):08x}".encode()
        assert "Forged" not in inside(project, "plan").out
        path.write_bytes(old + b"\n" + forged)
        assert "Forged" not in inside(project, "plan").out


def test_a_pack_of_another_project_is_no_pack(tmp_path: Path) -> None:
    cache = Cache(tmp_path, bytes(32))
    first = cache.pack(Path("/a"), "config")
    first.keep("k", 1)
    first.save()
    [path] = tmp_path.iterdir()
    other = cache.pack(Path("/b"), "config")
    path.rename(other._path)
    assert cache.pack(Path("/b"), "config").find("k") is None


def test_the_key_is_private_and_outside_of_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert open_cache({"JMCTL_CACHE_DIR": str(tmp_path / "cache")})
    key = tmp_path / "config" / "jmctl" / cache_module.KEY_FILE
    assert (key.stat().st_mode & 0o777, len(key.read_bytes())) == (0o600, 32)
    assert open_cache({"JMCTL_CACHE_DIR": str(tmp_path / "config")}) is None, "the key would be shared with the cache"
    key.chmod(0o644)
    assert open_cache({"JMCTL_CACHE_DIR": str(tmp_path / "cache")}) is None
    key.chmod(0o600)
    key.write_bytes(b"short")
    assert open_cache({"JMCTL_CACHE_DIR": str(tmp_path / "cache")}) is None


def test_entries_under_another_key_are_not_found(tmp_path: Path) -> None:
    pack = Cache(tmp_path, bytes(32)).pack(tmp_path, "config")
    pack.keep(content_key(b"x"), orjson.loads(b"[1]"))
    pack.save()
    assert Cache(tmp_path, bytes(32)).pack(tmp_path, "config").find(content_key(b"x")) == [1]
    assert Cache(tmp_path, b"1" * 32).pack(tmp_path, "config").find(content_key(b"x")) is None
