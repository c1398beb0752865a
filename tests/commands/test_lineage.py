"""Which runs count against the files of a checkout: not those of this work tree, nor for a proposal those that its merge brings."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from publer_sync.commands.reaching.lineage import Lineage
from publer_sync.ledger.runs import RunRecord
from tests.builders import NOW
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.planning.older import Older

HERE = "0123456789abcdef"


def older(
    run: RunRecord, *, reads: bool = True, known: bool = True, on_main: bool = False, here: str = HERE
) -> Older:
    """What a checkout lacks of one run, whose commit its history has not."""
    history = SimpleNamespace(
        complete=True,
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
