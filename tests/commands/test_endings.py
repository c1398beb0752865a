"""How a plan, a report and an error end a command: with which line, how briefly, and where each of them is written."""

from __future__ import annotations

import errno
import io
import json
import sys
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from publer_sync.applying.report import Outcome
from publer_sync.calendar.load import read
from publer_sync.commands.running import failure
from publer_sync.commands.running.endings import plan_ending, report_ending
from publer_sync.commands.running.problems import explained, need_accounts
from publer_sync.commands.running.problems import text as problems_text
from publer_sync.commands.running.views import View
from publer_sync.planning.allow import Allow
from publer_sync.planning.notes import Refusal, Warn
from publer_sync.planning.plan import Action
from publer_sync.values.errors import CalendarError, SettingsError, UsageError
from publer_sync.values.problems import Location, Problem
from tests.builders import SOON, change, plan, report, result, wanted
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.applying.report import Result
    from publer_sync.planning.plan import Plan
    from publer_sync.values.errors import PublerSyncError

NEW, SAME = change(Action.CREATE, wanted(SOON)), change(Action.UNCHANGED, wanted(SOON))
WARN, REFUSAL = Warn("clock", "it is late"), Refusal("deletes", 9, 5, "--allow-deletes 9")


@each_of(
    ("made", "verbose", "brief"),
    [
        (plan([SAME]), False, True),
        (plan([SAME]), True, False),
        (plan([NEW]), False, False),
        (plan([SAME], warnings=(WARN,)), False, False),
    ],
)
def test_of_several_calendars_one_with_nothing_to_show_is_a_line(
    made: Plan, verbose: bool, brief: bool
) -> None:
    assert plan_ending(made, "text", verbose=verbose, command="publer-sync apply").brief is brief


@each_of(
    ("refusals", "applies", "refused"),
    [((REFUSAL,), True, True), ((REFUSAL,), False, False), ((), True, False)],
)
def test_a_page_says_that_a_plan_was_refused_where_it_was_to_be_applied(
    refusals: tuple[Refusal, ...], applies: bool, refused: bool
) -> None:
    given: list[Any] = []
    with mock.patch.object(View, "ending", lambda _self, *_, venue, **__: given.append(venue)):
        made = plan([NEW], refusals=refusals)
        plan_ending(made, "markdown", verbose=False, command="publer-sync apply", applies=applies)
    assert [(each.refused, each.command) for each in given] == [(refused, "publer-sync apply")]


@each_of(
    ("results", "error", "line", "brief"),
    [
        ((), None, "nothing to do", True),
        ((), UsageError("it is wrong"), "nothing to do", False),
        ((result(NEW, Outcome.APPLIED),), None, "1 post done", False),
        ((result(NEW, Outcome.FAILED),), UsageError("it is wrong"), "1 post failed", False),
    ],
)
def test_an_apply_ends_with_what_it_did_in_a_line(
    results: tuple[Result, ...], error: PublerSyncError | None, line: str, brief: bool
) -> None:
    ended = report_ending(report(results, error=error), "text", "publer-sync apply", Allow())
    assert (ended.line, ended.brief, ended.error) == (line, brief, error)


# --- errors -----------------------------------------------------------------------------------------------------------

PROBLEMS = (
    Problem("error", "x.text.length", "it is too long", Location("posts.yaml", 2)),
    Problem("warning", "text.again", "it says this again", Location("posts.yaml", 3)),
)
WRONG = UsageError("it is wrong", hint="Look here.\nOr there.")
TOLD = "error: it is wrong\n  Look here.\n  Or there.\n"


def in_calendar(shown: str | None) -> CalendarError:
    error = CalendarError(PROBLEMS)
    error.shown = shown
    return error


class Stream(io.StringIO):
    terminal = False

    def isatty(self) -> bool:
        return self.terminal


