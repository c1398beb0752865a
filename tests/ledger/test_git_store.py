"""The ledger on a branch: what is pushed, who wins, and what a rejected push says."""

from __future__ import annotations

import json
import math
import os
import re
import signal
import subprocess
import sys
import threading
from collections import Counter
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.ledger import git_remote
from publer_sync.ledger.backup import Backup
from publer_sync.ledger.elsewhere import Elsewhere
from publer_sync.ledger.git_command import Git, GitResult
from publer_sync.ledger.git_remote import Fetched
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.lock import turn
from publer_sync.ledger.relocating import marker_of, relocate, relocated
from publer_sync.ledger.repositories import Repositories
from publer_sync.ledger.runs import RunLine, RunRecord
from publer_sync.ledger.state import Moved, State, dumps
from publer_sync.ledger.store import open_store
from publer_sync.machine.clock import Clock
from publer_sync.values.errors import BusyStateError, StateError
from tests.builders import LATER, SOON, copy_of, ledger, shown, wanted
from tests.ledger.builders import SERVICE, QuickClock, a_state
from tests.ledger.git_world import BRANCH, COPY, REF, World, contents, git

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from publer_sync.ledger.git_store import GitStore

pytestmark = pytest.mark.slow


# --- what is kept -----------------------------------------------------------------------------------------------------


def test_what_one_run_pushes_the_next_one_reads(world: World) -> None:
    first = world.store()
    assert first.read() is None
    first.write(a_state("one"))
    first.write(a_state("two"))
    assert world.store().read() == a_state("two")
    assert world.state_text() + "\n" == dumps(a_state("two"))
    assert git(world.remote, "rev-list", "--count", BRANCH) == "2"


def test_the_branch_starts_with_nothing_but_the_state(world: World) -> None:
    world.store().write(a_state())
    assert git(world.remote, "ls-tree", "-r", "--name-only", BRANCH) == "ws1/calendar.json"
    assert git(world.remote, "fsck", "--strict", "--no-dangling") == ""


def _backup(text: str) -> Backup:
    return Backup((shown(SOON, text, id="p-1"),), "ws1", LATER)


def test_what_publer_had_before_goes_to_the_branch_without_its_words(world: World) -> None:
    store = world.store()
    store.read()
    where = store.back_up(_backup("Nobody's business"))
    store.write(a_state())
    assert where == f"git:{BRANCH} (ws1/before-first-apply.json)"
    document = json.loads(world.state_text("ws1/before-first-apply.json"))
    [post] = document["posts"]
    assert post.keys() == {"id", "account", "scheduled_at", "digest"}
    other = world.store("clients/acme")
    other.read()
    assert other.names_beside() == ["calendar"]
    assert other.managed_elsewhere().unreadable == {}


def test_calendars_that_begin_at_once_keep_one_list_of_what_publer_had(world: World) -> None:
    stores = [world.store(), world.store("clients/acme")]
    for store in stores:
        store.read()
        store.back_up(_backup(store.where))
    for store in stores:
        store.write(a_state())
    files = git(world.remote, "ls-tree", "-r", "--name-only", BRANCH).splitlines()
    assert files == ["ws1/before-first-apply.json", "ws1/calendar.json", "ws1/clients/acme.json"]


def test_commits_are_by_publer_sync_and_nobody_else(world: World) -> None:
    world.store("clients/acme").write(a_state())
    told = git(world.remote, "log", "-1", "--format=%an <%ae>|%cn <%ce>|%s|%G?", BRANCH)
    tool = "publer-sync <publer-sync@localhost>"
    assert told == f"{tool}|{tool}|publer-sync state of clients/acme|N"


def test_what_other_calendars_of_the_workspace_manage_is_known(world: World) -> None:
    ours, theirs = world.store(), world.store("clients/acme")
    assert (ours.read(), ours.managed_elsewhere()) == (None, Elsewhere())
    ours.write(ledger(copy_of(wanted(SOON), post_id="p-1")))
    theirs.read()
    theirs.write(ledger(copy_of(wanted(LATER), post_id="p-2")))
    assert theirs.managed_elsewhere().by_id == {"p-1": "calendar"}
    assert not ours.managed_elsewhere().by_id, (
        "what was pushed since is looked at where it matters: by the next write"
    )
    ours.write(ledger(copy_of(wanted(LATER), post_id="p-3")))
    assert ours.managed_elsewhere().by_id == {"p-2": "clients/acme"}


