"""Who learns what of a run in which something failed: one comment for each problem, and the output for chat and mail."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from publer_sync.action import pages, telling
from publer_sync.action.github import GitHubError
from publer_sync.action.inputs import Event
from publer_sync.action.runs import CalendarOutcome
from publer_sync.applying.report import Outcome
from publer_sync.planning.plan import Action
from publer_sync.render import notice
from publer_sync.render.layout import documents
from tests.builders import DAY, SOON, change, report, result, wanted
from tests.github.hub import BOT, Trouble
from tests.github.repository import CALENDAR, SETTINGS, Repo, posts
from tests.schemas import conforms
from tests.stand_in import Reply
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.action.github import GitHub
    from publer_sync.sandbox import Sandbox
    from tests.action.conftest import Run
    from tests.github.hub import Hub


@pytest.mark.slow
def test_a_night_in_which_an_apply_fails(step: Run, repo: Repo, hub: Hub, sandbox: Sandbox) -> None:
    """The one who merged the post is called once, with the reason, on the pull request that brought it."""
    repo.commit({"calendar/publer.yaml": SETTINGS})
    for number, (file, who) in enumerate((("one", "anna"), ("two", "ben")), start=7):
        repo.commit({f"calendar/{file}.yaml": posts(f"Post {file}", since=number)}, branch=file)
        hub.merge(number, repo.merge(file), merged_by={"login": who, "type": "User"})
    sandbox.faults.job_fails = "Media is too large @here"
    night = {"event": {}, "name": "schedule"}
    done = step("apply", **night)
    assert done.code == 6, done.log
    for number, who in ((7, "anna"), (8, "ben")):
        [call] = hub.calls(number)
        assert f"\n⚠️ @{who}: **1 problem after the merge**\n" in call
        assert f"Post {'one' if number == 7 else 'two'}" not in call, "the post is named, and its line"
        assert "Publer said: " in call
        assert "Media is too large @\u2060" in call
        assert "@here" not in call
    told = json.loads(done.outputs["notify"])
    conforms(told, "notify")
    assert (len(told["new"]), told["still"], told["run_url"]) == (
        2,
        [],
        "https://github.com/o/r/actions/runs/42",
    )
    assert "calendar: a post on facebook (" in told["text"]

    again = step("apply", **night)
    assert (again.code, again.outputs["notify"]) == (6, "")
    assert [len(hub.calls(number)) for number in (7, 8)] == [1, 1], "once"
    sandbox.faults.job_fails = None
    assert step("apply", **night).outputs["notify"] == ""
    assert len(sandbox.posts()) == 2


def test_a_push_calls_who_merged_it_and_a_run_by_hand_calls_nobody(step: Run, repo: Repo, hub: Hub) -> None:
    before = repo.commit({"calendar/publer.yaml": SETTINGS})
    bad = posts("x").replace("accounts: facebook", "accounts: nobody")
    repo.commit({"calendar/may.yaml": bad}, branch="topic")
    merge = repo.merge("topic")
    hub.merge(7, merge, merged_by={"login": "github-merge-queue[bot]", "type": "Bot"}, user={"login": "cleo"})
    assert step("apply", name="workflow_dispatch").code == 3
    assert hub.calls(7) == []
    done = step("apply", event={"before": before}, comment="never")
    assert (hub.calls(7), len(json.loads(done.outputs["notify"])["new"])) == ([], 1)
    step("apply", event={"before": before})
    [call] = hub.calls(7)
    assert "@cleo: **1 problem after the merge**" in call, "a queue reads nothing"
    assert "- The calendar has 1 error: may.yaml:\u20603: there is no account" in call


def test_where_github_does_not_answer_the_run_ends_as_it_would_and_the_output_has_all(
    step: Run, repo: Repo, hub: Hub
) -> None:
    before = repo.commit({"calendar/publer.yaml": SETTINGS})
    hub.merge(7, repo.commit({"calendar/may.yaml": posts("x").replace("facebook", "nobody")}))
    hub.reads_only = True
    done = step("apply", event={"before": before})
    assert (done.code, len(json.loads(done.outputs["notify"])["new"])) == (3, 1)
    assert "could not comment on what failed" in done.log


@pytest.mark.slow
def test_a_problem_that_is_over_and_comes_back_is_told_again(
    step: Run, repo: Repo, hub: Hub, sandbox: Sandbox
) -> None:
    """The run in which it is over knows nothing of the pull request whose comment told it."""
    repo.commit({"calendar/publer.yaml": SETTINGS})
    for number, file in enumerate(("one", "two"), start=7):
        repo.commit({f"calendar/{file}.yaml": posts(f"Post {file}", since=number)}, branch=file)
        hub.merge(number, repo.merge(file))
    night = {"event": {}, "name": "schedule"}
    sandbox.faults.job_fails = "Media is too large"
    assert len(json.loads(step("apply", **night).outputs["notify"])["new"]) == 2
    sandbox.faults.job_fails = None
    down = step("apply", **night, variables={"PUBLER_BASE_URL": "http://127.0.0.1:9"})
    assert down.code == 1
    assert [len(_told(hub, number)) for number in (7, 8)] == [1, 2], "nobody knows what became of the posts"
    writes = hub.writes()
    assert step("apply", **night).outputs["notify"] == ""
    edits = hub.writes()[len(writes) :]
    assert [each for each in edits if each.startswith("PATCH")] == edits
    assert [len(hub.calls(number)) for number in (7, 8)] == [1, 2], "that of the error of the night"
    assert _told(hub, 7) == _told(hub, 8) == []

    sandbox.remove(next(post["id"] for post in sandbox.posts() if "Post one" in post["text"]))
    sandbox.faults.job_fails = "Media is too large"
    again = step("apply", **night, allow_recreate="true")
    assert len(json.loads(again.outputs["notify"])["new"]) == 1
    assert [len(hub.calls(number)) for number in (7, 8)] == [2, 2]
    assert step("apply", **night, allow_recreate="true").outputs["notify"] == ""


def _told(hub: Hub, number: int) -> list[str]:
    return [each for call in hub.calls(number) for each in telling.told_in(call) or ()]


@pytest.mark.slow
def test_what_is_new_in_the_drift_issue_is_a_comment_once(
    step: Run, repo: Repo, hub: Hub, sandbox: Sandbox
) -> None:
    """GitHub mails nobody an issue that is edited."""
    repo.commit({**CALENDAR, "calendar/may.yaml": posts("One", "Two", "Three")})
    step("apply")
    one, two, three = (post["id"] for post in sandbox.posts())
    sandbox.edit(one, text="Edited")
    first = step("drift")
    assert (len(hub.issues), hub.comments) == (1, [])
    assert len(json.loads(first.outputs["notify"])["new"]) == 1
    assert step("drift").outputs["notify"] == ""
    assert hub.comments == []
    sandbox.edit(two, state="scheduled_declined")
    news = step("drift")
    [comment] = hub.comments
    assert comment["body"].startswith("**New since the last check** ")
    assert "### Not publishing as the calendar says" in comment["body"]
    assert "Edited or deleted" not in comment["body"], "that was told"
    assert len(json.loads(news.outputs["notify"])["new"]) == 1
    sandbox.remove(three)
    step("drift")
    assert len(hub.comments) == 2
    assert "Someone deleted it" in hub.comments[1]["body"]
    step("apply", overwrite_edits="true", allow_recreate="true")
    sandbox.edit(two, state="scheduled")
    step("drift")
    assert (hub.issues[0]["state"], "All of this is resolved" in hub.comments[-1]["body"]) == ("closed", True)


@pytest.mark.slow
def test_after_drift_the_notice_has_what_the_issue_tells_of_one_by_one(
    step: Run, repo: Repo, hub: Hub, sandbox: Sandbox
) -> None:
    """Not what has time, nor what an incomplete list lacks, which would be news at every check; a missed post is told once."""
    repo.commit({**CALENDAR, "calendar/may.yaml": posts("One", "Two")})
    step("apply")
    asks = {"calendar/publer.yaml": SETTINGS + "people: {kari: Kari}\nsignoff: [{by: kari, labels: [new]}]\n"}
    repo.commit({**asks, "calendar/new.yaml": posts("Three", since=40) + "  labels: [new]\n"})
    done = step("drift")
    assert (done.outputs["blocked"], done.outputs["notify"], hub.issues) == ("1", "", []), done.log
    sandbox.faults.trip("empty_page", "GET", "/posts$", times=10**6)
    done = step("drift")
    assert (done.outputs["blocked"], done.outputs["notify"], hub.issues) == ("3", "", [])
    sandbox.faults.trips.clear()
    repo.commit({"calendar/late.yaml": posts("Late", since=-1)})
    [trouble] = json.loads(step("drift").outputs["notify"])["new"]
    assert (trouble["code"], trouble["source"]["file"], len(hub.issues)) == ("missed", "late.yaml", 1)
    assert step("drift").outputs["notify"] == ""


def test_an_issue_of_an_older_version_gets_no_comment_for_what_it_says_already(
    step: Run, repo: Repo, hub: Hub
) -> None:
    repo.commit(CALENDAR)
    step("drift")
    [issue] = hub.issues
    issue["body"] = "\n".join(line for line in issue["body"].splitlines() if "publer-sync told" not in line)
    assert step("drift").outputs["notify"] == ""
    assert hub.comments == []
    assert "publer-sync told" in issue["body"]


def test_very_many_problems_after_a_merge_are_a_comment_that_github_takes_and_each_is_told_once(
    github: GitHub, repo: Repo, hub: Hub
) -> None:
    merge = repo.commit(CALENDAR)
    hub.merge(7, merge)
    place = pages.Place(
        Event.of({"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "o/r"}), "calendar", merge, {7: merge}
    )
    posts_of = [wanted(SOON + day * DAY, "Hello", id=f"post-{day}") for day in range(2_500)]
    results = [
        result(change(Action.CREATE, post), Outcome.FAILED, "Because `[x](y)` * " * 90) for post in posts_of
    ]
    found = telling.found_in(
        [(CalendarOutcome(Path("calendar"), 6, report=report(results)), place)], run="run"
    )
    assert len(found.troubles) == 2_500
    assert telling.call(github, found, {"calendar": place}) == frozenset()
    [call] = hub.calls(7)
    assert "**2,500 problems after the merge**" in call
    known = telling.call(github, found, {"calendar": place})
    assert len(hub.calls(7)) == 1
    assert not telling.without(found, known).new


def failed(*texts: str) -> list[tuple[CalendarOutcome, pages.Place]]:
    """A run in which these posts of pull request 7 failed."""
    event = Event.of({"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "o/r"})
    results = [
        result(change(Action.CREATE, wanted(SOON + day * DAY, text, id=text)), Outcome.FAILED, "Why")
        for day, text in enumerate(texts)
    ]
    place = pages.Place(event, "calendar", "a" * 40, {7: "a" * 40})
    return [(CalendarOutcome(Path("calendar"), 6 if texts else 0, report=report(results)), place)]


@pytest.mark.parametrize(
    ("merged_by", "opened_by", "head"),
    [
        (("anna", "User"), ("cleo", "User"), "@anna: **1 problem"),
        (("anna", "Bot"), ("cleo", "User"), "@cleo: **1"),
        (("anna", "Bot"), ("cleo", "Bot"), "⚠️ **1 problem"),
        ((), (), "⚠️ **1 problem"),  # GitHub knows none of them any more
        (("team anna", "User"), ("cleo", "User"), "@cleo: **1"),
    ],
)
def test_the_person_who_merged_is_called_and_no_program(
    github: GitHub, hub: Hub, merged_by: tuple[str, ...], opened_by: tuple[str, ...], head: str
) -> None:
    merged, opened = (
        dict(zip(("login", "type"), each, strict=True)) if each else None for each in (merged_by, opened_by)
    )
    hub.pulls.append({"number": 7, "id": 7, "merged_by": merged, "user": opened})
    [(done, place)] = failed("One")
    telling.call(github, telling.found_in([(done, place)], run="run"), {"calendar": place})
    [call] = hub.calls(7)
    assert head in call


def test_a_calendar_at_the_top_is_called_as_its_folder_is_written(github: GitHub, hub: Hub) -> None:
    hub.pulls.append({"number": 7, "id": 7, "user": {"login": "cleo", "type": "User"}})
    [(done, place)] = failed("One")
    top = replace(place, folder="")
    found = telling.found_in([(done, top)], run="run")
    assert [each["calendar"] for each in found.troubles] == ["."]
    telling.call(github, found, {"": top})
    [call] = hub.calls(7)
    assert "<code>the top folder</code>" in call


def test_a_comment_is_edited_once_something_of_it_is_over_and_not_before(github: GitHub, hub: Hub) -> None:
    """An edit at every run would keep it among the latest for ever."""
    hub.pulls.append({"number": 7, "id": 7, "user": {"login": "cleo", "type": "User"}})
    told = failed("One", "Two")
    [(_, place)] = told
    telling.call(github, telling.found_in(told, run="run"), {"calendar": place})
    stolen = {**hub.comments[0], "id": 1, "user": {"login": "mallory", "type": "User"}}
    hub.comments += [stolen, {"id": 2, "body": None, "user": BOT}]
    for still, edits in ((("One", "Two"), 0), (("One",), 1), (("One",), 1)):
        telling.end_what_is_over(github, telling.found_in(failed(*still), run="run"), [place])
        assert len([each for each in hub.writes() if each.startswith("PATCH")]) == edits, still
    assert len(telling.told_in(hub.comments[0]["body"]) or ()) == 1
    for days, left in ((36, 1), (34, 0)):
        hub.comments[0]["updated_at"] = f"{datetime.now(UTC) - days * DAY:%Y-%m-%dT%H:%M:%SZ}"
        telling.end_what_is_over(github, telling.found_in(failed(), run="run"), [place])
        assert len(telling.told_in(hub.comments[0]["body"]) or ()) == left, "an old one is left alone"


def test_what_the_hidden_line_had_no_room_for_is_not_told_again_once_another_is_over(
    github: GitHub, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "_MOST_TOLD", 2)
    hub.pulls.append({"number": 7, "id": 7, "user": {"login": "cleo", "type": "User"}})
    told = failed("One", "Two", "Three")
    [(_, place)] = told
    found = telling.found_in(told, run="run")
    telling.call(github, found, {"calendar": place})
    first, *others = sorted(found.troubles, key=lambda each: telling.digest(each["key"]))
    assert telling.digest(first["key"]) in hub.calls(7)[0]
    left = notice.Notice(tuple(others), told={}, run_url="run")
    older = f"{pages.mark('failed', 'calendar')}\nof an older version"
    hub.comments.append({"id": 1, "pull": 8, "user": BOT, "body": older})
    for folder, edits in (("other", 0), ("calendar", 1)):
        telling.end_what_is_over(github, left, [replace(place, folder=folder)])
        assert len([each for each in hub.writes() if each.startswith("PATCH")]) == edits
    assert telling.call(github, left, {"calendar": place}) == {telling.digest(each["key"]) for each in others}
    assert len(hub.calls(7)) == 1


def test_a_token_that_may_not_edit_comments_is_passed_over_and_any_other_error_told(
    github: GitHub, hub: Hub
) -> None:
    hub.pulls.append({"number": 7, "id": 7, "user": {"login": "cleo", "type": "User"}})
    told = failed("One", "Two")
    [(_, place)] = told
    telling.call(github, telling.found_in(told, run="run"), {"calendar": place})
    over = telling.found_in(failed("One"), run="run")
    for status, raises in ((403, False), (422, True)):
        hub.troubles = [Trouble("PATCH", Reply({"message": "no"}, status))]
        if raises:
            with pytest.raises(GitHubError):
                telling.end_what_is_over(github, over, [place])
        else:
            telling.end_what_is_over(github, over, [place])
    assert len(telling.told_in(hub.calls(7)[0]) or ()) == 2
    telling.end_what_is_over(github, over, [replace(place, folder="other")])
    assert len(telling.told_in(hub.calls(7)[0]) or ()) == 2, "of another calendar"
    hub.log.clear()
    telling.end_what_is_over(github, over, [])
    assert hub.log == [], "nobody knows of the others"


@pytest.mark.story
@each_of("still", [0, 300])
def test_the_output_fits_into_a_variable_of_the_environment_and_counts_what_is_missing(still: int) -> None:
    posts_of = [wanted(SOON + day * DAY, "Hello", id=f"post-{day}") for day in range(900)]
    results = [result(change(Action.CREATE, post), Outcome.FAILED, "Why") for post in posts_of]
    place = pages.Place(Event.of({"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "o/r"}), "calendar", "abc")
    found = telling.found_in(
        [(CalendarOutcome(Path("calendar"), 6, report=report(results)), place)], run="run"
    )
    news = telling.without(found, frozenset(telling.digest(each["key"]) for each in found.troubles[:still]))
    document = notice.limited(notice.document(news), telling.OUTPUT_BYTES)
    conforms(document, "notify")
    text = documents.dumps(document)
    assert 95_000 < len(text.encode()) <= 100_000
    assert len(document["new"]) + document["left_out"] == 900
    assert document["still"] == []
    assert document["title"] == f"publer-sync: {900 - still} new problems in calendar"
    few = notice.document(
        telling.without(found, frozenset(telling.digest(each["key"]) for each in found.troubles[5:]))
    )
    assert len(notice.limited(few, 60_000)["new"]) == 5, "what was told before is left out first"
