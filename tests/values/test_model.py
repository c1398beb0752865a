"""What the values that every room uses tell of themselves."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime, time, timedelta

from publer_sync.values.addresses import is_private, is_public, never_asked
from publer_sync.values.content import Content, Link, Medium
from publer_sync.values.counted import Counted, date_words
from publer_sync.values.model import MINUTE, Family, Listing, MediaSource, Written, joined_listings, same_text
from publer_sync.values.policies import LastingStore
from publer_sync.values.post_keys import CONTENT, LABELS, POST_KEYS, PROSE, PUBLIC
from publer_sync.values.problems import Help, Location
from publer_sync.values.timezones import is_range, offsets_of, with_offset
from tests.builders import SOON, shown, wanted
from tests.planning.posts import POST
from tests.tables import each_of


def test_a_post_as_it_is_written_is_without_what_is_added() -> None:
    assert POST.as_written == POST.content
    assert POST.without_utm == POST.content
    sent = replace(POST.content, text="Hello\n\nThe end", link=Link("https://a.example/?utm_source=x"))
    added = (("append", "The end"), ("utm", "utm_source"))
    more = replace(POST, content=sent, written=Written("Hello", "https://a.example", added, {}))
    assert more.as_written == replace(POST.content, text="Hello", link=Link("https://a.example"))
    assert more.without_utm.text == "Hello\n\nThe end"
    assert more.without_utm.link == Link("https://a.example")
    bare = replace(
        POST,
        content=replace(POST.content, text="Hello\n\nThe end"),
        written=Written("Hello", "", added[:1], {}),
    )
    assert bare.as_written == replace(POST.content, text="Hello")


def test_a_path_is_found_at_the_nearest_place_that_is_known() -> None:
    inner = Location("may.yaml", 9)
    post = replace(POST, places={"link": inner})
    assert (post.place("link"), post.place("link/url"), post.place("text")) == (inner, inner, POST.location)


def test_a_medium_is_called_by_what_the_files_say_of_it() -> None:
    assert MediaSource("sha256:aa").reference == "sha256:aa"
    assert MediaSource("sha256:aa", url="https://a.example/a.png").reference == "https://a.example/a.png"
    assert MediaSource("sha256:aa", id="5f1").reference == "5f1"
    media = (Medium(file="sha256:aa"), Medium(url="https://a.example/a.png"), Medium(id="5f1"))
    assert [each.reference for each in media] == ["sha256:aa", "https://a.example/a.png", "5f1"]


@each_of(
    ("number", "public"),
    [
        *((number, True) for number in ("8.8.8.8", "2606:2800:220:1::1")),
        *((number, False) for number in ("127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fe80::1")),
        *(
            (number, False)
            for number in ("2002:7f00:1::", "2001:0:1::", "::ffff:127.0.0.1", "64:ff9b::808:808")
        ),
    ],
)
def test_only_what_is_on_the_public_internet_is_asked(number: str, public: bool) -> None:
    assert is_public(number) is public
    assert is_private(number) is not public
    host = f"[{number}]" if ":" in number else number
    assert (never_asked(f"https://{host}/") == "") is public


def test_a_date_with_a_name_is_told_with_its_time_of_day_where_it_has_one() -> None:
    assert date_words("2027-04-06", UTC) == "Tue 6 Apr 2027"
    assert date_words("2027-04-06T08:30:00Z", UTC) == "Tue 6 Apr 2027 08:30"


def test_a_store_ends_by_the_day_after_its_last_use() -> None:
    store, last = LastingStore("tips", 3, date(2027, 4, 6)), date(2027, 4, 6)
    assert not store.ends_by(last)
    assert store.ends_by(last + timedelta(days=1))
    assert replace(store, until=None).ends_by(last)
    assert not replace(store, until=None, further=True).ends_by(last)


def test_an_example_and_the_lines_that_silence_are_introduced_where_there_are_any() -> None:
    assert str(Help("Add a time")) == "Add a time"
    assert str(Help("Add a time", example="at: 09:00")) == "Add a time\nFor example:\nat: 09:00"
    assert 'ignore: {text.key: "why"}' in str(Help("Indent it", silence="text.key"))


@each_of(("hours", "a_range"), [(-8, False), (-9, False), (-10, True), (0, False), (1, False)])
def test_an_offset_that_may_be_the_end_of_a_time_is_written_with_seconds(hours: int, a_range: bool) -> None:
    at, offset = time(9), timedelta(hours=hours)
    assert is_range(at, offset) is a_range
    assert with_offset(at, offset) == f"09:00{':00' if a_range else ''}{hours:+03}:00"
    moment = datetime.fromisoformat(f"2027-04-06 {with_offset(at, offset)}")
    assert (moment.time(), moment.utcoffset()) == (at, offset)


def test_what_a_key_is_follows_from_its_form() -> None:
    assert POST_KEYS["at"].is_value
    assert not POST_KEYS["text"].is_value
    forms = {name: (key.has_texts, key.adds_up) for name, key in POST_KEYS.items()}
    assert {name for name, (_, adds_up) in forms.items() if adds_up} == {"labels"}
    assert {name for name, (texts, _) in forms.items() if texts} >= {"text", "labels", "thread", "comments"}
    assert not any(forms[name][0] for name in ("at", "draft", "media", "link"))
    assert {name for name, key in POST_KEYS.items() if key.has_media} == {"media", "thread", "comments"}
    merged = {name for name, key in POST_KEYS.items() if key.is_merged}
    assert merged >= {"link", "poll", "share", "append", "utm"}
    assert merged.isdisjoint({"text", "media", "labels", "at", "draft"})
    assert (LABELS[0], {*LABELS} & {"text", "title", "media"}) == ("labels", set())
    assert {"text", "alt", "spoiler_text"} <= PROSE
    assert PROSE.isdisjoint({"at", "labels", "media", "draft"})


def test_an_offset_is_one_that_a_place_has_in_that_year() -> None:
    """Pyongyang had one of its own for three years."""
    of_then, half_past_eight = offsets_of(2017), timedelta(hours=8, minutes=30)
    assert (half_past_eight in of_then, half_past_eight in offsets_of()) == (True, False)
    for offsets in (of_then, offsets_of()):
        assert {timedelta(0), timedelta(hours=5, minutes=45), timedelta(hours=-11)} <= offsets


def test_the_fields_of_a_post_are_content_and_what_decides_how_it_is_sent_is_not() -> None:
    assert {key.name for key in CONTENT} >= {"text", "media", "labels", "draft"}
    assert {key.name for key in CONTENT}.isdisjoint({"at", "accounts", "when_live"})
    assert POST_KEYS["text"].is_content
    assert not POST_KEYS["when_live"].is_content


def test_a_link_is_known_by_its_address() -> None:
    linked = Content.from_json({"text": "a", "link": {"url": "https://a.example"}})
    assert (linked.url, Content("a").url) == ("https://a.example", "")


def test_what_was_published_is_that_in_every_word_for_it_and_what_has_no_time_has_no_slot() -> None:
    families = {
        "published": Family.PUBLISHED,
        "published_somehow": Family.PUBLISHED,
        "scheduled": Family.SCHEDULED,
        "scheduled_pending": Family.SCHEDULED,
        "scheduled_somehow": Family.OTHER,
        "draft_undated": Family.DRAFT,
        "recurring": Family.RECURRING,
        "odd": Family.OTHER,
    }
    assert {state: shown(SOON, state=state).family for state in families} == families
    assert shown(None, state="draft").slot is None
    assert shown(SOON).slot is not None


def test_what_several_lists_showed_is_one_list() -> None:
    one = Listing((shown(SOON),), 1, span=30)
    other = Listing((shown(SOON), shown(SOON, id="p-2")), 2)
    both = joined_listings(one, other)
    assert ([post.id for post in both], both.short, both.span) == (["p-1", "p-2"], 3, 30)
    assert joined_listings(other).span is None


def test_the_public_reads_the_words_of_a_post_and_no_label() -> None:
    assert {"text", "title", "poll", "thread", "comments"} <= {*PUBLIC}
    assert {"labels", "draft", "type", "auto_delete"}.isdisjoint(PUBLIC)


@each_of(
    ("one", "other", "same"),
    [
        ("Hello", "Hello", True),
        ("Hello", " Hello\r\n", True),
        ("One\r\ntwo", "One\ntwo", True),
        ("One\rtwo", "One\ntwo", True),
        ("Hello", "hello", False),
        ("One  two", "One two", False),
    ],
)
def test_outer_white_space_and_line_ends_make_no_other_text(one: str, other: str, same: bool) -> None:
    assert same_text(one, other) is same


def test_a_post_counts_from_its_own_date_else_from_that_of_its_series() -> None:
    launch = Counted("launch", "launch", "2026-12-04", Location("publer.yaml", 7))
    opening = Counted("opening", "opening", "2026-12-05", Location("publer.yaml", 8))
    plain = wanted(SOON)
    assert plain.counts_from is None
    assert replace(plain, counted=launch).counts_from == launch.source
    assert replace(plain, bounds=(opening, launch)).counts_from == opening.source
    assert replace(plain, counted=launch, bounds=(opening,)).counts_from == launch.source


def test_publer_keeps_posts_of_one_account_a_minute_apart() -> None:
    assert timedelta(seconds=60) == MINUTE
    slot = wanted(SOON).slot
    assert [around.at - SOON for around in slot.around] == [-MINUTE, timedelta(0), MINUTE]


def test_what_joins_the_words_or_stands_for_another_key_is_no_content_of_its_own() -> None:
    own = {field.name for field in fields(Content)}
    assert {key.name for key in POST_KEYS.values() if key.is_content and not key.joins} >= {
        "text",
        "title",
        "link",
    }
    assert not [key.name for key in POST_KEYS.values() if key.is_content and (key.joins or key.instead)]
    assert {key.name for key in CONTENT} <= own
