"""One command on any number of calendars: which ones, one after the other, and how it ended for each.

For a single calendar, only its result is shown. One that fails does not stop the others.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import replace
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from publer_sync.calendar.folder import SETTINGS, find_calendars
from publer_sync.calendar.load import read
from publer_sync.commands.reaching.environment import Environment
from publer_sync.commands.running.shared import document, folder, load, out, say, screen
from publer_sync.render import several as endings
from publer_sync.render.layout.escaping import escaped_line
from publer_sync.render.layout.wording import before_command
from publer_sync.render.several import Ending
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.starting.late_modules import late_module
from publer_sync.values.errors import HoldBegan, Interrupted, PublerSyncError, TwiceNamedError, UsageError
from publer_sync.values.printable import one_line
from publer_sync.values.problems import errors_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.reaching.connections import Connections
    from publer_sync.commands.running import failure
    from publer_sync.commands.running.choice import Choice
    from publer_sync.commands.running.documents import SeveralDocument
    from publer_sync.commands.running.progress import ProgressLine
    from publer_sync.commands.running.views import View
    from publer_sync.planning.gone import GoneCalendar
    from publer_sync.render.layout import documents
else:
    documents = late_module("publer_sync.render.layout.documents")
    failure = late_module("publer_sync.commands.running.failure")

WORST = (70, 64, 1, 3, 5, 4, 6, 2, 0)
"""Exit codes, worst first: the code of several calendars is the first of these that one of them has."""


LEAST_REQUESTS = 2
"""For a calendar in a workspace of its own: its accounts, and a page of posts."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The calendars of a command. `several`: each is shown by its name, however many there are."""

    tops: tuple[Path | None, ...]
    several: bool


def choose(
    folders: Sequence[Path],
    changed_since: str | None = None,
    *,
    unfinished: Callable[[Path], bool] = lambda _: False,
) -> Chosen:
    """The calendars in these folders and below; without a folder, the one that the current folder means.

    With `changed_since`, only those that have changed or are `unfinished`. Raises UsageError and SettingsError.
    """
    if len(folders) > 1 and (file := next((each for each in folders if each.is_file()), None)):
        raise UsageError(
            f'"{file}" is a file, and several calendars must be folders',
            hint="Give only the plan file, or folders.",
        )
    meant = folders or [folder(None)]
    missing = [each for each in folders if not each.exists()] if len(folders) > 1 else []
    if missing:
        raise UsageError(f'the calendar "{missing[0]}" does not exist', hint="Name folders with calendars.")
    found = find_calendars(meant)
    if changed_since is not None:
        from publer_sync.commands.beside.changed import changed

        differ = set(changed(found, changed_since))
        kept = tuple(top for top in found if top in differ or unfinished(top))
        return Chosen(kept, several=True)
    if len(meant) == 1 and found in ([], list(meant)):
        return Chosen(tuple(folders) or (None,), several=False)
    if not found:
        raise UsageError("these folders have no calendar", hint="A calendar is a folder with a publer.yaml.")
    return Chosen(tuple(found), several=True)


def together(chosen: Chosen) -> tuple[Path, ...]:
    """The calendars of a command that has several."""
    return tuple(top for top in chosen.tops if top is not None) if len(chosen.tops) > 1 else ()


def with_accounts(
    chosen: Chosen, words: tuple[str, ...], *, strict: bool = True
) -> tuple[Chosen, Mapping[Path | None, tuple[str, ...]]]:
    """The calendars that have any of these accounts, and those that each has. Raises UsageError as `accounts_of` does."""
    accounts = accounts_of(chosen.tops, load, words, strict=strict)
    return replace(chosen, tops=tuple(accounts)), accounts


def accounts_of(
    tops: Sequence[Path | None],
    read: Callable[[Path | None], Calendar],
    words: tuple[str, ...],
    *,
    strict: bool = True,
) -> dict[Path | None, tuple[str, ...]]:
    """The calendars that have any of these accounts, each with those that it has; without words, all of them.

    Raises UsageError for an account that no calendar has, before anything is done; unless `strict`, each gets that word.
    """
    if not words or len(tops) < 2:
        return dict.fromkeys(tops, words)
    found = {}
    for top in tops:
        found[top] = words  # where it cannot be read, its turn tells what is wrong
        with suppress(PublerSyncError):
            calendar = read(top)
            if calendar.settings.accounts or not errors_in(calendar.problems):
                found[top] = tuple(word for word in words if calendar.groups.members(word))
    nowhere = [word for word in words if not any(word in known for known in found.values())]
    for word in nowhere:
        if strict:
            raise UsageError(f'--account: none of these calendars has an account "{one_line(word)}"')
    if len(nowhere) == len(words):
        return dict.fromkeys(tops, words)
    for top in (top for top, known in found.items() if not known):
        say(f"{name_of(top)} has no such account: it is left out.")
    return {top: (*known, *nowhere) for top, known in found.items() if known}


