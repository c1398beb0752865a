"""Rules about types, links, polls and what follows a post."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.networks.own_fields import CALLS_TO_ACTION
from publer_sync.rules.judging import judge_one
from publer_sync.values.problems import Location
from tests import write_schema
from tests.builders import SETTINGS
from tests.rules.builders import (
    AT,
    GIF,
    PDF,
    PHOTO,
    URL,
    VIDEO,
    advice,
    found,
    media,
    poll,
    post,
    says,
    told,
    write,
)
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.networks.media import MediaInfo
    from publer_sync.values.content import Json

EVENT: dict[str, Json] = {
    "type": "event",
    "title": "T",
    "start": "2027-03-02T09:00:00Z",
    "end": "2027-03-03T09:00:00Z",
}
LINK: Json = {"url": URL}
QUESTION = poll("Lamp", "Torch", question="Which one?")


@each_of(
    ("provider", "content", "infos", "rule"),
    [
        # types
        ("instagram", {"text": "Hello"}, (), "error text.none"),
        ("youtube", {"title": "T", "text": "Hello"}, (), "error text.none"),
        ("twitter", {"type": "reel", "media": media()}, (VIDEO,), "error type.network"),
        ("bluesky", {"type": "gif", "media": media()}, (GIF,), "error type.network"),
        ("facebook", {"type": "status", "text": "a", "media": media()}, (PHOTO,), "error type.media"),
        ("instagram", {"type": "video", "media": media()}, (VIDEO,), "error instagram.video"),
        ("instagram", {"type": "reel", "media": media()}, (PHOTO,), "error type.media"),
        ("instagram", {"type": "reel", "media": media(2)}, (VIDEO, VIDEO), "error type.media"),
        ("instagram", {"type": "carousel", "media": media()}, (PHOTO,), "error type.media"),
        ("facebook", {"type": "story", "media": media(2)}, (PHOTO, PHOTO), "error type.media"),
        ("linkedin", {"type": "document", "title": "T", "media": media()}, (VIDEO,), "error type.media"),
        ("facebook", {"type": "photo", "media": media()}, (VIDEO,), "error type.media"),
        ("twitter", {"type": "photo", "media": media()}, (PDF,), "error type.media"),
        ("twitter", {"type": "gif", "media": media()}, (PHOTO,), "error type.media"),
        ("threads", {"type": "carousel", "media": media(2)}, (PHOTO, PDF), "error type.media"),
        ("wordpress", {"title": "T", "text": "a", "media": media()}, (VIDEO,), "error type.media"),
        ("google", {"type": "link", "text": "a", "media": media()}, (PHOTO,), "error type.none"),
        ("google", {"type": "video", "text": "a"}, (), "error type.none"),
        ("threads", {"media": media(2)}, (PHOTO, VIDEO), "error media.mixed"),
        ("bluesky", {"type": "photo", "media": media(2)}, (VIDEO, VIDEO), "error media.mixed"),
        ("twitter", {"media": media(2)}, (VIDEO, PHOTO), "error media.mixed"),
        ("google", {"type": "link", "text": "a", "link": LINK}, (), "warning type.doubtful"),
        ("facebook", {"type": "carousel", "media": media(2)}, (PHOTO, PHOTO), "warning type.doubtful"),
        # links
        ("instagram", {"type": "photo", "text": "a", "media": media(), "link": LINK}, (PHOTO,), "error link.instagram"),
        ("youtube", {"title": "T", "media": media(), "link": LINK}, (VIDEO,), "error link.youtube"),
        ("facebook", {"type": "photo", "media": media(), "link": LINK}, (PHOTO,), "error link.media"),
        ("facebook", {"media": media(), "link": LINK}, (PHOTO,), "error link.media"),
        ("facebook", {"type": "status", "text": "a", "link": LINK}, (), "error link.media"),
        ("facebook", {"type": "link", "text": ""}, (), "error type.none"),
        ("facebook", {"type": "link", "text": "See https://example.com"}, (), "error type.none"),
        ("twitter", {"type": "link", "text": "See example.com"}, (), "error type.none"),
        ("facebook", {"text": "a", "link": {"url": URL, "call_to_action": "CALL_NOW"}}, (), "error link.phone"),
        ("facebook", {"link": {"url": URL, "call_to_action": "BOOK"}}, (), "error link.button"),
        ("linkedin", {"link": {"url": URL, "call_to_action": "CALL"}}, (), "error link.button"),
        ("google", {"text": "a", "link": {"url": URL, "call_to_action": "SHOP_NOW"}}, (), "warning google.button"),
        ("twitter", {"text": "a", "link": {"url": URL, "title": "T"}}, (), "warning link.details"),
        ("pinterest", {"board": "b", "media": media(), "link": {"url": URL, "title": "T"}}, (PHOTO,), "warning link.details"),
        ("google", {"text": "a", "link": {"url": URL, "image": f"{URL}/a.png"}}, (), "warning link.details"),
        ("pinterest", {"title": "T", "board": "b", "media": media(), "link": {"url": URL.ljust(2_049, "a")}}, (PHOTO,),
         "warning pinterest.link.length"),
        # fields
        ("google", {**EVENT, "start": "tomorrow"}, (), "error google.event"),
        ("google", {**EVENT, "end": None}, (), "error google.event"),
        ("google", {**EVENT, "start": "2027-03-02 09:00", "end": "2027-03-03"}, (), "error google.event"),
        ("google", {**EVENT, "start": "2027-03-04T09:00:00Z"}, (), "error google.event"),
        ("google", {**EVENT, "end": EVENT["start"]}, (), "error google.event"),
        ("google", {**EVENT, "gallery": True}, (), "error field.conflict"),
        ("youtube", {"title": "T", "tags": ["a" * 100] * 6, "media": media()}, (VIDEO,), "error youtube.tags"),
        ("wordpress", {"title": "T", "text": "a\n\n![b](media/b.png)"}, (), "error wordpress.picture"),
        ("wordpress", {"title": "T", "text": "a **bold** word"}, (), "warning wordpress.marks"),
        ("twitter", {"text": "a", "reply_settings": "following"}, (), "warning field.unproved"),
        ("telegram", {"text": "a", "parse_mode": "HTML"}, (), "warning field.unproved"),
        ("facebook", {"text": "a", "feed": True}, (), "warning field.type"),
        ("pinterest", {"title": "T", "media": media()}, (PHOTO,), "warning pinterest.board"),
        ("twitter", {"text": "a", "signature": "Footer"}, (), "warning signature.network"),
        ("bluesky", {"text": "a", "signature": "Footer"}, (), "warning signature.network"),
        ("twitter", {"text": "a" * 24_951, "signature": "Footer", "long_post": True}, (), "warning signature.length"),
        ("threads", {"text": "a" * 451, "signature": "Footer"}, (), "warning signature.length"),
        ("threads", {"text": "a" * 500, "signature": "Footer"}, (), "warning signature.length"),
        ("mastodon", {"text": "a" * 440, "spoiler_text": "b" * 11, "signature": "Footer"}, (), "warning signature.length"),
        ("facebook", {"text": "a" * 9_951, "signature": "Footer"}, (), "warning signature.length"),
        ("telegram", {"text": "a" * 975, "media": media(), "signature": "Footer"}, (PHOTO,), "warning signature.length"),
        # polls
        ("facebook", {"text": "?", "poll": poll("Yes", "No")}, (), "error poll.network"),
        ("twitter", {"text": "?", "poll": poll("Yes")}, (), "error poll.options"),
        ("twitter", {"text": "?", "poll": poll("a", "b", "c", "d", "e")}, (), "error poll.options"),
        ("twitter", {"text": "?", "poll": poll("Yes", "yes")}, (), "error poll.options"),
        ("twitter", {"text": "?", "poll": poll("Yes", "a" * 26)}, (), "error poll.option"),
        ("linkedin", {"text": "?", "poll": poll("Yes", "a" * 31)}, (), "error poll.option"),
        ("mastodon", {"text": "?", "poll": poll("Yes", "a" * 51)}, (), "error poll.option"),
        ("twitter", {"text": "?", "poll": poll("Yes", "No", days=8)}, (), "error poll.duration"),
        ("linkedin", {"text": "?", "poll": poll("Yes", "No", days=2)}, (), "error poll.duration"),
        ("twitter", {"text": "?", "poll": {"options": ["a", "b"], "duration": {"duration": 36, "unit": "Hour"}}}, (),
         "error poll.duration"),
        ("twitter", {"text": "?", "poll": {"options": ["a", "b"]}}, (), "error poll.duration"),
        ("twitter", {"poll": poll("Yes", "No")}, (), "error poll.question"),
        ("linkedin", {"text": "a" * 141, "poll": poll("Yes", "No")}, (), "error poll.question"),
        ("twitter", {"text": "?", "poll": poll("Yes", "No"), "media": media()}, (PHOTO,), "error poll.media"),
        ("twitter", {"text": "We wonder.", "poll": QUESTION}, (), "warning poll.unasked"),
        ("twitter", {"type": "status", "text": "?", "poll": poll("Yes", "No")}, (), "error poll.type"),
        ("linkedin", {"type": "link", "text": "?", "link": LINK, "poll": poll("Yes", "No")}, (), "error poll.type"),
        # threads, comments, sharing
        ("linkedin", {"text": "a", "thread": [{"text": "b"}]}, (), "error thread.network"),
        ("twitter", {"text": "a", "thread": [{"text": "b", "media": media(2)}]}, (), "error thread.media"),
        ("threads", {"text": "a", "thread": [{"media": media(2)}]}, (), "error thread.media"),
        ("twitter", {"text": "a", "thread": [{"text": "b", "media": media()}]}, (), "warning thread.alt"),
        ("tiktok", {"media": media(), "comments": [{"text": "b"}]}, (VIDEO,), "error comments.network"),
        ("telegram", {"text": "a", "comments": [{"text": "b"}]}, (), "warning comments.network.soft"),
        ("facebook", {"text": "a", "comments": [{"text": "b", "media": media(2)}]}, (), "error comments.media"),
        ("facebook", {"text": "a", "comments": [{"text": "b", "media": media()}]}, (), "warning comments.alt"),
        ("instagram", {"media": media(), "share": {"accounts": ["b"]}}, (PHOTO,), "error share.network"),
        ("facebook", {"text": "a", "reminder": True, "share": {"accounts": ["b"]}}, (), "error share.reminder"),
        ("google", {"media": media(), "share": {"accounts": ["b"]}}, (PHOTO,), "error share.text"),
        ("facebook", {"text": "a", "auto_delete": {"after": {"duration": 1, "unit": "Day"}, "engagement": "over 5"}}, (), "warning conditions.figures"),
        ("facebook", {"text": "a", "share": {"accounts": ["b"], "text": "b", "reach": "over 5"}}, (), "warning conditions.figures"),
        ("facebook", {"text": "a", "comments": [{"text": "b", "engagement": "over 5"}]}, (), "warning conditions.figures"),
    ],
)  # fmt: skip
def test_what_a_network_does_not_allow_is_told(
    provider: str, content: dict[str, Json], infos: tuple[MediaInfo, ...], rule: str
) -> None:
    kept = {key: value for key, value in content.items() if value is not None}
    assert rule in told(write(provider, kept), infos=infos)


@each_of(
    ("provider", "content"),
    [
        ("twitter", {"text": "a" * 24_950, "signature": "Footer", "long_post": True}),
        ("threads", {"text": "a" * 450, "signature": "Footer"}),
        ("facebook", {"text": "a" * 9_950, "signature": "Footer"}),
        ("threads", {"text": "a" * 500}),
        ("threads", {"text": "a" * 500, "signature": None}),
        ("mastodon", {"text": "a" * 440, "spoiler_text": "b" * 10, "signature": "Footer"}),
        ("mastodon", {"text": "a" * 450, "spoiler_text": 2027, "signature": "Footer"}),
    ],
)
def test_a_signature_that_has_room_is_left_alone(provider: str, content: dict[str, Json]) -> None:
    assert not [code for code in found(write(provider, content)) if code.startswith("signature")]


def test_a_text_that_is_too_long_by_itself_is_not_told_of_twice() -> None:
    assert told(post("threads", text="a" * 501, signature="Footer")) == ["error threads.text.length"]


def test_why_a_signature_may_not_be_there() -> None:
    [near] = found(post("threads", text="a" * 470, signature="Footer")).values()
    assert near.message == "the text leaves 30 characters for the signature; Threads allows 500 together"
    assert advice(near).say.startswith(
        "Publer adds the signature when it publishes the post, after every check."
    )
    [x] = found(post("twitter", text="a", signature="Footer")).values()
    assert x.message == "Publer adds no signature on X without X Premium"
    [sky] = found(post("bluesky", text="a", signature="Footer")).values()
    assert sky.message == "Publer adds no signature on Bluesky"


@each_of(
    ("provider", "content"),
    [
        ("facebook", {"type": "carousel", "text": "See", "sublinks": [LINK]}),
        ("facebook", {"type": "link", "link": LINK, "media": media(12)}),
        ("facebook", {"text": "a", "link": {"url": URL, "call_to_action": "CALL_NOW", "phone_number": "1"}}),
        ("facebook", {"text": "a", "tags": ["a" * 501]}),
        ("facebook", {"media": media(), "share": {"accounts": ["b"]}}),
        ("google", EVENT),
        ("google", {"text": "a", "share": {"accounts": ["b"]}}),
        ("facebook", {"text": "a", "comments": [{"text": "b", "media": [{"url": f"{URL}/b.png"}]}] * 2}),
        ("google", {"media": media(), "share": {"accounts": ["b"], "text": "s"}}),
        ("twitter", {"text": "We wonder: which  one?", "poll": QUESTION}),
        ("twitter", {"text": "Which one?", "poll": poll("Lamp", "Torch")}),
        ("linkedin", {"text": "a" * 2000, "poll": QUESTION}),
        ("pinterest", {"title": "T", "board": "b", "media": media(), "link": {"url": URL.ljust(2_048, "a")}}),
        ("wordpress", {"title": "T", "text": "# Heading\n\n- one\n\n![b](https://e.com/b.png)"}),
    ],
)  # fmt: skip
def test_what_a_network_allows_is_left_alone(provider: str, content: dict[str, Json]) -> None:
    assert told(write(provider, content), infos=(PHOTO,) * 12) == []


@each_of(
    ("provider", "content", "infos", "rules"),
    [
        # A type
        ("facebook", {"type": "poll", "text": "?"}, (), ["error type.network"]),
        ("twitter", {"type": "reel", "text": "?", "media": media()}, (VIDEO,), ["error type.network"]),
        ("facebook", {"type": "photo", "text": "a", "sublinks": [LINK]}, (), ["error type.none", "warning field.type"]),
        ("twitter", {"type": "reel", "text": "?", "media": media(), "poll": poll("Yes", "No")}, (VIDEO,),
         ["error poll.media", "error type.network"]),
        # A link
        ("twitter", {"text": "a", "link": {"url": URL, "call_to_action": "BOOK"}}, (), ["warning link.details"]),
        ("twitter", {"text": "a", "link": {"url": URL, "call_to_action": "CALL_NOW"}}, (), ["warning link.details"]),
        ("pinterest", {"board": "b", "media": media(), "link": {"url": URL, "call_to_action": "BOOK"}}, (PHOTO,),
         ["warning link.details"]),
        ("google", {"text": "a", "link": {"url": URL, "call_to_action": "BOOK"}}, (), []),
        ("twitter", {"type": "reel", "media": media(), "link": LINK}, (VIDEO,), ["error type.network"]),
        # A poll
        ("twitter", {"text": "?", "poll": poll("Yes", "No"), "type": "photo", "media": media()}, (PHOTO,), ["error poll.media"]),
        ("linkedin", {"text": "?", "poll": poll("Yes", "No", question="q" * 140)}, (), []),
        ("facebook", {"text": "?", "type": "poll", "poll": poll("Yes", "No")}, (), ["error poll.network"]),
    ],
)  # fmt: skip
def test_one_thing_that_is_wrong_is_told_once(
    provider: str, content: dict[str, Json], infos: tuple[MediaInfo, ...], rules: list[str]
) -> None:
    assert sorted(told(write(provider, content), infos=infos)) == rules


def test_a_type_that_a_network_lacks_is_told_where_it_is_written() -> None:
    one = post("twitter", type="reel", text="Lamp", media=media())
    for places, line in (
        ({}, 6),
        ({"text": Location("may.yaml", 7)}, 6),
        ({"type": Location("may.yaml", 8)}, 8),
    ):
        problem = found(replace(one, places=places), infos=(VIDEO,))["type.network"]
        assert problem.location == Location("may.yaml", line)
        paths = {code: each.path for code, each in judge_one(replace(one, places=places), AT, SETTINGS)}
        assert paths["type.network"] == ("type" if "type" in places else "")


def test_a_card_beside_media_or_in_a_post_of_another_type_says_which() -> None:
    both = post("facebook", type="photo", text="a", media=media(), link=LINK)
    says("error link.media", "a post can show media or a link card, not both", both, infos=(PHOTO,))
    status = post("facebook", type="status", text="a", link=LINK)
    says("error link.media", "a status post on Facebook cannot show a link card", status)


def test_the_length_of_a_poll_is_told_where_it_is_written() -> None:
    written = poll("Yes", "No", days=9)
    places = {"poll": Location("may.yaml", 7), "poll/duration": Location("may.yaml", 9)}
    for content, line, message in (
        (written, 9, "X does not offer polls of this length"),
        ({"options": written["options"]}, 7, "the poll has no duration"),
    ):
        one = replace(post("twitter", text="?", poll=content), places=places)
        assert says("error poll.duration", message, one).location == Location("may.yaml", line)


def test_a_link_post_whose_link_is_only_in_its_text_is_told_which_one_to_write() -> None:
    [found_] = found(post("facebook", type="link", text="See example.com/a and https://b.example")).values()
    assert found_.message == "the type is link, but the link is only in the text"
    assert advice(found_).example == "link: https://example.com/a"
    [found_] = found(post("facebook", type="link", text="See http://b.com and e.com")).values()
    assert advice(found_).example == "link: http://b.com"
    photo = post("facebook", type="photo", text="See https://b.com")
    assert found(photo)["type.none"].message == "the type is photo, but the post has no picture"


def test_two_pictures_make_a_carousel() -> None:
    kinds = {
        number: told(post("facebook", type="carousel", text="See", media=media(number))) for number in (1, 2)
    }
    assert (
        kinds[2] == [rule for rule in kinds[1] if not rule.startswith("error")] == ["warning type.doubtful"]
    )


def test_a_text_alone_on_instagram_reports_the_missing_media_and_nothing_else() -> None:
    one = post("instagram", text="Hello", type="status")
    says("error text.none", "Instagram requires a picture or a video", one)
    assert told(one) == ["error text.none"]


def test_an_event_that_ends_before_the_post_is_published_is_a_warning() -> None:
    event: dict[str, Json] = {**EVENT, "start": "2027-03-01T09:00:00+01:00"}
    assert not found(write("google", {**event, "end": "2027-03-02T09:01:00+01:00"}))
    says("warning google.event.over", "the event ends before the post is published (Tue 2027-03-02 08:00 UTC)",
         write("google", {**event, "end": "2027-03-02T09:00:00+01:00"}))  # fmt: skip


@each_of(
    ("value", "right"),
    [
        ("2027-03-02T09:00:00Z", True),
        ("2027-03-02 09:00+01:00", True),
        ("2027-03-02T14:00-03:30", True),
        ("2027-03-02T09:00:00-11:00", True),
        ("2027-03-02T09:00-11:00", False),  # from nine to eleven
        ("2027-03-02T09:00+01:10", False),  # nobody has this offset
        ("2027-03-02T09:00:00", False),
        ("2027-03-02", False),
        ("9 am", False),
        (9, False),
        (None, False),
    ],
)
def test_the_time_of_an_event_has_an_offset_that_is_one(value: Json, right: bool) -> None:
    event: dict[str, Json] = {**EVENT, "start": value, "end": "2027-03-03T09:00:00Z"}
    problems = found(write("google", event))
    assert problems.keys() == (set() if right else {"field.time", "google.event"})
    for problem in problems.values():
        if problem.code == "field.time":
            assert problem.message == f"`start` is not a time with a UTC offset: {value}"


@each_of(
    ("times", "place"),
    [
        (("start", "end"), "end"),
        (("start",), "start"),
        (("end",), "end"),
        ((), "post"),
    ],
)
def test_what_an_event_lacks_is_told_at_the_time_that_it_has(times: tuple[str, ...], place: str) -> None:
    at = "2027-03-02T09:00:00Z"
    one = write("google", {"text": "a", "type": "event", "title": "T", **dict.fromkeys(times, at)})
    places = {name: Location(name, 1) for name in times}
    problem = found(replace(one, location=Location("post", 1), places=places))["google.event"]
    assert problem.location == Location(place, 1)


@each_of(
    ("provider", "kind", "lacks"),
    [
        ("facebook", "video", "video"),
        ("facebook", "reel", "video"),
        ("facebook", "story", "picture or video"),
        ("facebook", "carousel", "pictures"),
        ("facebook", "link", "link"),
        ("twitter", "photo", "picture"),
        ("twitter", "poll", "poll"),
        ("linkedin", "document", "PDF or pictures"),
    ],
)
def test_a_written_type_needs_what_it_requires(provider: str, kind: str, lacks: str) -> None:
    one = post(provider, type=kind, text="Come in.", title="T")
    problem = says("error type.none", f"the type is {kind}, but the post has no {lacks}", one)
    assert str(problem.help).startswith(f"Remove `type: {kind}`, or add what it needs\nFor example:\n")


@each_of(
    ("provider", "content", "code", "example"),
    [
        ("instagram", {"media": media(), "link": LINK}, "link.instagram", "instagram:\n    link: null"),
        ("facebook", {"text": "?", "poll": poll("a", "b")}, "poll.network", "facebook:\n    poll: null"),
        ("tiktok", {"media": media(), "comments": [{"text": "b"}]}, "comments.network", "tiktok:\n    comments: null"),
        ("instagram", {"media": media(), "share": {"accounts": ["b"]}}, "share.network", "instagram:\n    share: null"),
    ],
)  # fmt: skip
def test_what_a_network_does_not_support_can_be_removed_there_alone(
    provider: str, content: dict[str, Json], code: str, example: str
) -> None:
    problem = found(write(provider, content), infos=(PHOTO,))[code]
    assert advice(problem).example == f"networks:\n  {example}"
    assert not advice(problem).paste


def test_google_offers_the_buttons_that_its_documents_and_the_schema_name() -> None:
    buttons = ("BOOK", "ORDER", "SHOP", "LEARN_MORE", "SIGN_UP", "CALL")
    for button in buttons:
        assert not found(post("google", text="a", link={"url": URL, "call_to_action": button}))
    problem = says("warning google.button", "Google Business does not offer the button BUY_NOW",
                   post("google", text="a", link={"url": URL, "call_to_action": "BUY_NOW"}))  # fmt: skip
    assert str(problem.help) == f"Google Business offers: {', '.join(buttons)}"
    schema = json.loads(write_schema.CALENDAR.read_text(encoding="utf-8"))
    known = schema["$defs"]["link"]["properties"]["call_to_action"]["enum"]
    assert {*buttons, *CALLS_TO_ACTION, None} == {*known}


def test_an_answer_that_is_too_long_is_shown() -> None:
    says("error poll.option", '"Rechargeable lamp with a hook" has 29 characters; X allows 25',
         post("twitter", text="?", poll=poll("Yes", "Rechargeable lamp with a hook")))  # fmt: skip


@each_of(
    ("tags", "size"),
    [
        (["lamp", "winter"], None), (["a" * 500], None), (["a" * 501], 501), (["a" * 100] * 4 + ["a" * 96], None),
        (["a" * 100] * 4 + ["a" * 97], 501), (["a " * 49] * 4 + ["a" * 96], None),
        (["a " * 49] * 4 + ["a" * 97], 501),
    ],
)  # fmt: skip
def test_the_tags_of_a_video_count_with_their_commas_and_quotes(tags: list[str], size: int | None) -> None:
    problems = found(post("youtube", title="T", tags=tags, media=media()), infos=(VIDEO,))
    assert {code: problem.message for code, problem in problems.items()} == (
        {"youtube.tags": f"the tags have {size} characters together; YouTube allows 500"} if size else {}
    )


def test_a_question_that_is_too_long_is_told_as_such() -> None:
    """Where the text stands in for it, it is the text that is too long for a question."""
    message = "the question has 141 characters; LinkedIn allows 140"
    own = post("linkedin", text="Which one?", poll=poll("Yes", "No", question="a" * 141))
    says("error poll.question", message, own)
    says("error poll.question", message, post("linkedin", text="a" * 141, poll=poll("Yes", "No")))
