"""The ledger in a file: what is read, what is written, and what is said where that fails."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

import publer_sync
from publer_sync.ledger import elsewhere
from publer_sync.ledger.backup import NAME, Backup
from publer_sync.ledger.file_store import FileStore
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.runs import RunRecord
from publer_sync.ledger.state import State, dumps, loads
from publer_sync.values.errors import StateError
from tests.builders import NOW, SOON, shown
from tests.ledger.builders import QuickClock, a_state


def a_store(path: Path) -> FileStore:
    return FileStore(path, clock=QuickClock())


def test_what_is_written_is_read(tmp_path: Path) -> None:
    store = a_store(tmp_path / "a" / "b" / "state.json")
    assert store.read() is None
    assert not list(tmp_path.iterdir())
    store.write(a_state("one"))
    store.write(a_state("two"))
    assert store.read() == a_state("two")
    assert [path.name for path in (tmp_path / "a" / "b").iterdir()] == ["state.json"]


def test_a_state_that_others_look_at_is_parsed_once_and_nobody_changes_what_the_next_one_sees(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each calendar of a command reads those of all others, as they are then."""
    parsed: list[str | bytes] = []

    def counted(document: str | bytes, place: str) -> State:
        parsed.append(document)
        return loads(document, place)

    monkeypatch.setattr(elsewhere, "loads", counted)
    store = a_store(tmp_path / "state.json")
    store.write(a_state("one"))
    for _ in range(3):
        state = a_store(tmp_path / "state.json").read(trusting=True)
        assert state == a_state("one")
        state.copies.clear()
        state.holds = (Hold("storm", NOW),)
    assert len(parsed) == 1
    store.write(a_state("two"))
    assert a_store(tmp_path / "state.json").read(trusting=True) == a_state("two")


def test_a_part_that_others_look_at_is_read_where_there_is_one_and_has_what_was_announced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "state.json"
    with monkeypatch.context() as patched:
        patched.setattr(FileStore, "read", None)  # each of many calendars asks for those of all others
        assert a_store(place).part() is None
        a_store(place).write(a_state("one"))
        part = a_store(place).part()
        assert part is not None
        assert part.state == a_state("one")
        assert a_store(place).part() is part
    a_store(place).announce(Hold("a storm", NOW))
    held = a_store(place).part()
    assert held is not None
    assert held.state.holds == (Hold("a storm", NOW),)
    assert part.state.holds == (), "nobody changes what others see"
    place.write_text(dumps(replace(a_state("one"), ended=NOW)))
    for file in tmp_path.glob("hold-*"):
        file.unlink()
    assert a_store(place).part() is None


def test_a_hold_that_waits_for_a_part_is_no_part(tmp_path: Path) -> None:
    place = tmp_path / "state.json"
    a_store(place).announce(Hold("a storm", NOW))
    assert a_store(place).part() is None


def test_git_ignores_the_folder_of_our_own(tmp_path: Path) -> None:
    store = a_store(tmp_path / ".publer-sync" / "state.json")
    ignore = tmp_path / ".publer-sync" / ".gitignore"
    store.write(a_state())
    assert ignore.read_text() == "*\n"
    ignore.write_text("")  # the user may decide otherwise
    store.write(a_state())
    assert ignore.read_text() == ""


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
        pytest.raises(StateError, match="another apply is running"),
        a_store(tmp_path / "two").lock(0),
    ):
        pass


def test_a_link_into_a_missing_folder_is_not_a_missing_state(tmp_path: Path) -> None:
    """A disk that is not mounted must not look like a first run."""
    (tmp_path / "state.json").symlink_to("unmounted/state.json")
    with pytest.raises(StateError, match="is a link into a folder that does not exist"):
        a_store(tmp_path / "state.json").read()


