"""`publer-sync approve`: records who signs off which posts, in the calendar's approvals.yaml. Asks Publer for nothing."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, cast

from publer_sync.calendar.expand import named_accounts
from publer_sync.calendar.folder import APPROVALS
from publer_sync.commands.reaching.environment import Environment
from publer_sync.commands.reaching.parts import KnownParts
from publer_sync.commands.reaching.session import check, signed_posts
from publer_sync.commands.running import course
from publer_sync.commands.running.file_course import FileWork
from publer_sync.commands.running.frame import Frame
from publer_sync.commands.running.options import instant
from publer_sync.commands.running.shared import need_answer, prefix_from_here, say, screen
from publer_sync.drafting import approve_page as page
from publer_sync.drafting.approving import Desk, GivenAnswer, HadBefore
from publer_sync.editing.approvals import with_approvals
from publer_sync.editing.saving import Saving, workshop
from publer_sync.ledger.repositories import Repositories
from publer_sync.machine.clock import Clock
from publer_sync.render.layout.dates import Dates
from publer_sync.render.several import Ending
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import PublerSyncError, UsageError
from publer_sync.values.model import Slot
from publer_sync.values.printable import one_line
from publer_sync.values.signoff import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from contextlib import ExitStack
    from datetime import datetime
    from pathlib import Path

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.running.choice import Choice
    from publer_sync.drafting.approving import Approving
    from publer_sync.ledger.copies import Copy
    from publer_sync.values.model import Post
    from publer_sync.values.signoff import SignedPosts, Signoff

_NAMES = "Name the posts by their ids, or all that wait with --all, or a file of answers with --from."


@dataclass(frozen=True, slots=True)
class ApproveRequest:
    """What the command line says: names of posts, all, or a file of answers."""

    names: tuple[str, ...] = ()
    everything: bool = False
    by: str | None = None
    file: Path | None = None
    diff: bool = False
    yes: bool = False


@dataclass(frozen=True, slots=True)
class PlannedApproval:
    calendar: Calendar
    folder: Path | None
    found: Approving
    name: str
    """Of the person."""
    files: dict[str, bytes]
    now: datetime

    @property
    def before(self) -> dict[str, bytes]:
        return self.calendar.file_bytes

    @property
    def saving(self) -> Saving:
        return Saving(self.calendar.top, "approve", self.files, self.before)


def run(choice: Choice, request: ApproveRequest, *, style: str) -> int:
    need_answer(yes=request.yes, diff=request.diff)
    given = [bool(request.names), request.everything, request.file is not None]
    if sum(given) != 1:
        why = "names no post" if not any(given) else "says in two ways which posts are meant"
        raise UsageError(f"the command {why}", hint=_NAMES)
    return course.run(Frame.alone(choice, style=style), _Recording(request, style))


@dataclass(slots=True)
class _Recording(FileWork[PlannedApproval]):
    """approve's own part of the course."""

    request: ApproveRequest
    style: str
    doing: ClassVar[str] = "approve"

    def plan(self, calendar: Calendar, here: Choice, stack: ExitStack) -> PlannedApproval:
        """Raises UsageError where the person, a post or the file of answers is not known."""
        check(calendar)
        accounts = named_accounts(calendar.settings)
        posts, now = calendar.bind(accounts).posts, Clock().now()
        signed = signed_posts(calendar, posts, accounts)
        if signed is None:
            raise UsageError(
                "this calendar asks nobody for a sign-off",
                hint='Say in publer.yaml who is asked for what.\nFor example:\npeople: {kari: "Kari, Acme AS"}\nsignoff: [{by: kari}]',
            )
        answers = read_answers(self.request.file) if self.request.file is not None else None
        by = _person(signed.signoff, self.request.by, answers[0] if answers is not None else None)
        desk = Desk(signed, posts, by, now, _Ledger(calendar, here, posts).past)
        if answers is not None:
            found = desk.answer(_of_calendar(answers[1], calendar.settings.name))
        elif self.request.everything:
            try:
                found = desk.approve_all()
            except PublerSyncError as error:
                why = one_line(error.message)
                say(f"The ledger cannot be read ({why}): only what the files alone ask for is signed off.")
                found = Desk(signed, posts, by, now).approve_all()
        else:
            found = desk.approve(_named(self.request.names, calendar, signed, posts, by))
        files: dict[str, bytes] = {}
        if found.new or found.gone:
            known = calendar.approvals
            files[APPROVALS] = with_approvals(
                calendar.file_bytes.get(APPROVALS, b""),
                known,
                [each for each, _ in found.new],
                [each for each, _ in found.gone],
                calendar.top,
            )
        folder = None if self.diff else stack.enter_context(workshop(calendar.top))
        return PlannedApproval(calendar, folder, found, one_line(signed.signoff.name(by)), files, now)

    def text(self, planned: PlannedApproval) -> str:
        calendar = planned.calendar
        return page.text(
            planned.found,
            planned.name,
            planned.files,
            Dates.around(calendar.settings.timezone, planned.now),
            before=planned.before,
            prefix=prefix_from_here(calendar.top),
            screen=screen(),
        )

    def ending(self, planned: PlannedApproval, text: str, *, written: bool) -> Ending:
        found = planned.found
        code = 0 if found.clean else 6
        if self.style == "json":
            name = planned.calendar.settings.name
            document = page.document(
                found, planned.files, calendar=name, before=planned.before, written=written
            )
            return Ending(code, page.line(found), document=document)
        note = f"Wrote {APPROVALS}. Commit it: the next apply sends what is signed off." if written else ""
        return Ending(code, page.line(found), text, note=note)


