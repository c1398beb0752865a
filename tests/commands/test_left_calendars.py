"""A calendar whose folder is gone: what plan says of its posts, how apply removes them, and when git knows that it has left."""

from __future__ import annotations

import shutil
from contextlib import chdir
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.commands.reaching import gone
from publer_sync.commands.reaching.checkouts import Checkouts
from publer_sync.commands.running.choice import Choice
from publer_sync.ledger.runs import RunRecord
from publer_sync.ledger.state import CalendarHome, Moved
from publer_sync.values.errors import StateError
from tests.builders import copy_of, ledger, wanted
from tests.commands.reached import stand_in
from tests.commands.side_by_side import ONE, TWO, SideBySide
from tests.ledger.git_world import git
from tests.system.worlds import DAY, HOUR, T, Want
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.system.worlds import World

REMOVE = ("apply", "acme", "--gone", "bankers")


@pytest.fixture
def pair(empty_world: World) -> SideBySide:
    return SideBySide.in_place(empty_world, in_git=True)


def test_its_posts_are_named_and_removed_once_somebody_says_so(pair: SideBySide) -> None:
    ran = pair.run(*REMOVE, "--yes")
    assert (ran.code, "no calendar of this name left the repository" in ran.stderr) == (64, True), ran
    assert "Calendars that left" not in ran.stderr
    (pair.world.home / "old-publer.yaml").write_bytes((pair.top("bank") / "publer.yaml").read_bytes())
    git(pair.world.home, "add", "bank", "old-publer.yaml")
    git(pair.world.home, "commit", "-qm", "bank")
    shutil.rmtree(pair.top("bank"))
    ran = pair.run(*REMOVE, "--yes")
    assert (ran.code, "commit its removal first" in ran.stderr) == (64, True), ran
    git(pair.world.home, "commit", "-qam", "no bank")
    with chdir(pair.top("acme")):
        plan = " ".join(pair.world.run("plan").stdout.split())
    assert "to remove them: publer-sync apply --gone bankers --yes; to keep them" in plan
    plan = " ".join(pair.run("plan", "acme").stdout.split())
    assert "the calendar bankers left the repository, and 1 of its posts is still scheduled in Publer" in plan
    assert "publer-sync apply acme --gone bankers --yes" in plan
    ran = pair.run(*REMOVE, answer="no")
    assert (ran.code, pair.texts()) == (1, ["One", "Two"]), ran
    assert "This also applies acme. This changes what is published" in ran.stderr
    [_, gone] = pair.json(*REMOVE, "--yes")
    assert pair.texts() == ["One"]
    assert [each["account"]["alias"] for each in gone["results"]] == ["My X Account"]


def test_a_post_that_another_calendar_has_now_moves_there(pair: SideBySide) -> None:
    shutil.rmtree(pair.top("bank"))
    pair.write(acme=[ONE, TWO])
    ran = pair.run("apply", "acme", "--yes")
    assert (ran.code, pair.world.writes()) == (0, []), ran
    assert "two moved from the calendar bankers to acme.\n" in ran.stderr


def test_a_calendar_in_another_folder_has_its_part_or_is_told_how_to_get_it(pair: SideBySide) -> None:
    shutil.rmtree(pair.top("bank"))
    pair.settings("cafe")
    pair.write(cafe=[Want("other", "x", T + 9 * HOUR, "Other")])
    warnings = {each["code"]: each["message"] for each in pair.json("plan", "cafe")[0]["warnings"]}
    assert [*warnings] == ["no_state", "state_elsewhere", "calendar_gone"]
    assert "publer-sync state mv cafe --from bankers --calendar cafe" in warnings["state_elsewhere"]
    ran = pair.run("forget", "--all", "--state-name", "nobody", "--calendar", "acme", "--yes")
    assert (ran.code, "It has: bankers." in ran.stderr) == (64, True), ran
    pair.applied("cafe")
    codes = [each["code"] for each in pair.json("plan", "cafe")[0]["warnings"]]
    assert codes == ["state_elsewhere", "calendar_gone"], "also with an empty state of its own"
    pair.store("cafe").path.unlink()
    pair.write(cafe=[TWO])
    [plan] = pair.json("plan", "cafe")
    assert [each["code"] for each in plan["warnings"]] == ["renamed"]
    assert (plan["changes"], plan["summary"]["unchanged"]) == ([], 1)


