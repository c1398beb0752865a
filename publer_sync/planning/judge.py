"""What becomes of one post: a desired one, or a managed one that left the calendar.

The order of the questions is that of docs/how-it-decides.md: the first one that holds decides.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING

from publer_sync.ledger.accounting import LATE
from publer_sync.ledger.copies import End
from publer_sync.ledger.state import doubt_key, past_keys
from publer_sync.planning.blocks import block
from publer_sync.planning.case import LIVE, Case
from publer_sync.planning.contact import TROUBLE
from publer_sync.planning.dates import is_let_in
from publer_sync.planning.differences import Differences, compare, equals_unmanaged, fields_of
from publer_sync.planning.holding import condition, may_be_unseen
from publer_sync.planning.leftovers import (
    CAME_LATE,
    LATE_FOUND,
    NOT_LISTED_YET,
    NOT_OUT_YET,
    current,
    is_late,
    late_copy,
    pending,
    unseen_on_hold,
)
from publer_sync.planning.plan import (
    Adopt,
    Block,
    Blocked,
    Change,
    Create,
    Doable,
    FieldChange,
    Held,
    Past,
    Pending,
    Recreate,
    Replace,
    Unchanged,
    Update,
    blocked,
    intent,
)
from publer_sync.planning.saying import is_as_it_went
from publer_sync.values.model import Family, LivePost, iso
from publer_sync.values.printable import printable_line
from publer_sync.values.timezones import time_zone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.ledger.copies import Copy, LedgerEntry
    from publer_sync.values.model import Post

WAS_HELD = "it was on hold"
EDITED_BEFORE = (
    "someone edited it in Publer before the hold took it out, and the calendar says something else"
)
SCHEDULED_MEANWHILE = "someone scheduled it in Publer although it is on hold; it is managed here from now on, and will be published"
NOT_BACK = "an earlier apply removed it from Publer to make room, and its time passed before it was back"
AT_ITS_TIME = (
    "it was removed from Publer just at its time, and it is not known whether it was published first"
)
NOT_PUBLISHED = "Publer could not publish it"
STILL_DRAFT = "it was still a draft in Publer when its time came"
NOT_SCHEDULED = "its time passed before it was scheduled"
UNDER_OLD_ID = "Publer lists it under the id that its account had before, and that account is no longer there"
NOT_KNOWN = "Publer's list of posts is incomplete, so it is not known whether this post is in Publer"

MAY_BE_UNREAD = "Publer's list of posts has one that publer-sync cannot read, and it may be this one"

_MAY_BE_OUT = frozenset({End.PUBLISHED, End.MAYBE_PUBLISHED, End.GONE})

TOO_LATE = {
    "scheduled_declined": "someone declined it in Publer",
    "scheduled_locked": "Publer had locked it when its time came: its account or the subscription was locked",
    "scheduled_pending": "nobody approved it in Publer before its time",
    "scheduled_reauth": "its account was not reconnected in Publer before its time",
}
"""What kept a post from being published, once its time has passed."""


# --- a desired post -------------------------------------------------------------------------------------------------


def judge(case: Case, post: Post, entry: LedgerEntry | None) -> Change:
    """What becomes of a desired post; `entry` is what the state has of it."""
    copy = current(case, post, entry) if entry else None
    if copy is not None and copy.scheduled_draft and copy.end is None:
        return _new(case, post, None, entry)  # it goes, whatever is wanted
    live = case.live_of(copy)
    published = entry.published if entry else None
    if published is None and (held := _held(case, post, copy, live)) is not None:
        settled = (
            copy is None
            or copy.given_up
            or (copy.end is not None and entry is not None and not entry.unsettled)
        )
        if held.live is None and settled and (adopted := _adopted(case, post, copy)) is not None:
            return replace(adopted, on_hold=True, reason=SCHEDULED_MEANWHILE)
        unseen = unseen_on_hold(case, copy, post) if copy is not None and live is None else None
        return unseen or held
    if entry and copy and (entry.unsettled or any(c.waits_to_say(post.content, post.at) for c in entry.open)):
        until, why = pending(case, entry.open)
        return Pending(post=post, account=post.account, copy=copy, live=live, until=until, reason=why)
    if entry is not None and published is not None:
        return _judge_published(case, post, entry, published)
    ahead = live is not None and live.family in LIVE and live.at is not None and live.at > case.now
    if post.at <= case.now and not ahead:
        return _past(case, post, copy, live)
    if entry and entry.maybe_published:
        return _judge_maybe(case, post, entry.maybe_published, copy, live)
    if copy and live is not None and live.unread:
        why = f"publer-sync cannot read what Publer lists of it: {live.unread}"
        return blocked(_unchanged(post, copy, live, why), [Block.UNREAD], why)
    change = _judge_open(case, post, copy, live, entry)
    late = late_copy(case, entry, copy) if entry and copy else None
    if late is not None and (
        isinstance(intent(change), Create | Recreate | Update | Replace) or _is_published_beside(late, change)
    ):
        until = late.minute + LATE
        return Pending(
            post=post, account=post.account, copy=late, until=until, reason=NOT_LISTED_YET, late=True
        )
    return change


def _is_published_beside(late: Copy, change: Change) -> bool:
    """Whether Publer may be publishing a copy while another one stays scheduled: the next apply removes that one.

    A copy that an apply removed, or that never appeared, does not delay anything.
    """
    return isinstance(change, Unchanged) and late.post_id is not None and late.removing_at is None


def _judge_open(
    case: Case, post: Post, copy: Copy | None, live: LivePost | None, entry: LedgerEntry | None
) -> Change:
    """What becomes of one that is ahead, whatever another copy may have come to in its minute."""
    if (copy is None or copy.end or copy.given_up) and (adopted := _adopted(case, post, copy)):
        return adopted
    if copy is None or copy.given_up or copy.removing_at or copy.end not in (None, End.GONE):
        return _new(case, post, copy, entry)
    if live is None:
        return _vanished(case, post, copy)
    return _listed(case, post, copy, live)


def _held(case: Case, post: Post, copy: Copy | None, live: LivePost | None) -> Held | None:
    """Whether a hold keeps it out of Publer. A draft is not published, and what is past and not scheduled is reported elsewhere."""
    if copy is not None and copy.end is not None:
        live = None  # what became of it says nothing of a new one
    scheduled = live if live is not None and live.family is Family.SCHEDULED else None
    under_way = copy is not None and copy.awaiting
    if live is not None and live.family not in (Family.SCHEDULED, Family.DRAFT):
        if copy is None or not case.on_hold.stoppable(copy, live, case.now, post):
            return None
        scheduled = live  # nobody knows what it is: it was sent to be published
    elif scheduled is not None and condition(scheduled) is None:
        return None  # someone declined it: it is not published, and no release brings it back
    is_draft = post.draft and not (copy is not None and _scheduled_by_hand(post, copy))
    if scheduled is None and (is_draft or (post.at <= case.now and not under_way)):
        return None
    if not (why := case.on_hold.reason(copy, live, post)):
        return None
    return Held(post=post, account=post.account, copy=copy, live=scheduled, reason=why)


def _past(case: Case, post: Post, copy: Copy | None, live: LivePost | None) -> Past:
    keys = past_keys(post.account.id, post.at, post.id)
    if copy is not None and post.id:
        keys = keys[1:]  # of its minute, another post may have been told
    told = case.state is None or not case.state.excused.isdisjoint(keys)
    told = told or case.on_hold.missed(post, copy)
    if not told and (doubt := _taken_out_late(case, copy) or _not_known(case, copy)):
        new = doubt_key(post.account.id, post.at) not in (case.state.excused if case.state else ())
        return Past(post=post, copy=copy, live=live, missed=new, doubted=True, reason=doubt)
    why = None if told else _why_missed(case, post, copy, live)
    if why is not None and copy is None and case.state is not None and is_let_in(case.state, post):
        return Past(post=post, reason="its series has it since a date moved, after its time", let_in="date")
    if why is not None and copy is None and case.joining.is_older(post):
        return Past(post=post, reason="its account joined the calendar after its time", let_in="account")
    return Past(post=post, copy=copy, live=live, missed=why is not None, reason=why or "its time has passed")


def _taken_out_late(case: Case, copy: Copy | None) -> str:
    """Why it is not known yet whether a post was published that a hold took out in its last minutes; "" of any other."""
    if copy is None or not copy.held or copy.removing_at is None or not is_late(case, copy):
        return ""
    known = (copy.minute + LATE).astimezone(time_zone(case.settings.timezone))
    return f"it was removed from Publer in the last minutes before its time; whether it was published anyway shows by {known:%H:%M}"


def _not_known(case: Case, copy: Copy | None) -> str:
    """Why nobody knows whether a post was published that no list showed; "" of any other."""
    if copy is None or copy.end is not End.MAYBE_PUBLISHED:
        return ""
    if copy.removed_at_its_time:
        return AT_ITS_TIME
    if copy.removing_at is not None and not copy.held:
        return (
            "an earlier apply was interrupted while it replaced this post, and Publer published something at that minute: "
            "it is not known whether that was this post"
        )
    other = case.live.get(copy.evidence or "")
    if other is None or not other.unread:
        return ""
    return (
        "Publer lists a post that publer-sync cannot read, so it is not known whether this post was published"
    )


def _why_missed(case: Case, post: Post, copy: Copy | None, live: LivePost | None) -> str | None:
    """Why it was not published at its time; None where it was, where it may still be, or where that is unknown."""
    if copy is not None and live is not None:
        if live.family is Family.DRAFT and copy.draft and not post.draft:
            return STILL_DRAFT
        if live.family in (Family.FAILED, Family.DRAFT):  # a draft is not meant to be published
            return _trouble(case, post, copy, live)
        return TOO_LATE.get(live.state)
    if copy is not None and copy.end is End.FAILED:
        return f'{NOT_PUBLISHED}: "{copy.publer_said}"' if copy.publer_said else NOT_PUBLISHED
    if copy is not None and (copy.end in _MAY_BE_OUT or is_late(case, copy)):
        return None
    if case.short or _published_about(case, post) or case.lost_accounts.has(post):
        return None
    if copy is None or copy.verified_at is None:
        return NOT_SCHEDULED
    if copy.held and copy.removing_at is not None:
        return "its time passed while it was on hold"
    if copy.removing_at is not None:
        return NOT_BACK
    return None


def _published_about(case: Case, post: Post) -> bool:
    """Whether a post with its text was published about its time: Publer shows when it did, some minutes late."""
    return any(
        other.family is Family.PUBLISHED and other.at is not None and abs(other.at - post.at) <= LATE
        for other in case.alike(post.account.id, post.text)
    )


def _adopted(case: Case, post: Post, copy: Copy | None) -> Adopt | None:
    """Whatever the ledger says of it: an older state does not know where the post was moved since."""
    for other in case.by_slot.get(post.slot, ()):
        if other.id not in case.adopted and equals_unmanaged(post, other) and not case.theirs(other):
            case.adopted.add(other.id)
            return Adopt(post=post, copy=copy, live=other, reason="it is already in Publer")
    return None


def _new(case: Case, post: Post, copy: Copy | None, entry: LedgerEntry | None) -> Change:
    reason = "new in the calendar"
    match copy and copy.end:
        case End.REMOVED if copy and copy.held:
            reason = WAS_HELD
        case End.REMOVED if copy and not case.facts(copy.entry).left:
            reason = "an earlier apply removed it from Publer to make room, and it is not back yet"
        case End.FAILED:
            reason = "Publer could not publish it at its old time"
    by_hand = copy is not None and _scheduled_by_hand(post, copy)
    if by_hand:
        post = replace(post, content=replace(post.content, draft=False))
    change = Create(post=post, copy=copy, by_hand=by_hand, diff=fields_of(post), reason=reason)
    kept = copy.kept if copy is not None else None
    if copy is not None and kept is not None and case.settings.edits == "ask":
        differs = compare(post, copy, kept)
        if differs.edited or kept.account_id != post.account.id:
            reason = EDITED_BEFORE
            if kept.account_id != post.account.id:
                reason = f"someone moved it to {_account_called(case, kept.account_id)} in Publer before the hold took it out"
            change = replace(change, diff=differs.diff, reason=reason)
            return _if_known(case, change, [Block.EDITED])
    if why := _made_before(post, entry):
        return _if_known(case, replace(change, reason=why), [Block.UNSEEN])
    return _if_known(case, change) if entry is not None or _sent_before(case, post) else block(case, change)


def _account_called(case: Case, account: str) -> str:
    """An account for people, as far as its name is known here."""
    known = case.accounts.get(account)
    if known is not None:
        return f"the account {printable_line(known.alias or known.name)}"
    seen = case.state.accounts.get(account) if case.state else None
    return f"the account {printable_line(seen.name)}" if seen is not None else "another account"


STILL_SCHEDULED = (
    "Publer accepted the draft and does not list it: the scheduled post is still there, and will be published"
)
MOST_UNSEEN = 2
"""How often a post that Publer accepts and never lists is sent before someone has to decide: Publer refuses a second one in the same minute."""


def _made_before(post: Post, entry: LedgerEntry | None) -> str:
    """Why it is not sent once more: Publer may have it, would publish it, or does not make it and does not say so."""
    copies = entry.copies if entry is not None else ()
    same = [copy for copy in copies if copy.slot == post.at and copy.sent == post.content]
    if not post.draft:
        again = takewhile(lambda copy: copy.post_id is None, reversed(same))
        if sum(copy.unseen for copy in again) >= MOST_UNSEEN:
            return "Publer accepted this post twice and never listed it, so it is not sent again; check this minute in Publer: another post may have it"
        return ""
    if any(copy.scheduled_draft for copy in same):
        return "Publer scheduled this draft when it was sent, and it would have been published; it was removed again"
    if any(copy.unseen_draft for copy in copies):
        return "Publer accepted this draft and never listed it, so it is not sent again; nothing is wrong if Publer's drafts have it"
    return ""


def _scheduled_by_hand(post: Post, copy: Copy) -> bool:
    """Whether a hold took out a draft that someone had scheduled in Publer: it comes back as they wanted it."""
    by_a_person = copy.publishes_itself and not copy.scheduled_draft
    return post.draft and copy.held and (copy.draft or copy.by_hand) and by_a_person


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


def _if_known(case: Case, change: Create | Recreate, blocks: Sequence[Block] = ()) -> Doable | Blocked:
    """The change, held back where an incomplete list may hide the post: it would be in Publer twice."""
    told = block(case, change, blocks)
    if not case.unread.isdisjoint(("", change.account.id)):
        told = blocked(told, [Block.UNREAD], MAY_BE_UNREAD)
    return blocked(told, [Block.LISTING], NOT_KNOWN) if case.short else told


def _judge_published(case: Case, post: Post, entry: LedgerEntry, copy: Copy) -> Change:
    """One of its copies was published: nothing more is made for it."""
    live = case.live_of(copy)
    if post.at <= case.now or is_as_it_went(post, entry):
        return Past(post=post, copy=copy, live=live, reason="it was published")
    at = (live and live.at) or copy.minute
    when = at.astimezone(time_zone(case.settings.timezone))
    what = f'the post "{post.id}"' if post.id else "the post that had this minute"
    reason = f"{what} was published already, on {when:%a} {when.day} {when:%b %H:%M}; publishing it again takes a new id and a new time"
    if told(post) in case.facts(copy.entry).told:
        case.warn("went_out", reason, post)
    return blocked(
        Create(post=post, copy=copy, diff=fields_of(post), reason=reason), [Block.WENT_OUT], reason
    )


def told(post: Post) -> str:
    """The name under which it is noted that someone was told of a post that was published already."""
    return f"{iso(post.at)} {post.content.digest}"


def _judge_maybe(case: Case, post: Post, maybe: Copy, copy: Copy | None, live: LivePost | None) -> Change:
    """A post was published that may be this one: nothing is made or removed until someone decides."""
    other = case.live.get(maybe.evidence or "")
    reason = AT_ITS_TIME if maybe.removed_at_its_time else "a post was published that may be it"
    if other is not None and other.at is not None:
        when = other.at.astimezone(time_zone(case.settings.timezone))
        reason = f"a post was published on {when:%a} {when.day} {when:%b %H:%M} that may be it"
    would: Doable | Unchanged
    if live is not None and copy is not None:
        differs = compare(post, copy, live)
        would = (
            _changed(case, post, copy, live, differs, reason)
            if differs.diff
            else _unchanged(post, copy, live, reason)
        )
    else:
        would = Create(post=post, copy=copy, diff=fields_of(post), reason=reason)
    told = would if isinstance(would, Unchanged) else block(case, would)
    return replace(blocked(told, [Block.TWIN], reason), obstacle=None if other and other.unread else other)


def _vanished(case: Case, post: Post, copy: Copy) -> Change:
    """Verified once, and no longer listed."""
    reason = "someone deleted it in Publer, or moved it to an account that is not in publer.yaml"
    return _if_known(case, Recreate(post=post, copy=copy, diff=fields_of(post), reason=reason))


def _listed(case: Case, post: Post, copy: Copy, live: LivePost) -> Change:
    differs = compare(post, copy, live)
    late = live.family is Family.SCHEDULED and live.at is not None and live.at <= case.now
    if late and live.state in TOO_LATE:
        return replace(_blocked_state(case, post, copy, live, TOO_LATE[live.state], differs), late=True)
    if late:
        if differs.diff:
            case.warn("not_out_yet", f"{NOT_OUT_YET}: the change in the calendar comes too late", post)
        return _unchanged(post, copy, live, NOT_OUT_YET)
    trouble = _trouble(case, post, copy, live)
    if trouble is not None:
        stuck = _blocked_state(case, post, copy, live, trouble, differs)
        return replace(stuck, left=live.account_id != post.account.id and _has_left(case, live.account_id))
    if not differs.diff:
        return _equal(case, post, copy, live)
    blocks = [Block.TIME_PASSED] if post.at <= case.now else []
    if differs.edited and case.settings.edits == "ask":
        blocks.append(Block.EDITED)
    change = _changed(case, post, copy, live, differs, _reason(case, post, differs))
    if copy.turned_up == LATE_FOUND:
        told = block(case, replace(change, reason=CAME_LATE), [*blocks, Block.TWIN])
        return replace(told, obstacle=live) if isinstance(told, Blocked) else told
    if isinstance(change, Replace):
        return _replaced(case, change, blocks)
    return block(case, change, blocks)


def _replaced(case: Case, change: Replace, blocks: Sequence[Block]) -> Doable | Blocked:
    """The replace, held back where an earlier one may have made the new post, and no list shows it."""
    entry = case.entries[change.copy.entry]
    if why := _made_before(change.post, entry):
        if change.post.draft and change.live.family is Family.SCHEDULED:
            why = STILL_SCHEDULED
        return block(case, replace(change, reason=why), [*blocks, Block.UNSEEN])
    told = block(case, change, blocks)
    unseen = [copy for copy in entry.copies if case.live_of(copy) is None]
    lost = any(copy.lapsed and copy.end is None and copy.post_id is None for copy in unseen)
    hidden = any(may_be_unseen(copy, case.now) for copy in unseen)
    if (lost or hidden) and not case.unread.isdisjoint(("", change.account.id)):
        return blocked(told, [Block.UNREAD], MAY_BE_UNREAD)
    return blocked(told, [Block.LISTING], NOT_KNOWN) if hidden and case.short else told


_EDITED_IN_PLACE = "; Publer edits it in place"
SWAPS_WORDS = "it swaps words with other posts, so it is replaced"


def replaced_instead(case: Case, change: Change, edit: Update) -> Change:
    """The edit of a post that swaps words with others as a replace, with what speaks against that besides what blocks the edit."""
    why = f"{edit.reason.removesuffix(_EDITED_IN_PLACE)}; {SWAPS_WORDS}"
    new = Replace(post=edit.post, copy=edit.copy, live=edit.live, diff=edit.diff, reason=why)
    blocks = [Block.EDITED] if edit.post.draft and case.settings.edits == "ask" else []
    if edit.post.draft:  # somebody scheduled it, and an edit in place would leave it so
        why = "a draft in the calendar, and someone scheduled it in Publer; it swaps words with other posts, and its new post would be a draft"
        new = replace(new, diff=(*new.diff, FieldChange("draft", before=False, after=True)), reason=why)
    told = _replaced(case, new, blocks)
    if not isinstance(change, Blocked):
        return told
    both = blocked(replace(change, would=new), told.blocks, change.reason)
    if isinstance(told, Blocked) and both.blocks[0] is not change.blocks[0]:
        both = replace(both, reason=told.reason, obstacle=told.obstacle, calendar=told.calendar)
    return both


def _changed(
    case: Case, post: Post, copy: Copy, live: LivePost, differs: Differences, reason: str
) -> Update | Replace:
    make = Update if _in_place(case, post, differs) else Replace
    return make(post=post, copy=copy, live=live, diff=differs.diff, reason=reason)


def _in_place(case: Case, post: Post, differs: Differences) -> bool:
    return differs.in_place and post.account.provider not in case.keeps_no_edits


def _reason(case: Case, post: Post, differs: Differences) -> str:
    if differs.edited:
        return "edited in Publer since the last apply, and the calendar says something else"
    names = ", ".join(dict.fromkeys(change.field.partition(".")[0] for change in differs.diff))
    what = names.replace("scheduled_at", "time")
    if _in_place(case, post, differs):
        return f"{what} changed in the calendar{_EDITED_IN_PLACE}"
    if differs.in_place:
        return f"{what} changed in the calendar; Publer did not keep the first edit on this network, so the post is replaced"
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


def made_a_draft(copy: Copy | None) -> str:
    """Of a scheduled post that Publer lists as a draft: who made it one."""
    if copy is not None and copy.turned_up == "draft":
        return "Publer made a draft of it when it was sent"
    return "someone turned it into a draft in Publer"


def _trouble(case: Case, post: Post, copy: Copy, live: LivePost) -> str | None:
    """Why a listed post will not be published as it should, or can't be changed."""
    if live.state in TROUBLE:
        return TROUBLE[live.state]
    if live.account_id != post.account.id and _has_left(case, live.account_id):
        return UNDER_OLD_ID
    if live.account_id != post.account.id:
        return f"someone moved it to {_account_called(case, live.account_id)} in Publer"
    match live.family:
        case Family.DRAFT if not copy.draft and not post.draft:
            return made_a_draft(copy)
        case Family.FAILED:
            return f'{NOT_PUBLISHED}: "{live.error}"' if live.error else NOT_PUBLISHED
        case Family.RECYCLING | Family.RECURRING:
            return f"someone made it {live.family} in Publer"
        case Family.OTHER:
            return f'Publer shows a state that publer-sync does not know: "{live.state}"'
        case _:
            return None


def _has_left(case: Case, account: str) -> bool:
    return case.state is not None and account in case.state.lost


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
        would = _changed(case, post, copy, live, differs, why)
    blocks = [Block.STATE]
    if differs is not None and differs.edited and case.settings.edits == "ask":
        blocks.append(Block.EDITED)
    return blocked(would, blocks, why)
