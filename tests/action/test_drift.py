"""Which changes of a plan are a reason to open the issue, and how it opens, changes and closes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from publer_sync.action import drift, telling
from publer_sync.action.inputs import Event
from publer_sync.action.pages import Place
from publer_sync.action.runs import CalendarOutcome
from publer_sync.planning.plan import Action, Block, Held
from publer_sync.values.problems import Location, Problem
from tests.builders import DAY, EARLIER, SOON, X, change, plan, shown, wanted
from tests.github.repository import CALENDAR, SETTINGS, Repo, posts

if TYPE_CHECKING:
    from publer_sync.action.github import GitHub
    from publer_sync.planning.plan import Change
    from publer_sync.sandbox import Sandbox
    from publer_sync.values.model import Post
    from tests.action.conftest import Run
    from tests.github.hub import Hub
    from tests.internet import Internet

POST = wanted(SOON, "Hello")
EVENT = Event.of({"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "o/r"})
STATE = "state: git:publer-sync-state\n"


@pytest.mark.parametrize(
    ("one", "why"),
    [
        pytest.param(change(Action.PAST, wanted(EARLIER), missed=True), "stuck", id="failed at its time"),
        pytest.param(change(Action.PAST, wanted(EARLIER)), "", id="past"),
        pytest.param(change(Action.RECREATE, POST), "edited", id="deleted in Publer"),
        pytest.param(change(Action.BLOCKED, POST, blocks=(Block.STATE,)), "stuck", id="blocked"),
        pytest.param(
            change(Action.BLOCKED, POST, would=Action.RECREATE, blocks=(Block.LISTING,)),
            "",
            id="not known, since Publer's list is incomplete",
        ),
        pytest.param(
            change(Action.BLOCKED, POST, would=Action.UNCHANGED, blocks=(Block.LISTING,)),
            "stuck",
            id="must not be in Publer, and an incomplete list may lack it",
        ),
        pytest.param(
            Held(account=X, post=POST, reason="Why", live=shown(SOON)), "unapplied", id="to take out"
        ),
        pytest.param(Held(account=X, post=POST, reason="Why"), "", id="on hold"),
    ],
)
def test_what_opens_the_issue(one: object, why: str) -> None:
    reasons = [name for name in ("edited", "stuck", "unapplied") if getattr(drift, name)(one)]

    assert reasons == [why][: bool(why)]


def test_what_was_told_of_a_post_is_told_no_more_once_it_moved() -> None:
    def told(post: Post) -> frozenset[str]:
        done = CalendarOutcome(Path("calendar"), 2, plan=plan([change(Action.RECREATE, post)]))
        found = drift.issue([(done, Place(EVENT, "calendar", "abc"))])
        assert found is not None
        return found.told

    assert told(wanted(SOON, "Hello", id="a")) == told(wanted(SOON + DAY, "Hello", id="a"))
    assert told(wanted(SOON, "Hello", id="a")) != told(wanted(SOON, "Hello", id="b"))
    assert told(POST) != told(wanted(SOON + DAY, "Hello"))


def test_there_is_an_issue_where_something_differs_and_none_otherwise() -> None:
    def title(code: int) -> str:
        found = drift.issue([(CalendarOutcome(Path("acme"), code), Place(EVENT, "acme", "abc"))])
        return found.title if found is not None else ""

    assert title(1) == "Publer and acme differ", "nobody knows"
    assert title(0) == ""


def test_as_many_calendars_are_told_of_as_there_is_room_for_and_each_of_its_links() -> None:
    dead = [
        Problem("warning", "link.dead", "https://a.example answers 404", Location(file, 2))
        for file in ("may.yaml", "june.yaml")
    ]
    lost = [(CalendarOutcome(Path(name), 1), Place(EVENT, name, "abc")) for name in ("acme", "bank")]
    linked = CalendarOutcome(Path("cafe"), 0, plan=plan(), problems=tuple(dead))
    found = drift.issue([*lost, (linked, Place(EVENT, "cafe", "abc"))])
    assert found is not None
    assert len(found.told) == 4
    for room, parts in ((1_600, 3), (1_599, 2)):
        text = found.text(room)
        assert (text.count("## <code>"), "1 calendar more: see the run" in text) == (parts, parts == 2)
    assert found.news(found.told, 1_600) == ""


@pytest.mark.slow
def test_drift_opens_changes_and_closes_one_issue(step: Run, repo: Repo, hub: Hub, sandbox: Sandbox) -> None:
    repo.commit({**CALENDAR, "calendar/may.yaml": posts("One", "Two", "Three")})
    step("apply")
    assert "Publer matches the calendar" in step("drift").log
    assert hub.issues == []
    one, two, three = (post["id"] for post in sandbox.posts())
    sandbox.edit(one, text="Edited")
    sandbox.edit(two, state="scheduled_declined")
    done = step("drift")
    assert (done.code, done.outputs["blocked"]) == (0, "2"), done.outputs
    [issue] = hub.issues
    assert "The last good apply ended today" in issue["body"]
    hub.issues[:0] = [
        {**issue, "id": 1, "number": 1, "user": {"login": "mallory", "type": "User"}},
        {**issue, "id": 2, "number": 2, "body": "another"},
    ]
    sandbox.remove(three)
    step("drift")
    assert len(hub.issues) == 3
    assert "Someone deleted it" in hub.issues[2]["body"]
    writes = len(hub.writes())
    step("apply", overwrite_edits="true", allow_recreate="true")
    sandbox.edit(two, state="scheduled")
    assert step("drift").code == 0
    assert len(hub.writes()) == writes + 2
    assert (hub.issues[2]["state"], hub.issues[0]["state"]) == ("closed", "open")


def test_what_a_merged_hold_leaves_in_publer_is_drift(
    step: Run, repo: Repo, hub: Hub, sandbox: Sandbox
) -> None:
    """Nobody applied it; of a post that an incomplete list lacks, nobody knows."""
    repo.commit(CALENDAR)
    step("apply")
    repo.commit({"calendar/publer.yaml": SETTINGS + "hold: {reason: Why}\n"})
    step("drift")
    assert "2 changes of the calendar are not in Publer" in hub.issues[0]["body"]
    sandbox.faults.trip("rows_left_out", "GET", "/posts$", times=10**6)
    step("drift")
    _, _, stuck = hub.issues[0]["body"].partition("### Not publishing as the calendar says")
    assert "It is on hold, and Publer's list of posts is incomplete and lacks it" in stuck


@pytest.mark.slow
def test_nothing_counts_as_resolved_while_the_list_is_incomplete(
    step: Run, repo: Repo, hub: Hub, sandbox: Sandbox
) -> None:
    repo.commit(CALENDAR)
    step("apply")
    sandbox.faults.trip("empty_page", "GET", "/posts$", times=10**6)
    done = step("drift")
    assert (hub.issues, "nobody knows whether Publer matches" in done.log) == ([], True)
    sandbox.faults.trips.clear()
    sandbox.edit(sandbox.posts()[0]["id"], text="Edited")
    step("drift")
    [issue] = hub.issues
    before, writes = {**issue}, hub.writes()
    sandbox.faults.trip("empty_page", "GET", "/posts$", times=10**6)
    done = step("drift")
    assert f"the issue {issue['number']} stays as it is" in done.log
    assert (issue, hub.writes()) == (before, writes)
    sandbox.faults.trips.clear()
    step("apply", overwrite_edits="true")
    step("drift")
    assert issue["state"] == "closed"


@pytest.mark.slow
@pytest.mark.parametrize("calendars", [1, 60, 400])
def test_however_much_there_is_to_tell_github_takes_it_and_tells_each_problem_once(
    github: GitHub, hub: Hub, calendars: int
) -> None:
    def check(since: int, number: int) -> tuple[str, frozenset[str], set[str]]:
        told = [
            (
                CalendarOutcome(Path(f"calendar-{one}"), 0, plan=plan(_stuck(since, number // calendars))),
                Place(EVENT, f"calendar-{one}", "abc"),
            )
            for one in range(calendars)
        ]
        found = telling.found_in(told, run="run")
        names = {telling.digest(each["key"]) for each in found.troubles}
        issue = drift.issue(told)
        assert len(names) == number // calendars * calendars
        return (*drift.keep_issue(github, ["all"], issue, "run", names), names)

    _, known, _ = check(0, 2_000)
    [issue] = hub.issues
    assert not known
    parts = issue["body"].count("## <code>calendar-")
    assert (parts < calendars) is (calendars == 400)
    assert (f"… and {calendars - parts} calendars more: see the run" in issue["body"]) is (calendars == 400)
    assert ("… and more: see the run of the last check." in issue["body"]) is (calendars > 1)
    _, known, names = check(0, 2_000)
    assert (names <= known, hub.comments) == (True, [])
    _, known, names = check(40, 2_000)
    assert 0 < len(names - known) <= 40 * calendars
    assert len(hub.comments) == 1


def _stuck(since: int, number: int) -> list[Change]:
    days = range(since, since + number)
    return [
        change(Action.BLOCKED, wanted(SOON + day * DAY, "Hello", id=f"post-{day}"), reason="Why " * 30)
        for day in days
    ]


def test_the_job_fails_where_there_is_something_to_tell_and_no_issue_says_it(
    step: Run, repo: Repo, hub: Hub
) -> None:
    hub.reads_only = True
    repo.commit({"calendar/publer.yaml": SETTINGS})
    assert step("drift").code == 0
    repo.commit(CALENDAR)
    done = step("drift")
    assert (done.code, done.outputs["exit-code"]) == (6, "6")
    assert "Publer and the social calendar differ, and no issue says so" in done.log.partition("::error")[2]


def test_drift_of_a_calendar_that_cannot_be_planned(step: Run, repo: Repo, hub: Hub) -> None:
    repo.commit(
        {**CALENDAR, "calendar/may.yaml": posts("x").replace("accounts: facebook", "accounts: nobody")}
    )
    assert step("drift").code == 3
    assert "The calendar has 1 error." in hub.issues[0]["body"]


def test_what_was_merged_and_never_applied_is_drift(step: Run, repo: Repo, hub: Hub) -> None:
    repo.commit(CALENDAR)
    step("drift")
    assert "2 changes of the calendar are not in Publer" in hub.issues[0]["body"]
    assert "Nothing has been applied yet" in hub.issues[0]["body"]
    assert hub.issues[0]["title"] == "Publer and the social calendar differ"


@pytest.mark.slow
def test_the_title_of_the_issue_names_the_calendars_that_differ(step: Run, repo: Repo, hub: Hub) -> None:
    """The title follows what differs; the issue stays the same."""
    empty = {f"{name}/publer.yaml": SETTINGS for name in "abcde"}
    posts_of = {f"{name}/may.yaml": posts("One") for name in "abcd"}
    titles = []
    for added in ({"a/may.yaml": posts("One")}, {"b/may.yaml": posts("One")}, posts_of):
        repo.commit({**empty, **added})
        step("drift", calendar="\n".join("abcde"))
        titles.append(hub.issues[0]["title"])
    assert titles == ["Publer and a differ", "Publer and a, b differ", "Publer and 4 calendars differ"]
    assert len(hub.issues) == 1


def test_dead_links_of_posts_ahead_are_in_the_issue(
    step: Run, repo: Repo, hub: Hub, internet: Internet
) -> None:
    internet.page("http://a.example/here")
    texts = ("http://a.example/gone", "http://a.example/here", "Again http://a.example/gone")
    repo.commit({**CALENDAR, "calendar/may.yaml": posts(*texts)})
    step("apply")
    assert not internet.looked_up
    done = step("drift")
    assert done.code == 0
    assert "title=link.dead::http://a.example/gone answers 404 (Not Found)" in done.log
    [issue] = hub.issues
    assert issue["title"] == "Dead links in the social calendar"
    assert issue["body"].count("answers 404 (Not Found)") == 2
    assert "/calendar/may.yaml#L5)" in issue["body"]
    assert len(internet.requests) == 3
    internet.page("http://a.example/gone")
    step("drift")
    assert issue["state"] == "closed"


def test_a_calendar_that_left_is_in_the_issue_and_in_a_run_that_looks_at_no_other(
    branch_step: Run, repo: Repo, hub: Hub
) -> None:
    bank = {
        "calendar/publer.yaml": f"{SETTINGS}{STATE}",
        "bank/publer.yaml": f"name: bank\n{SETTINGS}{STATE}",
        "bank/may.yaml": posts("Bank one", "Bank two", since=5),
    }
    repo.commit({**CALENDAR, **bank})
    assert branch_step("apply", calendar="calendar\nbank").code == 0
    repo.git("rm", "-rq", "bank")
    repo.commit({"README.md": "The bank left."})
    done = branch_step("plan", changed_since="HEAD~1")
    assert "The calendar bank left the repository, and 2 of its posts are still scheduled" in done.summary
    assert "bank left the repository" in done.log.partition("::warning")[2]
    branch_step("drift")
    [issue] = hub.issues
    assert "### Calendars that left the repository" in issue["body"]
    assert "apply calendar --gone bank --yes" in issue["body"]