def each(
    tops: Iterable[Path | None],
    one: Callable[[Path | None], Ending],
    *,
    doing: str,
    progress: ProgressLine,
    connections: Connections[Any] | None = None,
) -> Iterator[tuple[str, Ending]]:
    """How it ends for each calendar, by the path as given; after an interruption the rest are not started."""
    tops = list(tops)
    stopped = False
    before = connections.requests if connections else 0
    for number, top in enumerate(tops, 1):
        name = name_of(top)
        if stopped:
            yield name, not_begun()
            continue
        far = f"{number:,} of {len(tops):,}"
        if connections is not None:
            far += _time_left(connections.requests - before, done=number - 1, left=len(tops) - number + 1)
        progress(doing, f"{name} ({far})")
        try:
            yield name, one(top)
        except KeyboardInterrupt:
            stopped = True
            yield name, failed(Interrupted("stopped, as asked"))
        except PublerSyncError as error:
            if isinstance(error, Interrupted) and not isinstance(error, HoldBegan):
                stopped = True
            yield name, failed(error)
        except Exception as error:  # noqa: BLE001 — a bug in one calendar must not leave the others out
            from publer_sync.machine.bug_log import bug

            yield name, failed(bug(error, sys.argv[1:], os.environ))


def name_of(top: Path | None) -> str:
    """The path of a calendar as given."""
    return top.as_posix() if top is not None else "."


def _time_left(requests: int, *, done: int, left: int) -> str:
    """How long Publer's limit makes the rest, if each calendar takes as many requests as those before."""
    from publer_sync.planning.effort import effort_of_requests, minutes

    rest = left * max(LEAST_REQUESTS, requests / done if done else 0)
    seconds = effort_of_requests(requests + ceil(rest)).seconds - effort_of_requests(requests).seconds
    return f", {minutes(seconds)} left" if seconds >= 60 else ""


def not_begun() -> Ending:
    """How a command ended for a calendar whose turn had not come when someone stopped it."""
    return replace(failed(Interrupted("stopped before its turn")), brief=True)


def failed(error: PublerSyncError) -> Ending:
    """How a command ended for a calendar that it has no result for, in every format."""
    line, text = failure.line(error), failure.text(error)
    return Ending(error.exit_code, line, text, failure.document_of(error))


def show(ended: Ending) -> int:
    """Print the result of one calendar alone."""
    if ended.document is not None:
        document(ended.document)
    elif ended.text:
        out(ended.text)
    return ended.exit_code


def conclude(
    ended: Sequence[tuple[str, Ending]],
    *,
    style: str,
    gone: Sequence[GoneCalendar] = (),
    notes: Sequence[str] = (),
) -> int:
    """Print how it ended for each of several calendars; the exit code is that of the worst.

    Where there is none, `gone` are calendars that left the repository, and `notes` what to do about each.
    """
    match style:
        case "json":
            told: SeveralDocument = {
                "format_version": documents.FORMAT_VERSION,
                "calendars": [
                    {"calendar": name, "exit_code": each.exit_code, "result": {**(each.document or {})}}
                    for name, each in ended
                ],
            }
            if gone:
                told["gone"] = documents.gone_data(gone)
            document(told)
        case "markdown":
            out("\n\n".join([endings.markdown(ended), *map(escaped_line, map(before_command, notes))]))
        case "text":
            out("\n\n".join([endings.text(ended, screen=screen()), *map(before_command, notes)]))
        case _:
            lines = [each.text.rstrip("\n") for _, each in ended if each.text]
            out("\n".join(lines)) if lines else None
    return worst(each.exit_code for _, each in ended)


def show_together(ended: Sequence[tuple[str, Ending]], view: View, found: Any, **offered: Any) -> int:
    """Print what was found in all calendars as one. Those that failed are told beside it; the exit code is that of the worst."""
    failed = {name: each for name, each in ended if each.found is None}
    for name, each in failed.items():
        say(f"{name}: {each.line}")
    view.show(found, failed=failed, **offered)
    return worst(each.exit_code for _, each in ended)


def worst(codes: Iterable[int]) -> int:
    return min(codes, key=WORST.index, default=0)


def _check_names(tops: Iterable[Path | None]) -> None:
    """Raise TwiceNamedError where two calendars would be one part of the ledger."""
    found: dict[tuple[str | None, str], Path] = {}
    for top in map(folder, tops):
        try:
            settings = read(top, posts=False).settings
        except PublerSyncError:
            continue  # its turn tells what is wrong
        first = found.setdefault((settings.workspace, settings.name.casefold()), top)
        if first != top:
            one, other, name = map(one_line, (first.as_posix(), top.as_posix(), settings.name))
            raise TwiceNamedError(
                f"the calendars in {one} and {other} have one name, {name}",
                hint=f"Give one of them another name. For example, in {other}/{SETTINGS}: name: {name}-2",
            )


def check(chosen: Chosen, choice: Choice, plan_file: Path | None = None, *, names: bool = True) -> None:
    """Raises what would stop every calendar: SettingsError without a key, UsageError for one file that would serve several."""
    if len(chosen.tops) < 2:
        return
    environment = Environment.of(os.environ)
    if not choice.sandbox:
        environment.need_key()
        if names:
            _check_names(chosen.tops)
    if plan_file is not None:
        raise UsageError(
            f"--out names one file, and there are {len(chosen.tops):,} calendars",
            hint="Make a plan file for one calendar at a time.",
        )
    check_places(chosen, choice, environment)


def check_places(chosen: Chosen, choice: Choice, environment: Environment) -> None:
    """Raise UsageError for a file that would be the ledger of several calendars."""
    from publer_sync.ledger.store import GIT, is_single

    given = {"--state": choice.state, "PUBLER_SYNC_STATE": environment.state}
    for name, place in given.items() if len(chosen.tops) > 1 else ():
        if place is not None and not place.startswith(GIT) and is_single(Path(place).expanduser()):
            raise UsageError(
                f"{name} names one file, and there are {len(chosen.tops):,} calendars",
                hint="Leave it out, or name a folder or git:BRANCH: each calendar's own state is found there.",
            )
