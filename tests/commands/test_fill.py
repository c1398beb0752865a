"""Posts that wait for a slot, and `fill`, which gives them one."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from publer_sync.commands import fill as fill_command
from publer_sync.commands.running import shared
from publer_sync.ledger.copies import End
from publer_sync.ledger.state import KnownAccount
from publer_sync.planning.plan import Action
from publer_sync.planning.survey import Survey
from publer_sync.values.model import Listing
from publer_sync.values.problems import Location
from tests.builders import LAST, LATER, NOW, SOON, change, copy_of, ledger, plan, shown, wanted
from tests.commands.side_by_side import SideBySide
from tests.system.worlds import ACCOUNTS, DAY, HOUR, T, Want, World, clocks
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.ledger.state import State
    from publer_sync.planning.plan import Change
    from tests.conftest import Ran

MONDAY = T + (7 - T.weekday()) * DAY
"""Nine o'clock in the morning."""
WAITING = """\
# The month
posts:
- id: first
  at: next                           # as soon as there is room
  accounts: [linkedin, x]
  text: One
- at: "next"
  accounts: linkedin
  text: Two
- id: elsewhere
  at: next
  accounts: mastodon
  text: Three
"""


def settings(world: World, **more: Any) -> None:
    world.settings(slots={"linkedin": ["mon 09:00", "wed 09:00", "Thu 9:30"]}, **more)


@pytest.fixture
def waiting(empty_world: World) -> World:
    """For a command or two."""
    settings(empty_world)
    (empty_world.top / "posts.yaml").write_text(WAITING, encoding="utf-8")
    return empty_world


@pytest.fixture
def world(waiting: World) -> World:
    return waiting


def fill(world: World, *words: str | Path, code: int = 6) -> Any:
    ran = world.run("fill", world.top, "--yes", "--format", "json", *words)
    assert ran.code == code, ran
    return json.loads(ran.stdout)


def days(document: Any) -> list[str]:
    return [each["scheduled_at"] for each in document["filled"]]


