"""Stored posts from the command line: `fill --evergreen`, and what every other command says of a store and its uses."""

from __future__ import annotations

import json
import re
import shutil
from collections import defaultdict
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import ROOT
from tests.system.worlds import ACCOUNTS, DAY, HOUR, T, World, clocks

if TYPE_CHECKING:
    from pathlib import Path

MONDAY = T + (7 - T.weekday()) * DAY
"""Nine o'clock in the morning."""
STORE = """\
accounts: [linkedin, x]
posts:
- id: tip-1
  evergreen: {every: 8w}
  text: The first tip
- id: tip-2
  evergreen: {every: 8w, times: 2}
  variants:
  - text: The second tip
  - text: The second tip again
"""


def settings(world: World, **more: Any) -> None:
    world.settings(slots={"linkedin": ["mon 09:00", "wed 09:00"]}, **more)


@pytest.fixture
def world(empty_world: World) -> World:
    settings(empty_world)
    (empty_world.top / "tips.yaml").write_text(STORE, encoding="utf-8")
    return empty_world


def fill(world: World, until: datetime, *words: str | Path, code: int = 0) -> Any:
    ran = world.run(
        "fill", world.top, "--evergreen", "--until", f"{until:%Y-%m-%d}", "--yes", "--format", "json", *words
    )
    assert ran.code == code, ran
    return json.loads(ran.stdout)


def given(document: Any) -> list[tuple[str, int, str, tuple[str, ...]]]:
    """The stored post, the version, the day and the accounts of each use."""
    return [
        (each["use"], each["variant"], each["scheduled_at"][:10], tuple(each["accounts"]))
        for each in document["uses"]
    ]


def day(number: int) -> str:
    return f"{MONDAY + number * DAY:%Y-%m-%d}"


def warnings(world: World) -> list[tuple[str, str, int]]:
    found = json.loads(world.run("validate", world.top, "--format", "json").stdout)["problems"]
    return [(each["code"], each["file"], each["line"]) for each in found]


BOTH = ("linkedin", "x")


def test_slots_that_are_free_get_the_stored_post_used_longest_ago_after_the_posts_that_wait(
    world: World,
) -> None:
    (world.top / "posts.yaml").write_text(
        "posts:\n- {id: new, at: next, accounts: linkedin, text: New}\n", encoding="utf-8"
    )
    with clocks(world) as to:
        to(MONDAY - 3 * DAY)
        found = fill(world, MONDAY + 7 * DAY)
        assert [each["id"] for each in found["filled"]] == ["new"]
        assert given(found) == [("tip-1", 1, day(2), BOTH), ("tip-2", 1, day(7), BOTH)]
        assert warnings(world) == []
        again = fill(world, MONDAY + 9 * DAY)
        assert (given(again), again["free"]) == ([], {"linkedin": [f"{day(9)}T09:00:00Z"]})
        assert world.writes() == []
        files = [*world.top.glob(f"{MONDAY:%Y-%m}.yaml")]
        assert f"- use: tip-1\n  at: {MONDAY + 2 * DAY:%a %Y-%m-%d} 09:00\n" in files[0].read_text("utf-8")
        plan = world.plan()
        assert sorted((each["action"], each["id"]) for each in plan["changes"]) == [
            ("create", "new"),
            *[("create", f"tip-1@{day(2)}")] * 2,
            *[("create", f"tip-2@{day(7)}")] * 2,
        ]


def test_variants_take_turns_x_gets_words_that_it_has_not_had_and_what_is_used_up_is_told(
    world: World,
) -> None:
    with clocks(world) as to:
        to(MONDAY - 3 * DAY)
        found = fill(world, MONDAY + 30 * 7 * DAY)
        eight = 8 * 7
        assert given(found) == [
            ("tip-1", 1, day(0), BOTH),
            ("tip-2", 1, day(2), BOTH),
            ("tip-1", 1, day(eight), ("linkedin",)),
            ("tip-2", 2, day(eight + 2), BOTH),
            ("tip-1", 1, day(2 * eight), ("linkedin",)),
            ("tip-1", 1, day(3 * eight), ("linkedin",)),
        ]
        assert [each["left_out"] for each in found["uses"]][2] == ["x"]
        assert "accounts: [linkedin]" in "".join(
            file.read_text("utf-8") for file in world.top.glob("2*.yaml")
        )
        told = fill(world, MONDAY + 30 * 7 * DAY)
        assert [(each["use"], each["reason"]) for each in told["spent"]] == [
            ("tip-2", "it was used 2 times, which is what `times` allows")
        ]
        assert warnings(world) == []


