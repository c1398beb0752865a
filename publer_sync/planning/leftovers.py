"""Decides about a post's copies beside the current one, and about all copies of a post that left the calendar.

They follow the entry, whatever the calendar or `prune` say: nothing is to be published twice.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.ledger.accounting import LATE, removed_late
from publer_sync.planning.blocks import frozen_reason
from publer_sync.planning.case import Case, first_words
from publer_sync.planning.contact import TROUBLE
from publer_sync.planning.differences import compare
from publer_sync.planning.holding import may_be_unseen
from publer_sync.planning.plan import (
    Adopt,
    Block,
    Blocked,
    Change,
    Delete,
    Held,
    Past,
    Pending,
    Replace,
    Unchanged,
    blocked,
    intent,
)
from publer_sync.values.model import Account, Family, LivePost
from publer_sync.values.printable import printable_line
from publer_sync.values.timezones import time_zone

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import datetime

    from publer_sync.ledger.copies import Copy, LedgerEntry
    from publer_sync.values.model import Post

PENDING = "an earlier apply sent it, and Publer does not list it yet"
BEING_REMOVED = "an earlier apply asked Publer to remove it, and it is not known yet whether Publer did"
NOT_LISTED_YET = (
    "its minute has just passed, and Publer does not list it as published yet; the next apply checks again"
)
NOT_OUT_YET = "its time has come, and Publer has not published it yet"
HALF_DONE = "an earlier apply created the new post; the old one still has to be removed"
WENT_OUT_TWICE = "the post was published already; this copy would publish it again"
WOULD_GO_OUT = "it is a draft, and Publer scheduled it: it would be published"
MAY_STILL_BE_THERE = (
    "the calendar no longer wants this copy; an earlier apply sent it and never found it, and Publer lists a post that publer-sync cannot read "
    "and that may be this one: Publer would publish it"
)
MAY_BE_HIDDEN = (
    "the calendar no longer wants this copy; Publer's list is incomplete, so nobody knows whether Publer still has it and would publish it; "
    "the next apply checks again"
)
HELD_AND_UNREAD = (
    "it is on hold, and Publer lists a post that publer-sync cannot read and that may be this one: "
    "Publer would publish it"
)
HELD_AND_HIDDEN = "it is on hold, and Publer's list of posts is incomplete and lacks it: Publer may still have it, and would publish it"
LATE_FOUND = "late"
CAME_LATE = (
    "no apply saw it come, and the calendar no longer has it so: "
    "it is what an apply sent, or the same made by somebody else"
)


def under_way(copies: Collection[Copy]) -> str:
    """What an earlier apply asked for of which nobody knows yet what became; `copies` are those of the post."""
    removing = any(copy.removal_in_doubt for copy in copies)
    return BEING_REMOVED if removing and not any(copy.awaiting for copy in copies) else PENDING


def pending(case: Case, copies: Collection[Copy]) -> tuple[datetime, str]:
    """Until when a post with these copies waits at the latest, and why."""
    until, why = case.settled_at(copies), under_way(copies)
    if until <= case.now:
        return until, why
    at = until.astimezone(time_zone(case.settings.timezone))
    return until, f"{why}; what became of it is known by {at:%a} {at.day} {at:%b %H:%M:%S}"


def current(case: Case, post: Post | None, entry: LedgerEntry) -> Copy:
    """The copy that equals the post, otherwise the newest that has not ended, those that Publer lists first."""
    listed = [copy for copy in reversed(entry.open) if case.is_live(copy) and not copy.scheduled_draft]
    if post is not None and len(listed) > 1:
        for copy in listed:
            live = case.live_of(copy)
            if live is not None and not compare(post, copy, live).diff:
                return copy
    return listed[0] if listed else entry.newest


def late_copy(case: Case, entry: LedgerEntry, chosen: Copy) -> Copy | None:
    """A copy whose minute has just passed, so that no listing tells yet whether it was published.

    The `chosen` one may be listed as late: then it is clear what becomes of it.
    """
    for copy in entry.open:
        live = case.live_of(copy)
        due = (
            live is not None
            and live.family is Family.SCHEDULED
            and live.at is not None
            and live.at <= case.now
        )
        if is_late(case, copy) or (due and copy is not chosen and case.now < copy.minute + LATE):
            return copy
    return None


def is_late(case: Case, copy: Copy) -> bool:
    if copy.end is not None or case.live_of(copy) is not None or not copy.publishes_itself:
        return False
    if copy.removing_at is not None and copy.removed:
        return removed_late(copy) and case.now < copy.minute + LATE
    return copy.minute <= case.now < copy.minute + LATE


def leftovers(case: Case, post: Post | None, entry: LedgerEntry, change: Change) -> Iterator[Change]:
    """What becomes of the other copies of a post that Publer lists. `change` is what becomes of the current one.

    Unless the post was published, nothing is removed before a copy that can be published is listed.
    """
    others = [copy for copy in entry.open if copy is not change.copy]
    if isinstance(change, Held):
        yield from _held(case, others)
        return
    yield from filter(None, (_unknown_left(case, copy) for copy in others))
    for copy in others:
        if copy.scheduled_draft and (removal := _leftover(case, entry, copy)) is not None:
            gone = replace(removal, reason=WOULD_GO_OUT, twice=True)
            # Whoever edited it decides.
            yield _with_blocks(case, gone, _blocks(case, copy, gone.live, frozen=False))
    others = [copy for copy in others if not copy.scheduled_draft]
    account = post.account.id if post is not None else entry.account
    stands = (
        change.copy is not None and change.live is not None and _can_stand(change.copy, change.live, account)
    )
    if entry.unsettled or not (entry.published or (stands and not entry.maybe_published)):
        return
    half = post if isinstance(change, Unchanged) and not entry.published else None
    for copy in others:
        left: Delete | Replace | None = _leftover(case, entry, copy)
        if left is None:
            continue
        if half is not None:
            left = Replace(post=half, copy=copy, live=left.live, successor=change.copy, reason=HALF_DONE)
            half = None
        yield _with_blocks(case, left, _blocks(case, copy, left.live, frozen=not entry.published))


def may_be_there(case: Case, entry: LedgerEntry, change: Change | None) -> Iterator[Blocked]:
    """Blocked for the other copies of an entry that were sent and may be a row that cannot be read: Publer would publish them."""
    if change is not None and Block.UNREAD in change.blocks:
        return
    for copy in entry.open:
        # Publer may have created what it refused: no list tells, since the row cannot be read
        sent = copy.given_up and copy.publishes_itself and copy.slot > case.now
        # an adopted post is a copy of its own, and what is past wants no other minute
        stands = change is not None and copy is change.copy
        if not sent or (stands and not (isinstance(change, Adopt | Past) and change.at != copy.slot)):
            continue
        if not case.unread.isdisjoint(("", copy.account)):
            stays = Unchanged(account=_account(case, copy), copy=copy, live=None, reason=MAY_STILL_BE_THERE)
            yield blocked(stays, [Block.UNREAD], MAY_STILL_BE_THERE)


def may_be_hidden(case: Case, entry: LedgerEntry, change: Change | None) -> Iterator[Blocked]:
    """Blocked for the other copies of an entry that an incomplete list may lack: Publer would publish them."""
    if not case.short or (change is not None and Block.LISTING in change.blocks):
        return
    for copy in entry.open:
        if change is not None and copy is change.copy and not isinstance(change, Past):
            continue  # of what is past in the calendar, Publer may have a time ahead
        known = copy.post_id is not None and not copy.removed and copy.minute > case.now
        if known and case.live_of(copy) is None:
            stays = Unchanged(account=_account(case, copy), copy=copy, live=None, reason=MAY_BE_HIDDEN)
            yield blocked(stays, [Block.LISTING], MAY_BE_HIDDEN)


def unseen_on_hold(case: Case, copy: Copy, post: Post | None = None) -> Blocked | None:
    """Blocked for a copy on hold that no list shows: a row that cannot be read may be it, or an incomplete list may hide it."""
    if not copy.publishes_itself or not may_be_unseen(copy, case.now):
        return None
    if not case.unread.isdisjoint(("", copy.account)):
        block, why = Block.UNREAD, HELD_AND_UNREAD
    elif case.short:
        block, why = Block.LISTING, HELD_AND_HIDDEN
    else:
        return None
    account = post.account if post is not None else _account(case, copy)
    return blocked(Unchanged(post=post, account=account, copy=copy, live=None, reason=why), [block], why)


def _held(case: Case, copies: Sequence[Copy]) -> Iterator[Held]:
    for copy in copies:
        live = case.live_of(copy)
        if copy.account in case.accounts and case.on_hold.stoppable(copy, live, case.now):
            yield Held(
                account=case.accounts[copy.account],
                copy=copy,
                live=live,
                reason=case.on_hold.reason(copy, live),
            )


def _can_stand(copy: Copy, live: LivePost, account: str) -> bool:
    """Whether Publer lists it as it should be on the account, so that it can stand for the post."""
    if live.state in TROUBLE or live.account_id != account:
        return False
    return live.family is Family.SCHEDULED or (live.family is Family.DRAFT and copy.draft)


def _leftover(case: Case, entry: LedgerEntry, copy: Copy) -> Delete | None:
    live = case.live_of(copy)
    if live is None or live.family not in (Family.SCHEDULED, Family.DRAFT):
        return None
    if live.family is Family.SCHEDULED and live.at is not None and live.at <= case.now:
        return None  # it is being published, or it never will be
    twice = entry.published is not None
    reason = WENT_OUT_TWICE if twice else HALF_DONE
    return Delete(
        account=_account(case, copy), copy=copy, live=live, reason=reason, leftover=True, twice=twice
    )


def _account(case: Case, copy: Copy) -> Account:
    return case.accounts.get(copy.account) or Account(copy.account, copy.account, "")


def _blocks(case: Case, copy: Copy, live: LivePost, *, frozen: bool) -> list[Block]:
    """What protects a copy from being removed: someone's edit, and the freeze unless the post was published."""
    edited = compare(None, copy, live).edited or live.account_id != copy.account
    blocks = [Block.EDITED] if edited and case.settings.edits == "ask" else []
    if copy.turned_up == LATE_FOUND and not case.entries[copy.entry].published:
        blocks.append(Block.TWIN)  # of what went out, it is the second one, whoever made it
    return [*blocks, Block.FREEZE] if frozen and case.frozen(live) else blocks