def z(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def text_of(world: World) -> str:
    return (world.top / "posts.yaml").read_text(encoding="utf-8")


def test_a_post_that_waits_is_not_sent_and_is_a_warning(world: World) -> None:
    """Nor does it count for a budget."""
    settings(world, budget={"linkedin": {"posts": "0/month"}})
    ran = world.run("validate", world.top, "--format", "json")
    assert [
        (each["severity"], each["code"], each["line"]) for each in json.loads(ran.stdout)["problems"]
    ] == [("warning", "slot.next", line) for line in (4, 7, 11)]
    assert world.plan()["changes"] == []
    assert world.apply().code == 0
    assert world.sandbox.posts() == []
    told = world.run("explain", "first", "--calendar", world.top, "--offline").stdout
    assert "has no time yet (at: next)" in told
    page = world.home / "page.html"
    assert world.run("preview", world.top, "--out", page).code == 0
    assert "at: next" in page.read_text(encoding="utf-8")


def test_every_plan_says_once_of_each_post_that_it_waits(world: World) -> None:
    """Also where nothing changes, and whatever happens to the posts around it."""
    told = "The post has no time yet (at: next), so it is not sent"
    steady = f"posts:\n- {{id: a, at: {MONDAY:%Y-%m-%d} 10:00, accounts: x, text: A}}\n"
    (world.top / "other.yaml").write_text(steady, encoding="utf-8")
    assert world.apply().code == 0
    world.sandbox.settle()
    for text in (steady, steady.replace("text: A", "text: B")):
        (world.top / "other.yaml").write_text(text, encoding="utf-8")
        plan = world.plan()
        assert len(plan["changes"]) == text.count("text: B")
        waits = [each for each in plan["warnings"] if each["code"] == "slot.next"]
        assert [each["source"]["line"] for each in waits] == [4, 7, 11]
        for style in ("text", "markdown"):
            shown = world.run("plan", world.top, "--format", style).stdout
            assert shown.casefold().count(told.casefold()) == 3, style
    shown = world.run("status", world.top).stdout
    assert "3 posts have no time yet (at: next), so they are not sent: run" in shown


def test_a_comment_has_a_warning_on_no_card_but_that_of_its_own_post(world: World) -> None:
    """Neither on that of a series above, nor on that of the post above one in store."""
    settings(world, words=[{"say": {"utilize": "use"}}])
    (world.top / "posts.yaml").write_text(
        f"""\
posts:
- id: sent
  at: {MONDAY:%Y-%m-%d} 10:00
  accounts: x
  text: Sent
  repeat: {{every: week, times: 2}}
- {{id: waits, at: next, accounts: linkedin, text: One}}
- {{id: waits-too, at: next, accounts: linkedin, text: Two}}
- id: kept
  evergreen: {{every: 8w}}
  accounts: x
  text: Utilize a store
- {{id: own, at: {MONDAY:%Y-%m-%d} 11:00, accounts: x, text: "Utilize it"}}
""",
        encoding="utf-8",
    )
    shown = world.run("plan", world.top, "--format", "markdown").stdout
    cards, _, end = shown.partition('-warnings"></a>')
    assert "no time yet" not in cards
    assert cards.count("⚠️ ") == 3, "at the top, in the weeks, and on one card"
    assert '"Utilize" in the text' in cards.partition('-1"></a>')[2].partition("</details>")[0]
    assert [end.count(f"(at: next), so it is not sent (posts.yaml, line {line})") for line in (7, 8)] == [
        1,
        1,
    ]
    assert '"Utilize' not in end


def test_the_next_free_slot_of_the_first_account_is_written_in_the_order_of_files(world: World) -> None:
    """Every other byte stays; past what is taken in the calendar on any of the accounts, and in Publer."""
    with clocks(world) as to:
        to(MONDAY - 3 * DAY)
        taken = f"- {{id: x-has-it, at: {MONDAY:%Y-%m-%d} 09:00, accounts: x, text: Taken}}\n"
        (world.top / "other.yaml").write_text(f"posts:\n{taken}", encoding="utf-8")
        world.stranger("linkedin", MONDAY + 2 * DAY, "a colleague's")
        world.sandbox.reset_log()
        before = text_of(world)
        shown = world.run("fill", world.top, "--diff")
        assert (shown.code, text_of(world)) == (6, before)
        assert "+  at: Thu " in shown.stdout
        assert "still waits: elsewhere, posts.yaml:10: mastodon has no slots in publer.yaml" in shown.stdout
        found = fill(world)
        assert world.writes() == []
        assert days(found) == [z(MONDAY + 3 * DAY + HOUR / 2), z(MONDAY)]
        assert [each["source"]["line"] for each in found["filled"]] == [3, 7]
        assert (found["written"], len(found["files"])) == (True, 1)
        after = text_of(world)
        assert _changed(before, after) == [
            ("at: next", f"at: {MONDAY + 3 * DAY:%a %Y-%m-%d} 09:30"),
            ('- at: "next"', f'- at: "{MONDAY:%a %Y-%m-%d} 09:00"'),
        ]
        assert fill(world)["filled"] == []
        assert len(world.plan()["changes"]) == 4


def _changed(before: str, after: str) -> list[tuple[str, str]]:
    """The lines that differ, each up to its comment, which stays."""
    pairs = zip(before.splitlines(), after.splitlines(), strict=True)
    differ = [(old.partition("#"), new.partition("#")) for old, new in pairs if old != new]
    assert all(old[2] == new[2] for old, new in differ)
    return [(old[0].strip(), new[0].strip()) for old, new in differ]


def test_slots_are_at_least_lead_ahead_not_after_until_and_never_on_quiet_days_or_holidays(
    waiting: World,
) -> None:
    with clocks(waiting) as to:
        to(MONDAY - DAY + HOUR)  # 23 hours before
        assert days(fill(waiting, "--diff", "--offline"))[0] == z(MONDAY + 2 * DAY)
        assert days(fill(waiting, "--diff", "--offline", "--lead", "22h"))[0] == z(MONDAY)
        assert days(fill(waiting, "--diff", "--offline", "--lead", "1w"))[0] == z(MONDAY + 7 * DAY)
        last = fill(waiting, "--diff", "--offline", "--until", f"{MONDAY + 2 * DAY:%Y-%m-%d}")
        assert days(last) == [z(MONDAY + 2 * DAY)]
        assert "no slot of linkedin is free until" in last["waiting"][0]["reason"]
        settings(waiting, cadence={"quiet": ["wed"], "holidays": [f"{MONDAY + 3 * DAY:%Y-%m-%d}"]})
        assert days(fill(waiting, "--diff", "--offline"))[0] == z(MONDAY + 7 * DAY)


def test_account_is_the_first_one_and_offline_needs_no_key(waiting: World) -> None:
    assert days(fill(waiting, "--offline", "--diff", "--account", "x", code=0)) == []
    assert len(days(fill(waiting, "--offline", "--diff", "--account", "linkedin", code=0))) == 2
    settings(waiting, state="state.json")
    (waiting.top / "state.json").write_text("no state", encoding="utf-8")
    assert len(days(fill(waiting, "--offline", "--diff"))) == 2, "only --evergreen asks what was published"
    (waiting.top / "state.json").unlink()
    with clocks(waiting) as to:
        to(MONDAY - 3 * DAY)
        waiting.stranger("linkedin", MONDAY, "a colleague's")
        assert days(fill(waiting, "--offline", "--diff"))[0] == z(MONDAY)
        assert days(fill(waiting, "--diff"))[0] == z(MONDAY + 2 * DAY)


def lose_its_time(world: World, before: str, after: str) -> Path:
    """Apply a post, then take its time out of the calendar: the file."""
    file = world.top / "posts.yaml"
    file.write_text(before.format(f"{MONDAY:%Y-%m-%d} 09:00"), encoding="utf-8")
    assert world.apply().code == 0
    world.sandbox.settle()
    file.write_text(after.format("next"), encoding="utf-8")
    return file


def test_one_that_is_in_publer_already_stays_as_it_is(world: World) -> None:
    """Nothing is removed, and fill leaves it."""
    post = "posts:\n- id: first\n  at: {}\n  accounts: linkedin\n  text: One\n"
    file = lose_its_time(world, post, post)
    plan = world.plan()
    assert (plan["changes"], plan["refusals"], plan["summary"]["unchanged"]) == ([], [], 1)
    (warning,) = [each for each in plan["warnings"] if each["code"] == "waits"]
    assert "stays in Publer as it is" in warning["message"]
    assert world.apply().code == 0
    assert [row.text for row in world.live()] == ["One"]
    found = fill(world, code=0)
    assert found["filled"] == []
    assert "it is in Publer already" in found["waiting"][0]["reason"]
    file.write_text(post.format(f"{MONDAY + DAY:%Y-%m-%d} 10:00"), encoding="utf-8")
    assert [change["action"] for change in world.plan()["changes"]] == ["replace"]
    file.write_text("posts: []\n", encoding="utf-8")
    assert [change["action"] for change in world.plan()["changes"]] == ["delete"], "but one that left goes"


def test_one_in_publer_that_gets_an_id_while_it_loses_its_time_stays_too(world: World) -> None:
    post = "posts:\n- at: {}\n  accounts: linkedin\n  text: One\n"
    lose_its_time(world, post, post.replace("- at", "- id: first\n  at"))
    assert world.plan()["changes"] == []
    assert "it is in Publer already" in fill(world, code=0)["waiting"][0]["reason"]


@pytest.mark.parametrize("name", ["- id: first\n  at", "- at"])
def test_one_that_an_incomplete_list_lacks_keeps_its_place_until_it_is_known(world: World, name: str) -> None:
    """With a new time, the next apply would move the post, which is to stay as it is."""
    post = f"posts:\n{name}: {{}}\n  accounts: linkedin\n  text: One\n"
    file = lose_its_time(world, post, post)
    more = "- {id: other, at: next, accounts: linkedin, text: Other}\n"
    file.write_text(post.format("next") + more, encoding="utf-8")
    world.sandbox.faults.trip("empty_page", "GET", "/posts$", times=10**6)
    ran = world.run("fill", world.top, "--yes")
    assert ran.code == 6, ran
    assert (
        "Publer's list of posts is incomplete, so it is not known whether this post is in Publer"
        in ran.stdout
    )
    assert "1 post filled, 1 post still waiting" in ran.stdout, "the other one is new"
    assert "warning: Publer's list of posts is 1 short of its own total" in ran.stderr
    assert text_of(world).startswith(post.format("next"))
    world.sandbox.faults.trips.clear()
    assert "it is in Publer already" in fill(world, code=0)["waiting"][0]["reason"]


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        ("  at: 2031-03-02 09:00\n  accounts: [x]\n  networks: {x: {at: next}}\n", 5),
        ("  at: next\n  accounts: [x]\n  repeat: {every: week, times: 2}\n", 3),
        ("  at: next\n  accounts: [x]\n  networks: {x: {at: 2031-03-02 09:00}}\n", 5),
    ],
)
def test_only_the_time_of_the_post_itself_can_be_next(world: World, lines: str, line: int) -> None:
    (world.top / "posts.yaml").write_text(f"posts:\n- id: a\n{lines}  text: hi\n", encoding="utf-8")
    ran: Ran = world.run("validate", world.top, "--format", "json")
    errors = [each for each in json.loads(ran.stdout)["problems"] if each["severity"] == "error"]
    assert [(each["code"], each["line"]) for each in errors] == [("slot.next", line)]