def test_calendars_of_one_command_open_and_fetch_a_branch_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "two", "three"):
        world.apply(name, name)
    started: list[str] = []
    run = Git.run

    def counted(self: Git, *words: str, **more: Any) -> GitResult:
        started.append(words[0])
        return run(self, *words, **more)

    monkeypatch.setattr(Git, "run", counted)
    command = Repositories()
    stores = {name: world.store(name, repositories=command) for name in ("one", "two", "three")}
    for name, store in stores.items():
        assert store.read() == a_state(name, name)
        assert store.names_beside() == sorted({*stores} - {name})
        assert {*store.managed_elsewhere().states} == {*stores} - {name}
    assert Counter(started)["fetch"] == Counter(started)["init"] == Counter(started)["cat-file"] == 1
    assert len(started) < 12, started
    started.clear()
    stores["one"].write(a_state("again", "one"))
    stores["two"].write(a_state("again", "two"))
    assert Counter(started) == {"fast-import": 2, "push": 2}, "what one pushed, the other one knows"


# --- what other calendars got meanwhile -----------------------------------------------------------------------------------


def test_a_write_ends_where_another_calendar_has_come_to_know_its_post(world: World) -> None:
    """Both adopt the same post, neither has seen the other do it."""
    ours, theirs = world.store(), world.store("clients/acme")
    assert ours.read() is theirs.read() is None
    theirs.write(replace(ledger(copy_of(wanted(SOON), post_id="p-1")), calendar="clients/acme"))
    mine = ledger(copy_of(wanted(SOON), post_id="p-1"))
    with raced():
        ours.write(mine)
    assert ours.read() is None
    ours.write(mine)  # it was seen this time: whoever decides so knows that the other one has it


@pytest.mark.parametrize("ours_is_known", [False, True])
def test_a_write_ends_where_both_wait_for_the_same_post(world: World, ours_is_known: bool) -> None:
    ours, theirs = world.store(), world.store("clients/acme")
    assert ours.read() is theirs.read() is None
    claim = copy_of(wanted(SOON), post_id=None)
    theirs.write(replace(ledger(claim), calendar="clients/acme"))
    with raced():
        ours.write(ledger(replace(claim, post_id="p-1") if ours_is_known else claim))


def test_a_write_goes_on_where_another_calendar_does_something_else(world: World) -> None:
    world.store("clients/acme").write(ledger(copy_of(wanted(SOON), post_id="p-1")))
    ours, theirs = world.store(), world.store("clients/acme")
    ours.read()
    theirs.read()
    theirs.write(
        ledger(copy_of(wanted(SOON), post_id="p-1"), copy_of(wanted(LATER, text="Else"), 2, post_id=None))
    )
    ours.write(ledger(copy_of(wanted(SOON), post_id="p-1"), copy_of(wanted(LATER), 2, post_id=None)))
    assert world.store().read() is not None


def hands_over(world: World, key: int) -> None:
    """Another run takes an entry to another calendar, in one write."""
    giver, receiver = world.store(), world.store("clients/acme")
    state, theirs = giver.read(), receiver.read()
    assert state is not None
    theirs = theirs or replace(ledger(), calendar="clients/acme")
    for copy in state.entries()[key].copies:
        new = theirs.new_key()
        theirs.put(replace(copy, key=new, entry=new))
    state.forget(key)
    giver.write_with(state, receiver, theirs)


def test_a_run_goes_on_without_what_another_one_handed_over_meanwhile(world: World) -> None:
    ours = world.store()
    state = ledger(copy_of(wanted(SOON), post_id="p-1"), copy_of(wanted(LATER), 2, post_id="p-2"))
    ours.read()
    ours.write(state)
    first, second = sorted(state.entries())
    hands_over(world, first)
    state.put(replace(state.copies[second], requested_at=SOON))
    ours.write(state)
    assert [*state.entries()] == [second], "in memory too"
    found = world.store().read()
    assert found is not None
    assert [copy.requested_at for copy in found.copies.values()] == [SOON]
    theirs = world.store("clients/acme").read()
    assert theirs is not None
    assert theirs.post_ids == {"p-1"}
    state.put(replace(state.copies[second], requested_at=LATER))
    ours.write(state)


def test_what_was_handed_over_is_never_taken_back(world: World) -> None:
    """A run that planned something for it ends before that leaves."""
    ours = world.store()
    state = ledger(copy_of(wanted(SOON), post_id="p-1"), copy_of(wanted(LATER), 2, post_id="p-2"))
    ours.read()
    ours.write(state)
    first, second = sorted(state.entries())
    gone = state.copies[first]
    hands_over(world, first)
    state.put(replace(state.copies[second], requested_at=SOON))
    ours.write(state)
    state.put(replace(gone, removing_at=LATER))
    with raced():
        ours.write(state)
    theirs = world.store("clients/acme").read()
    assert theirs is not None
    assert theirs.post_ids == {"p-1"}


