"""One apply at a time."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import publer_sync
from publer_sync.ledger.file_store import FileStore
from publer_sync.ledger.lock import ApplyLock, queue_file, turn
from publer_sync.machine.clock import Clock
from publer_sync.values.errors import Interrupted, StateError
from tests.ledger.builders import QuickClock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

HOLD = """
import sys
from pathlib import Path
from publer_sync.machine.clock import Clock
from publer_sync.ledger.lock import ApplyLock

with ApplyLock(Path(sys.argv[1]), clock=Clock()).hold(0):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state.json.lock"


def held(
    path: Path, timeout: float = 0, *, clock: Clock | None = None, tell: Callable[[str], object] | None = None
) -> AbstractContextManager[None]:
    return ApplyLock(path, clock=clock or QuickClock(), tell=tell).hold(timeout)


@contextmanager
def held_by_another(path: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(publer_sync.__file__).parents[1])},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_second_apply_waits_and_then_says_who_is_there(path: Path) -> None:
    clock = QuickClock()
    told: list[str] = []
    with (
        held_by_another(path) as process,
        pytest.raises(StateError) as caught,
        held(path, 30, clock=clock, tell=told.append),
    ):
        pass
    error = caught.value
    assert error.code == "state.other"
    assert error.message.startswith(
        f"another apply is running: process {process.pid} on {os.uname().nodename}, since 20"
    )
    assert "there is nothing to remove" in (error.hint or "")
    assert 30 <= clock.slept < 31
    (line,) = told
    until, holder = line.removeprefix("for another apply, until ").split(": ", 1)
    assert len(until) == len("14:03:11")
    assert error.message == f"another apply is running: {holder}"


@pytest.mark.story
def test_it_goes_on_when_the_other_has_finished(path: Path) -> None:
    with held_by_another(path) as process:

        class Handy(QuickClock):
            def sleep(self, seconds: float) -> None:
                process.communicate("done\n")
                super().sleep(seconds)

        with held(path, 30, clock=Handy()):
            assert process.returncode == 0


def test_the_lock_dies_with_its_holder(path: Path) -> None:
    with held_by_another(path) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
        with held(path):
            assert str(os.getpid()) in path.read_text()


def test_the_lock_ends_after_an_error(path: Path) -> None:
    with pytest.raises(ZeroDivisionError), held(path):
        raise ZeroDivisionError
    with held(path):
        pass


def test_a_child_process_does_not_inherit_the_lock(path: Path) -> None:
    with held(path):
        child = subprocess.Popen(["sleep", "60"], close_fds=False)
    try:
        with held(path):
            assert child.poll() is None
    finally:
        child.kill()
        child.wait()


def test_an_apply_that_is_asked_to_stop_stops_waiting(path: Path) -> None:
    clock = Clock()
    clock.wake()
    with held(path), pytest.raises(Interrupted), held(path, 5, clock=clock):
        pass


def test_a_lock_on_a_removed_file_is_no_lock(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file may be removed between opening and locking it."""
    fcntl = pytest.importorskip("fcntl", reason="Windows locks files in another way")
    flock = fcntl.flock
    turns = iter(range(99))

    def late(descriptor: int, how: int) -> None:
        if next(turns) == 0:
            path.unlink()
        flock(descriptor, how)

    monkeypatch.setattr(fcntl, "flock", late)
    with held(path, 5), pytest.raises(StateError, match="another apply is running"), held(path):
        pass


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOSYS])
def test_a_file_system_without_locks_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """Never with a lock that stays when its holder is killed."""
    fcntl = pytest.importorskip("fcntl", reason="Windows locks files in another way")

    def refuse(descriptor: int, how: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", refuse)
    store = FileStore(tmp_path / "s", clock=QuickClock())
    with (
        pytest.raises(StateError, match=f"cannot be locked: {os.strerror(number).lower()}") as caught,
        store.lock(0),
    ):
        pass
    assert caught.value.code == "state.lock"
    assert "git:BRANCH" in (caught.value.hint or "")


@pytest.mark.parametrize("note", ["", " {", " []", ' {"pid": 1}', "\x00", " " + "[" * 100_000])
def test_a_holder_that_left_no_name_is_named_so(path: Path, note: str) -> None:
    with held(path):
        path.write_text(note)
        with pytest.raises(StateError, match="a process that did not say who it is"), held(path):
            pass


def test_a_holders_name_cannot_drive_the_terminal(path: Path) -> None:
    with held(path):
        path.write_text(' {"pid": 1, "host": "\\u001b[31mx\\u202e", "since": "' + "y" * 999 + '"}')
        with pytest.raises(StateError, match=r"running: process 1 on \[31mx , since y") as caught, held(path):
            pass
    assert caught.value.message.isprintable()
    assert len(caught.value.message) < 300


@pytest.mark.parametrize("instead", ["a link", "a folder that all may write to", "a folder of somebody else"])
def test_a_queue_is_in_no_folder_that_somebody_else_chose(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, instead: str
) -> None:
    """Everyone may write to the folder for temporary files, and knows what the one below it is called."""
    monkeypatch.setattr("publer_sync.machine.temporary.place", lambda: tmp_path)
    queue, theirs = queue_file("x"), tmp_path / "theirs"
    theirs.mkdir()
    if instead == "a link":
        queue.parent.symlink_to(theirs)
    else:
        queue.parent.mkdir()
        queue.parent.chmod(0o777 if instead.endswith("may write to") else 0o700)
    if instead.endswith("somebody else"):
        owner = tmp_path.stat().st_uid
        monkeypatch.setattr(os, "getuid", lambda: owner + 1)
    with turn(queue, 0) as alone:
        assert alone
        assert [*theirs.iterdir(), *queue.parent.iterdir()] == []
    monkeypatch.undo()
    (queue.parent.unlink if instead == "a link" else queue.parent.rmdir)()
    with turn(queue, 0), turn(queue, 0) as alone:
        assert not alone