def _with_blocks(case: Case, change: Delete | Replace, blocks: Sequence[Block]) -> Delete | Replace | Blocked:
    if not blocks:
        return change
    reason = frozen_reason(case)
    if blocks[0] is Block.TWIN:
        return replace(blocked(change, blocks, CAME_LATE), obstacle=change.live)
    if blocks[0] is Block.EDITED:
        reason = "edited in Publer since the last apply"
        if change.copy.draft and change.live.family is Family.SCHEDULED:
            reason = "someone scheduled this draft in Publer, where it will be published"
        if isinstance(change, Delete) and not change.leftover:
            reason = f"{change.reason}, and {reason}"
    return blocked(change, blocks, reason)


# --- a managed post that left the calendar --------------------------------------------------------------------------


def judge_unwanted(case: Case, entry: LedgerEntry) -> Iterator[Change]:
    """What becomes of each of its copies that Publer may still have."""
    account, chosen = _account(case, entry.newest), current(case, None, entry)
    managed = entry.account in case.accounts
    if managed and not entry.published:
        _warn_of_held(case, entry.newest)
    held = [
        copy for copy in entry.open if managed and case.on_hold.stoppable(copy, case.live_of(copy), case.now)
    ]
    if held:
        yield from _held(case, held)
        return
    lost = entry.account in case.lost_accounts.names
    if entry.unsettled and not (lost and case.settled_at(entry.open) <= case.now):
        for copy in entry.open:
            if copy.unsettled or case.is_live(copy):
                until, why = pending(case, entry.open)
                yield Pending(account=account, copy=copy, live=case.live_of(copy), until=until, reason=why)
        return
    if lost:
        yield from _of_lost_account(case, entry)
        return
    listed = [copy for copy in entry.open if case.is_live(copy)]
    unseen = [*left_unseen(case, entry)] if managed and not entry.published else []
    yield from unseen
    alone = len(entry.open) == 1 and not entry.published
    if managed and not unseen and not case.waits(chosen) and not (alone and case.settings.prune == "none"):
        yield from may_be_there(case, entry, None)
        if entry.key not in case.giving:
            yield from may_be_hidden(case, entry, None)
    move = case.giving.get(entry.key)
    if move is None or (move.stuck and entry.published):
        yield from _left(case, entry, listed)
    elif move.stuck:
        reason = f"no longer in the calendar, and the calendar {printable_line(move.receiver)} wants it; {move.stuck}"
        for change in _left(case, entry, listed):
            if isinstance(change, Blocked | Delete) and isinstance(intent(change), Delete):
                yield blocked(change, [Block.ELSEWHERE], reason)
            else:
                yield change
    elif chosen in listed:
        reason = f"it moves to the calendar {printable_line(move.receiver)}"
        live = case.live_of(chosen)
        yield Unchanged(account=account, copy=chosen, live=live, reason=reason, moves_to=move.receiver)


