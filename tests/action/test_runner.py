"""The copyable workflows, run whole by a real runner against the sandbox and the stand-in for GitHub."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from tests.action.desk import filled, issue_event
from tests.action.test_requesting import HOSTILE
from tests.conftest import ROOT
from tests.github.hub import TOKEN
from tests.github.repository import SETTINGS, posts, pull_event
from tests.github.runner import OURS
from tests.stand_in import Asked, Reply, serving
from tests.write_docs import png

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.sandbox import Sandbox
    from tests.action.conftest import Run
    from tests.github.hub import Hub
    from tests.github.repository import Repo
    from tests.github.runner import Job, Runner

FACEBOOK = "acc00000000000000000fb01"
PUSH: dict[str, Any] = {"repository": {"full_name": "o/r", "default_branch": "main"}}


def test_pull_request_push_and_schedule(runner: Runner, repo: Repo, hub: Hub, sandbox: Sandbox) -> None:
    """The ten minutes: a plan as a comment, the merge, a re-run, and a day later a drift and what was published.

    The copyable workflows hand the key of the state to every command; `reviewed: strict` is all that is added.
    """
    runner.secrets["PUBLER_SYNC_STATE_KEY"] = "k" * 40
    strict = (ROOT / "examples/workflows/publer-apply.yml").read_text(encoding="utf-8")
    strict = strict.replace("        command: apply\n", "        command: apply\n        reviewed: strict\n")
    before = repo.commit({"README.md": "x", ".github/workflows/publer-apply.yml": strict})
    calendar = {
        "calendar/publer.yaml": SETTINGS,
        "calendar/may.yaml": posts("Hello @all <b>x</b> | y", "Two"),
    }
    head = repo.commit(calendar, branch="topic")

    planned = runner.run(
        "publer-plan.yml", "pull_request", pull_event(head), sha=head, ref="refs/pull/7/merge"
    )
    assert planned.code == 0, planned.log
    assert (planned.outputs["changes"], planned.outputs["create"], planned.outputs["exit-code"]) == (
        "true",
        "2",
        "2",
    )
    assert planned.outputs["apply-by"].endswith("Z")
    assert planned.outputs["plan-file"].endswith(".json")
    assert sorted(name.rpartition(".")[2] for name in planned.artifacts) == ["html", "json", "md"]
    [preview] = [text for name, text in planned.artifacts.items() if name.startswith("publer-sync-preview-")]
    assert "Hello @all &lt;b&gt;x&lt;/b&gt; | y" in preview
    [comment] = hub.comments
    assert "**2 new posts**" in comment["body"]
    assert " hmac-sha256:" in comment["body"], "signed"
    assert "@all" not in comment["body"]
    assert "<b>x" not in comment["body"]
    assert {request.method for request in sandbox.requests} == {"GET"}

    sha = repo.merge("topic")
    hub.merge(7, sha)
    applied = runner.run("publer-apply.yml", "push", {**PUSH, "before": before}, sha=sha)
    assert applied.code == 0, applied.log
    assert (applied.outputs["applied"], applied.outputs["failed"]) == ("2", "0")
    assert len(sandbox.posts()) == 2
    assert "verified in Publer" in hub.comments[1]["body"]
    assert repo.git("ls-remote", "origin", "refs/heads/publer-sync-state")

    again = runner.run("publer-apply.yml", "push", PUSH, sha=before)
    assert (again.code, again.outputs["changes"], again.outputs["unchanged"]) == (0, "false", "2"), (
        "of what is merged now, whichever commit its run has"
    )
    assert len(sandbox.posts()) == 2

    sandbox.edit(sandbox.posts()[0]["id"], text="Edited by hand")
    drifted = runner.run("publer-drift.yml", "schedule", PUSH, sha=sha)
    assert drifted.code == 0, drifted.log
    [issue] = hub.issues
    assert "Edited or deleted in Publer" in issue["body"]

    sandbox.add(account_id=FACEBOOK, at=datetime.now(UTC), text="Out", state="published")
    sandbox.reset_log()
    runner.vars["PUBLER_PAGES"] = "true"
    looked_back = runner.run("publer-results.yml", "schedule", PUSH, sha=sha)
    assert looked_back.code == 0, looked_back.log
    assert "**1 post published.**" in hub.issues[1]["body"]
    assert "1 post published." in looked_back.artifacts["github-pages/results.html"]
    assert "Two" in looked_back.artifacts["github-pages/index.html"], "beside the preview"
    assert looked_back.outputs["page_url"] == "https://o.github.io/r/", "deployed"
    assert {request.method for request in sandbox.requests} == {"GET"}
    for secret in (sandbox.key, TOKEN, "k" * 40):
        assert secret not in "".join(job.log for job in (planned, applied, again, drifted, looked_back))


def test_by_hand_hold_and_release(
    runner: Runner, branch_step: Run, repo: Repo, hub: Hub, sandbox: Sandbox
) -> None:
    """What a safety limit refused is allowed in the form. "Use workflow from" offers branches that nobody reviewed."""
    runner.secrets["PUBLER_SYNC_STATE_KEY"] = "k" * 40

    def run(workflow: str, sha: str, ref: str = "refs/heads/main", **inputs: str) -> Job:
        payload = {**PUSH, "inputs": inputs}
        return runner.run(workflow, "workflow_dispatch", payload, sha=sha, ref=ref)

    def scheduled() -> list[str]:
        sandbox.settle()
        return [post["text"].strip() for post in sandbox.posts() if post["state"] == "scheduled"]

    settings = {"calendar/publer.yaml": SETTINGS + "limits: {delete: 1}\n"}
    repo.commit({**settings, "calendar/may.yaml": posts("Withdrawn words", "Two", "Three")})
    assert branch_step("apply", state_key="k" * 40).code == 0
    old = repo.commit({"calendar/may.yaml": posts("Withdrawn words")})
    allowed = run("publer-apply.yml", old, **{"allow-deletes": "2"})
    assert (allowed.code, scheduled()) == (0, ["Withdrawn words"]), allowed.log

    topic = repo.commit({"calendar/may.yaml": posts("Unreviewed words")}, branch="topic")
    repo.git("checkout", "-q", "main")
    held = run("publer-hold.yml", topic, "refs/heads/topic", command="hold", reason="Drill")
    assert (held.code, scheduled()) == (0, []), held.log
    repo.commit({"calendar/may.yaml": posts("Reviewed words")})
    refused = run("publer-hold.yml", topic, "refs/heads/topic", command="release")
    assert (refused.code != 0, scheduled()) == (True, []), refused.log
    assert (
        "::error title=usage::release does not run for refs/heads/topic: it schedules posts as main has them"
        in refused.log
    )
    released = run("publer-hold.yml", old, command="release")
    assert (released.code, scheduled()) == (0, ["Reviewed words"]), released.log


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


def test_cancelled_and_run_again(
    runner: Runner, branch_step: Run, repo: Repo, hub: Hub, sandbox: Sandbox
) -> None:
    """The runner is killed while a job of Publer's is under way; the next run finishes, and nothing is there twice."""
    texts = [f"Post {number}" for number in range(12)]
    sha = repo.commit({"calendar/publer.yaml": SETTINGS, "calendar/may.yaml": posts(*texts)})
    process = runner.start("publer-apply.yml", "push", PUSH, sha=sha)
    runner.cancel(process, lambda: any(request.method == "POST" for request in list(sandbox.requests)))
    assert process.returncode != 0
    again = branch_step("apply")
    assert again.code == 0, again.log
    assert sorted(post["text"].strip() for post in sandbox.posts()) == sorted(texts)


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