def test_a_use_keeps_to_quiet_days_holidays_hours_cadence_budgets_and_days_of_the_stored_post(
    world: World,
) -> None:
    def first(store: str = "every: 8w", more: str = "", **keys: Any) -> str | None:
        settings(world, **keys)
        text = f"accounts: linkedin\nposts:\n- id: tip\n  evergreen: {{{store}}}\n  text: Words\n{more}"
        (world.top / "tips.yaml").write_text(text, encoding="utf-8")
        uses = fill(world, MONDAY + 13 * DAY, "--diff", "--offline")["uses"]
        return uses[0]["scheduled_at"][:10] if uses else None

    own = f"posts:\n- {{at: {day(1)} 12:00, accounts: linkedin, text: Own}}\n"
    (world.top / "posts.yaml").write_text(own, encoding="utf-8")
    with clocks(world) as to:
        to(MONDAY - 3 * DAY)
        assert first() == day(0)
        assert first(cadence={"quiet": ["mon"]}) == day(2)
        assert first(cadence={"holidays": [day(0)]}) == day(2)
        assert first(cadence={"linkedin": "0-1/week"}) == day(7)
        assert first(cadence={"hours": "10:00-21:00"}) is None
        assert first(budget={"linkedin": {"posts": "1/week"}}) == day(7)
        assert first(more=f"  not_before: {day(1)}\n") == day(2)
        assert first(f"every: 8w, from: {day(3)}") == day(7)
        assert first(f"every: 8w, from: launch, until: {day(13)}", dates={"launch": day(1)}) == day(2)
        over = f"posts:\n- {{at: {day(1)} 12:00, accounts: linkedin, text: words}}\n"
        (world.top / "posts.yaml").write_text(over, encoding="utf-8")
        assert first() is None, "the account has said the same words within two weeks"


def test_uses_count_in_the_ledger_too(world: World) -> None:
    """One that was published and left the files is as recent, and X has had its words."""
    with clocks(world) as to:
        to(MONDAY - 3 * DAY)
        fill(world, MONDAY)
        assert world.apply().code == 0
        to(MONDAY + HOUR)
        world.sandbox.settle()
        assert world.apply().code == 0
        for file in world.top.glob("2*.yaml"):
            file.unlink()
        found = fill(world, MONDAY + 57 * DAY)
        assert given(found) == [("tip-2", 1, day(2), BOTH), ("tip-1", 1, day(56), ("linkedin",))]
        offline = fill(world, MONDAY + 57 * DAY, "--offline", "--diff")
        assert ("tip-1", day(7)) not in {(use, at) for use, _, at, _ in given(offline)}


def test_a_published_use_counts_once_whatever_the_time_zone_of_its_file(world: World) -> None:
    """In the file it is on Monday, and by the calendar's clock it was published on Tuesday: that was both its `times`."""
    store = "accounts: linkedin\nposts:\n- id: tip\n  evergreen: {every: 4w, times: 2}\n  text: A tip\n"
    (world.top / "tips.yaml").write_text(store, encoding="utf-8")
    use = f"timezone: America/Los_Angeles\nposts:\n- use: tip\n  at: {day(0)} 20:00\n"
    (world.top / "uses.yaml").write_text(use, encoding="utf-8")
    with clocks(world) as to:
        to(MONDAY - DAY)
        assert world.apply().code == 0
        to(MONDAY + 2 * DAY)
        world.sandbox.settle()
        assert world.apply().code == 0
        found = fill(world, MONDAY + 50 * DAY, "--diff")
        assert (given(found), found["spent"]) == ([("tip", 1, day(28), ("linkedin",))], [])
        (world.top / "uses.yaml").unlink()
        assert given(fill(world, MONDAY + 50 * DAY, "--diff")) == [("tip", 1, day(30), ("linkedin",))]


