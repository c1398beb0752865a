"""Every fix that is offered is certain: applied, it leaves fewer problems and publishes no other words."""

from __future__ import annotations

import random
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.calendar.load import read
from publer_sync.calendar.shape import fixes
from publer_sync.calendar.shape.schema import vocabulary
from publer_sync.calendar.yaml.nodes import Map, Seq
from publer_sync.values.problems import Help
from tests.calendar.calendars import INVALID, case_top, top_without_posts
from tests.conftest import EVERY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from publer_sync.values.problems import Fix, Problem

PUBLIC = ("text", "title", "alt", "caption", "question", "link", "url", "options")

GOOD = """\
posts:
- at: Thu 2027-04-01 09:00
  accounts: [x, linkedin]
  text: |
    The lamp is here,
    and it is warm.

    Come and see #hygge
  labels: [launch, spring]
  link: https://example.com/lamp
- at: 2027-04-02 09:00
  accounts: linkedin
  id: second
  title: A lamp
  text: |
    Second post
  comments:
  - text: |
      A first comment
    after: 10m
  media:
  - file: /pixel.png
    alt: A lamp in the hall
  draft: true
- accounts: [facebook, x]
  at: 2027-04-03 10:30
  text: |
    Which one?
  poll:
    options:
    - The lamp
    - The light
    duration: 3d
  networks:
    x:
      text: |
        One for X
  auto_delete:
    after: 2w
"""


def public_words(data: Any, key: str = "") -> Iterator[str]:
    """Every text that readers would see, in the order of the file."""
    if isinstance(data, Map):
        for inner, value in data.items():
            yield from public_words(value, inner)
    elif isinstance(data, Seq):
        for value in data:
            yield from public_words(value, key)
    elif isinstance(data, str) and key in PUBLIC:
        yield " ".join(data.split())


class Read:
    """A calendar of one file, read: what is wrong, what would be published, and where."""

    def __init__(self, top: Path, name: str, text: str) -> None:
        (top / name).write_text(text, encoding="utf-8")
        calendar = read(top)
        desired = calendar.desired
        self.problems: tuple[Problem, ...] = calendar.problems + desired.problems
        self.accounts = {(str(post.id or post.text), post.account.alias) for post in desired.posts}
        (document,) = (each for each in calendar.documents if each.file == name)
        posts = document.data.get("posts") if document.data is not None else None
        self.posts = [tuple(public_words(post)) for post in posts or ()]
        self.words = Counter(word for post in self.posts for text in post for word in text.split())


def applied(text: str, fix: Fix) -> str:
    lines = text.split("\n")
    return "\n".join([*lines[: fix.start_line - 1], fix.text, *lines[fix.end_line :]])


# --- the case files ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", INVALID, ids=lambda path: path.stem)
def test_each_fix_of_a_case_leaves_fewer_problems_and_adds_no_words(tmp_path: Path, case: Path) -> None:
    top, text = case_top(tmp_path, case), case.read_text(encoding="utf-8")
    before = Read(top, case.name, text)
    for fix in one_of_each_message(before.problems):
        after = Read(top, case.name, applied(text, fix))
        assert len(after.problems) < len(before.problems), fix
        assert not [word for word in letters(after) if word not in text], fix
        assert not letters(before) - letters(after), fix


def one_of_each_message(problems: Sequence[Problem]) -> list[Fix]:
    """The first fix of each message, whatever words and numbers of the file it quotes."""
    found: dict[tuple[str, str], Fix] = {}
    for problem in problems:
        if problem.fix is not None:
            said = re.sub(r'"[^"]*"|`[^`]*`|\d+', "", problem.message)
            found.setdefault((problem.code, said), problem.fix)
    return [*found.values()]


def letters(found: Read) -> Counter[str]:
    """The words that would be published, without the signs around them."""
    return Counter(re.findall(r"\w+", " ".join(found.words.elements())))


# --- mistakes that are made here --------------------------------------------------------------------------------------

Mistake = tuple[str, str]
"""The file as it was meant, and as it was written."""


def pick(rng: random.Random, text: str, pattern: str) -> re.Match[str] | None:
    found = list(re.finditer(pattern, text, re.MULTILINE))
    return rng.choice(found) if found else None


