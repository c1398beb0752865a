"""Files that are whole at every moment and survive a power cut."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from publer_sync.machine.durable import (
    make_folder,
    move_file,
    remove_leftovers,
    replace_file,
    room_fix,
    save_file,
)
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Iterator


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.usefixtures("disks")
@pytest.mark.parametrize("from_another_disk", [False, True])
def test_the_data_is_on_the_disk_before_the_name_and_the_name_before_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, from_another_disk: bool
) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "disk" / "whole").write_bytes(b"data")
    steps: list[str] = []
    fsync, replace = os.fsync, os.replace

    def noted_fsync(descriptor: int) -> None:
        what = os.fstat(descriptor)
        steps.append("folder" if os.path.samestat(what, tmp_path.stat()) else f"file of {what.st_size}")
        fsync(descriptor)

    def noted_replace(source: Path, target: Path) -> None:
        replace(source, target)
        assert Path(source).parent == Path(target).parent
        steps.append("replace")

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(os, "replace", noted_replace)
    if from_another_disk:
        move_file(tmp_path / "disk" / "whole", tmp_path / "x")
    else:
        replace_file(tmp_path / "x", b"data")
    assert steps == ["file of 4", "replace", "folder"]


def test_a_new_folder_is_on_the_disk_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    fsync = os.fsync

    def noted(descriptor: int) -> None:
        synced.append(os.fstat(descriptor).st_ino)
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    make_folder(tmp_path / "a" / "b")
    assert synced == [tmp_path.joinpath(part).stat().st_ino for part in ("a", "")]


def test_an_existing_file_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "x").touch(0o640)
    replace_file(tmp_path / "x", b"data")
    assert stat.S_IMODE((tmp_path / "x").stat().st_mode) == 0o640


@pytest.fixture
def another_owner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file `x` that belongs to somebody else."""
    (tmp_path / "x").touch()
    stat_of = Path.stat

    def stat_of_another(path: Path, **options: bool) -> os.stat_result:
        found = stat_of(path, **options)
        return os.stat_result((*found[:4], 1234, 1235, *found[6:10])) if path.name == "x" else found

    monkeypatch.setattr(Path, "stat", stat_of_another)


@pytest.mark.usefixtures("another_owner")
def test_a_new_file_goes_to_the_owner_of_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "chown", lambda _, user, group: given.append((user, group)))
    replace_file(tmp_path / "x", b"data")
    assert given == [(1234, 1235)]


@pytest.mark.usefixtures("another_owner")
def test_a_file_that_nobody_may_give_to_its_owner_is_rewritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (tmp_path / "x").stat().st_ino

    def forbidden(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "chown", forbidden)
    save_file(tmp_path / "x", b"data", folder=tmp_path)
    assert ((tmp_path / "x").read_bytes(), (tmp_path / "x").stat().st_ino) == (b"data", before)
    (tmp_path / "x").chmod(0o640)
    replace_file(tmp_path / "x", b"of ours, for everyone who could read it")
    assert stat.S_IMODE((tmp_path / "x").stat().st_mode) == 0o640


@each_of("error, fix", [(errno.ENOSPC, "Make room on that disk."), (errno.EACCES, None)])
def test_only_a_full_disk_needs_room(error: int, fix: str | None) -> None:
    assert room_fix(OSError(error, "said")) == fix


@contextmanager
def no_file_over(size: int) -> Iterator[None]:
    """As on a disk that is full after `size` bytes."""
    resource = pytest.importorskip("resource", reason="Windows limits no file's size")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    replace_file(tmp_path / "x", b"old")
    with no_file_over(100), pytest.raises(OSError, match="File too large"):
        replace_file(tmp_path / "x", b"new" * 100)
    assert (tmp_path / "x").read_bytes() == b"old"
    assert names(tmp_path) == ["x"]


@each_of("size", [300, 200_000])
def test_a_full_disk_leaves_a_file_with_another_name_as_it_was(tmp_path: Path, size: int) -> None:
    """Such a file is rewritten where it is."""
    (tmp_path / "x").write_bytes(b"old")
    (tmp_path / "other").unlink(missing_ok=True)
    (tmp_path / "other").hardlink_to(tmp_path / "x")
    (tmp_path / "whole").write_bytes(bytes(size))
    with no_file_over(100), pytest.raises(OSError, match="File too large"):
        move_file(tmp_path / "whole", tmp_path / "x")
    assert (tmp_path / "other").read_bytes() == b"old"


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_disk_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    replace_file(tmp_path / "x", b"old")

    def fail(*args: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, call, fail)
    with pytest.raises(OSError, match="Input/output error"):
        replace_file(tmp_path / "x", b"new")
    assert (tmp_path / "x").read_bytes() == b"old"
    assert names(tmp_path) == ["x"]


