"""What the whole workspace has: listed before the ledger's first write, and around its first removal, which must take nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from publer_sync.applying import contact
from publer_sync.applying.report import Cause, Kept, Outcome
from publer_sync.ledger.contact import Kind
from publer_sync.machine.clock import growing_waits
from publer_sync.planning.contact import (
    LISTED,
    Doubt,
)
from publer_sync.planning.plan import FieldChange
from publer_sync.planning.survey import HORIZON
from publer_sync.values.errors import FirstContactError, ServiceError
from publer_sync.values.model import Family, Listing, LivePost, joined_listings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.applying.run import Run
    from publer_sync.applying.tasks import Old

LOOKS: Final = 3
"""Listings that may still show what was removed."""
DUE: Final = timedelta(minutes=2)
"""A post this near to its minute may leave the lists because it is published."""
_BACKED_UP: Final = frozenset({Family.SCHEDULED, Family.DRAFT})


def back_up(run: Run) -> None:
    """List the workspace once before the ledger's first write, and keep that beside it."""
    if run.contact.known.wrote or run.state.contact.backup or run.means.back_up is None:
        return
    if not (run.edits or run.creations or run.removals):
        return
    live = listed(run)
    run.contact.backup = run.means.back_up(live)
    run.state.contact = replace(run.state.contact, backup=run.contact.backup)


def listed(run: Run) -> Listing:
    """What the whole workspace has scheduled, and its drafts. Where Publer lists only the run's own accounts, it is short."""
    now, publer = run.means.clock.now(), run.means.publer
    today, until = now.date(), now.date() + HORIZON
    longest = run.state.span[0] if run.state.span is not None else None
    try:
        live = publer.posts(since=today, until=until, longest=longest)
        live = joined_listings(live, publer.undated_drafts())
    except ServiceError:
        live = replace(run.list_again(), short=1)
    # The latest page that shows a post is the one by which its change is judged once more.
    run.page.posts |= {post.id: post for post in live if post.id in run.page.posts}
    return replace(live, posts=tuple(post for post in live if post.family in _BACKED_UP))


def judge_removal(run: Run, old: Old, kept: dict[str, Kept], before: Listing) -> None:
    """What the first removal came to: whether the post is gone, and nothing else with it."""
    no = kept.get(old.live.id)
    if no is not None:
        if no.outcome is Outcome.UNVERIFIED:
            run.contact.end_kind(
                Kind.DELETE, "it is not known what became of the first removal through this key"
            )
        elif no.outcome is Outcome.FAILED:
            run.contact.count_refusal(Kind.DELETE)
        return
    waits = growing_waits(run.means.poll_seconds)
    for look in range(LOOKS):
        after = listed(run)
        there = {post.id: post for post in after}
        if old.live.id not in there or run.means.stop():
            break
        if look < LOOKS - 1:
            run.means.clock.sleep(next(waits))
    if after.short or run.means.stop():
        return  # it tells too little: the next one goes alone as well
    if old.live.id in there:
        copy = run.state.copies[old.key]
        provider = run.accounts[copy.account].provider if copy.account in run.accounts else ""
        doubt = Doubt(Kind.DELETE, copy, provider, (FieldChange(LISTED, "", ""),))
        if run.order.allow.rewritten:
            contact.allow(run, doubt)
            return
        run.state.contact = run.state.contact.doubting(Kind.DELETE, old.key)
        run.contact.stop(doubt, run.order.command)
        kept[old.live.id] = Kept(
            Cause("Publer answered that it removed the post, but still lists it"), Outcome.FAILED
        )
        run.removed.pop(old.key, None)
        run.page.posts[old.live.id] = there[old.live.id]
        return
    if not before.short and (lost := _lost_with(run, old, before, after)):
        run.contact.error = _others_gone(run, lost)
        return
    contact.verified(run, Kind.DELETE)


def _lost_with(run: Run, old: Old, before: Listing, after: Listing) -> list[LivePost]:
    """What was there before the removal and is gone, although it was not due and nobody asked to remove it."""
    now, there = run.means.clock.now(), {post.id for post in after}
    places = {(post.account_id, post.at) for post in after}
    gone = [
        post
        for post in before
        if post.id not in there
        and post.id != old.live.id
        and not (post.at is not None and post.at <= now + DUE)
        and (post.at is None or (post.account_id, post.at) not in places)
    ]
    if not gone:
        return []
    asked = {copy.post_id for copy in run.state.copies.values() if copy.removing_at or copy.end}
    for part in run.means.parts().values():
        asked |= {copy.post_id for copy in part.state.copies.values() if copy.removing_at or copy.end}
    return [post for post in gone if post.id not in asked]


def _others_gone(run: Run, lost: Sequence[LivePost]) -> FirstContactError:
    names = [
        f'"{" ".join(post.text.split())[:40]}"{f" of {post.at:%Y-%m-%d %H:%M} UTC" if post.at else ""}'
        for post in lost
    ]
    told = "; ".join(names[:5]) + (f"; and {len(names) - 5} more" if names[5:] else "")
    posts = "1 other post" if len(lost) == 1 else f"{len(lost)} other posts"
    backup = (
        f" What Publer had before the first write is in {run.state.contact.backup}."
        if run.state.contact.backup
        else ""
    )
    return FirstContactError(
        f"{posts} left Publer together with the first one removed through this key: {told}",
        hint=f"If a colleague removed {'it' if len(lost) == 1 else 'them'} at that moment, run apply again. Otherwise remove nothing "
        f"through this key, and report it with a trace ({run.order.command} --trace trace.jsonl).{backup}",
    )
