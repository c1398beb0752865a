"""Which commit is applied if another push lands, and how git reaches the repository."""

from __future__ import annotations

import os
import subprocess
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from publer_sync.action import git as actions_git
from publer_sync.action import workflow
from publer_sync.action.git import fetch, log_in
from publer_sync.action.github import GitHubError
from publer_sync.action.inputs import Event
from publer_sync.commands.beside.changed import git
from tests.github.hub import TOKEN
from tests.github.repository import CALENDAR, SETTINGS, Repo, posts
from tests.stand_in import Asked, Reply, serving
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.sandbox import Sandbox
    from tests.action.conftest import Run


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


def test_a_push_of_files_that_no_calendar_reads_leaves_one_at_the_top_to_this_run(
    step: Run, repo: Repo, sandbox: Sandbox
) -> None:
    repo.commit({"publer.yaml": SETTINGS, "may.yaml": posts("One")})
    repo.push_from_elsewhere({"README.md": "x", ".github/CODEOWNERS": "x", "docs/README.md": "x"})
    done = step("apply", calendar=".")
    assert (done.code, done.outputs["applied"]) == (0, "1"), done.log


def test_an_old_run_does_not_undo_a_newer_commit(step: Run, repo: Repo, sandbox: Sandbox) -> None:
    old = repo.commit(CALENDAR)
    tip = repo.push_from_elsewhere({"calendar/may.yaml": posts("Newer")})
    done = step("apply")
    assert (done.code, done.outputs["exit-code"]) == (0, "0")
    assert f"main has moved on from {old[:7]} to {tip[:7]}, which is applied" in done.log
    assert [post["text"].strip() for post in sandbox.posts()] == ["Newer"]


def test_a_calendar_that_a_newer_push_adds_is_applied_with_the_others(
    branch_step: Run, repo: Repo, sandbox: Sandbox
) -> None:
    repo.commit({f"clients/{name}": text for name, text in CALENDAR.items()})
    new = {"clients/new/publer.yaml": SETTINGS, "clients/new/may.yaml": posts("New", account="x")}
    repo.push_from_elsewhere(new)
    done = branch_step("apply", calendar="clients")
    assert (done.code, done.outputs["applied"]) == (0, "3"), done.log
    assert sorted(post["text"].strip() for post in sandbox.posts()) == ["New", "One", "Two"]


