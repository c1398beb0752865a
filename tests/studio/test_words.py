"""What is counted, and told to be wrong, while somebody types: what saving the form would come to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.studio.desk import desk_of
from tests.system.worlds import png
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.studio.desk import Desk

SETTINGS = """\
timezone: UTC
accounts:
  x: {name: Me, provider: twitter}
  facebook: {name: Us, provider: facebook}
  telegram: {name: Tell, provider: telegram}
  instagram: {name: Pics, provider: instagram}
  youtube: {name: Films, provider: youtube}
  mastodon: {name: Here, provider: mastodon}
  linkedin: {name: We, provider: linkedin}
  google: {name: Shop, provider: google}
  work: {name: Somebody}
defaults: {append: {telegram: More, instagram: "TODO: link"}}
words: [{never: [cheap]}]
"""
POSTS = """\
posts:
- {id: plain, at: 2027-03-02 09:00, accounts: [x, facebook], text: Plain}
- {id: link, at: 2027-03-02 10:00, accounts: x, text: L, link: https://example.com/a}
- {id: meant, at: 2027-03-02 11:00, accounts: facebook, type: link, text: L, link: https://example.com/a}
- {id: poll, at: 2027-03-02 12:00, accounts: x, text: Q?, poll: {options: [A, B], duration: 1d, question: Q?}}
- {id: shown, at: 2027-03-02 13:00, accounts: [x, telegram], text: S, media: [{file: media/one.png, alt: A lamp}]}
- {id: half, at: 2027-03-02 14:00, accounts: x, text: H, media: [{file: media/one.png}, {file: media/none.png}]}
- id: long
  at: 2027-03-02 15:00
  accounts: x
  text: "1"
  thread: [{text: "2", media: [{file: media/one.png, alt: A lamp}]}]
- {id: said, at: 2027-03-02 16:00, accounts: x, text: C, comments: [{text: c, media: [{file: media/one.png, alt: A lamp}]}, {text: "TODO: d"}]}
- {id: gone, at: 2027-01-02 16:00, accounts: x, text: Gone}
- {id: never, at: nonsense, accounts: x, text: Never}
- id: fair
  at: nonsense
  accounts: google
  type: event
  text: Fair
  title: Fair
  networks: {google: {start: 2027-02-10T09:00:00+00:00, end: 2027-02-10T18:00:00+00:00}}
- {id: signed, at: 2027-03-03 09:00, accounts: telegram, text: One, append: {telegram: Own}}
- {id: film, at: 2027-03-03 10:00, accounts: youtube, text: One, title: T, media: [{url: https://example.com/a.mp4}]}
- {id: both, at: 2027-03-03 10:30, accounts: linkedin, text: One, media: [{file: media/one.png, alt: A lamp}, {file: media/page.pdf}]}
- {id: page, at: 2027-03-03 11:00, accounts: linkedin, text: One, media: [{file: media/page.pdf}]}
- {id: remarked, at: 2027-03-03 12:00, accounts: x, text: One, comments: [{text: cheap}]}
- {id: drafted, at: 2027-03-03 13:00, accounts: x, text: LONG, draft: true}
- {id: warned, at: 2027-03-03 14:00, accounts: mastodon, text: One, networks: {mastodon: {spoiler_text: Warn}}}
- {id: open, at: 2027-03-03 15:00, accounts: mastodon, text: One}
- {id: allowed, at: 2027-03-03 16:00, accounts: x, text: cheap, ignore: {words.never: It is}}
- {id: timeless, accounts: x, text: cheap}
- {id: titled, at: 2027-03-03 17:00, accounts: facebook, text: One, link: {url: https://example.com/a, title: Own title}}
- id: own
  at: 2027-03-02 17:00
  accounts: [x, instagram]
  text: Own
  networks: {instagram: {media: [{url: "https://example.com/one.jpg", alt: A lamp}]}}
"""
ONE = {"path": "media/one.png", "alt": "A lamp"}
POSTS = POSTS.replace("LONG", "a" * 281)
FILM = {"path": "media/film.mp4"}
POLL = {"options": ["A", "B"], "duration": "1d", "question": "Plain"}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "publer.yaml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "posts.yaml").write_text(POSTS, encoding="utf-8")
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "one.png").write_bytes(png(1))
    (tmp_path / "media" / "page.pdf").write_bytes(b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n")
    with desk_of(tmp_path) as desk:
        yield desk


@pytest.fixture
def posts(desk: Desk) -> dict[str, Any]:
    return {each["id"] or each["text"]: each for each in desk.posts}


@each_of(
    "name, fields, counts, wrong",
    [
        ("plain", {}, "x 5/280, facebook 5/63206", ""),
        ("plain", {"poll": POLL, "accounts": ["x"]}, "x 5/280", ""),
        ("plain", {"accounts": ["x"], "media": [{**ONE, "alt": " "}]}, "x 5/280", "media.no-alt"),
        ("plain", {"accounts": ["x"], "media": [FILM, ONE]}, "x 5/280", "media.mixed"),
        ("plain", {"accounts": ["x"], "text": " \U0001f526 cheap"}, "x 8/280", "words.never@4-9"),
        ("plain", {"accounts": ["x"], "text": "cheap"}, "x 5/280", "words.never@0-5"),
        ("plain", {"accounts": ["x"], "text": None}, "x 0/280", ""),
        ("link", {"link": None}, "x 1/280", ""),
        ("meant", {"link": None}, "facebook 1/63206", "type.none"),
        ("poll", {"poll": None}, "x 2/280", ""),
        ("poll", {"poll": {**POLL, "duration": None}}, "x 2/280", "poll.duration, poll.unasked"),
        ("shown", {}, "x 1/280, telegram 7/1024", ""),
        ("shown", {"media": None}, "x 1/280, telegram 7/4096", ""),
        (
            "shown",
            {"media": [{"path": "media/one.png", "alt": ""}]},
            "x 1/280, telegram 7/1024",
            "media.no-alt, media.no-alt",
        ),
        ("own", {"media": [], "link": None}, "x 3/280, instagram 15/2200", "text.placeholder"),
        (
            "own",
            {"media": [{**ONE, "alt": ""}]},
            "x 3/280, instagram 15/2200",
            "media.no-alt, text.placeholder",
        ),
        ("shown", {"media": [{"path": "media/one.png"}]}, "x 1/280, telegram 7/1024", ""),
        ("shown", {"media": [{"path": "unknown", "alt": "A"}]}, "x 1/280, telegram 7/1024", ""),
        ("page", {"media": [{"path": "media/page.pdf"}]}, "linkedin 3/3000", "linkedin.title.none"),
        ("page", {"title": "T", "media": [{"path": "media/page.pdf"}]}, "linkedin 3/3000", ""),
        ("both", {"media": [{"path": "media/page.pdf"}]}, "linkedin 3/3000", "linkedin.title.none"),
        ("both", {"media": [ONE]}, "linkedin 3/3000", ""),
        # what is not typed is as the file has it
        ("signed", {}, "telegram 8/4096", ""),
        ("film", {}, "youtube 3/5000", ""),
        ("remarked", {}, "x 3/280", "words.never"),
        ("drafted", {}, "x 281/280", "x.text.length.soft@280-281"),
        ("drafted", {"draft": False}, "x 281/280", "x.text.length@280-281"),
        ("warned", {}, "mastodon 7/500", "field.unproved"),
        ("open", {}, "mastodon 3/500", ""),
        ("allowed", {}, "x 5/280", ""),
        ("timeless", {}, "x 5/280", "words.never@0-5"),
        ("poll", {"poll": {"options": ["A", "B"], "duration": "1d"}}, "x 2/280", ""),
        ("half", {"media": [{"path": "media/one.png"}]}, "x 1/280", "media.no-alt"),
        ("long", {"thread": [{"text": "2", "was": 0}]}, "x 1/280", "thread.alt"),
        (
            "long",
            {"thread": [{"text": "2", "was": 1}, {"text": "3", "was": -1}, {"text": "4"}]},
            "x 1/280",
            "",
        ),
        ("long", {"thread": None}, "x 1/280", ""),
        ("plain", {"comment": None}, "x 5/280, facebook 5/63206", ""),
        ("plain", {"comment": {"text": " cheap "}, "accounts": ["x"]}, "x 5/280", "words.never"),
        ("plain", {"link": "https://example.com/a", "accounts": ["x"]}, "x 5/280", ""),
        ("said", {"comment": {"text": "c"}}, "x 1/280", "text.placeholder, comments.alt"),
        ("said", {"comment": None}, "x 1/280", "text.placeholder"),
        ("gone", {"text": "cheap"}, "x 5/280", ""),
        ("gone", {"text": "cheap", "day": "2027-03-09"}, "x 5/280", "words.never@0-5"),
        ("never", {"text": "cheap"}, "x 5/280", "words.never@0-5"),
        # without a time, it is one of tomorrow
        ("fair", {}, "google 4/1500", ""),
        ("fair", {"day": "2027-02-11"}, "google 4/1500", "google.event.over"),
        ("", {"accounts": ["telegram"], "text": "New", "media": [ONE]}, "telegram 9/1024", ""),
        (
            "",
            {"accounts": ["instagram"], "text": "New", "media": [ONE]},
            "instagram 15/2200",
            "text.placeholder",
        ),
        ("", {"accounts": ["youtube"], "text": "New", "media": [FILM], "title": "T"}, "youtube 3/5000", ""),
        (
            "",
            {"accounts": ["youtube"], "media": [FILM], "title": None},
            "youtube 0/5000",
            "youtube.title.none",
        ),
        ("", {"accounts": ["work"], "text": " New\n"}, "work 3/None", ""),
        # what is added to the words is nowhere in them
        ("", {"accounts": ["telegram"], "text": "a" * 4096}, "telegram 4102/4096", "telegram.text.length"),
        ("", {"accounts": ["x"], "text": "cheap"}, "x 5/280", "words.never@0-5"),
        (
            "",
            {"accounts": ["x"], "text": "a" * 281, "draft": True},
            "x 281/280",
            "x.text.length.soft@280-281",
        ),
        ("", {"accounts": ["x"], "text": "a" * 281, "draft": None}, "x 281/280", "x.text.length@280-281"),
    ],
)
def test_only_what_saving_would_refuse_or_warn_of_is_told(
    desk: Desk, posts: dict[str, Any], name: str, fields: Any, counts: str, wrong: str
) -> None:
    key = {"key": posts[name]["key"]} if name else {}
    told = desk.send("/studio/words", {**key, **fields}).body
    found = [f"{alias} {each['used']}/{each['limit']}" for alias, each in told["counts"].items()]
    codes = [
        each["code"] + (f"@{each['from']}-{each['to']}" if each["from"] is not None else "")
        for each in told["problems"]
    ]
    assert (", ".join(found), ", ".join(codes)) == (counts, wrong)


def test_a_link_keeps_its_title_while_its_address_is_typed(desk: Desk, posts: dict[str, Any]) -> None:
    asked = {"key": posts["titled"]["key"], "link": "https://example.com/b"}
    shown = desk.send("/studio/words", asked).body["shown"]["facebook"]
    assert ("Own title" in shown, "https://example.com/b" in shown, "example.com/a" in shown) == (
        True,
        True,
        False,
    )


def test_what_settings_add_may_leave_no_room_for_any_words(tmp_path: Path) -> None:
    more = "a" * 300
    (tmp_path / "publer.yaml").write_text(
        f"timezone: UTC\naccounts: {{x: Me}}\ndefaults: {{append: {{x: {more}}}}}\n", encoding="utf-8"
    )
    with desk_of(tmp_path) as desk:
        for text, used, over in (("b", 303, 0), ("bb", 304, 1), ("  bb", 304, 3)):
            told = desk.send("/studio/words", {"accounts": ["x"], "text": text}).body["counts"]["x"]
            assert told == {"used": used, "limit": 280, "over_from": over}
