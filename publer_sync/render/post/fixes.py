"""What to do about a post that is blocked, missing or missed: steps, each of which a test takes and arrives."""

from __future__ import annotations

import re
import shlex
from collections import defaultdict
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from publer_sync.planning.allow import called
from publer_sync.planning.differences import NOT_WRITTEN, compare, not_to_undo
from publer_sync.planning.plan import (
    Action,
    Block,
    Blocked,
    Delete,
    Past,
    Replace,
    Unchanged,
    asked_of,
    intent,
    is_missed,
)
from publer_sync.render.layout.phrases import Span
from publer_sync.values.model import Family
from publer_sync.values.printable import one_line
from publer_sync.values.timezones import time_zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from publer_sync.planning.plan import Change
    from publer_sync.render.layout.phrases import Phrase


class FixStep(Enum):
    """An order, which ends what keeps a post from being as it should be.

    The second wording is for a post that is blocked on some of its accounts alone: it leaves the others as they are.
    """

    TIME = "choose another time in {place}", "choose another time for {accounts} in {place}"
    LATER = "choose a later time in {place}", "choose a later time for {accounts} in {place}"
    NEW_TIME = "give it a new time in {place}", "give it a new time for {accounts} in {place}"
    REMOVE = "remove it from {place}", "take {accounts} out of its accounts in {place}"
    REMOVE_THIS = (
        "remove this one from {place}",
        "take {accounts} out of the accounts of this one in {place}",
    )
    IDENTIFY = ("give this one an id in {place}",)
    NEW_ID = ("give it a new id and a new time in {place}",)
    ADD = ("add a post for {accounts} with a new id and a new time",)
    COPY = "copy it into {place}", "copy it into {place} for {accounts} alone"
    COPY_WORDS = "copy its words into {place}", "copy its words into {place} for {accounts} alone"
    KEEP_DRAFT = "write draft: true in {place}", "write draft: true in {place} for {accounts} alone"
    LEAVE_OUT = (
        "leave its day out of the series in {place} ({except}) and add a post for it, as it is in Publer now",
    )
    PUT_BACK = ("put the post back into the calendar, as it is in Publer now",)
    PULL = ("run publer-sync pull",)
    PULL_OVER = ("run publer-sync pull --prefer publer",)
    WRITE_ID = ("write the id in {place} instead of the name",)
    LEAVE_DRAFT = (
        "remove it from {place} once Publer's drafts have it",
        "take {accounts} out of its accounts in {place} once Publer's drafts have it",
    )
    UNDRAFT = (
        "write draft: false in {place} to schedule it",
        "write draft: false in {place} for {accounts} alone, to schedule it",
    )
    THAT_ONE = ("do what lets that one change",)
    OTHER_WORDS = (
        "write other words in {place}",
        "write other words for {accounts} in {place}",
    )
    WAIT = ("run it again later",)
    APPROVE = ("have it signed off, then run {approve}",)
    REMOVE_THERE = ("remove that post from the calendar {calendar} and apply it first",)
    CONNECT = ("correct the account in Publer, then apply again",)
    CORRECT = ("correct it in Publer",)
    SCHEDULE = ("schedule it in Publer",)
    MOVE_BACK = ("move it back in Publer",)
    MOVE_OTHER = ("move the other post in Publer",)
    DELETE = ("delete it in Publer",)
    DELETE_COPY = ("delete this copy in Publer",)
    DELETE_FOR_ID = ("delete it in Publer and give it a new id in {place}",)
    DELETE_FOR_ANEW = ("delete it there and give it a new id and a new time in {place}",)
    DELETE_FOR_TIME = ("delete it there and give it a new time in {place}",)
    DELETE_AND_ADD = ("delete it there and add a post for {accounts} with a new id and a new time",)
    PUBLISH = ("publish it in Publer",)

    def order(self, *, some: bool) -> str:
        """`some`: not all accounts of the post are concerned."""
        order: str = self.value[-1 if some else 0]
        return order


