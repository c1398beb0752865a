"""The other calendars that posts may move from and to: those of the same command, and those of the same git repository."""

from __future__ import annotations

import os
import shlex
from collections import defaultdict
from dataclasses import field
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING, Protocol

from publer_sync.ledger.store import refuse_marker
from publer_sync.planning.moving import Side
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import PublerSyncError, StateError
from publer_sync.values.printable import printable_line
from publer_sync.values.problems import errors_in

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.reaching.checkouts import ReadsCalendar
    from publer_sync.ledger.elsewhere import Elsewhere, LedgerPart
    from publer_sync.ledger.place import Store
    from publer_sync.ledger.state import State
    from publer_sync.values.model import Account, Post


@dataclass(frozen=True)
class Neighbour:
    """A calendar of the same workspace. `together`: of the same command, whose turn comes as well."""

    top: Path
    name: str
    open: Callable[[], Store]
    """Opens the store of its state anew, to write it."""
    reading: Store
    """The same, which is read alone: each calendar of a command reads those of all others."""
    ours: Store
    """That of the calendar whose neighbour it is."""
    posts: Callable[[], tuple[Sequence[Post], bool]]
    """What can be read of them, and whether its files have no errors."""
    calendar: Callable[[], Calendar]
    """Its settings."""
    accounts: frozenset[str]
    shared: frozenset[str] = frozenset()
    """Those of them that other calendars are meant to manage as well."""
    together: bool = True
    command: Callable[[], str] = str
    """Applies both calendars."""
    on_hold: bool = False
    """Whether its settings keep posts out of Publer."""
    belongs: Callable[[State], bool] = lambda _: True
    """Whether a state is this workspace's."""
    wrong: Callable[[State], str] = lambda _: ""
    """Why its folder may not use a state: it is another folder's."""
    waiting: Callable[[], Sequence[Post]] = tuple
    """Its posts that wait for a slot."""
    gone: str = ""
    """Of a calendar that is gone: the command that leaves its posts out of Publer for good."""

    @cached_property
    def store(self) -> Store:
        return self.open()

    @property
    def beside(self) -> bool:
        """Whether its state is in the same place, where one look shows the states of all."""
        return self.reading.is_beside(self.ours)

    @property
    def way(self) -> str:
        """Why nothing moves between the two, and what to do about it."""
        if self.beside:
            return ""
        return (
            f"the calendar {printable_line(self.name)} has its ledger in another place, {self.reading.place}: move it first with "
            f"{moving_here(self.top, self.ours.place)}"
        )

    def state(self, known: Elsewhere) -> State | None:
        """As `known` has it, else as it is now. Raises StateError.

        Its signature does not matter here: it can only keep us from acting.
        """
        if self.name in known.unreadable:
            raise known.unreadable[self.name]
        part = known.parts.get(self.name) or self.part()
        return part.state if part is not None else None

    def part(self) -> LedgerPart | None:
        """As it is now. Raises StateError."""
        return part_in(self.reading, self.belongs)

    def side_with(self, state: State | None) -> Side:
        """With a state that was read just now; what keeps posts from moving was asked before."""
        return Side(self.name, self.posts()[0], state, gone=self.gone)

    def side(self, known: Elsewhere) -> Side:
        name, stuck = printable_line(self.name), self.way
        state: State | None = None
        desired, sound = self.posts()
        if not sound:
            stuck = f"the calendar {name} has errors: fix them, then run {self.command()}"
        try:
            state = self.state(known)
        except StateError as error:
            stuck = f"the state of the calendar {name} cannot be read ({error.message})"
        if not stuck and state is not None:
            stuck = self.wrong(state)
        holding = not stuck and not self.gone and on_hold(state, in_settings=self.on_hold)
        if holding:
            stuck = f"posts of the calendar {name} are on hold: release them first, then run {self.command()}"
        return Side(self.name, desired, state, stuck, self.waiting(), holding, self.gone)


def on_hold(state: State | None, *, in_settings: bool) -> bool:
    """Whether something keeps posts of a calendar out of Publer; a hold of its settings may have left them since."""
    return in_settings or any(not hold.settings for hold in (state.holds if state else ()))


