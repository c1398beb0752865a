"""Each guard of the rooms that decide has a scene, none is forgotten, and a guard that is gone is noticed."""

from __future__ import annotations

import pytest

from tests.conftest import ROOT
from tests.forked import Asked, killers
from tests.guards import ROOMS, TELLING, guards_in, guards_of, is_there, scenes, table
from tests.mutants import PACKAGE

SOURCE = b"""if TYPE_CHECKING:
    raise ImportError


class Post:
    def may(self, now):
        if self.live:
            return False
        if self.at < now:
            blocks.append(Block.TIME)
        if self.late:
            tell(self)
        if self.near:
            tell(self.block is Block.SLOT)
        return [each for each in self.copies if each.end is None if each.at]
"""


def test_what_ends_the_way_or_blocks_is_a_guard_and_so_is_what_a_list_leaves_out() -> None:
    found = [
        (guard.key, guard.mutant.after, guard.codes) for guard in guards_of("publer_sync/room/a.py", SOURCE)
    ]
    assert found == [
        ("a.py Post.may: self.live", "False", ()),
        ("a.py Post.may: self.at < now", "False", ("TIME",)),
        ("a.py Post.may: each.end is None", "True", ()),
        ("a.py Post.may: each.at", "True", ()),
    ]


@pytest.mark.slow
@pytest.mark.parametrize("room", ROOMS)
def test_each_guard_has_a_scene_that_is_there(room: str) -> None:
    found, known = guards_in(room), scenes(room)
    write = f"python -m tests.guards {room} --write"
    without = [f"{PACKAGE}/{room}/{key}" for key in found if key not in known]
    assert not without, f"each needs a test that fails without it; with that, run: {write}"
    assert known.keys() <= found.keys(), f"guards that are gone; run: {write}"
    for key, scene in known.items():
        assert is_there(room, scene), f"the scene of {key} is gone; run: {write}"


@pytest.mark.slow
def test_the_tables_are_in_the_order_of_the_source() -> None:
    for room in ROOMS:
        assert [*scenes(room)] == [*guards_in(room)], table(room)


def test_each_module_that_has_no_guards_is_there_and_says_why() -> None:
    assert all(TELLING.values())
    for path in TELLING:
        assert (ROOT / PACKAGE / path).is_file(), path


@pytest.mark.slow
def test_a_scene_fails_without_its_guard_and_passes_with_it_and_one_that_hangs_fails() -> None:
    guards = guards_in("holding")
    key, guard = next((key, guard) for key, guard in guards.items() if "_going: live is None" in key)
    scene = f"tests/holding/{scenes('holding')[key]}"
    path = guard.mutant.path
    source = (ROOT / path).read_text(encoding="utf-8")
    where = f"def {guard.where.rpartition('.')[2]}("
    before, _, after = source.partition(where)
    signature, _, body = after.partition(":\n")
    endless = f"{before}{where}{signature}:\n        while True:\n            pass\n{body}"
    asked = [
        guard.mutant.asked(scene),
        guard.mutant.asked(),
        Asked(path, source, guard.mutant.line, guard.mutant.line, scene),
        Asked(path, endless, guard.mutant.line, guard.mutant.line, scene),
    ]
    by_scene, by_any, same, hanging = killers("holding", asked)
    assert by_scene is not None
    assert by_scene.partition("[")[0] == scene
    assert by_any is not None
    assert same is None
    assert hanging == by_scene, "what never ends has noticed, and is named"
