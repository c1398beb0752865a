"""The team's own words, from the settings to what is sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.system.worlds import DAY, T, World, clocks

if TYPE_CHECKING:
    from pathlib import Path

RULES: list[dict[str, Any]] = [
    {"never": ["delve", "—"], "severity": "error", "why": "our style guide"},
    {"say": {"utilize": "use"}},
]
POST = """\
posts:
- id: lamp
  at: {at:%Y-%m-%d %H:%M}
  accounts: [x, facebook]
  text: |
    {text}
"""


@pytest.fixture
def world(empty_world: World) -> World:
    empty_world.settings(words=RULES)
    return empty_world


def post(world: World, text: str, more: str = "") -> Path:
    file = world.top / "posts.yaml"
    file.write_text(POST.format(at=T, text=text) + more, encoding="utf-8")
    return file


def test_an_error_keeps_the_post_from_being_sent_until_it_is_put_right_or_silenced(world: World) -> None:
    post(world, "Delve into light, and utilize it")
    applied = world.apply()
    assert applied.code == 3
    assert world.writes() == []
    (problem,) = (each for each in applied.document["problems"] if each["severity"] == "error")
    assert (problem["code"], problem["line"], problem["column"]) == ("words.never", 6, 5)
    page = world.home / "page.html"
    assert world.run("preview", world.top, "--out", page).code == 3
    assert "this team never writes it" in page.read_text(encoding="utf-8")
    found = json.loads(
        world.run("explain", "lamp", "--calendar", world.top, "--offline", "--format", "json").stdout
    )
    assert [each["code"] for each in found["posts"][0]["problems"]] == ["words.never", "words.say"]
    post(world, "Delve into light, and utilize it", "  ignore: {words.never: a quotation}\n")
    plan = world.plan()
    assert [(each["code"], each["message"]) for each in plan["warnings"] if "words" in each["code"]] == [
        ("words.say", '"utilize" in the text: this team writes "use" (facebook, x)')
    ]
    post(world, "See into light, and use it")
    assert world.apply().code == 0


def test_pull_leaves_words_that_the_team_does_not_use(world: World) -> None:
    file = post(world, "See into light")
    assert world.apply().code == 0
    world.sandbox.settle()
    before = file.read_bytes()
    world.sandbox.edit(world.sandbox.posts()[0]["id"], text="Delve into light")
    world.stranger("x", T + DAY, "one—two")
    ran = world.run("pull", world.top, "--yes", "--format", "json")
    assert ran.code == 6
    left = json.loads(ran.stdout)["posts"]
    assert [each["action"] for each in left] == ["left", "left"]
    assert all("this team never writes it" in each["reason"] for each in left)
    assert file.read_bytes() == before


def test_a_new_rule_leaves_what_was_published_alone(world: World) -> None:
    world.settings()
    file = post(world, "Delve into light")
    assert world.apply().code == 0
    world.settings(words=RULES)
    with clocks(world) as to:
        to(T + DAY)
        file.write_text(
            file.read_text(encoding="utf-8")
            + f"- id: next\n  at: {T + 2 * DAY:%Y-%m-%d %H:%M}\n  accounts: x\n  text: Fine\n",
            encoding="utf-8",
        )
        assert world.apply().code == 0
