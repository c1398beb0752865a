from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, cast
from unittest import mock

import pytest

from publer_sync.publer import payload
from publer_sync.publer.payload import Face, face, item, put_reaches, wire_key
from publer_sync.publer.uploaded import (
    Unsendable,
    by_path,
    kind_of,
    medium_object,
    references,
    still_of,
)
from publer_sync.values.content import Content, Link, Medium
from publer_sync.values.model import Account
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.values.content import Json

AT = datetime(2027, 3, 2, 8, 0, tzinfo=UTC)
ACCOUNT_ID = "63c675b54e299e9cf2b667ea"

PHOTO = "sha256:aa"
SECOND = "sha256:bb"
VIDEO = "sha256:cc"
GIF = "sha256:dd"
PDF = "sha256:ee"
COVER = "sha256:ff"

UPLOADS: dict[str, dict[str, Json]] = {
    PHOTO: {"id": "m-photo", "type": "photo", "path": "https://cdn.example/p.jpg", "thumbnail": "https://cdn.example/p-s.jpg"},
    SECOND: {"id": "m-second", "type": "image"},
    VIDEO: {
        "id": "m-video",
        "type": "video",
        "path": "https://cdn.example/v.mp4",
        "thumbnails": [{"id": "t0", "small": "s0", "real": "r0"}],
    },
    GIF: {"id": "m-gif", "type": "gif"},
    PDF: {"id": "m-pdf", "type": "document"},
    "bare": {"id": "m-bare"},
    COVER: {"id": "m-cover", "type": "photo", "path": "real-cover", "thumbnail": "small-cover"},
}  # fmt: skip


def build(provider: str, /, **content: Json) -> dict[str, Json]:
    return item(Account(ACCOUNT_ID, "Any", provider), AT, Content.from_json(content), UPLOADS)


def network(provider: str, /, **content: Json) -> dict[str, Json]:
    networks = cast("dict[str, dict[str, Json]]", build(provider, **content)["networks"])
    [params] = networks.values()
    return params


def account(provider: str, /, **content: Json) -> dict[str, Json]:
    [entry] = cast("list[dict[str, Json]]", build(provider, **content)["accounts"])
    return entry


def test_a_key_whose_row_says_where_it_is_sent_goes_there_as_it_is() -> None:
    sent = (*payload._SENT, ("title", ["network", "details", "heading"]))
    with mock.patch.object(payload, "_SENT", sent):
        assert network("twitter", text="Hello", title="A title")["details"] == {"heading": "A title"}
        assert "details" not in network("twitter", text="Hello")
        assert account("twitter", text="Hello", labels=["spring"])["labels"] == ["spring"]


def media(*pieces: str, **more: Json) -> list[Json]:
    return [{"file": piece, **more} for piece in pieces]


def age(duration: int, unit: str) -> dict[str, Json]:
    return {"relation": "AND", "clauses": {"age": {"duration": duration, "unit": unit}}}


def test_a_text_is_one_status_on_one_account() -> None:
    assert build("twitter", text="Hello", labels=["launch", "spring"]) == {
        "networks": {"twitter": {"type": "status", "text": "Hello"}},
        "accounts": [
            {"id": ACCOUNT_ID, "scheduled_at": "2027-03-02T08:00:00Z", "labels": ["launch", "spring"]}
        ],
    }


def test_the_time_goes_out_in_utc_whatever_its_zone() -> None:
    there = AT.astimezone(timezone(timedelta(hours=2)))
    built = item(Account("a", "A", "twitter"), there, Content("a"), {})
    assert built["accounts"] == [{"id": "a", "scheduled_at": "2027-03-02T08:00:00Z"}]


def test_a_draft_is_said_by_the_bulk_not_by_the_item() -> None:
    assert build("twitter", text="Hello", draft=True) == build("twitter", text="Hello")


