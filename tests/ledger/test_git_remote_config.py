"""Which remote is meant, and which settings of the user's git reach it: read from lists, without git."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from publer_sync.ledger.git_command import GitResult
from publer_sync.ledger.git_remote import Repository, _config_entries, _is_transport, _remote_of
from publer_sync.values.errors import StateError

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
    assert _remote_of(config, MAIN) == remote


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
        _remote_of(config, MAIN)
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
    assert _config_entries(b"a.b\nc\nd\0http.x\0\0") == (("a.b", "c\nd"), ("http.x", "true"))


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
