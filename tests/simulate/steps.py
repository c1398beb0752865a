"""What can happen in a world, one step after another. Each names posts by a number, so that it means something in any world."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from publer_sync.ledger.hold import Hold
from tests.simulate import commands
from tests.simulate.wants import ALIASES, Want
from tests.simulate.world import Running

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.simulate.service import Trace
    from tests.simulate.wire import Strike
    from tests.simulate.world import Book, World

MINUTE = timedelta(minutes=1)


class Step(Protocol):
    def do(self, world: World) -> None:
        """Do it, and tell of it."""


def round_up(world: World, minutes: float) -> timedelta:
    return timedelta(minutes=minutes)


# --- the calendar ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Edit:
    """An edit of a calendar's files. `which` and `other` choose posts, `amount` is minutes or whatever the kind takes."""

    kind: str
    which: int = 0
    other: int = 0
    amount: int = 0
    book: int = 0

    def do(self, world: World) -> None:
        book = world.books[self.book % len(world.books)]
        before = book.wants
        others = [(other, other.wants) for other in world.books if other is not book]
        wants = _edited(world, book, self)
        if wants is None or wants == before or not _valid(wants):
            return
        book.write(wants)
        where = f"{book.name}: " if len(world.books) > 1 else ""
        world.tell(f"{where}{_told(world, before, wants)}")
        for other, old in others:
            if other.wants != old:
                world.tell(f"{other.name}: {_told(world, old, other.wants)}")


def _valid(wants: Sequence[Want]) -> bool:
    """Whether `validate` lets it pass: no two posts of an account in a minute, each id once on an account."""
    slots = [want.slot for want in wants]
    ids = [(want.account, want.id) for want in wants if want.id]
    return len({*slots}) == len(slots) and len({*ids}) == len(ids)


def _edited(world: World, book: Book, edit: Edit) -> tuple[Want, ...] | None:
    wants = [*book.wants]
    if edit.kind == "add":
        return (*wants, _new(world, book, edit))
    if edit.kind == "revert":
        back = book.versions[:-1][-1 - edit.amount % 2 :][:1] if len(book.versions) > 1 else []
        return back[0] if back else None
    if not wants:
        return None
    at = edit.which % len(wants)
    want, other = wants[at], wants[edit.other % len(wants)]
    match edit.kind:
        case "text":
            wants[at] = replace(
                want, text=f"words {edit.amount}" if want.text or edit.amount % 2 else want.text
            )
        case "copy_text":
            wants[at] = replace(
                want, text=other.text, pictures=want.pictures if other.text else max(1, want.pictures)
            )
        case "move":
            wants[at] = replace(want, at=want.at + edit.amount * MINUTE)
        case "near":
            soon = world.now.replace(second=0, microsecond=0) + edit.amount * MINUTE
            wants[at] = replace(want, at=soon)
        case "day":
            wants = [
                replace(each, at=each.at + timedelta(days=1)) if each.at > world.now else each
                for each in wants
            ]
        case "label":
            wants[at] = replace(want, label=(None, "a", "b")[edit.amount % 3])
        case "comment":
            wants[at] = replace(want, comment=(None, "first", "second")[edit.amount % 3])
        case "pictures":
            wants[at] = replace(want, pictures=edit.amount % 3 if want.text else 1 + edit.amount % 2)
        case "draft":
            wants[at] = replace(want, draft=not want.draft)
        case "remove":
            del wants[at]
        case "swap":
            if want.account != other.account or want is other:
                return None
            wants[at], wants[edit.other % len(wants)] = replace(want, at=other.at), replace(other, at=want.at)
        case "id":
            wants[at] = replace(want, id=None if want.id and edit.amount % 3 == 0 else f"post-{edit.amount}")
        case "give":
            if len(world.books) < 2 or want.at < world.now + timedelta(hours=1):
                return None
            to = world.books[(world.books.index(book) + 1) % len(world.books)]
            if not _valid((*to.wants, want)):
                return None
            to.write((*to.wants, want))
            del wants[at]
        case "both":
            if len(world.books) < 2:
                return None
            to = world.books[(world.books.index(book) + 1) % len(world.books)]
            if not _valid((*to.wants, want)):
                return None
            to.write((*to.wants, replace(want, line=world.new_line())))
            del wants[at]
    return tuple(wants)


