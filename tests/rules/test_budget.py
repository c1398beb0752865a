"""Budgets: how many posts, or posts with an address, a network or an account may have in a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publer_sync.calendar.load import read
from publer_sync.rules.budget import Allowance, Spending
from publer_sync.values.policies import PostBudget
from publer_sync.values.problems import Location
from publer_sync.values.timezones import time_zone
from tests.builders import LINKEDIN, X, post
from tests.calendar.calendars import both, judged, write

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.values.model import Account

OSLO = time_zone("Europe/Oslo")
OTHER_X = replace(X, id="a-x2", name="Fjordlight Deutschland", alias="x_de")
TWENTY = PostBudget("x", "twitter", None, "posts", 2, "month", Location("publer.yaml", 5))


def over(
    posts: list[Any], budget: PostBudget = TWENTY, beside: tuple[Any, ...] = ()
) -> list[tuple[str, str]]:
    found = Spending(posts, beside, [budget], OSLO).check()
    return [(str(each.location), problem.message) for each, problem in found]


def on(day: str, line: int, account: Account = X, **content: Any) -> Any:
    return post(
        f"2027-{day} 09:00", content.pop("text", "Words"), account=account, place=("a.yaml", line), **content
    )


def test_the_first_post_over_is_told_for_each_time_in_the_calendars_zone() -> None:
    posts = [on(f"03-0{day}", day) for day in range(1, 6)] + [on("04-01", 9)]
    assert over(posts) == [("a.yaml:3", "5 posts on x in March 2027; its budget is 2 a month")]
    edge = post("2027-03-31 23:30", "Late", place=("a.yaml", 8))
    assert over([*posts[:2], replace(edge, at=edge.at + timedelta(hours=1)), on("04-02", 9)]) == [], (
        "half past midnight in Oslo is April"
    )
    weekly = replace(TWENTY, per="week", most=3)
    assert over(posts, weekly) == [
        ("a.yaml:4", "5 posts on x in the week of Mon 1 Mar 2027; its budget is 3 a week")
    ]
    daily = replace(TWENTY, per="day", most=0)
    assert over(posts[:1], daily) == [("a.yaml:1", "1 post on x on Mon 1 Mar 2027; its budget is 0 a day")]


def test_each_part_of_a_thread_and_each_comment_counts_and_a_draft_does_not() -> None:
    long = on(
        "03-02", 2, thread=[{"text": "a"}], comments=[{"text": "b", "after": {"duration": 1, "unit": "Hour"}}]
    )
    assert over([long]) == [("a.yaml:2", "3 posts on x in March 2027; its budget is 2 a month")]
    draft = on("03-01", 1, draft=True)
    assert over([draft, on("03-02", 2), on("03-03", 3)]) == []
    assert over([on("03-02", 2), on("03-03", 3)], beside=(draft,)) == []


def test_links_are_posts_with_a_link_or_an_address_in_the_text() -> None:
    links = replace(TWENTY, kind="links", most=1)
    plain = on("03-01", 1)
    linked = on("03-02", 2, link={"url": "https://example.com"})
    assert over([plain, linked], links) == []
    none = replace(links, most=0)
    assert over([plain, linked], none) == [
        ("a.yaml:2", "1 post with an address on x in March 2027; its budget is 0 a month")
    ]
    found = over(
        [
            plain,
            on("03-02", 2, text="see example.com"),
            on("03-03", 3, thread=[{"text": "https://a.example"}]),
        ],
        links,
    )
    assert found == [("a.yaml:3", "2 posts with an address on x in March 2027; its budget is 1 a month")]


def test_a_network_is_its_accounts_together_and_an_account_itself() -> None:
    posts = [
        on("03-01", 1),
        on("03-02", 2, account=OTHER_X),
        on("03-03", 3),
        on("03-04", 4, account=LINKEDIN),
    ]
    assert over(posts) == [("a.yaml:3", "3 posts on x in March 2027; its budget is 2 a month")]
    of_one = replace(TWENTY, of="x_de", network=None, account=("twitter", OTHER_X.name), most=0)
    told = [("a.yaml:2", "1 post on x_de in March 2027; its budget is 0 a month")]
    assert over(posts, of_one) == told
    by_id = replace(of_one, account=("twitter", "a-x2"))
    assert over(posts, by_id) == told, "the settings name it by its id, and Publer by its name"


def test_the_posts_of_other_calendars_count_and_are_told_where_they_are() -> None:
    """An account is the same one by its network and its name, whatever its alias is there."""
    theirs = [on("03-01", 1, account=replace(X, id="alias:tw", alias="tw")), on("03-02", 2, account=LINKEDIN)]
    assert over([on("03-03", 3)], TWENTY, (*theirs, theirs[0])) == [
        ("a.yaml:3", "3 posts on x in March 2027; its budget is 2 a month")
    ]
    assert over([], TWENTY, (*theirs, *theirs, *theirs)) == [], "it is theirs to say"
    of_one = replace(TWENTY, of="x", network=None, account=("twitter", X.name), most=1)
    assert len(over([on("03-03", 3)], of_one, tuple(theirs))) == 1


def test_of_two_calendars_in_one_minute_one_alone_is_over() -> None:
    """Each sees its own posts and those beside it: both have to find the same one first."""
    mine, theirs = on("03-03", 3), on("03-03", 7, account=OTHER_X)
    once = replace(TWENTY, most=1)
    seen = [over([mine], once, (theirs,)), over([theirs], once, (mine,))]
    assert [len(each) for each in seen] == [0, 1]
    assert len(over([mine], once, (mine,))) == 1, "of a copied folder nobody knows, and both are told"


def test_what_is_silenced_counts_and_is_not_told() -> None:
    posts = [
        replace(on(f"03-0{day}", day), ignore={"budget": "why"} if day == 3 else {}) for day in range(1, 5)
    ]
    assert [place for place, _ in over(posts)] == ["a.yaml:4"]
    assert over(posts[:3]) == []


def test_times_are_given_only_as_far_as_a_budget_goes_but_where_it_is_silenced() -> None:
    allowance = Allowance(Spending([on("03-01", 1)], (), [TWENTY], OSLO))
    march, april = on("03-02", 2), on("04-02", 3)
    assert allowance.allows(march, march.at)
    allowance.take(march, march.at)
    assert not allowance.allows(march, march.at), "two of two are taken"
    assert allowance.allows(march, april.at), "another month"
    assert allowance.allows(replace(march, ignore={"budget": "why"}), march.at)
    assert allowance.allows(on("03-02", 2, draft=True), march.at)
    assert allowance.allows(on("03-02", 2, account=LINKEDIN), march.at)
    together = [(april, april.at), (replace(april, account=OTHER_X), april.at)]
    assert allowance.allows_all(together)
    assert not allowance.allows_all([*together, (april, april.at)])
    assert allowance.allows_all(together), "asking takes nothing"


@given(
    days=st.lists(st.integers(0, 80), max_size=40),
    most=st.integers(0, 6),
    per=st.sampled_from(["day", "week", "month"]),
    today=st.integers(0, 80),
)
def test_used_and_left_add_up_whatever_is_planned(days: list[int], most: int, per: Any, today: int) -> None:
    start = post("2027-03-01 12:00", "a").at
    posts = [
        replace(post("2027-03-01 12:00", "a", place=("a.yaml", n + 1)), at=start + timedelta(days=day))
        for n, day in enumerate(days)
    ]
    spending = Spending(posts, (), [replace(TWENTY, most=most, per=per)], OSLO)
    now, *ahead = spending.left(start + timedelta(days=today))
    assert now.first <= date(2027, 3, 1) + timedelta(days=today)
    for each in (now, *ahead):
        assert each.left == max(0, most - each.used)
    told = {str(found.location) for found, _ in spending.check()}
    assert bool(told) == (max([0, *(now.used, *(each.used for each in ahead))]) > most) or today > 0


def test_of_the_times_ahead_the_fullest_is_told_and_of_two_the_sooner() -> None:
    posts = [on("03-10", 1), on("04-10", 2), on("04-11", 3), on("05-10", 4), on("05-11", 5), on("06-10", 6)]
    left = Spending(posts, (), [TWENTY], OSLO).left(posts[0].at)
    assert [(each.first, each.used) for each in left] == [(date(2027, 3, 1), 1), (date(2027, 4, 1), 2)]


# --- the settings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "code", "place", "say"),
    [
        ("x: {links: 20}", "key.value", "6:14", "20/month"),
        ("x: {links: 20/year}", "key.value", "6:14", "20/month"),
        ("x: {link: 20/month}", "key.unknown", "6:7", "links"),
        ("x: 20/month", "key.type", "6:6", "links: 20/month"),
        ("linkdin: {posts: 1/day}", "account.unknown", "6:3", "linkedin"),
        ("words: {posts: 1/day}", "account.network", "6:3", "Give each of its accounts"),
    ],
)
def test_a_budget_that_cannot_be_is_told_at_its_place(
    top: Path, line: str, code: str, place: str, say: str
) -> None:
    write(
        top,
        publer=f"timezone: Europe/Oslo\naccounts: {{x: Me, linkedin: Us}}\ngroups: {{words: [x]}}\ntime: 09:00\nbudget:\n  {line}\n",
        a="posts: []\n",
    )
    (problem,) = both(top)[2]
    assert problem.location is not None
    assert (problem.code, f"{problem.location.line}:{problem.location.column}") == (code, place)
    assert say in f"{problem.message} {problem.help}"


def test_a_budget_is_read_from_the_settings_also_from_shared_ones(top: Path) -> None:
    """As elsewhere, each key of the calendar's own settings wins."""
    (top.parent / "shared.yaml").write_text(
        "budget: {x: {links: 3/week}, elsewhere: {posts: 1/day}, linkedin: {links: 5/day}}\n"
    )
    write(
        top,
        publer="extends: ../shared.yaml\ntimezone: Europe/Oslo\naccounts: {x: Me, li: linkedin/Us}\nbudget: {li: {posts: 0/day}, x: {posts: 9/month}}\n",
        a="posts:\n- {at: 2027-03-02 09:00, accounts: li, text: hi}\n",
    )
    calendar = read(top)
    assert [
        (each.of, each.network, each.account, each.kind, str(each)) for each in calendar.settings.budgets
    ] == [
        ("x", "twitter", None, "posts", "9 a month"),
        ("linkedin", "linkedin", None, "links", "5 a day"),
        ("li", None, ("linkedin", "Us"), "posts", "0 a day"),
    ]
    assert [each.code for each in judged(calendar)] == ["budget"]


