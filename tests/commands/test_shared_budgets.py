"""Budgets over the calendars of a command, in status and in the preview."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.conftest import run_here
from tests.system.worlds import DAY, T, Want

if TYPE_CHECKING:
    from pathlib import Path

    from tests.system.worlds import World


def test_several_calendars_of_one_command_count_together(tmp_path: Path) -> None:
    for name, days in (("acme", (1, 3)), ("bank", (2,))):
        folder = tmp_path / "clients" / name
        folder.mkdir(parents=True)
        (folder / "publer.yaml").write_text(
            "timezone: UTC\naccounts: {x: Shared}\nbudget: {x: {posts: 2/month}}\n"
        )
        posts = "".join(f"- {{at: 2031-03-0{day} 09:00, accounts: x, text: number {day}}}\n" for day in days)
        (folder / "posts.yaml").write_text(f"posts:\n{posts}")

    def codes(*folders: str) -> list[tuple[str, int]]:
        ran = run_here(("validate", *folders, "--format", "json"), {}, cwd=tmp_path)
        document = json.loads(ran.stdout)
        found = document.get("calendars", [{"result": document}])
        return [(each["code"], each["line"]) for one in found for each in one["result"]["problems"]]

    assert codes("clients/acme") == []
    assert codes("clients") == [("budget", 3)]


@pytest.mark.story
def test_status_and_preview_show_what_is_left(empty_world: World) -> None:
    world = empty_world
    world.settings(budget={"x": {"links": "2/month", "posts": "1/day"}})
    wants = [Want(f"p{day}", "x", T + day * DAY, f"See example.com/{day}") for day in range(3)]
    world.apply_first(*wants)
    status = json.loads(world.run("status", world.top, "--format", "json").stdout)
    fullest = max(
        (each for each in status["budgets"] if each["kind"] == "links"), key=lambda each: each["used"]
    )
    assert (fullest["of"], fullest["most"], fullest["left"]) == ("x", 2, 2 - min(2, fullest["used"]))
    text = " ".join(world.run("status", world.top).stdout.split())
    assert "Budget of x: 0 of 1 posts on" in text
    assert "1 of 1 posts on" in text
    page = world.home / "page.html"
    world.run("preview", world.top, "--out", page)
    assert "posts with an address in" in page.read_text(encoding="utf-8")
