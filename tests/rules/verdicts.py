"""What the rules say of posts on each network: words, links, pictures, videos, titles, polls and what follows.

Each section is about a network. Each line has posts, and what is said of them, with how to put it right.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from publer_sync.rules.judging import judge
from tests.rules.builders import GIF, MB, PDF, PHOTO, URL, VIDEO, media, poll, post

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from publer_sync.networks.media import MediaInfo
    from publer_sync.values.content import Json, Medium
    from publer_sync.values.model import Post

FOLLOWS: dict[str, Json] = {"duration": 1, "unit": "Minute"}
WORDS: dict[str, str] = {
    "nothing": "",
    "a word": "Hello",
    "a hashtag": "Hello #lamp",
    "31 hashtags": " ".join(f"#tag{n}" for n in range(31)),
    "a hashtag of digits": "Hello #2027",
    "a mention": "Hello @fjordlight",
    "21 mentions": " ".join(f"@name{n}" for n in range(21)),
    "an address": f"See {URL}",
    "a bare address": "See example.com/lamp",
    "an address of one's own machine": "See http://localhost:8000/lamp",
    "an address in brackets": f"See [the lamp]({URL})",
    "an address with a dot after it": f"See {URL}/lamp.",
    "bold words": "**Hello** there",
    "HTML": "<b>Hello</b> there &amp; more",
    "two cashtags": "$ABC and $DEF",
    "a price": "It costs $5",
    "a phone number": "Call +47 55 12 34 56",
    "a placeholder": "TODO: find words",
    "a template": "Hello {{ name }}",
    "a word twice": "Hello hello the the lamp",
    "a day": "On Monday, see you",
    "another weekday with a date": "On Friday 2 March 2027",
    "reserved letters": "Hello (there) <you> [me] {us}",
    "many lines": "\n".join("line" for _ in range(60)),
    "a long line in capitals": "HELLO THERE " * 20,
    "an emoji": "Hello 👩‍👩‍👧",
    "white space at the end": "Hello   \n\n\n\nthere",
    "280 letters": "a" * 280,
    "281 letters": "a" * 281,
    "300 letters": "a" * 300,
    "301 letters": "a" * 301,
    "500 letters": "a" * 500,
    "501 letters": "a" * 501,
    "1,500 letters": "a" * 1500,
    "1,501 letters": "a" * 1501,
    "2,200 letters": "a" * 2200,
    "2,201 letters": "a" * 2201,
    "3,000 letters": "a" * 3000,
    "3,001 letters": "a" * 3001,
    "70,000 letters": "a" * 70000,
}
WITH_MEDIA: dict[str, tuple[MediaInfo, ...]] = {
    "a photo": (PHOTO,),
    "two photos": (PHOTO, PHOTO),
    "five photos": (PHOTO,) * 5,
    "eleven photos": (PHOTO,) * 11,
    "a large photo": (replace(PHOTO, size=9 * MB),),
    "a tiny photo": (replace(PHOTO, width=100, height=100),),
    "a wide photo": (replace(PHOTO, width=4000, height=400),),
    "a tall photo": (replace(PHOTO, width=400, height=4000),),
    "a huge photo": (replace(PHOTO, width=9000, height=9000),),
    "a webp photo": (replace(PHOTO, mime="image/webp"),),
    "a video": (VIDEO,),
    "two videos": (VIDEO, VIDEO),
    "a photo and a video": (PHOTO, VIDEO),
    "a short video": (replace(VIDEO, duration=1.0),),
    "a long video": (replace(VIDEO, duration=4000.0),),
    "a large video": (replace(VIDEO, size=900 * MB),),
    "a wide video": (replace(VIDEO, width=1920, height=1080),),
    "a GIF": (GIF,),
    "a large GIF": (replace(GIF, size=20 * MB),),
    "a GIF of many frames": (replace(GIF, frames=400, width=2000, height=2000),),
    "a document": (PDF,),
    "a large document": (replace(PDF, size=120 * MB),),
    "two documents": (PDF, PDF),
}
REST: dict[str, dict[str, Json]] = {
    "a title": {"text": "Hello", "title": "News"},
    "a long title": {"text": "Hello", "title": "n" * 300},
    "a link": {"text": "Hello", "link": {"url": URL}},
    "a link with a tracker": {"text": "Hello", "link": {"url": f"{URL}?fbclid=1"}},
    "a link that is none": {"text": "Hello", "link": {"url": "lamp"}},
    "a link in the words too": {"text": f"See {URL}", "link": {"url": URL}},
    "a poll": {"text": "Which?", "poll": poll("Yes", "No")},
    "a poll of one": {"text": "Which?", "poll": poll("Yes")},
    "a poll of twelve": {"text": "Which?", "poll": poll(*map(str, range(12)))},
    "a poll with long options": {"text": "Which?", "poll": poll("y" * 60, "n")},
    "a poll with an option twice": {"text": "Which?", "poll": poll("Yes", "yes")},
    "a poll of thirty days": {"text": "Which?", "poll": poll("Yes", "No", days=30)},
    "a poll with a question": {"text": "Tell us", "poll": poll("Yes", "No", question="Which?")},
    "a poll with a long question": {"text": "Which?", "poll": poll("Yes", "No", question="q" * 200)},
    "a poll and a photo": {"text": "Which?", "poll": poll("Yes", "No"), "media": media()},
    "a thread": {"text": "One", "thread": [{"text": "Two"}]},
    "a thread of one that is empty": {"text": "One", "thread": [{"text": ""}]},
    "a thread that is too long": {"text": "One", "thread": [{"text": "a" * 600}]},
    "a comment": {"text": "Hello", "comments": [{"text": "First", "after": FOLLOWS}]},
    "two comments": {"text": "Hello", "comments": [{"text": "One"}, {"text": "Two"}]},
    "a comment that is empty": {"text": "Hello", "comments": [{"text": ""}]},
    "a comment that is too long": {"text": "Hello", "comments": [{"text": "a" * 9000}]},
    "a share": {"text": "Hello", "share": {"accounts": ["x"], "after": FOLLOWS}},
    "a share with long words": {"text": "Hello", "share": {"accounts": ["x"], "text": "a" * 3500}},
    "a removal": {"text": "Hello", "auto_delete": {"after": FOLLOWS}},
    "labels": {"text": "Hello", "labels": ["sale"]},
    "a draft that is too long": {"text": "a" * 3500, "draft": True},
    "a document without a title": {"text": "Hello", "type": "document", "media": media()},
    "a story with words": {"text": "Hello", "type": "story", "media": media()},
    "a reel": {"text": "Hello", "type": "reel", "media": media()},
    "an event": {"text": "Hello", "title": "Day", "type": "event"},
    "an event that ends before it begins": {
        "text": "Hello", "title": "Day", "type": "event", "start": "2027-03-02T09:00:00+01:00", "end": "2027-03-01T09:00:00+01:00",
    },
    "an article": {"text": "# Head\n\nWords", "title": "News", "type": "article"},
    "a picture without a description": {"text": "Hello", "media": [{"file": "sha256:0"}]},
    "a picture with a long description": {"text": "Hello", "media": media(alt="d" * 1600)},
    "a picture twice": {"text": "Hello", "media": [{"file": "sha256:0", "alt": "A"}, {"file": "sha256:0", "alt": "A"}]},
}  # fmt: skip


def _cases() -> Iterator[tuple[str, dict[str, Any], tuple[MediaInfo, ...]]]:
    for name, words in WORDS.items():
        yield name, {"text": words}, ()
    for name, infos in WITH_MEDIA.items():
        yield name, {"text": "Hello", "title": "News", "media": media(len(infos))}, infos
    for name, content in REST.items():
        kinds = (PHOTO,) * 2 if "media" in content else ()
        yield name, content, (PDF,) if content.get("type") == "document" else kinds


def _verdicts(one: Post, files: Mapping[Medium, MediaInfo]) -> Iterator[str]:
    for each in judge([one], inspector=lambda _, medium: files.get(medium)):
        yield f"{each.severity} {each.code}: {each.message} > {' / '.join(str(each.help).splitlines())}"


def section(provider: str) -> Iterator[str]:
    found: dict[str, list[str]] = defaultdict(list)
    for name, content, infos in _cases():
        one = post(provider, **content)
        files = dict(zip(one.content.media, infos, strict=False))
        found["; ".join(_verdicts(one, files)) or "nothing"].append(name)
    for verdict, names in found.items():
        yield f"{', '.join(names)} | {verdict}"
