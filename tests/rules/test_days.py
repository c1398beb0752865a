"""Words that contradict the day of their post, in certain cases alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from publer_sync.rules.days import check_days
from tests.rules.builders import post
from tests.tables import each_of

FRIDAY = datetime(2026, 12, 18, 8, 0, tzinfo=UTC)


def told(text: str, at: datetime = FRIDAY, zone: str = "Europe/Oslo") -> list[str]:
    return [each.message for each in check_days(replace(post("threads", at, text=text), zone=zone))]


@each_of(
    "text",
    [
        "Tomorrow, Friday 18 December: we open", "Tuesday 18 December we open", "On Tuesday, December 18, we open", "Tuesday the 18th of December",
        "Tuesday, 18 December 2026", "Today, Saturday: open house", "Tonight (Thursday) at 20:00", "Join us tomorrow, 18 December",
        "I dag, lørdag 18. desember", "Tirsdag 18. desember åpner vi", "tirsdag 18.12. kl. 9", "I morgen, fredag 18. desember", "Onsdag den 18. desember",
        "Heute, Samstag, ist offen", "Dienstag, 18. Dezember", "Morgen, Freitag, sind wir da", "Dienstag, den 18.12.2026",
        "Aujourd\u2019hui, samedi", "Mardi 18 décembre", "Demain, vendredi 18 décembre", "Hoy, sábado", "Martes, 18 de diciembre", "Mañana, viernes 18 de diciembre",
        "Oggi, sabato", "Martedì 18 dicembre", "Domani, venerdì 18", "Hoje, sábado", "Terça-feira, 18 de dezembro", "Vandaag, zaterdag", "Dinsdag 18 december",
        "Idag, lördag", "tisdag 18 december", "12月18日（火）発売", "2026年12月18日(土)に発売", "12월 18일(화) 출시", "明日、12月18日（金）", "Morgen, Sonntag",
        "Monday 18 may 2027", "Monday, may 18, 2027", "Monday, May 18", "Monday 18 May",
        "man\u0303ana, 18 de diciembre", "Toda\u00ady, 19 December", "Ｔｏｄａｙ, 19 December",
    ],
)  # fmt: skip
def test_a_contradiction_is_told(text: str) -> None:
    assert len(told(text)) == 1, text


@each_of(
    "text",
    [
        "Tomorrow, Saturday 19 December: we open", "Friday 18 December we open", "Today, Friday 18 December", "Today is Friday", "Friday, December 18, 2026",
        "See you on Tuesday 22 December", "From Monday to Friday", "Tuesday 1 or Wednesday", "Every Tuesday, 18 of us meet", "Tuesday, 10 am", "Monday 18:00",
        "Tomorrow we rest", "Today on Monday Night Football", "Black Friday 2026", "Thursday 31 November", "Tuesday 18 may be late", "The Friday 13 club",
        "Jeden Morgen, Montag bis Freitag", "Guten Morgen, Montag!", "Am Morgen, Dienstag", "Cada mañana, lunes a viernes", "Mardi gras 9 février",
        "Em segunda 18 de dezembro", "I morgen, lørdag", "Heute, Freitag", "Aujourd'hui, vendredi 18 décembre", "今日は12月18日（金）", "12月18日（金）", "明日、12月19日（土）",
        "Lørdag 18. september 2027", "Sunday 18 December 2022", "Saturdays in December", "Monday-Friday 9-17", "Sun, 18 December", "1 January is a holiday",
        "vendredi 1er janvier", "Tomorrow (Saturday)", "Domingo 20 de diciembre", "오늘 12월 18일(금)", "Today at Sunday's bakery",
        "Monday 18 may be late", "On Monday march 18 times around it", "Tomorrow, Friday 31 November", "12月18日（大安）",
    ],
)  # fmt: skip
def test_what_may_be_right_is_left_alone(text: str) -> None:
    assert told(text) == [], text


def test_the_day_is_that_of_the_post_where_it_is_published() -> None:
    late = datetime(2026, 12, 18, 23, 30, tzinfo=UTC)
    assert told("Today, Saturday", late) == []
    assert told("Today, Friday", late, "America/New_York") == []
    assert told("Tomorrow, Monday", datetime(1970, 1, 1, tzinfo=UTC)) == [], "its slot is not known yet"
    (message,) = told("Tomorrow, Friday 18 December")
    assert (
        message
        == '"Tomorrow, Friday 18 December": the post is published on Fri 18 Dec, so tomorrow is Saturday 19 December'
    )
    (message,) = told("Today, Saturday 19 December")
    assert message.endswith("the post is published on Fri 18 Dec, so today is Friday 18 December")
    assert told("Tuesday 18 December") == ['"Tuesday 18 December": 18 December 2026 is a Friday']