def test_a_link_is_an_object_inside_the_network() -> None:
    link: Json = {"url": "https://example.com", "title": "T", "description": "D", "image": "https://example.com/i.png",
                  "call_to_action": "LEARN_MORE"}  # fmt: skip
    assert network("facebook", text="Read", link=link) == {
        "type": "link",
        "text": "Read",
        "link": {
            "url": "https://example.com",
            "title": "T",
            "description": "D",
            "call_to_action": "LEARN_MORE",
            "images": ["https://example.com/i.png"],
            "default_image": 0,
        },
    }


def test_the_picture_of_a_link_card_may_be_an_upload() -> None:
    link = network("facebook", link={"url": "https://example.com", "image": PHOTO})["link"]
    assert link == {"url": "https://example.com", "images": ["https://cdn.example/p.jpg"], "default_image": 0}


@pytest.mark.parametrize("provider", ["pinterest", "google"])
def test_pins_and_google_posts_carry_the_bare_address(provider: str) -> None:
    params = network(provider, text="Read", media=media(PHOTO), link={"url": "https://example.com"})
    assert params["url"] == "https://example.com"
    assert "link" not in params


def test_the_button_of_a_google_post_goes_where_its_title_would() -> None:
    link: Json = {"url": "https://example.com", "call_to_action": "BOOK"}
    assert network("google", text="Come in", link=link)["title"] == "BOOK"


@each_of("provider", ["instagram", "tiktok", "youtube", "wordpress"])
def test_networks_without_links_get_none(provider: str) -> None:
    for kind in ("", "link"):
        params = network(provider, text="Read", link={"url": "https://example.com"}, type=kind)
        assert not {"url", "link"} & params.keys()


def test_a_post_that_is_said_to_be_a_link_leaves_its_pictures_out() -> None:
    link: Json = {"url": "https://example.com"}
    params = network("facebook", type="link", link=link, media=media(PHOTO))
    assert (params["type"], params["link"], "media" in params) == ("link", link, False)
    assert references(Content.from_json({"type": "link", "link": link, "media": media(PHOTO)})) == ()


def test_a_photo_post_has_no_link_card() -> None:
    params = network("facebook", type="photo", link={"url": "https://example.com"}, media=media(PHOTO))
    assert "link" not in params
    assert params["media"]


def test_media_already_in_publer_is_sent_by_its_id_alone() -> None:
    built = item(
        Account("a", "A", "twitter"),
        AT,
        Content(type="photo", media=(Medium(id="m9"),)),
        {"m9": {"id": "m9"}},
    )
    assert built["networks"] == {"twitter": {"type": "photo", "media": [{"id": "m9"}]}}


def test_media_goes_inside_the_network_by_id() -> None:
    built = build(
        "linkedin", text="Two", media=[{"file": PHOTO, "alt": "One"}, {"file": SECOND, "caption": "Other"}]
    )
    assert set(built) == {"networks", "accounts"}
    assert built["networks"] == {
        "linkedin": {
            "type": "photo",
            "text": "Two",
            "media": [
                {"id": "m-photo", "type": "photo", "alt_text": "One"},
                {"id": "m-second", "type": "photo", "caption": "Other"},
            ],
        }
    }


def test_an_upload_without_an_id_is_never_sent_as_a_url() -> None:
    with pytest.raises(KeyError, match="id"):
        item(
            Account("a", "A", "twitter"),
            AT,
            Content(media=(Medium(PHOTO),)),
            {PHOTO: {"path": "https://cdn.example"}},
        )


def test_media_that_was_not_uploaded_stops_the_item() -> None:
    with pytest.raises(Unsendable, match="not been uploaded"):
        build("twitter", media=media("sha256:00"))


@each_of(
    ("provider", "content"),
    [
        ("twitter", {"comments": [{"text": "a", "media": [{"id": "bare"}]}]}),
        ("wordpress", {"title": "T", "media": [{"id": "bare"}]}),
        ("youtube", {"title": "T", "media": [{"file": VIDEO, "thumbnail": "bare"}]}),
        ("facebook", {"text": "a", "link": {"url": "https://e.com", "image": "bare"}}),
    ],
)
def test_where_publer_wants_a_path_an_id_alone_is_not_enough(provider: str, content: dict[str, Json]) -> None:
    with pytest.raises(Unsendable, match="m-bare"):
        build(provider, **content)


