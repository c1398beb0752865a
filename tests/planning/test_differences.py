"""Three-way comparison: the calendar with what was sent, Publer's post with what was seen of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.ledger.copies import Seen
from publer_sync.planning.differences import (
    Differences,
    compare,
)
from publer_sync.planning.plan import FieldChange
from publer_sync.values.content import Content, Revision, to_json
from tests.builders import DAY, LATER, NOW, SECOND, SOON, X, copy_of, shown, wanted
from tests.planning.posts import DRAFT, LIVE, LIVE_DRAFT, OUR_DRAFT
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.ledger.copies import Copy
    from publer_sync.values.content import Json
    from publer_sync.values.model import LivePost, Post

POST = wanted(SOON, "Hello", labels=["a"])
OURS = copy_of(POST)


def test_as_sent_and_as_seen_is_no_difference() -> None:
    assert compare(POST, OURS, shown(SOON)) == Differences()


def test_what_publer_does_not_show_is_compared_with_what_was_sent() -> None:
    post = replace(POST, content=replace(POST.content, labels=("a", "b")))

    assert compare(post, OURS, shown(SOON)).diff == (FieldChange("labels", ("a",), ("a", "b"), blind=True),)


def test_the_text_before_is_what_publer_shows() -> None:
    rewritten = copy_of(POST, seen=Seen(SOON, "Hello!"))
    post = replace(POST, content=replace(POST.content, text="New"))

    assert compare(post, rewritten, shown(SOON, "Hello!")) == Differences(
        (FieldChange("text", "Hello!", "New"),), changed=frozenset({"text"}), in_place=True
    )


@pytest.mark.parametrize(
    ("before", "after", "fields"),
    [
        pytest.param({"url": "a"}, {"url": "b"}, [("link.url", "a", "b")], id="one value"),
        pytest.param(
            {"url": "a", "title": "T"},
            {"url": "b", "description": "D"},
            [("link.description", None, "D"), ("link.title", "T", None), ("link.url", "a", "b")],
            id="several values, in the order of their names",
        ),
        pytest.param(
            {"url": "a"},
            {"url": "a", "title": "T", "description": "D", "call_to_action": "SHOP_NOW"},
            [
                ("link.call_to_action", None, "SHOP_NOW"),
                ("link.description", None, "D"),
                ("link.title", None, "T"),
            ],
            id="a link that gains a whole card",
        ),
        pytest.param(None, {"url": "b"}, [("link", None, {"url": "b"})], id="new"),
        pytest.param({"url": "a"}, None, [("link", {"url": "a"}, None)], id="taken away"),
    ],
)
def test_a_mapping_is_taken_apart_down_to_the_values_that_changed(
    before: Any, after: Any, fields: Any
) -> None:
    def with_link(link: Any) -> Post:
        return wanted(SOON, **({"link": link} if link else {}))

    diff = compare(with_link(after), copy_of(with_link(before)), shown(SOON)).diff

    assert [(item.field, to_json(item.before), to_json(item.after)) for item in diff] == fields


@pytest.mark.parametrize(
    ("before", "after", "live", "blind"),
    [
        pytest.param({"url": "a"}, {"url": "b"}, shown(SOON, link="a"), [False], id="the url of a link"),
        pytest.param({"url": "a"}, {"url": "b"}, shown(SOON), [True], id="a link that is not listed"),
        pytest.param(
            {"url": "a"}, {"url": "b"}, shown(SOON, link="", type="link"), [True], id="a link in its card"
        ),
        pytest.param(
            {"url": "a", "title": "T", "image": "i"},
            {"url": "a", "title": "U", "image": "j"},
            shown(SOON, link="a"),
            [True, True],
            id="the card of a link",
        ),
        pytest.param([{"file": "a"}], [{"file": "b"}], shown(SOON, media=1), [True], id="another picture"),
        pytest.param(
            [{"file": "a"}], [{"file": "a", "alt": "A"}], shown(SOON, media=1), [True], id="what media say"
        ),
        pytest.param(
            [{"file": "a"}], [{"file": "a"}, {"file": "b"}], shown(SOON, media=1), [False], id="more media"
        ),
        pytest.param(
            [{"file": "a"}],
            [{"file": "a"}, {"file": "b"}],
            shown(SOON),
            [True],
            id="media that are not listed",
        ),
        pytest.param(
            [{"file": "a"}], [{"file": "a"}], shown(SOON, media=2), [False], id="media added in Publer"
        ),
    ],
)
def test_of_a_link_a_listing_shows_the_url_and_of_media_their_number(
    before: Any, after: Any, live: LivePost, blind: list[bool]
) -> None:
    key = "media" if isinstance(before, list) else "link"
    ours = copy_of(wanted(SOON, **{key: before}), seen=Seen(SOON, "Hello", link="a", media=1))

    diff = compare(wanted(SOON, **{key: after}), ours, live).diff

    assert [item.blind for item in diff] == blind


def test_a_title_that_no_listing_shows_is_compared_with_what_was_sent() -> None:
    ours = copy_of(wanted(SOON, title="Open day"), seen=Seen(SOON, "Hello", title=""))

    changed = compare(wanted(SOON, title="Open night"), ours, shown(SOON, title=""))
    gone = compare(wanted(SOON), ours, shown(SOON, title=""))

    assert changed.diff == (FieldChange("title", "Open day", "Open night", blind=True),)
    assert gone.diff == (FieldChange("title", "Open day", None, blind=True),)


def test_a_title_that_the_calendar_drops_is_not_gone_because_no_listing_shows_it() -> None:
    post, ours = wanted(SOON), copy_of(wanted(SOON, title="T"))

    assert [item.field for item in compare(post, ours, shown(SOON)).diff] == ["title"]


def test_a_title_that_a_listing_showed_and_that_somebody_took_away_is_edited_and_one_that_is_new_is_seen() -> (
    None
):
    post = wanted(SOON, title="T")
    ours = copy_of(post, seen=Seen(SOON, "Hello", title="T"))
    assert compare(post, ours, shown(SOON, title="")).edits == {"title"}
    none = copy_of(wanted(SOON), seen=Seen(SOON, "Hello", title=""))
    assert compare(post, none, shown(SOON, title="")).diff == (FieldChange("title", "", "T", blind=False),)


def test_a_value_deep_inside_is_told_by_the_key_above_it() -> None:
    before, after = (wanted(SOON, poll={"options": ["Yes", word]}) for word in ("No", "Never"))

    diff = compare(after, copy_of(before), shown(SOON)).diff

    assert diff == (FieldChange("poll.options", ("Yes", "No"), ("Yes", "Never"), blind=True),)


@each_of(
    ("before", "after", "fields"),
    [
        (
            {"id": "1", "place": {"city": "Oslo", "hall": {"name": "A", "seats": 9}}},
            {"id": "1", "place": {"city": "Oslo", "hall": {"name": "B"}}},
            [("offer.place.hall.name", "A", "B"), ("offer.place.hall.seats", 9, None)],
        ),
        (
            {"place": {"city": "Oslo"}},
            {"place": "Oslo", "codes": ["a", "b"]},
            [("offer.codes", None, ["a", "b"]), ("offer.place", {"city": "Oslo"}, "Oslo")],
        ),
        (
            {"codes": ["a", {"b": 1}], "one": 1},
            {"codes": ["a", {"b": 2}], "one": True},
            [("offer.codes", ["a", {"b": 1}], ["a", {"b": 2}]), ("offer.one", 1, True)],
        ),
        ({"a": 1}, {"b": 1}, [("offer.a", 1, None), ("offer.b", None, 1)]),
    ],
)
def test_a_difference_deep_in_a_networks_own_field_is_told_by_its_path(
    before: Json, after: Json, fields: Any
) -> None:
    diff = compare(wanted(SOON, offer=after), copy_of(wanted(SOON, offer=before)), shown(SOON)).diff

    assert [(item.field, item.before, item.after) for item in diff] == fields


def test_one_and_true_are_no_difference_where_nothing_else_is() -> None:
    assert compare(wanted(SOON, album=1), copy_of(wanted(SOON, album=True)), shown(SOON)).diff == ()


POLL: dict[str, Json] = {"options": ["a", "b"], "duration": {"duration": 1, "unit": "Day"}}


@each_of(
    ("provider", "content", "changed", "in_place"),
    [
        ("twitter", {}, {"text": "New"}, True),
        ("twitter", {}, {"labels": ["new"]}, False),
        ("twitter", {"poll": POLL}, {"text": "New"}, True),
        ("linkedin", {"poll": {**POLL, "question": "What?"}}, {"text": "New"}, True),
        ("linkedin", {"poll": POLL}, {"text": "New"}, False),
        ("facebook", {"title": "T", "type": "reel"}, {"title": "New"}, True),
        ("youtube", {"title": "T"}, {"title": "New", "text": "New"}, True),
        ("wordpress", {"title": "T"}, {"title": "New"}, True),
        ("wordpress", {"title": "T"}, {"text": "New"}, False),
        ("google", {"title": "T", "type": "event"}, {"text": "New"}, True),
        ("google", {"title": "T", "type": "event"}, {"title": "New"}, False),
    ],
)
def test_words_are_changed_in_place_where_publer_carries_them_as_text_and_title(
    provider: str, content: dict[str, Any], changed: dict[str, Any], in_place: bool
) -> None:
    account = replace(X, provider=provider)
    before, after = (
        wanted(SOON, account=account, **{"text": "Old", **content, **new}) for new in ({}, changed)
    )
    assert compare(after, copy_of(before), shown(SOON, "Old", account=account)).in_place is in_place


@pytest.mark.parametrize(
    ("seen", "live", "edited"),
    [
        pytest.param(Seen(SOON, "Hello"), shown(SOON, "Hello"), False, id="as seen"),
        pytest.param(Seen(SOON, "Hello"), shown(SOON, "Hello "), False, id="outer white space"),
        pytest.param(Seen(SOON, "Hello"), shown(SOON, "Hell"), True, id="text"),
        pytest.param(Seen(SOON, "Hello"), shown(LATER), True, id="time"),
        pytest.param(Seen(SOON, "Hello"), shown(SOON + SECOND), True, id="a second"),
        pytest.param(Seen(SOON, "Hello"), shown(SOON + SECOND / 2), False, id="half a second"),
        pytest.param(Seen(SOON, "Hello"), shown(None), True, id="its time taken away"),
        pytest.param(Seen(SOON, "Hello", title="T"), shown(SOON, title="U"), True, id="title"),
        pytest.param(Seen(SOON, "Hello", title="T"), shown(SOON), False, id="title not shown now"),
        pytest.param(Seen(SOON, "Hello"), shown(SOON, title="T"), False, id="title not shown then"),
        pytest.param(Seen(SOON, "Hello", link="a"), shown(SOON, link="b"), True, id="link"),
        pytest.param(Seen(SOON, "Hello", link="a"), shown(SOON, link="a/"), False, id="a slash"),
        pytest.param(Seen(SOON, "Hello", link="a"), shown(SOON), False, id="link not shown now"),
        pytest.param(Seen(SOON, "Hello", media=1), shown(SOON, media=2), True, id="media"),
        pytest.param(Seen(SOON, "Hello", media=1), shown(SOON), False, id="media not shown now"),
        pytest.param(Seen(SOON, "Hello"), shown(SOON, state="draft"), True, id="made a draft"),
        pytest.param(Seen(SOON, "Hello"), shown(SOON, state="recurring"), False, id="recurring"),
    ],
)
def test_an_edit_is_what_publer_shows_otherwise_than_it_was_seen(
    seen: Seen, live: LivePost, edited: bool
) -> None:
    assert compare(None, copy_of(POST, seen=seen), live).edited is edited
    assert compare(POST, copy_of(POST, seen=seen), live).edited is edited


@each_of(
    ("live", "edited"),
    [
        (shown(SOON, "Halfway", title="H"), False),
        (shown(SOON, "Hello", title=""), False),
        (shown(SOON, "Other", title=""), True),
        (shown(SOON, "Hello", title="Other"), True),
    ],
)
def test_the_words_of_an_update_under_way_are_no_edit(live: LivePost, edited: bool) -> None:
    ours = copy_of(POST, seen=Seen(SOON, "Hello", title=""), revising=Revision("Halfway", "H"))

    assert compare(None, ours, live).edited is edited


@pytest.mark.parametrize(
    ("link", "diff"),
    [
        pytest.param({"url": "b", "title": "T"}, (), id="the rest as it was sent"),
        pytest.param({"url": "b"}, (), id="the url alone"),
        pytest.param(
            {"url": "b", "title": "U"},
            (FieldChange("link.title", "T", "U", blind=True),),
            id="the rest otherwise",
        ),
        pytest.param({"url": "c", "title": "T"}, (FieldChange("link.url", "b", "c"),), id="another url"),
    ],
)
def test_an_edited_link_is_no_change_once_the_calendar_has_it(
    link: dict[str, Json], diff: tuple[FieldChange, ...]
) -> None:
    ours = copy_of(wanted(SOON, link={"url": "a", "title": "T"}), seen=Seen(SOON, "Hello", link="a"))

    differs = compare(wanted(SOON, link=link), ours, shown(SOON, link="b"))

    assert (differs.diff, differs.edited) == (diff, bool(diff))


def test_a_draft_that_a_person_scheduled_is_an_edit_until_the_calendar_says_so() -> None:
    ours = copy_of(POST, seen=Seen(SOON, "Hello", draft=True))

    assert compare(None, ours, shown(SOON)).edited
    assert not compare(POST, ours, shown(SOON)).edited


def test_what_an_old_record_forgot_is_no_edit() -> None:
    old: Copy = replace(copy_of(wanted(NOW - 40 * DAY)), sent=Content(), seen=None)

    assert not compare(None, old, shown(NOW - 40 * DAY, "Whatever")).edited
    assert compare(None, old, shown(LATER, "Whatever")).edited


def test_what_a_hold_took_out_scheduled_comes_back_though_it_is_a_draft_in_the_calendar() -> None:
    """Its words and time are as they were sent: what differs is what somebody did in Publer."""
    by_hand = replace(copy_of(DRAFT), by_hand=True, seen=Seen(SOON, "Hello"))
    assert [item.field for item in compare(DRAFT, by_hand, LIVE).diff] == []
    assert [item.field for item in compare(DRAFT, OUR_DRAFT, LIVE_DRAFT).diff] == []
    came_back = replace(copy_of(wanted(SOON, "Hello")), by_hand=True)
    assert [item.field for item in compare(DRAFT, came_back, LIVE).diff] == []


@each_of(
    ("seen", "live", "edited"),
    [
        ("See https://a.example/a/long/way", "See https://sho.rt/x7Kq", False),
        ("Now see https://a.example/a/long/way", "Now see https://sho.rt/x7Kq", True),
        ("See https://a.example/a/long/way", "Look https://sho.rt/x7Kq", True),
    ],
)
def test_links_that_publer_shortens_are_no_edit_of_words_as_they_were_sent(
    seen: str, live: str, edited: bool
) -> None:
    ours = copy_of(wanted(SOON, "See https://a.example/a/long/way"), seen=Seen(SOON, seen))
    assert compare(None, ours, shown(SOON, live)).edited is edited


def test_a_draft_that_somebody_scheduled_stays_so_unless_more_than_its_words_is_to_change() -> None:
    scheduled = shown(SOON)
    rows: list[tuple[dict[str, Any], list[str]]] = [
        ({}, []),
        ({"text": "New"}, ["text"]),
        ({"text": "New", "title": "T"}, ["text", "title"]),
        ({"labels": ["new"]}, ["draft", "labels"]),
    ]
    for more, fields in rows:
        post = wanted(SOON, **{"text": "Hello", "draft": True, **more})
        assert sorted(item.field for item in compare(post, OUR_DRAFT, scheduled).diff) == fields


@each_of(
    ("seen", "live", "edited"),
    [
        ("https://a.example/a/long/way", "https://sho.rt/x7Kq", False),
        ("https://a.example/a/long/way/", "https://sho.rt/x7Kq", False),
        ("https://b.example/a/long/way", "https://sho.rt/x7Kq", True),
        ("https://a.example/a/long/way", "https://b.example/words", True),
    ],
)
def test_a_link_that_publer_shortens_is_no_edit_where_it_was_as_it_was_sent(
    seen: str, live: str, edited: bool
) -> None:
    ours = copy_of(
        wanted(SOON, link={"url": "https://a.example/a/long/way"}), seen=Seen(SOON, "Hello", link=seen)
    )
    assert bool(compare(None, ours, shown(SOON, link=live)).edits) is edited


LONG = "https://a.example/a/long/way"


@each_of(
    ("sent", "wants", "live", "edited"),
    [
        (LONG, LONG, f"{LONG}?utm_source=x", False),
        (LONG, LONG, "https://c.example", True),
        ("https://b.example", LONG, f"{LONG}?utm_source=x", True),
        ("https://b.example", LONG, LONG, False),
    ],
)
def test_a_link_that_somebody_gave_it_is_as_wanted_where_it_is_the_one_of_the_calendar(
    sent: str, wants: str, live: str, edited: bool
) -> None:
    ours = copy_of(wanted(SOON, link={"url": sent}), seen=Seen(SOON, "Hello", link="https://b.example"))
    assert compare(wanted(SOON, link={"url": wants}), ours, shown(SOON, link=live)).edited is edited


SHOP = {"url": LONG, "call_to_action": "SHOP"}


@each_of(
    ("sent", "wants", "edited"),
    [
        (SHOP, {**SHOP, "call_to_action": "SIGN_UP"}, False),
        (SHOP, {**SHOP, "call_to_action": "BOOK"}, True),
        (SHOP, {"url": "https://b.example", "call_to_action": "SIGN_UP"}, True),
        (SHOP, SHOP, True),
        (SHOP, None, True),
        (None, {**SHOP, "call_to_action": "SIGN_UP"}, True),
    ],
)
def test_a_button_that_somebody_chose_is_as_wanted_where_it_alone_changed(
    sent: Any, wants: Any, edited: bool
) -> None:
    google = replace(X, provider="google")
    before, after = (
        wanted(SOON, account=google, **({"link": each} if each else {})) for each in (sent, wants)
    )
    ours = copy_of(before, seen=Seen(SOON, "Hello", title="SHOP", link=LONG))
    live = shown(SOON, account=google, title="SIGN_UP", link=LONG)
    assert compare(after, ours, live).edited is edited
