"""The ledger in a folder: a file for each calendar, several of which are written as one."""

from __future__ import annotations

import errno
import json
import os
import shlex
import subprocess
import sys
import threading
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.ledger.copies import End
from publer_sync.ledger.file_store import FileStore
from publer_sync.ledger.folder_store import FolderStore, states_in
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.journal import JOURNAL, Journal
from publer_sync.ledger.relocating import marker_of
from publer_sync.ledger.state import State, dumps, loads
from publer_sync.ledger.store import default_place
from publer_sync.values.errors import RacedStateError, StateError
from tests.builders import LATER, NOW, SOON, copy_of, ledger, sent, wanted
from tests.ledger.builders import QuickClock, a_state

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def part(root: Path, calendar: str = "acme", *, older: tuple[Path, ...] = ()) -> FolderStore:
    return FolderStore(root / "ws1", calendar, root=root, clock=QuickClock(), older=older)


def put(root: Path, calendar: str, mark: str) -> None:
    store = part(root, calendar)
    store.read()
    with store.lock(0):
        store.write(a_state(mark, calendar))


def test_each_calendar_has_a_file_and_sees_those_of_the_others(tmp_path: Path) -> None:
    put(tmp_path, "acme", "one")
    put(tmp_path, "clients/globex", "two")
    part(tmp_path, "acme").announce(Hold("why", NOW))
    assert (tmp_path / "ws1" / "clients" / "globex.json").is_file()
    assert part(tmp_path, "acme").names_beside() == ["clients/globex"]
    assert part(tmp_path, "clients/globex").names_beside() == ["acme"]
    assert part(tmp_path).managed_elsewhere().states == {"clients/globex": a_state("two", "clients/globex")}


def test_one_that_is_damaged_keeps_no_other_one_from_being_read(tmp_path: Path) -> None:
    put(tmp_path, "acme", "one")
    (tmp_path / "ws1" / "globex.json").write_text("{")
    found = part(tmp_path).managed_elsewhere()
    assert ([*found.states], [*found.unreadable]) == ([], ["globex"])
    assert part(tmp_path).read() == a_state("one", "acme")
    with pytest.raises(StateError, match=r"globex\.json is damaged"):
        part(tmp_path, "globex").read()


def _nothing(root: Path) -> None:
    put(root, "other", "one")


def _a_part(root: Path) -> None:
    put(root, "acme", "one")


def _a_journal(root: Path) -> None:
    """As a run leaves it that was killed before it wrote the part."""
    _nothing(root)
    document = dumps(a_state("one", "acme"))
    (root / "ws1" / JOURNAL).write_text(json.dumps({"acme.json": document}))


def _an_older_state(root: Path) -> None:
    (root / "older.json").write_text(dumps(a_state("one", "calendar")))


def _a_link_to_itself(root: Path) -> None:
    _nothing(root)
    (root / "ws1" / "acme.json").symlink_to("acme.json")


def _a_link_to_what_is_not_mounted(root: Path) -> None:
    _nothing(root)
    (root / "ws1" / "acme.json").symlink_to(root / "gone" / "acme.json")


def _a_file_as_the_folder(root: Path) -> None:
    (root / "ws1").write_text("")


@pytest.mark.parametrize(
    "made",
    [
        *(_nothing, _a_part, _a_journal, _an_older_state, _a_link_to_itself, _a_link_to_what_is_not_mounted),
        _a_file_as_the_folder,
    ],
)
def test_a_look_misses_nothing_that_is_read_or_cannot_be(
    tmp_path: Path, made: Callable[[Path], None]
) -> None:
    """What other calendars manage is read only where a look finds something."""
    made(tmp_path)
    store = part(tmp_path, older=(tmp_path / "older.json",))
    assert store.is_there() is (made is not _nothing)
    if made in (_a_link_to_itself, _a_link_to_what_is_not_mounted, _a_file_as_the_folder):
        with pytest.raises(StateError):
            store.read()
    else:
        assert (store.read() is not None) is store.is_there()