def test_the_fix_lists_the_posts_over_a_budget_and_how_many_more_there_are() -> None:
    for number, listed in (
        (3, "a.yaml:3"),
        (6, "a.yaml:3, a.yaml:4, a.yaml:5, a.yaml:6"),
        (7, "a.yaml:3, a.yaml:4, a.yaml:5, a.yaml:6 and 1 more"),
    ):
        posts = [on(f"03-{day:02}", day) for day in range(1, number + 1)]
        [(_, problem)] = Spending(posts, (), [TWENTY], OSLO).check()
        assert str(problem.help) == f"Move to another month: {listed}"


def test_posts_of_other_calendars_count_for_a_network_and_for_the_account_that_is_named() -> None:
    beside = (on("03-01", 1, X), on("03-02", 2, OTHER_X), on("03-03", 3, LINKEDIN))
    own = replace(TWENTY, network=None, of="x", account=("twitter", X.name), most=1)
    assert [message[:7] for _, message in over([on("03-09", 9)], own, beside)] == ["2 posts"]
    assert [message[:7] for _, message in over([on("03-09", 9)], replace(TWENTY, most=1), beside)] == [
        "3 posts"
    ]


def test_what_is_left_is_told_of_now_and_of_the_fullest_time_ahead() -> None:
    posts = [
        on("02-01", 1),
        on("02-02", 2),
        on("02-03", 3),
        on("03-01", 4),
        on("04-01", 5),
        on("05-01", 6),
        on("05-02", 7),
    ]
    now = on("03-15", 1).at
    left = [(each.first, each.used) for each in Spending(posts, (), [TWENTY], OSLO).left(now)]
    assert left == [(date(2027, 3, 1), 1), (date(2027, 5, 1), 2)]
    assert len([*Spending(posts[:4], (), [TWENTY], OSLO).left(now)]) == 1, "nothing is ahead"