def test_a_part_that_was_damaged_meanwhile_ends_the_write_once(world: World) -> None:
    """It is not known what it has; what is decided after it was seen may be written."""
    ours = world.store()
    ours.read()
    world.commit(ws1__clients__acme="what is this?")
    with raced():
        ours.write(a_state())
    ours.read()
    ours.write(a_state())


def test_the_same_state_pushes_nothing(world: World) -> None:
    store = world.store()
    store.write(a_state())
    before = git(world.remote, "rev-parse", BRANCH)
    store.write(a_state())
    world.apply("")
    assert git(world.remote, "rev-parse", BRANCH) == before


def test_a_run_that_changed_nothing_pushes_once_in_a_while(world: World) -> None:
    """What runs every few minutes would otherwise fill the branch."""
    began = datetime(2026, 11, 2, 9, tzinfo=UTC)

    def after(hours: float, *, files: str = "f", lines: tuple[RunLine, ...] = (), good: bool = True) -> State:
        now = began + timedelta(hours=hours)
        run = RunRecord(now, "apply", commit="c", url=f"https://ci.example/{hours}", lines=lines)
        state = ledger(replace(copy_of(wanted(SOON), post_id="p-1"), verified_at=now))
        return replace(
            state, last_apply=now, last_good_apply=now if good else began, runs=(run,), files=files
        )

    store = world.store()
    store.write(after(0))
    for hours, pushed in ((1, 0), (5, 0), (7, 1), (8, 0)):
        before = git(world.remote, "rev-list", "--count", BRANCH)
        store.write(after(hours))
        assert int(git(world.remote, "rev-list", "--count", BRANCH)) - int(before) == pushed, hours
    for changed in (
        after(8, files="g"),
        after(8, good=False),
        after(8, lines=(RunLine("create", "x", SOON),)),
    ):
        before = git(world.remote, "rev-parse", BRANCH)
        store.write(changed)
        assert git(world.remote, "rev-parse", BRANCH) != before


@pytest.mark.parametrize(
    "calendar", ["calendar", "clients/acme", "a b/ö “q”", 'we"ird', "-x", "a*[b]?", "a.json", "v1.lock.d"]
)
def test_calendars_of_any_name_lie_side_by_side(world: World, calendar: str) -> None:
    world.apply("other", "other")
    world.apply("x", calendar)
    assert world.store(calendar).read() == a_state("x", calendar)
    assert world.store("other").read() == a_state("other", "other")
    names = git(world.remote, "ls-tree", "-rz", "--name-only", BRANCH).rstrip("\0").split("\0")
    assert names == sorted((f"ws1/{calendar}.json", "ws1/other.json"), key=str.encode)


@pytest.mark.parametrize(
    "calendar",
    [
        "", "/", "/etc/x", "..", "../x", "a/../b", "a//b", "a/", ".", "a\nb", "a\0b", "a\x1b[31m", "x.lock", "a.LOCK/b",
        ".git/x", ".GIT", "a\\b", "c:x", " ", "a.json/b", "\ud800", "x" * 300,
    ],
)  # fmt: skip
def test_a_name_that_could_lead_elsewhere_is_refused(world: World, calendar: str) -> None:
    with pytest.raises(StateError, match="cannot be a file name in the ledger") as caught:
        world.store(calendar)
    assert caught.value.code == "state.name"
    assert caught.value.message.isprintable()


@pytest.mark.parametrize("workspace", ["", "..", "a/b", ".git"])
def test_a_workspace_cannot_lead_elsewhere_either(world: World, workspace: str) -> None:
    with pytest.raises(StateError, match="cannot be a file name"):
        open_store(
            f"git:{BRANCH}",
            top=world.clone,
            service=SERVICE,
            workspace_id=workspace,
            calendar="c",
            clock=QuickClock(),
        )


