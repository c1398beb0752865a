"""The copyable workflows, run whole by a real runner against the sandbox and the stand-in for GitHub."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from tests.action.conftest import BAD_GATEWAY, LIMITED, OURS, SETTINGS, TOKEN, Trouble, posts, pull_event
from tests.action.desk import filled, issue_event
from tests.action.test_requesting import HOSTILE
from tests.conftest import ROOT
from tests.write_docs import png

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.sandbox import Sandbox
    from tests.action.conftest import Hub, Job, Repo, Runner

FACEBOOK = "acc00000000000000000fb01"
PUSH: dict[str, Any] = {"repository": {"full_name": "o/r", "default_branch": "main"}}


def test_pull_request_push_and_schedule(runner: Runner, repo: Repo, hub: Hub, sandbox: Sandbox) -> None:
    """The ten minutes: a plan as a comment, changed in place, the merge, a re-run, and a day later a drift."""
    calendar = {
        "calendar/publer.yaml": SETTINGS,
        "calendar/may.yaml": posts("Hello @all <b>x</b> | y", "Two"),
    }
    before = repo.commit({"README.md": "x"})
    head = repo.commit(calendar, branch="topic")
    pull = "refs/pull/7/merge"

    planned = runner.run("publer-plan.yml", "pull_request", pull_event(head), sha=head, ref=pull)
    assert planned.code == 0, planned.log
    assert (planned.outputs["changes"], planned.outputs["create"], planned.outputs["exit-code"]) == (
        "true",
        "2",
        "2",
    )
    assert planned.outputs["apply-by"].endswith("Z")
    assert planned.outputs["plan-file"].endswith(".json")
    assert sandbox.key not in planned.log
    assert TOKEN not in planned.log
    assert sorted(name.rpartition(".")[2] for name in planned.artifacts) == ["html", "json", "md"]
    [preview] = [text for name, text in planned.artifacts.items() if name.startswith("publer-sync-preview-")]
    assert "Hello @all &lt;b&gt;x&lt;/b&gt; | y" in preview
    [comment] = hub.comments
    assert "**2 new posts**" in comment["body"]
    assert "@all" not in comment["body"]
    assert "<b>x" not in comment["body"]
    assert {request.method for request in sandbox.requests} == {"GET"}

    head = repo.commit({"calendar/june.yaml": posts("Three", since=30)}, branch="topic")
    runner.run("publer-plan.yml", "pull_request", pull_event(head), sha=head, ref=pull)
    assert [item["id"] for item in hub.comments] == [comment["id"]]
    assert "**3 new posts**" in hub.comments[0]["body"]

    sha = repo.merge("topic")
    hub.merge(7, sha)
    applied = runner.run("publer-apply.yml", "push", {**PUSH, "before": before}, sha=sha)
    assert applied.code == 0, applied.log
    assert (applied.outputs["applied"], applied.outputs["failed"]) == ("3", "0")
    assert len(sandbox.posts()) == 3
    assert "verified in Publer" in hub.comments[1]["body"]
    assert repo.git("ls-remote", "origin", "refs/heads/publer-sync-state")

    again = runner.run("publer-apply.yml", "push", PUSH, sha=sha)
    assert (again.code, again.outputs["changes"], again.outputs["unchanged"]) == (0, "false", "3")
    assert len(sandbox.posts()) == 3

    sandbox.edit(sandbox.posts()[0]["id"], text="Edited by hand")
    drifted = runner.run("publer-drift.yml", "schedule", PUSH, sha=sha)
    assert drifted.code == 0, drifted.log
    [issue] = hub.issues
    assert "Edited or deleted in Publer" in issue["body"]

    sandbox.add(account_id=FACEBOOK, at=datetime.now(UTC), text="Out", state="published")
    looked_back = runner.run("publer-results.yml", "schedule", PUSH, sha=sha)
    assert looked_back.code == 0, looked_back.log
    assert "**1 post published.**" in hub.issues[1]["body"]


def test_a_copy_of_the_action(
    runner: Runner, repo: Repo, hub: Hub, sandbox: Sandbox, actions: dict[str, Path]
) -> None:
    """Made by the commands of docs/github-action.md from a clone, with workflows that were copied before."""
    clone = repo.work.parent / "publer-sync"
    shutil.copytree(actions[OURS], clone)
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "x"]):
        repo.git("-C", str(clone), *words)
    copied = repo.work / ".github/workflows"
    shutil.copytree(ROOT / "examples/workflows", copied)
    text = (ROOT / "docs/github-action.md").read_text(encoding="utf-8")
    commands = re.search(r"<!-- copy the action -->\n```sh\n(.+?)```", text, re.DOTALL)
    assert commands
    subprocess.run(["bash", "-euo", "pipefail", "-c", commands[1]], cwd=repo.work, check=True)
    assert sorted(path.name for path in copied.iterdir()) == sorted(
        path.name for path in (ROOT / "examples/workflows").iterdir()
    )
    assert not [path for path in copied.iterdir() if OURS in path.read_text(encoding="utf-8")]
    head = repo.commit({"calendar/publer.yaml": SETTINGS, "calendar/may.yaml": posts("One")}, branch="topic")
    job = runner.run("publer-plan.yml", "pull_request", pull_event(head), sha=head, ref="refs/pull/7/merge")
    assert job.code == 0, job.log
    assert "**1 new post**" in hub.comments[0]["body"]


def test_fork(runner: Runner, repo: Repo, hub: Hub, sandbox: Sandbox) -> None:
    """No key, a token that may not write: checked offline, said so, and no failure."""
    head = repo.commit({"calendar/publer.yaml": SETTINGS, "calendar/may.yaml": posts("One")}, branch="topic")
    runner.key, hub.reads_only = None, True
    job = runner.run(
        "publer-plan.yml", "pull_request", pull_event(head, fork=True), sha=head, ref="refs/pull/7/merge"
    )
    assert job.code == 0, job.log
    assert sandbox.requests == []
    [page] = [text for name, text in job.artifacts.items() if name.endswith(".md")]
    assert "checked, not planned" in page
    assert "comes from a fork" in page
    assert "could not comment" in job.log


def test_cancelled_and_run_again(runner: Runner, repo: Repo, hub: Hub, sandbox: Sandbox) -> None:
    """The runner is killed while a job of Publer's is under way; the next run finishes, and nothing is there twice."""
    texts = [f"Post {number}" for number in range(12)]
    sha = repo.commit({"calendar/publer.yaml": SETTINGS, "calendar/may.yaml": posts(*texts)})
    process = runner.start("publer-apply.yml", "push", PUSH, sha=sha)
    runner.cancel(process, lambda: any(request.method == "POST" for request in list(sandbox.requests)))
    assert process.returncode != 0
    job = runner.run("publer-apply.yml", "push", PUSH, sha=sha)
    assert job.code == 0, job.log
    assert sorted(post["text"].strip() for post in sandbox.posts()) == sorted(texts)


