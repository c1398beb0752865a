"""Calendars that have left the repository while their parts of the ledger still have posts ahead.

On a branch, gone is what is absent from the tip of the remote's default branch, where every publer.yaml can be read, and was in
its history; on a disk, what is absent from the work tree and from HEAD. What is missing in the checkout alone is told apart: its
posts go on anyway.
"""

from __future__ import annotations

import os
import shlex
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from publer_sync.calendar.folder import SETTINGS, find_calendars
from publer_sync.calendar.load import Calendar, read
from publer_sync.calendar.outside import repository_of
from publer_sync.calendar.publer_yaml.groups import Groups
from publer_sync.calendar.publer_yaml.settings import named
from publer_sync.commands.reaching.checkouts import Checkouts
from publer_sync.commands.reaching.environment import Environment
from publer_sync.commands.reaching.stores import place_of
from publer_sync.commands.running.command_lines import command_line, letting_go
from publer_sync.commands.running.shared import folder
from publer_sync.ledger.file_store import display_path
from publer_sync.ledger.folder_store import FolderStore, states_in
from publer_sync.ledger.git_branch import states_on
from publer_sync.ledger.git_command import Git
from publer_sync.ledger.history import History
from publer_sync.ledger.repositories import Repositories
from publer_sync.ledger.runs import of_files
from publer_sync.ledger.store import GIT, default_place
from publer_sync.machine.clock import Clock
from publer_sync.machine.tracked import committed_files, common_directory
from publer_sync.networks.table import code_of
from publer_sync.planning.gone import GoneCalendar
from publer_sync.planning.notes import Warn
from publer_sync.values.errors import PublerSyncError, StateError, UsageError
from publer_sync.values.model import AccountRef, Settings
from publer_sync.values.printable import printable_line
from publer_sync.values.problems import Location

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from publer_sync.commands.reaching.connections import Connections
    from publer_sync.commands.running.choice import Choice
    from publer_sync.ledger.place import Store
    from publer_sync.ledger.state import CalendarHome, State
    from publer_sync.publer.reader import PublerReader


def beside(top: Path, store: Store, connections: Connections[PublerReader]) -> tuple[GoneCalendar, ...]:
    """The gone calendars whose states are beside that of the calendar in `top`, once for all calendars of a command.

    None where it can't be known.
    """
    place = (store.place, repository_of(top))
    if place in connections.asked_for_gone:
        return ()
    connections.asked_for_gone.add(place)
    with suppress(StateError):
        missing = connections.checkouts.missing(top, store.names_beside())
        states = store.beside(missing).states if missing else {}
        return gone_of(top, states, store)
    return ()


def states_beside(top: Path, store: Store, checkouts: Checkouts) -> dict[str, State]:
    """The states of the calendars that are gone for good, by their names; none where that cannot be known."""
    with suppress(StateError):
        missing = checkouts.missing(top, store.names_beside())
        states = store.beside(missing).states if missing else {}
        used = {name: state for name, state in states.items() if state.is_used}
        found = gone_of(top, used, store, renamed=True) if used else ()
        return {each.name: each.state for each in found if not each.leaving}
    return {}


def gone_of(
    top: Path, states: Mapping[str, State], store: Store, *, renamed: bool = False
) -> tuple[GoneCalendar, ...]:
    """What of these, which the checkout lacks, has left or is leaving. Raises StateError where that cannot be asked.

    `renamed`: also what git knows to have another path now, whose posts are not to be removed, and what has nothing ahead.
    """
    if isinstance(store, FolderStore):
        return _gone_on_disk(top, states, store.root, renamed=renamed)
    return _gone(top, states, store.place, renamed=renamed)


def below(
    folders: Sequence[Path], choice: Choice, repositories: Repositories | None = None
) -> tuple[GoneCalendar, ...]:
    """The same for a command that keeps none of the calendars in these folders: there is no workspace to ask."""
    environment, found, repositories = Environment.of(os.environ), {}, repositories or Repositories()
    checkouts = Checkouts()
    for top in find_calendars(folders or [folder(None)]):
        with suppress(PublerSyncError):
            calendar = read(top, posts=False)
            place, base = place_of(calendar, environment, choice)
            workspace = calendar.settings.workspace or environment.workspace
            repository = repository_of(top)
            if (place, repository) in found:
                continue
            on_branch = place is not None and place.startswith(GIT)
            root = default_place(top) if place is None else base / place
            if place and on_branch:
                there = states_on(repositories.branch(top, place.removeprefix(GIT)))
            else:
                there = states_in(root)
            # A name may be that of a calendar of several workspaces: it is that of the one beside.
            known = sorted(there.values(), key=lambda state: _is_of(state, workspace))
            states = {state.calendar: state for state in known}
            missing = {name: states[name] for name in checkouts.missing(top, states)}
            gone = _gone(top, missing, place) if place and on_branch else _gone_on_disk(top, missing, root)
            found[place, repository] = tuple(replace(each, beside=top) for each in gone)
    return tuple(each for calendars in found.values() for each in calendars)


