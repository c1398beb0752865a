"""What became of each planned post: which live post is whose, and what that says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from publer_sync.ledger.copies import End, Seen
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.runs import RunLine, RunRecord
from publer_sync.planning.publication import (
    Days,
    Publication,
    Results,
    Status,
    publications,
    totals,
    with_figures,
)
from publer_sync.values.content import Content
from publer_sync.values.model import MINUTE, Figure, Insight, Listing, Use
from tests.builders import DAY, HOUR, LINKEDIN, NOW, WORKSPACE, X, copy_of, ledger, sent, shown, wanted
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from publer_sync.ledger.copies import Copy
    from publer_sync.ledger.state import State
    from publer_sync.values.model import LivePost, Post

DAYS = Days(NOW - 7 * DAY, NOW, NOW)
AT = NOW - 2 * DAY
ACCOUNTS = {account.id: account for account in (X, LINKEDIN)}


def told(
    desired: Iterable[Post], live: Iterable[LivePost], state: State | None = None, days: Days = DAYS
) -> list[tuple[Status, str, str | None]]:
    """Of each post its status, its words, and the live post that was found to be it."""
    found = publications(tuple(desired), state, Listing(tuple(live)), ACCOUNTS, days)
    return [(one.status, one.text, one.live.id if one.live else None) for one in found]


def published(minutes: int = 1, text: str = "Hello", **more: object) -> LivePost:
    return shown(AT + minutes * MINUTE, text, **{"id": "1", "state": "published", **more})  # type: ignore[arg-type]  # fields of several types


@each_of(
    ("live", "found"),
    [
        (published(), True),
        (published(60), True),
        (published(-60), True),
        (published(61), False),
        (published(-61), False),
        (published(text="Hello\r\n"), True),
        (published(text="Hullo"), False),
        (published(account=LINKEDIN), False),
        (published(imported=True), False),
    ],
)
def test_a_post_is_known_by_account_words_and_an_hours_window(live: LivePost, *, found: bool) -> None:
    first = (Status.PUBLISHED, "Hello", "1") if found else (Status.NOT_FOUND, "Hello", None)
    assert told([wanted(AT)], [live])[0] == first


def test_what_left_the_calendar_keeps_its_id_in_the_report() -> None:
    state = ledger(copy_of(wanted(AT, id="launch")))
    found = publications((), state, Listing((published(id="p-1"),)), ACCOUNTS, DAYS)
    assert [(one.id, one.status) for one in found] == [("launch", Status.PUBLISHED)]


def test_who_signed_what_was_published_is_in_the_report() -> None:
    line = RunLine("create", X.id, AT, "launch", "applied", entry=1, signed=("Kari 1-ab",))
    state = ledger(copy_of(wanted(AT, id="launch")), runs=(RunRecord(AT, "apply", lines=(line,)),))
    found = publications((), state, Listing((published(id="p-1"),)), ACCOUNTS, DAYS)
    assert [one.signed for one in found] == [("Kari 1-ab",)]
    results = Results("calendar", WORKSPACE, "UTC", DAYS, found)
    assert not results.needs_someone
    failed = replace(results, publications=(*found, replace(found[0], status=Status.FAILED)))
    assert failed.needs_someone


def test_each_of_a_series_with_the_same_words_gets_its_own() -> None:
    """Also where they are less than an hour apart and one of them is missing."""
    desired = [wanted(AT + minutes * MINUTE) for minutes in (0, 20, 40)]
    live = [published(1, id="1"), published(42, id="3")]
    assert told(desired, live) == [
        (Status.NOT_FOUND, "Hello", None),
        (Status.PUBLISHED, "Hello", "1"),
        (Status.PUBLISHED, "Hello", "3"),
    ]


def test_words_are_told_as_they_were_sent_before_publer_rewrote_them() -> None:
    """And not as the calendar has them since."""
    was_sent = copy_of(wanted(AT, "Hello #lamp"), seen=Seen.of(shown(AT, "Hello hashtag lamp")))
    live = published(0, "Hello hashtag lamp", id="p-1")
    assert told([wanted(AT, "Changed")], [live], ledger(was_sent)) == [
        (Status.PUBLISHED, "Hello #lamp", "p-1")
    ]


def test_the_id_comes_before_words() -> None:
    other = published(0, id="9")
    mine = published(30, "Edited by someone", id="p-1")
    assert told([wanted(AT)], [other, mine], ledger(copy_of(wanted(AT)))) == [
        (Status.PUBLISHED, "Edited by someone", "p-1"),
        (Status.PUBLISHED, "Hello", "9"),
    ]


def test_words_as_they_were_sent_or_shown_count_as_well() -> None:
    """The file was edited after the post was published."""
    old = wanted(AT, "As it was sent", id="a")
    new = replace(old, content=Content(text="As the file says now"))
    seen = Seen.of(shown(AT, "As Publer showed it"))
    for text in ("As it was sent", "As Publer showed it"):
        assert told([new], [published(text=text)], ledger(copy_of(old, seen=seen)))[0][2] == "1"


def test_of_a_post_whose_words_are_forgotten_the_minute_is_left() -> None:
    old = replace(copy_of(wanted(AT)), sent=Content(), seen=None)
    assert told([], [published(text="Whatever it said")], ledger(old)) == [
        (Status.PUBLISHED, "Whatever it said", "1")
    ]


def test_a_post_at_the_edge_is_told_once() -> None:
    """Planned in the minute before the days, and published in them: the days before have told it."""
    edge = Days(AT + MINUTE, NOW, NOW)
    assert told([wanted(AT)], [published(2)], days=edge) == []
    assert told([wanted(AT)], [published(2)], days=Days(AT - DAY, AT + MINUTE, NOW))[0][0] == Status.PUBLISHED


def test_what_came_out_at_quite_another_time_is_told_on_both_days() -> None:
    moved, state = published(60 * 24, id="p-1"), ledger(copy_of(wanted(AT)))
    for days in (Days(AT - HOUR, AT + HOUR, NOW), Days(AT + 23 * HOUR, NOW, NOW)):
        assert told([wanted(AT)], [moved], state, days) == [(Status.PUBLISHED, "Hello", "p-1")]


def test_the_first_moment_belongs_to_the_days_and_the_last_does_not() -> None:
    assert DAYS.since in DAYS
    assert DAYS.until not in DAYS


def test_a_post_that_was_published_long_after_its_time_is_still_the_one_that_was_planned() -> None:
    planned = copy_of(wanted(AT - 9 * DAY))
    [one] = publications(
        (), ledger(planned), Listing((published(id="p-1"),)), ACCOUNTS, Days(AT - DAY, NOW, NOW)
    )
    assert (one.planned, one.status) == (planned.slot, Status.PUBLISHED)


@each_of(
    ("state", "status"),
    [
        ("published_posted", Status.PUBLISHED),
        ("published_deleted", Status.TAKEN_DOWN),
        ("published_hidden", Status.TAKEN_DOWN),
        ("failed", Status.FAILED),
        ("scheduled", Status.UNPUBLISHED),
        ("scheduled_pending", Status.UNPUBLISHED),
        ("scheduled_reauth", Status.UNPUBLISHED),
        ("draft", Status.UNPUBLISHED),
        ("recycling_active", Status.UNPUBLISHED),
    ],
)
def test_what_a_state_says_days_later(state: str, status: Status) -> None:
    live = shown(AT, state=state)
    assert told([wanted(AT)], [live], ledger(copy_of(wanted(AT)))) == [(status, "Hello", "p-1")]


def test_a_draft_is_not_missed_and_is_told_once_someone_published_it() -> None:
    draft = wanted(AT, draft=True)
    for state in (None, ledger(copy_of(draft))):
        assert told([draft], [shown(AT, state="draft")], state) == []
        assert told([draft], [published(id="p-1")], state)[0][0] == Status.PUBLISHED


def test_within_the_hour_a_post_may_still_come() -> None:
    just, late = wanted(NOW - 59 * MINUTE), wanted(NOW - 61 * MINUTE)
    assert told([just], [shown(just.at)]) == [(Status.DUE, "Hello", "p-1")]
    assert told([late], [shown(late.at)]) == [(Status.UNPUBLISHED, "Hello", "p-1")]
    for moved, status in ((NOW, Status.DUE), (NOW + MINUTE, Status.UNPUBLISHED)):
        assert told([just], [shown(moved)], ledger(copy_of(just))) == [(status, "Hello", "p-1")]
    assert told([just], [], ledger(sent(just))) == [(Status.DUE, "Hello", None)]
    assert told([just], [], ledger()) == [(Status.NOT_FOUND, "Hello", None)]


def test_a_post_that_apply_removed_is_not_expected() -> None:
    removing = copy_of(wanted(AT), removing_at=AT - DAY)
    assert told([], [], ledger(removing)) == []
    [one] = publications((wanted(AT),), ledger(removing), Listing(), ACCOUNTS, DAYS)
    assert "removed it from Publer to make room" in one.reason
    assert told([], [], ledger(replace(removing, removing_at=None))) == [(Status.NOT_FOUND, "Hello", None)]


@each_of(
    ("more", "reason"),
    [
        ({}, "an apply sent it, and Publer never listed it"),
        ({"lapsed": True}, "an apply sent it, and Publer never listed it"),
        ({"refused": "Account\nlocked"}, "Publer refused it: Account locked"),
        ({"refused": "", "lapsed": True}, "Publer refused it"),
        ({"refused": "Account locked", "end": End.REFUSED}, "Publer refused it: Account locked"),
        ({"end": End.REFUSED}, "Publer refused it"),
    ],
)
def test_what_was_sent_and_never_listed_says_what_became_of_it(more: dict[str, Any], reason: str) -> None:
    post = wanted(AT)
    [one] = publications((post,), ledger(sent(post, **more)), Listing(), ACCOUNTS, DAYS)
    assert (one.status, one.reason) == (Status.NOT_FOUND, reason)


def test_a_post_that_a_hold_kept_back_is_not_missed() -> None:
    hold = Hold("a storm", NOW - 3 * DAY, accounts=(X.id,))
    held = copy_of(wanted(AT), held=True)
    elsewhere = wanted(AT, account=LINKEDIN)
    assert [status for status, *_ in told([wanted(AT), elsewhere], [], ledger(held, holds=(hold,)))] == [
        Status.NOT_FOUND,
        Status.HELD,
    ]
    assert told([wanted(AT)], [], ledger(held))[0][0] == Status.HELD
    assert told([wanted(AT)], [], ledger(holds=(hold,)))[0][0] == Status.HELD
    assert told([wanted(AT)], [published()], ledger(held, holds=(hold,)))[0][0] == Status.PUBLISHED
    assert told([], [], ledger(held)) == []


@each_of(
    ("copy", "short", "status"),
    [
        (copy_of(wanted(AT)), 1, Status.NOT_FOUND),
        (copy_of(wanted(AT), held=True, removing_at=AT - DAY), 1, Status.NOT_FOUND),
        (copy_of(wanted(AT), held=True, removing_at=AT - DAY, removed=True), 1, Status.HELD),
        (copy_of(wanted(AT), held=True).ending(End.REMOVED, NOW), 1, Status.HELD),
        (copy_of(wanted(AT)).ending(End.MAYBE_PUBLISHED, NOW), 0, Status.NOT_FOUND),
        (
            copy_of(wanted(AT), removing_at=AT, removed=True, held=True).ending(End.MAYBE_PUBLISHED, NOW),
            0,
            Status.NOT_FOUND,
        ),
        (copy_of(wanted(AT)), 0, Status.HELD),
        (None, 1, Status.HELD),
    ],
)
def test_what_a_hold_could_not_take_out_for_certain_was_not_kept_back(
    copy: Copy | None, short: int, status: Status
) -> None:
    state = ledger(*([copy] if copy is not None else []), holds=(Hold("a storm", NOW - 3 * DAY),))
    [one] = publications((wanted(AT),), state, Listing((), short), ACCOUNTS, DAYS)
    assert one.status is status
    if copy is not None and copy.end is End.MAYBE_PUBLISHED:
        assert one.reason == "it is not known whether it was published"


@each_of(("since", "status"), [(AT, Status.HELD), (AT + MINUTE, Status.NOT_FOUND)])
def test_a_hold_counts_from_the_moment_in_which_it_began_and_says_why(
    since: datetime, status: Status
) -> None:
    hold = Hold("a storm", since)
    [one] = publications((wanted(AT),), ledger(holds=(hold,)), Listing(), ACCOUNTS, DAYS)
    assert one.status is status
    assert one.reason.endswith('on hold: "a storm"') is (status is Status.HELD)
    [gone] = publications((wanted(AT),), ledger(copy_of(wanted(AT), held=True)), Listing(), ACCOUNTS, DAYS)
    assert gone.reason == "its time passed while it was on hold"


def test_posts_of_other_accounts_and_days_are_not_told() -> None:
    others = [
        published(account=replace(X, id="elsewhere"), id="1"),
        shown(NOW + HOUR, id="2"),
        shown(NOW - 8 * DAY, state="published", id="3"),
        shown(AT, state="draft", id="4"),
    ]
    assert told([wanted(NOW + HOUR)], others) == []


def test_figures_without_a_value_are_left_out_of_totals() -> None:
    two, none = Figure("likes", "Likes", 2), Figure("likes", "Likes", None)
    three = [Publication(X, figures=(figure,)) for figure in (none, two, two)]
    assert totals(three) == {"likes": Figure("likes", "Likes", 4)}


def test_figures_are_those_of_its_id_or_of_its_link() -> None:
    """Publer gives a published post another id after some hours."""
    one, two = (Figure("likes", "Likes", number) for number in (1, 2))
    insights = [
        Insight(published(id="p-1", post_link=""), (one,)),
        Insight(published(id="p-2", post_link="https://x.example/2"), (two,)),
    ]
    lives = [
        published(id="p-1", post_link="https://x.example/1"),
        published(id="p-9", post_link="https://x.example/2"),
        published(id="p-8", post_link=""),
        None,
    ]
    found = with_figures([Publication(X, live=live) for live in lives], insights)
    assert [each.figures for each in found] == [(one,), (two,), (), ()]


def test_labels_are_those_that_were_sent() -> None:
    old, new = wanted(AT, labels=["sent"]), wanted(AT, labels=["now"])
    assert Publication(X, post=new, copy=copy_of(old)).labels == ("sent",)
    assert Publication(X, post=new).labels == ("now",)
    assert Publication(X, live=published(labels=("shown",))).labels == ("shown",)


def by(which: str, *told: Publication) -> list[tuple[str, int]]:
    results = Results("calendar", WORKSPACE, "UTC", DAYS, told, by=which)  # type: ignore[arg-type]  # one of the choices
    return [(name, len(group)) for name, group in results.groups]


def test_results_are_grouped_by_account_network_label_and_stored_post() -> None:
    nameless = replace(X, alias=None)
    sale = Publication(X, post=wanted(AT, labels=["sale", "Lamps", "sale"]))
    plain = Publication(LINKEDIN, post=wanted(AT))
    assert by("account", sale, plain, Publication(nameless)) == [("Fjordlight", 1), ("linkedin", 1), ("x", 1)]
    assert by("network", sale, plain) == [("linkedin", 1), ("twitter", 1)]
    assert by("label", sale, plain) == [("Lamps", 1), ("sale", 1), ("", 1)]
    first, second, other = (
        Publication(X, post=replace(wanted(AT), use=Use(name, version, wanted(AT).location)))
        for name, version in (("tip", 1), ("tip", 2), ("hint", 1))
    )
    left = Publication(X, copy=copy_of(wanted(AT, id="tip@2026-11-22")))
    own = Publication(X, copy=copy_of(wanted(AT, id="launch")))
    assert by("use", first, second, other, left, own, plain) == [
        ("hint", 1),
        ("tip", 3),
        ("tip, variant 1", 1),
        ("tip, variant 2", 1),
        ("", 2),
    ]
    assert Results("calendar", WORKSPACE, "UTC", DAYS, (sale,)).groups == ()


def test_a_post_that_was_to_be_taken_down_says_so_as_it_was_sent_or_as_the_calendar_has_it() -> None:
    gone = wanted(AT, auto_delete={"after": {"duration": 1, "unit": "Day"}})
    assert Publication(X, post=gone).taken_down_by_plan
    assert Publication(X, post=wanted(AT), copy=copy_of(gone)).taken_down_by_plan
    assert not Publication(X, post=wanted(AT), copy=copy_of(wanted(AT))).taken_down_by_plan
    assert not Publication(X).taken_down_by_plan


def test_only_what_was_published_has_a_moment_at_which_it_was() -> None:
    assert Publication(X, live=published()).published_at == AT + MINUTE
    assert Publication(X, live=shown(AT)).published_at is None
    assert Publication(X).published_at is None


def test_words_with_a_signature_are_found_within_an_hour_and_forgotten_words_by_their_minute() -> None:
    for minutes, status in ((1, Status.PUBLISHED), (61, Status.NOT_FOUND)):
        live = published(minutes, "Hello\n\nYour team at Fjordlight")
        assert told([wanted(AT)], [live])[0][0] == status
        old = replace(copy_of(wanted(AT)), sent=Content(), seen=None)
        assert told([], [published(minutes, "Whatever")], ledger(old))[0][0] == status


def test_a_publication_is_told_by_what_is_known_of_it() -> None:
    never = datetime.max.replace(tzinfo=UTC)
    assert Publication(X).at == Publication(X, live=shown(None)).at == never
    assert Publication(X, live=published()).at == AT + MINUTE
    assert Publication(X).id is None
    assert Publication(X).labels == Publication(X, live=published()).labels == ()
    forgotten = replace(copy_of(wanted(AT)), sent=Content(), seen=Seen(AT, "Whatever"))
    assert Publication(X, copy=forgotten, live=published(text="Whatever")).text == "Whatever"
    assert Publication(X, post=wanted(AT, labels=["now"]), copy=forgotten).labels == ("now",)
    picture = Publication(X, post=wanted(AT, ""), copy=copy_of(wanted(AT, "Sent")), live=published(text=""))
    assert picture.text == "Sent"
    assert None not in DAYS


@each_of(
    "live",
    [
        shown(AT, state="draft", id="9"),
        published(text="Read https://a.example/2"),
        shown(None, "Read https://a.example/1", id="9", state="published"),
    ],
)
def test_what_is_no_published_post_with_its_words_near_its_time_is_another(live: LivePost) -> None:
    first = told([wanted(AT, "Read https://a.example/1")], [live])[0]
    assert first == (Status.NOT_FOUND, "Read https://a.example/1", None)


def test_of_two_with_its_words_the_nearer_one_is_it() -> None:
    found = told([wanted(AT)], [published(1, id="1"), published(5, id="2")])
    assert [live for _, _, live in found] == ["1", "2"]


def test_what_is_planned_elsewhere_or_in_other_days_is_not_told() -> None:
    assert told([wanted(AT, account=replace(X, id="a-y")), wanted(AT - 30 * DAY)], []) == []
    state = ledger(copy_of(wanted(AT)))
    later = Days(AT + MINUTE, NOW, NOW)
    assert told([wanted(AT)], [published(60, id="p-1")], state, later) == [], "the days before have told it"
    assert len(told([wanted(AT)], [published(61, id="p-1")], state, later)) == 1
    between = Days(AT + 2 * HOUR, AT + 4 * HOUR, NOW)
    assert told([wanted(AT)], [published(24 * 60, id="p-1")], state, between) == []


def test_at_the_end_of_the_hour_a_post_may_still_come_and_one_without_a_time_will_not() -> None:
    last = wanted(NOW - HOUR)
    assert told([last], [shown(last.at)])[0][0] == Status.DUE
    assert told([wanted(AT)], [shown(None)], ledger(copy_of(wanted(AT))))[0][0] == Status.UNPUBLISHED


def test_a_hold_that_ended_is_told_with_its_reason() -> None:
    line = RunLine("held", X.id, AT, None, "applied", entry=1)
    run = RunRecord(AT - DAY, "hold", reason="a storm", lines=(line,))
    state = ledger(copy_of(wanted(AT), held=True), runs=(run,))
    [one] = publications((wanted(AT),), state, Listing(), ACCOUNTS, DAYS)
    assert one.reason == 'its time passed while it was on hold: "a storm"'


def test_a_post_without_an_id_is_the_use_of_none_and_rates_do_not_add_up() -> None:
    assert by("use", Publication(X, copy=copy_of(wanted(AT)))) == [("", 1)]
    rate, likes = Figure("engagement_rate", "Rate", 0.5), Figure("likes", "Likes", 2)
    assert totals([Publication(X, figures=(rate, likes))]) == {"likes": likes}