def test_a_ledger_that_cannot_be_listed_is_not_taken_for_an_empty_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else what others manage would be nobody's."""
    put(tmp_path, "clients/globex", "one")
    ask = os.scandir

    def scandir(path: Any) -> Any:
        if os.fspath(path).endswith("clients"):
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return ask(path)

    monkeypatch.setattr(os, "scandir", scandir)
    store = part(tmp_path, "acme")
    with pytest.raises(StateError, match="cannot be read: permission denied"):
        store.managed_elsewhere()
    monkeypatch.undo()
    assert [*store.managed_elsewhere().states] == ["clients/globex"]
    assert part(tmp_path / "new").managed_elsewhere().states == {}, "a folder that is not there yet"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    put(tmp_path, "acme", "one")
    file = tmp_path / "ws1" / "acme.json"
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o644)
    put(tmp_path, "acme", "two")
    assert file.stat().st_mode & 0o777 == 0o600


def test_names_that_differ_in_case_alone_are_one(tmp_path: Path) -> None:
    put(tmp_path, "Acme", "one")
    store = part(tmp_path, "acme")
    assert store.read() == a_state("one", "Acme")
    assert store.names_beside() == []


def test_names_that_differ_in_case_alone_are_two_where_the_disk_has_both(tmp_path: Path) -> None:
    put(tmp_path, "Acme", "one")
    if (tmp_path / "ws1" / "ACME.json").exists():
        return  # a disk on which they are one
    (tmp_path / "ws1" / "acme.json").write_text(dumps(a_state("two", "acme")))
    for name, mark in (("acme", "two"), ("Acme", "one")):
        assert part(tmp_path, name).read() == a_state(mark, name)


# --- a calendar that was renamed ------------------------------------------------------------------------------------


def renamed(root: Path) -> FolderStore:
    """The calendar `old`, as `new`."""
    store = part(root, "new")
    assert (store.read(), store.instead_of("ghost")) == (None, None)
    assert store.instead_of("old") == replace(a_state("one", "new"), was=("old",))
    return store


def test_the_part_of_a_calendar_that_was_renamed_goes_with_the_next_write(tmp_path: Path) -> None:
    put(tmp_path, "old", "one")
    put(tmp_path, "other", "one")
    store = renamed(tmp_path)
    assert store.names_beside() == ["other"], "the old name is its own"
    with store.lock(0):
        store.write(a_state("two", "new"))
    assert (part(tmp_path, "old").read(), part(tmp_path, "new").read()) == (None, a_state("two", "new"))
    assert store.names_beside() == ["other"]
    store.write(a_state("three", "new"))


def test_holds_of_a_calendar_that_was_renamed_are_heard_under_either_name(tmp_path: Path) -> None:
    put(tmp_path, "old", "one")
    part(tmp_path, "old").announce(Hold("before", NOW))
    store = part(tmp_path, "new")
    store.read()
    state = store.instead_of("old")
    assert state is not None
    assert [hold.reason for hold in state.holds] == ["before"]
    assert not store.halted()
    store.hold_beside(Hold("its own", NOW))
    heard = part(tmp_path, "old").read()
    assert heard is not None
    assert {hold.reason for hold in heard.holds} == {"before", "its own"}
    assert store.halted()
    with store.lock(0):
        store.write(state)
    assert len([*(tmp_path / "ws1").glob("hold-*")]) == 1, (
        "the state has the first, and has not heard of the other"
    )


def test_a_part_that_was_renamed_and_written_meanwhile_is_not_taken_over(tmp_path: Path) -> None:
    put(tmp_path, "old", "one")
    store = renamed(tmp_path)
    put(tmp_path, "old", "two")
    with (
        store.lock(0),
        pytest.raises(StateError, match="another calendar took over the state of old") as caught,
    ):
        store.write(a_state("one", "new"))
    assert caught.value.code == "state.raced"
    assert part(tmp_path, "old").read() == a_state("two", "old")


def both(root: Path) -> tuple[FolderStore, FolderStore]:
    stores = part(root, "acme"), part(root, "globex")
    for store in stores:
        store.read()
    return stores


def texts(root: Path) -> list[str | None]:
    states = [part(root, name).read() for name in ("acme", "globex")]
    return [next(iter(state.excused)) if state else None for state in states]


def test_two_parts_are_written_as_one(tmp_path: Path) -> None:
    put(tmp_path, "acme", "old")
    one, other = both(tmp_path)
    with one.lock(0), other.lock(0):
        assert one.write_with(a_state("new", "acme"), other, a_state("new", "globex"))
    assert texts(tmp_path) == ["new", "new"]
    elsewhere = part(tmp_path / "other")
    assert not one.write_with(a_state("x", "acme"), elsewhere, a_state("x", "globex"))
    assert not part(tmp_path, "third").is_there(), "the journal is done with"
    file = FileStore(tmp_path / "state.json", clock=QuickClock())
    assert (one.is_beside(other), one.is_beside(elsewhere), one.is_beside(file)) == (True, False, False)


