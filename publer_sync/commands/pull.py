"""`publer-sync pull`: brings what Publer has ahead into the calendar's files. Sends only GET, and never writes the state."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING, ClassVar

from publer_sync.calendar.load import read
from publer_sync.commands.reaching.connections import Connections
from publer_sync.commands.reaching.session import open_session, signed_posts
from publer_sync.commands.running import course
from publer_sync.commands.running.command_lines import command_line
from publer_sync.commands.running.file_course import FileWork
from publer_sync.commands.running.frame import Frame
from publer_sync.commands.running.shared import need_answer, prefix_from_here, screen
from publer_sync.editing.saving import Saving, workshop
from publer_sync.machine import temporary
from publer_sync.planning.planner import Scope
from publer_sync.publer.reader import PublerReader
from publer_sync.pulling.downloads import Downloads, download
from publer_sync.pulling.findings import find
from publer_sync.pulling.puller import Options as Options  # noqa: PLC0414 — re-exported: `cli` imports it from its command
from publer_sync.pulling.puller import Reading, pull
from publer_sync.render import pull as pull_page
from publer_sync.render.layout.dates import Dates
from publer_sync.render.layout.wording import count
from publer_sync.render.several import Ending
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.model import normal_text
from publer_sync.values.printable import one_line
from publer_sync.values.problems import errors_in

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from contextlib import ExitStack
    from pathlib import Path

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.reaching.access import Access
    from publer_sync.commands.reaching.session import Session
    from publer_sync.commands.running.choice import Choice
    from publer_sync.planning.survey import Survey
    from publer_sync.pulling.findings import Findings
    from publer_sync.pulling.puller import PullResult


def run(calendars: Sequence[Path], choice: Choice, request: PullRequest, *, style: str) -> int:
    need_answer(yes=request.yes, diff=request.diff)
    frame = Frame.of(calendars, choice, style=style)
    connections = Connections(PublerReader)
    return course.run(frame, Pulling(request, connections, style), connections)


@dataclass(frozen=True, slots=True)
class PullRequest:
    """What the command line says. `media`: those of new posts are downloaded."""

    options: Options
    diff: bool = False
    yes: bool = False
    media: bool = False


@dataclass(frozen=True, slots=True)
class PlannedPull:
    """What would come into the files; what was downloaded is in `folder` until they are written."""

    session: Session[PublerReader]
    folder: Path
    pulled: PullResult
    unsigned: tuple[str, ...] = ()
    """The posts that were signed off, and say something else with these files."""

    @property
    def before(self) -> dict[str, bytes]:
        """The files as they are."""
        return self.session.access.calendar.file_bytes

    @property
    def saving(self) -> Saving:
        top = self.session.access.calendar.top
        return Saving(top, "pull", self.pulled.files, self.before, self.pulled.media)


@dataclass(slots=True)
class Pulling(FileWork[PlannedPull]):
    """pull's own part of the course."""

    request: PullRequest
    connections: Connections[PublerReader]
    style: str
    doing: ClassVar[str] = "pull"
    _taken: set[str] = field(default_factory=set)
    """Ids of the new posts that a calendar before gets: where several manage an account, only one of them has a post."""

    def plan(self, calendar: Calendar, here: Choice, stack: ExitStack) -> PlannedPull:
        session = open_session(calendar, here, stack, self.connections)
        # On the calendar's disk, so that what was fetched only has to be moved.
        folder = stack.enter_context(temporary.folder() if self.diff else workshop(calendar.top))
        media = folder if self.request.media else None
        pulled = pull_in(session, self.request.options, media, taken=self._taken)
        self._taken |= {live.id for new in pulled.added for _, live in new.lives}
        return PlannedPull(session, folder, pulled, _unsigned(session, pulled))

    def text(self, planned: PlannedPull) -> str:
        at = planned.session.access
        top, timezone = at.calendar.top, at.calendar.settings.timezone
        return pull_page.text(
            planned.pulled,
            dates=Dates.around(timezone, at.clock.now()),
            before=planned.before,
            prefix=prefix_from_here(top),
            screen=screen(),
        )

    def ending(self, planned: PlannedPull, text: str, *, written: bool) -> Ending:
        pulled, prefer, at = planned.pulled, self.request.options.prefer, planned.session.access
        code = 6 if pulled.left or pulled.kept or (pulled.conflicts and prefer is None) else 0
        files = count(len(pulled.files), "file")
        line = f"{files} {'written' if written else 'to write'}" if pulled.files else "nothing to write"
        if self.style == "json":
            found = pull_page.document(
                pulled,
                calendar=at.calendar.settings.name,
                workspace=at.workspace,
                before=planned.before,
                written=written,
                unsigned=planned.unsigned,
            )
            return Ending(code, line, document=found)
        note = "\n".join(_next_steps(planned, prefer, written=written))
        return Ending(code, line, text, note=note)


