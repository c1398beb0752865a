"""hold and release as a step: posts out of Publer and back, from a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest import mock

import pytest

from publer_sync.applying.following import Follower
from tests.github.repository import CALENDAR, SETTINGS, Repo, posts
from tests.system.worlds import NEVER, end_jobs_at

if TYPE_CHECKING:
    from publer_sync.sandbox import Sandbox
    from tests.action.conftest import Run


@pytest.fixture(autouse=True)
def applied(repo: Repo, step: Run, sandbox: Sandbox) -> None:
    repo.commit(CALENDAR)
    assert step("apply").code == 0
    sandbox.settle()
    sandbox.reset_log()


def scheduled(sandbox: Sandbox) -> set[str]:
    return {post["text"] for post in sandbox.posts() if post["state"] == "scheduled"}


def test_hold_and_release(step: Run, sandbox: Sandbox) -> None:
    before = scheduled(sandbox)
    held = step("hold", reason="Accident in town")
    assert (held.code, held.outputs["exit-code"], held.outputs["changes"]) == (0, "0", "true")
    assert scheduled(sandbox) == set()
    assert "Accident in town" in held.summary
    assert "2 posts are out of Publer." in held.summary
    assert "To put them back: run this workflow again, with release" in " ".join(held.summary.split())
    assert "publer-sync release" not in held.summary + held.log
    assert step("apply").code == 0
    assert scheduled(sandbox) == set()
    released = step("release")
    assert released.code == 0
    sandbox.settle()
    assert scheduled(sandbox) == before


def test_nothing_has_to_be_typed(step: Run, sandbox: Sandbox) -> None:
    assert "Stopped on GitHub" in step("hold").summary
    assert scheduled(sandbox) == set()


def test_a_broken_calendar_is_no_obstacle(step: Run, repo: Repo, sandbox: Sandbox) -> None:
    repo.commit({"calendar/may.yaml": "posts: [\n"})
    assert step("hold").code == 0
    assert scheduled(sandbox) == set()


def test_accounts_and_labels_narrow_it(step: Run, sandbox: Sandbox) -> None:
    before = scheduled(sandbox)
    done = step("hold", labels="nobody has this, nor this")
    assert (done.code, scheduled(sandbox)) == (6, before)
    assert 'No post has the label "nobody has this"; there are none.' in done.summary
    assert 'no post has the label "nor this"' in done.log.partition("::warning")[2]
    done = step("hold", accounts="nobody")
    assert (done.code, scheduled(sandbox)) == (6, before)
    assert 'There is no account "nobody"' in done.summary
    assert 'there is no account "nobody"' in done.log.partition("::warning")[2]
    for given in ({"labels": "this"}, {"networks": "x"}):
        refused = step("release", **given)
        assert refused.code == 64
        assert "Leave these inputs empty" in refused.log
    assert step("hold", networks="tiktok").code == 6
    assert scheduled(sandbox) == before
    assert step("hold", networks="facebook").code == 0
    assert scheduled(sandbox) == set()


def test_without_a_key_it_says_so(step: Run) -> None:
    done = step("hold", api_key="")
    assert done.code == 1
    assert "no API key" in done.log


@pytest.mark.slow
def test_no_calendar_waits_for_what_is_under_way_in_another(step: Run, repo: Repo, sandbox: Sandbox) -> None:
    """The other one's posts are out before anything sent for this one, whose next post is due sooner, is followed."""
    another = {
        "calendar/publer.yaml": f"state: ../../state.json\n{SETTINGS}",
        "another/publer.yaml": f"name: another\nstate: ../../another.json\n{SETTINGS}",
        "another/may.yaml": posts("Zero", since=5),
    }
    repo.commit(another)
    ended = step("apply", calendar="another", state_of_its_own=True, first="true")
    assert ended.code == 0, ended.log
    repo.commit({"another/june.yaml": posts("Three", since=40)})
    sandbox.faults.job_delay = NEVER
    with mock.patch.object(Follower, "follow", side_effect=SystemExit(137)), pytest.raises(SystemExit):
        step("apply", calendar="another", state_of_its_own=True)
    sandbox.reset_log()
    end_jobs_at(sandbox, "DELETE", nth=2)
    done = step("hold", calendar="another\ncalendar", state_of_its_own=True)
    assert done.code == 0, done
    log = [(request.method, request.path) for request in sandbox.requests]
    _, second, *_ = (number for number, (method, _) in enumerate(log) if method == "DELETE")
    assert sum("job_status" in path for _, path in log[:second]) == 1
    assert [path for _, path in log].count("/workspaces") == 1
    sandbox.settle()
    assert scheduled(sandbox) == set()


def test_a_calendar_that_is_applied_from_another_branch_is_released_from_it_alone(
    step: Run, repo: Repo, sandbox: Sandbox
) -> None:
    """main is the default branch and was applied; `social` is named."""
    assert step("hold").code == 0
    refused = step("release", branch="social")
    assert (refused.code, scheduled(sandbox)) == (64, set())
    assert "release does not run for refs/heads/main: it schedules posts as social has them" in refused.log
    assert step("release", branch="main").code == 0
    sandbox.settle()
    assert len(scheduled(sandbox)) == 2


@pytest.mark.parametrize("ref", ["refs/heads/topic", "refs/tags/v1", "refs/pull/7/merge"])
def test_release_runs_for_the_default_branch_alone_and_hold_for_any(
    step: Run, sandbox: Sandbox, ref: str
) -> None:
    """ "Use workflow from" offers branches and tags that nobody reviewed; a hold schedules nothing."""
    assert step("hold", variables={"GITHUB_REF": ref}).code == 0
    refused = step("release", variables={"GITHUB_REF": ref})
    assert (refused.code, scheduled(sandbox)) == (64, set())
    assert (
        f"::error title=usage::release does not run for {ref}: it schedules posts as main has them"
        in refused.log
    )


def test_release_schedules_what_is_merged_and_not_what_is_checked_out(
    step: Run, repo: Repo, sandbox: Sandbox
) -> None:
    assert step("hold").code == 0
    repo.push_from_elsewhere({"calendar/may.yaml": posts("One", "Corrected")})
    assert step("release").code == 0
    sandbox.settle()
    assert scheduled(sandbox) == {"One", "Corrected"}


def test_release_does_nothing_where_the_default_branch_cannot_be_asked_for(
    step: Run, repo: Repo, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("publer_sync.action.git.WAITS", (0.0,))
    assert step("hold").code == 0
    repo.git("remote", "set-url", "origin", str(repo.remote.with_name("gone.git")))
    failed = step("release", state="git:publer-sync-state")
    assert (failed.code, scheduled(sandbox)) == (1, set())
    assert "git ls-remote failed" in failed.log
    assert "Nothing was done." in failed.log


@pytest.mark.slow
def test_a_hold_that_may_not_push_says_that_none_is_in_force(
    branch_step: Run, repo: Repo, sandbox: Sandbox
) -> None:
    """As with `contents: read`. The runner, and what would wait on it, is gone after the job."""
    assert branch_step("apply", first="true").code == 0
    hook = repo.remote / "hooks/pre-receive"
    hook.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    held = branch_step("hold", reason="Storm", variables={"CI": "true"})
    assert (held.code, held.outputs["exit-code"], scheduled(sandbox)) == (1, "1", set())
    assert "no hold is in force" in held.log.partition("::error")[2]
    shown = " ".join(held.summary.split())
    assert "Or write `hold: {reason: Storm}` into publer.yaml, and merge it." in shown
    assert "with release" not in shown
