"""`publer-sync new`: asks what to publish, when and where, and writes it into a file of the calendar. Offline."""

from __future__ import annotations

import re
import shlex
import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from publer_sync.calendar.when.slots import NEXT
from publer_sync.calendar.when.zones import TimeError
from publer_sync.commands.running.options import members_of
from publer_sync.commands.running.problems import explained, need_accounts
from publer_sync.commands.running.saving import post_file
from publer_sync.commands.running.shared import (
    ask,
    can_ask,
    confirm,
    document,
    need_answer,
    out,
    prefix_from_here,
    say,
    screen,
)
from publer_sync.drafting import new_page as page
from publer_sync.drafting.draft import NewMedium, Wish, clock_of, copy_media, make_draft
from publer_sync.drafting.filling import LEAD, free_slots
from publer_sync.drafting.spoken import SpokenTime, spoken_time
from publer_sync.editing.new_posts import AS_WORDS
from publer_sync.editing.saving import Saving, workshop
from publer_sync.importing.account_names import account_names
from publer_sync.machine.clock import Clock
from publer_sync.machine.durable import room_fix
from publer_sync.networks.table import network_of
from publer_sync.render.layout.dates import Dates
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import CalendarError, OutputError, UsageError
from publer_sync.values.printable import one_line, printable
from publer_sync.values.problems import errors_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from publer_sync.calendar.load import Calendar
    from publer_sync.drafting.draft import Draft
    from publer_sync.values.problems import Problem

PARTS: Final = ("when", "where", "words", "pictures")
KEEP: Final = "keep"
"""The words as they are typed, where all that is wrong is how they look in a file."""
_END: Final = "."
"""A line of its own that ends the words."""
_OF_PICTURES: Final = re.compile(r"media|image|picture|video|document")
"""In the codes of what is wrong with one."""


@dataclass(frozen=True, slots=True)
class NewOptions:
    """The options as they were given; `text` is what --text says, or stdin."""

    at: str | None = None
    accounts: tuple[str, ...] = ()
    text: str | None = None
    media: tuple[str, ...] = ()
    alts: tuple[str, ...] = ()
    link: str | None = None
    labels: tuple[str, ...] = ()
    id: str | None = None
    draft: bool = False
    to: str | None = None
    as_typed: bool = False


def run(
    calendar: Calendar,
    options: NewOptions,
    *,
    style: str,
    yes: bool,
    edit: Callable[[str], str | None] | None,
) -> int:
    """`edit` lets someone write the words in an editor; None where they are typed."""
    options = _with_stdin(options)
    _check(options, asks=can_ask())
    need_answer(yes=yes)
    with explained(calendar, style=style):
        lost = [each for each in errors_in(calendar.problems) if each.code == "time.zone"]
        if lost:  # nobody would know when it is meant
            raise CalendarError(tuple(lost))
        need_accounts(calendar)
        questions = _Questions(calendar, Clock().now(), edit)
        with questions.keeping():
            draft = questions.draft(options)
            if style == "text":
                dates = Dates(calendar.settings.timezone)
                out(page.text(draft, dates, prefix=prefix_from_here(calendar.top), screen=screen()))
            failed = bool(errors_in(draft.problems))
            if not failed:
                if not yes:
                    confirm(f"This writes 1 post to {draft.file}; Publer is not changed.", again=True)
                _save(calendar, draft)
        if style == "json":
            document(page.document(draft, calendar=calendar.settings.name, written=not failed))
        elif failed:
            say("Nothing was written.")
        else:
            plan = shlex.join(["publer-sync", "plan", str(calendar.top)])
            prefix = prefix_from_here(calendar.top)
            if any(post.draft for post in draft.posts) and not options.draft:
                say(
                    "It is a draft, as `defaults` say, and not published. To schedule it, write: draft: false"
                )
            say(f"Wrote {draft.id} to {f'{prefix}/' if prefix else ''}{draft.place}. Next: {plan}")
        return 3 if failed else 0


def _with_stdin(options: NewOptions) -> NewOptions:
    return replace(options, text=sys.stdin.read()) if options.text == "-" else options


