"""What people mean by a time in words."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publer_sync.calendar.when.named_dates import NamedDate, NamedDates
from publer_sync.calendar.when.wall_clock import WallClock
from publer_sync.calendar.when.zones import TimeError
from publer_sync.calendar.yaml.nodes import Mark
from publer_sync.drafting.spoken import spoken_time
from tests.tables import each_of

OSLO = ZoneInfo("Europe/Oslo")
NOW = datetime(2027, 3, 23, 10, 20, tzinfo=UTC)
"""A Tuesday, 11:20 in Oslo, five days before the clocks go forward."""
LAUNCH = NamedDate("launch", date(2027, 4, 6), Mark("a.yaml", 1, 1, 1, 1, 1, 1, ""))
CLOCK = WallClock(OSLO, None, dates=NamedDates({"launch": LAUNCH}))


@each_of(
    ("words", "meant"),
    [
        ("tomorrow 9", "Wed 03-24 09:00"),
        ("Tomorrow at 9am", "Wed 03-24 09:00"),
        ("tomorrow, 9.30", "Wed 03-24 09:30"),
        ("tomorrow 9:30 pm", "Wed 03-24 21:30"),
        ("today 18:00", "Tue 03-23 18:00"),
        ("today 9:00", "Tue 03-23 09:00"),
        ("the day after tomorrow noon", "Thu 03-25 12:00"),
        ("tue 14:30", "Tue 03-23 14:30"),
        ("tue 9", "Tue 03-30 09:00"),
        ("tue 11:20", "Tue 03-30 11:20"),
        ("next tue 14:30", "Tue 03-30 14:30"),
        ("Next Tuesday at 14h30", "Tue 03-30 14:30"),
        ("on friday 8", "Fri 03-26 08:00"),
        ("friday next week 8", "Fri 04-02 08:00"),
        ("mon next week 8", "Mon 03-29 08:00"),
        ("in 3 days 18:00", "Fri 03-26 18:00"),
        ("in 2 weeks 12 pm", "Tue 04-06 12:00"),
        ("in 2 hours", "Tue 03-23 13:20"),
        ("in an hour", "Tue 03-23 12:20"),
        ("in a week 9", "Tue 03-30 09:00"),
        ("11:20", "Wed 03-24 11:20"),
        ("in 90 minutes", "Tue 03-23 12:50"),
        ("14:30", "Tue 03-23 14:30"),
        ("9", "Wed 03-24 09:00"),
        ("2027-04-01 09:00", "Thu 04-01 09:00"),
        ("Thu 2027-04-01 09:00+00:00", "Thu 04-01 11:00"),
        ("1.4.2027 9:00", "Thu 04-01 09:00"),
        ("launch - 7d 09:00", "Tue 03-30 09:00"),
        ("mon before launch 17:00", "Mon 04-05 17:00"),
        ("i morgen kl. 9", "Wed 03-24 09:00"),
        ("I morgon klockan 9.30", "Wed 03-24 09:30"),
        ("morgen um 9 Uhr", "Wed 03-24 09:00"),
        ("morgen om 9 uur", "Wed 03-24 09:00"),
        ("demain à 9h30", "Wed 03-24 09:30"),
        ("mañana a las 9", "Wed 03-24 09:00"),
        ("domani alle 21:15", "Wed 03-24 21:15"),
        ("amanhã às 9h", "Wed 03-24 09:00"),
        ("明日9時", "Wed 03-24 09:00"),
        ("明日15時", "Wed 03-24 15:00"),
        ("明日の午前11時", "Wed 03-24 11:00"),
        ("明日の午後３時半", "Wed 03-24 15:30"),
        ("明天下午3点30分", "Wed 03-24 15:30"),
        ("내일 오전 9시", "Wed 03-24 09:00"),
        ("heute 18 Uhr", "Tue 03-23 18:00"),
        ("heute 9", "Tue 03-23 09:00"),
        ("tonight 9", "Tue 03-23 21:00"),
        ("Tonight at 9:30", "Tue 03-23 21:30"),
        ("tonight 9pm", "Tue 03-23 21:00"),
        ("tonight 21:00", "Tue 03-23 21:00"),
        ("ce soir à 8h30", "Tue 03-23 20:30"),
        ("esta noche a las 9", "Tue 03-23 21:00"),
        ("stasera alle 11", "Tue 03-23 23:00"),
        ("vanavond om 7 uur", "Tue 03-23 19:00"),
        ("i kveld kl. 9", "Tue 03-23 21:00"),
        ("ikväll 9", "Tue 03-23 21:00"),
        ("i aften 20:15", "Tue 03-23 20:15"),
        ("i dag 18", "Tue 03-23 18:00"),
        ("übermorgen 8:00", "Thu 03-25 08:00"),
        ("lørdag kl 10", "Sat 03-27 10:00"),
        ("på fredag 8", "Fri 03-26 08:00"),
        ("neste tirsdag 14:30", "Tue 03-30 14:30"),
        ("nächsten Dienstag um 14.30 Uhr", "Tue 03-30 14:30"),
        ("lunedì alle 8", "Mon 03-29 08:00"),
        ("segunda-feira 8h", "Mon 03-29 08:00"),
        ("土曜日 10:00", "Sat 03-27 10:00"),
        ("금요일 8시", "Fri 03-26 08:00"),
    ],
)
def test_a_time_in_words_is_the_one_that_people_mean(words: str, meant: str) -> None:
    found = spoken_time(words, CLOCK, NOW)
    assert f"{found.at.astimezone(OSLO):%a %m-%d %H:%M}" == meant
    assert found.sum == (words if "launch" in words else "")


@each_of(
    ("words", "say"),
    [
        ("soon", "The dates are: launch"),
        ("next", 'Say it as "tomorrow 9"'),
        ("", 'Say it as "tomorrow 9"'),
        ("tomorrow", 'Add one: "tomorrow 9:00"'),
        ("launch", 'Add one: "launch 9:00"'),
        ("tonight", 'Add one: "tonight 9:00"'),
        ("ce soir", 'Add one: "ce soir 9:00"'),
        ("tonight 12", 'Write "today 12:00" or "tomorrow 0:00"'),
        ("i kveld kl. 0:30", 'Write "today 12:30" or "tomorrow 0:30"'),
        ("tonight 1:30", 'Write "today 13:30" or "tomorrow 1:30"'),
        ("tonight noon", 'Write "today 12:00" or "tomorrow 0:00"'),
        ("tonight 9 am", 'Write "today 21:00" or "tomorrow 9:00"'),
        ("tomorrow 25:00", 'Say it as "tomorrow 9"'),
        ("tomorrow 13 pm", 'Say it as "tomorrow 9"'),
        ("3/4/2027 9:00", 'Say it as "tomorrow 9"'),
        ("sun 2:30", "Write 2027-03-28 03:30"),
        ("9:00-11:00", "Write one time: 09:00 or 11:00"),
        ("2027-04-01 9:00-11:00", "Write one time: 09:00 or 11:00"),
        ("tomorrow 9-11", "A post is published at one minute"),
        ("tue 9:00 – 11:00", "A post is published at one minute"),
        ("lunch - 2d 9:00", "Did you mean launch?"),
        ("freitag morgen 9", 'Say it as "tomorrow 9"'),
        ("i morgen", 'Add one: "i morgen 9:00"'),
        ("明日 午後 13時", 'Say it as "tomorrow 9"'),
        ("i morgen 9-11", "A post is published at one minute"),
        ("mar 9", 'Say it as "tomorrow 9"'),
        ("mandagen kl 9", 'Say it as "tomorrow 9"'),
    ],
)
def test_what_may_be_anything_is_asked_again(words: str, say: str) -> None:
    with pytest.raises(TimeError) as error:
        spoken_time(words, CLOCK, NOW)
    assert str(error.value.help).startswith(say)


def test_a_time_that_counts_from_a_date_that_cannot_be_read_is_asked_again() -> None:
    clock = WallClock(OSLO, None, dates=NamedDates({"launch": None}))
    with pytest.raises(TimeError, match="has no day"):
        spoken_time("launch - 1d 9:00", clock, NOW)


def test_a_day_alone_takes_the_settings_time() -> None:
    clock = WallClock(OSLO, time(8), timed=True)
    for words in ("tomorrow", "2027-03-24"):
        assert spoken_time(words, clock, NOW).at == datetime(2027, 3, 24, 7, tzinfo=UTC)
    with pytest.raises(TimeError, match=r"time\.alone"):
        spoken_time("tonight", clock, NOW)


@given(
    today=st.dates(date(2020, 1, 1), date(2035, 1, 1)),
    clock_time=st.times(),
    day=st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]),
    hour=st.integers(4, 23),
)
def test_whenever_it_is_a_weekday_is_ahead_and_next_is_not_today(
    today: date, clock_time: time, day: str, hour: int
) -> None:
    moment = datetime.combine(today, clock_time, UTC)
    soonest = spoken_time(f"{day} {hour}", CLOCK, moment).at
    following = spoken_time(f"next {day} {hour}", CLOCK, moment).at
    assert timedelta(0) < soonest - moment <= timedelta(days=7, hours=1)
    assert following.astimezone(OSLO).date() > moment.astimezone(OSLO).date()
    assert following - soonest in (
        timedelta(0),
        timedelta(days=7),
        timedelta(days=7, hours=1),
        timedelta(days=7, hours=-1),
    )


def test_thirteen_in_the_morning_is_no_time_of_day() -> None:
    for words in ("明日の午前12時", "明日の午前13時", "明日の午後12時", "明日の午後13時"):
        with pytest.raises(TimeError, match="has no valid time of day"):
            spoken_time(words, CLOCK, NOW)
