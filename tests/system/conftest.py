"""What the sweeps share: a world to copy, processes to kill, and how each of their cases is counted and judged; and a calendar of every network."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING
from zlib import crc32

import pytest

from publer_sync.sandbox import Sandbox
from tests.conftest import EVERY
from tests.system.content import SEED, ContentDesk
from tests.system.processes import Killer
from tests.system.worlds import MOST, Sweep, Template, World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.conftest import Cli, MakeSandbox


@pytest.fixture
def desk(tmp_path: Path, make_sandbox: MakeSandbox, cli: Cli) -> ContentDesk:
    return ContentDesk(tmp_path / "social", make_sandbox(SEED), cli)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return Template(tmp_path_factory.mktemp("template"))


@pytest.fixture
def sweep(request: pytest.FixtureRequest, template: Template, tmp_path: Path) -> Sweep:
    def over(
        case: Callable[[World, int], list[str] | None],
        *,
        of: int,
        cases: int = 1,
        first: int = 1,
        last: int = MOST,
        sandbox: type[Sandbox] = Sandbox,
    ) -> None:
        amiss, done = [], 0
        step = EVERY or (of - first + 1) // cases
        nth = first + crc32(request.node.name.encode()) % step
        while nth <= last and (EVERY or done < cases):
            with template.world(tmp_path / f"{done} at {nth}", sandbox=sandbox) as world:
                found = case(world, nth)
            if found is not None:
                done += 1
                amiss += [f"at {nth}: {what}" for what in found]
                nth += step
            elif EVERY or nth == first:
                break
            else:
                nth = (first + nth) // 2  # it does not do so much: half as far
        request.node.user_properties.append(("cases", done))
        assert done >= cases
        assert not amiss, "\n".join(amiss)

    return over


@pytest.fixture(scope="session")
def killer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Killer]:
    with closing(Killer(tmp_path_factory.mktemp("killer"))) as killer:
        yield killer


@pytest.fixture(scope="session")
def second(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Killer]:
    """Another one, for what runs at the same time."""
    with closing(Killer(tmp_path_factory.mktemp("second"))) as killer:
        yield killer
