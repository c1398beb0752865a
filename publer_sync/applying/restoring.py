"""Puts back the old posts that were removed for new ones that did not come."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.applying.permission import published_anew
from publer_sync.applying.report import DONE, Cause, Outcome
from publer_sync.applying.rounds import Slots
from publer_sync.applying.run import standing
from publer_sync.applying.sending import Sent, follow, send
from publer_sync.ledger.accounting import LATE, removed_late
from publer_sync.ledger.rewriting import same_words
from publer_sync.values.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publer_sync.applying.run import Run
    from publer_sync.applying.tasks import Creation, Task
    from publer_sync.ledger.copies import Copy
    from publer_sync.planning.plan import Tried
    from publer_sync.values.content import Json
    from publer_sync.values.model import LivePost


def put_back(run: Run) -> None:
    """Send the old posts again and wait for them; each task gets what became of its own.

    A post that was published meanwhile may be listed under another day, so everything is listed first.
    """
    if not any(_goes_back(run, task) for task in run.creations):
        return
    with suppress(ServiceError):  # then the last listing has to do: a post out of Publer is worse
        run.list_again(everything=True)
    back = list(_sent_again(run))
    if not back:
        return
    run.note()
    send(run, [Sent(copy) for _, _, copy in back])
    follow(run, [copy.key for _, _, copy in back])
    for task, old, copy in back:
        kept = run.state.copies.get(copy.key)
        if kept is not None and kept.post_id is not None:
            _add(run, task, _put_back(run, kept.post_id, draft=kept.draft), post_id=kept.post_id)
        elif kept is not None and kept.awaiting:
            _add(run, task, Cause("the old post was sent again and is not listed yet"))
        else:
            silent = Cause("Publer accepted it again but does not list it")
            _lost(run, task, old, run.refusals.get(copy.key, silent))
        task.out = None


def _put_back(run: Run, post_id: str, *, draft: bool) -> Cause:
    """That it is in Publer again, and what is so where it will not be published."""
    back, live = "the old post was put back", run.page.posts.get(post_id)
    if live is not None:
        outcome, message = standing(live, draft=draft)
        if outcome is Outcome.FAILED:
            return Cause(f"{back}: {message}")
    return Cause(back)


def _sent_again(run: Run) -> Iterator[tuple[Creation, Copy, Copy]]:
    """Each task whose old post is to be put back, that post's copy, and the new copy it gets."""
    slots = Slots(run.page.posts.values())
    for task in run.creations:
        if task.out is None or not _goes_back(run, task):
            continue
        old = run.state.copies[task.out.key]
        why = run.late(old.slot)
        if why is None and removed_late(old):
            why = Cause("it was removed so close to its time that it may still be published")
        if why is None and not old.draft and slots.near(old.account, old.slot):
            why = Cause("another post is now scheduled for its minute")
        if why is None and _was_published(run, old, task.out.live):
            why = Cause("a post that says the same was published meanwhile")
        if why is None and any(_has_its_words(run, other, task) for other in (*run.edits, *run.creations)):
            why = Cause("another post says the same now")
        if why is not None:
            _lost(run, task, old, why)
            task.out = None
        else:
            copy = replace(
                old,
                key=run.state.new_key(),
                post_id=None,
                seen=None,
                verified_at=None,
                removing_at=None,
                removed=False,
                end=None,
                ended_at=None,
                job_id=None,
                job_ended_at=None,
                refused=None,
                turned_up="",
                alone=False,
                requested_at=run.means.clock.now(),
            )
            run.state.put(copy)
            yield task, old, copy


def _goes_back(run: Run, task: Creation) -> bool:
    return task.out is not None and not run.open(task) and not _may_still_come(run, task)


def _was_published(run: Run, old: Copy, live: LivePost) -> bool:
    """Whether a post with its words was published meanwhile that may be its new version and belongs to no other post of the calendar.

    In a series, other posts may have the same words: each of them that left the list accounts for one published at its time.
    """
    others = [copy for copy in run.state.copies.values() if copy.entry != old.entry]
    known = {copy.post_id for copy in others}
    out = [post for post in published_anew(run, live) if post.id not in known]
    for copy in others:
        if copy.post_id is None or copy.post_id in run.page.posts or copy.end is not None or copy.removing_at:
            continue
        its = (post for post in out if post.at and abs(post.at - copy.minute) <= LATE)
        if copy.on == live.account_id and same_words(copy.text, live.text) and (post := next(its, None)):
            out.remove(post)
    return bool(out)


def _has_its_words(run: Run, other: Task[Tried], task: Creation) -> bool:
    """Whether another post got the words of this one, or may still get them."""
    result = run.results.get(other.index)
    return other.behind is task and result is not None and result.outcome in (*DONE, Outcome.UNVERIFIED)


def _may_still_come(run: Run, task: Creation) -> bool:
    made = run.state.copies.get(task.made.key) if task.made else None
    return made is not None and (made.awaiting or made.post_id is not None)


def _lost(run: Run, task: Creation, old: Copy, why: Cause) -> None:
    _add(run, task, why.because_of("the old post could not be put back"), payload=payload_of(old))


def payload_of(copy: Copy) -> dict[str, Json]:
    """What it takes to make a post again by hand."""
    return {**copy.sent.to_json(), "scheduled_at": copy.slot.isoformat()}


def _add(
    run: Run,
    task: Creation,
    why: Cause,
    *,
    post_id: str | None = None,
    payload: dict[str, Json] | None = None,
) -> None:
    before = run.results[task.index]
    outcome = Outcome.FAILED if before.outcome is Outcome.NOT_TRIED else before.outcome
    run.end(task, outcome, before.why + why, post_id=post_id, payload=payload)
