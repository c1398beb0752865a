"""What two reports of one hold say together."""

from __future__ import annotations

from dataclasses import replace

from publer_sync.applying.report import Outcome
from publer_sync.errors import Refused
from publer_sync.holding.report import Asked, HeldPost, HoldReport, Word
from publer_sync.ledger.hold import Hold
from tests.builders import LATER, NOW, SOON, TOMORROW, copy_of, shown, wanted

HOLD = Hold("Accident in town", NOW)


def report(*posts: HeldPost, requests: int) -> HoldReport:
    return HoldReport(HOLD, posts, (), requests)


def held(key: int, outcome: Outcome) -> HeldPost:
    at = {1: LATER, 2: SOON, 3: TOMORROW, 4: TOMORROW}[key]
    return HeldPost(copy_of(wanted(at), key), outcome)


def test_a_later_report_knows_better_of_what_was_not_verified_and_the_rest_stays() -> None:
    first = report(
        held(1, Outcome.APPLIED),
        held(2, Outcome.UNVERIFIED),
        held(3, Outcome.UNVERIFIED),
        held(4, Outcome.FAILED),
        requests=20,
    )
    later = report(held(2, Outcome.APPLIED), held(4, Outcome.APPLIED), requests=3)
    both = first.followed_by(later)
    assert [(post.copy.key, post.outcome) for post in both.posts] == [
        (2, Outcome.APPLIED),
        (1, Outcome.APPLIED),
        (4, Outcome.APPLIED),
    ]
    assert both.requests == 23


def test_states_in_several_places_are_one_hold_that_is_written_where_all_are() -> None:
    unmanaged = shown(LATER, "Not managed here", id="f-1")
    theirs = HeldPost(copy_of(wanted(LATER), 7), Outcome.APPLIED, shown(LATER, id="f-2"))
    first = replace(
        report(held(3, Outcome.APPLIED), requests=20), unmanaged=(unmanaged, shown(LATER, id="f-2"))
    )
    other = report(theirs, requests=3)
    both = first.with_places([other])
    assert [post.copy.key for post in both.posts] == [7, 3]
    assert [post.id for post in both.unmanaged] == ["f-1"], "what one of them manages is managed"
    assert (both.requests, both.written, both.error) == (23, True, None)
    ours = HeldPost(copy_of(wanted(TOMORROW), 3), Outcome.APPLIED, shown(TOMORROW, id="f-3"))
    beside = replace(other, unmanaged=(unmanaged, shown(TOMORROW, id="f-3")))
    assert replace(first, posts=(ours,)).with_places([beside]).unmanaged == (unmanaged,)
    failed = replace(other, written=False, error=Refused("no"))
    assert first.with_places([failed]).written is False
    assert first.with_places([failed]).error == failed.error
    assert first.with_places([]) is first


def test_a_word_that_one_of_the_calendars_has_is_known() -> None:
    words = (
        Word("account", "x", known=False),
        Word("account", "xx", known=False),
        Word("network", "bluesky", known=False),
    )
    asked = Asked(words, labels=("sale", "sail"), accounts=("li",), networks=("linkedin",))
    other = Asked((Word("account", "x", known=True),), accounts=("x",), has_labels=frozenset({"sale"}))
    first = replace(report(requests=1), asked=asked)
    told = first.beside([first, replace(report(requests=1), asked=other)]).unknown
    assert [(each.kind, each.word, each.known) for each in told] == [
        ("account", "xx", ("li", "x")),
        ("network", "bluesky", ("linkedin",)),
        ("label", "sail", ("sale",)),
    ]
    assert 'did you mean "x"?' in told[0].message
    assert told[2].message == 'no post has the label "sail" (did you mean "sale"?); there are: sale'
    assert replace(first, unknown=told).exit_code == 6
