"""When a calendar without a state may have one where its repository was: what Publer published tells, and how old the settings are."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast
from unittest import mock

import pytest

from publer_sync.commands.reaching import repository_moved
from publer_sync.commands.reaching.repository_moved import CODE, error_of
from publer_sync.values.errors import StateError
from tests.builders import HOUR, LINKEDIN, NOW, shown, wanted
from tests.system.worlds import T, Want
from tests.tables import each_of

if TYPE_CHECKING:
    from tests.system.worlds import World

SLOT = NOW - 2 * HOUR
POST, OUT = wanted(SLOT, "We launched"), shown(SLOT, "We launched", state="published")


def access(
    *, first: bool = False, gone: bool = False, beside: tuple[str, ...] = (), had: bool | None = True
) -> Any:
    """`had` is None where git has no history."""
    history = SimpleNamespace(had=lambda _file, by: had and by == NOW - timedelta(days=1))
    tree = SimpleNamespace(history=None if had is None else history, root=Path("/repository"))
    return SimpleNamespace(
        places=SimpleNamespace(first=first),
        calendar=SimpleNamespace(gone=gone, top=Path("/repository/calendar")),
        store=SimpleNamespace(names_beside=lambda: list(beside), place="git:publer-sync-state"),
        clock=SimpleNamespace(now=lambda: NOW),
        lineage=SimpleNamespace(asks=True, tree=tree),
    )


def test_what_went_out_with_the_words_of_the_calendar_asks_for_its_ledger() -> None:
    error = error_of(access(), [POST], [OUT])
    assert error is not None
    assert error.code == CODE
    assert "Publer published 1 post of this calendar since yesterday" in error.message
    assert "--first" in (error.hint or "")
    late = shown(SLOT + HOUR, "We launched", state="published")
    assert error_of(access(), [POST], [late]) is not None


@each_of(
    ("world", "post", "live"),
    [
        ({"first": True}, POST, OUT),
        ({"gone": True}, POST, OUT),
        ({"beside": ("acme",)}, POST, OUT),
        ({"had": False}, POST, OUT),
        ({"had": None}, POST, OUT),
        ({}, POST, shown(None, "We launched", state="published")),
        ({}, wanted(SLOT, "Other words"), OUT),
        ({}, wanted(SLOT - 2 * HOUR, "We launched"), OUT),
        ({}, wanted(SLOT, "We launched", account=LINKEDIN), OUT),
        (
            {},
            wanted(NOW - timedelta(days=2), "We launched"),
            shown(NOW - timedelta(days=2), "We launched", state="published"),
        ),
        ({}, wanted(NOW + HOUR / 2, "We launched"), shown(NOW - HOUR / 4, "We launched", state="published")),
        ({}, wanted(SLOT, ""), shown(SLOT, "", state="published")),
        ({}, POST, shown(SLOT, "We launched", state="failed")),
    ],
)
def test_nothing_else_does(world: dict[str, Any], post: Any, live: Any) -> None:
    assert error_of(cast("Any", access(**world)), [post], [live]) is None


def test_a_rehearsal_has_a_ledger_of_its_own() -> None:
    rehearsal = access()
    rehearsal.lineage.asks = False
    assert error_of(rehearsal, [POST], [OUT]) is None


def test_plan_warns_with_the_first_thing_to_do_and_apply_ends(empty_world: World) -> None:
    error = StateError("it came without its ledger", code=CODE, hint="Bring it here first.\nOr stop")
    empty_world.write(Want("launch", "x", T, "We launched"))
    with mock.patch.object(repository_moved, "error_of", return_value=error):
        warned = {warn["code"]: warn["message"] for warn in empty_world.plan()["warnings"]}
        assert (empty_world.apply().code, empty_world.writes()) == (1, [])
    assert warned["state_first"] == "it came without its ledger; bring it here first"


@pytest.mark.story
def test_plan_warns_and_whatever_would_schedule_or_write_files_ends(empty_world: World) -> None:
    world = empty_world
    error = StateError("it came without its ledger", code=CODE, hint="Bring it")
    world.write(Want("launch", "x", T, "We launched"))
    with mock.patch.object(repository_moved, "error_of", return_value=error):
        assert "state_first" in [warn["code"] for warn in world.plan()["warnings"]]
        for words in (("apply", "--yes"), ("release", "--yes"), ("pull", "--yes")):
            name, *more = words
            ran = world.run(name, world.top, *more, "--format", "json")
            assert (ran.code, json.loads(ran.stdout)["error"]["code"]) == (1, CODE), words
    assert world.writes() == []
    assert world.apply().code == 0
    with mock.patch.object(repository_moved, "error_of", return_value=error):
        assert world.apply().code == 0, "it has a ledger here"
