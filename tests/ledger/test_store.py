"""The ledger in a file: where it is, who may write it, and that it is whole at every moment."""

from __future__ import annotations

import errno
import fcntl
import os
import resource
import signal
import stat
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import publer_sync
from publer_sync.clock import Clock
from publer_sync.errors import Interrupted, StateError
from publer_sync.ledger.state import State, dumps
from publer_sync.ledger.store import FileStore, Store, check, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVICE = "https://app.publer.com/api/v1"


class QuickClock(Clock):
    """Sleeping takes no time, and the hands move on."""

    def __init__(self) -> None:
        super().__init__()
        self.slept = 0.0

    def monotonic(self) -> float:
        return self.slept

    def sleep(self, seconds: float) -> None:
        self.slept += seconds


def a_state(mark: str = "") -> State:
    return State(SERVICE, "ws1", "calendar", "Fjordlight", excused={mark})


def a_store(path: Path) -> FileStore:
    return FileStore(path, clock=QuickClock())


def opened(place: str | None, top: Path, base: Path | None = None) -> Store:
    return open_store(place, top=top, workspace_id="ws1", calendar="calendar", clock=QuickClock(), base=base)


# --- which place is meant -----------------------------------------------------------------------------------------------


def test_without_a_place_the_state_lies_hidden_in_the_calendar(tmp_path: Path) -> None:
    store = opened(None, tmp_path)
    store.write(a_state())
    assert (tmp_path / ".publer-sync" / "state.json").read_text() == dumps(a_state())
    assert (tmp_path / ".publer-sync" / ".gitignore").read_text() == "*\n"


def test_a_path_in_the_settings_counts_from_the_calendar(tmp_path: Path) -> None:
    opened("../ledger.json", tmp_path / "calendar").write(a_state())
    assert (tmp_path / "ledger.json").exists()
    assert not (tmp_path / ".gitignore").exists()


def test_a_path_on_the_command_line_counts_from_where_one_is(tmp_path: Path) -> None:
    opened("ledger.json", tmp_path / "calendar", tmp_path / "here").write(a_state())
    assert (tmp_path / "here" / "ledger.json").exists()


def test_a_whole_path_is_what_it_is(tmp_path: Path) -> None:
    opened(str(tmp_path / "x.json"), tmp_path / "calendar", tmp_path / "here").write(a_state())
    assert (tmp_path / "x.json").exists()


def test_a_tilde_is_the_users_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    opened("~/x.json", tmp_path / "calendar").write(a_state())
    assert (tmp_path / "home" / "x.json").exists()


@pytest.mark.parametrize("place", ["", "  ", "s3://bucket/state.json", "a\0b", "a\nb", "\x1b[31m"])
def test_what_cannot_be_a_place_is_refused(tmp_path: Path, place: str) -> None:
    with pytest.raises(StateError, match="there can be no state in") as caught:
        opened(place, tmp_path)
    assert caught.value.code == "state.place"
    assert caught.value.message.isprintable()


def test_messages_name_the_place_as_people_would(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert opened(None, tmp_path / "calendar").place == "calendar/.publer-sync/state.json"
    assert opened("/srv/state.json", tmp_path).place == "/srv/state.json"


# --- whose it is --------------------------------------------------------------------------------------------------------


def checked(
    tmp_path: Path,
    *,
    service: str = SERVICE,
    workspace_id: str = "ws1",
    calendar: str = "calendar",
    place: Path | None = None,
) -> None:
    check(
        a_state(),
        service=service,
        workspace_id=workspace_id,
        calendar=calendar,
        top=tmp_path / "calendar",
        place=str(place) if place else None,
    )


def test_our_own_state_is_taken(tmp_path: Path) -> None:
    checked(tmp_path)
    checked(tmp_path, service=SERVICE + "/")


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        (
            "service",
            "http://127.0.0.1:1/api/v1",
            "the service https://app.publer.com/api/v1, and this is http",
        ),
        ("workspace_id", "ws2", r"the workspace Fjordlight \(ws1\), and this is ws2"),
        ("calendar", "b", "the calendar calendar, and this is b"),
    ],
)
@pytest.mark.parametrize("where", [None, "elsewhere.json"])
def test_somebody_elses_state_is_refused(
    tmp_path: Path, key: str, value: str, said: str, where: str | None
) -> None:
    with pytest.raises(StateError, match=said) as caught:
        checked(tmp_path, **{key: value}, place=tmp_path / where if where else None)
    assert caught.value.code == "state.foreign"
    assert caught.value.exit_code == 1
    assert "--state" in (caught.value.hint or "")


