"""Which runs count against the files of a checkout: not those of this work tree, nor for a proposal those that its merge brings."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from publer_sync.commands.reaching.access import Access
from publer_sync.commands.reaching.lineage import Lineage
from publer_sync.commands.reaching.session import Session
from publer_sync.commands.running.who import url_of
from publer_sync.ledger.runs import RunRecord
from publer_sync.ledger.state import State
from publer_sync.planning.survey import Survey
from publer_sync.values.errors import SettingsError
from publer_sync.values.model import Listing
from tests.builders import NOW
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.planning.older import Older

HERE = "0123456789abcdef"


def older(
    run: RunRecord,
    *,
    reads: bool = True,
    known: bool = True,
    on_main: bool = False,
    here: str = HERE,
    complete: bool = True,
) -> Older:
    """What a checkout lacks of one run, whose commit its history has not."""
    history = SimpleNamespace(
        complete=complete,
        contains=lambda _: True,
        has_remote=True,
        leads_here=lambda _: False,
        knows=lambda _: known,
        has_trees=lambda _commit, _trees: False,
        is_tip=lambda: False,
        is_default=lambda branch: branch == "main",
        is_on_default=lambda _: on_main,
        branch_with=lambda _: "origin/topic",
        is_pushed=lambda _: True,
    )
    checkout = SimpleNamespace(trees={}, committed={}, differs=False, paths=(), commit="1" * 40)
    calendar: Any = SimpleNamespace(top=Path("/c"))
    repositories: Any = SimpleNamespace()
    made = Lineage(calendar, repositories, reads=reads)
    made.__dict__["checkout"] = checkout
    tree: Any = SimpleNamespace(id=here, history=history)
    with mock.patch.object(Lineage, "tree", tree), mock.patch.object(Lineage, "history", history):
        return made.older((run,))


APPLIED = RunRecord(NOW, "apply", "Ann", "a" * 40)


@pytest.fixture(autouse=True)
def no_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CI", "GITHUB_EVENT_NAME", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME"):
        monkeypatch.delenv(name, raising=False)


def test_newer_files_of_another_branch_are_refused_with_the_branch_to_merge() -> None:
    found = older(APPLIED)
    assert (found.newer, found.tip) == ((APPLIED,), False)
    [refusal] = found.refusals("UTC")
    assert refusal.message.endswith("Run git fetch && git merge origin/topic first")


@each_of(
    ("work_tree", "ci", "counts"),
    [(HERE, "", False), (HERE, "true", True), ("another", "", True), ("", "", True)],
)
def test_what_this_work_tree_applied_is_its_own_but_in_ci(work_tree: str, ci: str, counts: bool) -> None:
    run = RunRecord(NOW, "apply", "Ann", "a" * 40, work_tree=work_tree)
    with mock.patch.dict("os.environ", {"CI": ci}):
        for known in (True, False):  # also where nobody can tell which is newer
            assert older(run, known=known).lacks is counts


def test_a_work_tree_that_has_applied_nothing_is_not_that_of_an_older_run() -> None:
    assert older(APPLIED, here="").lacks


@each_of("known, lacks", [(True, False), (False, True)])
def test_a_commit_that_nobody_knows_is_not_one_that_these_files_have(known: bool, lacks: bool) -> None:
    """In a checkout that has only its newest commits."""
    assert older(APPLIED, known=known, complete=False).lacks is lacks


@each_of("is_gone, asked", [(False, [(APPLIED,)]), (True, [])])
def test_a_calendar_that_left_has_no_files_that_could_be_older(
    is_gone: bool, asked: list[tuple[RunRecord, ...]]
) -> None:
    told: list[tuple[RunRecord, ...]] = []
    lineage = SimpleNamespace(older=told.append)
    session: Any = SimpleNamespace(
        access=SimpleNamespace(lineage=lineage, calendar=SimpleNamespace(gone=is_gone))
    )
    Session.older(session, Survey(Listing(()), State("s", "w", "c", runs=(APPLIED,))))
    assert told == asked


@each_of("asks, told", [(True, "b" * 40), (False, None)])
def test_the_run_of_a_hold_names_the_commit_without_a_look_at_the_files(asks: bool, told: str | None) -> None:
    calendar: Any = SimpleNamespace(top=Path("/c"), settings=SimpleNamespace(names_who=False))
    tree = SimpleNamespace(head="b" * 40)
    repositories: Any = SimpleNamespace(of=lambda _: tree, command="1")
    assert Lineage(calendar, repositories, asks=asks).record("hold", NOW, of_files=False).commit == told


@each_of(
    "given, url",
    [
        (("https://github.example/", "o/r", "7"), "https://github.example/o/r/actions/runs/7"),
        (("https://github.example/", "o/r", ""), "https://ci.example/7"),
        (("", "", ""), "https://ci.example/7"),
    ],
)
def test_the_job_of_a_run_has_an_address(given: tuple[str, str, str], url: str) -> None:
    names = ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID")
    environ = dict(zip(names, given, strict=True))
    assert url_of({**environ, "CI_JOB_URL": "https://ci.example/7"}) == url


@each_of("hours, wrong", [(-25, True), (-23, False), (23, False), (25, True)])
def test_nothing_is_written_by_a_clock_that_is_a_day_off(hours: int, wrong: bool) -> None:
    access: Any = SimpleNamespace(publer=SimpleNamespace(clock_off=timedelta(hours=hours)), _clock_says="off")
    with pytest.raises(SettingsError) if wrong else nullcontext():
        Access.check_clock(access)


@each_of(
    ("reads", "branch", "on_main", "proposed"),
    [
        (True, "main", False, True),
        (False, "main", False, False),
        (True, "other", False, False),
        (True, "main", True, False),
    ],
)
def test_a_plan_of_a_proposal_to_the_default_branch_is_judged_as_its_merge(
    reads: bool, branch: str, on_main: bool, proposed: bool
) -> None:
    with mock.patch.dict("os.environ", {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": branch}):
        found = older(APPLIED, reads=reads, on_main=on_main)
    assert (found.proposed, found.tip, not found.refusals("UTC")) == (proposed, proposed, proposed)