@pytest.mark.parametrize(
    "branch",
    [
        "",
        "a..b",
        "a b",
        "x.lock",
        "a~1",
        "a:b",
        "/x",
        "@{u}",
        "a\0b",
        "a\x1b",
        "HEAD",
        "head",
        "refs/heads/x",
    ],
)
def test_a_branch_that_git_does_not_take_is_refused(world: World, branch: str) -> None:
    store = open_store(
        f"git:{branch}",
        top=world.clone,
        service=SERVICE,
        workspace_id="ws1",
        calendar="c",
        clock=QuickClock(),
    )
    with pytest.raises(StateError, match="does not accept") as caught:
        store.read()
    assert caught.value.code == "state.place"
    assert caught.value.message.isprintable()


def test_a_branch_that_looks_like_an_option_is_only_a_name(world: World) -> None:
    store = open_store(
        "git:--force", top=world.clone, service=SERVICE, workspace_id="ws1", calendar="c", clock=QuickClock()
    )
    store.write(a_state())
    assert git(world.remote, "for-each-ref", "--format=%(refname)", "refs/heads/--force")


def test_a_damaged_file_is_refused_and_never_written_over(world: World) -> None:
    world.commit(ws1__calendar=dumps(a_state()).replace("Fjordlight", "Elsewhere"))
    store = world.store()
    with pytest.raises(StateError) as caught:
        store.read()
    assert caught.value.code == "state.damaged"
    assert f"git:{BRANCH}" in caught.value.message
    with raced():
        store.write(a_state())
    assert "Elsewhere" in world.state_text()


def test_a_folder_where_the_state_should_be_is_refused(world: World) -> None:
    world.commit(**{"ws1__calendar.json__x": "{}"})
    with pytest.raises(StateError, match=r"a folder where the state should be: ws1/calendar\.json"):
        world.store().read()


# --- who wins -----------------------------------------------------------------------------------------------------------


@contextmanager
def raced() -> Iterator[None]:
    with pytest.raises(StateError, match="another apply or a hold took over") as caught:
        yield
    assert (caught.value.code, caught.value.exit_code) == ("state.raced", 1)


def at_once(*calls: Callable[[], None]) -> list[str]:
    """The codes of what failed."""
    codes: list[str] = []

    def run(call: Callable[[], None]) -> None:
        try:
            call()
        except StateError as error:
            codes.append(error.code)

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return codes


def test_of_two_runs_the_one_that_pushes_takes_over(world: World) -> None:
    one, two = world.store(), world.store()
    one.read()
    one.write(a_state("one"))
    two.read()
    two.write(a_state("two"))
    with raced():
        one.write(a_state("three"))
    two.write(a_state("four"))
    assert world.store().read() == a_state("four")


def test_of_two_first_runs_one_wins(world: World) -> None:
    one, two = world.store(), world.store()
    assert one.read() is None
    assert two.read() is None
    one.write(a_state("one"))
    with raced():
        two.write(a_state("two"))
    assert world.store().read() == a_state("one")


def test_a_run_that_never_read_overwrites_nothing(world: World) -> None:
    world.apply("one")
    with raced():
        world.store().write(a_state("two"))


def test_runs_that_push_at_once_are_never_both_let_through(world: World) -> None:
    """Each of a few rounds has one winner, and nothing of a winner is lost."""
    stores = [world.store() for _ in range(3)]
    for attempt in range(3):
        for store in stores:
            store.read()
        states = [a_state(f"{attempt} {number}") for number in range(3)]
        calls = [partial(store.write, state) for store, state in zip(stores, states, strict=True)]
        assert at_once(*calls) == ["state.raced", "state.raced"]
        assert world.store().read() in states


def test_another_calendar_that_moved_the_branch_is_not_a_race(world: World) -> None:
    mine, other = world.store(), world.store("other")
    for mark in ("one", "two"):
        for store, calendar in ((mine, "calendar"), (other, "other")):
            if mark == "one":
                store.read()
            store.write(a_state(mark, calendar))
    assert world.store().read() == a_state("two")
    assert world.store("other").read() == a_state("two", "other")
    assert git(world.remote, "rev-list", "--count", BRANCH) == "4"
    assert git(world.remote, "fsck", "--strict", "--no-dangling") == ""


def moves(store: GitStore, state: State, target: GitStore, name: str) -> None:
    there = target.read()
    moved = relocated(state, there, name, target.place)
    relocate(store, target, moved, marker_of(state, name, target.place))


def test_a_move_takes_the_state_along_and_leaves_a_marker(world: World) -> None:
    world.apply("other", "other")
    world.apply("one")
    store = world.store()
    state = store.read()
    assert state is not None
    target = world.store("clients/acme")
    target.read()
    world.apply("two", "other")  # another calendar moved the branch meanwhile
    moves(store, state, target, "clients/acme")
    marker = world.store().read()
    assert marker is not None
    assert (marker.moved, marker.is_used) == (Moved("clients/acme", "git:publer-sync-state"), False)
    assert json.loads(world.state_text())["format_version"] == 4, "an older version would start anew"
    assert world.store("clients/acme").read() == a_state("one", "clients/acme")
    assert world.store("other").read() == a_state("two", "other")


