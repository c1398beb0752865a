"""The last moment for a plan, where media have to be uploaded first; what a safety limit counts, and which line changes many posts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from publer_sync.planning.inventory import Inventory
from publer_sync.planning.limits import _lines, apply_by, changed_by_one_line, refusals
from publer_sync.planning.plan import Action, Block, FieldChange
from publer_sync.values.content import Content, Link
from publer_sync.values.counted import Counted
from publer_sync.values.model import MINUTE, Limits, MediaSource, Post, Written
from publer_sync.values.problems import Location
from tests.builders import LAST, LATER, LINKEDIN, NOW, SETTINGS, SOON, X, change, shown, wanted
from tests.planning.posts import LIVE, OURS, POST
from tests.tables import each_of

if TYPE_CHECKING:
    from datetime import datetime

    from publer_sync.values.content import Json
    from publer_sync.values.model import Account

VIDEO = MediaSource("sha256:v", size=60_000_000)
FETCHED = MediaSource("sha256:u", url="https://example.com/a.mp4")
IN_LIBRARY = MediaSource("sha256:i", id="63c675e94e299e9cf2b667ec")


def with_media(at: datetime, *sources: MediaSource) -> Post:
    kinds: list[Json] = [
        {"url": source.url} if source.url else {"id": source.id} if source.id else {"file": source.digest}
        for source in sources
    ]
    content = Content.from_json({"type": "video", "media": kinds})
    return Post(X, at, content, wanted(at).location, None, sources)


@each_of(
    ("posts", "uploaded", "before"),
    [
        ([with_media(SOON, VIDEO)], (), timedelta(seconds=65)),
        ([with_media(SOON, VIDEO)], ("sha256:v",), timedelta()),
        ([with_media(SOON, FETCHED)], (), timedelta(seconds=60)),
        ([with_media(SOON, IN_LIBRARY)], (), timedelta()),
        ([with_media(SOON, VIDEO), with_media(SOON + MINUTE, VIDEO)], (), timedelta(seconds=65)),
        ([with_media(SOON, VIDEO, FETCHED)], (), timedelta(seconds=125)),
        ([wanted(SOON), with_media(LATER, VIDEO)], (), timedelta()),
        ([with_media(SOON - MINUTE, VIDEO), with_media(SOON, FETCHED)], (), timedelta(seconds=125)),
    ],
)
def test_the_last_moment_leaves_time_for_the_uploads(
    posts: list[Post], uploaded: tuple[str, ...], before: timedelta
) -> None:
    changes = [change(Action.CREATE, post) for post in posts]
    assert (
        apply_by(changes, SETTINGS, NOW, Inventory(media=frozenset(uploaded))) == SOON - 2 * MINUTE - before
    )


@each_of(
    ("number", "most"),
    [(80, timedelta()), (170, 3 * MINUTE), (480, 9 * MINUTE)],
)
def test_the_last_moment_leaves_time_for_the_edits_before_it_at_publers_limit(
    number: int, most: timedelta
) -> None:
    edits = [change(Action.UPDATE, wanted(LATER + n * MINUTE)) for n in range(number)]
    new = change(Action.CREATE, wanted(SOON))
    moment = apply_by([*edits, new], SETTINGS, NOW, Inventory(number))
    assert moment is not None
    assert most - 2 * MINUTE < SOON - 2 * MINUTE - moment <= most


def test_uploads_of_later_posts_take_no_time_from_a_post_that_needs_none() -> None:
    changes = [
        change(Action.CREATE, post)
        for post in (with_media(SOON, VIDEO), wanted(SOON + MINUTE), with_media(LATER, FETCHED))
    ]
    assert apply_by(changes, SETTINGS, NOW, Inventory()) == SOON - 2 * MINUTE - timedelta(seconds=65)
    assert apply_by(changes[1:], SETTINGS, NOW, Inventory()) == SOON - MINUTE


def test_what_is_removed_has_to_go_before_it_is_frozen() -> None:
    gone = change(Action.DELETE, None, live=shown(SOON))
    later = change(Action.DELETE, None, live=shown(LAST))
    assert apply_by([later, gone], SETTINGS, NOW, Inventory()) == SOON - 15 * MINUTE


@each_of(("accounts", "across"), [((X,), ""), ((X, LINKEDIN), " (on 2 accounts)")])
def test_a_line_outside_of_posts_that_changes_twenty_of_them_is_named(
    accounts: tuple[Account, ...], across: str
) -> None:
    line = Location("publer.yaml", 5)
    diff = (FieldChange("labels", (), ("sale",)),)
    edits = [
        change(
            Action.UPDATE,
            replace(wanted(SOON + n * MINUTE, account=one, line=n), places={"labels": line}),
            diff=diff,
        )
        for n in range(1, 21)
        for one in accounts
    ]
    [(place, told)] = changed_by_one_line(edits, NOW, Inventory(20))
    assert (place, told.partition("; ")[0]) == (line, f"this line changes 20 posts{across}: labels")
    assert not [*changed_by_one_line(edits[: -len(accounts)], NOW, Inventory(20))]
    new = [change(Action.CREATE, each.post, diff=diff) for each in edits]
    assert not [*changed_by_one_line(new, NOW, Inventory(20))]
    own = [
        replace(each, post=replace(each.post, places={"labels": edits[0].post.location})) for each in edits
    ]
    assert not [*changed_by_one_line(own, NOW, Inventory(20))], "it is a post's, and changes 19 others"


def test_a_safety_limit_counts_what_is_tried() -> None:
    removed = [change(Action.DELETE, None, live=shown(SOON), copy=OURS)] * 2
    edited = [change(Action.UPDATE, POST, live=LIVE, copy=OURS)] * 2
    limits = Limits(delete=1, change=1)
    assert [each.code for each in refusals([*removed, *edited], limits=limits, empty=False)] == [
        "changes",
        "deletes",
    ]
    assert refusals([*removed, *edited], limits=limits, empty=False, tried=lambda _: False) == ()


def test_an_empty_calendar_counts_what_another_calendar_wants_for_nothing() -> None:
    """No option removes it there, so that `--allow-deletes` with its number would be of no use."""
    gone = change(Action.DELETE, None, live=shown(SOON), copy=OURS)
    taken = change(
        Action.BLOCKED, None, would=Action.DELETE, live=shown(LATER), copy=OURS, blocks=(Block.ELSEWHERE,)
    )
    held = change(
        Action.BLOCKED, None, would=Action.DELETE, live=shown(LATER), copy=OURS, blocks=(Block.STATE,)
    )
    limits = Limits(delete=9)
    assert [each.count for each in refusals([gone, taken, held], limits=limits, empty=True)] == [2]
    assert refusals([taken], limits=limits, empty=True) == ()


def lines_of(item: FieldChange, post: Post, **more: Any) -> list[str]:
    return [key for _, key in _lines(change(Action.REPLACE, post, live=LIVE, copy=OURS, diff=(item,)), item)]


def test_the_line_that_made_a_difference_is_that_of_what_was_added() -> None:
    written = Written(
        "Hello",
        "https://a.example",
        (("append", "#sale"), ("utm", "utm_source=x")),
        {"append": Location("publer.yaml", 4), "utm": Location("publer.yaml", 5)},
    )
    post = replace(wanted(SOON, "Hello #sale"), written=written)
    assert lines_of(FieldChange("text", "Hello", "Hello #sale"), post) == ["append", "utm"]
    assert lines_of(FieldChange("text", "Hello #sale", "Hello #sale"), post) == ["utm"]
    for before in ("Goodbye", None):
        assert lines_of(FieldChange("text", before, "Hello #sale"), post) == ["text"]
    assert lines_of(FieldChange("title", "https://a.example", "News"), post) == ["title"]
    assert lines_of(FieldChange("link", "https://a.example", "https://a.example?utm_source=x"), post) == [
        "utm"
    ]
    assert lines_of(FieldChange("link", "Hello", "https://a.example?utm_source=x"), post) == ["link"]
    in_the_post = replace(post, written=replace(written, lines={"utm": Location("publer.yaml", 5)}))
    assert lines_of(FieldChange("text", "Hello", "Hello #sale"), in_the_post) == ["utm"]


def test_a_time_that_counts_from_a_date_is_changed_by_the_line_of_that_date() -> None:
    launch = Counted("launch", "launch", "2026-12-04", Location("publer.yaml", 7))
    item = FieldChange("scheduled_at", "2026-11-24T16:20:00Z", "2026-11-24T18:20:00Z")
    post = replace(wanted(LATER), counted=launch)
    moved = change(
        Action.REPLACE,
        post,
        live=LIVE,
        copy=replace(OURS, counts_from=("launch", "2026-12-03")),
        diff=(item,),
    )
    assert [*_lines(moved, item)] == [(launch.place, "launch")]
    assert [key for _, key in _lines(moved, FieldChange("text", "Old", "New"))] == ["text"]
    assert lines_of(item, wanted(LATER)) == ["scheduled_at"]


def test_a_post_that_is_not_scheduled_any_more_needs_no_time_before_its_freeze() -> None:
    for state, at in (("published", SOON), ("draft", SOON), ("draft", None)):
        gone = change(Action.DELETE, None, live=shown(at, state=state))
        assert apply_by([gone], SETTINGS, NOW, Inventory()) is None


def test_nothing_is_said_of_a_change_in_the_lines_of_posts_themselves() -> None:
    diff = (FieldChange("labels", (), ("sale",)),)
    edits = [change(Action.UPDATE, wanted(SOON + n * MINUTE, line=7), diff=diff) for n in range(25)]
    assert not [*changed_by_one_line(edits, NOW, Inventory(25))]


def test_only_edits_and_replacements_count_as_changes() -> None:
    new = [change(Action.CREATE, POST)] * 3
    assert refusals(new, limits=Limits(delete=1, change=1), empty=False) == ()
    held = change(Action.BLOCKED, POST, would=Action.UPDATE, live=LIVE, copy=OURS)
    assert refusals([held] * 3, limits=Limits(delete=1, change=1), empty=False) == ()


def test_of_a_link_the_address_tells_which_line_made_the_difference() -> None:
    written = Written(
        "Hello", "https://a.example", (("utm", "utm_source=x"),), {"utm": Location("publer.yaml", 5)}
    )
    post = replace(wanted(SOON), written=written)
    before = Link(url="https://a.example")
    assert lines_of(FieldChange("link", before, "https://a.example?utm_source=x"), post) == ["utm"]
