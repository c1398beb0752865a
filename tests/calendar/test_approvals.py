"""Whose yes the settings ask for, and `approvals.yaml`: each line proved, errors with the line and the fix."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from publer_sync.calendar import approvals as reader
from publer_sync.calendar.load import read
from publer_sync.editing.approvals import line_of, with_approvals
from publer_sync.values.errors import OutputError
from tests.calendar.calendars import SETTINGS, codes, one, write
from tests.planning.posts import POST
from tests.tables import each_of
from tests.values.test_signoff import ANY_DAY, yes_to

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.values.approval import Approval
    from publer_sync.values.model import Post
    from publer_sync.values.problems import Help, Problem

NAMED = SETTINGS.replace("Page", "facebook/Page")
PEOPLE = 'people: {kari: "Kari, Acme AS", legal: Legal}\n'
ASKS = NAMED + PEOPLE + "signoff: [{accounts: [x], by: kari}]\n"
YES = yes_to(POST)


@pytest.fixture
def asking(top: Path) -> Path:
    write(top, publer=ASKS, posts=one("x"))
    return top


def wrong(top: Path) -> list[tuple[str, str]]:
    return [(problem.code, str(problem.location)) for problem in read(top).problems]


def one_problem(top: Path) -> Problem:
    (problem,) = read(top).problems
    return problem


def helped(top: Path) -> Help:
    found = one_problem(top).help
    assert found is not None
    return found


@each_of(
    ("said", "found"),
    [
        ("signoff: [{by: kari}]", []),
        ("signoff: [{by: [kari, legal], all: true, time: false, labels: [health]}]", []),
        ("signoff: [{accounts: words, by: kari}]", []),
        ("signoff: [{by: karl}]", ["signoff.person"]),
        ("signoff: [{accounts: [x]}]", ["key.missing"]),
        ("signoff: [{by: kari, who: x}]", ["key.unknown"]),
        ("signoff: [{by: kari, accounts: [tiktok]}]", ["account.unknown"]),
        ("signoff: kari", ["key.type"]),
    ],
)
def test_rules_are_read_and_what_is_wrong_with_them_is_said(top: Path, said: str, found: list[str]) -> None:
    write(top, publer=f"{NAMED}{PEOPLE}{said}\n", posts=one("x"))
    assert codes(top) == found
    if found == ["signoff.person"]:
        assert helped(top).say == "Did you mean kari?"


def test_an_account_without_a_network_cannot_be_signed_off_unseen(top: Path) -> None:
    write(
        top,
        publer=NAMED.replace("x: Me", "me: Me").replace("x, ", "me, ") + PEOPLE + "signoff: [{by: kari}]\n",
    )
    problem = one_problem(top)
    assert (problem.code, problem.location and problem.location.line) == ("signoff.network", 4)
    assert "me: facebook/Me" in str(problem.help)


def test_shared_settings_ask_beside_the_calendars_own(top: Path) -> None:
    (top.parent / ".git").mkdir()
    shared = top.parent / "agency.yaml"
    shared.write_text("people: {legal: Legal}\nsignoff: [{by: legal}, {accounts: [tiktok], by: legal}]\n")
    write(top, publer=f"extends: ../agency.yaml\n{NAMED}people: {{kari: Kari}}\nsignoff: [{{by: kari}}]\n")
    settings = read(top).settings
    assert [rule.by for rule in settings.signoff] == [("legal",), ("kari",)]
    assert settings.people == {"legal": "Legal", "kari": "Kari"}


def put(top: Path, *lines: str) -> None:
    (top / "approvals.yaml").write_text(
        "approvals:\n" + "".join(f"{line}\n" for line in lines), encoding="utf-8"
    )


@each_of("yes", [YES, yes_to(POST, rule=ANY_DAY), replace(YES, labels=("health", "sale"))])
def test_every_line_is_read_back_as_it_was_written(asking: Path, yes: Approval) -> None:
    put(asking, line_of(yes))
    assert read(asking).approvals == (yes,)
    assert wrong(asking) == []


def test_without_a_rule_the_file_is_not_read(asking: Path) -> None:
    put(asking, "- this is: [no yes")
    with mock.patch.object(reader, "read_approvals", side_effect=AssertionError):
        write(asking, publer=NAMED)
        assert read(asking).approvals == ()
    assert wrong(asking) == []


def test_posts_in_a_file_of_that_name_are_never_left_unread_in_silence(asking: Path) -> None:
    (asking / "approvals.yaml").write_text(one("x"), encoding="utf-8")
    for settings in (ASKS, NAMED):
        write(asking, publer=settings)
        assert wrong(asking) == [("approvals.posts", "approvals.yaml:1")]
        assert helped(asking).paste == "git mv approvals.yaml posts.yaml"
    (asking / "approvals.yaml").rename(asking / "more.yaml")
    assert wrong(asking) == []
    unsaved = read(asking, instead={"approvals.yaml": one("x").encode()})
    assert [each.code for each in unsaved.problems] == ["approvals.posts"]


@each_of(
    ("before", "after"),
    [
        ('"text": "Hello"', '"text": "Hello!"'),
        ("2026-11-24, content", "2026-11-25, content"),
        ("twitter/Fjordlight", "linkedin/Fjordlight"),
        ("content: 1-", "content: 1-0"),
    ],
)
def test_a_line_that_was_changed_is_no_yes(asking: Path, before: str, after: str) -> None:
    line = line_of(YES)
    assert before in line
    changed = line.replace(before, after)
    put(
        asking,
        line,
        changed[:-1] + "}" if after != "content: 1-0" else changed.replace("1-0", "1-", 1)[:-1] + "}",
    )
    if after == "content: 1-0":
        digest = YES.content
        put(asking, line, line.replace(digest, digest[:-1] + ("0" if digest[-1] != "0" else "1")))
    assert wrong(asking) == [("approvals.changed", "approvals.yaml:3")]
    told = str(one_problem(asking).help)
    assert "publer-sync approve hello --by kari" in told
    assert read(asking).approvals == (YES,), "the other line counts"


@each_of(
    ("line", "code"),
    [
        (line_of(YES).replace(YES.content, "abc"), "key.value"),
        (line_of(YES).replace("content: 1-", "content: 2-"), "approvals.version"),
        (line_of(YES).replace("T13:20:00Z", ""), "approvals.time"),
        (line_of(YES).replace("by: kari, ", ""), "key.missing"),
        ("- words", "key.type"),
    ],
)
def test_a_line_of_another_form_is_an_error_on_it(asking: Path, line: str, code: str) -> None:
    put(asking, line_of(yes_to(POST, days=3)), line)
    assert [(found, place.partition(":")[2]) for found, place in wrong(asking)] == [(code, "3")]
    assert helped(asking).say, code


def test_a_merge_that_git_left_open_says_to_keep_both_sides(asking: Path) -> None:
    other = line_of(yes_to(POST, days=3))
    put(asking, "<<<<<<< HEAD", line_of(YES), "=======", other, ">>>>>>> theirs")
    problem = one_problem(asking)
    assert (problem.code, str(problem.location)) == ("yaml.conflict", "approvals.yaml:2")
    assert problem.help is not None
    assert problem.help.say.startswith("Keep the lines of both sides")
    put(asking, line_of(YES), other)
    assert len(read(asking).approvals) == 2, "which is the fix"


# --- writing --------------------------------------------------------------------------------------------------------


def merged(top: Path, raw: str, *new: Approval, gone: tuple[Approval, ...] = ()) -> str:
    (top / "approvals.yaml").write_text(raw, encoding="utf-8", newline="")
    calendar = read(top)
    return with_approvals(raw.encode(), calendar.approvals, new, gone, top).decode()


def test_a_new_yes_has_its_line_in_the_order_of_posts_and_every_other_byte_stays(asking: Path) -> None:
    first, last = (yes_to(replaced(name)) for name in ("alpha", "zulu"))
    raw = f"# Ours\r\napprovals:\r\n  {line_of(first)}\r\n  # the last one\r\n  {line_of(last)}"
    assert merged(asking, raw, YES) == (
        f"# Ours\r\napprovals:\r\n  {line_of(first)}\r\n  # the last one\r\n  {line_of(YES)}\r\n  {line_of(last)}\r\n"
    )
    assert (
        merged(asking, raw, gone=(last,))
        == f"# Ours\r\napprovals:\r\n  {line_of(first)}\r\n  # the last one\r\n"
    )


@each_of("raw", ["", "approvals:\n", "approvals: []\n", "# Only words\n"])
def test_the_first_yes_makes_the_list(asking: Path, raw: str) -> None:
    made = merged(asking, raw, YES)
    assert made.endswith(f"approvals:\n{line_of(YES)}\n")
    assert made.startswith("# ") or raw.startswith("approvals")


def test_what_would_not_read_back_is_not_written(asking: Path) -> None:
    raw = f"approvals: [{line_of(YES)[2:]}]\n"
    with pytest.raises(OutputError, match="cannot be changed safely"):
        merged(asking, raw, yes_to(replaced("zulu")))


def replaced(name: str) -> Post:
    return replace(POST, id=name)


@each_of(
    "text",
    [
        "a: b",
        "- x",
        "# no comment",
        "\u2028\x85\ufeff",
        "👩‍👩‍👧 🏴\U000e0067\U000e007f",
        "\\n\t\"'",
        "{x}, [y]",
        "true",
        "æøå 日本",
    ],
)
def test_every_text_reads_back(asking: Path, text: str) -> None:
    yes = yes_to(replace(POST, content=replace(POST.content, text=text)))
    put(asking, line_of(yes))
    assert read(asking).approvals == (yes,)
    assert wrong(asking) == []


def test_a_file_that_has_grown_too_large_says_which_lines_may_leave_it(asking: Path) -> None:
    put(asking, *[line_of(yes_to(POST, days=day)) for day in range(9)])
    with mock.patch("publer_sync.calendar.files.MAX_BYTES", 1000):
        problem = one_problem(asking)
    assert problem.code == "file.size"
    assert problem.help is not None
    assert problem.help.say.startswith("Move the lines of posts that were published into a file outside")


def test_the_settings_alone_are_read_without_what_was_signed_off(asking: Path) -> None:
    files = {"approvals.yaml": b"approvals: []\n"}
    for posts, names in ((False, ["publer.yaml"]), (True, ["publer.yaml", "posts.yaml", "approvals.yaml"])):
        calendar = read(asking, posts=posts, instead=files)
        assert [each.file for each in calendar.documents] == names
