"""Sentences and spans of time."""

from __future__ import annotations

import pytest

from publer_sync.render.wording import duration, seconds, sentence


@pytest.mark.parametrize(
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


@pytest.mark.parametrize(
    ("value", "said"), [(0.4, "0 s"), (41, "41 s"), (60, "1 min"), (352, "5 min 52 s"), (4800, "1 h 20 min")]
)
def test_seconds_as_people_say_them(value: float, said: str) -> None:
    assert seconds(value) == said


@pytest.mark.parametrize(("value", "said"), [("3d", "3 days"), ("1w", "1 week"), ("soon", "soon"), (5, "5")])
def test_durations_as_people_say_them(value: object, said: str) -> None:
    assert duration(value) == said