def _new(world: World, book: Book, edit: Edit) -> Want:
    soon = world.now.replace(second=0, microsecond=0) + (20 + edit.amount) * MINUTE
    like = book.wants[edit.other % len(book.wants)] if book.wants else None
    line = world.new_line()
    kind = edit.which % 6
    text = like.text if like and kind == 0 else "" if kind == 1 else f"words {line}"
    account = like.account if like and edit.which % 2 else ("facebook", "linkedin")[edit.amount % 2]
    return Want(
        line,
        account,
        soon,
        text,
        id=None if kind in (0, 1, 2) else f"new-{line}",
        pictures=1 if not text else 0,
        label="a" if kind == 3 else None,
    )


def _told(world: World, before: Sequence[Want], after: Sequence[Want]) -> str:
    """What an edit changed, in words."""
    old = {want.line: want for want in before}
    new = {want.line: want for want in after}
    parts = [f"adds {said(world, new[line])}" for line in new if line not in old]
    parts += [f"no longer has {old[line].name}" for line in old if line not in new]
    for line in old.keys() & new.keys():
        was, now = old[line], new[line]
        if was == now:
            continue
        changes = []
        if was.at != now.at:
            changes.append(f"to {world.when(now.at)}")
        if was.text != now.text:
            changes.append(f'with the words "{now.text}"')
        if was.id != now.id:
            changes.append(f"with the id `{now.id}`" if now.id else "without its id")
        if was.label != now.label:
            changes.append(f"with the label {now.label}" if now.label else "without its label")
        if was.comment != now.comment:
            changes.append(f'with the comment "{now.comment}"' if now.comment else "without its comment")
        if was.pictures != now.pictures:
            changes.append(f"with {now.pictures} pictures")
        if was.draft != now.draft:
            changes.append("as a draft" if now.draft else "no longer as a draft")
        parts.append(f"has {was.name} {', '.join(changes)}")
    return f"The calendar {'; '.join(parts)}."


def said(world: World, want: Want) -> str:
    more = [
        *([f"label {want.label}"] if want.label else []),
        *([f'comment "{want.comment}"'] if want.comment else []),
        *([f"{want.pictures} pictures"] if want.pictures and want.text else []),
        *(["a draft"] if want.draft else []),
    ]
    words = f' "{want.text}"' if want.id and want.text else ""
    extra = f" ({', '.join(more)})" if more else ""
    return f"{want.name}{words} on {want.account}, {world.when(want.at)}{extra}"


@dataclass(frozen=True, slots=True)
class Configure:
    """A line of the settings changes."""

    key: str
    value: str
    book: int = 0

    def do(self, world: World) -> None:
        book = world.books[self.book % len(world.books)]
        book.settings = replace(book.settings, **{self.key: self.value})  # type: ignore[arg-type]  # prune or edits
        world.tell(f"The settings say {self.key}: {self.value}.")