@pytest.mark.parametrize(
    ("kind", "fix"),
    [
        ("folder", "Name a file, such as .publer-sync/state.json."),
        ("pipe", "Name a file, such as .publer-sync/state.json."),
        ("loop", "Let this user read it, or name another place with --state. Nothing was changed."),
        ("below a file", "Move that file away, or name another place with --state. Nothing was changed."),
    ],
)
def test_what_is_not_a_file_is_not_a_missing_state(tmp_path: Path, kind: str, fix: str) -> None:
    path = tmp_path / "state.json"
    match kind:
        case "folder":
            path.mkdir()
        case "pipe":
            if sys.platform == "win32":
                pytest.skip("Windows has no named pipes")
            os.mkfifo(path)
        case "loop":
            path.symlink_to("state.json")
        case _:
            path.write_text("")
            path = path / "state.json"
    with pytest.raises(StateError, match=r"the state in .* cannot be read") as caught:
        a_store(path).read()
    assert (caught.value.code, caught.value.hint) == ("state.read", fix)


@pytest.mark.parametrize(
    "document", [b"", dumps(a_state()).encode().replace(b"Fjord", b"\xff\xff\xff\xff\xff")]
)
def test_a_damaged_file_is_refused_by_name(tmp_path: Path, document: bytes) -> None:
    """An empty one too: it is not missing."""
    (tmp_path / "state.json").write_bytes(document)
    for trusting in (False, True):
        with pytest.raises(StateError, match=r"state\.json is damaged") as caught:
            a_store(tmp_path / "state.json").read(trusting=trusting)
        assert caught.value.code == "state.damaged"


@pytest.mark.parametrize(
    ("error", "fix"),
    [
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "Make room"),
        (OSError(errno.EROFS, os.strerror(errno.EROFS)), "Let this user write to"),
        (OSError(errno.EIO, os.strerror(errno.EIO)), "Check"),
        (OSError("The Disk Is Odd"), "Check"),
    ],
)
def test_a_state_that_cannot_be_written_stays_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, fix: str
) -> None:
    store = a_store(tmp_path / "state.json")
    store.write(a_state("one"))

    def fail(*args: object) -> None:
        raise error

    monkeypatch.setattr(os, "replace", fail)
    reason = (error.strerror or str(error)).lower()
    with pytest.raises(StateError, match=f"cannot be written: {reason}") as caught:
        store.write(a_state("two"))
    assert caught.value.code == "state.write"
    assert (caught.value.hint or "").startswith(fix)
    assert store.read() == a_state("one")


def test_a_hold_is_announced_where_there_is_no_state_yet_and_goes_with_the_next_write_or_the_state(
    tmp_path: Path,
) -> None:
    place = tmp_path / "new" / "state.json"
    runs = (RunRecord(NOW, "apply"),)
    held = replace(a_state("one"), holds=(Hold("a storm", NOW),), last_apply=NOW, runs=runs)
    for end in (False, True):
        a_store(place).hold_beside(held.holds[0])
        assert [file.name.startswith("hold-") for file in place.parent.iterdir()] == [True]
        store = a_store(place)
        store.write(held)
        a_store(place).hold_beside(held.holds[0])
        store = a_store(place)
        assert store.read() == held
        assert not store.halted()
        if end:
            store.end(tmp_path / "backup.json", None)
            assert not list(place.parent.iterdir())
            assert loads((tmp_path / "backup.json").read_bytes(), "x") == held
        else:
            store.write(held)
            assert [file.name for file in place.parent.iterdir()] == ["state.json"], "the state has it"
            place.unlink()


def test_a_run_that_saw_all_unchanged_soon_after_another_one_writes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    a_store(file).write(replace(a_state("one"), last_apply=NOW, runs=(RunRecord(NOW, "apply"),)))
    before = file.read_bytes()
    for hours, written in ((1, False), (7, True)):
        store, at = a_store(file), NOW + timedelta(hours=hours)
        state = store.read()
        assert state is not None
        store.write(replace(state, last_apply=at, runs=(RunRecord(at, "apply", "Kari"),)))
        assert (file.read_bytes() != before) is written


def test_the_list_of_what_publer_had_is_beside_the_state_and_its_folder_is_made(tmp_path: Path) -> None:
    store = a_store(tmp_path / ".publer-sync" / "state.json")
    for name in (NAME, "before-first-apply-2.json"):
        file = Path(store.back_up(Backup([shown(SOON, "Words")], "ws1", NOW)))
        assert file == tmp_path / ".publer-sync" / name
        assert json.loads(file.read_text())["posts"][0]["text"] == "Words"
    assert (tmp_path / ".publer-sync" / ".gitignore").is_file()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