def test_a_failed_post_fails_the_job_on_its_line(
    runner: Runner, repo: Repo, hub: Hub, sandbox: Sandbox
) -> None:
    sandbox.faults.refuse = {"acc00000000000000000fb01": "The composer is in a bad state"}
    sha = repo.commit({"calendar/publer.yaml": SETTINGS, "calendar/may.yaml": posts("One")})
    job = runner.run("publer-apply.yml", "push", PUSH, sha=sha)
    assert (job.code != 0, job.outputs["exit-code"], job.outputs["failed"]) == (True, "6", "1")
    assert "::error file=calendar/may.yaml,line=2,title=failed::" in job.log
    [page] = [text for name, text in job.artifacts.items() if name.endswith(".md")]
    assert "The composer is in a bad state" in page


@pytest.mark.parametrize("conclusion", ["success", "failure"])
def test_pages_follow_an_apply_that_succeeded_and_need_no_key(
    runner: Runner, repo: Repo, hub: Hub, sandbox: Sandbox, conclusion: str
) -> None:
    sha = repo.commit({"calendar/publer.yaml": SETTINGS, "calendar/may.yaml": posts("One", "Two")})
    runner.key = None
    payload = {**PUSH, "workflow_run": {"conclusion": conclusion}}
    job = runner.run("publer-pages.yml", "workflow_run", payload, sha=sha)
    assert job.code == 0, job.log
    pages = {name: text for name, text in job.artifacts.items() if name.startswith("github-pages/")}
    if conclusion == "success":
        assert pages.pop("github-pages/calendar/posts.ics").count("BEGIN:VEVENT") == 2
        assert "One" in pages.pop("github-pages/index.html")
    assert pages == {}
    assert (sandbox.requests, hub.writes()) == ([], [])


