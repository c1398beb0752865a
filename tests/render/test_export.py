"""Any words survive the way through a feed; tests/commands/test_export.py tells what a feed looks like."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream

from publer_sync.render import export
from publer_sync.values.printable import one_line, printable
from tests.builders import LINKEDIN, SETTINGS, X, post
from tests.tables import each_of

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


@each_of(
    ("workspace", "name", "told"),
    [
        ("Fjordlight", "calendar", "Fjordlight"),
        ("Fjordlight", "spring", "Fjordlight: spring"),
        ("63c675e94e299e9cf2b667ec", "calendar", "calendar"),
        ("", "spring", "spring"),
    ],
)
def test_a_feed_is_called_by_its_workspace_and_its_calendar(workspace: str, name: str, told: str) -> None:
    settings = replace(SETTINGS, workspace=workspace or None, name=name)
    assert f"\r\nNAME:{told}\r\n" in export.ics([], posts=[], settings=settings, address=lambda _: None)


def test_a_post_at_two_times_is_two_events_and_few_accounts_are_named() -> None:
    accounts = [replace(X, id=name, alias=name) for name in "abcd"]
    posts = [post("12-01 09:00", "Hi", id="a", account=each) for each in accounts]
    later = [*posts[:3], post("12-01 10:00", "Hi", id="a", account=accounts[3])]
    for of, told in ((posts, ["4 accounts"]), (later, ["a, b, c", "d"])):
        found = export.events(of, of, "calendar")
        assert len({event.uid for event in found}) == len(told)
        feed = export.ics(of, posts=of, settings=SETTINGS, address=lambda _: None).replace("\\,", ",")
        assert [f"SUMMARY:{names}: Hi" in feed for names in told] == [True] * len(told)


def test_an_account_without_a_network_has_none() -> None:
    one = post("12-01 09:00", "Hi", account=replace(X, provider=""))
    [told] = export.data([one], top=Path(), settings=SETTINGS, address=lambda _: None)["posts"]
    assert told["account"]["provider"] is None


def test_a_very_long_text_is_cut_in_a_feed_and_others_are_whole() -> None:
    for length, whole in ((500, True), (export._MOST + 100, False)):
        text = "word " * (length // 5)
        feed = export.ics(
            [one := post("12-01 09:00", text)], posts=[one], settings=SETTINGS, address=lambda _: None
        )
        [event] = IcsCalendarStream.calendar_from_ics(feed).events
        assert event.description is not None
        assert (text.strip() in event.description, event.description.endswith("…")) == (whole, not whole)
