"""What of the ledger and of Publer is in the scope of a hold."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.ledger.copies import End
from publer_sync.ledger.hold import Hold
from publer_sync.planning.holding import (
    OnHold,
    beginning,
    condition,
    holds_of,
    labels_unknown,
    made_meanwhile,
    reaches,
)
from publer_sync.planning.plan import Action
from publer_sync.planning.planner import Scope
from publer_sync.render.post.tally import held_out
from publer_sync.values.model import MINUTE, SettingsHold
from publer_sync.values.problems import Location
from tests.builders import (
    DAY,
    EARLIER,
    HOUR,
    LATER,
    LINKEDIN,
    NOW,
    SETTINGS,
    SOON,
    X,
    change,
    copy_of,
    ledger,
    only,
    planned,
    said,
    shown,
    wanted,
)
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.ledger.copies import Copy
    from publer_sync.planning.plan import Change
    from publer_sync.values.model import LivePost, Post

HOLD = Hold("a storm", NOW)
POST = wanted(SOON, labels=["sale"])
OURS = copy_of(POST)


def on_hold(hold: Hold = HOLD, *copies: Any) -> OnHold:
    return OnHold.of((hold,), copies)


# --- what Publer publishes --------------------------------------------------------------------------------------------


@each_of(
    ("state", "depends_on"),
    [
        ("scheduled", ""),
        ("scheduled_approved", ""),
        ("scheduled_pending", "if approved"),
        ("scheduled_reauth", "if its account is reconnected"),
        ("scheduled_locked", "if Publer unlocks it"),
        ("scheduled_declined", None),
        ("recurring", ""),
        ("recycling_paused", None),
        ("recycling_expired", None),
        ("draft", None),
        ("published", None),
        ("failed", None),
    ],
)
def test_whether_publer_publishes_a_post_depends_on_its_state(state: str, depends_on: str | None) -> None:
    post = shown(SOON, state=state)
    assert condition(post) == depends_on
    assert reaches(HOLD, post, NOW) is (depends_on is not None)


@each_of(
    ("post", "hold", "reached"),
    [
        (shown(SOON), {"first": LATER}, False),
        (shown(SOON), {"last": SOON}, False),
        (shown(None), {}, False),
        (shown(SOON), {"accounts": (LINKEDIN.id,)}, False),
        (shown(SOON), {"labels": ("sale",)}, False),
        (shown(SOON, labels=("sale",)), {"labels": ("sale",)}, True),
        (shown(NOW - DAY, state="recurring"), {"first": LATER}, True),
        (shown(NOW - DAY, state="recurring"), {"last": NOW}, False),
        (shown(None, state="recycling"), {"last": NOW + MINUTE}, True),
        (shown(LATER, state="recurring"), {"last": LATER}, False),
    ],
)
def test_a_hold_reaches_what_is_published_in_its_scope(
    post: LivePost, hold: dict[str, Any], reached: bool
) -> None:
    """What repeats may be published at any time from now on."""
    assert reaches(replace(HOLD, **hold), post, NOW) is reached


# --- the ledger's copies ----------------------------------------------------------------------------------------------


@each_of("scope", [{"first": LATER}, {"labels": ("launch",)}, {"accounts": (LINKEDIN.id,)}])
def test_a_post_is_covered_as_sent_as_shown_or_as_the_calendar_has_it(scope: dict[str, Any]) -> None:
    hold = replace(HOLD, **scope)
    as_wanted = wanted(LATER, account=LINKEDIN, labels=["launch"])
    assert not on_hold(hold).covers(OURS, shown(SOON, labels=("sale",)), POST)
    assert on_hold(hold).covers(OURS, shown(SOON), as_wanted)
    assert on_hold(hold).covers(OURS, shown(LATER, labels=("launch",), account=LINKEDIN))
    moved = replace(OURS, slot=LATER, sent=as_wanted.content, moved_to=LINKEDIN.id)
    assert on_hold(hold).covers(moved)
    if "accounts" in scope:
        assert not on_hold(hold).covers(moved, None, POST), "the calendar has it on another account"


def test_a_post_that_publer_has_without_a_time_is_covered_by_the_one_that_it_was_sent_with() -> None:
    for first, covered in ((SOON, True), (LATER, False)):
        assert on_hold(replace(HOLD, first=first)).covers(OURS, shown(None, state="draft")) is covered


MADE = copy_of(wanted(SOON), adopted=True)


@each_of(
    ("hold", "copy", "live", "post", "unknown"),
    [
        ({}, MADE, shown(SOON), wanted(SOON), True),
        ({}, MADE, shown(SOON), None, True),
        ({"labels": ()}, MADE, shown(SOON), None, False),
        ({"first": LATER}, MADE, shown(SOON), None, False),
        ({}, replace(MADE, adopted=False), shown(SOON), None, False),
        ({}, copy_of(wanted(SOON, labels=["news"]), adopted=True), shown(SOON), None, False),
        ({}, MADE, shown(SOON, labels=()), None, False),
        ({}, MADE, shown(SOON), wanted(SOON, labels=["news"]), False),
    ],
)
def test_labels_of_a_post_that_somebody_made_are_unknown_where_nobody_shows_them(
    hold: dict[str, Any], copy: Copy, live: LivePost, post: Post | None, unknown: bool
) -> None:
    assert labels_unknown(replace(HOLD, **{"labels": ("sale",), **hold}), copy, live, post, NOW) is unknown


def test_all_copies_of_a_post_are_covered_where_one_is_that_has_not_ended() -> None:
    early = copy_of(wanted(NOW + HOUR), 2, entry=1, post_id="p-2")
    hold = replace(HOLD, last=NOW + 2 * HOUR)
    assert on_hold(hold, OURS, early).covers(OURS)
    assert not on_hold(hold, OURS, early.ending(End.REMOVED, NOW)).covers(OURS)
    assert not on_hold(hold, OURS, replace(early, entry=2)).covers(OURS)


@each_of(("minutes", "covered"), [(-1, True), (0, False), (1, False)])
def test_what_was_spared_is_covered_by_a_later_hold_alone(minutes: int, covered: bool) -> None:
    spared = replace(OURS, spared=HOLD.since + minutes * MINUTE)
    assert on_hold().covers(spared) is covered


@each_of(("minutes", "missed"), [(-1, False), (0, True), (1, True)])
def test_a_post_is_missed_on_hold_where_the_hold_began_before_its_time(minutes: int, missed: bool) -> None:
    assert on_hold().missed(wanted(HOLD.since + minutes * MINUTE), None) is missed


@each_of(
    ("state", "stoppable"),
    [("scheduled", True), ("scheduled_pending", True), ("scheduled_declined", False), ("draft", False)],
)
def test_only_what_publer_will_publish_has_to_go(state: str, stoppable: bool) -> None:
    assert on_hold().stoppable(OURS, shown(SOON, state=state), NOW) is stoppable
    assert not on_hold().stoppable(OURS, None, NOW)
    assert not on_hold(replace(HOLD, first=LATER)).stoppable(OURS, shown(SOON, state=state), NOW)


def test_of_a_post_in_a_state_that_nobody_knows_one_goes_that_was_sent_to_be_published() -> None:
    odd = shown(SOON, state="reviewing")
    assert on_hold().stoppable(OURS, odd, NOW)
    assert not on_hold().stoppable(copy_of(wanted(SOON, draft=True)), odd, NOW)
    assert not on_hold().stoppable(OURS, odd, SOON + DAY), "its minute is long past"
    assert on_hold().stoppable(OURS, shown(SOON + DAY, state="reviewing"), SOON + 2 * HOUR)


def test_the_reason_is_that_of_the_first_hold_that_covers_it() -> None:
    both = OnHold((replace(HOLD, reason="later", first=LATER), HOLD, replace(HOLD, reason="third")), {})
    assert both.reason(OURS) == "a storm"
    assert both.reason(None) == ""


# --- which holds there are --------------------------------------------------------------------------------------------


def test_the_hold_of_the_settings_began_with_the_apply_that_first_knew_of_one() -> None:
    wants = SettingsHold("an accident", Location("publer.yaml", 4), accounts=("x",), labels=("sale",))
    settings = replace(SETTINGS, hold=wants)
    new = Hold("an accident", NOW, (X.id,), ("sale",), settings=True)
    old = Hold("a storm", NOW - DAY, settings=True, left_alone=frozenset({"f-1"}))
    accounts = [X, LINKEDIN]
    assert holds_of(None, SETTINGS, accounts, NOW) == ()
    assert holds_of(None, settings, accounts, NOW) == (new,)
    known = holds_of(ledger(holds=(old, HOLD)), settings, accounts, NOW)
    assert known == (HOLD, replace(new, since=old.since))
    assert known[1].left_alone == {"f-1"}
    assert holds_of(ledger(holds=(old, HOLD)), SETTINGS, accounts, NOW) == (HOLD,)


def test_a_hold_that_begins_knows_what_was_there_and_names_what_comes_later() -> None:
    there, later = shown(LATER, id="f-1"), shown(SOON, id="f-2")
    draft = shown(SOON, id="f-3", state="draft")
    (begun,) = beginning([replace(HOLD, settings=True)], [there, draft], NOW)
    assert begun.left_alone == {"f-1"}
    for made in (later, shown(LATER, id="f-4")):
        (after,) = beginning([begun], [there, made], NOW + MINUTE)
        assert after.left_alone == {"f-1"}, "and not what was made since"
    assert beginning([HOLD], [there], NOW)[0].left_alone == frozenset()
    assert made_meanwhile([begun], [there, later, draft], NOW) == (later,)
    repeats = shown(None, id="f-5", state="recurring")
    assert made_meanwhile([begun], [there, later, repeats], NOW) == (repeats, later), "from now on"
    assert made_meanwhile([begun, replace(HOLD, accounts=(X.id,))], [there, later], NOW) == (later, there)


# --- in a plan ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("desired", [[POST], []], ids=["wanted", "left the calendar"])
def test_what_publer_would_publish_in_the_scope_of_a_hold_is_held_and_counted(desired: list[Any]) -> None:
    other = copy_of(wanted(LATER, "Other"), 2, post_id="p-2")
    state = ledger(OURS, other, holds=(replace(HOLD, last=LATER),))
    plan = planned([*desired, wanted(LATER, "Other")], [shown(SOON), shown(LATER, "Other", id="p-2")], state)
    assert [said(change) for change in plan.changes] == [("held",), ("unchanged",)]
    (told,) = (warning.message for warning in plan.warnings if warning.code == "on_hold")
    assert "1 post is kept out of Publer from the next apply on" in told


@pytest.mark.parametrize(("text", "posts"), [("Hello", "1 post is"), ("Good day", "2 posts are")])
def test_a_post_with_words_of_its_own_for_an_account_is_counted_as_lists_count_it(
    text: str, posts: str
) -> None:
    both = [wanted(SOON), wanted(SOON, text, account=LINKEDIN)]
    held = [replace(copy_of(post, key), held=True) for key, post in enumerate(both, 1)]
    plan = planned(both, [], ledger(*held, holds=(HOLD,)))
    (told,) = (warning.message for warning in plan.warnings if warning.code == "on_hold")
    assert f"{posts} kept out of Publer;" in told
    assert posts.startswith(str(held_out(plan)))


def test_a_hold_names_also_an_edited_post_that_left_the_calendar() -> None:
    told = planned([], [shown(SOON, "By hand")], ledger(OURS, holds=(HOLD,))).warnings
    assert [(each.code, each.location) for each in told] == [("on_hold", None), ("hold_edited", None)]
    assert 'someone edited a post in Publer, which says "By hand" there' in told[1].message


def test_a_hold_says_how_it_ends_and_what_somebody_made_since() -> None:
    where = Location("publer.yaml", 2)
    by_settings = Hold("sale is over", NOW - HOUR, settings=True, left_alone=frozenset())
    made = [shown(LATER, "New"), shown(LATER + HOUR, "Newer", id="p-2")]

    def told(*live: LivePost, **settings: Any) -> dict[str, str]:
        plan = planned([], live, ledger(holds=(by_settings, HOLD)), **settings)
        return {warning.code: warning.whole for warning in plan.warnings}

    both = told(hold=SettingsHold("sale is over", where))
    assert both["on_hold"].endswith("remove `hold` from publer.yaml, then run publer-sync release")
    [warning] = planned([], [], ledger(holds=(by_settings,)), hold=SettingsHold("over", where)).warnings
    assert warning.location == where
    assert told()["on_hold"].endswith("to end it: run publer-sync release")
    assert "on_hold.made" not in both
    assert told(made[0])["on_hold.made"].startswith("someone made 1 post that is in the scope")
    assert f' {X.alias} "New"; ' in told(*made)["on_hold.made"]
    assert told(*made)["on_hold.made"].startswith("someone made 2 posts that are in the scope")


def test_a_post_that_somebody_schedules_although_it_is_on_hold_is_managed_from_then_on() -> None:
    gone = replace(OURS, held=True, removing_at=NOW).ending(End.REMOVED, NOW)
    again = shown(SOON, id="p-9", labels=("sale",))
    change = only(planned([POST], [again], ledger(gone, holds=(HOLD,))))
    assert (said(change), change.on_hold) == (("adopt",), True)
    assert not only(planned([POST], [again], ledger())).on_hold


def test_a_post_that_somebody_made_a_draft_of_stays_on_hold() -> None:
    """Scheduled again it would be published; it is in nobody's way until then."""
    draft = shown(SOON, state="draft", labels=("sale",))
    change = only(planned([POST], [draft], ledger(OURS, holds=(HOLD,))))
    assert (said(change), change.live) == (("held",), None)


