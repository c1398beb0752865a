"""Fixes that are applied leave fewer problems and the same words; one that would not is refused."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from publer_sync.calendar.document import SitePage
from publer_sync.calendar.load import read
from publer_sync.editing.fixing import Fixed, _by_file, _offers, fix
from publer_sync.values.problems import Fix, Location, Problem, errors_in
from tests.calendar.calendars import INVALID, SETTINGS, VALID, case_top, judged, top_without_posts, write
from tests.calendar.test_fixes import MANY, MISTAKES, Read, disturbed, intended, letters
from tests.conftest import EVERY

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.calendar.load import Calendar

SLIP = "posts:\n- at: 2027-03-01 09:00\n  acounts: x\n  text: Hello there\n"


@pytest.fixture
def top(tmp_path: Path) -> Path:
    folder = tmp_path / "social"
    folder.mkdir()
    write(folder, publer=SETTINGS)
    return folder


def fixed(calendar: Calendar) -> Fixed:
    return fix(calendar, judged)


def unfixed(calendar: Calendar) -> Fixed:
    return Fixed(calendar, judged(calendar))


def fixed_file(top: Path, name: str, *, of: str | None = None) -> tuple[Fixed, Read, Read]:
    """A file's fixes, and the file before and after; `of` is the text it has first."""
    text = (top / name).read_text(encoding="utf-8") if of is None else of
    before, problems = Read(top, name, text), judged(read(top))
    found = fixed(read(top))
    after = Read(top, name, found.files.get(name, text.encode()).decode())
    assert {*found.files} == ({name} if found.fixes else set())
    assert found.problems == judged(read(top))
    assert not found.fixes or not found.errors or len(found.errors) < len(errors_in(problems))
    assert not letters(before) - letters(after)
    assert not [word for word in letters(after) if word not in text]
    return found, before, after


@pytest.mark.parametrize("case", [*INVALID, *VALID], ids=lambda path: path.stem)
def test_a_case_is_valid_then_or_has_fewer_problems(tmp_path: Path, case: Path) -> None:
    found, before, after = fixed_file(case_top(tmp_path, case), case.name)
    assert [
        each.fix for each in found.errors if each.fix
    ] == [] or case.stem == "keys"  # hides other problems
    if not before.problems:
        assert after.posts == before.posts


@pytest.mark.slow
def test_many_mistakes_are_fixed_to_what_was_meant(tmp_path: Path) -> None:
    top = top_without_posts(tmp_path)
    write(top, publer=(top / "publer.yaml").read_text().replace("facebook:", "facebook: twitter/Page #"))
    rng, makers, restored = random.Random(11), list(MISTAKES.items()), 0
    for number in range(MANY):
        name, make = makers[number % len(makers)]
        meant, written = make(rng)
        right = Read(top, "a.yaml", intended(meant, written))
        found, _, after = fixed_file(top, "a.yaml", of=written)
        if found.fixes and not found.errors:
            restored += 1
            assert after.posts == right.posts, name
            assert after.accounts == right.accounts, name
    assert restored > MANY // 2


@pytest.mark.slow
def test_a_disturbed_file_never_gets_worse(tmp_path: Path) -> None:
    top = top_without_posts(tmp_path)
    rng = random.Random(7)
    for _ in range(200 if EVERY else 50):
        fixed_file(top, "a.yaml", of=disturbed(rng))


