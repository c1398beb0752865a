"""Where else the state of a calendar may be: one that is somewhere else is not applied as if it never had one."""

from __future__ import annotations

import os
import re
import shlex
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from publer_sync.calendar.folder import SETTINGS
from publer_sync.calendar.outside import dependencies, relative
from publer_sync.calendar.publer_yaml.settings import state_from_here
from publer_sync.commands.reaching.checkouts import Checkouts
from publer_sync.commands.running.who import in_ci
from publer_sync.ledger.git_store import GitStore
from publer_sync.ledger.store import GIT, renaming
from publer_sync.machine.own_folder import FOLDER
from publer_sync.planning.notes import Warn
from publer_sync.render.layout.wording import managed_count
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import StateError
from publer_sync.values.printable import printable_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from publer_sync.calendar.load import Calendar
    from publer_sync.ledger.git_branch import GitBranch
    from publer_sync.ledger.place import Store
    from publer_sync.ledger.repositories import Repositories
    from publer_sync.ledger.state import State

DEFAULT = f"{FOLDER}/state.json"
"""Below the calendar."""
_MOST_RENAMED = 3
_STATE = re.compile(
    r"""^state:[ \t]+(?P<quote>["']?)(?P<place>[^#\n]*?)(?P=quote)[ \t]*(?:#.*)?$""", re.MULTILINE
)


class OtherState(NamedTuple):
    """A state of this calendar that is not where it is looked for."""

    place: str
    """As it is written behind --from."""
    store: Store
    state: State


class StatePlaces(Protocol):
    """Where else the state of a calendar may be; asked where the chosen place has none."""

    @property
    def first(self) -> bool:
        """Whether someone decided to start over (--first)."""

    def left(self) -> tuple[OtherState, ...]:
        """The states of the calendar in other places. Raises StateError where one cannot be seen."""

    def near(self) -> tuple[OtherState, ...]:
        """Those that are found without a look at the history."""

    def others(self) -> tuple[str, ...]:
        """The places of `near`."""

    def unseen(self) -> tuple[str, ...]:
        """StatePlaces that the settings named before, and that cannot be seen from here."""

    def at_remote(self) -> StateError | None:
        """What tells that another remote has the state, than the one that counts for what is checked out."""

    def check(self) -> None:
        """Raise StateError where the calendar has a state somewhere else, or may have one."""

    def check_lasts(self) -> None:
        """Raise StateError where what an apply writes to the chosen place is gone after the job."""

    def warnings(self, state: State | None) -> Iterator[Warn]:
        """What an apply would raise, if `state` is that of the chosen place."""


class Nowhere:
    """Where there is no other place: a rehearsal has a state of its own."""

    first = False

    def left(self) -> tuple[OtherState, ...]:
        return ()

    def near(self) -> tuple[OtherState, ...]:
        return ()

    def others(self) -> tuple[str, ...]:
        return ()

    def unseen(self) -> tuple[str, ...]:
        return ()

    def at_remote(self) -> StateError | None:
        return None

    def check(self) -> None:
        pass

    def check_lasts(self) -> None:
        pass

    def warnings(self, state: State | None) -> Iterator[Warn]:  # noqa: ARG002 — without another place there is nothing to compare it with
        return iter(())