def _is_of(state: State, workspace: str | None) -> bool:
    """Whether a state is one of the workspace, by its id or its name."""
    return workspace in (state.workspace_id, state.workspace_name)


def _gone(
    top: Path, states: Mapping[str, State], place: str, *, renamed: bool = False
) -> tuple[GoneCalendar, ...]:
    """What of these, which the checkout lacks, has left. Raises StateError where the remote cannot be asked."""
    now = Clock().now()
    found = {name: GoneCalendar.of(name, state, place, now, leaving=False) for name, state in states.items()}
    ahead = {name: each for name, each in found.items() if (each or renamed) and not each.state.moved}
    history = History.of(top) if ahead else None
    if history is None:
        return ()
    tip = history.default_tip()
    if tip is None:
        return ()
    there = _named(tip, history.files(tip, SETTINGS), history)
    if there is None:
        return ()  # any of them may be the one
    paths = {name: path for path, name in there.items()}
    base = history.merge_base(tip)
    gone = []
    for name, each in sorted(ahead.items()):
        if name in paths:
            if base is not None and history.has(base, paths[name]):
                gone.append(replace(each, leaving=True))
        elif _is_merged(each.state, history, tip) and (renamed or _was_there(name, history, tip)):
            gone.append(each)
    return tuple(gone)


def _gone_on_disk(
    top: Path, states: Mapping[str, State], root: Path, *, renamed: bool = False
) -> tuple[GoneCalendar, ...]:
    """The same where the ledger is in a folder: whose folder is neither in the work tree nor in the last commit.

    One of another repository that keeps its part here is gone once its own folder is.
    """
    now, here = Clock().now(), common_directory(top)
    committed: Collection[str] | None = None
    gone = []
    for name, state in sorted(states.items()):
        each = GoneCalendar.of(
            name, state, display_path(root), now, leaving=False, setting=str(root.resolve())
        )
        if not (each or renamed) or state.moved or state.home is None:
            continue
        if state.home.repository == (str(here) if here is not None else ""):
            committed = _committed_names(top) if committed is None else committed
            last = next(iter(of_files(state.runs)), None)
            if last is not None and last.commit is not None and not _led_here(top, last.commit):
                continue  # applied from a branch that nobody merged: it is in another work tree
            gone.append(replace(each, leaving=name in committed))
        elif home_is_gone(state.home):
            gone.append(each)
    return tuple(gone)


def _committed_names(top: Path) -> Collection[str]:
    """The names of the calendars of the last commit, as far as they can be read. Raises StateError."""
    files = committed_files(repository_of(top) or top, (SETTINGS,))
    if files is None:
        return ()
    found = ((path, raw) for path, raw in files.items() if path.rpartition("/")[2] == SETTINGS)
    return {name for path, raw in found if (name := named(raw, path.rpartition("/")[0])) is not None}


def _led_here(top: Path, commit: str) -> bool:
    return Git.of(top.resolve()).run("merge-base", "--is-ancestor", commit, "HEAD").ok


def home_is_gone(home: CalendarHome) -> bool:
    """Whether a folder is certainly gone: what it was in can be seen, and it cannot."""
    around = Path(home.repository).parent if home.repository else Path(home.folder).parent
    return around.is_dir() and not (around / home.folder / SETTINGS).is_file()


def _named(commit: str, files: Iterable[str], history: History) -> dict[str, str] | None:
    """The names of the calendars with these settings, by path; None where one can't be read."""
    found = {}
    for path in files:
        name = named(history.content(commit, path), path.rpartition("/")[0])
        if name is None:
            return None
        found[path] = name
    return found


def _is_merged(state: State, history: History, tip: str) -> bool:
    """Whether the files that were applied last led to the tip: a branch that nobody merged has its own calendars."""
    last = next(iter(of_files(state.runs)), None)
    return last is None or last.commit is None or history.led_to(tip, last.commit)


def _was_there(name: str, history: History, tip: str) -> bool:
    """Whether a calendar of this name was removed in what led to the tip; one that was renamed is there still."""
    for commit, path in history.removed(tip, SETTINGS):
        with suppress(StateError):
            if named(history.content(f"{commit}^", path), path.rpartition("/")[0]) == name:
                return True
    return False


# --- what is said ---------------------------------------------------------------------------------------------------


def warnings(gone: Iterable[GoneCalendar], choice: Choice) -> Iterator[Warn]:
    """What each still has ahead, and what to do about it."""
    for each in gone:
        yield Warn("calendar_gone", sentence_of(each, choice))