@pytest.mark.parametrize(
    ("more", "code", "says"),
    [
        ({"slots": {"linkedin": ["tuesday 9"]}}, "key.value", "tue 09:00"),
        ({"slots": {"linkdin": ["tue 09:00"]}}, "account.unknown", "linkedin"),
        ({"cadence": {"holidays": ["25.12.2031"]}}, "time.form", "2031-12-25"),
        ({"cadence": {"holidays": ["Easter"]}}, "time.form", "holidays: [2027-12-25]"),
    ],
)
def test_slots_that_cannot_be_are_told_at_their_place(
    world: World, more: dict[str, Any], code: str, says: str
) -> None:
    world.settings(**more)
    ran = world.run("validate", world.top, "--format", "json")
    (error,) = (each for each in json.loads(ran.stdout)["problems"] if each["severity"] == "error")
    assert error["code"] == code
    assert says in f"{error['message']} {error['help']}"
    assert error["line"] == 4


def test_what_makes_no_sense_is_64_and_nobody_is_asked_without_a_terminal(waiting: World) -> None:
    for words in (("--lead", "soon", "--yes"), ("--until", "whenever", "--yes"), ()):
        ran = waiting.run("fill", waiting.top, *words)
        assert ran.code == 64, ran


def test_new_takes_the_next_free_slot(world: World) -> None:
    with clocks(world) as to:
        to(MONDAY - 3 * DAY)
        words = ("--at", "next", "--text", "Four", "--yes", "--format", "json")
        found = json.loads(world.run("new", world.top, "--account", "linkedin", *words).stdout)
        assert found["posts"][0]["scheduled_at"] == z(MONDAY)
        again = json.loads(world.run("new", world.top, "--account", "linkedin", *words).stdout)
        assert again["posts"][0]["scheduled_at"] == z(MONDAY + 2 * DAY)
        assert world.run("new", world.top, "--account", "mastodon", *words).code == 64