def test_the_page_of_results_is_put_beside_the_preview(
    runner: Runner, repo: Repo, hub: Hub, sandbox: Sandbox
) -> None:
    sha = repo.commit({"calendar/publer.yaml": SETTINGS, "calendar/may.yaml": posts("One")})
    sandbox.add(account_id=FACEBOOK, at=datetime.now(UTC), text="Out", state="published")
    runner.vars["PUBLER_PAGES"] = "true"
    job = runner.run("publer-results.yml", "schedule", PUSH, sha=sha)
    assert job.code == 0, job.log
    assert "1 post published." in job.artifacts["github-pages/results.html"]
    assert "One" in job.artifacts["github-pages/index.html"]
    assert job.outputs["page_url"] == "https://o.github.io/r/", "deployed"
    assert {request.method for request in sandbox.requests} == {"GET"}


def test_agency(runner: Runner, repo: Repo, hub: Hub, sandbox: Sandbox) -> None:
    """A job for each user, and a comment for each calendar that the pull request changes."""
    files = {f"clients/{name}/publer.yaml": SETTINGS for name in ("north/acme", "north/brewlab", "south/zoo")}
    base = repo.commit({**files, "clients/north/brewlab/may.yaml": posts("Not in the pull request")})
    head = repo.commit({"clients/north/acme/may.yaml": posts("One")}, branch="topic")
    event = pull_event(head)
    event["pull_request"]["base"]["sha"] = base
    job = runner.run("publer-agency.yml", "pull_request", event, sha=head, ref="refs/pull/7/merge")
    assert job.code == 0, job.log
    assert len({name.partition("/")[0] for name in job.artifacts}) == 2  # a plan and a preview of one user
    [comment] = hub.comments
    assert "clients/north/acme" in comment["body"]


@pytest.mark.slow
def test_release_puts_back_what_is_merged_whichever_commit_its_run_has(
    runner: Runner, repo: Repo, hub: Hub, sandbox: Sandbox
) -> None:
    """A run that is run again has the words of then; "Use workflow from" offers branches that nobody reviewed."""

    def run(command: str, sha: str, ref: str = "refs/heads/main") -> Job:
        payload = {**PUSH, "inputs": {"command": command, "reason": "Drill"}}
        return runner.run("publer-hold.yml", "workflow_dispatch", payload, sha=sha, ref=ref)

    def scheduled() -> list[str]:
        sandbox.settle()
        return [post["text"].strip() for post in sandbox.posts() if post["state"] == "scheduled"]

    old = repo.commit({"calendar/publer.yaml": SETTINGS, "calendar/may.yaml": posts("Withdrawn words")})
    assert runner.run("publer-apply.yml", "push", PUSH, sha=old).code == 0
    topic = repo.commit({"calendar/may.yaml": posts("Unreviewed words")}, branch="topic")
    repo.git("checkout", "-q", "main")
    held = run("hold", topic, "refs/heads/topic")
    assert (held.code, scheduled()) == (0, []), held.log
    repo.commit({"calendar/may.yaml": posts("Reviewed words")})

    for ref in ("refs/heads/topic", "refs/tags/v1", "refs/pull/7/merge"):
        refused = run("release", topic, ref)
        assert refused.code != 0
        assert (
            f"::error title=usage::release does not run for {ref}: it schedules posts as main has them"
            in (refused.log)
        )
        assert scheduled() == []
    released = run("release", old)
    assert (released.code, scheduled()) == (0, ["Reviewed words"]), released.log


