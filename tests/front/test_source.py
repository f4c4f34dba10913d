from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from reconciler.errors import Invalid, Where
from reconciler.project.cache import Cache, open_cache
from reconciler.project.load import read_manifests

MANIFEST = """\
apiVersion: jmctl/v1
kind: Interview
metadata:
  name: {name}
spec:
  name: Support agent
  location: remote
  interview_template_id: 46b98d37-1557-4391-beca-03037ead19f2
  mojito_language_code: en
  description: First-line support
  status: active
  type: interview
  visibility: merchant_invite
  interview_tone: cheerful
  questions:
    - question: Why?
"""
PATTERNS = ["**/*.yaml"]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    (root / "jmctl.yaml").write_text("project: demo\nmanifests: ['*/*.yaml']\n")
    (root / "in").mkdir()
    for name in ("b", "a"):
        (root / "in" / f"{name}.yaml").write_text(MANIFEST.format(name=name))
    monkeypatch.chdir(root)
    return root


def packs(folder: Path) -> list[Path]:
    return sorted(folder.glob("*-manifests.json"))


def test_interviews_come_sorted_with_paths_as_typed(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = read_manifests(project, ["in/*.yaml"])
    assert [(item.name, str(item.where)) for item in found.desired] == [("a", "in/a.yaml:4:3"), ("b", "in/b.yaml:4:3")]
    assert [warning.summary for warning in found.warnings] == ["unknown tone", "unknown tone"]
    assert found.files == 2
    monkeypatch.chdir(project / "in")
    assert read_manifests(project, ["in/*.yaml", "in/a.yaml"]).desired[0].where == Where("a.yaml", 4, 3)


def test_what_comes_out_of_the_cache_is_what_went_in(project: Path, tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache", bytes(32))
    cold = read_manifests(project, ["in/*.yaml"], cache)
    assert read_manifests(project, ["in/*.yaml"], cache) == cold == read_manifests(project, ["in/*.yaml"])


def test_a_known_file_is_not_judged_again(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(tmp_path / "cache", bytes(32))
    read_manifests(project, ["in/*.yaml"], cache)
    monkeypatch.setattr("reconciler.project.validate.judge", None)
    assert len(read_manifests(project, ["in/*.yaml"], cache).desired) == 2
    (project / "in" / "a.yaml").write_text(MANIFEST.format(name="changed"))
    with pytest.raises(TypeError):
        read_manifests(project, ["in/*.yaml"], cache)


def test_errors_are_not_kept(project: Path, tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache", bytes(32))
    (project / "in" / "a.yaml").write_text(MANIFEST.format(name="A"))
    for _ in range(2):
        with pytest.raises(Invalid) as caught:
            read_manifests(project, ["in/*.yaml"], cache)
        assert caught.value.problems[0].summary == "malformed name"


def test_interviews_are_compared_across_cached_files_too(project: Path, tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache", bytes(32))
    (project / "in" / "c.yaml").write_text(MANIFEST.format(name="a"))
    for _ in range(2):
        with pytest.raises(Invalid) as caught:
            read_manifests(project, ["in/*.yaml"], cache)
        [problem] = [problem for problem in caught.value.problems if problem.severity == "error"]
        assert (str(problem.where), problem.detail) == ("in/c.yaml:4:3", "`a` is already declared at in/a.yaml:4:3")


def test_unused_entries_are_dropped_and_nothing_is_rewritten_in_vain(project: Path, tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache", bytes(32))
    read_manifests(project, ["in/*.yaml"], cache)
    [pack] = packs(tmp_path / "cache")
    before = pack.stat()
    read_manifests(project, ["in/*.yaml"], cache)
    assert pack.stat().st_mtime_ns == before.st_mtime_ns
    assert pack.stat().st_ino == before.st_ino
    (project / "in" / "b.yaml").unlink()
    read_manifests(project, ["in/*.yaml"], cache)
    assert pack.stat().st_size < before.st_size


def test_one_change_to_a_large_pack_is_added_and_many_are_merged(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache", bytes(32))

    def run(values: dict[str, int], known: int) -> None:
        pack = cache.pack(tmp_path, "manifests")
        assert sum(pack.find(key) == value for key, value in values.items()) == known
        for key, value in values.items():
            pack.keep(key, value) if pack.find(key) != value else None
        pack.save()

    values = {f"k{number}": number for number in range(400)}
    run(values, 0)
    [pack] = packs(tmp_path / "cache")
    before = pack.stat()
    for edit in range(1, 40):
        values[f"k{edit}"] = -edit
        run(values, 399)
        run(values, 400)
    assert pack.stat() == before
    added = pack.with_name(pack.stem + "-added.json")
    assert 0 < added.stat().st_size < before.st_size / 8
    for edit in range(100):
        values[f"k{edit}"] = -edit
    run(values, 340)  # k0 is 0 in both
    assert not added.exists()
    run(values, 400)


def test_a_forged_addition_is_no_addition(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache", bytes(32))
    for value in range(2):
        pack = cache.pack(tmp_path, "manifests")
        for number in range(300):
            if pack.find(str(number)) is None or number == 0:
                pack.keep(str(number), [value])
        pack.save()
    added = next((tmp_path / "cache").glob("*-added.json"))
    assert cache.pack(tmp_path, "manifests").find("0") == [1]
    added.write_bytes(added.read_bytes().replace(b"[1]", b"[2]"))
    assert cache.pack(tmp_path, "manifests").find("0") == [0]


def test_the_pack_is_private(project: Path, tmp_path: Path) -> None:
    cache = Cache(tmp_path / "deep" / "cache", bytes(32))
    read_manifests(project, ["in/*.yaml"], cache)
    [pack] = packs(tmp_path / "deep" / "cache")
    assert pack.stat().st_mode & 0o777 == 0o600
    assert pack.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("damage", ["cut", "bit", "empty", "header", "shape", "writable"])
def test_a_damaged_pack_is_no_pack(project: Path, tmp_path: Path, damage: str) -> None:
    cache = Cache(tmp_path / "cache", bytes(32))
    cold = read_manifests(project, ["in/*.yaml"], cache)
    [pack] = packs(tmp_path / "cache")
    data = pack.read_bytes()
    header, _, body = data.partition(b"\n")
    match damage:
        case "cut":
            pack.write_bytes(data[:-9])
        case "bit":
            pack.write_bytes(data.replace(b"remote", b"Remote"))
        case "empty":
            pack.write_bytes(b"")
        case "header":
            pack.write_bytes(header.replace(b"jmctl-cache ", b"jmctl-cache 0") + b"\n" + body)
        case "shape":
            from zlib import crc32

            other = orjson.dumps({key: {"desired": [1], "warnings": []} for key in orjson.loads(body)})
            pack.write_bytes(header[:-8] + f"{crc32(other):08x}".encode() + b"\n" + other)
        case "writable":
            pack.chmod(0o666)
    assert read_manifests(project, ["in/*.yaml"], cache) == cold


def test_a_changed_judge_forgets_everything(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(tmp_path / "cache", bytes(32))
    read_manifests(project, ["in/*.yaml"], cache)
    monkeypatch.setattr("reconciler.project.cache._stamp", lambda: "other")
    monkeypatch.setattr("reconciler.project.validate.judge", None)
    with pytest.raises(TypeError):
        read_manifests(project, ["in/*.yaml"], cache)


def test_an_unwritable_folder_is_silently_no_cache(project: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert len(read_manifests(project, ["in/*.yaml"], Cache(tmp_path / "file" / "cache", bytes(32))).desired) == 2


def test_the_folder_of_the_cache_can_be_chosen_or_switched_off(tmp_path: Path) -> None:
    assert open_cache({"JMCTL_CACHE_DIR": ""}) is None
    chosen = open_cache({"JMCTL_CACHE_DIR": str(tmp_path / "here")})
    assert chosen
    pack = chosen.pack(tmp_path, "config")
    pack.keep("a", [1])
    pack.save()
    assert list((tmp_path / "here").iterdir())
    assert open_cache({})


def test_a_run_over_known_files_imports_neither_pydantic_nor_ruamel(project: Path, tmp_path: Path) -> None:
    program = (
        "import sys; from reconciler.cli import main; sys.argv[1:] = ['validate']; code = main();"
        "print(code, sorted({'pydantic', 'ruamel', 'ruamel.yaml', '_ruamel_yaml'} & set(sys.modules)))"
    )
    environment = {**os.environ, "JMCTL_CACHE_DIR": str(tmp_path / "cache")}
    outputs = [
        subprocess.run(
            [sys.executable, "-c", program], env=environment, cwd=project, check=True, capture_output=True, text=True
        ).stdout.splitlines()
        for _ in range(2)
    ]
    assert outputs[0][0] == "2 interviews in 2 files are valid"
    assert "pydantic" in outputs[0][1]
    assert outputs[1] == ["2 interviews in 2 files are valid", "0 []"]


def test_two_processes_may_write_at_once(project: Path, tmp_path: Path) -> None:
    program = "import sys; from reconciler.cli import main; sys.argv[1:] = ['validate']; sys.exit(main())"
    environment = {**os.environ, "JMCTL_CACHE_DIR": str(tmp_path / "cache")}
    running = [
        subprocess.Popen([sys.executable, "-c", program], env=environment, cwd=project, stdout=subprocess.DEVNULL)
        for _ in range(4)
    ]
    assert [process.wait() for process in running] == [0, 0, 0, 0]
    assert not list((tmp_path / "cache").glob("*.tmp"))


def test_what_is_no_readable_file_is_told(project: Path) -> None:
    os.mkfifo(project / "in" / "pipe.yaml")
    (project / "in" / "folder.yaml").mkdir()
    (project / "in" / "link.yaml").symlink_to("nowhere")
    (project / "in" / "large.yaml").write_bytes(b"#" * (4 * 1024 * 1024 + 1))
    with pytest.raises(Invalid) as caught:
        read_manifests(project, ["in/*.yaml"])
    errors = [problem for problem in caught.value.problems if problem.severity == "error"]
    assert [(problem.where.path, problem.summary) for problem in errors if problem.where] == [
        ("in/folder.yaml", "not a regular file"),
        ("in/large.yaml", "file too large"),
        ("in/link.yaml", "unreadable file"),
        ("in/pipe.yaml", "not a regular file"),
    ]


def test_a_pattern_that_matches_nothing_is_told_at_its_line(project: Path) -> None:
    with pytest.raises(Invalid) as caught:
        read_manifests(project, ["in/*.yaml", "out/*.yaml"], places=[Where("jmctl.yaml", 2, 13)])
    [problem] = [problem for problem in caught.value.problems if problem.severity == "error"]
    assert problem.where == Where("jmctl.yaml")
    assert problem.detail == "`out/*.yaml` matches no file"