def sentence_of(gone: GoneCalendar, choice: Choice) -> str:
    name = printable_line(gone.name)
    where = "left the repository" if not gone.leaving else "is missing here"
    parts = []
    if gone.ahead:
        parts.append(
            f"{gone.ahead:,} of its posts {'is' if gone.ahead == 1 else 'are'} still scheduled in Publer"
        )
    if gone.on_hold:
        parts.append(f"{gone.on_hold:,} of its posts {'is' if gone.on_hold == 1 else 'are'} on hold")
    beside = choice.calendar or gone.beside
    bare = replace(choice, calendar=beside, accounts=(), since=None, until=None)
    remove = f"{command_line('apply', bare)} --gone {shlex.quote(name)} --yes"
    keep = letting_go(bare, name) + (" --drop-holds" if gone.state.holds else "")
    renamed = "; if it was renamed, move its state first (publer-sync state mv)"
    once = f"{renamed}; otherwise, once it has left the default branch, " if gone.leaving else "; "
    too = f" (this applies {printable_line(str(beside))} too)" if beside else ""
    ways = f"to remove them{too}: {remove}; to keep them as they are: {keep}"
    if not gone.ahead:
        ways = f"to leave them out of Publer for good: {keep}"
    return f"the calendar {name} {where}, and {' and '.join(parts)}{once}{ways}"


# --- removing what they left ----------------------------------------------------------------------------------------


def wanted(
    folders: Sequence[Path], choice: Choice, connections: Connections[Any]
) -> dict[Path | None, tuple[Calendar, Choice]]:
    """The calendars that `choice` names as gone, each without posts, and with what was chosen of it, by what stands for their folders.

    Raises UsageError for one that is not gone.
    """
    if not choice.gone:
        return {}
    if choice.sandbox:
        raise UsageError("--gone: a sandbox has no calendars beside this one")
    if choice.accounts or choice.since or choice.until:
        raise UsageError(
            "--gone: all posts of a calendar that left go, not those of some accounts or days",
            hint="Leave out --account, --since and --until. To remove some of its posts, delete these in Publer.",
        )
    found = {each.name: each for each in below(folders, choice, connections.repositories)}
    made: dict[Path | None, tuple[Calendar, Choice]] = {}
    for name in choice.gone:
        gone = found.get(name)
        if gone is None or gone.leaving:
            raise _not_gone(name, found)
        made[Path(name)] = _without_posts(gone, folders, choice, connections)
    return made


def _not_gone(name: str, found: Mapping[str, GoneCalendar]) -> UsageError:
    there = ", ".join(printable_line(each) for each, gone in found.items() if not gone.leaving)
    why = "no calendar of this name left the repository with posts ahead"
    if name in found:
        why = "the remote's default branch still has this calendar: push its removal first"
        if not found[name].place.startswith(GIT):
            why = "the last commit still has this calendar: commit its removal first"
    return UsageError(
        f"--gone {printable_line(name)}: {why}", hint=f"Calendars that left: {there}." if there else None
    )


def _beside(gone: GoneCalendar, folders: Sequence[Path], choice: Choice) -> tuple[Path, Calendar, Path]:
    """A calendar that keeps its state where the gone one did, with its folder and its repository."""
    environment = Environment.of(os.environ)
    for top in find_calendars(folders or [folder(None)]):
        with suppress(PublerSyncError):
            calendar, root = read(top, posts=False), repository_of(top)
            place, base = place_of(calendar, environment, choice)
            on_branch = place is not None and place.startswith(GIT)
            setting = place if on_branch else str((base / place if place else default_place(top)).resolve())
            if root is not None and setting == gone.setting:
                return top, calendar, root
    raise UsageError(f"--gone {printable_line(gone.name)}: no calendar here keeps its state in {gone.place}")


def _without_posts(
    gone: GoneCalendar, folders: Sequence[Path], choice: Choice, connections: Connections[Any]
) -> tuple[Calendar, Choice]:
    environment, state = Environment.of(os.environ), gone.state
    top, beside, root = _beside(gone, folders, choice)
    there = connections.to(environment, Clock(wake=connections.wake))
    workspace = next((each for each in there.workspaces if each.id == state.workspace_id), None)
    if workspace is None:
        raise UsageError(
            f"--gone {printable_line(gone.name)}: the key does not reach its workspace, {printable_line(state.workspace_name)}",
            hint="Use a key that does, or delete its posts in Publer.",
        )
    used = {copy.account for copy in state.copies.values()}
    accounts = [each for each in there.enter(workspace)[1] if each.id in used]
    where = Location(SETTINGS, 1)
    names = Counter(account.name for account in accounts)
    refs = tuple(
        AccountRef(
            account.name if names[account.name] == 1 else f"{account.name} ({code_of(account.provider)})",
            account.id,
            None,
            where,
        )
        for account in accounts
    )
    settings = Settings(
        gone.name,
        workspace=workspace.id,
        workspace_location=where,
        timezone=beside.settings.timezone,
        state=gone.setting,
        accounts=refs,
    )
    groups = Groups(tuple(ref.alias for ref in refs), {})
    calendar = Calendar(root, settings, (), 0, groups, gone=True)
    bare = replace(choice, calendar=top, gone=(gone.name,))
    return calendar, bare