def replaces(pattern: str, by: str | Callable[[re.Match[str]], str]) -> Callable[[random.Random], Mistake]:
    """A mistake in one of the places that a pattern finds."""

    def make(rng: random.Random) -> Mistake:
        match = pick(rng, GOOD, pattern)
        assert match is not None
        written = match.expand(by) if isinstance(by, str) else by(match)
        return GOOD, GOOD[: match.start()] + written + GOOD[match.end() :]

    return make


def says(words: str, written: str, key: str = "text") -> Callable[[random.Random], Mistake]:
    """A post whose text, or whose value of another key, should be `words`, and was `written` so."""

    def make(rng: random.Random) -> Mistake:
        del rng
        old = {"text": "  text: |\n    Second post\n", "title": "  title: A lamp\n"}[key]
        return (
            GOOD.replace(old, f"  {key}: |\n    {words}\n"),
            GOOD.replace(old, f"  {key}: {written}\n"),
        )

    return make


def misspelt(rng: random.Random) -> Mistake:
    """A key with two letters swapped, or one too few."""
    match = pick(
        rng,
        GOOD,
        r"(?<= )(accounts|text|labels|link|title|comments|media|draft|poll|options|alt|networks)(?=:)",
    )
    assert match is not None
    key, at = match[0], rng.randrange(len(match[0]) - 1)
    wrong = rng.choice([key[:at] + key[at + 1] + key[at] + key[at + 2 :], key[:at] + key[at + 1 :]])
    return GOOD, GOOD[: match.start()] + wrong + GOOD[match.end() :]


KEY = r"^( *(?:- )?)([a-z_]+):"
MISTAKES: dict[str, Callable[[random.Random], Mistake]] = {
    "no space behind a colon": replaces(KEY + " ", r"\1\2:"),
    "no space behind a dash": replaces(r"^( *)- ", r"\1-"),
    "a long dash": replaces(r"^( *)- (?=at|text|file)", "\\1\u2013 "),
    "a bullet": replaces(r"^( *)- (?=at|text|file)", "\\1\u2022 "),
    "a tab": replaces(r"^  (?=[a-z])", "\t"),
    "a tab behind a dash": replaces(r"^( *)- (?=[a-z])", "\\1-\t"),
    "an odd space": replaces(KEY + " ", "\\1\\2:\u00a0"),
    "a wide colon": replaces(KEY + " ", "\\1\\2\uff1a"),
    "no colon": replaces(KEY, r"\1\2"),
    "one space more": replaces(r"^(?=  (?:accounts|text|labels|title|id|draft|link):)", " "),
    "one space less": replaces(r"^ (?= (?:accounts|text|labels|title|id|draft|link):)", ""),
    "a space before a dash": replaces(r"^- (?=at: 2027-04-02)", " - "),
    "a post too far in": replaces(
        r"^- at: 2027-04-02(?:.*\n)+?(?=- acc)",
        lambda match: re.sub(r"^(?=.)", " ", match[0], flags=re.MULTILINE),
    ),
    "words too far left": replaces(r"^    (?=Come|Second|and|Which)", ""),
    "a misspelt key": misspelt,
    "no dash before a post": replaces(r"^- (?=at: 2027-04-02)", "  "),
    "no dash before the first post": replaces(r"^- (?=at: Thu)", "  "),
    "no dash before the first post, below a comment": replaces(r"^- (?=at: Thu)", "# The launch\n\n  "),
    "no dash and no indentation": replaces(r"^- (?=at: 2027-04-02)", ""),
    "another key below a gap, and no dash": replaces(
        r"^- at: 2027-04-02 09:00\n", "\n  title: A lamp\n  at: 2027-04-02 09:00\n"
    ),
    "no line posts": replaces(r"\Aposts:\n", ""),
    "a key twice": replaces(r"^  (accounts|labels): .*\n", r"\g<0>\g<0>"),
    "a key of one post twice": replaces(r"^- at: .*\n", r"\g<0>  at: 2027-05-01 10:00\n"),
    "a list without brackets": replaces(r"labels: .*", "labels: launch"),
    "an open bracket": replaces(r"\]$", ""),
    "a list beside its key": replaces(r"labels: .*", "labels: - launch\n  - spring"),
    "yes for true": replaces(r"draft: true", "draft: yes"),
    "maybe for true": replaces(r"draft: true", "draft: maybe"),
    "a status": replaces(r"draft: true", "status: draft"),
    "an open quote": replaces(r"at: 2027-04-02", "at: '2027-04-02"),
    "a quote that is never closed": says("Words", '"Words'),
    "a quote that closes early": says('"Yes" and no', '"Yes" and no'),
    "quotes in quotes": says('He said "hi" to me', '"He said "hi" to me"'),
    "an apostrophe": says("'tis the season", "'tis the season"),
    "a quotation": says("> a quotation", "> a quotation"),
    "a second colon": says("One: two", "One: two"),
    "a hashtag": says("Words #tag", "Words #tag"),
    "only a hashtag": says("#tag", "#tag"),
    "a number": says("Room # 5", "Room # 5", "title"),
    "a title of digits": says("2027", "2027", "title"),
    "two lines": says("One\n    two", "One\n    two"),
    "two paragraphs": says("One\n\n    two", "One\n\n    two"),
    "folded lines": says("One\n    two", ">\n    One\n    two"),
    "hashtags too far left": replaces(r"^    Second post$", "    Second post\n  #tag #more"),
    **{f"a text that starts with {sign}": says(f"{sign}Words", f"{sign}Words") for sign in "@`%*!&[{"},
    "a comma in braces": replaces(
        r"  - file: /pixel.png\n    alt: (.*)", r"  - {file: /pixel.png, alt: A lamp, in the hall}"
    ),
    "a colon in an item": replaces(r"- The lamp", "- The: lamp"),
    "a hashtag in a list": replaces(r"launch, spring", "launch, #spring"),
    "a duration in other words": replaces(r"2w", "1.5h"),
    "a number without a unit": replaces(r"(after|duration): .*", r"\1: 90"),
    "a comment without its map": replaces(r"comments:\n.*\n.*\n.*\n", "comments: A first comment\n"),
    "a file alone": replaces(r"media:\n.*\n.*\n", "media: /pixel.png\n"),
    "a list of files": replaces(r"media:\n.*\n.*\n", "media: [/pixel.png, https://example.com/a.png]\n"),
    "a value alone": replaces(r"auto_delete:\n    after: 2w", "auto_delete: 2w"),
    "a time of another kind": replaces(r"2027-04-02 09:00", "2.4.2027 9:00"),
    "a day that is another": replaces(r"Thu", "Wed"),
    "a misspelt account": replaces(r"linkedin", "linkdin"),
    "an account that is left out": replaces(r"\[x, linkedin\]", "[all, -instagram]"),
    "several accounts in one word": replaces(r"\[x, linkedin\]", "x, linkedin"),
    "a misspelt network": replaces(r"^    x:", "    twiter:"),
    "a misspelt file": replaces(r"pixel", "pixle"),
    "a merge conflict": replaces(
        r"^  id: second\n", "<<<<<<< HEAD\n  id: a\n=======\n  id: b\n>>>>>>> other\n"
    ),
}


