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
from tests.tables import each_of

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
    for days, bars, titles in (
        (13, 14, ["Posts per day", "Likes per day"]),
        (14, 3, ["Posts per week", "Likes per week"]),
    ):
        found = plots.bar_plots([out(0, 1)], FIRST, FIRST + timedelta(days=days), DATES)
        assert [plot.title for plot in found] == titles
        assert {len(plot.bars) for plot in found} == {bars}


def test_a_short_period_begins_with_its_first_day_and_a_long_one_with_its_week() -> None:
    friday = FIRST + timedelta(days=4)
    for days, labels, values in ((2, ["Fri 5", "Sat 6"], [0, 1]), (20, ["1 Mar", "8 Mar"], [2, 0])):
        posts, *_ = plots.bar_plots([out(0, 1), out(5, 1)], friday, friday + timedelta(days=days - 1), DATES)
        assert [bar.label for bar in posts.bars][:2] == labels
        assert [bar.value for bar in posts.bars][:2] == values


def test_a_post_stands_at_the_hour_of_its_publication_or_of_its_plan() -> None:
    early = out(0, 1)
    assert early.live is not None
    unknown = replace(early, live=None)
    late = replace(early, live=replace(early.live, at=MONDAY + timedelta(hours=3)))
    for one, hour in ((unknown, 9), (late, 12)):
        found = plots.grid([one], DATES)
        assert found is not None
        assert found.cells[0].told.startswith(f"Mon {hour}:00"), found
    held = replace(early, live=replace(early.live, at=MONDAY + timedelta(days=1)))
    for one, values in ((unknown, [1, 0]), (late, [1, 0]), (held, [0, 1])):
        posts, *_ = plots.bar_plots([one], FIRST, FIRST + timedelta(days=1), DATES)
        assert [bar.value for bar in posts.bars] == values


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
    few = plots.grid([out(day, 10) for day in (0, 7, 8)], DATES)
    assert few is not None
    assert (few.figure, few.note) == ("", found.note), "from few posts nothing is concluded"
    assert found.cells[0].shade > found.cells[1].shade > 0
    assert plots.grid([], DATES) is None


def test_a_table_says_how_many_posts_have_a_figure() -> None:
    published = [out(0, 5), out(1, None), out(1, 7, account=LINKEDIN)]
    figures = plots.figures_of(published)
    [row] = plots.rows({"all": published}, figures, DATES)
    assert (row.posts, row.figures) == (2, (("12", 2),))
    assert [*plots.by_week([out(0, 1), out(8, 1)], DATES)] == ["Week of 1 Mar 2027", "Week of 8 Mar 2027"]


@each_of(
    "value, told",
    [(5.0, "5"), (5.25, "5.2"), (99.75, "99.8"), (100.4, "100"), (-100.4, "-100"), (1234567.0, "1,234,567")],
)
def test_a_number_is_told_as_exactly_as_it_is_worth(value: float, told: str) -> None:
    assert plots.number(value) == told


def test_many_bars_leave_out_labels_and_none_says_so() -> None:
    for days, crowded in ((15 * 7, False), (16 * 7, True)):
        last = FIRST + timedelta(days=days - 1)
        [plot, *_] = plots.bar_plots([out(days, 1)], FIRST, last, DATES)
        assert (len(plot.bars) * 7, plot.crowded) == (days, crowded)
        assert plot.summary == "Posts per week: nothing", "what was published after them is not theirs"


def test_six_figures_are_shown_those_that_most_posts_have_in_the_order_of_publer() -> None:
    keys = "abcdefg"
    posts = [
        replace(
            out(day, 1),
            figures=tuple(
                Figure(key, key.upper(), 0.0 if key == "b" else 2.0) for key in keys if key != "c" or day
            ),
        )
        for day in range(3)
    ]
    assert [figure.key for figure in plots.figures_of(posts)] == ["a", "b", "d", "e", "f", "g"]
    [_, a, b, *_] = plots.bar_plots(posts, FIRST, LAST, DATES)
    assert (a.summary, b.summary) == ("A per week: 1 Mar 6", "B per week: 1 Mar 0")


def test_what_did_best_is_first_and_says_on_how_many_posts_that_rests() -> None:
    posts = [out(day, 10) for day in range(10)] + [out(10, 30), out(11, 40), out(12, None), out(13, 0)]
    best = plots.best(posts)
    assert [(each.value, each.times, each.posts) for each in best] == [("40", "3.1", 13), ("30", "2.3", 13)]
    assert plots.best([out(day, 0) for day in range(12)]) == [], "nobody did better than the others"
    assert plots.best([out(day, None) for day in range(12)]) == []


@each_of("likes, shade", [(74, 1), (75, 2), (94, 2), (95, 3), (105, 4), (124, 4), (125, 5)])
def test_a_cell_is_the_stronger_the_more_it_has_than_the_average(likes: float, shade: int) -> None:
    """Eight other posts balance the four of the cell, so that the average is 100."""
    cell = [out(7 * week, likes) for week in range(4)]
    others = [out(1 + number % 4, (1200 - 4 * likes) / 8, hours=number) for number in range(8)]
    found = plots.grid([*cell, *others], DATES)
    assert found is not None
    assert next(each.shade for each in found.cells if each.posts == 4) == shade


def test_a_cell_without_figures_has_no_shade_beside_cells_that_have_some() -> None:
    posts = [out(7 * week, 10) for week in range(10)] + [out(7 * week + 1, None) for week in range(3)]
    found = plots.grid(posts, DATES)
    assert found is not None
    assert [(cell.posts, cell.shade) for cell in found.cells] == [(10, 3), (3, 0)]


def test_a_week_is_that_of_the_day_on_which_a_post_was_published() -> None:
    late = replace(out(6, 1), planned=MONDAY)
    unknown = replace(out(7, 1), live=None)
    assert {name: len(those) for name, those in plots.by_week([late, unknown], DATES).items()} == {
        "Week of 1 Mar 2027": 1,
        "Week of 8 Mar 2027": 1,
    }
    [row] = plots.rows({"all": [late, replace(unknown, figures=())]}, plots.figures_of([late]), DATES)
    assert (row.posts, row.figures) == (2, (("1", 1),))
    [empty] = plots.rows({"all": [unknown]}, [Figure("reach", "Reach", None)], DATES)
    assert empty.figures == (("", 0),)
