"""`publer-sync preview`: a calendar as one web page."""

from __future__ import annotations

import json
import os
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.calendar.expand import named_accounts
from publer_sync.commands.beside.old_pictures import OldPictures
from publer_sync.commands.beside.repository import addresses_of
from publer_sync.commands.beside.watching import saves
from publer_sync.commands.reaching.connections import Connections
from publer_sync.commands.reaching.scope import scope_of
from publer_sync.commands.reaching.session import open_session, signed_posts
from publer_sync.commands.running import failure, several
from publer_sync.commands.running.frame import Frame
from publer_sync.commands.running.saving import put
from publer_sync.commands.running.shared import folder, out, say
from publer_sync.machine.clock import Clock
from publer_sync.machine.durable import room_fix
from publer_sync.machine.extras import PREVIEW, require
from publer_sync.planning.standing import unmanaged
from publer_sync.previewing.html import render
from publer_sync.previewing.marking import Marker, Marking
from publer_sync.previewing.page import PreviewPage
from publer_sync.previewing.previewed import preview_of, unshown
from publer_sync.previewing.serving import PageServer
from publer_sync.previewing.thumbnails import Thumbnails
from publer_sync.publer.reader import PublerReader
from publer_sync.render.layout.wording import count
from publer_sync.render.post.entries import alias_of
from publer_sync.rules.budget import Spending
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import CalendarError, OutputError, PublerSyncError, SettingsError, UsageError
from publer_sync.values.model import Account
from publer_sync.values.printable import one_line
from publer_sync.values.problems import errors_in
from publer_sync.values.timezones import time_zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.running.choice import Choice
    from publer_sync.planning.planner import Scope
    from publer_sync.previewing.addresses import Addresses
    from publer_sync.previewing.page import PreviewedCalendar
    from publer_sync.values.model import Post
    from publer_sync.values.problems import Problem
    from publer_sync.values.signoff import SignedPosts, SignoffNeed


@dataclass(frozen=True, slots=True)
class ComparedWith:
    """What the calendar is compared with: a plan file, Publer as it is now, or nothing."""

    plan: Path | None = None
    live: bool = False
    review: str = ""
    """Only the posts that wait for the sign-off of this person."""


NOTHING = ComparedWith()


@dataclass(frozen=True, slots=True)
class _Found:
    """What there is to show; `scope` is the part that was asked for."""

    posts: tuple[Post, ...]
    problems: tuple[Problem, ...]
    scope: Scope | None
    now: datetime
    marking: Marking
    signed: SignedPosts | None = None
    old: OldPictures | None = None
    """Where marks come from: what finds pictures that left the calendar."""
    compared: bool = False
    """Whether a plan says what would be sent."""


@dataclass(frozen=True, slots=True)
class PageMaker:
    """Makes one page of any number of calendars, again each time they change."""

    frame: Frame
    compared: ComparedWith

    def make(self, version: int = 0) -> tuple[PreviewPage, int]:
        """The page, and the exit code. One calendar that cannot be shown does not hide the others.

        Raises PublerSyncError where there is only one, and it is not served.
        """
        self.frame.known.clear()  # files may have been saved since the last page
        thumbnails, connections = Thumbnails(), Connections(PublerReader)
        made: list[PreviewedCalendar] = []
        codes: list[int] = []
        people: dict[str, None] = {}
        for top in self.frame.tops:
            try:
                with self.frame.calendar(top) as (calendar, here):
                    if (person := _person(calendar, self.compared.review)) is not None:
                        people[person] = None
                    made.append(make(calendar, here, thumbnails, self.compared, connections))
                codes.append(CalendarError.exit_code if made[-1].errors else 0)
            except PublerSyncError as error:
                if len(self.frame.tops) == 1 and not version:
                    raise
                name = folder(top).as_posix()
                made.append(unshown(name, failure.line(error), Clock().now()))
                codes.append(error.exit_code)
        if self.compared.review and not people:
            raise UsageError(
                f"--review: nobody who is asked for a sign-off is called {one_line(self.compared.review)}",
                hint="Name somebody whom `signoff` in publer.yaml asks.",
            )
        reviewer = next(iter(people), "")
        return PreviewPage(tuple(made), version, reviewer=reviewer), several.worst(codes)


