"""Lines of a terminal's width."""

from __future__ import annotations

import pytest

from publer_sync.render.layout.phrases import Span
from publer_sync.render.layout.terminal import Screen


def test_what_differs_keeps_its_colour_among_dimmed_words() -> None:
    phrase = (Span("was "), Span("old", "old"))
    assert Screen(color=True).lay_out(phrase, indent=0, dim=True) == [
        "\x1b[2mwas \x1b[0m\x1b[31m[-old-]\x1b[0m"
    ]


@pytest.mark.parametrize(
    ("width", "lines"),
    [(24, ["remove it from a.yaml:2."]), (23, ["remove it from", "a.yaml:2."])],
)
def test_a_full_stop_never_begins_a_line(width: int, lines: list[str]) -> None:
    phrase = (Span("remove it from "), Span("a.yaml:2", "code"), Span("."))
    assert Screen(width=width).lay_out(phrase, indent=0) == lines
