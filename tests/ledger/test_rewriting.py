"""Which texts and links Publer may have made of those that were sent."""

from __future__ import annotations

import pytest

from publer_sync.ledger.rewriting import (
    links_rewritten,
    same_but_links,
    same_link,
    same_words,
    says_now,
    shortened,
    signed,
    without_links,
)
from tests.tables import each_of

SENT = "Read https://example.com/a/launch?id=1 and example.com/start. Now!"


@pytest.mark.parametrize(
    ("live", "rewritten"),
    [
        pytest.param("Read https://go.example.com/x7Kq and https://go.example.com/y2. Now!", True, id="shortened"),
        pytest.param("Read https://example.com/a/launch?id=1&utm_source=x and example.com/start. Now!", True, id="tagged"),
        pytest.param("Read https://go.example.com/x7Kq and example.com/start. Now!\r\n", True, id="one of two"),
        pytest.param(f"{SENT}\n", False, id="as sent"),
        pytest.param("Read https://example.com/a/other?id=1 and example.com/start. Now!", False, id="another page"),
        pytest.param("Read https://example.com/a/launch?id=2 and example.com/start. Now!", False, id="another parameter"),
        pytest.param("Read https://other.example.com/a/launch and example.com/start. Now!", False, id="a long path elsewhere"),
        pytest.param("Read https://go.example.com/x7Kq. Now!", False, id="a link less"),
        pytest.param("Look: https://go.example.com/x7Kq and https://go.example.com/y2. Now!", False, id="other words"),
    ],
)  # fmt: skip
def test_links_alone_may_differ_and_only_as_a_rule_of_the_workspace_has_them(
    live: str, rewritten: bool
) -> None:
    assert links_rewritten(SENT, live) is rewritten
    assert same_but_links(SENT, live) is (rewritten or live.strip() == SENT)


@each_of("host", ["fjordlight.example", "192.0.2.7", "lamps.invalid:8443", "intranet"])
def test_a_link_that_x_does_not_know_may_be_rewritten_too(host: str) -> None:
    sent = f"Read https://example.com/a and https://{host}/b?id=1, now."
    tagged = f"Read https://example.com/a and https://{host}/b?id=1&utm_source=publer, now."
    assert links_rewritten(sent, "Read https://example.com/a and https://go.example.com/x7Kq, now.")
    assert links_rewritten(sent, tagged)
    assert without_links(sent) == without_links(tagged)
    assert not links_rewritten(sent, f"Read https://example.com/a and https://{host}/c?id=1, now.")
    assert not links_rewritten(sent, "Read https://example.com/a and https://go.example.com/x7Kq, later.")


def test_a_text_of_links_alone_tells_no_post_from_another() -> None:
    assert not links_rewritten("https://example.com/launch", "https://go.example.com/x7Kq")


@each_of(
    ("live", "same"),
    [
        ("https://example.com/a?utm_source=x https://example.com/b", True),
        ("https://example.com/a https://example.com/c", False),
        ("https://example.com/a", False),
        ("https://example.com/a https://example.com/b\n#brand", False),
    ],
)
def test_texts_of_links_alone_are_the_same_where_each_link_is(live: str, same: bool) -> None:
    assert same_words("https://example.com/a/ https://example.com/b", live) is same


@each_of(
    ("sent", "live", "same"),
    [
        ("https://example.com/a/", "https://example.com/a", True),
        ("https://example.com/a#top", "https://example.com/a?utm_source=x", True),
        ("https://example.com/a?utm_source=mine", "https://example.com/a?utm_source=publer", True),
        ("", "https://go.example.com/x7Kq", False),
        ("https://example.com/a", "", False),
        ("https://[", "https://example.com/a/b", False),
        ("example.com/a/b", "https://example.com/a/b", True),
        ("https://example.com/a", "https://go.example/x?id=1", False),
        ("https://example.com/a?id=1", "https://example.com/a?id=1&utm_source=x", True),
        ("https://example.com/a?id=1", "https://example.com/a?id=1#top", True),
        ("https://example.com/a?id=1", "https://example.com/a", False),
    ],
)
def test_links_of_cards_are_compared_alike(sent: str, live: str, same: bool) -> None:
    assert same_link(sent, live) is same


