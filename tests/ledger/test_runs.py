"""What the records of runs tell of a post."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from publer_sync.ledger.runs import (
    MOST_LINES,
    MOST_RUNS,
    RunLine,
    RunRecord,
    of_files,
    only_ran_again,
    reasons_of,
    signed_in,
    with_run,
)
from tests.builders import HOUR, NOW, SOON, X
from tests.tables import each_of


def test_why_a_post_was_taken_out_is_what_the_last_hold_of_it_said() -> None:
    held, made = RunLine("held", X.id, SOON, entry=1), RunLine("recreate", X.id, SOON, entry=2)
    runs = [
        RunRecord(NOW, "hold", reason="an accident", lines=(held,)),
        RunRecord(NOW + HOUR, "hold", reason="a storm", lines=(held,)),
        RunRecord(NOW + 2 * HOUR, "release", reason="a storm", lines=(made,)),
        RunRecord(NOW + 3 * HOUR, "apply", lines=(held,)),
    ]
    assert reasons_of(runs) == {1: "a storm"}


LINE = RunLine("create", X.id, SOON)


def test_of_runs_that_did_nothing_the_last_one_is_kept() -> None:
    idle = RunRecord(NOW, "apply")
    later = replace(idle, at=NOW + HOUR)
    assert with_run((idle,), later) == (later,)
    assert with_run((later,), replace(later, lines=(LINE,))) == (replace(later, lines=(LINE,)),), "its own"
    for kept in (
        replace(idle, lines=(LINE,)),
        replace(idle, command="hold"),
        replace(idle, reason="a storm"),
    ):
        assert with_run((kept,), later) == (kept, later)


def test_the_oldest_runs_go_where_they_are_too_many_or_say_too_much() -> None:
    runs = tuple(RunRecord(NOW + n * HOUR, "apply", lines=(LINE,)) for n in range(MOST_RUNS + 1))
    assert with_run(runs[:-1], runs[-1]) == runs[1:]
    long = replace(runs[0], lines=(LINE,) * (MOST_LINES - 1))
    assert with_run((long,), runs[1]) == (long, runs[1])
    assert with_run((runs[0], long), runs[2]) == (long, runs[2])
    too_long = replace(runs[1], lines=(LINE,) * (MOST_LINES + 1))
    assert with_run((runs[0],), too_long) == (too_long,), "the last run is always there"


@each_of(
    ("before", "after", "again"),
    [
        ([{}], [{"at": NOW + HOUR, "who": "Kari", "url": "https://a.example", "of": "b"}], True),
        ([{"commit": "1"}], [{"commit": "2"}], False),
        ([{}], [{"lines": (LINE,)}], False),
        ([{"lines": (LINE,)}], [{}], False),
        ([{"lines": (LINE,)}], [{"lines": (LINE,)}], False),
        ([{}], [{}, {}], False),
        ([{"command": "hold"}, {}], [{}, {}], False),
        ([], [{}], False),
        ([{}], [], False),
        ([], [], False),
    ],
    ids=str,
)
def test_a_run_that_did_nothing_on_the_same_files_as_the_last_one_is_nothing_new(
    before: list[dict[str, Any]], after: list[dict[str, Any]], again: bool
) -> None:
    old, new = (
        tuple(RunRecord(**{"at": NOW, "command": "apply", **each}) for each in runs)
        for runs in (before, after)
    )
    assert only_ran_again(old, new) is again


def test_runs_that_brought_files_are_told_newest_first() -> None:
    apply, release = RunRecord(NOW, "apply", commit="1"), RunRecord(NOW + HOUR, "release", commit="2")
    others = [
        RunRecord(NOW, "hold", commit="3"),
        RunRecord(NOW, "apply"),
        RunRecord(NOW, "forget", commit="4"),
    ]
    assert of_files([*others, apply, release]) == [release, apply]


def test_the_yes_to_what_was_sent_last_is_known() -> None:
    lines = [replace(LINE, entry=1, signed=("kari a",)), replace(LINE, entry=1, signed=("kari b",)), LINE]
    assert signed_in([RunRecord(NOW, "apply", lines=(line,)) for line in lines]) == {1: ("kari b",)}
