"""Posts that were published already, that come too soon, or of which nobody knows yet; and those of which the time has passed."""

from __future__ import annotations

import time
from dataclasses import replace

from publer_sync.planning.plan import Block
from publer_sync.render.post.fixes import FixStep
from tests.render.fix_scenes.stage import (
    AT,
    BOTH,
    NAMELESS,
    OTHER,
    POST,
    Stage,
    Steps,
    both,
    put_use,
    scene,
    write_use,
)
from tests.system.worlds import DAY, HOUR, MINUTE, T

# --- published already, and times -----------------------------------------------------------------------------------


@scene(Block.WENT_OUT, f"Fix: give it a new id and a new time in {AT}, or remove it: it has been published.")
def a_post_that_was_published_early_and_is_wanted_later(stage: Stage) -> Steps:
    post = stage.applied(POST, OTHER)
    stage.world.sandbox.edit(post, state="published", at=T - 29 * DAY)
    stage.world.write(replace(POST, at=T + DAY), OTHER)
    return {
        FixStep.NEW_ID: stage.write(replace(POST, id="again", at=T + 2 * DAY), OTHER),
        FixStep.REMOVE: stage.write(OTHER),
    }


@scene(
    Block.WENT_OUT,
    f"Fix: take x out of its accounts in {AT}: it has been published there. "
    "To publish it there again: add a post for x with a new id and a new time.",
)
def a_post_that_was_published_early_on_one_account(stage: Stage) -> Steps:
    post = stage.applied(BOTH)
    stage.world.sandbox.edit(post, state="published", at=T - 29 * DAY)
    later = replace(BOTH, at=T + DAY)
    stage.world.write(later)
    rest = replace(later, account="facebook")
    return {
        FixStep.REMOVE: stage.write(rest),
        FixStep.ADD: stage.write(rest, replace(POST, id="again", at=T + 2 * DAY)),
    }


@scene(Block.WENT_OUT, f"Fix: remove it from {AT}: it has been published.")
def a_use_that_was_published_early_and_is_wanted_later_that_day(stage: Stage) -> Steps:
    post = put_use(stage, f"at: {T:%Y-%m-%d %H:%M}")
    stage.world.sandbox.edit(post, state="published", at=T - 29 * DAY)
    write_use(stage, f"at: {T + 3 * HOUR:%Y-%m-%d %H:%M}")
    return {FixStep.REMOVE: stage.write()}


@scene(Block.TIME_PASSED, f"Fix: choose a later time in {AT}, or remove it.")
def a_new_time_that_has_passed(stage: Stage) -> Steps:
    stage.applied(POST)
    stage.world.write(replace(POST, at=T - HOUR))
    stage.to(T - 30 * MINUTE)
    return {FixStep.LATER: stage.write(replace(POST, at=T + DAY)), FixStep.REMOVE: stage.write()}


@scene(Block.APPROVAL, "Fix: have it signed off, then run publer-sync approve launch --by kari.")
def nobody_has_signed_it_off(stage: Stage) -> Steps:
    stage.world.settings(people={"kari": "Kari"}, signoff=[{"by": "kari"}])
    stage.world.write(POST)

    def approve() -> None:
        words = ("approve", "launch", "--by", "kari", "--calendar", stage.world.top, "--yes")
        assert stage.world.run(*words).code == 0

    return {FixStep.APPROVE: approve}


@scene(Block.LEAD, f"Fix: choose a later time in {AT}.")
def a_new_post_that_comes_too_soon(stage: Stage) -> Steps:
    stage.applied(OTHER)
    stage.to(T - MINUTE)
    stage.world.write(POST, OTHER)
    return {FixStep.LATER: stage.write(replace(POST, at=T + HOUR), OTHER)}


@scene(Block.LEAD, f"Fix: choose a later time for x in {AT}.")
def a_new_post_that_comes_too_soon_on_one_account(stage: Stage) -> Steps:
    stage.applied(OTHER)
    stage.to(T - MINUTE)
    early = f"[{{account: x, at: '{T:%Y-%m-%d %H:%M}'}}, facebook]"
    stage.world.write(replace(POST, account=early, at=T + HOUR), OTHER)
    late = early.replace(f"{T:%H:%M}", f"{T + HOUR:%H:%M}")
    return {FixStep.LATER: stage.write(replace(POST, account=late, at=T + HOUR), OTHER)}


