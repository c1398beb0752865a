"""A first apply, a move and a hold with a Publer of each temper: no post twice, no colleague's touched, and what is not known is told."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from publer_sync.sandbox.tempers import TEMPERS, set_tempers
from tests.conftest import ROOT
from tests.system.worlds import DAY, HOUR, MINUTE, T, Want, World, world_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

POSTS = (
    Want("one", "facebook", T, "R&D  is here\n\nReally", labels=("Launch",)),
    Want("two", "linkedin", T + HOUR, "Second & last\n\nTwo"),
    Want("three", "facebook", T + 2 * HOUR, "Third\n\nThree"),
    Want("draft", "mastodon", T + DAY, "A draft\n\nof it", draft=True),
)
MOVED = (replace(POSTS[0], at=T + 10 * MINUTE), *POSTS[1:])
ENDS = {
    "null-rows": (6, 0, 0),
    "drafts-undated": (6, 6, 0),
    "drafts-scheduled": (1, 6, 0),
    "drafts-hidden": (6, 6, 0),
    "unknown-states": (1, 1, 0),
}
"""How the first apply, that of the move, and the hold end where not all of them end with 0.

Without a ledger a draft is not created while a row that cannot be read may be it.
"""
UNTRUE = {"refused-but-made", "job-twice"}
"""Whether a list shows what was refused before an apply ends is a matter of time: then it ends with 0, otherwise with 6."""


def test_the_page_of_what_nobody_has_confirmed_has_these_ends() -> None:
    page = (ROOT / "docs/unknowns.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| (`.+`) \| (.+?) \| (.+?) \| (.+?) \| .+ \|$",
        page.partition("## How a run ends")[2],
        re.MULTILINE,
    )
    told = {name: tuple(ends) for names, *ends in rows for name in re.findall(r"`(.+?)`", names)}
    assert told == {
        **{name: tuple(map(str, ends)) for name, ends in ENDS.items()},
        **dict.fromkeys(UNTRUE, ("0 or 6", "0 or 6", "0")),
    }


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with world_in(tmp_path / "world") as made:
        yield made


def scheduled(world: World) -> Counter[str]:
    """How often each of our words is about to be published."""
    return Counter(row.text for row in world.live() if not row.draft)


@pytest.mark.slow
@pytest.mark.parametrize("temper", TEMPERS)
def test_each_temper_ends_with_each_post_once(world: World, temper: str) -> None:
    set_tempers(world.sandbox.faults, [temper])
    world.sandbox.faults.unreadable_some = (
        False  # which rows it concerns is by chance: tests/system/test_unread.py
    )
    world.stranger("facebook", T + 9 * HOUR, "A colleague's")
    ends: list[int | None] = []
    for wants in (POSTS, MOVED):
        world.write(*wants)
        ends.append(world.apply().code)
        world.sandbox.settle()
        world.apply()
        world.sandbox.settle()
        assert max(scheduled(world).values(), default=0) <= 1, scheduled(world)
        assert [line for line in world.amiss() if "not managed here" in line] == []
    if temper != "unknown-states":  # whatever it is, it is not replaced
        assert {row.at for row in world.live() if row.text == MOVED[0].text} == {MOVED[0].at}
    ends.append(world.run("hold", world.top, "--reason", "crisis", "--yes").code)
    world.sandbox.settle()
    assert ends[2] != 0 or scheduled(world) == Counter()
    assert [line for line in world.amiss() if "not managed here" in line] == []
    if temper in UNTRUE:
        ends = [0 if end == 6 else end for end in ends]
    assert tuple(ends) == ENDS.get(temper, (0, 0, 0))


@pytest.mark.slow
def test_twenty_moves_by_jobs_that_ran_twice_end_with_twenty_posts(world: World) -> None:
    wants = [Want(f"p{n}", "facebook", T + n * HOUR, f"Post {n}") for n in range(20)]
    world.apply_first(*wants)
    set_tempers(world.sandbox.faults, ["job-twice"])
    world.write(*(replace(want, at=want.at + 10 * MINUTE) for want in wants))
    for _ in range(2):
        world.apply()
        world.sandbox.settle()
    assert scheduled(world) == Counter({want.text: 1 for want in wants})
    assert world.amiss() == []
