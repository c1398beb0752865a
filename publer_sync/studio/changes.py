"""What somebody does on the page, as the smallest edits of the files that say it. Nothing is written here."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from publer_sync.editing.entry_edits import Unsafe, Wanted
from publer_sync.late_dataclasses import dataclass
from publer_sync.printable import one_line
from publer_sync.studio import series
from publer_sync.studio.adding import add_new, copy_post
from publer_sync.studio.fields import FieldEdits, set_accounts
from publer_sync.studio.moving import moment_of, moved
from publer_sync.studio.orders import MoveOrder
from publer_sync.studio.posts import base_of
from publer_sync.studio.working import Expected, WorkingFiles

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from publer_sync.calendar.posts import Entry
    from publer_sync.studio.keys import PostKeys
    from publer_sync.studio.open_calendar import Snapshot
    from publer_sync.studio.orders import ChangeRequest, DuplicateOrder, NewOrder, PostFields, RemoveOrder

_LONGEST: int = 40


@dataclass(frozen=True, slots=True)
class Worked:
    """A step that is worked out. `say` tells people what was done, `label` what can be undone; `keys` are posts that it is about."""

    work: WorkingFiles
    say: str
    label: str
    keys: tuple[str, ...] = ()
    slots: frozenset[tuple[str, datetime]] = frozenset()
    """Alias and minute in which the post is meant to be."""


def steps_of(request: ChangeRequest) -> list[Callable[[Snapshot, PostKeys], Worked]]:
    """What is done one after the other, each once the one before is read: together they are one change."""
    do, key = request.do, request.key or ""
    if do.new is not None:
        order = do.new
        return [lambda snapshot, _: _new(snapshot, order)]
    if do.remove is not None:
        remove = do.remove
        return [lambda snapshot, keys: _remove(snapshot, keys, key, remove)]
    if do.duplicate is not None:
        duplicate = do.duplicate
        return [lambda snapshot, keys: _duplicate(snapshot, keys, key, duplicate)]
    if do.swap is not None:
        other = do.swap.other
        return [lambda snapshot, keys: _swap(snapshot, keys, key, other)]
    steps: list[Callable[[Snapshot, PostKeys], Worked]] = []
    fields, move = do.edit, do.move
    if fields is not None and "accounts" in fields.given:
        accounts = fields.accounts or ()
        steps.append(lambda snapshot, keys: _accounts(snapshot, keys, key, accounts))
        fields = replace(fields, given=fields.given - {"accounts"})
    if fields is not None and fields.given:
        rest = fields
        steps.append(lambda snapshot, keys: _edit(snapshot, keys, key, rest))
    if move is not None:
        there = move
        steps.append(lambda snapshot, keys: _move(snapshot, keys, key, there))
    return steps


def name_of(entry: Entry) -> str:
    words = entry.data.get("text")
    first = one_line(words.strip().split("\n")[0]) if isinstance(words, str) else ""
    short = first if len(first) <= _LONGEST else f"{first[:_LONGEST].rstrip()}…"
    return entry.id or (f'"{short}"' if short else "the post")


def _spoken(at: datetime, snapshot: Snapshot) -> str:
    local = at.astimezone(snapshot.zone)
    return f"{local:%a} {local.day} {local:%b}, {local:%H:%M}"


# --- moving


def _move(snapshot: Snapshot, keys: PostKeys, key: str, order: MoveOrder) -> Worked:
    entry, work = keys.entries[key], WorkingFiles(snapshot)
    wanted = moved(snapshot, entry, order)
    lead = next(iter(wanted.values()))
    if lead <= snapshot.now:
        raise Unsafe(f"{_spoken(lead, snapshot)} has passed")
    if entry.repeats:
        _move_in_series(work, key, entry, order, wanted)
    else:
        _write_times(work, key, entry, wanted)
    some = len(wanted) < len(snapshot.placed[entry.place])
    where = f" on {', '.join(wanted)}" if some else ""
    name, when = f"{name_of(entry)}{where}", _spoken(lead, snapshot)
    return Worked(
        work, f"{name} moved to {when}", f"move {name} to {when}", (key,), frozenset(wanted.items())
    )


def _write_times(work: WorkingFiles, key: str, entry: Entry, wanted: Mapping[str, datetime]) -> None:
    edits, expected = work.edits_of(entry), work.expected_of(entry)
    edits.write("at", {alias: Wanted(at) for alias, at in wanted.items()})
    for alias, at in wanted.items():
        expected.said[alias]["at"] = (at,)
    work.keep(edits)
    work.expected[key] = expected


def _move_in_series(
    work: WorkingFiles, key: str, entry: Entry, order: MoveOrder, wanted: Mapping[str, datetime]
) -> None:
    placed = work.snapshot.placed[entry.place]
    if order.accounts is not None and {*order.accounts} != {each.alias for each in placed}:
        raise Unsafe("a post of a series moves on all its accounts together")
    if order.series not in ("this", "all"):
        raise Unsafe("it is one of a series: move this one alone, or all from here")
    if not entry.parts:
        raise Unsafe("the days of its series cannot be read")
    parts = [name for _, name in entry.parts]
    part = order.part or parts[0]
    if part not in parts:
        raise Unsafe(f"its series has no post {part}")
    number = parts.index(part)
    if order.series == "this":
        _take_out(work, key, entry, part, wanted)
        return
    base = base_of(placed)
    if base is None:
        raise Unsafe("it is on no account of this calendar")
    where = entry.clock.zone or UTC
    to = wanted[base.alias].astimezone(where).date()
    if number == 0:
        edits = work.edits_of(entry)
        edits.write("at", {alias: Wanted(at) for alias, at in wanted.items()})
        series.shift(edits, to)
        work.keep(edits)
        work.expected[key] = _shifted(work, entry, wanted, 0)
        return
    edits = work.edits_of(entry)
    kept = _first_parts(work, entry, number)
    series.end_before(edits, part)
    work.keep(edits)
    work.expected[key] = kept
    rest = series.rest_from(entry, part, to)
    work.added.append(_shifted(work, entry, wanted, number))
    copy_post(work, entry, wanted[base.alias], entry.id, rest)


def _first_parts(work: WorkingFiles, entry: Entry, number: int) -> Expected:
    expected = work.expected_of(entry)
    for said in expected.said.values():
        said["at"] = said["at"][:number]
    return expected


def _shifted(work: WorkingFiles, entry: Entry, wanted: Mapping[str, datetime], number: int) -> Expected:
    """What the posts of a series say from one on, where each is as much later on the clock of its file as the first."""
    expected, where = work.expected_of(entry), entry.clock.zone or UTC
    for alias, said in expected.said.items():
        old = said["at"][number:]
        first = old[0].astimezone(where).replace(tzinfo=None)
        new = wanted[alias].astimezone(where).replace(tzinfo=None)
        weekdays = {at.astimezone(where).weekday() for at in old}
        moving = old[0].astimezone(where).weekday()
        later = []
        for at in old:
            local = at.astimezone(where)
            goes = len(weekdays) < 2 or local.weekday() == moving or new.date() == first.date()
            by = new - first if goes else (new - first) - (new.date() - first.date())
            shifted = local.replace(tzinfo=None) + by
            later.append(shifted.replace(tzinfo=where).astimezone(UTC))
        said["at"] = tuple(sorted(later))
    return expected


def _take_out(work: WorkingFiles, key: str, entry: Entry, part: str, wanted: Mapping[str, datetime]) -> None:
    """One post leaves its series and stands alone."""
    alone = Expected(
        {alias: {**said, "at": (wanted[alias],)} for alias, said in work.expected_of(entry).said.items()}
    )
    _except(work, key, entry, part)
    base = base_of(work.snapshot.placed[entry.place])
    at = wanted[base.alias] if base is not None else next(iter(wanted.values()))
    day = series.day_of(entry, part)
    copy_post(work, entry, at, f"{entry.id}-{day}" if entry.id else None)
    work.added.append(alone)


def _except(work: WorkingFiles, key: str, entry: Entry, part: str) -> None:
    expected = work.expected_of(entry)
    number = [name for _, name in entry.parts].index(part)
    for said in expected.said.values():
        said["at"] = said["at"][:number] + said["at"][number + 1 :]
    edits = work.edits_of(entry)
    series.leave_out(edits, part)
    work.keep(edits)
    work.expected[key] = expected


def _swap(snapshot: Snapshot, keys: PostKeys, key: str, other: str) -> Worked:
    if other not in keys.entries or other == key:
        raise Unsafe("the other post is no longer there")
    work, two = WorkingFiles(snapshot), (key, other)
    entries = [keys.entries[each] for each in two]
    if any(entry.repeats for entry in entries):
        raise Unsafe("a post of a series does not swap: move one of the two")
    times: list[datetime] = []
    for entry in entries:
        base = base_of(snapshot.placed.get(entry.place, ()))
        at = moment_of(base, None) if base is not None else None
        if at is None:
            raise Unsafe("one of the two has no time")
        times.append(at)
    for each, entry, at in zip(two, entries, reversed(times), strict=True):
        local = at.astimezone(snapshot.zone)
        order = MoveOrder(day=f"{local:%Y-%m-%d}", time=f"{local:%H:%M}")
        _write_times(work, each, entry, moved(snapshot, entry, order))
    names = " and ".join(map(name_of, entries))
    return Worked(work, f"{names} swapped", f"swap {names}", two)


# --- what a post says


def _edit(snapshot: Snapshot, keys: PostKeys, key: str, fields: PostFields) -> Worked:
    entry, work = keys.entries[key], WorkingFiles(snapshot)
    edits, expected = work.edits_of(entry), work.expected_of(entry)
    FieldEdits(edits, expected, fields).write()
    work.keep(edits)
    work.expected[key] = expected
    return Worked(work, f"{name_of(entry)} edited", f"edit {name_of(entry)}", (key,))


def _accounts(snapshot: Snapshot, keys: PostKeys, key: str, accounts: tuple[str, ...]) -> Worked:
    entry, work = keys.entries[key], WorkingFiles(snapshot)
    edits, expected = work.edits_of(entry), work.expected_of(entry)
    set_accounts(edits, accounts)
    work.keep(edits)
    kept = {alias: said for alias, said in expected.said.items() if alias in accounts}
    work.expected[key] = Expected(kept, frozenset(accounts))
    return Worked(work, f"{name_of(entry)} edited", f"edit {name_of(entry)}", (key,))


# --- posts that come and go


def _new(snapshot: Snapshot, order: NewOrder) -> Worked:
    work = WorkingFiles(snapshot)
    if not order.fields.accounts:
        raise Unsafe("a post needs an account")
    added = add_new(work, order)
    if added.at <= snapshot.now:
        raise Unsafe(f"{_spoken(added.at, snapshot)} has passed")
    slots = frozenset((alias, added.at) for alias in order.fields.accounts)
    return Worked(work, f"{added.id} added", f"add {added.id}", slots=slots)


def _duplicate(snapshot: Snapshot, keys: PostKeys, key: str, order: DuplicateOrder) -> Worked:
    entry, work = keys.entries[key], WorkingFiles(snapshot)
    wanted = moved(snapshot, entry, MoveOrder(day=order.day, part=order.part))
    if any(at <= snapshot.now for at in wanted.values()):
        raise Unsafe(f"{_spoken(next(iter(wanted.values())), snapshot)} has passed")
    base = base_of(snapshot.placed[entry.place])
    at = wanted[base.alias] if base is not None else next(iter(wanted.values()))
    work.edits_of(entry)
    work.added.append(
        Expected(
            {alias: {**said, "at": (wanted[alias],)} for alias, said in work.expected_of(entry).said.items()}
        )
    )
    copy_post(work, entry, at, entry.id)
    name, when = name_of(entry), _spoken(at, snapshot)
    slots = frozenset(wanted.items())
    return Worked(work, f"{name} duplicated on {when}", f"duplicate {name} on {when}", slots=slots)


def _remove(snapshot: Snapshot, keys: PostKeys, key: str, order: RemoveOrder) -> Worked:
    entry, work = keys.entries[key], WorkingFiles(snapshot)
    name = name_of(entry)
    parts = [part for _, part in entry.parts]
    if entry.repeats and order.series not in ("this", "all"):
        raise Unsafe("it is one of a series: remove this one alone, or all from here")
    part = order.part or (parts[0] if parts else None)
    if entry.repeats and part is not None and part not in parts:
        raise Unsafe(f"its series has no post {part}")
    whole = (
        not entry.repeats or part is None or len(parts) == 1 or (order.series == "all" and part == parts[0])
    )
    if not whole and part is not None and order.series == "this":
        _except(work, key, entry, part)
        return Worked(work, f"{name}@{part} removed", f"remove {name}@{part}", (key,))
    if not whole and part is not None:
        edits, expected = work.edits_of(entry), _first_parts(work, entry, parts.index(part))
        series.end_before(edits, part)
        work.keep(edits)
        work.expected[key] = expected
        return Worked(work, f"{name} ends before {part}", f"end {name} before {part}", (key,))
    work.gone.add(key)
    if entry.document.page is not None:
        raise Unsafe("it is in a page of the website, which is not written to")
    if entry.document.kind == "markdown":
        work.removed.add(entry.document.file)
    elif snapshot.placed.get(entry.place):
        edits = work.edits_of(entry)
        edits.remove(set(edits.placed))
        work.keep(edits)
    else:
        work.remove_entry(entry)
    return Worked(work, f"{name} removed", f"remove {name}", (key,))
