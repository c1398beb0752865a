"""A hold where the branch cannot be reached: from what was last read here, and what waits until it can be."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from publer_sync.ledger.hold import Hold
from publer_sync.ledger.state import dumps
from publer_sync.values.errors import StateError
from tests.builders import EARLIER, NOW, SOON, copy_of, ledger, wanted
from tests.ledger.builders import a_state
from tests.ledger.memory import Remote

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.ledger.git_store import GitStore

STORM, FLOOD = Hold("Storm", NOW), Hold("Flood", NOW - timedelta(hours=1))
AWAY = StateError("git could not fetch the state", code="state.git")
DAMAGED = StateError("the branch has a folder where the state should be", code="state.damaged")


@pytest.fixture
def remote(tmp_path: Path) -> Remote:
    """Its clones are in one repository of git, as far as the ledger asks."""
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    return Remote(tmp_path)


def holding(remote: Remote) -> GitStore:
    store = remote.store()
    store.recover()
    return store


def last_read(remote: Remote, mark: str) -> None:
    remote.apply(mark)
    store = remote.store()
    with store.lock(1):
        store.read()


def test_a_hold_goes_on_from_what_was_last_read_on_this_machine(remote: Remote) -> None:
    last_read(remote, "one")
    remote.apply("two")
    remote.away = AWAY
    store = holding(remote)
    assert store.read() == a_state("one")
    assert store.offline is not None
    with pytest.raises(StateError, match="could not fetch"):
        remote.store().read()
    first = remote.store()
    first.recover(anew=True)
    with pytest.raises(StateError, match="could not fetch"):
        first.read()
    remote.away = None
    there = holding(remote)
    assert (there.read(), there.offline) == (a_state("two"), None)


def test_what_only_shows_a_state_keeps_nothing_of_it(remote: Remote) -> None:
    remote.apply("one")
    remote.store().read()
    remote.away = AWAY
    with pytest.raises(StateError, match="could not fetch"):
        holding(remote).read()


def test_what_was_ended_meanwhile_is_not_what_was_last_read(remote: Remote) -> None:
    last_read(remote, "one")
    remote.commit(ws1__calendar=None)
    store = remote.store()
    with store.lock(1):
        assert store.read() is None
    remote.away = AWAY
    with pytest.raises(StateError, match="could not fetch"):
        holding(remote).read()


def test_a_hold_waits_on_a_machine_that_has_read_nothing_itself(remote: Remote) -> None:
    remote.fetched = dumps(a_state("theirs")).encode(), NOW
    remote.away = AWAY
    store = holding(remote)
    assert store.read() == a_state("theirs")
    store.hold_beside(STORM)
    assert remote.store().waiting() == (STORM,)


def test_a_branch_that_is_reached_and_damaged_is_no_branch_that_is_away(remote: Remote) -> None:
    last_read(remote, "one")
    remote.away = DAMAGED
    with pytest.raises(StateError) as caught:
        holding(remote).read()
    assert caught.value.code == "state.damaged"


@pytest.mark.parametrize(("ahead", "mark"), [(1, "theirs"), (-1, "ours")])
def test_of_what_a_command_read_and_what_git_fetched_the_newer_one_counts(
    remote: Remote, ahead: int, mark: str
) -> None:
    last_read(remote, "ours")
    remote.away = AWAY
    first = holding(remote)
    first.read()
    assert first.offline is not None
    remote.fetched = dumps(a_state("theirs")).encode(), first.offline + timedelta(hours=ahead)
    store = holding(remote)
    assert store.read() == a_state(mark)
    assert store.offline == max(first.offline, remote.fetched[1])


def waiting_beside(remote: Remote) -> GitStore:
    """A store in which a hold waits for the branch."""
    last_read(remote, "one")
    remote.away = AWAY
    store = holding(remote)
    store.read()
    store.hold_beside(STORM)
    store.hold_beside(STORM, {"p-1": None})
    assert store.waiting() == (STORM,)
    return store


def test_a_hold_waits_in_one_file_and_is_heard_by_the_next_hold_here(remote: Remote) -> None:
    waiting_beside(remote)
    assert len([*(remote.root / ".git").rglob("*hold-*")]) == 1
    other = holding(remote)
    state = other.read()
    assert state is not None
    assert state.holds == (STORM,)
    assert other.waiting() == (STORM,)
    other.drop_waiting()
    assert other.waiting() == ()


@pytest.mark.parametrize("how", ["an apply", "another hold"])
def test_what_waits_comes_to_the_branch_with_the_next_write(remote: Remote, how: str) -> None:
    waiting_beside(remote)
    remote.away = None
    unheard = remote.store().read()
    assert unheard is not None
    assert unheard.holds == (), "nobody was told that it counts"
    store = remote.store()
    if how == "an apply":
        store.hear_waiting()
        state = store.read()
        assert state is not None
        assert state.holds == (STORM,)
        store.write(state)
        assert remote.files().keys() == {"ws1/calendar.json"}
    else:
        store.read()
        store.hold_beside(FLOOD)
        assert len(remote.files()) == 3, "each in a file of its own"
    assert store.waiting() == ()
    found = remote.store().read()
    assert found is not None
    assert {*found.holds} == {STORM} | ({FLOOD} if how == "another hold" else set())


def test_a_hold_that_is_to_bring_back_a_branch_hears_what_waits_and_a_first_apply_does_not(
    remote: Remote,
) -> None:
    waiting_beside(remote)
    remote.away = None
    for anew, holds in ((False, (STORM,)), (True, ())):
        store = remote.store()
        store.recover(anew=anew)
        state = store.read()
        assert state is not None
        assert state.holds == holds


def test_what_is_removed_for_a_hold_that_waits_is_known_to_the_next_run(remote: Remote) -> None:
    post = copy_of(wanted(SOON), post_id="p-1")
    first = remote.store()
    with first.lock(1):
        first.read()
        first.write(replace(ledger(post), last_apply=EARLIER))
    remote.away = AWAY
    store = holding(remote)
    store.read()
    store.hold_beside(STORM, {"p-1": None})
    remote.away = None
    heard = remote.store()
    heard.hear_waiting()
    state = heard.read()
    assert state is not None
    assert (state.copies[1].held, state.copies[1].removing_at) == (True, STORM.since)