@each_of(
    ("type", "answer", "why"),
    [
        ("photo", {"type": "video"}, "write type: video"),
        ("gif", {"type": "video"}, "write type: video"),
        ("video", {"type": "photo"}, "write type: photo"),
        ("reel", {"type": "gif"}, "write type: photo"),
        ("story", {"type": "document"}, "which Facebook does not show"),
        ("video", {"type": "video", "validity": {"facebook": {"video": False}}}, "does not fit Facebook"),
        ("photo", {"type": "photo", "validity": {"facebook": {"photo": False}}}, "does not fit Facebook"),
        ("photo", {"type": "photo", "validity": {"facebook": {"video": False}, "twitter": {"photo": False}}}, None),
        ("photo", {"type": "image", "validity": None}, None),
        ("reel", {"type": "video", "validity": {"facebook": {"reel": False}}}, None),
        ("photo", {}, None),
        ("reel", {}, None),
        ("video", {}, None),
        ("photo", {"type": "photo", "validity": {"facebook": None}}, None),
        ("photo", {"type": "photo", "validity": {"facebook": {"photo": None}}}, None),
        ("video", {"type": "video", "validity": {"facebook": {"photo": False, "video": True}}}, None),
        ("photo", {"type": "gif"}, None),
    ],
)  # fmt: skip
def test_a_post_goes_out_only_as_what_publer_takes_its_media_for(
    type: str, answer: dict[str, Json], why: str | None
) -> None:
    def send() -> dict[str, Json]:
        known: dict[str, dict[str, Json]] = {PHOTO: {"id": "m", **answer}}
        return item(Account("i", "n", "facebook"), AT, Content(type=type, media=(Medium(PHOTO),)), known)

    if why is None:
        assert send()["accounts"]
        return
    with pytest.raises(Unsendable, match=why):
        send()


def test_a_video_on_instagram_is_told_to_be_a_reel() -> None:
    with pytest.raises(Unsendable, match="write type: reel"):
        build("instagram", type="photo", media=media(VIDEO))


def test_a_document_on_linkedin_is_told_to_be_one() -> None:
    with pytest.raises(Unsendable, match="type: document, and give it a title"):
        build("linkedin", type="photo", media=media(PDF))


@each_of("piece", [{"file": PHOTO}, {"url": PHOTO}, {"id": PHOTO}])
def test_a_piece_is_known_by_whichever_reference_it_has(piece: dict[str, Json]) -> None:
    assert network("twitter", media=[piece])["media"] == [{"id": "m-photo", "type": "photo"}]


def test_a_video_may_have_a_cover_of_its_own() -> None:
    [video] = cast("list[dict[str, Json]]", network("facebook", media=media(VIDEO, thumbnail=COVER))["media"])
    assert video["thumbnails"] == [
        {"id": "t0", "small": "s0", "real": "r0"},
        {"id": "m-cover", "small": "small-cover", "real": "real-cover"},
    ]
    assert video["default_thumbnail"] == 1
    assert UPLOADS[VIDEO]["thumbnails"] == [{"id": "t0", "small": "s0", "real": "r0"}]


@each_of(
    ("provider", "kind", "pieces", "sent"),
    [
        ("instagram", "reel", (VIDEO,), {"type": "video", "details": {"type": "reel", "feed": True}}),
        ("facebook", "reel", (VIDEO,), {"type": "video", "details": {"type": "reel", "feed": True}}),
        ("instagram", "story", (PHOTO,), {"type": "photo", "details": {"type": "story"}}),
        ("facebook", "story", (VIDEO,), {"type": "video", "details": {"type": "story"}}),
        ("facebook", "story", (), {"type": "photo", "details": {"type": "story"}}),
        ("youtube", "short", (VIDEO,), {"type": "video", "details": {"type": "short"}}),
        ("linkedin", "document", (PDF,), {"type": "document", "details": {"type": "document"}}),
        ("linkedin", "document", (PHOTO, SECOND), {"type": "photo", "details": {"type": "document"}}),
        ("google", "event", (), {"type": "status", "details": {"type": "event"}}),
        ("google", "offer", (PHOTO,), {"type": "photo", "details": {"type": "offer"}}),
        ("instagram", "carousel", (PHOTO, SECOND), {"type": "carousel"}),
    ],
)
def test_what_is_special_about_a_post_goes_into_its_details(
    provider: str, kind: str, pieces: tuple[str, ...], sent: dict[str, Json]
) -> None:
    params = network(provider, type=kind, media=media(*pieces))
    assert {key: params[key] for key in ("type", "details") if key in params} == sent