MANY = (10 if EVERY else 2) * len(MISTAKES)


def intended(meant: str, written: str) -> str:
    """The file as it was meant, where the mistake itself says other words than the good one."""
    changes = {
        "- The: lamp": ("- The lamp", '- "The: lamp"'),
        "[/pixel.png, https": ("    alt: A lamp in the hall\n", "  - url: https://example.com/a.png\n"),
        "media: /pixel.png": ("    alt: A lamp in the hall\n", ""),
        "alt: A lamp, in the hall}": ("A lamp in the hall", "A lamp, in the hall"),
        "  #tag #more": ("    Second post\n", "    Second post\n    #tag #more\n"),
    }
    for sign, (old, new) in changes.items():
        if sign in written:
            return meant.replace(old, new)
    return meant


@pytest.mark.slow
def test_each_fix_of_many_mistakes_leaves_fewer_problems_and_the_same_words(tmp_path: Path) -> None:
    top = top_without_posts(tmp_path)
    rng, fixes, makers = random.Random(9), 0, list(MISTAKES.items())
    assert Read(top, "a.yaml", GOOD).problems == ()
    for number in range(MANY):
        name, make = makers[number % len(makers)]
        meant, written = make(rng)
        right = Read(top, "a.yaml", intended(meant, written))
        before = Read(top, "a.yaml", written)
        for problem in before.problems:
            if problem.fix is None:
                continue
            fixes += 1
            after = Read(top, "a.yaml", applied(written, problem.fix))
            assert len(after.problems) < len(before.problems), (name, problem)
            if after.problems == ():
                assert after.posts == right.posts, (name, problem)
            assert not after.words - right.words, (name, problem)
            assert after.accounts <= right.accounts, (name, problem)
    assert fixes > MANY // 2


