"""A folder of calendars, and those of them that a pull request or a push changes."""

from __future__ import annotations

from subprocess import CalledProcessError
from typing import TYPE_CHECKING, Any

import pytest

from tests.github.repository import SETTINGS, day, event, posts

if TYPE_CHECKING:
    from publer_sync.sandbox import Sandbox
    from tests.action.conftest import Run, Step
    from tests.github.hub import Hub
    from tests.github.repository import Repo

CLIENTS = {
    f"clients/{name}/{file}": text
    for name, account in (("acme", "facebook"), ("globex", "linkedin"))
    for file, text in {"publer.yaml": SETTINGS, "may.yaml": posts("One", account=account)}.items()
}


@pytest.fixture
def base(repo: Repo) -> str:
    return repo.commit(CLIENTS)


def pull(repo: Repo, base: str) -> dict[str, Any]:
    found = event(repo)
    found["pull_request"]["base"]["sha"] = base
    return found


def told(done: Step) -> list[str]:
    """The calendars that a run was about."""
    return [name for name in ("acme", "globex") if f"clients/{name}" in done.log]


def test_a_folder_stands_for_the_calendars_below(step: Run, repo: Repo, base: str, hub: Hub) -> None:
    done = step("plan", event=event(repo), calendar="clients\nclients/globex")
    assert (done.code, done.outputs["create"], len(hub.comments)) == (0, "2", 2)
    assert step("plan", event=event(repo), calendar="clients\nnowhere").code == 1


def test_a_pull_request_plans_what_it_changes(
    step: Run, repo: Repo, base: str, hub: Hub, sandbox: Sandbox
) -> None:
    repo.commit({"clients/acme/may.yaml": posts("Changed")}, branch="topic")
    done = step("plan", event=pull(repo, base), calendar="clients", changed_since="auto")
    assert (told(done), len(hub.comments)) == (["acme"], 1)
    repo.commit({"clients/acme/may.yaml": CLIENTS["clients/acme/may.yaml"]}, branch="topic")
    shown = hub.bodies(7)
    done = step("plan", event=pull(repo, base), calendar="clients", changed_since="auto")
    assert told(done) == ["acme"]  # its comment would show a plan that is no more
    assert hub.bodies(7) != shown
    sandbox.requests.clear()
    hub.comments.clear()
    done = step("plan", event=pull(repo, base), calendar="clients", changed_since="auto")
    assert (done.code, told(done), hub.comments, sandbox.requests) == (0, [], [], [])
    assert done.outputs["changes"] == "false"


def test_a_page_counts_for_the_calendar_that_names_it(step: Run, repo: Repo, base: str, hub: Hub) -> None:
    pages = '[{files: "../../blog/**/*.md", url: "https://example.com/{slug}/"}]'
    settings = f"{SETTINGS}defaults: {{accounts: facebook}}\npages: {pages}\n"
    front = f"---\ntitle: A\nsocial:\n- at: {day(20)} 09:00\n  text: '{{title}} one'\n---\n"
    now = repo.commit({"clients/acme/publer.yaml": settings, "blog/a.md": front})
    repo.commit({"blog/a.md": front.replace("one", "two")}, branch="topic")
    done = step("plan", event=pull(repo, now), calendar="clients", changed_since="auto")
    assert (done.code, told(done), done.outputs["create"]) == (0, ["acme"], "2")
    hub.comments.clear()
    repo.git("checkout", "-q", "main")
    now = repo.commit({"unrelated/a.md": front})
    repo.commit({"unrelated/a.md": ""}, branch="other")
    assert told(step("plan", event=pull(repo, now), calendar="clients", changed_since="auto")) == []


def test_a_merge_queue_plans_what_it_adds_to_the_branch(step: Run, repo: Repo, base: str) -> None:
    repo.commit({"clients/acme/may.yaml": posts("Changed")}, branch="gh-readonly-queue/main/pr-7")
    group = {"merge_group": {"base_sha": base, "head_sha": repo.git("rev-parse", "HEAD")}}
    done = step("plan", event=group, name="merge_group", calendar="clients", changed_since="auto")
    assert (done.code, told(done)) == (0, ["acme"])
    done = step(
        "plan", event={"merge_group": {}}, name="merge_group", calendar="clients", changed_since="auto"
    )
    assert told(done) == ["acme", "globex"], (
        "where GitHub does not say what was there before, all are planned"
    )


def test_a_shallow_checkout_fetches_the_base(step: Run, repo: Repo, base: str) -> None:
    repo.commit({"clients/globex/may.yaml": posts("Changed", account="linkedin")}, branch="topic")
    found = pull(repo, base)
    repo.git("checkout", "-q", "--detach")
    repo.git("branch", "-q", "-D", "main", "topic")
    (repo.work / ".git" / "shallow").write_text(repo.git("rev-parse", "HEAD") + "\n")
    repo.git("update-ref", "-d", "refs/remotes/origin/main")
    repo.git("reflog", "expire", "--expire=now", "--all")
    repo.git("gc", "-q", "--prune=now")
    with pytest.raises(CalledProcessError):
        repo.git("cat-file", "-e", base)
    done = step("plan", event=found, calendar="clients", changed_since="auto")
    assert (done.code, told(done)) == (0, ["globex"])


def test_a_push_applies_what_it_changes_and_what_no_run_has_finished(
    branch_step: Run, repo: Repo, base: str
) -> None:
    assert told(
        branch_step("apply", event={"before": "0" * 40}, calendar="clients", changed_since="auto")
    ) == [
        "acme",
        "globex",
    ]
    repo.commit({"clients/globex/may.yaml": posts("Never applied", account="linkedin")})
    before = repo.git("rev-parse", "HEAD")
    repo.commit({"clients/acme/may.yaml": posts("Changed")})
    done = branch_step("apply", event={"before": before}, calendar="clients", changed_since="auto")
    assert (done.code, told(done)) == (0, ["acme", "globex"])
    done = branch_step("apply", event={"before": before}, calendar="clients", changed_since="HEAD")
    assert (done.code, told(done)) == (0, [])


def test_a_commit_that_is_gone_means_all(branch_step: Run, repo: Repo, base: str) -> None:
    done = branch_step("apply", event={"before": "1" * 40}, calendar="clients", changed_since="auto")
    assert (done.code, told(done)) == (0, ["acme", "globex"])
    assert "::warning" in done.log
    assert branch_step("plan", event=event(repo), calendar="clients", changed_since="nowhere").code == 64
