"""What blocks a change: its account, the time, a possible duplicate, the freeze window, a taken minute."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from publer_sync.ledger.copies import Copy
from publer_sync.ledger.rewriting import folded
from publer_sync.networks.table import NETWORKS
from publer_sync.planning.allow import waiting
from publer_sync.planning.case import HOLDS_SLOT, Case, first_words
from publer_sync.planning.differences import equals_unmanaged, told_apart
from publer_sync.planning.plan import (
    Block,
    Blocked,
    Create,
    Delete,
    Doable,
    Held,
    Pending,
    Recreate,
    Replace,
    blocked,
    intent,
)
from publer_sync.values.model import MINUTE, Family, LivePost, Slot
from publer_sync.values.printable import printable_line
from publer_sync.values.timezones import time_zone

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Mapping, Sequence

    from publer_sync.ledger.copies import LedgerEntry
    from publer_sync.planning.plan import Change
    from publer_sync.values.model import Post

LEAD = timedelta(minutes=2)
"""A create less than this ahead may come too late: Publer wants a minute when the job runs ("Manual Scheduling")."""


class Objection(NamedTuple):
    """What speaks against a change. `obstacle` is the post in Publer that it is about, `calendar` the one that it is about."""

    block: Block
    reason: str
    obstacle: LivePost | None = None
    calendar: str | None = None


def block(case: Case, change: Doable, blocks: Sequence[Block] = ()) -> Doable | Blocked:
    """Everything that speaks against the change except slots, which depend on the other changes.

    `blocks` are those that are known already. The most telling of all of them gives the code and the reason.
    """
    asked = (guard(case, change) for guard in GUARDS)
    found = [Objection(each, _REASONS.get(each, change.reason)) for each in blocks]
    found += (objection for objection in asked if objection is not None)
    if not found:
        return change
    reason = min(found, key=lambda each: list(Block).index(each.block)).reason
    told = blocked(change, [each.block for each in found], reason)
    obstacle = next(filter(None, (each.obstacle for each in found)), None)
    calendar = next(filter(None, (each.calendar for each in found)), None)
    theirs = case.calendar_of(obstacle) if obstacle else None
    return replace(told, obstacle=obstacle, calendar=theirs or calendar)


_REASONS: Final = {Block.TIME_PASSED: "its new time has passed, and the old post is still ahead"}


# --- the guards, in the order in which they are asked ----------------------------------------------------------------


def account_that_left(case: Case, change: Doable) -> Objection | None:
    """One that was reconnected would get its posts once more."""
    if isinstance(change, Create | Recreate) and (why := case.lost_accounts.waits(change.post)):
        return Objection(Block.ACCOUNT, why)
    return None


def account_in_trouble(_case: Case, change: Doable) -> Objection | None:
    trouble = change.account.trouble
    if trouble is not None:
        return Objection(Block.ACCOUNT, f"its account cannot be used now: {trouble}")
    return None


def network_unknown(_case: Case, change: Doable) -> Objection | None:
    """What a network takes that is newer than the table, nobody here knows."""
    if isinstance(change, Delete) or change.account.provider in NETWORKS:
        return None
    return Objection(
        Block.ACCOUNT, f"publer-sync does not know its network, {printable_line(change.account.provider)}"
    )


def too_soon(case: Case, change: Doable) -> Objection | None:
    if isinstance(change, Create | Recreate | Replace) and case.now < change.at < case.now + LEAD:
        return Objection(
            Block.LEAD, "its time is less than 2 minutes ahead, too soon to schedule it reliably"
        )
    return None


def there_already(case: Case, change: Doable) -> Objection | None:
    """What Publer has, in its minute or at another time, may be the very post."""
    if not isinstance(change, Create | Recreate | Replace):
        return None
    is_new = isinstance(change, Create | Recreate)
    if is_new and (other := _draft_of_another(case, change.post)) is not None:
        kind = Block.SLOT if case.calendar_of(other) is None else Block.ELSEWHERE
        return Objection(kind, f"Publer already has the same draft: {case.theirs(other)}", other)
    if is_new and (other := _duplicate(case, change.post)) is not None:
        where = "was published" if other.family is Family.PUBLISHED else "is scheduled"
        name = case.calendar_of(other)
        whose = f"a post of the calendar {printable_line(name)}" if name else "a post made in Publer"
        return Objection(Block.TWIN, f"{whose} has the same text and {where} at another time", other)
    if (other := _rewritten(case, change.post)) is not None:
        why = f'an earlier apply sent it and never found it; "{first_words(other)}" may be it, in other words'
        return Objection(Block.TWIN, why, other)
    return None


def minute_of_another_hold(case: Case, change: Doable) -> Objection | None:
    """Publer does not have what another calendar has on hold, and its minute is taken anyway.

    Once that calendar has let go of the post, only this very post is kept from it: no release puts it back.
    """
    if not isinstance(change, Create | Recreate | Replace) or change.post.draft:
        return None
    name, entry = case.elsewhere.held.get(change.post.slot, ("", None))
    if entry is None or (entry.facts.left and not _is_of(entry, change.post)):
        return None
    why = f"the calendar {printable_line(name)} has a post on hold for this minute"
    return Objection(Block.ELSEWHERE, why, calendar=name)


def the_same_of_another(case: Case, change: Doable) -> Objection | None:
    """That calendar has to let go of it first, or to get it back.

    Until then the ledger takes no other one: `owner_of_new` would have it planned again, without end.
    """
    if not isinstance(change, Create | Recreate | Replace):
        return None
    found = case.elsewhere.in_the_way(change.post)
    if found is None or case.has_been(change.post):
        return None
    name, copy = found
    if any(one.family in HOLDS_SLOT for one in case.by_slot.get(change.post.slot, ())):
        return None  # then its minute is taken, and that is told
    why = "was changed or deleted in Publer" if copy.post_id else "was sent and is not found in Publer so far"
    return Objection(
        Block.ELSEWHERE, f"the calendar {printable_line(name)} has this very post, which {why}", calendar=name
    )


def _is_of(entry: LedgerEntry, post: Post) -> bool:
    same_id = entry.id is not None and entry.id == post.id
    return same_id or any(copy.sent.digest == post.content.digest for copy in entry.copies)


def freeze(case: Case, change: Doable) -> Objection | None:
    return Objection(Block.FREEZE, frozen_reason(case)) if case.frozen(change.live) else None


GUARDS: Final[tuple[Callable[[Case, Doable], Objection | None], ...]] = (
    account_that_left,
    account_in_trouble,
    network_unknown,
    too_soon,
    there_already,
    minute_of_another_hold,
    the_same_of_another,
    freeze,
)


def frozen_reason(case: Case) -> str:
    minutes = case.settings.limits.freeze_minutes
    return f"the post in Publer publishes within {minutes} minutes (limits.freeze_minutes)"


def _duplicate(case: Case, post: Post) -> LivePost | None:
    """A post not managed here with the same text that may be the same post.

    Scheduled, in a slot that nothing here wants; or, where there is no state to tell, published since yesterday.
    """
    here = case.now.astimezone(time_zone(case.settings.timezone))
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
    since = midnight - timedelta(days=1)
    for other in case.alike(post.account.id, post.text):
        if case.state is not None and folded(other.text) != folded(post.text):
            continue  # other links: a post of a series, most likely
        if other.family is Family.SCHEDULED and other.slot not in case.wanted:
            return other
        recent = other.family is Family.PUBLISHED and other.at is not None and other.at >= since
        if case.state is None and recent and not case.due_then(other):
            return other
    return None


def _draft_of_another(case: Case, post: Post) -> LivePost | None:
    """The draft of another calendar that equals this one: a draft holds no slot, and there would be two."""
    drafts = case.by_slot.get(post.slot, ()) if post.draft else ()
    return next((one for one in drafts if equals_unmanaged(post, one) and case.theirs(one)), None)


def _rewritten(case: Case, post: Post) -> LivePost | None:
    """A post not managed here where one that was sent and never seen would be: Publer may have given it other words."""
    for copy in case.lost.get(post.account.id, ()):
        same = copy.place == post.slot or (post.id is not None and copy.id == post.id)
        if (same or (post.text and copy.text == post.text)) and (other := case.instead_of(copy)):
            return other
    return None


def clear_slots(
    case: Case, changes: list[Change], in_scope: Container[int], mixed: Sequence[Sequence[int]] = ()
) -> list[Change]:
    """Block what wants a slot that is held by a post that stays, until nothing more is blocked by what was.

    A blocked post leaves its slot to those that wait for all that blocks it; one whose successor is under way leaves
    it to all. One whose index is not in scope stays. `mixed` are circles of which some wait for words.
    """
    holders = _held_slots(case)
    for circle in mixed:
        found = [*_first_blocked(changes, circle)]
        if found and all(index in in_scope and _may_be_let_through(changes[index]) for index in circle):
            _block_together(changes, found)
    for circle in _blocked_circles(changes, holders):
        _block_together(changes, circle)
    leaves = {
        change.live.id: frozenset(change.blocks)
        for index, change in enumerate(changes)
        if change.live and isinstance(intent(change), Replace | Delete | Pending | Held)
        if index in in_scope or isinstance(change, Pending | Held)
    }
    todo = deque(index for index, change in enumerate(changes) if _wants_slot(change))
    wanting: dict[Slot, list[int]] = defaultdict(list)
    for index in todo:
        wanting[Slot.of(changes[index].account.id, changes[index].at)].append(index)
    while todo:
        index = todo.popleft()
        change = changes[index]
        if not isinstance(change, Doable | Blocked) or not _TAKEN.isdisjoint(change.blocks):
            continue
        obstacles = (
            one
            for one in _holders(change, holders)
            if isinstance(one, Copy) or not leaves.get(one.id, _NEVER) <= {*change.blocks}
        )
        if (obstacle := next(obstacles, None)) is None:
            continue
        changes[index] = _slot_blocked(case, change, obstacle)
        if change.live is not None and change.live.id in leaves:
            del leaves[change.live.id]
            freed = change.live.slot.around if change.live.slot else ()
            todo += [i for slot in freed for i in wanting.get(slot, ())]
    return changes


def _held_slots(case: Case) -> Mapping[Slot, list[LivePost | Copy]]:
    holders: dict[Slot, list[LivePost | Copy]] = defaultdict(list)
    for live in case.live.values():
        if live.family in HOLDS_SLOT and live.slot is not None:
            holders[live.slot].append(live)
    for copy in case.state.copies.values() if case.state else ():
        if copy.awaiting and not copy.draft:
            holders[copy.place].append(copy)
    return holders


def slot_waits(case: Case, changes: Sequence[Change]) -> Mapping[int, Sequence[int]]:
    """The indexes of the changes whose posts have the minute that one wants, by its own."""
    holders = _held_slots(case)
    movers = {change.live.id: index for index, change in enumerate(changes) if change.live is not None}
    return {
        index: [
            movers[one.id]
            for one in _holders(change, holders)
            if isinstance(one, LivePost) and one.id in movers
        ]
        for index, change in enumerate(changes)
        if _wants_slot(change)
    }


_NEVER: Final = frozenset({Block.SLOT})
_TAKEN: Final = frozenset({Block.SLOT, Block.ELSEWHERE})


def _wants_slot(change: Change) -> bool:
    """Drafts hold no slot."""
    wanted = intent(change)
    return isinstance(wanted, Create | Recreate | Replace) and not wanted.post.draft


def _holders(change: Change, holders: Mapping[Slot, list[LivePost | Copy]]) -> Iterator[LivePost | Copy]:
    """What is less than a minute from where the change wants its post, and is not that post."""
    own = {change.live.id} if change.live else set()
    if isinstance(wanted := intent(change), Replace) and wanted.successor and wanted.successor.post_id:
        own.add(wanted.successor.post_id)
    for slot in Slot.of(change.account.id, change.at).around:
        for holder in holders.get(slot, ()):
            if isinstance(holder, Copy):
                if abs(holder.slot - change.at) < MINUTE and holder is not change.copy:
                    yield holder
            elif holder.at is not None and abs(holder.at - change.at) < MINUTE and holder.id not in own:
                yield holder


# --- swaps ----------------------------------------------------------------------------------------------------------


def _blocked_circles(
    changes: Sequence[Change], holders: Mapping[Slot, list[LivePost | Copy]]
) -> Iterator[list[int]]:
    """Posts that want one another's minutes in a circle, where all that blocks them is what an option or a sign-off lets through."""
    movers = {
        change.live.id: index
        for index, change in enumerate(changes)
        if change.live and _wants_slot(change) and _may_be_let_through(change)
    }
    told: set[int] = set()
    for start in movers.values():
        circle: list[int] = []
        at: int | None = start if changes[start].blocks else None
        while at is not None and at not in told:
            told.add(at)
            circle.append(at)
            near = list(_holders(changes[at], holders))
            at = movers.get(near[0].id) if len(near) == 1 and isinstance(near[0], LivePost) else None
        if at == start and circle:
            yield circle