@pytest.mark.parametrize("error", [errno.EINVAL, errno.ENOTSUP, errno.EIO])
def test_a_file_system_that_cannot_sync_folders_is_accepted_and_one_that_fails_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: int
) -> None:
    fsync = os.fsync

    def only_files(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(error, "said")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", only_files)
    before = next_descriptor()
    with pytest.raises(OSError, match="said") if error == errno.EIO else nullcontext():
        replace_file(tmp_path / "x", b"data")
    assert (tmp_path / "x").read_bytes() == b"data"
    assert next_descriptor() == before, "nothing stays open"


def next_descriptor() -> int:
    """The same again where nothing was left open."""
    with Path(os.devnull).open("rb") as file:
        return file.fileno()


def test_what_a_killed_process_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    kept = [".y.4711-00ff.tmp", ".x.txt", "x", "x.bak"]
    for name in (".x.4711-00ff.tmp", *kept):
        (tmp_path / name).write_text("half")
    remove_leftovers(tmp_path / "x")
    assert names(tmp_path) == sorted(kept)


def test_a_pipe_or_a_device_is_written_to(tmp_path: Path) -> None:
    for write in (replace_file, partial(save_file, folder=tmp_path)):
        os.mkfifo(tmp_path / "pipe")
        reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
        try:
            write(tmp_path / "pipe", b"data")
            assert os.read(reader, 9) == b"data"
            assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
        finally:
            os.close(reader)
            (tmp_path / "pipe").unlink()


@pytest.mark.usefixtures("disks")
def test_a_file_comes_to_another_disk_whole(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "disk" / ".x.4711-00ff.tmp").write_bytes(b"half, of a run that was killed")
    (tmp_path / "disk" / "x").touch(0o640)
    (tmp_path / "whole").write_bytes(b"data")
    move_file(tmp_path / "whole", tmp_path / "disk" / "x")
    assert (tmp_path / "disk" / "x").read_bytes() == b"data"
    assert stat.S_IMODE((tmp_path / "disk" / "x").stat().st_mode) == 0o640
    assert names(tmp_path / "disk") == ["x"]


@pytest.mark.usefixtures("disks")
def test_words_that_somebody_saves_while_a_file_comes_to_another_disk_stay(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "whole").write_bytes(b"ours")
    target = tmp_path / "disk" / "x"

    def check() -> None:
        if len(names(target.parent)) == 2:  # the copy is there
            target.write_bytes(b"theirs")
            raise OSError("changed")

    target.write_bytes(b"old")
    with pytest.raises(OSError, match="changed"):
        move_file(tmp_path / "whole", target, check=check)
    assert (target.read_bytes(), names(target.parent)) == (b"theirs", ["x"])


@each_of("linked", [False, True])
def test_words_that_somebody_saves_right_before_stay(tmp_path: Path, linked: bool) -> None:
    (tmp_path / "x").write_bytes(b"theirs")
    if linked:
        (tmp_path / "other").hardlink_to(tmp_path / "x")

    def check() -> None:
        raise OSError("changed")

    with pytest.raises(OSError, match="changed"):
        save_file(tmp_path / "x", b"ours", folder=tmp_path, check=check)
    assert (tmp_path / "x").read_bytes() == b"theirs"


def test_a_file_with_another_name_becomes_shorter(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"longer than before")
    (tmp_path / "other").hardlink_to(tmp_path / "x")
    save_file(tmp_path / "x", b"data", folder=tmp_path)
    assert (tmp_path / "other").read_bytes() == b"data"


def test_a_private_file_is_its_owners_alone_whatever_it_was(tmp_path: Path) -> None:
    (tmp_path / "x").touch(0o644)
    for private, mode in ((False, 0o644), (True, 0o600)):
        replace_file(tmp_path / "x", b"data", private=private)
        assert stat.S_IMODE((tmp_path / "x").stat().st_mode) == mode


def test_a_new_file_that_the_disk_cannot_take_is_not_there_by_half(tmp_path: Path) -> None:
    with no_file_over(100), pytest.raises(OSError, match="File too large"):
        save_file(tmp_path / "x", b"new" * 100, folder=tmp_path)
    assert names(tmp_path) == []


def test_a_file_with_another_name_stays_one_file_and_is_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x").write_bytes(b"longer than before")
    (tmp_path / "other").hardlink_to(tmp_path / "x")
    synced: list[tuple[int, int]] = []

    def fsync(descriptor: int) -> None:
        found = os.fstat(descriptor)
        synced.append((found.st_ino, found.st_size))

    monkeypatch.setattr(os, "fsync", fsync)
    save_file(tmp_path / "x", b"data, and more than before", folder=tmp_path)
    assert (tmp_path / "other").read_bytes() == b"data, and more than before"
    assert ((tmp_path / "x").stat().st_ino, 26) in synced, "all of it"
    assert names(tmp_path) == ["other", "x"]


def test_a_file_that_may_not_be_replaced_stays_and_that_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only from another disk is it copied."""
    (tmp_path / "x").write_bytes(b"old")
    (tmp_path / "whole").write_bytes(b"new")

    def forbidden(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "replace", forbidden)
    with monkeypatch.context() as patched:
        patched.setattr(
            "publer_sync.machine.durable._copy", lambda *_: (tmp_path / "x").write_bytes(b"copied")
        )
        with pytest.raises(PermissionError):
            move_file(tmp_path / "whole", tmp_path / "x")
    assert (tmp_path / "x").read_bytes() == b"old"