def test_what_a_calendar_with_a_ledger_of_its_own_manages_is_not_adopted(pair: SideBySide) -> None:
    pair.settings("bank", state="../other")
    part, home = pair.store("bank").path, pair.world.home
    there = home / "other" / part.relative_to(home / ".git" / "publer-sync")
    there.parent.mkdir(parents=True)
    part.rename(there)
    pair.write(acme=[ONE, TWO])
    [change] = pair.json("plan", "acme")[0]["changes"]
    assert (change["code"], change["would"]) == ("elsewhere", "create")
    assert change["reason"].endswith('"Two"; the calendar bankers manages it')


@pytest.mark.story
def test_a_state_goes_to_another_place_and_comes_back_from_there(pair: SideBySide) -> None:
    ran = pair.run("state", "mv", "--calendar", "acme", "--to", "one.json", "--yes")
    assert (ran.code, f"  state: {pair.top('one.json')}\n" in ran.stderr) == (0, True), ran
    ran = pair.run("apply", "acme", "--yes")
    assert (ran.code, "one.json" in ran.stderr) == (1, True), "it has moved, and publer.yaml does not say so"
    ran = pair.run("state", "mv", "--calendar", "acme", "--from", "one.json", "--yes")
    assert ran.code == 0, ran
    assert pair.json("plan", "acme")[0]["summary"]["unchanged"] == 1


