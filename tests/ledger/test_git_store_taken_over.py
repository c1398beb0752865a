"""What a calendar on a branch takes over: holds that wait or lie beside it, another name, what earlier versions left, and keys."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

import pytest

from publer_sync.ledger.hold import Hold
from publer_sync.ledger.signing import Keys
from publer_sync.ledger.state import State, dumps
from publer_sync.values.errors import StateError, UntrustedStateError
from tests.builders import NOW
from tests.ledger.builders import QuickClock, a_state
from tests.ledger.git_world import raced
from tests.ledger.memory import InMemory, Remote

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.ledger.git_store import GitStore

STORM, FLOOD = Hold("Storm", NOW), Hold("Flood", NOW)
AWAY = StateError("git could not fetch the state", code="state.git")
LOCAL = "http://127.0.0.1:8123/api/v1"
KEYS = Keys.of("0123456789abcdef0123456789abcdef")
RESTS = replace(a_state(), excused=set(), ended=NOW)


@pytest.fixture
def remote(tmp_path: Path) -> Remote:
    """Its clones are in one repository of git, as far as the ledger asks."""
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    return Remote(tmp_path)


def holds(state: State | None) -> set[str]:
    assert state is not None
    return {hold.reason for hold in state.holds}


def holds_beside(remote: Remote, calendar: str, hold: Hold) -> GitStore:
    store = remote.store(calendar)
    store.read()
    store.hold_beside(hold)
    return store


def waits(remote: Remote, calendar: str = "calendar") -> None:
    """A hold that could not be pushed, on this machine."""
    remote.apply("one", calendar)
    store = remote.store(calendar)
    with store.lock(1):
        store.read()
    remote.away = AWAY
    store = remote.store(calendar)
    store.recover()
    store.read()
    store.hold_beside(STORM)
    remote.away = None


# --- another name ---------------------------------------------------------------------------------------------------


def test_a_calendar_that_was_renamed_takes_its_part_along_and_what_was_announced_beside_it(
    remote: Remote,
) -> None:
    remote.apply("one", "old")
    holds_beside(remote, "old", STORM)
    store = remote.store("new")
    assert (store.read(), store.instead_of("ghost")) == (None, None)
    state = store.instead_of("old")
    assert state is not None
    assert (state.calendar, state.was, holds(state)) == ("new", ("old",), {"Storm"})
    assert (store.names_beside(), remote.store("third").names_beside()) == ([], ["old"])
    store.write(state)
    assert remote.files().keys() == {"ws1/new.json"}
    store.write(replace(state, excused={"two"}))
    assert remote.store("new").read() == replace(state, excused={"two"})


def test_a_hold_of_a_calendar_that_was_renamed_is_heard_under_the_old_name(remote: Remote) -> None:
    remote.apply("one", "old")
    store = remote.store("new")
    store.read()
    state = store.instead_of("old")
    assert state is not None
    store.hold_beside(STORM)
    store.hold_beside(STORM, {"p-1": None})
    assert len(remote.files()) == 2, "what there is more to say of it takes its place"
    assert holds(remote.store("old").read()) == {"Storm"}
    with raced():
        store.write(state)


@pytest.mark.parametrize("hears", [False, True])
def test_what_waits_for_a_calendar_that_was_renamed_counts_once_somebody_was_told(
    remote: Remote, hears: bool
) -> None:
    waits(remote, "old")
    store = remote.store("new")
    if hears:
        store.hear_waiting()
    store.read()
    state = store.instead_of("old")
    assert holds(state) == ({"Storm"} if hears else set())
    assert state is not None
    store.write(state)
    assert remote.store("old").waiting() == (() if hears else (STORM,))


@pytest.mark.parametrize("anew", [False, True])
def test_what_waits_is_heard_by_a_first_apply_only_where_somebody_was_told(
    remote: Remote, anew: bool
) -> None:
    waits(remote)
    store = remote.store()
    if anew:
        store.hear_waiting()
    store.recover(anew=True)
    assert holds(store.read()) == ({"Storm"} if anew else set())


# --- what is beside -------------------------------------------------------------------------------------------------


def test_a_hold_beside_a_calendar_without_a_part_or_one_of_its_name_in_a_folder_is_not_of_this_one(
    remote: Remote,
) -> None:
    holds_beside(remote, "clients/calendar", STORM)
    holds_beside(remote, "calendar", FLOOD)
    assert remote.store().read() is None
    other = remote.store()
    other.hear_waiting()
    assert other.read() is None
    remote.commit(
        ws1__calendar=dumps(a_state()), ws1__clients__calendar=dumps(a_state("", "clients/calendar"))
    )
    assert holds(remote.store().read()) == {"Flood"}
    assert holds(remote.store("clients/calendar").read()) == {"Storm"}


def test_what_waits_for_a_calendar_whose_part_is_gone_changes_nothing(remote: Remote) -> None:
    waits(remote)
    remote.commit(ws1__calendar=None)
    store = remote.store()
    store.hear_waiting()
    assert store.read() is None


def test_a_write_of_two_calendars_ends_where_the_other_one_was_written_meanwhile(remote: Remote) -> None:
    """Though its own part only lost what another run handed over."""
    ours, other = remote.store(), remote.store("other")
    ours.read()
    other.read()
    remote.apply("theirs", "other")
    with raced():
        ours.write_with(a_state("one"), other, a_state("two", "other"))
    assert remote.store("other").read() == a_state("theirs", "other")


def test_two_parts_are_not_written_as_one_where_the_remotes_differ(remote: Remote) -> None:
    ours, other = remote.store(), remote.store("other")
    ours.read()
    other.read()
    cast("InMemory", other.branch.repository).remote = "fork"
    assert not ours.write_with(a_state("one"), other, a_state("two", "other"))
    elsewhere = remote.store("third", service=LOCAL)
    assert (ours.is_beside(other), ours.is_beside(elsewhere)) == (True, False)


def test_a_push_moves_the_ref_beside_the_branch_also_after_another_calendars(remote: Remote) -> None:
    store, clock = remote.store(), QuickClock()
    store._clock = clock
    store.read()
    remote.meanwhile.append(lambda: remote.apply("theirs", "other"))
    store.write(a_state("one"))
    assert (remote.copy, clock.slept) == (remote.tip, 0), "the first try again waits for nobody"
    remote.meanwhile += [remote.commit, remote.commit]
    store.write(a_state("two"))
    assert clock.slept > 0


# --- what is there --------------------------------------------------------------------------------------------------


def test_what_was_ended_is_nobodys_state(remote: Remote) -> None:
    remote.commit(ws1__calendar=dumps(RESTS))
    store = remote.store()
    assert (store.read(), store.rest) == (None, RESTS)
    store.write(a_state("one"))
    store = remote.store()
    assert (store.read(), store.rest) == (a_state("one"), None)


def test_doctor_has_no_advice_for_a_branch_that_someone_deleted(remote: Remote) -> None:
    remote.apply("one")
    remote.tip = None
    assert remote.store().advice() is None


def test_a_first_apply_of_a_calendar_that_had_no_part_on_a_lost_branch_begins(remote: Remote) -> None:
    remote.apply("other", "other")
    remote.tip = None
    store = remote.store()
    store.recover(anew=True)
    assert (store.read(), store.lost()) == (None, None)


def test_a_state_without_a_signature_is_read_where_it_is_trusted_once(remote: Remote) -> None:
    remote.commit(ws1__calendar=dumps(a_state("one")), ws1__old=dumps(a_state("old", "old")))
    for calendar, old in (("calendar", None), ("new", "old")):
        store = remote.store(calendar, keys=KEYS)
        with pytest.raises(UntrustedStateError):
            _ = store.instead_of(old) if old else store.read()
        store = remote.store(calendar, keys=KEYS)
        store.read(trusting=True)
        found = store.instead_of(old, trusting=True) if old else remote.store(calendar).read(trusting=True)
        assert found is not None
        assert found.excused == {old or "one"}


def test_a_hold_that_cannot_reach_the_branch_goes_on_from_what_is_signed(remote: Remote) -> None:
    remote.fetched = dumps(a_state("one")).encode(), NOW
    remote.away = AWAY
    for trusting in (False, True):
        store = remote.store(keys=KEYS)
        store.recover()
        if trusting:
            assert store.read(trusting=True) == a_state("one")
        else:
            with pytest.raises(UntrustedStateError):
                store.read()


# --- earlier versions -----------------------------------------------------------------------------------------------


def test_what_earlier_versions_kept_there_for_another_service_is_left_alone(remote: Remote) -> None:
    remote.apply("one")
    store = remote.store(service=LOCAL)
    assert store.read() is None
    store.write(State(LOCAL, "ws1", "calendar", excused={"local"}))
    assert remote.store().read() == a_state("one")


@pytest.mark.parametrize("ended", [False, True])
def test_what_earlier_versions_kept_ends_where_it_is(remote: Remote, tmp_path: Path, ended: bool) -> None:
    before = State(LOCAL, "ws1", "calendar", excused={"before"})
    remote.commit(ws1__calendar=dumps(before), ws1__other=dumps(a_state("other", "other")))
    store = remote.store(service=LOCAL)
    assert store.read() == before
    rest = State(LOCAL, "ws1", "calendar", ended=NOW) if ended else None
    store.end(tmp_path / "backup.json", rest)
    assert (tmp_path / "backup.json").read_text() == dumps(before)
    again = remote.store(service=LOCAL)
    assert (again.read(), again.rest) == (None, rest)
    assert remote.store("other").read() == a_state("other", "other")
    remote.commit(ws1__calendar=dumps(a_state("Publer's")))
    store = remote.store(service=LOCAL)
    store.read()
    if not ended:
        store.write(State(LOCAL, "ws1", "calendar", excused={"local"}))
    store = remote.store(service=LOCAL)
    store.read()
    store.end(tmp_path / "second.json", None)
    assert remote.store().read() == a_state("Publer's"), "another service's is nobody else's to end"
