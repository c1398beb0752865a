"""`pull` beside another calendar: what it writes, what it leaves to the other one, and what to do next."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from publer_sync.commands.pull import Options, Pulling, PullRequest
from publer_sync.commands.reaching import repository_moved
from publer_sync.commands.reaching.connections import Connections
from publer_sync.commands.running.choice import Choice
from publer_sync.ledger.folder_store import FolderStore
from publer_sync.publer.reader import PublerReader
from publer_sync.values.errors import StateError
from tests.commands.reached import stand_in
from tests.commands.side_by_side import ONE, TWO, SideBySide
from tests.system.worlds import ACCOUNTS, HOUR, T, Want
from tests.tables import each_of

if TYPE_CHECKING:
    from tests.system.worlds import World


@pytest.fixture
def pair(empty_world: World) -> SideBySide:
    return SideBySide.in_place(empty_world, in_git=True)


@pytest.mark.story
def test_a_conflict_is_decided_by_an_option_and_each_way_is_named(pair: SideBySide) -> None:
    sandbox = pair.world.sandbox
    sandbox.edit(pair.world.find("One")["id"], text="By hand")
    pair.write(acme=[replace(ONE, text="Uno")])
    ran = pair.run("pull", "acme", "--diff")
    assert (ran.code, "1 conflict.\nNot for a calendar: 1 of another calendar.\n" in ran.stdout) == (6, True)
    both = "For conflicts: --prefer publer writes Publer's version, --prefer calendar keeps the lines.\n"
    assert ran.stderr == both
    ran = pair.run("pull", "acme", "--yes", "--prefer", "calendar")
    restores = "To restore the calendar's version in Publer: publer-sync apply acme --overwrite-edits\n"
    assert (ran.code, ran.stderr) == (0, restores)
    sandbox.add(account_id=ACCOUNTS["x"], at=T + 3 * HOUR, text="Theirs")
    sandbox.add(account_id=ACCOUNTS["x"], at=T + 4 * HOUR, text="More")
    pair.write(bank=[TWO, Want("more", "x", T + 4 * HOUR, "More")])
    ran = pair.run("pull", "acme", "--prefer", "publer", answer="yes")
    assert ran.code == 0, ran
    assert "1 new post, 1 edited.\nNot for a calendar: 2 of another calendar.\n" in ran.stdout
    assert ran.stderr.endswith("Wrote 2 files. Next: publer-sync plan acme\n")
    ran = pair.run("pull", "acme", "--yes", "--prefer", "calendar")
    assert (ran.stdout.startswith("Nothing to pull: "), ran.stderr) == (True, ""), ran


def test_words_that_were_signed_off_need_a_new_yes_once_an_edit_is_pulled(pair: SideBySide) -> None:
    asks = {"people": {"kari": "Kari"}, "signoff": [{"by": "kari"}]}
    later = Want("later", "x", T + 5 * HOUR, "Later")
    pair.settings("acme", **asks)
    pair.write(acme=[ONE, later])
    ran = pair.run("approve", "--all", "--by", "kari", "--yes", "--calendar", "acme")
    assert (ran.code, "Wrote approvals.yaml. Commit it: " in ran.stderr) == (0, True), ran
    pair.world.sandbox.edit(pair.world.find("One")["id"], text="By hand")
    ran = pair.run("pull", "acme", "--diff")
    told = "Signed off before this edit, and no longer: one. It needs a new yes: publer-sync approve.\n"
    assert (ran.code, told in ran.stderr) == (0, True), ran


def test_a_calendar_with_another_name_has_its_part_of_the_ledger_under_the_old_one(pair: SideBySide) -> None:
    pair.settings("acme", name="umbrella")
    [plan] = pair.json("plan", "acme")
    assert [each["code"] for each in plan["warnings"]] == ["renamed"]
    assert (plan["changes"], plan["summary"]["unchanged"]) == ([], 1)
    ran = pair.run("forget", "--all", "--calendar", "acme", "--diff")
    assert ran.stdout.startswith("The state of acme in .git/publer-sync ends: "), ran
    assert 'x  one  "One"' in ran.stdout
    ran = pair.run("apply", "acme", "--yes")
    assert (ran.code, pair.world.writes()) == (0, []), ran
    assert pair.json("plan", "acme")[0]["warnings"] == []


def test_each_option_says_what_comes_into_which_calendar(empty_world: World) -> None:
    """A new post that several calendars could have is the first one's, and gets a name that no post ever had."""
    pair, sandbox = SideBySide(empty_world), empty_world.sandbox
    accounts = {name: {"id": ACCOUNTS[name], "shared": True} for name in ("x", "facebook")}
    for name in ("acme", "bank"):
        pair.settings(name, accounts=accounts)
    pair.write(acme=[], bank=[])
    held = {"held": True, "removed": True}
    pair.applied("acme", Want("one", "x", T - HOUR, "One"))
    state = pair.store("acme").read()
    with pair.store("acme").lock(1):
        state.put(replace(state.copies[1], **held))
        pair.store("acme").write(state)
    sandbox.remove(empty_world.find("One")["id"])
    for number, name in enumerate(accounts):
        sandbox.add(account_id=ACCOUNTS[name], at=T + number * HOUR, text="One")
    first, second = pair.json("pull", "acme", "bank", "--diff")
    assert [[each["id"] for each in one["posts"]] for one in (first, second)] == [["one-2", "one-3"], []]
    [found] = pair.json("pull", "acme", "--diff", "--account", "facebook")
    assert [[on["alias"] for on in each["accounts"]] for each in found["posts"]] == [["facebook"]]
    assert not (pair.top("acme") / ".publer-sync").exists(), "what is only shown leaves nothing"
    sandbox.requests.clear()
    ran = pair.run("pull", "acme")
    assert (ran.code, "nobody can answer here" in ran.stderr, len(sandbox.requests)) == (64, True, 0), ran


