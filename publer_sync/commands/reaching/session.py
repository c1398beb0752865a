"""Access together with the posts of a valid calendar, bound to the accounts: what `plan` and `apply` plan with.

There is no dry run: `plan` does what `apply` does, and stops earlier.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Generic

from publer_sync.commands.reaching import repository_moved, sharing
from publer_sync.commands.reaching.access import open_access
from publer_sync.commands.reaching.connections import Gateway
from publer_sync.commands.reaching.neighbours import managed_by, on_hold
from publer_sync.commands.reaching.scope import scope_of
from publer_sync.commands.running.command_lines import letting_go, release_command
from publer_sync.ledger.attribution import attribute
from publer_sync.ledger.store import renaming
from publer_sync.planning import contact
from publer_sync.planning.contact import KnownContact
from publer_sync.planning.moving import Side, concerning, excuse_past, moves_between, take
from publer_sync.planning.notes import Refusal, Warn
from publer_sync.planning.older import Older
from publer_sync.planning.others import concerns_others, is_disputed, may_leave
from publer_sync.planning.plan import Adopt, Block, Blocked, Create, Held, Plan, intent
from publer_sync.planning.planner import Scope, make_plan
from publer_sync.planning.remarks import PostLines, bearing_on, cut_off
from publer_sync.planning.sides import CalendarSide, OtherCalendars, PublerSide
from publer_sync.planning.survey import Survey, concluded
from publer_sync.render.layout.wording import count
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import CalendarError, StateError
from publer_sync.values.printable import printable_line
from publer_sync.values.problems import errors_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from contextlib import ExitStack

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.reaching.access import Access
    from publer_sync.commands.reaching.connections import Connections
    from publer_sync.commands.reaching.neighbours import Neighbour
    from publer_sync.commands.running.choice import Choice
    from publer_sync.ledger.elsewhere import Elsewhere
    from publer_sync.ledger.state import State
    from publer_sync.planning.moving import Move
    from publer_sync.planning.plan import Change
    from publer_sync.values.model import Account, LivePost, Post
    from publer_sync.values.problems import Problem
    from publer_sync.values.signoff import SignedPosts


APPLY_FIRST = "it has not moved yet: run apply"
MISDATED = Warn(
    "clock",
    "the state says of things that they happened at times that have not come yet: a machine whose clock was ahead wrote it; they count from now",
)
NOT_YET = "it has not moved yet: run apply again"
ON_HOLD = "posts are on hold here: release them first"


@dataclass(frozen=True, slots=True)
class Session(Generic[Gateway]):
    """`remarks` are the warnings of validate."""

    access: Access[Gateway]
    choice: Choice
    desired: tuple[Post, ...]
    scope: Scope | None
    remarks: tuple[Problem, ...] = ()
    waiting: tuple[Post, ...] = ()
    """Posts of the calendar that wait for a slot."""
    stay: str = ""
    """Why no post comes from another calendar now."""
    signed: SignedPosts | None = None
    """What is signed off, where the settings ask for it."""

    def plan(self, seen: Survey) -> Plan:
        at, elsewhere = self.access, seen.elsewhere or self._elsewhere(seen)
        plan = self._plan(seen, elsewhere)
        adopted = [change.live for change in plan.changes if isinstance(change, Adopt)]
        if adopted and (known := self._whose(adopted, seen, elsewhere)) is not None:
            elsewhere = known
            plan = self._plan(seen, elsewhere)
        elif not (elsewhere.parts or self._is_disputed(seen)) and any(map(_is_new, plan.changes)):
            # What it would create may be on hold there, or on an account that was reconnected.
            elsewhere = self.access.elsewhere(seen.state)
            plan = self._plan(seen, elsewhere)
        if self._may_move(plan, seen, elsewhere):
            sides = self._sides(seen)
            moves = self._moves(sides)
            waiting = {each.name: each.waiting for each in sides if each.waiting}  # `side` has none
            plan = self._plan(seen, elsewhere, moves, waiting) if moves or waiting else plan
        if seen.misdated:
            plan = replace(plan, warnings=(*plan.warnings, MISDATED))
        if (lost := at.store.lost()) is not None:
            plan = replace(plan, refusals=(*plan.refusals, Refusal("lost", 0, 0, "--first", lost.message)))
        warned = (*at.warnings(seen.state), *self._shared(seen, elsewhere))
        release = release_command(self.choice)
        warnings = (replace(warn, command=release) if warn.command else warn for warn in plan.warnings)
        plan = replace(plan, warnings=tuple(warnings))
        if seen.state is None or not seen.state.copies:
            plan = _renamed(plan, at, seen, elsewhere)
        if moved := self._moved_repository(seen):
            warned = (*warned, moved)
        lines = PostLines([(entry.place, entry.last_line) for entry in at.calendar.entries])
        bearing = bearing_on(plan, lines, self.remarks)
        first = contact.warnings(plan, self._contact(seen, elsewhere), at.poll_seconds)
        found = (*plan.warnings, *warned, *bearing, *cut_off(plan), *first)
        return replace(
            plan,
            warnings=tuple(
                replace(warn, post=lines.of(warn.location)) if warn.location is not None else warn
                for warn in found
            ),
        )

    def _contact(self, seen: Survey, elsewhere: Elsewhere) -> KnownContact:
        """What the ledger has seen of Publer, in this part and in those of other calendars."""
        live = {post.id: post for post in seen.live}
        return KnownContact.of(seen.state, elsewhere.parts, live, self.access.known_accounts)

    def check_repository(self, seen: Survey) -> None:
        """Raise StateError where the calendar has no state, and Publer shows that it had one elsewhere."""
        if seen.state is None:
            error = repository_moved.error_of(self.access, self.desired, seen.live)
            if error is not None:
                raise error

    def _moved_repository(self, seen: Survey) -> Warn | None:
        """What `check_repository` would raise."""
        try:
            self.check_repository(seen)
        except StateError as error:
            way = (error.hint or "").partition("\n")[0]
            return Warn(
                error.code.replace("state.", "state_"),
                f"{error.message}; {way[:1].lower()}{way[1:]}".rstrip("."),
            )
        return None

    def _plan(
        self,
        seen: Survey,
        elsewhere: Elsewhere,
        moves: Sequence[Move] = (),
        waiting: Mapping[str, Sequence[Post]] | None = None,
    ) -> Plan:
        """The plan if these posts move: it is made with the entries that come. `waiting` are posts of other calendars."""
        at, name = self.access, self.access.name
        coming = [replace(move, stuck=move.stuck or self.stay) for move in moves if move.receiver == name]
        state = seen.state
        if any(not move.stuck for move in coming):
            state = state.clone() if state is not None else self.first_state()
            for move in coming:
                if not move.stuck:
                    take(state, move)
            state = attribute(
                state,
                seen.live,
                now=at.clock.now(),
                poll_seconds=at.poll_seconds,
                theirs=elsewhere.ids,
            )
            told = concluded(  # what came may have been published since its calendar was applied
                Survey(seen.live, state),
                account_ids=at.account_ids,
                now=at.clock.now(),
                poll_seconds=at.poll_seconds,
            )
            state = told.state or state
        calendar = CalendarSide(
            self.desired,
            at.calendar.settings,
            at.workspace,
            at.calendar.posts,
            self.waiting,
            self.older(seen),
            self.signed,
            gone=at.calendar.gone,
            folder=str(self.choice.calendar) if self.choice.calendar else "",
        )
        giving = [move for move in moves if move.giver == name]
        return make_plan(
            calendar,
            PublerSide(seen.live, state, at.accounts_by_id, at.poll_seconds),
            OtherCalendars(elsewhere, giving, coming, waiting or {}),
            now=at.clock.now(),
            scope=self.scope,
        )

    def older(self, seen: Survey) -> Older:
        """What these files lack of what was applied before."""
        lineage, runs = self.access.lineage, seen.state.runs if seen.state is not None else ()
        if lineage is None or self.access.calendar.gone:
            return Older()  # it has no files
        return lineage.older(runs)

    def _whose(self, posts: Iterable[LivePost], seen: Survey, known: Elsewhere) -> Elsewhere | None:
        """What is `known`, and what the other calendars of the git repository manage; None where these posts are none of theirs.

        A calendar whose ledger went to a place that its settings do not name yet may manage anything.
        """
        others = _sharing(self.access.neighbours.of_checkout(), self.access, seen.state, known)
        found = managed_by(((each.name, each.part) for each in others), known)
        moved = {name: error for name, error in found.unreadable.items() if error.code == "state.moved"}
        if not moved and not any(map(found.calendar_of, posts)):
            return None
        whose = replace(found, unreadable={**known.unreadable, **moved})
        return self.access.near(whose, seen.state)

    def first_state(self) -> State:
        """The first one that a calendar gets: of what was past by then nobody is told."""
        state = self.access.new_state()
        excuse_past(state, self.desired, self.access.clock.now())
        return state

    def side(self, state: State | None) -> Side:
        """The calendar, as posts may move between it and others."""
        name, calendar = self.access.name, self.access.calendar
        if calendar.gone:
            return Side(name, self.desired, state, gone=f"{letting_go(self.choice, name)} --drop-holds")
        held = on_hold(state, in_settings=calendar.settings.hold is not None)
        return Side(name, self.desired, state, ON_HOLD if held else "", holding=held)

    def _shared(self, seen: Survey, elsewhere: Elsewhere) -> Iterator[Warn]:
        """Accounts that other calendars manage as well. Raises CalendarError where nothing tells whose they are."""
        at = self.access
        refs = at.calendar.settings.accounts
        if seen.state is None and (
            found := tuple(sharing.errors(refs, at.accounts, at.neighbours.of_command(at.account_ids)))
        ):
            raise CalendarError(found)
        mine = {account.id for account in at.accounts.values()}
        others = {name: each for name, each in elsewhere.states.items() if not mine.isdisjoint(each.accounts)}
        if others:
            gone = at.checkouts.missing(at.calendar.top, others)
            yield from sharing.warnings(refs, at.accounts, others, gone)

    def neighbours(self, state: State | None, names: Iterable[str]) -> tuple[Neighbour, ...]:
        """The other calendars of the command that may have to do with this one, or are called so, those of the repository, and of its past."""
        near = self.access.neighbours
        return (*near.of_command(self.access.ours(state), names), *near.of_checkout(), *near.of_the_past())

    def may_do(self, move: Move) -> bool:
        """Whether it moves in this calendar's turn: what it gets, and what it gives to a calendar whose turn comes as well.

        What it gives to others they take over when they are applied.
        """
        together = {each.name for each in self.access.neighbours.of_command([move.post.account.id])}
        return move.receiver == self.access.name or move.receiver in together

    def _sides(self, seen: Survey) -> list[Side]:
        """The calendar and those that share an account with it."""
        at, known = self.access, self.access.elsewhere(seen.state)
        sharing = _sharing(self.neighbours(seen.state, known.names), at, seen.state, known)
        return [self.side(seen.state), *(each.side(known) for each in sharing)]

    def _moves(self, sides: Sequence[Side]) -> tuple[Move, ...]:
        """The posts that move here from other calendars or to them, or would if nothing kept them from it."""
        moves = concerning(moves_between(sides, self.access.clock.now()), self.access.name)
        return tuple(move for move in moves if self.has(move))

    def has(self, move: Move) -> bool:
        """Whether the move is in the scope of the command."""
        return self.scope is None or any(self.scope.has(move.post.account, slot.at) for slot in move.slots)

    def _may_move(self, plan: Plan, seen: Survey, elsewhere: Elsewhere) -> bool:
        """Whether other calendars may want what leaves this one, or manage what it wants: asked before their files are read."""
        if concerns_others(plan, seen) or may_leave(plan, seen):
            return True
        wanted = (change.post for change in plan.changes if _is_new(change))
        return any(elsewhere.may_have(post) for post in wanted if post is not None)

    def _elsewhere(self, seen: Survey) -> Elsewhere:
        """What other calendars manage; on a branch as it is now only if that matters, otherwise as it was when this one was read."""
        store = self.access.store
        if self._is_disputed(seen):
            return self.access.elsewhere(seen.state)
        return self.access.near(store.beside(store.names_beside()), seen.state)

    def _is_disputed(self, seen: Survey) -> bool:
        return is_disputed(self.desired, seen, hold=self.access.calendar.settings.hold is not None)


@dataclass(frozen=True, slots=True)
class PlannedCalendar(Generic[Gateway]):
    """A plan, and what it was made of: `state` is what the calendar had then, `seen` what it had after a listing."""

    session: Session[Gateway]
    state: State | None
    seen: Survey
    plan: Plan


def _is_new(change: Change) -> bool:
    """Whether this calendar has sent nothing for the post, so that another one may have."""
    return isinstance(intent(change), Create | Adopt) or (isinstance(change, Held) and change.copy is None)


def _sharing(
    others: Iterable[Neighbour], access: Access[Gateway], state: State | None, known: Elsewhere
) -> Iterator[Neighbour]:
    """The neighbours that have an account in common with this calendar, as its settings or states have them."""
    ours = {*access.account_ids, *(copy.account for copy in (state.copies.values() if state else ()))}
    for each in others:
        if not ours.isdisjoint(each.accounts):
            yield each
            continue
        with suppress(StateError):
            theirs = each.state(known)
            if theirs is not None and not ours.isdisjoint(copy.account for copy in theirs.copies.values()):
                yield each


def check(calendar: Calendar) -> None:
    """Raise CalendarError where the files have errors."""
    _check(calendar.judged)


def open_session(
    calendar: Calendar,
    choice: Choice,
    stack: ExitStack,
    connections: Connections[Gateway],
) -> Session[Gateway]:
    """Connect as `open_access` does, and bind the posts to the accounts.

    Raises CalendarError where the files have errors, before anything is asked of Publer, or where a rule forbids a post
    on its account.
    """
    check(calendar)
    access = open_access(calendar, choice, stack, connections)
    desired = calendar.bind(access.accounts)
    problems = calendar.judge(desired, now=access.clock.now())
    _check(problems)
    scope = scope_of(choice, calendar, access.accounts)
    signed = signed_posts(calendar, desired.posts, access.accounts)
    posts = signed.posts if signed is not None else desired.posts
    return Session(access, choice, posts, scope, problems, desired.waiting, signed=signed)


def signed_posts(
    calendar: Calendar, posts: Sequence[Post], accounts: Mapping[str, Account]
) -> SignedPosts | None:
    """What is signed off of posts that know their media by digests; None where nobody is asked. `accounts` by alias."""
    if not calendar.settings.signoff:
        return None
    from publer_sync.values.signoff import SignedPosts, Signoff

    aliases = {account.id: alias for alias, account in accounts.items()}
    return SignedPosts(Signoff.of(calendar.settings, calendar.approvals), posts, aliases)


def _check(problems: tuple[Problem, ...]) -> None:
    if errors_in(problems):
        raise CalendarError(problems)


def _renamed(plan: Plan, access: Access[Gateway], seen: Survey, elsewhere: Elsewhere) -> Plan:
    """With the command that moves the state here of a calendar that was renamed: one that manages posts of these accounts.

    A calendar that manages nothing may be the same with another name. Those that are still there have theirs.
    """
    ours = {*access.account_ids}
    owners = Counter(name for post in seen.live if (name := elsewhere.calendar_of(post)) is not None)
    owners.update(name for slot, (name, _) in elsewhere.held.items() if slot.account in ours)
    named = [change.calendar for change in plan.changes if isinstance(change, Blocked)]
    owners |= Counter(
        name for name in named if name is not None
    )  # also of what Publer does not have as they sent it
    if not owners:
        return plan
    neighbours = access.neighbours
    there = {each.name.casefold() for each in (*neighbours.of_command((), owners), *neighbours.of_checkout())}
    gone = {name for name in owners if name.casefold() not in there}
    commands = {name: renaming(name, access.name, access.calendar.top) for name in gone}
    changes = tuple(
        replace(
            change,
            calendar=None,
            reason=f"{change.reason}; if this calendar was renamed, run this before apply: {commands[change.calendar]}",
        )
        if isinstance(change, Blocked) and change.calendar in commands and Block.ELSEWHERE in change.blocks
        else change
        for change in plan.changes
    )
    warnings = [
        Warn(
            "state_elsewhere",
            f"the state of the calendar {printable_line(name)} manages {count(owners[name], 'post')} of these accounts; if this "
            "calendar was renamed, run this before apply:",
            command=commands[name],
        )
        for name in sorted(gone)
    ]
    return replace(plan, changes=changes, warnings=(*plan.warnings, *warnings))
