"""Which warnings of validate a plan repeats: those about posts that something happens to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from publer_sync.planning.plan import Action
from publer_sync.planning.remarks import PostLines, bearing_on, cut_off
from publer_sync.values.model import Use
from publer_sync.values.problems import Location, Problem
from tests.builders import LATER, LINKEDIN, SOON, X, change, differs, plan, wanted

FIRST, LAST = wanted(SOON, line=3), wanted(LATER, line=9)
LINES = PostLines([(FIRST.location, 6), (LAST.location, 12)])


def told(*lines: int, changed: int = 9, file: str = "2026-12.yaml") -> list[int]:
    """The lines of the warnings that a plan of one change repeats, of warnings on these."""
    (post,) = (post for post in (FIRST, LAST) if post.location.line == changed)
    remarks = [Problem("warning", "text.long", "too long", Location(file, line)) for line in lines]
    found = bearing_on(plan([change(Action.CREATE, post)]), LINES, remarks)
    return [warning.location.line for warning in found if warning.location]


def test_a_warning_is_of_the_last_post_that_begins_above_it() -> None:
    assert told(3, 8, 9, 10, 99) == [9, 10, 99]
    assert told(3, 8, 9, 10, 99, changed=3) == [3, 8]


def test_what_stands_above_every_post_or_in_another_file_is_of_none() -> None:
    assert told(1, 2) == []
    assert told(3, 9, file="publer.yaml") == []


def test_what_concerns_other_clients_is_always_told_and_what_is_nowhere_is_of_no_post() -> None:
    for code, where, told in (
        ("client.time", None, 1),
        ("client.time", Location("a.yaml", 1), 1),
        ("text.long", None, 0),
    ):
        remark = Problem("warning", code, "words", where)
        assert len([*bearing_on(plan([change(Action.DELETE, None)]), LINES, [remark])]) == told


def test_that_a_post_waits_is_always_told() -> None:
    """Nothing ever happens to it, so it is near a change by chance alone."""
    waits = Problem("warning", "slot.next", "no time yet", Location("2026-12.yaml", 13))
    for changes in ([], [change(Action.CREATE, FIRST)], [change(Action.UNCHANGED, LAST)]):
        assert [warn.code for warn in bearing_on(plan(changes), LINES, [waits])] == ["slot.next"]


def test_a_warning_about_a_post_that_waits_is_not_of_the_post_above_it() -> None:
    lines = PostLines([(FIRST.location, 6), (Location("2026-12.yaml", 7), 8), (LAST.location, 12)])
    remark = Problem("warning", "text.long", "too long", Location("2026-12.yaml", 8))
    assert [*bearing_on(plan([change(Action.CREATE, FIRST)]), lines, [remark])] == []


def test_a_warning_about_a_stored_post_is_told_where_something_happens_to_a_use() -> None:
    lines = PostLines([(FIRST.location, 6), (LAST.location, 12)])
    use = replace(FIRST, use=Use("tip", 1, LAST.location))
    remark = Problem("warning", "text.long", "too long", Location("2026-12.yaml", 10))
    assert [warn.message for warn in bearing_on(plan([change(Action.CREATE, use)]), lines, [remark])] == [
        "too long"
    ]


def test_a_line_is_of_a_post_only_from_its_first_to_its_last() -> None:
    lines = PostLines([(LAST.location, 12), (FIRST.location, 6)])
    told = {line: lines.of(Location("2026-12.yaml", line)) for line in (2, 3, 6, 7, 9, 12, 13)}
    assert [line for line, post in told.items() if post == FIRST.location] == [3, 6]
    assert [line for line, post in told.items() if post == LAST.location] == [9, 12]


def cut(field: str, before: Any, after: Any) -> list[str]:
    post = wanted(SOON, line=3)
    one = change(Action.REPLACE, post, diff=(differs(field, before, after),))
    return [warn.message for warn in cut_off(plan([one]))]


def test_words_that_an_edit_ends_within_a_word_are_told() -> None:
    assert cut("text", "Which lamp do you want for winter?", "Which lamp do you wan") == [
        'the words of text end with "wan"; they went on "want for winter?"'
    ]
    options: Any = {"options": ["The Nord with a stand", "Pip"], "duration": {"duration": 3, "unit": "Day"}}
    shorter: Any = {"options": ["The Nord wit", "Pip"], "duration": {"duration": 3, "unit": "Day"}}
    assert len(cut("poll", options, shorter)) == 1
    assert len(cut("thread", [{"text": "The socket is old now"}], [{"text": "The socket is ol"}])) == 1


def test_words_that_end_with_a_word_or_were_written_anew_are_not() -> None:
    assert cut("text", "Which lamp do you want?", "Which lamp do you want") == []
    assert cut("text", "Which lamp do you want?", "Which lamp") == []
    assert cut("text", "The new lamps", "The new lamp") == [], "a plural that became one is a word"
    assert cut("text", "Sunday", "Sun") == []
    assert cut("text", "Sunday is the day", "Sun") == [], "one word may be all that is meant"
    assert cut("text", "Which lamp do you wan", "Which lamp do you want") == []
    assert cut("text", "Which lamp do you want? Say it", "Which lamp do you want") == []
    assert cut("text", "Which lamp has a B22 or E27 socket", "Which lamp has a B2") == []
    assert cut("text", "Other words of as many letters", "Which lamp do yo") == []
    assert cut("link", {"url": "https://a.example"}, None) == []
    assert cut("thread", [{"text": "One two three"}], []) == []


def test_words_that_an_edit_cuts_off_are_told_once_for_all_accounts() -> None:
    diff = (differs("text", "Which lamp do you want for winter?", "Which lamp do you wan"),)
    both = [change(Action.UPDATE, wanted(SOON, account=account), diff=diff) for account in (X, LINKEDIN)]
    other = change(Action.UPDATE, wanted(SOON, line=9), diff=diff)
    gone = change(Action.DELETE, None)
    assert len([*cut_off(plan([*both, gone]))]) == 1
    assert len([*cut_off(plan([*both, other]))]) == 2