def part_in(store: Store, belongs: Callable[[State], bool]) -> LedgerPart | None:
    """What is in a store, where it is of this workspace. Raises StateError, also for a marker."""
    part = store.part()
    if part is None:
        return None
    refuse_marker(part.state)
    return part if belongs(part.state) else None


def managed_by(
    neighbours: Iterable[tuple[str, Callable[[], LedgerPart | None]]], known: Elsewhere
) -> Elsewhere:
    """What is `known`, and what these manage, as far as their parts can be read: each by its name."""
    parts: dict[str, LedgerPart] = {}
    unreadable: dict[str, StateError] = {}
    for name, read in neighbours:
        if name in known.parts or name in known.unreadable:
            continue
        try:
            part = read()
        except StateError as error:
            unreadable[name] = error
        else:
            if part is not None:
                parts[name] = part
    return known.adding(parts, unreadable) if parts or unreadable else known


@dataclass(frozen=True)
class Look:
    """What each calendar of a command has to know of another one, found out once."""

    calendar: Calendar
    """Its settings."""
    store: Store
    accounts: dict[str, Account]

    @cached_property
    def ids(self) -> frozenset[str]:
        return frozenset(account.id for account in self.accounts.values())

    @cached_property
    def shared(self) -> frozenset[str]:
        """Those of its accounts that other calendars are meant to manage as well."""
        refs = self.calendar.settings.accounts
        return frozenset(
            self.accounts[ref.alias].id for ref in refs if ref.shared and ref.alias in self.accounts
        )


class Looks:
    """What the calendars of a command have to know of each other, each found out once."""

    def __init__(
        self,
        together: tuple[Path, ...],
        look: Callable[[Path], Look | None],
        resolved: Callable[[Path], Path],
        beside: Callable[[Path], tuple[Path, ...]],
    ) -> None:
        """`beside` are the calendars of the repository that one is in."""
        self.of = cache(look)
        """None where a folder has no calendar, or one of another workspace."""
        self._together, self._resolved, self._beside = together, resolved, beside
        self._not_together = cache(self._but_together)

    def outside(self, top: Path) -> Sequence[Path]:
        """The calendars of the repository that one is in, but for those of the command."""
        return self._not_together(self._beside(top))

    def _but_together(self, tops: tuple[Path, ...]) -> Sequence[Path]:
        known = {*map(self._resolved, self._together)}
        return [top for top in tops if self._resolved(top) not in known]

    def near(
        self, top: Path, store: Store, accounts: Iterable[str], names: Iterable[str]
    ) -> Iterator[tuple[Path, Look, str]]:
        """The other calendars of the command that may have to do with these accounts, each with its name among them.

        `names` are those whose parts know the accounts, or of which only a marker was read. Whatever the ledger of `store`
        does not show may know any.
        """
        found = {number for name in names for number in self._named.get(name.casefold(), ())}
        found.update(*(self._by_settings.get(each, ()) for each in accounts))
        if (place := self._place_of(store)) is not None:
            found.update(place.hidden)
        for number, name in self._but(top, sorted(found)):
            yield *self._all[number], name

    def elsewhere(self, top: Path, store: Store) -> Sequence[tuple[str, Store]]:
        """The parts of calendars of the command that are in other ledgers than that of `store`, each with its name."""
        here, number = self._place_of(store), self._numbers.get(self._resolved(top))
        if here is not None and number in here.looks and number not in self._called_alike:
            first = self._by_place.index(next(iter(here.looks)))
            return [*self._parts[:first], *self._parts[first + len(here.looks) :]]
        others = (each for each in self._by_place if here is None or each not in here.looks)
        return [(name, self._all[each][1].store) for each, name in self._but(top, others)]

    def _but(self, top: Path, numbers: Iterable[int]) -> Iterator[tuple[int, str]]:
        """These but the calendar itself, each with its name."""
        here = self._resolved(top)
        for number in numbers:
            if self._resolved(self._all[number][0]) != here:
                yield number, self._name_of(number, here)

    def _name_of(self, number: int, here: Path | None = None) -> str:
        """As the calendar in `here` tells it from others: that of its folder where one before it is called the same."""
        other, look = self._all[number]
        is_twin = any(self._resolved(self._all[each][0]) != here for each in self._twins.get(number, ()))
        return _from_here(other) if is_twin else look.calendar.settings.name

    def _place_of(self, store: Store) -> _Place | None:
        return next((each for each in self._places.get(store.place, ()) if each.store.is_beside(store)), None)

    @cached_property
    def _all(self) -> Sequence[tuple[Path, Look]]:
        found = ((top, self.of(top)) for top in self._together)
        return [(top, look) for top, look in found if look is not None]

    @cached_property
    def _named(self) -> Mapping[str, Sequence[int]]:
        found = {number: [look.calendar.settings.name] for number, (_, look) in enumerate(self._all)}
        for number in self._twins:
            found[number].append(_from_here(self._all[number][0]))
        return _by({number: map(str.casefold, names) for number, names in found.items()})

    @cached_property
    def _twins(self) -> Mapping[int, Sequence[int]]:
        """For each that has the same name as others before it, these."""
        named = _by({number: [look.calendar.settings.name] for number, (_, look) in enumerate(self._all)})
        return {
            number: alike[:index] for alike in named.values() for index, number in enumerate(alike) if index
        }

    @cached_property
    def _called_alike(self) -> Collection[int]:
        """Those that have a name which others have, too."""
        return {each for number, before in self._twins.items() for each in (number, *before)}

    @cached_property
    def _numbers(self) -> Mapping[Path, int]:
        return {self._resolved(top): number for number, (top, _) in enumerate(self._all)}

    @cached_property
    def _by_place(self) -> Sequence[int]:
        """All, those of one ledger together."""
        return [number for alike in self._places.values() for place in alike for number in place.looks]

    @cached_property
    def _parts(self) -> Sequence[tuple[str, Store]]:
        """In this order, each with its name for whoever is not called the same."""
        return [(self._name_of(number), self._all[number][1].store) for number in self._by_place]

    @cached_property
    def _by_settings(self) -> Mapping[str, Sequence[int]]:
        return _by({number: look.ids for number, (_, look) in enumerate(self._all)})

    @cached_property
    def _places(self) -> Mapping[str, Sequence[_Place]]:
        """By what people call them: two repositories may have a branch of one name."""
        found: dict[str, list[_Place]] = defaultdict(list)
        for number, (_, look) in enumerate(self._all):
            alike = found[look.store.place]
            place = next((each for each in alike if each.store.is_beside(look.store)), None)
            if place is None:
                place = _Place(look.store)
                alike.append(place)
            place.looks[number] = look
        return found


