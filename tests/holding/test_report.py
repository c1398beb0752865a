"""What two reports of one hold say together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from publer_sync.applying.report import ApplyReport, Outcome, Result
from publer_sync.holding.report import Asked, HoldReport, Unknown, Word, in_order
from publer_sync.holding.scope import held
from publer_sync.ledger.hold import Hold
from publer_sync.values.errors import Refused
from tests.builders import LATER, NOW, SOON, TOMORROW, copy_of, plan, shown, wanted
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.ledger.copies import Copy
    from publer_sync.values.model import LivePost

PLAN = replace(plan(), holds=(Hold("Accident in town", NOW),))


def report(*results: Result, requests: int) -> HoldReport:
    return HoldReport(PLAN, ApplyReport(results, 0, requests, 0.0, "Europe/Oslo"))


def out(copy: Copy, live: LivePost) -> Result:
    return Result(held(copy, "a storm", live), Outcome.APPLIED, post_id=live.id)


def held_at(key: int, outcome: Outcome) -> Result:
    at = {1: LATER, 2: SOON, 3: TOMORROW, 4: TOMORROW}[key]
    return Result(held(copy_of(wanted(at), key), "a storm"), outcome)


def test_a_later_report_knows_better_of_what_was_not_verified_and_the_rest_stays() -> None:
    first = report(
        held_at(1, Outcome.APPLIED),
        held_at(2, Outcome.UNVERIFIED),
        held_at(3, Outcome.UNVERIFIED),
        held_at(4, Outcome.FAILED),
        requests=20,
    )
    later = report(held_at(2, Outcome.APPLIED), held_at(4, Outcome.APPLIED), requests=3)
    both = first.followed_by(later)
    assert [(each.change.at, each.outcome) for each in both.done.results] == [
        (SOON, Outcome.APPLIED),
        (LATER, Outcome.APPLIED),
        (TOMORROW, Outcome.APPLIED),
    ]
    assert both.done.requests == 23


def test_states_in_several_places_are_one_hold_that_is_written_where_all_are() -> None:
    unmanaged = shown(LATER, "Not managed here", id="f-1")
    theirs = out(copy_of(wanted(LATER), 7), shown(LATER, id="f-2"))
    first = replace(
        report(held_at(3, Outcome.APPLIED), requests=20), unmanaged=(unmanaged, shown(LATER, id="f-2"))
    )
    other = report(theirs, requests=3)
    both = first.with_places([other])
    assert [each.change.at for each in both.done.results] == [LATER, TOMORROW]
    assert [post.id for post in both.unmanaged] == ["f-1"], "what one of them manages is managed"
    assert (both.done.requests, both.written, both.done.error) == (23, True, None)
    ours = out(copy_of(wanted(TOMORROW), 3), shown(TOMORROW, id="f-3"))
    beside = replace(other, unmanaged=(unmanaged, shown(TOMORROW, id="f-3")))
    assert replace(first, done=replace(first.done, results=(ours,))).with_places([beside]).unmanaged == (
        unmanaged,
    )
    failed = replace(other, written=False, done=replace(other.done, error=Refused("no")))
    assert first.with_places([failed]).written is False
    assert first.with_places([failed]).done.error == failed.done.error
    assert first.with_places([]) is first


def test_a_post_whose_labels_nobody_knows_is_told_wherever_its_state_is() -> None:
    here = replace(report(requests=1), unlabelled=(out(copy_of(wanted(LATER)), shown(LATER, id="p-1")),))
    there = replace(here, unlabelled=(*here.unlabelled, out(copy_of(wanted(SOON), 2), shown(SOON, id="p-2"))))
    both = here.with_places([there])
    assert [each.post_id for each in both.unlabelled] == ["p-1", "p-2"]
    assert report(requests=1).with_places([here]).exit_code == 6


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


def test_where_no_post_has_a_label_a_hold_by_label_says_so() -> None:
    (told,) = replace(report(requests=1), asked=Asked(labels=("sale",))).beside([]).unknown
    assert told.message == 'no post has the label "sale"; there are none'


@each_of(
    ("word", "message"),
    [
        (("account", "linkdin", ("linkedin", "x")), 'there is no account "linkdin" (did you mean "linkedin"?); there are: linkedin, x'),
        (("account", "nobody", ()), 'there is no account "nobody"; there are none'),
        (("network", "mastodon", ("x",)), 'no account is on "mastodon"; there are: x'),
        (("label", "sales", ("sale",)), 'no post has the label "sales" (did you mean "sale"?); there are: sale'),
        (("account", "old", ("x",), True), "Publer has no account old, so none of its posts can be stopped here"),
    ],
)  # fmt: skip
def test_a_word_that_nothing_has_is_told_with_what_there_is(word: tuple[Any, ...], message: str) -> None:
    assert Unknown(*word).message == message


def test_what_repeats_comes_first_and_the_rest_in_order_of_time() -> None:
    late, soon = held_at(1, Outcome.APPLIED), held_at(2, Outcome.APPLIED)
    again = out(copy_of(wanted(TOMORROW), 9), shown(TOMORROW, state="recurring"))
    assert in_order([late, soon, again]) == (again, soon, late)
    beside = held_at(4, Outcome.APPLIED)
    assert in_order([beside, held_at(3, Outcome.APPLIED)])[1] is beside, "in the order of the ledger"
    kept = held(copy_of(wanted(TOMORROW)), "a storm")
    unknown = Result(replace(kept, copy=None, post=wanted(TOMORROW)), Outcome.APPLIED)
    assert in_order([beside, unknown])[0] is unknown, "before what the ledger has"
