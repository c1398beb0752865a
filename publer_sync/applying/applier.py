"""Carries out a plan, step by step: first what needs no request, then updates, new posts in rounds, and what left the calendar.

The ledger is saved before and after each step, and a listing is the only proof of success. What stops a run is in
its report, beside the results of what was done until then.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, assert_never

from publer_sync.applying import contact, recording, removing, updating, workspace
from publer_sync.applying.making import create
from publer_sync.applying.report import (
    DONE,
    ENDED,
    NO_CAUSE,
    UNDER_WAY,
    ApplyReport,
    Cause,
    Outcome,
    Result,
    by_time,
)
from publer_sync.applying.restoring import payload_of
from publer_sync.applying.run import standing
from publer_sync.applying.tasks import Creation, Old, Task
from publer_sync.ledger.attribution import tidy
from publer_sync.ledger.contact import Kind
from publer_sync.ledger.copies import NO_FACTS, Copy, Seen
from publer_sync.ledger.state import past_keys
from publer_sync.planning.contact import TROUBLE
from publer_sync.planning.holding import labels_unknown
from publer_sync.planning.judge import NOT_PUBLISHED, told
from publer_sync.planning.leftovers import under_way
from publer_sync.planning.plan import (
    Action,
    Adopt,
    Block,
    Blocked,
    Create,
    Delete,
    Held,
    Past,
    Pending,
    Recreate,
    Replace,
    Unchanged,
    Update,
    awaited_page,
    intent,
    waits_for_yes,
)
from publer_sync.planning.signing import is_near
from publer_sync.values.errors import PublerSyncError, StateError
from publer_sync.values.model import Family
from publer_sync.values.printable import printable_line

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from publer_sync.applying.run import Run
    from publer_sync.ledger.copies import LedgerEntry
    from publer_sync.ledger.state import State
    from publer_sync.planning.plan import Plan, Tried


UNLABELLED = Cause(
    "it is in Publer still: the hold is for labels, and neither the calendar nor Publer shows those of this adopted post",
    hint="Delete it in Publer to stop it",
)
OUT_FOR_NOW = Cause(
    "its old post was taken out to make room, and the new one is not in Publer yet",
    hint="Run apply again before its time, or nothing is published.",
)
GIVER_STAYS = "another post still says this in Publer, or may: its own change comes first, and was not done"
MOVE_DUE: Final = timedelta(days=1)
"""This long before a post's time, a person is needed for a post that another calendar has not taken over yet."""


def apply_plan(run: Run) -> ApplyReport:
    """Do what the plan says; never raises for what Publer, the ledger or a person does."""
    started, error = run.means.clock.monotonic(), None
    run.means.publer.before_write = run.means.guard
    run.state.files = None if run.order.whole else run.state.files
    try:
        _take_stock(run)
        contact.begin(run)
        workspace.back_up(run)
        _remove_doubtful(run)
        _make(run)
        removing.remove(run, run.removals)
        removing.settle_what_turned_up(run)
        removing.check(run)
        run.contact.raise_error()
        if any(result.outcome is Outcome.UNVERIFIED for result in run.results.values()):
            run.go_on()
        _note_end(run)
    except PublerSyncError as stopped:
        error = run.contact.and_then(stopped)
    done = run.order.whole and error is None and _all_done(run)
    if done:
        run.state.files = run.order.files
    if run.order.whole and error is None and all(result.outcome in DONE for result in run.results.values()):
        run.state.last_good_apply = run.state.last_apply
    recording.end(run, done=done)
    tidy(run.state, now=run.means.clock.now())
    if not isinstance(error, StateError):
        try:
            run.means.save(run.state)
        except PublerSyncError as unsaved:
            error = error or unsaved
    for task in run.tasks:
        if run.open(task):
            _cut_short(run, task)
    results = [run.results[index] for index in sorted(run.results)]
    return ApplyReport(
        results=tuple(sorted(results, key=by_time) if run.order.taken_out else results),
        unchanged=run.order.plan.count(Action.UNCHANGED),
        requests=run.means.publer.requests,
        seconds=run.means.clock.monotonic() - started,
        timezone=run.order.plan.timezone,
        next_out=_next_out(run),
        error=error,
        twice=_twice(run) if error is not None else None,
        remarks=run.remarks,
        backup=run.contact.backup,
        notes=tuple(run.contact.warnings),
    )


