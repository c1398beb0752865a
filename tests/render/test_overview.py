"""What a plan comes to in a few words: that nothing is to be done, and by when what is to be done has to be."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from publer_sync.planning.plan import Action, Held
from publer_sync.render import overview
from publer_sync.render.layout.dates import Dates
from publer_sync.values.model import Account
from tests.builders import DAY, SOON, X, at, change, plan, shown, wanted
from tests.planning.test_account_changes import comes, leaves
from tests.tables import each_of

UTC = Dates("UTC")
LEFT = Account("gone", "gone", "", "gone")


def left(day: int, *, account: Account = LEFT, state: str = "scheduled") -> Any:
    live = shown(SOON + day * DAY, account=account, state=state)
    return change(Action.UNCHANGED, None, account=account, live=live)


@each_of(
    ("changes", "words"),
    [
        ([change(Action.UNCHANGED, None, live=shown(SOON))], "Nothing to do. The calendar has no posts."),
        (
            [Held(account=X, post=wanted(SOON), reason="Storm"), change(Action.UNCHANGED, wanted(SOON))],
            "Nothing to do. Publer matches the calendar: 1 post, Tue 24 Nov 2026.",
        ),
    ],
)
def test_why_there_is_nothing_to_do(changes: list[Any], words: str) -> None:
    assert overview.nothing_to_do(plan(changes), UTC) == words


@each_of(("leaving", "coming"), [("12-01 09:00", "12-02 09:00"), ("12-02 09:00", "12-01 09:00")])
def test_what_is_not_moved_to_its_new_account_in_time_is_published_on_the_old_one(
    leaving: str, coming: str
) -> None:
    one = plan([leaves(leaving, "We open"), comes(coming, "We open")], apply_by=at("12-01 08:58"))
    told = overview.deadline(one, "Apply by")
    assert told is not None
    assert told.rest == ", or launch is published on LinkedIn · Fjordlight AS"


def test_much_to_do_is_said_beforehand() -> None:
    many = [change(Action.UPDATE, wanted(SOON + day * DAY, f"{day}", line=day)) for day in range(60)]
    assert overview.big_effort([plan(many)]).startswith("Applying this takes ")
    assert overview.big_effort([plan(many[:1])]) == ""


@each_of(
    ("changes", "words"),
    [
        ([left(0)], "1 post of an account no longer in the settings"),
        (
            [left(0), left(1, account=replace(LEFT, id="too"))],
            "2 posts of 2 accounts no longer in the settings",
        ),
        ([left(0), left(1), left(2)], "26 Nov 2026 16:20; to stop"),
        ([left(0), left(1), left(2), left(3)], "26 Nov 2026 16:20 and 1 more; to stop"),
        ([left(0, state="draft_dated")], ""),
        ([left(0, account=X)], ""),
        ([change(Action.UNCHANGED, wanted(SOON, account=LEFT), live=shown(SOON, account=LEFT))], ""),
    ],
)
def test_posts_of_accounts_that_left_the_settings_are_warned_of_once(changes: list[Any], words: str) -> None:
    told = [warning.message for warning in overview.warnings_of(plan(changes), UTC)]
    assert (len(told), words in "".join(told)) == (1 if words else 0, True)


def test_a_post_of_such_an_account_that_publer_does_not_list_is_not_warned_of() -> None:
    gone = replace(left(0), live=None)
    assert overview.warnings_of(plan([gone]), UTC) == []
