"""What becomes of one post: a desired one, or a managed one that left the calendar.

The order of the questions is the order of the contract's action table: the first row that holds decides.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from publer_sync.ledger.state import past_keys
from publer_sync.model import Account, Family, LivePost
from publer_sync.planning.blocks import block, blocked, frozen_reason
from publer_sync.planning.case import LIVE, Case, first_words
from publer_sync.planning.differences import Differences, compare, equals_foreign, fields_of
from publer_sync.planning.match import was_published
from publer_sync.planning.plan import (
    Adopt,
    Block,
    Blocked,
    Change,
    Create,
    Delete,
    Doable,
    Held,
    Past,
    Pending,
    Recreate,
    Replace,
    Unchanged,
    Update,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publer_sync.ledger.state import Copy
    from publer_sync.model import Post

PENDING = "an earlier apply sent it, and Publer does not list it yet"
WAS_HELD = "it was on hold"
NOT_BACK = "an earlier apply removed it from Publer to make room, and its time passed before it was back"
ABOUT = timedelta(hours=1)
"""How far from its time a published post may be shown: Publer was seen to be some minutes late."""
NOT_PUBLISHED = "Publer could not publish it"
NOT_OUT_YET = "its time has come, and Publer has not published it yet"
NOT_KNOWN = "Publer's list of posts is incomplete, so it is not known whether this post is in Publer"

_TROUBLE = {
    "scheduled_declined": "someone declined it in Publer",
    "scheduled_locked": "Publer has locked it: its account or the subscription is locked",
    "scheduled_reauth": "it waits in Publer for its account to be reconnected",
}
TOO_LATE = {
    "scheduled_declined": "someone declined it in Publer",
    "scheduled_locked": "Publer had locked it when its time came: its account or the subscription was locked",
    "scheduled_pending": "nobody approved it in Publer before its time",
    "scheduled_reauth": "its account was not reconnected in Publer before its time",
}
"""What kept a post from being published, once its time has passed."""


# --- a desired post -------------------------------------------------------------------------------------------------


def judge(case: Case, post: Post, copy: Copy | None) -> Change:
    live = case.live.get(copy.post_id) if copy and copy.post_id else None
    if (held := _held(case, post, copy, live)) is not None:
        return held
    if copy and copy.under_way:
        return Pending(post=post, account=post.account, copy=copy, live=live, reason=PENDING)
    ahead = live is not None and live.family in LIVE and live.at is not None and live.at > case.now
    if post.at <= case.now and not ahead:
        return _past(case, post, copy, live)
    if (live is None or live.family is Family.PUBLISHED) and (adopted := _adopted(case, post, copy)):
        return adopted
    if copy is None or (live is None and copy.removing_at):
        return _new(case, post, copy)
    if was_published(copy, live, now=case.now):
        return judge_published(case, post, copy, live)
    if live is None:
        return _vanished(case, post, copy)
    return _listed(case, post, copy, live)


def _held(case: Case, post: Post, copy: Copy | None, live: LivePost | None) -> Held | None:
    """Whether a hold keeps it out of Publer. A draft is not published, and what is past and not scheduled is reported elsewhere."""
    scheduled = live if live is not None and live.family is Family.SCHEDULED else None
    under_way = copy is not None and copy.under_way
    if live is not None and live.family not in (Family.SCHEDULED, Family.DRAFT):
        return None
    if scheduled is None and (post.draft or (post.at <= case.now and not under_way)):
        return None
    if not (why := case.on_hold.reason(copy, live, post)):
        return None
    return Held(post=post, account=post.account, copy=copy, live=scheduled, reason=why)


def _past(case: Case, post: Post, copy: Copy | None, live: LivePost | None) -> Past:
    told = case.state is None or not case.state.excused.isdisjoint(
        past_keys(post.account.id, post.at, post.id)
    )
    told = told or case.on_hold.missed(post, copy)
    why = None if told else _why_missed(case, post, copy, live)
    return Past(post=post, copy=copy, live=live, missed=why is not None, reason=why or "its time has passed")


def _why_missed(case: Case, post: Post, copy: Copy | None, live: LivePost | None) -> str | None:
    """Why it was not published at its time; None where it was, where it may still be, or where that is unknown."""
    if copy is not None and live is not None:
        if live.family in (Family.FAILED, Family.DRAFT):  # a draft is not meant to be published
            return _trouble(post, copy, live)
        return TOO_LATE.get(live.state)
    if case.short or _published_about(case, post):
        return None
    if copy is None or copy.verified_at is None:
        return "its time passed before it was scheduled"
    if copy.held:
        return "its time passed while it was on hold"
    if copy.removing_at is not None:
        return NOT_BACK
    return None


def _published_about(case: Case, post: Post) -> bool:
    """Whether a post with its text was published about its time: Publer shows when it did, some minutes late."""
    return any(
        other.family is Family.PUBLISHED and other.at is not None and abs(other.at - post.at) <= ABOUT
        for other in case.alike(post.account.id, post.text)
    )


def _adopted(case: Case, post: Post, copy: Copy | None) -> Adopt | None:
    """Whatever the ledger says of it: an older state does not know where the post was moved since."""
    removed = copy if copy is not None and copy.removing_at else None
    for other in case.by_slot.get(post.slot, ()):
        if other.id not in case.adopted and equals_foreign(post, other) and not case.theirs(other):
            case.adopted.add(other.id)
            return Adopt(post=post, copy=removed, live=other, reason="it is already in Publer")
    return None


def _new(case: Case, post: Post, copy: Copy | None) -> Change:
    reason = "new in the calendar"
    if copy is not None:
        reason = (
            WAS_HELD
            if copy.held
            else "an earlier apply removed it from Publer to make room, and it is not back yet"
        )
    change = Create(post=post, copy=copy, diff=fields_of(post), reason=reason)
    return _if_known(case, change) if copy is not None or _sent_before(case, post) else block(case, change)


def _sent_before(case: Case, post: Post) -> bool:
    """Whether an earlier apply may have made the post unseen. Without a state, Publer refuses a second of what is scheduled."""
    if case.state is None:
        return post.draft
    return any(
        copy.place == post.slot
        or (post.text and copy.text == post.text)
        or (post.id is not None and copy.id == post.id)
        for copy in case.lost.get(post.account.id, ())
    )


def _if_known(case: Case, change: Create | Recreate) -> Doable | Blocked:
    """The change, held back where an incomplete list may hide the post: it would be in Publer twice."""
    told = block(case, change)
    return blocked(told, [Block.LISTING], NOT_KNOWN) if case.short else told


def judge_published(case: Case, post: Post, copy: Copy, live: LivePost | None) -> Change:
    """The post that the copy is about was published."""
    if copy.slot > case.now:
        return _blocked_state(case, post, copy, live, "someone published it early in Publer")
    if post.id is not None and post.id == copy.id:
        reason = f'the post "{post.id}" was published already; a new post needs a new id'
        change = Create(post=post, copy=copy, diff=fields_of(post), reason=reason)
        return blocked(change, [Block.WENT_OUT], reason)
    return _new(case, post, None)


def _vanished(case: Case, post: Post, copy: Copy) -> Change:
    """Verified once, and no longer listed."""
    for other in published_alike(case, copy):
        why = f"someone published it {'early ' if copy.slot > case.now else ''}in Publer"
        return replace(_blocked_state(case, post, copy, None, why), obstacle=other)
    reason = "someone deleted it in Publer"
    change = Recreate(post=post, copy=copy, diff=fields_of(post), reason=reason)
    return _if_known(case, change)


def published_alike(case: Case, copy: Copy) -> Iterator[LivePost]:
    """Published posts not managed here that have the copy's text and may be its post, by when it was last verified.

    One that was published when another post was due is that one, as in a series of the same words.
    """
    for other in case.alike(copy.account, copy.text):
        since = copy.verified_at is None or other.at is None or other.at.date() >= copy.verified_at.date()
        if other.family is Family.PUBLISHED and since and not case.due_then(other, but=copy):
            yield other


def _listed(case: Case, post: Post, copy: Copy, live: LivePost) -> Change:
    differs = compare(post, copy, live)
    late = live.family is Family.SCHEDULED and live.at is not None and live.at <= case.now
    if late and live.state in TOO_LATE:
        return _blocked_state(case, post, copy, live, TOO_LATE[live.state], differs)
    if late:
        if differs.diff:
            case.warn("not_out_yet", f"{NOT_OUT_YET}: the change in the calendar comes too late", post)
        return _unchanged(post, copy, live, NOT_OUT_YET)
    trouble = _trouble(post, copy, live)
    if trouble is not None:
        return _blocked_state(case, post, copy, live, trouble, differs)
    if not differs.diff:
        return _equal(case, post, copy, live)
    blocks = [Block.TIME_PASSED] if post.at <= case.now else []
    if differs.edited and case.settings.edits == "ask":
        blocks.append(Block.EDITED)
    return block(case, _changed(post, copy, live, differs, _reason(differs)), blocks)


def _changed(post: Post, copy: Copy, live: LivePost, differs: Differences, reason: str) -> Update | Replace:
    make = Update if differs.in_place else Replace
    return make(post=post, copy=copy, live=live, diff=differs.diff, reason=reason)


def _reason(differs: Differences) -> str:
    if differs.edited:
        return "edited in Publer since the last apply, and the calendar says something else"
    names = ", ".join(dict.fromkeys(change.field.partition(".")[0] for change in differs.diff))
    what = names.replace("scheduled_at", "time")
    if differs.in_place:
        return f"{what} changed in the calendar; Publer edits it in place"
    return f"{what} changed in the calendar; Publer can't change that in place, so the post is replaced"


def _equal(case: Case, post: Post, copy: Copy, live: LivePost) -> Unchanged:
    change = _unchanged(post, copy, live, "Publer matches the calendar")
    if live.state == "scheduled_pending":
        reason = "it waits in Publer for someone's approval"
        case.warn("waiting", reason, post)
        return replace(change, waiting=True, reason=reason)
    if post.draft and live.family is Family.SCHEDULED:
        reason = "a draft in the calendar, and someone scheduled it in Publer"
        case.warn("scheduled_by_hand", reason, post)
        return replace(change, reason=reason)
    return change


def _unchanged(post: Post, copy: Copy, live: LivePost | None, reason: str) -> Unchanged:
    return Unchanged(post=post, account=post.account, copy=copy, live=live, reason=reason)


def _trouble(post: Post, copy: Copy, live: LivePost) -> str | None:
    """Why a listed post will not be published as it should, or can't be changed."""
    if live.state in _TROUBLE:
        return _TROUBLE[live.state]
    if live.account_id != copy.account:
        return "someone moved it to another account in Publer"
    match live.family:
        case Family.DRAFT if not copy.draft and not post.draft:
            return "someone turned it into a draft in Publer"
        case Family.FAILED:
            return f'{NOT_PUBLISHED}: "{live.error}"' if live.error else NOT_PUBLISHED
        case Family.RECYCLING | Family.RECURRING:
            return f"someone made it {live.family} in Publer"
        case Family.OTHER:
            return f'Publer shows a state that publer-sync does not know: "{live.state}"'
        case _:
            return None


