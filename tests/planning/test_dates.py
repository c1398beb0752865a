"""Dates with names that moved: which posts move with them, and how that is told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from publer_sync.planning.dates import moved_date, moved_dates
from publer_sync.planning.plan import Action, FieldChange
from publer_sync.values.counted import Counted
from publer_sync.values.problems import Location
from tests.builders import LATER, LINKEDIN, SOON, X, change, copy_of, shown, wanted
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.planning.plan import Change
    from publer_sync.values.model import Account

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
