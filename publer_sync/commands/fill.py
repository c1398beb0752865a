"""`publer-sync fill`: gives posts that wait for a slot (`at: next`) the next free one, in the files. Sends only GET."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar

from publer_sync.calendar.when import times
from publer_sync.calendar.when.zones import TimeError
from publer_sync.commands.reaching.connections import Connections
from publer_sync.commands.reaching.scope import aliases_of
from publer_sync.commands.reaching.session import check, open_session
from publer_sync.commands.running import course
from publer_sync.commands.running.file_course import FileWork
from publer_sync.commands.running.frame import Frame
from publer_sync.commands.running.options import refused
from publer_sync.commands.running.shared import need_answer, prefix_from_here, screen
from publer_sync.commands.store import known_uses, past_uses
from publer_sync.drafting import fill_page as page
from publer_sync.drafting.filling import FillRules, fill
from publer_sync.drafting.using import use_stored
from publer_sync.editing.saving import Saving, workshop
from publer_sync.machine.clock import Clock
from publer_sync.planning.case import HOLDS_SLOT
from publer_sync.planning.judge import NOT_KNOWN
from publer_sync.planning.match import match_waiting
from publer_sync.planning.plan import Unchanged
from publer_sync.publer.reader import PublerReader
from publer_sync.render.layout.dates import Dates
from publer_sync.render.layout.wording import count
from publer_sync.render.several import Ending
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import ExitStack
    from datetime import datetime
    from pathlib import Path

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.running.choice import Choice
    from publer_sync.drafting.filling import FillResult
    from publer_sync.drafting.stored import PastUse
    from publer_sync.drafting.using import UseResult
    from publer_sync.planning.plan import Plan
    from publer_sync.planning.survey import Survey
    from publer_sync.values.model import Post
    from publer_sync.values.problems import Location


@dataclass(frozen=True, slots=True)
class FillRequest:
    """What the command line says; `lead` is how far ahead a slot must be."""

    lead: timedelta
    until: date | None = None
    evergreen: bool = False
    offline: bool = False
    diff: bool = False
    yes: bool = False


@dataclass(frozen=True, slots=True)
class PlannedFill:
    calendar: Calendar
    folder: Path | None
    found: FillResult
    now: datetime
    used: UseResult | None = None
    """The uses of stored posts, where they were asked for."""
    note: str = ""
    """That Publer's list is incomplete, where it is."""

    @property
    def before(self) -> dict[str, bytes]:
        return self.calendar.file_bytes

    @property
    def files(self) -> dict[str, bytes]:
        return {**self.found.files, **(self.used.files if self.used is not None else {})}

    @property
    def saving(self) -> Saving:
        return Saving(self.calendar.top, "fill", self.files, self.before)


def run(
    calendars: Sequence[Path],
    choice: Choice,
    *,
    lead: str,
    until: str | None,
    evergreen: bool,
    offline: bool,
    diff: bool,
    yes: bool,
    style: str,
) -> int:
    if evergreen and not until:
        raise UsageError(
            "--evergreen needs --until: stored posts could go on for ever",
            hint="Name the last day to fill. For example: --evergreen --until 2027-03-31",
        )
    request = FillRequest(_lead(lead), _day(until) if until else None, evergreen, offline, diff, yes)
    need_answer(yes=yes, diff=diff)
    frame = Frame.of(calendars, choice, style=style, offline=offline)
    connections = Connections(PublerReader)
    return course.run(frame, Filling(request, connections, style, frame), connections)


def _lead(written: str) -> timedelta:
    duration = times.duration(written)
    if duration is None:
        raise UsageError(
            f'--lead: "{written}" is not a duration', hint="Write --lead 1d; 12h and 2w work too."
        )
    return timedelta(minutes=duration.minutes)


def _day(written: str) -> date:
    try:
        return times.read_date(written, "until")
    except TimeError as error:
        raise refused("--until", error) from error