def test_a_reel_may_stay_out_of_the_feed() -> None:
    assert network("instagram", type="reel", feed=False, media=media(VIDEO))["details"] == {
        "type": "reel",
        "feed": False,
    }


@each_of(
    ("provider", "content", "sent"),
    [
        ("youtube", {"media": media(VIDEO)}, True),
        ("pinterest", {"media": media(PHOTO)}, True),
        ("facebook", {"media": media(VIDEO)}, True),
        ("facebook", {"media": media(PHOTO)}, False),
        ("linkedin", {"media": media(PDF)}, True),
        ("linkedin", {"text": "a"}, False),
        ("twitter", {"text": "a"}, False),
        ("wordpress", {"text": "a"}, True),
    ],
)
def test_a_title_goes_out_where_the_network_shows_one(
    provider: str, content: dict[str, Json], sent: bool
) -> None:
    assert ("title" in network(provider, title="Words", **content)) == sent


def test_an_event_has_its_title_and_times_in_the_details() -> None:
    params = network("google", type="event", title="Fair", text="Come", start="2027-03-02T09:00:00+01:00")
    assert params["details"] == {"type": "event", "title": "Fair", "start": "2027-03-02T09:00:00+01:00"}
    assert "title" not in params


def test_a_poll_lasts_whole_days_and_linkedin_asks_apart() -> None:
    poll: Json = {"options": ["Yes", "No"], "duration": {"duration": 1, "unit": "Week"}}
    assert network("twitter", text="Well?", poll=poll) == {
        "type": "poll", "text": "Well?", "options": ["Yes", "No"], "duration": 7,
    }  # fmt: skip
    assert network("linkedin", text="Well?", poll=poll)["question"] == "Well?"
    asked: Json = {"options": ["Yes", "No"], "duration": {"duration": 3, "unit": "Day"}, "question": "Or?"}
    assert network("linkedin", text="Well?", poll=asked)["question"] == "Or?"


def test_a_thread_follows_at_once_and_before_the_comments() -> None:
    entry = account(
        "threads",
        text="1",
        thread=[{"text": "2"}, {"text": "3", "media": media(PHOTO)}],
        comments=[{"text": "By the way", "after": {"duration": 2, "unit": "Hour"}, "language": "en"}],
    )
    assert entry["comments"] == [
        {"conditions": age(1, "Minute"), "text": "2"},
        {
            "conditions": age(1, "Minute"),
            "text": "3",
            "media": {
                "type": "photo",
                "path": "https://cdn.example/p.jpg",
                "thumbnail": "https://cdn.example/p-s.jpg",
            },
        },
        {"conditions": age(2, "Hour"), "text": "By the way", "language": "en"},
    ]


def test_a_comment_comes_after_a_minute_where_nothing_is_said() -> None:
    assert account("facebook", comments=[{"text": "First"}])["comments"] == [
        {"conditions": age(1, "Minute"), "text": "First"}
    ]


def test_a_comment_shows_a_video_with_its_still() -> None:
    entry = account("facebook", comments=[{"text": "See", "media": [{"file": VIDEO, "caption": "How"}]}])
    [comment] = cast("list[dict[str, Json]]", entry["comments"])
    assert comment["media"] == {
        "type": "video",
        "path": "https://cdn.example/v.mp4",
        "caption": "How",
        "thumbnail": "s0",
    }
    entry = account("facebook", comments=[{"text": "See", "media": media(VIDEO, thumbnail=COVER)}])
    [comment] = cast("list[dict[str, Json]]", entry["comments"])
    assert cast("dict[str, Json]", comment["media"])["thumbnail"] == "small-cover"