def test_fill_looks_past_not_before_and_keeps_to_the_budget(waiting: World) -> None:
    with clocks(waiting) as to:
        to(MONDAY - 3 * DAY)
        settings(waiting, budget={"linkedin": {"links": "1/week"}, "x": {"posts": "3/month"}})
        (waiting.top / "posts.yaml").write_text(
            f"posts:\n- {{id: a, at: next, accounts: linkedin, text: a, not_before: {MONDAY + 2 * DAY:%Y-%m-%d} 15:00}}\n"
            "- {id: b, at: next, accounts: [linkedin, x], text: b https://example.com}\n"
            "- {id: c, at: next, accounts: linkedin, text: c https://example.com/c}\n"
            "- {id: d, at: next, accounts: linkedin, text: d https://example.com/d, ignore: {budget: a campaign}}\n",
            encoding="utf-8",
        )
        found = fill(waiting, "--offline", code=0)
        at = {each["id"]: each["scheduled_at"] for each in found["filled"]}
        assert at == {
            "a": z(MONDAY + 3 * DAY + HOUR / 2),
            "b": z(MONDAY),
            "c": z(MONDAY + 7 * DAY),
            "d": z(MONDAY + 2 * DAY),
        }
        settings(waiting, budget={"linkedin": {"posts": "0/month"}})
        (waiting.top / "posts.yaml").write_text(
            "posts:\n- {id: e, at: next, accounts: linkedin, text: e}\n", encoding="utf-8"
        )
        (left,) = fill(waiting, "--offline")["waiting"]
        assert left["reason"] == "no slot of linkedin is free in the year ahead that the budget would allow"