class Advice(NamedTuple):
    """Steps of which each is enough. `end` follows the last one."""

    lead: str
    steps: tuple[FixStep, ...]
    end: str = ""


_FIX = "Fix"
_SAME = "If it is the same post"
_SIMPLE = {
    Block.HANDED_ON: Advice(_FIX, (FixStep.THAT_ONE, FixStep.OTHER_WORDS)),
    Block.LEAD: Advice(_FIX, (FixStep.LATER,)),
    Block.APPROVAL: Advice(_FIX, (FixStep.APPROVE,)),
    Block.TIME_PASSED: Advice(_FIX, (FixStep.LATER, FixStep.REMOVE)),
    Block.ACCOUNT: Advice(_FIX, (FixStep.CONNECT, FixStep.REMOVE)),
    Block.UNREAD: Advice(_FIX, (FixStep.CORRECT, FixStep.WAIT)),
    Block.LISTING: Advice(_FIX, (FixStep.WAIT,), "; nothing is lost by waiting"),
    Block.NAME: Advice(_FIX, (FixStep.WRITE_ID, FixStep.WAIT)),
}
_PURPOSES = {
    Block.EDITED: "To restore the calendar's version",
    Block.TWIN: "To create it anyway",
    Block.UNSEEN: "To send it once more",
    Block.FREEZE: "To change it anyway",
    Block.OLDER: "To undo it anyway",
}
_TWIN_PURPOSES = {Action.REPLACE: "To replace it anyway", Action.UPDATE: "To change it anyway"}
"""Where Publer lists a post that is to change, so that none is created beside it."""
_ONE_OF_A_SERIES = "That is the whole series. For this day alone: leave it out there (except: [{day}]) and add a post for it."


class Fixes:
    """The fixes of some changes: where a post is stuck on some of its accounts alone, they name those accounts."""

    def __init__(self, changes: Iterable[Change]) -> None:
        """`changes` are those of the whole plan or report."""
        self._changes = changes

    @cached_property
    def _stuck(self) -> Mapping[object, list[str]]:
        """The accounts on which a post needs the same."""
        found: dict[object, list[str]] = defaultdict(list)
        for change in self._changes:
            if change.post is not None and (told := _advice(change, some=False)):
                found[self._key(change, told)].append(_alias(change))
        return found

    @staticmethod
    def _key(change: Change, told: tuple[Advice, ...]) -> object:
        post = change.post
        return (post.location, post.id, told) if post is not None else None

    def of(self, change: Change) -> list[Phrase]:
        """What to do about it, if anything; the last phrase is the option, where one lets it through."""
        told = _advice(change, some=False)
        stuck = self._stuck.get(self._key(change, told), [])
        aliases = change.post.aliases if change.post is not None else ()
        some = not {*aliases} <= {*stuck}
        phrases = [_phrase(each, change, stuck, some=some) for each in _advice(change, some=some)]
        location = change.post.location if change.post is not None else None
        day = _day_of_a_series(change)
        apart = any(FixStep.LEAVE_OUT in each.steps for each in told)
        if (
            day
            and not apart
            and any(span.place == location for phrase in phrases for span in phrase if span.place)
        ):
            phrases.append((Span(_ONE_OF_A_SERIES.format(day=day)),))
        if options := own_options(change):
            phrases.append((Span(f"{purpose_of(change)}: "), Span("", options=tuple(dict.fromkeys(options)))))
        return phrases


def purpose_of(change: Change) -> str:
    """What an option lets through, as an order."""
    if intent(change).action is Action.DELETE:
        return "To remove it anyway"
    if change.blocks and change.blocks[0] is Block.TWIN and intent(change).action in _TWIN_PURPOSES:
        return _TWIN_PURPOSES[intent(change).action]
    if not change.blocks:
        return "To create it again"
    blocks = [block for block in change.blocks if block is not Block.EDITED or block not in _lent(change)]
    return next((_PURPOSES[block] for block in blocks if block in _PURPOSES), "To apply it anyway")