def _remove_doubtful(run: Run) -> None:
    """Posts that Publer did not keep as sent go first, where they left the calendar: they keep others of their kind from being sent."""
    doubted = {*run.state.contact.doubts.values()}
    going = [task for task in run.removals if task.change.copy.key in doubted]
    if going:
        removing.remove_early(run, going)
        run.contact.raise_error()
        contact.forget_removed(run)


def _make(run: Run) -> None:
    """Edit and create. A post that gets the words of another one waits for it, whatever the order is otherwise."""
    followed = [task.behind for task in (*run.edits, *run.creations) if task.behind is not None]
    removing.remove_early(run, [task for task in run.removals if task in followed])
    before = -1
    while before != len(run.results):
        before = len(run.results)
        run.give_up_followers()
        updating.update(run)
        run.give_up_followers()
        create(run)
        if not followed:
            break
    if any(task.old is not None for task in run.creations):  # nothing was sent for these
        run.contact.check(Kind.DELETE, run.order.command)


def _all_done(run: Run) -> bool:
    return not any(map(run.open, run.tasks)) and all(
        result.outcome in DONE and not (result.page or result.leaves or result.asks)
        for result in run.results.values()
    )


def _cut_short(run: Run, task: Task[Tried]) -> None:
    old = run.state.copies.get(task.change.copy.key) if task.change.copy is not None else None
    asked = old is not None and old.removal_in_doubt
    if isinstance(task, Creation) and task.out is not None and task.made is None:
        run.end(task, Outcome.FAILED, OUT_FOR_NOW)
    elif asked or (isinstance(task, Creation) and (task.made is not None or task.out is not None)):
        run.end(task, Outcome.UNVERIFIED, UNDER_WAY)
    else:
        run.end(task, Outcome.NOT_TRIED, ENDED)


def _twice(run: Run) -> tuple[int, datetime] | None:
    """Where a replace was cut off: how many posts may be published twice unless an apply runs before, and when."""
    now = run.means.clock.now()
    half_done = [
        ahead
        for entry in run.state.entries().values()
        if len(ahead := [copy.minute for copy in entry.open if _may_go_out(copy, now)]) > 1
    ]
    return (len(half_done), min(map(min, half_done))) if half_done else None


def _may_go_out(copy: Copy, now: datetime) -> bool:
    return not copy.draft and not copy.removed and copy.minute > now


def _next_out(run: Run) -> tuple[datetime, str, str] | None:
    plan = run.order.plan
    aliases = {change.account.id: change.account.alias or change.account.name for change in plan.changes}
    aliases |= plan.names  # filters leave changes out
    managed = run.state.post_ids
    ahead = [
        (post.at, aliases.get(post.account_id, post.account_id), post.text)
        for post in run.page.posts.values()
        if post.id in managed
        and post.family is Family.SCHEDULED
        and post.state not in TROUBLE
        and post.at
        and post.at > run.means.clock.now()
    ]
    return min(ahead, default=None)


# --- before the first write to Publer -------------------------------------------------------------------------------