def test_evergreen_needs_an_end(world: World) -> None:
    ran = world.run("fill", world.top, "--evergreen", "--yes")
    assert (ran.code, "--until" in ran.stderr) == (64, True)


def test_uses_that_someone_wrote_too_near_or_too_often_are_warnings(world: World) -> None:
    text = STORE.replace("every: 8w, times: 2", f"every: 8w, times: 2, until: {day(130)}")
    (world.top / "tips.yaml").write_text(text, encoding="utf-8")
    lines = [
        f"- {{use: tip-1, at: {day(0)} 09:00}}",
        f"- {{use: tip-1, at: {day(20)} 09:00, accounts: linkedin}}",
        f"- {{use: tip-1, at: {day(100)} 09:00, accounts: x}}",
        *(f"- {{use: tip-2, at: {day(number)} 09:00, accounts: linkedin}}" for number in (0, 60, 120, 180)),
    ]
    lines[3] = lines[3].replace("09:00", "10:00")
    (world.top / "uses.yaml").write_text("posts:\n" + "\n".join(lines) + "\n", encoding="utf-8")
    assert warnings(world) == [
        ("use.soon", "uses.yaml", 3),
        ("use.words", "uses.yaml", 4),
        ("use.often", "uses.yaml", 7),
        ("use.often", "uses.yaml", 8),
        ("use.outside", "uses.yaml", 8),
    ]


# --- a quarter of a year ----------------------------------------------------------------------------------------------

TWENTY = "accounts: [linkedin, x, facebook]\nposts:\n" + "".join(
    f"- id: tip-{number}\n  evergreen: {{every: 8w}}\n  variants:\n"
    f"  - text: Tip {number} of the workshop\n  - text: Once more, tip {number} of the workshop\n"
    for number in range(1, 21)
)


@pytest.mark.story
def test_a_quarter_of_a_year_with_twenty_stored_posts_filled_month_by_month(world: World) -> None:
    """No use within its cooldown, no words twice on X within two weeks, and the store's end is told in time."""
    world.settings(
        slots={"linkedin": ["mon 09:00", "wed 09:00", "fri 09:00"]}, cadence={"quiet": ["sat", "sun"]}
    )
    (world.top / "tips.yaml").write_text(TWENTY, encoding="utf-8")
    with clocks(world) as to:
        for month in range(3):
            start = MONDAY + month * 28 * DAY
            to(start - 2 * DAY)
            world.sandbox.settle()
            found = fill(world, start + 27 * DAY)
            assert len(found["uses"]) + len(found["free"].get("linkedin", ())) == 12
            assert warnings(world) == []
            assert world.apply().code == 0
        to(MONDAY + 84 * DAY)
        world.sandbox.settle()
        sent: dict[tuple[str | None, str], list[date]] = defaultdict(list)
        on_x: dict[str, list[datetime]] = defaultdict(list)
        for post in world.sandbox.posts():
            name = post["text"].removesuffix(" of the workshop").rpartition(" ")[2]
            sent[post["account_id"], name].append(post["at"].date())
            if post["account_id"] == ACCOUNTS["x"]:
                on_x[post["text"]].append(post["at"])
        assert len(sent) == 60
        for times in sent.values():
            assert all(later - earlier >= timedelta(weeks=8) for earlier, later in pairwise(sorted(times)))
        assert all(len(times) == 1 for times in on_x.values())
        assert sum(len(times) for times in sent.values()) == 3 * len(on_x)


# --- what becomes of uses ---------------------------------------------------------------------------------------------


def put(world: World, *lines: str) -> Path:
    file = world.top / "uses.yaml"
    file.write_text("posts:\n" + "".join(f"- {line}\n" for line in lines), encoding="utf-8")
    return file


