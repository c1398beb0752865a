"""How git is run, and what it says, read and told to people."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from publer_sync.ledger.git_command import Git, GitResult
from publer_sync.values.errors import StateError
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

REFUSED = b"To https://example.com/repository\n!\tabc:refs/heads/state\t[remote rejected] (protected)\nDone\n"
RACED = b"To https://example.com/repository\n!\tabc:refs/heads/state\t[rejected] (fetch first)\nDone\n"
PUSHED = b"To https://example.com/repository\n*\tabc:refs/heads/state\t[new branch]\nDone\n"


@pytest.mark.parametrize(
    ("said", "why", "by_remote"),
    [
        (REFUSED, "[remote rejected] (protected)", True),
        (RACED, "[rejected] (fetch first)", False),
        (PUSHED, "", False),
        (b"", "", False),
    ],
)
def test_a_push_that_the_remote_refused_is_told_from_one_that_came_too_late(
    said: bytes, why: str, by_remote: bool
) -> None:
    result = GitResult(1, said, "")
    assert (result.rejection, result.rejected_by_remote) == (why, by_remote)


@each_of(
    ("out", "err", "another"),
    [
        (b"To x\n!\ta:refs/heads/state\t[rejected] (atomic push failed)\nDone\n", "", True),
        (b"To x\n!\ta:refs/copy\t[remote rejected] (hook declined)\nDone\n", "", True),
        (b"", "fatal: the receiving end does not support --atomic push", True),
        (REFUSED, "", False),
        (PUSHED, "", False),
        (b"", "", False),
    ],
)
def test_a_branch_that_was_refused_for_what_was_pushed_with_it_may_go_alone(
    out: bytes, err: str, another: bool
) -> None:
    assert GitResult(1, out, err).refused_another("refs/heads/state") is another


@pytest.mark.parametrize(
    ("err", "told", "hint"),
    [
        ("fatal: no such branch\nhint: try another", "fatal: no such branch", "Look."),
        (
            "remote: fatal: No space left on device",
            "No space left",
            "Make room on the disk of the remote. Look.",
        ),
        ("fatal: No space left on device", "No space left", "Make room on the disk of this machine. Look."),
        ("fatal: cannot read https://me:secret@example.com/a", "https://…@example.com/a", "Look."),
        ("fatal: one\n\nfatal: two", "the state: fatal: one; fatal: two", "Look."),
        ("", "no reason given, exit code 1", "Look."),
    ],
)
def test_what_git_said_is_told_without_advice_and_logins(err: str, told: str, hint: str) -> None:
    error = GitResult(1, b"", err).error("fetch the state", "Look.")
    assert error.message.startswith("git could not fetch the state: ")
    assert told in error.message
    assert "hint:" not in error.message
    assert "secret" not in error.message
    assert error.hint == hint


@pytest.mark.parametrize(
    ("version", "taken"), [("2.32.0", True), ("3.0", True), ("2.31.9", False), ("1.99", False), ("?", False)]
)
def test_a_git_that_is_too_old_is_refused(
    version: str, taken: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("publer_sync.ledger.git_command._version", lambda _: f"git version {version}")
    if taken:
        assert Git.of(tmp_path).cwd == tmp_path
        return
    with pytest.raises(StateError, match=r"needs git 2\.32 or newer") as raised:
        Git.of(tmp_path)
    assert raised.value.code == "state.git"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no sessions")
def test_git_runs_in_a_session_of_its_own(tmp_path: Path) -> None:
    """Ctrl+C must not end a push halfway."""
    told = Git(tmp_path, os.environ).run("-c", "alias.session=!ps -o sid= -p $$", "session")
    assert told.ok
    assert int(told.out) != os.getsid(0)


def test_git_is_waited_for_also_where_the_system_does_not_tell_of_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "pidfd_open", raising=False)
    git = Git.of(tmp_path)
    assert git.run("version").out.startswith(b"git version")
    with pytest.raises(StateError, match=r"did not finish within 0\.05 seconds"):
        git.run("-c", "alias.late=!sleep 60", "late", seconds=0.05)