def _take_stock(run: Run) -> None:
    """Note in the ledger what needs no request, and sort the changes into what is tried and what is not."""
    run.state.holds = run.order.plan.holds
    out = {result.change.copy.key for result in run.order.taken_out if result.change.copy}
    run.results |= dict(enumerate(run.order.taken_out, len(run.order.plan.changes)))
    entries: Mapping[int, LedgerEntry] = {}
    for index, change in enumerate(run.order.plan.changes):
        if change.copy is not None and change.post is not None:
            run.state.identify(run.state.copies[change.copy.key], change.post.id)
        match change:
            case Unchanged():
                _refresh(run, change)
                if (live := change.live) is not None and any(
                    labels_unknown(hold, change.copy, live, change.post, run.means.clock.now())
                    for hold in run.order.begun
                ):
                    run.results[index] = Result(change, Outcome.NOT_TRIED, UNLABELLED, live.id)
                if change.moves_to:
                    run.results[index] = _leave_for(run, change)
            case Past():
                _note_past(run, index, change)
            case Held() | Blocked() if change.copy is not None and change.copy.key in out:
                pass
            case Held(live=None, copy=copy) if copy is None or not copy.awaiting:
                pass
            case Pending(late=True):
                run.results[index] = Result(change, Outcome.NOT_TRIED, Cause(change.reason))
            case Pending() | Held(live=None):
                entries = entries or run.state.entries()
                copies = entries[change.copy.entry].copies if change.copy is not None else ()
                message = f"{under_way(copies)}; the next apply checks again"
                run.results[index] = Result(change, Outcome.UNVERIFIED, Cause(message))
            case Adopt():
                _adopt(run, index, change)
            case Create() | Recreate() | Update() | Replace() | Delete() | Held() | Blocked():
                _take_on(run, index, change)
            case _:
                assert_never(change)
    tried = {task.change.copy.key: task for task in run.tasks if task.change.copy is not None}
    for task in (*run.edits, *run.creations):
        if task.change.behind:
            task.behind = tried.get(task.change.behind)
            if task.behind is None:  # an option let this one through, but not the one that has its words
                run.end(task, Outcome.NOT_TRIED, GIVER_STAYS)
    ahead = [
        change.post for change in run.order.plan.changes if change.post and change.at > run.means.clock.now()
    ]
    for post in ahead:  # with a new time it can be missed again
        run.state.excused.difference_update(past_keys(post.account.id, post.at, post.id))
    for post in run.order.excuse:
        run.state.excused.update(past_keys(post.account.id, post.at, post.id))
    if run.order.whole:
        note_what_left(run.state, run.order.plan)
        run.state.signoff = run.order.plan.signoff
    recording.begin(run)
    run.go_on()


def _take_on(run: Run, index: int, change: Tried | Blocked) -> None:
    entry = change.copy.entry if change.copy is not None else None
    allow = run.order.allow
    if isinstance(change, Blocked) and Block.TWIN in change.blocks and allow.lets(allow.twins, change):
        for known in filter(None, {entry, change.entry}):
            run.state.note(known, twins=True)
    match run.order.allow.attempt(change):
        case None if entry is not None and _was_told(run, change, entry):
            pass
        case None if (
            entry is not None
            and isinstance(intent(change), Unchanged)
            and run.order.allow.passes_blocks(change)
        ):
            pass
        case None if waits_for_yes(change):
            run.results[index] = _wait_for_yes(run, change)
        case None:
            told = replace(change, doubted=True) if isinstance(change, Blocked) and change.entry else change
            run.results[index] = Result(told, Outcome.NOT_TRIED, Cause(change.reason))
        case Held() as held:  # it showed up while the run was being stopped
            run.results[index] = Result(held, Outcome.NOT_TRIED, ENDED)
        case Update() as update:
            run.edits.append(Task(index, update))
        case Delete() as delete:
            run.removals.append(Task(index, delete))
        case Create() | Recreate() as new if awaited_page(new) in run.order.unanswered:
            run.results[index] = _wait_for_page(run, new)
        case Create() | Recreate() as new:
            _take_along(run, new)
            run.creations.append(Creation(index, new))
        case Replace() as new:
            _take_along(run, new)
            old = Old(new.copy.key, new.live)
            run.creations.append(Creation(index, new, old=old, made=new.successor))
        case never:
            assert_never(never)


def _wait_for_page(run: Run, new: Create | Recreate) -> Result:
    """The result of a post whose page does not answer: it waits, until its time is near."""
    page = awaited_page(new)
    why = Cause(f"its page does not answer yet: {page} {run.order.unanswered[page]}")
    if new.at - run.means.clock.now() > removing.PAGE_DUE:
        return Result(new, Outcome.WAITING, why, page=True)
    hint = "Put the page online and run apply again, or remove `when_live` to publish without it"
    return Result(new, Outcome.NOT_TRIED, replace(why, hint=hint), page=True)


def _wait_for_yes(run: Run, change: Tried | Blocked) -> Result:
    """The result of a post that is not signed off: it waits, until its minute is near, or that of the post in Publer that it would change."""
    near = is_near(change, run.means.clock.now())
    return Result(change, Outcome.NOT_TRIED if near else Outcome.WAITING, Cause(change.reason), asks=True)


def _leave_for(run: Run, change: Unchanged) -> Result:
    """The result of a post that another calendar takes over: a person is needed where its minute is near and nobody did."""
    name = printable_line(change.moves_to)
    why = Cause(
        f"the calendar {name} wants it and takes it over when it is applied",
        hint=f"Apply the calendar {name}",
    )
    near = change.at - run.means.clock.now() <= MOVE_DUE
    return Result(change, Outcome.NOT_TRIED if near else Outcome.WAITING, why, leaves=True)


