"""Once a new post is listed, removes the old one that it replaces; or the new one, where it is too late for that."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from publer_sync.applying import first_writes
from publer_sync.applying.permission import EDITED, MOVED_AWAY, may_change
from publer_sync.applying.removing import LAST_ONE, can_stand, in_another_state, remove_posts
from publer_sync.applying.report import CHECKS_AGAIN, IN_DOUBT, NO_CAUSE, UNLISTED, Cause, Kept, Outcome
from publer_sync.applying.run import standing
from publer_sync.applying.tasks import Old
from publer_sync.ledger.copies import End
from publer_sync.ledger.rewriting import same_words
from publer_sync.planning.differences import compare
from publer_sync.planning.plan import Replace
from publer_sync.publer.known import GAP, SAME_WORDS
from publer_sync.publer.uploaded import references
from publer_sync.values.model import MINUTE, Family

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.applying.run import Run
    from publer_sync.applying.tasks import Creation
    from publer_sync.ledger.copies import Copy

SAID_FOR: Final = timedelta(days=2)
"""How long X refuses words that were published there. X does not say how long; makers of schedulers report hours."""


def verify(run: Run, task: Creation, sent: Copy) -> Copy | None:
    """The copy of the new post where it is listed as wanted, so that the old one may go; the others get their result."""
    made = run.state.copies.get(sent.key)
    if made is not None and made.post_id is not None:
        task.made = made
        if made.post_id not in run.page.posts:
            run.end(task, Outcome.UNVERIFIED, LEFT_AGAIN)
            return None
        live = run.page.posts[made.post_id]
        if made.scheduled_draft:
            if made.alone:
                first_writes.doubt_scheduled_draft(run, made, live)
            _remove_scheduled(run, task, made)
            return None
        if made.alone:
            if first_writes.judge_new(run, task, made, live):
                return run.state.copies[made.key]
            if task.old is not None:
                why = run.results[task.index].why
                run.end(task, Outcome.FAILED, why + _undo(run, task, made)[1], post_id=live.id)
            return None
        outcome, message = standing(run.page.posts[made.post_id], draft=made.draft)
        if outcome is not Outcome.FAILED:
            return made
        why = Cause(message or "")
        run.end(task, outcome, why + _undo(run, task, made)[1] if task.old is not None else why)
    elif sent.key in run.refusals and _stands_in_its_own_way(run, task, run.refusals[sent.key]):
        task.made, task.old_first = None, True  # the next round sends it again
    elif sent.key in run.refusals:
        run.end(task, Outcome.FAILED, run.refusals[sent.key])
    elif (heard := run.heard_of(made or sent)).publer_said:
        why = replace(
            heard, message="Publer refused posts of this account and does not list this one", hint=None
        )
        run.end(task, Outcome.UNVERIFIED, why + Cause(CHECKS_AGAIN))
    elif made is not None and made.under_way:
        run.end(task, Outcome.UNVERIFIED, f"Publer is still working on it; {CHECKS_AGAIN}")
    else:
        unlisted = UNLISTED if (made or sent).job_id else IN_DOUBT
        run.end(task, Outcome.UNVERIFIED, Cause(unlisted, hint=_doubtful_media(run, task)))
    return None


def _remove_scheduled(run: Run, task: Creation, made: Copy) -> None:
    """Remove a draft that Publer scheduled, at once: it would be published."""
    live = run.page.posts[made.post_id or ""]
    kept = remove_posts(run, [(task, Old(made.key, live))], lambda _: None, urgent=True)
    why = Cause("Publer scheduled the draft, which would have been published; it was removed again")
    if (no := kept.get(live.id)) is not None:
        why = no.why.because_of(
            "Publer scheduled the draft, which will be published: it could not be removed"
        )
    hint = "Create the draft in Publer by hand, or try once more with --allow-twins"
    run.end(task, Outcome.FAILED, replace(why, hint=hint), post_id=live.id)


def _stands_in_its_own_way(run: Run, task: Creation, why: Cause) -> bool:
    """Whether the post that it replaces keeps it out: it is less than a minute away, or X refuses the same words twice.

    Publer's documents do not say whether drafts count ("Quickstart"), so a round first assumes that they hold no minute.
    """
    said = why.publer_said.lower()
    if task.old_first or task.old is None or task.old.live.at is None:
        return False
    if GAP in said and abs(task.old.live.at - task.at) < MINUTE:
        return True
    return SAME_WORDS in said and _alone_says_it(run, task)


def _alone_says_it(run: Run, task: Creation) -> bool:
    """Whether the post that is replaced has the new one's words, and no other post on X that is known.

    Otherwise it would leave Publer for nothing: X would still refuse the new one, and then the old one as well.
    """
    text, old = task.change.post.text, task.old
    if old is None or not same_words(text, old.live.text):
        return False
    since = run.means.clock.now() - SAID_FOR
    others = [(post.account_id, post.text) for post in run.page.posts.values() if post.id != old.live.id]
    others += [
        (copy.on, copy.text)
        for copy in run.state.copies.values()
        if (copy.end is None and copy.post_id not in (None, old.live.id))
        or (copy.end in (End.PUBLISHED, End.MAYBE_PUBLISHED) and copy.minute > since)
    ]
    return not any(same_words(text, said) and _may_be_on_x(run, account) for account, said in others)


def _may_be_on_x(run: Run, account: str) -> bool:
    known = run.accounts.get(account) or run.state.accounts.get(account)
    return known is None or known.provider == "twitter"


def _doubtful_media(run: Run, task: Creation) -> str | None:
    """Why a post was probably lost silently: Publer does that where a media id is not one of its own."""
    known = {name: run.state.media.get(name, {}) for name in references(task.change.post.content)}
    unknown = [name for name, answer in known.items() if answer.get("id") == name and "type" not in answer]
    if not unknown:
        return None
    return f"Publer's media library does not list {', '.join(unknown)}; that may be why. Check the id."


def remove_old(run: Run, listed: Sequence[tuple[Creation, Copy]]) -> None:
    """The new posts are listed: remove what they replace, unless that was published or is about to be."""
    going = []
    for task, made in listed:
        if task.old is None:
            _done(run, task, made)
        else:
            going.append((task, made, task.old))
    if not going:
        return
    new, them = ("1 new post is", "one") if len(going) == 1 else (f"{len(going):,} new posts are", "ones")
    run.means.progress("replace", f"{new} listed; removing the old {them}")
    new_ones = {old.key: (task, made) for task, made, old in going}
    kept = remove_posts(
        run,
        [(task, old) for task, _, old in going],
        lambda old: may_change(run, old.live) or _new_one_fails(run, *new_ones[old.key]),
    )
    for task, made, old in going:
        no = kept.get(old.live.id)
        if no is None:
            task.old = None
            _done(run, task, made)
        elif no.why is MOVED_AWAY:
            task.old = None  # the old one is gone already
            _done(run, task, made)
        elif no.why is EDITED and _of_earlier_run(task):  # as the next plan would have it
            run.end(task, no.outcome, no.why + _beside(run, old, made), post_id=old.live.id)
        elif no.outcome is Outcome.NOT_TRIED:
            undone, told = _undo(run, task, made)
            outcome = no.outcome if undone else Outcome.FAILED
            run.end(task, outcome, (ALREADY_OUT if no.out else no.why) + told, post_id=old.live.id)
        elif run.open(task):
            what = "the new post is in Publer, and so is the old one, which could not be removed"
            run.end(task, Outcome.FAILED, no.why.because_of(what), post_id=made.post_id)


def _new_one_fails(run: Run, task: Creation, made: Copy) -> Kept | None:
    """Why the old post stays after all: the new one is not listed, or in a state in which it cannot take its place. The task gets its result."""
    live, outcome, why = run.page.posts.get(made.post_id or ""), Outcome.UNVERIFIED, LAST_ONE
    if live is not None and can_stand(made, live):
        return None
    if live is not None:
        outcome, why = Outcome.FAILED, in_another_state(live)
    run.end(task, outcome, why, post_id=made.post_id)
    return Kept(why, outcome)


def _of_earlier_run(task: Creation) -> bool:
    """Whether an earlier apply made the new post, so that both were there for the plan."""
    return isinstance(task.change, Replace) and task.change.successor is not None


def _beside(run: Run, old: Old, made: Copy) -> Cause:
    """What to say of the new version that an earlier apply left beside an old one, which stays."""
    both = [run.page.posts.get(post_id or "") for post_id in (old.live.id, made.post_id)]
    if both[1] is None:
        return NO_CAUSE
    scheduled = all(live is not None and live.family is Family.SCHEDULED for live in both)
    told = ": delete one of the two, or both are published" if scheduled else ""
    return Cause(f"the new version is in Publer too{told}")


LEFT_AGAIN = f"Publer listed the post, and then no longer; {CHECKS_AGAIN}"
ALREADY_OUT = Cause("the old post was published before the new one was listed")


def _undo(run: Run, task: Creation, made: Copy) -> tuple[bool, Cause]:
    """Remove the new post again, unless someone edited it; the old one stays as it is. Returns whether it is gone, and what to say of it."""
    live = run.page.posts.get(made.post_id or "")
    if live is None:
        return False, Cause("the new one is not listed")
    kept = remove_posts(run, [(task, Old(made.key, live))], lambda old: _edited(run, old), urgent=True)
    if (no := kept.get(live.id)) is not None:
        return False, no.why.because_of("the new one is still in Publer, since it could not be removed again")
    task.made = None
    return True, Cause("the new one was removed again")


def _edited(run: Run, new: Old) -> Kept | None:
    live, copy = run.page.posts.get(new.live.id, new.live), run.state.copies[new.key]
    edited = compare(None, copy, live).edited or live.account_id != copy.account
    return Kept(EDITED) if edited and run.order.protects_edits else None


def _done(run: Run, task: Creation, made: Copy) -> None:
    """The old post is gone, or there was none."""
    task.out = None
    live = run.page.posts.get(made.post_id or "")
    outcome, message = standing(live, draft=made.draft) if live else (Outcome.UNVERIFIED, LEFT_AGAIN)
    run.end(task, outcome, message, post_id=made.post_id)