@pytest.mark.slow
def test_a_merge_that_lands_while_the_first_run_installs(
    runner: Runner, repo: Repo, hub: Hub, sandbox: Sandbox
) -> None:
    """The first run applies both, with the first one's label; each pull request gets its report once."""
    settings = {"calendar/publer.yaml": SETTINGS + "limits: {delete: 1}\n"}
    before = repo.commit({**settings, "calendar/may.yaml": posts("One", "Two", "Three")})
    assert runner.run("publer-apply.yml", "push", PUSH, sha=before).code == 0
    hub.permissions = {"anna": "write"}
    hub.label("allow-deletes-2", "anna", pull=6)
    hub.labels_of[7] = []
    first = repo.commit({"calendar/may.yaml": posts("One")})
    hub.merge(6, first)
    (repo.work / "calendar/june.yaml").write_text(posts("Four", since=50), encoding="utf-8")
    repo.git("add", "-A")
    repo.git("commit", "-q", "-m", "not pushed yet")
    second = repo.git("rev-parse", "HEAD")
    hub.merge(7, second)
    installing = repo.work.parent / "installing.py"
    installing.write_text(
        "import os, runpy, subprocess\n"
        f"subprocess.run(['git', '-C', {str(repo.work)!r}, 'push', '-q', 'origin', '{second}:refs/heads/main'], check=True)\n"
        f"runpy.run_path({str(runner.prepare)!r}, run_name='__main__')\n",
        encoding="utf-8",
    )
    runner.variables["TEST_PREPARE"] = str(installing)
    applied = runner.run("publer-apply.yml", "push", {**PUSH, "before": before}, sha=first)
    assert applied.code == 0, applied.log
    assert sorted(post["text"].strip() for post in sandbox.posts()) == ["Four", "One"]
    for number in (6, 7):
        [body] = hub.bodies(number)
        assert "verified in Publer" in body
    told = hub.writes()
    del runner.variables["TEST_PREPARE"]
    again = runner.run("publer-apply.yml", "push", {**PUSH, "before": first}, sha=second)
    assert (again.code, again.outputs["changes"]) == (0, "false"), again.log
    assert hub.writes() == told


def test_github_hiccups_and_asks_to_wait(runner: Runner, repo: Repo, hub: Hub, sandbox: Sandbox) -> None:
    """The label still counts and the report still comes, and the log says what it waited for."""
    settings = {"calendar/publer.yaml": SETTINGS + "limits: {delete: 1}\n"}
    before = repo.commit({**settings, "calendar/may.yaml": posts("One", "Two", "Three")})
    assert runner.run("publer-apply.yml", "push", PUSH, sha=before).code == 0
    sha = repo.commit({"calendar/may.yaml": posts("One")})
    hub.merge(7, sha)
    hub.permissions = {"anna": "write"}
    hub.label("allow-deletes-2", "anna")
    hub.troubles = [
        Trouble("GET .*/pulls$", BAD_GATEWAY),
        Trouble("GET .*/labels$", LIMITED),
        Trouble("POST .*/comments$", LIMITED),
    ]
    job = runner.run("publer-apply.yml", "push", {**PUSH, "before": before}, sha=sha)
    assert job.code == 0, job.log
    assert len(sandbox.posts()) == 1
    assert "Social calendar: done" in hub.bodies(7)[0]
    assert (
        job.log.count("GitHub's rate limit: waiting 1 s (GitHub says 403: You have exceeded a secondary") == 2
    )
    assert "permissions" not in job.log.partition("Run publer-sync")[2]


