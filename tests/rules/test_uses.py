"""How often a stored post is used, and when, by what its `evergreen` says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from publer_sync.rules.judging import judge
from publer_sync.rules.uses import check_uses
from publer_sync.values.model import Use
from publer_sync.values.policies import Evergreen
from publer_sync.values.problems import Location
from tests.builders import LINKEDIN, X, post
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.values.model import Account, Post

STORED = Location("stored.yaml", 3)
WEEKLY = Evergreen(timedelta(days=7))


def use(
    day: str, line: int, text: str = "", *, account: Account = LINKEDIN, evergreen: Evergreen | None = WEEKLY
) -> Post:
    one = post(f"2027-{day} 09:00", text or f"Words {line}", account=account, place=("a.yaml", line))
    return replace(one, use=Use("lamp", 1, STORED, evergreen), zone="Europe/Oslo")


def told(*posts: Post) -> list[tuple[int, str]]:
    return [(one.location.line, problem.rule.code) for one, problem in check_uses(posts)]


def test_uses_of_an_account_are_as_far_apart_as_the_stored_post_says() -> None:
    assert told(use("03-01", 1), use("03-08", 2)) == []
    assert told(use("03-01", 1), use("03-07", 2)) == [(2, "use.soon")]
    assert told(use("03-07", 2), use("03-01", 1)) == [(2, "use.soon")], "the later one is told"
    assert told(use("03-01", 1), use("03-07", 2, account=X)) == []
    assert told(use("03-01", 1, evergreen=None), use("03-01", 2, evergreen=None)) == []
    for day, when in (("01", "on the same day"), ("02", "1 day before"), ("03", "2 days before")):
        [(_, problem)] = check_uses([use("03-01", 1), use(f"03-{day}", 2)])
        assert problem.message == f"`lamp` is used {when} too; its uses are 1 week apart"


@each_of(
    ("evergreen", "codes"),
    [
        ({"times": 2}, []),
        ({"times": 1}, ["use.often"]),
        ({"first": date(2027, 3, 1)}, []),
        ({"first": date(2027, 3, 2)}, ["use.outside"]),
        ({"last": date(2027, 3, 8)}, []),
        ({"last": date(2027, 3, 7)}, ["use.outside"]),
    ],
)
def test_a_stored_post_is_used_so_often_and_within_its_days(
    evergreen: dict[str, Any], codes: list[str]
) -> None:
    its_own = replace(WEEKLY, **evergreen)
    uses = [use("03-01", 1, evergreen=its_own), use("03-08", 2, evergreen=its_own)]
    assert [code for _, code in told(*uses)] == codes


def test_the_side_on_which_a_use_is_outside_is_named() -> None:
    late, early = (
        Evergreen(timedelta(1), last=date(2027, 2, 1)),
        Evergreen(timedelta(1), first=date(2027, 4, 1)),
    )
    messages = [
        problem.message
        for each in (late, early)
        for _, problem in check_uses([use("03-01", 1, evergreen=each)])
    ]
    assert messages == [
        "this use of `lamp` is after its `until`, 2027-02-01",
        "this use of `lamp` is before its `from`, 2027-04-01",
    ]
    both = replace(early, last=date(2027, 5, 1))
    [(_, problem)] = check_uses([use("03-01", 1, evergreen=both)])
    assert problem.message == messages[1]


def test_the_day_of_a_use_is_that_of_its_file() -> None:
    evergreen = replace(WEEKLY, last=date(2027, 3, 1))
    night = replace(use("03-01", 1, evergreen=evergreen), at=datetime(2027, 3, 1, 23, 30, tzinfo=UTC))
    assert [(zone, told(replace(night, zone=zone))) for zone in ("UTC", "Europe/Oslo", "")] == [
        ("UTC", []),
        ("Europe/Oslo", [(1, "use.outside")]),
        ("", []),
    ]


def test_x_does_not_get_the_same_words_twice() -> None:
    first, later = use("03-01", 1, "Our lamp", account=X), use("04-01", 2, "our  LAMP", account=X)
    assert told(later, first) == [(2, "use.words")]
    assert told(first, replace(later, location=first.location)) == [], "one post on two accounts"
    assert told(use("03-01", 1, "Our lamp"), use("04-01", 2, "Our lamp")) == []


def test_what_has_no_time_is_no_use_yet() -> None:
    """The stored post itself, or a use that waits for a slot."""
    its_own = replace(WEEKLY, first=date(2027, 3, 1), times=1)
    for place in (STORED, Location("a.yaml", 3)):
        one = replace(use("03-01", 3, "Our lamp", account=X, evergreen=its_own), location=place)
        waiting = replace(one, at=datetime(1970, 1, 1, tzinfo=UTC))
        assert told(waiting, use("03-02", 4, "Our lamp", account=X, evergreen=its_own)) == []


def test_a_use_on_an_account_whose_network_is_not_named_is_told_like_any_other() -> None:
    unnamed = replace(X, provider="")
    uses = [use(day, line, account=unnamed) for day, line in (("03-01", 1), ("03-03", 2))]
    assert [problem.code for problem in judge(uses)] == ["use.soon"]
