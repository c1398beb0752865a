"""`publer-sync pull`: brings what Publer has ahead into the calendar's files. Sends only GET, and never writes the state."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync import temporary
from publer_sync.calendar.load import read
from publer_sync.commands.access import Connections
from publer_sync.commands.command_lines import command_line
from publer_sync.commands.problems import explained
from publer_sync.commands.saving import Saving, question, workshop
from publer_sync.commands.session import open_session
from publer_sync.commands.shared import confirm, document, out, prefix_from_here, say, screen
from publer_sync.planning.planner import Scope
from publer_sync.problems import errors_in
from publer_sync.publer.reader import PublerReader
from publer_sync.pulling.downloads import Downloads, download
from publer_sync.pulling.findings import find
from publer_sync.pulling.puller import Options as Options  # noqa: PLC0414 — the command line fills it
from publer_sync.pulling.puller import Reading, pull
from publer_sync.render import pull as pull_page
from publer_sync.render.dates import Dates
from publer_sync.render.wording import count

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.choice import Choice
    from publer_sync.commands.session import Session
    from publer_sync.planning.survey import Survey
    from publer_sync.pulling.puller import PullResult


def run(
    calendar: Calendar,
    choice: Choice,
    options: Options,
    *,
    style: str,
    diff: bool,
    yes: bool,
    media: bool = False,
) -> int:
    with explained(calendar, style=style), ExitStack() as stack:
        session = open_session(calendar, choice, stack, Connections(PublerReader))
        # On the calendar's disk, so that what was fetched only has to be moved.
        folder = stack.enter_context(temporary.folder() if diff else workshop(calendar.top))
        pulled = pull_in(session, options, folder if media else None)
        before = {each.file: each.raw for each in calendar.documents}
        if style == "text":
            dates = Dates.around(calendar.settings.timezone, session.access.clock.now())
            out(
                pull_page.text(
                    pulled, dates=dates, before=before, prefix=prefix_from_here(calendar.top), screen=screen()
                )
            )
        written = bool(pulled.files) and not diff
        if written:
            if not yes:
                confirm(question(len(pulled.files)))
            Saving(calendar.top, "pull", pulled.files, before, pulled.media).save(folder)
        if style == "json":
            workspace = session.access.workspace
            name = calendar.settings.name
            document(
                pull_page.document(pulled, calendar=name, workspace=workspace, before=before, written=written)
            )
        else:
            _tell_next(pulled, choice, options, written=written)
        return 6 if pulled.left or pulled.kept or (pulled.conflicts and options.prefer is None) else 0


def pull_in(session: Session[PublerReader], options: Options, folder: Path | None = None) -> PullResult:
    """The new files; nothing is written. With a `folder`, fetch the media of new posts into it."""
    access = session.access
    state = access.own_state()
    seen = access.survey(state)
    undated = access.publer.undated_drafts(account_ids=access.account_ids)
    accounts = access.accounts_by_id
    copies = seen.state.copies.values() if seen.state is not None else ()
    elsewhere = access.elsewhere()
    for error in elsewhere.unreadable.values():
        raise error  # its posts would be written into these files
    listed = {post.id: post for post in (*undated, *seen.live)}.values()
    found = find(
        replace(session, scope=None).plan(seen),
        listed,
        {copy.post_id for copy in copies if copy.post_id},
        accounts,
        session.scope or Scope(),
        elsewhere={post.id for post in listed if elsewhere.calendar_of(post)},
        now=access.clock.now(),
    )
    taken = [copy.id for copy in copies if copy.id]
    media = Downloads()
    if folder is not None:
        calendar = access.calendar
        media = download(
            found.new, access.publer.file, top=calendar.top, shared=calendar.settings.media, folder=folder
        )

    def read_again(files: Mapping[str, bytes]) -> Reading:
        return _reading(session, seen, files, media)

    return pull(access.calendar, found, accounts, taken, options, read_again, media)


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
    new = replace(session, access=replace(access, calendar=calendar), desired=desired.posts, scope=None)
    return Reading(calendar, (), desired.posts, new.plan(seen))


def _tell_next(pulled: PullResult, choice: Choice, options: Options, *, written: bool) -> None:
    whole = replace(choice, accounts=(), since=None, until=None)
    if pulled.conflicts and options.prefer == "calendar":
        say(f"To restore the calendar's version in Publer: {command_line('apply', whole)} --overwrite-edits")
    elif pulled.conflicts:
        say("For conflicts: --prefer publer writes Publer's version, --prefer calendar keeps the lines.")
    if written:
        say(f"Wrote {count(len(pulled.files), 'file')}. Next: {command_line('plan', whole)}")
