"""Posts that want the minute of another one, and posts of other calendars."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.planning.plan import Block
from publer_sync.render.post.fixes import FixStep
from tests.render.fix_scenes.stage import AT, BOTH, OTHER, POST, Stage, Steps, both, scene
from tests.system.worlds import DAY, HOUR, T, git

if TYPE_CHECKING:
    from collections.abc import Callable


# --- slots ----------------------------------------------------------------------------------------------------------


@scene(Block.SLOT, f"Fix: choose another time in {AT}, or move the other post in Publer.")
def another_post_in_the_same_minute(stage: Stage) -> Steps:
    other = stage.world.stranger("x", T, "A colleague's")
    stage.world.write(POST)
    return {
        FixStep.TIME: stage.write(replace(POST, at=T + HOUR)),
        FixStep.MOVE_OTHER: stage.edit(other, at=T + DAY),
    }


@scene(Block.SLOT, f"Fix: choose another time for x in {AT}, or move the other post in Publer.")
def another_post_in_the_same_minute_on_one_account(stage: Stage) -> Steps:
    other = stage.world.stranger("x", T, "A colleague's")
    stage.world.write(BOTH)
    later = f"[{{account: x, at: '{T + HOUR:%Y-%m-%d %H:%M}'}}, facebook]"
    return {
        FixStep.TIME: stage.write(replace(POST, account=later)),
        FixStep.MOVE_OTHER: stage.edit(other, at=T + DAY),
    }


@scene(Block.OLDER, "To undo it anyway: publer-sync apply --allow-older=launch")
def a_post_that_was_changed_from_files_that_nobody_committed(stage: Stage) -> Steps:
    home, top = stage.world.home, stage.world.top
    stage.world.write(POST)
    (top / ".gitignore").write_text(".publer-sync\n", encoding="utf-8")
    git(home, "init", "-q")
    git(home, "add", "calendar")
    git(home, "-c", "user.name=Ann", "-c", "user.email=a@b.example", "commit", "-qm", "x")
    stage.applied(POST)
    stage.applied(replace(POST, text="Edited"))
    (home / ".git/publer-sync/work-tree").unlink()  # in another work tree
    stage.world.write(POST)
    return {"--allow-older": lambda: None}


@scene(Block.SLOT, f"Fix: choose another time in {AT}, or move the other post in Publer.")
def a_post_that_left_the_calendar_and_stays(stage: Stage) -> Steps:
    stage.world.settings(prune="none")
    other = stage.applied(replace(POST, id="old", text="Old"), replace(POST, at=T + HOUR))
    stage.world.write(POST)
    return {
        FixStep.TIME: stage.write(replace(POST, at=T + 2 * HOUR)),
        FixStep.MOVE_OTHER: stage.edit(other, at=T + DAY),
    }


@scene(Block.SLOT, f"Fix: choose another time in {AT}, or run it again later.")
def a_post_under_way_for_the_same_minute(stage: Stage) -> Steps:
    world, before = stage.world, replace(POST, at=T + HOUR)
    stage.applied(before)
    world.sandbox.faults.list_delay, world.sandbox.faults.job_never_ends = 10**6, True
    world.write(before, replace(POST, id="old", text="Old"))
    assert world.apply("--timeout", "0.05").summary["unverified"] == 1
    world.sandbox.faults.list_delay, world.sandbox.faults.job_never_ends = 2, False
    world.write(POST)
    seen = both(*(stage.edit(str(post["id"]), visible=0.0) for post in world.sandbox.posts()))
    return {FixStep.TIME: both(seen, stage.write(replace(POST, at=T + 2 * HOUR))), FixStep.WAIT: seen}


# --- other calendars ------------------------------------------------------------------------------------------------


@scene(
    Block.ELSEWHERE,
    f"Fix: choose another time in {AT}, or remove that post from the calendar other and apply it first.",
    together=True,
)
def a_post_of_another_calendar_in_the_same_minute(stage: Stage) -> Steps:
    stage.apply_beside(replace(POST, id="theirs", text="Theirs"))
    stage.world.write(POST)
    return {
        FixStep.TIME: stage.write(replace(POST, at=T + HOUR)),
        FixStep.REMOVE_THERE: stage.apply_beside,
    }


def moved_beside(stage: Stage, then: Callable[[], object] = lambda: None) -> Callable[[], object]:
    """A post that went over to the calendar beside; the step that its reason names is to apply both together."""
    subprocess.run(["git", "init", "-q"], cwd=stage.world.home, check=True)
    stage.applied(POST, OTHER)
    stage.apply_beside(replace(POST, id="theirs", text="Theirs", at=T + 5 * DAY))
    stage.world.write(OTHER)
    stage.write_beside(POST, replace(POST, id="theirs", text="Theirs", at=T + 5 * DAY))

    def step() -> None:
        then()
        done = stage.world.run("apply", stage.world.top, stage.beside, "--yes")
        assert done.code == 0, done

    return step


@scene("moves", "launch moves to the calendar other")
def a_post_that_moved_to_another_calendar(stage: Stage) -> Steps:
    return {"apply both": moved_beside(stage)}


@scene(Block.ELSEWHERE, "posts of the calendar other are on hold: release them first")
def a_post_that_moved_to_a_calendar_on_hold(stage: Stage) -> Steps:
    def release() -> None:
        released = stage.world.run("release", stage.beside, "--yes")
        assert released.code == 6, "the post that moves here waits for the apply of both"
        stage.world.sandbox.settle()

    step = moved_beside(stage, release)
    assert stage.world.run("hold", stage.beside, "--reason", "Storm", "--yes").code == 0
    return {"release": step}


@scene(Block.ELSEWHERE, "the calendar other has errors: fix them, then run publer-sync apply")
def a_post_that_moved_to_a_calendar_with_errors(stage: Stage) -> Steps:
    wrong = stage.beside / "wrong.yaml"
    step = moved_beside(stage, wrong.unlink)
    wrong.write_text("posts:\n- text: No time\n", encoding="utf-8")
    return {"fix": step}