def test_sharing_and_removal_stand_with_the_account() -> None:
    entry = account(
        "facebook",
        text="a",
        share={"accounts": ["b", "c"], "after": {"duration": 3, "unit": "Day"}, "text": "Look"},
        auto_delete={"after": {"duration": 2, "unit": "Week"}, "hide": True},
    )
    assert entry["share"] == {"account_ids": ["b", "c"], "conditions": age(3, "Day"), "text": "Look"}
    assert entry["delete"] == {"hide": True, "conditions": age(2, "Week")}


def test_sharing_without_more_words_takes_those_of_the_post_after_a_minute() -> None:
    assert account("facebook", text="a", share={"accounts": ["b"]})["share"] == {
        "account_ids": ["b"],
        "conditions": age(1, "Minute"),
    }


@each_of(
    ("provider", "content", "place", "path", "value"),
    [
        ("facebook", {"album": "77000000"}, "account", ("album_id",), "77000000"),
        ("pinterest", {"board": "88000000"}, "account", ("album_id",), "88000000"),
        ("tiktok", {"privacy": "SELF_ONLY"}, "network", ("details", "privacy"), "SELF_ONLY"),
        ("youtube", {"privacy": "unlisted"}, "network", ("privacy",), "unlisted"),
        ("twitter", {"reply_settings": "following"}, "network", ("replySettings",), "following"),
        ("twitter", {"long_post": True}, "network", ("details", "type"), "long_post"),
        ("threads", {"location": {"id": "5"}}, "account", ("location",), {"id": "5"}),
        ("threads", {"location": "77000000"}, "account", ("location",), {"id": "77000000"}),
        ("bluesky", {"content_labels": ["graphic-media"]}, "network", ("labels",), ["graphic-media"]),
        ("linkedin", {"signature": "63c675e94e299e9cf2b667ec"}, "account", ("signature",), "63c675e94e299e9cf2b667ec"),
        ("facebook", {"background": "106018623298955"}, "network", ("details", "text_format_preset_id"), "106018623298955"),
        ("wordpress", {"slug": "a-lamp"}, "network", ("url",), "a-lamp"),
        ("mastodon", {"spoiler_text": "Plot"}, "network", ("spoilerText",), "Plot"),
        ("google", {"gallery": True, "media": media(PHOTO)}, "network", ("details", "type"), "photo"),
    ],
)  # fmt: skip
def test_the_fields_of_a_network_go_where_publer_reads_them(
    provider: str, content: dict[str, Json], place: str, path: tuple[str, ...], value: Json
) -> None:
    found: Json = (network if place == "network" else account)(provider, **content)
    for name in path:
        found = cast("dict[str, Json]", found)[name]
    assert found == value


@each_of(
    ("provider", "content", "key", "sent"),
    [
        ("pinterest", {"board": "Lamps"}, "album_id", "88000000"),
        ("threads", {"location": "Berlin"}, "location", {"id": "77000000", "name": "Berlin"}),
        ("threads", {"location": {"id": "5", "name": "B"}}, "location", {"id": "5", "name": "B"}),
        ("pinterest", {"board": "2027"}, "album_id", None),
        ("linkedin", {"signature": "Team"}, "signature", None),
    ],
)
def test_what_is_called_by_name_is_sent_by_its_id(
    provider: str, content: dict[str, Json], key: str, sent: Json
) -> None:
    """A name whose ID is not known is sent to nobody."""
    ids = {"location": "77000000"} if provider == "threads" else {}
    ids |= {"board": "88000000"} if content.get("board") == "Lamps" else {}
    parts = (Account(ACCOUNT_ID, "Any", provider), AT, Content.from_json({"text": "a", **content}), UPLOADS)
    if sent is None:
        with pytest.raises(Unsendable, match=f'the ID of the {min(content)} "{content[min(content)]}" is no'):
            item(*parts, ids)
        return
    [entry] = cast("list[dict[str, Json]]", item(*parts, ids)["accounts"])
    assert entry[key] == sent


def test_a_switch_that_is_off_sends_nothing() -> None:
    assert network("twitter", text="a", long_post=False) == {"type": "status", "text": "a"}


