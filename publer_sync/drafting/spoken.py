"""When a post is to be published, in words: `tomorrow 9`, `next tue 14:30`, `in 3 days 18:00`, or as a file says it.

Today, tomorrow and weekdays may be in any language of `date_words`: `i morgen kl. 9`, `Freitag um 14 Uhr`, `明日 9時`.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from publer_sync.calendar.when import times, zones
from publer_sync.calendar.when.time_forms import in_ascii
from publer_sync.calendar.when.zones import DAYS, TimeError
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.date_words import AFTER_TOMORROW, EVENING, MONTHS, TODAY, TOMORROW, WEEKDAYS
from publer_sync.values.problems import Help

if TYPE_CHECKING:
    from datetime import tzinfo

    from publer_sync.calendar.when.wall_clock import WallClock

SAY: Final = 'Say it as "tomorrow 9", "next tue 14:30", "in 3 days 18:00" or "2027-03-02 09:00"'
_CLOCK: Final = (
    r"(?P<hour>[0-9]{1,2})(?:[:.h](?P<minute>[0-5][0-9])|h)?[ ]?(?P<half>[ap]\.?m\.?)?|(?P<named>noon|midday)"
)
_DAY: Final = (
    r"(?P<today>today|(?P<evening>tonight))|(?P<tomorrow>tomorrow)|(?P<after>(?:the )?day after tomorrow)"
    r"|in (?P<count>[1-9][0-9]{0,2}|a|one) (?P<unit>days?|weeks?)"
    r"|(?:(?P<next>next|on|this) )?(?P<weekday>[a-z]{3,9})(?P<of_next_week> next week)?"
)
_SPOKEN: Final = re.compile(rf"(?:{_DAY})(?:,? (?:at )?(?:{_CLOCK}))?")
_ELAPSED: Final = re.compile(r"in (?P<count>[1-9][0-9]{0,3}|an?|one) (?P<unit>min(?:ute)?s?|hours?|h)")
_ALONE: Final = re.compile(rf"(?:at )?(?:{_CLOCK})")
_WEEK: Final = 7
_EVENING: Final = 5
"""The first hour that is one of the evening where nothing says in which half of the day it is."""
_DAY_WORDS: Final = {
    **dict.fromkeys(TODAY, "today"),
    **dict.fromkeys(EVENING, "tonight"),
    **dict.fromkeys(TOMORROW, "tomorrow"),
    **dict.fromkeys(AFTER_TOMORROW, "day after tomorrow"),
    **{word: DAYS[number].lower() for word, number in WEEKDAYS.items() if word not in MONTHS},
}
"""`mar 9` is a Tuesday to some, and in March to others."""
_FOREIGN: Final = re.compile(
    r"(?:(?:am|på|le|el|il|op) )?(?:(?P<next>nächste[rn]?|kommenden|neste|næste|nästa|volgende|prochain|próxim[oa]|prossim[oa]) )?"
    rf"(?P<day>{'|'.join(sorted(map(re.escape, _DAY_WORDS), key=len, reverse=True))})(?![a-z\u00df-\u024f])\.?"
    r",?(?P<rest>.*)",
    re.DOTALL,
)
_AT: Final = re.compile(
    r"(?:um|kl\.?|klokken|klokka|klockan|à|a las?|alle|às|as|om|の|에)? ?(?P<clock>[0-9].*)"
)
_OCLOCK: Final = re.compile(
    r"(?P<hour>[0-9]{1,2})(?:[:.h ](?P<minute>[0-5][0-9]))? ?(?:uhr|uur|h|heures?|horas?|ore)"
)
_FAR_EAST: Final = re.compile(
    r" ?の? ?(?:(?P<before>午前|上午|오전)|(?P<after>午後|下午|오후))? ?(?P<hour>[0-9]{1,2}) ?[時时点點시](?: ?(?P<minute>[0-5]?[0-9]) ?[分분]|(?P<half>半|반))? ?[に에]?"
)
"""Where the hour comes with its own sign."""


@dataclass(frozen=True, slots=True)
class SpokenTime:
    """`at` in UTC. `sum` is the text to write, where it counts from a date with a name."""

    at: datetime
    sum: str = ""


def spoken_time(text: str, clock: WallClock, now: datetime) -> SpokenTime:
    """The time that is meant, in the zone of `clock`, always to the minute. Raises TimeError."""
    zone = clock.zone or UTC
    words = _in_english(" ".join(in_ascii(text).lower().split()))
    local = now.astimezone(zone)
    if (found := _ELAPSED.fullmatch(words)) is not None:
        step = timedelta(minutes=1) if found["unit"].startswith("min") else timedelta(hours=1)
        return SpokenTime((now + _number(found["count"]) * step).replace(second=0, microsecond=0))
    if (found := _SPOKEN.fullmatch(words)) is not None and (day := _day(found, local)) is not None:
        at = _time(found, text) or (None if found["evening"] else clock.time) or _missing_time(text, day)
        if found["evening"]:
            at = _in_the_evening(at, found, text)
        return SpokenTime(_ahead(day, at, found, zone, now))
    if (found := _ALONE.fullmatch(words)) is not None:
        at = _time(found, text) or time()
        today = zones.moment(local.date(), at, zone)
        return SpokenTime(today if today > now else zones.moment(local.date() + timedelta(days=1), at, zone))
    return _written(text, clock, zone)


def _in_english(words: str) -> str:
    """Words that begin with a day in any language as English has them; any others as they are."""
    found = _FOREIGN.fullmatch(words)
    if found is None:
        return words
    rest = found["rest"].strip()
    if (far := _FAR_EAST.fullmatch(rest)) is not None:
        hour = int(far["hour"])
        if far["before"] and hour > 11:
            hour = 24  # which no day has
        rest = f"{hour + 12 * bool(far['after'])}:{int(far['minute'] or 30 * bool(far['half'])):02}"
    elif (at := _AT.fullmatch(rest)) is not None:
        rest = at["clock"]
        if (clock := _OCLOCK.fullmatch(rest)) is not None:
            rest = f"{clock['hour']}:{clock['minute'] or '00'}"
    return f"{'next ' if found['next'] else ''}{_DAY_WORDS[found['day']]} {rest}".strip()


def _written(text: str, clock: WallClock, zone: tzinfo) -> SpokenTime:
    """As a file says it; what can mean one time only is taken as that."""
    try:
        when = clock.read(text.strip())
    except TimeError as error:
        if error.written is None:
            example = "" if error.code != "time.form" else SAY
            raise TimeError(error.code, error.message, Help(example or error.help.say)) from None
        when = clock.read(error.written)
    if when is None or when.date is None:
        raise TimeError("time.form", f'"{text.strip()}" has no day', Help(SAY))
    at = when.time or clock.time or _missing_time(text, when.date)
    moment = zones.moment(when.date, at, when.offset or zone)
    return SpokenTime(moment.astimezone(UTC), when.counted.written if when.counted is not None else "")


def _day(found: re.Match[str], local: datetime) -> date | None:
    """None if the words name no day after all."""
    today = local.date()
    if found["today"]:
        return today
    if found["tomorrow"] or found["after"]:
        return today + timedelta(days=2 if found["after"] else 1)
    if found["count"]:
        return today + timedelta(days=_number(found["count"]) * (_WEEK if found["unit"][0] == "w" else 1))
    weekday = times.weekday(found["weekday"] or "")
    if weekday is None:
        return None
    if found["of_next_week"]:
        return today + timedelta(days=_WEEK - today.weekday() + weekday)
    ahead = (weekday - today.weekday()) % _WEEK
    return today + timedelta(days=ahead or (_WEEK if found["next"] == "next" else 0))


def _ahead(day: date, at: time, found: re.Match[str], zone: tzinfo, now: datetime) -> datetime:
    """The moment; a weekday alone is the next one whose time is ahead."""
    moment = zones.moment(day, at, zone)
    if found["weekday"] and not found["of_next_week"] and moment <= now:
        return zones.moment(day + timedelta(days=_WEEK), at, zone)
    return moment


def _time(found: re.Match[str], text: str) -> time | None:
    if found["named"]:
        return time(12)
    if found["hour"] is None:
        return None
    hour, minute, half = int(found["hour"]), int(found["minute"] or 0), (found["half"] or "")[:1]
    if half:
        hour = hour % 12 + (12 if half == "p" else 0) if 1 <= hour <= 12 else 24
    if hour > 23:
        raise TimeError("time.form", f'"{text.strip()}" has no valid time of day', Help(SAY))
    return time(hour, minute)


def _in_the_evening(at: time, found: re.Match[str], text: str) -> time:
    """`tonight 9` is at 21:00. Raises TimeError where another part of the day may be meant."""
    if at.hour > 12:
        return at
    if _EVENING <= at.hour < 12 and not found["half"]:
        return at.replace(hour=at.hour + 12)
    late, early = (f"{at.hour % 12 + half}:{at.minute:02}" for half in (12, 0))
    message = f'"{text.strip()}" may be in the evening or not'
    raise TimeError("time.form", message, Help(f'Write "today {late}" or "tomorrow {early}"'))


def _number(word: str) -> int:
    return int(word) if word.isdigit() else 1


def _missing_time(text: str, day: date) -> time:
    example = f'"{text.strip()} 9:00"'
    raise TimeError(
        "time.alone", f"no time of day on {day:%a} {day.day} {day:%b}", Help(f"Add one: {example}")
    )
