"""How a command ended for several calendars, in a terminal."""

from __future__ import annotations

from publer_sync.render.layout.terminal import Screen
from publer_sync.render.several import Ending, text
from tests.tables import each_of

LONG = f"{'brands/of-the-whole-group/' * 3}acme"


def test_each_calendar_has_a_line() -> None:
    told = text([("clients/acme", Ending(0, "1 done")), ("b", Ending(1, "1 error"))], screen=Screen(width=60))
    assert told == "2 calendars\n\nclients/acme  1 done\nb             1 error"


@each_of("width", [40, 80, 120])
def test_a_name_too_long_for_its_column_has_a_line_of_its_own(width: int) -> None:
    line = "2 posts out of Publer, 1 not verified"
    told = text([(LONG, Ending(0, line)), ("b", Ending(0, "none"))], screen=Screen(width=width))
    first, _, name, *rest, last = told.split("\n")
    assert (first, name, last) == ("2 calendars", LONG, f"b{' ' * 41}none")
    assert " ".join(" ".join(rest).split()) == line
    assert all(row.startswith(" " * 42) for row in rest)


def test_a_calendar_of_which_nothing_is_told_has_a_line_all_the_same() -> None:
    assert text([("acme", Ending(0, ""))]).endswith("\n\nacme  ")


@each_of(("number", "names"), [(3, "0, 1, 2"), (4, "0, 1, 2, 1 more")])
def test_details_that_several_calendars_share_name_the_first_of_them(number: int, names: str) -> None:
    told = text([(f"{each}", Ending(0, "done", "Details")) for each in range(number)])
    assert f"\n── {names} ──" in told