# --- what a release looks at ------------------------------------------------------------------------------------------

TAKEN_OUT = replace(OURS, held=True, removing_at=NOW).ending(End.REMOVED, NOW)


@each_of(
    ("one", "looked_at"),
    [
        (change(Action.CREATE, wanted(SOON), copy=replace(TAKEN_OUT, sent=wanted(SOON).content)), True),
        (change(Action.CREATE, wanted(SOON), copy=copy_of(wanted(SOON))), False),
        (change(Action.CREATE, POST), True),
        (change(Action.CREATE, wanted(SOON, draft=True, labels=["sale"])), False),
        (change(Action.UPDATE, wanted(SOON, draft=True, labels=["sale"]), live=shown(SOON), copy=OURS), True),
        (
            change(
                Action.UPDATE,
                wanted(SOON, draft=True, labels=["sale"]),
                live=shown(SOON, state="draft"),
                copy=copy_of(wanted(SOON)),
            ),
            False,
        ),
        (change(Action.DELETE, None, live=shown(SOON), copy=OURS), False),
        (change(Action.PAST, wanted(NOW - HOUR), copy=replace(TAKEN_OUT, slot=NOW - HOUR)), True),
        (change(Action.PAST, wanted(NOW - HOUR, labels=["sale"])), True),
        (change(Action.PAST, wanted(NOW - 2 * DAY, labels=["sale"])), False),
        (change(Action.PAST, wanted(NOW - HOUR)), False),
    ],
)
def test_a_release_looks_only_at_what_its_holds_kept_or_took_out(one: Change, looked_at: bool) -> None:
    assert Scope(released=on_hold(replace(HOLD, since=NOW - DAY, labels=("sale",)))).holds(one) is looked_at