def run(calendars: Sequence[Path], choice: Choice, compared: ComparedWith, *, file: Path) -> int:
    maker = _maker(calendars, choice, compared)
    page, code = maker.make()
    write(file, render(page), folder(maker.frame.tops[0]))
    number = len(page.calendars)
    what = page.calendars[0].figures if number == 1 else count(number, "calendar")
    out(f"{one_line(str(file))}: {what}. Open it in a browser.")
    for each in page.calendars:
        if each.errors:
            say(
                f"{count(len(each.errors), 'error')} in {each.name}; the page shows them, and so does validate."
            )
        elif not each.figures:
            say(f"{each.name}: {each.notes[0]}")
    return code


def serve(calendars: Sequence[Path], choice: Choice, compared: ComparedWith, *, port: int) -> int:
    """Serve the page until stopped, and make it again whenever a file is saved.

    Raises SettingsError where the port is taken.
    """
    require(PREVIEW)
    maker = _maker(calendars, choice, compared)
    tops = [folder(top) for top in maker.frame.tops]
    try:
        server = PageServer(port)
    except OSError as error:
        raise SettingsError(
            f"port {port} cannot be used: {error.strerror}",
            code="preview.port",
            hint="Choose another: --port 0 finds one.",
        ) from error
    saved = saves(tops)
    with server, suppress(KeyboardInterrupt):  # which ends it, as it says
        server.show(render(maker.make(server.version + 1)[0]))
        say(
            f"{server.address} shows the calendar, and follows the files as you save them. Press Ctrl-C to stop."
        )
        for _ in saved:
            server.show(render(maker.make(server.version + 1)[0]))
    return 0


def _maker(calendars: Sequence[Path], choice: Choice, compared: ComparedWith) -> PageMaker:
    frame = Frame.of(calendars, choice, style="text", offline=not compared.live)
    if len(frame.tops) > 1 and compared.plan is not None:
        raise UsageError(
            f"a plan file is for one calendar, and there are {len(frame.tops)}", hint="Name its calendar."
        )
    return PageMaker(frame, compared)


def make(
    calendar: Calendar,
    choice: Choice,
    thumbnails: Thumbnails,
    compared: ComparedWith = NOTHING,
    connections: Connections[PublerReader] | None = None,
    addresses: Addresses | None = None,
) -> PreviewedCalendar:
    """What a page shows of one calendar. Raises CalendarError where no post can be found in it.

    Without `addresses`, they are those of the repository's default branch.
    """
    if not calendar.entries and errors_in(calendar.problems):
        raise CalendarError(calendar.judged)
    where = addresses or addresses_of(calendar.top, os.environ)
    if compared.live and not errors_in(calendar.judged):
        found = _live(calendar, choice, thumbnails, connections or Connections(PublerReader), where)
    else:
        found = _offline(calendar, choice, compared, thumbnails, where)
    if compared.review:
        person = _person(calendar, compared.review) or compared.review
        found = _for_review(found, calendar, person, thumbnails, where)
    return preview_of(
        calendar,
        [post for post in found.posts if found.scope is None or found.scope.has(post.account, post.at)],
        found.problems,
        thumbnails,
        now=found.now,
        filtered=found.scope is not None or bool(compared.review),
        marking=found.marking,
        old=found.old.find if found.old else lambda _digest, _name: None,
        addresses=where,
        budgets=Spending(
            found.posts, calendar.beside, calendar.settings.budgets, time_zone(calendar.settings.timezone)
        ).left(found.now),
        signed=found.signed,
    )


def _person(calendar: Calendar, word: str) -> str | None:
    """Whom a calendar asks, by the name that was given; None where nobody is meant."""
    from publer_sync.values.signoff import Signoff

    return Signoff.of(calendar.settings).called(word)


def _for_review(
    found: _Found, calendar: Calendar, person: str, thumbnails: Thumbnails, where: Addresses
) -> _Found:
    """Only what waits for the person: what a plan says of that, where there is one, else by the files alone."""
    signed = found.signed
    if signed is None:
        asking: Iterable[tuple[Post, SignoffNeed]] = ()
    elif found.compared:
        asking = _asked_by_plan(found, signed, person)
    else:
        asking = signed.waiting(found.now)
    waiting = [(post, asked) for post, asked in asking if person in asked.people]
    old = OldPictures(calendar.top, found.posts)
    marker = Marker(calendar.settings.timezone, found.now, thumbnails, found.posts, old.find, where)
    who = signed.signoff.name(person) if signed is not None else person
    return replace(
        found,
        posts=tuple(post for post, _ in waiting),
        marking=marker.of_signoff(waiting, who),
        old=old,
    )


