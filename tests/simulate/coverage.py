"""What there is to meet, and what histories meet: docs/reliability.md lists the rest, by these names.

Commands, the options of those that are simulated, the actions and codes of plans, and Publer's tempers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from unittest import mock

import click

from publer_sync.planning.allow import FLAGS
from publer_sync.planning.plan import Action, Block, Blocked
from publer_sync.sandbox.tempers import TEMPERS
from tests.conftest import ROOT
from tests.simulate.generation import history_of
from tests.simulate.history import run
from tests.simulate.kinds import KINDS
from tests.simulate.world import World
from tests.write_docs import commands

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.simulate.history import History, Start
    from tests.simulate.running import Running

GIVEN = {
    "apply": {"--yes", "--timeout", "--allow-deletes", "--allow-changes", "--gone"},
    "hold": {"--yes", "--timeout", "--reason", "--label", "--account"},
    "release": {"--yes", "--timeout"},
    "forget": {"--yes", "--all"},
    "pull": {"--yes", "--removed", "--prefer"},
    "state mv": {"--yes", "--account", "--calendar", "--to"},
}
"""The options of the simulated commands that the simulation gives, beside those that let something through."""
RARE = frozenset({"handed_on", "lead"})
"""Codes that a few of 1,000 histories meet."""
MOST_LOOKED_AT = 50
"""Histories of each kind that are looked at until each code is met that can be."""
SECTION = "## What the simulation does not cover\n"


def listed() -> set[str]:
    """What the page says that no history meets."""
    page = (ROOT / "docs/reliability.md").read_text(encoding="utf-8")
    return {*re.findall(r"`([^`]+)`", page.partition(SECTION)[2].partition("\nNor ")[0])}


def unmet(found: set[str]) -> set[str]:
    return everything() - found - RARE


def everything() -> set[str]:
    found = {*map(str, Action), *map(str, Block), *(f"--temper {name}" for name in TEMPERS)}
    for name, command in commands():
        found.add(name)
        if name in GIVEN:
            options = (each for each in command.params if isinstance(each, click.Option))
            found |= {f"{name} {word}" for each in options for word in each.opts if word.startswith("--")}
    return found


def _runs_of(history: History) -> list[Running]:
    worlds: list[World] = []
    made = World.__init__

    def noted(world: World, start: Start) -> None:
        worlds.append(world)
        made(world, start)

    with mock.patch.object(World, "__init__", noted):
        run(history)
    return worlds[0].runs


def commands_and_options_not_given() -> tuple[list[str], list[str]]:
    """Those that the simulation never gives, apart from options that let something through: each history draws some of these."""
    names = {name for name, _ in commands()}
    drawn = {f"apply {option}" for option in FLAGS}
    given = {f"{name} {option}" for name, options in GIVEN.items() for option in options}
    options = {each for each in everything() if each.partition(" --")[0] in GIVEN and " --" in each}
    return sorted(names - GIVEN.keys() - {"plan"}), sorted(options - given - drawn)


def met(histories: Iterable[History]) -> set[str]:
    """What these histories meet."""
    found = {f"{name} {option}" for name, options in GIVEN.items() for option in options}
    for history in histories:
        found |= {f"--temper {name}" for name in history.start.tempers}
        for running in _runs_of(history):
            found.add(running.command.removesuffix(" --all"))
            if running.code is not None:
                found |= {f"apply {option}" for option in running.options & FLAGS.keys()}
            if running.plan is not None:
                found.add("plan")
            for change in running.plan.changes if running.plan else ():
                found.add(str(change.action))
                if isinstance(change, Blocked):
                    found |= {str(block) for block in change.blocks}
    return found


def met_by_some_of_each_kind() -> set[str]:
    """By so many as it takes until nothing is left but what the page lists: some codes are rare."""
    found = met(history_of(5001, kind="plain", tempers=(name,)) for name in TEMPERS)
    for first in range(1, MOST_LOOKED_AT, 10):
        found |= met(
            history_of(seed, kind=kind) for kind in ("mixed", *KINDS) for seed in range(first, first + 10)
        )
        if unmet(found) <= listed():
            break
    return found
