"""Which part of the ledger is a calendar's that has none of its name."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock

import pytest

from publer_sync.commands.reaching import renaming
from publer_sync.ledger.elsewhere import Elsewhere
from publer_sync.ledger.state import CalendarHome
from tests.builders import ledger
from tests.planning.posts import OURS
from tests.system.worlds import T, Want

if TYPE_CHECKING:
    from publer_sync.ledger.state import State
    from tests.system.worlds import World

HOME = CalendarHome("calendar", "/team/.git")
SINCE = replace(ledger(OURS), calendar="social", was=("calendar",), home=replace(HOME, folder="social"))


def name_of(state: State, monkeypatch: pytest.MonkeyPatch, *, gone: bool = False) -> str | None:
    """What the calendar `calendar`, which has no posts, was or is called, beside a part that no folder here has."""
    told: dict[str, Any] = {
        "repository_of": lambda _: Path("/team"),
        "missing_names": lambda _, names, **_options: list(names),
        "home_of": lambda *_: HOME,
        "gone_of": lambda _top, states, *_, **_options: [Mock(name=each) for each in states] if gone else (),
        "_posts_of": lambda *_: (),
    }
    for name, instead in told.items():
        monkeypatch.setattr(renaming, name, instead)
    store = Mock(names_beside=lambda: ["social"], beside=lambda _: Elsewhere({"social": state}))
    return renaming.old_name(Mock(top=Path("/team/calendar")), {}, store, Mock(), "calendar")


@pytest.mark.parametrize(
    ("state", "found"),
    [
        pytest.param(SINCE, "social", id="it was renamed since"),
        pytest.param(replace(SINCE, home=None), "social", id="nobody knows its folder"),
        pytest.param(replace(SINCE, was=()), None, id="another calendar"),
        pytest.param(replace(SINCE, was=("press",)), None, id="one that was called otherwise"),
        pytest.param(replace(SINCE, copies={}), None, id="one without posts"),
        pytest.param(
            replace(SINCE, home=CalendarHome("social", "/others/.git")), None, id="one of another repository"
        ),
    ],
)
def test_the_name_that_it_has_got_since_is_its_own(
    state: State, found: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert name_of(state, monkeypatch) == found


def test_one_that_left_the_repository_is_no_name_of_a_new_calendar(monkeypatch: pytest.MonkeyPatch) -> None:
    """That wants none of its posts: they would be removed for it."""
    assert name_of(SINCE, monkeypatch, gone=True) is None


def test_outside_of_git_a_renamed_folder_brings_its_ledger_along_and_a_copied_one_does_not(
    empty_world: World,
) -> None:
    world = empty_world
    world.apply_first(Want("one", "x", T, "One"))
    renamed = world.top.rename(world.home / "renamed")
    plan = json.loads(world.run("plan", renamed, "--format", "json").stdout)
    assert [each["code"] for each in plan["warnings"]] == ["renamed"]
    assert (plan["changes"], plan["summary"]["unchanged"]) == ([], 1)
    shutil.copytree(renamed, world.top)
    plan = json.loads(world.run("plan", renamed, "--format", "json").stdout)
    assert [(each["code"], each["would"]) for each in plan["changes"]] == [("elsewhere", "create")]
    told = [each["message"] for each in plan["warnings"] if each["code"] == "state_elsewhere"]
    assert ["if this calendar was renamed, run this before apply:" in each for each in told] == [True]
