"""The story of a step, in this process: what is asked of GitHub, what is written, what ends in which code."""

from __future__ import annotations

import os
import signal
import threading
import time
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from markdown_it import MarkdownIt

from publer_sync.calendar import files
from tests.action.conftest import SETTINGS, TOKEN, day, posts, pull_event

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from publer_sync.sandbox import Sandbox
    from tests.action.conftest import Hub, Repo, Step

    Run = Callable[..., Step]

CALENDAR = {"calendar/publer.yaml": SETTINGS, "calendar/may.yaml": posts("One", "Two")}


def event(repo: Repo, **options: Any) -> dict[str, Any]:
    return pull_event(repo.git("rev-parse", "HEAD"), **options)


def test_nothing_changes_and_no_comment_yet(step: Run, repo: Repo, hub: Hub) -> None:
    """With `comment: changes` a pull request that changes no post stays quiet, until there was something to say."""
    repo.commit({"calendar/publer.yaml": SETTINGS})
    assert step("plan", event=event(repo), comment="changes").code == 0
    assert hub.comments == []
    repo.commit(CALENDAR)
    step("plan", event=event(repo), comment="changes")
    assert "**2 new**" in hub.comments[0]["body"]
    repo.commit({"calendar/may.yaml": "posts: []\n"})
    step("plan", event=event(repo), comment="changes")
    assert "nothing changes" in hub.comments[0]["body"]


def test_never_comments(step: Run, repo: Repo, hub: Hub) -> None:
    repo.commit(CALENDAR)
    assert step("plan", event=event(repo), comment="never").outputs["create"] == "2"
    assert hub.writes() == []


def test_a_label_after_the_merge_leaves_the_comment_as_it_was_reviewed(
    step: Run, repo: Repo, hub: Hub
) -> None:
    repo.commit(CALENDAR)
    step("plan", event=event(repo))
    before = hub.bodies(7)
    repo.commit({"calendar/may.yaml": posts("Other")})
    assert step("plan", event=event(repo, state="closed")).outputs["create"] == "1"
    assert hub.bodies(7) == before


def test_in_a_merge_queue_the_plan_is_in_the_summary(step: Run, repo: Repo, hub: Hub) -> None:
    repo.commit(CALENDAR)
    done = step("plan", event={"merge_group": {}}, name="merge_group")
    assert (done.code, done.outputs["create"], hub.writes()) == (0, "2", [])
    assert "**2 new**" in done.summary


@pytest.mark.parametrize("other", [{"login": "mallory", "type": "User"}, {"login": "x[bot]", "type": "Bot"}])
def test_a_comment_of_someone_else_is_never_overwritten(
    step: Run, repo: Repo, hub: Hub, other: dict[str, str]
) -> None:
    """The mark can be copied; who wrote a comment cannot."""
    repo.commit(CALENDAR)
    step("plan", event=event(repo))
    stolen = {**hub.comments[0], "id": 1, "user": other}
    hub.comments[:] = [stolen, {"id": 2, "body": "Nice", "user": {"login": "ben", "type": "User"}}]
    step("plan", event=event(repo))
    assert hub.comments[0] == stolen
    assert len(hub.comments) == 3
    step("plan", event=event(repo))
    assert len(hub.comments) == 3, "its own is found again"


def test_several_calendars(step: Run, repo: Repo, hub: Hub) -> None:
    """A comment each, counts together, and the worst of their codes."""
    broken = posts("x").replace("accounts: facebook", "accounts: nobody")
    repo.commit(
        {
            "a/publer.yaml": SETTINGS,
            "a/may.yaml": posts("One"),
            "b/publer.yaml": SETTINGS,
            "b/may.yaml": broken,
            "c/publer.yaml": SETTINGS,
        }
    )
    done = step("plan", event=event(repo), calendar="a\nb\nc\n")
    assert (done.code, done.outputs["exit-code"], done.outputs["create"]) == (3, "3", "1")
    assert done.outputs["mistakes"] == "1"
    assert len(done.outputs["plan-file"].splitlines()) == 2
    assert len(hub.comments) == 3
    assert done.summary.count("### 📅") == 3