def test_a_request_by_form_from_its_issue_to_its_merge(
    runner: Runner, branch_step: Run, repo: Repo, hub: Hub, sandbox: Sandbox
) -> None:
    """With a picture and hostile text, then edited; it needs no key."""
    runner.key = None
    hub.permissions = {"anna": "write"}
    sha = repo.commit({"calendar/publer.yaml": SETTINGS})
    runs = iter(range(1, 20))

    def tell(action: str, body: str, *, before: str = "") -> Job:
        runner.variables = {"GITHUB_SERVER_URL": hub.url, "GITHUB_RUN_ID": str(next(runs))}
        event = issue_event(action, body, before=before)
        job = runner.run("publer-request.yml", "issues", event, sha=sha)
        assert job.code == 0, job.log
        return job

    def post() -> str:
        return repo.git("-C", str(repo.remote), "show", "requests/issue-5:calendar/requests/issue-5.yaml")

    other = tell("opened", "A bug")
    assert (other.outputs, hub.writes()) == ({}, []), "no issue of the form"
    picture = hub.upload(png(600, 400))
    words = filled(f"{HOSTILE}\n$(touch {repo.work}/pwned)", pictures=f"![a]({picture})")
    hostile = tell("opened", words)
    assert not (repo.work / "pwned").exists()
    assert not re.search(r"\|[^\S\n]*::set-output name=x", hostile.log), "no line is a command"
    assert "/media/issue-5/picture-1.png" in post()
    assert hostile.outputs["pull-request"] == str(hub.pulls[-1]["number"])
    tell("edited", filled("Three", pictures=picture, alts="A lamp"), before=words)
    assert "    Three" in post()
    repo.git("fetch", "-q", "origin", "requests/issue-5:requests/issue-5")
    repo.merge("requests/issue-5")
    assert sandbox.requests == []
    assert branch_step("apply").code == 0
    assert [each["text"] for each in sandbox.posts()] == ["Three"]


