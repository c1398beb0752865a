"""What holds of every plan, whatever the calendar, the ledger and Publer say: small worlds, made by hypothesis."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from publer_sync.applying.applier import note_what_left
from publer_sync.ledger.attribution import tidy
from publer_sync.ledger.copies import Copy, End, EntryFacts, Seen
from publer_sync.ledger.state import State, past_keys
from publer_sync.planning.plan import Action, Block, Blocked, Delete, Pending, Replace, intent
from publer_sync.values.content import Revision
from publer_sync.values.model import MINUTE, Family, Listing, LivePost, Post
from publer_sync.values.problems import Location
from tests.builders import (
    DAY,
    EARLIER,
    HOUR,
    LAST,
    LATER,
    LINKEDIN,
    NOW,
    SECOND,
    SOON,
    X,
    copy_of,
    ledger,
    planned,
    sent,
    shown,
    surveyed,
    wanted,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from random import Random

    from publer_sync.planning.plan import Change, Plan

ACCOUNTS = (X, LINKEDIN)
TIMES = (EARLIER, NOW - 20 * MINUTE, NOW + MINUTE, NOW + 10 * MINUTE, SOON, SOON + MINUTE, LATER, LAST)
TEXTS = ("One", "Two")
STATES = ("scheduled", "scheduled_pending", "scheduled_declined", "draft", "published", "failed", "recycling")
YES_OR_NO = st.booleans()
QUICK = settings(suppress_health_check=[HealthCheck.too_slow])


@dataclass(frozen=True)
class World:
    desired: tuple[Post, ...]
    live: tuple[LivePost, ...]
    state: State | None
    options: tuple[tuple[str, str], ...] = ()

    def plan(self) -> Plan:
        options: dict[str, Any] = dict(self.options)
        return planned(self.desired, self.live, self.state, **options)

    @cached_property
    def known(self) -> State:
        """The ledger as a plan sees it."""
        return surveyed(self.state, Listing(self.live)) if self.state else ledger(last_apply=None)

    @cached_property
    def owned(self) -> set[str]:
        return self.known.post_ids


# --- small worlds ---------------------------------------------------------------------------------------------------


@st.composite
def posts(draw: st.DrawFn, *, most: int) -> list[Post]:
    """Posts as a calendar may hold them: at most one a slot, save drafts, and each id once on an account."""
    made: dict[Any, Post] = {}
    for line in range(draw(st.integers(0, most))):
        content: dict[str, Any] = {"labels": ["new"]} if draw(YES_OR_NO) else {}
        if draw(st.integers(0, 4)) == 0:
            content["draft"] = True
        post = wanted(
            draw(st.sampled_from(TIMES)),
            draw(st.sampled_from(TEXTS)),
            account=draw(st.sampled_from(ACCOUNTS)),
            id=draw(st.sampled_from((None, "i", "j"))),
            line=line + 1,
            **content,
        )
        others = made.values()
        if post.id and any((post.account, post.id) == (other.account, other.id) for other in others):
            post = replace(post, id=None)
        made.setdefault((post.slot, post.draft and (post.text, str(content))), post)
    return list(made.values())


FATES = (
    "healthy", "healthy", "edited", "moved", "retitled", "in_state", "in_state", "vanished", "removing", "removed",
    "under_way", "late", "lapsed", "revising", "ended",
)  # fmt: skip


@st.composite
def ledgers(draw: st.DrawFn, *, halves: bool) -> tuple[State, list[LivePost]]:
    """Copies in every part of their life, and what Publer shows of them.

    With `halves`, some entries have several that have not ended, as an interrupted run leaves them.
    """
    copies: list[Copy] = []
    live: list[LivePost] = []
    for key, post in enumerate(draw(posts(most=5)), 1):
        olds = [copy for copy in copies if halves and copy.account == post.account.id]
        old = draw(st.sampled_from((None, None, *olds)))
        copy, post_live = draw(fates(replace(post, id=old.id) if old else post, key))
        copies.append(replace(copy, entry=old.entry) if old else copy)
        if post_live is not None:
            live.append(post_live)
    facts = {
        copy.entry: EntryFacts(twins=draw(YES_OR_NO), left=draw(YES_OR_NO))
        for copy in copies
        if draw(st.integers(0, 4)) == 0
    }
    return ledger(*copies, facts={key: known for key, known in facts.items() if known}), live


@st.composite
def fates(draw: st.DrawFn, post: Post, key: int) -> tuple[Copy, LivePost | None]:
    post_id = f"p-{key}"
    copy = copy_of(post, key, post_id=post_id)
    state = "draft" if post.draft else "scheduled"
    as_sent = shown(post.at, post.text, account=post.account, id=post_id, state=state)
    match draw(st.sampled_from(FATES)):
        case "healthy":
            return copy, as_sent
        case "edited":
            return copy, replace(as_sent, text=draw(st.sampled_from((*TEXTS, "Edited"))))
        case "moved":
            return copy, replace(as_sent, at=draw(st.sampled_from(TIMES)))
        case "retitled":
            copy = replace(copy, seen=Seen(post.at, post.text, title="T", draft=post.draft))
            return copy, replace(as_sent, title=draw(st.sampled_from(("T", "U"))))
        case "in_state":
            return copy, replace(as_sent, state=draw(st.sampled_from(STATES)))
        case "removing":
            since = draw(st.sampled_from((NOW - SECOND, NOW - HOUR)))
            return replace(copy, removing_at=since), draw(st.sampled_from((None, as_sent)))
        case "removed":
            return replace(copy, removing_at=NOW - MINUTE, removed=True), None
        case "under_way":
            return sent(post, key), None
        case "late":
            return sent(post, key, lapsed=draw(YES_OR_NO)), as_sent
        case "lapsed":
            return sent(post, key, lapsed=True), None
        case "revising":
            return replace(copy, revising=Revision(draw(st.sampled_from(TEXTS)), "")), as_sent
        case "ended":
            end = draw(st.sampled_from(End))
            never = end in (End.REFUSED, End.NEVER_CAME)
            copy = sent(post, key, lapsed=end is End.NEVER_CAME) if never else copy
            return replace(copy, end=end, ended_at=NOW - HOUR), None
        case _:
            return copy, None  # it vanished


@st.composite
def worlds(draw: st.DrawFn, *, sound: bool = False) -> World:
    """With `sound`, no two scheduled posts of an account are less than a minute apart, as Publer sees to.

    Then no entry has several copies either: which of two posts with equal words is the old one is not told twice.
    """
    state, live = draw(ledgers(halves=not sound))
    for number in range(draw(st.integers(0, 3))):
        at = draw(st.sampled_from(TIMES)) + draw(st.sampled_from((0, 0, 30))) * SECOND
        unmanaged = shown(
            at,
            draw(st.sampled_from(TEXTS)),
            account=draw(st.sampled_from(ACCOUNTS)),
            id=f"f-{number}",
            state=draw(st.sampled_from(STATES)),
        )
        live.append(unmanaged)
    if sound:
        live = _a_minute_apart(live)
    desired = draw(posts(most=5))
    if draw(YES_OR_NO):
        desired = _like_the_ledger(draw, [*state.copies.values()], desired)
    options = (
        ("edits", draw(st.sampled_from(("ask", "overwrite")))),
        ("prune", draw(st.sampled_from(("owned", "none")))),
    )
    known = draw(YES_OR_NO) or state.copies
    return World(tuple(desired), tuple(live), state if known else None, options)


def _like_the_ledger(draw: st.DrawFn, copies: list[Copy], others: list[Post]) -> list[Post]:
    """A calendar that says much of what was sent, as calendars mostly do."""
    accounts = {account.id: account for account in ACCOUNTS}
    made: dict[Any, Post] = {}
    ids: set[tuple[str, str | None]] = set()
    for line, copy in enumerate(draw(st.permutations(copies)), 1):
        name = copy.id if (copy.account, copy.id) not in ids else None
        ids.add((copy.account, name))
        post = Post(accounts[copy.account], copy.slot, copy.sent, Location("a.yaml", line), name)
        made.setdefault((post.slot, post.draft and (post.text, str(post.content))), post)
    left = draw(YES_OR_NO)
    if made and left:
        made.popitem()
    taken = {(post.account, post.id) for post in made.values()}
    for post in others:
        free = post if (post.account, post.id) not in taken else replace(post, id=None)
        made.setdefault((free.slot, free.draft and (free.text, str(free.content))), free)
    return list(made.values())


def _a_minute_apart(live: Iterable[LivePost]) -> list[LivePost]:
    kept: list[LivePost] = []
    for post in live:
        near = (
            other for other in kept if other.account_id == post.account_id and _held(other) and _held(post)
        )
        if not any(other.at and post.at and abs(other.at - post.at) < MINUTE for other in near):
            kept.append(post)
    return kept


def _held(post: LivePost) -> bool:
    return post.family in (Family.SCHEDULED, Family.RECYCLING, Family.RECURRING)


# --- what holds of every plan ---------------------------------------------------------------------------------------


def every_desired_post_has_exactly_one_change(world: World, plan: Plan) -> None:
    counted = Counter(id(change.post) for change in plan.changes if change.post is not None)
    assert counted == Counter(id(post) for post in world.desired)


def no_copy_and_no_live_post_is_in_two_changes(world: World, plan: Plan) -> None:
    keys = Counter(change.copy.key for change in plan.changes if change.copy)
    ids = Counter(change.live.id for change in plan.changes if change.live)
    assert set(keys.values()) <= {1}
    assert set(ids.values()) <= {1}


def an_unmanaged_post_is_adopted_or_left_alone(world: World, plan: Plan) -> None:
    for change in plan.changes:
        if change.live is not None and change.live.id not in world.owned:
            assert change.action is Action.ADOPT
        if change.action is Action.ADOPT:
            assert change.live is not None
            assert change.post is not None
            assert change.live.id not in world.owned
            assert change.live.slot == change.post.slot


def only_owned_posts_that_nothing_wants_are_deleted(world: World, plan: Plan) -> None:
    for change in plan.changes:
        if isinstance(change, Delete):
            assert change.post is None
            assert change.live is not None
            assert change.live.id in world.owned
            assert change.live.family in (Family.SCHEDULED, Family.DRAFT)
            assert change.leftover or dict(world.options)["prune"] == "owned"


def what_was_published_is_not_made_again_and_its_copies_are_not_kept(world: World, plan: Plan) -> None:
    entries = world.known.entries()
    for change in plan.changes:
        entry = entries.get(change.copy.entry) if change.copy else None
        if entry is None or not (entry.published or entry.maybe_published):
            continue
        assert change.action in (Action.PAST, Action.BLOCKED, Action.DELETE, Action.PENDING, Action.UNCHANGED)
        if change.action is Action.DELETE:
            why = "what the calendar still has is not removed on weak evidence"
            assert entry.published or entry.key in plan.left, why


def everything_pending_names_the_moment_at_which_it_ends(world: World, plan: Plan) -> None:
    for change in plan.changes:
        if isinstance(change, Pending):
            assert NOW <= change.until <= NOW + 2 * DAY


def nothing_is_made_for_an_entry_while_one_of_its_copies_is_in_doubt(world: World, plan: Plan) -> None:
    entries, listed = world.known.entries(), {post.id for post in world.live}
    for change in plan.changes:
        made = change.action in (Action.CREATE, Action.RECREATE, Action.REPLACE)
        if not made or change.copy is None or getattr(change, "successor", None):
            continue
        for copy in entries[change.copy.entry].open:
            due = copy.minute <= NOW < copy.minute + HOUR and copy.post_id not in listed
            assert not copy.unsettled
            assert copy.draft or not due


def of_the_copies_of_a_wanted_post_one_that_will_be_published_always_stays(world: World, plan: Plan) -> None:
    entries = world.known.entries()
    live = {post.id: post for post in world.live}
    going = {
        change.copy.key
        for change in plan.changes
        if change.action is Action.DELETE or (isinstance(change, Replace) and change.successor)
        if change.copy and not change.copy.scheduled_draft  # that goes at once, whatever is wanted
    }
    wanted_entries = {change.copy.entry for change in plan.changes if change.post and change.copy}

    for key in wanted_entries:
        entry = entries[key]
        if entry.published or going.isdisjoint(copy.key for copy in entry.copies):
            continue
        stays = [live.get(copy.post_id or "") for copy in entry.open if copy.key not in going]
        assert any(post and post.family in (Family.SCHEDULED, Family.DRAFT) for post in stays)


def what_is_tried_has_what_it_takes(world: World, plan: Plan) -> None:
    for change in plan.changes:
        if change.action in (Action.UPDATE, Action.REPLACE, Action.DELETE):
            assert change.copy is not None
            assert change.live is not None
            assert change.copy.post_id == change.live.id
        assert bool(change.blocks) is (change.action is Action.BLOCKED) is isinstance(change, Blocked)
        assert change.blocks == tuple(sorted(set(change.blocks), key=list(Block).index))


def the_order_of_what_a_plan_is_made_from_decides_nothing(world: World, plan: Plan, random: Random) -> None:
    def shuffled(items: Iterable[Any]) -> tuple[Any, ...]:
        mixed = list(items)
        random.shuffle(mixed)
        return tuple(mixed)

    state = world.state
    if state is not None:
        state = replace(state, copies=dict(shuffled(state.copies.items())))
    mixed = replace(world, desired=shuffled(world.desired), live=shuffled(world.live), state=state)

    other = mixed.plan()
    assert plan.changes == other.changes
    assert plan.refusals == other.refusals
    assert plan.apply_by == other.apply_by
    assert Counter(plan.warnings) == Counter(other.warnings)


def names_decide_nothing(world: World, plan: Plan) -> None:
    """Ids renamed in the calendar and the ledger alike, aliases and files renamed: the plan does the same."""

    def renamed(id: str | None) -> str | None:
        return id and f"new-{id}"

    def moved(post: Post) -> Post:
        return replace(
            post,
            id=renamed(post.id),
            account=replace(post.account, alias=f"my-{post.account.alias}"),
            location=Location("moved.yaml", 100 - post.location.line),
        )

    state = world.state
    if state is not None:
        copies = {key: replace(copy, id=renamed(copy.id)) for key, copy in state.copies.items()}
        state = replace(state, copies=copies)
    other = replace(world, desired=tuple(map(moved, world.desired)), state=state)

    assert Counter(map(_essence, plan.changes)) == Counter(map(_essence, other.plan().changes))


def _essence(change: Change) -> tuple[Any, ...]:
    live, old = change.live and change.live.id, change.copy and change.copy.key
    return (
        change.action,
        change.blocks,
        intent(change).action,
        change.account.id,
        change.at,
        live,
        old,
        str(change.diff),
    )


PROMISES = (
    every_desired_post_has_exactly_one_change,
    no_copy_and_no_live_post_is_in_two_changes,
    an_unmanaged_post_is_adopted_or_left_alone,
    only_owned_posts_that_nothing_wants_are_deleted,
    what_was_published_is_not_made_again_and_its_copies_are_not_kept,
    nothing_is_made_for_an_entry_while_one_of_its_copies_is_in_doubt,
    everything_pending_names_the_moment_at_which_it_ends,
    of_the_copies_of_a_wanted_post_one_that_will_be_published_always_stays,
    what_is_tried_has_what_it_takes,
    names_decide_nothing,
)
"""Each world costs far more to make than to judge, so that every promise is held against every one."""


@pytest.mark.slow
@QUICK
@given(worlds(), st.randoms(use_true_random=False))
def test_what_holds_of_every_plan(world: World, random: Random) -> None:
    plan = world.plan()
    for promise in PROMISES:
        promise(world, plan)
    the_order_of_what_a_plan_is_made_from_decides_nothing(world, plan, random)


# --- applied perfectly, nothing is left -----------------------------------------------------------------------------


def applied(world: World, plan: Plan) -> World:
    """The world once everything that the plan tries has gone well; the ledger as an apply leaves it."""
    state = world.known.clone()
    live = {post.id: post for post in world.live}

    def out(copy: Copy, post: LivePost) -> None:
        del live[post.id]
        state.put(state.copies[copy.key].ending(End.REMOVED, NOW))

    def made(post: Post, new: LivePost, old: Copy | None) -> None:
        state.put(
            copy_of(
                post,
                state.new_key(),
                post_id=new.id,
                seen=Seen.of(new),
                verified_at=NOW,
                entry=old.entry if old else 0,
            )
        )
        if old is not None:
            state.identify(old, post.id)

    for change in plan.changes:
        post, old = change.post, change.copy
        match change.action:
            case Action.UNCHANGED if old and change.live and post:
                state.put(
                    replace(
                        state.copies[old.key],
                        seen=Seen.of(change.live, old.seen),
                        verified_at=NOW,
                        sent=post.content,
                        slot=post.at,
                    )
                )
                state.identify(old, post.id)
            case Action.PAST if post:
                state.excused.update(past_keys(post.account.id, post.at, post.id))
                if old is not None:
                    state.identify(old, post.id)
            case Action.ADOPT if post and change.live:
                made(post, change.live, old)
            case Action.UPDATE if post and old and change.live:
                new = replace(change.live, text=post.text)
                live[new.id] = new
                state.put(
                    replace(
                        state.copies[old.key],
                        sent=post.content,
                        seen=Seen.of(new, old.seen),
                        revising=None,
                        verified_at=NOW,
                    )
                )
                state.identify(old, post.id)
            case Action.REPLACE if isinstance(change, Replace) and change.successor:
                out(change.copy, change.live)
                state.put(replace(state.copies[change.successor.key], sent=change.post.content))
            case Action.CREATE | Action.RECREATE | Action.REPLACE if post:
                if change.live is not None and old is not None:
                    out(old, change.live)
                family = "draft" if post.draft else "scheduled"
                new = shown(post.at, post.text, account=post.account, id=f"n-{state.next_key}", state=family)
                live[new.id] = new
                made(post, new, old)
            case Action.DELETE if old and change.live:
                out(old, change.live)
    note_what_left(state, plan)
    tidy(state, now=NOW)
    return replace(world, live=tuple(live.values()), state=state)


@pytest.mark.slow
@QUICK
@given(worlds(sound=True))
def test_applied_once_nothing_is_left_to_do_but_what_was_blocked(world: World) -> None:
    first = world.plan()
    # An apply waits until such a removal has settled, and plans again.
    assume(not any(change.action is Action.PENDING and change.live for change in first.changes))

    after = applied(world, first)
    assert len(_a_minute_apart(after.live)) == len(after.live), "posts of an account less than a minute apart"

    second = after.plan()
    adopted = {_wanted(change) for change in first.listed if change.action is Action.ADOPT}
    blocked = {_wanted(change): change for change in first.listed if change.action is Action.BLOCKED}
    taken = Counter(copy.place for copy in after.known.copies.values() if copy.end is None)
    there = Counter(post.slot for post in after.live)
    shared = {
        slot.account for minutes in (taken, there) for slot, count in minutes.items() if slot and count > 1
    }
    for change in second.listed:
        if change.account.id in shared:
            continue  # once there are drafts in one minute, another of them may be the one that a post means
        before = blocked.get(_wanted(change))
        if before is None and change.blocks == (Block.STATE,) and _wanted(change) in adopted:
            continue  # it was taken as it is: declined, say
        assert before is not None, f"{change.action} after nothing like it"
        if world.state is None and Block.TWIN in before.blocks:
            continue  # what went out since yesterday counts as a twin only while there is no ledger
        greets = (
            isinstance(each, Blocked) and (each.entry or Block.HANDED_ON in each.blocks)
            for each in (before, change)
        )
        if any(greets):
            continue  # once more or fewer posts say the same, it may be a greeting or none
        assert change.action is Action.BLOCKED
        assert before.blocks == change.blocks


def _wanted(change: Change) -> tuple[Any, ...]:
    """What a change is about, across two plans."""
    if change.post is not None:
        return (change.post.account.id, change.post.at, str(change.post.content), change.post.id)
    return (change.account.id, change.live.id if change.live else None)