@pytest.mark.story
def test_the_same_mistakes_hide_none_in_other_posts(tmp_path: Path) -> None:
    top = top_without_posts(tmp_path)
    other = "- at: 2027-04-09 09:00\n  accounts: x\n  text: |\n    Last\n  type: foto\n"
    for name, make in MISTAKES.items():
        written = make(random.Random(1))[1] + other
        assert "key.value" in [problem.code for problem in Read(top, "a.yaml", written).problems], name


# --- mistakes without a pattern ---------------------------------------------------------------------------------------


def disturbed(rng: random.Random) -> str:
    """The good file with a sign, a line, or the place of a line changed."""
    lines = GOOD.split("\n")
    number = rng.randrange(len(lines) - 1)
    line = lines[number]
    at = rng.randrange(len(line) + 1)
    signs = " :-#'\"[]{}|&*!%@,\t.x\u00a0"
    match rng.randrange(7):
        case 0:
            lines[number] = line[: max(0, at - 1)] + line[at:]
        case 1:
            lines[number] = line[:at] + rng.choice(signs) + line[at:]
        case 2:
            del lines[number]
        case 3:
            lines.insert(number, line)
        case 4:
            other = rng.randrange(len(lines) - 1)
            lines[number], lines[other] = lines[other], line
        case 5:
            lines[number] = " " * rng.choice([1, 2, 4]) + line
        case _:
            lines[number] = line[:at] + "\n" + line[at:]
    return "\n".join(lines)


@pytest.mark.slow
def test_each_fix_of_a_disturbed_file_leaves_fewer_problems_and_adds_no_words(tmp_path: Path) -> None:
    top = top_without_posts(tmp_path)
    rng, fixes = random.Random(7), 0
    for _ in range(150 if EVERY else 50):
        written = disturbed(rng)
        before = Read(top, "a.yaml", written)
        for problem in before.problems:
            if problem.fix is not None:
                fixes += 1
                after = Read(top, "a.yaml", applied(written, problem.fix))
                assert len(after.problems) < len(before.problems), (written, problem)
                assert not [word for word in letters(after) if word not in written], (written, problem)
    assert fixes > 10


POST_KEYS = ("accounts", "id", "title", "labels", "link", "at", "networks", "poll", "media", "text", "draft")


@pytest.mark.parametrize("key", POST_KEYS)
def test_a_key_that_lost_its_indentation_is_one_error_in_its_line(tmp_path: Path, key: str) -> None:
    top = top_without_posts(tmp_path)
    written = re.sub(rf"^  {key}:", f"{key}:", GOOD, count=1, flags=re.MULTILINE)
    (problem,) = Read(top, "a.yaml", written).problems
    assert (problem.code, problem.message) == ("yaml.indent", "indented 0 spaces; expected 2")
    assert problem.location is not None
    assert written.split("\n")[problem.location.line - 1].startswith(f"{key}:")


@pytest.mark.parametrize("key", POST_KEYS)
def test_a_line_that_breaks_off_within_a_key_is_not_a_dozen_errors(tmp_path: Path, key: str) -> None:
    top = top_without_posts(tmp_path)
    broken = re.sub(rf"^  {key}:", f"  {key[:1]}\n{key[1:]}:", GOOD, count=1, flags=re.MULTILINE)
    assert 0 < len(Read(top, "a.yaml", broken).problems) <= 4


@pytest.mark.parametrize(
    ("accounts", "fixed"),
    [("[{account: -instagram}]", None), ("[all -instagram]", "[all, -instagram]")],
)
def test_an_account_that_is_left_out_is_not_turned_into_one_that_is_not(
    tmp_path: Path, accounts: str, fixed: str | None
) -> None:
    top = top_without_posts(tmp_path)
    found = Read(top, "a.yaml", GOOD.replace("[x, linkedin]", accounts))
    assert [(each.code, each.fix and each.fix.text) for each in found.problems] == [
        ("account.unknown", fixed and f"  accounts: {fixed}")
    ]
    assert "Did you mean" not in str(found.problems[0].help)


