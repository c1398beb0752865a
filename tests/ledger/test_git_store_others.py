"""The ledger on a branch: what other calendars got meanwhile, what they were handed, and when that ends a write."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from publer_sync.ledger.backup import Backup
from publer_sync.ledger.relocating import marker_of, relocate, relocated
from publer_sync.ledger.state import Moved, State
from publer_sync.values.errors import StateError
from tests.builders import LATER, NOW, SOON, copy_of, ledger, wanted
from tests.ledger.builders import a_state
from tests.ledger.git_world import raced
from tests.ledger.memory import Remote

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.ledger.git_store import GitStore


@pytest.fixture
def remote(tmp_path: Path) -> Remote:
    return Remote(tmp_path)


def test_a_write_ends_where_another_calendar_has_come_to_know_its_post(remote: Remote) -> None:
    """Both adopt the same post, neither has seen the other do it."""
    ours, theirs = remote.store(), remote.store("clients/acme")
    assert ours.read() is theirs.read() is None
    theirs.write(replace(ledger(copy_of(wanted(SOON), post_id="p-1")), calendar="clients/acme"))
    mine = ledger(copy_of(wanted(SOON), post_id="p-1"))
    with raced():
        ours.write(mine)
    assert ours.read() is None
    ours.write(mine)  # it was seen this time: whoever decides so knows that the other one has it


@pytest.mark.parametrize("ours_is_known", [False, True])
def test_a_write_ends_where_both_wait_for_the_same_post(remote: Remote, ours_is_known: bool) -> None:
    ours, theirs = remote.store(), remote.store("clients/acme")
    assert ours.read() is theirs.read() is None
    claim = copy_of(wanted(SOON), post_id=None)
    theirs.write(replace(ledger(claim), calendar="clients/acme"))
    with raced():
        ours.write(ledger(replace(claim, post_id="p-1") if ours_is_known else claim))


def test_a_write_goes_on_where_another_calendar_does_something_else(remote: Remote) -> None:
    remote.store("clients/acme").write(ledger(copy_of(wanted(SOON), post_id="p-1")))
    ours, theirs = remote.store(), remote.store("clients/acme")
    ours.read()
    theirs.read()
    theirs.write(
        ledger(copy_of(wanted(SOON), post_id="p-1"), copy_of(wanted(LATER, text="Else"), 2, post_id=None))
    )
    ours.write(ledger(copy_of(wanted(SOON), post_id="p-1"), copy_of(wanted(LATER), 2, post_id=None)))
    assert remote.store().read() is not None


def hands_over(remote: Remote, key: int) -> None:
    """Another run takes an entry to another calendar, in one write."""
    giver, receiver = remote.store(), remote.store("clients/acme")
    state, theirs = giver.read(), receiver.read()
    assert state is not None
    theirs = theirs or replace(ledger(), calendar="clients/acme")
    for copy in state.entries()[key].copies:
        new = theirs.new_key()
        theirs.put(replace(copy, key=new, entry=new))
    state.forget(key)
    giver.write_with(state, receiver, theirs)


def test_a_run_goes_on_without_what_another_one_handed_over_meanwhile(remote: Remote) -> None:
    ours = remote.store()
    state = ledger(copy_of(wanted(SOON), post_id="p-1"), copy_of(wanted(LATER), 2, post_id="p-2"))
    ours.read()
    ours.write(state)
    first, second = sorted(state.entries())
    hands_over(remote, first)
    state.put(replace(state.copies[second], requested_at=SOON))
    ours.write(state)
    assert [*state.entries()] == [second], "in memory too"
    found = remote.store().read()
    assert found is not None
    assert [copy.requested_at for copy in found.copies.values()] == [SOON]
    theirs = remote.store("clients/acme").read()
    assert theirs is not None
    assert theirs.post_ids == {"p-1"}
    state.put(replace(state.copies[second], requested_at=LATER))
    ours.write(state)


def test_what_was_handed_over_is_gone_also_where_more_is_written_than_the_state(remote: Remote) -> None:
    ours = remote.store()
    state = ledger(copy_of(wanted(SOON), post_id="p-1"), copy_of(wanted(LATER), 2, post_id="p-2"))
    ours.read()
    ours.write(state)
    hands_over(remote, min(state.entries()))
    ours.back_up(Backup([], "ws1", NOW))
    ours.write(replace(state, excused={"x"}))
    found = remote.store().read()
    assert found is not None
    assert (found.post_ids, found.excused) == ({"p-2"}, {"x"})
    assert "ws1/before-first-apply.json" in remote.files()


def test_a_write_of_two_calendars_ends_where_another_run_handed_an_entry_over_meanwhile(
    remote: Remote,
) -> None:
    """What they give each other was decided with all entries."""
    ours, third = remote.store(), remote.store("third")
    state = ledger(copy_of(wanted(SOON), post_id="p-1"), copy_of(wanted(LATER), 2, post_id="p-2"))
    ours.read()
    ours.write(state)
    third.read()
    hands_over(remote, min(state.entries()))
    with raced():
        ours.write_with(state, third, replace(ledger(), calendar="third"))


def test_what_was_handed_over_is_never_taken_back(remote: Remote) -> None:
    """A run that planned something for it ends before that leaves."""
    ours = remote.store()
    state = ledger(copy_of(wanted(SOON), post_id="p-1"), copy_of(wanted(LATER), 2, post_id="p-2"))
    ours.read()
    ours.write(state)
    first, second = sorted(state.entries())
    gone = state.copies[first]
    hands_over(remote, first)
    state.put(replace(state.copies[second], requested_at=SOON))
    ours.write(state)
    state.put(replace(gone, removing_at=LATER))
    with raced():
        ours.write(state)
    theirs = remote.store("clients/acme").read()
    assert theirs is not None
    assert theirs.post_ids == {"p-1"}


def test_a_part_that_was_damaged_meanwhile_ends_the_write_once(remote: Remote) -> None:
    """It is not known what it has; what is decided after it was seen may be written."""
    ours = remote.store()
    ours.read()
    remote.commit(ws1__clients__acme="what is this?")
    with raced():
        ours.write(a_state())
    ours.read()
    ours.write(a_state())


def test_a_part_of_another_name_ends_with_the_write_that_takes_it_over_whatever_else_that_writes(
    remote: Remote,
) -> None:
    """Else every post would be in two parts, and neither could change it."""
    old, other = remote.store("old"), remote.store("other")
    old.read()
    old.write(replace(ledger(copy_of(wanted(SOON), post_id="p-1")), calendar="old"))
    other.read()
    ours = remote.store("new")
    assert ours.read() is None
    state = ours.instead_of("old")
    assert state is not None
    assert ours.write_with(state, other, replace(ledger(), calendar="other"))
    assert sorted(remote.store("new").names_beside()) == ["other"]


# --- moving a state ---------------------------------------------------------------------------------------------------


def moves(store: GitStore, state: State, target: GitStore, name: str) -> None:
    there = target.read()
    moved = relocated(state, there, name, target.place)
    relocate(store, target, moved, marker_of(state, name, target.place))


def test_a_move_takes_the_state_along_and_leaves_a_marker(remote: Remote) -> None:
    remote.apply("other", "other")
    remote.apply("one")
    store = remote.store()
    state = store.read()
    assert state is not None
    target = remote.store("clients/acme")
    target.read()
    remote.apply("two", "other")  # another calendar moved the branch meanwhile
    moves(store, state, target, "clients/acme")
    marker = remote.store().read()
    assert marker is not None
    assert (marker.moved, marker.is_used) == (Moved("clients/acme", "git:publer-sync-state"), False)
    assert json.loads(remote.state_text())["format_version"] == 4, "an older version would start anew"
    assert remote.store("clients/acme").read() == a_state("one", "clients/acme")
    assert remote.store("other").read() == a_state("two", "other")


def test_a_move_never_overwrites_and_gives_way_to_a_running_apply(remote: Remote) -> None:
    remote.apply("one")
    theirs = replace(ledger(copy_of(wanted(SOON), post_id="p-1")), calendar="taken")
    remote.store("taken").write(theirs)
    store, late = remote.store(), remote.store("late")
    state = store.read()
    assert state is not None
    with pytest.raises(StateError, match="a state of taken") as caught:
        moves(store, state, remote.store("taken"), "taken")
    assert caught.value.code == "state.taken"
    late.read()
    remote.apply("new", "late")
    moved, marker = relocated(state, None, "late", "p"), marker_of(state, "late", "p")
    with raced():
        relocate(store, late, moved, marker)
    remote.apply("two")
    with raced():
        moves(store, state, remote.store("free"), "free")
    assert remote.store().read() == a_state("two")
    assert remote.store("taken").read() == theirs
    assert remote.store("late").read() == a_state("new", "late")
    assert remote.store("free").read() is None
