"""What a run reads from a branch and writes to it, by what others do there meanwhile: at a remote in memory.

`test_git_store*.py` ask the same of git.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import pytest

from publer_sync.ledger.git_command import GitResult
from publer_sync.ledger.git_remote import Fetched
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.lock import turn
from publer_sync.ledger.repositories import Repositories
from publer_sync.ledger.state import State, dumps
from publer_sync.values.errors import BusyStateError, StateError
from tests.builders import NOW
from tests.ledger.builders import QuickClock, a_state
from tests.ledger.git_world import raced
from tests.ledger.memory import BRANCH, COPY, REF, InMemory, Remote

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.ledger.git_remote import Repository


@pytest.fixture
def remote(tmp_path: Path) -> Remote:
    return Remote(tmp_path)


def refused(*refs: str, why: str = "[remote rejected] (protected branch)") -> GitResult:
    return GitResult(1, "".join(f"!\tabc:{ref}\t{why}\n" for ref in refs).encode(), "")


# --- who wins -------------------------------------------------------------------------------------------------------


def test_of_two_runs_the_one_that_pushes_first_takes_over(remote: Remote) -> None:
    one, two = remote.store(), remote.store()
    one.read()
    two.read()
    remote.meanwhile.append(lambda: two.write(a_state("two")))
    with raced():
        one.write(a_state("one"))
    assert remote.store().read() == a_state("two")
    with raced():
        remote.store().write(a_state("never read"))
    one, two = remote.store(), remote.store()
    one.read()
    two.read()
    remote.apply("three")
    with raced():
        one.write(a_state("four"))
    remote.commit(ws1__calendar=None)
    with raced():
        two.write(a_state("five"))


def test_what_another_calendar_pushed_meanwhile_stays_and_is_no_race(remote: Remote) -> None:
    one = remote.store()
    one.read()
    remote.meanwhile.append(lambda: remote.apply("theirs", "other"))
    one.write(a_state("one"))
    assert remote.store().read() == a_state("one")
    assert remote.store("other").read() == a_state("theirs", "other")


def test_a_push_that_arrived_without_an_answer_is_not_a_race(remote: Remote) -> None:
    store = remote.store()
    store.read()
    remote.loses_answers = 1
    store.write(a_state("one"))
    assert (remote.store().read(), remote.pushes) == (a_state("one"), 1)
    store.write(a_state("two"))
    assert remote.store().read() == a_state("two")


def test_a_branch_that_never_stops_moving_is_given_up_when_time_is_up(remote: Remote) -> None:
    store, clock = remote.store(), QuickClock()
    store._clock = clock
    store.read()
    remote.meanwhile = [remote.commit] * 1000
    with store.lock(40.0), pytest.raises(BusyStateError, match="other calendars moved the branch"):
        store.write(a_state("one"))
    assert clock.slept == pytest.approx(40)
    clock._wake.set()
    with store.lock(40.0), pytest.raises(BusyStateError):
        store.write(a_state("one"))
    assert clock.slept == pytest.approx(40 + 10), "once someone asked to stop"


def test_who_waited_for_others_of_this_machine_looks_before_pushing(remote: Remote) -> None:
    for waits, pushes in ((False, 2), (True, 1)):
        store = remote.store()
        store.read()
        remote.apply(f"theirs, {waits}", "other")
        remote.pushes = 0
        queue = store.branch.repository.queue
        with turn(queue, 0) if waits else nullcontext(), store.lock(0.05):
            store.write(a_state(f"ours, {waits}"))
        assert remote.pushes == pushes


@pytest.mark.parametrize(("why", "pushes"), [("[remote rejected] (protected branch)", 5), ("", 1)])
def test_a_push_that_the_remote_refuses_is_given_up_and_says_what_to_allow(
    remote: Remote, why: str, pushes: int
) -> None:
    remote.apply("one")
    store = remote.store()
    store.read()
    remote.pushes = 0
    remote.answers = [refused(REF, COPY, why=why)] * 1000
    with pytest.raises(StateError, match="git could not push the state") as caught:
        store.write(a_state("two"))
    assert caught.value.code == "state.git"
    fix = "Let this login push to the branch" if why else "Check the network"
    assert str(caught.value.hint).startswith(fix)
    assert remote.pushes == pushes + 1, "once more without the ref beside it"


def test_a_remote_that_refuses_the_ref_beside_the_branch_gets_the_branch_alone(remote: Remote) -> None:
    store = remote.store()
    store.read()
    remote.answers = [refused(COPY)]
    for mark in ("one", "two"):
        store.write(a_state(mark))
        assert remote.store().read() == a_state(mark)
    assert remote.copy is None
    assert store.advice() is not None
    store = remote.store()
    store.read()
    assert store.lost() is None
    advice = store.advice()
    assert advice is not None
    assert COPY in advice[0]


def test_doctor_has_no_advice_where_both_move(remote: Remote) -> None:
    assert remote.store().advice() is None
    remote.apply("one")
    assert remote.store().advice() is None


def test_whether_a_login_may_push_is_asked_without_a_push(remote: Remote) -> None:
    remote.store().check_writable()
    assert (remote.tip, remote.pushes) == (None, 1)
    remote.answers = [refused(REF)]
    with pytest.raises(StateError, match="protected branch"):
        remote.store().check_writable()


# --- what is lost ---------------------------------------------------------------------------------------------------


def test_what_a_branch_has_lost_comes_back_also_where_someone_pushes_meanwhile(remote: Remote) -> None:
    remote.apply("one")
    first = remote.tip
    remote.apply("two")
    remote.tip = first
    store = remote.store()
    store.recover()
    assert store.read() == a_state("two")
    remote.meanwhile.append(lambda: remote.commit(ws1__other=dumps(a_state("theirs", "other"))))
    store.write(a_state("three"))
    assert remote.store().read() == a_state("three")
    assert remote.store("other").read() == a_state("theirs", "other")


@pytest.mark.parametrize("deleted", [True, False])
def test_a_branch_that_lacks_what_was_written_last_is_lost_and_nothing_is_pushed_over_it(
    remote: Remote, deleted: bool
) -> None:
    remote.apply("one")
    first = remote.tip
    remote.apply("two")
    assert remote.store().lost() is None
    last, remote.tip = remote.tip, None if deleted else first
    store = remote.store("other")
    error = store.lost()
    assert error is not None
    assert ("was deleted" if deleted else "was set back") in error.message
    assert "add --first, once" in str(error.hint)
    assert "on hold" not in str(error.hint)
    assert ("+FETCH_HEAD" in str(error.hint)) is not deleted, "where it leads elsewhere, that is given up"
    store.read()
    with pytest.raises(StateError) as caught:
        store.write(a_state("theirs", "other"))
    assert (caught.value.code, remote.copy) == ("lost", last)


def test_what_a_branch_that_led_elsewhere_has_of_others_stays_and_what_it_removed_is_gone(
    remote: Remote,
) -> None:
    remote.commit(ws1__calendar="lost", ws1__removed="old")
    remote.commit(ws1__removed=None)
    last = remote.copy = remote.tip
    for elsewhere in (False, True):
        remote.copy = last
        if elsewhere:
            remote.tip = None
            remote.commit(ws1__calendar="theirs", ws1__other="theirs")
        else:
            remote.tip = "c1"
        branch = remote.store().branch
        branch.recover()
        branch.recover()
        assert branch.push({"ws1/new.json": b"new"}, "message", QuickClock(), "").ok
        others = {"ws1/other.json": b"theirs"} if elsewhere else {}
        assert remote.files() == {"ws1/calendar.json": b"lost", "ws1/new.json": b"new", **others}


def test_a_branch_that_is_deleted_meanwhile_has_no_files(remote: Remote) -> None:
    remote.apply("one")
    branch = remote.store().branch
    assert branch.files("ws1") != []
    remote.tip = remote.copy = None
    branch.expire()
    assert branch.files() == []


def test_what_is_pushed_without_a_look_goes_on_top_of_what_is_there(remote: Remote) -> None:
    remote.commit(ws1__a="a", ws2__b="b")
    branch = remote.store().branch
    assert branch.push({"ws1/c.json": b"c", "ws1/a.json": None}, "message", QuickClock(), "").ok
    assert (branch.files(), branch.files("ws2")) == (["ws1/c.json", "ws2/b.json"], ["ws2/b.json"])
    assert remote.files().keys() == {"ws1/c.json", "ws2/b.json"}
    assert remote.store().names_beside() == ["c"], "those of the other workspace are none of this one"


def test_two_refs_that_move_while_they_are_read_are_no_loss(remote: Remote) -> None:
    """A push moves both at once, but whoever reads them sees one after the other."""
    remote.apply("one")
    old = remote.tip
    remote.apply("two")
    remote.torn = [Fetched(old, remote.copy)]
    store = remote.store()
    assert (store.read(), store.lost()) == (a_state("two"), None)


def test_what_an_older_version_pushed_alone_is_not_lost(remote: Remote) -> None:
    remote.apply("one")
    remote.commit(ws1__calendar=dumps(a_state("older")))
    assert remote.copy != remote.tip
    store = remote.store()
    assert (store.read(), store.lost()) == (a_state("older"), None)
    store.write(a_state("newer"))
    assert remote.copy == remote.tip


def test_a_first_apply_begins_on_top_of_what_was_lost_but_never_passes_its_hold(remote: Remote) -> None:
    remote.apply("other", "other")
    remote.apply("one")
    remote.tip = None
    store = remote.store()
    store.recover(anew=True)
    assert (store.read(), store.lost()) == (None, None)
    store.write(replace(a_state("anew"), holds=(Hold("Storm", NOW),)))
    assert remote.store("other").read() == a_state("other", "other")
    remote.tip = None
    store = remote.store()
    store.recover(anew=True)
    assert store.read() is not None
    error = store.lost()
    assert error is not None
    assert "add --first" not in str(error.hint)
    assert "keeps posts on hold" in str(error.hint)


# --- what a command reads again -------------------------------------------------------------------------------------


def test_a_command_that_reads_again_sees_what_others_pushed_meanwhile(remote: Remote) -> None:
    repositories = Repositories()
    branch = repositories.branch(remote.root, BRANCH)
    branch._opened = cast("Repository", InMemory(remote, remote.root / "queue"))
    remote.apply("one")
    before = branch.contents(["ws1/calendar.json"])
    remote.apply("two")
    assert branch.contents(["ws1/calendar.json"]) == before, "one command decides on one state"
    repositories.expire()
    assert branch.contents(["ws1/calendar.json"]) != before


def test_a_hold_that_was_announced_again_is_taken_off_the_branch_with_the_next_write(remote: Remote) -> None:
    held = replace(a_state("one"), holds=(Hold("Storm", NOW),))
    store = remote.store()
    store.read()
    store.write(held)
    other = remote.store()
    other.read()
    other.hold_beside(held.holds[0])
    assert len(remote.files()) == 2
    store = remote.store()
    state = store.read()
    assert state is not None
    assert state.holds == held.holds
    store.write(state)
    assert remote.files().keys() == {"ws1/calendar.json"}


# --- states of earlier versions -------------------------------------------------------------------------------------


def test_the_state_of_another_service_is_taken_over_from_where_earlier_versions_kept_it(
    remote: Remote,
) -> None:
    service = "http://127.0.0.1:8123/api/v1"
    before = State(service, "ws1", "calendar", "Fjordlight", excused={"before"})
    remote.commit(ws1__calendar=dumps(before))
    store = remote.store(service=service)
    assert store.read() == before
    store.write(before)
    assert remote.store(service=service).read() == before
    left = remote.store().read()
    assert left is not None
    assert left.moved is not None