def test_a_state_inside_the_calendar_may_be_renamed_with_it(tmp_path: Path) -> None:
    inside = tmp_path / "calendar" / ".publer-sync" / "state.json"
    checked(tmp_path, calendar="new-name", place=inside)
    for changed in ({"service": "https://example.com"}, {"workspace_id": "ws2"}):
        with pytest.raises(StateError):
            checked(tmp_path, **changed, place=inside)


def test_a_link_out_of_the_calendar_is_outside(tmp_path: Path) -> None:
    """Several calendars may share what it leads to."""
    (tmp_path / "calendar").mkdir()
    link = tmp_path / "calendar" / "state.json"
    link.symlink_to(tmp_path / "shared.json")
    with pytest.raises(StateError, match="belongs to the calendar"):
        checked(tmp_path, calendar="new-name", place=link)


def test_a_folder_beside_the_calendar_is_outside(tmp_path: Path) -> None:
    with pytest.raises(StateError, match="belongs to the calendar"):
        checked(tmp_path, calendar="b", place=tmp_path / "calendar-2" / "state.json")


# --- reading and writing ------------------------------------------------------------------------------------------------


def test_what_is_written_is_read(tmp_path: Path) -> None:
    store = a_store(tmp_path / "a" / "b" / "state.json")
    assert store.read() is None
    store.write(a_state("one"))
    store.write(a_state("two"))
    assert store.read() == a_state("two")
    assert [path.name for path in (tmp_path / "a" / "b").iterdir()] == ["state.json"]


def test_reading_creates_nothing(tmp_path: Path) -> None:
    assert opened(None, tmp_path).read() is None
    assert not list(tmp_path.iterdir())


def test_a_symbolic_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / "state.json"
    link.symlink_to("real/ledger.json")
    store = a_store(link)
    assert store.read() is None
    with store.lock(0):
        store.write(a_state())
    assert link.is_symlink()
    assert store.read() == a_state() == a_store(tmp_path / "real" / "ledger.json").read()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["real", "state.json"]


def test_two_links_to_one_state_share_its_lock(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).symlink_to("state.json")
    with (
        a_store(tmp_path / "one").lock(0),
        pytest.raises(StateError, match="somebody else is applying"),
        a_store(tmp_path / "two").lock(0),
    ):
        pass


def test_a_link_into_a_folder_that_is_not_there_is_no_missing_state(tmp_path: Path) -> None:
    """A disk that is not mounted must not look like a first run."""
    (tmp_path / "state.json").symlink_to("unmounted/state.json")
    with pytest.raises(StateError, match="a link into a folder that is not there"):
        a_store(tmp_path / "state.json").read()