def test_a_night_in_which_an_apply_fails(
    runner: Runner, branch_step: Run, repo: Repo, hub: Hub, sandbox: Sandbox
) -> None:
    """The copied workflow with the schedule and the step for a chat that the docs add: who gets which message.

    The post that failed fails the job, on its line, and is in the report that the job leaves.
    """
    apply = (ROOT / "examples/workflows/publer-apply.yml").read_text(encoding="utf-8")
    notify = (ROOT / "docs/howto/notify.md").read_text(encoding="utf-8")
    step = notify.partition("    - if: always()")[2].partition("```")[0]
    apply = apply.replace(
        "  workflow_dispatch:\n", '  schedule:\n  - cron: "23 2 * * *"\n  workflow_dispatch:\n', 1
    )
    apply = (
        apply.replace(f"    - uses: {OURS}", f"    - id: publer\n      uses: {OURS}")
        + f"    - if: always(){step}"
    )
    repo.commit({"calendar/publer.yaml": SETTINGS, ".github/workflows/publer-apply.yml": apply})
    for number, who, account in ((7, "anna", "x"), (8, "ben", "facebook")):
        repo.commit({f"calendar/{who}.yaml": posts(f"By {who}", account=account)}, branch=who)
        merged = repo.merge(who)
        hub.merge(number, merged, merged_by={"login": who, "type": "User"})
    chat: list[dict[str, str]] = []

    def answer(asked: Asked) -> Reply:
        chat.append(asked.json)
        return Reply({})

    def night() -> Job:
        return runner.run("publer-apply.yml", "schedule", PUSH, sha=merged)

    with serving(answer) as webhook:
        runner.secrets["CHAT_WEBHOOK"] = webhook.url
        sandbox.faults.refuse = {FACEBOOK: "Media is too large @channel"}
        job = night()
        assert job.code != 0, job.log
        assert [job.outputs[name] for name in ("exit-code", "failed", "applied")] == ["6", "1", "1"]
        assert "::error file=calendar/ben.yaml,line=2,title=failed::" in job.log
        [report] = [text for name, text in job.artifacts.items() if name.endswith(".md")]
        assert "Media is too large" in report
        [call] = hub.calls(8)
        assert "@ben: **1 problem after the merge**" in call
        assert "Media is too large" in call
        assert "@channel" not in call
        assert hub.calls(7) == [], "nothing is wrong with what Anna merged"
        [message] = chat
        assert "calendar: a post on facebook" in message["text"]
        assert "Media is too large" in message["text"]
        assert "@channel" not in message["text"]
        assert night().code != 0
        assert (len(hub.calls(8)), len(chat)) == (1, 1), "each problem once"
        sandbox.faults.refuse = {}
        good = branch_step("apply")
        assert (good.code, good.outputs["notify"], len(hub.calls(8))) == (0, "", 1)
    assert webhook.url not in job.log
    assert sorted(post["text"].strip() for post in sandbox.posts()) == ["By anna", "By ben"]
