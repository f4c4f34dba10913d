"""Files that were not touched are not read again, and every file that was touched is, whatever its times say."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.errors import Invalid
from reconciler.project import seen_files
from reconciler.project.cache import Cache
from reconciler.project.load import Manifests, read_manifests

MANIFEST = """\
apiVersion: jmctl/v1
kind: Interview
metadata: {{name: {name}}}
spec:
  name: {title}
  location: remote
  interview_template_id: 46b98d37-1557-4391-beca-03037ead19f2
  mojito_language_code: en
  description: First-line support
  status: active
  type: interview
  visibility: merchant_invite
  questions: [{{question: Why?}}]
"""
Load = Callable[[], Manifests]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="files are known by their times on Linux only")


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each file was read and each entry recalled, by name."""
    from reconciler.project import load

    counts: Counter[str] = Counter()
    read, recalled = load.read, load.recalled
    monkeypatch.setattr(load, "read", lambda path, shown: counts.update([Path(path).name]) or read(path, shown))
    monkeypatch.setattr(load, "recalled", lambda *given: counts.update(given[0] and ["recalled"]) or recalled(*given))
    return counts


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """Reads the manifests of `in/`, as a run that begins ten seconds after the files were made."""
    (tmp_path / "in").mkdir()
    monkeypatch.setattr(seen_files, "_local_devices", lambda: frozenset({tmp_path.stat().st_dev}))
    monkeypatch.setattr(seen_files, "_RACY_NS", -10_000_000_000)
    cache = Cache(tmp_path / "cache", bytes(32))
    return lambda: read_manifests(tmp_path, ["in/*.yaml"], cache)


def write(folder: Path, name: str, title: str = "Agent") -> Path:
    path = folder / "in" / f"{name}.yaml"
    path.write_text(MANIFEST.format(name=name, title=title))
    return path


def title(found: Manifests) -> str:
    return str(found.desired[0].spec["name"])


@pytest.mark.parametrize("count", [100, 1_000])
def test_an_unchanged_project_is_not_read_and_one_edit_reads_one(
    tmp_path: Path, load: Load, reads: Counter[str], count: int
) -> None:
    for number in range(count):
        write(tmp_path, f"n{number}")
    cold = load()
    assert (reads.total() - reads["recalled"], reads["recalled"]) == (count, 0)
    reads.clear()
    assert load() == cold
    assert reads == {"recalled": count}
    write(tmp_path, "n7", "Other")
    reads.clear()
    load()
    assert reads == {"n7.yaml": 1, "recalled": count - 1}


def test_a_restored_modification_time_is_noticed(tmp_path: Path, load: Load) -> None:
    path = write(tmp_path, "a", "Agent")
    before = path.stat()
    load()
    load()
    path.write_text(MANIFEST.format(name="a", title="Guard"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert title(load()) == "Guard"


def test_a_file_moved_over_another_with_its_times_is_noticed(tmp_path: Path, load: Load) -> None:
    path, other = write(tmp_path, "a", "Agent"), tmp_path / "other"
    load()
    other.write_text(MANIFEST.format(name="a", title="Guard"))
    os.utime(other, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    other.replace(path)
    assert title(load()) == "Guard"


def test_a_change_of_the_same_size_within_the_same_tick_is_noticed(
    tmp_path: Path, load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where the clock of the file system shows nothing of it: all times are made the same."""
    path = write(tmp_path, "a", "Agent")
    first = path.stat()
    monkeypatch.setattr(seen_files, "status_of", lambda _: first)
    monkeypatch.setattr("reconciler.project.load.status_of", lambda _: first)
    monkeypatch.setattr(seen_files, "_RACY_NS", 2_000_000_000)
    load()
    path.write_text(MANIFEST.format(name="a", title="Guard"))
    assert title(load()) == "Guard"
    # the counter-proof: a run that takes the file for an old one cannot see the change
    monkeypatch.setattr(seen_files, "_RACY_NS", -10_000_000_000)
    load()
    path.write_text(MANIFEST.format(name="a", title="Agent"))
    assert title(load()) == "Guard"


def test_a_file_that_cannot_be_read_any_more_is_not_known(tmp_path: Path, load: Load) -> None:
    path = write(tmp_path, "a")
    write(tmp_path, "b")
    load()
    path.unlink()
    path.symlink_to(tmp_path / "nothing")
    with pytest.raises(Invalid) as caught:
        load()
    assert [problem.summary for problem in caught.value.problems] == ["unreadable file"]


def test_shared_values_are_read_anew(tmp_path: Path, load: Load) -> None:
    """A file of defaults that comes later reaches the manifests that were known by their times."""
    path = write(tmp_path, "a")
    path.write_text(path.read_text().replace("  location: remote\n", "  location: remote\n  max_followups: 1\n"))
    load()
    defaults = tmp_path / "in" / "_defaults.yaml"
    for tone in ("relaxed", "professional"):
        defaults.write_text(f"apiVersion: jmctl/v1\nkind: Defaults\nspec: {{interview_tone: {tone}}}\n")
        for _ in range(2):
            assert load().desired[0].spec["interview_tone"] == tone
    defaults.unlink()
    assert "interview_tone" not in load().desired[0].spec


def test_times_of_other_file_systems_are_not_trusted(
    tmp_path: Path, load: Load, monkeypatch: pytest.MonkeyPatch, reads: Counter[str]
) -> None:
    monkeypatch.setattr(seen_files, "_local_devices", lambda: frozenset({-1}))
    write(tmp_path, "a")
    load()
    load()
    assert reads["a.yaml"] == 2


def test_the_devices_of_local_file_systems_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n"
        "31 27 0:40 / /net rw shared:7 - nfs4 host:/x rw\n"
        "32 27 0:41 / /with\\040space rw - tmpfs t rw\n"
    )
    monkeypatch.setattr(seen_files, "_MOUNTS", str(mounts))
    assert seen_files._local_devices() == {os.makedev(254, 0), os.makedev(0, 41)}