@pytest.mark.parametrize("kind", ["folder", "pipe", "loop", "below a file"])
def test_what_is_no_file_is_no_missing_state(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "state.json"
    match kind:
        case "folder":
            path.mkdir()
        case "pipe":
            os.mkfifo(path)
        case "loop":
            path.symlink_to("state.json")
        case _:
            path.write_text("")
            path = path / "state.json"
    with pytest.raises(StateError, match=r"the state in .* cannot be read") as caught:
        a_store(path).read()
    assert caught.value.code == "state.read"


def test_a_damaged_file_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    path.write_bytes(dumps(a_state()).encode().replace(b"Fjord", b"\xff\xff\xff\xff\xff"))
    with pytest.raises(StateError, match=r"state\.json is damaged") as caught:
        a_store(path).read()
    assert caught.value.code == "state.damaged"


def test_an_empty_file_is_damaged_and_not_missing(tmp_path: Path) -> None:
    (tmp_path / "state.json").touch()
    with pytest.raises(StateError, match="damaged"):
        a_store(tmp_path / "state.json").read()


def test_who_may_read_it_stays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    a_store(path).write(a_state("one"))
    path.chmod(0o640)
    a_store(path).write(a_state("two"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_gitignore_of_the_users_own_stays(tmp_path: Path) -> None:
    (tmp_path / ".publer-sync").mkdir()
    (tmp_path / ".publer-sync" / ".gitignore").write_text("")
    opened(None, tmp_path).write(a_state())
    assert (tmp_path / ".publer-sync" / ".gitignore").read_text() == ""


# --- whole at every moment ----------------------------------------------------------------------------------------------


def test_the_data_is_on_the_disk_before_the_name_and_the_name_before_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "state.json"
    a_store(path).write(a_state("one"))
    steps: list[str] = []
    fsync, replace = os.fsync, os.replace

    def noted_fsync(descriptor: int) -> None:
        what = os.fstat(descriptor)
        steps.append("folder" if os.path.samestat(what, tmp_path.stat()) else f"file of {what.st_size}")
        fsync(descriptor)

    def noted_replace(source: Path, target: Path) -> None:
        assert Path(source).parent == Path(target).parent
        steps.append("replace")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(os, "replace", noted_replace)
    a_store(path).write(a_state("two"))
    assert steps == [f"file of {len(dumps(a_state('two')))}", "replace", "folder"]


def test_a_new_folder_is_on_the_disk_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    fsync = os.fsync

    def noted(descriptor: int) -> None:
        synced.append(os.fstat(descriptor).st_ino)
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    a_store(tmp_path / "a" / "b" / "state.json").write(a_state())
    folders = (tmp_path, tmp_path / "a", tmp_path / "a" / "b")
    assert {folder.stat().st_ino for folder in folders} <= set(synced)


@contextmanager
def no_file_over(size: int) -> Iterator[None]:
    """As on a disk that is full after `size` bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_leaves_the_old_state(tmp_path: Path) -> None:
    store = a_store(tmp_path / "state.json")
    store.write(a_state("one"))
    with no_file_over(100), pytest.raises(StateError, match="cannot be written") as caught:
        store.write(a_state("two"))
    assert caught.value.code == "state.write"
    assert "Make room" in (caught.value.hint or "")
    assert store.read() == a_state("one")
    assert [path.name for path in tmp_path.iterdir()] == ["state.json"]


@pytest.mark.parametrize("call", ["fsync", "replace"])
@pytest.mark.parametrize(
    ("number", "cure"),
    [(errno.ENOSPC, "Make room"), (errno.EROFS, "Let this user write to"), (errno.EIO, "Look at")],
)
def test_a_disk_that_fails_leaves_the_old_state_and_says_what_helps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int, cure: str
) -> None:
    store = a_store(tmp_path / "state.json")
    store.write(a_state("one"))

    def fail(*args: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(os, call, fail)
        with pytest.raises(StateError, match=os.strerror(number).lower()) as caught:
            store.write(a_state("two"))
    assert (caught.value.hint or "").startswith(cure)
    assert store.read() == a_state("one")
    assert [path.name for path in tmp_path.iterdir()] == ["state.json"]


def test_a_file_system_that_cannot_sync_folders_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fsync = os.fsync

    def only_files(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", only_files)
    a_store(tmp_path / "state.json").write(a_state())
    assert a_store(tmp_path / "state.json").read() == a_state()


KILLED_OFTEN = """
import os, random, signal, sys, time
from pathlib import Path
from publer_sync.clock import Clock
from publer_sync.ledger.state import State
from publer_sync.ledger.store import FileStore

path = Path(sys.argv[1])

def write():
    store = FileStore(path, clock=Clock())
    with store.lock(5):
        state = store.read() or State("s", "w", "c")
        while True:
            state.next_key += 1
            state.excused = {"x" * random.randrange(200_000)}
            store.write(state)

last, loaded = 0, 0
for _ in range(40):
    child = os.fork()
    if child == 0:
        write()
    time.sleep(random.uniform(0.001, 0.04))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    state = FileStore(path, clock=Clock()).read()
    if state is not None:
        assert state.next_key >= last
        last, loaded = state.next_key, loaded + 1
print(loaded, last)
"""


def script(*words: str) -> list[str]:
    return [sys.executable, "-c", *words]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(publer_sync.__file__).parents[1])}


def test_killed_at_any_moment_the_state_is_whole_and_goes_forward(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    done = subprocess.run(
        script(KILLED_OFTEN, str(path)), capture_output=True, text=True, env=environment(), check=False
    )
    assert done.returncode == 0, done.stderr
    loaded, last = map(int, done.stdout.split())
    assert loaded > 10
    assert last > 10
    with a_store(path).lock(0):
        assert sorted(entry.name for entry in tmp_path.iterdir()) == ["state.json", "state.json.lock"]


def test_the_next_apply_clears_away_what_a_killed_one_left(tmp_path: Path) -> None:
    """And nothing else."""
    left = tmp_path / ".state.json.4711-00ff.tmp"
    others = [tmp_path / name for name in (".other.json.4711-00ff.tmp", "state.json.bak", ".state.json.txt")]
    for path in (left, *others):
        path.write_text("half")
    store = a_store(tmp_path / "state.json")
    assert store.read() is None
    assert left.exists()
    with store.lock(0):
        assert not left.exists()
        assert all(path.exists() for path in others)


# --- one at a time ------------------------------------------------------------------------------------------------------

HOLD = """
import sys
from pathlib import Path
from publer_sync.clock import Clock
from publer_sync.ledger.store import FileStore

with FileStore(Path(sys.argv[1]), clock=Clock()).lock(0):
    print("held", flush=True)
    sys.stdin.readline()
"""


@contextmanager
def held_by_another(path: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        script(HOLD, str(path)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_second_apply_waits_and_then_says_who_is_there(tmp_path: Path) -> None:
    clock = QuickClock()
    told: list[str] = []
    with held_by_another(tmp_path / "state.json") as process:
        store = FileStore(tmp_path / "state.json", clock=clock, tell=told.append)
        with pytest.raises(StateError) as caught, store.lock(30):
            pass
    error = caught.value
    assert error.code == "state.other"
    assert error.message.startswith(
        f"somebody else is applying: process {process.pid} on {os.uname().nodename}, since 20"
    )
    assert "there is nothing to remove" in (error.hint or "")
    assert 30 <= clock.slept < 31
    assert told == [error.message.replace("somebody else is applying", "waiting for another apply")]


def test_it_goes_on_when_the_other_is_done(tmp_path: Path) -> None:
    with held_by_another(tmp_path / "state.json") as process:

        class Handy(QuickClock):
            def sleep(self, seconds: float) -> None:
                process.communicate("done\n")
                super().sleep(seconds)

        with FileStore(tmp_path / "state.json", clock=Handy()).lock(30):
            assert process.returncode == 0


def test_the_lock_dies_with_its_holder(tmp_path: Path) -> None:
    with held_by_another(tmp_path / "state.json") as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
        with a_store(tmp_path / "state.json").lock(0):
            assert str(os.getpid()) in (tmp_path / "state.json.lock").read_text()


def test_reading_does_not_wait(tmp_path: Path) -> None:
    store = a_store(tmp_path / "state.json")
    with store.lock(0):
        store.write(a_state())
        assert a_store(tmp_path / "state.json").read() == a_state()


def test_the_lock_is_given_back_after_an_error(tmp_path: Path) -> None:
    store = a_store(tmp_path / "state.json")
    with pytest.raises(ZeroDivisionError), store.lock(0):
        raise ZeroDivisionError
    with store.lock(0):
        assert store.read() is None


def test_what_a_child_process_inherits_is_not_the_lock(tmp_path: Path) -> None:
    store = a_store(tmp_path / "state.json")
    with store.lock(0):
        child = subprocess.Popen(["sleep", "60"], close_fds=False)
    try:
        with store.lock(0):
            assert child.poll() is None
    finally:
        child.kill()
        child.wait()


def test_who_is_asked_to_stop_stops_waiting(tmp_path: Path) -> None:
    clock = Clock()
    clock.wake()
    with (
        a_store(tmp_path / "state.json").lock(0),
        pytest.raises(Interrupted),
        FileStore(tmp_path / "state.json", clock=clock).lock(5),
    ):
        pass


def test_a_lock_that_was_removed_ends_the_apply_before_it_writes(tmp_path: Path) -> None:
    """Another one may hold a new lock of the same name by then."""
    store = a_store(tmp_path / "state.json")
    with store.lock(0):
        store.write(a_state("one"))
        (tmp_path / "state.json.lock").unlink()
        with pytest.raises(StateError, match="was removed while") as caught:
            store.write(a_state("two"))
        assert caught.value.code == "state.lock"
        with a_store(tmp_path / "state.json").lock(0), pytest.raises(StateError, match="was removed while"):
            store.write(a_state("two"))
    assert store.read() == a_state("one")


def test_a_lock_on_a_file_that_is_gone_is_no_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file may be removed between opening and locking it."""
    path = tmp_path / "state.json.lock"
    flock = fcntl.flock
    turns = iter(range(99))

    def late(descriptor: int, how: int) -> None:
        if next(turns) == 0:
            path.unlink()
        flock(descriptor, how)

    monkeypatch.setattr(fcntl, "flock", late)
    with (
        a_store(tmp_path / "state.json").lock(5),
        pytest.raises(StateError, match="somebody else"),
        a_store(tmp_path / "state.json").lock(0),
    ):
        pass


def test_a_file_system_without_locks_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(descriptor: int, how: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with (
        pytest.raises(StateError, match="cannot be locked: no locks available") as caught,
        a_store(tmp_path / "s").lock(0),
    ):
        pass
    assert caught.value.code == "state.lock"
    assert "git:BRANCH" in (caught.value.hint or "")


@pytest.mark.parametrize("note", ["", "{", "[]", '{"pid": 1}', "\x00", "[" * 100_000])
def test_a_holder_that_left_no_name_is_named_so(tmp_path: Path, note: str) -> None:
    store = a_store(tmp_path / "state.json")
    with store.lock(0):
        (tmp_path / "state.json.lock").write_text(note)
        with pytest.raises(StateError, match="a process that did not say who it is"), store.lock(0):
            pass


def test_a_holders_name_cannot_drive_the_terminal(tmp_path: Path) -> None:
    store = a_store(tmp_path / "state.json")
    with store.lock(0):
        note = '{"pid": 1, "host": "\\u001b[31mx\\u202e", "since": "' + "y" * 999 + '"}'
        (tmp_path / "state.json.lock").write_text(note)
        with pytest.raises(StateError) as caught, store.lock(0):
            pass
    assert caught.value.message.isprintable()
    assert len(caught.value.message) < 300