def options_for(change: Change) -> list[str]:
    """The options that let apply do what it skips otherwise; none where nothing helps."""
    swaps = _swaps(change)
    options = [block.option for block in change.blocks if not (swaps and block is Block.HANDED_ON)]
    if intent(change).action is Action.RECREATE:
        options.append("--allow-recreate")
    return [] if None in options else [option for option in options if option]


def own_options(change: Change) -> list[str]:
    """The same for this post alone, or for those of the posts that it swaps with which something blocks, where apply knows them by name."""
    return _named(options_for(change), change)


def _named(options: list[str], change: Change) -> list[str]:
    found = []
    for option in options:
        names = _names_for(option, change)
        found.append(f"{option}={shlex.quote(','.join(names))}" if names else option)
    return found


def _names_for(option: str, change: Change) -> list[str]:
    own, *_ = called(change)
    if not isinstance(change, Blocked) or not change.swaps:
        return [own] if own == change.id else []
    names = {each[0] for block, each in change.owners if block.option == option}
    if any(block.option == option for block in change.blocks if block not in change.lent):
        names.add(own)
    return sorted(names)


def _swaps(change: Change) -> bool:
    return isinstance(change, Blocked) and change.swaps


def _lent(change: Change) -> frozenset[Block]:
    return change.lent if isinstance(change, Blocked) else frozenset()


def _alias(change: Change) -> str:
    return one_line(change.account.alias or change.account.name)


def approve_command(change: Change) -> str:
    """What records the yes that it waits for."""
    asked = asked_of(change)
    if asked is None:
        return "publer-sync approve"
    person = asked.people[0] if len(asked.people) == 1 else "PERSON"
    return f"publer-sync approve {shlex.quote(asked.post)} --by {shlex.quote(person)}"


_VALUE = re.compile(r"\{(?:accounts|calendar|except)\}")
_PLACE = re.compile(r" (?:in|from) \{place\}")


def _phrase(advice: Advice, change: Change, stuck: list[str], *, some: bool) -> Phrase:
    """The place is named once."""
    steps: list[str] = []
    for step in advice.steps:
        order = step.order(some=some)
        steps.append(_PLACE.sub("", order) if any("{place}" in each for each in steps) else order)
    last = ", or " if len(steps) > 1 else ""
    said = f"{advice.lead}: {', '.join(steps[:-1])}{last}{steps[-1]}{advice.end}."
    calendar = change.calendar if isinstance(change, Blocked) else None
    names = f"{', '.join(stuck[:-1])} and {stuck[-1]}" if len(stuck) > 1 else "".join(stuck)
    day = _day_of_a_series(change)
    if "{approve}" in said:
        before, _, after = said.partition("{approve}")
        return (Span(before), Span(approve_command(change), "code"), Span(after))
    values = {
        "{accounts}": names,
        "{calendar}": one_line(calendar or ""),
        "{except}": f"except: [{day}]",
    }
    filled = [_VALUE.sub(lambda found: values[found[0]], part) for part in said.partition("{place}")]
    if not filled[1] or change.post is None:
        return (Span(filled[0]),)
    place = Span(str(change.post.location), "code", change.post.location)
    return (Span(filled[0]), place, Span(filled[2]))


# --- which steps help -----------------------------------------------------------------------------------------------


def _advice(change: Change, *, some: bool) -> tuple[Advice, ...]:
    """`some`: not all accounts of the post are concerned."""
    if is_missed(change):
        return tuple(_of_missed(change, some=some))
    if change.action is Action.RECREATE:
        return (Advice("If it should stay deleted", (FixStep.REMOVE,)),)
    lent = _lent(change) - {Block.APPROVAL}
    told = [
        each for block in change.blocks if block not in lent for each in _of_block(block, change, some=some)
    ]
    if change.live is not None and not _KEPT.isdisjoint(change.blocks):
        # What left the calendar is kept in Publer for the same reasons.
        told = [each._replace(steps=tuple(s for s in each.steps if s not in _REMOVALS)) for each in told]
    if change.post is None:  # it has no place in the files
        told = [
            each._replace(steps=tuple(s for s in each.steps if "{place}" not in s.order(some=some)))
            for each in told
        ]
    return tuple(each for each in told if each.steps)


