"""A file of which one post changed reads as if all of it were read."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from publer_sync.calendar import again
from publer_sync.calendar.again import read_again
from publer_sync.calendar.files import decoded, parse
from publer_sync.calendar.load import read
from tests.calendar.calendars import judged, places
from tests.conftest import EVERY

if TYPE_CHECKING:
    from publer_sync.calendar.document import Document
    from publer_sync.calendar.load import Calendar
    from publer_sync.values.problems import Problem

LAYOUTS = {
    "at the edge": """\
# of the file
timezone: Europe/Berlin
posts:
# of the first
- at: 2027-03-02 09:00
  text: Words#1

# of the second
- at: 2027-03-03 09:00
  text: |
    More words
    of two lines
- at: 2027-03-04 09:00
  note: 'Quoted,
    and goes on'
  text: Words
- {at: 2027-03-05 09:00, text: In braces}
-   at: 2027-03-06 09:00
    labels:
    - one
    - two # of two
    accounts: [x,
      facebook]
""",
    "indented": """\
accounts: x

posts:

  # of the first
  - text: |
      Words
      below
    at: 2027-03-02 09:00
  - note: "Quoted \\
      words"
    text: Words
    at: 2027-03-03 09:00
  -
    text: Its dash stands alone
  - at: 2027-03-04 09:00
    text: |+
      Its blank lines belong to it


  - at: 2027-03-05 09:00
    note: Plain
     words
    text: Words