def _asked_by_plan(found: _Found, signed: SignedPosts, person: str) -> Iterator[tuple[Post, SignoffNeed]]:
    """The posts ahead that wait for the person by the plan, which also goes by what was last sent."""
    rules = [rule for rule in signed.signoff.rules if person in rule.by]
    labels = [label for rule in rules for label in rule.labels]
    accounts = [alias for rule in rules for alias in rule.accounts]
    for post in found.posts:
        waits = post.at > found.now and person in found.marking.people.get(
            (alias_of(post.account), post.at), ()
        )
        if waits and (asked := signed.asked(post, labels=labels, accounts=accounts)) is not None:
            yield post, asked


def _offline(
    calendar: Calendar, choice: Choice, compared: ComparedWith, thumbnails: Thumbnails, where: Addresses
) -> _Found:
    now, marking, named, old = Clock().now(), Marking(), named_accounts(calendar.settings), None
    if compared.plan is not None:
        with _plan_file(compared.plan):
            document = json.loads(compared.plan.read_text(encoding="utf-8"))
            accounts = [Account(**each) for each in document["shown"]["accounts"]]
            named |= {each.alias: each for each in accounts if each.alias in named}
    scope, desired = scope_of(choice, calendar, named), calendar.desired
    if compared.plan is not None or compared.review:
        # With the digests of the pictures, by which plans and approvals know them.
        desired = calendar.bind(named)
    if compared.plan is not None:
        old = OldPictures(calendar.top, desired.posts)
        marker = Marker(calendar.settings.timezone, now, thumbnails, desired.posts, old.find, where)
        with _plan_file(compared.plan):
            marking = marker.of_document(document)
    elif compared.live:
        marking = Marking(source="Not compared with Publer: the calendar has errors.")
    problems = calendar.judge(desired, now=now)
    signed = signed_posts(calendar, desired.posts, named)
    return _Found(
        desired.posts,
        problems,
        scope,
        now,
        marking,
        signed,
        old,
        compared=compared.plan is not None,
    )


@contextmanager
def _plan_file(file: Path) -> Iterator[None]:
    """What goes wrong in reading it has one reason."""
    try:
        yield
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(
            f'"{file}" is not a plan file of this version', hint="Make one: publer-sync plan --out FILE."
        ) from error


def _live(
    calendar: Calendar,
    choice: Choice,
    thumbnails: Thumbnails,
    connections: Connections[PublerReader],
    where: Addresses,
) -> _Found:
    """With nothing but GET."""
    with ExitStack() as stack:
        session = open_session(calendar, choice, stack, connections)
        at = session.access
        seen = at.survey(at.state())
        plan, now = session.plan(seen), at.clock.now()
        by_id = at.accounts_by_id
        adopted = {change.live.id for change in plan.changes if change.live}
        others = [
            post
            for post in unmanaged(seen.live, seen.state, now)
            if post.account_id in by_id and post.at and post.id not in adopted
            if session.scope is None or session.scope.has(by_id[post.account_id], post.at)
        ]
    posts = session.desired
    old = OldPictures(calendar.top, posts)
    marker = Marker(calendar.settings.timezone, now, thumbnails, posts, old.find, where)
    return _Found(
        posts,
        session.remarks,
        session.scope,
        now,
        marker.of_plan(plan, others, by_id),
        session.signed,
        old,
        compared=True,
    )


def live_marking(calendar: Calendar, choice: Choice, connections: Connections[PublerReader]) -> Marking:
    """What plan would do, with nothing but GET. Raises PublerSyncError."""
    where = addresses_of(calendar.top, os.environ)
    return _live(calendar, choice, Thumbnails(), connections, where).marking


def write(file: Path, page: str, top: Path | None = None) -> None:
    """Write a page: HTML in UTF-8. Raises OutputError."""
    try:
        put(file, page.encode(), top)
    except OSError as error:
        raise OutputError(
            f"the page cannot be written to {file}: {error.strerror}",
            code="preview.unwritten",
            hint=room_fix(error),
        ) from error