def changes(world: World) -> list[tuple[str, str, str]]:
    return sorted((each["action"], each["id"], each["account"]["alias"]) for each in world.plan()["changes"])


def test_an_edit_of_a_stored_post_updates_its_scheduled_uses_and_none_that_was_published(
    world: World,
) -> None:
    with clocks(world) as to:
        to(MONDAY - 3 * DAY)
        put(
            world,
            f"{{use: tip-1, at: {day(0)} 09:00}}",
            f"{{use: tip-1, at: {day(60)} 09:00, accounts: linkedin}}",
        )
        assert world.apply().code == 0
        to(MONDAY + DAY)
        world.sandbox.settle()
        assert changes(world) == []
        (world.top / "tips.yaml").write_text(STORE.replace("The first tip", "Better words"), encoding="utf-8")
        assert changes(world) == [("update", f"tip-1@{day(60)}", "linkedin")]
        assert world.apply().code == 0
        world.sandbox.settle()
        assert changes(world) == []
        texts = sorted(post["text"] for post in world.sandbox.posts())
        assert texts == ["Better words", "The first tip", "The first tip"]


def test_a_use_that_is_moved_is_the_same_post(world: World) -> None:
    with clocks(world) as to:
        to(MONDAY - 3 * DAY)
        put(world, f"{{use: tip-1, at: {day(0)} 09:00}}")
        assert world.apply().code == 0
        put(world, f"{{use: tip-1, at: {day(2)} 09:00}}")
        assert [each[0] for each in changes(world)] == ["replace"] * 2
        to(MONDAY + 3 * DAY)
        world.sandbox.settle()


def test_pull_brings_an_edit_of_a_use_back_as_a_key_of_that_use_and_names_the_stored_post(
    world: World,
) -> None:
    with clocks(world) as to:
        to(MONDAY - 3 * DAY)
        file = world.top / "uses.yaml"
        file.write_text(
            f"posts:\n- use: tip-1\n  at: {day(0)} 09:00\n- use: tip-2\n  at: {day(1)} 09:00\n",
            encoding="utf-8",
        )
        store = (world.top / "tips.yaml").read_bytes()
        assert world.apply().code == 0
        world.sandbox.settle()
        for post in world.sandbox.posts():
            if post["text"] == "The first tip":
                world.sandbox.edit(post["id"], text="What a colleague wrote")
            elif post["account_id"] == ACCOUNTS["x"]:
                world.sandbox.edit(post["id"], text="On X alone")
        shown = world.run("pull", world.top, "--diff").stdout
        assert re.search(
            rf"  tip-1@{day(0)}: move `text` from \S*uses.yaml:2 to tip-1, \S*tips.yaml:3\n", shown
        )
        ran = world.run("pull", world.top, "--yes", "--format", "json")
        assert ran.code == 0, ran
        pulled = json.loads(ran.stdout)
        assert {each["stored"]["line"] for each in pulled["posts"]} == {3, 6}
        assert (world.top / "tips.yaml").read_bytes() == store
        assert changes(world) == []
        assert file.read_text("utf-8") == (
            f"posts:\n- use: tip-1\n  at: {day(0)} 09:00\n  text: |\n    What a colleague wrote\n"
            f"- use: tip-2\n  at: {day(1)} 09:00\n  networks:\n    x:\n      text: |\n        On X alone\n"
        )


