"""Disks without room, as the kernel has them: small ones of memory, filled up, in a name space of the command's own."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from publer_sync.machine import temporary
from publer_sync.values.errors import OutputError
from tests.conftest import ROOT, Ran
from tests.machine.test_durable import no_file_over
from tests.system.worlds import HOUR, T, Want, World, world_in

if TYPE_CHECKING:
    from collections.abc import Iterator

TEMPORARY = ("/tmp", "/var/tmp")
MEMORY = "/dev/shm"
HERE = "/mnt"
"""Where the command sees the calendar."""


EACH = """\
import contextlib, io, json, sys
from publer_sync.cli.main import main
for words in json.loads(sys.argv[1]):
    out, err, code = io.StringIO(), io.StringIO(), 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main(words)
        except SystemExit as end:
            code = end.code or 0
    print(json.dumps([code, out.getvalue(), err.getvalue()]))
"""
"""Runs commands one after another, and prints a line for each."""


def shown_below(covered: str) -> list[tuple[str, str]]:
    """Where the code and its Python are, if a mount on `covered` hides that, and a name for each."""
    paths = dict.fromkeys(map(str, (ROOT, sys.prefix, sys.base_prefix)))
    return [
        (f"shown-{number}", path) for number, path in enumerate(paths) if Path(path).is_relative_to(covered)
    ]


def mounted(on: str, *words: str) -> Iterator[str]:
    """The commands that mount something, and show the code and its Python again where they were below."""
    below = shown_below(on)
    for name, path in below:
        yield f"mkdir -p {name} && mount --rbind {shlex.quote(path)} {name}"
    yield shlex.join(["mount", *words, on])
    for name, path in below:
        yield f"mkdir -p {shlex.quote(path)} && mount --rbind /proc/self/cwd/{name} {shlex.quote(path)}"


def run_on_full_disks(
    world: World, *commands: tuple[str, ...], full: tuple[str, ...] = TEMPORARY, size: str = "64k"
) -> list[Ran]:
    """Each command with its folder at HERE, and these folders on disks without room, the current one among them."""
    home = str(world.home)  # which is not there as well: the calendar would be there twice
    script = [*mounted(HERE, "--bind", home), shlex.join(["mount", "-t", "tmpfs", "none", home])]
    for folder in full:
        script += [
            f"cp -a {folder}/. /proc/self/cwd/kept" if folder.startswith(HERE) else ":",
            *mounted(folder, "-t", "tmpfs", "-o", f"size={size}", "none"),
            f"cp -a /proc/self/cwd/kept/. {folder}" if folder.startswith(HERE) else ":",
            f"head -c 1M /dev/zero > {folder}/everything 2>/dev/null || true",
        ]
    script.append(f"cd {full[0]} && exec {shlex.join([sys.executable, '-c', EACH, json.dumps(commands)])}")
    kept = world.home / "cwd" / "kept"
    kept.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        ["unshare", "-Urm", "sh", "-ec", "\n".join(script)],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": HERE, **world.environment},
        cwd=kept.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    runs = [Ran(*json.loads(line)) for line in done.stdout.splitlines()]
    assert len(runs) == len(commands), done.stderr
    return runs


def can_mount() -> bool:
    try:
        words = ["unshare", "-Urm", "mount", "-t", "tmpfs", "none", HERE]
        return subprocess.run(words, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


needs_mounts = pytest.mark.skipif(not can_mount(), reason="this machine lets nobody mount a disk of memory")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """With two posts in Publer."""
    with world_in(tmp_path / "home") as made:
        made.apply_first(Want("one", "x", T, "one"), Want("two", "facebook", T + HOUR, "two"))
        yield made


@pytest.fixture
def on_a_branch(tmp_path: Path) -> Iterator[World]:
    """The same with its state on a branch."""
    with world_in(tmp_path / "home") as made:
        made.repository()
        made.settings(state="git:publer-sync-state")
        made.apply_first(Want("one", "x", T, "one"), Want("two", "facebook", T + HOUR, "two"))
        yield made


@pytest.mark.slow
@needs_mounts
def test_hold_works_without_room_on_any_disk(on_a_branch: World) -> None:
    """Where there is none in memory either, each command says so and changes nothing."""
    world = on_a_branch
    there = f"{HERE}/calendar"
    commands = [
        ("hold", there, "--reason", "Accident", "--yes"),
        ("plan", there),
        ("apply", there, "--yes"),
        ("status", there),
        ("pull", there, "--yes"),
    ]
    for words, ran in zip(
        commands, run_on_full_disks(world, *commands, full=(*TEMPORARY, MEMORY)), strict=True
    ):
        told = "error: there is no room for temporary files in " in ran.stderr
        assert (ran.code, told) == (1, True), (words, ran)
        way = "Make room there, or name another folder in the variable TMPDIR. Nothing was changed."
        assert way in ran.stderr, (words, ran)
    assert len(world.live()) == 2

    [held] = run_on_full_disks(world, commands[0])
    assert held.code == 0, held
    assert world.live() == []
    [released] = run_on_full_disks(world, ("release", there, "--yes"))
    assert released.code == 0, released
    assert len(world.live()) == 2


@pytest.mark.slow
@needs_mounts
def test_doctor_says_that_a_disk_is_full(world: World) -> None:
    doctor = ("doctor", f"{HERE}/calendar")
    [fine] = run_on_full_disks(world, doctor, full=("/media",))
    assert (fine.code, "ok       disk" in fine.stdout) == (0, True), fine
    [ran] = run_on_full_disks(world, doctor, full=(f"{HERE}/calendar",))
    assert (
        ran.code,
        f"failure  disk        there is no room on the disk of {HERE}/calendar" in ran.stdout,
    ) == (1, True)
    assert "failure state the state in " in " ".join(ran.stdout.split())
    [ran] = run_on_full_disks(world, doctor, full=(*TEMPORARY, MEMORY))
    assert (ran.code, "failure  disk        there is no room for temporary files" in ran.stdout) == (
        1,
        True,
    ), ran


@pytest.mark.slow
@needs_mounts
def test_a_full_disk_below_the_calendar_is_said_as_that(world: World) -> None:
    """The state is in a file there too; nothing reaches Publer."""
    world.write(Want("new", "x", T + 2 * HOUR, "new"))
    world.stranger("x", T + 3 * HOUR, "a stranger's")
    world.sandbox.reset_log()

    def assert_told(*commands: tuple[str, ...]) -> None:
        here = [(command, f"{HERE}/calendar", *options) for command, *options in commands]
        for words, ran in zip(
            commands, run_on_full_disks(world, *here, full=(f"{HERE}/calendar",)), strict=True
        ):
            assert ran.code == 1, (words, ran)
            told = "no space left on device" in ran.stderr.lower() or "disk is full" in ran.stderr
            assert told, (words, ran)
            assert "ake room on " in ran.stderr, (words, ran)

    assert_told(
        ("apply", "--yes"),
        ("hold", "--reason", "Accident", "--yes"),
        ("plan", "--out", "plan.json"),
        ("preview", "--out", "preview.html"),
        ("export", "--out", "posts.ics"),
        ("pull", "--yes"),
        ("plan", "--sandbox"),
    )
    (world.top / "posts.yaml").write_text(
        "posts:\n- at: 2027-03-02 09:00\n  acounts: x\n  text: |\n    Hello\n"
    )
    assert_told(("validate", "--fix", "--yes"))
    (world.top / "publer.yaml").unlink()
    assert_told(("init", "--timezone", "UTC", "--yes"))
    assert world.writes() == []


@pytest.mark.slow
@needs_mounts
def test_a_sandbox_whose_disk_has_become_full_is_said_as_that(world: World) -> None:
    """SQLite then speaks of an I/O error."""
    assert world.run("plan", world.top, "--sandbox").code == 0
    there = ("plan", f"{HERE}/calendar", "--sandbox")
    [ran] = run_on_full_disks(world, there, full=(f"{HERE}/calendar",), size="900k")
    assert (ran.code, "the disk is full\n  Make room on that disk" in ran.stderr) == (1, True), ran


# --- without mounts -------------------------------------------------------------------------------------------------


def test_memory_comes_before_a_work_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python's last choice is the current folder, where git would find what a killed command left."""
    memory, tree = tmp_path / "memory", tmp_path / "tree"
    memory.mkdir()
    tree.mkdir()
    monkeypatch.chdir(tree)
    monkeypatch.setattr(tempfile, "tempdir", str(tree))
    monkeypatch.setattr(temporary, "_IN_MEMORY", memory)
    assert temporary.place() == memory
    (tmp_path / "usual").mkdir()
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(tempfile, "tempdir", str(tmp_path / "usual"))
        assert temporary.place() == tmp_path / "usual"
    memory.rmdir()
    assert temporary.place() == tree