def left_unseen(case: Case, entry: LedgerEntry) -> Iterator[Blocked]:
    """Of a post that left the calendar, or waits for a slot, while it is on hold."""
    for copy in entry.copies:
        unseen = unseen_on_hold(case, copy) if case.live_of(copy) is None else None
        if unseen is not None and case.on_hold.covers(copy):
            yield unseen


def _of_lost_account(case: Case, entry: LedgerEntry) -> Iterator[Change]:
    """A post ahead on an account that is not in Publer any more: what is known of it stays."""
    ahead = [copy for copy in entry.open if copy.minute > case.now]
    if ahead:
        copy = ahead[-1]
        known = case.lost_accounts.names[entry.account]
        why = case.lost_accounts.reason(entry.account)
        stays = Unchanged(
            account=Account(entry.account, known, ""), copy=copy, live=case.live_of(copy), reason=why
        )
        yield blocked(stays, [Block.ACCOUNT], why)


def _warn_of_held(case: Case, copy: Copy) -> None:
    """Of a post that a hold took out and that waits for a slot since: nothing puts it back before it has a time."""
    if not (copy.held and copy.end is not None and case.waits(copy)):
        return
    first = copy.text.strip().partition("\n")[0]
    name = copy.id or (first if len(first) <= 50 else first[:49] + "…")
    other = f" in the calendar {printable_line(there)}" if (there := case.waits_in(copy)) else ""
    case.warn(
        "waits",
        f'the post "{name}" was taken out for a hold and waits for a slot{other} since (at: next), so release does not put it back: give it '
        "a time, or run publer-sync fill; the next apply then creates it",
    )


