"""What can happen in a world, one step after another. Each names posts by a number, so that it means something in any world."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, Protocol

from publer_sync.ledger.hold import Hold
from publer_sync.planning.plan import Blocked
from tests.simulate import commands
from tests.simulate.running import Running
from tests.simulate.wants import ALIASES, face_of, when

if TYPE_CHECKING:
    from publer_sync.planning.plan import Change
    from tests.simulate.service import Trace
    from tests.simulate.wire import Strike
    from tests.simulate.world import World

MINUTE = timedelta(minutes=1)
SETTLED = 120.0
"""Seconds after which what a request asked for has come, or never comes. Until then nobody can tell it from the same by hand."""


class Step(Protocol):
    def do(self, world: World) -> None:
        """Do it, and tell of it."""


class Meanwhile(Step, Protocol):
    """A step that somebody may take while a command runs."""

    commands: ClassVar[bool]
    """Whether it is a command itself."""

    def meanwhile(self, world: World, running: Running) -> bool:
        """Take it now; False where it waits until the command has ended."""


# --- settings ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Configure:
    """A line of the settings changes."""

    key: str
    value: str
    book: int = 0

    def do(self, world: World) -> None:
        book = world.books[self.book % len(world.books)]
        if book.gone:
            return
        book.settings = replace(book.settings, **{self.key: self.value})  # type: ignore[arg-type]  # prune or edits
        world.tell(f"The settings say {self.key}: {self.value}.")


# --- colleagues and Publer ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Colleague:
    """What a colleague does in Publer's own screens."""

    kind: str
    which: int = 0
    amount: int = 0
    commands: ClassVar[bool] = False

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
        name = f'"{trace.text}" of {when(trace.at)}' if trace.at else f'"{trace.text}"'
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
                world.tell(f"A colleague moves {name} in Publer to {when(at)}.")
            case "soon":
                at = world.now.replace(second=0, microsecond=0) + (5 + self.amount % 5) * MINUTE
                if _taken(world, trace.account, at, but=trace):
                    return
                service.edit(trace, at=at)
                world.tell(f"A colleague moves {name} in Publer to {when(at)}.")
            case "delete":
                service.remove(trace)
                world.tell(f"A colleague deletes {name} in Publer.")
            case "exchange":
                other = self._another(world, trace)
                if other is None:
                    return
                first, second = trace.at, other.at
                service.edit(trace, at=second)
                service.edit(other, at=first)
                world.tell(f'A colleague lets {name} and "{other.text}" change places in Publer.')
                self._touched(world, other)
            case "echo":
                texts = self._said_before(world, trace)
                if not texts:
                    return
                service.edit(trace, text=texts[self.amount % len(texts)])
                world.tell(f'A colleague edits {name} in Publer: "{texts[self.amount % len(texts)]}".')
            case "remake":
                service.remove(trace)
                if trace.at:
                    service.add(trace.account, trace.at, trace.text, media=face_of(trace.stored).pictures)
                world.tell(f"A colleague deletes {name} in Publer and makes the same post by hand.")
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
        self._touched(world, trace)

    def _another(self, world: World, trace: Trace) -> Trace | None:
        """A scheduled post of the account that says something else: two with the same words are none that anybody would exchange."""
        found = [
            each
            for each in world.service.traces
            if each.ahead and each.account == trace.account and each.text != trace.text
            if each.at and each.at > world.now and (each.shown or each.entry is None)
        ]
        return found[self.amount % len(found)] if found else None

    def _touched(self, world: World, trace: Trace) -> None:
        """Note it, and whether anybody can still know whose post it is."""
        trace.touched, trace.touched_at = world.moment(), world.seconds
        trace.hands.add(
            {"text": "edit", "echo": "edit", "soon": "move", "exchange": "move", "remake": "delete"}.get(
                self.kind, self.kind
            )
        )
        states = [book.state for book in world.books]
        known = world.looking(trace) or any(state and trace.stored.id in state.post_ids for state in states)
        if not known and self.kind in ("text", "echo", "move", "soon", "exchange", "draft"):
            # No state ever had it otherwise: nobody can know that it is ours.
            trace.entry, trace.was = (
                None,
                trace.entry,
            )
        edited = self.kind in ("text", "echo", "move", "soon", "exchange")
        if edited and trace.entry is not None and not _may_be_ours(world, trace):
            trace.edited = trace.touched

    @staticmethod
    def _said_before(world: World, trace: Trace) -> list[str]:
        """Words that the post once had in the calendar, in this slot; those of another post would make it that one."""
        wants = [want for book in world.books for version in book.versions for want in version]
        lines = {want.line for want in wants if want.text == trace.text}
        own = (want for want in wants if want.line in lines and want.slot == trace.slot)
        return sorted({want.text for want in own if want.text != trace.text})

    def _make(self, world: World) -> None:
        wants = [want for book in world.books for want in book.wants if want.at > world.now + 2 * MINUTE]
        if not wants:
            return
        want = wants[self.which % len(wants)]
        at = want.at if self.kind != "own" else want.at + (1 + self.amount % 90) * MINUTE
        text = "a colleague's" if self.kind == "block" else want.text
        intent = world.intents.get((want.account, at, text))
        on_its_way = intent is not None and world.seconds - intent.sent < SETTLED
        if on_its_way or _taken(world, want.account, at):
            return
        world.service.add(want.account, at, text, media=want.pictures if self.kind == "twin" else 0)
        world.tell(f'A colleague makes "{text}" in Publer on {want.account}, {when(at)}.')


