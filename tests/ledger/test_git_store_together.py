"""Several parts of the ledger on one branch: what is written as one, what ends a part, and what a write leaves alone."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.ledger.backup import Backup
from publer_sync.ledger.file_store import FileStore
from publer_sync.ledger.git_branch import states_on
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.runs import RunLine, RunRecord
from publer_sync.ledger.state import State, dumps
from publer_sync.values.errors import BusyStateError, RacedStateError, StateError
from tests.builders import LATER, NOW, SOON, copy_of, ledger, shown, wanted
from tests.ledger.builders import QuickClock, a_state
from tests.ledger.git_world import raced
from tests.ledger.memory import BRANCH, Remote

if TYPE_CHECKING:
    from pathlib import Path

STORM = Hold("Storm", NOW)


@pytest.fixture
def remote(tmp_path: Path) -> Remote:
    return Remote(tmp_path)


def on_hold(state: State) -> State:
    return replace(state, holds=(STORM,))


# --- what is written ------------------------------------------------------------------------------------------------


def test_a_state_that_is_there_already_is_not_pushed_again(remote: Remote) -> None:
    store = remote.store()
    store.write(a_state("one"))
    store.write(a_state("one"))
    remote.apply("one")
    assert remote.pushes == 1
    store.write(a_state("two"))
    assert remote.pushes == 2


def test_a_run_that_changed_nothing_pushes_once_in_a_while(remote: Remote) -> None:
    """What runs every few minutes would otherwise fill the branch."""
    began = datetime(2026, 11, 2, 9, tzinfo=UTC)
    seen = replace(copy_of(wanted(SOON), post_id="p-1"), verified_at=began)

    def after(hours: float, *, files: str = "f", lines: tuple[RunLine, ...] = (), good: bool = True) -> State:
        now = began + timedelta(hours=hours)
        run = RunRecord(now, "apply", commit="c", url=f"https://ci.example/{hours}", lines=lines)
        state = ledger(replace(seen, verified_at=now))
        return replace(
            state, last_apply=now, last_good_apply=now if good else began, runs=(run,), files=files
        )

    store = remote.store()
    store.write(after(0))
    for state, pushed in (
        (after(1), False),
        (after(5.9), False),
        (after(6), True),
        (after(7), False),
        (after(5), True),
        (after(6, files="g"), True),
        (after(6.5, files="g", good=False), True),
        (after(7, files="g", good=False), False),
        (after(7, files="g", lines=(RunLine("create", "x", SOON),)), True),
        (replace(after(7), copies={1: replace(seen, verified_at=None)}), True),
        (replace(after(8), last_apply=None), True),
        (after(8), True),
    ):
        before = remote.pushes
        store.write(state)
        assert (remote.pushes > before) is pushed, state.last_apply
        if pushed:
            store.read()


@pytest.mark.parametrize(
    ("document", "code", "told"),
    [
        (dumps(a_state()).replace("Fjordlight", "Elsewhere"), "state.damaged", f"git:{BRANCH}"),
        ("", "state.damaged", f"git:{BRANCH}"),
    ],
)
def test_a_damaged_file_is_refused_and_never_written_over(
    remote: Remote, document: str, code: str, told: str
) -> None:
    remote.commit(ws1__calendar=document)
    store = remote.store()
    with pytest.raises(StateError) as caught:
        store.read()
    assert (caught.value.code, told in caught.value.message) == (code, True)
    with raced():
        store.write(a_state())
    assert remote.state_text() == document


def test_a_folder_where_the_state_should_be_is_refused(remote: Remote) -> None:
    remote.commit(**{"ws1__calendar.json__x": "{}"})
    with pytest.raises(StateError, match=r"a folder where the state should be: ws1/calendar\.json"):
        remote.store().read()


def test_what_publer_had_before_goes_to_the_branch_with_the_first_write_and_once(remote: Remote) -> None:
    stores = [remote.store(), remote.store("clients/acme")]
    for store in stores:
        store.read()
        where = store.back_up(Backup((shown(SOON, store.where, id="p-1"),), "ws1", LATER))
        assert where == f"git:{BRANCH} (ws1/before-first-apply.json)"
    for store, name in zip(stores, ("calendar", "clients/acme"), strict=True):
        store.write(a_state("one", name))
        store.write(a_state("two", name))
    kept = "ws1/before-first-apply.json"
    assert remote.files().keys() == {kept, "ws1/calendar.json", "ws1/clients/acme.json"}
    [post] = json.loads(remote.state_text(kept))["posts"]
    assert post.keys() == {"id", "account", "scheduled_at", "digest"}, "without its words"
    third = remote.store("third")
    third.read()
    assert third.names_beside() == ["calendar", "clients/acme"]
    assert third.back_up(Backup((), "ws1", LATER)) == f"git:{BRANCH} (ws1/before-first-apply-2.json)"


# --- several at once ------------------------------------------------------------------------------------------------


def test_a_hold_of_several_calendars_is_one_push_and_leaves_alone_what_cannot_be_read(remote: Remote) -> None:
    remote.apply("one")
    remote.apply("two", "other")
    remote.commit(ws1__damaged="what is this?")
    stores = [remote.store(name) for name in ("calendar", "other", "damaged", "missing")]
    remote.pushes = 0
    stores[0].change_together(dict.fromkeys(stores, on_hold), 60)
    assert remote.pushes == 1
    for name in ("calendar", "other"):
        found = remote.store(name).read()
        assert found is not None
        assert found.holds == (STORM,)
    assert remote.state_text("ws1/damaged.json") == "what is this?"
    assert remote.files().keys() == {"ws1/calendar.json", "ws1/other.json", "ws1/damaged.json"}
    stores[0].change_together(dict.fromkeys(stores, on_hold), 60)
    assert remote.pushes == 1, "all of them have it"


def test_a_hold_of_several_calendars_goes_on_top_of_what_others_push_meanwhile(remote: Remote) -> None:
    remote.apply("one")
    store = remote.store()
    remote.meanwhile = [lambda: remote.apply("two"), lambda: remote.apply("three", "other")]
    store.change_together({store: on_hold}, 60)
    assert remote.store().read() == on_hold(a_state("two"))
    assert remote.store("other").read() == a_state("three", "other")


@pytest.mark.parametrize(
    ("file", "error"), [("ws1__calendar", RacedStateError), ("ws1__other", BusyStateError)]
)
def test_it_is_given_up_once_its_time_is_over(remote: Remote, file: str, error: type[StateError]) -> None:
    remote.apply("one")
    store, clock = remote.store(), QuickClock()
    store._clock = clock

    def meanwhile() -> None:
        clock.slept += 20
        remote.commit(**{file: dumps(a_state(f"{clock.slept}"))})

    remote.meanwhile = [meanwhile] * 10
    with pytest.raises(error):
        store.change_together({store: on_hold}, 30)
    assert 2 <= len(remote.meanwhile) < 9


def test_only_parts_of_one_branch_of_one_repository_are_written_as_one(
    remote: Remote, tmp_path: Path
) -> None:
    for name in (".git", "elsewhere/.git"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "HEAD").write_text("ref: refs/heads/main\n")
    ours, other, far = remote.store(), remote.store("other"), remote.store("far")
    for store in (ours, other, far):
        store.read()
    far._top = tmp_path / "elsewhere"
    on_disk = FileStore(tmp_path / "state.json", clock=QuickClock())
    assert [ours.is_beside(store) for store in (other, far, on_disk)] == [True, False, False]
    assert not ours.write_with(a_state("one"), far, a_state("far", "far"))
    assert remote.tip is None
    assert ours.write_with(a_state("one"), other, a_state("two", "other"))
    assert remote.pushes == 1
    ours.write(a_state("three"))
    other.write(a_state("four", "other"))
    assert remote.store().read() == a_state("three")
    assert not ours.write_with(a_state("five"), on_disk, a_state("disk", "disk"))


# --- the end of a part ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rest", [None, replace(a_state("rest"), excused=set())])
def test_a_part_that_ends_is_kept_on_this_machine_first(
    remote: Remote, tmp_path: Path, rest: State | None
) -> None:
    remote.apply("other", "other")
    remote.apply("one")
    store = remote.store()
    store.read()
    backup = tmp_path / "backups" / "calendar.json"
    store.end(backup, rest)
    assert backup.read_text() == dumps(a_state("one"))
    assert backup.stat().st_mode & 0o777 == 0o600
    assert ("ws1/calendar.json" in remote.files()) is (rest is not None)
    assert remote.store("other").read() == a_state("other", "other")


def test_a_part_that_cannot_be_kept_here_does_not_end(remote: Remote, tmp_path: Path) -> None:
    remote.apply("one")
    store = remote.store()
    store.read()
    (tmp_path / "file").write_text("")
    with pytest.raises(StateError, match=r"the backup .* cannot be written") as caught:
        store.end(tmp_path / "file" / "calendar.json", None)
    assert "Nothing was changed" in str(caught.value.hint)
    assert remote.store().read() == a_state("one")


def test_a_part_that_another_run_wrote_meanwhile_does_not_end(remote: Remote, tmp_path: Path) -> None:
    remote.apply("one")
    store = remote.store()
    store.read()
    remote.apply("two")
    with raced():
        store.end(tmp_path / "backups" / "calendar.json", None)
    assert remote.store().read() == a_state("two")


# --- what is on the branch ------------------------------------------------------------------------------------------


def test_of_the_calendars_that_are_asked_for_those_that_have_a_part_are_known(remote: Remote) -> None:
    remote.apply("one", "other")
    store = remote.store()
    store.read()
    found = store.beside(["other", "missing"])
    assert ({*found.states}, found.unreadable) == ({"other"}, {})


def test_every_state_of_a_branch_is_found_by_its_path(remote: Remote) -> None:
    remote.apply("one")
    remote.apply("two", "clients/acme")
    remote.commit(ws1__damaged="what is this?", **{"ws1/notes": "{}"})
    found = states_on(remote.store().branch)
    assert {file: state.calendar for file, state in found.items()} == {
        "ws1/calendar.json": "calendar",
        "ws1/clients/acme.json": "clients/acme",
    }


class Elsewhere:
    """The branch at another remote."""

    def __init__(self, **files: str) -> None:
        self.files = {f"{name.replace('__', '/')}.json": text.encode() for name, text in files.items()}

    def content(self, file: str) -> bytes | None:
        return self.files.get(file)


def test_a_part_at_another_remote_is_found_where_the_one_that_is_meant_has_no_branch(remote: Remote) -> None:
    others: dict[str, Any] = {
        "fork": Elsewhere(ws1__calendar=dumps(a_state("theirs"))),
        "damaged": Elsewhere(ws1__calendar="what is this?"),
        "empty": Elsewhere(),
    }
    remote.others = others
    found = remote.store().branch.at_other_remotes("ws1/calendar.json")
    assert found == {"fork": a_state("theirs"), "damaged": None}
    remote.apply("one")
    assert remote.store().branch.at_other_remotes("ws1/calendar.json") == {}
