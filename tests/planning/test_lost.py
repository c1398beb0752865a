"""An account that left Publer's list, and which one listed now may be the same: nothing is created there a second time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from publer_sync.ledger.copies import End
from publer_sync.ledger.elsewhere import Elsewhere
from publer_sync.ledger.state import CalendarHome, KnownAccount
from publer_sync.planning.lost import LostAccounts, _same_way, is_certain, is_same, may_be
from publer_sync.planning.plan import Action, Block
from tests.builders import EARLIER, LAST, LATER, LINKEDIN, NOW, SOON, X, copy_of, ledger, planned, wanted
from tests.planning.posts import LIVE, OURS, POST, blocks
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.ledger.copies import Copy
    from publer_sync.ledger.state import State
    from publer_sync.values.model import Post


OLD_X = replace(X, id="a-old")


def lost(*copies: Copy, **known: Any) -> State:
    """A ledger of an account that Publer does not list any more."""
    facts = KnownAccount(**{"provider": "twitter", "name": "Fjordlight", **known})
    return ledger(*copies, lost=frozenset({OLD_X.id}), accounts={OLD_X.id: facts})


ON_OLD = copy_of(wanted(LATER, "Before", account=OLD_X), 9, post_id="p-9")


@each_of(
    ("copy", "known", "waits"),
    [
        (ON_OLD, {}, True),
        (ON_OLD, {"provider": ""}, True),
        (ON_OLD, {"provider": "facebook"}, False),
        (ON_OLD, {"type": "page"}, True),
        (ON_OLD.ending(End.GONE, NOW), {}, False),
        (copy_of(wanted(EARLIER, "Before", account=OLD_X), 9, post_id="p-9"), {}, False),
        (copy_of(wanted(NOW, "Before", account=OLD_X), 9, post_id="p-9"), {}, False),
    ],
)
def test_nothing_is_created_on_what_may_be_an_account_that_left_with_posts_ahead(
    copy: Copy, known: dict[str, Any], waits: bool
) -> None:
    def new(*more: Copy) -> bool:
        plan = planned([wanted(SOON, "New")], [], lost(copy, *more, **known))
        [found] = [each for each in plan.changes if each.post is not None]
        return Block.ACCOUNT in found.blocks

    assert new() is waits
    assert not new(copy_of(wanted(LAST, "Known"), 3, post_id="p-3")), (
        "an account that the ledger knows is itself"
    )


@each_of(
    ("copy", "told"),
    [(ON_OLD, 1), (ON_OLD.ending(End.GONE, NOW), 0), (copy_of(wanted(EARLIER, account=OLD_X), 9), 0)],
)
def test_what_is_ahead_on_an_account_that_left_stays_and_is_told(copy: Copy, told: int) -> None:
    plan = planned([], [], lost(copy), accounts=[LINKEDIN])
    assert blocks(plan) == [("account",)] * told
    assert not any(each.action is Action.DELETE for each in plan.changes)
    assert bool(plan.left) is False


def test_which_account_left_is_named_with_a_way_and_only_where_it_may_be_that_one() -> None:
    accounts = {X.id: X, LINKEDIN.id: LINKEDIN}
    found = LostAccounts.of(lost(ON_OLD), accounts, NOW, "", Elsewhere())
    assert found.ways.keys() == {X.id}
    assert "--calendar" not in found.ways[X.id]
    beside = LostAccounts.of(lost(ON_OLD), accounts, NOW, "clients/acme", Elsewhere())
    assert beside.ways[X.id].count("--calendar clients/acme") == 1


def test_the_ways_out_name_the_calendar_where_there_are_several() -> None:
    [entry] = ledger(ON_OLD).entries().values()
    known = KnownAccount(provider="twitter", name="Fjordlight")
    assert "--calendar" not in _same_way(entry, known, X, "")
    assert _same_way(entry, known, X, "clients/acme").count("--calendar clients/acme") == 2
    assert _same_way(entry, known, X, "").endswith(f"publer-sync forget x@{LATER:%Y-%m-%dT%H:%M:%SZ}")
    [named] = ledger(replace(ON_OLD, id="launch")).entries().values()
    assert _same_way(named, known, X, "").endswith("publer-sync forget launch")


def test_which_account_is_the_heir_of_one_that_left() -> None:
    accounts = {X.id: X, LINKEDIN.id: LINKEDIN}
    found = LostAccounts.of(lost(ON_OLD), accounts, NOW, "", Elsewhere())
    assert found.has(wanted(LATER)) is True
    assert found.has(wanted(SOON)) is False
    named = LostAccounts.of(lost(replace(ON_OLD, id="launch")), accounts, NOW, "", Elsewhere())
    assert [named.has(wanted(LAST, id=name)) for name in ("launch", "other", None)] == [True, False, False]
    assert LostAccounts.of(lost(), accounts, NOW, "", Elsewhere()).names == {}
    ended = LostAccounts.of(lost(ON_OLD.ending(End.GONE, NOW)), accounts, NOW, "", Elsewhere())
    assert (ended.has(wanted(LATER)), ended.ways) == (True, {})
    used = LostAccounts.of(lost(ON_OLD, OURS), accounts, NOW, "", Elsewhere())
    assert (used.has(wanted(LATER)), used.ways) == (False, {})


@each_of(
    ("known", "account", "may"),
    [
        ({}, {}, True),
        ({"type": "page"}, {"type": "page"}, True),
        ({"type": "page"}, {"type": "group"}, False),
        ({"type": "page"}, {}, True),
        ({}, {"type": "page"}, True),
        ({"provider": "facebook"}, {}, False),
        ({"provider": "", "type": "page"}, {"type": "group"}, True),
    ],
)
def test_an_account_may_be_one_that_left_where_what_is_known_of_both_is_the_same(
    known: dict[str, Any], account: dict[str, Any], may: bool
) -> None:
    left = KnownAccount(**{"provider": "twitter", "name": "Fjordlight", **known})
    assert may_be(left, replace(X, **account)) is may


def test_an_account_whose_network_does_not_tell_what_it_calls_it_is_the_same_by_its_name() -> None:
    assert is_same(KnownAccount("twitter", "Fjordlight", social_id="1"), X)


@each_of(
    ("known", "same"),
    [
        ({"social_id": "1"}, True),
        ({"social_id": "2"}, False),
        ({"social_id": ""}, True),
        ({"social_id": "", "name": "Another"}, False),
        ({"social_id": "1", "name": "Another"}, True),
    ],
)
def test_an_account_is_the_same_by_what_its_network_calls_it_else_by_its_name(
    known: dict[str, Any], same: bool
) -> None:
    account = replace(X, social_id="1")
    left = KnownAccount(**{"provider": "twitter", "name": "Fjordlight", **known})
    assert is_same(left, account) is is_certain(left, account) is same
    assert not is_certain(replace(left, provider=""), account), "of no network"
    assert not is_certain(replace(left, provider="linkedin"), account)


def test_of_several_that_left_the_certain_one_is_named() -> None:
    other = replace(OLD_X, id="a-older")
    copies = [ON_OLD, copy_of(wanted(LAST, "Else", account=other), 10, post_id="p-10")]
    known = {OLD_X.id: KnownAccount("twitter", "Fjordlight"), other.id: KnownAccount("twitter", "Else")}
    state = ledger(*copies, lost=frozenset(known), accounts=known)
    way = LostAccounts.of(state, {X.id: X}, NOW, "", Elsewhere()).waits(wanted(SOON)) or ""
    assert f"--account {OLD_X.id}={X.id}" in way
    assert other.id not in way


HERE = copy_of(wanted(EARLIER, "Out", account=OLD_X), 9, post_id="p-9")
OUT, AGAIN = HERE.ending(End.PUBLISHED, NOW), wanted(LATER, "Out")
NAMED = copy_of(wanted(EARLIER, "Out", account=OLD_X, id="out"), 9).ending(End.PUBLISHED, NOW)


@each_of(
    ("copy", "post", "known", "waits"),
    [
        (NAMED, wanted(LATER, "New", id="out"), {}, True),
        (OUT, AGAIN, {}, True),
        (NAMED, AGAIN, {}, True),
        (OUT, replace(AGAIN, id="other"), {}, True),
        (NAMED, replace(AGAIN, id="other"), {}, False),
        (replace(OUT, end=End.MAYBE_PUBLISHED), AGAIN, {}, True),
        (HERE, AGAIN, {}, True),
        (replace(HERE, held=True).ending(End.REMOVED, NOW), AGAIN, {}, True),
        (replace(OUT, end=End.GONE), AGAIN, {}, False),
        (OUT, wanted(LATER, "Other"), {}, False),
        (OUT, AGAIN, {"provider": "facebook"}, False),
        (OUT, wanted(LATER, "Out", account=LINKEDIN), {}, False),
    ],
)
def test_what_may_be_out_on_an_account_that_left_is_not_made_again_on_its_heir(
    copy: Copy, post: Post, known: dict[str, Any], waits: bool
) -> None:
    [new] = [each for each in planned([post], [], lost(copy, **known)).changes if each.post is not None]
    assert (Block.ACCOUNT in new.blocks) is waits


def test_an_account_with_posts_of_its_own_may_be_the_one_that_left_where_it_is_called_the_same() -> None:
    for name, waits in (("Fjordlight", True), ("Another", False)):
        plan = planned([AGAIN, POST], [LIVE], lost(OUT, OURS, name=name))
        [new] = [each for each in plan.changes if each.post is not None and each.post.text == "Out"]
        assert (Block.ACCOUNT in new.blocks) is waits


def test_a_post_that_is_in_publer_may_say_what_one_of_an_account_that_left_said() -> None:
    plan = planned([replace(POST, content=AGAIN.content)], [LIVE], lost(OUT, OURS))
    [edit] = [each for each in plan.changes if each.post is not None]
    assert (edit.action, edit.blocks) == (Action.UPDATE, ())


def test_what_an_account_took_along_is_not_let_go() -> None:
    assert planned([], [], lost(OUT)).let_go == frozenset()


def test_of_several_accounts_that_left_only_those_with_posts_ahead_are_waited_for() -> None:
    past = replace(OLD_X, id="a-past")
    copies = [ON_OLD, copy_of(wanted(EARLIER, "Before", account=past), 10, post_id="p-10")]
    copies.append(copy_of(wanted(SOON, account=LINKEDIN), 11, post_id="p-11"))
    known = {each.id: KnownAccount("twitter", "Fjordlight") for each in (OLD_X, past)}
    found = LostAccounts.of(
        ledger(*copies, lost=frozenset(known), accounts=known), {X.id: X}, NOW, "", Elsewhere()
    )
    assert "a-past" not in (found.waits(wanted(SOON)) or "")
    assert not found.has(wanted(SOON)), "that is a minute of another account"


@each_of(
    ("known", "waits"),
    [
        ({"name": X.name}, True),
        ({"name": "Another page"}, False),
        ({"name": X.name, "provider": "facebook"}, False),
    ],
)
def test_what_another_calendar_has_on_an_account_that_left_is_not_created_here_where_it_is_called_the_same(
    known: dict[str, Any], waits: bool
) -> None:
    """It may have moved from there while its account was away."""
    state = lost(copy_of(wanted(SOON, "New", account=OLD_X), 9, post_id="p-9"), **known)
    there = replace(Elsewhere.of({"acme": state}), lost=state.lost)
    plan = planned([wanted(SOON, "New")], [], ledger(), elsewhere=there)
    assert blocks(plan) == ([("account",)] if waits else [()])
    assert not waits or "state mv --account a-old=a-x --calendar acme" in plan.changes[0].reason
    at_home = replace(state, home=CalendarHome("clients/acme"))
    there = replace(Elsewhere.of({"acme": at_home}), lost=state.lost)
    plan = planned([wanted(SOON, "New")], [], ledger(), elsewhere=there)
    assert not waits or "state mv --account a-old=a-x --calendar clients/acme" in plan.changes[0].reason
    other = planned([wanted(SOON, "Other words")], [], ledger(), elsewhere=there)
    assert blocks(other) == [()]


def test_what_was_due_on_an_account_that_left_was_not_missed_on_its_heir() -> None:
    old = copy_of(wanted(EARLIER, "Before", account=OLD_X), 9).ending(End.GONE, NOW)
    for state, missed in ((lost(old), False), (ledger(), True)):
        [past] = planned([wanted(EARLIER, "Before")], [], state).changes
        assert getattr(past, "missed", None) is missed