@scene(Block.FREEZE, "To change it anyway: publer-sync apply --allow-frozen=launch")
def a_post_that_is_about_to_be_published(stage: Stage) -> Steps:
    stage.applied(POST)
    stage.to(T - 10 * MINUTE)
    stage.world.write(replace(POST, text="Edited"))
    return {"--allow-frozen": lambda: None}


@scene(
    Block.UNSEEN,
    f"Fix: remove it from {AT} once Publer's drafts have it, or write draft: false to schedule it. "
    "To send it once more: publer-sync apply --allow-twins=launch",
)
def a_draft_that_publer_never_listed(stage: Stage) -> Steps:
    draft = replace(POST, draft=True)
    stage.applied(OTHER)
    stage.world.sandbox.faults.lose = frozenset({2})
    stage.world.write(draft, OTHER)
    assert stage.world.apply().code == 6
    time.sleep(31 * stage.world.sandbox.poll_seconds)
    return {
        FixStep.LEAVE_DRAFT: stage.write(OTHER),
        FixStep.UNDRAFT: stage.write(replace(draft, draft=False), OTHER),
        "--allow-twins": lambda: None,
    }


@scene(
    Block.UNSEEN,
    f"Fix: remove it from {AT}, or write draft: false to schedule it. "
    "To send it once more: publer-sync apply --allow-twins=launch",
)
def a_post_that_became_a_draft_which_publer_never_listed(stage: Stage) -> Steps:
    """Until then it stays scheduled, and would be published."""
    stage.applied(POST, OTHER)
    stage.world.sandbox.faults.lose = frozenset({3})
    draft = replace(POST, draft=True)
    stage.world.write(draft, OTHER)
    assert stage.world.apply().code == 6
    time.sleep(31 * stage.world.sandbox.poll_seconds)
    assert "will be published" in stage.world.run("plan", stage.world.top).stdout
    return {
        FixStep.REMOVE: stage.write(OTHER),
        FixStep.UNDRAFT: stage.write(POST, OTHER),
        "--allow-twins": lambda: None,
    }


@scene(
    Block.UNSEEN,
    f"Fix: choose another time in {AT}. To send it once more: publer-sync apply --allow-twins=launch",
)
def a_post_that_publer_accepted_twice_and_never_listed(stage: Stage) -> Steps:
    stage.applied(OTHER)
    stage.world.sandbox.faults.lose = frozenset({2, 3})
    stage.world.write(POST, OTHER)
    for _ in range(2):
        assert stage.world.apply().code == 6
        time.sleep(31 * stage.world.sandbox.poll_seconds)
    return {
        FixStep.TIME: stage.write(replace(POST, at=T + HOUR), OTHER),
        "--allow-twins": lambda: None,
    }


@scene(Block.HANDED_ON, f"Fix: do what lets that one change, or write other words in {AT}.")
def a_post_that_gets_the_words_of_one_that_is_about_to_be_published(stage: Stage) -> Steps:
    second = replace(POST, id="second", at=T + DAY, text="Second")
    stage.applied(POST, second)
    stage.to(T - 10 * MINUTE)
    first = replace(POST, text="Edited")
    stage.world.write(replace(second, text=POST.text), first)
    return {
        FixStep.THAT_ONE: lambda: stage.world.apply("--allow-frozen"),
        FixStep.OTHER_WORDS: stage.write(POST, replace(second, text="Others")),
    }


SECOND = replace(POST, id="second", at=T + DAY, text="Second")


@scene(Block.HANDED_ON, "To change it anyway: publer-sync apply --allow-frozen=launch")
def posts_that_swap_words_while_one_is_about_to_be_published(stage: Stage) -> Steps:
    stage.applied(POST, SECOND)
    stage.to(T - 10 * MINUTE)
    stage.world.write(replace(POST, text=SECOND.text), replace(SECOND, text=POST.text))
    return {"--allow-frozen": lambda: None}


