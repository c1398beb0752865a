"""The uses of stored posts (`use`).

A use is read as the stored post that it names, in one of its versions, with the use's own keys laid over it: nearest wins,
labels add up, null takes away, as everywhere. What stands outside of posts comes from the stored post's file and the
settings; only times are those of the use's file.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from publer_sync.calendar.layers import laid_over
from publer_sync.calendar.places import problem_at
from publer_sync.calendar.when.zones import TimeError
from publer_sync.calendar.yaml.nodes import Map, Seq
from publer_sync.calendar.yaml.scalars import snippet
from publer_sync.starting.late_modules import late_module
from publer_sync.values.problems import Help

if TYPE_CHECKING:
    import difflib
    from collections.abc import Iterator, Sequence

    from publer_sync.calendar.posts import Entry
    from publer_sync.values.problems import Problem
else:
    difflib = late_module("difflib")

_LISTED: Final = 8


def versions_of(stored: Entry) -> tuple[Map, ...]:
    """What a stored post can say, in their turn: itself, then its variants.

    Itself where it has a text, whatever its variants change: so no variant that is added gives a use other words. Without
    one it is only what they have in common, unless it has every key that the first one changes.
    """
    variants = stored.data.get("variants")
    if "variants" in stored.data.broken or not variants:
        return (stored.data,)
    alone = "text" in stored.data or variants[0].keys() <= stored.data.keys()
    own = (stored.data,) if alone else ()
    return (*own, *(laid_over(stored.data, each) for each in variants))


def with_uses(entries: Sequence[Entry], problems: list[Problem]) -> list[Entry]:
    """The posts of a calendar, each use with what it takes from its stored post. Those that have it already stay the same."""
    if not any(entry.is_use for entry in entries):
        return [*entries]
    stored: dict[str, Entry] = {}
    for entry in entries:
        if entry.id is not None and entry.is_stored:
            stored.setdefault(entry.id, entry)
    # By what its lines say: a use that was read before has the id of its stored post.
    others = {
        str(entry.lines["id"]): entry for entry in entries if "id" in entry.lines.keys() - entry.lines.broken
    }
    found = [_resolved(entry, stored, others, problems) if entry.is_use else entry for entry in entries]
    _check_twice(found, problems)
    return found


def _resolved(
    use: Entry, stored: dict[str, Entry], others: dict[str, Entry], problems: list[Problem]
) -> Entry:
    data = use.lines
    for key in ("id", "repeat"):
        if key in data:
            message = f"a use takes no `{key}`: it is called after its stored post and its day"
            say = "Remove it" if key == "id" else "Remove it, and write a use for each day"
            problems.append(problem_at(data.marks[key], f"use.{key}", message, say, key=key))
    name = str(data["use"])
    if (source := stored.get(name)) is None:
        problems.append(_unknown(use, name, stored, others))
        return _unread(use)
    versions = versions_of(source)
    number = data.get("variant", 1) if "variant" not in data.broken else 1
    if not isinstance(number, int) or number > len(versions):
        has = "1 version" if len(versions) == 1 else f"{len(versions)} versions"
        message = f"`{name}` has {has}, so there is no {number}"
        say = "Name one of them, or add it under `variants` of the stored post"
        problems.append(problem_at(data.marks["variant"], "use.variant", message, say))
        return _unread(use)
    if use.stored is source and use.version == number:
        return use
    part = _part(use)
    merged = laid_over(versions[number - 1], data)
    merged.broken = (merged.broken - {"evergreen", "variants", "id"}) | data.broken
    for key in ("evergreen", "variants", "id"):
        merged.pop(key, None)
        merged.marks.pop(key, None)
    return replace(
        use,
        data=merged,
        own=data,
        stored=source,
        version=number,
        id=f"{name}@{part}" if part else None,
    )


def _unread(use: Entry) -> Entry:
    """A use of something that is not known: nothing of it is judged, since what it says is not known."""
    data = use.lines.without(set())
    data.broken = use.lines.broken | {"?"}
    return replace(use, data=data, own=use.lines, stored=None, id=None)


def _part(use: Entry) -> str:
    """What a use is called after the id of its stored post: its day, or the sum where that counts from a date with a name."""
    written, clock = use.lines.get("at"), use.clock
    if not isinstance(written, str) or "at" in use.lines.broken:
        return ""
    try:
        when = clock.read(written)
    except TimeError:
        return ""
    if when is None or when.date is None:
        return ""
    if when.counted is not None:
        return re.sub(r"[ \t]+", "", when.counted.written)
    if when.offset is not None and when.time is not None:
        local = datetime.combine(when.date, when.time, when.offset).astimezone(clock.zone or UTC)
        return str(local.date())
    return str(when.date)


def _unknown(use: Entry, name: str, stored: dict[str, Entry], others: dict[str, Entry]) -> Problem:
    mark = use.lines.marks["use"]
    if name in others:
        there = others[name]
        message = f"`{name}` is not a stored post: it has a time of its own"
        say = "Store it with `evergreen`, and give each time a use"
        if there.is_use:
            message, say = f"`{name}` is a use itself", "Name the stored post"
        related = ((there.place, f"`{name}`"),)
        return problem_at(mark, "use.unknown", message, Help(say), related=related)
    message = f"no stored post is called {snippet(name)}"
    if not stored:
        advice = Help(
            "Give a post `evergreen` and an id, and leave out its time",
            example="- id: tip-1\n  evergreen: {every: 8w}\n  text: |\n    Words",
        )
        return problem_at(mark, "use.unknown", message, advice)
    near = difflib.get_close_matches(name, sorted(stored), 1, 0.6)
    more = f" and {len(stored) - _LISTED} more" if len(stored) > _LISTED else ""
    listed = f"The stored posts are: {', '.join(sorted(stored)[:_LISTED])}{more}"
    advice = Help(f"Did you mean {near[0]}? {listed}" if near else listed)
    return problem_at(mark, "use.unknown", message, advice)


def _check_twice(entries: Sequence[Entry], problems: list[Problem]) -> None:
    """Report a second use of one stored post on one day: both would have the same id."""
    first: dict[str, Entry] = {}
    for entry in entries:
        if entry.stored is None or entry.id is None or (other := first.setdefault(entry.id, entry)) is entry:
            continue
        name, _, day = entry.id.partition("@")
        message = f"`{name}` is used twice on {day}: here and {other.place}"
        say = "Use it on another day, or name the accounts of both in one use"
        related = ((other.place, "the other use"),)
        problems.append(
            problem_at(entry.lines.marks["use"], "use.twice", message, say, key="use", related=related)
        )


def account_items(entry: Entry, lines: Map) -> Iterator[Any]:
    """The items under `accounts` that say something for a post with these `lines`: those of the stored post first."""
    for layer in [entry.stored.data, lines] if entry.stored is not None else [lines]:
        items = layer.get("accounts")
        yield from items if isinstance(items, Seq) else ()
