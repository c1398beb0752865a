"""Comments, shares and removals that wait for engagement or reach, from the calendar to what Publer gets."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.system.worlds import T, Want, World, clocks, world_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WAITING = {
    "comments": "comments:\n- text: More of it\n  after: 2h\n  engagement: over 50\n  reach: under 1000",
    "share": "share:\n  accounts: linkedin\n  after: 2h\n  engagement: over 50\n  reach: under 1000",
    "auto_delete": "auto_delete:\n  after: 2h\n  engagement: over 50\n  reach: under 1000",
}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with world_in(tmp_path / "world") as made:
        yield made


def post(more: str) -> Want:
    return Want("one", "facebook", T, "Words", more=more)


@pytest.mark.parametrize(
    ("key", "sent"), [("comments", "comments"), ("share", "share"), ("auto_delete", "delete")]
)
def test_it_is_sent_beside_the_age_and_warned_of(world: World, key: str, sent: str) -> None:
    world.write(post(WAITING[key]))
    found = json.loads(world.run("validate", world.top, "--format", "json").stdout)["problems"]
    assert [(one["severity"], one["code"]) for one in found] == [("warning", "conditions.figures")] * 2
    assert [one["line"] for one in found] == [
        line for line, text in enumerate(lines(world), 1) if "over 50" in text or "under" in text
    ]
    assert world.apply().code == 0
    world.sandbox.settle()
    entry: Any = world.find("Words")["sent"]["account"][sent]
    conditions = (entry[0] if isinstance(entry, list) else entry)["conditions"]
    assert conditions == {
        "relation": "AND",
        "clauses": {
            "age": {"duration": 2, "unit": "Hour"},
            "engagements": {"comparison": "gt", "value": 50},
            "reach": {"comparison": "lt", "value": 1000},
        },
    }
    assert world.changes() == []


def lines(world: World) -> list[str]:
    return (world.top / "posts.yaml").read_text("utf-8").splitlines()


@pytest.mark.parametrize("key", WAITING)
def test_a_figure_that_changes_is_a_change_that_plan_shows(world: World, key: str) -> None:
    world.apply_first(post(WAITING[key]))
    world.write(post(WAITING[key].replace("over 50", "over 75")))
    assert [action for action, _, _ in world.changes()] == ["replace"]
    shown = world.run("plan", world.top, "-v").stdout
    assert "75" in shown


@pytest.mark.parametrize("figure", ["50", "more than 50", "over fifty", "> 50", "over 0050 "])
def test_another_form_is_an_error_that_shows_the_right_one(world: World, figure: str) -> None:
    world.write(post(WAITING["comments"].replace("over 50", json.dumps(figure))))
    ran = world.run("validate", world.top)
    assert (ran.code, "write over or under, and a number: over 50" in ran.stdout) == (3, True)


def test_what_waits_for_figures_is_not_taken_down_by_its_age(world: World) -> None:
    """When a post has a reach is not modelled."""
    world.apply_first(post(WAITING["auto_delete"]))
    with clocks(world) as to:
        to(T + timedelta(days=2))
        assert [one["state"] for one in world.sandbox.posts()] == ["published"]


def test_a_post_without_figures_is_sent_as_before(world: World) -> None:
    world.apply_first(post("comments:\n- text: More of it\n  after: 2h"))
    assert "engagement" not in world.ledger.read_text("utf-8")
    sent = world.find("Words")["sent"]["account"]["comments"][0]
    assert sent["conditions"] == {"relation": "AND", "clauses": {"age": {"duration": 2, "unit": "Hour"}}}