def test_the_accounts_of_one_network_keep_to_its_budget_together(world: World) -> None:
    """The slot of a waiting post, and that of a use of a stored one."""
    with clocks(world) as to:
        to(MONDAY - 3 * DAY)
        accounts = {**ACCOUNTS, **{name: {"name": name, "provider": "twitter"} for name in ("us", "de")}}
        settings(world, accounts=accounts, budget={"twitter": {"posts": "1/week"}})
        waiting = "posts:\n- {id: a, at: next, accounts: [linkedin, us, de], text: a}\n"
        (world.top / "posts.yaml").write_text(waiting, encoding="utf-8")
        (left,) = fill(world, "--offline")["waiting"]
        assert left["reason"] == "no slot of linkedin is free in the year ahead that the budget would allow"
        stored = waiting.replace("at: next", "evergreen: {every: 1w}")
        (world.top / "posts.yaml").write_text(stored, encoding="utf-8")
        until = f"{MONDAY + 6 * DAY:%Y-%m-%d}"
        for most, uses in ((1, 0), (2, 1)):
            settings(world, accounts=accounts, budget={"twitter": {"posts": f"{most}/week"}})
            found = fill(world, "--offline", "--evergreen", "--until", until, code=0)
            assert len(found["uses"]) == uses, most


def test_a_time_of_day_for_one_account_is_kept_and_one_that_is_taken_is_looked_past(waiting: World) -> None:
    with clocks(waiting) as to:
        to(MONDAY - 3 * DAY)
        (waiting.top / "posts.yaml").write_text(
            "posts:\n- id: a\n  at: next\n  accounts: [linkedin, x]\n  text: hi\n  networks: {x: {at: 11:00}}\n"
            f"- {{id: b, at: {MONDAY:%Y-%m-%d} 11:00, accounts: x, text: ho}}\n",
            encoding="utf-8",
        )
        settings(waiting)
        assert "linkedin, x at 11:00" in waiting.run("fill", waiting.top, "--offline", "--diff").stdout
        found = fill(waiting, "--offline", code=0)
        assert days(found) == [z(MONDAY + 2 * DAY)], "on Monday x has a post at its own minute"
        at = MONDAY + 2 * DAY
        assert found["filled"][0]["times"] == {"linkedin": z(at), "x": z(at + 2 * HOUR)}


def test_a_time_of_day_with_an_offset_is_one_on_the_day_of_the_slot(world: World) -> None:
    """One for a network that comes from outside of the post ends where the post gets its time."""
    with clocks(world) as to:
        to(MONDAY - 3 * DAY)
        settings(world, defaults={"networks": {"mastodon": {"at": "07:00"}}})
        (world.top / "posts.yaml").write_text(
            "posts:\n- id: a\n  at: next\n  accounts: [linkedin, x, mastodon]\n  text: hi\n"
            "  networks: {x: {at: 10:00+02:00}}\n",
            encoding="utf-8",
        )
        found = fill(world, "--offline", code=0)
        assert found["filled"][0]["times"] == {
            "linkedin": z(MONDAY),
            "x": z(MONDAY - HOUR),
            "mastodon": z(MONDAY),
        }
        assert world.run("validate", world.top).code == 0


def test_a_markdown_post_and_a_file_in_another_zone_get_their_own_form(world: World) -> None:
    """Slots are in the settings' zone; the file writes the same moment in its own."""
    with clocks(world) as to:
        to(MONDAY - 3 * DAY)
        (world.top / "posts.yaml").write_text(
            "timezone: Asia/Kathmandu\nposts:\n- {at: next, accounts: linkedin, text: There}\n",
            encoding="utf-8",
        )
        (world.top / "a.md").write_text("---\nat: next\naccounts: linkedin\n---\nHere\n", encoding="utf-8")
        assert days(fill(world, "--offline", code=0)) == [z(MONDAY), z(MONDAY + 2 * DAY)]
        assert f"at: {MONDAY:%a %Y-%m-%d} 09:00\n" in (world.top / "a.md").read_text(encoding="utf-8")
        assert f"at: {MONDAY + 2 * DAY:%a %Y-%m-%d} 14:45," in text_of(world)


