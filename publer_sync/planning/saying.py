"""Nothing on an account is made to say what another post of ours there said when it was published, or still says.

*Too late*: a post was published before somebody moved it, so that the calendar seems to have a new one. *Handed on*: a
post gets the words of another one, which has to have others, or to be gone, before.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from publer_sync.ledger.copies import Copy, End, LedgerEntry, what_it_says
from publer_sync.ledger.state import FORGET_CONTENT_AFTER
from publer_sync.planning.allow import waiting
from publer_sync.planning.case import Case, first_words
from publer_sync.planning.plan import (
    Block,
    Blocked,
    Create,
    Delete,
    Doable,
    Pending,
    Recreate,
    Replace,
    Update,
    blocked,
    intent,
)
from publer_sync.values.model import Family, iso, same_text
from publer_sync.values.timezones import time_zone

if TYPE_CHECKING:
    from collections.abc import Container, Hashable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime, timedelta

    from publer_sync.planning.match import Matches
    from publer_sync.planning.plan import Change
    from publer_sync.values.model import Post


def name_of(post: Post) -> str:
    """The name under which the ledger remembers a post that has no entry of its own."""
    return f"#{post.id}" if post.id else iso(post.at)


def says_anew(change: Change) -> Hashable:
    """What a change makes a post say that never said it before; None where it makes nothing."""
    wanted = intent(change)
    if not isinstance(wanted, Create | Recreate | Update | Replace):
        return None
    said = what_it_says(wanted.post.content)
    return None if wanted.copy is not None and what_it_says(wanted.copy.sent) == said else said


# --- too late: what was published before it was moved -----------------------------------------------------------------


def published_before(case: Case, matches: Matches) -> tuple[LedgerEntry, ...]:
    """The entries that were published, or may have been, and that the calendar no longer has as they were."""
    found = [entry for entry in matches.rest if _out(case, entry) is not None]
    for index, entry in matches.pairs.items():
        if entry.published is not None and not is_as_it_went(case.desired[index], entry):
            found.append(entry)
    return tuple(found)


def _out(case: Case, entry: LedgerEntry) -> Copy | None:
    """The copy that was published, or may have been."""
    return (
        entry.published
        or entry.maybe_published
        or next((copy for copy in entry.open if _is_out(case, copy)), None)
    )


def _is_out(case: Case, copy: Copy) -> bool:
    """Whether its minute has come and it was not removed, though Publer does not list it as published yet."""
    return copy.minute <= case.now and copy.removing_at is None and not copy.draft


def is_as_it_went(post: Post, entry: LedgerEntry) -> bool:
    """Whether the calendar has it as one of its copies was published: at its time, in its words as far as the ledger knows them."""
    maybe = (entry.maybe_published,) if entry.maybe_published is not None else ()
    return any(
        post.at in (copy.slot, copy.minute)
        and (not (said := all_that_it_said(copy)) or what_it_says(post.content) in said)
        for copy in (*entry.went_out, *maybe)
    )


def all_that_it_said(copy: Copy) -> set[Hashable]:
    """What it said as it was sent, and in the words that somebody gave it in Publer."""
    texts = {copy.sent.text, *(seen.text for seen in (copy.seen, copy.shown) if seen)}
    said = {what_it_says(replace(copy.sent, text=text)) for text in texts}
    return said - {None} if what_it_says(copy.sent) is not None else set()


def block_too_late(case: Case, entries: Sequence[LedgerEntry], changes: list[Change]) -> list[Change]:
    """The changes with the post blocked that a published one may have become: the nearest that is to say the same."""
    taken: set[int] = set()
    for entry in entries if any(says_anew(change) for change in changes) else ():
        out, facts = _out(case, entry), entry.facts
        if out is None or facts.let_go or facts.twins:
            continue
        said, accounts = all_that_it_said(out), {entry.account, *(copy.on for copy in entry.copies)}
        meant = [
            (abs(change.at - out.slot), index)
            for index, change in enumerate(changes)
            if index not in taken
            and change.post is not None
            and change.account.id in accounts
            and (change.copy is None or change.copy.entry != entry.key)
            and says_anew(change) in said
            and not _is_another(entry, change.post)
        ]
        if not meant:
            continue
        away, index = min(meant)
        change = changes[index]
        nearest = _nearest_two(case, accounts, said)
        if not isinstance(change, Doable | Blocked) or (nearest is not None and away >= nearest):
            continue
        taken.add(index)
        told = blocked(change, [Block.TWIN], _too_late(case, entry, out))
        changes[index] = replace(told, entry=entry.key, doubted=bool(facts.doubted))
    return changes


def _is_another(entry: LedgerEntry, post: Post) -> bool:
    """Whether it is known that the post is another one.

    An apply saw both, or its id is not that of the entry, or it got one after an apply had said that it may be the same.
    An id that is made from a date tells nothing.
    """
    if name_of(post) in entry.facts.beside:
        return True
    if not (own := _own_id(post.id)):
        return False
    return bool(_own_id(entry.id)) or (bool(entry.facts.doubted) and own not in entry.facts.doubted)


def _own_id(id: str | None) -> str:
    """The id that somebody gave it, "" for one that is made from a date or a number, as `repeat` and `use` do."""
    return "" if id is None or "@" in id else id


def _nearest_two(case: Case, accounts: set[str], said: set[Hashable]) -> timedelta | None:
    """How near to each other the nearest two of our posts are that say this; None where no two do: it is no greeting.

    One that failed, or was removed before its time, never said it: with another time, it is one post still.
    """
    since = case.now - FORGET_CONTENT_AFTER
    counting = [
        copy
        for copy in (case.state.copies.values() if case.state else ())
        if copy.account in accounts
        and copy.slot >= since
        and (copy.end in _SAY or copy.held)
        and what_it_says(copy.sent) in said
    ]
    latest = {copy.entry: copy.slot for copy in sorted(counting, key=lambda copy: copy.key)}
    times = sorted(latest.values())
    return min((later - sooner for sooner, later in pairwise(times)), default=None)


_SAY = frozenset({None, End.PUBLISHED, End.MAYBE_PUBLISHED})
"""How copies end that were said, None of those that may still be."""


def _too_late(case: Case, entry: LedgerEntry, out: Copy) -> str:
    what = "the post with these words" if out.sent.text.strip() else "the post with these media"
    when = out.minute.astimezone(time_zone(case.settings.timezone))
    said = "was published on" if entry.published else "may have been published since"
    return f"{what} {said} {when:%a} {when.day} {when:%b %H:%M}, before it was moved"


def let_go(case: Case, entries: Iterable[LedgerEntry], changes: Iterable[Change]) -> frozenset[int]:
    """The keys of those of these entries that no post of the calendar may be any more: none is to say what they said."""
    entries = [*entries]
    out_before = {entry.key for entry in entries}
    wanting: set[Hashable] = set()
    for change in changes:
        if change.post is not None:
            said, copy = what_it_says(change.post.content), change.copy
            if copy is None or copy.entry in out_before or what_it_says(copy.sent) != said:
                wanting.add((change.account.id, said))
    return frozenset(
        entry.key
        for entry in entries
        if (out := _out(case, entry)) is not None
        and not any(
            (account, said) in wanting
            for account in {entry.account, *(copy.on for copy in entry.copies)}
            for said in all_that_it_said(out)
        )
    )


def side_by_side(changes: Sequence[Change]) -> Mapping[int, tuple[str, ...]]:
    """For each entry that the calendar has as it was sent, the names of the other posts on its account that say the same."""
    groups: dict[tuple[str, Hashable], list[Change]] = defaultdict(list)
    for change in changes:
        if change.post is not None:
            groups[change.account.id, what_it_says(change.post.content)].append(change)
    return {
        change.copy.entry: tuple(name_of(other.post) for other in group if other is not change and other.post)
        for (_, said), group in groups.items()
        for change in group
        if change.copy is not None and what_it_says(change.copy.sent) == said
    }


# --- handed on: what gets the words of a post that is to lose them ------------------------------------------------------


def swapping_edits(
    changes: Sequence[Change], waits_for_slot: Mapping[int, Sequence[int]]
) -> Mapping[int, Update]:
    """The edits that wait, by way of others, for themselves, blocked or not, by their indexes: none of them can be done in place.

    `waits_for_slot` are the indexes of those whose posts have the minute that one wants.
    """
    circles = _waiting_in_circles(dict(_followers(changes)), waits_for_slot)
    swapping = (index for circle in circles for index in circle)
    return {index: edit for index in swapping if isinstance(edit := intent(changes[index]), Update)}


def mixed_circles(
    changes: Sequence[Change], waits_for_slot: Mapping[int, Sequence[int]]
) -> Sequence[Sequence[int]]:
    """The indexes of those that wait for one another in a circle, some for a minute and some for words."""
    behind, found = dict(_followers(changes)), []
    for circle in _waiting_in_circles(behind, waits_for_slot):
        inside = {*circle}
        words = any(behind.get(index) in inside for index in circle)
        if words and any(not inside.isdisjoint(waits_for_slot.get(index, ())) for index in circle):
            found.append(circle)
    return found


def _waiting_in_circles(
    behind: Mapping[int, int], waits_for_slot: Mapping[int, Sequence[int]]
) -> Iterable[Sequence[int]]:
    """Those that wait for one another, for words or minutes; none where nothing waits for words."""
    both = {index: [first, *waits_for_slot.get(index, ())] for index, first in behind.items()}
    return _circles({**waits_for_slot, **both}) if behind else ()


def hand_on(changes: Sequence[Change], in_scope: Container[int], own: Mapping[int, str]) -> list[Change]:
    """The changes, each that gets the words of another one's post behind that one, or blocked where that one is.

    `in_scope` are the indexes of those that the run is about, `own` the reasons of those that are blocked whatever
    becomes of the others.
    """
    changes = [*changes]
    behind = dict(_followers(changes))
    keep = {**own, **{index: _LEFT_OUT for index in behind.values() if index not in in_scope}}
    circles = [*_circles({index: [first] for index, first in behind.items()})]
    swapping = {index for circle in circles for index in circle}
    whole = {index for circle in circles if all(each in in_scope for each in circle) for index in circle}
    roots: dict[int, int] = {}
    for index in _in_turn(behind, keep, swapping):
        at = behind[index]
        change, first = changes[index], changes[at]
        if not isinstance(change, Doable | Blocked) or first.copy is None:
            continue
        change = _behind(change, first.copy.key)
        if isinstance(first, Blocked | Pending) or at not in in_scope:
            root = roots[index] = at if at in keep else roots.get(at, at)
            why = keep.get(root, changes[root].reason)
            if root != at:
                why = f"it waits for {_called(changes[root])}: {why}"
            why = _handed_on(first, why)
            swaps = index in own and index in whole
            change = blocked(change, [Block.HANDED_ON], why)
            change = waiting(change, [first] if at in in_scope else [], own[index] if swaps else why)
            change = replace(change, swaps=swaps or change.swaps)
        changes[index] = change
    return changes


_LEFT_OUT: Final = "the filters leave it out of this run"


def _followers(changes: Sequence[Change]) -> Iterator[tuple[int, int]]:
    """The index of each change that has to wait for another one, and of that one: the nearest alone where several would."""
    giving: dict[Hashable, list[int]] = defaultdict(list)
    for index, change in enumerate(changes):
        if (said := _gives_up(change)) is not None:
            giving[change.account.id, said].append(index)
    if not giving:
        return
    getting: dict[Hashable, list[int]] = defaultdict(list)
    for index, change in enumerate(changes):
        wanted = intent(change)
        if isinstance(wanted, Create | Recreate | Update | Replace) and _is_published(wanted):
            said = what_it_says(wanted.post.content)
            had = what_it_says(wanted.copy.sent) if isinstance(wanted, Update | Replace) else None
            if (wanted.account.id, said) in giving and had != said:
                getting[wanted.account.id, said].append(index)
    for key, takers in getting.items():
        near = sorted(
            (abs(changes[taker].at - _at(changes[giver])), taker, giver)
            for taker in takers
            for giver in giving[key]
            if not _one_entry(changes[taker], changes[giver])
        )
        met: set[int] = set()
        for _, taker, giver in near:
            if not {taker, giver} & met:
                met |= {taker, giver}
                yield taker, giver


def _is_published(wanted: Create | Recreate | Update | Replace) -> bool:
    """No draft is, but one that somebody scheduled in Publer: an edit in place leaves it so."""
    return not wanted.post.draft or (isinstance(wanted, Update) and wanted.live.family is Family.SCHEDULED)


def _gives_up(change: Change) -> Hashable:
    """What a post that is ahead says, and is to say no more, once what is under way has come; None where it stays as it is."""
    wanted, live = intent(change), change.live
    if (
        not isinstance(wanted, Update | Replace | Delete | Pending)
        or live is None
        or live.family is Family.DRAFT
    ):
        return None
    copy = wanted.copy
    shown = (copy.seen.text if copy.seen else copy.text) if copy.revising is None else live.text
    now = copy.sent if same_text(live.text, shown) else replace(copy.sent, text=live.text)
    said = what_it_says(now)
    post = None if isinstance(wanted, Delete) else wanted.post
    stays = post is not None and what_it_says(post.content) == said
    return None if stays else said


def _at(change: Change) -> datetime:
    return change.live.at if change.live is not None and change.live.at is not None else change.at


def _one_entry(one: Change, other: Change) -> bool:
    return one.copy is not None and other.copy is not None and one.copy.entry == other.copy.entry


def _behind(change: Doable | Blocked, key: int) -> Doable | Blocked:
    would = intent(change)
    if not isinstance(would, Create | Recreate | Update | Replace):
        return change
    would = replace(would, behind=key)
    return replace(change, would=would) if isinstance(change, Blocked) else would


def _in_turn(behind: Mapping[int, int], keep: Container[int], swapping: Container[int]) -> Iterator[int]:
    """Each that waits for another one, after that one.

    A circle begins behind one that keeps its words, and comes twice: what blocks its last is known to all then.
    """
    after = {first: index for index, first in behind.items()}
    met: set[int] = set()
    ends = [first for first in after if first not in behind]
    for start in (*ends, *(index for index in behind if index in keep), *behind):
        line, index = [], after.get(start)
        while index is not None and index not in met:
            met.add(index)
            line.append(index)
            index = after.get(index)
        yield from line
        if start in swapping:
            yield from line


def _circles(waits_for: Mapping[int, Sequence[int]]) -> Iterator[list[int]]:
    """Those that wait, by way of others, for themselves, each with those that it reaches and is reached from."""
    reached: dict[int, list[int]] = defaultdict(list)
    for index, others in waits_for.items():
        for other in others:
            reached[other].append(index)
    seen: set[int] = set()
    for start in reversed([*_reached(waits_for, waits_for, set())]):
        group = [*_reached([start], reached, seen)]
        if len(group) > 1:
            yield group


def _reached(starts: Iterable[int], leads_to: Mapping[int, Sequence[int]], seen: set[int]) -> Iterator[int]:
    """What is reached from these and was not seen, each after what it leads to; it is seen then."""
    for start in starts:
        todo = [] if start in seen else [(start, iter(leads_to.get(start, ())))]
        seen.add(start)
        while todo:
            index, others = todo[-1]
            other = next((other for other in others if other not in seen), None)
            if other is None:
                yield index
                todo.pop()
            else:
                seen.add(other)
                todo.append((other, iter(leads_to.get(other, ()))))


def _called(change: Change) -> str:
    return f'the post "{change.id}"' if change.id else "another post"


def _handed_on(first: Change, why: str) -> str:
    said = f' ("{first_words(first.live)}")' if first.live is not None and first.live.text.strip() else ""
    return f"{_called(first)} still says this in Publer{said} and has to change before: {why}"
