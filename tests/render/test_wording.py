"""Sentences and spans of time."""

from __future__ import annotations

from publer_sync.render.layout.wording import duration, seconds, sentence
from publer_sync.values.content import Duration
from tests.tables import each_of


@each_of(
    ("message", "said"),
    [
        ("no file a.jpg", "No file a.jpg."),
        ("x has two posts", "x has two posts."),
        ("may.yaml is gone", "may.yaml is gone."),
        ("Is it?", "Is it?"),
        ("", ""),
    ],
)
def test_a_message_becomes_a_sentence(message: str, said: str) -> None:
    assert sentence(message) == said


@each_of(
    ("value", "said"),
    [(0.4, "under a second"), (41, "41 s"), (60, "1 min"), (352, "5 min 52 s"), (4800, "1 h 20 min")],
)
def test_seconds_as_people_say_them(value: float, said: str) -> None:
    assert seconds(value) == said


@each_of(("value", "said"), [(Duration(3, "Day"), "3 days"), (Duration(1, "Week"), "1 week"), (None, "")])
def test_durations_as_people_say_them(value: Duration | None, said: str) -> None:
    assert duration(value) == said
