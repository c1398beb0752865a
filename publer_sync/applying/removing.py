"""Removes from Publer what left the calendar and what was replaced; each is named in the request.

`deleting` asks. Here each removal is judged once more, noted in the ledger first, and confirmed by a listing at the end.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from publer_sync.applying import workspace
from publer_sync.applying.deleting import Answers, ask_to_remove
from publer_sync.applying.permission import OUT, may_change, published_anew
from publer_sync.applying.report import DONE, ENDED, Cause, Kept, Outcome, Result
from publer_sync.applying.run import IntentTooOldError, standing
from publer_sync.applying.tasks import Old, Task
from publer_sync.ledger.accounting import removed_late
from publer_sync.ledger.contact import Kind
from publer_sync.ledger.copies import End
from publer_sync.machine.clock import growing_waits
from publer_sync.planning.effort import DELETES
from publer_sync.planning.leftovers import LATE_FOUND
from publer_sync.planning.plan import Create, Delete, Recreate, intent
from publer_sync.planning.signing import YES_DUE
from publer_sync.values.errors import PublerSyncError
from publer_sync.values.model import Account, Family

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from publer_sync.applying.run import Run
    from publer_sync.applying.tasks import Removal
    from publer_sync.ledger.copies import Copy
    from publer_sync.planning.plan import Tried
    from publer_sync.values.model import LivePost

PAGE_DUE: Final = timedelta(hours=2)
"""This long before a post's time, a page that does not answer yet needs a person."""
KEPT = "kept, since the new post with the same id was not created"
KEPT_FOR_PAGE = Cause(
    "kept until the new post with the same id is created: its page does not answer yet",
    hint="Put the page online and run apply again, or delete the old post in Publer",
)
KEPT_FOR_YES = Cause(
    "kept until the new post with the same id is created: it is not signed off yet",
    hint="Have the new post signed off and run apply again, or delete the old post in Publer",
)
TURNED_UP = "Publer created it although its job had refused it, and the post is scheduled at its new time now"
CAME_UP = {
    "refused": Cause(
        "Publer created it although its job had refused it, and listed it only now",
        hint="Run apply again: it removes what the calendar does not want",
    ),
    LATE_FOUND: Cause(
        "it came up in Publer only now, long after an earlier apply had sent it",
        hint="Run apply again: where the calendar does not want it, it says how to decide",
    ),
}
LAST_ONE = Cause("the new post is no longer in Publer, so the old one stays")
STILL_LISTED = Cause("Publer answered that it removed the old post, but still lists it")


def remove_posts(
    run: Run,
    going: Sequence[tuple[Task[Tried], Old]],
    keep: Callable[[Old], Kept | None],
    *,
    urgent: bool = False,
) -> dict[str, Kept]:
    """Remove these, and return by id what was kept and why. `keep` judges each once more, by the latest page.

    The first one goes alone, unless they are `urgent`. Nothing is asked for twice: a listing decides. Raises
    UnrequestedDelete, which ends the run, and FirstContactError before anything is asked for.
    """
    left, kept = list(going), dict[str, Kept]()
    if left and not urgent:
        run.contact.check(Kind.DELETE, run.order.command)
    while left and not urgent and Kind.DELETE not in run.contact.verified:
        if (why := run.contact.ended.get(Kind.DELETE)) is not None or run.contact.error is not None:
            return kept | {old.live.id: Kept(why or ENDED) for _, old in left}
        first = left.pop(0)
        if (no := keep(first[1])) is not None:
            kept |= _keep(run, first[1], no)
            continue
        before = workspace.listed(run)
        kept |= _remove_posts(run, [first], keep)
        workspace.judge_removal(run, first[1], kept, before)
    return kept | _remove_posts(run, left, keep)


def _keep(run: Run, old: Old, why: Kept) -> dict[str, Kept]:
    run.state.put(replace(run.state.copies[old.key], removing_at=None, removed=False))
    return {old.live.id: why}