_KEPT = frozenset({Block.EDITED, Block.FREEZE})
_REMOVALS = frozenset({FixStep.REMOVE, FixStep.REMOVE_THIS})


def _of_missed(change: Change, *, some: bool) -> Iterator[Advice]:
    if isinstance(change, Past) and change.doubted:
        return  # a new time now could publish it twice
    if change.live is None:
        yield Advice(_FIX, (FixStep.NEW_TIME, FixStep.REMOVE))
        return
    anew = FixStep.DELETE_FOR_ANEW if change.id else FixStep.DELETE_FOR_TIME
    anew = FixStep.DELETE_AND_ADD if some else anew
    unsigned = isinstance(change, Past) and change.unsigned
    yield Advice(_FIX, (anew,) if unsigned else (FixStep.PUBLISH, anew))


def _of_block(block: Block, change: Change, *, some: bool) -> Iterator[Advice]:
    match block:
        case Block.SLOT if Block.TWIN in change.blocks:
            pass
        case Block.SLOT:
            other = FixStep.MOVE_OTHER if change.obstacle is not None else FixStep.WAIT
            yield Advice(_FIX, (FixStep.TIME, other))
        case Block.ELSEWHERE:
            if isinstance(change, Blocked) and change.calendar is not None:
                yield Advice(_FIX, (FixStep.TIME, FixStep.REMOVE_THERE))
        case Block.STATE:
            yield from _of_state(change, some=some)
        case Block.EDITED if Block.STATE not in change.blocks:
            yield from _of_edit(change)
        case Block.APPROVAL if asked_of(change) is None:  # it waits for a post that lacks it
            if Block.HANDED_ON not in change.blocks:
                yield Advice(_FIX, (FixStep.THAT_ONE,))
        case Block.HANDED_ON if _swaps(change) and (options_for(change) or not _lent(change)):
            pass  # the others wait for it as well
        case Block.TWIN:
            yield from _of_duplicate(change)
        case Block.WENT_OUT if some:
            yield Advice(_FIX, (FixStep.REMOVE,), ": it has been published there")
            yield Advice("To publish it there again", (FixStep.ADD,))
        case Block.WENT_OUT if change.post is not None and change.post.use is not None:
            yield Advice(_FIX, (FixStep.REMOVE,), ": it has been published")
        case Block.WENT_OUT:
            yield Advice(_FIX, (FixStep.NEW_ID, FixStep.REMOVE), ": it has been published")
        case Block.UNSEEN if change.post is not None and change.post.draft:
            scheduled = change.live is not None and change.live.family is Family.SCHEDULED
            yield Advice(_FIX, (FixStep.REMOVE if scheduled else FixStep.LEAVE_DRAFT, FixStep.UNDRAFT))
        case Block.UNSEEN:
            yield Advice(_FIX, (FixStep.TIME,))
        case Block.LISTING if isinstance(
            intent(change), Unchanged
        ):  # nobody wants it, and Publer may publish it
            yield Advice(_FIX, (FixStep.DELETE, FixStep.WAIT))
        case _ if block in _SIMPLE:
            yield _SIMPLE[block]


def _of_state(change: Change, *, some: bool) -> Iterator[Advice]:
    live = change.live
    pulls = (FixStep.LEAVE_OUT,) if _is_one_of_a_series(change) else _pulls(change)
    if isinstance(change, Blocked) and change.left:
        again = " ".join(_named(["--allow-recreate"], change))
        yield Advice(_FIX, (FixStep.DELETE,), f", then run publer-sync apply {again}")
    elif live is not None and live.account_id != change.account.id:
        yield Advice(_FIX, (*pulls, FixStep.MOVE_BACK))
    elif isinstance(change, Blocked) and change.late:
        # What waits in Publer may be published still, once somebody approves it or reconnects the account.
        yield Advice(_FIX, (FixStep.REMOVE,) if some else (FixStep.DELETE_FOR_ID, FixStep.REMOVE))
        if some:
            yield Advice("To publish it there", (FixStep.DELETE_AND_ADD,))
    elif live is not None and live.family is Family.DRAFT:
        yield Advice(_FIX, (FixStep.SCHEDULE,))
        by_hand = FixStep.LEAVE_OUT if _is_one_of_a_series(change) else FixStep.KEEP_DRAFT
        pulled = _pulls(change) if _can_be_pulled(change) else ()
        yield Advice("To keep it a draft", (*pulled, by_hand))
    else:
        yield Advice(_FIX, (FixStep.CORRECT, FixStep.REMOVE))


