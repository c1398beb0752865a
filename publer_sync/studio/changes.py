"""What somebody does on the page, as the smallest edits of the files that say it. Nothing is written here."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

from publer_sync.drafting.stored import next_version
from publer_sync.editing.entry_edits import Unsafe, Wanted
from publer_sync.render.layout.wording import count
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.studio import series
from publer_sync.studio.adding import add_new, add_use, copy_post
from publer_sync.studio.fields import FieldEdits, set_accounts
from publer_sync.studio.labels import label_stays
from publer_sync.studio.moving import first_time, moment_of, moved, needs_time_on
from publer_sync.studio.orders import MoveOrder, PostFields, RemoveOrder
from publer_sync.studio.posts import base_of
from publer_sync.studio.wording import (
    accounts_told,
    edit_told,
    name_of,
    posts_counted,
    spoken,
    spoken_day,
    spoken_part,
    spoken_with_own,
)
from publer_sync.studio.working import Expected, WorkingFiles

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from publer_sync.calendar.expand import Placed
    from publer_sync.calendar.posts import Entry
    from publer_sync.studio.keys import PostKeys
    from publer_sync.studio.open_calendar import Snapshot
    from publer_sync.studio.orders import (
        ChangeRequest,
        DuplicateOrder,
        LabelOrder,
        NewOrder,
        StudioOrder,
        SwapOrder,
    )


@dataclass(frozen=True, slots=True)
class Worked:
    """A step that is worked out. `say` tells people what was done, `label` what can be undone; `keys` are posts that it is about."""

    work: WorkingFiles
    say: str
    label: str
    keys: tuple[str, ...] = ()
    slots: frozenset[tuple[str, datetime]] = frozenset()
    """Alias and minute in which the post is meant to be."""


Step: TypeAlias = "tuple[str, Callable[[Snapshot, PostKeys], Worked]]"
"""The key of the post that has to be there, "" for none, and what is done."""


def steps_of(request: ChangeRequest) -> list[Step]:
    """What is done one after the other, each once the one before is read: together they are one change."""
    if request.posts:
        return [step for post in request.posts for step in _steps(request.do, post.key, post.part)]
    return _steps(request.do, request.key or "", None)


def _steps(do: StudioOrder, key: str, part: str | None) -> list[Step]:
    if do.new is not None:
        order = do.new
        return [("", lambda snapshot, _: _new(snapshot, order))]
    if do.remove is not None:
        remove = do.remove if part is None else RemoveOrder("this", part)
        return [(key, lambda snapshot, keys: _remove(snapshot, keys, key, remove))]
    if do.duplicate is not None:
        duplicate = do.duplicate
        return [(key, lambda snapshot, keys: _duplicate(snapshot, keys, key, duplicate))]
    if do.swap is not None:
        swap = do.swap
        return [(key, lambda snapshot, keys: _swap(snapshot, keys, key, swap))]
    if do.label is not None:
        label = do.label
        return [(key, lambda snapshot, keys: _label(snapshot, keys, key, label))]
    steps: list[Step] = []
    fields, move = do.edit, do.move
    if fields is not None and "accounts" in fields.given:
        accounts = fields.accounts or ()
        steps.append((key, lambda snapshot, keys: _accounts(snapshot, keys, key, accounts)))
        fields = replace(fields, given=fields.given - {"accounts"})
    if fields is not None and fields.given:
        rest = fields
        steps.append((key, lambda snapshot, keys: _edit(snapshot, keys, key, rest)))
    if move is not None:
        there = move if part is None else replace(move, part=part, series="this")
        steps.append((key, lambda snapshot, keys: _move(snapshot, keys, key, there)))
    return steps


def one_change(done: Sequence[Worked], request: ChangeRequest) -> Worked:
    """The steps of one change as one, in words about all of them."""
    last = done[-1]
    keys = tuple(dict.fromkeys(key for each in done for key in each.keys))
    slots = frozenset(slot for each in done for slot in each.slots)
    if len(request.posts) < 2:
        say = "; ".join(dict.fromkeys(each.say for each in done))
        return Worked(last.work, say, last.label, keys, slots)
    posts, do = posts_counted(len(request.posts)), request.do
    if do.move is not None and do.move.by is not None:
        way = "later" if do.move.by > 0 else "earlier"
        say = f"{posts} moved: {count(abs(do.move.by), 'day')} {way}"
    elif do.move is not None:
        say = f"{posts} moved"
    elif do.remove is not None:
        say = f"{posts} removed"
    else:
        say = f"{posts} labelled"
    return Worked(last.work, say, say, keys, slots)


# --- what has passed


def gone_by(snapshot: Snapshot, entry: Entry, part: str | None = None) -> datetime | None:
    """When the last of a post was published, or should have been, where that has passed on all its accounts."""
    moments = [
        moment.at
        for placed in snapshot.placed.get(entry.place, ())
        for moment in placed.moments
        if moment.at is not None and part in (None, moment.part)
    ]
    return max(moments) if moments and max(moments) <= snapshot.now else None


def _needs_to_be_ahead(snapshot: Snapshot, entry: Entry, part: str | None = None) -> None:
    if (at := gone_by(snapshot, entry, part)) is not None:
        raise Unsafe(
            f"{name_of(entry)} was for {spoken(at, snapshot)}, which has passed: duplicate it to a day ahead"
        )


# --- moving


def _move(snapshot: Snapshot, keys: PostKeys, key: str, order: MoveOrder) -> Worked:
    entry, work = keys.entries[key], WorkingFiles(snapshot)
    if entry.is_stored:
        return _use(snapshot, entry, order)
    _needs_to_be_ahead(snapshot, entry, order.part or _first_part(entry))
    wanted = moved(snapshot, entry, order, ahead=True)
    if (first := min(wanted.values())) <= snapshot.now:
        raise Unsafe(f"{spoken(first, snapshot)} has passed")
    base = base_of([each for each in snapshot.placed[entry.place] if each.alias in wanted])
    lead = wanted.get(order.of or (base.alias if base is not None else ""), first)
    if entry.repeats:
        _move_in_series(work, key, entry, order, wanted)
    else:
        _write_times(work, key, entry, wanted)
    some = len(wanted) < len(snapshot.placed[entry.place])
    where = f" on {', '.join(wanted)}" if some else ""
    name, when = f"{name_of(entry)}{where}", spoken_with_own(lead, snapshot, entry)
    return Worked(
        work, f"{name} moved to {when}", f"move {name} to {when}", (key,), frozenset(wanted.items())
    )


def _use(snapshot: Snapshot, entry: Entry, order: MoveOrder) -> Worked:
    """A stored post stays in store, and a use of it comes."""
    work = WorkingFiles(snapshot)
    placed = snapshot.placed.get(entry.place, ())
    if entry.evergreen is None or entry.id is None or not placed:
        raise Unsafe("it cannot be used before its errors are fixed")
    aliases = [each.alias for each in placed]
    at = first_time(snapshot, aliases, order, entry.clock.time)
    if at <= snapshot.now:
        raise Unsafe(f"{spoken(at, snapshot)} has passed")
    version = next_version(snapshot.calendar, entry)
    minutes = add_use(work, entry, at, version, frozenset(aliases))
    name, when = f"a use of {entry.id}", spoken(at, snapshot)
    return Worked(work, f"{name} added on {when}", f"add {name} on {when}", slots=minutes)


def _first_part(entry: Entry) -> str | None:
    return entry.parts[0][1] if entry.parts else None


def _needs_part(parts: Sequence[str], order: MoveOrder | RemoveOrder, verb: str) -> None:
    """Raises Unsafe where one of several is meant, and none is named."""
    if order.series == "this" and order.part is None and len(parts) > 1:
        raise Unsafe(
            f"which post of the series is meant is not known: open the card of its day, and {verb} it there"
        )


def _needs_all_times(placed: Sequence[Placed], wanted: Mapping[str, datetime]) -> None:
    """Raises Unsafe where a post has no time on one of its accounts: a copy, or its series, has one line for all."""
    if without := [each.alias for each in placed if each.alias not in wanted]:
        raise needs_time_on(without)


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
    _needs_all_times(placed, wanted)
    if order.series not in ("this", "all"):
        raise Unsafe("it is one of a series: move this one alone, or all from here")
    if not entry.parts:
        raise Unsafe("the days of its series cannot be read")
    parts = [name for _, name in entry.parts]
    _needs_part(parts, order, "move")
    part = order.part or parts[0]
    if part not in parts:
        raise Unsafe(f"its series has no post {part}")
    number = parts.index(part)
    if order.series == "this" and len(parts) > 1:  # the last of its series moves as the whole of it
        _take_out(work, key, entry, part, wanted)
        return
    if any(moment.at is None for each in placed for moment in each.moments[number:]):
        raise Unsafe("a post of its series has no time: fix that first")
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
        work.expected[key] = _shifted(work, entry, wanted, 0, to)
        return
    edits = work.edits_of(entry)
    kept = _first_parts(work, entry, number)
    series.end_before(edits, part)
    work.keep(edits)
    work.expected[key] = kept
    rest = series.rest_from(entry, part, to)
    work.added.append(_shifted(work, entry, wanted, number, to))
    copy_post(work, entry, wanted, entry.id, rest)


def _first_parts(work: WorkingFiles, entry: Entry, number: int) -> Expected:
    expected = work.expected_of(entry)
    for said in expected.said.values():
        said["at"] = said["at"][:number]
    return expected


def _shifted(
    work: WorkingFiles, entry: Entry, wanted: Mapping[str, datetime], number: int, to: date
) -> Expected:
    """What the posts of a series say from one on, where each is as much later on the clock of its file as the first."""
    expected, where = work.expected_of(entry), entry.clock.zone or UTC
    old = [day for day, _ in entry.parts[number:]]
    steps = [new - day for day, new in zip(old, series.later_days(entry, number, to), strict=True)]
    for alias, said in expected.said.items():
        first, *_ = moments = [at.astimezone(where).replace(tzinfo=None) for at in said["at"][number:]]
        aside = wanted[alias].astimezone(where).replace(tzinfo=None) - first - steps[0]
        said["at"] = tuple(
            sorted(
                (at + step + aside).replace(tzinfo=where).astimezone(UTC)
                for at, step in zip(moments, steps, strict=True)
            )
        )
    return expected


def _take_out(work: WorkingFiles, key: str, entry: Entry, part: str, wanted: Mapping[str, datetime]) -> None:
    """One post leaves its series and stands alone."""
    alone = Expected(
        {alias: {**said, "at": (wanted[alias],)} for alias, said in work.expected_of(entry).said.items()}
    )
    _except(work, key, entry, part)
    day = series.day_of(entry, part)
    copy_post(work, entry, wanted, f"{entry.id}-{day}" if entry.id else None)
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


def _swap(snapshot: Snapshot, keys: PostKeys, key: str, order: SwapOrder) -> Worked:
    if order.other not in keys.entries or order.other == key:
        raise Unsafe("the other post is no longer there")
    work, two = WorkingFiles(snapshot), (key, order.other)
    first, second = entries = [keys.entries[each] for each in two]
    for entry in entries:
        _needs_to_be_ahead(snapshot, entry)
    if any(entry.repeats for entry in entries):
        raise Unsafe("a post of a series does not swap: move one of the two")
    wanted = moved(snapshot, first, order.move, ahead=True)
    # On the account where they meet, each takes the minute of the other; their other accounts move by as much.
    at = {each.alias: moment_of(each, None) for each in snapshot.placed.get(second.place, ())}
    alias = next((each for each, there in wanted.items() if at.get(each) == there), None)
    if alias is None:
        raise Unsafe(f"{name_of(second)} is no longer at that time: move {name_of(first)} again")
    left = next(moment_of(each, None) for each in snapshot.placed[first.place] if each.alias == alias)
    if left is None:
        raise Unsafe("one of the two has no time")
    local = left.astimezone(snapshot.zone)
    back = MoveOrder(day=f"{local:%Y-%m-%d}", time=f"{local:%H:%M}", of=alias)
    for each, entry, times in (
        (key, first, wanted),
        (order.other, second, moved(snapshot, second, back, ahead=True)),
    ):
        if (earliest := min(times.values())) <= snapshot.now:
            raise Unsafe(f"{name_of(entry)} would be at {spoken(earliest, snapshot)}, which has passed")
        _write_times(work, each, entry, times)
    names = " and ".join(map(name_of, entries))
    return Worked(work, f"{names} swapped", f"swap {names}", two)


# --- what a post says


def _edit(snapshot: Snapshot, keys: PostKeys, key: str, fields: PostFields) -> Worked:
    entry, work = keys.entries[key], WorkingFiles(snapshot)
    _needs_to_be_ahead(snapshot, entry)
    edits, expected = work.edits_of(entry), work.expected_of(entry)
    FieldEdits(edits, expected, fields).write()
    work.keep(edits)
    work.expected[key] = expected
    say = edit_told(entry, fields, work.expected_of(entry).said, expected.said)
    return Worked(work, say, f"edit {name_of(entry)}", (key,))


def _label(snapshot: Snapshot, keys: PostKeys, key: str, order: LabelOrder) -> Worked:
    entry = keys.entries[key]
    base = base_of(snapshot.placed.get(entry.place, ()))
    had = [str(each) for each in (base.merged.get("labels") or ())] if base is not None else []
    labels = dict.fromkeys((*(each for each in had if each not in order.remove), *order.add))
    worked = _edit(snapshot, keys, key, PostFields(frozenset({"labels"}), labels=tuple(labels)))
    kept = {label for said in worked.work.expected[key].said.values() for label in said.get("labels") or ()}
    if stays := next((each for each in order.remove if each in kept), None):
        raise label_stays(snapshot, entry, stays)
    return worked


def _accounts(snapshot: Snapshot, keys: PostKeys, key: str, accounts: tuple[str, ...]) -> Worked:
    entry, work = keys.entries[key], WorkingFiles(snapshot)
    _needs_to_be_ahead(snapshot, entry)
    edits, expected = work.edits_of(entry), work.expected_of(entry)
    set_accounts(edits, accounts)
    work.keep(edits)
    kept = {alias: said for alias, said in expected.said.items() if alias in accounts}
    work.expected[key] = Expected(kept, frozenset(accounts))
    return Worked(work, accounts_told(entry, edits.placed, accounts), f"edit {name_of(entry)}", (key,))


# --- posts that come and go


def _new(snapshot: Snapshot, order: NewOrder) -> Worked:
    work = WorkingFiles(snapshot)
    if not order.fields.accounts:
        raise Unsafe("a post needs an account")
    added = add_new(work, order)
    if added.at <= snapshot.now:
        raise Unsafe(f"{spoken(added.at, snapshot)} has passed")
    slots = frozenset((alias, added.at) for alias in order.fields.accounts)
    return Worked(work, f"{added.id} added", f"add {added.id}", slots=slots)


def _duplicate(snapshot: Snapshot, keys: PostKeys, key: str, order: DuplicateOrder) -> Worked:
    entry, work = keys.entries[key], WorkingFiles(snapshot)
    if entry.is_stored:
        return _use(snapshot, entry, MoveOrder(day=order.day, time=order.time, at=order.at))
    there = MoveOrder(day=order.day, time=order.time, part=order.part, of=order.of, at=order.at)
    wanted = moved(snapshot, entry, there)
    _needs_all_times(snapshot.placed[entry.place], wanted)
    if (first := min(wanted.values())) <= snapshot.now:
        raise Unsafe(f"{spoken(first, snapshot)} has passed")
    base = base_of(snapshot.placed[entry.place])
    at = wanted.get(order.of or (base.alias if base is not None else ""), first)
    work.edits_of(entry)
    work.added.append(
        Expected(
            {alias: {**said, "at": (wanted[alias],)} for alias, said in work.expected_of(entry).said.items()}
        )
    )
    copy_post(work, entry, wanted, entry.id)
    name, when = name_of(entry), spoken_with_own(at, snapshot, entry)
    slots = frozenset(wanted.items())
    return Worked(work, f"{name} duplicated on {when}", f"duplicate {name} on {when}", slots=slots)


def _remove(snapshot: Snapshot, keys: PostKeys, key: str, order: RemoveOrder) -> Worked:
    entry, work = keys.entries[key], WorkingFiles(snapshot)
    name = name_of(entry)
    parts = [part for _, part in entry.parts]
    if entry.repeats and order.series not in ("this", "all"):
        raise Unsafe("it is one of a series: remove this one alone, or all from here")
    _needs_part(parts, order, "remove")
    part = order.part or (parts[0] if parts else None)
    if entry.repeats and part is not None and part not in parts:
        raise Unsafe(f"its series has no post {part}")
    whole = (
        not entry.repeats or part is None or len(parts) == 1 or (order.series == "all" and part == parts[0])
    )
    if not whole and part is not None and order.series == "this":
        _except(work, key, entry, part)
        one = spoken_part(entry, part, snapshot.today)
        skipped = f"{name} skips {spoken_day(series.day_of(entry, part), snapshot.today)}"
        return Worked(work, skipped, f"remove {one}", (key,))
    if not whole and part is not None:
        edits, expected = work.edits_of(entry), _first_parts(work, entry, parts.index(part))
        series.end_before(edits, part)
        work.keep(edits)
        work.expected[key] = expected
        day = spoken_day(series.day_of(entry, part), snapshot.today)
        return Worked(work, f"{name} ends before {day}", f"end {name} before {day}", (key,))
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