@dataclass
class OtherPlaces:
    """The default place, and those that the settings name or once named in the history of the repository.

    Raises as `StatePlaces` says.
    """

    calendar: Calendar
    chosen: Store
    name: str
    open: Callable[[str | None, Path, str], Store]
    """The store of the calendar of a name at a place, which counts from a folder."""
    belongs: Callable[[State, Store, str], bool]
    """Whether a state is this calendar's, by that name."""
    repositories: Repositories
    first: bool

    @cached_property
    def _named(self) -> tuple[str | None, ...]:
        """What the settings say now, then what they said in each commit, the first one first. None: the default place.

        Raises StateError where the history cannot be read.
        """
        now = self.calendar.settings.state
        top, tree = self.calendar.top, self.repositories.of(self.calendar.top)
        history, root = (tree.history, tree.root) if tree is not None else (None, top)
        versions = history.versions(relative(top.resolve() / SETTINGS, root)) if history is not None else []
        found: list[str | None] = [now]
        for shared in (each for each in dependencies(top) if each.suffix in (".yaml", ".yml")):
            older = history.versions(relative(shared, root)) if history is not None else ()
            lines = filter(None, map(_STATE.search, older))
            found += [state_from_here(line["place"].strip(), relative(shared, top)) for line in lines]
        for number, added in enumerate(versions):
            if (line := _STATE.search(added)) is not None:
                found.append(line["place"].strip())
            elif number == 0:
                found.append(None)
        return tuple(found)

    def _opened(self, named: Iterable[str | None]) -> Iterator[tuple[str | None, Store]]:
        """Each of these places but the chosen one, once."""
        known = {self.chosen.place}
        for each in (*named, None):
            try:
                store = self.open(each, self.calendar.top, self.name)
            except StateError:
                continue  # it was never a place
            if store.place not in known:
                known.add(store.place)
                yield each, store

    @cached_property
    def _left(self) -> tuple[OtherState, ...]:
        return self._found(self._named)

    def _found(self, named: Iterable[str | None]) -> tuple[OtherState, ...]:
        stores = (self.chosen, *(store for _, store in self._opened(named)))
        found = (self._followed(store, ()) for store in stores)
        return tuple({left.place: left for left in found if left is not None}.values())

    def _followed(
        self, store: Store, before: tuple[tuple[str, str], ...], name: str = ""
    ) -> OtherState | None:
        """The state at a place, or where its marker leads; none at the chosen place."""
        here = (store.place, name or self.name)
        state = self._read(store)
        if here in before or state is None or not self.belongs(state, store, here[1]):
            return None
        if state.moved is not None:
            there = self.open(state.moved.place, Path.cwd(), state.moved.name)
            return self._followed(there, (*before, here), state.moved.name)
        if here == (self.chosen.place, self.name) or not state.is_used:
            return None
        return OtherState(store.place, store, state)

    def _read(self, store: Store) -> State | None:
        """None too where no state could ever be kept."""
        try:
            return store.read(trusting=True)
        except StateError as error:
            if error.code in ("state.place", "state.name", "state.remote"):
                return None
            raise

    def left(self) -> tuple[OtherState, ...]:
        return self._left

    def near(self) -> tuple[OtherState, ...]:
        try:
            return self._found([self.calendar.settings.state])
        except StateError:
            return ()

    def others(self) -> tuple[str, ...]:
        return tuple(left.place for left in self.near())

    @cached_property
    def _unseen(self) -> tuple[str, ...]:
        now, *before = self._named
        return tuple(
            dict.fromkeys(
                store.place
                for named, store in self._opened(before)
                if named in before and named != now and not (named or "").startswith(GIT)
                if store.read(trusting=True) is None
            )
        )

    def unseen(self) -> tuple[str, ...]:
        return self._unseen

    def check(self) -> None:
        if (error := self._error()) is not None:
            raise error

    def check_lasts(self) -> None:
        if (error := self._lost()) is not None:
            raise error

    def warnings(self, state: State | None) -> Iterator[Warn]:
        for ask in (self._lost, *([self._error] if state is None else [])):
            try:
                error = ask()
            except StateError as unread:
                error = unread
            if error is not None:
                code, told = error.code.replace("state.", "state_"), (error.hint or "").split("\n")
                way, _, command = told[0].partition(": publer-sync ")
                first = f"{way[:1].lower()}{way[1:]}"
                first = f"--first starts over, once; {first}" if "--first" in "".join(told[1:]) else first
                if command:
                    yield Warn(code, f"{error.message}; {first}:", command=f"publer-sync {command}")
                else:
                    yield Warn(
                        code, f"{error.message}; {first.removesuffix(' Nothing was changed.').rstrip('.')}"
                    )

    def _error(self) -> StateError | None:
        left = [each for each in self.left() if not self.first or each.state.holds]
        if left:
            return self._left_error(left[0])
        if self.first:
            return None
        if (there := self.at_remote()) is not None:
            leave = "To leave that state behind and start over, add --first, once. Nothing was changed."
            return StateError(there.message, code=there.code, hint=f"{there.hint}\n{leave}")
        if not (unseen := self.unseen()):
            return None
        return StateError(
            f"{self.chosen.place} has no state of this calendar, and publer.yaml named another place before: {unseen[0]}",
            code="state.unseen",
            hint=f"{self._renamed()}If another machine has its state there, run this on it first: "
            f"{self._move(unseen[0], on_another_machine=True)}\n"
            "If the calendar was never applied, add --first, once. Nothing was changed.",
        )

    def at_remote(self) -> StateError | None:
        if not isinstance(self.chosen, GitStore):
            return None
        try:
            remotes = self._remotes_with(self.chosen, self.name)
        except StateError:
            return None  # whoever reads the state is told so
        if not remotes:
            return None
        here = printable_line(self.chosen.branch.repository.remote)
        names = [printable_line(each) for each in remotes]
        are = "the remotes" if len(remotes) > 1 else "the remote"
        there = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
        return StateError(
            f"the state of this calendar is in {self.chosen.place} at {are} {there}, and the remote {here} has none",
            code="state.left",
            hint=f"{_tracking(self.chosen.branch, remotes)}\nIf the repository moved to {here}, bring the state there "
            '("The repository moves" in docs/state.md).',
        )

    def _remotes_with(
        self, store: GitStore, name: str, before: tuple[tuple[str, str], ...] = ()
    ) -> list[str]:
        """Those that have a state of this calendar, or a marker that leads to one there; `origin` first."""
        if (here := (store.place, name)) in before:
            return []
        found = []
        for remote, state in store.branch.at_other_remotes(store.file).items():
            if state is None:  # nobody knows what it says
                found.append(remote)
            elif not self.belongs(state, store, name):
                continue
            elif state.moved is None:
                found += [remote] if state.is_used else []
            else:
                there = self.open(state.moved.place, Path.cwd(), state.moved.name)
                if isinstance(there, GitStore):
                    more = self._remotes_with(there, state.moved.name, (*before, here))
                    found += [remote] if remote in more else []
        return sorted(found, key=lambda remote: (remote != "origin", remote))

    def _renamed(self) -> str:
        """The commands that move here what the branch has of calendars that this checkout lacks."""
        if not isinstance(self.chosen, GitStore):
            return ""
        names = Checkouts().missing(self.calendar.top, self.chosen.names_beside())
        states = self.chosen.beside(names).states if names else {}
        used = sorted(name for name, state in states.items() if state.is_used and not state.moved)
        commands = [renaming(name, self.name, self.calendar.top) for name in used[:_MOST_RENAMED]]
        return "".join(f"If this calendar was renamed, move its state: {each}\n" for each in commands)

    def _lost(self) -> StateError | None:
        """Why the state must not be where it is: a runner's disk does not last."""
        place = self.chosen.place
        if place.startswith(GIT) or self.calendar.settings.state_on_disk or not in_ci(os.environ):
            return None
        return StateError(
            f"the state is in a file, {place}, and this is a CI job, whose disk is discarded",
            code="state.ci",
            hint="Write `state: git:publer-sync-state` into publer.yaml. If this disk is kept, write `state_on_disk: true`. "
            "Nothing was changed.",
        )

    def _left_error(self, left: OtherState) -> StateError:
        held = bool(left.state.holds)
        posts = managed_count(left.state.posts) if left.state.posts else "nothing managed any more"
        what = f"{posts}, and a hold" if held else posts
        leave = "" if held else "\nTo leave that state behind and start over, add --first, once."
        if left.place == self.chosen.place:  # where a marker led that came along with the folder
            named = printable_line(left.state.calendar)
            return StateError(
                f"the state of this calendar is in {left.place} under the name {named} ({what})",
                code="state.left",
                hint=f"Move it: {renaming(left.state.calendar, self.name, self.calendar.top)}{leave}\nNothing was changed.",
            )
        return StateError(
            f"the state of this calendar is in {left.place} ({what}), and {self.chosen.place} has none",
            code="state.left",
            hint=f"Move it: {self._move(left.place)}{leave}\nNothing was changed.",
        )

    def _move(self, place: str, *, on_another_machine: bool = False) -> str:
        top = self.calendar.top
        folder = [] if top in (Path("calendar"), Path()) else ["--calendar", str(top)]
        settings = self.calendar.settings.state
        to_settings = settings is not None and self.open(settings, top, self.name).place == self.chosen.place
        target = [] if to_settings and not on_another_machine else ["--to", self.chosen.place]
        return shlex.join(["publer-sync", "state", "mv", "--from", place, *target, *folder])


def _tracking(branch: GitBranch, remotes: Sequence[str]) -> str:
    """How the branch that is checked out tracks the remote that has the state; of several, a person chooses if none is `origin`."""
    chosen = remotes[0] if len(remotes) == 1 or remotes[0] == "origin" else None
    named = printable_line(chosen) if chosen else "the one that the last apply pushed to"
    way = f"Check out a branch that tracks {named}."
    if head := branch.repository.scratch.theirs.head.removeprefix("refs/heads/"):
        command = shlex.join(["git", "config", f"branch.{head}.remote", chosen or "NAME"])
        way = f"Let the branch that is checked out track {named}: {command}"
    if chosen:
        return way
    fetch = shlex.join(["git", "fetch", "NAME", branch.name])
    return f"{way}\nTo see when NAME was written last: {fetch} && git log -1 FETCH_HEAD"
