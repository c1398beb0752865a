"""What a terminal shows of each post of a plan: of some alone, without a next step, and where there is little room."""

from __future__ import annotations

from typing import Any

from publer_sync.planning.notes import Warn
from publer_sync.planning.plan import Action
from publer_sync.render import text
from publer_sync.render.layout.terminal import Screen
from publer_sync.values.errors import ServiceError
from tests.builders import change, plan, post, report
from tests.render.test_text import body
from tests.tables import each_of

LONG = "a-post-with-a-name-that-is-so-long"


def new(words: str = "Hi", **more: Any) -> Any:
    return change(Action.CREATE, post("12-01 09:00", words, **more))


def test_a_part_of_a_plan_lists_nothing_else() -> None:
    adopts = [change(Action.ADOPT, post("12-01 09:00", f"Post {number}")) for number in range(6)]
    page = text.plan(plan([*adopts, new("New")]), part=adopts[:1])
    assert ("Post 0" in page, "Post 1" in page, "New" in page, "already in Publer;" in page) == (
        True,
        False,
        False,
        False,
    )


@each_of("next_step", [True, False])
def test_the_next_step_is_named_where_there_is_one(next_step: bool) -> None:
    assert ("To apply it: publer-sync apply" in text.plan(plan([new()]), next_step=next_step)) is next_step


@each_of(
    ("room", "row", "below"),
    [
        (34, LONG, ""),
        (30, "a-post-with-a-name-that-is-so…", ""),
        (25, "a-post-with-a-name-that-…", ""),
        (24, "", LONG),
    ],
)
def test_a_name_is_cut_where_it_is_beside_its_account_and_whole_below(
    room: int, row: str, below: str
) -> None:
    lines = text.plan(plan([new(id=LONG)]), screen=Screen(width=30 + room)).splitlines()
    [number] = [number for number, line in enumerate(lines) if line.startswith("+ new")]
    assert lines[number] == f"+ new       09:00  x          {row}".rstrip()
    assert lines[number + 1].strip() == (below or "Hi")


def test_words_that_the_row_cuts_are_told_below_it() -> None:
    words = "Three lamps, one charger, and all that goes with them in one box."
    assert body(text.plan(plan([new(words)])), "+ new").startswith(words)


def test_an_error_with_which_apply_would_end_has_the_command_that_ends_it() -> None:
    warn = Warn("state_first", "there is a state elsewhere", command="publer-sync doctor")
    assert "apply would end with an error: there is a state elsewhere publer-sync doctor\n" in text.plan(
        plan([new()], warnings=(warn,))
    )


def test_warnings_without_a_place_stand_at_the_margin() -> None:
    warnings = (Warn("w", "look " * 25), Warn("v", "here"))
    lines = text.plan(plan([new()], warnings=warnings)).splitlines()
    first = lines.index("2 warnings") + 1
    assert [line.partition("look")[0] for line in lines[first : first + 2]] == ["  ", "  "]
    assert lines[first + 2] == "  here  v"


def test_a_run_that_ended_before_anything_says_so() -> None:
    told = text.report(report([], error=ServiceError("Publer is silent")))
    assert "Ended early: 0 done. The rest was not tried.\n" in told