def test_a_move_never_overwrites_and_gives_way_to_a_running_apply(world: World) -> None:
    world.apply("one")
    theirs = replace(ledger(copy_of(wanted(SOON), post_id="p-1")), calendar="taken")
    world.store("taken").write(theirs)
    store, late = world.store(), world.store("late")
    state = store.read()
    assert state is not None
    with pytest.raises(StateError, match="a state of taken") as caught:
        moves(store, state, world.store("taken"), "taken")
    assert caught.value.code == "state.taken"
    late.read()
    world.apply("new", "late")
    moved, marker = relocated(state, None, "late", "p"), marker_of(state, "late", "p")
    with raced():
        relocate(store, late, moved, marker)
    world.apply("two")
    with raced():
        moves(store, state, world.store("free"), "free")
    assert world.store().read() == a_state("two")
    assert world.store("taken").read() == theirs
    assert world.store("late").read() == a_state("new", "late")
    assert world.store("free").read() is None


@pytest.mark.parametrize("queue", ["of one machine", "of none"])
def test_many_calendars_can_push_at_once(world: World, monkeypatch: pytest.MonkeyPatch, queue: str) -> None:
    monkeypatch.setattr("tests.ledger.git_world.QuickClock", Clock)
    if queue == "of none":
        monkeypatch.setattr("publer_sync.ledger.git_store.turn", lambda *_: nullcontext(True))
    assert not at_once(*(partial(world.apply, "x", f"c{number}") for number in range(6)))
    assert len(git(world.remote, "ls-tree", "-r", "--name-only", BRANCH).split()) == 6


def test_a_queue_that_does_not_move_keeps_nobody_from_pushing(world: World) -> None:
    store = world.store()
    store.read()
    world.apply("x", "other")
    with turn(store._repository.queue, 0) as alone, store.lock(0.1):
        assert alone
        store.write(a_state())
    assert world.store().read() == a_state()


