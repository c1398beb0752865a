"""Who is who: which wanted posts are one and the same to publer-sync, by what is promised and not by its code.

An entry is one desired post through all its copies, ids, times and words.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from tests.simulate.wants import Want

Slot = "tuple[str, datetime]"


@dataclass(slots=True)
class Entry:
    """`id` is as it was noted last, `slots` are those of all its copies, `want` is what the calendar said last. `out`: one of its copies was published."""

    number: int
    want: Want
    id: str | None = None
    slots: set[tuple[str, datetime]] = field(default_factory=set)
    said: set[tuple[str, int]] = field(default_factory=set)
    """The words and pictures of all its copies."""
    out: bool = False
    moved: set[int] = field(default_factory=set)
    """The lines of posts that were moved after it had gone out."""
    known_as: set[int] = field(default_factory=set)
    """The numbers of the entries that it was in a calendar to which it moved later."""
    let_through: bool = False
    """Somebody allowed it to be published again, or stopped managing it."""


def assign(
    wants: Sequence[Want],
    entries: Iterable[Entry],
    alive: Callable[[Entry], set[tuple[str, datetime]]],
    went: Callable[[Entry], dict[tuple[str, datetime], tuple[str, int]]],
    now: datetime,
    seen: dict[int, tuple[str, datetime]],
) -> tuple[dict[int, Entry], list[Want]]:
    """The entry of each wanted post, by its line, in the order that is promised; and the wanted posts that have none.

    `alive` gives the slots of the copies of an entry that are in Publer, `went` of those that were published, with what they
    said, `seen` those of the posts that the last apply had in hand, by their lines.
    """
    there = {want.line for want in wants}
    # Of a post that left the calendar and was never published, nothing is left once its copies are gone.
    entries = [entry for entry in entries if entry.out or entry.want.line in there or alive(entry)]
    entries.sort(key=lambda entry: (entry.want.at, entry.number))
    found: dict[int, Entry] = {}
    taken: set[int] = set()

    def step(fits: Callable[[Want, Entry], bool]) -> None:
        for want in sorted(wants, key=lambda want: want.at):
            if want.line in found:
                continue
            for entry in entries:
                if entry.number not in taken and entry.want.account == want.account and fits(want, entry):
                    found[want.line] = entry
                    taken.add(entry.number)
                    break

    where = {entry.number: alive(entry) | {entry.want.slot} for entry in entries}
    ids = {entry.id for entry in entries if entry.id}
    step(lambda want, entry: entry.out and want.id is not None and want.id == entry.id)
    # One with an id that went out is nobody else's who has an entry of its own.
    step(
        lambda want, entry: (
            entry.out
            and want.slot in entry.slots
            and says(want) in entry.said
            and want.id not in ids - {None}
        )
    )
    step(
        lambda want, entry: (
            not entry.out and want.slot in where[entry.number] and want.face == entry.want.face
        )
    )
    step(lambda want, entry: not entry.out and want.id is not None and want.id == entry.id)
    ahead = [says(want) for want in wants if want.at > now]
    left = {want.slot for want in wants if want.line not in found}
    near = sorted(
        (abs(want.at - entry.want.at), want.at, entry.number, want.line)
        for want in wants
        for entry in entries
        if want.line not in found and entry.number not in taken and not entry.out
        if want.account == entry.want.account and want.at > now and says(want) == says(entry.want)
        if ahead.count(says(want)) < 2 or entry.want.slot not in left
    )
    for _, _, number, line in near:
        if line not in found and number not in taken:
            found[line] = next(entry for entry in entries if entry.number == number)
            taken.add(number)
    step(lambda want, entry: entry.out and not entry.id and want.slot in went(entry))
    step(lambda want, entry: not entry.out and want.slot in where[entry.number])
    # Somebody moved it too late: a post without an id that went out, in another slot with the same words. That it is
    # the same one is known to whoever saw it in its old slot last, and then for good.
    # Of greetings, which several posts say, nobody knows which one it is.
    said_by = Counter(said for entry in entries for said in {*entry.said, *went(entry).values()})
    step(
        lambda want, entry: (
            entry.out
            and not (want.id or entry.id)
            and says(want) in went(entry).values()
            and said_by[says(want)] < 2
            and _moved_late(want, entry, seen)
        )
    )
    return found, [want for want in wants if want.line not in found]


def _moved_late(want: Want, entry: Entry, seen: dict[int, tuple[str, datetime]]) -> bool:
    before = entry.want
    return want.line == before.line and (want.line in entry.moved or seen.get(want.line) == before.slot)


def says(want: Want) -> tuple[str, int]:
    """What makes it this post to the public."""
    return want.text, want.pictures


def note(entry: Entry, want: Want) -> None:
    """A copy of it was sent, or is known to be, as the calendar says it now."""
    entry.said.add(says(want))
    entry.want = want
    entry.id = want.id
    entry.slots.add(want.slot)
