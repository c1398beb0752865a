"""The Action and files that are older: nothing is undone by a run that is run again, nor by one of another branch."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.github.repository import CALENDAR, event, posts

if TYPE_CHECKING:
    from publer_sync.sandbox import Sandbox
    from tests.action.conftest import Run
    from tests.conftest import Cli
    from tests.github.hub import Hub
    from tests.github.repository import Repo

BRANCH = {"PUBLER_SYNC_STATE": "git:publer-sync-state"}


def scheduled(sandbox: Sandbox) -> list[str]:
    sandbox.settle()
    return sorted(post["text"].strip() for post in sandbox.posts() if post["state"] == "scheduled")


def test_release_of_an_old_commit_is_refused_and_its_input_lets_it_through(
    branch_step: Run, repo: Repo, sandbox: Sandbox, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The branch that is applied is not the default one here, so nothing makes an old commit of it count."""
    monkeypatch.setenv("CI", "true")  # a work tree of a job is nobody's own
    repo.commit(CALENDAR)
    old = repo.commit(CALENDAR, branch="social")
    repo.commit({"calendar/may.yaml": posts("One", "Corrected")}, branch="social")
    assert cli("apply", "calendar", "--yes", env=BRANCH, cwd=repo.work).code == 0
    assert branch_step("hold", reason="Storm").code == 0
    repo.git("checkout", "-q", old)
    monkeypatch.setattr("publer_sync.action.stopping.newest", lambda _: old)
    refused = branch_step("release")
    assert (refused.code, refused.outputs["exit-code"]) == (5, "5")
    assert "is not in this checkout. Run git fetch && git merge origin/social first" in " ".join(
        refused.summary.split()
    )
    assert scheduled(sandbox) == []
    assert branch_step("release", allow_older="true").code == 0
    assert scheduled(sandbox) == ["One", "Two"]


def test_the_newest_commit_of_main_leaves_what_a_branch_made_just_now(
    branch_step: Run, repo: Repo, sandbox: Sandbox, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    main = repo.commit(CALENDAR)
    assert branch_step("apply").code == 0
    repo.commit({"calendar/may.yaml": posts("One", "Corrected")}, branch="topic")
    assert cli("apply", "calendar", "--yes", env=BRANCH, cwd=repo.work).code == 0
    repo.git("checkout", "-q", main)
    done = branch_step("apply")
    assert done.code == 6
    assert scheduled(sandbox) == ["Corrected", "One"]
    assert branch_step("apply", allow_older="true").code == 0
    assert scheduled(sandbox) == ["One", "Two"]


def test_a_state_in_another_place_is_named_and_first_begins_anew(step: Run, repo: Repo, cli: Cli) -> None:
    repo.commit(CALENDAR)
    assert cli("apply", "calendar", "--yes", cwd=repo.work).code == 0
    refused = step("apply")
    assert refused.code == 1
    assert "state mv --from" in refused.log + refused.summary
    assert step("apply", first="true").code == 0
    assert step("apply").code == 0


@pytest.mark.slow
def test_a_ledger_that_was_deleted_is_brought_back_by_the_command_of_the_comment_and_by_no_label(
    branch_step: Run, repo: Repo, hub: Hub, sandbox: Sandbox
) -> None:
    repo.commit(CALENDAR)
    assert branch_step("apply").code == 0
    subprocess.run(
        ["git", "-C", str(repo.remote), "update-ref", "-d", "refs/heads/publer-sync-state"], check=True
    )
    hub.permissions = {"anna": "write"}
    hub.label("allow-deletes-9", "anna")
    done = branch_step("plan", event=event(repo))
    assert done.code == 0, done.log
    [body] = hub.bodies(7)
    assert "this will be refused when it is merged" in body
    [box] = [line for line in body.splitlines() if "apply would refuse all of this" in line]
    assert "the branch publer-sync-state, which has the ledger, was deleted" in box
    for wrong in ("the label", "<code>first</code>", "Did a file go missing?"):
        assert wrong not in box
    [command] = re.findall(r"Bring it back: <code>(git fetch .*?)</code>", box)
    warned = done.log.partition("::warning title=lost::")[2].partition("\n")[0]
    for shown in (warned, Path(done.outputs["preview"]).read_text(encoding="utf-8"), done.log):
        assert "Bring it back: git fetch origin" in shown
        assert "adds the label" not in shown
    repo.git("-c", "alias.x=!" + command.replace("&amp;", "&"), "x")
    assert branch_step("plan", event=event(repo)).outputs["unchanged"] == "2"
