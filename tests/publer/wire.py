"""What goes over the wire: the payload of each kind of post on each network, and what is read from answers in every shape.

Lines with a network have what the calendar says, and the JSON that is sent. The others have an answer, and what is read.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import fields
from functools import partial
from typing import TYPE_CHECKING, Any

from publer_sync.networks.table import NETWORKS
from publer_sync.publer import jobs, listed
from publer_sync.publer.answers import Answer, refusal
from publer_sync.publer.bodies import Nonsense
from publer_sync.publer.payload import face, item, put_reaches
from publer_sync.publer.uploaded import Unsendable
from publer_sync.values.content import Content
from publer_sync.values.errors import PublerSyncError
from publer_sync.values.model import Account
from tests.publer.test_payload import AT, COVER, GIF, PDF, PHOTO, SECOND, UPLOADS, VIDEO

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from publer_sync.values.content import Json

MINUTES: dict[str, Json] = {"duration": 10, "unit": "Minute"}
DAYS: dict[str, Json] = {"duration": 2, "unit": "Day"}
CONTENTS: dict[str, dict[str, Json]] = {
    "words": {"text": "Hello"},
    "words and a title": {"text": "Hello", "title": "News"},
    "a link": {"text": "Hello", "link": {"url": "https://a.example"}},
    "a link with a card": {
        "text": "Hello",
        "type": "link",
        "link": {
            "url": "https://a.example",
            "title": "T",
            "description": "D",
            "image": "https://a.example/i.jpg",
        },
    },
    "a link with a picture of ours": {
        "text": "Hello",
        "type": "link",
        "link": {"url": "https://a.example", "image": PHOTO},
    },
    "a button": {"text": "Hello", "link": {"url": "https://a.example", "call_to_action": "SHOP_NOW"}},
    "a photo": {"text": "Hello", "type": "photo", "media": [{"file": PHOTO, "alt": "A lamp"}]},
    "two photos with captions": {
        "text": "Hello",
        "type": "photo",
        "media": [{"file": PHOTO, "caption": "One"}, {"file": SECOND, "caption": "Two"}],
    },
    "a photo by its id": {"text": "Hello", "type": "photo", "media": [{"id": "m-own"}]},
    "a video": {"text": "Hello", "title": "News", "type": "video", "media": [{"file": VIDEO}]},
    "a video with a cover": {
        "text": "Hello",
        "type": "video",
        "media": [{"file": VIDEO, "thumbnail": COVER}],
    },
    "a short": {
        "text": "Hello",
        "title": "News",
        "type": "short",
        "media": [{"file": VIDEO}],
        "privacy": "private",
    },
    "a reel": {"text": "Hello", "type": "reel", "media": [{"file": VIDEO}]},
    "a story": {"type": "story", "media": [{"file": PHOTO}]},
    "a carousel": {"text": "Hello", "type": "carousel", "media": [{"file": PHOTO}, {"file": SECOND}]},
    "a GIF": {"text": "Hello", "type": "gif", "media": [{"file": GIF}]},
    "a document": {"text": "Hello", "title": "Plan", "type": "document", "media": [{"file": PDF}]},
    "an article": {
        "text": "# Head\n\nWords **bold**\n\n- one\n- two\n\n1. first\n\n> said\n\n![alt](https://a.example/i.jpg)\n\n```\ncode\n```",
        "title": "News",
        "type": "article",
        "media": [{"file": PHOTO}],
    },
    "a poll": {"text": "Which?", "type": "poll", "poll": {"options": ["Yes", "No"], "duration": DAYS}},
    "a poll with a question": {
        "text": "Tell us",
        "type": "poll",
        "poll": {"question": "Which?", "options": ["Yes", "No"], "duration": MINUTES},
    },
    "a poll without an end": {"text": "Which?", "type": "poll", "poll": {"options": ["Yes", "No"]}},
    "an event": {
        "text": "Hello",
        "title": "Open day",
        "type": "event",
        "start": "2027-03-02T09:00:00+01:00",
        "end": "2027-03-02T12:00:00+01:00",
    },
    "a thread and comments": {
        "text": "Hello",
        "thread": [{"text": "Part two"}, {"text": "Part three", "media": [{"file": PHOTO}]}],
        "comments": [
            {"text": "First", "after": MINUTES},
            {"media": [{"file": VIDEO, "caption": "Still"}], "after": DAYS},
            {"text": "Code", "language": "python"},
        ],
    },
    "sharing": {"text": "Hello", "share": {"accounts": ["a-2"], "after": DAYS, "text": "Look"}},
    "sharing without words": {"text": "Hello", "share": {"accounts": ["a-2"]}},
    "what waits for attention": {
        "text": "Hello",
        "comments": [{"text": "First", "after": MINUTES, "engagement": "over 50", "reach": "under 10"}],
        "share": {"accounts": ["a-2"], "after": DAYS, "reach": "over 50"},
        "auto_delete": {"after": DAYS, "engagement": "under 10"},
    },
    "removal": {"text": "Hello", "auto_delete": {"after": DAYS}},
    "hiding": {"text": "Hello", "auto_delete": {"hide": True, "after": DAYS}},
    "labels": {"text": "Hello", "labels": ["sale", "tips"]},
    "a media that is not uploaded": {"text": "Hello", "type": "photo", "media": [{"file": "sha256:zz"}]},
    "a media without a path": {"text": "Hello", "type": "photo", "media": [{"file": "bare"}]},
}


def _payload(provider: str, content: dict[str, Json]) -> str:
    account = Account("a-1", "Any", provider)
    try:
        made = item(account, AT, Content.from_json(content), UPLOADS)
    except Unsendable as error:
        return f"cannot be sent: {error}"
    shows = face(account, Content.from_json(content))
    return f"{json.dumps(made, ensure_ascii=False)} | shows {shows.title!r} {shows.link!r} {shows.media}"


def _payloads(provider: str) -> Iterator[str]:
    found: dict[str, list[str]] = defaultdict(list)
    for name, content in CONTENTS.items():
        found[_payload(provider, content)].append(name)
    for told, names in found.items():
        yield f"{'; '.join(names)} | {told}"
    reached = [
        name
        for name, content in CONTENTS.items()
        if put_reaches(
            Account("a-1", "Any", provider),
            Content.from_json(content),
            Content.from_json({**content, "text": "New"}),
        )
    ]
    titled = [
        name
        for name, content in CONTENTS.items()
        if put_reaches(
            Account("a-1", "Any", provider),
            Content.from_json(content),
            Content.from_json({**content, "title": "New"}),
        )
    ]
    yield f"new words in place | {'; '.join(reached) or 'nothing'}"
    yield f"a new title in place | {'; '.join(titled) or 'nothing'}"


# --- answers ------------------------------------------------------------------------------------------------------------

ID = "681b6e3c4e299e3d1c9f7a11"
ROW: dict[str, Json] = {
    "id": ID, "text": "Hello", "state": "scheduled", "type": "status", "account_id": "a-1", "scheduled_at": "2027-03-02T09:00:00+01:00",
}  # fmt: skip
ROWS: list[dict[str, Json]] = [
    {},
    {"account_id": None, "account": {"id": "a-2"}},
    {"account_id": "a-1", "account": {"id": "a-2"}},
    {"account_id": None, "account": "a-2"},
    {"title": "News", "url": "https://a.example", "link": {"url": "https://b.example"}},
    {"link": {"url": "https://b.example"}},
    {"link": "https://b.example"},
    {"media": []},
    {"media": [{"id": "m-1", "alt_text": "A"}, {"id": "m-2"}]},
    {"media": {"id": "m-1"}},
    {"media": {}},
    {"media": "one"},
    {"labels": []},
    {"labels": ["sale", {"name": "tips"}, {"id": 7}, None]},
    {"labels": "sale"},
    {"labels": None},
    {"details": {"type": "reel"}},
    {"details": "reel"},
    {"post_link": "https://x.com/1"},
    {"post_link": {"url": "https://x.com/1"}},
    {"source": "sync"},
    {"error": "Too long"},
    {"error": {"message": "Too long"}},
    {"error": ["Too long", "No media"]},
    {"state": "published_deleted"},
    {"state": None},
    {"text": None},
    {"text": 7},
    {"scheduled_at": None},
    {"scheduled_at": "soon"},
    {"scheduled_at": "2027-03-02T09:00:00"},
    {"scheduled_at": 7},
    {"id": None},
    {"id": 7},
    {"user": {"id": 1}},
]
NAMED: list[Json] = [
    [{"account_id": "a-1", "signatures": [{"id": 1, "label": "Team", "text": "Your team"}]}],
    [{"account_id": "a-1", "signatures": [{"id": 1, "label": "Team", "text": "Team"}]}],
    [{"account_id": "a-1", "signatures": [{"id": 1, "text": "Your team"}]}],
    [{"id": "a-2", "signatures": [{"id": 1, "name": "Album", "info": "Of lamps"}]}],
    [
        {
            "id": "a-2",
            "account_id": "a-1",
            "signatures": [{"id": 1, "name": "Album", "text": "", "info": "Of lamps"}],
        }
    ],
    [{"id": "a-2", "signatures": None}, {"id": "a-3"}],
    [{"id": "a-2", "signatures": [{"id": 1, "name": "", "text": 7}]}],
]
JOBS: list[Json] = [
    {"status": "complete"},
    {"status": "complete", "plan": {"locked": True}},
    {"status": "complete", "plan": {"locked": False}},
    {"status": "complete", "plan": "locked"},
    {"data": {"status": "failed", "error": "No"}},
    {"status": "failed", "message": "No"},
    {"status": "working", "data": {"status": "complete"}},
    {"status": "complete", "payload": {"failures": {ID: [{"message": "Too long"}]}}},
    {
        "status": "complete",
        "payload": {
            "failures": [
                {"account_id": "a-1", "account_name": "X", "provider": "twitter", "message": "Too long"}
            ]
        },
    },
    {"status": "complete", "failures": {"a": "Too long"}, "payload": [{"id": "m-1"}, {"error": "Not found"}]},
    {"status": "complete", "payload": {"error": "Too large"}},
    {"status": "complete", "payload": {"id": "m-1", "error": ""}},
    {
        "status": "complete",
        "payload": {"0": {"id": "m-1"}, "1": {"error": "Not found"}, "more": {"id": "m-2"}},
    },
    {"status": "complete", "payload": {"media": [{"id": "m-1"}, "x", {"id": None}]}},
    {"status": "complete", "payload": "x"},
    {"status": ""},
    {"status": 7},
    None,
    [],
]
UPLOADED: list[Json] = [
    {"id": "m-1", "type": "photo"},
    {"data": {"id": "m-1"}},
    {"data": [{"id": "m-1"}]},
    {"data": "x"},
    {"id": "m-1", "data": {"id": "m-2"}},
    {"error": "Too large"},
    {"errors": ["Too large"]},
    [{"id": "m-1"}],
    {},
    None,
]
BODIES: list[Json] = [
    {"error": "Upgrade your plan to use the API"},
    {"errors": ["You have no permission for media"]},
    {"message": "An upload is running"},
    {"error": "Invalid workspace"},
    {},
    "<html><title>Attention Required! | Cloudflare</title></html>",
]


def _told(read: Callable[[], object]) -> str:
    try:
        return repr(read())
    except (Nonsense, PublerSyncError) as error:
        more = [getattr(error, name, None) for name in ("code", "hint", "publer_said", "status")]
        return f"{type(error).__name__}: {error} {[each for each in more if each]}"


def _answers(of: Iterable[Json], read: Callable[[Any], object]) -> Iterator[str]:
    for data in of:
        yield f"{json.dumps(data, ensure_ascii=False)} | {_told(lambda data=data: read(data))}"  # type: ignore[misc]  # bound now


def _row(more: dict[str, Json]) -> str:
    """What is read of a row, as far as it differs from what is read without these fields."""
    [plain] = listed.page({"posts": [ROW]}).posts
    found = listed.page({"posts": [{**ROW, **more}]})
    told = [f"unread: {post.unread}" for post in found.unread]
    for post in found.posts:
        told += [
            f"{each.name}={value}"
            for each in fields(post)
            if each.compare and (value := getattr(post, each.name)) != getattr(plain, each.name)
        ] or ["the same"]
    return ", ".join(told) or "left out"


def _refusals() -> Iterator[str]:
    for status in (301, 400, 401, 402, 403, 404, 405, 413, 415, 422, 429, 451):
        found: dict[str, list[str]] = defaultdict(list)
        for doing in (
            "to list the posts",
            "to schedule the posts",
            "to remove the post",
            "to upload a.jpg",
            "to import a.jpg",
        ):
            for body in BODIES:
                raw = body.encode() if isinstance(body, str) else json.dumps(body).encode()
                error = refusal(Answer(status, {"location": "https://elsewhere.example/x"}, raw), doing=doing)
                told = f"{type(error).__name__} {error.code}: {error.message} > {error.hint}"
                found[told].append(f"{doing} {json.dumps(body)}")
        for told, asked in found.items():
            yield f"{status} {'; '.join(asked)} | {told}"


SECTIONS: dict[str, Callable[[], Iterable[str]]] = {
    **{f"sent to {provider}": partial(_payloads, provider) for provider in NETWORKS},
    "rows": lambda: (f"{json.dumps(more)} | {_row(more)}" for more in ROWS),
    "what posts call by name": lambda: _answers(
        NAMED, lambda data: listed.by_account(data, key="signatures", under="signatures")
    ),
    "jobs": lambda: _answers(JOBS, jobs.job),
    "uploads": lambda: _answers(UPLOADED, jobs.media),
    "refusals": _refusals,
}


def section(heading: str) -> Iterator[str]:
    yield from SECTIONS[heading]()