class _Ledger:
    """What posts had when they were last sent, as the calendar's part of the ledger has it. Read once, where it is asked."""

    def __init__(self, calendar: Calendar, choice: Choice, posts: Sequence[Post]) -> None:
        self._calendar, self._choice = calendar, choice
        self._there = {(post.account.alias, post.id) for post in posts}

    def past(self, post: Post) -> HadBefore:
        """What it had on its account, or else on those that it left. Raises StateError as the store does."""
        sent = self._sent.get(post.id or post.at, ())
        own = [copy for alias, copy in sent if alias == post.account.alias]
        left = [] if own or not post.id else [each for each in sent if (each[0], post.id) not in self._there]
        copies = [*own, *(copy for _, copy in left)]
        labels = dict.fromkeys(label for copy in copies for label in copy.sent.labels)
        return HadBefore(tuple(labels), tuple(dict.fromkeys(alias for alias, _ in left)))

    @cached_property
    def _sent(self) -> Mapping[str | datetime, Sequence[tuple[str, Copy]]]:
        """By its id and by its time, each post's newest copy, with the alias of its account."""
        from publer_sync.commands.log import accounts_in

        parts = KnownParts(self._choice, Environment.of(os.environ), Repositories())
        workspace = parts.workspace(self._calendar)
        state = parts.open(self._calendar, workspace).read() if workspace is not None else None
        accounts = accounts_in(state, self._calendar) if state is not None else {}
        found: defaultdict[str | datetime, list[tuple[str, Copy]]] = defaultdict(list)
        for entry in state.entries().values() if state is not None else ():
            if entry.account in accounts:
                newest, alias = entry.newest, accounts[entry.account].alias or ""
                found[newest.slot].append((alias, newest))
                if newest.id:
                    found[newest.id].append((alias, newest))
        return found


def _person(signoff: Signoff, given: str | None, written: str | None) -> str:
    """Who says yes: the option, else the file of answers, else the only one who is asked. Raises UsageError."""
    asked = signoff.asked_people
    names = f"Those who are asked: {', '.join(asked)}."
    by_option = signoff.called(given) if given is not None else None
    if given is not None and by_option is None:
        raise UsageError(f"--by: nobody who is asked for a sign-off is called {one_line(given)}", hint=names)
    by_file = signoff.called(written) if written is not None else None
    if by_option is None and by_file is None:
        if written is not None:
            raise UsageError(
                f"the answers are by {one_line(written)}, and nobody who is asked is called that",
                hint=f"Say who it is with --by. {names}",
            )
        if len(asked) > 1:
            raise UsageError(
                "several people are asked for sign-offs", hint=f"Say whose yes it is with --by. {names}"
            )
        return asked[0]
    if by_option is not None and by_file is not None and by_option != by_file:
        raise UsageError(
            f"--by: the answers are by {one_line(by_file)}, not by {one_line(by_option)}",
            hint="Leave --by out, or name the right file.",
        )
    return by_option or by_file or asked[0]


