"""How a yes is written as a line; that it reads back is in tests/calendar/test_approvals.py."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from publer_sync.calendar.approvals import read_approvals
from publer_sync.editing.approvals import line_of, with_approvals
from publer_sync.values.errors import OutputError
from tests.planning.posts import POST
from tests.tables import each_of
from tests.values.test_signoff import ANY_DAY, yes_to

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.values.problems import Problem


@each_of(
    ("sign", "written"),
    [
        ("\u200b", r"\u200b"),
        ("\U000e0067", r"\U000e0067"),
        ("é", "é"),
        ("🏴", "🏴"),
    ],
)
def test_what_no_editor_shows_is_written_as_its_number(sign: str, written: str) -> None:
    line = line_of(yes_to(replace(POST, content=replace(POST.content, text=f"a{sign}b"))))
    assert f'"a{written}b"' in line


def test_a_file_in_which_not_every_yes_has_its_line_is_not_changed(tmp_path: Path) -> None:
    """A yes that would be lost unseen was somebody's."""
    one, two = yes_to(POST), yes_to(POST, "legal")
    written = with_approvals(b"", [], [one], [], tmp_path)
    problems: list[Problem] = []
    _, known = read_approvals(tmp_path, {"approvals.yaml": written}, problems)
    both = with_approvals(written, [*known], [two], [], tmp_path)
    assert len(both.splitlines()) == len(written.splitlines()) + 1
    joined = written.replace(b"approvals:\n- ", b"approvals:\n-\n  ")
    _, known = read_approvals(tmp_path, {"approvals.yaml": joined}, problems)
    assert (len(known), problems) == (1, [])
    with pytest.raises(OutputError, match="not every yes has a line of its own"):
        with_approvals(joined, [*known], [], known, tmp_path)


@each_of(("id", "written"), [("launch", "launch"), ("no", '"no"'), ("on", '"on"'), ("a: b", '"a: b"')])
def test_a_word_that_yaml_reads_as_something_else_is_written_in_quotation_marks(
    id: str, written: str
) -> None:
    line = line_of(replace(yes_to(POST), post=id))
    assert f"post: {written}," in line


def test_a_new_yes_has_the_indent_of_the_others(tmp_path: Path) -> None:
    one, two = yes_to(POST), yes_to(POST, "legal")
    written = with_approvals(b"", [], [one], [], tmp_path)
    indented = written.replace(b"\n- ", b"\n    - ")
    problems: list[Problem] = []
    _, known = read_approvals(tmp_path, {"approvals.yaml": indented}, problems)
    both = with_approvals(indented, [*known], [two], [], tmp_path)
    assert both.count(b"\n    - ") == 2


def test_a_yes_that_is_taken_back_leaves_the_file_alone(tmp_path: Path) -> None:
    written = with_approvals(b"", [], [yes_to(POST), yes_to(POST, "legal")], [], tmp_path)
    _, known = read_approvals(tmp_path, {"approvals.yaml": written}, [])
    left = with_approvals(written, [*known], [], [each for each in known if each.by == "kari"], tmp_path)
    assert [line for line in written.splitlines() if line not in left.splitlines()] == [
        line for line in written.splitlines() if b"by: kari" in line
    ]


def test_a_new_yes_goes_above_those_of_the_posts_behind_its_own(tmp_path: Path) -> None:
    """Whatever the line ends are, and though the last line has none."""
    one = yes_to(POST)
    for end, cut in (("\n", 0), ("\r\n", 0), ("\n", 1)):
        written = with_approvals(f"# Ours{end}".encode(), [], [one], [], tmp_path)
        written = written[: len(written) - cut]
        _, known = read_approvals(tmp_path, {"approvals.yaml": written}, [])
        other = yes_to(replace(POST, content=replace(POST.content, text="Other")))
        more = [replace(one, post="zoo"), replace(one, post="ant"), other]
        lines = with_approvals(written, [*known], more, [], tmp_path).decode().split(end)
        assert [line[9:12] for line in lines[2:]] == ["ant", "hel", "hel", "zoo", ""], lines
        assert "Other" in lines[4], "of equals, the one that is there stays above"


def test_a_new_file_says_what_it_is(tmp_path: Path) -> None:
    assert with_approvals(b"", [], [yes_to(POST)], [], tmp_path).startswith(b"# Who signed off what")


def test_of_two_yes_on_one_line_neither_is_taken_back(tmp_path: Path) -> None:
    lines = [line_of(yes_to(POST, by)).removeprefix("- ") for by in ("kari", "legal")]
    raw = f"approvals: [{', '.join(lines)}]\n".encode()
    _, known = read_approvals(tmp_path, {"approvals.yaml": raw}, [])
    assert len(known) == 2
    with pytest.raises(OutputError, match="not every yes has a line of its own"):
        with_approvals(raw, [*known], [], [known[-1]], tmp_path)


def test_the_first_yes_goes_below_what_the_file_says_about_itself(tmp_path: Path) -> None:
    for raw in (b"# Ours", b"# Ours\n", b"# Ours\napprovals:\n"):
        written = with_approvals(raw, [], [yes_to(POST)], [], tmp_path)
        assert written.startswith(b"# Ours\napprovals:\n- {post: "), raw


def test_the_labels_for_which_somebody_was_asked_stand_in_their_line(tmp_path: Path) -> None:
    assert "labels:" not in line_of(yes_to(POST))
    assert "day: " in line_of(yes_to(POST))
    assert "day: " not in line_of(yes_to(POST, rule=ANY_DAY))
    labelled = replace(yes_to(POST), labels=("health", "sale"))
    assert 'labels: ["health", "sale"]' in line_of(labelled)
