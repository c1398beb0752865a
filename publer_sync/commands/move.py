"""`publer-sync move` and `copy`: one post at another time, in its file, by the edits that the studio makes. Offline."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from datetime import UTC, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from publer_sync.calendar.explanation import find
from publer_sync.calendar.when.zones import TimeError
from publer_sync.commands.explain import file_line, slot_of
from publer_sync.commands.reaching.connections import Connections
from publer_sync.commands.reaching.scope import aliases_of
from publer_sync.commands.running import course
from publer_sync.commands.running.file_course import FileWork
from publer_sync.commands.running.frame import Frame
from publer_sync.commands.running.options import refused
from publer_sync.commands.running.shared import ask, can_ask, need_answer, prefix_from_here, screen
from publer_sync.drafting.draft import clock_of
from publer_sync.drafting.spoken import spoken_time
from publer_sync.editing.entry_edits import Unsafe
from publer_sync.editing.saving import Saving, workshop
from publer_sync.machine.clock import Clock
from publer_sync.publer.reader import PublerReader
from publer_sync.render import move as page
from publer_sync.render.several import Ending
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.studio.changes import gone_by
from publer_sync.studio.keys import PostKeys, revision_of
from publer_sync.studio.moving import moment_of
from publer_sync.studio.open_calendar import Snapshot
from publer_sync.studio.orders import ChangeRequest, DuplicateOrder, MoveOrder, StudioOrder
from publer_sync.studio.posts import base_of
from publer_sync.studio.trying import attempt
from publer_sync.studio.wording import name_of
from publer_sync.studio.working import ByHand
from publer_sync.values.errors import CalendarError, InputError, UsageError
from publer_sync.values.problems import added_problems, errors_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import ExitStack
    from datetime import datetime, tzinfo

    from publer_sync.calendar.expand import Placed
    from publer_sync.calendar.load import Calendar
    from publer_sync.calendar.posts import Entry
    from publer_sync.calendar.when.wall_clock import WallClock
    from publer_sync.commands.running.choice import Choice
    from publer_sync.values.problems import Problem

_BY: Final = re.compile(r"([+\u2212-]) ?([1-9][0-9]{0,4}) ?(m|min|minutes?|h|hours?|d|days?|w|weeks?)")
_ALONE: Final = re.compile(r"[0-9]{1,2}:[0-9]{2}")
_SAY: Final = 'Say it as +30m, -1d, 10:30, 2027-03-09, "2027-03-09 10:30" or "next tue 14:30".'
_SERIES: Final = ("this", "all")


@dataclass(frozen=True, slots=True)
class PostMoveRequest:
    """What the command line says; `series` is "this" or "all" for a post of a series."""

    what: str
    to: str
    copies: bool = False
    series: str | None = None
    diff: bool = False
    yes: bool = False


@dataclass(frozen=True, slots=True)
class PlannedPostMove:
    calendar: Calendar
    folder: Path | None
    say: str
    files: Mapping[str, bytes]
    problems: Sequence[Problem]
    """The warnings that come with it."""

    @property
    def saving(self) -> Saving:
        return Saving(self.calendar.top, "move", self.files, self.calendar.file_bytes)


def run(choice: Choice, request: PostMoveRequest, *, style: str) -> int:
    need_answer(yes=request.yes, diff=request.diff)
    frame = Frame.alone(choice, style=style)
    return course.run(frame, Moving(request, style), Connections(PublerReader))


@dataclass(slots=True)
class Moving(FileWork[PlannedPostMove]):
    """The part that move and copy have of the course."""

    request: PostMoveRequest
    style: str
    doing: ClassVar[str] = "move"

    def plan(self, calendar: Calendar, here: Choice, stack: ExitStack) -> PlannedPostMove:
        """Raises InputError where the lines cannot be changed safely, CalendarError where that would add errors."""
        snapshot = Snapshot(calendar, Clock().now())
        keys = PostKeys("")
        keys.follow(calendar.entries)
        entry, part, alias = _found(snapshot, self.request.what)
        part = part or _next_part(snapshot, entry)
        accounts = tuple(aliases_of(calendar, here.accounts)) if here.accounts else None
        named = accounts or ((alias,) if alias is not None else None)
        lead = _lead(snapshot, entry, part, named, moves=not self.request.copies)
        order = self._order(snapshot, entry, part, accounts, lead)
        key = keys.by_place[entry.place]
        try:
            tried = attempt(snapshot, keys, ChangeRequest(order, key, revision_of(entry)), snapshot.now)
        except Unsafe as unsafe:
            hint = f"Write these lines yourself:\n{unsafe.paste}" if unsafe.paste else None
            if isinstance(unsafe, ByHand) or entry.document.page is not None:
                hint = _by_hand(calendar.top, entry, self.request)
            raise InputError(f"{unsafe.reason}; nothing was written", hint=hint) from None
        except TimeError as error:
            raise refused("TO", error) from None
        added = added_problems(snapshot.problems, tried.snapshot.problems)
        if errors_in(added):
            raise CalendarError(tuple(added))
        folder = None if self.request.diff else stack.enter_context(workshop(calendar.top))
        files = {file: raw for file, raw in tried.files.items() if raw is not None}
        return PlannedPostMove(calendar, folder, f"{tried.worked.say}.", files, added)

    def _order(
        self,
        snapshot: Snapshot,
        entry: Entry,
        part: str | None,
        accounts: tuple[str, ...] | None,
        lead: Placed | None,
    ) -> StudioOrder:
        request, series = self.request, self.request.series
        now = moment_of(lead, part) if lead is not None else None
        at = meant(request.to, snapshot, now, entry.clock.zone or snapshot.zone)
        of = lead.alias if lead is not None else None
        if request.copies:
            day = f"{at.astimezone(snapshot.zone):%Y-%m-%d}"
            return StudioOrder(duplicate=DuplicateOrder(day, part, of=of, at=at))
        if entry.repeats and series is None:
            series = _asked(entry, part)
        return StudioOrder(move=MoveOrder(accounts=accounts, series=series, part=part, of=of, at=at))

    def text(self, planned: PlannedPostMove) -> str:
        return page.text(
            planned.say,
            planned.files,
            planned.problems,
            before=planned.calendar.file_bytes,
            prefix=prefix_from_here(planned.calendar.top),
            screen=screen(),
        )

    def ending(self, planned: PlannedPostMove, text: str, *, written: bool) -> Ending:
        if self.style == "json":
            return Ending(
                0,
                planned.say,
                document=page.document(
                    planned.say,
                    planned.files,
                    planned.problems,
                    calendar=planned.calendar.settings.name,
                    before=planned.calendar.file_bytes,
                    written=written,
                ),
            )
        return Ending(0, planned.say, text)


def _found(snapshot: Snapshot, what: str) -> tuple[Entry, str | None, str | None]:
    """The one post that is meant, its part of a series, and the account by which it is named. Raises UsageError."""
    calendar = snapshot.calendar
    posts = calendar.desired.posts
    slot = slot_of(calendar, [post.account for post in posts], what)
    found = find(file_line(calendar, what), calendar.entries, posts, lambda post: post.slot == slot)
    if len(found) != 1:
        message = f'there is no post "{what}" here' if not found else f'"{what}" means {len(found)} posts'
        raise UsageError(
            message, hint="Name one post by its id, ALIAS@TIME, FILE:LINE, or words of its text."
        )
    entry = found[0]
    meant_ids = {what, *(post.id for post in posts if post.slot == slot)}
    parts = [part for name, (_, part) in zip(entry.names, entry.parts, strict=False) if name in meant_ids]
    alias = next((post.account.alias for post in posts if post.slot == slot), None)
    return entry, next(iter(parts), None), alias


def _next_part(snapshot: Snapshot, entry: Entry) -> str | None:
    """Which of a series is meant where none is named: the next one ahead, else the first. None for any other post."""
    ahead = (name for _, name in entry.parts if gone_by(snapshot, entry, name) is None)
    return next(ahead, None) or next((name for _, name in entry.parts), None)


def _lead(
    snapshot: Snapshot, entry: Entry, part: str | None, accounts: tuple[str, ...] | None, *, moves: bool
) -> Placed | None:
    """The account from whose time the new one counts: one of the `accounts`, for a move one still ahead. Raises UsageError."""
    placed = snapshot.placed.get(entry.place, ())
    chosen = [each for each in placed if accounts is None or each.alias in accounts]
    if accounts is not None and placed and not chosen:
        raise UsageError(
            f"{name_of(entry)} is not on {', '.join(accounts)}",
            hint=f"It is on {', '.join(each.alias for each in placed)}.",
        )
    ahead = [each for each in chosen if (at := moment_of(each, part)) is not None and at > snapshot.now]
    return base_of(ahead if moves and ahead else chosen)


def _by_hand(top: Path, entry: Entry, request: PostMoveRequest) -> str:
    """What to do instead of a change that its lines can't say."""
    file = os.path.normpath(Path(prefix_from_here(top)) / entry.place.file).replace(os.sep, "/")
    place = f"{file}:{entry.place.line}"
    if request.copies:
        return f"Copy the lines of the post in your editor: {place}."
    if not entry.repeats or request.series == "this":
        return f"Edit the lines of the post in your editor: {place}."
    return f"Edit `at` and `repeat` in your editor: {place}, or move its posts one by one with --series this."