def _was_told(run: Run, change: Tried | Blocked, entry: int) -> bool:
    """Whether an earlier apply has reported that the post was already published: from then on plan warns of it."""
    facts = run.state.facts.get(entry, NO_FACTS)
    post = change.post if Block.WENT_OUT in change.blocks else None
    return post is not None and told(post) in facts.told


def note_what_left(state: State, plan: Plan) -> None:
    """Note which posts the calendar wants and which it does not: a post that left is not the same as one moved too late."""
    wanted = {change.copy.entry for change in plan.changes if change.copy and change.post}
    for entry in wanted:
        state.note(entry, left=False)
    for entry in plan.left - wanted:
        state.note(entry, left=True)
    for entry in plan.still_out:
        state.note(entry, let_go=entry in plan.let_go)
    for entry in wanted - plan.still_out:
        state.note(entry, let_go=False, beside=plan.beside.get(entry, ()))


def _refresh(run: Run, change: Unchanged) -> None:
    """Note what Publer shows now of a post that the calendar wants: later edits are recognized by it."""
    if change.live is None or change.post is None:
        return
    copy = run.state.copies[change.copy.key]
    seen = Seen.of(change.live, copy.seen)
    copy = replace(copy, seen=seen, shown=None, turned_up="", verified_at=run.page.listed_at)
    due = change.live.at is not None and change.live.at <= run.means.clock.now()
    if not due:
        copy = replace(
            copy, sent=change.post.content, slot=change.post.at, counts_from=change.post.counts_from
        )
    run.state.put(copy)
    if not due and copy.account != change.post.account.id:
        _follow_to_account(run, copy, change.post.account.id)


def _follow_to_account(run: Run, copy: Copy, account: str) -> None:
    """Note that a post is on the account to which someone moved it in Publer, once nothing of it is left on the old one."""
    copies = [each for each in run.state.copies.values() if each.entry == copy.entry]
    if any(each.end is None and each.key != copy.key for each in copies):
        return
    for each in copies:
        run.state.put(replace(each, account=account, moved_to=""))


def _take_along(run: Run, change: Create | Recreate | Replace) -> None:
    """Move the entry to the account of its next post: the ledger has one account for all its copies."""
    if change.copy is None or change.copy.account == change.account.id:
        return
    for each in [copy for copy in run.state.copies.values() if copy.entry == change.copy.entry]:
        run.state.put(each.under(change.account.id))


def _note_end(run: Run) -> None:
    """When it ended, and what an account joined too late for, which the next run does not tell again; after one that is cut off, it is missed."""
    run.state.last_apply = run.means.clock.now()
    for change in run.order.plan.changes:
        if isinstance(change, Past) and change.let_in == "account":
            run.state.excused.update(past_keys(change.account.id, change.at, change.id))


def _note_past(run: Run, index: int, change: Past) -> None:
    copy = change.copy
    if change.let_in == "date":
        run.state.excused.update(past_keys(change.account.id, change.at, change.id))
    if change.missed:
        removed = copy if copy and copy.removing_at and not copy.held else None
        said = copy.publer_said if copy is not None else ""
        run.results[index] = Result(
            change,
            Outcome.NOT_TRIED,
            Cause(NOT_PUBLISHED, said) if said else Cause(change.reason),
            payload=payload_of(removed) if removed else None,
        )


def _adopt(run: Run, index: int, change: Adopt) -> None:
    post, live = change.post, change.live
    run.state.put(
        Copy(
            run.state.new_key(),
            post.account.id,
            post.at,
            post.content,
            id=post.id,
            post_id=live.id,
            seen=Seen.of(live),
            verified_at=run.page.listed_at,
            counts_from=post.counts_from,
            adopted=True,
            spared=run.means.clock.now() if change.on_hold else None,
            entry=change.copy.entry if change.copy is not None else 0,
        )
    )
    outcome, said = standing(live, draft=live.family is Family.DRAFT)
    why = Cause(TROUBLE.get(live.state, said)) if said else NO_CAUSE
    if change.on_hold:
        hint = "Run hold again to take it out of Publer too, or delete it there."
        outcome, why = Outcome.NOT_TRIED, Cause(change.reason, hint=hint)
    run.results[index] = Result(change, outcome, why, post_id=live.id)
