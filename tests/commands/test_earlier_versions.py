"""States that earlier versions wrote are taken over in every place, with all that they manage and hold.

Those in `earlier_versions` were written by an apply and a hold of commit 2a48764a (format 1, which has no holds), 362e9bd5 (2) and
4c1f6097 (3). Only the address of the service, Publer's ids and the times are put in the place of those of that day.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.ledger import state
from tests.ledger.git_world import BY, git
from tests.system.worlds import DAY, FIVE, HOUR, T, Want

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.system.worlds import World

pytestmark = pytest.mark.story

ONE, TWO, THREE = (
    Want("one", "x", T, "One"),
    Want(None, "facebook", T + DAY, "Two"),
    Want("three", "x", T + 2 * DAY, "Three"),
)
DOCUMENTS = {
    int(path.stem.rpartition("-")[2]): path.read_text(encoding="utf-8")
    for path in (Path(__file__).parent / "earlier_versions").glob("*.json")
}
WRITTEN = datetime(2026, 12, 30, 9, tzinfo=UTC)
"""The time of the first post in them."""


def document(world: World, number: int) -> str:
    """As that version would have written it for these posts, which are put into Publer where no hold took them out."""
    text, _, _ = DOCUMENTS[number].partition(',\n"checksum": ')
    data = json.loads(DOCUMENTS[number])
    assert data["format_version"] == number
    text = text.replace(data["service"], world.sandbox.url)
    for post in data["posts"]:
        copy = post["copies"][0] if number == 3 else post
        if not copy.get("held"):
            at = datetime.fromisoformat(copy["slot"]) - WRITTEN + T
            made = world.sandbox.add(account_id=post["account"], at=at, text=copy["sent"]["text"])
            text = text.replace(copy["post_id"], made)
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", lambda found: _moved(found[0]), text)
    return text + state._end(text)


def _moved(moment: str) -> str:
    return f"{datetime.fromisoformat(moment) - WRITTEN + T:%Y-%m-%dT%H:%M:%SZ}"


def in_the_folder(world: World, text: str) -> None:
    world.settings()
    (world.top / ".publer-sync").mkdir()
    (world.top / ".publer-sync" / "state.json").write_text(text, encoding="utf-8")


def in_a_repository(world: World, text: str) -> None:
    git(world.home, "init", "-q", "--template=", "-b", "main")
    in_the_folder(world, text)


def in_a_file(world: World, text: str) -> None:
    world.settings(state="../state.json")
    (world.home / "state.json").write_text(text, encoding="utf-8")


def on_a_branch(world: World, text: str) -> None:
    git(world.home, "init", "-q", "--bare", "remote.git")
    git(world.home, "init", "-q", "--template=", "-b", "main", "clone")
    clone = world.home / "clone"
    git(clone, "remote", "add", "origin", "../remote.git")
    folder = clone / FIVE.workspace_id
    folder.mkdir()
    (folder / "calendar.json").write_text(text, encoding="utf-8")
    git(clone, "add", "-A")
    git(clone, *BY, "commit", "-qm", "the state of an earlier version")
    git(clone, "push", "-q", "origin", "HEAD:refs/heads/publer-sync-state")
    git(world.home, "init", "-q", "--template=", "-b", "main")
    git(world.home, "remote", "add", "origin", "remote.git")
    world.settings(state="git:publer-sync-state")


@pytest.mark.parametrize(
    "put",
    [in_the_folder, in_a_repository, in_a_file, pytest.param(on_a_branch, marks=pytest.mark.slow)],
)
@pytest.mark.parametrize("number", sorted(DOCUMENTS))
def test_it_is_taken_over_with_all_that_it_manages_and_holds(
    empty_world: World, number: int, put: Callable[[World, str], None]
) -> None:
    world, held = empty_world, 2 if number > 1 else 0
    put(world, document(world, number))
    world.write(ONE, TWO, THREE)
    plan = world.plan()
    assert (plan["changes"], plan["summary"]["unchanged"], plan["summary"]["held"]) == ([], 3 - held, held)
    world.sandbox.reset_log()
    assert world.apply().code == 0
    assert world.writes() == []
    if held:
        assert world.run("release", world.top, "--yes").code == 0
    world.write(ONE, Want(None, "facebook", T + DAY + HOUR, "Two"))  # moved, and one is removed
    assert texts_ahead(world) == ["One", "Three", "Two"]
    assert apply_all(world) == 0
    assert texts_ahead(world) == ["One", "Two"]
    assert world.plan()["changes"] == []


def apply_all(world: World) -> int:
    """The first of each kind of write goes alone."""
    return max(world.apply().code for _ in range(2))


def texts_ahead(world: World) -> list[Any]:
    world.sandbox.settle()
    return sorted(post["text"] for post in world.sandbox.posts() if post["state"] == "scheduled")