@pytest.mark.slow
def test_an_edited_comment_is_no_review_where_the_workflows_have_the_key_of_the_state(
    runner: Runner, repo: Repo, hub: Hub, sandbox: Sandbox
) -> None:
    """The copyable workflows hand the secret to every command; `reviewed: strict` is all that is added."""
    runner.secrets["PUBLER_SYNC_STATE_KEY"] = "k" * 40
    strict = (ROOT / "examples/workflows/publer-apply.yml").read_text(encoding="utf-8")
    strict = strict.replace("        command: apply\n", "        command: apply\n        reviewed: strict\n")
    before = repo.commit({"calendar/publer.yaml": SETTINGS, ".github/workflows/publer-apply.yml": strict})
    head = repo.commit({"calendar/may.yaml": posts("One")}, branch="topic")
    planned = runner.run(
        "publer-plan.yml", "pull_request", pull_event(head), sha=head, ref="refs/pull/7/merge"
    )
    assert planned.code == 0, planned.log
    sha = repo.merge("topic")
    hub.merge(7, sha)
    [comment] = hub.comments
    signed = comment["body"]
    comment["body"] = re.sub(" hmac-sha256:[0-9a-f]+", "", signed)
    push = {**PUSH, "before": before}
    refused = runner.run("publer-apply.yml", "push", push, sha=sha)
    assert (refused.outputs["exit-code"], sandbox.posts()) == ("5", []), refused.log
    hub.comments[:] = [{**comment, "body": signed}]
    applied = runner.run("publer-apply.yml", "push", push, sha=sha)
    assert (applied.code, len(sandbox.posts())) == (0, 1), applied.log
    assert "k" * 40 not in planned.log + refused.log + applied.log
    held = runner.run(
        "publer-hold.yml", "workflow_dispatch", {**PUSH, "inputs": {"command": "hold"}}, sha=sha
    )
    assert held.code == 0, held.log


@pytest.mark.slow
def test_a_state_that_cannot_be_pushed_is_the_title_and_nothing_is_sent(
    runner: Runner, repo: Repo, hub: Hub, sandbox: Sandbox
) -> None:
    """A rule of the repository that wants a pull request for every branch; then a state on main."""
    hook = repo.remote / "hooks/pre-receive"
    refuse = (
        "while read _ _ ref; do case $ref in *-state) echo 'GH013: rule violations' >&2; exit 1;; esac; done"
    )
    hook.write_text(f"#!/bin/sh\n{refuse}\n", encoding="utf-8")
    hook.chmod(0o755)
    before = repo.commit({"calendar/publer.yaml": SETTINGS})
    sha = repo.commit({"calendar/may.yaml": posts("One")})
    hub.merge(7, sha)
    push = {**PUSH, "before": before}
    job = runner.run("publer-apply.yml", "push", push, sha=sha)
    assert (job.code != 0, job.outputs["exit-code"]) == (True, "1")
    assert (
        "::error title=the state could not be pushed::git could not push the state: [remote rejected]"
        in job.log
    )
    assert "### 📅 Social calendar: the state could not be pushed\n" in hub.bodies(7)[0]
    assert "check its protection rules" in hub.bodies(7)[0]
    assert {request.method for request in sandbox.requests} == {"GET"}

    hook.unlink()
    sha = repo.commit({"calendar/publer.yaml": SETTINGS + "state: git:main\n"})
    job = runner.run("publer-apply.yml", "push", push, sha=sha)
    assert job.outputs["exit-code"] == "1"
    assert "title=state.place::the state cannot be kept on main, the remote's default branch" in job.log
    assert {request.method for request in sandbox.requests} == {"GET"}
    assert repo.git("ls-remote", "origin", "main").split()[0] == sha


@pytest.mark.slow
def test_a_safety_limit_names_the_label_wherever_it_is_told(
    runner: Runner, repo: Repo, hub: Hub, sandbox: Sandbox
) -> None:
    settings = {"calendar/publer.yaml": SETTINGS + "limits: {delete: 1}\n"}
    before = repo.commit({**settings, "calendar/may.yaml": posts("One", "Two", "Three")})
    assert runner.run("publer-apply.yml", "push", PUSH, sha=before).code == 0
    head = repo.commit({"calendar/may.yaml": posts("One")}, branch="topic")
    planned = runner.run(
        "publer-plan.yml", "pull_request", pull_event(head), sha=head, ref="refs/pull/7/merge"
    )
    wanted = "someone with write access adds the label allow-deletes-2 to "
    assert planned.log.count(f"{wanted}this pull request.") == 2, "the log and the annotation"
    sha = repo.merge("topic")
    hub.merge(7, sha)
    refused = runner.run("publer-apply.yml", "push", {**PUSH, "before": before}, sha=sha)
    assert (refused.outputs["exit-code"], len(sandbox.posts())) == ("4", 3)
    assert "::error title=refused_by_rail::2 posts would be removed" in refused.log
    assert refused.log.count(f"{wanted}the pull request (https://github.com/o/r/pull/7)") >= 2
    by_hand = runner.run("publer-apply.yml", "workflow_dispatch", {**PUSH, "inputs": {}}, sha=repo.commit({}))
    assert "runs the apply workflow by hand, with allow-deletes: 2" in by_hand.log
    for job in (planned, refused, by_hand):
        assert "--allow-deletes" not in job.log + "".join(hub.bodies(7))
        assert "publer-sync apply" not in job.log