def _first_blocked(changes: Sequence[Change], circle: Sequence[int]) -> Sequence[int]:
    """The same circle from one on that is blocked; empty where none is."""
    at = next((number for number, index in enumerate(circle) if changes[index].blocks), None)
    return () if at is None else [*circle[at:], *circle[:at]]


def _may_be_let_through(change: Change) -> bool:
    """Whether a post that moves or changes its words can do so with the others of a circle, at the latest once an option lets it."""
    return (
        isinstance(intent(change), Replace)
        and all(block.option or block in _OF_ANOTHER for block in change.blocks)
        and {*change.blocks} != {Block.HANDED_ON}  # the filters leave out what it waits for
    )


_OF_ANOTHER: Final = frozenset({Block.APPROVAL, Block.HANDED_ON})


def _block_together(changes: list[Change], circle: Sequence[int]) -> None:
    """None of a circle can move without the others: what blocks one blocks all, and one option lets all through."""
    members = [changes[index] for index in circle]
    first = members[0]  # a circle begins with one that is blocked
    near = any(isinstance(member, Blocked) and member.near for member in members)
    for index, member in zip(circle, members, strict=True):
        reason = member.reason
        if not member.blocks and first.live is not None:
            reason = f'it swaps times with "{first_words(first.live)}": {first.reason}'
        if isinstance(member, Replace | Blocked):
            changes[index] = replace(waiting(member, members, reason), near=near, swaps=True)


def _slot_blocked(case: Case, change: Doable | Blocked, obstacle: LivePost | Copy) -> Blocked:
    stays = None if isinstance(obstacle, Copy) else obstacle
    calendar = None
    if stays is None:
        why = "an earlier apply sent another post for this minute, and it is not known yet what became of it"
    else:
        why = f'another post is already scheduled for this minute: "{first_words(stays)}"'
        wants, calendar = intent(change).post, case.calendar_of(stays)
        if (calendar or (wants and equals_unmanaged(wants, stays))) and (whose := case.theirs(stays)):
            why = f"{why}; {whose}"
        elif wants and (difference := told_apart(wants, stays)):
            why = f"{why}; {difference}"
    slot = Block.ELSEWHERE if calendar else Block.SLOT
    told = blocked(change, [slot], why)
    if Block.TWIN in told.blocks and stays is change.obstacle:
        return replace(told, reason=change.reason)  # what has the minute may be the post itself
    blocks = tuple(block for block in told.blocks if block is not Block.TWIN)
    reason = why if blocks[0] is slot else change.reason
    return replace(told, blocks=blocks, reason=reason, obstacle=stays, calendar=calendar)
