"""`publer-sync log`: who did what to which post, as the ledger keeps it. Publer is asked for nothing."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from publer_sync.commands.reaching.environment import Environment
from publer_sync.commands.reaching.parts import KnownParts
from publer_sync.commands.reaching.stores import service_of
from publer_sync.commands.running import several
from publer_sync.commands.running.frame import Frame
from publer_sync.commands.running.options import first_instant, instant, last_instant
from publer_sync.commands.running.progress import ProgressLine
from publer_sync.commands.running.views import LOG
from publer_sync.ledger.repositories import Repositories
from publer_sync.ledger.store import check
from publer_sync.machine.clock import Clock
from publer_sync.planning.log import CalendarLog, Log, chosen_runs
from publer_sync.planning.resolve import AccountList, find_accounts
from publer_sync.render.several import Ending
from publer_sync.values.errors import UsageError
from publer_sync.values.model import Account, Slot
from publer_sync.values.printable import printable_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.running.choice import Choice
    from publer_sync.ledger.place import Store
    from publer_sync.ledger.runs import RunLine, RunRecord
    from publer_sync.ledger.state import State


def run(
    calendars: Sequence[Path],
    choice: Choice,
    *,
    post: str | None,
    state_name: str | None,
    style: str,
    verbose: bool,
) -> int:
    """The calendars need not be valid."""
    frame = Frame.of(calendars, choice, style=style, views=LOG, offline=True)
    several.check_places(frame.chosen, choice, Environment.of(os.environ))
    reader = _Reader(choice, post, state_name)

    def one(top: Path | None) -> Ending:
        with frame.calendar(top) as (calendar, _):
            reader.read(calendar)
        return Ending(0, "", found=reader.logs)

    with ProgressLine() as progress:
        ended = frame.each(one, doing="log", progress=progress)
    if not any(each.exit_code for _, each in ended):
        reader.check()
    log = Log.of(reader.logs, Clock().now(), several=len(ended) > 1)
    return several.show_together(ended, frame.view, log, verbose=verbose or post is not None)


class _Reader:
    """Reads the part of each calendar, or the one that --state-name names in their places."""

    def __init__(self, choice: Choice, post: str | None, name: str | None) -> None:
        self.logs: list[CalendarLog] = []
        self._choice, self._post, self._name = choice, post, name
        self._parts = KnownParts(choice, Environment.of(os.environ), Repositories())
        self._there: dict[str, None] = {}
        """The names that there are where --state-name names one."""
        self._read: set[str] = set()

    def read(self, calendar: Calendar) -> None:
        """Raises StateError as the store does."""
        for store, state in self._states(calendar):
            if store.where not in self._read:
                self._read.add(store.where)
                self.logs.append(self._log(calendar, state))

    def check(self) -> None:
        """Raise UsageError where nothing has the name, or the post, that was asked for."""
        if self._name is not None and not self.logs:
            there = f"It has: {', '.join(map(printable_line, sorted(self._there)))}." if self._there else None
            raise UsageError(
                f"--state-name: there is no state of {printable_line(self._name)} where these calendars have theirs",
                hint=there,
            )
        if self._post is not None and not any(log.knows for log in self.logs):  # one that knows it is enough
            raise UsageError(
                f'--post: no known run changed "{self._post}"',
                hint="Name a post by its id, or as ALIAS@TIME. For example: facebook@2027-03-02T09:00",
            )

    def _states(self, calendar: Calendar) -> Iterator[tuple[Store, State]]:
        if self._name is None:
            workspace = self._parts.workspace(calendar)
            found = [(workspace, calendar.settings.name)] if workspace is not None else []
        else:
            states = [*self._parts.of_others(calendar)]
            self._there |= dict.fromkeys(state.calendar for state in states)
            name = self._name.casefold()
            found = [
                (state.workspace_id, state.calendar) for state in states if state.calendar.casefold() == name
            ]
        for workspace, name in found:
            store = self._parts.open(calendar, workspace, name)
            state = store.read()
            if state is not None:
                check(
                    state,
                    service=service_of(self._choice, Environment.of(os.environ)),
                    workspace_id=workspace or state.workspace_id,
                    calendar=name,
                    top=calendar.top,
                    place=store.place,
                )
            elif store.rest is None and (lost := store.lost()) is not None:
                raise lost
            if (known := state or store.rest) is not None:
                yield store, known

    def _log(self, calendar: Calendar, state: State) -> CalendarLog:
        zone = calendar.settings.timezone
        accounts = accounts_in(state, calendar)
        concerns = _concerning(self._post, state.runs, calendar, accounts) if self._post is not None else None
        runs = chosen_runs(
            state.runs,
            since=first_instant(self._choice.since, zone, option="--from") if self._choice.since else None,
            until=last_instant(self._choice.until, zone, option="--to") if self._choice.until else None,
            concerns=concerns or (lambda _: False) if self._post is not None else None,
        )
        return CalendarLog(state.calendar, zone, runs, accounts, knows=concerns is not None)


def accounts_in(state: State, calendar: Calendar) -> dict[str, Account]:
    """The accounts of a part of the ledger by Publer's id, as it knows them, with the aliases of the settings."""
    used = {line.account for run in state.runs for line in run.lines}
    known = [
        Account(key, each.name, each.provider, type=each.type or None, social_id=each.social_id or None)
        for key, each in state.accounts.items()
    ]
    known += [Account(key, key, "") for key in sorted(used - state.accounts.keys())]
    named = find_accounts(calendar.settings.accounts, AccountList(tuple(known)), lenient=True)
    return {each.id: each for each in (*known, *named.values())}


def _concerning(
    name: str, runs: Sequence[RunRecord], calendar: Calendar, accounts: Mapping[str, Account]
) -> Callable[[RunLine], bool] | None:
    """Whether a line is about the post: by its id, or by its entry wherever that was. None if no line is."""
    lines = [line for run in runs for line in run.lines]
    word, at, time = name.partition("@")
    found = [line for line in lines if line.id == name]
    alias = calendar.groups.alias(word)
    account = next((each for each in accounts.values() if alias and each.alias == alias), None)
    if not found and at and account is not None:
        slot = Slot.of(account.id, instant(time, calendar.settings.timezone, option=f"{word}@"))
        found = [line for line in lines if (line.account, line.at) == (slot.account, slot.at)]
    if not found:
        return None
    entries = {line.entry for line in found}
    return lambda line: line.entry in entries if line.entry else line in found