@dataclass(frozen=True)
class _Place:
    """The calendars of a command whose parts are in one ledger, that of `store`."""

    store: Store
    looks: dict[int, Look] = field(default_factory=dict)

    @cached_property
    def hidden(self) -> Sequence[int]:
        """Those that may have a state which the ledger does not show: one of an earlier version, in a place of its own."""
        try:
            shown = {*map(str.casefold, self.store.names_beside())}
        except StateError:
            return [*self.looks]
        hidden = (
            number
            for number, look in self.looks.items()
            if look.calendar.settings.name.casefold() not in shown
        )
        return [number for number in hidden if self.looks[number].store.is_there()]


def _by(keys: Mapping[int, Iterable[str]]) -> Mapping[str, Sequence[int]]:
    """The numbers with each of these."""
    found: dict[str, list[int]] = defaultdict(list)
    for number, each in keys.items():
        for key in each:
            found[key].append(number)
    return found


class Surroundings(Protocol):
    """The neighbours of a calendar, found when they are asked for."""

    def elsewhere(self, known: Elsewhere) -> Elsewhere:
        """What is `known`, and what those of the command manage whose ledgers are in other places."""

    def of_command(self, accounts: Iterable[str], names: Iterable[str] = ()) -> Iterable[Neighbour]:
        """Those of the command that may have to do with these accounts, or are called so."""

    def of_checkout(self) -> Iterable[Neighbour]:
        """Those of the git repository that are not in the command."""

    def of_the_past(self) -> Iterable[Neighbour]:
        """Those that are gone while the ledger still has posts of theirs."""


