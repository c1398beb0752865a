"""Creates new posts in rounds: records the intent, removes what has to go first, sends one bulk request, lists, removes old ones.

A replace never removes the old post before the new one is listed, except where both need one minute; then what the old
one said stays in the ledger until the new one is listed or the old one is back.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from publer_sync.applying import first_writes
from publer_sync.applying.permission import may_change
from publer_sync.applying.removing import remove_early, remove_posts
from publer_sync.applying.replacing import remove_old, verify
from publer_sync.applying.report import Outcome
from publer_sync.applying.restoring import put_back
from publer_sync.applying.rounds import Slots, choose, next_batch, with_those_behind
from publer_sync.applying.run import TOO_LATE
from publer_sync.applying.sending import Sent, follow, may_be_sent, send
from publer_sync.applying.tasks import Creation
from publer_sync.applying.uploads import forget_deleted, upload, upload_time
from publer_sync.ledger.contact import Kind
from publer_sync.ledger.copies import Copy
from publer_sync.planning.plan import Create, Replace, soonest
from publer_sync.values.content import Revision
from publer_sync.values.errors import PublerSyncError, ServiceError
from publer_sync.values.model import Family, same_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from publer_sync.applying.run import Run
    from publer_sync.applying.tasks import Old
    from publer_sync.values.model import Post

SLOW_LINE = 10
"""Some connections are this many times slower than an ordinary one."""


def create(run: Run) -> None:
    """Create everything that is to be created, soonest first: in batches, and round after round."""
    half_done = [(task, task.made) for task in run.creations if task.made is not None and run.open(task)]
    if half_done and Kind.DELETE not in run.contact.doubts:
        run.go_on()
        remove_old(run, half_done)
    with suppress(ServiceError):  # an upload that is gone after all shows when its posts are not listed
        forget_deleted(run)
    outside = _waiting_outside(run)
    inside = [task for task in run.creations if id(task) not in outside]
    waiting = sorted(inside, key=lambda task: soonest(task.change))
    while waiting := [task for task in waiting if run.open(task)]:
        batch = next_batch(
            waiting,
            run.page.posts.values(),
            now=run.means.clock.now(),
            needs_uploads=lambda task: bool(upload_time(run, task.change.post)),
        )
        if run.edits or len(waiting) < len(run.creations):
            run.means.save(run.state)  # an upload may take long
        _rounds(run, _upload(run, batch))


def _waiting_outside(run: Run) -> set[int]:
    """The ids of those that wait, directly or through others, for something other than a new post."""
    first = [
        task
        for task in run.creations
        if not isinstance(task.behind, Creation | None) and run.open(task.behind)
    ]
    return with_those_behind(first, run.creations, run.page.posts.values()) if first else set()


def _upload(run: Run, batch: Sequence[Sequence[Creation]]) -> list[Creation]:
    """Upload soonest first, and return what can be sent: all, or those that could be late if they waited for the next uploads."""
    ready: list[Creation] = []
    for group in batch:
        slowly = SLOW_LINE * sum((upload_time(run, task.change.post) for task in group), timedelta())
        if any(run.means.clock.now() + slowly > _last_moment(run, task) for task in ready):
            break
        ready += [task for task in group if may_be_sent(run, task) and upload(run, task)]
    return ready


def _last_moment(run: Run, task: Creation) -> datetime:
    moment = task.at - TOO_LATE
    if task.old is None or task.old.live.at is None or task.old.live.family is not Family.SCHEDULED:
        return moment
    return min(moment, task.old.live.at - run.order.freeze)


def _rounds(run: Run, todo: Sequence[Creation]) -> None:
    number = 0
    while todo := [task for task in todo if run.open(task)]:
        if all(task.out is None for task in todo):  # else what was taken out to make room comes first
            run.go_on()
        _make_room(run, todo)
        run.contact.raise_error()
        todo = [task for task in first_writes.admitted(run, todo) if may_be_sent(run, task)]
        chosen = choose(todo, run.page.posts.values(), number=number + 1)
        for task in chosen.stuck:
            run.end(task, Outcome.NOT_TRIED, "another post is already scheduled for this minute")
        first = first_writes.first_round(run, chosen)
        number += first is None
        chosen = first or chosen
        _round(run, chosen.first_out, chosen.go)
        first_writes.conclude(run, chosen.go)
        if run.give_up_followers():
            put_back(run)


def _make_room(run: Run, todo: Sequence[Creation]) -> None:
    """Posts that left the calendar go first where a new one needs their minute."""
    slots = Slots(run.page.posts.values())
    needed = {post for task in todo for post in slots.in_the_way_of(task)}
    remove_early(run, [task for task in run.removals if task.change.live.id in needed])


def _round(run: Run, first_out: Sequence[Creation], go: Sequence[Creation]) -> None:
    for task in go:
        task.made = _intend(run, task)
    leaving = [(task, task.old) for task in first_out if task.old is not None]
    if leaving:
        _take_out(run, leaving, go)
    elif go:
        run.note()
    slots = Slots(run.page.posts.values())
    for task in go:
        if slots.in_the_way_of(task):
            _drop_made(run, task)  # what should have made room is still there: the next round decides again
    send(run, [Sent(task.made, task) for task in go if task.made is not None])
    sent = [(task, task.made) for task in go if task.made is not None]
    follow(run, [made.key for _, made in sent])
    listed = [(task, made) for task, sent_as in sent if (made := verify(run, task, sent_as)) is not None]
    remove_old(run, listed)
    put_back(run)


def _intend(run: Run, task: Creation) -> Copy:
    post, old = task.change.post, task.change.copy
    copy = Copy(
        run.state.new_key(),
        post.account.id,
        post.at,
        post.content,
        id=post.id,
        requested_at=run.means.clock.now(),
        ids=post.ids,
        counts_from=post.counts_from,
        alone=task.alone,
        entry=old.entry if old is not None else 0,
        by_hand=isinstance(task.change, Create) and task.change.by_hand,
        spared=old.spared if isinstance(task.change, Replace) and old is not None else None,
    )
    run.state.put(copy)
    run.noting.noted = False
    return copy


def _remember(run: Run, old: Old, post: Post) -> None:
    """Put into the copy what it takes to put the old post back as it was.

    Of one that was adopted nothing was uploaded or looked up: it gets the media that Publer shows, and the ids of the names
    that the new `post` has as well.
    """
    copy, live = run.state.copies[old.key], old.live
    sent = copy.sent
    if len(live.pieces) == len(sent.media):
        pairs = zip(sent.media, live.pieces, strict=True)
        run.uploads.shown |= {medium.reference: {"id": piece.id} for medium, piece in pairs if piece.id}
    named = post.content.network
    same = {key: known for key, known in post.ids.items() if sent.network.get(key) == named.get(key)}
    if not same_text(live.text, copy.seen.text if copy.seen else copy.text):
        sent = sent.revised(Revision(live.text, live.title))
    slot = live.at.replace(second=0, microsecond=0) if live.at else copy.slot
    run.state.put(replace(copy, sent=sent, slot=slot, ids={**same, **copy.ids}))


def _take_out(run: Run, leaving: Sequence[tuple[Creation, Old]], go: Sequence[Creation]) -> None:
    """Remove the old posts whose minutes are needed for what is to `go`; where one stays, its new post is not sent."""
    for task, old in leaving:
        _remember(run, old, task.change.post)
    try:
        kept = remove_posts(run, leaving, lambda old: may_change(run, old.live))
    except PublerSyncError:  # nothing more is sent
        for task in go:
            _drop_made(run, task)
        for task, old in leaving:
            if old.key in run.removed:
                task.out, task.old = old, None
        raise
    for task, old in leaving:
        no = kept.get(old.live.id)
        if no is None:
            task.out, task.old = old, None
            continue
        _drop_made(run, task)
        if no.outcome is Outcome.NOT_TRIED:
            run.end(task, no.outcome, no.why, post_id=old.live.id)
        else:
            what = "the old post was not removed, so the new one was not sent"
            run.end(task, no.outcome, no.why.because_of(what), post_id=old.live.id)
    if run.contact.error is not None:  # the same: it ends the run once what made room is back
        for task in go:
            _drop_made(run, task)


def _drop_made(run: Run, task: Creation) -> None:
    if task.made is not None:
        run.state.drop(task.made)
        task.made = None
