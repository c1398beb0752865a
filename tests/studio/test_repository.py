"""Where the repository of a calendar stands: which branch is the default one, which remote is used, and where a pull request is opened."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from publer_sync.machine.tracked import GitRun
from publer_sync.studio.repository import CalendarRepository, lines_of_run
from tests.studio.repositories import committed, git
from tests.tables import each_of


def standing(**given: Any) -> CalendarRepository:
    """A repository of which only this is known."""
    usual: dict[str, Any] = dict.fromkeys(("branch", "commit", "remote", "default"), "")
    return CalendarRepository(**{"root": Path(), "folder": Path(), "refs": frozenset(), **usual, **given})


@each_of(
    "branch, default, on_default",
    [
        ("main", "", True),
        ("master", "", True),
        ("master", "trunk", True),
        ("trunk", "trunk", True),
        ("trunk", "", True),
        ("spring", "main", False),
        ("posts-2027-02-01", "", False),
        ("", "main", True),
    ],
)
def test_nothing_is_committed_on_what_may_be_the_default_branch(
    branch: str, default: str, on_default: bool
) -> None:
    assert standing(branch=branch, default=default).on_default is on_default


@each_of(
    "refs, name",
    [
        ("main", "posts-2027-02-01"),
        ("main POSTS-2027-02-01", "posts-2027-02-01-2"),
        ("posts-2027-02-01/more posts-2027-02-01-2", "posts-2027-02-01-3"),
        ("posts-2027-02-01-3 posts-2027-02-011/x", "posts-2027-02-01"),
    ],
)
def test_a_new_branch_has_a_name_that_none_has_here_or_at_the_remote(refs: str, name: str) -> None:
    assert standing(refs=frozenset(refs.split())).free_branch("2027-02-01") == name


def test_it_is_read_as_git_has_it(tmp_path: Path) -> None:
    """Its config, its branch and its refs are written as git itself would, which is quicker."""
    assert CalendarRepository.of(tmp_path) is None
    inner = tmp_path / ".git"
    (tmp_path / "a.txt").write_text("a")
    commit = git(committed(tmp_path, "First"), "rev-parse", "HEAD").strip()
    config = (inner / "config").read_text()

    def remotes(*names: str, push: str = "") -> CalendarRepository:
        told = "".join(f'[remote "{name}"]\n\turl = ../{name}.git\n' for name in names)
        (inner / "config").write_text(f"{config}{told}[remote]\n\tpushDefault = {push}\n")
        found = CalendarRepository.of(tmp_path)
        assert found is not None
        return found

    def refs(*names: str) -> None:
        (inner / "packed-refs").write_text("".join(f"{commit} refs/{name}\n" for name in sorted(names)))

    here = remotes()
    assert (here.root, here.folder, here.branch, here.commit) == (tmp_path, inner, "main", commit)
    assert (here.remote, {*here.refs}, here.default, here.pushed) == ("", {"main"}, "main", False)
    assert [
        remotes(*names.split(), push=push).remote
        for names, push in (("a b", ""), ("a origin", ""), ("a origin", "a"), ("a origin", "gone"))
    ] == ["a", "origin", "a", "origin"]

    refs("remotes/team/trunk", "remotes/team/spring", "remotes/other/x", "heads/summer/HEADS")
    here = remotes("team")
    assert here.refs == {"main", "trunk", "spring", "summer/HEADS", "refs/remotes/other/x"}
    assert here.default == "main"
    (inner / "refs" / "remotes" / "team").mkdir(parents=True)
    (inner / "refs" / "remotes" / "team" / "HEAD").write_text("ref: refs/remotes/team/trunk\n")
    (inner / "HEAD").write_text("ref: refs/heads/spring\n")
    here = remotes("team")
    assert (here.branch, here.commit, here.default, here.pushed) == ("spring", "", "trunk", True)
    assert here.refs == {"main", "trunk", "spring", "summer/HEADS", "refs/remotes/other/x"}
    assert here.waiting == 0
    (inner / "HEAD").write_text(f"{commit}\n")
    here = remotes("team")
    assert (here.branch, here.commit, here.pushed, here.address()) == ("", commit, False, "")
    (inner / "HEAD").write_text("ref: refs/heads/only\n")
    (inner / "refs" / "heads" / "main").rename(inner / "refs" / "heads" / "only")
    refs()
    here = remotes()
    assert (here.branch, {*here.refs}, here.default, here.on_default) == ("only", {"only"}, "", True)


def test_a_stamp_tells_of_another_branch_or_setting(tmp_path: Path) -> None:
    (tmp_path / "refs" / "heads").mkdir(parents=True)
    here = CalendarRepository(tmp_path, tmp_path, "main", "", "", frozenset(), "main")
    stamps = [here.stamp()]
    for name in ("HEAD", "packed-refs", "config", "refs/heads/main"):
        (tmp_path / name).write_text("")
        stamps.append(here.stamp())
    assert len({*stamps}) == len(stamps)
    (tmp_path / "commondir").write_text("..")
    assert here.stamp() == ()


@each_of(
    ("code", "out", "lines"),
    [
        (0, b"", []),
        (0, b"one\n", ["one"]),
        (0, b"one\n\ntwo", ["one", "two"]),
        (0, "bl\xe5\n".encode(), ["bl\xe5"]),
        (0, b"bl\xe5\n", [os.fsdecode(b"bl\xe5")]),
        (128, b"fatal\n", []),
    ],
)
def test_what_git_says_counts_only_where_it_did_as_it_was_told(
    code: int, out: bytes, lines: list[str]
) -> None:
    assert lines_of_run(GitRun(code, out, "")) == lines


def test_without_a_remote_there_is_no_address() -> None:
    assert standing(branch="spring").address() == ""


PULLED = "https://{}/team/calendar/new/spring"


def test_the_address_of_the_pull_request_is_that_of_the_service(tmp_path: Path) -> None:
    """Or what it said itself when it got the branch."""
    git(tmp_path, "init", "--quiet")
    for url, host, address in (
        (
            "git@github.com:team/calendar.git",
            "github.com",
            "https://github.com/team/calendar/compare/spring/x?expand=1",
        ),
        (
            "https://me:pass@gitlab.com/team/sub/calendar/",
            "gitlab.com",
            "https://gitlab.com/team/sub/calendar/-/merge_requests/new?merge_request%5Bsource_branch%5D=spring%2Fx",
        ),
        (
            "https://bitbucket.org/team/calendar",
            "bitbucket.org",
            "https://bitbucket.org/team/calendar/pull-requests/new?source=spring%2Fx",
        ),
        (
            "ssh://git@codeberg.org:22/team/calendar.git",
            "codeberg.org",
            "https://codeberg.org/team/calendar/compare/trunk...spring/x",
        ),
        ("https://git.example.com/team/calendar.git", "git.example.com", ""),
        ("../calendar", "", ""),
    ):
        config = tmp_path / ".git" / "config"
        config.write_text(f'[core]\nrepositoryformatversion = 0\n[remote "origin"]\nurl = {url}\n')
        here = standing(root=tmp_path, branch="spring/x", remote="origin", default="trunk")
        assert here.address() == address
        assert replace(here, branch="").address() == ""
        if host == "codeberg.org":
            unknown = standing(root=tmp_path, branch="spring/x", remote="origin")
            assert unknown.address() == address.replace("trunk", "main")
        told = f"remote: \nremote: Create one:\nremote:   {PULLED.format(host)}    \nremote: https://x/\n"
        assert here.address(told) == (PULLED.format(host) if host else "")
        assert here.address("remote: https://elsewhere.example/steal\n") == address
