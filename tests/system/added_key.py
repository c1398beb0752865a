"""What is asked of keys that were just added: run in a copy of the tree by tests/system/test_recipe.py, which adds them.

`campaign` is a word that becomes a label, `subtitle` a text with a place of its own in what is sent.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.commands.completion import labels
from tests import key_tables, travel
from tests.studio.desk import desk_of
from tests.system.test_travel import CONTROLS, lost_on_the_way, make_scene

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from publer_sync.sandbox import Sandbox
    from tests.conftest import Cli
    from tests.system.test_travel import Scene
    from tests.travel import Case

__all__ = ["make_scene"]

SETTINGS = """\
timezone: UTC
accounts:
  x: {name: My X Account, provider: twitter}
words:
- never: [cheap]
"""
DAYS = [f"{datetime.now(UTC) + timedelta(days=number):%Y-%m-%d}" for number in (2, 3, 4)]
POSTS = f"""\
defaults:
  campaign: spring
posts:
- id: one
  at: {DAYS[0]} 09:00
  accounts: x
  subtitle: Seen from below
  text: The first post
- id: two
  at: {DAYS[1]} 09:00
  accounts: x
  campaign: autumn
  labels: [lamp]
  text: The second post
- id: three
  at: {DAYS[2]} 09:00
  accounts: x
  campaign: null
  text: The third post
"""


class Calendar:
    def __init__(self, top: Path, sandbox: Sandbox, cli: Cli) -> None:
        self.top, self.sandbox, self._cli = top, sandbox, cli
        top.mkdir()
        (top / "publer.yaml").write_text(SETTINGS, encoding="utf-8")
        self.write(POSTS)

    @property
    def text(self) -> str:
        return (self.top / "posts.yaml").read_text(encoding="utf-8")

    def write(self, text: str) -> None:
        (self.top / "posts.yaml").write_text(text, encoding="utf-8")

    def run(self, *words: str, code: int = 0) -> str:
        command, *options = words
        env = {"PUBLER_BASE_URL": self.sandbox.url, "PUBLER_API_KEY": self.sandbox.key}
        ran = self._cli(command, *options, cwd=self.top, env=env)
        assert ran.code == code, ran.stdout + ran.stderr
        return ran.stdout + ran.stderr

    def changes(self) -> dict[str, str]:
        self.run("plan", ".", "--out", "plan.json")
        plan = json.loads((self.top / "plan.json").read_text(encoding="utf-8"))
        return {each["id"]: each["action"] for each in plan["changes"]}

    @property
    def in_publer(self) -> dict[str, dict[str, Any]]:
        return {post["text"].strip(): post for post in self.sandbox.posts()}

    @property
    def labels(self) -> dict[str, list[str]]:
        return {
            text: sorted(post["sent"]["account"].get("labels", ())) for text, post in self.in_publer.items()
        }


@pytest.fixture
def calendar(tmp_path: Path, sandbox: Sandbox, cli: Cli) -> Calendar:
    return Calendar(tmp_path / "social", sandbox, cli)


def test_they_arrive_on_every_network_are_compared_and_shown_on_every_page(
    make_scene: Callable[[Iterable[Case]], Scene],
) -> None:
    cases = [each for each in travel.cases() if each.head in ("campaign", "subtitle")]
    assert len(cases) == 2 * len({each.network.key for each in cases}) > 20
    assert lost_on_the_way(make_scene([*cases, CONTROLS[0]])) == []


def test_they_are_checked(calendar: Calendar) -> None:
    assert "validate" not in calendar.run("validate", ".")
    calendar.write(POSTS.replace("campaign: autumn", "campaign: [autumn]"))
    assert "posts.yaml:12" in calendar.run("validate", ".", code=3)
    calendar.write(POSTS.replace("campaign: autumn", "campain: autumn"))
    assert "campaign" in calendar.run("validate", ".", code=3)
    calendar.write(POSTS.replace("Seen from below", "A cheap trick"))
    assert "words.never" in calendar.run("validate", ".")
    calendar.write(POSTS.replace("The second post", "|\n    The second post\n    subtitle: too deep"))
    assert "text.key" in calendar.run("validate", ".", code=3)


def test_they_are_sent_found_again_and_held_by(calendar: Calendar) -> None:
    assert {*calendar.changes().values()} == {"create"}
    calendar.run("apply", ".", "--yes")
    sent = {
        "The first post": ["spring"],
        "The second post": ["autumn", "lamp"],
        "The third post": [],
    }
    assert calendar.labels == sent
    assert calendar.in_publer["The first post"]["sent"]["network"]["subtitle"] == "Seen from below"
    assert calendar.changes() == {}
    calendar.run("hold", ".", "--reason", "Why", "--label", "autumn", "--yes")
    assert calendar.labels.keys() == {"The first post", "The third post"}
    calendar.run("release", ".", "--yes")
    assert calendar.labels == sent
    exported = json.loads(calendar.run("export", ".", "--format", "json"))["posts"]
    assert [each["post"].get("labels", []) for each in exported] == [*sent.values()]
    assert exported[0]["post"]["subtitle"] == "Seen from below"
    assert "posts.yaml:2" in calendar.run("explain", "one", "--offline")


def test_what_somebody_edits_in_publer_comes_back_beside_them(calendar: Calendar) -> None:
    calendar.run("apply", ".", "--yes")
    calendar.sandbox.edit(calendar.in_publer["The first post"]["id"], text="Other words")
    calendar.run("pull", ".", "--yes")
    assert calendar.text == POSTS.replace("The first post", "Other words")
    assert calendar.changes() == {}


def test_a_lost_state_finds_them_again(calendar: Calendar) -> None:
    calendar.run("apply", ".", "--yes")
    for part in (calendar.top / ".publer-sync").rglob("*.json"):
        part.unlink()
    assert {*calendar.changes().values()} == {"adopt"}


def test_the_studio_shows_the_labels_and_keeps_the_keys(calendar: Calendar) -> None:
    with desk_of(calendar.top, now=datetime.now(UTC)) as desk:
        assert desk.post("two")["labels"] == ["lamp", "autumn"]
        assert desk.do("two", edit={"text": "Other words", "labels": ["lamp", "late"]}).status == 200
        assert desk.post("two")["labels"] == ["lamp", "late", "autumn"]
        assert desk.read("posts.yaml") == POSTS.replace("The second post", "Other words").replace(
            "[lamp]", "[lamp, late]"
        )


def test_a_shell_offers_the_labels(calendar: Calendar) -> None:
    assert sorted(labels([calendar.top])) == ["autumn", "lamp", "spring"]
    calendar.write("posts:\n- {text: Hi, campaign: [one, two]}\n")
    assert [*labels([calendar.top])] == ["one", "two"]


def test_the_pages_have_their_rows() -> None:
    rows = {key for key, _, _ in key_tables.posts()}
    assert {"`campaign`", "`subtitle`"} <= rows