def _asked(entry: Entry, part: str | None) -> str:
    """Whether one post of a series moves alone or with all after it. Raises UsageError where nobody can answer."""
    question = f"{entry.id} repeats. Move the one of {part} alone (this), or with all after it (all)?"
    if not can_ask():
        raise UsageError(
            f"{entry.id} repeats: say which of its posts move",
            hint="--series this moves one alone, --series all with all after it.",
        )
    while (answer := ask(question, default=None).lower()) not in _SERIES:
        pass
    return answer


def meant(to: str, snapshot: Snapshot, now: datetime | None, own: tzinfo) -> datetime:
    """The moment that TO means for a post that is at `now`. Raises UsageError.

    A time of day is one of the calendar's clock. Without one, the post keeps its time on the clock of its `own` file.
    """
    zone, words = snapshot.zone, " ".join(to.split())
    by = _BY.fullmatch(words.lower())
    if (by or _ALONE.fullmatch(words)) and now is None:
        raise UsageError(f"{to} counts from the post's time, and it has none", hint=_SAY)
    clock = replace(clock_of(snapshot.calendar), zone=zone)
    try:
        if by is not None and now is not None:
            number = int(by[2]) * (1 if by[1] == "+" else -1)
            if by[3][0] in "mh":
                return now + number * timedelta(**{"minutes" if by[3][0] == "m" else "hours": 1})
            local = now.astimezone(own) + timedelta(days=number * (7 if by[3][0] == "w" else 1))
            return spoken_time(f"{local:%Y-%m-%d %H:%M}", replace(clock, zone=own), snapshot.now).at
        if now is not None and _ALONE.fullmatch(words):
            return spoken_time(f"{now.astimezone(zone):%Y-%m-%d} {words}", clock, snapshot.now).at
        return _spoken(to, clock, snapshot.now, now, own)
    except TimeError as error:
        raise refused("TO", error) from None
    except OverflowError:
        raise UsageError(f"{to} is too far away", hint=_SAY) from None


def _spoken(to: str, clock: WallClock, today: datetime, now: datetime | None, own: tzinfo) -> datetime:
    """A time in words; of a day alone, at the post's own time of day, if it has one. Raises TimeError."""
    if now is None:
        return spoken_time(to, clock, today).at
    try:
        return spoken_time(to, replace(clock, time=None), today).at
    except TimeError as error:
        if error.code != "time.alone":
            raise
    # Which day is today, the settings' clock says, as for every other time in words.
    day = spoken_time(to, replace(clock, time=time(12)), today).at.astimezone(clock.zone or UTC).date()
    usual = now.astimezone(own).time().replace(tzinfo=None)
    return spoken_time(day.isoformat(), replace(clock, zone=own, time=usual), today).at
