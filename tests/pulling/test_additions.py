"""New posts: which of them are one, and what they are called."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

from publer_sync.calendar.when.zones import zone
from publer_sync.editing.writing import Noted
from publer_sync.pulling.additions import additions, value_of
from publer_sync.values.model import Account, LiveMedium
from tests.builders import HOUR, INSTAGRAM, LINKEDIN, SOON, TOMORROW, X, shown
from tests.tables import each_of

GOOGLE = replace(X, id="a-g", provider="google", alias="google")
ACCOUNTS = {account.id: account for account in (X, LINKEDIN, INSTAGRAM)}


def ids(*texts: str, taken: tuple[str, ...] = ()) -> list[str]:
    posts = [shown(SOON + number * HOUR, text, id=f"p-{number}") for number, text in enumerate(texts)]
    return [each.id for each in additions(posts, ACCOUNTS, taken, by="month", timezone="Europe/Oslo")]


@each_of(
    ("text", "id"),
    [
        ("We launched! 🚀 And more words than five", "we-launched-and-more-words"),
        ("https://example.com/a?b=c Read this", "read-this"),
        ("Überraschung: Straße für alle", "uberraschung-strasse-fur-alle"),
        ("#hashtag @name", "hashtag-name"),
        ("It's here", "its-here"),
        ("Donaudampfschifffahrtsgesellschaft kapitän und mehr", "donaudampfschifffahrtsgesellschaft"),
        ("🚀", "post-2026-11-24"),
        ("新しいランプ", "post-2026-11-24"),
        ("x" * 50, "post-2026-11-24"),
        (f"{'a' * 19} {'b' * 20} and", f"{'a' * 19}-{'b' * 20}"),
        (f"{'a' * 19} {'b' * 21} and", "a" * 19),
    ],
)
def test_an_id_is_made_from_the_first_words(text: str, id: str) -> None:
    assert ids(text) == [id]


def test_ids_are_unique_in_the_calendar_and_the_ledger_and_stable() -> None:
    assert ids("Tip", "Tip", "Tip", taken=("tip", "tip-3")) == ["tip-2", "tip-4", "tip-5"]
    assert ids("Tip", "Tip") == ids("Tip", "Tip")


def test_what_differs_in_more_than_the_account_is_a_post_of_its_own() -> None:
    piece = LiveMedium("5f1")
    posts = [
        shown(SOON, "Words", id="p-1"),
        shown(SOON, "Words\n", account=LINKEDIN, id="p-2"),
        shown(SOON, "Words", account=INSTAGRAM, id="p-3", media=1, pieces=(piece,)),
        shown(TOMORROW, "Words", id="p-4"),
        shown(TOMORROW, "Words", account=LINKEDIN, id="p-5", state="draft"),
        shown(TOMORROW, "Other words", account=INSTAGRAM, id="p-6"),
        shown(TOMORROW, "Other words", account=LINKEDIN, id="p-7", title="News"),
    ]
    found = additions(posts, ACCOUNTS, (), by="month", timezone="Europe/Oslo")
    assert [[post.id for _, post in each.lives] for each in found] == [
        ["p-1", "p-2"],
        ["p-3"],
        ["p-4"],
        ["p-5"],
        ["p-7"],
        ["p-6"],
    ]


@each_of(
    ("one", "other", "posts"),
    [
        ({}, {"link": "", "title": "", "labels": ()}, 1),
        ({"link": "", "title": "", "labels": ()}, {}, 1),
        ({"link": "https://a.example"}, {"link": "https://a.example"}, 1),
        ({"link": "https://a.example"}, {"link": "https://b.example"}, 2),
        ({"link": "https://a.example"}, {}, 2),
        ({"title": "News"}, {"title": "Old"}, 2),
        ({"labels": ("sale",)}, {"labels": ("sale",)}, 1),
        ({"labels": ("sale",)}, {"labels": ()}, 2),
    ],
)
def test_what_publer_does_not_show_differs_from_nothing_that_is_empty(
    one: dict[str, Any], other: dict[str, Any], posts: int
) -> None:
    live = [shown(SOON, id="p-1", **one), shown(SOON, account=LINKEDIN, id="p-2", **other)]
    assert len(additions(live, ACCOUNTS, (), by="month", timezone="UTC")) == posts


def test_the_same_words_at_another_time_are_another_post() -> None:
    live = [shown(SOON, id="p-1"), shown(TOMORROW, account=LINKEDIN, id="p-2")]
    found = additions(live, ACCOUNTS, (), by="month", timezone="UTC")
    assert [each.at for each in found] == [SOON, TOMORROW]


def test_equal_drafts_of_one_account_stay_apart() -> None:
    posts = [shown(SOON, "Words", id=f"p-{number}", state="draft") for number in range(3)]
    found = additions(posts, ACCOUNTS, (), by="month", timezone="Europe/Oslo")
    assert [len(each.lives) for each in found] == [1, 1, 1]


def test_a_type_that_differs_by_network_is_written_there() -> None:
    piece = LiveMedium("5f1", "lamp.mp4", alt=" A lamp ")
    posts = [
        shown(SOON, "A film", account=account, id=account.id, type="video", media=1, pieces=(piece,))
        for account in (X, LINKEDIN, INSTAGRAM)
    ]
    (one,) = additions(posts, ACCOUNTS, (), by="month", timezone="Europe/Oslo")
    value = value_of(one, zone("Europe/Oslo"))
    assert (value["accounts"], value["type"]) == (["x", "linkedin", "instagram"], "video")
    assert value["networks"] == {"instagram": {"type": "reel"}}
    assert value["media"] == [{"id": Noted("5f1", "lamp.mp4"), "alt": "A lamp"}]


def test_a_type_that_goes_without_saying_is_written_where_most_have_another() -> None:
    piece = LiveMedium("5f1", "lamp.mp4")
    types = ((X, "video"), (LINKEDIN, "video"), (INSTAGRAM, "photo"))
    posts = [
        shown(SOON, "A film", account=account, id=account.id, type=kind, media=1, pieces=(piece,))
        for account, kind in types
    ]
    (one,) = additions(posts, ACCOUNTS, (), by="month", timezone="Europe/Oslo")
    assert value_of(one, zone("Europe/Oslo"))["networks"] == {"instagram": {"type": "photo"}}


ONE, TWO = LiveMedium("5f1"), LiveMedium("5f2")


@each_of(
    ("account", "shows", "written"),
    [
        (X, {"type": "status"}, {}),
        (X, {"type": "dreaming"}, {}),
        (LINKEDIN, {"type": "link", "link": "https://a.example", "media": 1, "pieces": (ONE,)}, {"type": "link", "link": "https://a.example"}),
        (INSTAGRAM, {"type": "carousel", "media": 2, "pieces": (ONE, TWO)}, {"media": [{"id": "5f1"}, {"id": "5f2"}]}),
        (GOOGLE, {"title": "SHOP_NOW", "link": "https://a.example"}, {"link": {"url": "https://a.example", "call_to_action": "SHOP_NOW"}}),
        (GOOGLE, {"title": "News", "link": "https://a.example"}, {"title": "News", "link": "https://a.example"}),
        (LINKEDIN, {"title": "SHOP_NOW", "link": "https://a.example"}, {"title": "SHOP_NOW", "link": "https://a.example"}),
        (X, {"media": 1, "pieces": (LiveMedium("5f1", "a\x1b[31m.png"),)}, {"media": [{"id": Noted("5f1", "a[31m.png")}]}),
    ],
)  # fmt: skip
def test_what_publer_shows_of_a_post_is_what_its_keys_say(
    account: Account, shows: dict[str, Any], written: dict[str, Any]
) -> None:
    (one,) = additions(
        [shown(SOON, account=account, **shows)], {account.id: account}, (), by="month", timezone="UTC"
    )
    value = value_of(one, zone("UTC"))
    assert {key: value[key] for key in value.keys() - {"id", "at", "accounts", "text"}} == written


def test_the_kind_that_publer_keeps_beside_the_type_is_written() -> None:
    story = shown(
        SOON, "Look", account=INSTAGRAM, type="photo", detail="story", media=1, pieces=(LiveMedium("5f1"),)
    )
    (one,) = additions([story], ACCOUNTS, (), by="month", timezone="Europe/Oslo")
    value = value_of(one, zone("Europe/Oslo"))
    assert (value["type"], value["media"]) == ("story", [{"id": "5f1"}])


def test_a_medium_is_named_by_its_file_and_a_type_that_goes_without_saying_is_not_written() -> None:
    pictures = (LiveMedium("5f1"), LiveMedium("5f2"))
    post = shown(SOON, "Look", account=INSTAGRAM, type="photo", media=2, pieces=pictures)
    (one,) = additions([post], ACCOUNTS, (), by="month", timezone="Europe/Oslo")
    value = value_of(one, zone("Europe/Oslo"), files={"5f1": "media/lamp.png"})
    assert value["media"] == [{"file": "/media/lamp.png"}, {"id": "5f2"}]
    assert "type" not in value


def test_a_link_is_written_and_what_has_no_time_is_no_post_of_a_calendar() -> None:
    linked = shown(SOON, "Read", id="p-1", type="link", link="https://a.example")
    (one,) = additions(
        [linked, shown(None, "Some day", id="p-2", state="draft")], ACCOUNTS, (), by="month", timezone="UTC"
    )
    assert one.lives[0][1] is linked
    value = value_of(one, zone("UTC"))
    assert value["link"] == "https://a.example"
    (titled,) = additions(
        [shown(SOON, "Read", id="p-9", title="News")], ACCOUNTS, (), by="month", timezone="UTC"
    )
    assert value_of(titled, zone("UTC"))["title"] == "News"
    assert value.keys() == {"id", "at", "accounts", "text", "link"}
    (plain,) = additions([shown(SOON, "Read", id="p-3")], ACCOUNTS, (), by="month", timezone="UTC")
    assert "link" not in value_of(plain, zone("UTC"))


@each_of(
    ("by", "file"),
    [("month", "pulled-2026-11.yaml"), ("week", "pulled-2026-W48.yaml"), ("account", "pulled-x.yaml")],
)
def test_new_posts_are_in_a_file_of_their_month_week_or_account(
    by: Literal["month", "week", "account"], file: str
) -> None:
    (one,) = additions([shown(SOON, "Read")], ACCOUNTS, (), by=by, timezone="UTC")
    assert one.file == file
