"""What validate found, for people, for editors and for GitHub."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from publer_sync.render import problems as problems_page
from publer_sync.render.layout.measure import width
from publer_sync.render.layout.terminal import Screen
from publer_sync.values.problems import Help, Location, Problem
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Sequence

FILE = "2026-12.yaml"
LINES = (
    "posts:",
    "- at: 2026-12-02 12:30",
    "  text: Repair beats replace: 412 lamps went home again.",
    "  accounts: [x, bluesky, linkdin]",
    "",
    "  text: " + "lorem ipsum " * 30,
    "  text: 日本語 🎉 oops",
)
COLON = Problem(
    "error",
    "yaml.colon",
    'this line has a second ": "',
    Location(FILE, 3, 29),
    Help('put the words on the next line, after "text: |":', "  text: |\n    Repair beats replace"),
)
ACCOUNT = Problem(
    "error",
    "account.unknown",
    'there is no account "linkdin"',
    Location(FILE, 4, 26),
    Help('did you mean "linkedin"?'),
    7,
    ((Location("publer.yaml", 2), "the accounts are here"),),
)
ALT = Problem(
    "warning", "media.no-alt", "a.jpg has no description", Location(FILE, 2, 3), Help("add `alt: …`")
)
SPAN = (datetime(2026, 12, 1, 8, tzinfo=UTC), datetime(2026, 12, 31, 8, tzinfo=UTC))


def text(
    problems: Sequence[Problem],
    *,
    prefix: str = "calendar",
    figures: str = "22 posts (on 4 accounts)",
    lines: Sequence[str] = LINES,
    span: tuple[datetime, datetime] | None = SPAN,
    color: bool = False,
) -> str:
    return problems_page.text(
        problems,
        lambda _: lines,
        prefix=prefix,
        figures=figures,
        files=3,
        span=span,
        timezone="Europe/Oslo",
        screen=Screen(color=color),
    )


def test_errors_are_shown_with_their_lines_as_written() -> None:
    assert (
        text([COLON, ALT, ACCOUNT])
        == """\
error: this line has a second ": "   yaml.colon
  calendar/2026-12.yaml:3:29
  2 | - at: 2026-12-02 12:30
  3 |   text: Repair beats replace: 412 lamps went home again.
                                  ^
  Put the words on the next line, after "text: |":
      text: |
        Repair beats replace

error: there is no account "linkdin"   account.unknown
  calendar/2026-12.yaml:4:26
  3 |   text: Repair beats replace: 412 lamps went home again.
  4 |   accounts: [x, bluesky, linkdin]
                               ^^^^^^^
  calendar/publer.yaml:2: the accounts are here
  Did you mean "linkedin"?

1 warning
  calendar/2026-12.yaml:2:3: warning: a.jpg has no description; add `alt: …` [media.no-alt]