def test_texts_that_differ_in_links_alone_have_one_key() -> None:
    assert without_links("One https://example.com/a") == without_links("One https://example.com/b\n")
    assert without_links("One") != without_links("One https://example.com/a")


@each_of(
    ("sent", "live", "is_signed"),
    [
        ("Hello", "Hello\n#brand", True),
        ("Hello", "Hello\n\n#brand\nhttps://brand.example", True),
        ("Hello\n", "  Hello\r\n\r\n#brand", True),
        ("See https://a.example/page", "See https://go.example/1a2b3c4\n#brand", True),
        ("Hello", "Hello", False),
        ("Hello", "Hello #brand", False),
        ("Hello", "Hello there\n#brand", False),
        ("Hello\nyou", "Hello\n#brand", False),
        ("Hello\nyou", "Hello\nyou\n#brand", True),
        (f"See https://a.example/{'a' * 80} and\nyou", "See https://go.example/1a2b and\nyou\n#brand", True),
        (f"See https://a.example/{'a' * 80} and\nyou", "See https://go.example/1a2b\n#brand", False),
        ("", "#brand\nand more", False),
    ],
)
def test_a_signature_follows_after_a_line_end(sent: str, live: str, is_signed: bool) -> None:
    assert signed(sent, live) is is_signed


@each_of(
    ("text", "live", "before", "says"),
    [
        ("Seats: 5", "Seats:\n\n5", "Hello", True),
        ("Seats: 5", "Seats: 6", "Hello", False),
        ("Seats: 5", "Seats: 5\nand more", "Hello", False),
        (
            "New: https://a.example/one/page",
            "New: https://go.example/x",
            "Old: https://a.example/one/page",
            True,
        ),
        (
            "New: https://a.example/two/page",
            "New: https://go.example/x",
            "Old: https://a.example/one/page",
            False,
        ),
        (
            "New: https://a.example/two/page",
            "New: https://a.example/two/page",
            "Old: https://a.example/one/page",
            True,
        ),
    ],
)
def test_publer_says_what_the_calendar_came_to_say(text: str, live: str, before: str, says: bool) -> None:
    """A short link may stand for one that was there before, and for no new one."""
    assert says_now(text, live, before) is says


@each_of(
    ("sent", "live", "same"),
    [
        ("Hello you", "<p>Hello</p><p>you</p>", True),
        ("1 < 2", "1 &lt; 2", True),
        ("Hello you", "Hello<br>there", False),
        ("Read https://a.example/b", "Read https://a.example/b\u200b", True),
    ],
)
def test_words_are_the_same_whatever_marks_publer_makes_of_them(sent: str, live: str, same: bool) -> None:
    assert same_words(sent, live) is same


BEFORE = "Tickets: https://shop.example/tickets/2026?id=1#top"


@each_of(
    ("live", "made"),
    [
        (BEFORE, True),
        ("Tickets: https://go.example/aB3x", True),
        ("Tickets: https://go.example/7kq", True),
        ("Tickets: http://Shop.example/tickets/2026?id=1#top", True),
        ("Tickets: https://shop.example/tickets/2026?id=1&utm_source=x#top", True),
        ("Tickets: https://shop.example/tickets/2026?id=1&seat=5#top", False),
        ("Tickets: https://shop.example/tickets/2026?id=1#seats", False),
        ("Tickets: https://shop.example/tickets/2026", False),
        ("Tickets: https://shop.example/tickets/2026#top", False),
        ("Tickets: https://go.example/aBx", True),
        ("Tickets: https://shop2.example/Aickets-2026-id-1-to", False),
        ("Tickets: https://shop2.example/Aickets-2026-id-1-t", True),
        ("Tickets: https://shop.example/tickets/2027?id=1", False),
        ("Tickets: https://fjordlight.example/sale", False),
        ("Tickets: https://fjordlight.example/Sale/now", False),
        ("Tickets: https://fjordlight.example/Sale?id=1", False),
        ("Tickets: https://fjordlight.example/A-page-with-a-name-longer-than-it-was", False),
        ("Seats: https://go.example/aB3x", False),
    ],
)
def test_only_what_a_shortener_would_write_is_taken_for_its_work(live: str, made: bool) -> None:
    """A word for a path is one that somebody wrote."""
    assert shortened(BEFORE, live) is made
