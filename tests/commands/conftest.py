from __future__ import annotations

import shutil
from contextlib import ExitStack, chdir
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from publer_sync.sandbox import Sandbox
from tests.commands.imports import ImportDesk
from tests.commands.team import OLD, Team
from tests.commands.two import ACME, GLOBEX, LAUNCH, ONE, InPlace, Two
from tests.conftest import QUICK
from tests.ledger.git_world import git
from tests.system.worlds import World, world_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def empty_world(tmp_path: Path) -> Iterator[World]:
    """A calendar without posts, beside a local Publer."""
    with world_in(tmp_path / "world") as world:
        yield world


@pytest.fixture
def world(empty_world: World) -> World:
    """A calendar that is there, and has no posts; most modules have a world of their own."""
    empty_world.write()
    return empty_world


@pytest.fixture
def desk(tmp_path: Path) -> ImportDesk:
    return ImportDesk(tmp_path)


@pytest.fixture
def team(empty_world: World) -> Team:
    """Ann and Bob have the same files, with a mistake in the words, and Ann applied them. Their state is in one file."""
    return _started(empty_world, "../../state.json")


@pytest.fixture
def branch_team(empty_world: World) -> Team:
    """The same with the state on a branch: each command starts git some forty times."""
    return _started(empty_world, "git:publer-sync-state")


def _started(world: World, state: str) -> Team:
    team = Team(world)
    git(world.home, "init", "-q", "--bare", "--template=", "-b", "main", "remote.git")
    git(world.home / "remote.git", "config", "uploadpack.allowFilter", "true")
    world.settings(state=state)
    team.join("ann")
    team.git("ann", "checkout", "-q", "-b", "main")
    team.commit("ann", OLD)
    team.join("bob")
    assert team.apply("ann")[0] == 0
    return team


@pytest.fixture(scope="module")
def in_place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], InPlace]]:
    """What every test begins with, by the kind of state: made once, since it takes longer than what most tests do."""
    made: dict[str, InPlace] = {}
    with ExitStack() as stack:

        def of(kind: str) -> InPlace:
            if kind not in made:
                made[kind] = make(kind)
            return made[kind]

        def make(kind: str) -> InPlace:
            folder = tmp_path_factory.mktemp(kind)
            with chdir(folder):
                file = folder / "publer.db"
                sandbox = stack.enter_context(Sandbox(ONE, poll_seconds=QUICK, file=file))
                if kind == "branch":
                    git(folder, "init", "-q", "--bare", "--template=", "remote.git")
                git(folder, "init", "-q", "--template=")
                git(folder, "remote", "add", "origin", "remote.git")
                two = Two(sandbox, kind == "branch", sandbox.url)
                for name in (ACME, GLOBEX):
                    two.settings(name)
                two.write(ACME, LAUNCH)
                two.write(GLOBEX)
                assert two.apply("clients")[0] == 0
                sandbox.settle()
                # A copy of a calendar that is still there would not be the calendar.
                for name in (ACME, GLOBEX):
                    Path(name, "publer.yaml").unlink()
            return InPlace(folder, sandbox)

        yield of


@pytest.fixture
def two(
    request: pytest.FixtureRequest,
    in_place: Callable[[str], InPlace],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Two]:
    """The first calendar has `LAUNCH` in place, the other one an empty state."""
    kind = getattr(request, "param", "files")
    made = in_place(kind)
    shutil.copytree(made.folder, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    with Sandbox(ONE, poll_seconds=QUICK, file=tmp_path / "publer.db") as sandbox:
        monkeypatch.setattr(made.front._server, "handle", sandbox.handle)
        two = Two(sandbox, kind == "branch", made.front.url)
        for name in (ACME, GLOBEX):
            two.settings(name)
        yield two