2 errors in 1 of 3 files. Nothing was sent.
"""
    )


def test_colour_adds_nothing_but_colour() -> None:
    painted = text([COLON, ALT, ACCOUNT], color=True)
    assert "\x1b[31;1merror\x1b[0m: this" in painted
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == text([COLON, ALT, ACCOUNT])


@each_of(
    ("figures", "span", "said"),
    [
        (
            "22 posts (on 4 accounts)",
            SPAN,
            "22 posts (on 4 accounts), Tue 1 Dec to Thu 31 Dec 2026. No problems.\n",
        ),
        ("1 post", (SPAN[0], SPAN[0]), "1 post, Tue 1 Dec 2026. No problems.\n"),
        ("0 posts", None, "0 posts. No problems.\n"),
        (
            "2 posts",
            (SPAN[0], datetime(2026, 12, 31, 23, 30, tzinfo=UTC)),
            "2 posts, Tue 1 Dec 2026 to Fri 1 Jan 2027. No problems.\n",
        ),
    ],
)
def test_success_says_what_was_checked(
    figures: str, span: tuple[datetime, datetime] | None, said: str
) -> None:
    assert text([], figures=figures, span=span) == said


def test_warnings_alone_are_no_errors() -> None:
    assert text([ALT]).endswith(
        "[media.no-alt]\n\n22 posts (on 4 accounts), Tue 1 Dec to Thu 31 Dec 2026. No errors.\n"
    )


def test_after_ten_the_rest_is_one_line_each() -> None:
    shown = text([ACCOUNT] * 13)
    assert shown.count("^^^^^^^") == 10
    assert "… and 3 more, one line each (--format concise shows all so):\n" in shown
    assert shown.count("[account.unknown]\n") == 3


def test_fixes_that_would_be_made_are_counted_above_the_calendar_with_them() -> None:
    told = [problems_page.fix_total(number, 1, would=True) for number in (1, 2)]
    assert told == ["1 fix in 1 file. With it:", "2 fixes in 1 file. With them:"]


def test_a_problem_without_a_place_has_no_excerpt() -> None:
    assert text([Problem("error", "settings.none", "no publer.yaml in calendar/")]) == (
        "error: no publer.yaml in calendar/   settings.none\n\n1 error. Nothing was sent.\n"
    )


@pytest.mark.parametrize("line", [0, 99])
def test_a_line_that_is_not_there_is_not_shown(line: int) -> None:
    assert "|" not in text([Problem("error", "c", "m", Location(FILE, line))])


@each_of("column", [9, 60, 200, 368])
def test_of_a_long_line_the_part_around_the_mark_is_shown(column: int) -> None:
    shown = text([Problem("error", "c", "m", Location(FILE, 6, column), length=3)]).split("\n")
    source, carets = shown[2], shown[3]
    start = carets.index("^")
    assert width(source) <= 100
    assert source[start : start + 3].strip() == LINES[5][column - 1 : column + 2].strip()


@each_of(
    ("line", "column", "part"),
    [
        ("x" * 200, 47, "x" * 90 + " …"),
        ("x" * 200, 48, "… " + "x" * 90 + " …"),
        ("xxxxxxxxx " * 20, 60, "… " + "xxxxxxxxx " * 9 + " …"),
    ],
)
def test_of_a_long_line_the_part_begins_where_the_mark_needs_it_at_a_letter(
    line: str, column: int, part: str
) -> None:
    shown = text([Problem("error", "c", "m", Location(FILE, 2, column))], lines=["y" * 200, line]).split("\n")
    assert shown[2:4] == ["  1 | " + "y" * 90 + " …", f"  2 | {part}"]


@each_of(("length", "part"), [(94, "x" * 94), (95, "x" * 90 + " …")])
def test_a_line_that_just_fits_is_shown_whole(length: int, part: str) -> None:
    shown = text([Problem("error", "c", "m", Location(FILE, 1, 1))], lines=["x" * length]).split("\n")
    assert shown[2] == f"  1 | {part}"


@each_of("column", [3, 30, 40, 90])
def test_of_a_long_line_of_wide_letters_too(column: int) -> None:
    line = "語" * (column - 1) + "!" + "語" * 100
    shown = text([Problem("error", "c", "m", Location(FILE, 1, column))], lines=[line]).split("\n")
    assert width(shown[2]) <= 100
    assert width(shown[2].partition("!")[0]) == shown[3].index("^")


def test_wide_letters_move_the_mark_along() -> None:
    shown = text([Problem("error", "c", "m", Location(FILE, 7, 15), length=4)]).split("\n")
    assert shown[-5:-3] == ["  7 |   text: 日本語 🎉 oops", " " * (6 + 18) + "^^^^"]


def test_the_mark_counts_a_control_character_as_one() -> None:
    shown = text([Problem("error", "c", "m", Location(FILE, 1, 7))], lines=["a\tb\x1b\u202e\nc"]).split("\n")
    assert shown[2:4] == ["  1 | a b␛\N{REPLACEMENT CHARACTER} c", " " * 12 + "^"]


@each_of(
    ("prefix", "path"), [("", "a.yaml"), (".", "a.yaml"), ("cal/", "cal/a.yaml"), ("../x", "../x/a.yaml")]
)
def test_places_can_be_opened_from_the_users_folder(prefix: str, path: str) -> None:
    one = Problem("error", "c", "m", Location("a.yaml", 1))
    assert problems_page.concise([one], prefix=prefix) == f"{path}:1:1: error: m [c]\n"


def test_settings_outside_of_the_calendar_are_named_from_here() -> None:
    one = Problem("error", "c", "m", Location("../agency.yaml", 1))
    assert problems_page.concise([one], prefix="clients/acme").startswith("clients/agency.yaml:1:1: ")
    assert problems_page.github([one], prefix="acme").startswith("::error file=agency.yaml,line=1,")
    assert problems_page.concise([one], prefix="").startswith("../agency.yaml:1:1: ")
    assert text([one]).endswith("1 error in 1 file. Nothing was sent.\n")


def test_concise_is_one_line_a_problem() -> None:
    assert problems_page.concise([COLON, ACCOUNT, ALT], prefix="") == (
        '2026-12.yaml:3:29: error: this line has a second ": " [yaml.colon]\n'
        '2026-12.yaml:4:26: error: there is no account "linkdin"; did you mean "linkedin"? [account.unknown]\n'
        "2026-12.yaml:2:3: warning: a.jpg has no description; add `alt: …` [media.no-alt]\n"
    )
    ways = Problem("error", "c", "m", help=Help("write one of these", ways=(("in the morning", "at: 9:00"),)))
    assert problems_page.concise([ways], prefix="") == "error: m [c]\n"
    assert problems_page.concise([], prefix="") == ""
    assert problems_page.concise([Problem("error", "c", "m")], prefix="cal") == "error: m [c]\n"


def test_github_gets_an_annotation_for_each() -> None:
    odd = Problem("error", "c", "100 %\nof it", Location("a,b:c.yaml", 1))
    assert problems_page.github([COLON, ALT, odd, Problem("error", "c", "m")], prefix="calendar") == (
        '::error file=calendar/2026-12.yaml,line=3,col=29,title=yaml.colon::this line has a second ": "%0A'
        'put the words on the next line, after "text: |":%0A  text: |%0A    Repair beats replace\n'
        "::warning file=calendar/2026-12.yaml,line=2,col=3,title=media.no-alt::a.jpg has no description%0A"
        "add `alt: …`\n"
        "::error file=calendar/a%2Cb%3Ac.yaml,line=1,col=1,title=c::100 %25%0Aof it\n"
        "::error title=c::m\n"
    )


ANY_TEXT = st.text() | st.text(st.sampled_from(":%,\n\r#[ \x1b\u202eab"), max_size=30)


@given(ANY_TEXT, ANY_TEXT, ANY_TEXT, st.integers(1, 40), st.integers(1, 40))
@example("a\n::stop-commands::x", "a\r::add-mask::b", "\n::error::", 1, 1)
def test_whatever_is_written_no_command_is_injected(
    message: str, help: str, line: str, column: int, length: int
) -> None:
    one = Problem("error", "c", message, Location(message or "f", 1, column), Help(help, help, help), length)
    annotation = problems_page.github([one], prefix="")
    assert annotation.count("\n") == 1
    assert re.fullmatch(r"::error file=[^,:]*,line=1,col=\d+,title=c::[^\r\n]*\n", annotation)
    for shown in (text([one] * 11, lines=[line]), problems_page.concise([one], prefix="")):
        for row in shown.split("\n"):
            assert not [c for c in row if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")]
            assert not row.strip().startswith("::")


def test_a_fix_that_is_yaml_is_shown_ready_to_paste() -> None:
    problem = Problem(
        "error", "time.form", "no time", Location("a.yaml", 1), Help("", "at: 2027-03-02 09:00")
    )

    shown = problems_page.text(
        [problem],
        lambda _file: ["- at: 2.3.2027"],
        prefix="",
        figures="1 post",
        files=1,
        span=None,
        timezone="UTC",
    )

    assert "\n    at: 2027-03-02 09:00\n" in shown
    assert "\n  :\n" not in shown


def test_a_fix_is_a_sentence_then_lines_to_paste_then_an_example() -> None:
    shown = text(
        [Problem("error", "c", "m", help=Help("write it so", "text: |\n  Hi", "text: |\n  Your words"))]
    )
    assert shown.startswith(
        "error: m   c\n  Write it so:\n    text: |\n      Hi\n  For example:\n    text: |\n      Your words\n"
    )
