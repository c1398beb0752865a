"""Makes new posts, in rounds: intent to the ledger, what has to go first, one bulk request, jobs, listing, old ones out.

A replace never deletes the old post before the new one is listed, save where both need one minute; then what the old
one said stays in the ledger until the new one is listed or the old one is back.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.applying.following import Follower
from publer_sync.applying.removing import remove
from publer_sync.applying.report import Outcome
from publer_sync.applying.rounds import Slots, Task, choose
from publer_sync.applying.run import TOO_LATE, standing
from publer_sync.applying.uploads import upload
from publer_sync.content import Revision
from publer_sync.errors import Refused, Unclear, Unreachable
from publer_sync.ledger.state import Record
from publer_sync.model import Failure, Family, LivePost, same_text
from publer_sync.networks.table import ITEMS_PER_JOB
from publer_sync.planning.plan import Action
from publer_sync.publer.payload import item
from publer_sync.publer.uploaded import Unsendable, references

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.applying.run import Run
    from publer_sync.content import Json
    from publer_sync.model import Post

MAKES = frozenset({Action.CREATE, Action.RECREATE, Action.REPLACE})


def make(run: Run) -> None:
    """Make everything that is to be made, round after round."""
    todo = [task for task in run.tasks if task.action in MAKES]
    half_done = [task for task in todo if task.made is not None]
    if half_done:
        run.go_on()
        _take_old_out(run, half_done)
    todo = [task for task in todo if run.open(task) and task.made is None and upload(run, task)]
    number = 0
    while todo := [task for task in todo if run.open(task)]:
        number += 1
        run.go_on()
        _make_room(run, todo)
        todo = [task for task in todo if not run.frozen(task) and not _late(run, task)]
        chosen = choose(todo, run.listed.values(), number=number)
        for task in chosen.stuck:
            message = "a post that stays in Publer has this minute by now"
            run.end(task, Outcome.NOT_TRIED, message)
        _round(run, chosen.first_out, chosen.go)


def _make_room(run: Run, todo: Sequence[Task]) -> None:
    """Posts that left the calendar go first where a new one needs their minute."""
    slots = Slots(run.listed.values())
    needed = {post for task in todo if not task.draft for post in slots.near(task.account, task.at)}
    going = [
        task for task in run.tasks if task.action is Action.DELETE and task.old and task.old.id in needed
    ]
    remove(run, going)


def _late(run: Run, task: Task) -> bool:
    if task.at - run.clock.now() >= TOO_LATE:
        return False
    run.end(
        task, Outcome.NOT_TRIED, "its time came while waiting; Publer takes nothing less than a minute ahead"
    )
    return True


def _round(run: Run, first_out: Sequence[Task], go: Sequence[Task]) -> None:
    for task in go:
        task.made = _intend(run, task)
    for task in first_out:
        _mark_out(run, task)
    if go or first_out:
        run.save(run.state)
    _take_out(run, first_out)
    slots = Slots(run.listed.values())
    for task in go:
        if not task.draft and slots.near(task.account, task.at):
            _drop_made(run, task)  # what should have made room did not go: the next round judges anew
    sent = [task for task in go if run.open(task) and task.made is not None]
    _send(run, [(task.made, task) for task in sent if task.made])
    sent = [task for task in sent if run.open(task)]
    _follow(run, [task.made.key for task in sent if task.made])
    _take_old_out(run, [task for task in sent if _listed(run, task)])
    _put_back(run)


# --- one round, step by step ----------------------------------------------------------------------------------------


def _intend(run: Run, task: Task) -> Record:
    post = _post(task)
    old = task.change.record
    record = Record(
        run.state.new_key(),
        post.account.id,
        post.at,
        post.content,
        id=post.id,
        requested_at=run.clock.now(),
        replaces=old.key if old is not None else None,
    )
    run.state.put(record)
    return record


def _mark_out(run: Run, task: Task) -> None:
    """Note in the ledger that the old post goes first, and what it takes to put it back as it was."""
    record, old = _old_record(run, task), task.old
    if old is None:
        raise AssertionError("only a post that is there can go first")
    sent = record.sent
    if not same_text(old.text, record.text):
        sent = sent.revised(Revision(old.text, old.title))
    slot = old.at.replace(second=0, microsecond=0) if old.at else record.slot
    run.state.put(replace(record, sent=sent, slot=slot, removing_at=run.clock.now()))


def _take_out(run: Run, tasks: Sequence[Task]) -> None:
    """Delete the old posts whose minutes are needed; what does not go keeps its new post from being sent."""
    if not tasks:
        return
    gone, said = run.delete([task.old.id for task in tasks if task.old])
    for task in tasks:
        old, record = task.old, _old_record(run, task)
        if old is None or old.id in gone:
            task.out, task.old = old, None
            continue
        run.state.put(replace(record, removing_at=None))
        _drop_made(run, task)
        run.end(
            task, Outcome.FAILED, said.get(old.id, "Publer did not remove the old one, and did not say why")
        )
    run.save(run.state)


def _send(run: Run, pairs: Sequence[tuple[Record, Task | None]]) -> None:
    """One bulk request after the other, each job's id saved before the next is sent."""
    for draft in (False, True):
        batch = [pair for pair in pairs if pair[0].draft is draft]
        for start in range(0, len(batch), ITEMS_PER_JOB):
            _schedule(run, batch[start : start + ITEMS_PER_JOB], draft=draft)


