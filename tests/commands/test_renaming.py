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
from publer_sync.ledger.elsewhere import Elsewhere, LedgerPart
from publer_sync.ledger.file_store import FileStore
from publer_sync.ledger.folder_store import FolderStore
from publer_sync.ledger.state import CalendarHome
from publer_sync.machine.clock import Clock
from tests.builders import LATER, copy_of, ledger, wanted
from tests.commands.reached import stand_in
from tests.commands.side_by_side import ONE, SideBySide
from tests.planning.posts import OURS, POST
from tests.system.worlds import T, Want
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.ledger.state import State
    from tests.system.worlds import World

LACKING: Any = stand_in(missing=lambda _, names, **_options: [*names])
"""A checkout that has none of the calendars."""
HOME = CalendarHome("calendar", "/team/.git")
SINCE = replace(ledger(OURS), calendar="social", was=("calendar",), home=replace(HOME, folder="social"))


def name_of(state: State, monkeypatch: pytest.MonkeyPatch, *, gone: bool = False) -> str | None:
    """What the calendar `calendar`, which has no posts, was or is called, beside a part that no folder here has."""
    told: dict[str, Any] = {
        "repository_of": lambda _: Path("/team"),
        "home_of": lambda *_: HOME,
        "gone_of": lambda _top, states, *_, **_options: [Mock(name=each) for each in states] if gone else (),
        "_posts_of": lambda *_: (),
    }
    for name, instead in told.items():
        monkeypatch.setattr(renaming, name, instead)
    store = Mock(names_beside=lambda: ["social"], beside=lambda _: Elsewhere.of({"social": state}))
    return renaming.old_name(Mock(top=Path("/team/calendar")), {}, store, Mock(), LACKING, "calendar")


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


OF_BEFORE = replace(ledger(OURS), calendar="press", home=HOME)
ELSEWHERE = replace(OF_BEFORE, home=replace(HOME, folder="press"))
OF_OTHERS = ledger(copy_of(wanted(LATER, "Other"), post_id="p-9"))


def neighbour(*, beside: bool = True, state: State | None = None, wants: bool = True) -> Any:
    posts = (POST,) if wants else ()
    reading = stand_in(part=lambda: LedgerPart.of(state))
    return stand_in(beside=beside, reading=reading, posts=lambda: (posts, True))


@each_of(
    ("states", "gone", "home", "others", "found"),
    [
        ({"press": OF_BEFORE}, (), HOME, (), "press"),  # only its name changed
        ({"press": OF_BEFORE, "news": OF_OTHERS}, (), HOME, (), "press"),
        ({"press": OF_BEFORE, "news": OF_BEFORE}, (), HOME, (), None),
        ({"press": OF_OTHERS}, ("press",), HOME, (), None),
        ({"press": ELSEWHERE}, (), HOME, (), None),
        ({"press": ELSEWHERE}, ("press",), HOME, (), "press"),
        ({"press": ELSEWHERE, "news": ELSEWHERE}, ("press", "news"), HOME, (), None),
        ({"press": replace(OF_BEFORE, home=None)}, (), None, (), None),
        ({"press": replace(OF_BEFORE, home=None)}, ("press",), None, (), "press"),
        ({"social": SINCE}, (), None, (), "social"),
        ({"press": ELSEWHERE}, ("press",), HOME, (neighbour(),), None),  # both want its posts
        ({"press": ELSEWHERE}, ("press",), HOME, (neighbour(beside=False),), "press"),
        ({"press": ELSEWHERE}, ("press",), HOME, (neighbour(state=OF_OTHERS),), "press"),
        ({"press": ELSEWHERE}, ("press",), HOME, (neighbour(wants=False),), "press"),
    ],
)
def test_the_part_of_a_calendar_that_is_gone_is_that_of_the_one_that_wants_its_posts(
    monkeypatch: pytest.MonkeyPatch,
    states: dict[str, State],
    gone: tuple[str, ...],
    home: CalendarHome | None,
    others: tuple[Any, ...],
    found: str | None,
) -> None:
    monkeypatch.setattr(renaming, "repository_of", lambda _: Path("/team"))
    monkeypatch.setattr(renaming, "home_of", lambda *_: home)
    left = [stand_in(name=each) for each in gone]
    monkeypatch.setattr(renaming, "gone_of", lambda *_, **_options: left)
    calendar: Any = stand_in(top=Path("/team/calendar"), bind=lambda _: stand_in(posts=(POST,)))
    store: Any = stand_in(names_beside=lambda: [*states], beside=lambda _: Elsewhere.of(states))
    for half in ("command", "checkout"):
        around: Any = stand_in(
            of_command=lambda _, half=half: others if half == "command" else (),
            of_checkout=lambda half=half: others if half == "checkout" else (),
        )
        assert renaming.old_name(calendar, {}, store, around, LACKING, "calendar") == found


@each_of(
    ("states", "inside", "found"),
    [
        ({"press": CalendarHome("{}/gone")}, True, "press"),
        ({"press": CalendarHome("{}/gone")}, False, None),
        ({"press": CalendarHome("{}/there")}, True, None),
        ({"press": None}, True, None),
        ({"press": CalendarHome("{}/gone"), "news": CalendarHome("{}/gone")}, True, None),
    ],
)
def test_outside_of_git_a_part_came_along_where_the_folder_that_it_belongs_to_is_gone(
    tmp_path: Path, states: dict[str, CalendarHome | None], inside: bool, found: str | None
) -> None:
    for name in ("calendar", "there"):
        (tmp_path / name).mkdir(exist_ok=True)
        (tmp_path / name / "publer.yaml").touch()
    top = tmp_path / "calendar"
    root = (top if inside else tmp_path) / "ledger"
    parts = {
        name: replace(OF_BEFORE, home=home and replace(home, folder=home.folder.format(tmp_path)))
        for name, home in states.items()
    }
    store: Any = FolderStore(root / "w", "calendar", root=root, clock=Clock())
    store.managed_elsewhere = lambda: Elsewhere.of(parts)
    alone: Any = None
    for posts, expected in (((POST,), found), ((), None)):
        calendar: Any = stand_in(top=top, bind=lambda _, posts=posts: stand_in(posts=posts))
        assert renaming.old_name(calendar, {}, store, alone, LACKING, "calendar") == expected
    one_file: Any = FileStore(top / "state.json", clock=Clock())
    assert renaming.old_name(stand_in(top=top), {}, one_file, alone, LACKING, "calendar") is None


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


def test_a_renamed_calendar_whose_posts_somebody_deleted_is_told_the_command_as_well(
    empty_world: World,
) -> None:
    """Publer has nothing that could name the calendar: its part of the ledger alone still has the post."""
    pair = SideBySide.in_place(empty_world)
    [known] = [key for key, row in pair.world.by_id().items() if row["text"] == ONE.text]
    pair.world.sandbox.remove(known)
    pair.settings("acme", name="umbrella")
    ran = pair.run("apply", "acme", "--yes")
    step = "publer-sync state mv umbrella --from acme --calendar acme"
    assert (ran.code, f"run this before apply: {step}." in " ".join(ran.stdout.split())) == (6, True), ran
    assert pair.run(*step.split()[1:], "--yes").code == 0
    ran = pair.run("apply", "acme", "--yes")
    assert "Someone deleted it in Publer" in ran.stdout, ran
    assert pair.run("apply", "acme", "--yes", "--allow-recreate=one").code == 0
    assert pair.texts() == ["One", "Two"]
