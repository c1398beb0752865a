"""Sign-off in a plan: what would be sent without a yes is blocked; what is in Publer stays as it is, and is told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from publer_sync.action import drift
from publer_sync.ledger.copies import End, Seen
from publer_sync.planning.blocks import LEAD
from publer_sync.planning.plan import Action, Block, asked_of, waits_for_yes
from publer_sync.planning.signing import by_person, kept_rules, unsigned, weaker
from publer_sync.render.post.fixes import Fixes
from publer_sync.values.content import Content
from publer_sync.values.model import MINUTE
from publer_sync.values.policies import SignoffRule
from publer_sync.values.problems import Location
from publer_sync.values.signoff import SignedPosts
from tests.builders import (
    DAY,
    EARLIER,
    LATER,
    LINKEDIN,
    NOW,
    SETTINGS,
    SOON,
    TOMORROW,
    X,
    change,
    codes,
    copy_of,
    ledger,
    only,
    planned,
    said,
    shown,
    wanted,
)
from tests.planning.posts import DRAFT, LIVE, LIVE_DRAFT, OUR_DRAFT, OURS, POST, case
from tests.tables import each_of
from tests.values.test_signoff import KARI, signoff, yes_to

if TYPE_CHECKING:
    from datetime import timedelta

    from publer_sync.ledger.copies import Copy
    from publer_sync.ledger.state import State
    from publer_sync.planning.plan import Change, Plan
    from publer_sync.values.model import LivePost, Post
    from publer_sync.values.signoff import Signoff

ASKED = signoff()
EDITED = replace(POST, content=Content("Hello again"))
MOVED = replace(POST, at=TOMORROW)
NEW_LABEL = replace(POST, content=replace(POST.content, labels=("new",)))


def fix_of(change: Change) -> str:
    return "".join(span.text for phrase in Fixes([change]).of(change) for span in phrase)


def plan_of(
    post: Post,
    live: tuple[LivePost, ...] = (),
    state: State | None = None,
    asks: Signoff = ASKED,
    **more: Any,
) -> Plan:
    return planned([post], live, state, signoff=asks, **more)


@each_of(
    ("post", "live", "state", "would"),
    [
        (POST, (), None, Action.CREATE),
        (POST, (), ledger(replace(OURS, end=End.GONE)), Action.RECREATE),
        (EDITED, (LIVE,), ledger(OURS), Action.UPDATE),
        (MOVED, (LIVE,), ledger(OURS), Action.REPLACE),
        (NEW_LABEL, (LIVE,), ledger(OURS), Action.REPLACE),
    ],
)
def test_nothing_is_sent_without_a_yes(
    post: Post, live: tuple[LivePost, ...], state: State | None, would: Action
) -> None:
    change = only(plan_of(post, live, state))
    assert said(change)[:2] == ("blocked", "approval")
    assert (change.would.action, waits_for_yes(change)) == (would, True)
    assert change.reason == "it waits for the sign-off of Kari, Acme AS"
    assert only(plan_of(post, live, state, signoff(yes=(yes_to(post),)))).action is would
    assert only(planned([post], live, state)).action is would, "where nobody is asked, nobody is waited for"


def test_what_changed_since_a_yes_is_told() -> None:
    change = only(plan_of(replace(EDITED, at=TOMORROW), asks=signoff(yes=(yes_to(POST, days=4),))))
    assert change.reason.endswith("; it has changed since Kari, Acme AS signed it off on Fri 20 Nov")
    since = [(item.field, item.before, item.after) for item in change.since]
    assert since == [("text", "Hello", "Hello again"), ("day", "2026-11-24", "2026-11-25")]
    same_day = only(plan_of(EDITED, asks=signoff(yes=(yes_to(POST, days=4),))))
    assert [item.field for item in same_day.since] == ["text"]


def test_several_people_are_told_apart_from_one_of_several() -> None:
    rules = (replace(KARI, by=("legal", "kari")), replace(KARI, by=("ann",)))
    change = only(plan_of(POST, asks=signoff(*rules)))
    assert change.reason == "it waits for the sign-off of Legal or Kari, Acme AS and of Ann"


@each_of(
    ("post", "live", "state"),
    [
        (POST, (LIVE,), ledger(OURS)),
        (POST, (LIVE,), None),
        (replace(POST, content=replace(POST.content, draft=True)), (), None),
        (replace(POST, at=NOW - DAY), (), ledger()),
    ],
)
def test_what_is_in_publer_drafts_and_what_is_past_need_no_yes(
    post: Post, live: tuple[LivePost, ...], state: State | None
) -> None:
    assert Block.APPROVAL not in only(plan_of(post, live, state)).blocks


def test_what_went_out_nowhere_for_want_of_a_yes_says_so_and_is_not_to_be_published_by_hand() -> None:
    past = replace(POST, at=EARLIER)
    draft = shown(EARLIER, state="draft")
    change = only(plan_of(past, (draft,), ledger(OUR_DRAFT)))
    waited = "it waited for the sign-off of Kari, Acme AS"
    assert change.reason == f"it was still a draft in Publer when its time came; {waited}"
    assert "publish it in Publer" not in fix_of(change)
    assert "delete it there" in fix_of(change)
    never = only(plan_of(past, (), ledger()))
    assert never.reason == f"its time passed before it was scheduled; {waited}"
    signed = only(plan_of(past, (draft,), ledger(OUR_DRAFT), signoff(yes=(yes_to(past),))))
    assert signed.reason == "it was still a draft in Publer when its time came"
    assert "publish it in Publer" in fix_of(signed)
    declined = only(plan_of(past, (shown(EARLIER, state="scheduled_declined"),), ledger(copy_of(past))))
    assert declined.reason == "someone declined it in Publer"
    draft_of_ours = only(plan_of(replace(past, content=replace(past.content, draft=True)), (), ledger()))
    assert "sign-off" not in draft_of_ours.reason


def test_what_left_the_calendar_needs_no_yes_to_go() -> None:
    plan = planned([replace(MOVED, id="other", content=Content("Else"))], [LIVE], ledger(OURS), signoff=ASKED)
    assert [change.action for change in plan.changes] == [Action.DELETE, Action.BLOCKED]


def test_what_a_hold_or_a_swap_took_out_comes_back_without_a_yes() -> None:
    out = replace(OURS, held=True, removing_at=NOW, removed=True).ending(End.REMOVED, NOW)
    assert only(plan_of(POST, (), ledger(out))).action is Action.CREATE
    assert said(only(plan_of(EDITED, (), ledger(out))))[:2] == ("blocked", "approval"), "as it was"
    assert said(only(plan_of(MOVED, (), ledger(out))))[:2] == ("blocked", "approval")
    draft = replace(OUR_DRAFT, held=True, removing_at=NOW, removed=True).ending(End.REMOVED, NOW)
    assert said(only(plan_of(POST, (), ledger(draft))))[:2] == ("blocked", "approval"), (
        "nobody signed off a draft"
    )


def test_posts_that_swap_days_wait_together_for_the_yes_that_one_of_them_lacks() -> None:
    one, two = wanted(SOON, "One", id="1"), wanted(TOMORROW, "Two", id="2")
    live = [shown(SOON, "One", id="p-1"), shown(TOMORROW, "Two", id="p-2")]
    state = ledger(copy_of(one, 1, post_id="p-1"), copy_of(two, 2, post_id="p-2"))
    new = replace(one, at=TOMORROW), replace(two, at=SOON)
    plan = planned(new, live, state, signoff=signoff(yes=(yes_to(new[0]),)))
    lacks, other = plan.changes
    assert [change.blocks for change in plan.changes] == [(Block.APPROVAL,)] * 2
    waits = "it waits for the sign-off of Kari, Acme AS"
    assert (lacks.reason, other.reason) == (waits, f'it swaps times with "Two": {waits}')
    assert [asked_of(change) is not None for change in plan.changes] == [True, False]
    assert fix_of(lacks) == "Fix: have it signed off, then run publer-sync approve 2 --by kari."
    assert fix_of(other) == "Fix: do what lets that one change."
    assert all(waits_for_yes(change) and drift.stuck(change) for change in plan.changes), "it is near"


def test_where_the_new_post_is_in_publer_the_old_one_goes_without_a_yes() -> None:
    """It would be published twice."""
    new = copy_of(MOVED, 2, post_id="p-2", entry=1)
    plan = plan_of(MOVED, (LIVE, shown(TOMORROW, "Hello", id="p-2")), ledger(OURS, new))
    assert all(Block.APPROVAL not in change.blocks for change in plan.changes)
    assert Action.DELETE in {change.action for change in plan.changes} or Action.REPLACE in {
        change.action for change in plan.changes
    }


def test_a_label_or_account_that_it_was_sent_with_is_asked_about_as_before() -> None:
    health = SignoffRule(("kari",), Location("publer.yaml", 1), labels=("health",))
    labelled = copy_of(replace(POST, content=replace(POST.content, labels=("health",))))
    plan = plan_of(EDITED, (LIVE,), ledger(labelled), signoff(health))
    assert said(only(plan))[:2] == ("blocked", "approval")
    assert "who was asked for the account or label that it had before" in only(plan).reason
    on_x = replace(KARI, accounts=("x",))
    moved = planned([replace(POST, account=LINKEDIN)], [LIVE], ledger(OURS), signoff=signoff(on_x))
    assert {change.account.alias: change.action for change in moved.changes} == {
        "x": Action.DELETE,
        "linkedin": Action.BLOCKED,
    }


def test_a_post_that_is_in_publer_without_a_yes_is_told() -> None:
    def told(asks: Signoff, post: Post = POST) -> list[str]:
        plan = plan_of(post, (LIVE,), ledger(copy_of(post)), asks)
        return [warn.message for warn in plan.warnings if warn.code == "signoff.unsigned"]

    assert told(ASKED) == [
        (
            "1 post that is scheduled in Publer has no sign-off for what it says now: hello; it stays, and is published unless "
            "somebody stops it"
        )
    ]
    assert told(signoff(yes=(yes_to(POST),))) == []


def test_what_else_blocks_a_post_is_told_where_it_tells_more() -> None:
    near = replace(POST, at=NOW + MINUTE)
    change = only(plan_of(near))
    assert change.blocks == (Block.LEAD, Block.APPROVAL)
    assert "too soon" in change.reason
    assert not waits_for_yes(change)
    edited = only(plan_of(EDITED, (shown(SOON, "By hand"),), ledger(OURS)))
    assert edited.blocks == (Block.APPROVAL, Block.EDITED)
    assert edited.reason == "it waits for the sign-off of Kari, Acme AS"
    assert not waits_for_yes(edited), "apply tells it as it tells every edit"


def test_another_hour_of_the_day_needs_no_new_yes() -> None:
    later = wanted(LATER, "Hello", id="hello")
    assert only(plan_of(later, asks=signoff(yes=(yes_to(POST),)))).action is Action.CREATE


@each_of(
    ("before", "now", "told"),
    [
        (KARI, (KARI,), False),
        (KARI, (), True),
        (KARI, (replace(KARI, by=("ann",)),), True),
        (KARI, (replace(KARI, by=("kari", "ann")),), True),
        (replace(KARI, by=("kari", "ann")), (KARI,), False),
        (KARI, (replace(KARI, by=("kari", "ann"), all=True),), False),
        (replace(KARI, by=("kari", "ann"), all=True), (KARI,), True),
        (KARI, (replace(KARI, day=False),), True),
        (replace(KARI, day=False), (KARI,), False),
        (KARI, (replace(KARI, accounts=("x",)),), True),
        (replace(KARI, accounts=("x",)), (KARI,), False),
        (replace(KARI, accounts=("x",)), (replace(KARI, accounts=("x", "linkedin")),), False),
        (KARI, (replace(KARI, labels=("health",)),), True),
        (replace(KARI, labels=("health",)), (replace(KARI, labels=("other",)),), True),
        (replace(KARI, labels=("health",)), (replace(KARI, labels=("health", "other")),), False),
        (replace(KARI, labels=("health",)), (replace(KARI, labels=("HEALTH",)),), False),
        (replace(KARI, labels=("health",)), (KARI,), False),
        (replace(KARI, accounts=("x",)), (replace(KARI, accounts=("linkedin",)),), True),
        (KARI, (replace(KARI, by=("ann", "bea"), all=True),), True),
        (
            replace(KARI, by=("kari", "ann"), all=True),
            (replace(KARI, by=("kari", "ann", "bea"), all=True),),
            False,
        ),
        (replace(KARI, by=("kari", "ann"), all=True), (replace(KARI, by=("kari", "ann")),), True),
        (replace(KARI, by=("kari", "ann")), (replace(KARI, by=("ann", "bea"), all=True),), False),
        (KARI, (replace(KARI, accounts=("x",)), KARI), False),
    ],
)
def test_a_rule_that_got_weaker_is_named(
    before: SignoffRule, now: tuple[SignoffRule, ...], told: bool
) -> None:
    state = ledger(signoff=kept_rules((before,), (X, LINKEDIN)))
    plan = planned([], state=state, signoff=signoff(*now) if now else None)
    assert [warn.code for warn in plan.warnings if warn.code == "signoff.weaker"] == ["signoff.weaker"] * told


def test_a_drift_check_tells_what_is_not_signed_off_a_day_before_its_minute() -> None:
    assert drift.stuck(only(plan_of(POST)))
    assert not drift.stuck(only(plan_of(replace(POST, at=TOMORROW + DAY))))
    moved = replace(POST, at=TOMORROW + DAY)
    assert drift.stuck(only(plan_of(moved, (LIVE,), ledger(OURS)))), "the old one is published before"


def test_where_nothing_was_asked_before_nothing_got_weaker() -> None:
    assert [*weaker((), SETTINGS, {})] == []


def test_a_yes_to_a_change_is_needed_before_the_old_post_freezes() -> None:
    asks = signoff()
    better = replace(POST, content=wanted(SOON, "Better").content)
    assert only(planned([better], [LIVE], ledger(OURS), signoff=asks)).needed_by == SOON - 15 * MINUTE
    assert only(planned([POST], [], ledger(), signoff=asks)).needed_by == SOON - LEAD
    moved = planned([replace(POST, at=LATER)], [LIVE], ledger(OURS), signoff=asks)
    assert only(moved).needed_by == SOON - 15 * MINUTE


@each_of(
    ("post", "live", "copy", "told"),
    [
        (POST, LIVE, OURS, True),
        (DRAFT, LIVE_DRAFT, OUR_DRAFT, False),
        (DRAFT, LIVE, replace(OUR_DRAFT, seen=Seen(SOON, "Hello")), False),
        (
            wanted(EARLIER, id="hello"),
            shown(EARLIER, state="published"),
            copy_of(wanted(EARLIER, id="hello")),
            False,
        ),
    ],
)
def test_only_what_publer_will_publish_is_told_as_not_signed_off(
    post: Post, live: LivePost, copy: Copy, told: bool
) -> None:
    plan = planned([post], [live], ledger(copy), signoff=signoff())
    assert ("signoff.unsigned" in codes(plan)) is told


def test_whose_yes_is_asked_for_is_known_of_what_waits_for_one_alone() -> None:
    waits = only(planned([POST], [], ledger(), signoff=signoff()))
    assert asked_of(waits) is not None
    assert asked_of(only(planned([POST], [], ledger()))) is None


def test_a_rule_that_got_weaker_is_told_with_whose_yes_it_asked_for_and_for_what() -> None:
    rules = (
        replace(KARI, by=("kari", "ann"), all=True, accounts=("x", "gone"), labels=("health", "news")),
        replace(KARI, by=("legal", "kari")),
    )
    start = "a sign-off that was asked for at the last apply is asked for no longer, or for less: that of "
    settings = replace(SETTINGS, people={"kari": "Kari, Acme AS"})
    told = [*weaker(kept_rules(rules, (X,)), settings, {X.id: X})]
    assert [each.message for each in told] == [
        f"{start}ann and Kari, Acme AS, for posts on x, gone with the label health or news",
        f"{start}Kari, Acme AS or legal, for posts",
    ]
    assert {each.location for each in told} == {None}
    now = replace(settings, signoff=(replace(KARI, by=("bea",)),))
    [told_there, _] = weaker(kept_rules(rules, (X,)), now, {X.id: X})
    assert told_there.location == KARI.location


@each_of(
    ("number", "told"),
    [
        (1, "1 post that is scheduled in Publer has no sign-off for what it says now: p1; it stays, and is published unless somebody stops it"),
        (3, "3 posts that are scheduled in Publer have no sign-off for what they say now: p1, p2, p3; they stay, and are published unless somebody stops them"),
        (4, "4 posts that are scheduled in Publer have no sign-off for what they say now: p1, p2, p3 and 1 more; they stay, and are published unless somebody stops them"),
    ],
)  # fmt: skip
def test_of_posts_without_a_yes_three_are_named(number: int, told: str) -> None:
    posts = [wanted(SOON + n * MINUTE, f"Post {n}", id=f"p{n}") for n in range(1, number + 1)]
    live = [shown(each.at, each.text, id=f"p-{n}") for n, each in enumerate(posts)]
    copies = [copy_of(each, n + 1, post_id=f"p-{n}") for n, each in enumerate(posts)]
    plan = planned(posts, live, ledger(*copies), signoff=ASKED)
    assert [each.message for each in plan.warnings if each.code == "signoff.unsigned"] == [told]


@each_of(("after", "near"), [(DAY - MINUTE, True), (DAY, True), (DAY + MINUTE, False)])
def test_a_yes_is_due_a_day_before_the_minute_of_the_post(after: timedelta, near: bool) -> None:
    assert only(plan_of(replace(POST, at=NOW + after))).near is near


def test_what_comes_from_an_account_that_it_leaves_is_asked_about_as_there() -> None:
    on_x, health = replace(KARI, accounts=("x",)), replace(KARI, labels=("health",))
    here = replace(POST, account=LINKEDIN)
    ours = copy_of(replace(POST, content=replace(POST.content, labels=("health",))))
    for rule, state, asked in (
        (on_x, ledger(OURS), True),
        (health, ledger(ours), True),
        (health, ledger(OURS), False),
        (on_x, ledger(replace(OURS, id="other")), False),
        (on_x, ledger(replace(OURS, id=None)), False),
        (on_x, ledger(), False),
    ):
        live = [LIVE] if state.copies else []
        plan = planned([here], live, state, signoff=signoff(rule))
        [new] = [each for each in plan.changes if each.account == LINKEDIN]
        assert (Block.APPROVAL in new.blocks) is asked


def test_what_was_swapped_out_on_another_day_or_deleted_by_somebody_needs_a_yes() -> None:
    gone = replace(OURS, end=End.GONE)
    assert said(only(plan_of(POST, (), ledger(gone))))[:2] == ("blocked", "approval")
    out = replace(OURS, held=True, removing_at=NOW, removed=True).ending(End.REMOVED, NOW)
    assert only(plan_of(replace(POST, at=LATER), (), ledger(out))).blocks == ()


def test_whose_yes_helps_is_told_by_person_and_what_needs_it_first_comes_first() -> None:
    rules = (replace(KARI, by=("kari", "ann")), replace(KARI, accounts=("linkedin",), by=("legal",)))
    posts = [
        wanted(LATER, "Late"),
        wanted(SOON, "Soon", account=LINKEDIN),
        wanted(SOON, "A draft", draft=True),
    ]
    found = by_person(planned(posts, signoff=signoff(*rules)).changes)
    told = {who: [(each.post and each.post.text, by) for each, by in few] for who, few in found.items()}
    soon, late = ("Soon", SOON - LEAD), ("Late", LATER - LEAD)
    assert told == {"kari": [soon, late], "ann": [soon, late], "legal": [soon]}


@each_of(
    ("one", "told"),
    [
        (change(Action.UNCHANGED, POST, live=LIVE), True),
        (change(Action.UNCHANGED, POST), True),
        (change(Action.ADOPT, POST, live=LIVE), True),
        (change(Action.UNCHANGED, POST, live=LIVE_DRAFT), False),
        (change(Action.UNCHANGED, DRAFT), False),
        (change(Action.UNCHANGED, replace(POST, at=NOW)), False),
        (change(Action.UNCHANGED, replace(POST, at=NOW + MINUTE)), True),
        (change(Action.UNCHANGED, None, live=LIVE, copy=OURS), False),
        (change(Action.CREATE, POST), False),
    ],
)
def test_what_is_in_publer_and_will_be_published_is_told_without_its_yes(one: Change, told: bool) -> None:
    posts = [one.post] if one.post is not None else []
    assert bool([*unsigned(SignedPosts(ASKED, posts), [one], case())]) is told


def test_another_account_and_another_kind_of_yes_are_told_as_changes_since_then() -> None:
    moved = only(plan_of(replace(POST, account=LINKEDIN), asks=signoff(yes=(yes_to(POST),))))
    assert [item.field for item in moved.since] == ["account"]
    any_day = yes_to(POST, rule=replace(KARI, day=False))
    assert [item.field for item in only(plan_of(POST, asks=signoff(yes=(any_day,)))).since] == []


def test_what_was_asked_for_as_it_was_sent_is_told_of_what_is_past() -> None:
    past = replace(POST, at=EARLIER)
    labelled = replace(OUR_DRAFT, sent=replace(OUR_DRAFT.sent, labels=("health",)))
    draft = (shown(EARLIER, state="draft"),)
    for rule, waited in (
        (replace(KARI, labels=("health",)), True),
        (replace(KARI, accounts=("linkedin",)), False),
    ):
        told = only(plan_of(past, draft, ledger(labelled), signoff(rule)))
        assert ("it waited for the sign-off of" in told.reason) is waited


def test_what_never_came_needs_a_yes_and_what_leaves_a_lost_account_does_not_matter() -> None:
    never = replace(OURS, post_id=None, seen=None).ending(End.NEVER_CAME, NOW)
    assert said(only(plan_of(POST, (), ledger(never))))[:2] == ("blocked", "approval")
    on_x = signoff(replace(KARI, accounts=("x",)))
    lost = ledger(replace(OURS, account="a-gone"))
    assert Block.APPROVAL not in only(plan_of(replace(POST, account=LINKEDIN), (), lost, on_x)).blocks
    both = ledger(OURS, copy_of(replace(POST, account=LINKEDIN), 2, post_id="p-2"))
    live = (LIVE, shown(SOON, account=LINKEDIN, id="p-2"))
    changes = planned([replace(EDITED, account=LINKEDIN)], live, both, signoff=on_x).changes
    assert not any(Block.APPROVAL in each.blocks for each in changes)