def _schedule(run: Run, batch: Sequence[tuple[Record, Task | None]], *, draft: bool) -> None:
    batch, items = _sendable(run, batch)
    if not batch:
        return
    job_id = None
    try:
        job_id = run.publer.schedule(items, draft=draft)
    except Unclear as error:
        run.progress("new", f"{error.message}; a listing will tell")
    except (Refused, Unreachable) as error:
        for record, task in batch:
            _not_sent(run, record, task, error.message, error.hint)
        run.save(run.state)
        return
    for record, _ in batch:
        run.state.put(replace(record, job_id=job_id, requested_at=run.clock.now()))
    run.save(run.state)


def _sendable(
    run: Run, batch: Sequence[tuple[Record, Task | None]]
) -> tuple[list[tuple[Record, Task | None]], list[dict[str, Json]]]:
    """Those of a batch that can be sent, with their items: an old post that is put back may show what the record lost."""
    able, items = [], []
    for record, task in batch:
        try:
            items.append(item(run.accounts[record.account], record.slot, record.sent, run.state.media))
        except Unsendable as error:
            _not_sent(run, record, task, str(error), None)
        else:
            able.append((record, task))
    return able, items


def _not_sent(run: Run, record: Record, task: Task | None, why: str, hint: str | None) -> None:
    run.state.drop(record)
    if task is None:
        run.refusals[record.key] = (Failure(why),)
        return
    task.made = None
    run.end(task, Outcome.FAILED, why, hint=hint)


def _follow(run: Run, keys: Sequence[int]) -> None:
    """Wait until the listing has shown these, or tells that it will not."""
    if not keys:
        return
    start, waited = run.clock.monotonic(), run.publer.waited
    noun = "post" if len(keys) == 1 else "posts"
    follower = Follower(
        ask=run.publer.job,
        list_posts=run.look,
        clock=run.clock,
        poll_seconds=run.poll_seconds,
        stop=run.stop,
        waiting=lambda seconds: run.progress(
            "new",
            f"{len(keys)} {noun} sent; Publer is working, {seconds} of at most {run.timeout:.0f} s",
        ),
        showing=lambda shown, of: run.progress(
            "check", f"{shown} of {of} listed; Publer shows a new post only after a while"
        ),
    )
    followed = follower.follow(run.state, keys, lambda: start + run.timeout + run.publer.waited - waited)
    run.state = followed.state
    run.refusals |= followed.refusals
    run.save(run.state)


def _listed(run: Run, task: Task) -> bool:
    """Whether the new post is there as wanted, so that the old one may go; the others get their result."""
    made = run.state.records.get(task.made.key) if task.made else None
    if made is not None and made.post_id is not None:
        task.made = made
        outcome, message = standing(run.listed[made.post_id], draft=made.draft)
        if outcome is not Outcome.FAILED:
            return True
        if task.old is not None:
            _undo(run, task)
        run.end(task, outcome, message, post_id=made.post_id)
    elif task.made and task.made.key in run.refusals:
        said = "; ".join(dict.fromkeys(failure.message for failure in run.refusals[task.made.key]))
        run.end(task, Outcome.FAILED, said or "Publer's job failed, and did not say why")
    elif made is not None and made.under_way:
        run.end(task, Outcome.UNVERIFIED, "Publer is not done with it; the next apply looks before it sends")
    else:
        run.end(
            task,
            Outcome.UNVERIFIED,
            "Publer took it and does not list it; the next apply looks before it sends",
            hint=_doubtful_media(run, task),
        )
    return False


def _doubtful_media(run: Run, task: Task) -> str | None:
    """The likely reason of a post that is lost without a word: Publer does so where a media id is not one of its own."""
    known = {name: run.state.media.get(name, {}) for name in references(_post(task).content)}
    unknown = [name for name, answer in known.items() if answer.get("id") == name and "type" not in answer]
    if not unknown:
        return None
    return f"Publer's media library does not list {', '.join(unknown)}: that may be why. Look at the id."


def _take_old_out(run: Run, tasks: Sequence[Task]) -> None:
    """The new posts are listed: remove what they replace, unless that has gone out or is about to."""
    going = []
    for task in tasks:
        if task.old is None:
            _done(run, task)
        elif _too_late_to_remove(run, task):
            _undo(run, task)
            message = (
                "the old one went out, or is about to, before the new one was there; the new one was removed"
            )
            run.end(task, Outcome.FAILED, message, post_id=task.old.id)
        else:
            going.append(task)
    if not going:
        return
    for task in going:
        run.state.put(replace(_old_record(run, task), removing_at=run.clock.now()))
    run.save(run.state)
    run.progress("moved", f"{len(going)} new ones are listed; removing the old ones")
    gone, said = run.delete([task.old.id for task in going if task.old])
    for task in going:
        if task.old is None or task.old.id in gone:
            task.old = None
            _done(run, task)
        else:
            run.state.put(replace(_old_record(run, task), removing_at=None))
            why = said.get(task.old.id, "Publer did not say why")
            message = f"the new one is there, and the old one could not be removed: {why}"
            run.end(task, Outcome.FAILED, message, post_id=task.made.post_id if task.made else None)
    run.save(run.state)