def test_a_field_of_another_network_is_not_sent() -> None:
    assert build("twitter", text="a", board="88", privacy="public") == build("twitter", text="a")


def test_a_short_says_its_privacy_in_both_places() -> None:
    params = network("youtube", type="short", text="See", title="T", privacy="private", media=media(VIDEO))
    assert params["details"] == {"type": "short", "privacy": "private"}
    assert params["privacy"] == "private"
    assert params["description"] == params["text"] == "See"
    video = network("youtube", text="See", title="T", privacy="private", media=media(VIDEO))
    assert (video["privacy"], "details" in video) == ("private", False)


def test_a_document_is_named_with_its_title() -> None:
    params = network("linkedin", title="Care", text="a", media=media(PDF))
    assert params["document"] == {"id": "m-pdf", "title": "Care"}
    assert params["media"] == [{"id": "m-pdf", "type": "document"}]
    assert "document" not in network("linkedin", type="document", title="Care", media=media(PHOTO, SECOND))


def test_the_times_of_an_event_go_out_in_one_form() -> None:
    params = network(
        "google", type="event", title="T", start="2027-08-20 09:00+01:00", end="20270821T180000+0100"
    )
    assert params["details"] == {
        "type": "event",
        "title": "T",
        "start": "2027-08-20T09:00:00+01:00",
        "end": "2027-08-21T18:00:00+01:00",
    }


def test_an_article_is_made_of_blocks() -> None:
    params = network("wordpress", title="T", text="One\nstill one\n\n\nTwo & three", media=media(PHOTO))
    blocks = cast("list[dict[str, Json]]", params["content"])
    assert [block["data"] for block in blocks] == [
        {"text": "One<br>still one"},
        {"text": "Two &amp; three"},
    ]
    assert len({str(block["id"]) for block in blocks}) == 2
    assert {block["type"] for block in blocks} == {"paragraph"}
    assert params["featured_media"] == {"path": "https://cdn.example/p.jpg"}
    assert "media" not in params


@each_of(
    ("kind", "told", "key"),
    [
        (None, None, "wordpress_oauth"),
        ("wordpress_oauth", None, "wordpress_oauth"),
        ("wordpress_basic", None, "wordpress_basic"),
        ("blog", "wordpress_basic", "wordpress_basic"),
        ("wordpress_basic", "wordpress_oauth", "wordpress_oauth"),
    ],
)
def test_wordpress_has_two_names_on_the_wire(kind: str | None, told: str | None, key: str) -> None:
    blog = Account("a", "A", "wordpress", type=kind, network_key=told)
    assert wire_key(blog) == key
    assert list(cast("dict[str, Json]", item(blog, AT, Content("a"), {})["networks"])) == [key]


@each_of(
    ("content", "paths"),
    [
        ({"media": [{"file": PHOTO, "alt": "a"}]}, set()),
        ({"media": [{"file": VIDEO, "thumbnail": COVER}]}, {COVER}),
        ({"type": "article", "media": [{"file": PHOTO}]}, {PHOTO}),
        ({"media": [{"file": GIF}], "thread": [{"media": [{"file": PHOTO}]}]}, {PHOTO}),
        ({"comments": [{"text": "a"}, {"media": [{"url": "https://e.com/a.png"}]}]}, {"https://e.com/a.png"}),
        ({"link": {"url": "https://e.com", "image": SECOND}}, {SECOND}),
        ({"link": {"url": "https://e.com"}}, set()),
    ],
)
def test_what_publer_takes_by_its_path_is_told(content: dict[str, Json], paths: set[str]) -> None:
    assert by_path(Content.from_json(content)) == paths


def test_every_reference_is_found_once() -> None:
    content: dict[str, Json] = {
        "media": [{"file": PHOTO}, {"file": VIDEO, "thumbnail": COVER}],
        "thread": [{"text": "a", "media": [{"file": PHOTO}]}],
        "comments": [{"text": "b", "media": [{"url": "https://example.com/x.png"}]}],
        "link": {"url": "https://example.com", "image": SECOND},
    }
    assert references(Content.from_json(content)) == (
        PHOTO,
        VIDEO,
        COVER,
        "https://example.com/x.png",
        SECOND,
    )
    assert references(Content(link=Link("u", image="https://example.com/i.png"))) == ()
    assert references(Content("a")) == ()