def _may_be_ours(world: World, trace: Trace) -> bool:
    """Whether a command that was cut off may have edited it just so."""
    decided: list[Running] = []
    for run in reversed(world.runs):
        if run.command != "apply" or run.plan is None:
            continue
        for change in run.plan.changes:
            same = change.action == "update" and change.post is not None and change.post.text == trace.text
            if same and trace.entry in commands.entries_of(run, change):
                return not any(later.started - run.ended > SETTLED for later in decided)
        if run.ok and trace.entry in run.had and trace.entry not in run.told:
            decided.append(run)
    return False


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
        world.tell(f"It is {when(world.now)}.")


# --- commands -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Apply:
    """`older`: from a checkout that is so many versions old. `together`: all calendars in one command."""

    book: int = 0
    options: frozenset[str] = frozenset()
    strikes: tuple[Strike, ...] = ()
    older: int = 0
    together: bool = False
    commands: ClassVar[bool] = True

    def meanwhile(self, world: World, running: Running) -> bool:
        """A lock keeps it out of a file."""
        if world.start.branch:
            self.do(world)
        return True

    def do(self, world: World) -> None:
        if len(world.books) > 1 and self.together:
            self._together(world)
            return
        book = world.books[self.book % len(world.books)]
        if book.deleted:
            return
        older = min(self.older, len(book.versions) - 1)
        running = Running(
            world, book, "apply", book.versions[-1 - older], self.options, self.strikes, older=older
        )
        commands.apply(world, running)
        more = [f" of {book.name}"] if len(world.books) > 1 else []
        more += [" --gone"] if book.gone else []
        more += [f" from a checkout {older} version{'s' if older > 1 else ''} old"] if older else []
        told(world, running, "".join((*more, *(f" {option}" for option in sorted(self.options)))))
        for step in running.afterwards:
            step.do(world)

    def _together(self, world: World) -> None:
        if any(map(world.twin_of, world.books)):
            world.tell("apply of all calendars: exit 3 (two have one name).")
            return
        runs = [
            Running(world, book, "apply", book.wants, self.options, self.strikes, together=True)
            for book in world.books
            if not book.gone
        ]
        for running in runs:
            running.of_command = tuple(runs)
        commands.apply_all(world, runs)
        world.stay()
        for running in runs:
            if running in world.runs:
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
    commands: ClassVar[bool] = True

    def do(self, world: World) -> None:
        book = world.books[self.book % len(world.books)]
        if book.gone or world.is_copy(book):
            return
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
        store = running.book.place.store(running.saving, running.clock)
        store.announce(Hold("accident", world.now, (), labels))
        world.tell("hold is announced.")
        return False


@dataclass(frozen=True, slots=True)
class Release:
    book: int = 0
    strikes: tuple[Strike, ...] = ()

    def do(self, world: World) -> None:
        book = world.books[self.book % len(world.books)]
        if book.gone:
            return
        if book.settings.hold is not None:
            return  # no command ends that
        running = Running(world, book, "release", book.wants, strikes=self.strikes)
        commands.release(world, running)
        told(world, running)


@dataclass(frozen=True, slots=True)
class Forget:
    which: int = 0
    book: int = 0

    def do(self, world: World) -> None:
        book = world.books[self.book % len(world.books)]
        if book.gone:
            return
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
        if book.gone or world.is_copy(book):
            return
        if len(book.documents) < self.back:
            return
        book.place.document = book.documents[-self.back]
        world.watch.careless = True
        state = book.state
        copies = state.copies.values() if state else ()
        world.watch.unsure |= {
            (ALIASES[copy.account], copy.slot) for copy in copies if copy.revising or not copy.post_id
        }
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
    doing = [f"{change.action} {_of(change)}" for change in (running.plan.listed if running.plan else ())]
    plan = f" [{', '.join(doing)}]" if doing else ""
    world.tell(f"{running.command}{more}{plan}: {end}.")


def _of(change: Change) -> str:
    post, at = change.post, when(change.at)
    if post is None:
        return f"{change.id or 'a post'} of {at}"
    code = f" ({change.blocks[0]})" if isinstance(change, Blocked) else ""
    return f"{post.id or post.text or 'pictures'} {at}{code}"
