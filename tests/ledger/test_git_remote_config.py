"""Which remote is meant, and which settings of the user's git reach it: read from lists, without git."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from publer_sync.ledger import git_remote
from publer_sync.ledger.git_command import GitResult
from publer_sync.ledger.git_remote import (
    Fetched,
    OtherRemote,
    Repository,
    _is_name,
    _is_transport,
    _refuse_peoples_branch,
    _transport_variables,
    _write_protected,
)
from publer_sync.ledger.user_git import config_entries, remote_of
from publer_sync.values.errors import StateError

if TYPE_CHECKING:
    from pathlib import Path

MAIN = "main"
ORIGIN, WORK, FORK = (("remote." + name + ".url", "u") for name in ("origin", "work", "fork"))


@pytest.mark.parametrize(
    ("config", "remote"),
    [
        ((ORIGIN, WORK, ("branch.main.remote", "work")), "work"),
        ((ORIGIN, WORK, ("branch.other.remote", "work")), "origin"),
        ((ORIGIN, WORK, ("branch.main.remote", "gone")), "origin"),
        ((WORK, ORIGIN), "origin"),
        ((WORK,), "work"),
        ((WORK, ("remote..url", "u"), ("remote.x.pushurl", "u")), "work"),
    ],
)
def test_the_upstreams_remote_comes_first_then_origin_then_the_only_one(
    config: tuple[tuple[str, str], ...], remote: str
) -> None:
    assert remote_of(config, MAIN) == remote


@pytest.mark.parametrize(
    ("config", "message", "fix"),
    [
        ((), "has no remote", "Add one (git remote add origin URL)"),
        ((WORK, FORK), "could be on any of several remotes: fork, work", "Name one of them origin"),
    ],
)
def test_where_no_remote_is_meant_for_sure_none_is_guessed(
    config: tuple[tuple[str, str], ...], message: str, fix: str
) -> None:
    with pytest.raises(StateError, match=message) as raised:
        remote_of(config, MAIN)
    assert raised.value.code == "state.remote"
    assert str(raised.value.hint).startswith(fix)


@pytest.mark.parametrize(
    ("key", "taken"),
    [
        ("http.proxy", True),
        ("http.https://example.com.extraheader", True),
        ("credential.helper", True),
        ("url.git@example.com:.insteadof", True),
        ("core.sshcommand", True),
        ("core.hookspath", False),
        ("core.fsmonitor", False),
        ("remote.origin.proxy", True),
        ("remote.origin.fetch", False),
        ("remote.work.proxy", False),
        ("user.name", False),
        ("alias.push", False),
    ],
)
def test_only_what_it_takes_to_reach_the_remote_is_taken_over(key: str, taken: bool) -> None:
    """Hooks and aliases of the user's would run as ours."""
    assert _is_transport(key, "origin") is taken


def test_a_key_without_a_value_means_true() -> None:
    assert config_entries(b"a.b\nc\nd\0http.x\0\0") == (("a.b", "c\nd"), ("http.x", "true"))


@pytest.mark.parametrize(
    ("code", "out", "ref"),
    [
        (0, b"ref: refs/heads/main\tHEAD\nabc\tHEAD\n", "refs/heads/main"),
        (0, b"abc\tHEAD\n", None),
        (0, b"", None),
        (128, b"ref: refs/heads/main\tHEAD\n", None),
    ],
)
def test_the_default_branch_is_the_one_that_the_remote_names(code: int, out: bytes, ref: str | None) -> None:
    remote: Any = SimpleNamespace(remote="origin", _over_network=lambda *_: GitResult(code, out, ""))
    assert Repository.default_ref(cast("Repository", remote)) == ref


def test_git_trusts_the_folders_that_the_user_trusts_and_no_other(tmp_path: Path) -> None:
    _write_protected((("safe.directory", "/srv/a"), ("remote.origin.url", "/srv/b")), tmp_path)
    assert (tmp_path / "protected").read_text() == '[safe]\ndirectory = "/srv/a"\n'


@pytest.mark.parametrize(
    ("branch", "head", "default", "told"),
    [
        ("state", "main", "main", ""),
        ("main", "main", "", "main, the branch that is checked out"),
        ("trunk", "main", "trunk", "trunk, the remote's default branch"),
        ("publer-sync-state", "main", "publer-sync-state", ""),
        ("publer-sync-state", "publer-sync-state", "main", "the branch that is checked out"),
    ],
)
def test_a_branch_that_people_work_on_keeps_no_state(branch: str, head: str, default: str, told: str) -> None:
    """A host may have made the branch of the state its default one."""
    repository: Any = SimpleNamespace(
        ref=f"refs/heads/{branch}", default_ref=lambda: f"refs/heads/{default}" if default else None
    )
    refused = ""
    try:
        _refuse_peoples_branch(repository, f"refs/heads/{head}")
    except StateError as error:
        refused = error.message
    assert (told in refused, bool(refused)) == (True, bool(told))


@pytest.mark.parametrize(
    ("branch", "taken"),
    [
        ("state", True),
        ("clients/state-1", True),
        ("Grüße", True),
        ("a..b", False),
        ("HEAD", False),
        ("head", False),
        ("refs/heads/state", False),
        ("state\n", False),
    ],
)
def test_a_branch_has_a_name_that_people_can_mean_and_git_takes(branch: str, taken: bool) -> None:
    theirs: Any = SimpleNamespace(takes=lambda ref: ".." not in ref)
    assert _is_name(branch, f"refs/heads/{branch}", theirs) is taken


