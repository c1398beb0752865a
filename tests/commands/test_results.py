"""`results`: a calendar that was applied, and a clock that has passed its posts."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from publer_sync.commands import results as results_command
from publer_sync.commands.running.choice import Choice
from publer_sync.machine import extras
from publer_sync.planning.publication import Days
from publer_sync.render.layout.measure import width
from publer_sync.sandbox import Faults
from publer_sync.values.errors import UsageError
from publer_sync.values.model import Listing
from tests.builders import EARLIER, NOW, TOMORROW, X, at, copy_of, ledger, shown, wanted
from tests.commands.reached import stand_in
from tests.commands.side_by_side import SideBySide
from tests.schemas import conforms
from tests.system.worlds import ACCOUNTS, DAY, HOUR, MINUTE, T, Want, World, clocks
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date, datetime

    from publer_sync.ledger.copies import Copy
    from publer_sync.values.model import LivePost
    from tests.conftest import Ran

FIRST = Want("first", "x", T, "The first post of the month", labels=("launch",))
SECOND = Want("second", "facebook", T + HOUR, "The second, on another account", labels=("lamp", "launch"))
THIRD = Want(None, "linkedin", T + 2 * HOUR, "A third one without an id")
PICTURE = Want("picture", "x", T + 3 * HOUR, "", picture="lamp.png")
POSTS = (FIRST, SECOND, THIRD, PICTURE)


@pytest.fixture
def to(empty_world: World) -> Iterator[Callable[[datetime], None]]:
    empty_world.apply_first(*POSTS)
    with clocks(empty_world) as to:
        yield to


@pytest.fixture
def world(empty_world: World, to: Callable[[datetime], None]) -> World:
    """Applied, and every post is due."""
    return empty_world


def results(world: World, *words: str) -> Ran:
    return world.run("results", world.top, *words)


def prose(world: World, *words: str) -> str:
    """The page without its line breaks."""
    return " ".join(results(world, *words).stdout.split())


def document(world: World, *words: str) -> Any:
    ran = results(world, *words, "--format", "json")
    found = json.loads(ran.stdout)
    assert "error" not in found, found
    conforms(found, "results")
    missing = sum(found["summary"][status] for status in ("not_found", "failed", "unpublished"))
    assert ran.code == (6 if missing else 0)
    return found


def statuses(world: World, *words: str) -> dict[str, str]:
    return {post["id"] or post["text"]: post["status"] for post in document(world, *words)["posts"]}


@pytest.mark.parametrize("ids", ["later", "integer", "kept"])
@pytest.mark.parametrize(("times", "late"), [("actual", 3), ("kept", 0)])
@pytest.mark.parametrize("later", [HOUR * 4, DAY * 3])
def test_every_post_is_found_in_both_dialects_of_ids_and_times(
    world: World, to: Callable[[datetime], None], ids: Any, times: Any, late: int, later: timedelta
) -> None:
    world.sandbox.faults.published_ids, world.sandbox.faults.published_times = ids, times
    world.sandbox.faults.publish_lag = timedelta(minutes=3, seconds=38)
    to(T + later)
    world.sandbox.reset_log()
    found = document(world)
    assert not world.writes()
    assert [(post["id"] or post["text"], post["status"]) for post in found["posts"]] == [
        (want.id or want.text, "published") for want in POSTS
    ]
    for want, post in zip(POSTS, found["posts"], strict=True):
        assert post["planned_at"] == f"{want.at:%Y-%m-%dT%H:%M:00Z}"
        assert post["published_at"] == f"{want.at + late * MINUTE:%Y-%m-%dT%H:%M:00Z}"
        assert post["link"].startswith("https://")
        assert post["labels"] == list(want.labels)


@pytest.mark.parametrize("signature", ["#fjordlight", "Fjordlight AS\nhttps://fjordlight.example"])
def test_a_published_text_may_end_with_the_accounts_signature(
    world: World, to: Callable[[datetime], None], signature: str
) -> None:
    world.sandbox.faults.signature, world.sandbox.faults.published_ids = signature, "integer"
    to(T + 5 * HOUR)
    assert sum((post["text"] or "").endswith(f"\n\n{signature}") for post in world.sandbox.posts()) == 3
    assert statuses(world) == {want.id or want.text: "published" for want in POSTS}
    assert FIRST.text in results(world).stdout
    assert signature.partition("\n")[0] not in results(world).stdout


def test_a_longer_post_of_a_colleague_is_not_taken_for_one_that_went_out_as_it_is(
    world: World, to: Callable[[datetime], None]
) -> None:
    world.sandbox.faults.published_ids = "integer"
    world.stranger("x", T + 5 * MINUTE, f"{FIRST.text}\n\nand more")
    to(T + 5 * HOUR)
    found = {post["text"]: post["planned_at"] is not None for post in document(world)["posts"]}
    assert (found[FIRST.text], found[f"{FIRST.text}\n\nand more"]) == (True, False)


def test_the_question_did_it_go_out_and_where_is_it(world: World, to: Callable[[datetime], None]) -> None:
    to(T + 2 * DAY)
    ran = results(world, "--from", f"{T:%Y-%m-%d}", "--to", f"{T:%Y-%m-%d}")
    link = next(post["post_link"] for post in world.sandbox.posts() if post["text"] == FIRST.text)
    assert ran.code == 0
    assert ran.stdout.splitlines()[1] == "4 posts published (on 3 accounts)."
    assert f"x 09:01 {link}" in prose(world)
    assert results(world, "--from", f"{T + DAY:%Y-%m-%d}").stdout.splitlines()[1] == (
        "Nothing was planned or published on these days."
    )


def test_what_was_not_published_stands_first(world: World, to: Callable[[datetime], None]) -> None:
    world.sandbox.remove(world.find(FIRST.text)["id"])
    world.sandbox.edit(world.find(THIRD.text)["id"], state="scheduled_pending")
    to(T + 5 * HOUR)
    second = next(post["id"] for post in world.sandbox.posts() if post["text"] == SECOND.text)
    world.sandbox.edit(second, state="published_deleted")
    world.stranger("bluesky", T, "Friday light", state="failed", error="The session has expired")
    world.stranger("mastodon", T, "A colleague's post", state="published", post_link="https://m.example/1")
    found = [(post["id"] or post["text"], post["status"]) for post in document(world)["posts"]]
    assert found == [
        ("first", "not_found"),
        ("Friday light", "failed"),
        (THIRD.text, "unpublished"),
        ("second", "taken_down"),
        ("A colleague's post", "published"),
        ("picture", "published"),
    ]
    text = prose(world)
    assert "1 post not found, 1 failed, 1 not published, 1 taken down, 2 published (on 5 accounts)." in text
    assert "someone may have deleted it" in text
    assert 'Publer said: "The session has expired".' in text
    assert "Nobody approved it in Publer before its time." in text
    assert "published 10:01, then taken down." in text
    assert '"A colleague\'s post" made in Publer' in text


@pytest.mark.story
def test_a_post_that_was_to_be_taken_down_is_no_failure(empty_world: World) -> None:
    empty_world.apply_first(replace(SECOND, more="auto_delete: {after: 1d, hide: true}"))
    with clocks(empty_world) as to:
        to(T + 2 * DAY)
        assert document(empty_world)["summary"]["taken_down"] == 1
        assert "published 10:01, then hidden as planned. https://" in prose(empty_world)


def test_a_post_that_was_moved_in_publer_is_found_where_it_is(
    world: World, to: Callable[[datetime], None]
) -> None:
    world.sandbox.faults.published_ids = "kept"
    world.sandbox.edit(world.find(FIRST.text)["id"], at=T + 40 * DAY)
    world.sandbox.edit(world.find(SECOND.text)["id"], at=T + 2 * DAY)
    world.sandbox.edit(world.find(THIRD.text)["id"], at=None, state="draft")
    to(T + 3 * DAY)
    text = prose(world)
    assert f"Someone moved it in Publer to {T + 40 * DAY:%a} " in text
    assert "Someone turned it into a draft in Publer." in text
    assert statuses(world) == {
        "first": "unpublished",
        THIRD.text: "unpublished",
        "second": "published",
        "picture": "published",
    }


def test_the_words_are_those_that_were_published(world: World, to: Callable[[datetime], None]) -> None:
    """Also where the calendar changed too late for the post that it meant."""
    world.write(replace(FIRST, text="The first post, corrected"), *POSTS[1:])
    world.sandbox.edit(world.find(SECOND.text)["id"], text="The second, edited in Publer")
    to(T + 5 * HOUR)
    first, second, *_ = document(world)["posts"]
    assert (first["text"], second["text"]) == (FIRST.text, "The second, edited in Publer")


def test_a_post_that_a_hold_made_miss_its_time_is_missed_and_no_failure(
    world: World, to: Callable[[datetime], None]
) -> None:
    """While the hold lasts, and once it has ended: nothing is on hold then."""
    world.settings(hold={"reason": "a storm", "accounts": ["x"]})
    assert world.apply().code == 0
    to(T + DAY)
    assert statuses(world) == {
        "first": "held",
        "picture": "held",
        "second": "published",
        THIRD.text: "published",
    }
    told = "Missed on hold (2 posts): what should still be published needs a new time."
    assert told in prose(world)
    assert 'Its time passed while it was on hold: "a storm".' in prose(world)
    world.settings()
    assert world.apply().code == 6
    assert (statuses(world)["first"], results(world).code) == ("held", 0)
    assert told in prose(world)
    assert "t was on hold" in prose(world).partition(told)[2]


def test_a_hold_is_no_excuse_for_what_was_missed_before_it(
    world: World, to: Callable[[datetime], None]
) -> None:
    late = Want("late", "x", T + DAY, "Nobody applied this in time")
    to(T + DAY + HOUR)
    world.write(*world.wants, late)
    assert world.apply().code == 6
    to(T + DAY + 2 * HOUR)
    assert world.run("hold", world.top, "--reason", "a storm", "--yes").code == 0
    assert statuses(world)["late"] == "not_found"
    assert results(world).code == 6


def test_what_is_just_due_is_no_alarm(world: World, to: Callable[[datetime], None]) -> None:
    world.sandbox.faults.publish_lag = 10 * MINUTE
    to(T + MINUTE)
    assert statuses(world) == {"first": "due"}


def test_a_post_that_left_the_calendar_after_it_was_published(
    world: World, to: Callable[[datetime], None]
) -> None:
    """The state remembers it, labels included, for 35 days, and as a line that it was planned here for 400."""
    to(T + DAY)
    world.write()
    assert world.apply("--allow-deletes", "9").code == 0
    found = document(world, "--by", "label")
    assert {post["id"]: post["labels"] for post in found["posts"]} == {
        "first": ["launch"],
        "second": ["lamp", "launch"],
        "picture": [],
        None: [],
    }
    for days in (45, 90):
        to(T + days * DAY)
        assert world.apply("--allow-deletes", "9").code == 0
        old = document(world, "--from", f"{T:%Y-%m-%d}")
        assert old["summary"]["published"] == 4
        assert {post["id"] for post in old["posts"]} == {"first", "second", "picture", None}
        assert all(not post["labels"] and post["planned_at"] for post in old["posts"])
    world.write(Want("first", "facebook", T + 99 * DAY, "Once more"))
    assert world.changes() == [("create", None, "first")], "a line keeps no id from a new post"


def test_without_state_the_words_and_the_calendars_labels_do(
    world: World, to: Callable[[datetime], None]
) -> None:
    to(T + DAY)
    world.ledger.unlink()
    found = document(world)
    assert found["summary"]["published"] == 4
    assert [post["labels"] for post in found["posts"]] == [list(want.labels) for want in POSTS]


def test_a_post_that_no_apply_scheduled(world: World, to: Callable[[datetime], None]) -> None:
    to(T + 6 * HOUR)
    world.write(*POSTS, Want("late", "x", T + 4 * HOUR, "Written too late"))
    assert statuses(world)["late"] == "not_found"
    assert "No apply scheduled it before its time." in prose(world)


def test_links_that_publer_rewrote_do_not_hide_a_post(empty_world: World, tmp_path_factory: Any) -> None:
    empty_world.sandbox.faults.links = "shortened"
    empty_world.apply_first(Want("link", "x", T, "Read it at https://example.com/lamps/mini today"))
    with clocks(empty_world) as to:
        to(T + DAY)
        empty_world.ledger.unlink()
        assert statuses(empty_world) == {"link": "published"}


def test_each_option_of_the_command_and_its_exit_code(empty_world: World) -> None:
    """Posts that are in Publer, without an apply of them."""
    pair = SideBySide(empty_world)
    pair.settings("acme", accounts={name: {"id": ACCOUNTS[name]} for name in ("x", "facebook")})
    pair.write(acme=[FIRST, SECOND])
    pair.applied("acme", FIRST, SECOND)
    with clocks(empty_world) as to:
        to(T + 6 * HOUR)

        def found(*words: str) -> Any:
            return pair.json("results", "acme", *words)[0]

        assert {post["id"]: post["figures"] for post in found()["posts"]} == {"first": None, "second": None}
        assert [post["id"] for post in found("--account", "facebook")["posts"]] == ["second"]
        assert "analytics" not in " ".join(request.path for request in empty_world.sandbox.requests)
        figures = [post["figures"] for post in found("--insights")["posts"]]
        assert [[each["name"] for each in those][:1] for those in figures] == [["Reach"], ["Reach"]]
        assert [found(*words)["before"] is None for words in ((), ("--compare",))] == [True, False]
        page = pair.run("results", "acme", "--format", "html").stdout
        assert ("<html" in page, FIRST.text in page) == (True, True)
        assert pair.run("results", "acme").code == 0
        (post,) = (post for post in empty_world.sandbox.posts() if post["text"] == FIRST.text)
        empty_world.sandbox.remove(post["id"])
        assert pair.run("results", "acme").code == 6
        (pair.top("acme") / "more.yaml").write_text("posts:\n- at: never\n", encoding="utf-8")
        assert pair.run("results", "acme", "--format", "html").stdout == results_command.page([]) == ""
        empty_world.sandbox.reset_log()
        with mock.patch.object(extras, "_missing", return_value=["Pillow"]):
            ran = pair.run("results", "acme", "--format", "html")
            assert pair.run("results", "acme").code == 3, "its own page is no web page"
        assert (ran.code, "needs the package Pillow" in ran.stderr) == (1, True), ran
        assert not empty_world.sandbox.requests


@each_of(
    ("since", "until", "found"),
    [
        (None, None, ("11-17 00:00", "11-24 14:20")),
        ("2026-11-20", None, ("11-20 00:00", "11-24 14:20")),
        (None, "2026-11-20", ("11-14 00:00", "11-21 00:00")),
        ("2026-11-19", "2026-11-20", ("11-19 00:00", "11-21 00:00")),
        ("2026-11-20", "2026-12-24", ("11-20 00:00", "11-24 14:20")),
    ],
)
def test_the_days_are_those_that_are_named_or_the_week_before(
    since: str | None, until: str | None, found: tuple[str, str]
) -> None:
    days = results_command._days(Choice(since=since, until=until), "Europe/Oslo", NOW)
    assert (days.since, days.until, days.now) == (at(found[0]), at(found[1]), NOW)


@each_of(("since", "now"), [("2026-11-25", NOW), ("2026-11-24", at("11-24 00:00"))])
def test_days_that_have_not_begun_have_no_results(since: str, now: datetime) -> None:
    with pytest.raises(UsageError, match=f"--from {since} is in the future"):
        results_command._days(Choice(since=since), "Europe/Oslo", now)


GONE = wanted(EARLIER, "Hello", id="gone")
PUBLISHED = shown(EARLIER, state="published")


@each_of(
    ("copy", "listed", "asked_again"),
    [
        (copy_of(GONE), [PUBLISHED], None),
        (copy_of(GONE), [], (NOW - DAY).date() - DAY),
        (copy_of(GONE, verified_at=None), [], EARLIER.date() - DAY),
        (copy_of(GONE, post_id=None, lapsed=True), [], None),
        (None, [], None),
    ],
)
def test_what_was_in_publer_and_left_no_trace_is_looked_for_from_when_it_was_last_seen(
    copy: Copy | None, listed: list[LivePost], asked_again: date | None
) -> None:
    asked: list[date] = []

    def posts(*, since: date, until: date, **_: Any) -> Listing:
        asked.append(since)
        assert until >= NOW.date()
        return Listing(
            tuple(listed) if len(asked) == 1 else (replace(PUBLISHED, at=TOMORROW, state="scheduled"),)
        )

    publer = stand_in(posts=posts, undated_drafts=lambda **_: Listing())
    session: Any = stand_in(access=stand_in(publer=publer), desired=[GONE])
    state = ledger(*([copy] if copy is not None else []))
    days = Days(NOW - timedelta(days=7), NOW, NOW)
    told, unlisted = results_command.look_back(session, state, days, [X])
    assert (asked[1:], unlisted) == ([asked_again] if asked_again else [], 0)
    [one] = told
    assert (one.status, one.reason) == (
        ("unpublished", "someone moved it in Publer")
        if asked_again
        else ("published", "")
        if listed
        else ("not_found", one.reason)
    )


def test_one_account(world: World, to: Callable[[datetime], None]) -> None:
    to(T + 6 * HOUR)
    assert statuses(world, "--account", "facebook") == {"second": "published"}
    assert results(world, "--account", "nobody").code == 64


def test_by_label(world: World, to: Callable[[datetime], None]) -> None:
    to(T + 6 * HOUR)
    groups = document(world, "--by", "label")["groups"]
    assert [(group["name"], group["summary"]["published"]) for group in groups] == [
        ("lamp", 1),
        ("launch", 2),
        (None, 2),
    ]
    assert "x: 2 posts published." in prose(world, "--by", "network")


def test_insights(world: World, to: Callable[[datetime], None]) -> None:
    to(T + DAY)
    found = document(world, "--insights", "--by", "account")
    likes = {post["id"]: {f["name"]: f["value"] for f in post["figures"]}["Likes"] for post in found["posts"]}
    sums = {
        group["name"]: {f["name"]: f["value"] for f in group["figures"]}["Likes"] for group in found["groups"]
    }
    assert sums["x"] == likes["first"] + likes["picture"]
    assert f"Likes {likes['second']}" in results(world, "--insights").stdout
    assert document(world)["posts"][0]["figures"] is None


def test_the_period_before_stands_beside_this_one(world: World, to: Callable[[datetime], None]) -> None:
    """As long as this one, and right before it; each figure with the number of posts it rests on."""
    to(T + 4 * DAY)
    days = ("--from", f"{T + DAY:%Y-%m-%d}", "--to", f"{T + 2 * DAY:%Y-%m-%d}", "--compare")
    found = document(world, *days, "--insights")
    before = found["before"]
    assert (before["from"][:10], before["to"]) == (f"{T - DAY:%Y-%m-%d}", found["from"])
    assert (found["summary"]["published"], before["summary"]["published"]) == (0, 4)
    likes = next(figure["value"] for figure in before["figures"] if figure["name"] == "Likes")
    assert document(world)["before"] is None
    assert "4 posts published (on 3 accounts)." in prose(world, *days).partition("Before, ")[2]
    back = ("--from", f"{T:%Y-%m-%d}", "--to", f"{T:%Y-%m-%d}", "--compare", "--insights")
    assert f"Likes {likes:,} from 4 posts; before: no post has it." in prose(world, *back)
    assert f"Likes {likes:,} from 4 posts" in results(world, *back, "--format", "markdown").stdout
    rows = list(csv.DictReader(io.StringIO(results(world, *days, "--format", "csv").stdout)))
    assert [row["period"] for row in rows] == ["before"] * 4


def test_insights_take_their_scope(world: World, to: Callable[[datetime], None]) -> None:
    to(T + DAY)
    world.sandbox.faults.scopes = Faults().scopes - {"analytics"}
    ran = results(world, "--insights")
    assert (ran.code, ran.stdout) == (1, "")
    assert "scope analytics" in ran.stderr
    assert results(world).code == 0


def test_csv_and_no_formulas(world: World, to: Callable[[datetime], None]) -> None:
    world.stranger("bluesky", T + HOUR, '=HYPERLINK("https://evil.example","x")\nand more')
    to(T + DAY)
    rows = list(csv.DictReader(io.StringIO(results(world, "--format", "csv", "--insights").stdout)))
    first = next(row for row in rows if row["id"] == "first")
    assert list(first) == [
        "calendar", "status", "planned", "published", "timezone", "account", "network", "id", "text", "labels",
        "link", "reason", "planned here", "Reach", "Engagement", "Likes", "Comments", "Shares", "Link clicks",
    ]  # fmt: skip
    assert (first["status"], first["planned"], first["published"]) == (
        "published", f"{T:%Y-%m-%d %H:%M}", f"{T + MINUTE:%Y-%m-%d %H:%M}",
    )  # fmt: skip
    assert (first["account"], first["network"], first["labels"]) == ("x", "x", "launch")
    assert int(first["Likes"]) >= 0
    [unmanaged] = [row for row in rows if row["planned here"] == "no"]
    assert unmanaged["text"].startswith("'=HYPERLINK(")
    grouped = list(csv.DictReader(io.StringIO(results(world, "--format", "csv", "--by", "label").stdout)))
    assert [row["group"] for row in grouped] == ["lamp", "launch", "launch", "", "", ""]


def test_markdown(world: World, to: Callable[[datetime], None]) -> None:
    world.sandbox.remove(world.find(FIRST.text)["id"])
    world.stranger("bluesky", T + HOUR, "Thanks @everyone | <b>all</b>")
    to(T + DAY)
    page = results(world, "--format", "markdown", "--insights").stdout
    assert page.index("Not found") < page.index("| Time | Post | Where |")
    assert "@everyone" not in page
    assert "<b>all" not in page
    assert "[facebook](<https://" in page


def test_it_fits_the_screen(world: World, to: Callable[[datetime], None], monkeypatch: Any) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    world.sandbox.remove(world.find(FIRST.text)["id"])
    to(T + DAY)
    lines = results(world, "--insights", "--by", "label").stdout.splitlines()
    assert [line for line in lines if width(line) > 60 and "https://" not in line] == []


def test_days_that_have_not_come(world: World) -> None:
    ran = results(world, "--from", f"{T + 300 * DAY:%Y-%m-%d}")
    assert ran.code == 64
    assert "is in the future" in ran.stderr


def test_an_incomplete_list_says_so(world: World, to: Callable[[datetime], None]) -> None:
    to(T + DAY)
    world.sandbox.faults.trip("rows_left_out", "GET", "/posts", times=100)
    text = prose(world)
    assert "counts" in text
    assert "Publer's list of posts is incomplete" in text


def test_an_invalid_calendar_is_3(world: World) -> None:
    (world.top / "more.yaml").write_text("posts:\n- at: never\n", encoding="utf-8")
    assert results(world).code == 3


def test_a_group_counts_what_it_lists_and_what_is_due_is_not_published(
    world: World, to: Callable[[datetime], None]
) -> None:
    """The count above a list is that of its rows; what was not published is above it, and due is due."""
    world.sandbox.edit(world.find(FIRST.text)["id"], state="scheduled_declined")
    to(SECOND.at + MINUTE)
    world.sandbox.faults.publish_lag = 10 * MINUTE
    to(PICTURE.at + MINUTE)
    text = prose(world, "--by", "account")
    assert "x: 1 post due; above: 1 post not published" in text
    assert "facebook: 1 post published" in text
    for style in ("markdown", "html"):
        page = results(world, "--by", "account", "--format", style).stdout
        assert "1 post due; above: 1 post not published" in page
    assert "Published (2 posts" in prose(world)
    assert "Due (1 post)" in prose(world)
