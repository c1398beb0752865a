"""Posts that someone edited in Publer."""

from __future__ import annotations

from dataclasses import replace

from publer_sync.planning.plan import Block
from publer_sync.render.post.fixes import FixStep
from tests.render.fix_scenes.stage import AT, BOTH, OTHER, POST, Stage, Steps, put_use, scene, write_use
from tests.system.worlds import ACCOUNTS, DAY, T, killed

RESTORE_USE = f"To restore the calendar's version: publer-sync apply --overwrite-edits=tip@{T:%Y-%m-%d}"
RESTORE = "To restore the calendar's version: publer-sync apply --overwrite-edits=launch"


@scene(Block.EDITED, f"To keep the edit: run publer-sync pull, or copy it into {AT}. {RESTORE}")
def a_post_that_was_edited(stage: Stage) -> Steps:
    post = stage.applied(POST)
    stage.world.sandbox.edit(post, text="Edited")
    return {
        FixStep.PULL: stage.pull(),
        FixStep.COPY: stage.write(replace(POST, text="Edited")),
        "--overwrite-edits": lambda: None,
    }


@scene(
    Block.EDITED,
    f"To keep the edit: leave its day out of the series in {AT} (except: [{T:%Y-%m-%d}]) and add a post for it, "
    f"as it is in Publer now. {RESTORE}@{T:%Y-%m-%d}",
)
def one_of_a_series_that_was_edited(stage: Stage) -> Steps:
    series = replace(POST, more="repeat: {every: day, times: 2}")
    post = stage.applied(series)
    stage.world.sandbox.edit(post, text="Edited")
    rest = replace(series, more=f"repeat: {{every: day, times: 2, except: [{T:%Y-%m-%d}]}}")
    return {
        FixStep.LEAVE_OUT: stage.write(rest, replace(POST, id="apart", text="Edited")),
        "--overwrite-edits": lambda: None,
    }


@scene(Block.EDITED, f"To keep the edit: run publer-sync pull, or copy it into {AT}. {RESTORE_USE}")
def a_use_that_was_edited(stage: Stage) -> Steps:
    at = f"at: {T:%Y-%m-%d %H:%M}"
    stage.world.sandbox.edit(put_use(stage, at), text="Edited")
    return {
        FixStep.PULL: stage.pull(),
        FixStep.COPY: lambda: write_use(stage, at, "text: Edited"),
        "--overwrite-edits": lambda: None,
    }


@scene(Block.EDITED, f"To keep the edit: run publer-sync pull, or copy it into {AT}. {RESTORE}")
def a_post_that_was_edited_before_a_hold_took_it_out(stage: Stage) -> Steps:
    stage.world.sandbox.edit(stage.applied(POST), text="Edited")
    for words in (("hold", "--reason", "Storm"), ("release",)):
        ran = stage.world.run(words[0], stage.world.top, *words[1:], "--yes")
        assert ran.code == (0 if words[0] == "hold" else 6), ran
    return {
        FixStep.PULL: stage.pull(),
        FixStep.COPY: stage.write(replace(POST, text="Edited")),
        "--overwrite-edits": lambda: None,
    }


@scene(
    Block.EDITED, f"To keep the edit: run publer-sync pull --prefer publer, or copy it into {AT}. {RESTORE}"
)
def a_post_that_was_edited_before_a_hold_and_changed_since(stage: Stage) -> Steps:
    stage.world.sandbox.edit(stage.applied(POST), text="Edited")
    assert stage.world.run("hold", stage.world.top, "--reason", "Storm", "--yes").code == 0
    stage.world.write(replace(POST, text="Changed"))
    assert stage.world.run("release", stage.world.top, "--yes").code == 6
    return {
        FixStep.PULL_OVER: stage.pull("--prefer", "publer"),
        FixStep.COPY: stage.write(replace(POST, text="Edited")),
        "--overwrite-edits": lambda: None,
    }