@pytest.mark.parametrize("name", ["acme", "globex"])
def test_two_parts_are_not_written_once_the_lock_of_one_was_removed(tmp_path: Path, name: str) -> None:
    one, other = both(tmp_path)
    with one.lock(0), other.lock(0):
        (tmp_path / "ws1" / f"{name}.json.lock").unlink()
        with pytest.raises(StateError, match="was removed while"):
            one.write_with(a_state("new", "acme"), other, a_state("new", "globex"))
    assert texts(tmp_path) == [None, None]


def test_the_folder_of_our_own_is_made_and_ignored_by_git(tmp_path: Path) -> None:
    root = tmp_path / ".publer-sync"
    part(tmp_path / "announced" / ".publer-sync", "clients/acme").announce(Hold("why", NOW))
    part(tmp_path / "written" / ".publer-sync", "clients/acme").write(a_state("one", "clients/acme"))
    assert len([*tmp_path.rglob(".gitignore")]) == 2
    store = part(root, "clients/acme")
    store.read()
    store.write(a_state("one", "clients/acme"))
    assert states_in(root) == {"ws1/clients/acme.json": a_state("one", "clients/acme")}
    assert states_in(tmp_path / "none") == {}
    (root / "ws1" / "damaged.json").write_text("{")
    assert len(states_in(root)) == 1


def test_a_part_is_written_once_nobody_else_writes_beside_it(tmp_path: Path) -> None:
    put(tmp_path, "globex", "one")
    store = part(tmp_path, "acme")
    store.read()
    writing = threading.Thread(target=store.write, args=(a_state("new", "acme"),))
    with Journal(tmp_path / "ws1").alone():
        writing.start()
        writing.join(0.05)
        assert texts(tmp_path) == [None, "one"]
    writing.join()
    assert texts(tmp_path) == ["new", "one"]


class Killed(BaseException):
    pass


@pytest.mark.parametrize("number", range(1, 6))
def test_killed_in_between_it_is_done_as_a_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """At each file that takes its place: the reader sees both or none, and so does the next writer."""
    for name in ("acme", "globex"):
        put(tmp_path, name, "old")
    one, other = both(tmp_path)
    real, done = os.replace, 0

    def replaced(*args: object) -> None:
        nonlocal done
        done += 1
        if done == number:
            raise Killed
        real(*args)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr("publer_sync.machine.durable.os.replace", replaced)
    if number < 5:
        with one.lock(0), other.lock(0), pytest.raises(Killed):
            one.write_with(a_state("new", "acme"), other, a_state("new", "globex"))
    else:  # the journal, both files, and the end of the journal
        with one.lock(0), other.lock(0):
            one.write_with(a_state("new", "acme"), other, a_state("new", "globex"))
    monkeypatch.setattr("publer_sync.machine.durable.os.replace", real)
    expected = ["old", "old"] if number == 1 else ["new", "new"]
    assert texts(tmp_path) == expected
    assert [*part(tmp_path, "acme").managed_elsewhere().states["globex"].excused] == expected[1:]
    put(tmp_path, "globex", "newer")
    assert texts(tmp_path) == [expected[0], "newer"], "what is finished later does not overwrite it"


def test_a_reader_sees_no_half_of_a_write_that_is_done_while_it_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(tmp_path)
    journal.write({"a": b"old", "b": b"old"})
    real, times = Journal._on_disk, 0

    def read(self: Journal, path: str) -> bytes | None:
        nonlocal times
        times += 1
        found = real(self, path)
        if times == 1:
            Journal(tmp_path).write({"a": b"new", "b": b"new"})
        return found

    monkeypatch.setattr(Journal, "_on_disk", read)
    assert journal.read(["a", "b"]) == {"a": b"new", "b": b"new"}


