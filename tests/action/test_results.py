"""The page of the week: a new issue that closes the one before, or a file of the repository."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from publer_sync.action import pages, results
from publer_sync.action.inputs import Event
from publer_sync.action.runs import CalendarOutcome
from tests.github.repository import CALENDAR, Repo
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.action.github import GitHub
    from publer_sync.sandbox import Sandbox
    from tests.action.conftest import Run
    from tests.github.hub import Hub

FACEBOOK = "acc00000000000000000fb01"


@pytest.fixture(autouse=True)
def week(repo: Repo, sandbox: Sandbox) -> None:
    """A calendar, a post that was published yesterday and one that failed."""
    repo.commit(CALENDAR)
    yesterday = datetime.now(UTC) - timedelta(days=1)
    sandbox.add(
        account_id=FACEBOOK, at=yesterday, text="Out", state="published", post_link="https://f.example/1"
    )
    sandbox.add(account_id=FACEBOOK, at=yesterday, text="Stuck", state="failed", error="Token expired")


def test_an_issue_says_what_was_published_and_what_was_not(step: Run, hub: Hub, sandbox: Sandbox) -> None:
    done = step("results")
    assert (done.code, done.outputs["exit-code"]) == (0, "6")
    [issue] = hub.issues
    assert issue["title"].startswith("Social calendar: results, ")
    assert issue["title"].endswith(" (1 post not published)")
    assert issue["body"].index("Token expired") < issue["body"].index("[facebook](<https://f.example/1>)")
    assert issue["body"].split("\n", 1)[1].strip() in done.summary
    assert {request.method for request in sandbox.requests} == {"GET"}


def test_a_new_week_closes_the_issue_of_the_last_and_a_rerun_edits_its_own(
    step: Run, hub: Hub, github: GitHub
) -> None:
    step("results")
    hub.issues[0]["title"] = "Social calendar: results of the week before"
    hub.issues.append({**hub.issues[0], "id": 1, "number": 1, "user": {"login": "mallory", "type": "User"}})
    step("results")
    assert [issue["state"] for issue in hub.issues] == ["closed", "open", "open"]
    step("results")
    assert len(hub.issues) == 3


def test_a_file_of_the_repository(step: Run, hub: Hub) -> None:
    for _ in range(2):
        assert step("results", results_file="results/latest.md").code == 0
    assert hub.issues == []
    [(path, file)] = hub.contents.items()
    assert (path, file["branch"]) == ("results/latest.md", "main")
    assert "Token expired" in base64.b64decode(file["content"]).decode()


@pytest.mark.parametrize(
    "name", ["calendar/results.md", "../results.md", "results.txt", "/etc/results.md", "a/../b.md"]
)
def test_a_file_where_it_would_do_harm_is_refused(step: Run, hub: Hub, name: str) -> None:
    done = step("results", results_file=name)
    assert done.code == 64
    assert "results-file" in done.log
    assert hub.writes() == []


def test_a_token_that_may_not_write_fails_nothing(step: Run, hub: Hub) -> None:
    hub.reads_only = True
    done = step("results", results_file="results.md")
    assert done.code == 0
    assert "could not write results.md" in done.log
    assert "Token expired" in done.summary


def test_a_calendar_that_cannot_be_read_is_named(step: Run, repo: Repo, hub: Hub) -> None:
    repo.commit({"calendar/wrong.yaml": "posts:\n- at: never\n"})
    assert step("results").code == 3
    assert hub.issues[0]["title"] == "Social calendar: results (1 calendar without results)"


def test_several_calendars_share_one_issue(step: Run, repo: Repo, hub: Hub) -> None:
    repo.commit({f"{name}/publer.yaml": CALENDAR["calendar/publer.yaml"] for name in "ab"})
    step("results", calendar="a\nb")
    assert hub.issues[0]["body"].count("Social calendar") == 2
    assert len(hub.issues[0]["body"]) < pages.LIMIT


@each_of(
    "folders, name",
    [
        (["clients/acme"], "clients/acme"),
        (["calendar"], "Social calendar"),
        (["a", "b"], "Social calendar"),
        (["calendar", "b"], "Social calendar"),
    ],
)
def test_one_calendar_is_named_in_the_title_and_several_are_not(folders: list[str], name: str) -> None:
    event = Event.of({"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "o/r"})
    told = [(CalendarOutcome(Path(each), 1), pages.Place(event, each, "abc")) for each in folders]
    assert results.title(told).startswith(f"{name}: results (")


def test_the_results_of_very_many_calendars_fit_into_an_issue() -> None:
    event = Event.of({"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "o/r"})
    told = [
        (
            CalendarOutcome(Path(f"calendar-{one}"), 1, planned=True),
            pages.Place(event, f"calendar-{one}", "abc"),
        )
        for one in range(400)
    ]
    text = results.text(told)
    assert len(text) <= pages.LIMIT
    assert text.rstrip().endswith(pages.MORE)
