"""Whether a state could be pushed is asked without pushing anything."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.ledger.git_command import GitResult
from publer_sync.ledger.git_remote import Fetched
from publer_sync.ledger.git_store import GitStore
from publer_sync.values.errors import StateError
from tests.ledger.builders import SERVICE, QuickClock

if TYPE_CHECKING:
    from pathlib import Path

PROTECTED = b"To url\n!\tabc:refs/heads/state\t[remote rejected] (protected branch)\nDone\n"


def a_store(top: Path, answer: GitResult, tip: str | None) -> tuple[GitStore, list[tuple[str, ...]]]:
    pushed: list[tuple[str, ...]] = []

    def push(*words: str) -> GitResult:
        pushed.append(words)
        return answer

    store = GitStore("state", top=top, service=SERVICE, workspace_id="w", calendar="c", clock=QuickClock())
    repository: Any = SimpleNamespace(
        push=push,
        fetch=lambda: Fetched(tip, tip),
        tree=lambda _: {},
        commit=lambda parent, *_: f"new on {parent}",
    )
    store._branch._opened = repository
    return store, pushed


@pytest.mark.parametrize(("tip", "commit"), [("abc", "abc"), (None, "new on None")])
def test_what_is_there_is_pushed_for_show_or_an_empty_commit_where_there_is_no_branch(
    tmp_path: Path, tip: str | None, commit: str
) -> None:
    store, pushed = a_store(tmp_path, GitResult(0, b"", ""), tip)
    store.check_writable()
    assert pushed == [(commit, "--dry-run")]


def test_a_branch_that_this_login_may_not_push_to_is_told(tmp_path: Path) -> None:
    store, _ = a_store(tmp_path, GitResult(1, PROTECTED, ""), "abc")
    with pytest.raises(StateError, match="protected branch") as raised:
        store.check_writable()
    assert "check its protection rules" in str(raised.value.hint)
