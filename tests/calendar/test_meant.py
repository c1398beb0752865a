"""Lines to paste that are made of a writer's own words."""

from __future__ import annotations

import yaml

from publer_sync.calendar.shape import meant
from publer_sync.calendar.when import repeat as recurrence
from publer_sync.calendar.when import times
from publer_sync.calendar.yaml.nodes import Map, Mark, Seq
from tests.tables import each_of

HERE = Mark("a.yaml", 1, 1, 1, 1, 1, 1)


def seq(*items: object) -> Seq:
    made = Seq(HERE)
    for each in items:
        made.put(each, HERE)
    return made


def mapping(**items: object) -> Map:
    made = Map(HERE)
    for key, value in items.items():
        made.put(key, value, HERE)
    return made


@each_of(
    ("text", "readings"),
    [
        ("1.5h", ["90m"]), ("1H", ["1h"]), ("1h 30m", ["90m"]), ("1 hour and 30 minutes", ["90m"]), ("60m and 60m", ["2h"]),
        ("48 Hrs", ["48h"]), ("0.5w", ["84h"]), ("1,5 days", ["36h"]), ("90", ["90m", "90h", "90d"]),
        ("1.5", ["90m", "36h"]), ("0", []), ("0h", []), ("1 month", []), ("soon", []), ("", []),
        ("about 2h", []),
        ("9" * 400 + "h", []),
    ],
)  # fmt: skip
def test_a_duration_as_it_is_written_elsewhere(text: str, readings: list[str]) -> None:
    assert meant.duration(text) == readings
    assert all(times.duration(each) for each in readings)


@each_of(
    "value", ["a", "a: b", "12.10", "true", "#1", "- a", "two\n\nlines: 2", "it's", '"a"', True, 7, "a" * 200]
)
def test_a_key_with_its_value_is_read_back_as_it_was(value: object) -> None:
    line = meant.line_of("alt", value)
    assert line is not None
    assert yaml.safe_load(line) == {"alt": value}


@each_of("value", [None, seq("a"), mapping(a=1), "a" * 201, "\x1b[31m"])
def test_what_is_not_a_short_text_has_no_line(value: object) -> None:
    assert meant.line_of("alt", value) is None


@each_of(
    ("key", "value", "data"),
    [
        ("auto_delete", "1.5h", {"after": "90m"}),
        ("share", "x, facebook", {"accounts": ["x", "facebook"]}),
        ("share", seq("x"), {"accounts": ["x"]}),
        ("comments", "hi: there", [{"text": "hi: there"}]),
        ("thread", "two\nlines", [{"text": "two\nlines"}]),
        ("media", "a.png", [{"file": "a.png"}]),
        ("media", "https://example.com/a.png", [{"url": "https://example.com/a.png"}]),
        ("media", mapping(file="a.png", alt="- a"), [{"file": "a.png", "alt": "- a"}]),
        ("poll", seq("Yes", "No: never"), {"options": ["Yes", "No: never"]}),
        ("auto_delete", "never", None),
        ("auto_delete", "6", None),
        ("repeat", "week", None),
        ("poll", "Yes", None),
        ("poll", seq(mapping()), None),
        ("labels", "a", None),
        ("share", 7, None),
        ("share", seq("x", ""), None),
        ("share", seq("x", 7), None),
        ("share", seq("a" * 200), {"accounts": ["a" * 200]}),
        ("share", seq("a" * 201), None),
        ("media", "https://example.com/a", [{"url": "https://example.com/a"}]),
        ("media", mapping(), None),
        ("media", mapping(file="a.png", alt=seq("a")), None),
        ("thread", "two\n\nparts", [{"text": "two\n\nparts"}]),
        ("thread", "  ", None),
        ("thread", "a" * 200, [{"text": "a" * 200}]),
        ("thread", "a" * 201, None),
    ],
)
def test_words_in_the_place_of_a_map_or_a_list_are_put_into_one(
    key: str, value: object, data: object
) -> None:
    lines = meant.lines_of(key, value)
    assert " \n" not in (lines or "")
    read = yaml.load(lines or "", yaml.BaseLoader)
    assert read == ({key: data} if data is not None else None)


@each_of(
    ("written", "whole"),
    [
        ("e.com/a", "https://e.com/a"), (" htp:/e.com ", "https://e.com"), ("http:e.com", "http://e.com"), ("HTTP//e.com", "http://e.com"),
        ("www", None), ("see e.com", None), ("", None),
    ],
)  # fmt: skip
def test_an_address_without_a_whole_scheme_gets_one(written: str, whole: str | None) -> None:
    assert meant.address(written) == whole


@each_of(
    ("word", "rhythm"),
    [
        ("daily", "day"), ("Monthly", "month"), ("fortnight", "2w"), ("yearly", "12 months"), ("biweekly", None),
        ("Mondays", None), ("often", None),
    ],
)  # fmt: skip
def test_a_rhythm_in_other_words_is_understood_where_it_means_one_thing(
    word: str, rhythm: str | None
) -> None:
    assert meant.every(word) == rhythm
    assert rhythm is None or recurrence.every(rhythm)
