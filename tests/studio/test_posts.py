"""What the page gets of each post, and of its words as they are typed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.previewing.marking import Marking
from publer_sync.previewing.page import CardMark
from publer_sync.studio.posts import calendar_data, marks_of, post_data, problem_data, why_not
from publer_sync.values.problems import Location, Problem
from tests.studio.desk import desk_of
from tests.studio.snapshots import GAP, PAGES, post, small, whole
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.studio.desk import Desk

SETTINGS = "timezone: UTC\naccounts: {x: Me, linkedin: Us, bluesky: Sky}\nlimits: {freeze_minutes: 15}\n"
POSTS = """\
posts:
- id: soon
  at: 2027-03-02 09:00
  accounts: [x, linkedin]
  text: &words Soon
- id: again
  at: 2027-03-03 09:00
  accounts: x
  text: *words
- id: alone
  at: 2027-03-04 09:00
  accounts: [x, linkedin]
  text: &nobody Alone
- id: own
  at: 2027-03-05 09:00
  accounts: [{account: x, text: For X}, {account: linkedin, text: For us}]
- id: tip
  evergreen: {every: 8w}
  accounts: nobody
  text: Tip
- {evergreen: {every: 8w}, accounts: x, text: Nameless}
"""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    top = tmp_path / "calendar"
    top.mkdir()
    (top / "publer.yaml").write_text(SETTINGS, encoding="utf-8")
    (top / "posts.yaml").write_text(POSTS, encoding="utf-8")
    with desk_of(top) as desk:
        yield desk


def test_a_post_is_frozen_within_the_minutes_before_it_is_published(desk: Desk) -> None:
    for hour, minute, frozen in ((8, 44, False), (8, 45, True), (8, 59, True), (9, 0, False)):
        desk.clock.at = datetime(2027, 3, 2, hour, minute, tzinfo=UTC)
        assert desk.post("soon")["frozen"] is frozen, minute


def test_what_an_anchor_shares_is_not_edited_and_one_that_nothing_uses_is(desk: Desk) -> None:
    assert {each["id"]: bool(each["why_not"]) for each in desk.posts if not each["stored"]} == {
        "soon": True,
        "again": True,
        "alone": False,
        "own": False,
    }


def test_a_stored_post_on_no_account_is_not_used(desk: Desk) -> None:
    for name in ("tip", "Nameless"):
        told = desk.do(name, move={"day": "2027-03-05", "time": "09:00"})
        assert (told.status, told.say.partition(".")[0]) == (
            422,
            "It cannot be used before its errors are fixed",
        )


def test_the_text_of_a_post_whose_accounts_have_their_own_is_that_of_the_first(desk: Desk) -> None:
    assert desk.post("own")["text"] == "For X"
    assert desk.do("own", edit={"text": "New"}).status == 200
    assert "[{account: x, text: New}, {account: linkedin, text: For us}]" in desk.read("posts.yaml")


@each_of(
    ("fields", "placed"),
    [({"text": "TODO: words"}, [True]), ({"text": "Words", "thread": [{"text": "TODO: more"}]}, [False])],
)
def test_only_what_is_wrong_with_the_text_has_a_place_in_it(
    desk: Desk, fields: dict[str, Any], placed: list[bool]
) -> None:
    told = desk.send("/studio/words", {"key": desk.post("alone")["key"], **fields}).body
    found = [each for each in told["problems"] if each["code"].startswith("text.placeholder")]
    assert [each["from"] is not None for each in found[:1]] == placed, told["problems"]


def test_the_cards_of_what_is_in_no_file_are_asked_for_by_the_calendar(desk: Desk) -> None:
    assert desk.get("/studio/cards?keys=beside-0")["cards"] == {"beside-0": []}


SHARED = "An anchor of YAML shares this value with another place: change it in the file."
NO_TIME = {"day": None, "time": None, "zone": "UTC", "written": None, "counts_from": None, "next": False}


@each_of(
    ("text", "shown"),
    [
        (post("networks: {x: }"), {"text": "One", "texts": {}, "why_not": {}}),
        # accounts of the whole file have their words from there
        (
            "accounts: [{account: x, text: For X}, linkedin]\nposts:\n- {at: 2027-03-02 09:00}\n",
            {"text": "For X", "texts": {"linkedin": ""}},
        ),
        # a star is no alias where it is a part of a text
        (post("title: &words T\nnote: a *words b"), {"why_not": {}}),
        (post("title: &words T\nnote: *words"), {"why_not": {"title": SHARED, "note": SHARED}}),
        (post("comments: [&first {text: A}]\nnote: [*first]"), {"why_not": {"comment": SHARED, "note": SHARED}}),
        # a series has the time of the first of its posts that has one
        (
            GAP.replace("03-26", "03-28").replace("times: 4", "times: 2"),
            {
                "at": {**NO_TIME, "day": "2027-03-29", "time": "00:30", "written": "2027-03-28 02:30"},
                "series": {
                    "every": "day",
                    "numbered": False,
                    "parts": [{"part": "2027-03-29", "day": "2027-03-29", "time": "00:30"}],
                },
            },
        ),
        # what cannot be read is as nothing
        (post(at="[2027-03-02]"), {"at": NO_TIME}),
        (post("repeat: daily"), {"series": {"every": "", "numbered": False, "parts": []}}),
        (post("repeat: {every: week, days: [mon, tue], times: 2}", on="nobody"), {"series": {"every": "week on Mon, Tue", "numbered": False, "parts": []}}),
        (post("labels: [a, {b: c}, [d]]"), {"own_labels": ["a"]}),
        (post("labels: a"), {"own_labels": []}),
        (post("thread: [words, {text: More}]"), {"thread": []}),
        (post("thread: [{text: More}]"), {"thread": ["More"]}),
        (post("link: ' '"), {"link": None}),
        (post("link: {url: https://example.com/a, title: T}"), {"link": "https://example.com/a"}),
        (post("comments: [{text: A, after: 1h}, {text: B}]"), {"comment": {"text": "A", "after": "1h"}}),
        (post("comments: [{text: A, after: [1]}]"), {"comment": None}),
        # on no account, it is shown as its lines say it, as far as they can be read
        (post("thread: [words, {text: More}]", on="nobody"), {"thread": ["More"]}),
        (post("link: ' '", on="nobody"), {"link": None}),
        (post("link: {url: [a]}", on="nobody"), {"link": None}),
        (post("comments: [{text: A, after: [1]}]", on="nobody"), {"comment": {"text": "A", "after": None}}),
        (post("poll: {options: [A, [b]], duration: [1]}", on="nobody"), {"poll": {"options": ["A"], "duration": None, "question": ""}}),
        (post(on="nobody", text="text: [a]\n"), {"text": "", "at": {**NO_TIME, "written": "2027-03-02 09:00"}}),
        (post("poll: {options: [A, B]}"), {"poll": {"options": ["A", "B"], "duration": None, "question": ""}}),
    ],
)  # fmt: skip
def test_what_the_page_edits_of_a_post(
    tmp_path_factory: pytest.TempPathFactory, text: str, shown: dict[str, Any]
) -> None:
    calendar = small(tmp_path_factory.mktemp("post"), {"posts.yaml": whole(text)})
    (key,) = calendar.keys.entries
    found: Any = post_data(calendar, key)
    assert {name: found[name] for name in shown} == shown


def test_another_file_of_the_same_name_has_its_own_anchors(tmp_path_factory: pytest.TempPathFactory) -> None:
    found = []
    for note in ("*words", "plain & *", "*words"):
        calendar = small(
            tmp_path_factory.mktemp("anchors"), {"a.yaml": whole(post(f"title: &words T\nnote: {note}"))}
        )
        found.append(bool(why_not(*calendar.keys.entries.values())))
    assert found == [True, False, True]


def test_new_posts_go_into_files_of_posts_that_can_be_read(tmp_path: Path) -> None:
    page = "---\nsocial:\n- {at: 2027-03-05 09:00, accounts: x, text: Page}\n---\n\nWords\n"
    alone = "---\nid: alone\nat: 2027-03-05 09:00\naccounts: x\n---\n\nWords\n"
    files = {
        "a.yaml": whole(post()),
        "b.yaml": "only words\n",
        "alone.md": alone,
        "blog/p.md": page,
    }
    calendar = small(tmp_path, files, PAGES)
    assert calendar_data(calendar)["files"] == ["a.yaml"]
    why = {entry.document.file: why_not(entry) for entry in calendar.keys.entries.values()}
    assert why == {
        "a.yaml": {},
        "alone.md": {},
        "blog/p.md": {"all": "It is in a page of the website, which is not written to."},
    }


def test_marks_of_a_post_differ_once_plan_would_do_something_else_with_it(tmp_path: Path) -> None:
    calendar = small(tmp_path, {"a.yaml": whole(post())})
    (key,) = calendar.keys.entries
    at, found = datetime(2027, 3, 2, 9, tzinfo=UTC), []
    for place in (("linkedin", at), ("x", at + timedelta(hours=1)), ("x", at)):
        calendar.marking = Marking(marks={place: CardMark("new", "new")})
        found.append(marks_of(calendar, key))
    calendar.marking = Marking(marks={("x", at): CardMark("edit", "edited")})
    found.append(marks_of(calendar, key))
    assert [found[:2], len({*found})] == [["", ""], 3]


def test_a_problem_without_a_place_opens_no_file(tmp_path: Path) -> None:
    calendar = small(tmp_path, {"a.yaml": whole(post())})
    for place, file, line in ((None, "", 0), (Location("a.yaml", 2), "a.yaml", 2)):
        found = problem_data(Problem("error", "some.code", "something is wrong", place), calendar, None)
        assert (found["file"], found["line"], bool(found["open"])) == (file, line, bool(file))


def test_what_became_of_a_post_is_told_as_far_as_it_is_known(tmp_path: Path) -> None:
    calendar = small(tmp_path, {"a.yaml": whole(post(on="[x, linkedin]", at="2027-02-20 09:00"))})
    (key,) = calendar.keys.entries
    place, other = (("x", datetime(2027, 2, 20, hour, tzinfo=UTC)) for hour in (9, 10))
    found = []
    for marking in (
        Marking(published=frozenset({place})),
        Marking(published=frozenset({other})),
        Marking(marks={place: CardMark("missed", "missed")}),
        Marking(marks={place: CardMark("edit", "edited"), other: CardMark("missed", "missed")}),
    ):
        calendar.marking = marking
        found.append(post_data(calendar, key)["fate"])
    calendar.snapshot.now = datetime(2027, 2, 20, 8, 59, tzinfo=UTC)
    assert [*found, post_data(calendar, key)["fate"]] == [
        "Published: Sat 20 Feb, 09:00.",
        "Its time has passed: Sat 20 Feb, 09:00.",
        "Its time has passed, and it was not published: Sat 20 Feb, 09:00.",
        "Its time has passed: Sat 20 Feb, 09:00.",
        "",
    ]