# --- colleagues and Publer ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Colleague:
    """What a colleague does in Publer's own screens."""

    kind: str
    which: int = 0
    amount: int = 0

    def do(self, world: World) -> None:
        if self.kind in ("twin", "block", "own"):
            self._make(world)
            return
        world.service.tick()
        posts = [
            trace
            for trace in world.service.traces
            if trace.alive and trace.stored.visible <= world.clock.unix()
        ]
        if self.kind == "schedule":
            posts = [
                trace
                for trace in posts
                if trace.stored.family == "draft" and trace.at and trace.at > world.now + 2 * MINUTE
            ]
        else:
            posts = [
                trace
                for trace in posts
                if trace.stored.family == "scheduled" and trace.at and trace.at > world.now
            ]
        if posts:
            self._touch(world, posts[self.which % len(posts)])

    def meanwhile(self, world: World, running: Running) -> bool:
        """Colleagues wait for nobody."""
        self.do(world)
        return True

    def _touch(self, world: World, trace: Trace) -> None:
        name = f'"{trace.text}" of {world.when(trace.at)}' if trace.at else f'"{trace.text}"'
        service = world.service
        if trace.entry is not None and not trace.shown:
            return  # nobody can tell whose it is
        match self.kind:
            case "text":
                service.edit(trace, text=f"edited {self.amount}")
                world.tell(f'A colleague edits {name} in Publer: "edited {self.amount}".')
            case "move":
                at = max(trace.at or world.now, world.now) + self.amount * MINUTE
                at = at.replace(second=0, microsecond=0)
                if at <= world.now + 2 * MINUTE or _taken(world, trace.account, at, but=trace):
                    return
                service.edit(trace, at=at)
                world.tell(f"A colleague moves {name} in Publer to {world.when(at)}.")
            case "soon":
                at = world.now.replace(second=0, microsecond=0) + (5 + self.amount % 5) * MINUTE
                if _taken(world, trace.account, at, but=trace):
                    return
                service.edit(trace, at=at)
                world.tell(f"A colleague moves {name} in Publer to {world.when(at)}.")
            case "delete":
                service.remove(trace)
                world.tell(f"A colleague deletes {name} in Publer.")
            case "publish":
                trace.hands.add("publish")
                service.publish_now(trace)
                world.tell(f"A colleague publishes {name} early.")
            case "draft":
                service.edit(trace, state="draft")
                world.tell(f"A colleague turns {name} into a draft.")
            case "schedule":
                service.edit(trace, state="scheduled")
                world.tell(f"A colleague schedules the draft {name}.")
        trace.touched = world.moment()
        trace.hands.add({"text": "edit", "soon": "move"}.get(self.kind, self.kind))
        if self.kind in ("text", "move", "soon") and trace.entry is not None:
            trace.edited = trace.touched

    def _make(self, world: World) -> None:
        wants = [want for book in world.books for want in book.wants if want.at > world.now + 2 * MINUTE]
        if not wants:
            return
        want = wants[self.which % len(wants)]
        at = want.at if self.kind != "own" else want.at + (1 + self.amount % 90) * MINUTE
        text = "a colleague's" if self.kind == "block" else want.text
        if _taken(world, want.account, at):
            return
        world.service.add(want.account, at, text, media=want.pictures if self.kind == "twin" else 0)
        world.tell(f'A colleague makes "{text}" in Publer on {want.account}, {world.when(at)}.')


def _taken(world: World, account: str, at: object, but: Trace | None = None) -> bool:
    return any(
        trace is not but and not trace.gone and trace.account == account and trace.at == at
        for trace in world.service.traces
    )


@dataclass(frozen=True, slots=True)
class Fail:
    """Publer cannot publish, or can again."""

    fails: bool

    def do(self, world: World) -> None:
        if self.fails != (world.faults.publish_error is not None):
            world.wait(0)
            world.faults.publish_error = "The network refused the post" if self.fails else None
            world.tell("From now on networks refuse posts." if self.fails else "Networks take posts again.")


@dataclass(frozen=True, slots=True)
class Wait:
    """Time passes: so many minutes or, with `post`, until so many minutes after the time of a post that is ahead."""

    minutes: float
    post: int | None = None

    def do(self, world: World) -> None:
        seconds = self.minutes * 60
        if self.post is not None:
            world.wait(0)
            ahead = sorted(
                {
                    trace.at
                    for trace in world.service.traces
                    if trace.ahead and trace.at and trace.at > world.now
                }
            )
            if not ahead:
                return
            seconds += (ahead[self.post % len(ahead)] - world.now).total_seconds()
        if seconds <= 0:
            return
        world.wait(seconds)
        world.tell(f"It is {world.when(world.now)}.")


