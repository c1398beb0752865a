"""What the sweeps share: a world to copy, processes to kill, and how each of their cases is counted and judged."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from publer_sync.sandbox import Sandbox
from tests.system.processes import Killer
from tests.system.worlds import Sweep, Template, World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return Template(tmp_path_factory.mktemp("template"))


@pytest.fixture
def sweep(template: Template, tmp_path: Path, record_property: Callable[[str, object], None]) -> Sweep:
    def over(
        nths: Iterable[int],
        case: Callable[[World, int], list[str] | None],
        *,
        least: int,
        sandbox: type[Sandbox] = Sandbox,
    ) -> None:
        amiss, cases = [], 0
        for nth in nths:
            with template.world(tmp_path / str(nth), sandbox=sandbox) as world:
                found = case(world, nth)
            if found is None:
                break
            cases += 1
            amiss += [f"at {nth}: {what}" for what in found]
        record_property("cases", cases)
        assert cases >= least
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
