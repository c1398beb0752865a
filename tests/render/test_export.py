"""Any words survive the way through a feed; tests/commands/test_export.py tells what a feed looks like."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream

from publer_sync.render import export
from publer_sync.values.printable import one_line, printable
from tests.builders import LINKEDIN, SETTINGS, X, post

TEXTS = st.text(st.characters(), min_size=1).filter(lambda text: text.strip() and r"\N" not in text)
"""The library that writes the feed takes `\\N` for a line break."""


@given(TEXTS, TEXTS, TEXTS)
@example("\\n\\;\\,\\\\", "a:b;c", "x\r\nEND:VCALENDAR")
@example("é" * 80, "👩‍👩‍👧‍👦" * 30, "\ud800\x00\x85\u2028")
def test_any_text_comes_through_as_it_is_printed_and_no_line_is_too_long(
    text: str, other: str, label: str
) -> None:
    posts = [
        post("12-01 09:00", text, id="a", labels=[label]),
        post("12-01 09:00", text, id="a", labels=[label], account=LINKEDIN),
        post("12-02 09:00", other, account=X),
    ]
    feed = export.ics(posts, posts=posts, settings=SETTINGS, address=lambda _: None)
    for line in feed.split("\r\n"):
        assert len(line.encode()) <= 75
        assert "\n" not in line
    first, second = IcsCalendarStream.calendar_from_ics(feed).events
    assert first.description == printable(f"{text}\n\nlabels: {label}\n\nAccounts: x, linkedin")
    assert second.description == printable(f"{other}\n\nAccounts: x")
    assert one_line(f"{first.summary}") == first.summary


def test_a_very_long_text_is_cut_in_a_feed_and_others_are_whole() -> None:
    for length, whole in ((500, True), (export._MOST + 100, False)):
        text = "word " * (length // 5)
        feed = export.ics(
            [one := post("12-01 09:00", text)], posts=[one], settings=SETTINGS, address=lambda _: None
        )
        [event] = IcsCalendarStream.calendar_from_ics(feed).events
        assert event.description is not None
        assert (text.strip() in event.description, event.description.endswith("…")) == (whole, not whole)
