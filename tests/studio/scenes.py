"""Scenes for `told`: a calendar, and what somebody does in the studio over it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from tests.studio.repositories import committed
from tests.studio.scene_calendars import (
    DEFAULTS,
    JUMBLED,
    MOVES,
    NEW,
    NEW_YORK,
    ODD,
    ON,
    SAYS,
    SERIES,
    SETTINGS,
    STORY,
    THERE,
)
from tests.system.worlds import png

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tests.studio.told import Scribe


@dataclass(frozen=True)
class Scene:
    files: Mapping[str, str | bytes]
    play: Callable[[Scribe], None]
    committed: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)
    large: bool = False
    """As if it had a thousand posts: what a change cannot affect is not judged again, and all is told as of a small calendar."""
    beside: tuple[str, ...] = ()
    """Other calendars that are open too, by their folders beside the first."""

    def write(self, top: Path) -> None:
        for name, text in {"publer.yaml": SETTINGS, **self.files}.items():
            (top / name).parent.mkdir(exist_ok=True)
            (top / name).write_bytes(text.encode() if isinstance(text, str) else text)
        if self.committed:
            committed(top, "First")


# --- which accounts a post is on


def accounts(scribe: Scribe) -> None:
    for name, wanted in (
        ("one", ["linkedin"]),
        ("one", ["x", "linkedin"]),
        ("one", ["x"]),
        ("one", ["facebook", "bluesky"]),
        ("one", []),
        ("one", ["nobody"]),
        ("group", ["x"]),
        ("group", ["x", "bluesky", "facebook"]),
        ("group", ["facebook"]),
        ("list", ["x"]),
        ("list", ["linkedin", "facebook"]),
        ("list", ["facebook", "bluesky"]),
        ("less", ["x", "facebook", "linkedin", "bluesky"]),
        ("less", ["x", "facebook"]),
        ("less", ["bluesky"]),
        ("own", ["bluesky"]),
        ("own", ["x"]),
        ("own", ["facebook"]),
        ("whole", ["x", "linkedin", "facebook"]),
        ("whole", ["x"]),
        ("only", ["x", "bluesky"]),
        ("only", ["x"]),
    ):
        scribe.do(name, edit={"accounts": wanted})
    scribe.do("one", edit={"accounts": ["linkedin"], "text": "Both"}, move={"day": "2027-03-05"})


# --- what a post says


def says(scribe: Scribe) -> None:
    order: Any
    for name, edit in (
        ("plain", {"text": "Other words\n"}),
        ("plain", {"text": "Plain words"}),
        ("plain", {"text": ""}),
        ("plain", {"texts": {"x": "Own", "linkedin": "Own"}}),
        ("plain", {"text": "New", "texts": {"facebook": "Page"}}),
        ("plain", {"title": "T", "link": " https://example.com/b ", "labels": [" a ", "", "a", "b"]}),
        ("plain", {"draft": True, "note": "n"}),
        ("plain", {"comment": {"text": "A comment"}, "media": [{"path": "media/one.png", "alt": "One"}]}),
        ("plain", {"comment": None, "media": None, "poll": None, "thread": None, "labels": None}),
        ("plain", {"poll": {"options": ["A ", "B"], "duration": " 2d ", "question": " "}}),
        ("plain", {"media": [{"path": "https://example.com/c.png"}, {"path": "/media/one.png", "alt": " "}]}),
        ("plain", {"thread": [{"text": "2"}, {"text": "3", "was": 7}]}),
        ("each", {"text": "New for all"}),
        ("each", {"texts": {"x": None}}),
        ("each", {"texts": {"linkedin": None, "x": "Newer"}}),
        ("each", {"text": "Own words for X", "texts": {"x": "Own words for X"}}),
        ("each", {"texts": {"facebook": "Page"}}),
        ("each", {"title": "Theirs"}),
        ("full", {"title": "", "link": "", "note": "", "labels": [], "draft": False}),
        (
            "full",
            {"title": "Title", "link": "https://example.com/a", "note": " A note ", "labels": ["one", "two"]},
        ),
        ("full", {"link": "https://example.com/z"}),
        ("full", {"labels": ["two", "three"]}),
        (
            "full",
            {"media": [{"path": "https://example.com/two.png", "alt": "Zwei"}, {"path": "media/one.png"}]},
        ),
        ("full", {"media": []}),
        ("full", {"comment": None}),
        ("full", {"comment": {"text": "First", "after": "2h"}}),
        ("full", {"comment": {"text": "First", "after": ""}}),
        ("asked", {"poll": {"options": ["A", "B", "C"], "question": "", "duration": ""}}),
        ("asked", {"poll": {"options": ["A", "B"], "question": "Which one?", "duration": "1d"}}),
        ("asked", {"poll": None}),
        ("long", {"thread": [{"text": "3", "was": 1}, {"text": "two", "was": 0}]}),
        ("long", {"thread": []}),
        ("No id", {"text": "Now with others"}),
        ("No id", {"note": "n", "draft": True, "title": "T"}),
    ):
        scribe.do(name, edit=edit)
    for order in (
        {"add": ["three"], "remove": ["one"]},
        {"remove": ["one", "two"]},
        {"add": ["one"]},
        {"remove": ["none"]},
    ):
        scribe.do("full", label=order)
    scribe.several("full", "plain", label={"add": ["both"]})
    scribe.several("full", "plain", move={"by": -1})
    scribe.several("full", "plain", move={"by": 3})
    scribe.several("full", "No id", remove={})


def defaults(scribe: Scribe) -> None:
    for name, edit in (
        ("plain", {"labels": ["all", "more"]}),
        ("plain", {"labels": []}),
        ("plain", {"title": ""}),
        ("plain", {"title": "Own"}),
        ("plain", {"draft": False}),
        ("plain", {"link": None}),
        ("full", {"title": "Of all", "link": "https://example.com/"}),
        ("full", {"draft": False, "title": ""}),
        ("full", {"labels": ["all"]}),
    ):
        scribe.do(name, edit=edit)
    scribe.do("full", label={"remove": ["all"]})
    scribe.several("full", "plain", label={"remove": ["all"]})
    scribe.write("publer.yaml", SETTINGS + "defaults: {title: '', draft: false, link: ''}\n")
    for edit in ({"title": ""}, {"draft": False}, {"link": ""}):
        scribe.do("full", edit=edit)


# --- series


def series(scribe: Scribe) -> None:
    order: Any
    for name, parts in (
        ("weekly", ["2027-03-02", "2027-03-09", "2027-03-30"]),
        ("twice", ["2027-03-01", "2027-03-04", "2027-03-18"]),
        ("counted", ["2027-03-01", "2027-03-04"]),
        ("monthly", ["2027-03-10", "2027-04-10"]),
        ("dated", ["1", "3"]),
        ("late", ["2027-03-31", "2027-05-31"]),
        ("No id", ["2027-03-02", "2027-03-16"]),
    ):
        for part in parts:
            day = f"{part[:8]}{int(part[8:]) % 28 + 1:02}" if "-" in part else "2027-03-09"
            for kind in ("this", "all"):
                scribe.do(name, move={"day": day, "part": part, "series": kind})
                scribe.do(name, remove={"part": part, "series": kind})
        scribe.do(name, duplicate={"day": "2027-04-20", "part": parts[0]})
        scribe.do(name, move={"time": "17:00", "part": parts[-1], "series": "all"})
    for order in (
        {"move": {"day": "2027-03-03"}},
        {"move": {"day": "2027-03-03", "part": "2027-03-02", "accounts": ["x"], "series": "this"}},
        {"move": {"day": "2027-03-03", "part": "2027-03-05", "series": "all"}},
        {"move": {"day": "2027-03-09", "part": "2027-03-02", "series": "all"}},
        {"move": {"day": "2027-03-10", "part": "2027-03-02", "series": "all"}},
        {"move": {"by": 1, "series": "all"}},
        {"remove": {}},
        {"remove": {"part": "2027-03-05", "series": "this"}},
        {"remove": {"series": "all"}},
        {"duplicate": {"day": "2027-04-20", "part": "2027-03-05"}},
        {"edit": {"text": "All of them"}},
        {"swap": {"with": {"post": "twice"}, "move": {"day": "2027-03-01"}}},
    ):
        scribe.do("weekly", **order)
    scribe.do("unread", move={"day": "2027-03-09", "series": "all"})
    scribe.do("unread", move={"day": "2027-03-09", "series": "this"})
    scribe.do("unread", remove={"series": "all"})
    scribe.ask("days", "unread", **{"from": "2027-03-09", "to": "2027-03-09"})
    scribe.do("twice", move={"day": "2027-03-04", "part": "2027-03-01", "series": "all"})
    scribe.do("twice", move={"day": "2027-03-02", "part": "2027-03-01", "series": "all"})
    scribe.do("twice", move={"day": "2027-03-08", "part": "2027-03-01", "series": "all"})


# --- moves


def moves(scribe: Scribe) -> None:
    for name, move in (
        ("one", {"day": "2027-03-03"}),
        ("one", {"time": "10:15"}),
        ("one", {"day": "2027-03-04", "time": "10:15:30"}),
        ("one", {"by": 2}),
        ("one", {"by": -1}),
        ("one", {"at": "2027-03-06T07:08:00+00:00"}),
        ("one", {"day": "2027-03-03", "accounts": ["x"]}),
        ("one", {"day": "2027-03-03", "accounts": ["linkedin"]}),
        ("one", {"day": "2027-03-28", "time": "02:30"}),
        ("one", {"day": "2027-01-28"}),
        ("one", {"day": "2027-3-3"}),
        ("one", {"time": "9 o'clock"}),
        ("one", {"day": "2027-03-08"}),
        ("one", {}),
        ("both", {"day": "2027-03-05"}),
        ("both", {"day": "2027-03-05", "of": "x"}),
        ("both", {"day": "2027-03-05", "time": "10:00", "of": "x"}),
        ("both", {"day": "2027-03-05", "time": "10:00"}),
        ("both", {"at": "2027-03-06T07:08:00+00:00"}),
        ("late", {"day": "2027-03-11"}),
        ("early", {"day": "2027-03-11"}),
        ("early", {"day": "2027-03-28", "of": "linkedin"}),
        ("early", {"day": "2027-03-11", "accounts": ["x"]}),
        ("one", {"day": "2027-02-01", "time": "13:00"}),
        ("one", {"day": "2027-02-01", "time": "13:01"}),
        ("cursed", {"day": "2027-02-02", "time": "10:00"}),
        ("waits", {"at": "2027-03-06T07:08:00+00:00"}),
        ("own", {"day": "2027-03-06"}),
        ("own", {"time": "13:00"}),
        ("own", {"day": "2027-03-09", "of": "linkedin"}),
        ("own", {"time": "08:00", "of": "facebook"}),
        ("own", {"day": "2027-03-07", "accounts": ["facebook", "linkedin"]}),
        ("own", {"day": "2027-03-07", "accounts": ["linkedin"]}),
        ("day", {"day": "2027-03-05"}),
        ("day", {"time": "10:00"}),
        ("waits", {"day": "2027-03-05"}),
        ("waits", {"day": "2027-03-05", "time": "10:00"}),
        ("waits", {"time": "10:00"}),
        ("from", {"day": "2027-03-14"}),
        ("from", {"time": "10:00"}),
        ("soon", {"day": "2027-02-02"}),
        ("gone", {"day": "2027-02-02"}),
        ("cursed", {"day": "2027-02-02"}),
        ("there", {"day": "2027-03-11"}),
        ("there", {"day": "2027-03-15"}),
        ("there", {"time": "16:00"}),
        ("story", {"day": "2027-03-29"}),
    ):
        scribe.do(name, move=move)
    for name, duplicate in (
        ("one", {"day": "2027-03-09"}),
        ("one", {"day": "2027-03-09", "time": "10:00"}),
        ("own", {"day": "2027-03-09", "of": "linkedin"}),
        ("own", {"day": "2027-03-09", "time": "07:00"}),
        ("late", {"day": "2027-03-12"}),
        ("day", {"day": "2027-03-09"}),
        ("from", {"day": "2027-03-15"}),
        ("there", {"day": "2027-03-16"}),
        ("story", {"day": "2027-03-30", "time": "12:00"}),
        ("gone", {"day": "2027-03-09"}),
        ("one", {"day": "2027-01-09"}),
        ("waits", {"day": "2027-03-09"}),
    ):
        scribe.do(name, duplicate=duplicate)
    there = {"post": "two"}
    for move in (
        {"day": "2027-03-08"},
        {"day": "2027-03-09"},
        {"day": "2027-03-08", "accounts": ["facebook"]},
    ):
        scribe.do("one", swap={"with": there, "move": move})
    scribe.do("one", swap={"with": {"post": "one"}, "move": {"day": "2027-03-08"}})
    scribe.do("one", swap={"with": "0-99", "move": {"day": "2027-03-08"}})
    scribe.do("gone", swap={"with": there, "move": {"day": "2027-03-08"}})
    at = {"day": "2027-03-02", "time": "09:00", "of": "x"}
    scribe.do("both", swap={"with": {"post": "one"}, "move": at})
    for name in ("one", "own", "cursed", "gone", "waits", "story", "there"):
        scribe.do(name, remove={})
    scribe.several("one", "gone", move={"by": 1})
    scribe.several("one", "two", "there", move={"by": 1})


def days(scribe: Scribe) -> None:
    for name, more in (
        ("one", {}),
        ("one", {"accounts": ["x"]}),
        ("own", {"of": "linkedin"}),
        ("own", {"time": "02:30"}),
        ("day", {}),
        ("waits", {}),
        ("waits", {"time": "10:00"}),
        ("from", {}),
        ("early", {}),
        ("early", {"accounts": ["x"]}),
        ("early", {"accounts": ["linkedin"], "time": "09:00"}),
        ("soon", {}),
        ("soon", {"accounts": ["facebook"]}),
        ("gone", {}),
        ("cursed", {}),
        ("there", {"time": "02:30"}),
        ("story", {}),
    ):
        scribe.ask("days", name, **{"from": "2027-03-26", "to": "2027-03-29", **more})
    scribe.ask("days", "early", **{"from": "2027-03-04", "to": "2027-03-05", "accounts": ["x"]})
    scribe.ask("days", "one", **{"from": "2027-03-07", "to": "2027-03-08"})
    scribe.ask("days", "one", **{"from": "2027-01-31", "to": "2027-02-02"})
    scribe.ask("days", "one", **{"from": "2027-03-08", "to": "2027-03-07"})
    scribe.ask("days", "one", **{"from": "2027-03-08", "to": "2028-04-12"})
    scribe.ask("days", "one", **{"from": "x", "to": "2028-04-12"})
    for body in (
        {},
        {"day": "2027-03-02"},
        {"day": "2027-03-09"},
        {"day": "2027-01-09"},
        {"from": "2027-03-01"},
        {"day": "x"},
    ):
        scribe.ask("fresh", **body)


def slots(scribe: Scribe) -> None:
    body: Any
    for body in (
        {},
        {"day": "2027-03-04"},
        {"day": "2027-03-08"},
        {"day": "2027-03-11"},
        {"from": "2027-03-01"},
        {"from": "2026-01-01"},
    ):
        scribe.ask("fresh", **body)
    for name, day in (
        ("waits", "2027-03-08"),
        ("cursed", "2027-03-08"),
        ("cursed", "2027-03-04"),
        ("cursed", "2027-03-05"),
    ):
        scribe.do(name, move={"day": day})
        scribe.ask("days", name, **{"from": day, "to": day})


# --- posts that come


def new(scribe: Scribe) -> None:
    for order in (
        {"day": "2027-03-10", "accounts": ["x"], "text": "A new post"},
        {
            "day": "2027-03-10",
            "time": "10:30",
            "accounts": ["x", "facebook"],
            "text": "Two",
            "texts": {"x": "Short"},
        },
        {
            "day": "2027-03-25",
            "accounts": ["facebook"],
            "text": "Last",
            "title": "T",
            "link": " https://example.com ",
            "note": "n",
        },
        {
            "day": "2027-03-01",
            "accounts": ["facebook"],
            "text": "First",
            "draft": True,
            "labels": ["a", "a", " "],
        },
        {"day": "2027-04-10", "accounts": ["x"], "text": "In April"},
        {"day": "2027-05-10", "accounts": ["x"], "text": "Between"},
        {"day": "2027-06-10", "accounts": ["x"], "text": "In a file of another name"},
        {"day": "2027-03-10", "accounts": ["x"], "text": "Chosen", "file": "2027-05.yaml"},
        {"day": "2027-03-10", "accounts": ["x"], "text": "Chosen anew", "file": "more/extra.yaml"},
        {"day": "2027-03-10", "accounts": ["x"], "text": "Outside", "file": "../extra.yaml"},
        {"day": "2027-03-10", "accounts": ["x"], "text": "No posts", "file": "publer.yaml"},
        {"day": "2027-03-10", "accounts": ["x"], "text": "Theirs", "file": "other/posts.yaml"},
        {
            "day": "2027-03-10",
            "accounts": ["x"],
            "text": "A poll",
            "poll": {"options": [" A ", "B"], "duration": "1d"},
        },
        {
            "day": "2027-03-10",
            "accounts": ["x"],
            "text": "1",
            "thread": [{"text": "2"}],
            "comment": {"text": "c", "after": " 1h "},
        },
        {"day": "2027-03-10", "accounts": ["facebook"], "media": [{"path": "media/one.png", "alt": "One"}]},
        {"day": "2027-03-10", "accounts": ["x"], "text": "Twice", "id": "one"},
        {"day": "2027-03-10", "accounts": ["x"], "text": "In New York", "file": "there.yaml"},
        {"day": "2027-02-01", "time": "13:00", "accounts": ["x"], "text": "Now"},
        {"day": "2027-02-01", "time": "13:01", "accounts": ["x"], "text": "In a minute"},
        {"day": "2027-03-10", "accounts": ["x"], "text": "No page", "file": "more.md"},
        {"day": "2027-03-10", "accounts": [], "text": "Nowhere"},
        {"day": "2027-01-10", "accounts": ["x"], "text": "Past"},
        {"day": "2027-03-02", "accounts": ["x"], "text": "Taken"},
        {"day": "2027-03-28", "time": "02:30", "accounts": ["x"], "text": "No such time"},
        {"day": "2027-03-10", "accounts": ["nobody"], "text": "Nobody"},
    ):
        scribe.do("", new={"calendar": "", **order})
    scribe.ask("fresh")
    scribe.ask("fresh", day="2027-03-20")
    scribe.kept("", new={"calendar": "", "day": "2027-03-11", "accounts": ["facebook", "x"], "text": "Kept"})
    scribe.ask("fresh")
    scribe.ask("undo")
    for name in ("one", "three", "b"):
        scribe.do(name, duplicate={"day": "2027-03-15" if name != "b" else "2027-05-15"})


# --- what is counted while somebody types


def words(scribe: Scribe) -> None:
    fields: Any
    long = "Word " * 70
    for name, fields in (
        ("plain", {}),
        ("plain", {"text": " Padded \n"}),
        ("plain", {"text": long}),
        ("plain", {"text": "See https://example.com/a and #tag @you", "texts": {"x": "Own 👩‍🚀"}}),
        ("plain", {"accounts": ["bluesky", "nobody"], "text": "Elsewhere"}),
        ("plain", {"title": "T", "link": "https://example.com", "draft": True, "text": "x"}),
        ("plain", {"poll": {"options": ["A", ""], "question": "Q", "duration": "soon"}, "text": "x"}),
        ("plain", {"thread": [{"text": "2"}, {"text": long}], "comment": {"text": "c", "after": "1h"}}),
        ("each", {}),
        ("each", {"text": "All", "day": "2027-03-09"}),
        ("full", {}),
        ("full", {"link": "", "comment": None, "poll": None, "title": ""}),
        ("full", {"link": "https://example.com/q?utm_source=a"}),
        ("asked", {}),
        ("long", {}),
    ):
        scribe.ask("words", name, **fields)
    for fields in (
        {"accounts": ["x"], "text": "New"},
        {"accounts": ["facebook", "x"], "text": "", "media": [{"path": "media/one.png"}]},
        {"accounts": ["x"], "text": "New", "day": "2027-03-09"},
        {"accounts": ["x"], "text": "New", "day": "x"},
        {"text": "Nowhere"},
    ):
        scribe.ask("words", **fields)


# --- what there is


def there(scribe: Scribe) -> None:
    scribe.get("posts")
    scribe.get("outline")
    for name in ("tip", "other", "broken"):
        scribe.do(name, move={"day": "2027-06-20"})
        scribe.do(name, duplicate={"day": "2027-06-21", "time": "10:00"})
        scribe.do(name, edit={"text": "Another tip"})
        scribe.do(name, label={"add": ["spring"], "remove": ["none"]})
        scribe.do(name, remove={})
    scribe.do("tip", move={"day": "2027-04-05", "time": "13:00"})
    scribe.do("tip@launch+60d09:00", duplicate={"day": "2027-06-22"})
    scribe.do("tip@launch+60d09:00", move={"day": "2027-06-23"})
    scribe.do("tip@launch+60d09:00", label={"remove": ["spring"]})
    for name in ("tip", "other"):
        for first in ("2027-04-12", "2027-05-09", "2027-06-28"):
            scribe.ask("days", name, **{"from": first, "to": f"{first[:8]}{int(first[8:]) + 2:02}"})
    for name in ("first", "second", "third"):
        scribe.do(name, edit={"text": "New words"})
        scribe.do(name, edit={"note": "A note"})


# --- what cannot be changed


def odd(scribe: Scribe) -> None:
    order: Any
    for name, order in (
        ("From a page", {"move": {"day": "2027-03-07"}}),
        ("From a page", {"edit": {"text": "Other words"}}),
        ("From a page", {"duplicate": {"day": "2027-03-08"}}),
        ("From a page", {"remove": {}}),
        ("nowhere", {"move": {"day": "2027-03-07"}}),
        ("nowhere", {"edit": {"text": "Other words"}}),
        ("nowhere", {"label": {"add": ["spring"]}}),
        ("nowhere", {"duplicate": {"day": "2027-03-08"}}),
        ("nowhere", {"remove": {}}),
        ("elsewhere", {"remove": {}}),
        ("vague", {"duplicate": {"day": "2027-03-08"}}),
    ):
        scribe.do(name, **order)
    for name in ("From a page", "nowhere", "vague"):
        scribe.ask("days", name, **{"from": "2027-03-09", "to": "2027-03-09"})
    scribe.ask("words", "nowhere", text="Other words")
    scribe.do("plain", edit={})
    scribe.several("plain", "plain", remove={})
    scribe.several("plain", "vague", move={"day": "2027-03-09"})
    scribe.several("plain", "vague", move={"time": "10:00"})
    new = {"calendar": "", "day": "2027-03-28", "accounts": ["x"], "text": "New"}
    scribe.do("", new=new)
    scribe.ask("fresh", day="2027-03-28")
    scribe.write("publer.yaml", f"{SETTINGS.replace('time: 09:00', 'time: 02:30')}")
    scribe.do("", new=new)
    scribe.ask("fresh", day="2027-03-28")


# --- what differs from the last commit


def since(scribe: Scribe) -> None:
    scribe.get("changes")
    for name, order in (
        ("one", {"move": {"day": "2027-03-03"}}),
        ("own", {"move": {"time": "14:00"}}),
        ("day", {"edit": {"text": "Other", "labels": ["a"], "draft": True}}),
        ("from", {"edit": {"accounts": ["x", "linkedin"]}}),
        ("two", {"remove": {}}),
        ("waits", {"edit": {"note": "n"}}),
        ("there", {"edit": {"link": "https://example.com"}}),
        ("story", {"move": {"day": "2027-03-26"}}),
        ("weekly", {"remove": {"part": "2027-03-09", "series": "this"}}),
        ("twice", {"remove": {"part": "2027-03-11", "series": "all"}}),
        ("counted", {"move": {"day": "2027-03-05", "part": "2027-03-01", "series": "this"}}),
        ("No id", {"duplicate": {"day": "2027-04-20", "part": "2027-03-02"}}),
        ("monthly", {"edit": {"text": "Every month"}}),
    ):
        scribe.desk.do(name, **order)
    scribe.write("there.yaml", NEW_YORK.replace("America/New_York", "Asia/Tokyo"))
    scribe.write("extra.yaml", "posts:\n- {id: extra, at: 2027-03-09 19:00, accounts: x, text: Extra}\n")
    told = scribe.get("changes")
    rows = [word for file in told["files"] for word in file["words"] if word["was"]]
    for word in rows:
        scribe.ask("restore", file=word["was"][0], line=word["was"][1])
    scribe.get("changes")
    for body in (
        {"file": "extra.yaml"},
        {"file": "story.md"},
        {"file": "2027-03.yaml", "line": 99},
        {"file": "x", "calendar": 3},
    ):
        scribe.ask("restore", **body)
    for _ in range(4):
        scribe.ask("undo")
    scribe.ask("redo")
    scribe.ask("undo", step=1)
    scribe.ask("redo", step=77)


# --- two calendars in one window


def two(scribe: Scribe) -> None:
    body: Any
    for name in ("Ours", "Theirs", "Nobody's", ""):
        scribe.ask("fresh", calendar=name)
        scribe.ask("words", calendar=name, accounts=["x"], text="New")
        scribe.do("", new={"calendar": name, "day": "2027-03-11", "accounts": ["x"], "text": "New"})
        scribe.ask("discard", calendar=name, path="media/one.png")
        scribe.ask("discard", calendar=name, path="media/one.png", back=True)
    scribe.ask("words", "theirs")
    scribe.kept("ours", move={"day": "2027-03-12"})
    scribe.kept("theirs", move={"day": "2027-03-13"})
    scribe.ask("fresh", calendar="Theirs")
    for body in (
        {"name": "a", "calendar": "Theirs", "values": {"text": "Not saved"}},
        {
            "name": "b",
            "key": {"post": "theirs"},
            "values": {"text": "Nor this", "media": [{"path": "media/one.png"}]},
        },
        {"name": "c", "key": "0-99", "values": {"text": "Of a post that is gone"}},
        {"name": "a", "calendar": "Ours", "values": {"text": "Taken along"}},
        {"name": "d", "values": {"text": "Of the first"}},
    ):
        scribe.ask("kept", **body)
    scribe.write(
        "2027-03.yaml", "posts:\n- {id: ours, at: 2027-03-02 09:00, accounts: x, text: Saved elsewhere}\n"
    )
    scribe.get("posts")
    scribe.ask("kept", name="b")
    scribe.get("changes")
    for body in (
        {"file": "2027-03.yaml", "calendar": 1},
        {"file": "2027-03.yaml"},
        {"file": "2027-03.yaml", "calendar": 2},
    ):
        scribe.ask("restore", **body)
    for step in (None, 1, 2, 9):
        scribe.ask("undo", step=step)
    scribe.ask("redo")
    scribe.ask("back")
    scribe.ask("review", mark="another")
    scribe.get("texts?keys=0-1,1-1,9-9")
    scribe.get("cards?keys=beside-0,9-9")
    for body in (
        {},
        {"edit": {"text": "a"}, "remove": {}},
        {"move": {"day": 5}},
        {"new": {"day": "2027-03-01"}},
    ):
        scribe.ask("change", do=body)
    scribe.ask("change", "ours", revision="old", do={"remove": {}})
    scribe.ask("change", key="0-77", revision="old", do={"remove": {}})
    scribe.ask("days", key="0-77", **{"from": "2027-03-01", "to": "2027-03-02"})


PICTURES: Final = {"media/one.png": png(1)}
SCENES: Final[Mapping[str, Scene]] = {
    "accounts": Scene({"2027-03.yaml": ON}, accounts),
    "says": Scene({"2027-03.yaml": SAYS, **PICTURES}, says),
    "defaults": Scene({"publer.yaml": DEFAULTS, "2027-03.yaml": SAYS, **PICTURES}, defaults),
    "series": Scene({"2027-03.yaml": SERIES}, series),
    "moves": Scene({"2027-03.yaml": MOVES, "there.yaml": NEW_YORK, "story.md": STORY}, moves),
    "days": Scene({"2027-03.yaml": MOVES, "there.yaml": NEW_YORK, "story.md": STORY}, days),
    "slots": Scene(
        {
            "publer.yaml": SETTINGS + "slots: {x: [mon 10:00, thu 11:30], facebook: [fri 12:00]}\n",
            "2027-03.yaml": MOVES,
            "there.yaml": NEW_YORK,
            "story.md": STORY,
        },
        slots,
        large=True,
    ),
    "new": Scene(
        {
            "2027-03.yaml": NEW,
            "2027-05.yaml": JUMBLED,
            "lamps-2027-06.yaml": "posts:\n- {id: j, at: 2027-06-02 09:00, accounts: x, text: J}\n",
            "there.yaml": NEW_YORK,
            "2027-04-posts.md": STORY.replace("2027-03", "2027-04"),
            "other/publer.yaml": SETTINGS,
            **PICTURES,
        },
        new,
        large=True,
    ),
    "words": Scene({"2027-03.yaml": SAYS, **PICTURES}, words),
    "there": Scene(THERE, there, options={"now": datetime(2027, 4, 5, 12, tzinfo=UTC)}),
    "two": Scene(
        {
            "publer.yaml": f"name: Ours\n{SETTINGS}",
            "2027-03.yaml": "posts:\n- {id: ours, at: 2027-03-02 09:00, accounts: x, text: Ours}\n",
            "../other/publer.yaml": f"name: Theirs\n{SETTINGS}",
            "../other/2027-03.yaml": "posts:\n- {id: theirs, at: 2027-03-03 09:00, accounts: [x, linkedin], text: Theirs}\n",
            "../other/media/one.png": png(1),
        },
        two,
        large=True,
        beside=("other",),
    ),
    "odd": Scene(ODD, odd, committed=True),
    "since": Scene(
        {"2027-03.yaml": MOVES, "series.yaml": SERIES, "there.yaml": NEW_YORK, "story.md": STORY},
        since,
        committed=True,
    ),
}
