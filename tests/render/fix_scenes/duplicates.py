"""Posts that may be in Publer already, or published."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from unittest import mock

from publer_sync.planning.plan import Block
from publer_sync.render.post.fixes import FixStep
from tests.render.fix_scenes.stage import AT, BOTH, NAMELESS, ONE_LEFT, OTHER, POST, Stage, Steps, scene
from tests.system.worlds import DAY, HOUR, MINUTE, T


def come_late(stage: Stage) -> None:
    """A post that was lost when it was sent comes up after its time to settle, and a later apply meets it."""
    stage.applied(OTHER)
    stage.world.sandbox.faults.lose = frozenset({2})
    stage.world.write(POST, OTHER)
    assert stage.world.apply().code == 6
    time.sleep(31 * stage.world.sandbox.poll_seconds)
    stage.world.plan()
    stage.world.alike(POST)


@scene(
    Block.TWIN,
    f"To keep it as it is: copy it into {AT}. To replace it anyway: publer-sync apply --allow-twins=launch",
)
def a_post_that_came_late_and_is_wanted_otherwise(stage: Stage) -> Steps:
    come_late(stage)
    stage.world.write(replace(POST, picture="launch.png"), OTHER)
    return {FixStep.COPY: stage.write(POST, OTHER), "--allow-twins": lambda: None}


@scene(
    Block.TWIN,
    "To keep it: put the post back into the calendar, as it is in Publer now. "
    "To remove it anyway: publer-sync apply --allow-twins=launch",
)
def a_post_that_came_late_and_left_the_calendar(stage: Stage) -> Steps:
    come_late(stage)
    stage.world.write(OTHER)
    return {FixStep.PUT_BACK: stage.write(POST, OTHER), "--allow-twins": lambda: None}


ANYWAY = "To create it anyway: publer-sync apply --allow-twins=launch"


@scene(Block.TWIN, f"If it is the same post: delete it in Publer, or remove this one from {AT}. {ANYWAY}")
def a_colleagues_post_with_the_same_words(stage: Stage) -> Steps:
    other = stage.world.stranger("x", T + 7 * HOUR, POST.text)
    stage.world.write(POST)
    return {
        FixStep.DELETE: stage.remove(other),
        FixStep.REMOVE_THIS: stage.write(),
        "--allow-twins": lambda: None,
    }


@scene(
    Block.TWIN,
    f"If it is the same post: delete it in Publer, or take x out of the accounts of this one in {AT}. {ANYWAY}",
)
def a_colleagues_post_with_the_same_words_on_one_account(stage: Stage) -> Steps:
    other = stage.world.stranger("x", T + 7 * HOUR, POST.text)
    stage.world.write(BOTH)
    return {
        FixStep.DELETE: stage.remove(other),
        FixStep.REMOVE_THIS: stage.write(ONE_LEFT),
        "--allow-twins": lambda: None,
    }


@scene(
    Block.TWIN,
    f"If it is the same post: remove this one from {AT}, or remove that post from the calendar other and apply it "
    f"first. {ANYWAY}",
    together=True,
)
def a_post_of_another_calendar_with_the_same_words(stage: Stage) -> Steps:
    stage.apply_beside(replace(POST, id="theirs", at=T + 7 * HOUR))
    stage.world.write(POST)
    return {
        FixStep.REMOVE_THIS: stage.write(),
        FixStep.REMOVE_THERE: stage.apply_beside,
        "--allow-twins": lambda: None,
    }


@scene(Block.TWIN, f"If it is the same post: remove this one from {AT}. {ANYWAY}")
def a_published_post_with_the_same_words_and_no_state(stage: Stage) -> Steps:
    stage.world.stranger("x", T - 30 * DAY, POST.text, state="published")
    stage.world.write(POST)
    return {FixStep.REMOVE_THIS: stage.write(), "--allow-twins": lambda: None}


@scene(
    Block.TWIN,
    f"If it is the same post: remove this one from {AT}. If it is another one: give this one an id in {AT}. "
    "To create it anyway: publer-sync apply --allow-twins",
)
def a_post_without_an_id_that_was_moved_too_late(stage: Stage) -> Steps:
    stage.applied(NAMELESS)
    stage.to(T + 2 * HOUR)
    later = replace(NAMELESS, at=T + DAY)
    stage.world.write(later)
    assert stage.world.apply().code == 6
    return {
        FixStep.REMOVE_THIS: stage.write(),
        FixStep.IDENTIFY: stage.write(replace(later, id="again")),
        "--allow-twins": lambda: None,
    }


@scene(Block.TWIN, f"If it was published: remove this one from {AT}. {ANYWAY}")
def a_post_that_was_removed_just_at_its_time(stage: Stage) -> Steps:
    stage.applied(POST, OTHER)
    stage.to(T - MINUTE / 3)
    assert stage.world.run("hold", stage.world.top, "--reason", "Storm", "--yes").code == 0
    assert stage.world.run("release", stage.world.top, "--yes").code == 6
    stage.to(T + HOUR)
    with mock.patch.object(
        stage.world.sandbox, "poll_seconds", 2
    ):  # by which it is known how late a removal comes
        assert stage.world.apply().code == 6
    stage.world.write(replace(POST, at=T + DAY), OTHER)
    return {FixStep.REMOVE_THIS: stage.write(OTHER), "--allow-twins": lambda: None}


@scene(Block.SLOT, f"If it is the same post: copy its words into {AT}, or delete it in Publer.")
def a_post_whose_words_publer_changed(stage: Stage) -> Steps:
    world = stage.world
    stage.applied(OTHER)
    world.know_every_kind()
    world.sandbox.faults.rewrite = lambda text: f"{text} #auto"
    world.write(POST, OTHER)
    assert world.apply().code == 6
    world.sandbox.settle()
    world.sandbox.faults.rewrite = None
    other = stage.live(POST)
    return {
        FixStep.COPY_WORDS: stage.write(replace(POST, text=f"{POST.text} #auto")),
        FixStep.DELETE: stage.remove(other),
    }


@scene(Block.TWIN, f"If it is the same post: remove this one from {AT}. {ANYWAY}")
def a_picture_that_may_have_been_published(stage: Stage) -> Steps:
    picture = replace(POST, text="", picture="lamp.png")
    post = stage.applied(picture, OTHER)
    media = stage.world.by_id()[post]["media"]
    stage.world.sandbox.remove(post)
    # After it was made, at whatever hour this runs.
    soon = (datetime.now(UTC) + HOUR).replace(second=0, microsecond=0)
    stage.world.stranger("x", soon, "", state="published", type="photo", media=media)
    stage.to(soon + DAY)
    return {FixStep.REMOVE_THIS: stage.write(OTHER), "--allow-twins": lambda: None}