@pytest.mark.parametrize("name", ["pull_request", "pull_request_target"])
def test_a_forks_files_are_planned_only_where_github_hands_the_key_to_them(
    step: Run, repo: Repo, sandbox: Sandbox, name: str
) -> None:
    repo.commit(CALENDAR)
    step("plan", event=event(repo, fork=True), name=name)
    assert bool(sandbox.requests) is (name == "pull_request")


def test_dependabot_gets_no_key(step: Run, repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.commit(CALENDAR)
    assert step("plan", event=event(repo), api_key="").code == 1
    monkeypatch.setattr("publer_sync.action.inputs.Event.of", _as_dependabot())
    done = step("plan", event=event(repo), api_key="")
    assert done.code == 0
    assert "checked, not planned" in done.summary


def _as_dependabot() -> Any:
    from publer_sync.action.inputs import Event

    real = Event.of
    return lambda environ: real({**environ, "GITHUB_ACTOR": "dependabot[bot]"})


def test_no_key_says_where_to_put_one(step: Run, repo: Repo, hub: Hub) -> None:
    repo.commit(CALENDAR)
    done = step("plan", event=event(repo), api_key="")
    assert done.code == 1
    assert "::error title=key.none::" in done.log
    assert "no result" in hub.comments[0]["body"]


@pytest.mark.parametrize("name", ["pull_request", "pull_request_target", "merge_group"])
def test_apply_is_refused_before_the_merge(step: Run, repo: Repo, sandbox: Sandbox, name: str) -> None:
    repo.commit(CALENDAR)
    done = step("apply", event=event(repo) if name.startswith("pull") else {"merge_group": {}}, name=name)
    assert done.code == 64
    assert f"apply does not run for {name}" in done.log
    assert sandbox.requests == []


@pytest.mark.parametrize("calendar", ["../..", "calendar\n/", "calendar/../../other"])
def test_a_calendar_outside_the_repository_is_refused(
    step: Run, repo: Repo, sandbox: Sandbox, calendar: str
) -> None:
    repo.commit(CALENDAR)
    done = step("plan", event=event(repo), calendar=calendar)
    assert done.code == 64
    assert "outside the repository" in done.log
    assert sandbox.requests == []


def test_a_push_that_leaves_the_calendar_alone_keeps_none_from_being_applied(
    step: Run, repo: Repo, sandbox: Sandbox
) -> None:
    """It starts no apply, so this run applies its commit."""
    repo.commit(CALENDAR)
    tip = repo.push_from_elsewhere({"README.md": "x"})
    done = step("apply")
    assert (done.code, done.outputs["applied"]) == (0, "2"), done.log
    assert len(sandbox.posts()) == 2
    assert repo.git("rev-parse", "HEAD") == tip
    assert f"at <code>{tip[:7]}</code>" in done.summary


def test_an_old_run_does_not_undo_a_newer_commit(step: Run, repo: Repo, sandbox: Sandbox) -> None:
    repo.commit(CALENDAR)
    repo.push_from_elsewhere({"calendar/may.yaml": posts("Newer")})
    done = step("apply")
    assert (done.code, done.outputs["changes"], done.outputs["exit-code"]) == (0, "false", "0")
    assert "calendar was not applied: main has moved on" in done.log
    assert sandbox.requests == []


def test_of_two_calendars_the_one_that_a_newer_push_changes_is_left_to_its_run(
    step: Run, repo: Repo, sandbox: Sandbox
) -> None:
    repo.commit({**CALENDAR, "other/publer.yaml": SETTINGS, "other/may.yaml": posts("Old", account="x")})
    repo.push_from_elsewhere({"other/may.yaml": posts("New", account="x")})
    done = step("apply", calendar="calendar\nother")
    assert (done.code, done.outputs["applied"]) == (0, "2"), done.log
    assert "other was not applied" in done.log
    assert sorted(post["text"].strip() for post in sandbox.posts()) == ["One", "Two"]


def test_nothing_is_applied_if_git_cannot_tell_the_newest_commit(
    step: Run, repo: Repo, sandbox: Sandbox
) -> None:
    repo.commit(CALENDAR)
    repo.git("remote", "set-url", "origin", str(repo.remote / "gone"))
    done = step("apply")
    assert (done.code, done.outputs["exit-code"]) == (1, "1")
    assert "::error title=github::git fetch failed" in done.log
    assert sandbox.requests == []


def test_a_cancelled_step_ends_in_good_order_and_the_next_finishes(
    step: Run, repo: Repo, sandbox: Sandbox
) -> None:
    """GitHub's first signal: what was done is told, the next calendar is not begun, and nothing is sent twice later."""
    texts = [f"Post {number}" for number in range(6)]
    other = {"other/publer.yaml": SETTINGS, "other/may.yaml": posts("Another", account="x")}
    repo.commit({**CALENDAR, **other, "calendar/may.yaml": posts(*texts)})
    sandbox.faults.job_delay = 100

    def cancel() -> None:
        while not any(request.method == "POST" for request in list(sandbox.requests)):
            time.sleep(0.005)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=cancel, daemon=True)
    thread.start()
    done = step("apply", calendar="calendar\nother")
    thread.join()
    assert done.code == 1
    assert "1 calendar not started" in done.log
    assert done.outputs["unverified"] == "6"
    assert done.summary.count("### 📅") == 1
    assert step("apply", calendar="calendar\nother").code == 0
    assert sorted(post["text"].strip() for post in sandbox.posts()) == ["Another", *texts]


