"""What would stop every calendar of a command is told once, before anything is asked of Publer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.commands.side_by_side import SideBySide
from tests.tables import each_of

if TYPE_CHECKING:
    from tests.system.worlds import World


@pytest.fixture
def pair(empty_world: World) -> SideBySide:
    return SideBySide.in_place(empty_world)


@each_of(
    ("words", "environ", "code", "told"),
    [
        (("--out", "p.json"), {}, 64, "--out names one file, and there are 2 calendars"),
        ((), {"PUBLER_API_KEY": ""}, 1, "PUBLER_API_KEY is not set"),
        (("--state", "one.json"), {}, 64, "--state names one file, and there are 2 calendars"),
    ],
)
def test_a_file_or_a_key_that_cannot_serve_all(
    pair: SideBySide, words: tuple[str, ...], environ: dict[str, Any], code: int, told: str
) -> None:
    ran = pair.run("plan", "acme", "bank", *words, **environ)
    assert (ran.code, ran.stderr.startswith(f"error: {told}"), ran.stdout) == (code, True, ""), ran
    assert pair.world.sandbox.requests == []


def test_two_with_one_name_stop_everything_but_a_hold(pair: SideBySide) -> None:
    pair.settings("bank", name="acme")
    ran = pair.run("plan", "acme", "bank")
    assert (ran.code, "the calendars in acme and bank have one name, acme" in ran.stderr) == (3, True), ran
    assert pair.world.sandbox.requests == []
    ran = pair.run("hold", "acme", "bank", "--reason", "Storm", "--diff")
    assert (ran.code, ran.stdout.startswith("2 calendars\n")) == (0, True), ran