@pytest.mark.slow
def test_many_mistakes_in_several_files_take_a_few_readings(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = mock.Mock(side_effect=read)
    monkeypatch.setattr("publer_sync.editing.fixing.read", reader)
    slip = "- at: {day} 09:00\n  acounts: x\n  text: Now #lamps\n"
    for month in range(1, 6):
        days = "".join(slip.format(day=f"2027-{month:02}-{day:02}") for day in range(1, 21))
        write(top, **{f"m{month}": f"posts:\n{days}"})
    found = fixed(read(top))
    assert (len(found.fixes), len(found.files), found.errors, reader.call_count) == (200, 5, [], 1)


@pytest.mark.parametrize(
    "lie",
    [
        Fix(3, 4, "  accounts: x\n  text: Hello you"),
        Fix(3, 4, "  accounts: x\n  text: Hello"),
        Fix(3, 4, "  accounts: x\n  text: Hello there there"),
        Fix(3, 3, "  accounts: y\n  typo: x"),
    ],
    ids=["another word", "a word less", "a word more", "more problems"],
)
def test_a_fix_that_does_not_help_is_refused(top: Path, lie: Fix) -> None:
    write(top, posts=SLIP)
    calendar = read(top)
    problems = tuple(replace(each, fix=lie) if each.fix else each for each in calendar.problems)
    assert fixed(calendar).fixes != ()
    left = fixed(replace(calendar, problems=problems))
    assert (left, left.shared) == (unfixed(replace(calendar, problems=problems)), [])


@pytest.mark.parametrize(("note", "published"), [("# ask legal", False), ("#lamps", True)])
def test_a_fix_that_would_publish_a_comment_is_refused(top: Path, note: str, *, published: bool) -> None:
    """The words of a hashtag may be new in a text, those of a note to the team never."""
    write(top, posts=SLIP.replace("there", f"there {note}"))
    calendar = read(top)
    lie = Fix(3, 4, f"  accounts: x\n  text: |\n    Hello there {note}")
    problems = tuple(
        replace(each, fix=lie) if each.code == "key.unknown" else each for each in calendar.problems
    )
    found = fixed(replace(calendar, problems=problems))
    assert (lie in [each.fix for each in found.fixes]) is published


def test_an_error_without_a_reason_in_the_table_is_not_fixed(top: Path) -> None:
    write(top, posts=SLIP)
    calendar = read(top)
    problems = tuple(replace(each, code="key.place") for each in calendar.problems)
    assert fixed(replace(calendar, problems=problems)).fixes == ()


def test_one_bad_fix_does_not_keep_the_others_from_being_made(top: Path) -> None:
    post = SLIP.removeprefix("posts:\n")
    write(top, posts="posts:\n" + "".join(post.replace("09:00", f"{hour}:00") for hour in range(10, 15)))
    calendar = read(top)
    slips = [each for each in calendar.problems if each.fix]
    lies = {slips[2]: Fix(9, 10, "  accounts: x\n  text: Hello")}
    problems = tuple(replace(each, fix=lies.get(each, each.fix)) for each in calendar.problems)
    found = fixed(replace(calendar, problems=problems))
    assert found.errors == []  # read again, the third is offered as it should be
    assert found.files["posts.yaml"].decode().count("text: Hello there") == 5


@pytest.mark.parametrize(
    ("lie", "other"),
    [
        ("  accounts: y", SLIP.replace("09:00", "10:00")),  # its own file has as many problems as before
        ("  accounts: x\n  id: b", f"{SLIP}  id: b\n".replace("acounts", "accounts").replace("01", "02")),
    ],
    ids=["one is fixed in another file", "one is made in another file"],
)
def test_no_file_pays_for_another(top: Path, lie: str, other: str) -> None:
    write(top, a=SLIP, b=other)
    calendar = read(top)
    problems = tuple(
        replace(each, fix=Fix(3, 3, lie)) if each.location and each.location.file == "a.yaml" else each
        for each in calendar.problems
    )
    found = fixed(replace(calendar, problems=problems))
    assert lie not in found.files.get("a.yaml", b"").decode()


def test_a_warning_is_left_to_people(top: Path) -> None:
    write(top, posts=SLIP)
    calendar = read(top)
    warnings = tuple(replace(each, severity="warning") for each in calendar.problems if each.fix)
    assert warnings
    calendar = replace(calendar, problems=warnings)
    assert fixed(calendar) == unfixed(calendar)


def test_bytes_that_a_fix_is_not_about_stay(top: Path) -> None:
    raw = b"\xef\xbb\xbf" + SLIP.replace("\n", "\r\n").replace("there", "there  \u00e9").encode()
    (top / "posts.yaml").write_bytes(raw)
    assert fixed(read(top)).files == {"posts.yaml": raw.replace(b"acounts", b"accounts")}


@pytest.mark.parametrize(
    "raw",
    [
        SLIP.replace("there", "th\u00e9re").encode("latin-1"),
        SLIP.encode("utf-16"),
        SLIP.encode("utf-16-le"),
        SLIP.replace("acounts", "acounts\u200f\x85").encode(),
    ],
    ids=["latin-1", "utf-16", "utf-16 without its mark", "an odd character in the line"],
)
def test_lines_that_are_not_read_as_they_are_written_are_left(top: Path, raw: bytes) -> None:
    (top / "posts.yaml").write_bytes(raw)
    assert fixed(read(top)).files == {}


def test_settings_outside_of_the_calendar_are_left_and_named(top: Path) -> None:
    (top.parent / "agency.yaml").write_text("limts: {delete: 3}\n", encoding="utf-8")
    write(top, publer=f"{SETTINGS}extends: ../agency.yaml\n", posts=SLIP)
    found = fixed(read(top))
    assert ({*found.files}, found.shared) == ({"posts.yaml"}, ["../agency.yaml"])
    without = tuple(replace(each, fix=None) for each in found.problems)
    assert replace(found, problems=without).shared == []
    (top.parent / "agency.yaml").write_text("defaults:\n  labels: [a, b\n", encoding="utf-8")
    found = fixed(read(top))
    assert ({*found.files}, found.shared) == ({"posts.yaml"}, ["../agency.yaml"])


def test_a_fix_that_brings_a_warning_to_light_is_applied_beside_other_errors(top: Path) -> None:
    """A post that could not be read had it all the time."""
    lost = "  title: Rye\n  text: Fresh rye #bakery\n"
    write(
        top, a=f"posts:\n- at: 2027-03-01 09:00\n  accounts: x\n{lost}- at: soon\n  accounts: x\n  text: Hi\n"
    )
    found = fixed(read(top))
    assert [each.code for each in found.fixes] == ["yaml.hash"]
    assert {each.code for each in found.problems} == {"title.network", "time.form"}


def test_a_page_of_a_website_is_never_fixed(top: Path) -> None:
    """It belongs to the website."""
    write(top, posts=SLIP)
    calendar = read(top)
    page = SitePage(slug="about")
    documents = [
        replace(each, page=page if each.file == "posts.yaml" else None) for each in calendar.documents
    ]
    assert [*_offers(unfixed(calendar))]
    assert not [*_offers(Fixed(replace(calendar, documents=tuple(documents)), judged(calendar)))]


def test_a_problem_without_a_place_counts_too() -> None:
    at = Problem("error", "text.length", "too long", Location("a.yaml", 3))
    assert _by_file([at, at, Problem("error", "accounts.none", "none")]) == {"a.yaml": 2, "": 1}