def _left(case: Case, entry: LedgerEntry, listed: Sequence[Copy]) -> Iterator[Change]:
    account, chosen = _account(case, entry.newest), current(case, None, entry)
    changes = [*_what_is_left(case, entry, listed, account, chosen)]
    goes = any(isinstance(intent(change), Delete) for change in changes)
    if goes and not entry.published and (late := late_copy(case, entry, chosen)) is not None:
        yield Pending(account=account, copy=late, until=late.minute + LATE, reason=NOT_LISTED_YET, late=True)
        return
    yield from changes


def _what_is_left(
    case: Case, entry: LedgerEntry, listed: Sequence[Copy], account: Account, chosen: Copy
) -> Iterator[Change]:
    live = case.live_of(chosen)
    if entry.published or live is None or chosen not in listed:
        yield from _all_left(case, entry, listed)
        return
    first = _unwanted(case, account, chosen, live)
    yield first
    if isinstance(first, Unchanged):
        yield from leftovers(case, None, entry, first)
        return
    yield from _all_left(case, entry, [copy for copy in listed if copy is not chosen])


def _all_left(case: Case, entry: LedgerEntry, copies: Sequence[Copy]) -> Iterator[Change]:
    for copy in copies:
        if (gone := _leftover(case, entry, copy)) is not None:
            yield _with_blocks(case, gone, _blocks(case, copy, gone.live, frozen=not entry.published))
        elif (unknown := _unknown_left(case, copy)) is not None:
            yield unknown


