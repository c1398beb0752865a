"""What is told of the differences of a post: to pull, to plan, and of one that somebody made in Publer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publer_sync.ledger.copies import Seen
from publer_sync.planning.differences import (
    between,
    changed_by_publer,
    equals_unmanaged,
    fields_of,
    never_shown,
    not_to_undo,
    told_apart,
    unseen,
)
from publer_sync.values.content import Content
from tests.builders import SOON, copy_of, shown, wanted
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.values.model import LivePost


@each_of(
    ("before", "after", "undone"),
    [
        ({}, {"title": "T", "draft": True}, []),
        ({}, {"labels": ["a"]}, ["labels"]),
        ({"link": {"url": "a", "title": "T"}}, {"link": {"url": "b", "title": "T"}}, []),
        ({"link": {"url": "a", "title": "T"}}, {"link": {"url": "a", "title": "U"}}, ["link"]),
        ({"link": {"url": "a", "title": "T"}}, {"link": None}, ["link"]),
        ({"link": {"url": "a"}}, {"link": None}, []),
        ({}, {"link": {"url": "b"}, "type": "link"}, []),
        ({}, {"type": "video"}, ["type"]),
    ],
)
def test_which_changes_of_the_calendar_a_pull_cannot_write_as_they_were_sent(
    before: dict[str, Any], after: dict[str, Any], undone: list[str]
) -> None:
    post = wanted(SOON, **{key: value for key, value in {**before, **after}.items() if value is not None})
    assert sorted(not_to_undo(post, copy_of(wanted(SOON, **before)), [*after, "text"])) == undone


def test_a_new_post_brings_its_fields_in_the_order_people_ask_for_them() -> None:
    post = wanted(SOON, "T", album="A", media=[{"file": "a"}], link={"url": "u"}, type="photo", title="I")

    assert [item.field for item in fields_of(post)] == ["text", "title", "type", "link", "media", "album"]


@each_of(
    ("live", "fields"),
    [
        (shown(SOON), ("title", "link", "media", "labels")),
        (shown(SOON, title="", link=""), ("media", "labels")),
        (shown(SOON, title="I", link="u", media=1), ("media", "labels")),
        (shown(SOON, title="I", link="u", labels=("x",)), ("media",)),
        (shown(SOON, title="I", link="u", labels=("y",)), ("media", "labels")),
    ],
)
def test_what_a_listing_cannot_vouch_for(live: LivePost, fields: tuple[str, ...]) -> None:
    post = wanted(
        SOON, title="I", link={"url": "u"}, media=[{"file": "a"}], labels=["x"], draft=True, type="photo"
    )

    assert unseen(post, live) == fields


def test_a_link_card_whose_link_the_listing_leaves_empty_may_be_equal() -> None:
    post = wanted(SOON, link={"url": "https://a.example"})

    assert equals_unmanaged(post, shown(SOON, link="", type="link"))
    assert not equals_unmanaged(post, shown(SOON, link="", type="status"))


def test_only_what_two_contents_say_otherwise_is_told() -> None:
    assert [item.field for item in between(Content("a"), Content("a", labels=("x",)))] == ["labels"]
    assert between(Content("a"), Content("a")) == ()


@each_of(
    ("live", "told"),
    [
        (shown(SOON, "Other words"), ""),
        (shown(SOON, state="recurring"), "it is recurring in Publer"),
        (shown(SOON, state="recycling"), "it is recycling in Publer"),
        (shown(SOON, media=1), "its media differ"),
        (shown(SOON, title="U"), "its title differs"),
        (shown(SOON, link="https://b.example"), "its link differs"),
        (shown(SOON, title="U", link="https://b.example"), "its title and link differ"),
        (shown(SOON, title="T", link="https://a.example"), ""),
        (shown(SOON), ""),
    ],
)
def test_why_a_post_in_the_same_minute_is_not_the_one(live: LivePost, told: str) -> None:
    post = wanted(SOON, title="T", link={"url": "https://a.example"})
    assert told_apart(post, live) == told
    assert equals_unmanaged(post, live) is (not told and live.text == "Hello")
    assert equals_unmanaged(wanted(SOON), shown(SOON, title="Of its page"))


def test_what_repeats_with_other_words_is_just_another_post() -> None:
    assert told_apart(wanted(SOON), shown(SOON, "Other words", state="recurring")) == ""


@each_of(
    ("sent", "seen", "live", "parts"),
    [
        ({}, "Hello", shown(SOON), ()),
        ({}, "Hello\u200b", shown(SOON), ("text",)),
        ({}, "Other", shown(SOON), ()),
        ({}, None, shown(SOON), ()),
        ({"labels": ["a", "b"]}, "Hello", shown(SOON, labels=("b", "a")), ()),
        ({"labels": ["a", "b"]}, "Hello", shown(SOON, labels=("b",)), ("labels",)),
        ({"labels": ["a", "b"]}, "Hello", shown(SOON), ()),
        ({"link": {"url": "https://a.example"}}, "Hello", shown(SOON, link="https://b.example"), ("link",)),
        ({"link": {"url": "https://a.example"}}, "Hello", shown(SOON, link="https://a.example"), ()),
        ({"link": {"url": "https://a.example"}}, "Hello", shown(SOON, link=""), ()),
        ({}, "Hello", shown(SOON, link="https://b.example"), ()),
        ({"media": [{"file": "a"}]}, "Hello", shown(SOON, media=2), ("media",)),
        ({"media": [{"file": "a"}]}, "Hello", shown(SOON, media=1), ()),
        ({"media": [{"file": "a"}]}, "Hello", shown(SOON), ()),
        ({"media": [{"file": "a"}]}, "Hello", shown(SOON, media=0, type="link"), ()),
        ({}, "Hello", shown(SOON, media=1), ()),
    ],
)
def test_what_publer_shows_otherwise_than_it_was_sent_is_told_where_nobody_edited_it(
    sent: dict[str, Any], seen: str | None, live: LivePost, parts: tuple[str, ...]
) -> None:
    ours = copy_of(wanted(SOON, **sent), seen=Seen(SOON, seen) if seen is not None else None)
    assert changed_by_publer(ours, live) == parts


@each_of(
    ("live", "words"),
    [
        (None, "comments, labels or a poll"),
        (shown(SOON), "comments, labels or a poll"),
        (shown(SOON, type="poll"), "comments, labels or a poll"),
        (shown(SOON, type="photo"), "comments or labels"),
        (shown(SOON, labels=()), "comments or a poll"),
        (shown(SOON, labels=(), type="photo"), "comments"),
    ],
)
def test_what_a_post_made_in_publer_may_have_besides(live: LivePost | None, words: str) -> None:
    assert never_shown(live) == words
