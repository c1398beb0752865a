"""Every fix that plan prints, taken: a scene for each code that blocks a post, and the next apply arrives by each step."""

from __future__ import annotations

import json
import re
import subprocess
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from publer_sync.planning.plan import Block
from publer_sync.render.post.fixes import FixStep
from publer_sync.sandbox import lookups
from publer_sync.sandbox.exchange import Response
from tests.system.worlds import (
    ACCOUNTS,
    DAY,
    HOUR,
    MINUTE,
    SETTINGS,
    T,
    Want,
    World,
    clocks,
    git,
    killed,
    world_in,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Steps: TypeAlias = "dict[FixStep | str, Callable[[], object]]"
POST = Want("launch", "x", T, "We launched")
NAMELESS = replace(POST, id=None)
BOTH = replace(POST, account="[x, facebook]")
ONE_LEFT = replace(POST, account="facebook")
OTHER = Want("other", "linkedin", T + 3 * DAY, "Something else")
AT = "posts.yaml:2"


@dataclass(frozen=True)
class Stage:
    """A world whose clock can be set, and a second calendar beside its own."""

    world: World
    to: Callable[[datetime], None]

    @property
    def beside(self) -> Path:
        return self.world.home / "other"

    def applied(self, *wants: Want) -> str:
        """Put these in place; Publer's id of the first."""
        self.world.apply_first(*wants)
        return self.live(wants[0])

    def live(self, want: Want) -> str:
        account = ACCOUNTS[want.account.strip("[").partition(",")[0]]
        ids = [str(post["id"]) for post in self.world.sandbox.posts() if post["account_id"] == account]
        return ids[0]

    def edit(self, post: str, **fields: Any) -> Callable[[], object]:
        return lambda: self.world.sandbox.edit(post, **fields)

    def write(self, *wants: Want) -> Callable[[], object]:
        return lambda: self.world.write(*wants)

    def remove(self, post: str) -> Callable[[], object]:
        return lambda: self.world.sandbox.remove(post)

    def pull(self, *flags: str) -> Callable[[], object]:
        def run() -> None:
            ran = self.world.run("pull", self.world.top, "--yes", *flags)
            assert ran.code == 0, ran

        return run

    def write_beside(self, *wants: Want) -> None:
        self.beside.mkdir(exist_ok=True)
        shared = {alias: {"name": name, "shared": True} for alias, name in ACCOUNTS.items()}
        self.world.settings(accounts=shared)
        lines = {**SETTINGS, "accounts": shared}
        settings = "".join(f"{key}: {json.dumps(value)}\n" for key, value in lines.items())
        (self.beside / "publer.yaml").write_text(settings, encoding="utf-8")
        body = "posts:\n" + "".join(want.yaml() for want in wants) if wants else "posts: []\n"
        (self.beside / "posts.yaml").write_text(body, encoding="utf-8")

    def apply_beside(self, *wants: Want) -> None:
        self.write_beside(*wants)
        done = self.world.run("apply", self.beside, "--yes", "--allow-deletes", "9")
        assert done.code == 0, done
        self.world.sandbox.settle()


@dataclass(frozen=True)
class Scene:
    """`code` blocks the post, or is the mark that plan shows; `says` are its fixes. `tops`: more calendars of the command."""

    code: Block | str
    says: str
    play: Callable[[Stage], Steps]
    together: bool = False


SCENES: list[Scene] = []


def scene(code: Block | str, says: str, *, together: bool = False) -> Callable[..., Callable[[Stage], Steps]]:
    def add(play: Callable[[Stage], Steps]) -> Callable[[Stage], Steps]:
        SCENES.append(Scene(code, says, play, together))
        return play

    return add


def both(*steps: Callable[[], object]) -> Callable[[], object]:
    return lambda: [step() for step in steps]


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


# --- uses of a stored post ------------------------------------------------------------------------------------------


def write_use(stage: Stage, *lines: str) -> None:
    store = "posts:\n- {id: tip, accounts: x, evergreen: {every: 1d}, text: A tip}\n"
    (stage.world.top / "tips.yaml").write_text(store, encoding="utf-8")
    use = "".join(f"  {line}\n" for line in lines)
    (stage.world.top / "posts.yaml").write_text(f"posts:\n- use: tip\n{use}", encoding="utf-8")


def put_use(stage: Stage, *lines: str) -> str:
    """Put a use in place; Publer's id of it."""
    write_use(stage, *lines)
    assert stage.world.apply().code == 0
    stage.world.sandbox.settle()
    return stage.live(POST)


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
    world.sandbox.faults.list_delay = 2
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


# --- edits ----------------------------------------------------------------------------------------------------------

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


# --- possible duplicates --------------------------------------------------------------------------------------------


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


# --- the scenes, played ---------------------------------------------------------------------------------------------


def steps_in(says: str) -> set[FixStep]:
    """The steps that a sentence names."""
    found = set()
    for step in FixStep:
        for words in step.value:
            pattern = re.escape(words).replace(r"\{place\}", r"\S+").replace(r"\{accounts\}", r"\w+")
            pattern = pattern.replace(r"\{except\}", "[^)]+")
            pattern = pattern.replace(r"\{calendar\}", r"\w+").replace(
                r"\{approve\}", "publer-sync approve .+"
            )
            for form in {pattern, re.sub(r"\\ (in|from)\\ \\S\+", "", pattern)}:
                if re.search(rf"(?:: |, |or ){form}(?=[.,;:](?:\s|$)|$)", says):
                    found.add(step)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("played", SCENES, ids=lambda played: played.play.__name__)
def test_each_step_that_a_fix_names_is_a_way_out(played: Scene, tmp_path: Path) -> None:
    number, steps = 0, list[FixStep | str](["the first"])
    while number < len(steps):
        with world_in(tmp_path / str(number)) as world, clocks(world) as to:
            stage = Stage(world, to)
            taken = played.play(stage)
            steps = [*taken]
            tops = [world.top, *([stage.beside] if played.together else [])]
            if number == 0:
                shown = world.run("plan", *tops).stdout
                flat = " ".join(shown.split()).replace(f" {world.top}", "")
                codes = world.run("plan", world.top, *tops[1:], "--format", "json").stdout
                assert f'"{played.code}"' in codes or f" {played.code} " in flat, shown
                assert re.search(rf"{re.escape(played.says)}(?=[ .,]|$)", flat), shown
                assert {step for step in steps if isinstance(step, FixStep)} == steps_in(played.says), steps
                assert all(step in played.says for step in map(str, steps) if step.startswith("--"))
            step = steps[number]
            taken[step]()
            # As it is printed: with the post's name, where it has one.
            flags = re.findall(rf"{step}\S*", played.says) if str(step).startswith("--") else []
            done = world.run("apply", *tops, "--yes", "--allow-deletes", "9", *flags)
            assert done.code == 0, (step, done)
            world.sandbox.settle()
            left = world.run("plan", *tops, "--detailed-exitcode")
            assert left.code == 0, (step, left.stdout)
        number += 1


def test_every_code_and_every_step_has_a_scene() -> None:
    """A code that is added to Block, and a step that is added to FixStep, needs one: a way out that was taken."""
    assert {played.code for played in SCENES} >= set(Block)
    assert {step for played in SCENES for step in steps_in(played.says)} == set(FixStep)


def test_what_someone_published_early_asks_for_nothing_and_is_past(tmp_path: Path) -> None:
    """Under its id or a new one, with an id in the calendar or without, as a draft, and in other words."""
    with world_in(tmp_path) as world, clocks(world) as to:
        stage = Stage(world, to)
        wants = [
            POST,
            replace(NAMELESS, account="facebook"),
            replace(POST, id="renamed", account="linkedin", text="Published under another id"),
            replace(POST, id="drafted", account="mastodon", draft=True),
            replace(POST, id="reworded", account="bluesky"),
        ]
        stage.applied(*wants)
        to(T - 2 * DAY)
        early = T - 2 * DAY - HOUR
        ids = {account: stage.live(replace(POST, account=account)) for account in ACCOUNTS}
        for account in ("x", "facebook", "mastodon"):
            world.sandbox.edit(ids[account], state="published", at=early)
        world.sandbox.edit(ids["bluesky"], state="published", at=early, text="Published in other words")
        world.sandbox.remove(ids["linkedin"])
        world.stranger("linkedin", early, "Published under another id", state="published")
        for moment in (T - 2 * DAY, T + DAY):
            to(moment)
            assert (world.plan()["changes"], world.apply().code) == ([], 0)


def test_a_filter_and_a_report_name_the_account_too(tmp_path: Path) -> None:
    """Whatever of the post is left out of the plan: removed from the file, it would be removed on the other accounts."""
    said = f"Fix: choose another time for x in {AT}, or move the other post in Publer."
    with world_in(tmp_path) as world:
        world.stranger("x", T, "A colleague's")
        world.write(BOTH)
        shown = [world.run("plan", world.top, *more).stdout for more in ((), ("--account", "x"))]
        shown += [
            world.run(*words).stdout for words in (("apply", world.top, "--yes"), ("status", world.top))
        ]
        assert [said in " ".join(each.split()) for each in shown] == [True] * 4, shown
