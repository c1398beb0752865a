"""From desired posts, live posts, the ledger and the time to a plan. Pure: nothing here reads, sends or waits.

The order of the questions in `_judge` is the order of the contract's action table: the first that holds decides.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from publer_sync.ledger.state import Record, State, past_keys
from publer_sync.model import MINUTE, Account, Family, LivePost, Post, Settings, Slot, Workspace, digest_of
from publer_sync.planning.differences import Differences, compare, equals_foreign, fields_of, unseen
from publer_sync.planning.matching import has_gone_out, match
from publer_sync.planning.plan import Action, Block, Change, FieldChange, Plan, Refusal, Warn
from publer_sync.reading.times import zone

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

LEAD = timedelta(minutes=2)
"""A create less than this ahead may come too late: Publer wants a minute when the job runs ("Manual Scheduling")."""

_LIVE = frozenset({Family.SCHEDULED, Family.DRAFT, Family.RECYCLING, Family.RECURRING})
_HOLDS_SLOT = frozenset({Family.SCHEDULED, Family.RECYCLING, Family.RECURRING})
_SENDS = frozenset({Action.CREATE, Action.RECREATE, Action.REPLACE})

_TROUBLE = {
    "scheduled_declined": "declined by whoever approves posts",
    "scheduled_locked": "locked: its account or the subscription is",
    "scheduled_reauth": "waiting for its account to be reconnected",
}


@dataclass(frozen=True, slots=True)
class Scope:
    """Which changes are in: all, or those of some accounts or days. Days are in `timezone`, both ends included."""

    accounts: frozenset[str] | None = None
    since: datetime | None = None
    until: datetime | None = None
    """The instant after the last day."""

    def holds(self, change: Change) -> bool:
        if self.accounts is not None and change.account.id not in self.accounts:
            return False
        times = [change.at, *([change.live.at] if change.live and change.live.at else [])]
        return any(
            (self.since is None or at >= self.since) and (self.until is None or at < self.until)
            for at in times
        )


@dataclass(slots=True)
class _Case:
    """What the rows of the table are judged with."""

    desired: Sequence[Post]
    live: Mapping[str, LivePost]
    state: State | None
    accounts: Mapping[str, Account]
    settings: Settings
    now: datetime
    foreign: Sequence[LivePost] = ()
    by_slot: Mapping[Slot, list[LivePost]] = field(default_factory=dict)
    by_text: Mapping[tuple[str, str], list[LivePost]] = field(default_factory=dict)
    wanted: frozenset[Slot] = frozenset()
    adopted: set[str] = field(default_factory=set)
    """Ids of foreign posts that a desired post was found to equal: each is one post at most."""
    warnings: list[Warn] = field(default_factory=list)

    def warn(self, code: str, message: str, post: Post | None = None) -> None:
        self.warnings.append(Warn(code, message, post.location if post else None))

    def frozen(self, post: LivePost | None) -> bool:
        """Whether the post goes out within the freeze window, so that a change might come too late."""
        return (
            post is not None
            and post.family is Family.SCHEDULED
            and post.at is not None
            and post.at - self.now <= timedelta(minutes=self.settings.limits.freeze_minutes)
        )


def make_plan(
    *,
    desired: Sequence[Post],
    live: Iterable[LivePost],
    state: State | None,
    accounts: Mapping[str, Account],
    settings: Settings,
    workspace: Workspace,
    now: datetime,
    posts: int = 0,
    scope: Scope | None = None,
) -> Plan:
    """Plan what brings Publer to what the calendar says.

    `live` is a listing of all states, at least from two days ago to as far ahead as Publer schedules; where a
    verified post of ours is not in it, also from the day it was last seen. `state` has been attributed to that same
    listing; None means that there never was one. `accounts` are the managed ones, by Publer's id.
    """
    desired = sorted(desired, key=_rank)
    case = _case(desired, live, state, accounts, settings, now)
    records = state.records.values() if state else ()
    matches = match(desired, records, case.live, now=now)
    changes = [_judge(case, post, matches.pairs.get(index)) for index, post in enumerate(desired)]
    changes = _finish_replaces(case, changes, matches.rest)
    done = {change.record.key for change in changes if change.record}
    pending = _awaited(changes)
    changes += [
        change
        for record in matches.rest
        if record.key not in done and (change := _judge_unwanted(case, record, pending)) is not None
    ]
    changes = _clear_slots(case, changes)
    scope = scope or Scope()
    kept = sorted((c for c in changes if scope.holds(c)), key=_order)
    return Plan(
        calendar=settings.name,
        workspace=workspace,
        created_at=now,
        timezone=settings.timezone,
        changes=tuple(kept),
        foreign=sum(scope.accounts is None or post.account_id in scope.accounts for post in case.foreign),
        posts=posts,
        last_apply=state.last_apply if state else None,
        apply_by=_apply_by(kept, settings),
        refusals=_refusals(kept, settings, successors=_replaced(records), empty=not desired),
        warnings=tuple(_warnings(case, kept)),
    )


def _rank(post: Post) -> tuple[datetime, str, str, str]:
    """An order that does not depend on files; only drafts can share a slot, so only they need telling apart."""
    return (post.at, post.account.id, digest_of(post.content) if post.draft else "", post.id or "")


def _case(
    desired: Sequence[Post],
    live: Iterable[LivePost],
    state: State | None,
    accounts: Mapping[str, Account],
    settings: Settings,
    now: datetime,
) -> _Case:
    by_id = {post.id: post for post in sorted(live, key=lambda post: post.id)}
    owned = {record.post_id for record in state.records.values() if record.post_id} if state else set()
    foreign = [post for post in by_id.values() if post.id not in owned and post.account_id in accounts]
    by_slot: dict[Slot, list[LivePost]] = defaultdict(list)
    by_text: dict[tuple[str, str], list[LivePost]] = defaultdict(list)
    for post in foreign:
        if (slot := post.slot) is not None:
            by_slot[slot].append(post)
        if post.text.strip():
            by_text[post.account_id, _key(post.text)].append(post)
    return _Case(
        desired,
        by_id,
        state,
        accounts,
        settings,
        now,
        foreign=[post for post in foreign if post.family in _LIVE],
        by_slot=by_slot,
        by_text=by_text,
        wanted=frozenset(post.slot for post in desired),
    )


def _key(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


# --- a desired post -------------------------------------------------------------------------------------------------


def _judge(case: _Case, post: Post, record: Record | None) -> Change:
    live = case.live.get(record.post_id) if record and record.post_id else None
    if record and record.under_way:
        return _change(post, Action.PENDING, "sent by an earlier apply, not seen in Publer yet", record, live)
    ahead = live is not None and live.family in _LIVE and live.at is not None and live.at > case.now
    if post.at <= case.now and not ahead:
        return _past(case, post, record, live)
    if record is None or (live is None and record.removing_at):
        return _new(case, post, record)
    if has_gone_out(record, live, now=case.now):
        return _gone_out(case, post, record, live)
    if live is None:
        return _vanished(case, post, record)
    return _standing(case, post, record, live)


def _past(case: _Case, post: Post, record: Record | None, live: LivePost | None) -> Change:
    placed = record is not None and record.verified_at is not None
    known = case.state is None or not case.state.excused.isdisjoint(
        past_keys(post.account.id, post.at, post.id)
    )
    missed = not placed and not known
    reason = "its time passed before it was ever scheduled" if missed else "its time has passed"
    return replace(_change(post, Action.PAST, reason, record, live), missed=missed)


def _new(case: _Case, post: Post, record: Record | None) -> Change:
    for other in case.by_slot.get(post.slot, ()):
        if other.id not in case.adopted and equals_foreign(post, other):
            case.adopted.add(other.id)
            return _change(post, Action.ADOPT, "it is in Publer already", record, other)
    reason = "new in the calendar"
    if record is not None:
        reason = "taken out of Publer by an earlier apply to make room, and not back yet"
    return _block(case, _change(post, Action.CREATE, reason, record, None, fields_of(post)), [])


def _gone_out(case: _Case, post: Post, record: Record, live: LivePost | None) -> Change:
    if record.slot > case.now:
        return _blocked_state(case, post, record, live, "it went out early: somebody saw to that in Publer")
    if post.id is not None and post.id == record.id:
        reason = f'the post called "{post.id}" has gone out; a new post needs a new id'
        change = _change(post, Action.CREATE, reason, record, None, fields_of(post))
        return _blocked(change, [Block.WENT_OUT], reason)
    return _new(case, post, None)


def _vanished(case: _Case, post: Post, record: Record) -> Change:
    """Verified once, and no longer listed."""
    for other in case.by_text.get((post.account.id, _key(record.text)), ()):
        if other.family is Family.PUBLISHED and _since_last_seen(record, other):
            why = "it was published early, from Publer's own screens"
            return replace(_blocked_state(case, post, record, None, why), obstacle=other)
    reason = "somebody removed it in Publer"
    return _block(case, _change(post, Action.RECREATE, reason, record, None, fields_of(post)), [])


def _since_last_seen(record: Record, other: LivePost) -> bool:
    """Whether the other post may have gone out after ours was last seen: on that day or later."""
    return record.verified_at is None or other.at is None or other.at.date() >= record.verified_at.date()


def _standing(case: _Case, post: Post, record: Record, live: LivePost) -> Change:
    differs = compare(post, record, live)
    if live.family is Family.SCHEDULED and live.at is not None and live.at <= case.now:
        reason = "its time has come, and Publer has not published it yet"
        if differs.diff:
            case.warn("not_out_yet", f"{reason}: what changed in the calendar comes too late", post)
        return _change(post, Action.UNCHANGED, reason, record, live)
    trouble = _trouble(post, record, live)
    if trouble is not None:
        return _blocked_state(case, post, record, live, trouble, differs)
    if not differs.diff:
        return _unchanged(case, post, record, live)
    blocks = [Block.TIME_PASSED] if post.at <= case.now else []
    if differs.edited and case.settings.edits == "ask":
        blocks.append(Block.EDITED)
    action = Action.UPDATE if differs.in_place else Action.REPLACE
    reason = _reason(differs, action)
    return _block(case, _change(post, action, reason, record, live, differs.diff), blocks)


def _reason(differs: Differences, action: Action) -> str:
    if differs.edited:
        return "edited in Publer since the last apply: the calendar says otherwise"
    names = ", ".join(dict.fromkeys(change.field.partition(".")[0] for change in differs.diff))
    what = names.replace("scheduled_at", "time")
    if action is Action.UPDATE:
        return f"{what} changed in the calendar; Publer changes it in place"
    return f"{what} changed in the calendar; Publer cannot change that in place, so it is made anew"


def _unchanged(case: _Case, post: Post, record: Record, live: LivePost) -> Change:
    change = _change(post, Action.UNCHANGED, "Publer has what the calendar says", record, live)
    if live.state == "scheduled_pending":
        case.warn("waiting", "it waits in Publer for somebody's approval", post)
        return replace(change, waiting=True, reason="it waits in Publer for somebody's approval")
    if post.draft and live.family is Family.SCHEDULED:
        case.warn("scheduled_by_hand", "a draft here, and somebody has scheduled it in Publer", post)
        return replace(change, reason="a draft here, and somebody has scheduled it in Publer")
    return change


def _trouble(post: Post, record: Record, live: LivePost) -> str | None:
    """Why a listed post will not go out as it should, or cannot be changed."""
    if live.state in _TROUBLE:
        return f"in Publer it is {_TROUBLE[live.state]}"
    match live.family:
        case Family.DRAFT if not record.draft and not post.draft:
            return "somebody turned it into a draft in Publer"
        case Family.FAILED:
            said = f': "{live.error}"' if live.error else ""
            return f"Publer could not publish it{said}"
        case Family.RECYCLING | Family.RECURRING:
            return f"somebody made it {live.family} in Publer"
        case Family.OTHER:
            return f'it is in a state that publer-sync does not know: "{live.state}"'
        case _:
            return None


def _blocked_state(
    case: _Case,
    post: Post,
    record: Record,
    live: LivePost | None,
    why: str,
    differs: Differences | None = None,
) -> Change:
    differs = differs or Differences()
    action = Action.UNCHANGED
    if differs.diff:
        action = Action.UPDATE if differs.in_place else Action.REPLACE
    change = _change(post, action, why, record, live, differs.diff)
    blocks = [Block.STATE]
    if differs.edited and case.settings.edits == "ask":
        blocks.append(Block.EDITED)
    return _blocked(change, blocks, why)


# --- an owned post that nothing wants -------------------------------------------------------------------------------


def _judge_unwanted(case: _Case, record: Record, pending: frozenset[int]) -> Change | None:
    account = case.accounts.get(record.account) or Account(record.account, record.account, "")
    live = case.live.get(record.post_id) if record.post_id else None
    change = Change(
        Action.DELETE,
        account,
        live.at if live and live.at else record.slot,
        "no longer in the calendar",
        record=record,
        live=live,
    )
    if record.under_way or record.key in pending:
        return replace(
            change, action=Action.PENDING, reason="sent by an earlier apply, not seen in Publer yet"
        )
    if live is None or live.family not in _LIVE:
        return None
    if record.account not in case.accounts:
        case.warn(
            "account_left", f'"{_words(live)}" is left as it is: its account is no longer in the settings'
        )
        return replace(change, action=Action.UNCHANGED, reason="its account is no longer in the settings")
    if live.family is Family.SCHEDULED and live.at is not None and live.at <= case.now:
        return replace(
            change, action=Action.UNCHANGED, reason="its time has come, and Publer has not published it yet"
        )
    if case.settings.prune == "none":
        case.warn("left_calendar", f'"{_words(live)}" left the calendar and stays in Publer (prune: none)')
        return replace(change, action=Action.UNCHANGED, reason="left the calendar, and stays (prune: none)")
    if live.family not in (Family.SCHEDULED, Family.DRAFT):
        case.warn(
            "left_calendar", f'"{_words(live)}" left the calendar and stays: it is {live.family} in Publer'
        )
        return replace(
            change, action=Action.UNCHANGED, reason=f"left the calendar, and is {live.family} in Publer"
        )
    blocks, reason = [], change.reason
    if compare(None, record, live).edited and case.settings.edits == "ask":
        blocks.append(Block.EDITED)
        reason = "no longer in the calendar, and edited in Publer since the last apply"
    if case.frozen(live):
        blocks.append(Block.FREEZE)
    return (
        _blocked(change, blocks, reason if blocks[:1] == [Block.EDITED] else _frozen(case))
        if blocks
        else change
    )


def _words(live: LivePost) -> str:
    first = live.text.strip().partition("\n")[0]
    return first if len(first) <= 50 else first[:49] + "…"


def _awaited(changes: Iterable[Change]) -> frozenset[int]:
    """Keys of records whose successor is under way: their posts stay until it is known what became of it."""
    return frozenset(
        change.record.replaces
        for change in changes
        if change.action is Action.PENDING and change.record and change.record.replaces is not None
    )


def _replaced(records: Iterable[Record]) -> frozenset[int]:
    return frozenset(r.replaces for r in records if r.replaces is not None and r.post_id)


def _finish_replaces(case: _Case, changes: list[Change], rest: Sequence[Record]) -> list[Change]:
    """A replace whose first half is done: the new post is there, the old one still has to go."""
    left = {record.key: record for record in rest}
    out = []
    for change in changes:
        old = left.get(change.record.replaces) if change.record and change.record.replaces else None
        live = case.live.get(old.post_id) if old and old.post_id else None
        if change.action is not Action.UNCHANGED or old is None or live is None or live.family not in _LIVE:
            out.append(change)
            continue
        half = replace(
            change,
            action=Action.REPLACE,
            reason="an earlier apply made the new one; the old one still has to go",
            record=old,
            live=live,
            successor=change.record,
        )
        out.append(_blocked(half, [Block.FREEZE], _frozen(case)) if case.frozen(live) else half)
    return out


# --- blocks ---------------------------------------------------------------------------------------------------------


def _block(case: _Case, change: Change, blocks: list[Block]) -> Change:
    """Everything that stands against the change but slots, which depend on the other changes."""
    reason = change.reason
    if blocks[:1] == [Block.TIME_PASSED]:
        reason = "its new time has passed, and the old one is still ahead"
    obstacle = None
    if change.account.trouble is not None:
        blocks.insert(0, Block.ACCOUNT)
        reason = f"its account cannot be used now: {change.account.trouble}"
    if change.action in _SENDS and case.now < change.at < case.now + LEAD:
        blocks.append(Block.LEAD)
        reason = (
            reason if len(blocks) > 1 else "its time is less than 2 minutes ahead, too soon to be sure of it"
        )
    if change.action in (Action.CREATE, Action.RECREATE) and (twin := _twin(case, change)) is not None:
        blocks.append(Block.TWIN)
        obstacle = twin
        where = "went out" if twin.family is Family.PUBLISHED else "stands"
        if len(blocks) == 1:
            reason = f"a post that was made in Publer has the same text and {where} at another time"
    if case.frozen(change.live):
        blocks.append(Block.FREEZE)
        reason = reason if len(blocks) > 1 else _frozen(case)
    return replace(_blocked(change, blocks, reason), obstacle=obstacle) if blocks else change


def _frozen(case: _Case) -> str:
    minutes = case.settings.limits.freeze_minutes
    return f"the post in Publer goes out within {minutes} minutes (limits.freeze_minutes)"


def _blocked(change: Change, blocks: Sequence[Block], reason: str) -> Change:
    would = change.would if change.action is Action.BLOCKED else change.action
    merged = sorted({*change.blocks, *blocks}, key=list(Block).index)
    return replace(change, action=Action.BLOCKED, would=would, blocks=tuple(merged), reason=reason)


def _twin(case: _Case, change: Change) -> LivePost | None:
    """A foreign post with the same text that may be the same post.

    Scheduled, in a slot that nothing here wants; or, where there is no state to tell, published since yesterday.
    """
    post = change.post
    if post is None or not post.text:
        return None
    here = case.now.astimezone(zone(case.settings.timezone))
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
    since = midnight - timedelta(days=1)
    for other in case.by_text.get((post.account.id, _key(post.text)), ()):
        if other.family is Family.SCHEDULED and other.slot not in case.wanted:
            return other
        if case.state is None and other.family is Family.PUBLISHED and other.at and other.at >= since:
            return other
    return None


def _clear_slots(case: _Case, changes: list[Change]) -> list[Change]:
    """Block what wants a slot that is held by a post that stays, until nothing more is blocked by what was."""
    holders: dict[Slot, list[LivePost | Record]] = defaultdict(list)
    for live in case.live.values():
        if live.family in _HOLDS_SLOT and live.slot is not None:
            holders[live.slot].append(live)
    for record in case.state.records.values() if case.state else ():
        if record.under_way and not record.draft:
            holders[record.place].append(record)
    leaves = {c.live.id for c in changes if c.live and c.action in (Action.REPLACE, Action.DELETE)}
    todo = deque(i for i, c in enumerate(changes) if c.intent in _SENDS and c.post and not c.post.draft)
    wanting: dict[Slot, list[int]] = defaultdict(list)
    for index in todo:
        wanting[Slot.of(changes[index].account.id, changes[index].at)].append(index)
    while todo:
        index = todo.popleft()
        change = changes[index]
        obstacle = _holder(change, holders, leaves) if Block.SLOT not in change.blocks else None
        if obstacle is None:
            continue
        changes[index] = _slot_blocked(change, obstacle)
        if change.live is not None and change.live.id in leaves:
            leaves.remove(change.live.id)
            todo += [i for slot in _around(change.live.slot) for i in wanting.get(slot, ())]
    return changes


def _around(slot: Slot | None) -> tuple[Slot, ...]:
    """The minutes in which something could be less than a minute from what is in this one."""
    return tuple(Slot(slot.account, slot.at + step * MINUTE) for step in (-1, 0, 1)) if slot else ()


def _holder(
    change: Change,
    holders: Mapping[Slot, list[LivePost | Record]],
    leaves: Collection[str],
) -> LivePost | Record | None:
    own = {change.live.id if change.live else None, change.successor.post_id if change.successor else None}
    for slot in _around(Slot.of(change.account.id, change.at)):
        for holder in holders.get(slot, ()):
            if isinstance(holder, Record):
                if abs(holder.slot - change.at) < MINUTE and holder is not change.record:
                    return holder
            elif (
                holder.at is not None
                and abs(holder.at - change.at) < MINUTE
                and holder.id not in leaves
                and holder.id not in own
            ):
                return holder
    return None


def _slot_blocked(change: Change, obstacle: LivePost | Record) -> Change:
    stays = None if isinstance(obstacle, Record) else obstacle
    if stays is None:
        why = "an earlier apply sent another post for this minute, and it is not known yet what became of it"
    else:
        why = f'a post that stays in Publer has this minute: "{_words(stays)}"'
    blocked = _blocked(change, [Block.SLOT], why)
    told = why if blocked.blocks[0] is Block.SLOT else change.reason
    return replace(blocked, reason=told, obstacle=stays)


# --- the plan as a whole --------------------------------------------------------------------------------------------


def _change(
    post: Post,
    action: Action,
    reason: str,
    record: Record | None,
    live: LivePost | None,
    diff: tuple[FieldChange, ...] = (),
) -> Change:
    return Change(action, post.account, post.at, reason, post=post, record=record, live=live, diff=diff)


def _order(change: Change) -> tuple[datetime, str, str, str, str]:
    """By time, then account; the rest keeps plans of the same world the same. Sorting keeps what `_rank` told apart."""
    account, live = change.account, change.live.id if change.live else ""
    return (change.at, account.alias or account.name, account.id, change.action, live)


def _refusals(
    changes: Sequence[Change], settings: Settings, *, successors: frozenset[int], empty: bool
) -> tuple[Refusal, ...]:
    deletes = sum(
        change.action is Action.DELETE and (change.record is None or change.record.key not in successors)
        for change in changes
    )
    owned = sum(change.intent is Action.DELETE for change in changes)
    if empty and owned:  # whatever else stands against removing them
        return (Refusal("empty", owned, 0, f"--allow-deletes {owned}"),)
    if deletes > settings.limits.delete:
        return (Refusal("deletes", deletes, settings.limits.delete, f"--allow-deletes {deletes}"),)
    return ()


def _apply_by(changes: Iterable[Change], settings: Settings) -> datetime | None:
    """The last moment at which every change can still be done."""
    moments = []
    freeze = timedelta(minutes=settings.limits.freeze_minutes)
    for change in changes:
        if change.action in _SENDS and change.successor is None:
            moments.append(change.at - LEAD)
        if change.action in (Action.UPDATE, Action.REPLACE, Action.DELETE):
            live = change.live
            if live and live.at and live.family is Family.SCHEDULED:
                moments.append(live.at - freeze)
    return min(moments).astimezone(UTC) if moments else None


def _warnings(case: _Case, changes: Iterable[Change]) -> Iterable[Warn]:
    if case.state is None:
        yield Warn(
            "no_state",
            "no record of an earlier apply: posts that equal the calendar are adopted, missing ones made, none removed",
        )
    for change in changes:
        if change.missed and change.post:
            yield Warn("missed", "its time passed before it was ever scheduled", change.post.location)
        if (
            change.action is Action.ADOPT
            and change.post
            and change.live
            and (blind := unseen(change.post, change.live))
        ):
            yield Warn(
                "adopted_blind",
                f"Publer does not show {', '.join(blind)} of this post; taken as the calendar says",
                change.post.location,
            )
    yield from case.warnings