# --- commands -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Apply:
    """`older`: from a checkout that is so many versions old. `together`: all calendars in one command."""

    book: int = 0
    options: frozenset[str] = frozenset()
    strikes: tuple[Strike, ...] = ()
    older: int = 0
    together: bool = False

    def do(self, world: World) -> None:
        if len(world.books) > 1 and (self.together or not world.start.branch):
            self._together(world)
            return
        book = world.books[self.book % len(world.books)]
        older = min(self.older, len(book.versions) - 1)
        running = Running(world, book, "apply", book.versions[-1 - older], self.options, self.strikes)
        commands.apply(world, running)
        more = [f" of {book.name}"] if len(world.books) > 1 else []
        more += [f" from a checkout {older} version{'s' if older > 1 else ''} old"] if older else []
        told(world, running, "".join((*more, *(f" {option}" for option in sorted(self.options)))))
        for step in running.afterwards:
            step.do(world)

    def _together(self, world: World) -> None:
        """In files calendars see one another's states in one command alone."""
        runs = [
            Running(world, book, "apply", book.wants, self.options, self.strikes, together=True)
            for book in world.books
        ]
        commands.apply_all(world, runs)
        for running in runs:
            told(world, running, f" of both calendars: {running.book.name}")
        for running in runs:
            for step in running.afterwards:
                step.do(world)


@dataclass(frozen=True, slots=True)
class PutOnHold:
    """`scope`: everything, a label or an account."""

    scope: str = ""
    book: int = 0
    strikes: tuple[Strike, ...] = ()

    def do(self, world: World) -> None:
        book = world.books[self.book % len(world.books)]
        labels = (self.scope,) if self.scope in ("a", "b") else ()
        accounts = (self.scope,) if self.scope in ALIASES.values() else ()
        running = Running(world, book, "hold", book.wants, strikes=self.strikes)
        commands.hold(world, running, "accident", labels, accounts)
        told(world, running, f" {self.scope}" if self.scope else "")

    def meanwhile(self, world: World, running: Running) -> bool:
        """On a branch a hold gets ahead of a running apply. In a file it is announced, and waits for the lock."""
        if world.start.branch:
            self.do(world)
            return True
        labels = (self.scope,) if self.scope in ("a", "b") else ()
        running.book.place.store(running.saving).announce(Hold("accident", world.now, (), labels))
        world.tell("hold is announced.")
        return False


@dataclass(frozen=True, slots=True)
class Release:
    book: int = 0
    strikes: tuple[Strike, ...] = ()

    def do(self, world: World) -> None:
        book = world.books[self.book % len(world.books)]
        running = Running(world, book, "release", book.wants, strikes=self.strikes)
        commands.release(world, running)
        told(world, running)


@dataclass(frozen=True, slots=True)
class Forget:
    which: int = 0
    book: int = 0

    def do(self, world: World) -> None:
        book = world.books[self.book % len(world.books)]
        names = commands.managed(world, book)
        if not names:
            return
        running = Running(world, book, "forget", book.wants)
        commands.forget_post(world, running, names[self.which % len(names)])
        told(world, running, f" {names[self.which % len(names)]}")


@dataclass(frozen=True, slots=True)
class Restore:
    """Someone puts an older state back in place."""

    back: int = 1
    book: int = 0

    def do(self, world: World) -> None:
        book = world.books[self.book % len(world.books)]
        if len(book.documents) < self.back:
            return
        book.place.document = book.documents[-self.back]
        world.watch.careless = True
        world.tell(f"The state of {book.name} is restored from {self.back} writes ago.")


def told(world: World, running: Running, more: str = "") -> None:
    """The sentence of a command."""
    struck = "; ".join(running.struck_with)
    if running.code is None:
        end = struck or "killed"
    else:
        end = f"{struck + '; ' if struck else ''}exit {running.code}"
        if running.error is not None and running.code != 70:
            end += f" ({running.error})"
    doing = [
        f"{change.action} {_of(running, change)}" for change in (running.plan.listed if running.plan else ())
    ]
    plan = f" [{', '.join(doing)}]" if doing else ""
    world.tell(f"{running.command}{more}{plan}: {end}.")


def _of(running: Running, change: object) -> str:
    post = getattr(change, "post", None)
    at = running.world.when(change.at)  # type: ignore[attr-defined]
    if post is None:
        return f"{getattr(change, 'id', None) or 'a post'} of {at}"
    code = f" ({change.blocks[0]})" if getattr(change, "blocks", ()) else ""  # type: ignore[attr-defined]
    return f"{post.id or post.text or 'pictures'} {at}{code}"