def _remove_posts(
    run: Run, going: Sequence[tuple[Task[Tried], Old]], keep: Callable[[Old], Kept | None]
) -> dict[str, Kept]:
    kept: dict[str, Kept] = {}
    answers, noted = Answers(), dict[str, Old]()
    left = list(going)
    with _clearing_unasked(run, noted, answers):
        while left:
            batch = _by_a_fresh_page(run, left)
            for _, old in batch:
                if (why := keep(old)) is not None:
                    kept |= _keep(run, old, why)
            left = [each for each in left if each[1].live.id not in kept]
            batch = [each for each in batch if each[1].live.id not in kept]
            if not batch:
                continue
            now = run.means.clock.now()
            for _, old in batch:
                run.state.put(replace(run.state.copies[old.key], removing_at=now, removed=False))
                noted[old.live.id] = old
            run.note()
            with suppress(IntentTooOldError), run.promptly(now):
                while batch and not run.page_is_old:
                    ids = [old.live.id for _, old in batch[:DELETES]]
                    ask_to_remove(run.means.publer.delete, ids, answers)
                    del batch[:DELETES]
            left = [each for each in left if each[1].live.id not in answers.asked]
    return kept | _what_stayed(run, {old.live.id: old for _, old in going}, answers)


@contextmanager
def _clearing_unasked(run: Run, noted: Mapping[str, Old], answers: Answers) -> Iterator[None]:
    """Clear the intents to remove what Publer was not asked to remove, if an error ends the run before it is."""
    try:
        yield
    except PublerSyncError:
        for old in [old for post_id, old in noted.items() if post_id not in answers.asked]:
            run.state.put(replace(run.state.copies[old.key], removing_at=None))
        raise


def _by_a_fresh_page(run: Run, left: Sequence[tuple[Task[Tried], Old]]) -> Sequence[tuple[Task[Tried], Old]]:
    reach = {id(task) for task in run.by_fresh_page([task for task, _ in left])}
    return [each for each in left if id(each[0]) in reach]


def _what_stayed(run: Run, olds: Mapping[str, Old], answers: Answers) -> dict[str, Kept]:
    """Note what Publer answered, and check the rest against a listing."""
    doubtful = answers.refused | answers.unclear
    if doubtful:
        run.list_again(everything=True)
    kept: dict[str, Kept] = {}
    for post_id in answers.asked:
        old, listed = olds[post_id], post_id in run.page.posts
        copy = run.state.copies[old.key]
        if post_id in answers.removed:
            run.state.put(replace(copy, removed=True))
        elif listed or run.page.short:
            unsure = post_id in answers.unclear
            kept[post_id] = Kept(doubtful[post_id], Outcome.UNVERIFIED if unsure else Outcome.FAILED)
            if not unsure:
                run.state.put(replace(copy, removing_at=None))
            continue
        elif published_anew(run, old.live):
            kept[post_id] = Kept(OUT, out=True)
            continue
        run.removed[old.key] = old.live
        run.page.posts.pop(post_id, None)
    return kept


def remove(run: Run, tasks: Sequence[Removal]) -> None:
    """Remove these, unless they are published too soon or a new post of their id was not created."""
    new = [result for result in run.results.values() if isinstance(intent(result.change), Create | Recreate)]
    failed = {result.change.id for result in new if result.outcome in (Outcome.FAILED, Outcome.UNVERIFIED)}
    awaited = {result.change.id: result for result in new if result.page or result.asks}
    due = []
    for task in tasks:
        if not run.open(task):
            continue
        # An old copy goes whatever becomes of the post on other accounts.
        old = task.change.twice or task.change.leftover
        if task.change.id is not None and task.change.id in failed and not old:
            run.end(task, Outcome.NOT_TRIED, KEPT)
        elif (waiting := awaited.get(task.change.id or "")) is not None and not old:
            why, due_in = (KEPT_FOR_PAGE, PAGE_DUE) if waiting.page else (KEPT_FOR_YES, YES_DUE)
            goes_out = task.change.live.family is Family.SCHEDULED
            near = goes_out and task.change.at - run.means.clock.now() <= due_in
            outcome = Outcome.NOT_TRIED if near else waiting.outcome
            run.results[task.index] = replace(waiting, change=task.change, why=why, outcome=outcome)
        else:
            due.append(task)
    if not due:
        return
    run.go_on()
    twice = {task.change.copy.key for task in due if task.change.twice}
    leftover = {task.change.copy.key for task in due if task.change.leftover} - twice
    kept = remove_posts(
        run,
        [(task, Old(task.change.copy.key, task.change.live)) for task in due],
        lambda old: may_change(run, old.live, frozen=old.key not in twice) or _last_one(run, old, leftover),
    )
    for task in due:
        no = kept.get(task.change.live.id)
        run.end(
            task, no.outcome if no else Outcome.APPLIED, no.why if no else None, post_id=task.change.live.id
        )
    run.means.progress("removed", f"{len(due) - len(kept)} of {len(due)} done")