@scene(
    Block.HANDED_ON,
    "To restore the calendar's version: publer-sync apply --overwrite-edits=launch",
)
def posts_that_swap_words_while_someone_moved_one_in_publer(stage: Stage) -> Steps:
    post = stage.applied(POST, SECOND)
    stage.edit(post, at=T + HOUR)()
    stage.world.write(replace(POST, text=SECOND.text), replace(SECOND, text=POST.text))
    return {"--overwrite-edits": lambda: None}


@scene(
    Block.HANDED_ON,
    f"To restore the calendar's version: publer-sync apply --overwrite-edits=x@{T:%Y-%m-%dT%H:%M}",
)
def posts_that_swap_words_while_someone_moved_one_that_has_no_id(stage: Stage) -> Steps:
    first = replace(POST, id=None)
    post = stage.applied(first, SECOND)
    stage.edit(post, at=T + HOUR)()
    stage.world.write(replace(first, text=SECOND.text), replace(SECOND, text=POST.text))
    return {"--overwrite-edits": lambda: None}


@scene(Block.FREEZE, "To change it anyway: publer-sync apply --allow-frozen=launch")
def posts_that_swap_times_while_one_is_about_to_be_published(stage: Stage) -> Steps:
    stage.applied(POST, SECOND)
    stage.to(T - 10 * MINUTE)
    stage.world.write(replace(POST, at=SECOND.at), replace(SECOND, at=POST.at))
    return {"--allow-frozen": lambda: None}


# --- missing and missed ---------------------------------------------------------------------------------------------


@scene(
    "missing",
    f"If it should stay deleted: remove it from {AT}. To create it again: publer-sync apply --allow-recreate=launch",
)
def a_post_that_was_deleted(stage: Stage) -> Steps:
    stage.world.sandbox.remove(stage.applied(POST, OTHER))
    return {FixStep.REMOVE: stage.write(OTHER), "--allow-recreate": lambda: None}


@scene("missed", f"Fix: give it a new time in {AT}, or remove it.")
def a_post_whose_time_passed(stage: Stage) -> Steps:
    stage.applied(OTHER)
    stage.world.write(POST, OTHER)
    stage.to(T + HOUR)
    return {
        FixStep.NEW_TIME: stage.write(replace(POST, at=T + DAY), OTHER),
        FixStep.REMOVE: stage.write(OTHER),
    }


@scene(
    "missed", f"Fix: publish it in Publer, or delete it there and give it a new id and a new time in {AT}."
)
def a_post_that_publer_could_not_publish(stage: Stage) -> Steps:
    post = stage.applied(POST, OTHER)
    stage.to(T + 2 * HOUR)
    stage.world.sandbox.edit(post, state="failed", error="Token expired", at=T)
    anew = stage.write(replace(POST, id="again", at=T + DAY), OTHER)
    return {
        FixStep.PUBLISH: stage.edit(post, state="published", at=T + 2 * HOUR),
        FixStep.DELETE_FOR_ANEW: both(stage.remove(post), anew),
    }


@scene("missed", f"Fix: publish it in Publer, or delete it there and give it a new time in {AT}.")
def a_post_without_an_id_that_publer_could_not_publish(stage: Stage) -> Steps:
    post = stage.applied(NAMELESS, OTHER)
    stage.to(T + 2 * HOUR)
    stage.world.sandbox.edit(post, state="failed", error="Token expired", at=T)
    return {
        FixStep.PUBLISH: stage.edit(post, state="published", at=T + 2 * HOUR),
        FixStep.DELETE_FOR_TIME: both(stage.remove(post), stage.write(replace(NAMELESS, at=T + DAY), OTHER)),
    }


@scene(
    "missed",
    "Fix: publish it in Publer, or delete it there and add a post for x with a new id and a new time.",
)
def a_post_that_publer_could_not_publish_on_one_account(stage: Stage) -> Steps:
    post = stage.applied(BOTH)
    stage.to(T + 2 * HOUR)
    stage.world.sandbox.edit(post, state="failed", error="Token expired", at=T)
    anew = stage.write(BOTH, replace(POST, id="again", at=T + DAY))
    return {
        FixStep.PUBLISH: stage.edit(post, state="published", at=T + 2 * HOUR),
        FixStep.DELETE_AND_ADD: both(stage.remove(post), anew),
    }