def test_several_calendars_are_filled_after_one_question(waiting: World, tmp_path: Path) -> None:
    other = waiting.home / "other"
    other.mkdir()
    for name in ("publer.yaml", "posts.yaml"):
        (other / name).write_bytes((waiting.top / name).read_bytes())
    for top in (waiting.top, other):
        stored = "posts:\n- {id: tip, accounts: linkedin, text: Tip, evergreen: {every: 1w}}\n"
        (top / "stored.yaml").write_text(stored, encoding="utf-8")
    timed = f"posts:\n- {{at: {MONDAY:%Y-%m-%d} 09:00, accounts: linkedin, text: At nine}}\n"
    (other / "timed.yaml").write_text(timed, encoding="utf-8")
    until = ("--evergreen", "--until", f"{MONDAY + 14 * DAY:%Y-%m-%d}")
    with clocks(waiting) as to:
        to(MONDAY - 3 * DAY)
        ran = waiting.run("fill", waiting.top, other, "--offline", "--yes", *until, "--format", "json")
    assert ran.code == 6
    got = [each["result"] for each in json.loads(ran.stdout)["calendars"]]
    given = [[*days(each), *(use["scheduled_at"] for use in each["uses"])] for each in got]
    assert [len(each) for each in given] == [3, 3]
    assert len({z(MONDAY), *given[0], *given[1]}) == 7, "they have an account in common"
    written = [file.read_text("utf-8") for file in (*waiting.top.glob("2*.yaml"), *other.glob("2*.yaml"))]
    assert "".join(written).count("- use: tip\n") == 2


def test_several_calendars_are_filled_within_one_budget(waiting: World) -> None:
    other = waiting.home / "other"
    other.mkdir()
    with clocks(waiting) as to:
        to(MONDAY - 3 * DAY)
        settings(waiting, budget={"linkedin": {"posts": "1/week"}})
        stored = "posts:\n- {id: b, accounts: linkedin, text: b, evergreen: {every: 8w}}\n"
        post = "posts:\n- {id: a, at: next, accounts: linkedin, text: a}\n"
        (waiting.top / "posts.yaml").write_text(post, encoding="utf-8")
        (waiting.top / "stored.yaml").write_text(stored, encoding="utf-8")
        for name in ("publer.yaml", "posts.yaml"):
            (other / name).write_bytes((waiting.top / name).read_bytes())
        until = ("--evergreen", "--until", f"{MONDAY + 20 * DAY:%Y-%m-%d}")
        ran = waiting.run("fill", waiting.top, other, "--offline", "--yes", *until, "--format", "json")
        assert ran.code == 0, ran
        first, second = [each["result"] for each in json.loads(ran.stdout)["calendars"]]
        assert (days(first), [each["scheduled_at"] for each in first["uses"]]) == (
            [z(MONDAY)],
            [z(MONDAY + 7 * DAY)],
        )
        assert days(second) == [z(MONDAY + 14 * DAY)]
        ran = waiting.run("validate", waiting.top, other, "--format", "json")
        assert "budget" not in [
            each["code"] for one in json.loads(ran.stdout)["calendars"] for each in one["result"]["problems"]
        ]


@pytest.mark.story
def test_a_slot_is_taken_by_what_publer_has_ahead_there_on_accounts_of_the_calendar(
    empty_world: World,
) -> None:
    """Not by what failed, by what has no time, or by posts on an account that has left the settings."""
    pair, sandbox, x = SideBySide(empty_world), empty_world.sandbox, ACCOUNTS["x"]
    pair.settings("acme", slots={"x": ["mon 09:00", "wed 09:00"]})
    pair.applied("acme", Want("left", "facebook", MONDAY + 2 * DAY, "Left"))
    sandbox.add(account_id=x, at=MONDAY, text="Theirs")
    sandbox.add(account_id=x, at=MONDAY + 2 * DAY, text="It failed", state="failed")
    unread = sandbox.add(account_id=x, at=MONDAY + 2 * DAY, text="Whose time nobody can read")
    sandbox.faults.unreadable = frozenset({unread})
    (pair.top("acme") / "posts.yaml").write_text(
        "posts:\n- {id: new, at: next, accounts: x, text: New}\n", encoding="utf-8"
    )
    words = ("fill", "acme", "--diff", "--lead", f"{(MONDAY - datetime.now(UTC)).days}d")
    [found] = pair.json(*words)
    assert days(found) == [z(MONDAY + 2 * DAY)]
    assert "uses" not in found or found["uses"] in (None, [])
    assert not (pair.top("acme") / ".publer-sync").exists()
    assert pair.run(*words).stderr == ""
    sandbox.faults.trip("rows_left_out", "GET", "/posts", times=100)
    told = pair.run(*words).stderr
    assert told.startswith("warning: Publer's list of posts is 2 short of its own total")
    assert told.count("warning: ") == 1, "that posts wait is no news here"