def test_pull_writes_beside_what_the_stored_post_says_for_a_network_or_an_account(world: World) -> None:
    own = (
        "accounts:\n  - linkedin\n  - account: x\n    at: 10:30\n  - account: facebook\n    text: For pages\n"
    )
    (world.top / "tips.yaml").write_text(
        "posts:\n- id: tip\n  evergreen: {every: 8w}\n  text: Words\n"
        f"  {own}  networks: {{linkedin: {{text: For LinkedIn}}}}\n",
        encoding="utf-8",
    )
    with clocks(world) as to:
        to(MONDAY - 3 * DAY)
        file = world.top / "uses.yaml"
        file.write_text(f"posts:\n- use: tip\n  at: {day(0)} 09:00\n", encoding="utf-8")
        assert world.apply().code == 0
        world.sandbox.settle()
        for post in world.sandbox.posts():
            if post["account_id"] == ACCOUNTS["x"]:
                world.sandbox.edit(post["id"], at=MONDAY + 2 * HOUR)
            else:
                world.sandbox.edit(post["id"], text=f"New: {post['text']}")
        ran = world.run("pull", world.top, "--yes")
        assert (ran.code, changes(world)) == (0, []), ran
        assert file.read_text("utf-8").splitlines()[1:] == [
            "- use: tip",
            f"  at: {day(0)} 09:00",
            "  accounts:",
            "  - linkedin",
            "  - account: x",
            "    at: 11:00",
            "  - account: facebook",
            "    text: |",
            "      New: For pages",
            "  networks:",
            "    linkedin:",
            "      text: |",
            "        New: For LinkedIn",
        ]


def test_a_stored_post_is_seen_and_never_waits_in_status_preview_export_doctor_and_explain(
    world: World,
) -> None:
    page = world.home / "page.html"
    assert world.run("preview", world.top, "--out", page).code == 0
    assert "<h2>2 posts in store</h2>" in page.read_text("utf-8")
    ran = world.run("export", world.top, "--format", "json")
    assert json.loads(ran.stdout)["posts"] == []
    assert world.plan()["summary"]["create"] == 0
    assert world.apply().code == 0
    assert world.sandbox.posts() == []


def test_explain_of_a_stored_post_lists_its_uses_and_what_became_of_each(world: World) -> None:
    with clocks(world) as to:
        to(MONDAY - 3 * DAY)
        file = put(
            world,
            f"{{use: tip-1, at: {day(0)} 09:00}}",
            f"{{use: tip-1, at: {day(60)} 09:00, accounts: linkedin}}",
        )
        assert world.apply().code == 0
        to(MONDAY + DAY)
        world.sandbox.settle()
        assert world.apply().code == 0
        told = world.run("explain", "tip-1", "--calendar", world.top).stdout
        assert "in store    its uses are 8 weeks apart" in told
        uses = [line.split("   ")[0].rstrip() for line in told.partition("2 uses\n")[2].splitlines() if line]
        assert [" ".join(re.sub(r" 20\d\d(?= )", "", line).split()) for line in uses] == [
            f"{MONDAY:%a} {MONDAY.day} {MONDAY:%b %H:%M} linkedin, x: published",
            f"{MONDAY + 60 * DAY:%a} {(MONDAY + 60 * DAY).day} {MONDAY + 60 * DAY:%b %H:%M} linkedin: unchanged",
        ]
        put(world, f"{{use: tip-1, at: {day(60)} 09:00, accounts: linkedin}}")
        ran = world.run("explain", "tip-1", "--calendar", world.top, "--format", "json")
        (post,) = json.loads(ran.stdout)["posts"]
        assert [(use["id"], use["state"], use["source"]) for use in post["uses"]] == [
            (f"tip-1@{day(0)}", "published", None),
            (f"tip-1@{day(60)}", "unchanged", {"file": "uses.yaml", "line": 2}),
        ]
        assert file.is_file()
        use = world.run("explain", f"tip-1@{day(60)}", "--calendar", world.top, "--offline").stdout
        assert re.search(r"text +\S+The first tip\S+ +stored, tips.yaml:5", use)


def test_status_says_how_long_the_store_lasts(world: World) -> None:
    text = STORE.replace("every: 8w}", "every: 8w, times: 1}").replace("[linkedin, x]", "[linkedin]")
    (world.top / "tips.yaml").write_text(text, encoding="utf-8")
    with clocks(world) as to:
        to(MONDAY - 3 * DAY)
        fill(world, MONDAY)
        last = MONDAY + 58 * DAY
        assert (
            f"In store, tips: 3 uses, until {last.day} {last:%b}.\n" in world.run("status", world.top).stdout
        )
        ran = world.run("status", world.top, "--format", "json")
        assert json.loads(ran.stdout)["stores"] == [
            {"name": "tips", "uses": 3, "until": f"{last:%Y-%m-%d}", "further": False}
        ]
        fill(world, last)
        to(last - 27 * DAY)
        told = world.run("status", world.top).stdout
        assert f"until {last.day} {last:%b}. Add stored posts or variants.\n" in told, "in time"


