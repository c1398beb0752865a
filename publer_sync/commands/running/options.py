"""Dates, times and accounts of the command line. One that cannot be read raises a UsageError that says how to write it."""

from __future__ import annotations

import shlex
from datetime import timedelta
from typing import TYPE_CHECKING

from publer_sync.calendar.when import times, zones
from publer_sync.values.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from publer_sync.calendar.publer_yaml.groups import Groups


def check_days(since: str | None, until: str | None) -> None:
    """Raise UsageError if no day lies between --from and --to."""
    first = _day(since, "--from") if since else None
    last = _day(until, "--to") if until else None
    if first is not None and last is not None and first > last:
        raise UsageError(f"--from {first} is after --to {last}", hint="Give the first day first.")


def first_instant(word: str, timezone: str, *, option: str) -> datetime:
    """When a day begins in the settings' zone."""
    return _start(_day(word, option), 0, timezone, option)


def last_instant(word: str, timezone: str, *, option: str) -> datetime:
    """When the day after begins."""
    return _start(_day(word, option), 1, timezone, option)


def instant(word: str, timezone: str, *, option: str) -> datetime:
    """A time with an offset, or in the settings' zone; a date alone is when it begins. Raises UsageError."""
    try:
        when = times.read(word)
        if when.date is None:
            raise UsageError(
                f'{option}: "{word}" has no date', hint=f"Write it as {option} 2027-03-01T08:00+01:00"
            )
        _check_range(when.date, option)
        zone = when.offset or zones.zone(timezone)
        if when.time is None:
            return zones.day_start(when.date, zone)
        return zones.moment(when.date, when.time, zone)
    except zones.TimeError as trouble:
        raise refused(option, trouble) from trouble


def _day(word: str, option: str) -> date:
    try:
        return times.read_date(word, "until")
    except zones.TimeError as trouble:
        raise refused(option, trouble) from trouble


def refused(option: str, trouble: zones.TimeError) -> UsageError:
    """The lines of its fix are those of a file; what is shown is the option."""
    say, example = trouble.help.say, trouble.help.example.partition(": ")[2]
    hint = str(trouble.help)
    if paste := trouble.help.paste.partition(": ")[2]:
        hint = f"{say}: {option} {shlex.quote(paste)}"
    elif example:
        hint = f"{say}\nFor example: {option} {shlex.quote(example)}"
    return UsageError(f"{option}: {trouble.message}", hint=hint)


def _start(day: date, later: int, timezone: str, option: str) -> datetime:
    """When a day begins, or one that is some days later."""
    _check_range(day, option)
    return zones.day_start(day + timedelta(days=later), zones.zone(timezone))


def _check_range(day: date, option: str) -> None:
    """Raise UsageError for a day that no post can have."""
    if day < zones.FIRST_DAY:
        raise UsageError(f"{option}: {day} is too long ago", hint=f"Give {zones.FIRST_DAY} or a later day.")
    if day > zones.LAST_DAY:
        raise UsageError(
            f"{option}: {day} is too far ahead", hint=f"Give {zones.LAST_DAY} or an earlier day."
        )


def members_of(groups: Groups, word: str, meant: Callable[[str], str]) -> tuple[str, ...]:
    """The aliases that one word of `--account` names. Raises UsageError, with what `meant` says of an unknown word."""
    if members := groups.members(word):
        return members
    what = "there is no account" if members is None else "this calendar has none of the accounts of"
    known = ", ".join((*groups.aliases, *groups.groups))
    raise UsageError(
        f'--account: {what} "{word}" here',
        hint=f"{meant(word) if members is None else ''}publer.yaml has: {known}",
    )