""",
    "keys below": "posts:\n- text: One\n- text: Two\n- text: Three\ntimezone: UTC\n",
    "anchors": "posts:\n- &one\n  text: One\n- text: &words Two\n- text: *words\n- <<: *one\n  at: 2027-03-02 09:00\n",
    "an alias": "defaults: &posts\n- text: One\n- text: Two\n- text: Three\n- text: Four\n- text: Five\nposts: *posts\n",
    "in brackets": "posts: [\n  {text: One},\n  {text: Two},\n  {text: Three}]\n",
}
PIECES = (
    *(
        "'",
        '"',
        "''",
        '\\"',
        "\\",
        "&x ",
        "*x",
        "#",
        "# x",
        " #x",
        "- ",
        "-",
        ":",
        ": ",
        ", ",
        "{",
        "}",
        "[",
        "]",
    ),
    *(
        "|",
        ">",
        "%",
        "!",
        "!!str ",
        "? ",
        "@",
        "`",
        "\t",
        " ",
        "  ",
        "    ",
        "---",
        "...",
        "<<: *x",
        "<<<<<<< a",
    ),
    *("posts:", "at: ", "id: x", "text: |", "- text: x", "  - text: y", "\u00a0", "\x0b", "\u2028", "é", "1"),
)


def whole(text: str) -> Document:
    """All of a file, read anew."""
    path, raw = Path("posts.yaml"), text.encode()
    problems: list[Problem] = []
    read = decoded(path, path.name, raw, problems)[0]
    return replace(parse(read, path.name, path=path, kind="posts", problems=problems), raw=raw)


def disturbed(lines: list[str], chance: random.Random) -> None:
    """Change a line, or two."""
    for _ in range(chance.choice((1, 1, 1, 2))):
        number = chance.randrange(len(lines))
        line = lines[number]
        at = chance.choice((0, len(line), len(line) - len(line.lstrip()), chance.randint(0, len(line))))
        lines[number] = chance.choice(
            (
                f"{line[:at]}{chance.choice(PIECES)}{line[at:]}",
                f"{line[:at]}{line[at + 1 :]}",
                f"{' ' * chance.randint(0, 6)}{line.lstrip()}",
                chance.choice(lines),
                "",
            )
        )


@pytest.mark.parametrize("layout", LAYOUTS)
def test_whatever_is_done_to_a_line_it_reads_as_the_whole_file_does(layout: str) -> None:
    text, chance, found = LAYOUTS[layout], random.Random(layout), 0
    old = whole(text)
    assert old.problems == ()
    for _ in range(20_000 if EVERY else 600):
        lines = text.split("\n")
        disturbed(lines, chance)
        new = whole("\n".join(lines))
        if (read := read_again(old, new.raw)) is None:
            continue
        found += 1
        assert new.problems == read.problems == ()
        assert places(new.data) == places(read.data)
        assert (new.lines, new.written, new.raw) == (read.lines, read.written, read.raw)
    assert found > 10 or layout in ("anchors", "an alias", "in brackets")


def test_the_other_posts_are_the_very_same_however_often_one_is_read_again() -> None:
    first = document = whole(LAYOUTS["indented"])
    for hour in ("07", "08"):
        text = re.sub(r"03-05 \d\d", f"03-05 {hour}", document.raw.decode())
        read = read_again(document, text.encode())
        assert read is not None
        assert read.base is first
        assert read.data is not None
        assert first.data is not None
        pairs = zip(read.data["posts"], first.data["posts"], strict=True)
        assert [one is other for one, other in pairs] == [True, True, True, True, False]
        document = read


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("posts:\n- text: &words One\n- text: Two\n- text: Three\n- text: *words\n", ("&words One", "One")),
        ("posts:\n- text: One\n- text: Two\n- text: Three\ntimezone: UTC\n", ("Three", "Threes")),
        (LAYOUTS["an alias"], ("Three", "Threes")),
        (LAYOUTS["keys below"], ("UTC", "Europe/Berlin")),
        (LAYOUTS["keys below"], ("One", "One\n  at: 2027-03-02 09:00")),
        (LAYOUTS["keys below"], ("- text: One\n- text: Two", "- text: A\n- text: B")),
        ("posts:\n- note: 'One\n    more'\n  text: One\n- text: Two\n", ("    more", "<<<<<<< more")),
        (
            "posts:\n- text: >\n    One\n    more\n- text: Two\n- text: Three\n- text: Four\n",
            ("Four", "Fours"),
        ),
        ("posts:\n- id: one\n  text: One\n- text: Two\n", ("- id: one\n  text", "# one\n- text")),
        ("posts:\n- text: One\n- text: Two\n", ("- text: One", "- just words")),
        ("posts:\n- text: One\n- text: Two\n", ("Two", "Two\n  at: 2027-03-02 09:00")),
        ("accounts: x\nposts:\n- text: One\n", ("accounts: x", "accounts: y")),
        (
            "posts:\n- text: One\n- text: Two # a\n- text: Three\n",
            ("One\n- text: Two # a", "A\n- text: Two # b"),
        ),
        ("posts:\n- text: One\n-\n  text: Two\n- text: Three\n", ("Two", "Twos")),
        ("posts:\n- note: 'One\n    more'\n  text: One\n- text: Two\n", ("    more", ">>>>>>> more")),
        (
            'posts:\n- text: One\n  id: a\n- text: Two # "\n- text: Three\n',
            ("  id: a", '- id: "a'),
        ),
    ],
    ids=[
        "anchor",
        "below",
        "alias",
        "head",
        "longer",
        "two posts",
        "conflict",
        "problem",
        "dash below",
        "no post",
        "longer last",
        "head of one",
        "comment of the next",
        "dash alone",
        "end of a conflict",
        "swallowed",
    ],
)
def test_what_is_odd_is_left_to_a_whole_reading(old: str, new: tuple[str, str]) -> None:
    assert old.count(new[0]) == 1
    assert read_again(whole(old), old.replace(*new).encode()) is None


# --- the calendar ----------------------------------------------------------------------------------------------------

SETTINGS = "workspace: W1\ntimezone: UTC\naccounts:\n  x: x/Acme\n  facebook: facebook/Acme\n"


def calendar(top: Path, posts: str) -> Calendar:
    (top / "publer.yaml").write_text(SETTINGS)
    (top / "posts.yaml").write_text(posts)
    found = read(top)
    assert found.desired.posts
    return found


def with_posts(old: Calendar, posts: str) -> Calendar:
    """The calendar with other posts, compared with one that is read from them."""
    new = old.with_files({"posts.yaml": posts.encode()})
    (old.top / "posts.yaml").write_text(posts)
    read_anew = read(old.top)
    assert judged(new) == judged(read_anew)
    assert new.desired.posts == read_anew.desired.posts
    said = [
        [(each.data, each.place, each.id, each.version) for each in found.entries]
        for found in (new, read_anew)
    ]
    assert said[0] == said[1]
    return new


POSTS = "accounts: [x, facebook]\nposts:\n" + "".join(
    f"- id: p{day}\n  at: 2027-03-0{day} 09:00\n  text: Words {day}\n" for day in range(1, 5)
)


def test_only_the_post_that_changed_is_judged_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = calendar(tmp_path, POSTS)
    moved = POSTS.replace("03-02 09:00", "03-02 10:00")
    new = with_posts(old, moved)
    assert [one is other for one, other in zip(old.entries, new.entries, strict=True)] == [
        True,
        False,
        True,
        True,
    ]
    assert [one is other for one, other in zip(old.spreads, new.spreads, strict=True)] == [
        True,
        False,
        True,
        True,
    ]
    later = with_posts(new, moved.replace("03-04 09:00", "03-04 10:00"))
    documents = [each.document is later.documents[-1] for each in later.entries]
    assert documents == [False, True, False, True]  # of those in between, nothing is kept


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("text: Words 2", "text: 7 "),
        ("text: Words 2", "txet: Words"),
        ("id: p2", "id: p1"),
        ("at: 2027-03-02 09:00", "at: 2027-03-01 09:00"),
        ("at: 2027-03-02 09:00", "at: 2027-02-30 09:00"),
        ("text: Words 2", "media: [{file: none.png}]"),
        ("accounts: [x, facebook]", "accounts: [x]"),
        ("accounts: [x, facebook]", "acounts: [x, facebook]"),
    ],
)
def test_what_is_wrong_with_it_is_found_and_goes_again(tmp_path: Path, was: str, now: str) -> None:
    old = calendar(tmp_path, POSTS)
    new = with_posts(old, POSTS.replace(was, now))
    with_posts(with_posts(new, POSTS.replace("Words 3", "Other words").replace(was, now)), POSTS)


def test_what_is_wrong_for_several_posts_stays_when_the_first_of_them_changes(tmp_path: Path) -> None:
    """The accounts of a file are checked once for all its posts."""
    posts = POSTS.replace("[x, facebook]", "[facebook, {account: x, board: Ideas}]")
    posts = posts.replace("  text: Words 1\n", "  text: Words 1\n  accounts: [facebook, x]\n")
    old = calendar(tmp_path, posts.replace("  accounts: [facebook, x]\n", "  labels: [a]\n"))
    wrong = [each for each in judged(old) if each.severity == "error"]
    assert len(wrong) == 1
    new = with_posts(old, posts)
    assert [each for each in judged(new) if each.severity == "error"] == wrong


def test_what_was_read_beside_the_calendar_is_not_taken_for_its_own(tmp_path: Path) -> None:
    """What stands above the posts is as it was only in what was read of the calendar's own file."""
    old = calendar(tmp_path, POSTS)
    other = whole(POSTS.replace("accounts:", "acounts:"))
    edited = read_again(other, other.raw.replace(b"Words 2", b"Words"))
    assert edited is not None
    new = old.with_files({"posts.yaml": edited.raw}, {"posts.yaml": edited})
    assert "key.unknown" in [each.code for each in new.problems]