def test_what_cannot_be_filled_is_said_before_publer_is_asked(waiting: World) -> None:
    ran = waiting.run("fill", waiting.top, "--evergreen", "--yes")
    assert (ran.code, "--evergreen needs --until" in ran.stderr) == (64, True), ran
    (waiting.top / "more.yaml").write_text("posts:\n- {at: never, accounts: x, text: Hi}\n", "utf-8")
    ran = waiting.run("fill", waiting.top, "--diff", "--offline")
    assert (ran.code, "more.yaml:2" in ran.stderr) == (3, True), ran
    assert not waiting.sandbox.requests


def test_uses_that_are_over_count_without_publer_too(empty_world: World) -> None:
    pair, now = SideBySide(empty_world), datetime.now(UTC)
    pair.settings("acme", slots={"x": ["mon 09:00", "thu 09:00"]})
    stored = "posts:\n- {id: tip, accounts: x, evergreen: {every: 26w}, text: Tip}\n"
    (pair.top("acme") / "posts.yaml").write_text(stored, encoding="utf-8")
    known = {ACCOUNTS["x"]: KnownAccount("twitter", "My X Account")}
    pair.applied("acme", Want(f"tip@{now - DAY:%Y-%m-%d}", "x", T, "Tip"), accounts=known)
    store = pair.store("acme")
    state = store.read()
    state.put(replace(state.copies[1], slot=now - DAY).ending(End.PUBLISHED, now - DAY))
    with store.lock(1):
        store.write(state)
    until = ("--evergreen", "--until", f"{now + 20 * DAY:%Y-%m-%d}", "--diff", "--offline")
    [found] = pair.json("fill", "acme", *until)
    assert found["uses"] == []
    [found] = pair.json("fill", "acme", *until, "--state", "elsewhere")
    assert [each["use"] for each in found["uses"]] == ["tip"]


def test_calendars_of_accounts_by_name_alone_give_no_slot_twice(waiting: World) -> None:
    """Each says how many of its posts got a slot, and of uses only where they were asked for."""
    for name in ("acme", "bank"):
        (waiting.home / name).mkdir()
        (waiting.home / name / "publer.yaml").write_text(
            "timezone: UTC\naccounts: {shop: Me}\nslots: {shop: [mon 09:00]}\n", encoding="utf-8"
        )
        (waiting.home / name / "posts.yaml").write_text(
            f"posts:\n- {{id: a, at: next, accounts: shop, text: {name}}}\n"
            f"- {{id: b, accounts: shop, text: Kept by {name}, evergreen: {{every: 8w}}}}\n",
            encoding="utf-8",
        )
    (waiting.home / "bank" / "more.yaml").write_text(
        f"posts:\n- {{at: {MONDAY:%Y-%m-%d} 09:00, accounts: shop, text: There}}\n", encoding="utf-8"
    )
    tops = [waiting.home / name for name in ("acme", "bank")]
    with clocks(waiting) as to:
        to(MONDAY - 3 * DAY)
        words: tuple[str | Path, ...] = ("fill", *tops, "--offline", "--diff")
        ran = waiting.run(*words, "--format", "json")
        found = [each["result"] for each in json.loads(ran.stdout)["calendars"]]
        assert [days(each) for each in found] == [[z(MONDAY + 7 * DAY)], [z(MONDAY + 14 * DAY)]]
        told = " ".join(waiting.run(*words).stdout.split())
        assert (told.count("1 post filled, 0 waiting"), "of stored posts" in told) == (2, False), told
        until = ("--evergreen", "--until", f"{MONDAY + 28 * DAY:%Y-%m-%d}")
        told = " ".join(waiting.run(*words, *until).stdout.split())
        assert "1 post filled, 0 waiting, 1 use of stored posts" in told
        assert " shop b 1 post filled, 1 use of stored posts." in told


MANAGED, OTHERS = wanted(SOON, "Hello", id="hello"), wanted(LAST, "Others", id="others")
STATE = ledger(copy_of(MANAGED), copy_of(OTHERS, 2, post_id="p-2"))
WAITS, WAITS_TOO = (
    replace(each, at=LATER, location=Location("waits.yaml", number))
    for number, each in ((1, MANAGED), (2, OTHERS))
)
KEPT = change(Action.UNCHANGED, None, copy=STATE.copies[1])
GONE = copy_of(MANAGED).ending(End.REMOVED, NOW)


