"""What is told where a run ends early, and what the drift issue says where not all is known or has room."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from publer_sync.action import drift
from publer_sync.action.inputs import Event
from publer_sync.action.main import main
from publer_sync.action.pages import Place
from publer_sync.action.runs import CalendarOutcome
from publer_sync.planning.plan import Action, Block
from publer_sync.values.errors import PublerSyncError
from tests.action.conftest import read_outputs
from tests.builders import SOON, change, plan, wanted
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.action.github import GitHub
    from tests.github.hub import Hub

EVENT = Event.of({"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "o/r"})


@each_of(
    "error, code, told",
    [
        (KeyboardInterrupt(), 1, "::error title=publer-sync::stopped on request; running again is safe\n"),
        (PublerSyncError("down", code="network", hint="Wait"), 1, "::error title=network::down%0AWait\n"),
        (ValueError("words of a post"), 70, "::error title=bug::publer-sync has a bug (ValueError in "),
    ],
)
def test_whatever_ends_a_run_is_told_and_is_an_output(
    capsys: pytest.CaptureFixture[str],
    tmp_path_factory: pytest.TempPathFactory,
    error: BaseException,
    code: int,
    told: str,
) -> None:
    output = tmp_path_factory.mktemp("out") / "output"
    environ = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_REPOSITORY": "o/r",
        "GITHUB_OUTPUT": str(output),
        "GITHUB_WORKSPACE": ".",
        "PUBLER_SYNC_ACTION_COMMAND": "plan",
        "PUBLER_SYNC_ACTION_WORKSPACE_ID": "w",
        "PUBLER_SYNC_ACTION_STATE_KEY": "k",
        "PUBLER_SYNC_ACTION_API_KEY": "a",
    }

    def fails(_: object) -> None:
        raise error

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("publer_sync.action.step.Step.run", fails)
        assert main(environ) == code
    out = capsys.readouterr().out
    assert told in out
    assert "words of a post" not in out
    assert ("::group::the log of a bug in publer-sync" in out) is (code == 70)
    assert output.exists() is (not isinstance(error, KeyboardInterrupt))
    if output.exists():
        assert read_outputs(output.read_text()) == {"exit-code": str(code), "changes": "false"}
    kept = {name: value for name, value in environ.items() if name.startswith("PUBLER_")}
    assert kept == {
        "PUBLER_SYNC_ACTION_COMMAND": "plan",
        "PUBLER_SYNC_ACTION_WORKSPACE_ID": "w",
        "PUBLER_WORKSPACE_ID": "w",
        "PUBLER_SYNC_STATE_KEY": "k",
        "PUBLER_API_KEY": "a",
    }


# --- the drift issue


def test_only_what_an_incomplete_list_lacks_leaves_a_check_unsure() -> None:
    lacks = change(Action.BLOCKED, wanted(SOON), blocks=(Block.LISTING,))
    known = change(Action.BLOCKED, wanted(SOON), blocks=(Block.STATE,))
    without = CalendarOutcome(Path("a"), 1)
    assert drift.unsure([without, CalendarOutcome(Path("a"), 2, plan=plan([known, lacks]))])
    assert not drift.unsure([without, CalendarOutcome(Path("a"), 2, plan=plan([known]))])
    new = change(Action.CREATE, wanted(SOON))
    kept = drift.reported(CalendarOutcome(Path("a"), 2, plan=plan([known, new]))).plan
    assert kept is not None
    assert kept.changes == (known,)
    assert drift.reported(without) is without


def test_an_issue_without_room_for_all_calendars_counts_the_others() -> None:
    told = [
        (CalendarOutcome(Path(f"c{number}"), 1), Place(EVENT, f"c{number}", "abc")) for number in range(6)
    ]
    issue = drift.issue(told)
    assert issue is not None
    whole = issue.text(100 + 6 * 500)
    assert (whole.count("## <code>c"), "more: see the run" in whole) == (6, False)
    few = issue.text(100 + 4 * 500)
    assert few.count("## <code>c") == 4
    assert few.endswith("… and 2 calendars more: see the run of the last check.")


def test_an_issue_of_an_older_version_gets_no_comment(github: GitHub, hub: Hub) -> None:
    """It does not say what it told."""
    one = (CalendarOutcome(Path("a"), 1), Place(EVENT, "a", "abc"))
    opened = drift.keep_issue(github, ["a"], drift.issue([one]), "run", unsure=True)
    assert opened == ("Opened the issue 101", frozenset()), "whatever else an incomplete list leaves open"
    [issue] = hub.issues
    issue["body"] = "\n".join(line for line in issue["body"].split("\n") if "told:" not in line)
    stays = "Publer's list of posts is incomplete: the issue 101 stays as it is"
    assert drift.keep_issue(github, ["a"], None, "run", unsure=True) == (stays, frozenset())
    other = (CalendarOutcome(Path("b"), 1), Place(EVENT, "b", "abc"))
    both = drift.issue([one, other])
    assert both is not None
    assert drift.keep_issue(github, ["a"], both, "run") == ("The issue 101 is up to date", both.told)
    assert (hub.comments, "told:" in issue["body"]) == ([], True)