def _unwanted(case: Case, account: Account, copy: Copy, live: LivePost) -> Change:
    if (reason := _stays(case, copy, live)) is not None:
        return Unchanged(account=account, copy=copy, live=live, reason=reason)
    gone = Delete(account=account, copy=copy, live=live, reason="no longer in the calendar")
    if _is_unknown(case, live):
        why = (
            f"no longer in the calendar, and {_where(live)} in Publer, which may publish it: delete it there"
        )
        return blocked(gone, [Block.UNREAD if live.unread else Block.STATE], why)
    return _with_blocks(case, gone, _blocks(case, copy, live, frozen=True))


def _unknown_left(case: Case, copy: Copy) -> Blocked | None:
    """Blocked for a copy that nothing wants, where nobody can tell what Publer will do with it."""
    live = case.live_of(copy)
    if live is None or not _is_unknown(case, live):
        return None
    why = f"the calendar no longer wants this copy, and {_where(live)} in Publer, which may publish it: delete it there"
    stays = Unchanged(account=_account(case, copy), copy=copy, live=live, reason=why)
    return blocked(stays, [Block.UNREAD if live.unread else Block.STATE], why)


def _is_unknown(case: Case, live: LivePost) -> bool:
    """Whether nobody can tell what Publer will do with it: its state or its row cannot be read, and its time has not passed."""
    return live.family is Family.OTHER and (live.at is None or live.at > case.now)


def _where(live: LivePost) -> str:
    if live.unread:
        return "it cannot be read"
    return f'it is "{live.state}"' if live.family is Family.OTHER else f"it is {live.family}"


def _stays(case: Case, copy: Copy, live: LivePost) -> str | None:
    """Why a post that left the calendar stays in Publer; warns of it."""
    name = f'"{first_words(live)}"'
    if copy.account not in case.accounts:
        case.warn("account_left", f"{name} is left alone: its account is no longer in the settings")
        return "its account is no longer in the settings"
    if live.family is Family.SCHEDULED and live.at is not None and live.at <= case.now:
        return NOT_OUT_YET
    if case.waits(copy):
        other = f" {printable_line(there)}" if (there := case.waits_in(copy)) else ""
        way = "; it moves there once it has a time: run publer-sync fill" if there else ""
        what = f"in the calendar{other} it waits for a slot (at: next){way}"
        case.warn("waits", f"{name} stays in Publer as it is: {what}")
        return "it waits for a slot, and stays in Publer as it is"
    if case.settings.prune == "none":
        case.warn("left_calendar", f"{name} left the calendar and stays in Publer (prune: none)")
        return "left the calendar, and stays in Publer (prune: none)"
    if live.family not in (Family.SCHEDULED, Family.DRAFT) and not _is_unknown(case, live):
        case.warn("left_calendar", f"{name} left the calendar and stays in Publer: {_where(live)} there")
        return f"left the calendar, and {_where(live).removeprefix('it ')} in Publer"
    return None