def pull_in(
    session: Session[PublerReader],
    options: Options,
    folder: Path | None = None,
    *,
    taken: Collection[str] = frozenset(),
) -> PullResult:
    """The new files; nothing is written. With a `folder`, fetch the media of new posts into it.

    `taken` are ids of posts that another calendar gets.
    Raises StateError where the state, or that of a calendar beside it, cannot be read.
    """
    access = session.access
    access.store.hear_waiting()  # what it took out, nobody removed by hand
    state = access.own_state()
    seen = access.survey(state)
    session.check_repository(seen)
    undated = access.publer.undated_drafts(account_ids=access.account_ids)
    accounts = access.accounts_by_id
    copies = seen.state.copies.values() if seen.state is not None else ()
    elsewhere = access.elsewhere(state)
    for error in elsewhere.unreadable.values():
        raise error  # its posts would be written into these files
    listed = {post.id: post for post in (*undated, *seen.live)}.values()
    found = find(
        replace(session, scope=None, signed=None).plan(seen),
        listed,
        {copy.post_id for copy in copies if copy.post_id},
        accounts,
        session.scope or Scope(),
        elsewhere={post.id for post in listed if post.id in taken or elsewhere.calendar_of(post)},
        lost=seen.state.lost if seen.state is not None else (),
        now=access.clock.now(),
    )
    _leave_to_others(found, access)
    ids = [copy.id for copy in copies if copy.id]
    media = Downloads()
    if folder is not None:
        calendar = access.calendar
        media = download(
            found.new, access.publer.file, top=calendar.top, shared=calendar.settings.media, folder=folder
        )

    def read_again(files: Mapping[str, bytes]) -> Reading:
        return _reading(session, seen, files, media)

    return pull(access.calendar, found, accounts, ids, options, read_again, media)


def _unsigned(session: Session[PublerReader], pulled: PullResult) -> tuple[str, ...]:
    """The names of posts to which somebody said yes, and to other words than the files would have."""
    if session.signed is None or not pulled.files:
        return ()
    access, old = session.access, session.access.calendar
    calendar = read(old.top, workspace_env=old.workspace_env, instead=pulled.files)
    after = signed_posts(calendar, calendar.bind(access.accounts).posts, access.accounts)
    if after is None:
        return ()
    yes = [each for post in session.desired for each in post.signed_off]
    kept = [each for post in after.posts for each in post.signed_off]
    return tuple(dict.fromkeys(each.post for each in yes if each not in kept))


def _leave_to_others(found: Findings, access: Access[PublerReader]) -> None:
    """Leave out new posts that another calendar has in its files: pulled there, and not applied yet."""
    if not found.new:
        return
    near = access.neighbours
    others = {
        (post.slot, normal_text(post.text))
        for each in (*near.of_command(access.account_ids), *near.of_checkout())
        if not each.accounts.isdisjoint(access.account_ids)
        for post in each.posts()[0]
    }
    ours = [live for live in found.new if (live.slot, normal_text(live.text)) not in others]
    if theirs := len(found.new) - len(ours):
        found.new = ours
        found.counted["elsewhere"] += theirs


def _reading(
    session: Session[PublerReader], seen: Survey, files: Mapping[str, bytes], media: Downloads
) -> Reading:
    """The calendar with these files changed, judged and planned."""
    access, old = session.access, session.access.calendar
    if not files:
        return Reading(old, (), session.desired, None)
    calendar = read(old.top, workspace_env=old.workspace_env, instead=files)
    calendar = replace(calendar, fetched=dict(media.fetched))
    desired = calendar.bind(access.accounts)
    problems = calendar.judge(desired, now=access.clock.now())
    if errors := errors_in(problems):
        return Reading(calendar, tuple(errors), desired.posts, None)
    new = replace(
        session, access=replace(access, calendar=calendar), desired=desired.posts, scope=None, signed=None
    )
    return Reading(calendar, (), desired.posts, new.plan(seen))


def _next_steps(planned: PlannedPull, prefer: str | None, *, written: bool) -> Iterator[str]:
    pulled = planned.pulled
    whole = replace(planned.session.choice, accounts=(), since=None, until=None)
    if pulled.conflicts and prefer == "calendar":
        yield f"To restore the calendar's version in Publer: {command_line('apply', whole)} --overwrite-edits"
    elif pulled.conflicts:
        over = (
            "--prefer publer writes Publer's version, "
            if any(each.undone for each in pulled.conflicts)
            else ""
        )
        yield f"For conflicts: {over}--prefer calendar keeps the lines."
    if planned.unsigned:
        names = one_line(", ".join(planned.unsigned))
        yield f"Signed off before this edit, and no longer: {names}. It needs a new yes: publer-sync approve."
    if written:
        yield f"Wrote {count(len(pulled.files), 'file')}. Next: {command_line('plan', whole)}"