def test_a_folder_of_a_run_is_gone_with_what_is_in_it() -> None:
    with temporary.folder() as made:
        (made / "half.yaml").touch()
        assert made.parent == temporary.place()
    assert not made.exists()


def test_a_folder_without_room_is_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(temporary, "_IN_MEMORY", Path(tempfile.gettempdir()))
    with no_file_over(1000), pytest.raises(OutputError, match="no room for temporary files in /"):
        temporary.place()
    assert temporary.place() == Path(tempfile.gettempdir())


def test_no_usual_folder_at_all_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> str:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr(tempfile, "gettempdir", none)
    monkeypatch.setattr(temporary, "_IN_MEMORY", tmp_path / "missing")
    with pytest.raises(
        OutputError, match="no room for temporary files in any of the usual folders"
    ) as raised:
        temporary.place()
    assert raised.value.code == "disk.full"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps a file in memory alone (memfd)")
def test_a_file_without_a_name_takes_no_disk() -> None:
    with temporary.nameless_file() as file:
        assert Path(f"/proc/self/fd/{file.fileno()}").readlink().as_posix().startswith("/memfd:")
        file.write(b"data")
        file.seek(0)
        assert file.read() == b"data"


def test_where_no_file_is_kept_in_memory_alone_it_is_a_temporary_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.delattr(os, "memfd_create", raising=False)
    with temporary.nameless_file() as file:
        file.write(b"data")
        file.seek(0)
        assert file.read() == b"data"
