"""What pull, validate --fix and import write, and what they leave alone: the disk, links, and people who save meanwhile."""

from __future__ import annotations

import errno
import os
import re
import signal
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from publer_sync.commands.running.saving import post_file, put
from publer_sync.machine import durable
from publer_sync.publer.reader import PublerReader
from publer_sync.values.errors import UsageError
from tests.conftest import Ran, run_here
from tests.system.worlds import HOUR, T, Want, World, png
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Callable

SLIPS = "posts:\n- at: 2027-0{0}-02 09:00\n  acounts: x\n  text: |\n    Hello\n"
FIXED = SLIPS.replace("acounts", "accounts")
PULLED = f"pulled-{T:%Y-%m}.yaml"


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """A calendar in which --fix has two files to fix."""
    folder = tmp_path / "calendar"
    folder.mkdir()
    (folder / "publer.yaml").write_text("timezone: UTC\naccounts: {x: twitter/Me}\n")
    for name, month in (("april", 4), ("march", 3)):
        (folder / f"{name}.yaml").write_text(SLIPS.format(month))
    return folder


def fix(top: Path) -> Ran:
    return run_here(["validate", top, "--fix", "--yes"], {"PATH": os.environ["PATH"]})


def pictures(world: World, monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Posts in Publer with pictures of these names."""
    served = {f"https://cdn/{number}.png": png(number) for number in range(len(names))}
    monkeypatch.setattr(PublerReader, "file", lambda _, url: served.get(url))
    for number, (url, name) in enumerate(zip(served, names, strict=True)):
        piece = {"id": f"5f0000000000000000000{number:03}", "path": url, "type": "photo", "name": name}
        world.stranger("facebook", T + number * HOUR, f"picture {number}", type="photo", media=[piece])


def after_replacing(monkeypatch: pytest.MonkeyPatch, name: str, then: Callable[[], object]) -> None:
    """Do something once the file of this name has been written."""
    real = os.replace

    def replace(source: Any, target: Any) -> None:
        real(source, target)
        if Path(target).name == name:
            then()

    monkeypatch.setattr(os, "replace", replace)


# --- somebody saves meanwhile ---------------------------------------------------------------------------------------


def test_fix_overwrites_nothing_that_was_saved_while_it_wrote(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    after_replacing(monkeypatch, "april.yaml", lambda: (top / "march.yaml").write_text("# mine\n"))
    ran = fix(top)
    assert (ran.code, (top / "march.yaml").read_text()) == (1, "# mine\n")
    assert (top / "april.yaml").read_text() == FIXED.format(4)
    assert (
        "error: march.yaml was changed while validate --fix was running\n"
        "  Written: april.yaml.\n  Not written: march.yaml.\n"
        "  Run validate --fix again: it starts from what the files say now.\n"
    ) in ran.stderr
    (top / "march.yaml").write_text(SLIPS.format(3))
    assert fix(top).code == 0


def test_pull_overwrites_nothing_that_was_saved_while_the_media_were_written(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures(world, monkeypatch, "a.png", "b.png")
    after_replacing(monkeypatch, "b.png", lambda: (world.top / PULLED).write_text("# mine\n"))
    ran = world.run("pull", world.top, "--media", "--yes")
    assert (ran.code, (world.top / PULLED).read_text()) == (1, "# mine\n")
    assert f"Written: media/a.png, media/b.png.\n  Not written: {PULLED}.\n" in ran.stderr
    (world.top / PULLED).unlink()
    assert world.run("pull", world.top, "--media", "--yes").code == 0
    assert sorted(path.name for path in (world.top / "media").iterdir()) == ["a.png", "b.png"]


def test_pull_overwrites_no_picture_that_somebody_added_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures(world, monkeypatch, "a.png", "b.png")
    after_replacing(monkeypatch, "a.png", lambda: (world.top / "media" / "b.png").write_bytes(png(9)))
    ran = world.run("pull", world.top, "--media", "--yes")
    assert (ran.code, (world.top / "media" / "b.png").read_bytes()) == (1, png(9))
    assert f"Written: media/a.png.\n  Not written: media/b.png, {PULLED}.\n" in ran.stderr
    assert not (world.top / PULLED).exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_it_writes_ends_it_with_what_was_written(
    top: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    after_replacing(monkeypatch, "april.yaml", lambda: os.kill(os.getpid(), number))
    ran = fix(top)
    assert (ran.code, (top / "march.yaml").read_text()) == (1, SLIPS.format(3))
    assert "error: stopped, as asked\n  Written: april.yaml.\n  Not written: march.yaml.\n" in ran.stderr
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    assert fix(top).code == 0


# --- links, owners, disks -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("there", [True, False], ids=["a shared drive", "a dangling link"])
def test_pull_refuses_a_media_folder_that_is_elsewhere(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    pictures(world, monkeypatch, "a.png")
    elsewhere = tmp_path / "drive"
    if there:
        elsewhere.mkdir()
    (world.top / "media").symlink_to(elsewhere)
    ran = world.run("pull", world.top, "--media", "--yes")
    assert (ran.code, "media/ is a link that leads out of the calendar" in ran.stderr) == (1, True)
    assert not (world.top / PULLED).exists()
    assert [*elsewhere.iterdir()] == [] if there else not elsewhere.exists()
    assert world.run("pull", world.top, "--yes").code == 0  # as its hint says
    assert world.run("validate", world.top).code == 0


def test_pull_fills_a_shared_folder_that_the_settings_name(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures(world, monkeypatch, "a.png")
    (world.top.parent / "shared").mkdir()
    world.settings(media=["../shared"])
    (world.top / "media").symlink_to("../shared")
    assert world.run("pull", world.top, "--media", "--yes").code == 0
    assert (world.top.parent / "shared" / "a.png").read_bytes() == png(0)
    assert world.run("validate", world.top).code == 0


@pytest.mark.parametrize("there", [True, False], ids=["a link", "a dangling link"])
def test_pull_goes_round_a_picture_that_is_a_link_out_of_the_calendar(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    pictures(world, monkeypatch, "a.png")
    elsewhere = tmp_path / "a.png"
    if there:
        elsewhere.write_bytes(png(0))
    (world.top / "media").mkdir()
    (world.top / "media" / "a.png").symlink_to(elsewhere)
    assert world.run("pull", world.top, "--media", "--yes").code == 0
    assert "file: /media/a-2.png" in (world.top / PULLED).read_text()
    assert elsewhere.exists() is there
    assert world.run("validate", world.top).code == 0


def test_names_from_publer_are_shortened_to_what_every_disk_takes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By bytes, and never within a letter."""
    pictures(world, monkeypatch, "x" * 300 + ".png", "x" * 301 + ".png", "語" * 200 + ".png")
    assert world.run("pull", world.top, "--media", "--yes").code == 0
    names = sorted(path.name for path in (world.top / "media").iterdir())
    assert names == ["x" * 116 + "-2.png", "x" * 116 + ".png", "語" * 38 + ".png"]
    assert world.run("validate", world.top).code == 0


def test_a_file_with_the_longest_name_is_fixed_too(top: Path) -> None:
    name = "m" * 250 + ".yaml"
    (top / "march.yaml").rename(top / name)
    assert fix(top).code == 0
    assert (top / name).read_text() == FIXED.format(3)


def test_media_are_moved_one_at_a_time_and_not_through_memory(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures(world, monkeypatch, "a.png", "b.png")
    read: list[str] = []
    real = Path.read_bytes

    def noted(path: Path) -> bytes:
        read.append(path.suffix)
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", noted)
    assert world.run("pull", world.top, "--media", "--yes").code == 0
    assert sorted(path.name for path in (world.top / "media").iterdir()) == ["a.png", "b.png"]
    assert ".png" not in read


@pytest.mark.usefixtures("disks")
def test_another_disk_below_the_calendar_gets_its_files_too(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is copied, and takes its place as a whole."""
    pictures(world, monkeypatch, "a.png")
    (world.top / "media").mkdir()
    (world.top / "media" / ".a.png.4711-00ff.tmp").write_bytes(b"half, of one that was killed")
    assert world.run("pull", world.top, "--media", "--yes").code == 0
    assert [path.name for path in (world.top / "media").iterdir()] == ["a.png"]
    assert (world.top / PULLED).exists()


def test_other_names_of_a_file_stay_its_names(top: Path, tmp_path: Path) -> None:
    os.link(top / "march.yaml", tmp_path / "other.yaml")
    assert fix(top).code == 0
    assert (tmp_path / "other.yaml").read_text() == FIXED.format(3)
    assert (top / "march.yaml").stat().st_nlink == 2


@pytest.mark.skipif(os.name == "nt" or os.getuid() != 0, reason="only root gives a file to somebody else")
def test_a_file_stays_its_owners(top: Path) -> None:
    os.chown(top / "march.yaml", 1234, 1235)
    (top / "march.yaml").chmod(0o640)
    assert fix(top).code == 0
    found = (top / "march.yaml").stat()
    assert (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)) == (1234, 1235, 0o640)


def test_where_an_owner_can_only_be_kept_by_rewriting_the_file_is_rewritten(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a folder that a team shares: everyone may write to the files, and nobody give them away."""
    before = (top / "march.yaml").stat().st_ino
    monkeypatch.setattr(durable, "_take_on", lambda *_: False)
    assert fix(top).code == 0
    assert ((top / "march.yaml").read_text(), (top / "march.yaml").stat().st_ino) == (FIXED.format(3), before)


def test_a_rewrite_that_fails_halfway_leaves_the_old_words(
    top: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.link(top / "march.yaml", tmp_path / "other.yaml")

    def full(descriptor: int) -> None:
        if os.fstat(descriptor).st_nlink == 2:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(durable, "_sync", full)
    ran = fix(top)
    assert (ran.code, (top / "march.yaml").read_text()) == (1, SLIPS.format(3))
    assert "march.yaml cannot be written: No space left on device\n  Make room on that disk.\n" in ran.stderr


@pytest.mark.parametrize("command", [("plan", "--out"), ("preview", "--out"), ("export", "--out")])
def test_a_result_is_written_as_a_whole_or_not_at_all(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, str]
) -> None:
    file = tmp_path / "out" / "result"
    file.parent.mkdir()
    words: list[str | Path] = [command[0], world.top, command[1], file]
    assert world.run(*words).code == 0
    before = file.read_bytes()
    monkeypatch.setattr(durable, "_sync", no_room)
    world.write(Want("new", "x", T, "new"))
    ran = world.run(*words)
    assert (ran.code, "No space left on device" in ran.stderr) == (1, True)
    assert ([path.name for path in file.parent.iterdir()], file.read_bytes()) == (["result"], before)
    monkeypatch.undo()
    assert world.run(*words).code == 0
    assert file.read_bytes() != before


@each_of(("given", "writable", "beside"), [(True, True, False), (True, False, True), (False, True, True)])
def test_a_result_is_made_in_the_folder_of_its_calendar_where_that_can_be_written(
    tmp_path_factory: pytest.TempPathFactory, given: bool, writable: bool, beside: bool
) -> None:
    """What a run leaves that is killed is cleared away there. Elsewhere it is made beside its place."""
    top = tmp_path_factory.mktemp("top")
    file = top / "out" / "result"
    file.parent.mkdir()
    if not writable:
        (top / ".publer-sync").write_text("in the way", encoding="utf-8")
    seen: list[bool] = []

    def note(_: int) -> None:
        seen.append(bool([*file.parent.iterdir()]))

    with mock.patch.object(durable, "_sync", note):
        put(file, b"all of it", top if given else None)
    assert (file.read_bytes(), seen, [*file.parent.iterdir()]) == (b"all of it", [beside], [file])


def no_room(_: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@each_of(
    ("to", "file"),
    [
        ("new.yaml", "new.yaml"),
        ("calendar/new.yaml", "new.yaml"),
        ("calendar/2031/new.yaml", "2031/new.yaml"),
        ("{top}/new.yaml", "new.yaml"),
        ("../new.yaml", "--to: ../new.yaml is not in the calendar "),
        ("new.txt", "--to: new.txt can't hold posts"),
        ("publer.yaml", "--to: publer.yaml can't hold posts"),
        ("inner/new.yaml", "--to: inner/new.yaml belongs to another calendar, inner"),
    ],
)
def test_a_file_for_new_posts_is_in_the_calendar_and_in_no_other(
    top: Path, monkeypatch: pytest.MonkeyPatch, to: str, file: str
) -> None:
    """Named from the current folder, or from the calendar."""
    monkeypatch.chdir(top.parent)
    (top / "inner").mkdir(exist_ok=True)
    (top / "inner" / "publer.yaml").touch()
    to = to.replace("{top}", str(top))
    if not file.startswith("--to"):
        assert post_file(top, to) == file
        return
    with pytest.raises(UsageError, match=f"^{re.escape(file)}"):
        post_file(top, to)
