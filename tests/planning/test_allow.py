"""What each option of apply lets through, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from publer_sync.planning.allow import FLAGS, Allow, called, names_of
from publer_sync.planning.notes import Refusal
from publer_sync.planning.plan import Action, Block, Held
from tests.builders import SOON, X, change, copy_of, shown, wanted
from tests.tables import each_of

POST = wanted(SOON)
OPTIONS = {
    Block.FREEZE: "frozen",
    Block.TWIN: "twins",
    Block.UNSEEN: "twins",
    Block.EDITED: "edits",
    Block.OLDER: "older",
}


@each_of("block", Block)
@each_of("flag", FLAGS.values())
def test_a_block_is_lifted_by_its_own_option_alone(block: Block, flag: str) -> None:
    blocked = change(Action.BLOCKED, POST, blocks=(block,), would=Action.UPDATE)
    allow = Allow(**{flag: True})
    assert allow.passes(blocked) is (OPTIONS.get(block) == flag)
    both = change(Action.BLOCKED, POST, blocks=(block, Block.LEAD), would=Action.UPDATE)
    assert not allow.passes(both)


@each_of(
    ("action", "passes"),
    [
        (Action.CREATE, True),
        (Action.UPDATE, True),
        (Action.REPLACE, True),
        (Action.DELETE, True),
        (Action.RECREATE, False),
        (Action.ADOPT, False),
        (Action.UNCHANGED, False),
        (Action.PAST, False),
        (Action.PENDING, False),
    ],
)
def test_only_what_takes_requests_is_tried_and_what_someone_deleted_by_its_option(
    action: Action, passes: bool
) -> None:
    one = change(action, POST)
    assert Allow().attempt(one) == (one if passes else None)
    tried = passes or action is Action.RECREATE
    assert Allow(recreate=True).attempt(one) == (one if tried else None)
    if tried:
        blocked = change(Action.BLOCKED, POST, blocks=(Block.TWIN,), would=action)
        assert Allow(twins=True, recreate=True).attempt(blocked) == blocked.would


def test_what_a_hold_keeps_out_is_tried_where_publer_has_it() -> None:
    listed = Held(account=X, copy=copy_of(POST), live=shown(SOON), reason="a storm")
    assert Allow().attempt(listed) == listed
    assert Allow().attempt(Held(account=X, copy=copy_of(POST), reason="a storm")) is None


@each_of(
    ("code", "allow", "covered"),
    [
        ("deletes", {}, False),
        ("deletes", {"deletes": 11}, False),
        ("deletes", {"deletes": 12}, True),
        ("deletes", {"changes": 12, "older": True}, False),
        ("changes", {"changes": 12}, True),
        ("changes", {"changes": 11}, False),
        ("changes", {"deletes": 12}, False),
        ("older_files", {"older": True}, True),
        ("older_unknown", {"older": True}, True),
        ("older_files", {"deletes": 12, "changes": 12}, False),
        ("empty", {"deletes": 12}, True),
        ("empty", {"changes": 12}, False),
        ("lost", {"deletes": 12, "changes": 12, "older": True}, False),
    ],
)
def test_a_safety_limit_is_lifted_as_far_as_its_number_goes(
    code: str, allow: dict[str, Any], covered: bool
) -> None:
    assert Allow(**allow).covers(Refusal(code, 12, 10, "")) is covered


def test_options_add_up() -> None:
    both = Allow(deletes=5, twins=True) | Allow(deletes=3, changes=7, older=True)
    assert both == Allow(deletes=5, changes=7, twins=True, older=True)
    assert both.given == ("--allow-deletes 5", "--allow-changes 7", "--allow-older", "--allow-twins")


@each_of(
    ("names", "passes"),
    [
        ({"launch"}, True),
        ({"tip", "launch"}, True),
        ({"tip"}, False),
        ({"x@2027-03-02T09:00"}, False),
        (set(), False),
    ],
)
def test_an_option_that_names_posts_lets_these_through_alone(names: set[str], passes: bool) -> None:
    blocked = change(Action.BLOCKED, wanted(SOON, id="launch"), blocks=(Block.TWIN,), would=Action.CREATE)
    assert Allow(twins=frozenset(names)).passes(blocked) is passes
    again = change(Action.RECREATE, wanted(SOON, id="launch"))
    assert Allow(recreate=frozenset(names)).passes(again) is passes


def test_a_series_is_named_as_a_whole_or_by_its_day_and_a_post_without_an_id_by_account_and_time() -> None:
    tip = change(Action.CREATE, wanted(SOON, id="tip@2027-03-09"))
    assert {*names_of(tip)} >= {"tip", "tip@2027-03-09"}
    nameless = change(Action.CREATE, POST)
    assert [*names_of(nameless)] == [f"{POST.account.alias}@{SOON:%Y-%m-%dT%H:%M}"]
    gone = change(Action.DELETE, POST)
    assert f"{gone.account.alias}@{gone.at:%Y-%m-%dT%H:%MZ}" in names_of(gone)
    nowhere = replace(gone, account=replace(X, alias=None))
    assert f"{X.name}@{gone.at:%Y-%m-%dT%H:%MZ}" in names_of(nowhere)


@each_of(
    ("id", "first"),
    [
        ("launch", "launch"),
        ("tip@2027-03-09", "tip@2027-03-09"),
        ("one, two", "x@2026-11-24T16:20Z"),
        (" launch", "x@2026-11-24T16:20Z"),
        ("", "x@2026-11-24T16:20Z"),
        (None, "x@2026-11-24T16:20Z"),
    ],
)
def test_an_option_names_a_post_by_what_can_be_written_in_it(id: str | None, first: str) -> None:
    gone = change(Action.DELETE, None, live=shown(SOON), copy=copy_of(wanted(SOON, id=id)))
    assert called(gone)[0] == first


def test_options_for_some_posts_add_up_and_one_for_all_covers_them() -> None:
    one, two = Allow(twins=frozenset({"one"})), Allow(twins=frozenset({"two"}), frozen=True)
    assert one | two == Allow(twins=frozenset({"one", "two"}), frozen=True)
    assert (one | Allow(twins=True)).twins is True
    assert (Allow(twins=True) | one).twins is True
    assert one | Allow() == Allow() | one == one
    assert (one | two).given == ("--allow-frozen", "--allow-twins=one,two")
    assert (one | two).options == {"--allow-frozen"}
    older = Refusal("older_files", 1, 0, "--allow-older")
    assert not Allow(older=frozenset({"one"})).covers(older)


def test_only_what_was_given_is_named() -> None:
    assert Allow(recreate=True).given == ("--allow-recreate",)
    assert Allow(deletes=0).given == ("--allow-deletes 0",)