def _blocked_state(
    case: Case,
    post: Post,
    copy: Copy,
    live: LivePost | None,
    why: str,
    differs: Differences | None = None,
) -> Blocked:
    would: Update | Replace | Unchanged = _unchanged(post, copy, live, why)
    if live is not None and differs is not None and differs.diff:
        would = _changed(post, copy, live, differs, why)
    blocks = [Block.STATE]
    if differs is not None and differs.edited and case.settings.edits == "ask":
        blocks.append(Block.EDITED)
    return blocked(would, blocks, why)


# --- a managed post that left the calendar --------------------------------------------------------------------------


def judge_unwanted(case: Case, copy: Copy, pending: frozenset[int]) -> Change | None:
    """None where nothing is left of it in Publer. `pending` are the copies whose replacement is under way."""
    account = case.accounts.get(copy.account) or Account(copy.account, copy.account, "")
    live = case.live.get(copy.post_id) if copy.post_id else None
    if copy.account in case.accounts and case.on_hold.stoppable(copy, live):
        why = case.on_hold.reason(copy, live)
        return Held(account=account, copy=copy, live=live, reason=why)
    if copy.under_way or copy.key in pending:
        return Pending(account=account, copy=copy, live=live, reason=PENDING)
    if live is None or live.family not in LIVE:
        return None
    if (reason := _stays(case, copy, live)) is not None:
        return Unchanged(account=account, copy=copy, live=live, reason=reason)
    change = Delete(account=account, copy=copy, live=live, reason="no longer in the calendar")
    blocks = []
    edited_there = compare(None, copy, live).edited or live.account_id != copy.account
    if edited_there and case.settings.edits == "ask":
        blocks.append(Block.EDITED)
    if case.frozen(live):
        blocks.append(Block.FREEZE)
    if not blocks:
        return change
    edited = "no longer in the calendar, and edited in Publer since the last apply"
    return blocked(change, blocks, edited if blocks[0] is Block.EDITED else frozen_reason(case))


def _stays(case: Case, copy: Copy, live: LivePost) -> str | None:
    """Why a post that left the calendar stays in Publer; warns of it."""
    name = f'"{first_words(live)}"'
    if copy.account not in case.accounts:
        case.warn("account_left", f"{name} is left alone: its account is no longer in the settings")
        return "its account is no longer in the settings"
    if live.family is Family.SCHEDULED and live.at is not None and live.at <= case.now:
        return NOT_OUT_YET
    if case.settings.prune == "none":
        case.warn("left_calendar", f"{name} left the calendar and stays in Publer (prune: none)")
        return "left the calendar, and stays in Publer (prune: none)"
    if live.family not in (Family.SCHEDULED, Family.DRAFT):
        case.warn("left_calendar", f"{name} left the calendar and stays in Publer: it is {live.family} there")
        return f"left the calendar, and is {live.family} in Publer"
    return None
