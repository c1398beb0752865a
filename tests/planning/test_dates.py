"""Dates with names that moved: which posts move with them, and how that is told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from publer_sync.planning.dates import changed_series, is_let_in, moved_date, moved_dates
from publer_sync.planning.plan import Action, FieldChange
from publer_sync.values.counted import Counted
from publer_sync.values.problems import Location
from tests.builders import LATER, LINKEDIN, SOON, X, change, copy_of, ledger, shown, wanted
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.planning.plan import Change
    from publer_sync.values.model import Account, Post

LAUNCH = Counted("launch - 7d 09:00", "launch", "2026-12-04", Location("publer.yaml", 7))


def moved(
    was: tuple[str, str] | None = ("launch", "2026-12-03"),
    counted: Counted | None = LAUNCH,
    field: str = "scheduled_at",
    account: Account = X,
) -> Change:
    post = replace(wanted(LATER, id="news", account=account), counted=counted)
    diff = (FieldChange(field, "before", "after"),)
    copy = copy_of(wanted(SOON), counts_from=was)
    made: Change = change(Action.REPLACE, post, live=shown(SOON), copy=copy, diff=diff)
    return made


def test_a_post_moves_with_its_date() -> None:
    assert moved_date(moved()) == (LAUNCH, "2026-12-03")
    (told,) = moved_dates([moved(), moved(account=LINKEDIN)], "Europe/Oslo")
    assert (told.code, told.location) == ("date_moved", LAUNCH.place)
    assert told.message.endswith("1 post (on 2 accounts) moves with it")


@each_of(
    "more",
    [
        {"was": None},
        {"was": ("opening", "2026-12-03")},
        {"was": ("launch", "2026-12-04")},
        {"counted": None},
        {"field": "text"},
    ],
)
def test_it_does_not_where_another_date_the_same_one_or_none_was_noted(more: dict[str, Any]) -> None:
    assert moved_date(moved(**more)) is None
    new = change(Action.CREATE, replace(wanted(LATER, id="news"), counted=LAUNCH))
    assert moved_date(new) is None


def of_series(action: Action, day: str, **more: Any) -> Change:
    post = replace(wanted(LATER, id=f"tips@{day}"), bounds=(LAUNCH,))
    made: Change = change(action, post, **more)
    return made


def test_a_series_that_a_date_bounds_says_which_posts_it_gets_and_loses() -> None:
    there, new = of_series(Action.UNCHANGED, "12-01"), of_series(Action.CREATE, "12-02")
    late = of_series(Action.PAST, "11-02", let_in="date")
    left = change(Action.DELETE, None, live=shown(SOON), copy=copy_of(wanted(SOON, id="tips@12-09")))
    (told,) = changed_series([there, new, late, left], "Europe/Oslo")
    assert told.message.endswith(
        "the series tips loses one post: tips@12-09 and gets one more post: tips@12-02 "
        "and gets one more post: tips@11-02, too late to be published"
    )
    (told,) = changed_series([there, late], "Europe/Oslo")
    assert told.message.endswith("the series tips gets one more post: tips@11-02, too late to be published")
    joined = of_series(Action.PAST, "11-02", let_in="account")
    assert not [*changed_series([there, joined], "Europe/Oslo")], "that is told of its account"
    assert not [*changed_series([there], "Europe/Oslo")]
    assert not [*changed_series([new], "Europe/Oslo")], "it is new itself"


def test_a_post_is_let_into_its_series_by_a_date_that_moved_since_the_others_were_sent() -> None:
    post = replace(wanted(LATER, id="tips@12-05"), bounds=(LAUNCH,))

    def let_in(
        *others: tuple[str | None, str], of: Post = post, account: Account = X, date: str = "launch"
    ) -> bool:
        copies = [
            copy_of(wanted(SOON, id=name, account=account), key, post_id=f"p-{key}", counts_from=(date, day))
            for key, (name, day) in enumerate(others, 1)
        ]
        return is_let_in(ledger(*copies), of)

    assert let_in(("tips@12-01", "2026-12-03"))
    assert not let_in(("tips@12-01", "2026-12-04")), "it was there at that apply"
    assert not let_in(("tips@12-01", "2026-12-03"), ("tips@12-02", "2026-12-04"))
    assert let_in(("tips@12-01", "2026-12-03"), ("other@12-02", "2026-12-04"), (None, "2026-12-04"))
    assert not let_in(("other@12-01", "2026-12-03"))
    assert not let_in((None, "2026-12-03"))
    assert not is_let_in(ledger(), wanted(LATER, id="alone"))
    assert not let_in(("tips@12-01", "2026-12-03"), account=LINKEDIN)
    assert not let_in(("tips@12-01", "2026-12-03"), date="opening"), "which does not bound it"
    assert not let_in((None, "2026-12-03"), of=replace(post, id="alone")), "it is of no series"