@each_of(
    ("provider", "content", "shows"),
    [
        ("twitter", {"text": "a", "link": {"url": "https://a.example"}}, Face("", "https://a.example", 0)),
        ("google", {"text": "a", "link": {"url": "https://a.example"}}, Face("", "https://a.example", 0)),
        ("twitter", {"text": "a", "media": media(PHOTO)}, Face("", "", 1)),
        ("youtube", {"text": "a", "title": "T", "media": media(VIDEO)}, Face("T", "", 1)),
        ("a network of tomorrow", {"text": "a", "title": "T", "media": media(VIDEO)}, Face("", "", 0)),
    ],
)
def test_what_a_list_shows_of_a_post_is_known_before_it_is_sent(
    provider: str, content: dict[str, Json], shows: Face
) -> None:
    assert face(Account(ACCOUNT_ID, "Any", provider), Content.from_json(content)) == shows


@each_of(
    ("provider", "content", "changed", "reached"),
    [
        ("youtube", {"text": "a", "title": "T", "media": media(VIDEO)}, {"text": "b", "title": "U"}, True),
        ("twitter", {"text": "a"}, {"text": "b"}, True),
        ("twitter", {"text": "a"}, {}, True),
        ("wordpress", {"text": "a", "title": "T"}, {"title": "U"}, True),
        ("wordpress", {"text": "a", "title": "T"}, {"text": "b"}, False),
        ("linkedin", {"type": "document", "title": "T", "media": media(PDF)}, {"text": "b"}, True),
        ("linkedin", {"type": "document", "title": "T", "media": media(PDF)}, {"title": "U"}, False),
        ("google", {"type": "event", "text": "a", "title": "T"}, {"title": "U"}, False),
    ],
)
def test_what_a_put_does_not_reach_is_told(
    provider: str, content: dict[str, Json], changed: dict[str, Json], reached: bool
) -> None:
    blog = Account(ACCOUNT_ID, "Any", provider)
    sent, wanted = Content.from_json(content), Content.from_json({**content, **changed})
    assert put_reaches(blog, sent, wanted) is reached


@each_of(
    ("answer", "kind", "still"),
    [
        ({}, "photo", None),
        ({"type": None}, "photo", None),
        ({"type": "Image"}, "photo", None),
        ({"type": "VIDEO", "thumbnail": "t"}, "video", "t"),
        ({"type": "gif", "thumbnail": "", "thumbnails": [{"real": "r"}, "x", {"small": "s"}]}, "gif", "s"),
        ({"type": "document", "thumbnail": "t", "thumbnails": [{"small": "s"}]}, "document", "t"),
        ({"thumbnails": [{"small": ""}]}, "photo", None),
        ({"thumbnails": {"small": "s"}}, "photo", None),
    ],
)
def test_what_an_upload_is_and_its_small_picture(
    answer: dict[str, Json], kind: str, still: str | None
) -> None:
    assert (kind_of(answer), still_of(answer)) == (kind, still)


@each_of(
    ("piece", "answer", "sent"),
    [
        (Medium("f"), {"id": 7}, {"id": 7}),
        (Medium("f", alt="A"), {"id": "m", "type": "image"}, {"id": "m", "type": "photo", "alt_text": "A"}),
        (
            Medium("f", caption="C", thumbnail=COVER),
            {"id": "m", "type": "video", "thumbnails": None},
            {
                "id": "m",
                "type": "video",
                "caption": "C",
                "thumbnails": [{"id": "m-cover", "small": "small-cover", "real": "real-cover"}],
                "default_thumbnail": 0,
            },
        ),
    ],
)
def test_a_piece_is_sent_with_what_it_says(piece: Medium, answer: dict[str, Json], sent: Json) -> None:
    assert medium_object(piece, answer, UPLOADS) == sent
