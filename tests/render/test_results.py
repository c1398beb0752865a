"""The pages of `results`: what no post, name or address can do to them."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

from publer_sync.planning.publication import Days, Publication, Results, Status, totals
from publer_sync.render.past import results_data
from publer_sync.render.past.results import text, unpublished
from publer_sync.render.past.results_csv import table
from publer_sync.render.past.results_markdown import page
from publer_sync.values.model import MINUTE, Figure
from tests.builders import DAY, LINKEDIN, NOW, WORKSPACE, X, shown, wanted
from tests.tables import each_of


def results(*told: Publication, **more: object) -> Results:
    days = Days(NOW - 7 * DAY, NOW, NOW)
    return Results("calendar", WORKSPACE, "Europe/Oslo", days, told, **more)  # type: ignore[arg-type]  # fields of several types


def published(words: str, link: str = "https://x.example/1", number: int = 0) -> Publication:
    at = NOW - DAY + number * MINUTE
    live = shown(at, words, state="published", post_link=link)
    return Publication(X, Status.PUBLISHED, planned=at, post=wanted(at, words), live=live)


def strange(words: str, day: int = 0) -> Publication:
    """A post that was made in Publer."""
    return replace(published(words, number=day * 24 * 60), planned=None, post=None)


@each_of("sign", ["=", "+", "-", "@", "\t=", "\r=", " \n=", "＝", "＠", "\u200b=", "|="])
def test_no_cell_is_a_formula(sign: str) -> None:
    [row] = csv.DictReader(io.StringIO(table([results(published(f"{sign}1+1"))])))
    assert row["text"][0] in "'|"


@each_of(
    "link", ["javascript:alert(1)", "https://x.example/a b", "https://x.example/>)<b>", "ftp://x.example", ""]
)
def test_only_an_address_is_a_link(link: str) -> None:
    told = results(published("Hello", link))
    for shown_as in (text(told), page(told), table([told])):
        assert link not in shown_as or not link


def test_a_page_fits_an_issue_and_says_what_it_leaves_out() -> None:
    told = page(results(*(published(f"Post {number} " + "x" * 90, number=number) for number in range(900))))
    assert len(told) < 60_000
    assert "the end is left out" in told
    assert told.index("900 posts published") < 200


def test_the_counts_are_those_of_the_rows_and_what_was_taken_down_as_planned_was_published() -> None:
    """The same post on two accounts is one row; one that was taken down without a plan is a trouble."""
    one = published("Both")
    other = replace(one, account=LINKEDIN)
    hidden = shown(NOW - DAY, "Both", state="published_deleted")
    down = replace(one, live=hidden, status=Status.TAKEN_DOWN)
    meant = wanted(NOW - 2 * DAY, "Meant", auto_delete={"after": {"duration": 1, "unit": "Day"}})
    gone = shown(NOW - 2 * DAY, "Meant", state="published_deleted")
    planned = Publication(X, Status.TAKEN_DOWN, planned=NOW - 2 * DAY, post=meant, live=gone)
    due = Publication(X, Status.DUE, planned=NOW - MINUTE, post=wanted(NOW - MINUTE, "Due"), reason="not yet")
    told = results(planned, one, other, due)
    for page_of in (text, page):
        shown_as = page_of(told)
        assert "2 posts published, 1 due (on 2 accounts)" in shown_as
        assert "taken down as planned" in shown_as
        assert "Taken down" not in shown_as
        published_first = [shown_as.index(words) for words in ("Published", "Both", "Meant", "Due")]
        assert published_first == sorted(published_first)
        assert "Taken down" in page_of(results(down, one))
    assert unpublished(told) == 0
    assert unpublished(results(one, replace(one, status=Status.NOT_FOUND))) == 1


def test_figures_add_up_but_rates_do_not() -> None:
    figures = (
        Figure("likes", "Likes", 2),
        Figure("engagement_rate", "Rate", 3),
        Figure("saves", "Saves", None),
    )
    one = Publication(X, figures=figures)
    assert totals([one, one]) == {"likes": Figure("likes", "Likes", 4)}


def test_accounts_that_differ_in_utm_parameters_share_a_row() -> None:
    first, second, other = (
        published(f"See https://example.com/?utm_source={name}.\n{rest}")
        for name, rest in (("a", ""), ("b", ""), ("b", "And more"))
    )
    told = results(first, second, other)
    assert text(told).count("See https") == page(told).count("See https") == 2


def test_several_calendars_share_one_table() -> None:
    first, second = results(published("One")), results(published("Two"))
    assert [row["text"] for row in csv.DictReader(io.StringIO(table([first, second])))] == ["One", "Two"]


def test_a_time_with_its_year_stands_apart_from_the_id() -> None:
    """A period across New Year has both forms."""
    told = []
    for name, at in (
        ("last", NOW.replace(month=12, day=31)),
        ("first", NOW.replace(year=2027, month=1, day=1)),
    ):
        one = replace(wanted(at, f"{name} year"), id=name)
        live = shown(at, f"{name} year", state="published")
        told.append(Publication(X, Status.PUBLISHED, planned=at, post=one, live=live))
    rows = [line for line in text(results(*told)).splitlines() if " year" in line]
    assert [row.index(each) for row, each in zip(rows, ("last", "first"), strict=True)] == [24, 24]
    assert rows[1][22:24] == "  "


def test_a_row_says_whether_the_post_was_planned_here() -> None:
    here = published("Ours")
    strangers = replace(here, planned=None, post=None)
    rows = [*csv.DictReader(io.StringIO(table([results(here, strangers)])))]
    assert [list(row.values())[-1] for row in rows] == ["yes", "no"]


@each_of(
    "live, told",
    [(None, "Publer does not say why."), ("", "Publer does not say why."), ("Bad", 'Publer said: "Bad".')],
)
def test_a_failed_post_has_the_words_of_publer_where_there_are_any(live: str | None, told: str) -> None:
    seen = shown(NOW, "Hi", state="failed", error=live) if live is not None else None
    one = Publication(X, Status.FAILED, planned=NOW, post=wanted(NOW, "Hi"), live=seen)
    assert told in text(results(one))


def test_a_post_that_was_published_on_another_day_has_its_day() -> None:
    for late, told in ((0 * DAY, "14:20"), (DAY, "Tue 24 Nov 14:20")):
        one = published("Late")
        assert one.live is not None
        late_one = replace(one, live=replace(one.live, at=NOW - DAY + late))
        assert f"x {told}" in " ".join(text(results(late_one)).split()), text(results(late_one))


def test_a_program_is_told_what_publer_has_of_a_post_and_nothing_where_it_has_none() -> None:
    here = published("Hi")
    [told, lost] = results_data.document(results(here, replace(here, live=None, status=Status.NOT_FOUND)))[
        "posts"
    ]
    assert (told["state"], told["post_id"], lost["state"], lost["post_id"]) == (
        "published",
        "p-1",
        None,
        None,
    )


def rows_of(*told: Publication, **more: object) -> list[dict[str, str]]:
    return [*csv.DictReader(io.StringIO(table([results(*told, **more)])))]


def test_a_table_has_columns_for_a_period_and_a_group_only_where_they_were_asked_for() -> None:
    one = published("Hi")
    assert next(iter(rows_of(one)[0])) == "calendar"
    [now, before] = rows_of(one, before=results(one))
    assert (now["period"], before["period"]) == ("now", "before")
    assert rows_of(one, by="network")[0]["group"] == "x"


def test_a_table_has_why_a_post_failed() -> None:
    seen = shown(NOW, "Hi", state="failed", error="Bad token")
    one = Publication(X, Status.FAILED, planned=NOW, post=wanted(NOW, "Hi"), live=seen, reason="it failed")
    assert [[*row.values()][-2] for row in rows_of(one, replace(one, live=None))] == [
        "Bad token",
        "it failed",
    ]


def test_a_program_is_told_figures_where_they_were_asked_for_and_what_publer_said() -> None:
    one = replace(published("Hi"), figures=(Figure("likes", "Likes", 2),), signed=("kari 123",))
    failed = replace(one, live=shown(NOW, "Hi", state="failed", error="Bad token"), signed=())
    for insights in (True, False):
        before = results(one, insights=insights)
        told = results_data.document(results(one, failed, by="account", insights=insights, before=before))
        assert told["before"] is not None
        found = [told["posts"][0], told["groups"][0], told["before"]]
        assert [each["figures"] is not None for each in found] == [insights] * 3
        assert [each["publer_said"] for each in told["posts"]] == [None, "Bad token"]
        assert ["signed_off" in each for each in told["posts"]] == [True, False]


@each_of(
    ("one", "other", "rows"),
    [
        (published("Hi"), replace(published("Hi"), account=LINKEDIN), 1),
        (published("Hi"), published("Hi", number=5), 2),
        (strange("Hi"), strange("Hi", day=1), 2),
        (strange("Hi"), replace(strange("Hi"), account=LINKEDIN), 1),
        (strange("See https://a.b/?c=1"), strange("See https://a.b/?c=2"), 2),
    ],
)
def test_a_post_is_one_on_several_accounts_where_it_is_the_same(
    one: Publication, other: Publication, rows: int
) -> None:
    assert f"{rows} post" in text(results(one, other)).partition("published")[0]


def test_a_label_that_is_called_as_a_network_keeps_its_name() -> None:
    one = published("Hi")
    assert one.post is not None
    labelled = replace(one, post=replace(one.post, content=replace(one.post.content, labels=("twitter",))))
    assert "\ntwitter: 1 post published." in text(results(labelled, by="label"))


def test_what_publer_lists_and_gives_no_time_of_is_published_all_the_same() -> None:
    told = text(results(replace(published("Hi"), live=shown(None, "Hi", state="published"))))
    assert told.endswith('Hi"\n    x\n')
    assert "Publer counts" not in told
    gone = replace(
        published("Hi"), status=Status.TAKEN_DOWN, live=shown(None, "Hi", state="published_deleted")
    )
    assert " published, then taken down.\n" in text(results(gone))
    assert "Publer counts 1 post more than it lists" in text(results(unlisted=1))