@pytest.mark.skipif(sys.platform == "win32", reason="everyone has a temporary folder there")
def test_a_queue_in_a_folder_of_someone_else_is_done_without(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = world.store()
    store.read()
    queue = store._repository.queue
    me = os.getuid()
    queue.parent.mkdir()
    monkeypatch.setattr(os, "getuid", lambda: me + 1)
    store.write(a_state())
    assert not queue.exists()


def test_a_branch_that_another_makes_while_it_is_looked_for_is_read(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = git_remote.Repository._over_network
    made: list[str] = []

    def slow(self: git_remote.Repository, *words: str) -> GitResult:
        if words[0] == "ls-remote" and not made:
            made.append("begun")
            world.apply("x", "other")
        return network(self, *words)

    monkeypatch.setattr(git_remote.Repository, "_over_network", slow)
    mine = world.store()
    assert mine.read() is None
    mine.write(a_state("y"))
    assert len(git(world.remote, "ls-tree", "-r", "--name-only", BRANCH).split()) == 2


@pytest.mark.parametrize(("timeout", "within"), [(40.0, math.inf), (300.0, 40.0)])
def test_a_branch_that_never_stops_moving_is_given_up_when_time_is_up(
    world: World, monkeypatch: pytest.MonkeyPatch, timeout: float, within: float
) -> None:
    mine, clock = world.store(), QuickClock()
    mine._clock = clock
    mine.read()
    monkeypatch.setattr(git_remote.Repository, "fetch", lambda *_: Fetched(os.urandom(4).hex(), None))
    monkeypatch.setattr(git_remote.Repository, "tree", lambda *_: {})
    monkeypatch.setattr(
        git_remote.Repository, "push", lambda *_, **__: GitResult(1, b"!\tx\t[rejected] (fetch first)", "")
    )
    monkeypatch.setattr(git_remote.Repository, "commit", lambda *_, **__: "0" * 40)
    with (
        mine.lock(timeout),
        pytest.raises(BusyStateError, match="other calendars moved the branch") as caught,
    ):
        mine.write(a_state(), within=within)
    assert caught.value.code == "state.busy"
    assert clock.slept == pytest.approx(40)


def test_once_someone_asked_to_stop_a_busy_branch_is_soon_given_up(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, clock = world.store(), QuickClock()
    mine._clock = clock
    clock.wake()
    mine.read()
    monkeypatch.setattr(git_remote.Repository, "fetch", lambda *_: Fetched(os.urandom(4).hex(), None))
    monkeypatch.setattr(git_remote.Repository, "tree", lambda *_: {})
    monkeypatch.setattr(
        git_remote.Repository, "push", lambda *_, **__: GitResult(1, b"!\tx\t[rejected] (fetch first)", "")
    )
    monkeypatch.setattr(git_remote.Repository, "commit", lambda *_, **__: "0" * 40)
    with pytest.raises(BusyStateError):
        mine.write(a_state())
    assert clock.slept == pytest.approx(10)


def test_a_push_that_arrived_though_its_answer_was_lost_counts(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = world.store()
    store.read()
    push = git_remote.Repository.push

    def cut_off(self: git_remote.Repository, commit: str, **more: str | None) -> GitResult:
        push(self, commit, **more)
        return GitResult(128, b"", "fatal: the remote end hung up unexpectedly")

    with monkeypatch.context() as patch:
        patch.setattr(git_remote.Repository, "push", cut_off)
        store.write(a_state("one"))
    store.write(a_state("two"))
    assert git(world.remote, "rev-list", "--count", BRANCH) == "2"
    assert world.store().read() == a_state("two")


def test_a_branch_that_someone_rewound_is_not_pushed_over(world: World) -> None:
    world.apply("one")
    world.apply("two")
    store = world.store()
    store.read()
    git(world.remote, "update-ref", REF, f"{BRANCH}~1")
    with raced():
        store.write(a_state("three"))
    assert world.store().read() == a_state("one")


def test_a_branch_that_someone_deletes_while_a_run_goes_on_is_there_again_with_all_that_it_had(
    world: World,
) -> None:
    world.apply("other", "other")
    world.apply("one")
    store = world.store()
    store.read()
    git(world.remote, "update-ref", "-d", REF)
    store.write(a_state("two"))
    assert world.store().read() == a_state("two")
    assert world.store("other").read() == a_state("other", "other")


# --- what a branch lost -------------------------------------------------------------------------------------------------


def tips(world: World) -> list[str]:
    return git(world.remote, "for-each-ref", "--format=%(objectname)", REF, COPY).splitlines()


def test_each_push_moves_a_ref_that_no_tidy_up_of_branches_takes(world: World) -> None:
    for mark in ("one", "two"):
        world.apply(mark)
        branch, copy = tips(world)
        assert branch == copy


LOSSES = {"deleted": ("update-ref", "-d", REF), "set back": ("update-ref", REF, f"{REF}~1")}


@pytest.mark.parametrize("what", LOSSES)
def test_a_branch_that_lacks_what_was_written_last_is_lost_and_the_named_command_brings_it_back(
    world: World, what: str
) -> None:
    world.apply("one")
    world.apply("two")
    assert world.store().lost() is None
    git(world.remote, *LOSSES[what])
    error = world.store().lost()
    assert error is not None
    assert (error.code, error.exit_code) == ("lost", 1)
    assert what in error.message
    command = next(line for line in (error.hint or "").splitlines() if ": git " in line).partition(": ")[2]
    subprocess.run(command, shell=True, cwd=world.clone, check=True, capture_output=True)
    store = world.store()
    assert (store.read(), store.lost()) == (a_state("two"), None)
    store.write(a_state("three"))
    assert len(set(tips(world))) == 1


@pytest.mark.parametrize("what", LOSSES)
def test_who_goes_on_from_what_a_branch_lacks_brings_it_back_with_the_first_write(
    world: World, what: str
) -> None:
    world.apply("one")
    world.apply("two")
    world.apply("other", "other")
    git(world.remote, *LOSSES[what])
    store = world.store()
    store.recover()
    assert store.read() == a_state("two")
    store.write(a_state("three"))
    assert len(set(tips(world))) == 1
    assert world.store().read() == a_state("three")
    assert world.store("other").read() == a_state("other", "other")


def test_a_branch_that_led_elsewhere_is_lost_too_and_the_named_command_brings_back_what_it_had(
    world: World,
) -> None:
    world.apply("one")
    world.apply("two")
    git(world.remote, "update-ref", "-d", REF)
    world.commit(ws1__calendar=dumps(a_state("anew")))
    error = world.store().lost()
    assert error is not None
    command = next(line for line in (error.hint or "").splitlines() if ": git " in line).partition(": ")[2]
    subprocess.run(command, shell=True, cwd=world.clone, check=True, capture_output=True)
    store = world.store()
    assert (store.read(), store.lost()) == (a_state("two"), None)


def test_what_an_older_version_pushed_alone_is_not_lost(world: World) -> None:
    world.apply("one")
    world.commit(ws1__calendar=dumps(a_state("older")))
    branch, copy = tips(world)
    assert branch != copy
    store = world.store()
    assert (store.read(), store.lost()) == (a_state("older"), None)
    store.write(a_state("newer"))
    assert len(set(tips(world))) == 1


@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_first_apply_begins_on_top_of_what_was_lost_and_keeps_what_others_have(
    world: World, elsewhere: bool
) -> None:
    world.apply("other", "other")
    world.apply("one")
    before = tips(world)[0]
    git(world.remote, "update-ref", "-d", REF)
    if elsewhere:
        world.commit(ws1__third=dumps(a_state("third", "third")))
    store = world.store()
    store.recover(anew=True)
    assert (store.read(), store.lost()) == (None, None)
    store.write(a_state("anew"))
    assert git(world.remote, "merge-base", REF, before) == before
    assert len(set(tips(world))) == 1
    assert world.store().read() == a_state("anew")
    assert world.store("other").read() == a_state("other", "other")
    assert world.store("third").read() == (a_state("third", "third") if elsewhere else None)


def test_a_first_apply_never_passes_a_hold_that_was_lost(world: World) -> None:
    store = world.store()
    store.write(replace(a_state("one"), holds=(Hold("Storm", SOON),)))
    git(world.remote, "update-ref", "-d", REF)
    store = world.store()
    store.recover(anew=True)
    store.read()
    error = store.lost()
    assert error is not None
    assert "hold" in (error.hint or "")
    assert "add --first" not in (error.hint or "")


def test_two_refs_that_move_while_they_are_read_are_no_loss(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A push moves both at once, but whoever reads them sees one after the other."""
    world.apply("one")
    old, _ = tips(world)
    world.apply("two")
    fetch, seen = git_remote.Repository.fetch, list[Fetched]()

    def torn(self: git_remote.Repository) -> Fetched:
        found = fetch(self)
        seen.append(Fetched(old, found.copy) if not seen else found)
        return seen[-1]

    monkeypatch.setattr(git_remote.Repository, "fetch", torn)
    store = world.store()
    assert (store.read(), store.lost(), len(seen)) == (a_state("two"), None, 2)


REFUSING = {
    "a rule for it": (
        "hook",
        "update",
        "case $1 in refs/publer-sync/*) echo no such refs >&2; exit 1;; esac",
    ),
    "a rule for all": ("hook", "pre-receive", "! grep -q refs/publer-sync/"),
    "hidden": ("config", "receive.hideRefs", "refs/publer-sync"),
    "never both at once": ("config", "receive.advertiseAtomic", "false"),
}


@pytest.mark.parametrize("how", REFUSING)
def test_a_remote_that_refuses_that_ref_gets_the_branch_alone(world: World, how: str) -> None:
    kind, name, value = REFUSING[how]
    if kind == "hook":
        world.hook(name, value)
    else:
        git(world.remote, "config", name, value)
    store = world.store()
    store.read()
    for mark in ("one", "two"):
        store.write(a_state(mark))
        assert world.store().read() == a_state(mark)
    assert len(tips(world)) == 1
    store = world.store()
    store.read()
    assert store.lost() is None
    advice = store.advice()
    assert advice is not None
    assert COPY in advice[0]


def test_doctor_has_no_advice_where_both_move(world: World) -> None:
    assert world.store().advice() is None
    world.apply("one")
    assert world.store().advice() is None


# --- a remote that refuses ----------------------------------------------------------------------------------------------


def test_a_refusal_shows_what_the_remote_said(world: World) -> None:
    world.hook("pre-receive", r"printf 'only \033[31mrobots\007 may push\n' >&2; exit 1")
    store = world.store()
    store.read()
    with pytest.raises(StateError, match="git could not push the state: ") as caught:
        store.write(a_state())
    error = caught.value
    assert "[remote rejected] (pre-receive hook declined)" in error.message
    assert re.search("only .*robots.* may push", error.message)
    assert error.message.isprintable()
    assert error.code == "state.git"
    assert "protection rules" in (error.hint or "")
    assert world.store().read() is None


def test_a_long_refusal_is_cut(world: World) -> None:
    world.hook("pre-receive", "yes 'a very long story' | head -n 2000 >&2; exit 1")
    with pytest.raises(StateError) as caught:
        world.store().write(a_state())
    assert len(caught.value.message) < 500


def test_refusals_at_unlucky_moments_are_tried_again(world: World) -> None:
    """Servers refuse a push while another one holds the branch's lock."""
    count = world.root / "count"
    world.hook("pre-receive", f"echo >>{count}; [ $(wc -l <{count}) -gt 3 ]")
    world.store().write(a_state())
    assert world.store().read() == a_state()


def test_after_a_refusal_the_same_store_can_go_on(world: World) -> None:
    store = world.store()
    store.write(a_state("one"))
    world.hook("pre-receive", "exit 1")
    with pytest.raises(StateError, match="declined"):
        store.write(a_state("two"))
    (world.remote / "hooks" / "pre-receive").unlink()
    store.write(a_state("three"))
    assert world.store().read() == a_state("three")


def test_a_remote_that_vanished_before_the_push_is_an_error(world: World) -> None:
    store = world.store()
    store.read()
    world.remote.rename(world.root / "elsewhere")
    with pytest.raises(StateError, match="git could not push the state") as caught:
        store.write(a_state())
    assert "contents: write" in (caught.value.hint or "")


def test_a_run_killed_between_fetch_and_push_leaves_nothing_behind(world: World) -> None:
    world.store().write(a_state("one"))
    before = contents(world.clone), contents(world.remote)
    script = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from publer_sync.ledger import git_remote\n"
        "from publer_sync.machine.clock import Clock\n"
        "from publer_sync.ledger.store import open_store\n"
        "git_remote.Repository.push = lambda self, *_, **__: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"store = open_store('git:{BRANCH}', top=Path.cwd(), service='https://app.publer.com/api/v1', workspace_id='ws1', calendar='calendar', clock=Clock())\n"
        "state = store.read()\n"
        "state.excused.add('two')\n"
        "store.write(state)\n"
    )
    home = Path(git_remote.__file__).parents[2]
    env = {**os.environ, "PYTHONPATH": str(home), "TMPDIR": str(world.root / "tmp")}
    done = subprocess.run([sys.executable, "-c", script], cwd=world.clone, env=env, check=False)
    assert done.returncode == -signal.SIGKILL
    assert (contents(world.clone), contents(world.remote)) == before
    world.apply("three")
    assert world.store().read() == a_state("three")


def test_a_place_that_starts_with_git_is_a_branch(world: World) -> None:
    store = open_store(
        f"git:{BRANCH}", top=world.clone, service=SERVICE, workspace_id="w", calendar="c", clock=QuickClock()
    )
    assert store.place == f"git:{BRANCH}"
    with store.lock(0):
        store.write(a_state())
    assert store.read() == a_state()


def test_a_part_of_another_name_ends_with_the_write_that_takes_it_over_whatever_else_that_writes(
    world: World,
) -> None:
    """Else every post would be in two parts, and neither could change it."""
    old, other = world.store("old"), world.store("other")
    old.read()
    old.write(replace(ledger(copy_of(wanted(SOON), post_id="p-1")), calendar="old"))
    other.read()
    ours = world.store("new")
    assert ours.read() is None
    state = ours.instead_of("old")
    assert state is not None
    assert ours.write_with(state, other, replace(ledger(), calendar="other"))
    assert sorted(world.store("new").names_beside()) == ["other"]


@pytest.mark.parametrize("back", ["", "~1"])
def test_nothing_is_pushed_over_a_branch_that_lacks_what_was_written_to_it(world: World, back: str) -> None:
    """The ref beside it is the last copy of that, and would move with the push."""
    ours = world.store()
    ours.read()
    ours.write(ledger(copy_of(wanted(SOON))))
    ours.write(ledger(copy_of(wanted(LATER))))
    copy = git(world.remote, "rev-parse", COPY)
    if back:
        git(world.remote, "update-ref", REF, git(world.remote, "rev-parse", f"{REF}{back}").strip())
    else:
        git(world.remote, "update-ref", "-d", REF)
    other = world.store("clients/acme")
    other.read()
    with pytest.raises(StateError) as lost:
        other.write(replace(ledger(), calendar="clients/acme"))
    assert (lost.value.code, git(world.remote, "rev-parse", COPY)) == ("lost", copy)
    other.recover()
    other.read()
    other.write(replace(ledger(), calendar="clients/acme"))
    assert sorted(world.store("third").names_beside()) == ["calendar", "clients/acme"]
