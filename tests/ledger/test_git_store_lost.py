"""The ledger on a branch that was deleted or set back: what it lost is known, comes back, and is never pushed over."""

from __future__ import annotations

import subprocess
from dataclasses import replace

import pytest

from publer_sync.ledger import git_remote
from publer_sync.ledger.git_remote import Fetched
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.state import dumps
from publer_sync.values.errors import StateError
from tests.builders import LATER, SOON, copy_of, ledger, wanted
from tests.ledger.builders import a_state
from tests.ledger.git_world import BRANCH, COPY, REF, World, git, raced

pytestmark = pytest.mark.slow


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
