"""Which addresses of a post lead somewhere, and what is said of one that does not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.rules.judging import judge
from publer_sync.rules.links import addresses_of, dead_link
from tests.rules.builders import post, write
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.values.content import Json

PAGE = "https://lamp.example/new"


@each_of(
    ("content", "addresses"),
    [
        (
            {"text": "See lamp.com/a and https://e.com/b."},
            ["text lamp.com/a", "text https://e.com/b"],
        ),
        ({"text": "https://e.com/b and more"}, ["text https://e.com/b"]),
        ({"text": "Bread. And buns."}, []),
        ({"text": "See http://localhost:8000/a.html and https://e.com"}, ["text https://e.com"]),
        ({"title": "The lamp.com lamp, https://e.com"}, ["title https://e.com"]),
        ({"link": {"url": "https://e.com/a b"}}, ["link/url https://e.com/a b"]),
        ({"link": {"url": "lamp.com"}}, []),
        ({"link": {"url": PAGE, "image": "http://e.com/a.png"}}, [f"link/url {PAGE}", "link/image http://e.com/a.png"]),
        ({"text": "a", "comments": [{"text": "b e.com"}]}, ["comments/0/text e.com"]),
        ({"media": [{"url": "https://e.com/a.png", "alt": "By e.com"}]}, ["media/0/url https://e.com/a.png"]),
    ],
)  # fmt: skip
def test_every_address_that_readers_can_follow_is_asked(
    content: dict[str, Json], addresses: list[str]
) -> None:
    assert [f"{link.path} {link.url}" for link in addresses_of(write("twitter", content))] == addresses


@each_of(
    ("when_live", "asked"),
    [
        (None, False),
        ("", False),
        (PAGE, False),  # its link, which is asked anyway
        ("https://lamp.example/other", True),
        ("http://localhost/other", False),
    ],
)
def test_the_page_that_a_post_waits_for_is_asked_as_well(when_live: str | None, asked: bool) -> None:
    one = replace(post("facebook", text="Hello", link={"url": PAGE}), when_live=when_live)
    rest = [("when_live", when_live, 0)] if asked else []
    assert [*addresses_of(one)] == [("link/url", PAGE, 0), *rest]


def test_a_dead_link_is_told_without_its_tracking_and_shortened_where_it_is_long() -> None:
    for length, shown in ((120, "a" * 120), (121, "a" * 119 + "…")):
        url = "https://e.com/".ljust(length, "a")
        one = post("twitter", text=f"See {url}?utm_source=x")
        [link] = addresses_of(one)
        told = dead_link(one, link, "is not found", "Correct it")
        assert told.message == f"{url[:14]}{shown[14:]} is not found"
        assert (told.path, told.offset, told.help.say) == ("text", 4, "Correct it")


@each_of(
    ("when_live", "online"),
    [(None, False), ("", True), (PAGE, True), ("https://lamp.example/other", True)],
)
def test_the_page_of_a_link_is_to_be_put_online_where_the_post_waits(
    when_live: str | None, online: bool
) -> None:
    one = replace(post("facebook", text="Hello", link={"url": PAGE}), when_live=when_live)
    [link, *_] = addresses_of(one)
    fix = dead_link(one, link, "is not found", "Correct it").help.say
    assert fix == ("Put the page online: apply creates the post once it answers" if online else "Correct it")


@each_of(
    ("when_live", "told"),
    [
        (None, None),
        (PAGE, None),
        ("", ("page.none", "this post waits for the page of its `link`, and has no link")),
        (
            "http://localhost/new",
            (
                "page.address",
                "http://localhost/new leads to a private address, and is never asked: the post would never be created",
            ),
        ),
        (
            "/new",
            (
                "page.address",
                "/new is not a web address, and is never asked: the post would never be created",
            ),
        ),
    ],
)
def test_a_page_that_never_answers_is_an_error(when_live: str | None, told: tuple[str, str] | None) -> None:
    found = judge([replace(post("facebook", text="Hello"), when_live=when_live)])
    assert [(each.severity, each.code, each.message) for each in found] == (
        [("error", *told)] if told else []
    )
