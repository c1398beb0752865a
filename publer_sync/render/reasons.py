"""Why a post is not as it should be, how a change is made, and the fix: phrases that each renderer lays out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.planning.case import HOLDS_SLOT
from publer_sync.planning.plan import Action, Block, Blocked, Replace, intent, is_missed, moved_from
from publer_sync.printable import one_line
from publer_sync.render.fields import edits_in_publer
from publer_sync.render.measure import cut
from publer_sync.render.phrases import Span
from publer_sync.render.wording import sentence

if TYPE_CHECKING:
    from publer_sync.planning.plan import Change, Plan
    from publer_sync.render.dates import Dates
    from publer_sync.render.phrases import Phrase


def reasons(change: Change, dates: Dates, *, whole: bool = False) -> list[Phrase]:
    """The reason, and the evidence for it."""
    phrases: list[Phrase] = [(Span(sentence(cut(one_line(change.reason), 400))),)]
    if Block.EDITED in change.blocks:
        phrases += edits_in_publer(change.copy, change.live, dates, whole=whole)
    if Block.TWIN in change.blocks and change.obstacle is not None and change.obstacle.at is not None:
        phrases.append((Span(f"That post is scheduled for {dates.both(change.obstacle.at)}."),))
    return phrases


# --- how it is made -------------------------------------------------------------------------------------------------


def steps(change: Change, *, swaps: bool) -> str:
    """How a change is made that Publer can't make in place; `swaps`: its new minute is another post's old one."""
    if isinstance(change, Replace) and change.successor is not None:
        return "The new post is in Publer already; only the old one is left to remove."
    if swaps:
        return "It swaps times with another post: the old post is removed before the new one is created."
    needs_minute = change.post is not None and not change.post.draft and moved_from(change) is None
    if needs_minute and change.live is not None and change.live.family in HOLDS_SLOT:
        return (
            "Publer can't change this in place: the old post is removed first, and put back if Publer refuses "
            "the new one."
        )
    return "Publer can't change this in place: the new post is created and verified, then the old one is removed."


def swapping(plan: Plan) -> frozenset[int]:
    """The ids, as Python knows them, of changes that wait for one another's minute in a circle."""
    moves = [change for change in plan.changes if change.action is Action.REPLACE]
    held = {change.live.slot: change for change in moves if change.live}
    found: set[int] = set()
    walked: set[int] = set()
    for start in moves:
        path: list[int] = []
        change: Change | None = start
        while change is not None and id(change) not in walked:
            walked.add(id(change))
            path.append(id(change))
            change = held.get(change.post.slot) if change.post else None
        if change is not None and id(change) in path[:-1]:
            found.update(path[path.index(id(change)) :])
    return frozenset(found)


# --- the fix --------------------------------------------------------------------------------------------------------

_FIXES = {
    Block.LEAD: "Fix: choose a later time in {place}.",
    Block.TIME_PASSED: "Fix: choose a later time in {place}.",
    Block.SLOT: "Fix: apply again later, or choose another time in {place}.",
    Block.EDITED: "To keep the edit: run pull, or copy it into {place}.",
    Block.TWIN: "If it is the same post: delete it in Publer, or remove this one from {place}.",
    Block.WENT_OUT: "Fix: give it a new id and a new time in {place}, or remove it: it has been published.",
    Block.STATE: "Fix: correct it in Publer, or remove it from {place}.",
    Block.ACCOUNT: "Fix: correct the account in Publer, then apply again.",
    Block.LISTING: "Fix: run it again later; nothing is lost by waiting.",
    Block.NAME: "Fix: write the id in {place} instead of the name, or run it again later.",
}
_TWIN_IN_SLOT = "If it is the same post: copy its words into {place}, or delete it in Publer."
_OBSTACLE = "Fix: choose another time in {place}, or move the other post in Publer."
_OF_ANOTHER_CALENDAR = (
    "Fix: choose another time in {place}, or remove that post from the calendar %s and apply it first."
)
_MISSING = "If it should stay deleted: remove it from {place}."
_UNWANTED = "To keep the edit: put the post back into the calendar, as it is in Publer now."
_PURPOSES = {
    Block.EDITED: "To restore the calendar's version",
    Block.TWIN: "To create it anyway",
    Block.FREEZE: "To change it anyway",
}
_ONE_OF_A_SERIES = "That is the whole series. For this day alone: leave it out there (except: [{day}]) and add a post for it."


def fixes(change: Change) -> list[Phrase]:
    """What to do about a blocked, missing or missed post; the last phrase is the option, where one lets it through."""
    fixes = [_missed_fix(change)] if is_missed(change) else []
    fixes += [_MISSING] if change.action is Action.RECREATE else []
    for block in change.blocks:
        match block:
            case Block.SLOT if Block.TWIN in change.blocks:
                continue
            case Block.TWIN if Block.SLOT in change.blocks:
                fixes.append(_TWIN_IN_SLOT)
            case Block.ELSEWHERE if isinstance(change, Blocked) and change.calendar is not None:
                fixes.append(_OF_ANOTHER_CALENDAR % one_line(change.calendar))
            case Block.SLOT if change.obstacle is not None:
                fixes.append(_OBSTACLE)
            case Block.EDITED if change.post is None:
                fixes.append(_UNWANTED)
            case _:
                fixes.append(_FIXES.get(block, ""))
    location = change.post.location if change.post else None
    place = Span(str(location), "code", location)
    phrases: list[Phrase] = []
    for fix in fixes:
        before, has_place, after = fix.partition("{place}")
        if fix and (location or not has_place):
            phrases.append((Span(before), place, Span(after)) if has_place else (Span(before),))
    day = (change.id or "").partition("@")[2]
    if day and any(place in phrase for phrase in phrases):
        phrases.append((Span(_ONE_OF_A_SERIES.format(day=day)),))
    if options := options_for(change):
        purpose = "To create it again"
        if change.blocks:
            purpose = _PURPOSES.get(change.blocks[0], "To apply it anyway")
        if intent(change).action is Action.DELETE:
            purpose = "To remove it anyway"
        phrases.append((Span(f"{purpose}: "), Span("", options=tuple(options))))
    return phrases


def _missed_fix(change: Change) -> str:
    if change.live is None:
        return "Fix: give it a new time in {place}, or remove it."
    new = "a new id and a new time" if change.id else "a new time"
    return f"Fix: publish it in Publer; or delete it there, and give it {new} in {{place}}."


def options_for(change: Change) -> list[str]:
    """The options that let apply do what it skips otherwise; none where nothing helps."""
    options = [block.option for block in change.blocks]
    if intent(change).action is Action.RECREATE:
        options.append("--allow-recreate")
    return [] if None in options else [option for option in options if option]