def test_what_went_with_its_account_was_removed_by_nobody(empty_world: World) -> None:
    pair = SideBySide(empty_world)
    pair.settings("acme", accounts={"x": "My X Account"})
    pair.write(acme=[ONE])
    pair.applied("acme", ONE)
    old, new = ACCOUNTS["x"], "acc0000000000000000ffffff"
    empty_world.sandbox.remove(empty_world.find("One")["id"])
    empty_world.sandbox.reconnect(old, new)
    ran = pair.run("state", "mv", "--account", f"{old}={new}", "--calendar", "acme", "--yes")
    assert ran.code == 0, ran
    [found] = pair.json("pull", "acme", "--diff", "--removed")
    [post] = found["posts"]
    assert (post["action"], "Publer dropped it with the id that" in post["reason"]) == ("left", True)


def test_a_hold_that_waits_here_and_a_repository_without_its_ledger_are_asked_first(
    empty_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = SideBySide(empty_world)
    pair.settings("acme")
    pair.write(acme=[ONE])
    for place, name in ((FolderStore, "hear_waiting"), (repository_moved, "error_of")):
        with monkeypatch.context() as refused:
            refused.setattr(place, name, mock.Mock(side_effect=StateError("not here", code="state.x")))
            ran = pair.run("pull", "acme", "--diff")
        assert (ran.code, "error: not here" in ran.stderr) == (1, True), (name, ran)
    assert pair.run("pull", "acme", "--diff").code == 0


DECIDED = "For conflicts: --prefer publer writes Publer's version, --prefer calendar keeps the lines."
UNDECIDABLE = "For conflicts: --prefer calendar keeps the lines."
RESTORES = "To restore the calendar's version in Publer: publer-sync apply --overwrite-edits"


@each_of(
    ("found", "code", "note"),
    [
        ({}, 0, ""),
        ({"left": 1}, 6, ""),
        ({"kept": 1}, 6, ""),
        ({"conflicts": [True, False]}, 6, DECIDED),
        ({"conflicts": [False]}, 6, UNDECIDABLE),
        ({"conflicts": [True], "prefer": "publer"}, 0, DECIDED),
        ({"conflicts": [True], "prefer": "calendar"}, 0, RESTORES),
        ({"prefer": "calendar"}, 0, ""),
        ({"files": 2}, 0, ""),
    ],
)
def test_what_is_left_to_somebody_is_6_and_each_way_is_named(
    found: dict[str, Any], code: int, note: str
) -> None:
    files = {f"{each}.yaml": b"" for each in range(found.get("files", 0))}
    parts = {name: [mock.Mock()] * found.get(name, 0) for name in ("left", "kept")}
    conflicts = [stand_in(undone=undone) for undone in found.get("conflicts", ())]
    planned: Any = stand_in(
        pulled=stand_in(files=files, conflicts=conflicts, **parts),
        session=stand_in(access=None, choice=Choice()),
        unsigned=(),
    )
    work = Pulling(PullRequest(Options(prefer=found.get("prefer"))), Connections(PublerReader), "text")
    for written, line in ((True, "2 files written"), (False, "2 files to write")):
        ending = work.ending(planned, "", written=written)
        assert (ending.exit_code, ending.line) == (code, line if files else "nothing to write")
    assert ending.note == note


def test_what_the_calendar_could_not_say_without_an_error_stays_out_of_its_files(
    empty_world: World,
) -> None:
    pair = SideBySide.in_place(empty_world)
    pair.world.sandbox.edit(pair.world.find("One")["id"], text="One " * 100)
    before = (pair.top("acme") / "posts.yaml").read_bytes()
    ran = pair.run("pull", "acme", "--yes")
    assert (ran.code, "119 characters too long for X: 399 of 280.\n\n1 left alone." in ran.stdout) == (
        6,
        True,
    )
    assert (pair.top("acme") / "posts.yaml").read_bytes() == before


def test_where_nothing_comes_into_the_files_nobody_is_asked(pair: SideBySide) -> None:
    ran = pair.run("pull", "acme", answer="yes")
    assert (ran.code, ran.stdout.startswith("Nothing to pull: "), ran.stderr) == (0, True, ""), ran


def test_an_edit_of_what_changed_in_the_files_too_is_decided_by_an_option(empty_world: World) -> None:
    pair = SideBySide.in_place(empty_world)
    pair.world.sandbox.edit(pair.world.find("One")["id"], text="By hand")
    pair.write(acme=[replace(ONE, text="Uno")])
    ran = pair.run("pull", "acme", "--diff")
    assert (ran.code, ran.stderr.startswith("For conflicts: --prefer publer writes ")) == (6, True), ran
    ran = pair.run("pull", "acme", "--yes", "--prefer", "calendar")
    assert (ran.code, ran.stderr) == (
        0,
        "To restore the calendar's version in Publer: publer-sync apply acme --overwrite-edits\n",
    )
    ran = pair.run("pull", "acme", "--yes", "--prefer", "publer")
    assert (ran.code, ran.stderr) == (0, "Wrote 1 file. Next: publer-sync plan acme\n"), ran