def test_a_repository_that_does_not_answer_is_asked_again(
    step: Run, repo: Repo, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit(CALENDAR)
    remote, away = repo.remote, repo.remote.with_name("away.git")
    remote.rename(away)
    back = SimpleNamespace(sleep=lambda _: away.rename(remote))
    monkeypatch.setattr("publer_sync.action.git.time", back)
    done = step("apply")
    assert (done.code, len(sandbox.posts())) == (0, 2), done.log
    assert "git fetch failed; again in 1 s" in done.log


def test_nothing_is_applied_if_git_cannot_tell_the_newest_commit(
    step: Run, repo: Repo, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit(CALENDAR)
    repo.git("remote", "set-url", "origin", str(repo.remote / "gone"))
    slept: list[float] = []
    monkeypatch.setattr("publer_sync.action.git.time", SimpleNamespace(sleep=slept.append))
    done = step("apply")
    assert (done.code, done.outputs["exit-code"]) == (1, "1")
    assert "::error title=github::git fetch failed" in done.log
    assert slept == [1, 4]
    assert sandbox.requests == []


def test_a_checkout_without_git_is_applied_with_a_warning(step: Run, repo: Repo, sandbox: Sandbox) -> None:
    repo.commit(CALENDAR)
    (repo.work / ".git").rename(repo.work / "elsewhere")
    done = step("apply", state="state.json")
    assert done.code == 0
    assert "::warning title=publer-sync::without a git checkout it is unknown whether" in done.log
    assert len(sandbox.posts()) == 2


@pytest.mark.parametrize("is_here", [True, False])
def test_a_commit_is_fetched_unless_it_is_here(monkeypatch: pytest.MonkeyPatch, is_here: bool) -> None:
    asked: list[str] = []

    def answer(word: str, *_: str, **options: object) -> str | None:
        asked.append(word)
        return "" if is_here or word == "fetch" else None

    monkeypatch.setattr("publer_sync.action.git.git", answer)
    fetch("a" * 40)
    assert asked == (["cat-file"] if is_here else ["cat-file", "fetch"])


def test_git_is_logged_in_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the checkout's own login where it kept one, otherwise with the action's token: never with two."""
    seen: list[list[str]] = []

    def answer(asked: Asked) -> Reply:
        seen.append(asked.headers.get_all("Authorization") or [])
        return Reply(status=404)

    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    monkeypatch.setattr(os, "environ", {**clean, "HOME": str(tmp_path)})
    monkeypatch.chdir(tmp_path)
    subprocess.run(["git", "init", "-q"], check=True, env=os.environ)
    with serving(answer) as server:
        url = server.url
        event = Event.of({"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "o/r", "GITHUB_SERVER_URL": url})
        header = f"http.{url}/.extraheader"
        subprocess.run(["git", "config", header, "AUTHORIZATION: basic own"], check=True, env=os.environ)
        log_in(event, TOKEN)
        git("ls-remote", f"{url}/o/r")
        subprocess.run(["git", "config", "--unset", header], check=True, env=os.environ)
        log_in(event, TOKEN)
        git("ls-remote", f"{url}/o/r")
    assert seen[0] == ["basic own"]
    assert seen[-1] == [f"basic {workflow.basic(TOKEN)}"]


@each_of(
    "what, asks, words",
    [
        ("newest", 3, ("fetch", "main")),
        ("default_branch", 3, ("ls-remote", "HEAD")),
        ("switch", 1, ("checkout", "main")),
    ],
)
def test_git_is_asked_again_only_where_it_reads_from_the_remote(
    capsys: pytest.CaptureFixture[str], what: str, asks: int, words: tuple[str, str]
) -> None:
    asked: list[tuple[str, ...]] = []
    slept: list[float] = []

    def refused(*given: str, seconds: float) -> None:
        asked.append(given)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("publer_sync.action.git.git", refused)
        patched.setattr("publer_sync.action.git.time", SimpleNamespace(sleep=slept.append))
        with pytest.raises(GitHubError, match=f"git {words[0]} failed"):
            getattr(actions_git, what)(*(["main"] if what != "default_branch" else []))
    assert (len(asked), slept) == (asks, [1.0, 4.0][: asks - 1])
    assert {each[0] for each in asked} == {words[0]}
    assert asked[0][-1].endswith(words[1])
    told = [f"publer-sync: git {words[0]} failed; again in {wait} s" for wait in (1, 4)]
    assert capsys.readouterr().out.splitlines() == told[: asks - 1]


@each_of(
    "told, branch",
    [
        ("ref: refs/heads/live\tHEAD\nabc\tHEAD", "live"),
        ("abc\tHEAD", ""),
        ("ref: refs/heads/\tHEAD", ""),
        ("ref: refs/heads/a\tb\tHEAD", ""),
        ("rex: refs/heads/live\tHEAD", ""),
    ],
)
def test_the_default_branch_is_that_of_the_remotes_head(told: str, branch: str) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("publer_sync.action.git.git", lambda *_, **__: told)
        if branch:
            assert actions_git.default_branch() == branch
        else:
            with pytest.raises(GitHubError, match="does not say which branch"):
                actions_git.default_branch()


@each_of("token, there, number", [("t", None, 1), (None, None, 0), ("t", "a header", 0)])
def test_git_logs_in_where_the_checkout_kept_no_login(
    token: str | None, there: str | None, number: int
) -> None:
    event = cast("Any", SimpleNamespace(server="https://github.com"))
    names = [f"GIT_CONFIG_{kind}_{each}" for kind in ("KEY", "VALUE") for each in (0, 2)]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("publer_sync.action.git.git", lambda *_, **__: there)
        for name in ("GIT_CONFIG_COUNT", *names):
            patched.setenv(name, "")
        actions_git.log_in(event, token)
        assert os.environ["GIT_CONFIG_COUNT"] == ("1" if number else "")
        patched.setenv("GIT_CONFIG_COUNT", "2")
        actions_git.log_in(event, token)
        assert os.environ["GIT_CONFIG_COUNT"] == str(2 + number)
        assert os.environ["GIT_CONFIG_KEY_2"] == ("http.https://github.com/.extraheader" if number else "")