@each_of(
    ("changes", "state", "listing", "in_publer", "unknown"),
    [
        ([KEPT], STATE, Listing(), {1}, set()),
        ([KEPT, change(Action.UNCHANGED, OTHERS, copy=STATE.copies[2])], STATE, Listing(), {1}, set()),
        ([change(Action.DELETE, None, copy=STATE.copies[1])], STATE, Listing(), set(), set()),
        ([KEPT], None, Listing(), set(), set()),
        ([], STATE, Listing(), set(), set()),
        ([], STATE, Listing(short=1), set(), {1, 2}),
        ([KEPT], STATE, Listing(short=1), {1}, {2}),
        ([], STATE, Listing((shown(SOON),), short=1), set(), {2}),
        ([change(Action.UPDATE, OTHERS, copy=STATE.copies[2])], STATE, Listing(short=1), set(), {1}),
        ([change(Action.DELETE, None, copy=STATE.copies[2])], STATE, Listing(short=1), set(), {1, 2}),
        ([change(Action.CREATE, MANAGED)], STATE, Listing(short=1), set(), {1, 2}),
        ([], ledger(copy_of(MANAGED, post_id=None)), Listing(short=1), set(), set()),
        ([], ledger(copy_of(MANAGED, removed=True)), Listing(short=1), set(), set()),
        ([], ledger(GONE), Listing(short=1), set(), set()),
    ],
)  # fmt: skip
def test_which_waiting_posts_publer_has_and_which_it_may_have(
    changes: list[Change], state: State | None, listing: Listing, in_publer: set[int], unknown: set[int]
) -> None:
    found = fill_command._in_publer(plan(changes), Survey(listing, state), [WAITS, WAITS_TOO])
    assert tuple({each.line for each in places} for places in found) == (in_publer, unknown)


def test_a_drafts_rules_hold_for_posts_that_wait_too(world: World) -> None:
    """Their content is checked as that of any other."""
    (world.top / "posts.yaml").write_text(
        f"posts:\n- {{id: a, at: next, accounts: x, text: {'word ' * 90}}}\n", encoding="utf-8"
    )
    ran = world.run("validate", world.top, "--format", "json")
    assert "x.text.length" in [each["code"] for each in json.loads(ran.stdout)["problems"]]


def test_it_asks_once_and_writes_nothing_for_any_answer_but_yes(waiting: World) -> None:
    before = text_of(waiting)
    with mock.patch.object(shared, "can_ask", return_value=True):
        ran = waiting.run("fill", waiting.top, "--offline")
    assert ran.code == 1, ran
    assert "This writes 1 file; Publer is not changed." in ran.stderr
    assert ran.stdout.count("linkedin") >= 2, "a line each"
    assert text_of(waiting) == before


def test_a_calendar_whose_posts_all_wait_is_not_an_empty_one(world: World) -> None:
    """apply refuses what plan shows as refused, and nothing else."""
    world.apply_first(Want("one", "linkedin", T, "One"), Want("two", "linkedin", T + DAY, "Two"))
    (world.top / "posts.yaml").write_text(
        "posts:\n- id: one\n  at: next\n  accounts: linkedin\n  text: One\n", encoding="utf-8"
    )
    plan = world.plan()
    assert (plan["refusals"], [change["action"] for change in plan["changes"]]) == ([], ["delete"])
    assert world.apply().code == 0


def test_what_a_colleague_deleted_gets_a_new_time_and_what_an_incomplete_list_lacks_does_not(
    empty_world: World,
) -> None:
    """Both were sent, and wait for a slot since."""
    pair = SideBySide.in_place(empty_world)
    pair.settings("acme", slots={"x": ["mon 09:00"]})
    new = f"- {{id: new, at: {T:%Y-%m-%d} 12:00, accounts: x, text: New}}\n"
    (pair.top("acme") / "posts.yaml").write_text(
        f"posts:\n{new}- {{id: one, at: next, accounts: x, text: One}}\n", encoding="utf-8"
    )
    [found] = pair.json("fill", "acme", "--diff")
    assert "it is in Publer already" in found["waiting"][0]["reason"]
    trips = pair.world.sandbox.faults
    trips.trip("empty_page", "GET", "/posts$", times=10**6)
    [found] = pair.json("fill", "acme", "--diff")
    assert "it is not known whether this post is in Publer" in found["waiting"][0]["reason"]
    trips.trips.clear()
    pair.world.sandbox.remove(pair.world.find("One")["id"])
    [found] = pair.json("fill", "acme", "--diff")
    assert ([each["id"] for each in found["filled"]], found["waiting"]) == (["one"], [])