def remove_early(run: Run, tasks: Sequence[Removal]) -> None:
    """Remove what others wait for, unless a doubt stops all removals: then what does not wait is sent first, and the doubt is raised afterwards."""
    if Kind.DELETE not in run.contact.doubts:
        remove(run, tasks)


def settle_what_turned_up(run: Run) -> None:
    """Remove copies that Publer had refused and that a listing of this run showed all the same, where a new copy of the post is listed.

    Anything else that came up only now is reported: the next plan decides what becomes of it.
    """
    changes = run.order.plan.changes
    planned = {each.copy.key for each in changes if each.copy and not isinstance(each, Create | Recreate)}
    made = {
        task.made.entry: task.made.key for task in run.creations if task.made is not None and task.old is None
    }
    meant = {each.copy.entry for each in changes if each.copy}
    index = len(changes) + len(run.order.taken_out)
    found: list[Removal] = []
    for copy in [*run.state.copies.values()]:
        live = run.page.posts.get(copy.post_id or "")
        if copy.turned_up not in CAME_UP or copy.key in planned or live is None or copy.end is not None:
            continue
        if run.order.filtered and copy.entry not in meant:
            continue  # left out
        stands = run.state.copies.get(made.get(copy.entry, 0))
        if stands is copy or live.family not in (Family.SCHEDULED, Family.DRAFT):
            continue
        account = run.accounts.get(copy.account) or Account(copy.account, copy.account, "")
        gone = Delete(account=account, copy=copy, live=live, reason=TURNED_UP, leftover=True)
        if copy.turned_up == "refused" and stands is not None and stands.post_id in run.page.posts:
            found.append(Task(index, gone))
        else:
            why = CAME_UP[copy.turned_up]
            run.results[index] = Result(replace(gone, reason=why.message), Outcome.NOT_TRIED, why, live.id)
        index += 1
    run.removals += found
    remove(run, found)


def _last_one(run: Run, old: Old, leftover: Collection[int]) -> Kept | None:
    """Why an old copy stays after all: no other copy of its post is listed that can take its place."""
    if old.key not in leftover:
        return None
    entry = run.state.copies[old.key].entry
    others = [copy for copy in run.state.copies.values() if copy.entry == entry and copy.key != old.key]
    there = [
        (copy, run.page.posts[copy.post_id])
        for copy in others
        if copy.post_id in run.page.posts and copy.key not in run.removed
    ]
    if any(can_stand(copy, live) for copy, live in there):
        return None
    return Kept(in_another_state(there[-1][1]) if there else LAST_ONE)


def can_stand(copy: Copy, live: LivePost) -> bool:
    """Whether it is listed in a state in which it can take the place of the old one."""
    outcome, _ = standing(live, draft=copy.draft and live.family is Family.DRAFT)
    return outcome is not Outcome.FAILED


def in_another_state(live: LivePost) -> Cause:
    return Cause(f"Publer lists the new post in another state, {live.state}, so the old one stays")


def check(run: Run) -> None:
    """List once more after the last removal: a post that is still listed was not removed, whatever Publer answered.

    A post that is not listed counts as removed, unless that was so close to its minute that it may be published.
    """
    if not run.removed:
        return
    waits = growing_waits(run.means.poll_seconds)
    # Where the answer to a DELETE did not name the post, the list of one day proves nothing.
    everything = not all(run.state.copies[key].removed for key in run.removed)
    for _ in range(3):
        run.list_again(everything=everything)
        left = {key for key, live in run.removed.items() if _stands(run, live.id)}
        if not left or run.means.stop():
            break
        run.means.clock.sleep(next(waits))
    now = run.means.clock.now()
    for key in run.removed.keys() - left if not run.page.short else ():
        copy = run.state.copies[key]
        if copy.end is None and not removed_late(copy):
            run.state.put(copy.ending(End.REMOVED, now))
    for task in (*run.creations, *run.removals):
        result, old = run.results.get(task.index), task.change.copy
        if result is None or result.outcome not in DONE or old is None or old.key not in left:
            continue
        run.state.put(replace(run.state.copies[old.key], removed=False))
        run.end(task, Outcome.FAILED, STILL_LISTED, post_id=run.removed[old.key].id)


def _stands(run: Run, post_id: str) -> bool:
    live = run.page.posts.get(post_id)
    return live is not None and live.family in (Family.SCHEDULED, Family.DRAFT)