@pytest.mark.parametrize(
    ("size", "limit", "fits"), [(None, 100, False), (None, 5_000, True), (9_000, 8_000, False)]
)
def test_whether_a_state_can_be_written_is_tried_with_as_much_as_it_has(
    tmp_path: Path, size: int | None, limit: int, fits: bool
) -> None:
    import resource

    if size is not None:
        (tmp_path / "state.json").write_bytes(bytes(size))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        with nullcontext() if fits else pytest.raises(StateError, match="cannot be written"):
            a_store(tmp_path / "state.json").check_writable()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_whoever_holds_the_lock_clears_away_what_a_killed_run_left(tmp_path: Path) -> None:
    folder = tmp_path / ".publer-sync"
    store = a_store(folder / "state.json")
    with store.lock(0):
        assert {file.name for file in folder.iterdir()} == {".gitignore", "state.json.lock"}
    (folder / ".state.json.12-0123abcd.tmp").write_text("half")
    with store.lock(0):
        assert {file.name for file in folder.iterdir()} == {".gitignore", "state.json.lock"}


def test_a_file_where_a_folder_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "states").write_text("not a folder")
    store = a_store(tmp_path / "states" / "one" / "state.json")
    for use in (store.read, store.lock(0).__enter__, lambda: store.write(a_state())):
        with pytest.raises(StateError, match=r"/states is a file, not a folder$") as error:
            use()
        assert (error.value.hint or "").startswith("Move that file away, or name another place with --state")


def test_reading_does_not_wait_for_a_lock(tmp_path: Path) -> None:
    store = a_store(tmp_path / "state.json")
    with store.lock(0):
        store.write(a_state())
        assert a_store(tmp_path / "state.json").read() == a_state()


def test_a_lock_that_was_removed_ends_the_apply_before_it_writes(tmp_path: Path) -> None:
    """Another apply may hold a new lock of the same name."""
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


def test_a_folder_that_became_a_file_ends_the_apply_before_it_writes(tmp_path: Path) -> None:
    store = a_store(tmp_path / "states" / "state.json")
    with store.lock(0):
        (tmp_path / "states").rename(tmp_path / "moved")
        (tmp_path / "states").write_text("not a folder")
        with pytest.raises(StateError, match="was removed while"):
            store.write(a_state())


KILLED_OFTEN = """
import os, random, signal, sys, time
from pathlib import Path

import filelock  # now, as most children do not live long enough
from publer_sync.machine.clock import Clock
from publer_sync.ledger.file_store import FileStore
from publer_sync.ledger.state import State

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
while last < 40 or loaded < 20:
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


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fork")
def test_killed_at_any_moment_the_state_is_whole_and_goes_forward(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    done = subprocess.run(
        [sys.executable, "-c", KILLED_OFTEN, str(path)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(publer_sync.__file__).parents[1])},
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    loaded, last = map(int, done.stdout.split())
    assert loaded >= 20
    assert last >= 40
    with a_store(path).lock(0):
        assert sorted(entry.name for entry in tmp_path.iterdir()) == ["state.json", "state.json.lock"]


@pytest.mark.parametrize(
    "hold", ["", "5", "[]", "{}", '{"removing": 5}', '{"reason": "a storm", "since": 5}']
)
def test_a_hold_beside_the_state_that_cannot_be_read_ends_everything_and_is_named(
    tmp_path: Path, hold: str
) -> None:
    """What it was to keep out of Publer is not known."""
    store = a_store(tmp_path / "state.json")
    store.write(a_state())
    store.announce(Hold("a storm", NOW))
    (file,) = tmp_path.glob("hold-*")
    file.write_text(hold)
    with pytest.raises(StateError, match="a hold beside the state cannot be read") as caught:
        a_store(tmp_path / "state.json").read()
    assert file.name in caught.value.message
    assert caught.value.code == "state.damaged"
