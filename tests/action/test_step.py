"""The story of a step, in this process: what is asked of GitHub, what is written, what ends in which code."""

from __future__ import annotations

import os
import re
import signal
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from markdown_it import MarkdownIt

from publer_sync.action.site import write_review
from publer_sync.calendar import files
from publer_sync.sandbox import Faults
from tests.github.repository import CALENDAR, SETTINGS, day, event, posts, pull_event
from tests.networks.test_media import VIDEO
from tests.system.worlds import NEVER, end_jobs, png

if TYPE_CHECKING:
    from publer_sync.calendar.document import Document
    from publer_sync.sandbox import Sandbox
    from tests.action.conftest import Run
    from tests.github.hub import Hub
    from tests.github.repository import Repo


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


def test_a_cancelled_step_ends_in_good_order_and_the_next_finishes(
    branch_step: Run, repo: Repo, sandbox: Sandbox
) -> None:
    """GitHub's first signal: what was done is told, the next calendar is not begun, and nothing is sent twice later."""
    texts = [f"Post {number}" for number in range(6)]
    other = {"other/publer.yaml": SETTINGS, "other/may.yaml": posts("Another", account="x")}
    repo.commit({**CALENDAR, **other, "calendar/may.yaml": posts(*texts)})
    sandbox.faults.job_delay = NEVER

    def cancel() -> None:
        while not any(request.method == "POST" for request in list(sandbox.requests)):
            time.sleep(0.005)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=cancel, daemon=True)
    thread.start()
    done = branch_step("apply", calendar="calendar\nother")
    thread.join()
    assert done.code == 1
    assert "1 calendar not started" in done.log
    assert done.outputs["unverified"] == "1", "the first post through a key goes alone"
    assert done.summary.count("### 📅") == 1
    end_jobs(sandbox)
    assert branch_step("apply", calendar="calendar\nother").code == 0
    assert sorted(post["text"].strip() for post in sandbox.posts()) == ["Another", *texts]


def test_state_stays_where_the_settings_say(branch_step: Run, repo: Repo, hub: Hub) -> None:
    settings = SETTINGS + "state: kept/state.json\n"
    repo.commit({**CALENDAR, "calendar/publer.yaml": settings})
    assert branch_step("apply").code == 0
    assert (repo.work / "calendar/kept/state.json").is_file()
    assert repo.git("ls-remote", "origin", "refs/heads/publer-sync-state") == ""