@scene(Block.EDITED, f"To keep the edit: run publer-sync pull, or copy it into {AT} for x alone. {RESTORE}")
def a_post_that_was_edited_on_one_account(stage: Stage) -> Steps:
    post = stage.applied(BOTH)
    stage.world.sandbox.edit(post, text="Edited")
    return {
        FixStep.PULL: stage.pull(),
        FixStep.COPY: stage.write(replace(POST, account="[{account: x, text: Edited}, facebook]")),
        "--overwrite-edits": lambda: None,
    }


@scene(
    Block.EDITED, f"To keep the edit: run publer-sync pull --prefer publer, or copy it into {AT}. {RESTORE}"
)
def a_post_that_was_edited_on_both_sides(stage: Stage) -> Steps:
    post = stage.applied(POST)
    stage.world.sandbox.edit(post, text="Edited")
    stage.world.write(replace(POST, text="Changed"))
    return {
        FixStep.PULL_OVER: stage.pull("--prefer", "publer"),
        FixStep.COPY: stage.write(replace(POST, text="Edited")),
        "--overwrite-edits": lambda: None,
    }


@scene(
    Block.EDITED, f"To keep the edit: run publer-sync pull --prefer publer, or copy it into {AT}. {RESTORE}"
)
def a_post_that_was_moved_in_publer_and_got_other_words(stage: Stage) -> Steps:
    post = stage.applied(POST)
    stage.world.sandbox.edit(post, at=T + DAY)
    stage.world.write(replace(POST, text="Changed"))
    return {
        FixStep.PULL_OVER: stage.pull("--prefer", "publer"),
        FixStep.COPY: stage.write(replace(POST, text="Changed", at=T + DAY)),
        "--overwrite-edits": lambda: None,
    }


@scene(Block.EDITED, f"To keep the edit: copy it into {AT}. {RESTORE}")
def a_post_that_was_edited_and_got_what_pull_cannot_undo(stage: Stage) -> Steps:
    post = stage.applied(POST)
    stage.world.sandbox.edit(post, text="Edited")
    stage.world.write(replace(POST, picture="one.png"))
    return {
        FixStep.COPY: stage.write(replace(POST, picture="one.png", text="Edited")),
        "--overwrite-edits": lambda: None,
    }


@scene(
    Block.EDITED,
    "To keep the edit: put the post back into the calendar, as it is in Publer now. "
    "To remove it anyway: publer-sync apply --overwrite-edits=launch",
)
def an_edited_post_that_left_the_calendar(stage: Stage) -> Steps:
    post = stage.applied(POST, OTHER)
    stage.world.sandbox.edit(post, text="Edited", account_id=ACCOUNTS["mastodon"])
    stage.world.write(OTHER)
    return {
        FixStep.PUT_BACK: stage.write(replace(POST, text="Edited", account="mastodon"), OTHER),
        "--overwrite-edits": lambda: None,
    }


@scene(Block.EDITED, f"To keep the edit: copy it into {AT}. {RESTORE}")
def the_old_post_of_a_replace_that_was_cut_off(stage: Stage) -> Steps:
    old = stage.applied(POST)
    stage.world.write(replace(POST, at=T + DAY))
    assert killed(stage.world, "delete").code == 137
    stage.to(T - 20 * DAY)
    stage.world.sandbox.edit(old, text="Edited")
    return {
        FixStep.COPY: stage.write(replace(POST, text="Edited")),
        "--overwrite-edits": lambda: None,
    }


@scene(
    Block.EDITED,
    "Fix: delete this copy in Publer. To remove it anyway: publer-sync apply --overwrite-edits=launch",
)
def the_old_post_of_a_replace_that_was_cut_off_and_changed_again(stage: Stage) -> Steps:
    old = stage.applied(POST)
    stage.world.write(replace(POST, at=T + DAY))
    assert killed(stage.world, "delete").code == 137
    stage.to(T - 20 * DAY)
    stage.world.sandbox.edit(old, text="Edited")
    stage.world.write(replace(POST, at=T + DAY, text="Changed"))
    return {FixStep.DELETE_COPY: stage.remove(old), "--overwrite-edits": lambda: None}