def test_results_by_use_shows_what_each_stored_post_and_each_variant_brought(world: World) -> None:
    with clocks(world) as to:
        to(MONDAY - 3 * DAY)
        put(
            world,
            f"{{use: tip-1, at: {day(0)} 09:00}}",
            f"{{use: tip-2, at: {day(0)} 10:00}}",
            f"{{use: tip-2, at: {day(1)} 10:00, variant: 2}}",
            f"{{id: own, at: {day(1)} 11:00, accounts: x, text: Own}}",
        )
        assert world.apply().code == 0
        to(MONDAY + 2 * DAY)
        world.sandbox.settle()
        ran = world.run("results", world.top, "--by", "use", "--format", "json")
        found = {each["name"]: each["summary"]["published"] for each in json.loads(ran.stdout)["groups"]}
        assert found == {"tip-1": 2, "tip-2": 4, "tip-2, variant 1": 2, "tip-2, variant 2": 2, None: 1}
        assert "not from the store" in world.run("results", world.top, "--by", "use").stdout


def test_the_example_of_a_store_is_filled(world: World) -> None:
    """As docs/howto/evergreen.md says it."""
    shutil.rmtree(world.top)
    shutil.copytree(ROOT / "examples" / "evergreen", world.top)
    assert warnings(world) == []
    words = ("--evergreen", "--until", "2027-05-31", "--sandbox", "--now", "2027-03-10T12:00")
    ran = world.run("fill", world.top, *words, "--yes", "--format", "json")
    assert (ran.code, given(json.loads(ran.stdout))) == (
        0,
        [
            ("tip-shade", 1, "2027-03-18", ("linkedin", "x", "facebook")),
            ("tip-battery", 2, "2027-05-04", ("linkedin", "x", "facebook")),
            ("tip-shade", 1, "2027-05-13", ("linkedin", "facebook")),
        ],
    )
    assert warnings(world) == []


def test_validate_counts_what_is_in_store_apart(world: World) -> None:
    put(world, f"{{use: tip-1, at: {day(0)} 09:00}}")
    ran = world.run("validate", world.top)
    assert "1 post (on 2 accounts) and 2 in store" in ran.stdout
    found = json.loads(world.run("validate", world.top, "--format", "json").stdout)
    assert (found["posts"], found["desired"], found["stored"]) == (1, 2, 2)


def test_the_times_of_day_of_a_use_are_those_of_the_months_file(world: World) -> None:
    text = STORE.replace("  text: The first tip", "  text: The first tip\n  networks: {x: {at: 10:30}}")
    (world.top / "tips.yaml").write_text(f"timezone: Asia/Tokyo\n{text}", encoding="utf-8")
    month = world.top / f"{MONDAY:%Y-%m}.yaml"
    month.write_text("timezone: Asia/Kolkata\nposts: []\n", encoding="utf-8")
    with clocks(world) as to:
        to(MONDAY - 3 * DAY)
        found = fill(world, MONDAY)
        assert given(found) == [("tip-1", 1, day(0), BOTH)]
        assert found["uses"][0]["times"]["x"] == f"{day(0)}T05:00:00Z"
        assert f"at: {MONDAY:%a %Y-%m-%d} 14:30" in month.read_text("utf-8")
        assert fill(world, MONDAY)["uses"] == []


def test_words_about_days_are_not_compared_with_a_day_that_a_stored_post_does_not_have(world: World) -> None:
    text = STORE.replace("The first tip", "Every Tuesday 9 March, a tip")
    (world.top / "tips.yaml").write_text(text, encoding="utf-8")
    (world.top / "posts.yaml").write_text(
        "posts:\n- {at: next, accounts: linkedin, text: 'Tuesday 9 March is the day'}\n", encoding="utf-8"
    )
    assert [code for code, _, _ in warnings(world)] == ["slot.next"]