def test_a_hold_that_is_about_some_posts_covers_those_alone() -> None:
    on_hold = OnHold.of((HOLD,), [OURS], only={1})
    assert on_hold.covers(OURS)
    assert not on_hold.covers(replace(OURS, key=2))
    assert not on_hold.covers(None, post=POST)
    assert OnHold.of((HOLD,), [OURS]).covers(None, post=POST)


def test_a_hold_of_the_settings_counts_from_the_apply_that_knew_of_it_not_from_one_of_the_command() -> None:
    settings = replace(SETTINGS, hold=SettingsHold("a storm", Location("publer.yaml", 2)))
    command, new = holds_of(ledger(holds=(HOLD,)), settings, (X,), NOW)
    assert (command, new.since, new.settings) == (HOLD, NOW, True)
    kept = replace(HOLD, settings=True, since=EARLIER)
    assert [hold.since for hold in holds_of(ledger(holds=(HOLD, kept)), settings, (X,), NOW)] == [
        HOLD.since,
        EARLIER,
    ]


def test_a_post_that_the_calendar_moved_to_another_account_is_in_scope_there() -> None:
    on_hold = OnHold.of((replace(HOLD, accounts=(X.id,)),), [OURS])
    assert on_hold.covers(OURS)
    assert not on_hold.covers(OURS, post=wanted(SOON, account=LINKEDIN))
