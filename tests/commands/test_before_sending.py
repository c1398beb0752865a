"""What every command asks before it sends anything: which calendars, whose accounts, and what keeps a post out."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from publer_sync.commands import release
from publer_sync.commands.apply import doable
from publer_sync.commands.holding import hold_one
from publer_sync.commands.reaching import identity, session, sharing
from publer_sync.commands.reaching.access import Access
from publer_sync.commands.reaching.neighbours import on_hold
from publer_sync.commands.reaching.parts import KnownParts
from publer_sync.commands.running import carrying_out, failure
from publer_sync.commands.running.choice import Choice
from publer_sync.commands.running.questions import choose_workspace
from publer_sync.commands.running.several import choose
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.state import KnownAccount, State
from publer_sync.planning.allow import Allow
from publer_sync.planning.plan import Action, Block
from publer_sync.values.errors import CalendarError, SafetyLimitError, StalePlanError, UsageError
from publer_sync.values.model import Account, AccountRef, Workspace
from publer_sync.values.problems import Location, Problem
from tests.builders import NOW, SOON, X, change, copy_of, plan, report, wanted
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from publer_sync.values.errors import PublerSyncError
    from tests.conftest import Cli

POST = wanted(SOON, "Hello", id="launch")


@each_of(
    "changed, unfinished, chosen",
    [("a", "", "a"), ("", "b", "b"), ("a", "b", "ab"), ("", "", ""), (None, "b", "ab")],
)
def test_a_calendar_that_no_apply_has_finished_is_applied_also_where_nothing_changed(
    tmp_path: Path, changed: str | None, unfinished: str, chosen: str
) -> None:
    for name in "ab":
        (tmp_path / name).mkdir(exist_ok=True)
        (tmp_path / name / "publer.yaml").touch()
    with pytest.MonkeyPatch.context() as patched:
        found = [tmp_path / name for name in changed or ""]
        patched.setattr("publer_sync.commands.beside.changed.changed", lambda *_: found)
        since = "main" if changed is not None else None
        kept = choose([tmp_path], since, unfinished=lambda top: top.name in unfinished)
    assert "".join(top.name for top in kept.tops if top is not None) == chosen


@each_of(
    "changes, allow, asks",
    [
        ([], Allow(), False),
        ([change(Action.ADOPT, POST)], Allow(), False),
        ([change(Action.CREATE, POST)], Allow(), True),
        ([change(Action.BLOCKED, POST, blocks=(Block.TWIN,))], Allow(), False),
        ([change(Action.BLOCKED, POST, blocks=(Block.TWIN,))], Allow(twins=True), True),
    ],
)
def test_there_is_something_to_do_where_something_may_be_sent(
    changes: list[Any], allow: Allow, asks: bool
) -> None:
    assert doable(plan(changes), allow) is asks


@each_of(
    "of_state, of_settings, keeps",
    [
        ((), False, False),
        ((), True, True),
        ((Hold("Storm", NOW),), False, True),
        ((Hold("Storm", NOW, settings=True),), False, False),
        ((Hold("Storm", NOW, settings=True), Hold("Storm", NOW)), False, True),
    ],
)
def test_a_hold_of_another_calendar_keeps_its_posts_there(
    of_state: tuple[Hold, ...], of_settings: bool, keeps: bool
) -> None:
    state = State("s", "w", "c", holds=of_state)
    assert on_hold(state, in_settings=of_settings) is keeps
    assert on_hold(None, in_settings=of_settings) is of_settings


OLD = KnownAccount("twitter", "My X", "profile", "77", managed=True)


@each_of(
    "name, provider, social_id, own, held",
    [
        ("My X", "twitter", "77", False, ("old", "new")),
        ("My X", "twitter", "77", True, ("old", "new")),
        ("Other", "twitter", "88", False, ("old", "new")),
        ("Other", "twitter", "88", True, ("old",)),
        ("My X", "linkedin", "77", False, ("old",)),
    ],
)
def test_a_hold_goes_on_for_an_account_that_may_be_the_one_that_left(
    name: str, provider: str, social_id: str, own: bool, held: tuple[str, ...]
) -> None:
    """With posts of its own, it is another one unless that is certain."""
    account = Account("new", name, provider, "x", type="profile", social_id=social_id)
    copies = {1: copy_of(wanted(SOON, account=account))} if own else {}
    state = State("s", "w", "c", copies=copies, accounts={"old": OLD}, lost=frozenset({"old"}))
    access: Any = SimpleNamespace(accounts={"x": account})
    for named, again in ((("old",), held), ((), ()), (("other",), ("other",))):
        assert Access.held_again(access, Hold("Storm", NOW, accounts=named), state).accounts == again


@each_of(
    "more, shared, gone, warned",
    [
        ({"managed": True}, False, (), True),
        ({"managed": False}, False, (), False),
        ({"managed": True, "shared": True}, False, (), False),
        ({"managed": True}, True, (), False),
        ({"managed": True}, False, ("other",), False),
    ],
)
def test_an_account_of_two_calendars_is_told_of_unless_that_is_meant(
    more: dict[str, Any], shared: bool, gone: Iterable[str], warned: bool
) -> None:
    ref = AccountRef("x", X.name, "twitter", location=Location("publer.yaml", 3), shared=shared)
    others = {
        "none": State("s", "w", "none"),
        "other": State("s", "w", "other", accounts={X.id: KnownAccount("twitter", X.name, **more)}),
    }
    told = [*sharing.warnings([ref], {"x": X}, others, gone)]
    assert bool(told) is warned


@each_of(
    "concerns, leaves, had, asks",
    [
        (True, False, False, True),
        (False, True, False, True),
        (False, False, True, True),
        (False, False, False, False),
    ],
)
def test_other_calendars_are_asked_where_a_post_may_come_or_go(
    concerns: bool, leaves: bool, had: bool, asks: bool
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(session, "concerns_others", lambda *_: concerns)
        patched.setattr(session, "may_leave", lambda *_: leaves)
        here, seen = SimpleNamespace(), SimpleNamespace()
        elsewhere = SimpleNamespace(may_have=lambda _: had)
        kind: Any = session.Session
        assert kind._may_move(here, plan([change(Action.CREATE, POST)]), seen, elsewhere) is asks


@each_of(
    "wish, found",
    [
        ("w-1", "w-1"),
        ("Acme", "w-1"),
        ("Bank", 'several workspaces are named "Bank"'),
        ("Zoo", 'there is no workspace "Zoo"'),
        (None, "the key sees several workspaces"),
    ],
)
def test_a_workspace_is_the_one_that_is_named(wish: str | None, found: str) -> None:
    there = [Workspace("w-1", "Acme"), Workspace("w-2", "Bank"), Workspace("w-3", "Bank")]
    try:
        told = choose_workspace(there, wish, yes=True).id
    except UsageError as error:
        told = error.message
    assert told == found


@pytest.mark.parametrize(
    ("style", "terminal", "shown", "told"),
    [
        ("text", False, None, True),
        ("json", False, None, True),
        ("json", False, "", True),
        ("json", False, "a page", False),
        ("markdown", False, None, True),
        ("markdown", True, None, False),
    ],
)
def test_an_error_is_on_stderr_unless_whoever_reads_it_has_it_already(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    style: str,
    terminal: bool,
    shown: str | None,
    told: bool,
) -> None:
    problem = Problem("error", "account.none", "this post names no account", Location("a.yaml", 3))
    error: CalendarError | UsageError = UsageError("nobody knows why")
    if shown is not None:
        error = CalendarError((problem,))
        error.shown = shown or None
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
    failure.show(error, style=style)
    assert bool(capsys.readouterr().err) is told


def test_another_calendars_part_counts_where_it_is_of_the_same_service_and_workspace() -> None:
    states = {
        "ours": State("https://p", "w", "ours"),
        "unread": None,
        "of another workspace": State("https://p", "v", "of another workspace"),
        "of another service": State("https://q", "w", "of another service"),
    }
    parts: Any = SimpleNamespace(
        workspace=lambda _: "w",
        _at=lambda _: states,
        _is_ours=lambda state, _: state.service == "https://p",
    )
    kind: Any = KnownParts
    assert [state.calendar for state in kind.of_others(parts, None)] == ["ours"]


@each_of("error", [SafetyLimitError("too many"), StalePlanError("older files"), None])
def test_a_release_that_a_limit_refuses_is_refused_before_it_begins(error: PublerSyncError | None) -> None:
    def check(*_: object) -> None:
        if error is not None:
            raise error

    kind: Any = release.Releasing
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(release, "check_limits", check)
        for diff, has_plan in ((False, True), (True, True), (False, False)):
            here = SimpleNamespace(diff=diff, _allow=Allow())
            planned = SimpleNamespace(plan=plan() if has_plan else None)
            assert kind.refusal(here, planned) is (error if has_plan and not diff else None)
    session = SimpleNamespace(choice=Choice())
    for wanted_, number in ((plan(), 1), (None, 0)):  # where nothing is on hold, none is asked
        asked: Any = SimpleNamespace(session=session, plan=wanted_)
        with (
            mock.patch.object(carrying_out, "check_older") as older,
            mock.patch.object(carrying_out, "check_limits") as limits,
        ):
            release.check_limits(asked)
        assert (older.call_count, limits.call_count) == (number, number)


def test_what_a_release_told_is_noted_once_something_came_of_it() -> None:
    kind: Any = release.Releasing
    here = SimpleNamespace(session=SimpleNamespace(access="access"))
    for told, number in ((release.ReleaseReport(), 0), (release.ReleaseReport(report=report(())), 1)):
        with mock.patch.object(carrying_out, "note_told") as noted:
            kind.told(None, here, told)
        assert noted.call_count == number


def test_what_others_pushed_while_several_releases_were_planned_is_fetched_before_any_goes() -> None:
    asked: list[str] = []
    connections = SimpleNamespace(repositories=SimpleNamespace(expire=lambda: asked.append("again")))
    here: Any = SimpleNamespace(connections=connections, shows=False)
    planned: Any = [SimpleNamespace(plan=plan(), holds=()), SimpleNamespace(plan=None, holds=())]
    release.Releasing.begin(here, planned)
    assert asked == ["again"]


def test_people_know_an_account_by_its_alias_or_else_by_the_name_that_it_has_or_had() -> None:
    gone = KnownAccount("twitter", "Of old")
    access: Any = SimpleNamespace(accounts={"x": X}, listed=[X, Account("new", "Now", "linkedin")])
    state = State("s", "w", "c", accounts={"gone": gone, "new": KnownAccount("linkedin", "Before")})
    assert hold_one.names_of_accounts(access, state) == {X.id: "x", "new": "Now", "gone": "Of old"}
    assert hold_one.names_of_accounts(access) == {X.id: "x", "new": "Now"}


def test_a_folder_is_shown_as_people_write_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here" / "calendar").mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "here" / "link").symlink_to(tmp_path / "elsewhere")
    monkeypatch.chdir(tmp_path / "here")
    told = {
        name: identity._display(tmp_path / "here" / name) for name in ("calendar", "link", "../elsewhere")
    }
    assert told == {
        "calendar": "calendar",
        "link": "link",
        "../elsewhere": (tmp_path / "elsewhere").resolve().as_posix(),
    }


def test_a_survey_of_a_sandbox_needs_no_key(cli: Cli, folder: Path) -> None:
    words = ("doctor", folder, "--survey", "--sandbox", "--format", "json")
    ran = cli(*words, env={"PUBLER_API_KEY": None, "PUBLER_BASE_URL": None})
    assert (ran.code, "answers" in ran.stdout) == (0, True), ran


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "calendar").mkdir()
    (tmp_path / "calendar" / "publer.yaml").write_text("timezone: UTC\naccounts: {x: X}\n")
    return tmp_path / "calendar"