def test_a_journal_removes_files_too(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.write({"a": b"1", "inner/b": b"2"})
    journal.write({"a": None, "inner/b": b"3"})
    assert journal.read(["a", "inner/b"]) == {"a": None, "inner/b": b"3"}
    assert not (tmp_path / "a").exists()
    (tmp_path / JOURNAL).write_text('{"c": "4"}')
    journal.write({"inner/b": b"5"})
    assert journal.read(["c", "inner/b"]) == {"c": b"4", "inner/b": b"5"}, (
        "what a killed run left comes first"
    )


@pytest.mark.parametrize(
    "damaged",
    [b"{", b"[1]", b"\xff", b'{"acme.json": 5}', b'{"../acme.json": "x"}', b'{"/tmp/acme.json": "x"}'],
)
def test_a_journal_that_is_damaged_is_refused_and_the_named_step_helps(
    tmp_path: Path, damaged: bytes
) -> None:
    put(tmp_path, "acme", "one")
    file = tmp_path / "ws1" / ".write"
    file.write_bytes(damaged)
    store = part(tmp_path)
    with pytest.raises(StateError, match=r"\.write is not what publer-sync wrote") as told:
        store.read()
    with store.lock(0), pytest.raises(StateError, match=r"\.write is not what publer-sync wrote"):
        store.write(a_state("two"))
    step = (told.value.hint or "").partition("away: ")[2].partition("\n")[0]
    subprocess.run(shlex.split(step), check=True)
    assert store.read() == a_state("one", "acme")
    assert not (tmp_path / "acme.json").exists()


def test_hold_sets_a_damaged_journal_aside_and_nothing_else_does(tmp_path: Path) -> None:
    put(tmp_path, "acme", "one")
    store, file = part(tmp_path), tmp_path / "ws1" / ".write"
    assert store.recover() == ""
    for number in (1, 2):
        file.write_bytes(b"{")
        assert store.recover(anew=True) == ""
        assert file.read_bytes() == b"{"
        assert ".write.damaged" in store.recover()
        assert not file.exists()
        assert len([*file.parent.glob(".write.damaged*")]) == number
        assert store.read() == a_state("one", "acme")


def test_a_post_that_another_part_has_by_now_is_not_taken(tmp_path: Path) -> None:
    """Two calendars that are applied at once were planned before either had written anything."""
    post = wanted(SOON, "Hello")
    sent_here, known = sent(post), copy_of(post, post_id="p-1")
    for ours, theirs, refused in (
        (sent_here, sent_here, True),
        (sent_here, known, True),
        (known, known, True),
        (sent_here, sent(wanted(SOON, "Other words")), False),
        (sent_here, sent(wanted(LATER, "Hello")), False),
        (known, copy_of(post, post_id="p-2"), False),
        (sent_here, sent_here.ending(End.NEVER_CAME, NOW), False),
    ):
        root = tmp_path / os.urandom(4).hex()
        one, other = both(root)
        with other.lock(0):
            other.write(ledger(theirs))
        with one.lock(0):
            with pytest.raises(RacedStateError, match="calendar globex") if refused else nullcontext():
                one.write(ledger(ours))
            one.write(ledger())


def test_what_two_parts_have_already_keeps_neither_from_being_written(tmp_path: Path) -> None:
    """A hold has to be written to each of them."""
    known = copy_of(wanted(SOON, "Hello"), post_id="p-1")
    for name in ("acme", "globex"):
        put(tmp_path, name, "old")
        part(tmp_path, name).path.write_text(dumps(ledger(known)))
    one, _ = both(tmp_path)
    with one.lock(0):
        one.write(ledger(known, holds=(Hold("why", NOW),)))


# --- states of earlier versions -------------------------------------------------------------------------------------


def test_the_state_of_an_earlier_version_is_read_and_taken_over_by_the_first_write(tmp_path: Path) -> None:
    old = tmp_path / "calendar" / ".publer-sync" / "state.json"
    old.parent.mkdir(parents=True)
    old.write_text(dumps(a_state("old", "its-name-then")))
    (old.parent / "hold-0123abcd.state.json").write_text(json.dumps(Hold("why", NOW).to_json())[:-1] + "\n}")
    store = part(tmp_path / "ledger", older=(old,))
    state = store.read()
    assert state is not None
    assert (state.calendar, state.excused, [hold.reason for hold in state.holds]) == (
        "acme",
        {"old"},
        ["why"],
    )
    assert store.taken_over is not None
    assert store.taken_over.calendar == "its-name-then"
    assert not (tmp_path / "ledger").exists(), "reading writes nothing"
    with store.lock(0):
        store.write(state)
    again = part(tmp_path / "ledger", older=(old,))
    assert again.read() == state
    assert again.taken_over is None
    marker = json.loads(old.read_text())
    assert (marker["format_version"], marker["posts"], marker["moved"]["name"]) == (4, [], "acme")


def an_older(root: Path, state: State) -> FolderStore:
    """With the file of an earlier version."""
    (root / "state.json").write_text(dumps(state))
    return part(root / "ledger", older=(root / "state.json",))


def test_a_hold_is_announced_where_an_earlier_version_hears_it_too(tmp_path: Path) -> None:
    store = an_older(tmp_path, a_state("old"))
    store.read()
    assert not store.halted()
    other = part(tmp_path / "ledger", older=(tmp_path / "state.json",))
    other.read()
    other.announce(Hold("why", NOW))
    assert store.halted()
    assert len([*tmp_path.glob("hold-*.state.json")]) == 1
    new = part(tmp_path / "ledger")
    new.announce(Hold("another", NOW))
    store.read()
    assert not store.halted(), "it heard the first, and none waits beside its own part that it did not"
    part(tmp_path / "ledger").announce(Hold("a third", NOW))
    assert store.halted()


@pytest.mark.parametrize("rest", [None, replace(a_state("rest", "acme"), excused=set(), ended=NOW)])
def test_the_state_of_an_earlier_version_is_ended_where_it_is(tmp_path: Path, rest: State | None) -> None:
    store = an_older(tmp_path, a_state("old"))
    store.read()
    with store.lock(0):
        store.end(tmp_path / "backup.json", rest)
    assert loads((tmp_path / "backup.json").read_bytes(), "x") == a_state("old")
    assert not (tmp_path / "state.json").exists()
    again = an_older(tmp_path, a_state("of another one"))
    state = again.read()
    assert again.rest == rest
    assert (state is None) is (rest is not None), "what was ended is not begun again from a file of before"


def test_a_state_of_an_earlier_version_that_was_moved_says_where(tmp_path: Path) -> None:
    marker = marker_of(a_state("old", "its-name"), "its-name-now", "elsewhere")
    state = an_older(tmp_path, marker).read()
    assert state == marker


def test_an_earlier_version_is_kept_out_while_its_state_is_taken_over(tmp_path: Path) -> None:
    old = tmp_path / "state.json"
    old.write_text(dumps(a_state("old")))
    store, before = part(tmp_path / "ledger", older=(old,)), FolderStore.__base__
    assert before is not None
    with part(tmp_path / "ledger", older=(tmp_path / "none" / "state.json",)).lock(0):
        assert not (tmp_path / "none").exists()
    earlier = before(old, clock=QuickClock())
    with store.lock(0), pytest.raises(StateError, match="another apply is running"), earlier.lock(0):
        pass
    with earlier.lock(0), pytest.raises(StateError, match="another apply is running"), store.lock(0):
        pass


def test_where_there_is_a_part_the_state_of_an_earlier_version_is_left(tmp_path: Path) -> None:
    put(tmp_path, "acme", "new")
    old = tmp_path / "state.json"
    old.write_text(dumps(a_state("old")))
    before = old.read_bytes()
    store = part(tmp_path, older=(old,))
    assert store.read() == a_state("new", "acme")
    with store.lock(0):
        store.write(a_state("newer", "acme"))
    assert old.read_bytes() == before
    with FileStore(old, clock=QuickClock()).lock(0), store.lock(0):
        pass  # nothing is taken from there, so nobody is waited for


# --- where it is ----------------------------------------------------------------------------------------------------


def test_the_default_place_is_shared_by_all_work_trees_and_never_copied_with_a_calendar(
    tmp_path: Path,
) -> None:
    repository = tmp_path / "repository"
    calendar = repository / "calendar"
    calendar.mkdir(parents=True)
    assert default_place(calendar) == calendar / ".publer-sync"
    subprocess.run(["git", "init", "-q", str(repository)], check=True)
    assert default_place(calendar) == repository / ".git" / "publer-sync"
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", "-C", str(repository)]
    (calendar / "publer.yaml").write_text("timezone: UTC\n")
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-qm", "one"], check=True)
    subprocess.run([*git, "worktree", "add", "-q", str(tmp_path / "beside")], check=True)
    assert default_place(tmp_path / "beside" / "calendar") == repository / ".git" / "publer-sync"


def test_an_apply_notices_a_hold_that_is_announced_while_it_runs(tmp_path: Path) -> None:
    put(tmp_path, "acme", "one")
    running = part(tmp_path)
    running.read()
    assert not running.halted()
    part(tmp_path).announce(Hold("why", NOW))
    assert running.halted()
    running.read()
    assert not running.halted(), "it has heard of it"