@each_of(
    ("error", "style", "terminal", "out", "err"),
    [
        (WRONG, "text", False, "", TOLD),
        (WRONG, "text", True, "", TOLD),
        (WRONG, "json", True, "{", TOLD),
        (WRONG, "markdown", False, "**It is wrong.**", TOLD),
        (WRONG, "markdown", True, "**It is wrong.**", ""),
        (in_calendar("posts.yaml:2: it is too long"), "text", True, "", "posts.yaml:2: it is too long\n"),
        (in_calendar("posts.yaml:2: it is too long"), "json", False, "{", ""),
        (in_calendar(None), "json", False, "{", "error: the calendar has errors\n"),
        (in_calendar("# Errors"), "markdown", False, "# Errors", "# Errors\n"),
        (in_calendar("# Errors"), "markdown", True, "# Errors", ""),
    ],
)
def test_an_error_is_told_in_the_format_that_was_asked_for_and_once_at_a_terminal(
    monkeypatch: pytest.MonkeyPatch, error: PublerSyncError, style: str, terminal: bool, out: str, err: str
) -> None:
    stdout, stderr = Stream(), Stream()
    stdout.terminal = terminal
    monkeypatch.setattr(sys, "stdout", stdout)
    monkeypatch.setattr(sys, "stderr", stderr)
    failure.show(error, style=style)
    found = stdout.getvalue()
    assert (out in found, bool(found), stderr.getvalue()) == (True, bool(out), err)
    if style == "json":
        assert json.loads(found)["error"]["message"] == error.message


@each_of(
    ("error", "line", "problems"),
    [
        (in_calendar(None), "1 error in the calendar", 2),
        (UsageError("it is wrong\nand more"), "it is wrong", 0),
    ],
)
def test_an_error_in_a_few_words_counts_those_of_the_files(
    error: PublerSyncError, line: str, problems: int
) -> None:
    assert failure.line(error) == line
    document: Any = failure.document_of(error)
    assert len(document.get("problems", ())) == problems


@each_of(
    ("error", "told"),
    [
        (
            OSError(errno.ENOSPC, "No space left", "a.yaml"),
            "there is no room on the disk of a.yaml: No space left",
        ),
        (OSError(errno.ENOSPC, "No space left"), "there is no room on the disk: No space left"),
        (
            OSError(errno.ENAMETOOLONG, "File name too long", "a" * 9),
            f'"{"a" * 9}" is too long for the name of a file',
        ),
        (OSError(errno.EACCES, "Permission denied", "a.yaml"), None),
    ],
)
def test_what_the_system_refuses_is_no_bug(error: OSError, told: str | None) -> None:
    found = failure.of_system(error)
    assert (found.message if found is not None else None) == told


def calendar(top: Path, *, settings: str = "accounts: {x: X}\n", posts: str = "") -> Any:
    top.mkdir(exist_ok=True)
    (top / "publer.yaml").write_text(f"timezone: UTC\n{settings}", encoding="utf-8")
    (top / "posts.yaml").write_text(posts or "posts: []\n", encoding="utf-8")
    return read(top)


POST = "posts:\n- {at: 2031-05-01 09:00, accounts: x, text: Hello}\n"


@each_of(
    ("style", "shown"),
    [("text", "posts.yaml:2"), ("json", "posts.yaml:2"), ("markdown", "| posts.yaml, line 2 |")],
)
def test_an_error_of_the_files_shows_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, style: str, shown: str
) -> None:
    monkeypatch.chdir(tmp_path)
    made = calendar(tmp_path, posts=POST)
    with pytest.raises(CalendarError) as raised, explained(made, style=style):
        raise CalendarError(PROBLEMS)
    assert shown in (raised.value.shown or "")
    assert (raised.value.shown or "").startswith("### ") is (style == "markdown")


@each_of(
    ("settings", "posts", "error"),
    [
        ("accounts: {x: X}\n", POST, None),
        ("", "posts: []\n", SettingsError),
        ("", "posts: 1\n", CalendarError),
    ],
)
def test_a_calendar_without_accounts_says_what_is_wrong_first(
    tmp_path: Path, settings: str, posts: str, error: type[Exception] | None
) -> None:
    made = calendar(tmp_path, settings=settings, posts=posts)
    if error is None:
        need_accounts(made)
        return
    with pytest.raises(error):
        need_accounts(made)


@each_of(
    ("posts", "told"),
    [(POST, "1 post, Thu 1 May 2031. No problems.\n"), ("posts: []\n", "0 posts. No problems.\n")],
)
def test_a_calendar_that_is_in_order_says_what_it_has(tmp_path: Path, posts: str, told: str) -> None:
    made = calendar(tmp_path, posts=posts)
    assert problems_text((), calendar=made, above="Fixed.\n") == f"Fixed.\n{told}"
