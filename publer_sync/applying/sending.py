"""Sends new posts in bulk requests, and follows their jobs until a listing shows what became of them."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from publer_sync.applying.deleting import DIVISIBLE, RefusedWhole
from publer_sync.applying.following import Follower
from publer_sync.applying.permission import may_change
from publer_sync.applying.report import Cause, Outcome
from publer_sync.applying.run import IntentTooOldError
from publer_sync.networks.table import ITEMS_PER_JOB
from publer_sync.publer.payload import item
from publer_sync.publer.uploaded import Unsendable
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import Interrupted, PlanRefused, Refused, Unclear, Unreachable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from publer_sync.applying.run import Run
    from publer_sync.applying.tasks import Creation
    from publer_sync.ledger.copies import Copy
    from publer_sync.values.content import Json


@dataclass(frozen=True, slots=True)
class Sent:
    """What is sent: the copy of its intent, and the task; None for an old post that is put back."""

    copy: Copy
    task: Creation | None = None


def send(run: Run, posts: Sequence[Sent]) -> None:
    """Send one bulk request after the other; each job's id is saved before the next request."""
    row, left = RefusedWhole(), sorted(posts, key=lambda post: post.copy.draft)
    while left:
        draft = left[0].copy.draft
        batch = [post for post in left[:ITEMS_PER_JOB] if post.copy.draft is draft]
        left = left[len(batch) :]
        with _dropping_unsent(run, left):
            _schedule(run, batch, row, draft=draft)


@contextmanager
def _dropping_unsent(run: Run, unsent: Iterable[Sent]) -> Iterator[None]:
    """Drop the intents of these if the run ends before they are sent."""
    try:
        yield
    except (PlanRefused, Interrupted):
        for post in unsent:
            _drop(run, post)
        raise


def _schedule(run: Run, batch: Sequence[Sent], row: RefusedWhole, *, draft: bool) -> None:
    batch, items = _sendable(run, batch)
    job_id = None
    while batch:
        try:
            intended = min(post.copy.requested_at or run.means.clock.now() for post in batch)
            with _dropping_unsent(run, batch), run.promptly(intended):
                job_id = run.means.publer.schedule(items, draft=draft)
            row.accepted()
        except IntentTooOldError:
            batch, items = _sendable(run, _intend_again(run, batch))
            continue
        except Unclear as error:
            run.means.progress("new", f"{error.message}; the next listing tells")
        except (Refused, Unreachable) as error:
            _refused(run, batch, error, row, draft=draft)
            return
        break
    for post in batch:
        run.state.put(replace(post.copy, job_id=job_id, requested_at=run.means.clock.now()))
    if batch:
        run.means.save(run.state)


def _refused(
    run: Run, batch: Sequence[Sent], error: Refused | Unreachable, row: RefusedWhole, *, draft: bool
) -> None:
    """Nothing was made: where a request was refused as a whole, divide it until the post that is meant is alone."""
    divisible = isinstance(error, Refused) and error.status in DIVISIBLE
    if divisible:
        row.refused(len(batch))
    if divisible and len(batch) > 1:
        half = (len(batch) + 1) // 2
        parts = [batch[:half], batch[half:]]
        while parts and not row.is_enough:
            part = parts.pop(0)
            with _dropping_unsent(run, chain(*parts)):
                _schedule(run, part, row, draft=draft)
        batch = [*chain(*parts)]
    for post in batch:
        _not_sent(run, post, Cause.of(error))


def _intend_again(run: Run, batch: Sequence[Sent]) -> list[Sent]:
    """Those that may still be sent, with their intents noted again; the others get their result."""
    again = []
    for post in batch:
        late = run.late(post.copy.slot)
        if post.task is None and late is not None:
            _not_sent(run, post, late)
        elif post.task is not None and not may_be_sent(run, post.task):
            _drop(run, post)
        else:
            copy = replace(post.copy, requested_at=run.means.clock.now())
            run.state.put(copy)
            again.append(replace(post, copy=copy))
    run.note()
    return again


def may_be_sent(run: Run, task: Creation) -> bool:
    """Judge freeze and time again; a task that comes too late gets its result."""
    if task.old is not None and (no := may_change(run, task.old.live)) is not None:
        run.end(task, no.outcome, no.why, post_id=task.old.live.id)
        return False
    if (why := run.late(task.at)) is not None:
        run.end(task, Outcome.NOT_TRIED, why)
    return why is None


def _sendable(run: Run, batch: Sequence[Sent]) -> tuple[list[Sent], list[dict[str, Json]]]:
    """Those of a batch that can be sent, with their items: an old post that is put back may show what the copy lost."""
    able, items = [], []
    with_shown = {**run.uploads.shown, **run.state.media}
    for post in batch:
        copy = post.copy
        media = run.state.media if post.task is not None else with_shown
        try:
            account = run.accounts[copy.account]
            items.append(item(account, copy.slot, copy.sent, media, copy.ids))
        except Unsendable as error:
            _not_sent(run, post, Cause(str(error)))
        else:
            able.append(post)
    return able, items


def _not_sent(run: Run, post: Sent, why: Cause) -> None:
    _drop(run, post)
    run.refusals[post.copy.key] = why
    if post.task is not None:
        run.end(post.task, Outcome.FAILED, why)


def _drop(run: Run, post: Sent) -> None:
    """Take the intent back: nothing can have been made."""
    run.state.drop(post.copy)
    if post.task is not None:
        post.task.made = None


def _counted(copies: Sequence[Copy]) -> str:
    """A post on several accounts counts once, and beside it how many they are in Publer."""
    posts = len({(copy.slot, copy.text) for copy in copies})
    across = f" ({len(copies)} across all accounts)" if len(copies) > posts else ""
    return f"{posts} post{'' if posts == 1 else 's'}{across}"


def follow(run: Run, keys: Sequence[int]) -> None:
    """Wait until a listing has shown these, or tells that it will not.

    Raises PlanRefused where the Publer plan allows none.
    """
    if not keys:
        return
    sent = [run.state.copies[key] for key in keys if key in run.state.copies]
    first = any(copy.alone for copy in sent)
    before = run.page.before | (run.page.posts.keys() if first else frozenset())
    follower = Follower(
        ask=lambda job_id, deadline: run.means.publer.job(job_id, deadline=deadline),
        list_posts=lambda: run.list_again(everything=first),
        clock=run.means.clock,
        poll_seconds=run.means.poll_seconds,
        stop=run.means.stop,
        waiting=lambda seconds: run.means.progress(
            "new",
            f"{_counted(sent)} sent; Publer is working, {seconds} of at most {run.means.timeout:.0f} s",
        ),
        showing=lambda shown, of: run.means.progress(
            "check", f"{shown} of {of} listed; Publer shows a new post only after a while"
        ),
        theirs={*run.means.theirs, *(before - run.state.post_ids)},
        fresh=first,
        own=True,
        whole=False,
        patient=False,
    )
    followed = follower.follow(run.state, keys, run.means.publer.deadline(run.means.timeout))
    run.state = followed.state
    placed = {failure for failures in followed.refusals.values() for failure in failures}
    for job_id, job in followed.jobs.items():
        run.unplaced[job_id] = tuple(failure for failure in job.failures if failure not in placed)
    run.refusals |= {key: Cause.refused(failures) for key, failures in followed.refusals.items()}
    if followed.locked:
        raise PlanRefused(
            "Publer has locked the subscription, and schedules nothing",
            hint="Check the plan and its last payment in Publer, then run apply again; that is safe.",
        )