class Alone:
    """A calendar without neighbours."""

    def elsewhere(self, known: Elsewhere) -> Elsewhere:
        return known

    def of_command(self, accounts: Iterable[str], names: Iterable[str] = ()) -> Iterable[Neighbour]:
        del accounts, names
        return ()

    def of_checkout(self) -> Iterable[Neighbour]:
        return ()

    def of_the_past(self) -> Iterable[Neighbour]:
        return ()


@dataclass
class Neighbourhood:
    """Finds the neighbours of one calendar, and reads of them what is asked for, when it is asked for."""

    top: Path
    store: Store
    """Of its state."""
    open: Callable[[Calendar], Store]
    looks: Looks
    belongs: Callable[[State], bool]
    wrong: Callable[[State, Store, Path, str], str]
    """Why a folder with a calendar of this name may not use a state of the store; "" where it may."""
    read: ReadsCalendar
    resolved: Callable[[Path], Path]
    command: Callable[[Path], str]
    """Applies this calendar and another one."""
    missing: Callable[[], Mapping[str, State]]
    """The states of the calendars that are gone, by their names."""
    part: Callable[[str], Store]
    """The part of the ledger of a name."""
    keeping_out: Callable[[str], str]
    """The command that ends the part of a calendar that is gone."""

    def elsewhere(self, known: Elsewhere) -> Elsewhere:
        return managed_by(self._elsewhere, known)

    @cached_property
    def _elsewhere(self) -> Sequence[tuple[str, Callable[[], LedgerPart | None]]]:
        others = self.looks.elsewhere(self.top, self.store)
        return [(name, partial(part_in, store, self.belongs)) for name, store in others]

    def of_command(self, accounts: Iterable[str], names: Iterable[str] = ()) -> Iterator[Neighbour]:
        for top, look, name in self.looks.near(self.top, self.store, accounts, names):
            yield self._neighbour(top, look, name, together=True)

    def of_checkout(self) -> Iterator[Neighbour]:
        here = self.resolved(self.top)
        names: set[str] = set()
        for top in self.looks.outside(self.top):
            if self.resolved(top) != here and (look := self.looks.of(top)) is not None:
                name = look.calendar.settings.name
                name = _from_here(top) if name in names else name
                names.add(name)
                yield self._neighbour(top, look, name, together=False)

    def of_the_past(self) -> Iterator[Neighbour]:
        for name, state in self.missing().items():
            yield Neighbour(
                self.top,
                name,
                partial(self.part, name),
                self.part(name),
                self.store,
                lambda: ((), True),
                partial(self.read, self.top, posts=False),
                frozenset(copy.account for copy in state.copies.values()),
                together=False,
                belongs=self.belongs,
                gone=self.keeping_out(name),
            )

    def _neighbour(self, top: Path, look: Look, name: str, *, together: bool) -> Neighbour:
        return Neighbour(
            top,
            name,
            partial(self.open, look.calendar),
            look.store,
            self.store,
            partial(self._posts, top, look.accounts),
            partial(self.read, top, posts=False),
            look.ids,
            look.shared,
            together,
            partial(self.command, top),
            look.calendar.settings.hold is not None,
            self.belongs,
            partial(self._wrong, look.store, top, name),
            partial(self._waiting, top, look.accounts),
        )

    def _wrong(self, store: Store, top: Path, name: str, state: State) -> str:
        return self.wrong(state, store, top, name)

    def _posts(self, top: Path, accounts: dict[str, Account]) -> tuple[Sequence[Post], bool]:
        try:
            calendar = self.read(top, posts=True)
        except PublerSyncError:
            return (), False
        return calendar.bind(accounts).posts, not errors_in(calendar.judged)

    def _waiting(self, top: Path, accounts: dict[str, Account]) -> Sequence[Post]:
        try:
            calendar = self.read(top, posts=True)
        except PublerSyncError:
            return ()
        # Bound anew only where something waits: it is read by every plan that something leaves.
        return calendar.bind(accounts).waiting if calendar.desired.waiting else ()


def moving_here(top: Path, place: str) -> str:
    """The command that moves the state of a calendar to another place."""
    return shlex.join(["publer-sync", "state", "mv", "--to", place, "--calendar", _from_here(top)])


def _from_here(top: Path) -> str:
    return os.path.relpath(top).replace(os.sep, "/")