def test_state_stays_where_the_settings_say(step: Run, repo: Repo, hub: Hub) -> None:
    settings = SETTINGS + "state: kept/state.json\n"
    repo.commit({**CALENDAR, "calendar/publer.yaml": settings})
    assert step("apply").code == 0
    assert (repo.work / "calendar/kept/state.json").is_file()
    assert repo.git("ls-remote", "origin", "refs/heads/publer-sync-state") == ""


@pytest.mark.parametrize("by", ["input", "environment"])
def test_state_from_elsewhere_wins(step: Run, repo: Repo, monkeypatch: pytest.MonkeyPatch, by: str) -> None:
    repo.commit(CALENDAR)
    if by == "environment":
        real = _hand_over_with("PUBLER_SYNC_STATE", "mine.json", monkeypatch)
        assert real
    done = step("apply", **({"state": "mine.json"} if by == "input" else {}))
    assert done.code == 0, done.log
    assert (repo.work / "mine.json").is_file()


def _hand_over_with(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> bool:
    from publer_sync.action import main

    real = main._hand_over

    def hand_over(inputs: Any, environ: Any) -> None:
        real(inputs, environ)
        monkeypatch.setenv(name, value)

    monkeypatch.setattr(main, "_hand_over", hand_over)
    return True


def test_secrets_are_masked_before_anything_else(step: Run, repo: Repo, sandbox: Sandbox) -> None:
    repo.commit(CALENDAR)
    done = step("plan", event=event(repo))
    masks = [line for line in done.log.splitlines() if line.startswith("::add-mask::")]
    assert done.log.startswith("::add-mask::")
    assert f"::add-mask::{sandbox.key}" in masks
    assert f"::add-mask::{TOKEN}" in masks
    rest = done.log.replace("\n".join(masks), "")
    assert sandbox.key not in rest
    assert TOKEN not in rest


def test_a_post_cannot_speak_to_the_runner(step: Run, repo: Repo, hub: Hub) -> None:
    evil = "::add-mask::x\n    ::error::y\n    </details> <img src=x> @everyone | #12 ```\n    ::set-output name=a::b"
    repo.commit({**CALENDAR, "calendar/may.yaml": posts(evil)})
    done = step("plan", event=event(repo))
    lines = [line for line in done.log.splitlines() if line.lstrip().startswith("::")]
    assert not [
        line for line in lines if line.lstrip().startswith(("::error", "::set-output", "::add-mask::x"))
    ]
    body = hub.comments[0]["body"]
    assert "<img" not in body
    assert "@everyone" not in body
    assert body.count("<details>") == body.count("</details>")


def test_what_apply_would_refuse_is_in_the_comment_with_its_label(
    step: Run, repo: Repo, hub: Hub, sandbox: Sandbox
) -> None:
    repo.commit({**CALENDAR, "calendar/publer.yaml": SETTINGS + "limits: {delete: 1}\n"})
    assert step("apply").code == 0
    repo.commit({"calendar/may.yaml": posts("Three", since=40)})
    done = step("plan", event=event(repo))
    body = hub.comments[0]["body"]
    assert "this will be refused when it is merged" in body
    assert "adds the label <code>allow-deletes-2</code> to this pull request" in body
    _stands_in_one_piece(body)
    assert "::warning title=deletes::" in done.log

    hub.permissions["anna"] = "admin"
    hub.label("allow-deletes-2", "anna")
    done = step("plan", event=event(repo))
    body = hub.comments[0]["body"]
    assert "what happens when this is merged" in body
    assert "set by anna: apply lets up to 2 posts be removed" in body
    assert "title=deletes" not in done.log


def _stands_in_one_piece(body: str) -> None:
    """As GitHub's Markdown reads it: one heading, one caution, the table under the counts, every row whole."""
    html = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(body)
    assert html.count("<h3>") == 1
    assert html.count("<blockquote>\n<p>[!CAUTION]") == 1
    table = html.partition("<table>")[2].partition("</table>")[0]
    rows = table.split("<tr>")[2:]
    assert [row.count("<td") for row in rows] == [4] * 3
    assert html.index("<p><strong>1 new") < html.index("[!CAUTION]") < html.index("<table>")
    assert html.count("<details>") == html.count("</details>") == html.count("<summary>")


def test_a_label_counts_for_the_merged_pull_request_and_from_who_may_write(
    step: Run, repo: Repo, hub: Hub, sandbox: Sandbox
) -> None:
    """Where the commit is part of another pull request too, the one whose merge this commit is."""
    repo.commit({**CALENDAR, "calendar/publer.yaml": SETTINGS + "limits: {delete: 1}\n"})
    step("apply")
    sha = repo.commit({"calendar/may.yaml": posts("Three", since=40)})
    hub.permissions = {"anna": "write", "tess": "read"}
    hub.label("allow-deletes-2", "tess")
    hub.merge(7, sha)
    refused = step("apply")
    assert (refused.code, refused.outputs["exit-code"], len(sandbox.posts())) == (4, "4", 2)
    assert "adds the label <code>allow-deletes-2</code>" in hub.comments[0]["body"]
    assert "tess, who set it, has no write access" in hub.comments[0]["body"]

    hub.label("allow-deletes-2", "anna")
    for wrong in ({"merge_commit_sha": "f" * 40}, {"merged_at": None}, {"base": {"ref": "other"}}):
        hub.merge(7, sha, **wrong)
        assert step("apply").code == 4
    hub.merge(7, sha)
    assert step("apply").code == 0
    assert [post["text"].strip() for post in sandbox.posts()] == ["Three"]


@pytest.mark.parametrize("how", ["one push of a merge queue", "a push while the first was installing"])
def test_of_several_merges_each_label_counts_and_each_gets_the_report(
    step: Run, repo: Repo, hub: Hub, sandbox: Sandbox, how: str
) -> None:
    """The pull request before the last one has the label; the last one leaves the calendar alone."""
    before = repo.commit({**CALENDAR, "calendar/publer.yaml": SETTINGS + "limits: {delete: 1}\n"})
    step("apply")
    hub.permissions = {"anna": "write"}
    hub.merge(6, repo.commit({"calendar/may.yaml": posts("Three", since=40)}))
    hub.label("allow-deletes-2", "anna", pull=6)
    hub.merge(7, repo.commit({"calendar/june.yaml": posts("Four", since=50)}))
    last = {"README.md": "x"}
    hub.merge(8, repo.commit(last) if how.startswith("one") else repo.push_from_elsewhere(last))
    hub.labels_of |= {7: [], 8: ["allow-frozen"]}

    done = step("apply", event={"before": before})
    assert done.code == 0, done.log
    assert sorted(post["text"].strip() for post in sandbox.posts()) == ["Four", "Three"]
    for number in (6, 7):
        [body] = hub.bodies(number)
        assert "verified in Publer" in body
        assert "merged: #7, #6" in body
    assert hub.bodies(8) == []
    writes = hub.writes()
    assert step("apply", event={"before": before}).outputs["changes"] == "false"
    assert hub.writes() == writes, "the report of the run that did it stays"


def test_a_label_of_a_pull_request_that_leaves_the_calendar_alone_does_not_count(
    step: Run, repo: Repo, hub: Hub, sandbox: Sandbox
) -> None:
    before = repo.commit({**CALENDAR, "calendar/publer.yaml": SETTINGS + "limits: {delete: 1}\n"})
    step("apply")
    hub.permissions = {"anna": "write"}
    hub.label("allow-deletes-2", "anna", pull=8)
    hub.merge(7, repo.commit({"calendar/may.yaml": posts("Three", since=40)}))
    hub.merge(8, repo.commit({"calendars.txt": "x"}))
    assert step("apply", event={"before": before}).code == 4
    assert len(sandbox.posts()) == 2
    assert hub.bodies(8) == []


def test_a_branch_that_was_forced_to_another_history(step: Run, repo: Repo, hub: Hub) -> None:
    """What it was before is gone; the pull request of its newest commit is still found."""
    repo.commit({"calendar/publer.yaml": SETTINGS})
    hub.merge(7, repo.commit(CALENDAR))
    assert step("apply", event={"before": "e" * 40}).code == 0
    assert "verified in Publer" in hub.bodies(7)[0]


def _merge_reviewed(step: Run, repo: Repo, hub: Hub, files: dict[str, str], **also: str) -> dict[str, Any]:
    """A pull request that is planned, then merged to where other files were pushed."""
    before = repo.commit({"calendar/publer.yaml": SETTINGS})
    repo.commit(files, branch="topic")
    step("plan", event=event(repo))
    repo.git("checkout", "-q", "main")
    repo.commit(also)
    hub.merge(7, repo.merge("topic"))
    return {"before": before}


@pytest.mark.parametrize("reviewed", ["warn", "strict"])
def test_what_was_reviewed_is_applied_without_a_word(step: Run, repo: Repo, hub: Hub, reviewed: str) -> None:
    push = _merge_reviewed(step, repo, hub, CALENDAR)
    done = step("apply", event=push, reviewed=reviewed)
    assert (done.code, done.outputs["applied"]) == (0, "2"), done.log
    assert "review" not in done.summary


def test_what_changed_since_the_review_is_listed(step: Run, repo: Repo, hub: Hub, sandbox: Sandbox) -> None:
    """A new post and other words are named; a post that left the calendar is counted."""
    push = _merge_reviewed(step, repo, hub, {"calendar/may.yaml": posts("One", "Two", "Three")})
    repo.commit({"calendar/may.yaml": posts("One", "Too"), "calendar/x.yaml": posts("Four", since=40)})
    done = step("apply", event=push)
    assert (done.code, len(sandbox.posts())) == (0, 3)
    [_, report] = hub.bodies(7)
    for page in (report, done.summary):
        _, _, since = page.partition("Changed since the review")
        assert "new: Too" in since
        assert "new: Four" in since
        assert "One" not in since
        assert "1 reviewed change is no longer needed or possible." in since


def test_strict_refuses_what_nobody_reviewed_and_shows_it_for_review(
    step: Run, repo: Repo, hub: Hub, sandbox: Sandbox
) -> None:
    push = _merge_reviewed(step, repo, hub, CALENDAR, **{"calendar/x.yaml": posts("Four", since=40)})
    done = step("apply", event=push, reviewed="strict")
    assert (done.code, done.outputs["exit-code"], sandbox.posts()) == (5, "5", [])
    assert "this is not the plan that was reviewed" in done.log
    [_, again] = hub.bodies(7)
    assert "refused, and nothing was done" in again
    changed, _, plan = again.partition("Changed since the review")[2].partition("counts as reviewed.")
    assert "new: Four" in changed
    assert "[run this again](https://github.com/o/r/actions/runs/42)" in changed
    assert "Two" in plan
    assert "Two" not in changed

    assert step("apply", event=push, reviewed="strict").code == 0, "the comment is what is reviewed now"
    assert len(sandbox.posts()) == 3
    assert "verified in Publer" in hub.bodies(7)[1]


def test_strict_without_a_reviewed_plan(step: Run, repo: Repo, hub: Hub, sandbox: Sandbox) -> None:
    """A push without a pull request, and a pull request that was never planned; a person who runs it by hand may."""
    before = repo.commit({"calendar/publer.yaml": SETTINGS})
    sha = repo.commit(CALENDAR)
    done = step("apply", event={"before": before}, reviewed="strict")
    assert (done.code, sandbox.posts()) == (5, [])
    assert "Run the apply workflow by hand" in done.log
    hub.merge(7, sha)
    assert step("apply", event={"before": before}, reviewed="strict").code == 5
    assert "there was no plan to review" in hub.bodies(7)[0]
    assert step("apply", name="workflow_dispatch", reviewed="strict").code == 0
    assert len(sandbox.posts()) == 2


def test_strict_lets_pass_what_sends_nothing(step: Run, repo: Repo, hub: Hub, sandbox: Sandbox) -> None:
    """A post that is blocked since the review is named; the others go ahead."""
    push = _merge_reviewed(step, repo, hub, CALENDAR)
    nine = datetime.fromisoformat(f"{day(10)}T09:00").replace(tzinfo=ZoneInfo("Europe/Berlin"))
    sandbox.add(account_id="acc00000000000000000fb01", at=nine, text="In the way")
    done = step("apply", event=push, reviewed="strict")
    assert done.code == 6, done.log
    assert len(sandbox.posts()) == 2
    assert "blocked: One" in hub.bodies(7)[1].partition("Changed since the review")[2]


def test_a_frozen_post_with_its_label(step: Run, repo: Repo, hub: Hub, sandbox: Sandbox) -> None:
    """What a block stops has the label too, in the plan and after the merge; the label then does what the option does."""
    settings = SETTINGS + "limits: {freeze_minutes: 20000}\n"
    repo.commit({**CALENDAR, "calendar/publer.yaml": settings, "calendar/may.yaml": posts("One", since=12)})
    step("apply")
    repo.commit({"calendar/may.yaml": posts("Changed", since=12)})
    step("plan", event=event(repo))
    assert "adds the label <code>allow-frozen</code> to this pull request" in hub.comments[0]["body"]

    sha = repo.git("rev-parse", "HEAD")
    hub.merge(7, sha)
    done = step("apply")
    assert done.code == 6
    assert "label <code>allow-frozen</code> to [the pull request]" in done.summary
    assert "::warning file=calendar/may.yaml,line=2,title=not tried::" in done.log

    hub.permissions["anna"] = "write"
    hub.label("allow-frozen", "anna")
    planned = step("plan", event=event(repo))
    [body, _] = hub.bodies(7)
    assert "set by anna: apply changes posts that publish within minutes" in body
    assert "**1 to edit**" in body
    for asked_again in ("needs you", "will not be", "adds the label", "[!CAUTION]", "title=not scheduled"):
        assert asked_again not in body + planned.log
    assert step("apply").code == 0
    assert sandbox.posts()[0]["text"].strip() == "Changed"


def test_without_a_pull_request_the_fix_is_an_input(step: Run, repo: Repo, sandbox: Sandbox) -> None:
    repo.commit({**CALENDAR, "calendar/publer.yaml": SETTINGS + "limits: {delete: 1}\n"})
    step("apply")
    repo.commit({"calendar/may.yaml": posts("Three", since=40)})
    done = step("apply", allow_deletes="1")
    assert done.code == 4
    assert "refused, and nothing was done" in done.summary
    assert "runs the apply workflow by hand, with <code>allow-deletes: 2</code>" in done.summary
    assert len(sandbox.posts()) == 2
    assert step("apply", allow_deletes="2").code == 0


def test_suggestions_come_once_and_go(step: Run, repo: Repo, hub: Hub) -> None:
    typo = posts("One").replace("accounts: facebook", "accounts: facebok")
    repo.commit({**CALENDAR, "calendar/may.yaml": typo})
    patch = "@@ -0,0 +1,5 @@\n" + "\n".join(f"+{line}" for line in typo.splitlines())
    hub.files = [{"filename": "x"}, {"filename": "y"}, {"filename": "calendar/may.yaml", "patch": patch}]
    for _ in range(2):
        done = step("plan", event=event(repo))
        assert (done.code, done.outputs["exit-code"]) == (3, "3")
        assert "::error file=calendar/may.yaml,line=3" in done.log
    assert "1 error to fix first" in hub.comments[0]["body"]
    [suggestion] = hub.review
    assert (suggestion["path"], suggestion["line"], suggestion["side"]) == ("calendar/may.yaml", 3, "RIGHT")
    assert "```suggestion\n  accounts: facebook\n```" in suggestion["body"]
    repo.commit({"calendar/may.yaml": posts("One")})
    step("plan", event=event(repo))
    assert hub.review == []


def test_the_comment_is_cut_and_the_summary_is_not(step: Run, repo: Repo, hub: Hub) -> None:
    files = {
        f"calendar/{number}.yaml": posts(*["word " * 90] * 100, account="linkedin", since=1 + number * 100)
        for number in range(6)
    }
    repo.commit({"calendar/publer.yaml": SETTINGS, **files})
    done = step("plan", event=event(repo))
    body = hub.comments[0]["body"]
    assert done.outputs["create"] == "600"
    assert len(body) < 65_536
    assert "Too long for a comment" in body
    assert "[the summary of this run](https://github.com/o/r/actions/runs/42)" in body
    assert "**600 new**" in body
    assert "Too long" not in done.summary
    assert len(done.summary.encode()) < 1_048_576
    assert done.summary.count("| linkedin |") == 600


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
    assert "The last successful apply was today" in issue["body"]
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


def test_validate_needs_neither_key_nor_github(step: Run, repo: Repo, hub: Hub) -> None:
    repo.commit(
        {**CALENDAR, "calendar/may.yaml": f"posts:\n- at: {day(3)} 25:00\n  accounts: all\n  text: x\n"}
    )
    done = step("validate", api_key="", github_token="")
    assert done.code == 3
    assert "::error file=calendar/may.yaml,line=2" in done.log
    assert hub.log == []


def test_ten_annotations_of_each_severity(step: Run, repo: Repo) -> None:
    broken = posts(*["x"] * 15).replace("accounts: facebook", "accounts: nobody")
    repo.commit({"calendar/publer.yaml": SETTINGS, "calendar/may.yaml": broken})
    done = step("validate")
    assert done.log.count("::error file=") == 10
    assert "and 5 more, in the job summary" in done.log
    assert done.summary.count("line ") >= 15


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({"command": "aply"}, 'the input command is "aply"'),
        ({"comment": "loud"}, 'the input comment is "loud"'),
        ({"reviewed": "no"}, 'the input reviewed is "no"'),
        ({"reviewed": "strict", "comment": "never"}, "the plan is reviewed in the comment"),
        ({"allow_deletes": "all"}, 'the input allow-deletes is "all"'),
        ({"allow_frozen": "yes"}, 'the input allow-frozen is "yes"'),
    ],
)
def test_an_input_that_makes_no_sense(step: Run, repo: Repo, inputs: dict[str, str], said: str) -> None:
    repo.commit(CALENDAR)
    done = step("plan", **inputs) if "command" not in inputs else step(inputs["command"])
    assert done.code == 64
    assert said in done.log.replace("%0A", "\n")


@pytest.mark.parametrize("command", ["plan", "apply"])
def test_the_files_of_a_calendar_are_read_once(
    step: Run, repo: Repo, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    repo.commit(CALENDAR)
    read_file, read = files.read_file, []

    def counting(path: Path, file: str, *rest: Any, **options: Any) -> files.Document:
        read.append(file)
        return read_file(path, file, *rest, **options)

    monkeypatch.setattr(files, "read_file", counting)
    assert step(command).code == 0
    assert read == ["publer.yaml", "may.yaml"]


def test_a_bug_is_one_sentence_and_a_log_without_texts(
    step: Callable[..., Step], repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise ValueError(os.environ["TEXT"])

    repo.commit({"calendar/publer.yaml": SETTINGS})
    monkeypatch.setenv("TEXT", "words of a post")
    monkeypatch.setattr("publer_sync.action.runs.plan", broken)
    done = step("plan")
    assert (done.code, done.outputs["exit-code"], done.outputs["changes"]) == (70, "70", "false")
    assert (
        "::error title=bug::publer-sync has a bug (ValueError in publer_sync/action/step.py, line "
        in done.log
    )
    assert "please report it with the log of this step" in done.log
    assert "in _one\n" in done.log
    assert "words of a post" not in done.log
