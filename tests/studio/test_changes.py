"""What somebody does on the page, and the lines that it changes in the files: those that a careful person would have typed."""

from __future__ import annotations

import shutil
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.editing.edits import Drop
from publer_sync.studio import changes, series
from tests.conftest import ROOT
from tests.studio.desk import Desk, desk_of
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STORY: tuple[tuple[str, dict[str, Any], str], ...] = (
    (
        "launch",  # the time that stands for x alone goes with the post's day
        {"move": {"day": "2027-03-03"}},
        "-  at: Tue 2027-03-02 09:00\n+  at: Wed 2027-03-03 09:00",
    ),
    (
        "launch",
        {"move": {"day": "2027-03-06", "accounts": ["x"]}},
        "-      at: 10:30\n+      at: 2027-03-06 10:30",
    ),
    (
        "launch",
        {"move": {"time": "11:00"}},
        """-  at: Wed 2027-03-03 09:00
+  at: Wed 2027-03-03 11:00
-      at: 2027-03-06 10:30
+      at: 2027-03-06 12:30""",
    ),
    (
        "First pictures",  # a day alone stays one
        {"move": {"day": "2027-03-03"}},
        "-- at: 2027-03-04\n+- at: 2027-03-03",
    ),
    (
        "launch",
        {"edit": {"texts": {"bluesky": "Short words"}}},
        "+    bluesky:\n+      text: |\n+        Short words",
    ),
    (
        "launch",
        {"edit": {"text": "Meet the Mini.\n\nIt is small.", "texts": {"x": None}}},
        """-    Meet the Fjordlight Mini: 90 grams, twelve hours of light, and a battery you can change yourself.
+    Meet the Mini.
+
+    It is small.
-      text: |
-        Meet the Fjordlight Mini: 90 grams, twelve hours of light 🔦""",
    ),
    ("launch", {"edit": {"link": None}}, "-  link: https://example.com/mini"),
    (
        "launch",
        {"edit": {"accounts": ["facebook", "x", "linkedin"]}},
        "-    bluesky:\n-      text: |\n-        Short words\n-  - bluesky",
    ),
    (
        "equinox",
        {"edit": {"accounts": ["facebook", "linkedin", "bluesky"]}},
        "-  accounts: all\n+  accounts: [all, -x]",
    ),
    (
        "equinox",
        {
            "edit": {
                "accounts": ["facebook", "x", "linkedin", "bluesky"],
                "texts": {"x": "Day and night"},
                "labels": ["calendar", "season", "spring"],
            }
        },
        """-  accounts: [all, -x]
+  accounts: all
-  labels: [season]
+  labels: [season, spring]
+  networks:
+    x:
+      text: |
+        Day and night""",
    ),
    (
        "equinox",
        {"edit": {"draft": True, "note": "Waits: no photo yet"}},
        '+  draft: true\n+  note: "Waits: no photo yet"',
    ),
    ("equinox", {"edit": {"draft": False, "note": ""}}, '-  draft: true\n-  note: "Waits: no photo yet"'),
    (
        "market",
        {"edit": {"comment": {"text": "Row D", "after": "2h"}}},
        """-  - after: 1h
+  - after: 2h
-      Row C, beside the baker: https://example.com/market
+      Row D""",
    ),
    (
        "thread",
        {
            "edit": {
                "thread": [
                    {"text": "3: keep it cool. 4: use it.", "was": 1},
                    {"text": "2: do not leave it full for weeks, either.", "was": 0},
                ]
            }
        },
        """+      3: keep it cool. 4: use it.
+  - text: |
-  - text: |
-      3: keep it cool. 4: use it.""",
    ),
    (
        "poll",
        {"edit": {"poll": {"options": ["A candle", "My phone", "A torch"], "duration": "1d"}}},
        "-    - My bed\n-    duration: 3d\n+    duration: 1d",
    ),
    (
        "First pictures",
        {"edit": {"media": [{"path": "media/workshop.png", "alt": "A lathe, a lamp shade"}]}},
        """-    alt: A sheet of aluminium on a lathe, half of it a lamp shade already
+    alt: A lathe, a lamp shade""",
    ),
    (
        "First pictures",
        {
            "edit": {
                "media": [
                    {"path": "media/table.png", "alt": "A table"},
                    {"path": "media/workshop.png", "alt": "A lathe, a lamp shade"},
                ]
            }
        },
        "+  - file: media/table.png\n+    alt: A table",
    ),
    (
        "tip",
        {"move": {"day": "2027-03-17", "part": "2027-03-16", "series": "this"}},
        """-    except: [2027-03-23]
+    except: [2027-03-16, 2027-03-23]
+- id: tip-2027-03-16
+  at: Wed 2027-03-17
+  text: |
+    Tuesday tip: dry your lamp before you charge it.""",
    ),
    (
        "tip",
        {"move": {"day": "2027-04-01", "part": "2027-03-30", "series": "all"}},
        """-    until: Tue 2027-03-30
-    except: [2027-03-16, 2027-03-23]
+    until: Tue 2027-03-09
+- id: tip-2
+  at: Thu 2027-04-01
+  text: |
+    Tuesday tip: dry your lamp before you charge it.
+  repeat:
+    every: week
+    days: [thu]
+    until: Thu 2027-04-01""",
    ),
    (
        "announcement",
        {"move": {"day": "2027-03-02"}, "edit": {"title": ""}},
        "-  at: Mon 2027-03-01 09:00\n+  at: Tue 2027-03-02 09:00",
    ),
    (
        "announcement",
        {"duplicate": {"day": "2027-03-24"}},
        """+- id: announcement-2
+  at: Wed 2027-03-24 09:00
+  text: |
+    Something small and bright is coming on Tuesday.
+
+    One lamp. Three ways to carry it. #fjordlight""",
    ),
    (
        "made-in-bergen",
        {"move": {"day": "2027-03-27"}},
        "-at: Thu 2027-03-25 08:30\n+at: Sat 2027-03-27 08:30",
    ),
    (
        "summer-time",
        {"remove": {}},
        """-- id: summer-time
-  at: Sun 2027-03-28 10:00
-  accounts: words
-  text: |
-    The clocks went forward tonight. Your lamp does not mind.""",
    ),
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """The example calendar, open."""
    shutil.copytree(ROOT / "examples" / "calendar", tmp_path / "calendar")
    with desk_of(tmp_path / "calendar") as made:
        yield made


def changed_lines(diff: str) -> str:
    lines = [line for line in diff.split("\n") if line[:1] in ("+", "-") and line[:3] not in ("+++", "---")]
    return "\n".join(lines)


def files_of(top: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in top.iterdir() if each.is_file()}


@pytest.mark.slow
def test_a_working_week_is_the_lines_that_a_careful_person_would_type(desk: Desk) -> None:
    first = files_of(desk.top)
    for number, (name, do, lines) in enumerate(STORY):
        told = desk.do(name, **do)
        assert told.status == 200, (name, do, told)
        assert changed_lines(told.body["diff"]) == lines, (name, do)
        assert told.body["undo"], number
    last = files_of(desk.top)
    for _ in STORY:
        told = desk.send("/studio/undo", {})
        assert told.status == 200, told
    assert files_of(desk.top) == first
    assert told.body["undo"] is None
    for _ in STORY:
        told = desk.send("/studio/redo", {})
    assert files_of(desk.top) == last
    assert told.body["redo"] is None


def test_what_would_add_an_error_is_not_written_and_offers_to_swap(desk: Desk) -> None:
    before, key = desk.read("2027-03-launch.yaml"), desk.post("First pictures")["key"]
    told = desk.do("launch", move={"day": "2027-03-04"})
    assert told.status == 422
    refused = told.body["refused"]
    assert refused["problems"][0]["code"] == "slot.twice"
    assert refused["open"].startswith("vscode://file/")
    assert refused["swap"] == key
    assert desk.read("2027-03-launch.yaml") == before
    told = desk.do("launch", swap={"with": key, "move": {"day": "2027-03-04"}})
    assert changed_lines(told.body["diff"]) == (
        "-  at: Tue 2027-03-02 09:00\n+  at: Thu 2027-03-04 09:00\n-- at: 2027-03-04\n+- at: 2027-03-02"
    )
    assert told.body["say"].endswith("swapped")


@pytest.mark.story
def test_a_calendar_with_errors_can_be_put_right(desk: Desk) -> None:
    path = desk.top / "2027-03.yaml"
    path.write_text(path.read_text().replace("2027-03-20 18:00", "Mon 2027-03-20 18:00"))
    told = desk.do("poll", move={"day": "2027-03-16"})
    assert (told.status, told.body["problems"]) == (200, []), told
    assert [
        each["code"] for each in desk.get("/studio/posts")["problems"] if each["severity"] == "error"
    ] == ["time.weekday"]
    assert all(told.body["cards"][desk.post("poll")["key"]]), "each as it is drawn now"
    told = desk.do("equinox", move={"day": "2027-03-21", "time": "18:00"})
    assert changed_lines(told.body["diff"]) == "-  at: Mon 2027-03-20 18:00\n+  at: Sun 2027-03-21 18:00"
    assert [each for each in desk.get("/studio/posts")["problems"] if each["severity"] == "error"] == []


def test_an_error_in_what_was_not_written_is_told_of_its_post_where_that_is_now(desk: Desk) -> None:
    """The change would push later posts down: the line that it is about has another post as long as nothing is written."""
    post = desk.post("launch")
    told = desk.do("launch", edit={"texts": {"x": "Two\nlines\n" + "word " * 90}})
    assert told.status == 422
    refused = told.body["refused"]
    (problem,) = refused["problems"]
    assert (problem["key"], problem["line"], refused["line"]) == (post["key"], post["line"], post["line"])
    assert refused["open"] == problem["open"] == post["open"]


def test_a_new_post_stands_among_those_of_its_month(desk: Desk) -> None:
    name = desk.get("/studio/posts")["calendars"][0]["name"]
    new = {
        "calendar": name,
        "day": "2027-03-11",
        "time": "10:00",
        "accounts": ["x", "bluesky"],
        "text": "We mend lamps: yours, too",
        "texts": {"x": "We mend lamps"},
        "labels": ["calendar", "repair"],
        "media": [{"path": "media/table.png", "alt": "A table"}],
    }
    told = desk.send("/studio/change", {"do": {"new": new}})
    assert told.status == 200, told
    assert (
        changed_lines(told.body["diff"])
        == """+- id: we-mend-lamps-yours-too
+  at: Thu 2027-03-11 10:00
+  accounts:
+  - account: x
+    text: |
+      We mend lamps
+  - bluesky
+  text: |
+    We mend lamps: yours, too
+  media:
+  - file: media/table.png
+    alt: A table
+  labels: [repair]"""
    )
    assert desk.read("2027-03.yaml").index("we-mend-lamps") < desk.read("2027-03.yaml").index("id: poll")
    told = desk.send("/studio/change", {"do": {"new": {**new, "day": "2027-06-01"}}})
    assert (told.status, (desk.top / "2027-06.yaml").exists()) == (200, True)
    desk.send("/studio/undo", {})
    assert not (desk.top / "2027-06.yaml").exists()


def test_a_new_post_is_a_draft_only_where_its_form_says_so(desk: Desk) -> None:
    """Also in a file whose `defaults` make a draft of every post that does not say otherwise."""
    (desk.top / "2027-06.yaml").write_text("defaults: {draft: true}\nposts: []\n", encoding="utf-8")
    name = desk.get("/studio/posts")["calendars"][0]["name"]
    for text, draft in (("One", False), ("Two", True)):
        new = {"calendar": name, "day": "2027-06-11", "accounts": ["x"], "text": text, "draft": draft}
        hour = "10:00" if draft else "11:00"
        told = desk.send("/studio/change", {"do": {"new": {**new, "time": hour}}})
        assert told.status == 200, told
        assert f"+  draft: {str(draft).lower()}" in told.body["diff"]


@pytest.mark.parametrize(
    ("do", "say"),
    [
        ({"move": {"day": "2027-01-04"}}, "has passed"),
        ({"move": {"day": "2027-02-30"}}, "2027-02-30 is not a valid date"),
        ({"move": {"day": "2027-03-28", "time": "02:30"}}, "02:30"),
        ({"edit": {"accounts": []}}, "needs an account"),
        ({"edit": {"accounts": ["nobody"]}}, "no account `nobody`"),
        ({"edit": {"text": ""}}, "neither text nor media"),
    ],
)
def test_what_cannot_be_written_says_why(desk: Desk, do: dict[str, Any], say: str) -> None:
    before = files_of(desk.top)
    told = desk.do("announcement", **do)
    assert told.status == 422
    assert say in told.say
    assert files_of(desk.top) == before


@pytest.mark.parametrize("slots", ["", "slots: {x: [sun 08:00]}\n"])
@pytest.mark.parametrize(
    ("timezone", "day"), [("America/Santiago", "2027-09-05"), ("America/Havana", "2027-11-07")]
)
def test_a_day_whose_midnight_the_clocks_skip_or_repeat_gets_posts_as_every_other(
    tmp_path: Path, timezone: str, day: str, slots: str
) -> None:
    (tmp_path / "publer.yaml").write_text(f"timezone: {timezone}\naccounts: {{x: Me}}\n{slots}", "utf-8")
    (tmp_path / "a.yaml").write_text(
        "accounts: x\nposts:\n- {id: waits, at: next, text: Waits}\n", encoding="utf-8"
    )
    at = "08:00" if slots else "09:00"
    with desk_of(tmp_path) as desk:
        for request in ({"day": day}, {"from": day}):
            told = desk.send("/studio/fresh", request)
            assert (told.status, told.body) == (200, {"day": day, "time": at, "accounts": ["x"]}), request
        told = desk.do("waits", move={"day": day})
        assert (told.status, f"at: Sun {day} {at}" in desk.read("a.yaml")) == (200, True), told
        desk.clock.at = datetime.fromisoformat(f"{day}T05:30Z")
        assert desk.send("/studio/fresh", {}).status == 200


@pytest.mark.story
@each_of(
    ("written", "line"),
    [
        ("accounts: x  # why", "  accounts: linkedin  # why"),
        ("accounts: [x]", "  accounts: [linkedin]"),
        ("accounts:\n  - account: x\n    text: My own", "  - linkedin"),
        ("accounts:\n  # why\n  - x  # because\n  - facebook", "  - linkedin"),
        ("accounts: [x, facebook]", "  accounts: [linkedin]"),
    ],
)
def test_a_post_leaves_all_its_accounts_for_another(tmp_path: Path, written: str, line: str) -> None:
    top = tmp_path / "calendar"
    top.mkdir(exist_ok=True)
    (top / "publer.yaml").write_text("timezone: UTC\naccounts: {x: Me, linkedin: We, facebook: Us}\n")
    (top / "posts.yaml").write_text(
        f"posts:\n- id: one\n  at: 2027-03-02 09:00\n  {written}\n  text: Words\n"
    )
    with desk_of(top) as desk:
        told = desk.do("one", edit={"accounts": ["linkedin"]})
        assert told.status == 200, told.say
        assert "one is on linkedin and is no longer on x" in told.say
        assert line in desk.read("posts.yaml").splitlines()


NAMED = """posts:
- id: teaser
  at: launch - 7d 09:00            # a week before
  accounts: x
  text: |
    Soon
- id: monday
  at: mon before launch 17:00
  accounts: x
  text: |
    Tomorrow
- id: doors
  at: conf - 2h
  accounts: x
  text: |
    Doors open
- id: day
  at: launch
  accounts: x
  text: |
    Today
"""


@pytest.mark.story
def test_what_counts_from_a_date_goes_on_counting(tmp_path: Path) -> None:
    top = tmp_path / "calendar"
    top.mkdir()
    (top / "publer.yaml").write_text(
        "timezone: Europe/Berlin\ntime: 09:00\ndates: {launch: 2027-04-06, conf: 2027-05-20 09:30}\naccounts: {x: Me}\n"
    )
    (top / "posts.yaml").write_text(NAMED)
    with desk_of(top) as desk:
        for name, order, line in (
            ("teaser", {"day": "2027-03-31"}, "+  at: launch - 6d 09:00            # a week before"),
            (
                "teaser",
                {"day": "2027-04-06", "time": "08:00"},
                "+  at: launch 08:00            # a week before",
            ),
            ("monday", {"day": "2027-04-01"}, "+  at: thu before launch 17:00"),
            ("monday", {"day": "2027-03-23"}, "+  at: launch - 14d 17:00"),
            ("doors", {"time": "08:30"}, "+  at: conf - 1h"),
            ("doors", {"day": "2027-05-18"}, "+  at: conf - 2d 08:30"),
            ("day", {"day": "2027-04-08"}, "+  at: launch + 2d"),
        ):
            told = desk.do(name, move=order)
            assert told.status == 200, (name, order, told)
            assert changed_lines(told.body["diff"]).split("\n")[1] == line, (name, order)


def test_what_does_not_read_back_as_it_was_meant_is_not_written(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each change is proved, so that a mistake of ours becomes a refusal."""
    before = files_of(desk.top)
    monkeypatch.setattr(series, "shift", lambda *_: None)
    told = desk.do("tip", move={"day": "2027-03-10", "part": "2027-03-09", "series": "all"})
    assert (told.status, "would not read as intended" in told.say) == (422, True)
    monkeypatch.setattr(changes, "set_accounts", lambda edits, _: edits.do(Drop((*edits.base, "text"))))
    told = desk.do("equinox", edit={"accounts": ["x"]})
    assert (told.status, "would not read as intended" in told.say) == (422, True)
    assert files_of(desk.top) == before


def test_a_value_that_an_anchor_shares_says_so_before_anybody_types(tmp_path: Path) -> None:
    (tmp_path / "publer.yaml").write_text("timezone: UTC\naccounts: {x: Me}\n")
    (tmp_path / "posts.yaml").write_text(
        "posts:\n- {id: one, at: 2027-03-03 09:00, accounts: x, text: &words One}\n"
        "- {id: two, at: 2027-03-04 09:00, accounts: x, text: *words}\n"
    )
    before = (tmp_path / "posts.yaml").read_text()
    with desk_of(tmp_path) as desk:
        assert "anchor" in desk.post("two")["why_not"]["text"]
        told = desk.do("two", edit={"text": "Two"})
        assert (told.status, "anchor" in told.say, told.body["refused"]["paste"]) == (
            422,
            True,
            "text: |\n  Two",
        )
        assert told.body["refused"]["open"].endswith("posts.yaml:3")
        assert desk.read("posts.yaml") == before


def test_a_copy_moves_the_own_date_of_an_account_by_as_much(tmp_path: Path) -> None:
    (tmp_path / "publer.yaml").write_text("timezone: UTC\naccounts: {x: X, linkedin: LinkedIn}\n")
    (tmp_path / "posts.yaml").write_text(
        "posts:\n- id: one\n  at: 2027-03-03 09:00\n  accounts: [x, linkedin]\n  text: One\n"
        "  networks: {linkedin: {at: 2027-03-05 12:00}}\n"
    )
    with desk_of(tmp_path) as desk:
        told = desk.do("one", duplicate={"day": "2027-03-10"})
        assert (told.status, told.say) == (200, "one duplicated on Wed 10 Mar, 09:00")
        copy = desk.post("one-2")
        assert (copy["at"]["day"], copy["at"]["time"]) == ("2027-03-10", "09:00")
        assert copy["times"]["linkedin"]["day"] == "2027-03-12"
        assert copy["times"]["linkedin"]["time"] == "12:00"


def test_a_move_tells_the_time_of_the_card_that_moved_and_none_moves_into_the_past(tmp_path: Path) -> None:
    (tmp_path / "publer.yaml").write_text("timezone: UTC\naccounts: {x: X, linkedin: LinkedIn}\n")
    (tmp_path / "posts.yaml").write_text(
        "posts:\n- id: one\n  at: 2027-02-03 10:00\n  accounts: [x, linkedin]\n  text: One\n"
        "  networks: {linkedin: {at: 2027-02-05 12:00}}\n"
    )
    with desk_of(tmp_path) as desk:
        told = desk.do("one", move={"day": "2027-02-06", "of": "linkedin"})
        assert (told.status, told.say) == (200, "one moved to Sat 6 Feb, 12:00")
        told = desk.do("one", move={"day": "2027-02-08", "of": "x"})
        assert (told.status, told.say) == (200, "one moved to Mon 8 Feb, 10:00")
        told = desk.do("one", move={"day": "2027-02-02", "of": "linkedin"})
        assert (told.status, "has passed" in told.say) == (422, True)


def test_a_copy_of_a_page_takes_the_place_of_no_other_file(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples" / "calendar", tmp_path / "calendar")
    with desk_of(tmp_path / "calendar") as desk:
        page = desk.read("made-in-bergen.md")
        for number, day in ((2, "2027-03-28"), (3, "2027-03-29")):
            told = desk.do("made-in-bergen", duplicate={"day": day})
            assert told.status == 200, told.raw
            assert day in desk.read(f"made-in-bergen-{number}.md")
        assert "2027-03-28" in desk.read("made-in-bergen-2.md")
        assert desk.read("made-in-bergen.md") == page


def test_a_post_on_no_account_goes_without_what_was_saved_meanwhile(tmp_path: Path) -> None:
    """Neither somebody's comment in the file nor what the studio wrote goes with it."""
    (tmp_path / "publer.yaml").write_text("timezone: UTC\naccounts: {x: X}\n")
    post = "- id: {0}\n  at: 2027-03-0{1} 09:00\n  accounts: {2}\n  text: {0}\n"
    one, three = post.format("one", 3, "x  # why"), post.format("three", 5, "x")
    (tmp_path / "posts.yaml").write_text(f"posts:\n{one}{post.format('two', 4, 'nobody')}{three}")
    with desk_of(tmp_path) as desk:
        (tmp_path / "posts.yaml").write_text(
            desk.read("posts.yaml").replace("# why", "# not before Anna agrees")
        )
        assert desk.do("three", edit={"text": "Third"}).status == 200
        assert desk.do("two", remove={}).say == "two removed"
        left = f"posts:\n{one}{three}".replace("# why", "# not before Anna agrees")
        assert desk.read("posts.yaml") == left.replace("text: three", "text: Third")