@pytest.mark.story
def test_what_is_shown_to_be_pasted_holds_the_writers_own_words(tmp_path: Path) -> None:
    """And keys, and the few values that have one spelling only."""
    top = top_without_posts(tmp_path)
    for make in MISTAKES.values():
        written = make(random.Random(3))[1]
        for problem in Read(top, "a.yaml", written).problems:
            if isinstance(problem.help, Help) and problem.help.paste:
                words = re.findall(r"[^\W\d_]{3,}", problem.help.paste)
                own = written + " ".join(vocabulary().keys) + " true false"
                assert not [word for word in words if word not in own and word not in GOOD], problem


HEAD = "posts:\n- at: 2027-04-01 09:00\n  accounts: x\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    "lines",
    [
        "  text: Come on Friday!\n    Note: bring a lamp.",
        "  text: Come on Friday!\n    note: bring a lamp.",
        "  text: Come on Friday!\n   note: bring a lamp.",
        "  text: Come on Friday!\n    comments: yes please",
        "  text: Come on Friday!\n    there: is more",
        "  text: Come on Friday!\n    Location: Bergen",
        "  text: Come on Friday!\n    and: more",
        "  text: Come on Friday!\n    Link: in bio",
        "  text: Come on Friday!\n    link: https://example.com/opening",
        "  text: Come on Friday!\n    at: the fair",
        "  text: Come\n  append: More in the shop\n    note: all day",
        "  text: Come\n  note: ask Anna\n    Doors: at eight",
        "  text: Come\n  comments:\n  - text: First\n      after: the show",
        "  text: |\n    Come\n Doors: at eight",
        "  text: |\n  Opening today\n  note: doors at eight\n  and bring a friend",
        "  text: |\n  Opening today\n  note: doors at eight",
        "  text: |\n  Opening today\n  comments: yes please",
        "  text: |\n  Opening today\n  link: in bio\n  labels: [spring]",
        "  text:\n  Opening today\n  note: doors at eight",
        "  text: Come\n  labels: spring\n  and bring a friend",
    ],
)
def test_a_line_that_may_be_words_or_a_key_stays_and_both_are_shown(tmp_path: Path, lines: str) -> None:
    """Moved to either place, a sentence would not be published, or a note would be."""
    found = Read(top_without_posts(tmp_path), "a.yaml", f"{HEAD}{lines}\n").problems
    assert [problem.fix for problem in found if problem.severity == "error"] == [None]
    assert found[0].code == "yaml.indent"
    assert isinstance(found[0].help, Help)
    assert len(found[0].help.ways) == (2 if ":" in lines.rpartition("\n")[2] or "text: |" in lines else 0)


@pytest.mark.parametrize(
    ("length", "offered"),
    [(20, [False, False, False, True]), (21, [False, False, True, True])],
)
def test_a_fix_that_does_not_help_is_offered_only_where_a_long_file_leaves_no_time_to_try_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, length: int, offered: list[bool]
) -> None:
    """Here 40 lines are read again; of a mistake without a fix, none."""
    monkeypatch.setattr(fixes, "_MOST_LINES", 40)
    mistakes = "- title: 'it\n" + "- labels: - a\n          \n  - b\n" * 3
    text = f"posts:\n{mistakes}" + "# note\n" * (length - 12)
    assert text.count("\n") + 1 == length
    (tmp_path / "publer.yaml").write_text("timezone: UTC\naccounts: {x: Me}\n")
    problems = read(tmp_path, instead={"a.yaml": text.encode()}).problems
    assert [each.fix is not None for each in problems if each.code == "yaml.start"] == offered


@pytest.mark.parametrize(
    ("lines", "fixed"),
    [
        ("  text: Come\n    draft: true", "  draft: true"),
        ("  text: Come\n    labels: [spring]", "  labels: [spring]"),
        ("  text: Come\n    type: status", "  type: status"),
        ("  text: Come\n note: ask Anna", "  note: ask Anna"),
        ("  text: |\n    Come\n   labels: [spring]", "  labels: [spring]"),
        ("  text: |\n  Come\n  labels: [spring]", "    Come"),
        ("  text: |\n  Come\n  note: |\n    ask Anna", "    Come"),
        ("  text: |\n  Come\n  comments:\n  - text: First", "    Come"),
    ],
)
def test_a_line_that_can_only_be_a_key_is_moved(tmp_path: Path, lines: str, fixed: str) -> None:
    (problem,) = Read(top_without_posts(tmp_path), "a.yaml", f"{HEAD}{lines}\n").problems
    assert (problem.code, problem.fix and problem.fix.text) == ("yaml.indent", fixed)
