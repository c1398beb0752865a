"""What `explain` and `fill` know of the uses of stored posts: from the files, from Publer, and from the ledger alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from publer_sync.commands.store import past_uses
from publer_sync.ledger.copies import End
from tests.builders import LINKEDIN, SOON, X, copy_of, ledger, wanted
from tests.system.worlds import ACCOUNTS, DAY, T, World, clocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publer_sync.ledger.copies import Copy
    from publer_sync.values.model import Account

MONDAY = T + (7 - T.weekday()) * DAY
"""Nine o'clock in the morning."""
TIP = (
    "- {id: tip, accounts: [linkedin, x], evergreen: {every: 2w}, text: Tip, variants: [{text: Tip again}]}\n"
)
PLAIN = "id: plain, accounts: facebook, text: Plain"


def day(number: int) -> str:
    return f"{MONDAY + number * DAY:%Y-%m-%d}"


def write(world: World, *lines: str, stored: str = TIP) -> None:
    (world.top / "stored.yaml").write_text(f"posts:\n{stored}", encoding="utf-8")
    (world.top / "uses.yaml").write_text("posts:\n" + "".join(f"- {{{line}}}\n" for line in lines), "utf-8")


AHEAD = f"use: tip, at: {day(30)} 09:00, accounts: linkedin"
LOST = f"use: tip, at: {day(2)} 09:00, accounts: linkedin"


@pytest.fixture
def later(empty_world: World) -> Iterator[World]:
    """A use was published and has left the files, one was removed in Publer, one was never scheduled, and one is ahead."""
    world = empty_world
    world.settings(slots={"linkedin": ["mon 09:00", "thu 09:00"]})
    with clocks(world) as to:
        to(MONDAY - 3 * DAY)
        published = f"use: tip, at: {day(0)} 09:00"
        no_id = f"at: {day(0)} 13:00, accounts: facebook, text: Without an id"
        write(world, published, LOST, AHEAD, f"{PLAIN}, at: {day(0)} 12:00", no_id)
        assert uses(world, "tip")[0]["state"] == "new"
        assert world.apply().code == 0
        world.sandbox.settle()
        (lost,) = (post["id"] for post in world.sandbox.posts() if post["at"] == MONDAY + 2 * DAY)
        world.sandbox.remove(lost)
        to(MONDAY + 5 * DAY)
        world.sandbox.settle()
        late = f"use: tip, at: {day(3)} 09:00, accounts: facebook"
        write(world, LOST, late, AHEAD, stored=f"{TIP}- {{{PLAIN}, evergreen: {{every: 2w}}}}\n")
        yield world


def uses(world: World, what: str, *words: str) -> list[Any]:
    ran = world.run("explain", what, "--calendar", world.top, "--format", "json", *words)
    assert ran.code == 0, ran
    found: list[Any] = json.loads(ran.stdout)["posts"][0]["uses"]
    return found


def told(world: World, *words: str) -> list[tuple[str, list[str], int | None, str]]:
    found = uses(world, "tip", *words)
    return [(each["id"], sorted(each["accounts"]), each["variant"], each["state"]) for each in found]


def filled(world: World, *words: str) -> list[str]:
    """The days on which the stored post that is said to be used longest ago would be used."""
    until = ("--evergreen", "--until", day(20), "--account", "linkedin", "--diff", "--format", "json")
    ran = world.run("fill", world.top, *until, *words)
    return [each["scheduled_at"][:10] for each in json.loads(ran.stdout)["uses"] if each["use"] == "tip"]


def test_each_use_of_a_stored_post_is_told_with_what_became_of_it_and_counts_for_the_next(
    later: World,
) -> None:
    passed = (f"tip@{day(2)}", ["linkedin"], 1, "its time has passed")
    never = (f"tip@{day(3)}", ["facebook"], 1, "its time has passed; it was never scheduled")
    ahead = (f"tip@{day(30)}", ["linkedin"], 1, "unchanged")
    assert told(later) == [(f"tip@{day(0)}", ["linkedin", "x"], None, "published"), passed, never, ahead]
    assert {state for *_, state in told(later, "--offline")} == {"in the calendar"}
    assert uses(later, "plain") == [], "what was published before it was stored is no use of it"
    write(later, f"use: tip, at: {day(0)} 09:00, accounts: x", AHEAD)
    assert sorted((*each[1], each[3]) for each in told(later)) == [
        ("linkedin", "published"),
        ("linkedin", "unchanged"),
        ("x", "published"),
    ]
    later.settings(accounts={alias: ACCOUNTS[alias] for alias in ("linkedin", "facebook")})
    write(later, AHEAD, stored=TIP.replace("[linkedin, x]", "linkedin"))
    assert [each[1] for each in told(later)] == [["linkedin"], ["linkedin"]]
    # The days between uses count for the next one, also where only the ledger knows of them.
    later.settings(slots={"linkedin": ["mon 09:00", "thu 09:00"]})
    assert later.apply().code == 0, "which notes what was published"
    write(later)
    assert filled(later) == filled(later, "--offline") == [day(14)]
    elsewhere = ("--state", str(later.home / "elsewhere"))
    assert filled(later, "--offline", *elsewhere) == [day(7)]
    (later.top / "publer.yaml").write_text(
        (later.top / "publer.yaml").read_text("utf-8").replace("workspace", "# workspace", 1), "utf-8"
    )
    assert filled(later, "--offline", "--state", str(later.home / "nowhere")) == [day(7)]


def test_the_uses_that_are_known_are_those_that_were_published_on_an_account_of_the_calendar() -> None:
    def use(key: int, name: str | None, account: Account = X, end: End | None = End.PUBLISHED) -> Copy:
        copy = copy_of(wanted(SOON, f"Tip {key}", account=account, id=name), key, post_id=f"p-{key}")
        return copy.ending(end, SOON) if end is not None else copy

    state = ledger(
        use(1, "tip@2027-03-09"),
        use(2, "launch"),
        use(3, "tip@2027-03-10", LINKEDIN),
        use(4, "tip@2027-03-11", end=End.REMOVED),
        use(5, "tip@2027-03-12", end=None),
        use(6, None),
    )
    [found] = past_uses(state, {X.id: "x"}, "Europe/Oslo")
    assert (found.alias, found.stored, found.at, found.text) == ("x", "tip", SOON, "Tip 1")
    assert (found.id, found.day) == ("tip@2027-03-09", SOON.astimezone(ZoneInfo("Europe/Oslo")).date())
    assert past_uses(None, {X.id: "x"}) == ()