@pytest.mark.parametrize("by", ["input", "environment"])
def test_state_from_elsewhere_wins(
    branch_step: Run, repo: Repo, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    repo.commit(CALENDAR)
    if by == "environment":
        real = _hand_over_with("PUBLER_SYNC_STATE", "mine.json", monkeypatch)
        assert real
    done = branch_step("apply", **({"state": "mine.json"} if by == "input" else {}))
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
    _stands_in_one_piece(body)


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
    assert "set by anna: apply may remove up to 2 posts" in body
    assert "title=deletes" not in done.log


@pytest.mark.slow
def test_a_safety_limit_names_the_label_wherever_it_is_told(
    step: Run, repo: Repo, hub: Hub, sandbox: Sandbox
) -> None:
    settings = {"calendar/publer.yaml": SETTINGS + "limits: {delete: 1}\n"}
    before = repo.commit({**settings, "calendar/may.yaml": posts("One", "Two", "Three")})
    step("apply")
    repo.commit({"calendar/may.yaml": posts("One")}, branch="topic")
    planned = step("plan", event=event(repo))
    wanted = "someone with write access adds the label allow-deletes-2 to "
    assert planned.log.count(f"{wanted}this pull request.") == 2, "the log and the annotation"
    hub.merge(7, repo.merge("topic"))
    refused = step("apply", event={"before": before})
    assert (refused.outputs["exit-code"], len(sandbox.posts())) == ("4", 3)
    assert "::error title=refused_by_rail::2 posts would be removed" in refused.log
    assert refused.log.count(f"{wanted}the pull request (https://github.com/o/r/pull/7)") >= 2
    repo.commit({})
    by_hand = step("apply", name="workflow_dispatch", event={"inputs": {}})
    assert "runs the apply workflow by hand, with allow-deletes: 2" in by_hand.log
    for done in (planned, refused, by_hand):
        assert "--allow-deletes" not in done.log + "".join(hub.bodies(7))
        assert "publer-sync apply" not in done.log


def test_a_state_that_cannot_be_pushed_is_the_title_and_nothing_is_sent(
    branch_step: Run, repo: Repo, hub: Hub, sandbox: Sandbox
) -> None:
    """A rule of the repository that wants a pull request for every branch; then a state on main."""
    hook = repo.remote / "hooks/pre-receive"
    refuse = (
        "while read _ _ ref; do case $ref in *-state) echo 'GH013: rule violations' >&2; exit 1;; esac; done"
    )
    hook.write_text(f"#!/bin/sh\n{refuse}\n", encoding="utf-8")
    hook.chmod(0o755)
    before = repo.commit({"calendar/publer.yaml": SETTINGS})
    hub.merge(7, repo.commit({"calendar/may.yaml": posts("One")}))
    done = branch_step("apply", event={"before": before})
    assert (done.code, done.outputs["exit-code"]) == (1, "1")
    assert (
        "::error title=the state could not be pushed::git could not push the state: [remote rejected]"
        in done.log
    )
    assert "### 📅 Social calendar: the state could not be pushed\n" in hub.bodies(7)[0]
    assert "check its protection rules" in hub.bodies(7)[0]
    assert {request.method for request in sandbox.requests} == {"GET"}

    hook.unlink()
    sha = repo.commit({"calendar/publer.yaml": SETTINGS + "state: git:main\n"})
    repo.git("checkout", "-q", "--detach")  # as a runner may have it
    done = branch_step("apply", event={"before": before})
    assert done.outputs["exit-code"] == "1"
    assert "title=state.place::the state cannot be kept on main, the remote's default branch" in done.log
    assert {request.method for request in sandbox.requests} == {"GET"}
    assert repo.git("ls-remote", "origin", "main").split()[0] == sha


def test_a_refusal_of_edits_does_not_speak_of_removals(step: Run, repo: Repo, hub: Hub) -> None:
    repo.commit({**CALENDAR, "calendar/publer.yaml": SETTINGS + "limits: {change: 1}\n"})
    assert step("apply").code == 0
    repo.commit({"calendar/may.yaml": posts("One, edited", "Two, edited")})
    done = step("plan", event=event(repo))
    assert "::warning title=changes::2 posts would be edited or replaced; the safety limit is 1" in done.log
    assert "Did a file go missing?" not in hub.comments[0]["body"]


def _stands_in_one_piece(body: str) -> None:
    """As GitHub's Markdown reads it: one heading, the caution between the counts and the first post."""
    html = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(body)
    assert html.count("<h3>") == 1
    assert html.count("<blockquote>\n<p>[!CAUTION]") == body.count("[!CAUTION]") <= 1
    if "[!CAUTION]" in html:
        assert html.index("<p><strong>1 new post") < html.index("[!CAUTION]") < html.index("<details")
    assert html.count("<details") == html.count("</details>") == html.count("<summary>")


def test_what_a_release_would_publish_is_in_the_comment_though_nothing_happens_at_the_merge(
    step: Run, repo: Repo, hub: Hub
) -> None:
    """Otherwise words that were written during a hold would be published without ever having been shown."""
    repo.commit({**CALENDAR, "calendar/may.yaml": posts("One", "Two")})
    step("apply")
    step("hold")
    step("plan", event=event(repo, number=6))
    assert "⏸️" not in hub.bodies(6)[0], "these were shown, and published once"
    repo.commit(
        {"calendar/may.yaml": posts("One", "Other words"), "calendar/new.yaml": posts("Three", since=40)}
    )
    step("plan", event=event(repo))
    _, _, waiting = hub.bodies(7)[0].partition("⏸️ On hold: 2 posts, new or changed since the hold.")
    assert "\n\nOther words\n" in waiting
    assert "\n\nThree\n" in waiting
    assert "One" not in waiting


@pytest.mark.slow
def test_a_missed_post_is_reported_once_and_again_where_the_report_was_lost(
    step: Run, repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit(CALENDAR)
    assert step("apply").code == 0
    repo.commit({"calendar/late.yaml": posts("Too late", since=-2)})
    with monkeypatch.context() as lost:
        lost.setattr("publer_sync.action.step.annotate_done", mock.Mock(side_effect=SystemExit(137)))
        with pytest.raises(SystemExit):
            step("apply")
    told = step("apply")
    assert (told.code, "Too late" in told.summary) == (6, True)
    assert step("apply").code == 0


@pytest.mark.slow
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
    assert "**1 post to edit**" in body
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


@pytest.mark.slow
def test_a_picture_that_changed_is_shown_before_and_after(step: Run, repo: Repo, hub: Hub) -> None:
    """By addresses that also work in a private repository; the old one as it is in the branch to be merged into."""
    media = "  media:\n  - file: {}.png\n    alt: A lamp\n"
    folder = repo.work / "calendar"
    folder.mkdir(parents=True)

    def images(files: dict[str, str], before: str) -> list[str]:
        sha = repo.commit(files)
        payload = pull_event(sha)
        payload["pull_request"]["base"]["sha"] = before
        step("plan", event=payload)
        found = re.findall(r'<img src="https://github.com/o/r/blob/([^"]*)"', hub.comments[0]["body"])
        return [image.replace(sha, "head").replace(base, "base") for image in found]

    (folder / "lamp.png").write_bytes(png(1))
    base = repo.commit({**CALENDAR, "calendar/may.yaml": posts("One") + media.format("lamp")})
    assert step("apply").code == 0
    (folder / "new.png").write_bytes(png(3))
    new = {"calendar/may.yaml": posts("One") + media.format("new")}
    old, now = "base/calendar/lamp.png?raw=true", "head/calendar/new.png?raw=true"
    assert images(new, base) == [old.replace("base", "head"), now]
    (folder / "lamp.png").unlink()
    assert images({}, base) == [old, now]
    assert images({}, "") == [now]
    (folder / "lamp.png").write_bytes(png(2))
    edited = {"calendar/may.yaml": posts("One") + media.format("lamp")}
    assert images(edited, base) == [old, old.replace("base", "head")]


@pytest.mark.slow
def test_a_video_that_changed_has_its_figures_on_both_sides(step: Run, repo: Repo, hub: Hub) -> None:
    media = "  media:\n  - file: {}.mp4\n"
    folder = repo.work / "calendar"
    folder.mkdir(parents=True)
    (folder / "tour.mp4").write_bytes(VIDEO)
    base = repo.commit({**CALENDAR, "calendar/may.yaml": posts("One") + media.format("tour")})
    assert step("apply").code == 0
    (folder / "tour.mp4").unlink()
    (folder / "cut.mp4").write_bytes(VIDEO + bytes(200_000))
    sha = repo.commit({"calendar/may.yaml": posts("One") + media.format("cut")})
    payload = pull_event(sha)
    payload["pull_request"]["base"]["sha"] = base
    step("plan", event=payload)
    body = hub.comments[0]["body"]
    assert re.search(
        rf"\[🎬 open tour\.mp4\]\([^)]*/{base}/calendar/tour\.mp4\) \(0:12, 1920 x 1080, 1 kB\)"
        r" → \[🎬 open cut\.mp4\]\([^)]*\) \(0:12, 1920 x 1080, 0\.2 MB\)",
        body,
    ), body


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
    assert "**600 new posts**" in body
    assert "Too long" not in done.summary
    assert len(done.summary.encode()) < 1_048_576
    # Each says the same as the first.
    assert done.summary.count("· LinkedIn · Company LinkedIn Page · [“word") == 599


def test_a_summary_with_too_little_room_for_its_fixed_parts_ends_at_a_line(
    step: Run, repo: Repo, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As that of 200 calendars, of which each has 5,000 bytes."""
    warned = "".join(
        f"- at: {day(9)} 1{number}:00\n  accounts: linkedin\n  text: '見 {{title}} {number}'\n"
        for number in range(8)
    )
    repo.commit({"calendar/publer.yaml": SETTINGS, "calendar/may.yaml": f"posts:\n{warned}"})
    whole = step("plan", event=event(repo)).summary
    room = 1_200
    assert len(whole.encode()) > 3 * room
    monkeypatch.setattr("publer_sync.action.workflow.SUMMARY_BYTES", room)
    done = step("plan", event=event(repo))
    assert len(done.summary.encode()) <= room + 1, done.summary
    assert "the whole page is among the run's artifacts" in done.summary
    for tag in ("details", "table"):
        assert done.summary.count(f"<{tag}") == done.summary.count(f"</{tag}>")
    [page] = Path(done.outputs["artifact-path"]).glob("*.md")
    assert page.read_text(encoding="utf-8").strip() == whole.strip()


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


@pytest.mark.parametrize("command", ["plan", "apply"])
def test_the_files_of_a_calendar_are_read_once(
    step: Run, repo: Repo, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    repo.commit(CALENDAR)
    read_file, read = files.read_file, []

    def counting(path: Path, file: str, *rest: Any, **options: Any) -> Document:
        read.append(file)
        return read_file(path, file, *rest, **options)

    monkeypatch.setattr(files, "read_file", counting)
    assert step(command).code == 0
    assert read == ["publer.yaml", "may.yaml"]


@pytest.mark.parametrize("command", ["pages", "results"])
def test_with_a_key_what_was_published_is_beside_the_preview(
    step: Run, repo: Repo, sandbox: Sandbox, command: str
) -> None:
    """Figures are there if the key may read them."""
    repo.commit({"calendar/publer.yaml": SETTINGS, "calendar/may.yaml": posts("One")})
    sandbox.add(account_id="acc00000000000000000fb01", at=datetime.now(UTC), text="Out", state="published")
    for scopes, figures in ((Faults().scopes, True), (Faults().scopes - {"analytics"}, False)):
        sandbox.faults.scopes = scopes
        sandbox.reset_log()
        done = step(command)
        assert done.code == 0, done.log
        site = Path(done.outputs["pages"])
        page = (site / "results.html").read_text(encoding="utf-8")
        assert "1 post published." in page
        assert "Before, " in page
        assert ("What did best" in page) is figures
        assert '<a href="index.html">' in page
        assert '<a href="results.html">' in (site / "index.html").read_text(encoding="utf-8")
        assert {request.method for request in sandbox.requests} == {"GET"}
    sandbox.faults.scopes = Faults().scopes - {"posts"}
    done = step("pages")
    assert (done.code, (Path(done.outputs["pages"]) / "results.html").exists()) == (0, False)
    assert "could not make the page of results" in done.log


def test_the_pages_of_several_calendars_and_none_of_one_with_errors(step: Run, repo: Repo) -> None:
    calendars = {"a/publer.yaml": SETTINGS, "a/may.yaml": posts("One"), "b/publer.yaml": SETTINGS}
    repo.commit(calendars)
    done = step("pages", calendar="a\nb", api_key="", github_token="")
    assert done.code == 0
    site = Path(done.outputs["pages"])
    assert {path.relative_to(site).as_posix() for path in site.rglob("*.*")} == {
        "index.html",
        "a/posts.ics",
        "b/posts.ics",
    }
    page = (site / "index.html").read_text(encoding="utf-8")
    assert re.findall(r'<a href="([^"]+)" type="text/calendar">', page) == ["a/posts.ics", "b/posts.ics"]
    repo.commit({"b/may.yaml": posts("One").replace("facebook", "nobody")})
    done = step("pages", calendar="a\nb", api_key="", github_token="")
    assert (done.code, done.outputs["pages"]) == (3, "")


def test_the_comment_links_to_the_preview_and_no_plan_fails_without_one(
    step: Run, repo: Repo, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit(CALENDAR)
    done = step("plan", event=event(repo))
    assert "2 new" in Path(done.outputs["preview"]).read_text(encoding="utf-8")
    first, _deadline, second = hub.comments[0]["body"].partition("### ")[2].split("\n\n")[:3]
    assert first.endswith("what happens when this is merged")
    assert second.endswith("](https://github.com/o/r/actions/runs/42#artifacts)")

    def fail(*_: Any) -> None:
        raise MemoryError

    monkeypatch.setattr("publer_sync.action.step.write_preview", fail)
    done = step("plan", event=event(repo))
    assert (done.code, done.outputs["preview"], done.outputs["create"]) == (0, "", "2")
    assert "could not make the preview: publer-sync has a bug (MemoryError in" in done.log
    assert "[Preview" not in hub.comments[0]["body"]


def test_a_warning_about_a_page_outside_the_calendar_is_at_its_line(
    step: Run, repo: Repo, sandbox: Sandbox
) -> None:
    pages = 'defaults: {accounts: facebook}\npages: [{files: "../blog/*.md", url: "https://example.com/{slug}/"}]\n'
    front = f"---\ntitle: A\nsocial:\n- at: {day(20)} 09:00\n  when_live: false\n  text: One\n---\n"
    repo.commit({"calendar/publer.yaml": SETTINGS + pages, "blog/a.md": front})
    assert step("apply").code == 0
    sandbox.edit(sandbox.posts()[0]["id"], text="Edited")
    assert "::warning file=blog/a.md,line=4,title=not scheduled::" in step("plan", event=event(repo)).log


def test_a_calendar_with_errors_and_a_forks_are_previewed_too(step: Run, repo: Repo) -> None:
    repo.commit({**CALENDAR, "calendar/june.yaml": posts("Three").replace("facebook", "nobody")})
    assert step("plan", event=event(repo)).outputs["preview"]
    done = step("plan", event=event(repo, fork=True), api_key="")
    assert "One" in Path(done.outputs["preview"]).read_text(encoding="utf-8")


def test_a_plan_has_a_page_for_everybody_whose_yes_is_missing_and_the_comment_says_who(
    step: Run, repo: Repo, hub: Hub
) -> None:
    asks = "people: {kari: Kari, legal: Legal, ann: Ann}\nsignoff: [{by: [kari, legal], all: true}]\n"
    settings = {"calendar/publer.yaml": SETTINGS + asks}
    repo.commit({**CALENDAR, **settings})
    done = step("plan", event=event(repo))
    assert done.code == 0, done.log
    comment = hub.comments[0]["body"]
    assert "✍️ 2 posts to sign off" in comment
    assert "- **Kari**: 2 posts, the first before " in comment
    assert "will not be scheduled" not in comment, "it is what was meant"
    assert "A page for each is in [the plan's artifact](" in comment
    pages = {path.name: path for path in Path(done.outputs["artifact-path"]).glob("*.html")}
    assert sorted(pages) == ["review-kari.html", "review-legal.html"]
    assert "2 posts wait for the sign-off of Kari." in pages["review-kari.html"].read_text(encoding="utf-8")


def test_a_persons_page_that_cannot_be_made_takes_neither_the_preview_nor_another_with_it(
    step: Run, repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks = "people: {kari: Kari, legal: Legal}\nsignoff: [{by: [kari, legal], all: true}]\n"
    repo.commit({**CALENDAR, "calendar/publer.yaml": SETTINGS + asks})

    def write(file: Path, calendars: Any, person: str) -> None:
        if person == "kari":
            raise MemoryError
        write_review(file, calendars, person)

    monkeypatch.setattr("publer_sync.action.step.write_review", write)
    done = step("plan", event=event(repo))
    assert "One" in Path(done.outputs["preview"]).read_text(encoding="utf-8")
    assert [path.name for path in Path(done.outputs["artifact-path"]).glob("*.html")] == ["review-legal.html"]
    assert "could not make review-kari.html: publer-sync has a bug (MemoryError in" in done.log
