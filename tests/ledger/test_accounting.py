"""What became of copies that no listing shows any more: proof, hints, and nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.ledger.accounting import account, needs_search
from publer_sync.ledger.attribution import attribute
from publer_sync.ledger.copies import Copy, End, Seen
from publer_sync.values.content import Content, Revision
from publer_sync.values.model import MINUTE, LivePost
from tests.builders import (
    DAY,
    EARLIER,
    HOUR,
    LINKEDIN,
    NOW,
    SECOND,
    SOON,
    X,
    copy_of,
    ledger,
    sent,
    shown,
    wanted,
)
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from publer_sync.ledger.state import State
    from publer_sync.values.model import Post

JUST_NOW = NOW - 20 * MINUTE
"""A minute that passed less than an hour ago, so that Publer may still be late."""


def accounted(
    state: State,
    live: Iterable[LivePost] = (),
    *,
    now: datetime = NOW,
    others: Iterable[Copy] = (),
    **more: Any,
) -> dict[int, Copy]:
    """The copies after a complete listing, as the product lets it tell of them."""
    live, others = [*live], [*others]
    more = {"others": others, "theirs": [copy.post_id for copy in others if copy.post_id], **more}
    state = attribute(state, live, now=now, poll_seconds=2)
    more = {"account_ids": [X.id, LINKEDIN.id], "poll_seconds": 2, **more}
    return account(state, live, now=now, **more).copies


def became(copy: Copy, *live: LivePost, now: datetime = NOW, **more: Any) -> End | None:
    return accounted(ledger(copy), live, now=now, **more)[copy.key].end


def out(at: datetime, text: str = "Hello", **more: Any) -> LivePost:
    """A published post, under an id that the ledger does not know."""
    return shown(at, text, **{"id": "n-1", "state": "published", **more})


def due(at: datetime, text: str = "Hello", **more: Any) -> Copy:
    """A verified copy whose minute came at `at`."""
    own = {key: more.pop(key) for key in ("key", "post_id", "seen", "verified_at", "entry") if key in more}
    return copy_of(wanted(at, text, **more), **own)


PUBLISHED, MAYBE, GONE = End.PUBLISHED, End.MAYBE_PUBLISHED, End.GONE
DUE = due(EARLIER)
AHEAD = due(SOON)
LINK = "Read https://example.com/a/launch?id=1 now"
LONG_LINK = f"Read https://example.com/{'a' * 60}?utm_source=x&utm_medium=social now"


# --- proof ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("copy", "post", "end"),
    [
        pytest.param(DUE, out(EARLIER), PUBLISHED, id="in its minute"),
        pytest.param(DUE, out(EARLIER + HOUR), PUBLISHED, id="an hour late"),
        pytest.param(DUE, out(EARLIER + HOUR + SECOND), MAYBE, id="later than that: the words outside the window"),
        pytest.param(DUE, out(EARLIER - HOUR), PUBLISHED, id="an hour early"),
        pytest.param(DUE, out(EARLIER - 5 * HOUR), PUBLISHED, id="earlier, since it was last seen ahead"),
        pytest.param(DUE, out(NOW - DAY - HOUR), GONE, id="before it was last seen ahead"),
        pytest.param(AHEAD, out(NOW - HOUR), PUBLISHED, id="it vanished before its minute"),
        pytest.param(AHEAD, out(NOW - DAY - HOUR), GONE, id="it vanished, and was seen ahead after that"),
        pytest.param(
            replace(DUE, verified_at=EARLIER - 5 * MINUTE), out(EARLIER - 50 * MINUTE), GONE,
            id="less than an hour early, but it was seen ahead after that",
        ),
        pytest.param(
            replace(DUE, verified_at=EARLIER - 5 * MINUTE + 10 * SECOND), out(EARLIER - 5 * MINUTE), PUBLISHED,
            id="in the minute in which it was last seen ahead: Publer shows no seconds",
        ),
        pytest.param(DUE, out(EARLIER, "Hello\r\n"), PUBLISHED, id="outer white space"),
        pytest.param(DUE, out(EARLIER, "Hello\n\nSent by Fjordlight"), PUBLISHED, id="a signature after a line end"),
        pytest.param(DUE, out(EARLIER + 30 * MINUTE, "Hello, more words"), GONE, id="words after it in the same line"),
        pytest.param(due(EARLIER, "Hello\n\nYou"), out(EARLIER + 30 * MINUTE, "Hello"), GONE, id="only its first line"),
        pytest.param(due(EARLIER, LINK), out(EARLIER, "Read https://go.example.com/x7Kq now"), PUBLISHED, id="links shortened"),
        pytest.param(
            due(EARLIER, LINK), out(EARLIER, "Read https://go.example.com/x7Kq now\nFjordlight"), PUBLISHED,
            id="links shortened, and a signature",
        ),
        pytest.param(
            due(EARLIER, LONG_LINK), out(EARLIER, "Read https://go.example.com/x7Kq now\nFjordlight"), PUBLISHED,
            id="a link far longer than the words shortened, and a signature",
        ),
        pytest.param(
            replace(DUE, seen=Seen(EARLIER, "As Publer had it")), out(EARLIER, "As Publer had it"), PUBLISHED,
            id="the words that were seen",
        ),
        pytest.param(
            replace(DUE, seen=Seen(EARLIER, "As Publer had it")), out(EARLIER), PUBLISHED, id="the words that were sent",
        ),
        pytest.param(
            replace(DUE, revising=Revision("Edited"), requested_at=EARLIER - HOUR), out(EARLIER, "Edited"), PUBLISHED,
            id="the words of an edit that nothing has shown",
        ),
        pytest.param(replace(DUE, seen=Seen(EARLIER + HOUR, "Hello")), out(EARLIER + 2 * HOUR), PUBLISHED, id="where someone had moved it"),
        pytest.param(
            replace(DUE, shown=Seen(EARLIER, "Edited")), out(EARLIER, "Edited"), PUBLISHED, id="the words of someone's edit"
        ),
        pytest.param(DUE, out(EARLIER, account=LINKEDIN), GONE, id="on another account"),
        pytest.param(replace(DUE, verified_at=None), out(EARLIER - DAY + HOUR), PUBLISHED, id="nobody knows when it was ahead"),
        pytest.param(replace(DUE, verified_at=None), out(EARLIER - DAY - HOUR), GONE, id="a day before it, then"),
        pytest.param(DUE, replace(out(EARLIER), at=None), GONE, id="nobody knows when"),
        pytest.param(DUE, out(EARLIER, state="published_hidden"), PUBLISHED, id="hidden since"),
        pytest.param(DUE, out(EARLIER, state="failed"), GONE, id="failed"),
        pytest.param(DUE, out(EARLIER, state="scheduled"), GONE, id="scheduled"),
    ],
)  # fmt: skip
def test_a_copy_was_published_where_a_post_with_its_words_was(copy: Copy, post: LivePost, end: End) -> None:
    assert became(copy, post) is end


def test_the_id_under_which_it_was_published_is_kept() -> None:
    copy = accounted(ledger(DUE), [out(EARLIER)])[1]

    assert (copy.post_id, copy.end, copy.ended_at) == ("n-1", PUBLISHED, NOW)


@pytest.mark.parametrize("lapsed", [False, True])
def test_what_was_never_listed_is_searched_for_since_its_intent(lapsed: bool) -> None:
    """A create whose job runs a minute late is published at once, under an id that nobody knows."""
    late = sent(wanted(EARLIER), requested_at=EARLIER - HOUR, lapsed=lapsed)

    assert became(late, out(EARLIER + MINUTE)) is PUBLISHED
    assert became(late, out(EARLIER - 2 * HOUR)) is not PUBLISHED


@each_of(
    ("refused", "minute", "now", "end"),
    [
        (None, SOON, NOW, None),
        ("Taken", SOON, NOW, None),  # Publer may have made it all the same
        ("Taken", SOON, NOW + MINUTE, PUBLISHED),
        (None, NOW, NOW, PUBLISHED),
    ],
)
def test_what_a_list_may_show_yet_is_not_what_was_published_before_its_minute(
    refused: str | None, minute: datetime, now: datetime, end: End | None
) -> None:
    copy = sent(wanted(minute), requested_at=NOW - 5 * SECOND, refused=refused, job_ended_at=NOW)
    assert became(copy, out(NOW - MINUTE), now=now) is end


# --- weak evidence ------------------------------------------------------------------------------------------------------


def picture(at: datetime, text: str = "", **more: Any) -> Copy:
    return due(at, text, **{"media": [{"file": "sha256:1"}], "type": "photo", **more})


@pytest.mark.parametrize(
    ("copy", "post", "end"),
    [
        pytest.param(picture(EARLIER), out(EARLIER + 30 * MINUTE, "", media=1, type="photo"), MAYBE, id="as many pictures"),
        pytest.param(picture(EARLIER), out(EARLIER - 30 * MINUTE, "", media=1, type="photo"), MAYBE, id="as many, early"),
        pytest.param(picture(SOON), out(NOW - HOUR, "", media=1, type="photo"), MAYBE, id="as many, and it vanished"),
        pytest.param(picture(EARLIER), out(EARLIER + 2 * HOUR, "", media=1, type="photo"), GONE, id="as many, too late"),
        pytest.param(picture(SOON), out(NOW - DAY - HOUR, "", media=1, type="photo"), GONE, id="as many, before it was last seen"),
        pytest.param(picture(EARLIER), out(EARLIER + 30 * MINUTE, "", media=2, type="photo"), GONE, id="more pictures"),
        pytest.param(picture(EARLIER), out(EARLIER + 30 * MINUTE, "", media=1, type="video"), GONE, id="another kind"),
        pytest.param(picture(EARLIER), out(EARLIER + 30 * MINUTE, "", type="photo"), MAYBE, id="a number that is not listed"),
        pytest.param(picture(EARLIER, "Hello"), out(EARLIER + 30 * MINUTE, "", media=1, type="photo"), GONE, id="a post with words"),
        pytest.param(picture(EARLIER, type=""), out(EARLIER + 30 * MINUTE, "", media=1, type="photo"), MAYBE, id="of any kind"),
        pytest.param(due(EARLIER, "", title="A film"), out(EARLIER + 30 * MINUTE, ""), GONE, id="neither words nor media"),
        pytest.param(
            replace(DUE, verified_at=EARLIER - 5 * MINUTE), out(EARLIER - 7 * MINUTE, imported=True), MAYBE,
            id="the words, from the network, when it was last seen ahead",
        ),
        pytest.param(DUE, out(EARLIER, "Other"), MAYBE, id="whatever it says, in its minute"),
        pytest.param(DUE, out(EARLIER + 10 * MINUTE, "Other"), MAYBE, id="ten minutes after it"),
        pytest.param(DUE, out(EARLIER + 11 * MINUTE, "Other"), GONE, id="eleven minutes after it"),
        pytest.param(DUE, out(EARLIER - MINUTE, "Other"), GONE, id="a minute before it"),
        pytest.param(AHEAD, out(NOW - HOUR, "Other"), GONE, id="other words, and it vanished"),
        pytest.param(DUE, out(EARLIER + 2 * HOUR), MAYBE, id="the words, two hours late"),
        pytest.param(DUE, out(EARLIER + 30 * MINUTE, imported=True), MAYBE, id="the words, from the network"),
        pytest.param(AHEAD, out(NOW - HOUR, imported=True), MAYBE, id="the words, from the network, and it vanished"),
        pytest.param(DUE, out(EARLIER + 30 * MINUTE, "Other", imported=True), GONE, id="other words, from the network"),
    ],
)  # fmt: skip
def test_a_copy_may_have_been_published(copy: Copy, post: LivePost, end: End) -> None:
    after = accounted(ledger(copy), [post])[1]

    assert (after.end, after.evidence) == (end, "n-1" if end is MAYBE else None)
    assert after.post_id == copy.post_id


@each_of("family", ["scheduled", "draft", "failed", "recurring"])
def test_only_what_was_published_is_evidence(family: str) -> None:
    assert became(DUE, out(EARLIER, "Other", state=family)) is GONE


# --- one to one ---------------------------------------------------------------------------------------------------------


def test_of_equal_words_each_copy_gets_the_post_nearest_to_its_minute() -> None:
    times = [EARLIER, EARLIER + 30 * MINUTE, EARLIER + 60 * MINUTE]
    series = [due(at, key=key, post_id=f"p-{key}") for key, at in enumerate(times, 1)]
    posts = [out(times[2] + MINUTE, id="n-3"), out(times[0] + MINUTE, id="n-1")]

    after = accounted(ledger(*series), posts)

    assert [(copy.post_id, copy.end) for copy in after.values()] == [
        ("n-1", PUBLISHED),
        ("p-2", GONE),
        ("n-3", PUBLISHED),
    ]


def test_of_two_copies_equally_near_the_older_one_gets_the_post_in_whatever_order_they_are_kept() -> None:
    older, newer = due(EARLIER, entry=1), due(EARLIER, key=2, post_id="p-2", entry=2)
    for copies in ((older, newer), (newer, older)):
        after = accounted(ledger(*copies), [out(EARLIER)])
        assert (after[1].end, after[2].end) == (PUBLISHED, GONE)


def test_what_was_published_with_the_words_of_a_removed_copy_is_the_one_that_took_its_place() -> None:
    """The one that was removed is nearer to the minute, and Publer has confirmed long before that it is gone."""
    old = replace(due(SOON, post_id="p-1"), removing_at=EARLIER, removed=True)
    new = due(SOON + DAY, key=2, entry=old.entry, post_id="p-2")
    copies = accounted(ledger(old, new), [out(NOW - MINUTE)])
    assert (copies[1].end, copies[2].end) == (End.REMOVED, PUBLISHED)


def test_what_was_published_although_publer_said_it_was_removed_keeps_its_post_under_a_new_id() -> None:
    old = replace(due(EARLIER, post_id="p-1"), removing_at=EARLIER - HOUR, removed=True, end=PUBLISHED)
    new = due(EARLIER + 2 * MINUTE, key=2, post_id="p-2")
    assert accounted(ledger(old, new), [out(EARLIER)])[2].end is GONE
    assert (
        accounted(ledger(old, new), [out(EARLIER), out(EARLIER + 2 * MINUTE, id="n-2")])[2].post_id == "n-2"
    )


def test_a_post_whose_id_is_known_is_nobody_elses() -> None:
    other = due(EARLIER + MINUTE, key=2, post_id="p-2")

    after = accounted(ledger(DUE, other), [out(EARLIER + MINUTE, id="p-2")])

    assert (after[1].end, after[2].end) == (GONE, PUBLISHED)


def test_what_was_published_before_keeps_its_post_under_a_new_id() -> None:
    """Publer gives a published post another id after some hours."""
    before = replace(
        due(EARLIER - 10 * MINUTE, key=2, post_id="p-2"), end=PUBLISHED, ended_at=EARLIER - 9 * MINUTE
    )

    after = accounted(ledger(DUE, before), [out(EARLIER - 10 * MINUTE)])

    assert after[1].end is GONE


@pytest.mark.parametrize(
    ("theirs", "end"),
    [
        pytest.param(due(EARLIER + 2 * MINUTE, post_id="t-1"), GONE, id="nearer to its minute"),
        pytest.param(due(EARLIER + HOUR, post_id="t-1"), PUBLISHED, id="further from it"),
        pytest.param(
            replace(due(EARLIER + 2 * MINUTE, post_id="t-1"), end=PUBLISHED), GONE, id="published before"
        ),
        pytest.param(
            replace(due(EARLIER + 2 * MINUTE, post_id="t-1"), end=End.REMOVED), PUBLISHED, id="removed"
        ),
        pytest.param(due(EARLIER + 2 * MINUTE, post_id="n-1"), GONE, id="known by its id"),
        pytest.param(due(EARLIER + 2 * MINUTE, post_id="t-1", account=LINKEDIN), PUBLISHED, id="elsewhere"),
    ],
)
def test_what_was_published_for_another_calendar_was_not_published_for_this_one(
    theirs: Copy, end: End
) -> None:
    assert became(DUE, out(EARLIER + 2 * MINUTE), others=[theirs]) is end


def test_what_any_other_calendar_knows_by_its_id_proves_nothing_wherever_it_was_published() -> None:
    """Somebody may have moved it to this account, with which its calendar has nothing to do."""
    assert became(DUE, out(EARLIER)) is PUBLISHED
    assert became(DUE, out(EARLIER), theirs=["n-1"]) is GONE


def test_a_post_of_another_calendar_that_was_published_early_is_still_theirs() -> None:
    """Its copy vanished before its minute as ours did, and is the nearer one."""
    theirs = due(NOW + MINUTE, post_id="t-1")

    assert became(AHEAD, out(NOW - MINUTE), others=[theirs]) is GONE


@each_of(("minute", "is_ours"), [(NOW - MINUTE, False), (NOW, False), (NOW + MINUTE, True)])
def test_what_another_calendar_waits_for_is_theirs_from_its_minute_on(
    minute: datetime, is_ours: bool
) -> None:
    """Both may never have been sent, and its minute is the nearer one."""
    theirs = sent(wanted(minute), 7, requested_at=EARLIER)
    ours = sent(wanted(NOW - 50 * MINUTE), requested_at=EARLIER, lapsed=True)
    assert (became(ours, out(NOW - 3 * MINUTE), others=[theirs]) is PUBLISHED) is is_ours


def test_what_was_forgotten_explains_nothing() -> None:
    forgotten = replace(due(EARLIER, post_id="t-1"), sent=Content(), seen=None, end=PUBLISHED)
    assert became(DUE, out(EARLIER, "Other"), others=[forgotten]) is MAYBE


@pytest.mark.parametrize(
    ("theirs", "end"),
    [
        pytest.param(due(EARLIER, "Other", post_id="t-1"), GONE, id="by its words"),
        pytest.param(due(EARLIER, "Other", post_id="n-1"), GONE, id="by its id"),
        pytest.param(due(EARLIER, "Something else", post_id="t-1"), MAYBE, id="not at all"),
    ],
)
def test_what_another_calendar_explains_is_no_evidence(theirs: Copy, end: End) -> None:
    assert became(DUE, out(EARLIER + MINUTE, "Other"), others=[theirs]) is end


# --- removals -----------------------------------------------------------------------------------------------------------


def removing(at: datetime, since: datetime, *, answered: bool = False) -> Copy:
    return replace(due(at), removing_at=since, removed=answered)


REMOVED = End.REMOVED


@pytest.mark.parametrize(
    ("copy", "end"),
    [
        pytest.param(removing(SOON, NOW - SECOND, answered=True), REMOVED, id="answered"),
        pytest.param(removing(SOON, NOW - 89 * SECOND), None, id="no answer, before it settles"),
        pytest.param(removing(SOON, NOW - 90 * SECOND), REMOVED, id="no answer, once it is settled"),
        pytest.param(
            removing(JUST_NOW, JUST_NOW - 6 * MINUTE, answered=True), REMOVED, id="answered in good time"
        ),
        pytest.param(
            removing(JUST_NOW, JUST_NOW - 5 * MINUTE, answered=True), None, id="answered near its minute"
        ),
        pytest.param(removing(JUST_NOW, JUST_NOW - 6 * MINUTE), None, id="no answer, within the hour"),
        pytest.param(
            removing(EARLIER, EARLIER - 5 * MINUTE, answered=True), REMOVED, id="near its minute, after the hour"
        ),
        pytest.param(removing(EARLIER, EARLIER - HOUR), REMOVED, id="no answer, after the hour"),
        pytest.param(
            removing(NOW + MINUTE, NOW - 2 * MINUTE, answered=True),
            None,
            id="near its minute, which has not come: a search tells nothing yet",
        ),
    ],
)  # fmt: skip
def test_when_a_removal_is_done(copy: Copy, end: End | None) -> None:
    assert became(copy) is end


@pytest.mark.parametrize("answered", [False, True])
def test_a_removal_near_the_minute_may_have_come_too_late(answered: bool) -> None:
    late = removing(EARLIER, EARLIER - 3 * MINUTE, answered=answered)

    assert became(late, out(EARLIER)) is PUBLISHED
    assert became(late, out(EARLIER + MINUTE, "Other")) is MAYBE


LATE_ONE = EARLIER - 30 * SECOND
DRAFT = due(EARLIER, draft=True)
SCHEDULED = Seen(EARLIER, "Hello")


@each_of(
    ("copy", "end"),
    [
        (removing(EARLIER, LATE_ONE, answered=True), MAYBE),
        (removing(EARLIER, LATE_ONE - SECOND, answered=True), REMOVED),
        (removing(EARLIER, EARLIER - 90 * SECOND), MAYBE),
        (removing(EARLIER, EARLIER - 91 * SECOND), REMOVED),
        (removing(EARLIER, EARLIER + 59 * MINUTE, answered=True), MAYBE),
        (removing(EARLIER, EARLIER + HOUR, answered=True), REMOVED),
        (replace(DRAFT, removing_at=LATE_ONE, removed=True), REMOVED),
        (replace(DRAFT, removing_at=LATE_ONE, shown=SCHEDULED), MAYBE),
    ],
)
def test_what_publer_may_have_published_before_its_removal_came_is_for_a_person_to_decide(
    copy: Copy, end: End
) -> None:
    """Once it is removed, no list has it among what was published, either."""
    copy = replace(copy, held=True)
    after = accounted(ledger(copy))[copy.key]
    assert (after.end, after.evidence) == (end, None)
    assert became(copy, out(EARLIER)) is (PUBLISHED if copy.publishes_itself else REMOVED)


def test_what_made_room_at_its_minute_for_the_copy_that_was_published_is_no_question() -> None:
    old = removing(EARLIER, LATE_ONE)
    new = replace(due(EARLIER, "Better", key=2, post_id="p-2"), entry=old.key)
    for after in (
        accounted(ledger(old, new), [out(EARLIER, "Better")]),
        accounted(ledger(old, replace(new, end=PUBLISHED, ended_at=NOW))),
    ):
        assert [copy.end for copy in after.values()] == [REMOVED, PUBLISHED]
    assert became(old) is MAYBE


def test_a_removal_that_was_answered_in_good_time_needs_no_search() -> None:
    """A colleague may well publish the same words in its minute."""
    assert became(removing(EARLIER, EARLIER - HOUR, answered=True), out(EARLIER)) is REMOVED


def test_a_removal_without_an_answer_is_searched_for_before_it_settles() -> None:
    assert became(removing(EARLIER, NOW - SECOND), out(EARLIER)) is PUBLISHED


# --- the hour, and what is not accounted for yet ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("copy", "end"),
    [
        pytest.param(due(NOW), None, id="its minute has just come"),
        pytest.param(due(NOW - 59 * MINUTE), None, id="within the hour"),
        pytest.param(due(NOW - HOUR), GONE, id="after the hour"),
        pytest.param(AHEAD, GONE, id="vanished before its minute"),
        pytest.param(replace(due(NOW - 2 * HOUR), seen=Seen(JUST_NOW, "Hello")), None, id="moved into the hour"),
        pytest.param(replace(due(NOW - 2 * HOUR), seen=Seen(SOON, "Hello")), GONE, id="moved ahead, and vanished"),
    ],
)  # fmt: skip
def test_publer_may_be_late(copy: Copy, end: End | None) -> None:
    assert became(copy) is end


def test_proof_does_not_wait_for_the_hour_and_weak_evidence_does() -> None:
    assert became(due(JUST_NOW), out(JUST_NOW + MINUTE)) is PUBLISHED
    assert became(due(JUST_NOW), out(JUST_NOW + MINUTE, "Other")) is None


@pytest.mark.parametrize(
    ("copy", "end"),
    [
        pytest.param(sent(wanted(SOON)), None, id="under way"),
        pytest.param(sent(wanted(SOON), lapsed=True), None, id="a claim on a slot ahead"),
        pytest.param(sent(wanted(JUST_NOW), lapsed=True), None, id="a claim on a slot within the hour"),
        pytest.param(sent(wanted(EARLIER), lapsed=True), End.NEVER_CAME, id="a claim on a slot that passed"),
        pytest.param(sent(wanted(EARLIER), requested_at=NOW - SECOND), None, id="under way, and its slot passed"),
        pytest.param(sent(wanted(EARLIER), refused="No"), None, id="refused, and not settled"),
        pytest.param(sent(wanted(EARLIER), requested_at=None), None, id="nobody knows when it was sent"),
        pytest.param(
            sent(wanted(EARLIER), job_id="j-1", requested_at=NOW - DAY + MINUTE), None, id="a job that still runs"
        ),
    ],
)  # fmt: skip
def test_a_claim_lives_until_its_slot_has_passed(copy: Copy, end: End | None) -> None:
    assert became(copy) is end


def test_a_claim_may_have_been_published_in_other_words() -> None:
    """A create that was cut off after its POST, and whose post Publer published late and reworded."""
    assert became(sent(wanted(EARLIER), lapsed=True), out(EARLIER + 2 * MINUTE, "Other")) is MAYBE


def test_a_copy_that_still_waits_keeps_what_was_published_in_its_minute_from_the_others() -> None:
    """Pictures alone: any post of that account may be either."""
    waits = replace(picture(JUST_NOW), key=1, post_id="p-1", entry=1)
    removed = replace(picture(SOON), key=2, post_id="p-2", entry=2)
    pictures = out(JUST_NOW + MINUTE, "", media=1, type="photo")

    assert [copy.end for copy in accounted(ledger(waits, removed), [pictures]).values()] == [None, GONE]
    assert became(removed, pictures) is MAYBE


@pytest.mark.parametrize("account_ids", [[LINKEDIN.id], []])
def test_nothing_follows_for_accounts_that_were_not_listed(account_ids: list[str]) -> None:
    assert became(DUE, account_ids=account_ids) is None


def test_what_has_ended_stays_as_it_was() -> None:
    gone = replace(DUE, end=GONE, ended_at=NOW - DAY)

    assert accounted(ledger(gone), [out(EARLIER)])[1] == gone


def test_the_state_given_stays_as_it_was() -> None:
    state = ledger(DUE)

    account(state, [out(EARLIER)], account_ids=[X.id], now=NOW, poll_seconds=2, others=(), theirs=())

    assert state.copies == {1: DUE}


# --- drafts -------------------------------------------------------------------------------------------------------------


def draft(at: datetime) -> Post:
    return wanted(at, draft=True)


@each_of("at", [EARLIER, JUST_NOW, SOON])
def test_a_draft_that_is_not_listed_is_gone_whatever_its_time(at: datetime) -> None:
    """It is never published by itself, so nothing has to be waited for."""
    assert became(copy_of(draft(at))) is GONE


def test_a_draft_that_someone_published_by_hand_was_published() -> None:
    assert became(copy_of(draft(SOON)), out(NOW - HOUR)) is PUBLISHED
    assert became(copy_of(draft(EARLIER)), out(EARLIER + MINUTE, "Other")) is GONE
    assert became(copy_of(draft(EARLIER - DAY), verified_at=NOW - 2 * DAY), out(NOW - HOUR)) is MAYBE


def test_a_draft_that_no_list_showed_and_publer_published_was_published() -> None:
    """Publer may have scheduled it: its other copies would say the same once more."""
    unseen = sent(draft(EARLIER), lapsed=True, requested_at=EARLIER - HOUR)
    assert became(unseen, out(EARLIER)) is PUBLISHED
    assert became(unseen, out(EARLIER, "Other")) is End.NEVER_CAME


def test_a_draft_that_never_came_was_not_published_in_other_words() -> None:
    claim = sent(draft(EARLIER), lapsed=True)

    after = accounted(ledger(claim, replace(AHEAD, key=2, entry=2)), [out(EARLIER + MINUTE, "Other")])

    assert after[1].end is End.NEVER_CAME


def test_a_draft_that_someone_scheduled_is_published_as_any_post() -> None:
    scheduled = replace(copy_of(draft(EARLIER)), seen=Seen(EARLIER, "Hello"))

    assert became(scheduled, out(EARLIER + MINUTE, "Other")) is MAYBE


# --- which copies a listing has to reach back for -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("copy", "needed"),
    [
        pytest.param(DUE, True, id="past"),
        pytest.param(AHEAD, True, id="ahead, and not listed"),
        pytest.param(sent(wanted(EARLIER)), True, id="a claim whose minute came"),
        pytest.param(sent(wanted(SOON)), True, id="a claim ahead: it may be published early"),
        pytest.param(
            sent(draft(EARLIER)), True, id="a draft that was never seen: Publer may have scheduled it"
        ),
        pytest.param(copy_of(draft(EARLIER)), True, id="a draft that was seen"),
        pytest.param(removing(SOON, NOW), True, id="a removal without an answer"),
        pytest.param(removing(SOON, NOW, answered=True), False, id="a removal in good time"),
        pytest.param(removing(SOON, SOON - 5 * MINUTE, answered=True), True, id="a removal near its minute"),
        pytest.param(
            copy_of(draft(SOON), removing_at=SOON - 5 * MINUTE, removed=True), False, id="that of a draft"
        ),
        pytest.param(replace(DUE, end=GONE), False, id="ended"),
    ],
)
def test_which_copies_are_searched_for(copy: Copy, needed: bool) -> None:
    assert needs_search(copy) is needed


@each_of("job", [{"job_id": "j-1"}, {"job_ended_at": EARLIER}])
def test_pictures_are_those_of_the_copy_that_publer_had_not_of_one_that_may_never_have_been_sent(
    job: dict[str, Any],
) -> None:
    """However near its minute: a run may have been cut off between its intent and its request."""
    has = sent(wanted(EARLIER, "", media=[{"id": "m-1"}]), 1, lapsed=True, **job)
    intent = sent(
        wanted(EARLIER + 5 * MINUTE, "", media=[{"id": "m-2"}]), 2, lapsed=True, requested_at=EARLIER - DAY
    )
    pictures = out(EARLIER + 6 * MINUTE, "", media=1, type="photo")

    ends = {key: copy.end for key, copy in accounted(ledger(has, intent), [pictures]).items()}

    assert ends[1] is MAYBE
    assert ends[2] is not MAYBE


def test_pictures_that_another_post_was_published_with_prove_nothing() -> None:
    """Publer gives what it published a new id after some hours."""
    done = copy_of(wanted(EARLIER, "", media=[{"id": "m-1"}]), 1, end=PUBLISHED, ended_at=EARLIER)
    intent = sent(
        wanted(EARLIER + 5 * MINUTE, "", media=[{"id": "m-2"}]), 2, lapsed=True, requested_at=EARLIER - DAY
    )

    ended = accounted(ledger(done, intent), [out(EARLIER + 4 * MINUTE, "", media=1, type="photo")])[2].end

    assert ended is not MAYBE


# --- rows that cannot be read -----------------------------------------------------------------------------------------


def unread(**more: Any) -> LivePost:
    return replace(shown(None, "", id="p-7"), unread="its time is none", **more)


@each_of(
    ("copy", "row", "end"),
    [
        (DUE, unread(), MAYBE),
        (sent(wanted(EARLIER), lapsed=True), unread(), MAYBE),
        (DUE, unread(account_id=""), MAYBE),
        (DUE, unread(account_id=LINKEDIN.id), GONE),
        (AHEAD, unread(), GONE),
        (due(EARLIER, draft=True), unread(), GONE),
        (sent(wanted(EARLIER), lapsed=True, refused="No"), unread(), End.REFUSED),
        (replace(DUE, removing_at=EARLIER - HOUR, removed=True), unread(), End.REMOVED),
        (replace(DUE, removing_at=EARLIER - HOUR), unread(), MAYBE),
        (due(JUST_NOW), unread(), None),
    ],
)
def test_a_post_whose_minute_passed_may_be_a_row_that_cannot_be_read(
    copy: Copy, row: LivePost, end: End | None
) -> None:
    assert became(copy, row) is end


def test_a_row_that_cannot_be_read_is_no_other_post_where_a_copy_has_it() -> None:
    known = replace(copy_of(wanted(SOON, "Known"), 2), post_id="p-7")
    assert accounted(ledger(DUE, known), [unread()])[DUE.key].end is GONE


def test_a_second_copy_that_is_being_removed_is_not_looked_for_once_the_post_was_published() -> None:
    first = due(EARLIER - HOUR, key=1).ending(End.PUBLISHED, EARLIER)
    second = replace(due(EARLIER, key=2, post_id="p-2", entry=1), removing_at=EARLIER - MINUTE)
    live = [out(EARLIER - HOUR, id="p-1"), out(EARLIER)]
    assert accounted(ledger(first, second), live)[2].end is End.REMOVED
    alone = accounted(ledger(replace(second, entry=2)), live)[2]
    assert (alone.end, alone.post_id) == (End.PUBLISHED, "n-1")
