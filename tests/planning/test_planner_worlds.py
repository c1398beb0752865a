"""What holds of every plan, whatever the calendar, the ledger and Publer say: small worlds, made by hypothesis."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publer_sync.content import Revision
from publer_sync.ledger.attribution import attribute, tidy
from publer_sync.ledger.state import Copy, Seen, State, past_keys
from publer_sync.model import MINUTE, Family, LivePost, Post
from publer_sync.planning.plan import Action, Block, Blocked, Replace, intent
from publer_sync.problems import Location
from tests.builders import (
    EARLIER,
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
    wanted,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from publer_sync.planning.plan import Change, Plan

ACCOUNTS = (X, LINKEDIN)
TIMES = (EARLIER, NOW + MINUTE, NOW + 10 * MINUTE, SOON, SOON + MINUTE, LATER, LAST)
TEXTS = ("One", "Two")
STATES = ("scheduled", "scheduled_pending", "scheduled_declined", "draft", "published", "failed", "recycling")
YES_OR_NO = st.booleans()
QUICK = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@dataclass(frozen=True)
class World:
    desired: tuple[Post, ...]
    live: tuple[LivePost, ...]
    state: State | None
    options: tuple[tuple[str, str], ...] = ()

    def plan(self) -> Plan:
        """The plan as a run makes it: from a ledger that was attributed to the listing."""
        state = attribute(self.state, self.live, now=NOW) if self.state else None
        options: dict[str, Any] = dict(self.options)
        return planned(self.desired, self.live, state, **options)

    @property
    def owned(self) -> set[str]:
        state = attribute(self.state, self.live, now=NOW) if self.state else None
        return {entry.post_id for entry in state.copies.values() if entry.post_id} if state else set()


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
    "healthy", "healthy", "edited", "moved", "retitled", "in_state", "in_state", "vanished", "removing", "under_way",
    "late", "lapsed", "revising",
)  # fmt: skip


@st.composite
def entries(draw: st.DrawFn, *, halves: bool) -> tuple[list[Copy], list[LivePost]]:
    """Copies of the ledger in every part of their life, and what Publer shows of them.

    With `halves`, some say that they replace another, as an interrupted run leaves them.
    """
    copies: list[Copy] = []
    live: list[LivePost] = []
    for key, post in enumerate(draw(posts(most=5)), 1):
        post_id = f"p-{key}"
        state = "draft" if post.draft else "scheduled"
        post_live: LivePost | None = None
        as_sent = shown(post.at, post.text, account=post.account, id=post_id, state=state)
        olds = [entry.key for entry in copies] if halves else []
        replaces = draw(st.sampled_from((None, None, *olds)))
        entry = copy_of(post, key, post_id=post_id, replaces=replaces)
        match draw(st.sampled_from(FATES)):
            case "healthy":
                post_live = as_sent
            case "edited":
                post_live = replace(as_sent, text=draw(st.sampled_from((*TEXTS, "Edited"))))
            case "moved":
                post_live = replace(as_sent, at=draw(st.sampled_from(TIMES)))
            case "retitled":
                entry = replace(entry, seen=Seen(post.at, post.text, title="T", draft=post.draft))
                post_live = replace(as_sent, title=draw(st.sampled_from(("T", "U"))))
            case "in_state":
                post_live = replace(as_sent, state=draw(st.sampled_from(STATES)))
            case "removing":
                entry = replace(entry, removing_at=NOW - MINUTE)
            case "under_way":
                entry = sent(post, key, replaces=replaces)
            case "late":
                entry = sent(post, key, replaces=replaces, lapsed=draw(st.booleans()))
                post_live = as_sent
            case "lapsed":
                entry = sent(post, key, lapsed=True)
            case "revising":
                entry = replace(entry, revising=Revision(draw(st.sampled_from(TEXTS)), ""))
                post_live = as_sent
            case _:
                pass  # it vanished
        copies.append(entry)
        if post_live is not None:
            live.append(post_live)
    return copies, live


@st.composite
def worlds(draw: st.DrawFn, *, sound: bool = False) -> World:
    """With `sound`, no two scheduled posts of an account are less than a minute apart, as Publer sees to.

    Then no copy replaces another one either: which of two posts with equal words is the old one is not told twice.
    """
    copies, live = draw(entries(halves=not sound))
    for number in range(draw(st.integers(0, 3))):
        at = draw(st.sampled_from(TIMES)) + draw(st.sampled_from((0, 0, 30))) * SECOND
        foreign = shown(
            at,
            draw(st.sampled_from(TEXTS)),
            account=draw(st.sampled_from(ACCOUNTS)),
            id=f"f-{number}",
            state=draw(st.sampled_from(STATES)),
        )
        live.append(foreign)
    if sound:
        live = _a_minute_apart(live)
    desired = draw(posts(most=5))
    if draw(YES_OR_NO):
        desired = _like_the_ledger(draw, copies, desired)
    options = (
        ("edits", draw(st.sampled_from(("ask", "overwrite")))),
        ("prune", draw(st.sampled_from(("owned", "none")))),
    )
    known = draw(YES_OR_NO)
    state = ledger(*copies) if known or copies else None
    return World(tuple(desired), tuple(live), state, options)


def _like_the_ledger(draw: st.DrawFn, copies: list[Copy], others: list[Post]) -> list[Post]:
    """A calendar that says much of what was sent, as calendars mostly do."""
    accounts = {account.id: account for account in ACCOUNTS}
    made: dict[Any, Post] = {}
    for line, entry in enumerate(copies, 1):
        post = Post(accounts[entry.account], entry.slot, entry.sent, Location("a.yaml", line), entry.id)
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


@QUICK
@given(worlds())
def test_every_desired_post_has_exactly_one_change(world: World) -> None:
    plan = world.plan()

    counted = Counter(id(change.post) for change in plan.changes if change.post is not None)
    assert counted == Counter(id(post) for post in world.desired)


@QUICK
@given(worlds())
def test_no_record_and_no_live_post_is_in_two_changes(world: World) -> None:
    plan = world.plan()

    keys = Counter(change.copy.key for change in plan.changes if change.copy)
    ids = Counter(change.live.id for change in plan.changes if change.live)
    assert set(keys.values()) <= {1}
    assert set(ids.values()) <= {1}


@QUICK
@given(worlds())
def test_a_foreign_post_is_adopted_or_left_alone(world: World) -> None:
    for change in world.plan().changes:
        if change.live is not None and change.live.id not in world.owned:
            assert change.action is Action.ADOPT
        if change.action is Action.ADOPT:
            assert change.live is not None
            assert change.post is not None
            assert change.live.id not in world.owned
            assert change.live.slot == change.post.slot


@QUICK
@given(worlds())
def test_only_owned_posts_that_nothing_wants_are_deleted(world: World) -> None:
    for change in world.plan().changes:
        if change.action is Action.DELETE:
            assert change.post is None
            assert change.live is not None
            assert change.live.id in world.owned
            assert change.live.family in (Family.SCHEDULED, Family.DRAFT)
            assert dict(world.options)["prune"] == "owned"


@QUICK
@given(worlds())
def test_what_is_tried_has_what_it_takes(world: World) -> None:
    for change in world.plan().changes:
        if change.action in (Action.UPDATE, Action.REPLACE, Action.DELETE):
            assert change.copy is not None
            assert change.live is not None
            assert change.copy.post_id == change.live.id
        assert bool(change.blocks) is (change.action is Action.BLOCKED) is isinstance(change, Blocked)
        assert change.blocks == tuple(sorted(set(change.blocks), key=list(Block).index))


@QUICK
@given(worlds(sound=True))
def test_no_two_posts_of_an_account_are_less_than_a_minute_apart_once_all_is_tried(world: World) -> None:
    after = applied(world, world.plan())

    assert len(_a_minute_apart(after.live)) == len(after.live)


@QUICK
@given(worlds(), st.randoms(use_true_random=False))
def test_a_plan_does_not_depend_on_the_order_of_what_it_is_made_from(world: World, random: Any) -> None:
    def shuffled(items: Iterable[Any]) -> tuple[Any, ...]:
        mixed = list(items)
        random.shuffle(mixed)
        return tuple(mixed)

    state = world.state
    if state is not None:
        state = replace(state, copies=dict(shuffled(state.copies.items())))
    mixed = replace(world, desired=shuffled(world.desired), live=shuffled(world.live), state=state)

    one, other = world.plan(), mixed.plan()

    assert one.changes == other.changes
    assert one.refusals == other.refusals
    assert one.apply_by == other.apply_by
    assert Counter(one.warnings) == Counter(other.warnings)


@QUICK
@given(worlds())
def test_names_decide_nothing(world: World) -> None:
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
        state = replace(state, copies={k: replace(r, id=renamed(r.id)) for k, r in state.copies.items()})
    other = replace(world, desired=tuple(map(moved, world.desired)), state=state)

    assert Counter(map(_essence, world.plan().changes)) == Counter(map(_essence, other.plan().changes))


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


# --- applied perfectly, nothing is left -----------------------------------------------------------------------------


def applied(world: World, plan: Plan) -> World:
    """The world once everything that the plan tries has gone well; the ledger as an apply leaves it."""
    state = attribute(world.state, world.live, now=NOW) if world.state else ledger(last_apply=None)
    live = {post.id: post for post in world.live}
    wanted_keys = {
        entry.key for c in plan.changes for entry in (c.copy, getattr(c, "successor", None)) if entry
    }
    for change in plan.changes:
        post, old = change.post, change.copy
        match change.action:
            case Action.UNCHANGED if old and change.live:
                entry = replace(state.copies[old.key], seen=Seen.of(change.live, old.seen), verified_at=NOW)
                if post is not None:
                    entry = replace(entry, id=post.id, sent=post.content, slot=post.at)
                state.put(entry)
            case Action.PAST if post:
                state.excused.update(past_keys(post.account.id, post.at, post.id))
            case Action.ADOPT if post and change.live:
                _made(state, post, change.live, old)
            case Action.UPDATE if post and old and change.live:
                new = replace(change.live, text=post.text)
                live[new.id] = new
                state.put(
                    replace(
                        old,
                        id=post.id,
                        sent=post.content,
                        seen=Seen.of(new, old.seen),
                        revising=None,
                        verified_at=NOW,
                    )
                )
            case Action.REPLACE if isinstance(change, Replace) and change.successor and old and change.live:
                del live[change.live.id]
                state.drop(old)
                state.put(replace(state.copies[change.successor.key], replaces=None))
            case Action.CREATE | Action.RECREATE | Action.REPLACE if post:
                if change.live is not None:
                    del live[change.live.id]
                family = "draft" if post.draft else "scheduled"
                new = shown(post.at, post.text, account=post.account, id=f"n-{state.next_key}", state=family)
                live[new.id] = new
                _made(state, post, new, old)
            case Action.DELETE if old and change.live:
                del live[change.live.id]
                state.drop(old)
    for entry in list(state.copies.values()):
        lost = entry.post_id is not None and entry.post_id not in live
        if lost and entry.key not in wanted_keys and (entry.removing_at or entry.slot > NOW):
            state.drop(entry)
    tidy(state, now=NOW)
    return replace(world, live=tuple(live.values()), state=state)


def _made(state: State, post: Post, live: LivePost, old: Copy | None) -> None:
    if old is not None:
        state.drop(old)
    state.put(copy_of(post, state.new_key(), post_id=live.id, seen=Seen.of(live), verified_at=NOW))


@settings(QUICK, max_examples=200)
@given(worlds(sound=True))
def test_applied_once_nothing_is_left_to_do_but_what_was_blocked(world: World) -> None:
    first = world.plan()

    second = applied(world, first).plan()

    adopted = {_wanted(change) for change in first.listed if change.action is Action.ADOPT}
    blocked = {_wanted(change): change for change in first.listed if change.action is Action.BLOCKED}
    for change in second.listed:
        before = blocked.get(_wanted(change))
        if before is None and change.blocks == (Block.STATE,) and _wanted(change) in adopted:
            continue  # it was taken as it is: declined, say
        assert before is not None, f"{change.action} after nothing like it"
        if world.state is None and Block.TWIN in before.blocks:
            continue  # what went out since yesterday counts as a twin only while there is no ledger
        assert change.action is Action.BLOCKED
        assert before.blocks == change.blocks


def _wanted(change: Change) -> tuple[Any, ...]:
    """What a change is about, across two plans."""
    if change.post is not None:
        return (change.post.account.id, change.post.at, str(change.post.content), change.post.id)
    return (change.account.id, change.live.id if change.live else None)
