"""Accounts, lists and posts that Publer has in a state in which nothing can be done."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from publer_sync.planning.plan import Block
from publer_sync.render.post.fixes import FixStep
from publer_sync.sandbox import lookups
from publer_sync.sandbox.exchange import Response
from tests.render.fix_scenes.stage import AT, BOTH, ONE_LEFT, OTHER, POST, Stage, Steps, both, scene
from tests.system.worlds import ACCOUNTS, DAY, HOUR, MINUTE, T

if TYPE_CHECKING:
    from collections.abc import Callable


# --- the account, the listing, names --------------------------------------------------------------------------------


def broken(stage: Stage, *names: str) -> Callable[[], object]:
    faults = stage.world.sandbox.faults
    return lambda: setattr(faults, "broken", frozenset(ACCOUNTS[name] for name in names))


@scene(Block.ACCOUNT, f"Fix: correct the account in Publer, then apply again, or remove it from {AT}.")
def an_account_that_is_disconnected(stage: Stage) -> Steps:
    broken(stage, "x")()
    stage.world.write(POST)
    return {FixStep.CONNECT: broken(stage), FixStep.REMOVE: stage.write()}


@scene(
    Block.ACCOUNT,
    f"Fix: correct the account in Publer, then apply again, or take x out of its accounts in {AT}.",
)
def one_account_of_two_that_is_disconnected(stage: Stage) -> Steps:
    broken(stage, "x")()
    stage.world.write(BOTH)
    return {FixStep.CONNECT: broken(stage), FixStep.REMOVE: stage.write(ONE_LEFT)}


@scene(Block.LISTING, "Fix: run it again later; nothing is lost by waiting.")
def a_list_that_is_incomplete(stage: Stage) -> Steps:
    stage.applied(POST)
    stage.world.sandbox.faults.trip("rows_left_out", "GET", "/posts$", times=10**6)
    return {FixStep.WAIT: stage.world.sandbox.faults.trips.clear}


@scene(Block.LISTING, "Fix: delete it in Publer, or run it again later.")
def a_post_on_hold_that_an_incomplete_list_lacks(stage: Stage) -> Steps:
    post = stage.applied(POST)
    stage.world.sandbox.faults.trip("rows_left_out", "GET", "/posts$", times=10**6)
    stage.world.settings(hold={"reason": "Why"})
    return {FixStep.DELETE: stage.remove(post), FixStep.WAIT: stage.world.sandbox.faults.trips.clear}


@scene(Block.UNREAD, "Fix: correct it in Publer, or run it again later.")
def a_post_whose_row_cannot_be_read(stage: Stage) -> Steps:
    faults = stage.world.sandbox.faults
    faults.unreadable = frozenset({stage.applied(POST)})
    again = lambda: setattr(faults, "unreadable", frozenset())  # noqa: E731 - a step, taken once for each fix
    return {FixStep.CORRECT: again, FixStep.WAIT: again}


@scene(Block.NAME, f"Fix: write the id in {AT} instead of the name, or run it again later.")
def names_that_cannot_be_looked_up(stage: Stage) -> Steps:
    sandbox = stage.world.sandbox
    real = sandbox.handle
    signed = replace(POST, account="facebook", more="networks: {facebook: {signature: Footer}}")
    by_id = lookups._id("signature", {"id": ACCOUNTS["facebook"]})

    def handle(asked: Any) -> Any:
        return Response(200, b'"?"') if asked.path.endswith("/signatures") else real(asked)

    sandbox.handle = handle  # type: ignore[method-assign, assignment]  # a fault that the sandbox has no switch for
    stage.world.write(signed)
    return {
        FixStep.WRITE_ID: stage.write(replace(signed, more=signed.more.replace("Footer", f"'{by_id}'"))),
        FixStep.WAIT: lambda: setattr(sandbox, "handle", real),
    }


# --- the state in Publer --------------------------------------------------------------------------------------------


@scene(Block.STATE, f"Fix: correct it in Publer, or remove it from {AT}.")
def a_post_that_was_declined(stage: Stage) -> Steps:
    post = stage.applied(POST)
    stage.world.sandbox.edit(post, state="scheduled_declined")
    return {FixStep.CORRECT: stage.edit(post, state="scheduled"), FixStep.REMOVE: stage.write()}


@scene(Block.STATE, f"Fix: correct it in Publer, or take x out of its accounts in {AT}.")
def a_post_that_was_made_a_recurring_one_on_one_account(stage: Stage) -> Steps:
    post = stage.applied(BOTH)
    stage.world.sandbox.edit(post, state="recurring")
    return {FixStep.CORRECT: stage.edit(post, state="scheduled"), FixStep.REMOVE: stage.write(ONE_LEFT)}


@scene(Block.STATE, "Fix: correct it in Publer.")
def a_post_that_was_declined_and_edited(stage: Stage) -> Steps:
    post = stage.applied(POST)
    stage.world.sandbox.edit(post, state="scheduled_declined", text="Edited")
    return {FixStep.CORRECT: stage.edit(post, state="scheduled", text=POST.text)}


@scene(
    Block.STATE,
    f"Fix: schedule it in Publer. To keep it a draft: run publer-sync pull, or write draft: true in {AT}.",
)
def a_post_that_was_made_a_draft(stage: Stage) -> Steps:
    post = stage.applied(POST)
    stage.world.sandbox.edit(post, state="draft")
    return {
        FixStep.SCHEDULE: stage.edit(post, state="scheduled"),
        FixStep.PULL: stage.pull(),
        FixStep.KEEP_DRAFT: stage.write(replace(POST, draft=True)),
    }


@scene(
    Block.STATE,
    "Fix: schedule it in Publer. To keep it a draft: run publer-sync pull --prefer publer, or write draft: true "
    f"in {AT}.",
)
def a_post_that_was_made_a_draft_and_got_other_words(stage: Stage) -> Steps:
    post, changed = stage.applied(POST), replace(POST, text="Changed")
    stage.world.sandbox.edit(post, state="draft")
    stage.world.write(changed)
    return {
        FixStep.SCHEDULE: stage.edit(post, state="scheduled"),
        FixStep.PULL_OVER: stage.pull("--prefer", "publer"),
        FixStep.KEEP_DRAFT: stage.write(replace(changed, draft=True)),
    }


@scene(
    Block.STATE,
    f"Fix: schedule it in Publer. To keep it a draft: write draft: true in {AT} for x alone.",
)
def a_poll_that_was_made_a_draft_on_one_account(stage: Stage) -> Steps:
    poll = replace(BOTH, account="[x, linkedin]", more="poll: {options: [Yes, No], duration: 1d}")
    post = stage.applied(poll)
    stage.world.sandbox.edit(post, state="draft")
    kept = replace(poll, account="[{account: x, draft: true}, linkedin]")
    return {FixStep.SCHEDULE: stage.edit(post, state="scheduled"), FixStep.KEEP_DRAFT: stage.write(kept)}


@scene(Block.STATE, "Fix: run publer-sync pull, or move it back in Publer.")
def a_post_that_was_moved_to_another_account(stage: Stage) -> Steps:
    post = stage.applied(POST)
    stage.world.sandbox.edit(post, account_id=ACCOUNTS["mastodon"])
    return {FixStep.PULL: stage.pull(), FixStep.MOVE_BACK: stage.edit(post, account_id=ACCOUNTS["x"])}


@scene(Block.STATE, "Fix: run publer-sync pull --prefer publer, or move it back in Publer.")
def a_post_that_was_moved_to_another_account_and_got_other_words(stage: Stage) -> Steps:
    post = stage.applied(POST)
    stage.world.sandbox.edit(post, account_id=ACCOUNTS["mastodon"])
    stage.world.write(replace(POST, text="Changed"))
    return {
        FixStep.PULL_OVER: stage.pull("--prefer", "publer"),
        FixStep.MOVE_BACK: stage.edit(post, account_id=ACCOUNTS["x"]),
    }


@scene(Block.STATE, "Fix: move it back in Publer.")
def a_post_that_was_moved_to_another_account_and_got_what_pull_cannot_undo(stage: Stage) -> Steps:
    post = stage.applied(POST)
    stage.world.sandbox.edit(post, account_id=ACCOUNTS["mastodon"])
    stage.world.write(replace(POST, picture="one.png"))
    return {FixStep.MOVE_BACK: stage.edit(post, account_id=ACCOUNTS["x"])}


@scene(Block.STATE, "Fix: run publer-sync pull, or move it back in Publer.")
def a_post_of_two_accounts_of_which_one_was_moved(stage: Stage) -> Steps:
    post = stage.applied(BOTH)
    stage.world.sandbox.edit(post, account_id=ACCOUNTS["mastodon"])
    return {FixStep.PULL: stage.pull(), FixStep.MOVE_BACK: stage.edit(post, account_id=ACCOUNTS["x"])}


@scene(Block.STATE, f"Fix: delete it in Publer and give it a new id in {AT}, or remove it.")
def a_post_that_was_declined_until_its_time_passed(stage: Stage) -> Steps:
    post = stage.applied(POST, OTHER)
    stage.world.sandbox.edit(post, state="scheduled_declined")
    stage.to(T + 2 * HOUR)
    later = replace(POST, at=T + DAY)
    stage.world.write(later, OTHER)
    anew = stage.write(replace(later, id="again"), OTHER)
    return {FixStep.DELETE_FOR_ID: both(stage.remove(post), anew), FixStep.REMOVE: stage.write(OTHER)}


@scene(
    Block.STATE,
    f"Fix: take x out of its accounts in {AT}. "
    "To publish it there: delete it there and add a post for x with a new id and a new time.",
)
def a_post_that_was_declined_on_one_account_until_its_time_passed(stage: Stage) -> Steps:
    post = stage.applied(BOTH)
    stage.world.sandbox.edit(post, state="scheduled_declined")
    stage.to(T - 20 * MINUTE)
    later = replace(BOTH, at=T + DAY)
    stage.world.write(later)
    assert stage.world.apply().code == 6
    stage.to(T + 2 * HOUR)
    rest = replace(later, account="facebook")
    anew = stage.write(rest, replace(POST, id="again", at=T + 2 * DAY))
    return {FixStep.REMOVE: stage.write(rest), FixStep.DELETE_AND_ADD: both(stage.remove(post), anew)}