def _check(options: NewOptions, *, asks: bool) -> None:
    """Raise UsageError for what no question can put right."""
    if options.alts and len(options.alts) != len(options.media):
        raise UsageError(
            f"--media and --alt go in pairs: there are {len(options.media)} and {len(options.alts)}",
            hint='Give an --alt for each --media; --alt "" for one that needs none.',
        )
    missing = [
        name
        for name, given in (
            ("--at", options.at),
            ("--account", options.accounts),
            ("--text or --media", options.text or options.media),
        )
        if not given
    ]
    if missing and not asks:
        raise UsageError(
            f"a post needs {', '.join(missing)}, and nobody can answer here",
            hint='For example: publer-sync new --at "tomorrow 9:00" --account x --text "We are open" --yes',
        )


class _Questions:
    """Asks for what the options do not say, and again for what cannot be."""

    def __init__(self, calendar: Calendar, now: datetime, edit: Callable[[str], str | None] | None) -> None:
        self.calendar, self.now, self.edit = calendar, now, edit
        self.clock = clock_of(calendar)
        self.dates = Dates(calendar.settings.timezone)
        self.typed = ""

    @contextmanager
    def keeping(self) -> Iterator[None]:
        """Show the words that somebody typed where it ends without a post: nothing is lost."""
        try:
            yield
        except BaseException:
            if self.typed.strip():
                say("\nYour words, which were not written into any file:\n" + printable(self.typed))
            raise

    def draft(self, options: NewOptions) -> Draft:
        """The post once nothing is wrong with it, or as it is where nobody can be asked."""
        when = self._when(options.at)
        accounts = self._where(options.accounts)
        wish = Wish(
            self._in_slot(when, accounts, given=options.at is not None),
            accounts,
            link=options.link or "",
            labels=options.labels,
            id=options.id or "",
            draft=options.draft,
            to=post_file(self.calendar.top, options.to) if options.to else "",
            as_typed=options.as_typed,
        )
        asks = can_ask()
        text = options.text
        if text is None:
            text = self._ask_for_words("") if asks and not (options.media and not self.edit) else ""
        wish = replace(wish, text=text)
        if asks and options.text is None:
            self._tell_lengths(wish)
        pieces = tuple(map(NewMedium, options.media, options.alts or ("",) * len(options.media)))
        wish = replace(
            wish, media=self._pictures() if asks and not pieces and options.text is None else pieces
        )
        while True:
            draft = make_draft(self.calendar, wish, self.now)
            errors = errors_in(draft.problems)
            if not errors or not asks:
                return draft
            for line in page.problem_lines(draft):
                say(line)
            wish = self._again(wish, errors)

    def _again(self, wish: Wish, errors: Sequence[Problem]) -> Wish:
        """The wish with one part changed."""
        first = next(iter(errors))
        guess = "words"
        if first.code.startswith(("time.", "slot.", "date.", "repeat.")):
            guess = "when"
        elif first.code == "text.none" and not wish.text.strip():
            pass  # it has nothing at all, on no account
        elif first.code.startswith(("account", "text.none")):
            guess = "where"
        elif _OF_PICTURES.search(first.code):
            guess = "pictures"
        keep = (KEEP,) if all(each.code in AS_WORDS for each in errors) else ()
        question = f"What do you want to change: {', '.join((*PARTS, *keep))} (Ctrl-C stops)"
        while (answer := ask(question, default=guess).strip().lower()) not in (*PARTS, *keep):
            say(f"Answer with {', '.join((*PARTS, *keep)[:-1])} or {(*PARTS, *keep)[-1]}.")
        match answer:
            case "when":
                when = self._in_slot(self._when(None), wish.accounts, given=False)
                return replace(wish, when=when)
            case "where":
                return replace(wish, accounts=self._where(()))
            case "pictures":
                return replace(wish, media=self._pictures())
            case "keep":
                return replace(wish, as_typed=True)
            case _:
                return replace(wish, text=self._ask_for_words(wish.text))

    # --- one question each

    def _in_slot(self, when: SpokenTime | None, accounts: tuple[str, ...], *, given: bool) -> SpokenTime:
        """The time; for the next free slot, that of the first account at which all of them are free."""
        members = self.calendar.groups.members
        aliases = tuple(dict.fromkeys(alias for word in accounts for alias in members(word) or ()))
        while when is None:
            at = next(free_slots(self.calendar, aliases, self.now + LEAD), None)
            if at is not None:
                say(f"  {self.dates.both(at)}")
                return SpokenTime(at)
            message = f"{one_line(aliases[0])} has no free slot"
            if given:
                raise UsageError(f"--at next: {message}", hint="Give a time, or add slots to publer.yaml.")
            say(f"{message}. Give a time.")
            when = self._when(None)
        return when

    def _when(self, given: str | None) -> SpokenTime | None:
        """None for the next free slot."""
        while True:
            written = given or ask(
                'When ("tomorrow 9", "next tue 14:30", or "next": a free slot)', default=None
            )
            if written.strip().lower() == NEXT:
                return None
            try:
                when = spoken_time(written, self.clock, self.now)
            except TimeError as error:
                if given:
                    raise UsageError(f"--at: {error.message}", hint=str(error.help)) from None
                say(f"{error.message}. {error.help.say}.")
                continue
            if not given:
                say(f"  {self.dates.both(when.at)}")
            if given or when.at > self.now:
                return when
            say("  That time has passed. Give a later one.")

    def _where(self, given: tuple[str, ...]) -> tuple[str, ...]:
        groups = self.calendar.groups
        if given:
            for word in given:
                members_of(groups, word, self._meant)
            return given
        names = [*groups.aliases, *groups.groups]
        if len(names) == 1:
            return (names[0],)
        for number, ref in enumerate(self.calendar.settings.accounts, 1):
            say(f"  {number}  {ref.alias}: {one_line(ref.name)}")
        if groups.groups:
            say(f"  groups: {', '.join(groups.groups)}")
        while True:
            answer = ask("Where, by number or name, or all", default=None)
            chosen = [
                groups.aliases[int(word) - 1]
                if word.isdigit() and 0 < int(word) <= len(groups.aliases)
                else word
                for word in re.split(r"[,\s]+", answer)
                if word
            ]
            unknown = [word for word in chosen if not groups.members(word)]
            if chosen and not unknown:
                return tuple(dict.fromkeys(chosen))
            for word in unknown:
                say(f"There is no account {one_line(word)}. {self._meant(word)}".rstrip())
            if not unknown:
                say("Name one or more.")

    def _meant(self, word: str) -> str:
        """A question after the account that may be meant: one with a name like it, or of the network."""
        named = [
            ref.alias
            for ref in self.calendar.settings.accounts
            if word.strip().lower() in account_names(self.calendar)[ref.alias]
            or (ref.provider and network_of(word) == ref.provider)
        ]
        return f'Did you mean "{named[0]}"? ' if len(named) == 1 else self.calendar.groups.meant(word)

    def _ask_for_words(self, before: str) -> str:
        self.typed = before
        if self.edit is not None:
            self.typed = self.edit(before) or before
            return self.typed
        if before:
            say("The words so far:")
            say("\n".join(f"  {one_line(line)}" for line in before.split("\n")))
        say(f"The words. End with a line that has only a {_END} in it:")
        lines: list[str] = []
        while (line := sys.stdin.readline()) and line.rstrip("\r\n") != _END:
            lines.append(line.rstrip("\r\n"))
            self.typed = "\n".join(lines)
        return "\n".join(lines) or before

    def _pictures(self) -> tuple[NewMedium, ...]:
        pieces: list[NewMedium] = []
        while name := ask("A picture or video (a path; Enter for none)", default=None).strip("'\""):
            piece = NewMedium(name)
            if not (piece.is_address or Path(name).expanduser().is_file()):
                say(f"There is no file {one_line(name)}.")
                continue
            pieces.append(replace(piece, alt=ask("What it shows, for those who cannot see it", default=None)))
        return tuple(pieces)

    def _tell_lengths(self, wish: Wish) -> None:
        """How long the words are on each account, and what is wrong with them."""
        draft = make_draft(self.calendar, wish, self.now)
        for line in page.length_lines(draft):
            say(line)


def _save(calendar: Calendar, draft: Draft) -> None:
    before = {draft.file: draft.before} if draft.before is not None else {}
    with workshop(calendar.top) as folder:
        try:
            media = copy_media(draft.copies, folder)
        except OSError as error:
            raise OutputError(
                f"a picture cannot be copied: {error.strerror}", hint=room_fix(error)
            ) from error
        Saving(calendar.top, "new", {draft.file: draft.raw}, before, media).save(folder)
