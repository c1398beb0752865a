"""A file in another time zone: both clocks stand wherever somebody looks at its posts, and a change of zone is told."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from publer_sync.render.layout.dates import Dates
from tests.studio.desk import desk_of
from tests.system.worlds import DAY, T, World, world_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo
    from pathlib import Path

NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with world_in(tmp_path) as world:
        world.settings()
        yield world


def told(moment: datetime, *, time: bool = False, page: tzinfo = NEW_YORK) -> str:
    """The same moment on New York's clock, as pages say it, without the year that it is in the zone of the page."""
    own = Dates("America/New_York", datetime.now(tz=page).year)
    return f"{own.time(moment) if time else own.both(moment)} New York"


def write(world: World, zone: str, at: datetime) -> None:
    (world.top / "posts.yaml").write_text(
        f"timezone: {zone}\nposts:\n- id: launch\n  at: {at:%Y-%m-%d %H:%M}\n  accounts: x\n  text: We open\n",
        "utf-8",
    )


def test_both_clocks_stand_in_plan_explain_preview_and_the_report(world: World) -> None:
    write(world, "America/New_York", T.replace(tzinfo=None))
    at = T.replace(tzinfo=NEW_YORK)
    clock = told(at, time=True)
    assert clock.startswith("09:00")
    assert clock in world.run("plan", world.top).stdout
    assert clock in world.run("explain", "launch", "--offline", "--calendar", world.top).stdout
    page = world.home / "page.html"
    world.run("preview", world.top, "--out", page)
    assert clock in page.read_text("utf-8")
    world.stranger("x", at, "Somebody else's post, in its minute")
    skipped = world.run("apply", world.top, "--yes")
    assert "skipped" in skipped.stdout
    assert clock in skipped.stdout


def test_a_zone_that_changes_with_its_hours_moves_the_post_and_says_so_by_both_clocks(world: World) -> None:
    write(world, "UTC", T)
    world.apply()
    write(world, "America/New_York", T)
    assert (
        f"{told(T, page=UTC)[: -len(' New York')]} → {told(T.replace(tzinfo=NEW_YORK), page=UTC)}"
        in world.run("plan", world.top).stdout
    )


def test_a_zone_that_changes_alone_changes_nothing_in_publer_and_is_told_in_the_studio(world: World) -> None:
    write(world, "UTC", T)
    world.apply()
    for words in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=A", "-c", "user.email=a@b.example", "commit", "-qm", "x"],
    ):
        subprocess.run(["git", "-C", world.top, *words], check=True, timeout=60)
    write(world, "America/New_York", T.astimezone(NEW_YORK))
    assert "Nothing to do" in world.run("plan", world.top).stdout
    with desk_of(world.top, now=T - DAY) as desk:
        (file,) = desk.get("/studio/changes")["files"]
        assert [each["say"] for each in file["words"]] == ["edited launch: time zone, UTC → New York"]
