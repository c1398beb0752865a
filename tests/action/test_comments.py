"""Which comments are written, edited and left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.github.hub import Trouble
from tests.github.repository import CALENDAR, SETTINGS, Repo, event, posts
from tests.stand_in import Reply

if TYPE_CHECKING:
    from tests.action.conftest import Run
    from tests.github.hub import Hub


def test_nothing_changes_and_no_comment_yet(step: Run, repo: Repo, hub: Hub) -> None:
    """With `comment: changes` a pull request that changes no post stays quiet, until there was something to say."""
    repo.commit({"calendar/publer.yaml": SETTINGS})
    assert step("plan", event=event(repo), comment="changes").code == 0
    assert hub.comments == []
    repo.commit(CALENDAR)
    step("plan", event=event(repo), comment="changes")
    assert "**2 new posts**" in hub.comments[0]["body"]
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


def test_a_run_of_an_older_commit_that_is_run_again_leaves_the_newer_comment(
    step: Run, repo: Repo, hub: Hub
) -> None:
    repo.commit(CALENDAR)
    old = event(repo)
    step("plan", event=old)
    repo.commit({"calendar/may.yaml": posts("Other")})
    hub.heads[7] = repo.git("rev-parse", "HEAD")
    step("plan", event=event(repo))
    before, writes = hub.bodies(7), hub.writes()
    repo.git("checkout", "-q", "HEAD~1")
    again = step("plan", event=old)
    assert (again.code, again.outputs["create"]) == (0, "2")
    assert (hub.bodies(7), hub.writes()) == (before, writes)
    told = f"the newest commit of pull request 7 is {hub.heads[7][:7]}, and this run is for "
    assert again.log.count(told) == 1
    assert "its comment and its suggestions stay as they are" in again.log


def test_a_run_of_an_older_commit_writes_its_plan_where_none_is(step: Run, repo: Repo, hub: Hub) -> None:
    """As where a bot pushed the newest commit, which starts no run."""
    repo.commit(CALENDAR)
    old = event(repo)
    hub.heads[7] = "f" * 40
    step("plan", event=old)
    assert len(hub.bodies(7)) == 1


def test_a_plan_that_is_run_again_after_the_merge_leaves_the_comment_as_it_was_reviewed(
    step: Run, repo: Repo, hub: Hub
) -> None:
    sha = repo.commit(CALENDAR)
    payload = event(repo)
    step("plan", event=payload)
    before = hub.bodies(7)
    hub.merge(7, sha, state="closed")
    repo.commit({"calendar/may.yaml": posts("Other")})
    assert "pull request 7 is closed: its comment" in step("plan", event=payload).log
    assert hub.bodies(7) == before


def test_a_comment_is_written_where_github_does_not_say_which_commit_is_the_newest(
    step: Run, repo: Repo, hub: Hub
) -> None:
    repo.commit(CALENDAR)
    hub.troubles = [Trouble("GET .*/pulls/7$", Reply({"message": "Not Found"}, 404))]
    assert "could not look up the pull request" in step("plan", event=event(repo)).log
    assert "**2 new posts**" in hub.bodies(7)[0]


def test_in_a_merge_queue_the_plan_is_in_the_summary(step: Run, repo: Repo, hub: Hub) -> None:
    repo.commit(CALENDAR)
    done = step("plan", event={"merge_group": {}}, name="merge_group")
    assert (done.code, done.outputs["create"], hub.writes()) == (0, "2", [])
    assert "**2 new posts**" in done.summary


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
