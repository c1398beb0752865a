"""`pull` beside another calendar: what it writes, what it leaves to the other one, and what to do next."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.commands.side_by_side import ONE, TWO, SideBySide
from tests.system.worlds import ACCOUNTS, HOUR, T, Want

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