def test_a_use_follows_its_stored_post(tmp_path: Path) -> None:
    posts = (
        "accounts: x\nposts:\n- id: tip\n  evergreen: {every: 8w}\n  text: Words 1\n"
        "- use: tip\n  at: 2027-03-02 09:00\n- id: other\n  at: 2027-03-03 09:00\n  text: Words 2\n"
    )
    old = calendar(tmp_path, posts)
    new = with_posts(old, posts.replace("Words 1", "Words 3"))
    assert [post.text for post in new.desired.posts] == ["Words 3", "Words 2"]


def test_dates_and_pictures_of_posts_that_changed_are_no_longer_used(tmp_path: Path) -> None:
    (tmp_path / "media").mkdir()
    for name in ("a.png", "b.png"):
        (tmp_path / "media" / name).write_bytes(b"\x89PNG")
    posts = POSTS.replace("text: Words 2", "media: [{file: media/a.png}]").replace(
        "text: Words 3", "media: [{file: media/b.png}]"
    )
    old = calendar(tmp_path, posts)
    new = with_posts(old, posts.replace("media: [{file: media/a.png}]", "text: Words, again"))
    assert [sorted(spread.media) for spread in new.spreads] == [[], [], ["media/b.png"], []]


def test_the_pattern_of_anchors() -> None:
    assert [bool(again._ANCHOR.search(text)) for text in ("a: &b c", "Q&A", "Q & A", "[&a b]")] == [
        True,
        False,
        False,
        True,
    ]
