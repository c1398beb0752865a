"""Older files: what would undo another run's work is blocked, or told by name, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from publer_sync.ledger.runs import RunLine, RunRecord, Version
from publer_sync.planning.older import Older
from publer_sync.planning.plan import Action
from tests.builders import EARLIER, NOW, SOON, X, change, copy_of, said, shown, wanted
from tests.planning.posts import POST
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.ledger.copies import Copy
    from publer_sync.planning.plan import Change

UNNAMED = wanted(SOON, "Hello")
WAS = Version(SOON, POST.content.digest)
MADE = RunLine("create", X.id, SOON, "hello", "applied", entry=1)
CHANGED = RunLine("update", X.id, SOON, "hello", "applied", entry=1, before=WAS)
REMOVED = RunLine("delete", X.id, SOON, "hello", "applied", entry=1, before=WAS)

REMOVES = change(Action.DELETE, None, live=shown(SOON), copy=copy_of(POST))
EDITS = change(Action.UPDATE, POST, live=shown(SOON), copy=copy_of(POST))
CREATES = change(Action.CREATE, POST)


def run(line: RunLine, ago: timedelta = timedelta(hours=3)) -> RunRecord:
    return RunRecord(NOW - ago, "apply", "Ann", "0123456789", lines=(line,))


def judged(older: Older, one: Change) -> tuple[Change, list[str]]:
    (found,), warnings = older.judged([one], NOW, "UTC")
    return found, [warning.message for warning in warnings]


@pytest.mark.parametrize(
    ("line", "one", "did"),
    [(MADE, REMOVES, "made"), (CHANGED, EDITS, "changed"), (REMOVED, CREATES, "removed")],
)
def test_what_would_undo_a_run_of_files_that_nobody_knows_is_blocked(
    line: RunLine, one: Change, did: str
) -> None:
    found, warnings = judged(Older(unknown=(run(line),)), one)
    assert said(found)[:2] == ("blocked", "older")
    assert len(warnings) == 1
    assert warnings[0].startswith(
        "a commit that no branch here or at the remote has (0123456) were applied by Ann"
    )
    assert found.reason == (
        f"it was {did} by another apply (0123456 by Ann on Tue 24 Nov) from files that are not among these, and this "
        "would undo it"
    )


def test_what_a_run_of_unknown_files_did_long_ago_is_not_undone_either() -> None:
    found, _ = judged(Older(unknown=(run(REMOVED, timedelta(days=3)),)), CREATES)
    assert said(found)[:2] == ("blocked", "older")


@pytest.mark.parametrize(
    ("line", "one"),
    [
        (MADE, EDITS),
        (MADE, CREATES),
        (CHANGED, REMOVES),
        (CHANGED, CREATES),
        (REMOVED, REMOVES),
        pytest.param(replace(MADE, before=WAS), REMOVES, id="a hold that ended put it back"),
    ],
)
def test_nothing_else_is_blocked(line: RunLine, one: Change) -> None:
    assert judged(Older(unknown=(run(line),)), one)[0] is one


@pytest.mark.parametrize(
    ("one", "name"),
    [
        (CREATES, "hello"),
        (change(Action.CREATE, UNNAMED), "x 2026-11-24 16:20 UTC"),
    ],
)
def test_the_newest_files_of_a_branch_name_what_they_put_back(one: Change, name: str) -> None:
    found, warnings = judged(Older(newer=(run(REMOVED, timedelta(days=3)),), tip=True), one)
    assert found is one, "what was changed more than a day ago goes back"
    assert [message.partition(": ")[2] for message in warnings] == [f"{name} (0123456 by Ann on Sat 21 Nov)"]


def test_what_failed_in_a_run_was_not_done() -> None:
    failed = RunLine("delete", X.id, SOON, "hello", "failed", entry=1, before=WAS)
    assert judged(Older(unknown=(run(failed),)), CREATES)[0] is CREATES
    moved = RunLine(
        "delete", X.id, EARLIER, "hello", "applied", entry=1, before=Version(EARLIER, WAS.content)
    )
    assert judged(Older(unknown=(run(moved),)), CREATES)[0] is CREATES, "at another time it is another post"


@each_of(
    ("line", "copy"),
    [
        (replace(MADE, entry=0, outcome=""), copy_of(POST)),
        (MADE, copy_of(wanted(EARLIER, id="hello"))),
    ],
)
def test_a_post_that_a_run_made_is_known_by_its_entry_or_where_it_was_cut_off_by_its_minute(
    line: RunLine, copy: Copy
) -> None:
    gone = change(Action.DELETE, None, live=shown(SOON), copy=copy)
    assert said(judged(Older(unknown=(run(line),)), gone)[0])[:2] == ("blocked", "older")


def test_files_that_could_not_be_compared_refuse_the_plan() -> None:
    [refusal] = Older(error="git is not there").refusals("UTC")
    assert refusal.code == "older_unknown"
    assert Older().refusals("UTC") == ()


def test_files_that_are_known_to_be_newer_refuse_the_plan_with_the_command_that_brings_them() -> None:
    newer = Older(newer=(run(REMOVED), run(MADE)))
    [refusal] = newer.refusals("Europe/Oslo")
    assert (refusal.code, refusal.count, refusal.allow) == ("older_files", 2, "--allow-older")
    told = "0123456, applied by Ann on Tue 24 Nov, is not in this checkout. Run {} first"
    assert refusal.message == told.format("git pull")
    [refusal] = replace(newer, merge="origin/main line").refusals("Europe/Oslo")
    assert refusal.message == told.format("git fetch && git merge 'origin/main line'")
    assert replace(newer, tip=True).refusals("Europe/Oslo") == ()
    assert judged(newer, CREATES) == (CREATES, []), "no post needs to be blocked then"


@each_of(
    ("older", "lacks"),
    [
        (Older(), False),
        (Older(newer=(run(MADE),)), True),
        (Older(unknown=(run(MADE),)), True),
    ],
)
def test_files_lack_what_is_newer_and_what_nobody_knows(older: Older, lacks: bool) -> None:
    assert older.lacks is lacks


DAY_AFTER = "; these files count, so it goes back a day after that"


@each_of(
    ("older", "blocked", "warned"),
    [
        (Older(newer=(run(REMOVED),), tip=True), True, True),
        (Older(newer=(run(REMOVED, timedelta(days=1)),), tip=True), False, True),
        (Older(newer=(run(REMOVED, timedelta(hours=23)),), tip=True), True, True),
        (Older(unknown=(run(REMOVED),), tip=True), True, True),
        (Older(newer=(run(REMOVED),), tip=True, proposed=True), False, True),
        (Older(unknown=(run(REMOVED),), proposed=True), False, True),
        (Older(unknown=(run(MADE),), tip=True), False, False),
        (Older(unknown=(run(MADE),)), False, True),
    ],
)
def test_the_newest_files_of_a_branch_go_back_with_a_warning_after_a_day(
    older: Older, blocked: bool, warned: bool
) -> None:
    found, warnings = judged(older, CREATES)
    assert (said(found)[:2] == ("blocked", "older"), bool(warnings)) == (blocked, warned)
    if blocked:
        assert found.reason.endswith(DAY_AFTER)


def test_of_several_runs_the_newest_is_told() -> None:
    first = replace(run(REMOVED, timedelta(days=3)), who="", commit=None)
    last = replace(run(REMOVED), who="Bea", differs=True)
    for runs in ((first, last), (last, first)):
        found, [warning] = judged(Older(unknown=runs), CREATES)
        assert "(0123456 and files that were not committed by Bea on Tue 24 Nov)" in found.reason
        assert warning.startswith(
            "files that were not committed (0123456)" if runs[0] is last else "a commit that"
        )
    found, [warning] = judged(Older(unknown=(first,)), CREATES)
    assert "by another apply ( on Sat 21 Nov)" in found.reason
    assert "() were applied on Sat 21 Nov; " in warning


@each_of(
    ("line", "one"),
    [
        (MADE, replace(REMOVES, leftover=True)),
        (MADE, replace(REMOVES, twice=True)),
        (replace(CHANGED, before=None), REMOVES),
        (replace(MADE, outcome="not_tried"), REMOVES),
        (replace(REMOVED, action="update", account="a-y"), CREATES),
        (replace(REMOVED, action="hold"), CREATES),
        (replace(REMOVED, before=None), CREATES),
        (
            CHANGED,
            change(Action.REPLACE, POST, live=shown(SOON), copy=copy_of(POST), successor=copy_of(POST, 2)),
        ),
        (replace(CHANGED, entry=2), EDITS),
    ],
)
def test_what_is_only_alike_does_not_go_back(line: RunLine, one: Change) -> None:
    assert judged(Older(unknown=(run(line),)), one)[0] is one


@each_of(
    ("line", "one"),
    [
        (replace(MADE, action="adopt"), REMOVES),
        (replace(MADE, action="recreate"), REMOVES),
        (CHANGED, change(Action.REPLACE, POST, live=shown(SOON), copy=copy_of(POST))),
        (REMOVED, change(Action.RECREATE, POST, copy=copy_of(POST))),
        (REMOVED, change(Action.BLOCKED, POST, would=Action.CREATE)),
    ],
)
def test_what_undoes_it_in_another_way_goes_back_too(line: RunLine, one: Change) -> None:
    assert "older" in map(str, judged(Older(unknown=(run(line),)), one)[0].blocks)
