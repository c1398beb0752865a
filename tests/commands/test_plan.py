"""`plan` on the command line: how it ends, and the plan file that it writes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.commands.side_by_side import ONE, SideBySide
from tests.system.worlds import HOUR, T, Want

if TYPE_CHECKING:
    from tests.system.worlds import World

NEW = Want("new", "x", T + 3 * HOUR, "New")


def test_a_plan_ends_with_2_on_demand_and_its_file_says_what_it_was_made_with(empty_world: World) -> None:
    pair = SideBySide.in_place(empty_world)

    def written(name: str) -> Any:
        document = json.loads((pair.world.home / name).read_text("utf-8"))
        return {key: value for key, value in document["options"].items() if value}

    assert pair.run("plan", "acme", "--detailed-exitcode").code == 0
    pair.write(acme=[ONE, NEW])
    ran = pair.run("plan", "acme")
    assert (ran.code, "publer-sync apply acme\n" in ran.stdout) == (0, True), ran
    ran = pair.run("plan", "acme", "--detailed-exitcode", "--account", "x", "--out", "plan.json")
    assert (ran.code, "publer-sync apply plan.json\n" in ran.stdout) == (2, True), ran
    assert written("plan.json") == {"calendar": "acme", "accounts": ["x"]}
    ran = pair.run("plan", "acme", "--sandbox", "--sandbox-file", "rehearsal.db", "--out", "plan.json")
    assert ran.code == 0, ran
    assert written("plan.json") == {"calendar": "acme", "sandbox": True, "sandbox_file": "rehearsal.db"}
    ran = pair.run("plan", "acme", "--out", "plan.json/plan.json")
    assert (ran.code, "the plan cannot be written to plan.json/plan.json: " in ran.stderr) == (1, True), ran
