"""What stands against a change: its account, the time, a twin, the freeze window, and posts that hold its minute."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from publer_sync.calendar.zones import zone
from publer_sync.ledger.state import Record
from publer_sync.model import MINUTE, Family, LivePost, Slot, normal_text
from publer_sync.planning.case import HOLDS_SLOT, SENDS, Case, words
from publer_sync.planning.plan import Action, Block, Change

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

LEAD = timedelta(minutes=2)
"""A create less than this ahead may come too late: Publer wants a minute when the job runs ("Manual Scheduling")."""


def block(case: Case, change: Change, blocks: list[Block]) -> Change:
    """Everything that stands against the change but slots, which depend on the other changes."""
    reason = change.reason
    if blocks[:1] == [Block.TIME_PASSED]:
        reason = "its new time has passed, and the old one is still ahead"
    obstacle = None
    if change.account.trouble is not None:
        blocks.insert(0, Block.ACCOUNT)
        reason = f"its account cannot be used now: {change.account.trouble}"
    if change.action in SENDS and case.now < change.at < case.now + LEAD:
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
    elif change.action is Action.CREATE and (other := _rewritten(case, change)) is not None:
        blocks.append(Block.TWIN)
        obstacle = other
        if len(blocks) == 1:
            reason = "an earlier apply sent it and did not see it; a post that stands at its time has other words and may be it"
    if case.frozen(change.live):
        blocks.append(Block.FREEZE)
        reason = reason if len(blocks) > 1 else frozen(case)
    return replace(blocked(change, blocks, reason), obstacle=obstacle) if blocks else change


def frozen(case: Case) -> str:
    minutes = case.settings.limits.freeze_minutes
    return f"the post in Publer goes out within {minutes} minutes (limits.freeze_minutes)"


def blocked(change: Change, blocks: Sequence[Block], reason: str) -> Change:
    would = change.would if change.action is Action.BLOCKED else change.action
    merged = sorted({*change.blocks, *blocks}, key=list(Block).index)
    return replace(change, action=Action.BLOCKED, would=would, blocks=tuple(merged), reason=reason)


def _twin(case: Case, change: Change) -> LivePost | None:
    """A foreign post with the same text that may be the same post.

    Scheduled, in a slot that nothing here wants; or, where there is no state to tell, published since yesterday.
    """
    post = change.post
    if post is None or not post.text:
        return None
    here = case.now.astimezone(zone(case.settings.timezone))
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
    since = midnight - timedelta(days=1)
    for other in case.by_text.get((post.account.id, normal_text(post.text)), ()):
        if other.family is Family.SCHEDULED and other.slot not in case.wanted:
            return other
        if case.state is None and other.family is Family.PUBLISHED and other.at and other.at >= since:
            return other
    return None


def _rewritten(case: Case, change: Change) -> LivePost | None:
    """A foreign post where one that was sent and never seen would stand: Publer may have given it other words."""
    post = change.post
    if post is None:
        return None
    for record in case.lapsed.get(change.account.id, ()):
        same = record.place == post.slot or (post.id is not None and record.id == post.id)
        if not same and not (post.text and record.text == post.text):
            continue
        family = Family.DRAFT if record.draft else Family.SCHEDULED
        for other in case.by_slot.get(record.place, ()):
            if other.family is family and other.id not in case.adopted:
                return other
    return None


def clear_slots(case: Case, changes: list[Change]) -> list[Change]:
    """Block what wants a slot that is held by a post that stays, until nothing more is blocked by what was."""
    holders: dict[Slot, list[LivePost | Record]] = defaultdict(list)
    for live in case.live.values():
        if live.family in HOLDS_SLOT and live.slot is not None:
            holders[live.slot].append(live)
    for record in case.state.records.values() if case.state else ():
        if record.under_way and not record.draft:
            holders[record.place].append(record)
    leaves = {c.live.id for c in changes if c.live and c.action in (Action.REPLACE, Action.DELETE)}
    todo = deque(i for i, c in enumerate(changes) if c.intent in SENDS and c.post and not c.post.draft)
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
            freed = change.live.slot.around if change.live.slot else ()
            todo += [i for slot in freed for i in wanting.get(slot, ())]
    return changes


def _holder(
    change: Change,
    holders: Mapping[Slot, list[LivePost | Record]],
    leaves: Collection[str],
) -> LivePost | Record | None:
    own = {change.live.id if change.live else None, change.successor.post_id if change.successor else None}
    for slot in Slot.of(change.account.id, change.at).around:
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
        why = f'a post that stays in Publer has this minute: "{words(stays)}"'
    told = blocked(change, [Block.SLOT], why)
    reason = why if told.blocks[0] is Block.SLOT else change.reason
    return replace(told, reason=reason, obstacle=stays)