def _of_edit(change: Change) -> Iterator[Advice]:
    wanted = intent(change)
    if change.post is None:
        if isinstance(wanted, Delete) and wanted.leftover:
            yield Advice(_FIX, (FixStep.DELETE_COPY,))
        else:
            yield Advice("To keep the edit", (FixStep.PUT_BACK,))
        return
    if isinstance(wanted, Replace) and wanted.successor is not None:
        yield Advice("To keep the edit", (FixStep.COPY,))  # the calendar has the new post
        return
    if _is_one_of_a_series(change):
        yield Advice("To keep the edit", (FixStep.LEAVE_OUT,))
        return
    if not _can_be_pulled(change):
        yield Advice("To keep the edit", (FixStep.COPY,))
        return
    yield Advice("To keep the edit", (*_pulls(change), FixStep.COPY))


def _pulls(change: Change) -> tuple[FixStep, ...]:
    """The pull that writes what Publer has, if one can: the calendar may have changed as well."""
    post, copy, edited = change.post, change.copy, change.live
    edited = copy.kept if edited is None and copy is not None else edited
    changed = compare(post, copy, edited).changed if post and copy and edited else frozenset()
    if post and copy and not_to_undo(post, copy, changed):
        return ()
    return (FixStep.PULL_OVER if changed else FixStep.PULL,)


def _is_one_of_a_series(change: Change) -> bool:
    """Whether its lines are those of other posts, too."""
    return bool(_day_of_a_series(change))


def _day_of_a_series(change: Change) -> str:
    """The day of one post of several with the same lines, or its number once it left; "" of any other, also of a use."""
    used = change.post is not None and change.post.use is not None
    day, post = "" if used else (change.id or "").partition("@")[2], change.post
    if not day.isdigit() or post is None:
        return day
    return f"{post.at.astimezone(time_zone(post.zone or 'UTC')):%Y-%m-%d}"


def _can_be_pulled(change: Change) -> bool:
    post = change.post
    return post is not None and post.content.type not in NOT_WRITTEN and not _is_one_of_a_series(change)


def _of_duplicate(change: Change) -> Iterator[Advice]:
    other, wanted = change.obstacle, intent(change)
    if other is not None and other is change.live:  # it is managed here, and to be changed or removed
        if change.post is not None:
            yield Advice("To keep it as it is", (FixStep.COPY,))
        elif isinstance(wanted, Delete) and wanted.leftover:
            yield Advice(_FIX, (FixStep.DELETE_COPY,))
        else:
            yield Advice("To keep it", (FixStep.PUT_BACK,))
    elif Block.SLOT in change.blocks:
        yield Advice(_SAME, (FixStep.COPY_WORDS, FixStep.DELETE))
    elif isinstance(change, Blocked) and change.calendar is not None:
        yield Advice(_SAME, (FixStep.REMOVE_THIS, FixStep.REMOVE_THERE))
    elif other is not None and other.family is not Family.PUBLISHED:
        yield Advice(_SAME, (FixStep.DELETE, FixStep.REMOVE_THIS))
    elif change.copy is not None and change.copy.removed_at_its_time:
        yield Advice("If it was published", (FixStep.REMOVE_THIS,))
    else:
        yield Advice(_SAME, (FixStep.REMOVE_THIS,))
        if isinstance(change, Blocked) and change.doubted and change.id is None:
            yield Advice("If it is another one", (FixStep.IDENTIFY,))
