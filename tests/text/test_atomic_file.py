"""Files are written whole or not at all, with the mode asked for, and never through a link."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.atomic_file import PRIVATE, create_file, replace_file, replacing


@pytest.fixture(autouse=True)
def usual_mask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_content_and_usual_mode_of_a_new_file(tmp_path: Path) -> None:
    replace_file(tmp_path / "a", b"x")
    assert (tmp_path / "a").read_bytes() == b"x"
    assert mode_of(tmp_path / "a") == 0o644
    assert names_in(tmp_path) == ["a"]


def test_mode_of_the_replaced_file_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    path.chmod(0o640)
    replace_file(path, b"new")
    assert (path.read_bytes(), mode_of(path)) == (b"new", 0o640)


@pytest.mark.parametrize("write", [replace_file, create_file])
def test_a_private_file_is_private(tmp_path: Path, write: object) -> None:
    assert callable(write)
    write(tmp_path / "a", b"x", mode=PRIVATE)
    assert mode_of(tmp_path / "a") == 0o600


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    victim, link = tmp_path / "victim", tmp_path / "link"
    victim.write_bytes(b"keep")
    link.symlink_to(victim)
    replace_file(link, b"x")
    assert (victim.read_bytes(), link.is_symlink(), link.read_bytes()) == (b"keep", False, b"x")


def test_a_link_with_the_name_of_the_temporary_file_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "urandom", lambda size: b"\0" * size)
    victim = tmp_path / "victim"
    victim.write_bytes(b"keep")
    planted = tmp_path / f".a.{'00' * 8}.tmp"
    planted.symlink_to(victim)
    with pytest.raises(FileExistsError):
        replace_file(tmp_path / "a", b"x")
    assert (victim.read_bytes(), planted.is_symlink(), (tmp_path / "a").exists()) == (b"keep", True, False)


def test_temporary_names_are_not_predictable(tmp_path: Path) -> None:
    names: set[str] = set()
    for _ in range(2):
        with replacing(tmp_path / "a"):
            names.update(name for name in names_in(tmp_path) if name.endswith(".tmp"))
    assert len(names) == 2
    assert not any(str(os.getpid()) == name.split(".")[2] for name in names)


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_pipes_and_folders_are_refused(tmp_path: Path, make: object) -> None:
    assert callable(make)
    make(tmp_path / "a")
    with pytest.raises(OSError, match="not a regular file"):
        replace_file(tmp_path / "a", b"x")
    assert names_in(tmp_path) == ["a"]


def test_a_device_is_refused() -> None:
    with pytest.raises(OSError, match="not a regular file"):
        replace_file(Path("/dev/null"), b"x")


def test_a_failed_block_leaves_the_old_content_and_no_other_file(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")

    def fail() -> None:
        with replacing(path) as file:
            file.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert (path.read_bytes(), names_in(tmp_path)) == (b"old", ["a"])


def test_create_never_overwrites(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    with pytest.raises(FileExistsError):
        create_file(path, b"new")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    with pytest.raises(FileExistsError):
        create_file(tmp_path / "dangling", b"new")
    assert path.read_bytes() == b"old"
    assert names_in(tmp_path) == ["a", "dangling"]


def test_file_and_folder_are_fsynced_in_this_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    synced = os.fsync

    def fsync(descriptor: int) -> None:
        seen.append(stat.S_ISDIR(os.fstat(descriptor).st_mode))
        synced(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    replace_file(tmp_path / "a", b"x")
    create_file(tmp_path / "b", b"x")
    replace_file(tmp_path / "c", b"x", durable=False)
    assert seen == [False, True, False, True]


def test_a_kill_while_writing_leaves_the_old_content(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    script = (
        "import os, sys; from pathlib import Path; from reconciler.atomic_file import replacing\n"
        "with replacing(Path(sys.argv[1])) as file: file.write(b'half'); file.flush(); os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(path)], check=False)
    assert (done.returncode, path.read_bytes()) == (-9, b"old")
