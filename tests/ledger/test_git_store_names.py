"""The ledger on a branch: the names of calendars, workspaces and branches, and those that could lead elsewhere."""

from __future__ import annotations

import pytest

from publer_sync.ledger.store import open_store
from publer_sync.values.errors import StateError
from tests.ledger.builders import SERVICE, QuickClock, a_state
from tests.ledger.git_world import BRANCH, World, git

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    "calendar", ["calendar", "clients/acme", "a b/ö “q”", 'we"ird', "-x", "a*[b]?", "a.json", "v1.lock.d"]
)
def test_calendars_of_any_name_lie_side_by_side(world: World, calendar: str) -> None:
    world.apply("other", "other")
    world.apply("x", calendar)
    assert world.store(calendar).read() == a_state("x", calendar)
    assert world.store("other").read() == a_state("other", "other")
    names = git(world.remote, "ls-tree", "-rz", "--name-only", BRANCH).rstrip("\0").split("\0")
    assert names == sorted((f"ws1/{calendar}.json", "ws1/other.json"), key=str.encode)


@pytest.mark.parametrize(
    "calendar",
    [
        "", "/", "/etc/x", "..", "../x", "a/../b", "a//b", "a/", ".", "a\nb", "a\0b", "a\x1b[31m", "x.lock", "a.LOCK/b",
        ".git/x", ".GIT", "a\\b", "c:x", " ", "a.json/b", "\ud800", "x" * 300,
    ],
)  # fmt: skip
def test_a_name_that_could_lead_elsewhere_is_refused(world: World, calendar: str) -> None:
    with pytest.raises(StateError, match="cannot be a file name in the ledger") as caught:
        world.store(calendar)
    assert caught.value.code == "state.name"
    assert caught.value.message.isprintable()


@pytest.mark.parametrize("workspace", ["", "..", "a/b", ".git"])
def test_a_workspace_cannot_lead_elsewhere_either(world: World, workspace: str) -> None:
    with pytest.raises(StateError, match="cannot be a file name"):
        open_store(
            f"git:{BRANCH}",
            top=world.clone,
            service=SERVICE,
            workspace_id=workspace,
            calendar="c",
            clock=QuickClock(),
        )


@pytest.mark.parametrize(
    "branch",
    [
        "",
        "a..b",
        "a b",
        "x.lock",
        "a~1",
        "a:b",
        "/x",
        "@{u}",
        "a\0b",
        "a\x1b",
        "HEAD",
        "head",
        "refs/heads/x",
    ],
)
def test_a_branch_that_git_does_not_take_is_refused(world: World, branch: str) -> None:
    store = open_store(
        f"git:{branch}",
        top=world.clone,
        service=SERVICE,
        workspace_id="ws1",
        calendar="c",
        clock=QuickClock(),
    )
    with pytest.raises(StateError, match="does not accept") as caught:
        store.read()
    assert caught.value.code == "state.place"
    assert caught.value.message.isprintable()


def test_a_branch_that_looks_like_an_option_is_only_a_name(world: World) -> None:
    store = open_store(
        "git:--force", top=world.clone, service=SERVICE, workspace_id="ws1", calendar="c", clock=QuickClock()
    )
    store.write(a_state())
    assert git(world.remote, "for-each-ref", "--format=%(refname)", "refs/heads/--force")


def test_a_place_that_starts_with_git_is_a_branch(world: World) -> None:
    store = open_store(
        f"git:{BRANCH}", top=world.clone, service=SERVICE, workspace_id="w", calendar="c", clock=QuickClock()
    )
    assert store.place == f"git:{BRANCH}"
    with store.lock(0):
        store.write(a_state())
    assert store.read() == a_state()
