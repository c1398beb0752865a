"""Which runs count against the files of a checkout: not those of this work tree, nor for a proposal those that its merge brings."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast
from unittest import mock

import pytest

from publer_sync.commands.reaching.access import Access
from publer_sync.commands.reaching.lineage import Lineage
from publer_sync.commands.reaching.session import Session
from publer_sync.commands.running.who import url_of
from publer_sync.ledger.runs import RunRecord
from publer_sync.ledger.state import State
from publer_sync.planning.survey import Survey
from publer_sync.values.errors import SettingsError, StateError
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


@each_of("asks", [True, False])
def test_outside_of_git_a_run_names_no_commit_and_no_files_are_older(asks: bool) -> None:
    calendar: Any = SimpleNamespace(top=Path("/c"), settings=SimpleNamespace(names_who=True))
    repositories: Any = SimpleNamespace(of=lambda _: None, command="1")
    made = Lineage(calendar, repositories, asks=asks)
    for command, of_files in (("apply", True), ("hold", False)):
        run = made.record(command, NOW, of_files=of_files)
        assert (run.commit, run.trees, run.differs, run.work_tree) == (None, {}, False, "")
    assert (made.history, made.older((APPLIED,)).lacks) == (None, False)


def test_a_rehearsal_has_no_history() -> None:
    assert lineage(asks=False).history is None


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
    assert found.merge == ("" if proposed else "origin/topic")


# --- several runs -----------------------------------------------------------------------------------------------------

FILES = {"calendar": "new tree"}
FIRST = RunRecord(NOW - timedelta(hours=2), "apply", "Ann", "a" * 40, {"calendar": "first tree"})
SECOND = RunRecord(NOW - timedelta(hours=1), "apply", "Bob", "b" * 40, {"calendar": "second tree"})
LACKS = replace(SECOND, lacks=True)
"""It left what its files lacked as it was."""
UNCOMMITTED = replace(SECOND, differs=True)


def lineage(
    *,
    leads: str = "",
    known: str = "ab",
    trees_of: str = "",
    contains: str = "",
    differs: bool = False,
    committed: dict[str, str] | None = None,
    asks: bool = True,
    names_who: bool = True,
    **told: Any,
) -> Lineage:
    """Of a checkout beside a history: `leads`, `known`, `trees_of` and `contains` have the first letters of commits."""
    answers: dict[str, Any] = {"has_remote": False, "complete": True, "is_tip": lambda: False, **told}
    history = SimpleNamespace(
        leads_here=lambda commit: commit[0] in leads,
        knows=lambda commit: commit[0] in known,
        has_trees=lambda commit, _: commit[0] in trees_of,
        contains=lambda commit: commit[0] in contains,
        branch_with=lambda commit: f"origin/{commit[0]}",
        is_default=lambda _: True,
        is_on_default=lambda _: False,
        **answers,
    )
    checkout = SimpleNamespace(
        commit="c" * 40, trees=FILES, committed=committed or FILES, differs=differs, paths=("calendar",)
    )
    settings = SimpleNamespace(names_who=names_who)
    calendar: Any = SimpleNamespace(top=Path("/nowhere/calendar"), settings=settings)
    tree = SimpleNamespace(
        id=HERE,
        history=history,
        head="d" * 40,
        user_name="Kari",
        identify=lambda: HERE,
        checkout=lambda _: checkout,
    )
    repositories: Any = SimpleNamespace(of=lambda _: tree, command="1")
    return Lineage(calendar, repositories, asks)


@each_of(
    ("told", "runs", "newer", "unknown"),
    [
        ({"leads": "ab"}, (FIRST, SECOND), (), ()),
        ({"leads": "a"}, (FIRST, SECOND), (SECOND,), ()),
        ({}, (FIRST, SECOND), (SECOND, FIRST), ()),
        ({"leads": "b"}, (FIRST, SECOND), (), ()),  # it had what the one before brought
        ({"leads": "b"}, (FIRST, LACKS), (FIRST,), ()),
        ({"known": ""}, (FIRST, SECOND), (), (SECOND, FIRST)),
        ({"known": "a"}, (FIRST, SECOND), (FIRST,), (SECOND,)),
        ({"committed": {"calendar": "second tree"}}, (SECOND,), (), ()),
        ({}, (replace(SECOND, trees=FILES),), (), ()),
        ({}, (replace(UNCOMMITTED, trees=FILES),), (), ()),
        ({"leads": "b"}, (UNCOMMITTED,), (), (UNCOMMITTED,)),
        ({"leads": "b"}, (replace(SECOND, trees={}),), (), ()),
        ({"trees_of": "b"}, (FIRST, SECOND), (), ()),
        ({"trees_of": "b"}, (FIRST, LACKS), (FIRST,), ()),
        ({"trees_of": "b"}, (UNCOMMITTED,), (), ()),
        ({"trees_of": "b", "known": ""}, (SECOND,), (), (SECOND,)),
        ({"trees_of": "b"}, (replace(SECOND, trees={}),), (replace(SECOND, trees={}),), ()),
        ({"complete": False, "contains": "b"}, (FIRST, SECOND), (), ()),
        ({"complete": False, "contains": "b"}, (UNCOMMITTED,), (), (UNCOMMITTED,)),
        ({"complete": False, "contains": "b", "known": ""}, (SECOND,), (), (SECOND,)),
        ({"complete": False}, (SECOND,), (SECOND,), ()),
        ({"contains": "b"}, (SECOND,), (SECOND,), ()),
        ({}, (replace(SECOND, command="hold"), replace(SECOND, commit=None)), (), ()),
        ({"asks": False}, (SECOND,), (), ()),
    ],
)
def test_runs_whose_files_these_lack_are_told_apart_from_those_that_they_descend_from(
    told: dict[str, Any],
    runs: tuple[RunRecord, ...],
    newer: tuple[RunRecord, ...],
    unknown: tuple[RunRecord, ...],
) -> None:
    found = lineage(**told).older(runs)
    assert (found.newer, found.unknown) == (newer, unknown)


@each_of(
    ("told", "runs", "tip", "merge"),
    [
        ({"is_tip": lambda: True}, (SECOND,), True, ""),
        ({"is_tip": lambda: True, "known": ""}, (SECOND,), True, ""),
        ({"is_tip": lambda: True, "differs": True}, (SECOND,), False, "origin/b"),
        ({"is_tip": lambda: True, "leads": "b"}, (SECOND,), False, ""),
        ({}, (FIRST, SECOND), False, "origin/b"),
        ({"known": ""}, (SECOND,), False, ""),
    ],
)
def test_the_tip_of_the_branch_that_is_applied_is_right_and_else_a_branch_is_named(
    told: dict[str, Any], runs: tuple[RunRecord, ...], tip: bool, merge: str
) -> None:
    found = lineage(**told).older(runs)
    assert (found.tip, found.proposed, found.merge) == (tip, False, merge)


@each_of(
    ("told", "message"),
    [
        ({"has_remote": True, "is_pushed": lambda _: True}, ""),
        ({"has_remote": True, "is_pushed": lambda _: None}, ""),
        ({"has_remote": True, "is_pushed": lambda _: False}, "ccccccc is not pushed"),
        ({"has_remote": True, "differs": True}, "these files differ from what is committed"),
        ({"has_remote": False, "differs": True}, ""),
    ],
)
def test_files_that_nobody_else_has_are_a_warning(told: dict[str, Any], message: str) -> None:
    warned = [warn.message for warn in lineage(**told).older(()).warnings]
    assert [told.startswith(message) for told in warned] == [True] * bool(message), warned


def test_git_is_asked_once_about_the_same_runs_and_what_it_cannot_tell_is_said() -> None:
    asked: list[str] = []

    def leads_here(commit: str) -> bool:
        asked.append(commit)
        if commit == SECOND.commit:
            raise StateError("the remote cannot be reached")
        return True

    made = lineage()
    cast("Any", made.history).leads_here = leads_here
    assert made.older((FIRST,)) is made.older((FIRST,))
    assert asked == [FIRST.commit]
    assert made.older((SECOND,)).error == (
        "it is not known whether these files have what was applied last: the remote cannot be reached"
    )


@each_of(
    ("told", "ci", "more", "has"),
    [
        ({}, "", {}, ("Kari", "c" * 40, FILES, False, HERE)),
        ({"differs": True}, "", {}, ("Kari", "c" * 40, FILES, True, HERE)),
        ({}, "true", {}, ("Kari", "c" * 40, FILES, False, "")),
        ({}, "", {"of_files": False}, ("Kari", "d" * 40, {}, False, "")),
        ({"asks": False}, "", {}, ("", None, {}, False, "")),
        ({"asks": False}, "", {"of_files": False}, ("", None, {}, False, "")),
        ({"names_who": False}, "", {}, ("", "c" * 40, FILES, False, HERE)),
    ],
)
def test_the_log_keeps_who_ran_what_on_which_files(
    told: dict[str, Any], ci: str, more: dict[str, Any], has: tuple[Any, ...]
) -> None:
    with mock.patch.dict("os.environ", {"CI": ci, "CI_JOB_URL": "https://ci.example/7"}):
        run = lineage(**told).record("apply", NOW, **more)
    assert (run.who, run.commit, run.trees, run.differs, run.work_tree) == has
    assert run.url == ("https://ci.example/7" if told.get("asks", True) else "")


@each_of(
    ("found", "told"),
    [
        ({"runs": (SECOND,), "leads": "b"}, False),
        ({"runs": (SECOND,)}, True),
        ({"runs": (SECOND,), "differs": True}, False),
        ({"runs": (SECOND,), "asks": False}, False),
        ({"runs": (SECOND,), "is_tip": lambda: True}, False),
    ],
)
def test_a_proposal_is_only_what_is_committed_and_lacks_something(found: dict[str, Any], told: bool) -> None:
    given = dict(found)
    runs = given.pop("runs")
    made = lineage(**given)
    made.reads = True
    with mock.patch.dict("os.environ", {"GITHUB_EVENT_NAME": "pull_request", "GITHUB_BASE_REF": "main"}):
        assert made.older(runs).proposed is told