@dataclass(slots=True)
class Filling(FileWork[PlannedFill]):
    """fill's own part of the course."""

    request: FillRequest
    connections: Connections[PublerReader]
    style: str
    frame: Frame
    doing: ClassVar[str] = "fill"
    _given: dict[tuple[str, str], set[datetime]] = field(default_factory=lambda: defaultdict(set))
    """What calendars before have got, by the network and the name of the account."""
    _got: list[Post] = field(default_factory=list)
    """The same as posts, for the budgets."""

    def plan(self, calendar: Calendar, here: Choice, stack: ExitStack) -> PlannedFill:
        check(calendar)
        if calendar.settings.budgets and self._got:
            calendar = replace(calendar, beside=(*calendar.beside, *self._got))
        names = {ref.alias: (ref.provider or "", ref.name) for ref in calendar.settings.accounts}
        taken = self._beside(names, here)
        in_publer: set[Location] = set()
        hidden: set[Location] = set()
        note = ""
        now = Clock().now()
        past: tuple[PastUse, ...] = ()
        if self.request.offline and self.request.evergreen:
            past = known_uses(calendar, here)
        if not self.request.offline:
            alone = replace(here, accounts=(), since=None, until=None)
            session = open_session(calendar, alone, stack, self.connections)
            seen, now = session.access.survey(session.access.state()), session.access.clock.now()
            aliases = {account.id: account.alias or "" for account in session.access.accounts.values()}
            for post in seen.live:
                if post.slot is not None and post.family in HOLDS_SLOT and post.account_id in aliases:
                    taken.add((aliases[post.account_id], post.slot.at))
            plan = session.plan(seen)
            in_publer, hidden = _in_publer(plan, seen, session.waiting)
            note = "\n".join(
                f"warning: {each.message}" for each in plan.warnings if each.code == "listing_short"
            )
            past = past_uses(seen.state, aliases, calendar.settings.timezone)
        rules = FillRules(
            now,
            now + self.request.lead,
            self.request.until,
            frozenset(aliases_of(calendar, here.accounts)),
            taken,
            in_publer,
            dict.fromkeys(hidden, NOT_KNOWN),
        )
        folder = None if self.diff else stack.enter_context(workshop(calendar.top))
        found = fill(calendar, rules)
        for each in found.filled:
            for alias, minute in each.minutes.items():
                self._given[names[alias]].add(minute)
            self._got += each.posts
        used = None
        if self.request.evergreen:
            used = use_stored(calendar.with_files(found.files) if found.files else calendar, rules, past)
            for use in used.uses.filled:
                for alias, minute in use.minutes.items():
                    self._given[names[alias]].add(minute)
                self._got += [replace(post, at=use.minutes[alias]) for alias, post in use.posts]
        return PlannedFill(calendar, folder, found, now, used, note)

    def _beside(self, names: Mapping[str, tuple[str, str]], here: Choice) -> set[tuple[str, datetime]]:
        """Alias and minute of what the other calendars of the command have, and of what they have got."""
        theirs: dict[tuple[str, str], set[datetime]] = defaultdict(set)
        for top in self.frame.tops:
            for post in self.frame.posts_of(top) if top != here.calendar else ():
                theirs[post.account.provider, post.account.name].add(post.at)
        return {(alias, at) for alias, name in names.items() for at in (*theirs[name], *self._given[name])}

    def text(self, planned: PlannedFill) -> str:
        calendar = planned.calendar
        return page.text(
            planned.found,
            planned.used.uses if planned.used else None,
            planned.files,
            Dates.around(calendar.settings.timezone, planned.now),
            before=planned.before,
            prefix=prefix_from_here(calendar.top),
            screen=screen(),
        )

    def ending(self, planned: PlannedFill, text: str, *, written: bool) -> Ending:
        found = planned.found
        code = 6 if any(not each.silent for each in found.left) else 0
        line = f"{count(len(found.filled), 'post')} filled, {len(found.left)} waiting"
        if planned.used is not None:
            line += f", {count(len(planned.used.uses.filled), 'use')} of stored posts"
        if self.style == "json":
            name = planned.calendar.settings.name
            return Ending(
                code,
                line,
                document=page.document(
                    found,
                    planned.used.uses if planned.used else None,
                    planned.files,
                    calendar=name,
                    before=planned.before,
                    written=written,
                ),
                note=planned.note,
            )
        return Ending(code, line, text, note=planned.note)


def _in_publer(plan: Plan, seen: Survey, waiting: Sequence[Post]) -> tuple[set[Location], set[Location]]:
    """The waiting posts that are in Publer already, and those that may be: an incomplete list lacks them."""
    entries = seen.state.entries() if seen.state is not None else {}
    kept = {
        change.copy.entry for change in plan.changes if isinstance(change, Unchanged) and change.post is None
    }
    hidden = set()
    if seen.live.short:
        wanted = {
            change.copy.entry
            for change in plan.changes
            if change.post is not None and change.copy is not None
        }
        listed = {post.id for post in seen.live}
        hidden = {
            key
            for key in entries.keys() - kept - wanted
            if any(
                copy.post_id and not copy.removed and copy.post_id not in listed for copy in entries[key].open
            )
        }
    meant = match_waiting([entries[key] for key in sorted(kept | hidden) if key in entries], {"": waiting})
    places = {key: post.location for key, (_, post) in meant.items()}
    return {places[key] for key in kept & places.keys()}, {places[key] for key in hidden & places.keys()}
