"""Plots of figures: what they add up, how many posts each rests on, and that few posts make no claims."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from publer_sync.planning.publication import Publication, Status
from publer_sync.previewing import plots
from publer_sync.render.layout.dates import Dates
from publer_sync.values.model import Figure
from tests.builders import LINKEDIN, X, shown, wanted

if TYPE_CHECKING:
    from publer_sync.values.model import Account

DATES = Dates("UTC")
MONDAY = datetime(2027, 3, 1, 9, tzinfo=UTC)
FIRST, LAST = date(2027, 3, 1), date(2027, 3, 28)


def out(days: int, value: float | None, *, account: Account = X, hours: int = 0) -> Publication:
    """A post that was published, with one figure and a rate."""
    at = MONDAY + timedelta(days=days, hours=hours)
    live = replace(shown(at, f"Post {days} {hours}", state="published"), account_id=account.id)
    post = wanted(at, f"Post {days} {hours}", account=account)
    figures = (Figure("likes", "Likes", value), Figure("engagement_rate", "Rate", 0.5))
    return Publication(account, Status.PUBLISHED, planned=at, post=post, live=live, figures=figures)


def test_bars_add_up_by_week_weeks_without_posts_included_and_a_post_on_two_accounts_is_one() -> None:
    both = out(1, 10), out(1, 20, account=LINKEDIN)
    posts, likes = plots.bar_plots([*both, out(0, 5), out(15, None)], FIRST, LAST, DATES)
    assert [bar.value for bar in posts.bars] == [2, 0, 1, 0]
    assert [(bar.label, bar.value, bar.posts) for bar in likes.bars] == [
        ("1 Mar", 35, 2), ("8 Mar", 0, 0), ("15 Mar", 0, 0), ("22 Mar", 0, 0),
    ]  # fmt: skip
    assert likes.title == "Likes per week", "a rate does not add up"
    assert likes.summary == "Likes per week: 1 Mar 35"
    tops = [bar.y + bar.height for bar in (*posts.bars, *likes.bars)]
    assert {round(top) for top in tops} == {posts.floor}


def test_a_short_period_has_a_bar_for_each_day() -> None:
    [posts, _] = plots.bar_plots([out(0, 1), out(6, 1)], FIRST, FIRST + timedelta(days=6), DATES)
    assert [bar.label for bar in posts.bars][:2] == ["Mon 1", "Tue 2"]
    assert [bar.value for bar in posts.bars] == [1, 0, 0, 0, 0, 0, 1]


def test_two_weeks_are_days_and_a_day_more_are_weeks() -> None:
    for days, bars in ((13, 14), (14, 3)):
        [posts, _] = plots.bar_plots([out(0, 1)], FIRST, FIRST + timedelta(days=days), DATES)
        assert len(posts.bars) == bars


def test_a_post_stands_at_the_hour_of_its_publication_or_of_its_plan() -> None:
    early = out(0, 1)
    assert early.live is not None
    unknown = replace(early, live=None)
    late = replace(early, live=replace(early.live, at=MONDAY + timedelta(hours=3)))
    for one, hour in ((unknown, 9), (late, 12)):
        found = plots.grid([one], DATES)
        assert found is not None
        assert found.cells[0].told.startswith(f"Mon {hour}:00"), found


def test_from_few_posts_of_an_account_nothing_is_said_to_do_best() -> None:
    few = [out(day, 10 + day) for day in range(plots.ENOUGH - 1)]
    assert plots.best(few) == []
    first, *_ = plots.best([*few, out(20, 100)])
    assert (first.publication.post or few[0].post) == out(20, 100).post
    assert (first.figure, first.value, first.times, first.posts) == ("Likes", "100", "4.4", plots.ENOUGH)


def test_posts_are_compared_with_the_average_of_their_own_account() -> None:
    """A network that counts in thousands does not outshine one that counts in tens."""
    large = [out(day, 1000, account=LINKEDIN) for day in range(plots.ENOUGH)]
    small = [out(day, 10, hours=1) for day in range(plots.ENOUGH)] + [out(20, 40, hours=1)]
    assert [found.value for found in plots.best([*large, *small])] == ["40"]


def test_a_cell_of_few_posts_has_no_shade() -> None:
    often = [out(7 * week, 100) for week in range(plots.IN_CELL)]
    rest = [out(day, 10, hours=2) for day in range(1, plots.ENOUGH)]
    found = plots.grid([*often, *rest], DATES)
    assert found is not None
    assert found.figure == "Likes"
    shades = {cell.told.partition(":")[0]: (cell.posts, cell.shade) for cell in found.cells}
    assert shades["Mon 9"] == (plots.IN_CELL, 5)
    assert shades["Tue 11"] == (2, 0)
    assert "Likes 3.1 times the account's average" in found.cells[0].told


def test_without_figures_a_grid_shows_how_many_posts_there_were() -> None:
    bare = [replace(out(day, None), figures=()) for day in (0, 7, 8)]
    found = plots.grid(bare, DATES)
    assert found is not None
    assert (found.figure, [cell.posts for cell in found.cells]) == ("", [2, 1])
    assert found.cells[0].shade > found.cells[1].shade > 0
    assert plots.grid([], DATES) is None


def test_a_table_says_how_many_posts_have_a_figure() -> None:
    published = [out(0, 5), out(1, None), out(1, 7, account=LINKEDIN)]
    figures = plots.figures_of(published)
    [row] = plots.rows({"all": published}, figures, DATES)
    assert (row.posts, row.figures) == (2, (("12", 2),))
    assert [*plots.by_week([out(0, 1), out(8, 1)], DATES)] == ["Week of 1 Mar 2027", "Week of 8 Mar 2027"]