def _too_late_to_remove(run: Run, task: Task) -> bool:
    """Judged again, from the listing that showed the new post."""
    old = task.old
    if old is None or old.at is None or old.family is not Family.SCHEDULED:
        return False
    if _went_out(run, old):
        return True
    left = old.at - run.clock.now()
    return left.total_seconds() <= 0 or (left <= run.freeze and not run.allow.frozen)


def _went_out(run: Run, old: LivePost) -> bool:
    """Whether the listing shows it as published: under its id, or under another that was not there before."""
    now = run.listed.get(old.id)
    if now is not None:
        return now.family is Family.PUBLISHED
    return any(
        post.family is Family.PUBLISHED
        and post.id not in run.before
        and post.account_id == old.account_id
        and same_text(post.text, old.text)
        for post in run.listed.values()
    )


def _undo(run: Run, task: Task) -> None:
    """Remove the new post again; the old one stays as it is."""
    made = run.state.records.get(task.made.key) if task.made else None
    if made is None or made.post_id is None:
        return
    run.state.put(replace(made, removing_at=run.clock.now()))
    run.save(run.state)
    gone, _ = run.delete([made.post_id])
    if made.post_id in gone:
        run.state.drop(made)
        task.made = None
    run.save(run.state)


def _done(run: Run, task: Task) -> None:
    """The new post stands alone: the ledger forgets the old one."""
    if task.change.record is not None:
        run.state.drop(task.change.record)
    task.out = None
    made = run.state.records[task.made.key] if task.made else None
    if made is None:
        raise AssertionError("done means that the new post is listed")
    run.state.put(replace(made, replaces=None))
    live = run.listed.get(made.post_id or "")
    outcome, message = standing(live, draft=made.draft) if live else (Outcome.APPLIED, None)
    run.end(task, outcome, message, post_id=made.post_id)


# --- putting back ---------------------------------------------------------------------------------------------------


def _put_back(run: Run) -> None:
    """Put back the old posts that were taken out for new ones that did not come."""
    slots = Slots(run.listed.values())
    back: list[tuple[Task, Record]] = []
    for task in run.tasks:
        if task.out is None or run.open(task) or _may_still_come(run, task):
            continue
        old = _old_record(run, task)
        if old.slot - run.clock.now() < TOO_LATE:
            _lost(run, task, "its time has come")
        elif not old.draft and slots.near(old.account, old.slot):
            _lost(run, task, "another post has its minute by now")
        else:
            record = replace(
                old,
                key=run.state.new_key(),
                post_id=None,
                seen=None,
                verified_at=None,
                removing_at=None,
                requested_at=run.clock.now(),
            )
            run.state.put(record)
            back.append((task, record))
    if not back:
        return
    run.save(run.state)
    _send(run, [(record, None) for _, record in back])
    _follow(run, [record.key for _, record in back])
    for task, record in back:
        kept = run.state.records.get(record.key)
        if kept is not None and kept.post_id is not None:
            run.state.drop(_old_record(run, task))
            _add(run, task, "the old one was put back", post_id=kept.post_id)
            task.out = None
        elif kept is not None and kept.under_way:
            _add(run, task, "the old one was sent again, and is not listed yet")
            task.out = None
        else:
            said = "; ".join(failure.message for failure in run.refusals.get(record.key, ()))
            _lost(run, task, said or "Publer did not take it")
    run.save(run.state)


def _may_still_come(run: Run, task: Task) -> bool:
    made = run.state.records.get(task.made.key) if task.made else None
    return made is not None and (made.under_way or made.post_id is not None)


def _lost(run: Run, task: Task, why: str) -> None:
    old = _old_record(run, task)
    payload: dict[str, Json] = {**old.sent.to_json(), "scheduled_at": old.slot.isoformat()}
    _add(run, task, f"the old one could not be put back: {why}", payload=payload)
    task.out = None


def _add(
    run: Run, task: Task, message: str, *, post_id: str | None = None, payload: dict[str, Json] | None = None
) -> None:
    before = run.results[task.index]
    outcome = Outcome.FAILED if before.outcome is Outcome.NOT_TRIED else before.outcome
    said = f"{before.message}; {message}" if before.message else message
    run.end(task, outcome, said, post_id=post_id, hint=before.hint, payload=payload)


def _drop_made(run: Run, task: Task) -> None:
    if task.made is not None:
        run.state.drop(task.made)
        task.made = None


def _old_record(run: Run, task: Task) -> Record:
    if task.change.record is None:
        raise AssertionError("a post that is replaced is in the ledger")
    return run.state.records[task.change.record.key]


def _post(task: Task) -> Post:
    if task.change.post is None:
        raise AssertionError("only a desired post is made")
    return task.change.post