@pytest.mark.parametrize("ref", ["refs/heads/topic", "refs/tags/main"])
def test_what_is_not_the_default_branch_is_not_applied_by_hand(
    runner: Runner, repo: Repo, hub: Hub, sandbox: Sandbox, ref: str
) -> None:
    """ "Use workflow from" offers branches and tags, also a tag that is called as the branch is."""
    repo.commit({"calendar/publer.yaml": SETTINGS})
    topic = repo.commit({"calendar/may.yaml": posts("Unreviewed words")}, branch="topic")
    repo.git("push", "-q", "origin", f"{topic}:refs/tags/main")
    job = runner.run("publer-apply.yml", "workflow_dispatch", {**PUSH, "inputs": {}}, sha=topic, ref=ref)
    assert (job.code, job.outputs) == (0, {}), job.log
    assert sandbox.requests == []


@pytest.mark.slow
def test_a_request_by_form_from_its_issue_to_its_merge(
    runner: Runner, repo: Repo, hub: Hub, sandbox: Sandbox
) -> None:
    """Opened by someone without rights, taken over, edited three times, with pictures and hostile text; closed, reopened, merged."""
    runner.key = None
    hub.permissions = {"anna": "write", "mallory": "read"}
    sha = repo.commit({"calendar/publer.yaml": SETTINGS})
    runs = iter(range(1, 20))
    body = ""

    def tell(action: str, text: str | None = None, *, sender: str = "anna") -> Job:
        nonlocal body
        before, body = body, body if text is None else text
        event = issue_event(action, body, sender=sender, before=before if action == "edited" else "")
        runner.variables = {"GITHUB_SERVER_URL": hub.url, "GITHUB_RUN_ID": str(next(runs))}
        job = runner.run("publer-request.yml", "issues", event, sha=sha)
        assert job.code == 0, job.log
        return job

    def post() -> str:
        return repo.git("-C", str(repo.remote), "show", "requests/issue-5:calendar/requests/issue-5.yaml")

    other = tell("opened", "A bug", sender="mallory")
    assert (other.outputs, hub.writes()) == ({}, []), "no issue of the form"
    body = ""
    tell("opened", filled("One"), sender="mallory")
    assert "no write access" in hub.bodies(5)[0]
    tell("reopened")
    assert "    One" in post()
    tell("edited", filled("Bad", when="never"))
    assert "The post needs a change" in hub.bodies(5)[0]
    picture = hub.upload(png(600, 400))
    hostile = tell("edited", filled(f"{HOSTILE}\n$(touch {repo.work}/pwned)", pictures=f"![a]({picture})"))
    assert not (repo.work / "pwned").exists()
    assert not re.search(r"\|[^\S\n]*::set-output name=x", hostile.log), "no line is a command"
    assert "/media/issue-5/picture-1.png" in post()
    last = filled("Three", pictures=picture, alts="A lamp")
    tell("edited", last)
    tell("edited", filled("Spam"), sender="mallory")
    assert "    Three" in post()
    [pull] = hub.pulls
    body = last
    tell("closed")
    assert (pull["state"], repo.git("ls-remote", "origin", "requests/issue-5")) == ("closed", "")
    assert tell("reopened").outputs["pull-request"] == str(hub.pulls[-1]["number"]) != str(pull["number"])
    repo.git("fetch", "-q", "origin", "requests/issue-5:requests/issue-5")
    merged = repo.merge("requests/issue-5")
    assert sandbox.requests == []
    runner.key, runner.variables = sandbox.key, {}
    assert runner.run("publer-apply.yml", "push", PUSH, sha=merged).code == 0
    assert [each["text"] for each in sandbox.posts()] == ["Three"]