def test_our_repository_gets_the_first_address_and_only_what_reaches_it(tmp_path: Path) -> None:
    config = (
        ("remote.origin.url", "https://one.example"),
        ("remote.origin.url", "https://two.example"),
        ("remote.fork.url", "https://fork.example"),
        ("remote.origin.fetch", "+refs/heads/*"),
        ("http.proxy", "http://proxy.example"),
        ("core.hookspath", "/srv/hooks"),
        ("commit.gpgsign", "true"),
    )
    variables = _transport_variables(config, "origin", tmp_path)
    names = range(int(variables["GIT_CONFIG_COUNT"]))
    assert {variables[f"GIT_CONFIG_KEY_{n}"]: variables[f"GIT_CONFIG_VALUE_{n}"] for n in names} == {
        "remote.origin.url": "https://one.example",
        "http.proxy": "http://proxy.example",
    }
    assert len(names) == 2


NO, UNREACHABLE = GitResult(128, b"", "no such ref"), GitResult(128, b"", "Could not resolve host")


class Answers:
    """A branch whose remote says this to a fetch of both refs, to a list of them, and to a fetch of those that it lists."""

    ref, copy, remote, patience = "refs/heads/state", "refs/publer-sync/state", "origin", 20.0

    def __init__(self, *answers: GitResult, seen: str = "") -> None:
        self.answers, self.seen = [*answers], seen
        self.fetched: list[tuple[str, ...]] = []
        self.git = SimpleNamespace(output=lambda *_: self.seen.encode())
        self.scratch = SimpleNamespace(theirs=None)

    def _fetch_tips(self, *refs: str) -> GitResult:
        self.fetched.append(refs)
        return self.answers.pop(0)

    def _over_network(self, *_: str) -> GitResult:
        return self.answers.pop(0)


def test_there_is_no_branch_only_where_the_remote_says_so() -> None:
    """Otherwise a network that is down would let an apply start over, and send each post once more."""
    nothing: Any = Answers(NO, GitResult(0, b"", ""))
    assert Repository.fetch(nothing) == Fetched(None, None)
    down: Any = Answers(UNREACHABLE, UNREACHABLE)
    with pytest.raises(StateError, match="Could not resolve host"):
        Repository.fetch(down)
    cut_off: Any = Answers(NO, GitResult(0, b"abc\trefs/publer-sync/state\n", ""), UNREACHABLE)
    with pytest.raises(StateError, match="Could not resolve host"):
        Repository.fetch(cut_off)


def test_of_a_branch_that_was_deleted_the_ref_beside_it_is_found() -> None:
    listed = GitResult(0, b"abc\trefs/publer-sync/state\n", "")
    left: Any = Answers(NO, listed, GitResult(0, b"", ""), seen="TIP old\nSEENrefs/publer-sync/state abc")
    left.seen = left.seen.replace("TIP", git_remote._TIP).replace("SEEN", git_remote._SEEN)
    assert Repository.fetch(left) == Fetched(None, "abc")
    assert left.fetched == [("refs/heads/state",), ("refs/publer-sync/state",)]


@pytest.mark.parametrize(("code", "leads"), [(0, True), (1, False)])
def test_whether_one_commit_led_to_another_is_told_only_once_the_history_is_there(
    code: int, leads: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a branch would pass for one that was set back, or for one that has it all."""
    answers: list[GitResult] = []
    there = SimpleNamespace(git=SimpleNamespace(run=lambda *_, **__: answers.pop(0)), remote="origin")
    monkeypatch.setattr(git_remote, "open_scratch", lambda *_: there)
    branch: Any = Answers()
    fetched, told = GitResult(0, b"", ""), GitResult(code, b"", "")
    answers[:] = [fetched, told]
    assert Repository.leads_to(branch, "a", "b") is leads
    for cut_off in ([UNREACHABLE, told], [fetched, UNREACHABLE]):
        answers[:] = cut_off
        with pytest.raises(StateError, match="Could not resolve host"):
            Repository.leads_to(branch, "a", "b")


def test_the_ref_beside_a_branch_moves_with_it_or_neither_does() -> None:
    said: list[tuple[str, ...]] = []

    class Pushed(Answers):
        def _over_network(self, *words: str) -> GitResult:
            said.append(words)
            return GitResult(0, b"", "")

    branch: Any = Pushed()
    Repository.push(branch, "abc", copy="old")
    Repository.push(branch, "abc")
    both, alone = said
    assert both[-2:] == ("abc:refs/heads/state", "abc:refs/publer-sync/state")
    assert {"--atomic", "--force-with-lease=refs/publer-sync/state:old"} <= {*both}
    assert alone == ("push", "--porcelain", "--", "origin", "abc:refs/heads/state")


def test_a_part_at_another_remote_is_read_where_it_has_one() -> None:
    there: Any = SimpleNamespace(blobs=lambda ids: [f"content of {ids[0]}".encode()])
    other = OtherRemote(there, {"ws1/calendar.json": "id-1"})
    assert other.content("ws1/calendar.json") == b"content of id-1"
    assert other.content("ws1/other.json") is None