def test_on_a_branch_it_has_left_once_the_remote_has_its_removal(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--template=", "-b", "main", "work")
    home = tmp_path / "work"
    git(home, "remote", "add", "origin", ".")

    def commit(**settings: str | None) -> str:
        for name, text in settings.items():
            if text is None:
                shutil.rmtree(home / name)
                continue
            (home / name).mkdir(exist_ok=True)
            (home / name / "publer.yaml").write_text(text, encoding="utf-8")
        git(home, "add", "-A")
        git(home, "commit", "-qm", "x")
        return git(home, "rev-parse", "HEAD")

    applied = commit(acme="timezone: UTC\n", bank="timezone: UTC\n")
    ahead = {1: copy_of(wanted(T + DAY, "Hello"))}
    states = {
        name: ledger(*ahead.values(), runs=(RunRecord(T - 40 * DAY, "apply", commit=commit_id),))
        for name, commit_id in (("bank", applied), ("never", applied), ("unmerged", "f" * 40))
    }
    store: Any = stand_in(place="git:states")

    def found(**more: bool) -> list[tuple[str, bool]]:
        return [(each.name, each.leaving) for each in gone.gone_of(home / "acme", states, store, **more)]

    def on_disk(**more: bool) -> list[tuple[str, bool]]:
        at_home = {
            name: replace(state, home=CalendarHome(name, str(home.resolve() / ".git")))
            for name, state in states.items()
        }
        at_home["moved"] = replace(at_home["never"], moved=Moved("elsewhere", "moved"))
        at_home["over"] = replace(at_home["never"], copies={})
        at_home["homeless"] = states["never"]
        found = gone._gone_on_disk(home / "acme", at_home, tmp_path, **more)
        return [(each.name, each.leaving) for each in found]

    assert found() == [("bank", True)]
    assert on_disk() == [("bank", True), ("never", False)]
    commit(bank=None)
    assert found() == [("bank", False)]
    assert on_disk() == [("bank", False), ("never", False)]
    assert found(renamed=True) == [("bank", False), ("never", False)]
    assert on_disk(renamed=True) == [("bank", False), ("never", False), ("over", False)]
    commit(acme="timezone: [")
    assert found() == [], "it may be the one that cannot be read"


class Told:
    """What git knows of a default branch: the names of its calendars by commit, and which of them its tip lost."""

    def __init__(
        self, *, tip: str | None = "tip", base: str | None = "base", unreadable: bool = False
    ) -> None:
        self._tip, self._base = tip, base
        self._there = {"tip": {"kept": "kept", "late": "late"}, "base": {"kept": "kept", "left": "bank"}}
        if unreadable:
            self._there["tip"]["kept"] = ""

    def default_tip(self) -> str | None:
        return self._tip

    def files(self, commit: str, name: str) -> list[str]:
        return [f"{folder}/{name}" for folder in self._there[commit]]

    def content(self, commit: str, path: str) -> bytes:
        if commit == "torn^":
            raise StateError("its objects are not here")
        there = self._there.get(commit) or {"left": commit.removesuffix("^")}
        name = there[path.partition("/")[0]]
        return f"name: {name}\n".encode() if name else b"name: ["

    def merge_base(self, commit: str) -> str | None:
        assert commit == "tip"
        return self._base

    def has(self, commit: str, path: str) -> bool:
        return path.partition("/")[0] in self._there[commit]

    def led_to(self, tip: str, commit: str) -> bool:
        return (tip, commit) == ("tip", "merged")

    def removed(self, tip: str, name: str) -> list[tuple[str, str]]:
        """Each in a commit that has its name."""
        return [(each, f"left/{name}") for each in ("torn", "bank", "moved", "over", "unmerged", "unknown")]


@each_of(
    ("told", "renamed", "found"),
    [
        (Told(), False, [("bank", False), ("kept", True), ("unknown", False)]),
        (
            Told(),
            True,
            [
                ("bank", False),
                ("kept", True),
                ("never", False),
                ("over", False),
                ("torn", False),
                ("unknown", False),
            ],
        ),
        (Told(base=None), False, [("bank", False), ("unknown", False)]),
        (Told(tip=None), False, []),
        (Told(unreadable=True), False, []),
        (None, False, []),
    ],
)
def test_what_left_a_default_branch_is_told_by_git(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    told: Told | None,
    renamed: bool,
    found: list[tuple[str, bool]],
) -> None:
    monkeypatch.setattr("publer_sync.ledger.history.History.of", lambda _: told)
    merged = ledger(
        copy_of(wanted(T + DAY, "Hello")), runs=(RunRecord(T - 40 * DAY, "apply", commit="merged"),)
    )
    states = dict.fromkeys(("bank", "kept", "late", "never", "torn"), merged)
    states |= {
        "moved": replace(merged, moved=Moved("moved", "elsewhere")),
        "over": replace(merged, copies={}),
        "unknown": replace(merged, runs=()),
        "unmerged": replace(merged, runs=(replace(merged.runs[0], commit="elsewhere"),)),
    }
    store: Any = stand_in(place="git:states")
    left = gone.gone_of(tmp_path, states, store, renamed=renamed)
    assert [(each.name, each.leaving) for each in left] == found
    if renamed:
        return
    (tmp_path / "publer.yaml").write_text("timezone: UTC\nstate: git:states\n", encoding="utf-8")
    monkeypatch.setattr(Checkouts, "missing", lambda _, __, names: names)
    on_branch = {f"w/{name}": replace(state, calendar=name) for name, state in states.items()}
    monkeypatch.setattr(gone, "states_on", lambda _: on_branch)
    below = gone.below([tmp_path], Choice())
    assert [(each.name, each.leaving, each.beside) for each in below] == [(*each, tmp_path) for each in found]


def test_calendars_that_left_are_told_once_for_all_calendars_of_a_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gone, "gone_of", lambda _, states, __: (*states,))
    connections: Any = stand_in(asked_for_gone=set(), checkouts=stand_in(missing=lambda _, names: names))

    def names() -> list[str]:
        raise StateError("no git")

    unread: Any = stand_in(place="git:unread", names_beside=names)
    store: Any = stand_in(
        place="git:states", names_beside=lambda: ["bank"], beside=lambda _: stand_in(states={"bank": "left"})
    )
    asked: list[Any] = [gone.beside(tmp_path, each, connections) for each in (unread, store, store)]
    assert asked == [(), ("bank",), ()]
