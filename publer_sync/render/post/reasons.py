"""Why a post is blocked or changed, and how a change is made: phrases that each renderer lays out."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from publer_sync.planning.case import HOLDS_SLOT
from publer_sync.planning.judge import SWAPS_WORDS
from publer_sync.planning.plan import Action, Block, Blocked, Replace, intent, moved_from
from publer_sync.render.layout.measure import cut, quoted
from publer_sync.render.layout.phrases import Span
from publer_sync.render.layout.wording import before_command, listing, sentence
from publer_sync.render.post.changed import changed_words
from publer_sync.render.post.fields import edits_in_publer
from publer_sync.render.post.names import Names
from publer_sync.values.model import Family
from publer_sync.values.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from publer_sync.planning.plan import Change, FieldChange, Plan
    from publer_sync.render.layout.dates import Dates
    from publer_sync.render.layout.phrases import Phrase


_COMMAND = re.compile(r"(?P<why>.*(?::|, then run)) (?P<command>publer-sync .+)")


def reasons(change: Change, dates: Dates, *, whole: bool = False) -> list[Phrase]:
    """The reason, and the evidence for it."""
    return [_reason(one_line(change.reason)), *evidence(change, dates, whole=whole)]


def evidence(change: Change, dates: Dates, *, whole: bool = False) -> list[Phrase]:
    """What a block is about, as Publer shows it: somebody's edit in both wordings, or the other post."""
    phrases: list[Phrase] = []
    if Block.EDITED in change.blocks:
        kept = change.copy.kept if change.copy and change.live is None else None
        where = "In Publer then" if kept else "In Publer now"
        phrases += edits_in_publer(change.copy, change.live or kept, dates, whole=whole, where=where)
    if isinstance(change, Blocked) and change.since:
        phrases.append((Span(f"What changed: {listing([*since_words(change.since, dates)])}"),))
    if Block.TWIN in change.blocks and change.obstacle is not None and change.obstacle.at is not None:
        published = change.obstacle.family is Family.PUBLISHED
        what = "was published on" if published else "is scheduled for"
        phrases.append((Span(f"That post {what} {dates.both(change.obstacle.at)}."),))
    return phrases


def since_words(since: Iterable[FieldChange], dates: Dates, *, quotes: bool = True) -> Iterator[str]:
    """What has changed since somebody said yes, in the public's words; with `quotes`, the first words of the text."""
    since = [*since]
    names = Names(None, {}, dates)
    for word in changed_words((item for item in since if item.field not in ("account", "day")), names):
        texts = next((item for item in since if word == "words" and item.field == "text"), None)
        if texts is None or not quotes:
            yield word
        else:
            before, after = (quoted(str(value or ""), 40) for value in (texts.before, texts.after))
            yield f"words ({before} → {after})" if before != after else word
    for item in since:
        if item.field == "account":
            yield f"account ({one_line(str(item.before))} → {one_line(str(item.after))})"
        elif item.field == "day":
            was, now = (dates.date(date.fromisoformat(str(value))) for value in (item.before, item.after))
            yield f"day ({was} → {now})"


def _reason(words: str) -> Phrase:
    """With the command that ends it, if one does, to be pasted."""
    if (found := _COMMAND.fullmatch(words)) is None:
        return (Span(sentence(cut(words, 400))),)
    return (Span(before_command(cut(found["why"], 400))), Span(" "), Span(found["command"], "code"))


# --- how it is made -------------------------------------------------------------------------------------------------


def steps(change: Change, *, swaps: bool) -> str:
    """How a change is made that Publer can't make in place; `swaps`: its new minute is another post's old one."""
    if isinstance(change, Replace) and change.successor is not None:
        return "The new post is in Publer already; only the old one is left to remove."
    if swaps:
        return "It swaps times with another post: the old post is removed before the new one is created."
    needs_minute = change.post is not None and not change.post.draft and moved_from(change) is None
    if needs_minute and change.live is not None and change.live.family in HOLDS_SLOT:
        words = intent(change).reason.endswith(SWAPS_WORDS)
        why = "It swaps words with another post" if words else "Publer can't change this in place"
        return f"{why}: the old post is removed first, and put back if Publer refuses the new one."
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
        if id(change) in path[:-1]:
            found.update(path[path.index(id(change)) :])
    return frozenset(found)
