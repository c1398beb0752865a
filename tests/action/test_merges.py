"""What a push has brought: whose labels count, and who gets the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.action.conftest import CALENDAR, SETTINGS, Hub, Repo, Run, posts

if TYPE_CHECKING:
    from publer_sync.sandbox import Sandbox


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


def test_a_branch_that_was_forced_to_another_history(step: Run, repo: Repo, hub: Hub) -> None:
    """What it was before is gone; the pull request of its newest commit is still found."""
    repo.commit({"calendar/publer.yaml": SETTINGS})
    hub.merge(7, repo.commit(CALENDAR))
    assert step("apply", event={"before": "e" * 40}).code == 0
    assert "verified in Publer" in hub.bodies(7)[0]