def _named(
    names: Sequence[str], calendar: Calendar, signed: SignedPosts, posts: Sequence[Post], by: str
) -> Iterator[Post]:
    """The posts of these names, on the accounts for which the person is asked; on all of them where they are asked for none."""
    for name in names:
        slot = _slot(name, calendar, posts)
        found = [post for post in posts if name in _names(post) or post.slot == slot]
        if not found:
            raise UsageError(
                f'there is no post "{one_line(name)}" here',
                hint="Name a post by its id, or as ALIAS@TIME. For example: acme_li@2027-03-02T09:00",
            )
        asked = [(post, signed.asked(post)) for post in found]
        meant = [post for post, each in asked if each is not None and by in each.everybody]
        yield from meant or found


def _names(post: Post) -> tuple[str | None, ...]:
    """What it is called, by itself and with others: the days of a series, the uses of a stored post."""
    return post.id, post.series, post.use.stored if post.use else None, name_of(post)


def _slot(name: str, calendar: Calendar, posts: Sequence[Post]) -> Slot | None:
    word, at, time = name.partition("@")
    alias = calendar.groups.alias(word)
    account = next((post.account.id for post in posts if post.account.alias == alias), None)
    if not at or account is None:
        return None
    return Slot.of(account, instant(time, calendar.settings.timezone, option=f"{word}@"))


# --- a file of answers ----------------------------------------------------------------------------------------------


def read_answers(file: Path) -> tuple[str, list[GivenAnswer]]:
    """Who answered, and what, as the page hands it out. Raises UsageError."""
    try:
        data: Any = json.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise _unread(file, f"it cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise _unread(file, "it is not UTF-8") from error
    except json.JSONDecodeError as error:
        raise _unread(file, f"line {error.lineno}, column {error.colno}: {error.msg}") from error
    if not isinstance(data, dict) or data.get("format_version") != 1:
        raise _unread(file, "it has no format_version 1")
    by, answers = data.get("by"), data.get("answers")
    if not isinstance(by, str) or not by.strip():
        raise _unread(file, 'it does not say who answers ("by")')
    if not isinstance(answers, list):
        raise _unread(file, 'it has no list "answers"')
    return by, [_answer(file, number, each) for number, each in enumerate(answers, 1)]


def _of_calendar(answers: Sequence[GivenAnswer], name: str) -> list[GivenAnswer]:
    """Those for this calendar: a page may show several. Raises UsageError where all are for others."""
    found = [each for each in answers if each.calendar in ("", name)]
    if answers and not found:
        others = ", ".join(dict.fromkeys(one_line(each.calendar) for each in answers))
        raise UsageError(
            f"--from: the answers are about {others}", hint="Name that calendar with --calendar."
        )
    return found


def _answer(file: Path, number: int, data: Any) -> GivenAnswer:
    values = cast("dict[str, Any]", data) if isinstance(data, dict) else {}
    for key in ("post", "account", "content", "answer"):
        if not isinstance(values.get(key), str) or not values[key]:
            raise _unread(file, f'answer {number} has no "{key}"')
    if values["answer"] not in ("yes", "no"):
        raise _unread(file, f'answer {number} is neither "yes" nor "no"')
    remark, calendar = values.get("remark"), values.get("calendar")
    return GivenAnswer(
        values["post"],
        values["account"],
        values["content"],
        values["answer"] == "yes",
        remark if isinstance(remark, str) else "",
        calendar if isinstance(calendar, str) else "",
    )


def _unread(file: Path, why: str) -> UsageError:
    hint = "Save it once more from the page that publer-sync preview makes."
    return UsageError(f'"{file}" is not a file of answers: {why}', hint=hint)
