"""What a push has brought: whose labels count, and who gets the report."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from tests.github.hub import BAD_GATEWAY, LIMITED, Hub, Trouble
from tests.github.repository import CALENDAR, SETTINGS, Repo, day, event, posts

if TYPE_CHECKING:
    from publer_sync.sandbox import Sandbox
    from tests.action.conftest import Run


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.parametrize("name", ["schedule", "workflow_run"])
def test_a_label_of_the_last_merge_does_not_count_in_a_later_run_that_nobody_started(
    step: Run, repo: Repo, hub: Hub, sandbox: Sandbox, name: str
) -> None:
    """Days later a colleague deletes a post in Publer. The run still knows the pull request, and reports there."""
    repo.commit({"calendar/publer.yaml": SETTINGS})
    hub.permissions = {"anna": "write"}
    hub.label("allow-recreate", "anna")
    hub.merge(7, repo.commit(CALENDAR))
    assert step("apply").code == 0
    post = sandbox.posts()[0]["id"]
    sandbox.remove(post)

    later = step("apply", name=name)
    assert (later.code, len(sandbox.posts())) == (6, 1)
    assert "set by anna" not in later.summary + hub.bodies(7)[0]
    assert "runs the apply workflow by hand, with <code>allow-recreate</code>" in hub.bodies(7)[0]
    assert step("apply", name="workflow_dispatch").code == 0
    assert len(sandbox.posts()) == 2


def test_a_refusal_after_several_merges_names_each_pull_request_that_may_have_the_label(
    step: Run, repo: Repo, hub: Hub, sandbox: Sandbox
) -> None:
    before = repo.commit({**CALENDAR, "calendar/publer.yaml": SETTINGS + "limits: {delete: 1}\n"})
    step("apply")
    hub.merge(6, repo.commit({"calendar/may.yaml": posts("Three", since=40)}))
    hub.merge(7, repo.push_from_elsewhere({"calendar/june.yaml": posts("Four", since=50)}))
    refused = step("apply", event={"before": before})
    assert (refused.code, len(sandbox.posts())) == (4, 2)
    address = "https://github.com/o/r/pull"
    for number in (6, 7):
        [body] = hub.bodies(number)
        assert f"<code>allow-deletes-2</code> to [#7]({address}/7) or [#6]({address}/6), and" in body


_LIMITED = "defaults: {accounts: facebook}\nlimits: {change: 1}\n"
_BLOG = 'pages: [{files: "../blog/*.md", url: "https://example.com/{slug}/"}]\n'
_PAGE = (
    "---\ntitle: WHAT\nsocial:\n"
    + "".join(
        f"- {{id: p{each}, at: {day(each)} 09:00, when_live: false, text: '{{title}} {each}'}}\n"
        for each in (20, 21)
    )
    + "---\n"
)
_TEAM = _LIMITED.replace("facebook}", "facebook, append: WHAT}")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("settings", "outside"),
    [(_LIMITED + _BLOG, {"blog/a.md": _PAGE}), ("extends: ../team.yaml\n", {"team.yaml": _TEAM})],
    ids=["pages", "settings for all"],
)
def test_a_pull_request_that_changes_the_calendar_from_outside_its_folder(
    step: Run, repo: Repo, hub: Hub, sandbox: Sandbox, settings: str, outside: dict[str, str]
) -> None:
    """Its labels count, its plan is what was reviewed, and it gets the report."""
    [(file, text)] = outside.items()
    words = {} if "blog" in file else {"calendar/may.yaml": posts("One", "Two")}
    before = repo.commit(
        {"calendar/publer.yaml": SETTINGS + settings, file: text.replace("WHAT", "Lamp"), **words}
    )
    assert step("apply").code == 0
    repo.commit({file: text.replace("WHAT", "Chair")}, branch="topic")
    step("plan", event=event(repo))
    hub.permissions = {"anna": "write"}
    hub.label("allow-changes-2", "anna")
    hub.merge(7, repo.merge("topic"))
    done = step("apply", event={"before": before}, reviewed="strict")
    assert done.code == 0, done.log
    assert all("Chair" in post["text"] for post in sandbox.posts())
    assert "verified in Publer" in hub.bodies(7)[1]


def test_a_branch_that_was_forced_to_another_history(step: Run, repo: Repo, hub: Hub) -> None:
    """What it was before is gone; the pull request of its newest commit is still found."""
    repo.commit({"calendar/publer.yaml": SETTINGS})
    hub.merge(7, repo.commit(CALENDAR))
    assert step("apply", event={"before": "e" * 40}).code == 0
    assert "verified in Publer" in hub.bodies(7)[0]


# --- GitHub does not answer -----------------------------------------------------------------------------------------


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("publer_sync.action.github.time", SimpleNamespace(sleep=lambda _: None))


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize("what", ["/pulls$", "/issues/7/comments"])
def test_strict_does_nothing_where_nobody_knows_what_was_reviewed(
    step: Run, repo: Repo, hub: Hub, sandbox: Sandbox, what: str
) -> None:
    """Never "this push brought no pull request", nor "check permissions"; the same run goes on once GitHub answers."""
    before = repo.commit({"calendar/publer.yaml": SETTINGS})
    repo.commit(CALENDAR, branch="topic")
    step("plan", event=event(repo))
    repo.git("checkout", "-q", "main")
    hub.merge(7, repo.merge("topic"))
    hub.troubles = [Trouble(f"GET .*{what}", BAD_GATEWAY, times=5)]
    done = step("apply", event={"before": before}, reviewed="strict")
    assert (done.code, done.outputs["exit-code"], sandbox.posts()) == (1, "1", [])
    assert "GitHub could not be asked what was reviewed: GitHub says 502: Bad Gateway" in done.log
    assert "Run this again." in done.log
    for wrong in ("no pull request", "permissions", "by hand"):
        assert wrong not in done.log + done.summary + "".join(hub.bodies(7)[1:])
    assert step("apply", event={"before": before}, reviewed="strict").code == 0
    assert len(sandbox.posts()) == 2


@pytest.mark.usefixtures("patient")
def test_warn_applies_and_says_later_that_nothing_was_compared(
    step: Run, repo: Repo, hub: Hub, sandbox: Sandbox
) -> None:
    """In the comment, which GitHub takes again by the time there is something to report."""
    before = repo.commit({"calendar/publer.yaml": SETTINGS})
    hub.merge(7, repo.commit(CALENDAR))
    hub.troubles = [Trouble("GET .*/pulls$", BAD_GATEWAY, times=5)]
    done = step("apply", event={"before": before})
    assert (done.code, len(sandbox.posts())) == (0, 2), done.log
    [report] = hub.bodies(7)
    for page in (report, done.summary):
        assert "verified in Publer" in page
        assert (
            "**Not compared with the review**: GitHub could not be asked what was reviewed (GitHub says 502: Bad Gateway)"
            in page
        )
    assert (
        "could not look up the pull requests: GitHub says 502: Bad Gateway; the run goes on without it"
        in done.log
    )
    assert "permissions" not in done.log


@pytest.mark.slow
@pytest.mark.usefixtures("patient")
def test_a_refusal_without_the_labels_asks_for_another_run_not_for_a_label(
    step: Run, repo: Repo, hub: Hub, sandbox: Sandbox
) -> None:
    before = repo.commit({**CALENDAR, "calendar/publer.yaml": SETTINGS + "limits: {delete: 1}\n"})
    step("apply")
    hub.merge(7, repo.commit({"calendar/may.yaml": posts("Three", since=40)}))
    hub.permissions = {"anna": "write"}
    hub.label("allow-deletes-2", "anna")
    hub.troubles = [Trouble("GET .*/issues/7/labels", BAD_GATEWAY, times=5)]
    refused = step("apply", event={"before": before})
    assert (refused.code, len(sandbox.posts())) == (4, 2)
    [body] = hub.bodies(7)
    assert (
        "**Labels were not read**: GitHub says 502: Bad Gateway. What they allow does not count here." in body
    )
    assert "Make sure that <code>allow-deletes-2</code> is set, and [run this again]" in body
    assert "adds the label" not in body
    assert step("apply", event={"before": before}).code == 0


@pytest.mark.usefixtures("patient")
def test_github_hiccups_and_asks_to_wait(step: Run, repo: Repo, hub: Hub, sandbox: Sandbox) -> None:
    """The label still counts and the report still comes, and the log says what it waited for."""
    settings = {"calendar/publer.yaml": SETTINGS + "limits: {delete: 1}\n"}
    before = repo.commit({**settings, "calendar/may.yaml": posts("One", "Two", "Three")})
    step("apply")
    hub.merge(7, repo.commit({"calendar/may.yaml": posts("One")}))
    hub.permissions = {"anna": "write"}
    hub.label("allow-deletes-2", "anna")
    hub.troubles = [
        Trouble("GET .*/pulls$", BAD_GATEWAY),
        Trouble("GET .*/labels$", LIMITED),
        Trouble("POST .*/comments$", LIMITED),
    ]
    done = step("apply", event={"before": before})
    assert (done.code, len(sandbox.posts())) == (0, 1), done.log
    assert "Social calendar: done" in hub.bodies(7)[0]
    told = "GitHub's rate limit: waiting 1 s (GitHub says 403: You have exceeded a secondary"
    assert done.log.count(told) == 2
    assert "permissions" not in done.log
