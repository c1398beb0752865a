"""What is pushed to a remote with git, and what is read of it: each question once. `test_git_remote.py` asks in odd repositories."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from publer_sync.ledger.git_remote import Fetched, Repository, open_repository
from publer_sync.ledger.history import History
from publer_sync.ledger.user_git import UserGit
from publer_sync.values.errors import StateError
from tests.ledger.builders import QuickClock
from tests.ledger.git_world import BRANCH, BY, REF, World, git, make_world

if TYPE_CHECKING:
    from pathlib import Path

CLOCK = QuickClock()


@pytest.fixture
def cloned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    return make_world(tmp_path, monkeypatch)


def opened(cloned: World) -> Repository:
    return open_repository(UserGit(cloned.clone / "calendar"), BRANCH, 20)


def test_what_is_pushed_is_what_another_run_fetches(cloned: World) -> None:
    repository = opened(cloned)
    assert (repository.fetch(), repository.fetched_here("b")) == (Fetched(None, None), None)
    first = repository.commit(None, {"ws1/a.json": b"one\n", "b": b"two\n"}, "One", CLOCK, " Kari\n<x>")
    assert repository.push(first, copy="").ok
    second = repository.commit(first, {"b": None, "c": b""}, "Two", CLOCK)
    assert repository.push(second).ok
    by = git(cloned.remote, "log", "--format=%an|%ae|%cn", REF).splitlines()
    assert by == [
        "publer-sync|publer-sync@localhost|publer-sync",
        "Karix|noreply@publer-sync.invalid|publer-sync",
    ]
    assert repository.fetch() == Fetched(second, first)
    tree = repository.tree(second)
    assert [*tree] == ["c", "ws1/a.json"]
    assert repository.blobs([tree["ws1/a.json"], tree["c"]]) == [b"one\n", b""]
    git(cloned.clone, "fetch", "--quiet")
    found = repository.fetched_here("ws1/a.json")
    assert found is not None
    assert found[0] == b"one\n"
    assert timedelta(minutes=-1) < datetime.now(UTC) - found[1] < timedelta(hours=1)
    assert repository.fetched_here("b") is None
    git(cloned.remote, "update-ref", "-d", REF)
    assert repository.fetch() == Fetched(None, first), "the ref beside it stays"
    del repository
    assert not [*(cloned.root / "tmp").glob("*/objects")], "what was fetched goes with it"


@pytest.mark.parametrize(
    ("branch", "told"),
    [("a..b", "git does not accept"), ("main", "the branch that is checked out"), (BRANCH, "")],
)
def test_a_branch_that_cannot_keep_the_ledger_is_refused_before_anything_is_fetched(
    cloned: World, tmp_path: Path, branch: str, told: str
) -> None:
    where = cloned.clone if told else tmp_path
    with pytest.raises(StateError, match=told or "find the calendar's repository for git:") as caught:
        open_repository(UserGit(where), branch, 20)
    assert caught.value.code == ("state.place" if told else "state.git")


# --- the history of a shallow clone ---------------------------------------------------------------------------------


def test_what_a_shallow_clone_lacks_is_fetched_for_what_is_asked_and_changes_nothing_there(
    cloned: World,
) -> None:
    git(cloned.root, "clone", "--quiet", "--depth=1", cloned.url, "part")
    part = cloned.root / "part"
    git(part, *BY, "commit", "--quiet", "--allow-empty", "-m", "not pushed")
    history = History.of(part)
    assert history is not None
    first = git(cloned.clone, "rev-list", "--max-parents=0", "HEAD")
    assert (history.complete, history.leads_here(first), history.leads_here(history.head)) == (
        False,
        False,
        True,
    )
    assert (history.knows(first), history.contains(first), history.knows(history.head)) == (True, True, False)
    before = {name: git(cloned.clone, "rev-parse", f"{first}:{name}") for name in ("calendar", "README.md")}
    assert history.has_trees(first, before), "a file too, whose content is not fetched"
    assert not history.has_trees(history.head, before)
    assert not history.has_trees(history.head, {"calendar": "0" * 40})
    assert history.versions("README.md") == ["one", "two"]
    tip = history.default_tip()
    assert tip is not None
    assert history.led_to(tip, first)
    assert git(part, "rev-list", "--count", "HEAD") == "2"
    assert "publer-sync" not in git(part, "for-each-ref")


def test_a_history_that_cannot_be_fetched_is_an_error_with_a_fix(cloned: World) -> None:
    git(cloned.root, "clone", "--quiet", "--depth=1", cloned.url, "part")
    git(cloned.root / "part", "remote", "set-url", "origin", f"file://{cloned.root}/gone.git")
    history = History.of(cloned.root / "part")
    assert history is not None
    for ask in (lambda: history.versions("README.md"), lambda: history.knows("0" * 40), history.default_tip):
        with pytest.raises(StateError, match="git could not") as caught:
            ask()
        assert str(caught.value.hint).startswith("Check the network")
    assert (history.remote_refs, history.is_tip(), history.is_default("main")) == (None, False, False)
    assert not history.is_on_default(history.head)
