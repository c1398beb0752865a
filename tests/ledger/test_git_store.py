"""The ledger on a branch: what is pushed, what the next run reads of it, and what is refused as damaged."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from publer_sync.ledger.backup import Backup
from publer_sync.ledger.elsewhere import Elsewhere
from publer_sync.ledger.git_command import Git, GitResult
from publer_sync.ledger.repositories import Repositories
from publer_sync.ledger.state import dumps
from publer_sync.values.errors import StateError
from tests.builders import LATER, SOON, copy_of, ledger, shown, wanted
from tests.ledger.builders import a_state
from tests.ledger.git_world import BRANCH, World, git, raced

pytestmark = pytest.mark.slow


def test_what_one_run_pushes_the_next_one_reads(world: World) -> None:
    first = world.store()
    assert first.read() is None
    first.write(a_state("one"))
    first.write(a_state("two"))
    assert world.store().read() == a_state("two")
    assert world.state_text() + "\n" == dumps(a_state("two"))
    assert git(world.remote, "rev-list", "--count", BRANCH) == "2"


def test_the_branch_starts_with_nothing_but_the_state(world: World) -> None:
    world.store().write(a_state())
    assert git(world.remote, "ls-tree", "-r", "--name-only", BRANCH) == "ws1/calendar.json"
    assert git(world.remote, "fsck", "--strict", "--no-dangling") == ""


def _backup(text: str) -> Backup:
    return Backup((shown(SOON, text, id="p-1"),), "ws1", LATER)


def test_what_publer_had_before_goes_to_the_branch_without_its_words(world: World) -> None:
    store = world.store()
    store.read()
    where = store.back_up(_backup("Nobody's business"))
    store.write(a_state())
    assert where == f"git:{BRANCH} (ws1/before-first-apply.json)"
    document = json.loads(world.state_text("ws1/before-first-apply.json"))
    [post] = document["posts"]
    assert post.keys() == {"id", "account", "scheduled_at", "digest"}
    other = world.store("clients/acme")
    other.read()
    assert other.names_beside() == ["calendar"]
    assert other.managed_elsewhere().unreadable == {}


def test_calendars_that_begin_at_once_keep_one_list_of_what_publer_had(world: World) -> None:
    stores = [world.store(), world.store("clients/acme")]
    for store in stores:
        store.read()
        store.back_up(_backup(store.where))
    for store in stores:
        store.write(a_state())
    files = git(world.remote, "ls-tree", "-r", "--name-only", BRANCH).splitlines()
    assert files == ["ws1/before-first-apply.json", "ws1/calendar.json", "ws1/clients/acme.json"]


def test_commits_are_by_publer_sync_and_nobody_else(world: World) -> None:
    world.store("clients/acme").write(a_state())
    told = git(world.remote, "log", "-1", "--format=%an <%ae>|%cn <%ce>|%s|%G?", BRANCH)
    tool = "publer-sync <publer-sync@localhost>"
    assert told == f"{tool}|{tool}|publer-sync state of clients/acme|N"


def test_what_other_calendars_of_the_workspace_manage_is_known(world: World) -> None:
    ours, theirs = world.store(), world.store("clients/acme")
    assert (ours.read(), ours.managed_elsewhere()) == (None, Elsewhere())
    ours.write(ledger(copy_of(wanted(SOON), post_id="p-1")))
    theirs.read()
    theirs.write(ledger(copy_of(wanted(LATER), post_id="p-2")))
    assert theirs.managed_elsewhere().owner_of("p-1") == "calendar"
    assert not ours.managed_elsewhere().ids, (
        "what was pushed since is looked at where it matters: by the next write"
    )
    ours.write(ledger(copy_of(wanted(LATER), post_id="p-3")))
    assert ours.managed_elsewhere().owner_of("p-2") == "clients/acme"


def test_calendars_of_one_command_open_and_fetch_a_branch_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "two", "three"):
        world.apply(name, name)
    started: list[str] = []
    run = Git.run

    def counted(self: Git, *words: str, **more: Any) -> GitResult:
        started.append(words[0])
        return run(self, *words, **more)

    monkeypatch.setattr(Git, "run", counted)
    command = Repositories()
    stores = {name: world.store(name, repositories=command) for name in ("one", "two", "three")}
    for name, store in stores.items():
        assert store.read() == a_state(name, name)
        assert store.names_beside() == sorted({*stores} - {name})
        assert {*store.managed_elsewhere().states} == {*stores} - {name}
    assert Counter(started)["fetch"] == Counter(started)["init"] == Counter(started)["cat-file"] == 1
    assert len(started) < 12, started
    started.clear()
    stores["one"].write(a_state("again", "one"))
    stores["two"].write(a_state("again", "two"))
    assert Counter(started) == {"fast-import": 2, "push": 2}, "what one pushed, the other one knows"


def test_the_same_state_pushes_nothing(world: World) -> None:
    store = world.store()
    store.write(a_state())
    before = git(world.remote, "rev-parse", BRANCH)
    store.write(a_state())
    world.apply("")
    assert git(world.remote, "rev-parse", BRANCH) == before


def test_a_damaged_file_is_refused_and_never_written_over(world: World) -> None:
    world.commit(ws1__calendar=dumps(a_state()).replace("Fjordlight", "Elsewhere"))
    store = world.store()
    with pytest.raises(StateError) as caught:
        store.read()
    assert caught.value.code == "state.damaged"
    assert f"git:{BRANCH}" in caught.value.message
    with raced():
        store.write(a_state())
    assert "Elsewhere" in world.state_text()


def test_a_folder_where_the_state_should_be_is_refused(world: World) -> None:
    world.commit(**{"ws1__calendar.json__x": "{}"})
    with pytest.raises(StateError, match=r"a folder where the state should be: ws1/calendar\.json"):
        world.store().read()
