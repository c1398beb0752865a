"""Edits text and title in place: one PUT per post, then listings until each shows its new words.

Publer answers 200 to what it ignores, so neither the answer nor its echo is the proof.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.applying import first_writes
from publer_sync.applying.permission import may_change
from publer_sync.applying.report import UNDER_WAY, Cause, Outcome
from publer_sync.applying.run import IntentTooOldError, standing
from publer_sync.ledger.attribution import shows, under_another_id
from publer_sync.ledger.contact import Kind
from publer_sync.ledger.copies import Seen
from publer_sync.machine.clock import growing_waits
from publer_sync.publer.payload import face
from publer_sync.values.content import Revision
from publer_sync.values.errors import Refused, ServiceError
from publer_sync.values.model import Family

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from publer_sync.applying.run import Run
    from publer_sync.applying.tasks import EditTask
    from publer_sync.ledger.copies import Copy
    from publer_sync.values.model import LivePost, Post

OUT_BEFORE = (
    "it was published meanwhile; Publer has the new words, and what was published may keep the old ones"
)
KEPT = "Publer accepted the edit but kept the old text"
EDITED_SINCE = "Publer accepted the edit and lists another text: the post was edited meanwhile"
LOOKS = 5
"""Listings that may still show the old words before the update counts as not done."""


def update(run: Run) -> None:
    """Edit the posts of `run.edits` that wait for no other; each task gets its result. The first one goes alone."""
    if _ready(run):
        run.contact.check(Kind.UPDATE, run.order.command)
    while Kind.UPDATE not in run.contact.verified and (left := _ready(run)):
        if (why := run.contact.ended.get(Kind.UPDATE)) is not None:
            for task in left:
                run.end(task, Outcome.NOT_TRIED, why, post_id=task.change.live.id)
            return
        echoes = _edit(run, left[:1])
        first_writes.judge_edit(run, left[0], echoes.get(left[0].index))
        run.give_up_followers()  # of an edit that was refused, another post would get the words that it still has
    _edit(run, _ready(run))


def _ready(run: Run) -> list[EditTask]:
    return [task for task in run.edits if run.open(task) and not run.follows(task)]


def _edit(run: Run, tasks: Sequence[EditTask]) -> dict[int, LivePost | ServiceError]:
    """What Publer answered to each, by the index of the task."""
    echoes: dict[int, LivePost | ServiceError] = {}
    try:
        _send(run, tasks, echoes)
        _verify(run, echoes)
    finally:
        for task in run.edits:
            if task.index in echoes and run.open(task):
                run.end(task, Outcome.UNVERIFIED, UNDER_WAY)
    return echoes


def _send(run: Run, tasks: Sequence[EditTask], echoes: dict[int, LivePost | ServiceError]) -> None:
    left = list(tasks)
    unsent = sum(run.open(task) and task.index not in echoes for task in run.edits)
    while left:
        now = run.means.clock.now()
        for task in left:
            revision = _revision(task.change.post)
            run.state.put(replace(_copy(run, task), revising=revision, requested_at=now))
        run.note()
        with suppress(IntentTooOldError), run.promptly(now):
            while left:
                run.go_on()
                if run.page_is_old or not run.page.tells_of(left[0]):
                    run.list_again(run.reach(left))
                task = left[0]
                if (no := may_change(run, task.change.live)) is not None:
                    run.state.put(replace(_copy(run, task), revising=None, requested_at=None))
                    run.end(task, no.outcome, no.why, post_id=task.change.live.id)
                else:
                    echoes[task.index] = _put(run, task)
                del left[0]
                unsent -= 1
                run.means.progress("edit", f"{len(run.edits) - unsent} of {len(run.edits)} done")


def _verify(run: Run, echoes: Mapping[int, LivePost | ServiceError]) -> None:
    waiting = [task for task in run.edits if task.index in echoes and run.open(task)]
    waits = growing_waits(run.means.poll_seconds)
    for look in range(LOOKS if waiting else 0):
        run.list_again()
        last = look == LOOKS - 1
        waiting = [task for task in waiting if not _told(run, task, echoes[task.index], last=last)]
        if not waiting or run.means.stop():
            break
        run.means.clock.sleep(next(waits))


def _revision(post: Post) -> Revision:
    """The words the update brings; the title where Publer's own title of the post is that of the calendar."""
    title = post.content.title
    return Revision(post.text, title if face(post.account, post.content).title == title else None)


def _copy(run: Run, task: EditTask) -> Copy:
    return run.state.copies[task.change.copy.key]


def _put(run: Run, task: EditTask) -> LivePost | ServiceError:
    """Send it once. A title is sent wherever there is or was one: it is unknown whether leaving it out clears it."""
    post, live = task.change.post, task.change.live
    title, before = face(post.account, post.content).title, face(post.account, _copy(run, task).sent).title
    try:
        return run.means.publer.update(
            live.id, text=post.text, title=title if title or before or live.title else None
        )
    except ServiceError as error:
        return error


def _told(run: Run, task: EditTask, echo: LivePost | ServiceError, *, last: bool) -> bool:
    """Whether the listing at hand tells how the update ended."""
    post, copy, before = task.change.post, _copy(run, task), task.change.live
    live = run.page.posts.get(before.id) or run.page.posts.get(copy.post_id or "")
    if isinstance(echo, Refused):
        run.state.put(replace(copy, revising=None, requested_at=None))
        run.end(task, Outcome.FAILED, Cause.of(echo), post_id=before.id)
        return True
    if live is None and (live := _under_another_id(run, task)) is not None:
        copy = replace(copy, post_id=live.id)
    if live is None:
        if last:
            run.end(task, Outcome.FAILED, "Publer no longer lists it", post_id=before.id)
        return last
    rewritten = (
        not isinstance(echo, ServiceError)
        and echo.text == live.text != before.text
        and shows(replace(live, text=post.text), _revision(post), before=None)
    )
    if shows(live, _revision(post), before=before.text) or rewritten:
        run.state.put(
            replace(
                copy,
                id=post.id,
                sent=post.content,
                counts_from=post.counts_from,
                seen=(copy.seen or Seen.of(before)).revised(live),
                shown=None,
                revising=None,
                requested_at=None,
                verified_at=run.means.clock.now(),
            )
        )
        outcome, message = standing(live, draft=before.family is Family.DRAFT)
        if live.family is Family.PUBLISHED:
            outcome, message = Outcome.FAILED, OUT_BEFORE
        if outcome is not Outcome.FAILED and live.at != before.at:
            outcome, message = Outcome.FAILED, _moved(live.at)
        run.end(task, outcome, message, post_id=live.id)
        return True
    if last and isinstance(echo, ServiceError):
        why = Cause.of(echo) + Cause("Publer still lists the old text; the next apply checks again")
        run.end(task, Outcome.UNVERIFIED, why, post_id=live.id)
    elif last:
        run.end(task, Outcome.FAILED, KEPT if live.text == before.text else EDITED_SINCE, post_id=live.id)
    return last


def _under_another_id(run: Run, task: EditTask) -> LivePost | None:
    """The post where the edit gave it another id: new since the run listed first, the old one gone."""
    managed = run.state.post_ids
    new = (
        post
        for post in run.page.posts.values()
        if post.id not in run.page.before and post.id not in managed and post.id not in run.means.theirs
    )
    return under_another_id(_copy(run, task), task.change.post.text, new)


def _moved(at: datetime | None) -> str:
    where = f"scheduled for {at:%Y-%m-%d %H:%M} UTC" if at else "without a time"
    return f"Publer has the new text, but the post was moved meanwhile: it is now {where}"
