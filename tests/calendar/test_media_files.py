"""The media that posts name: found, known by their bytes, never outside the calendar, and named where they are meant."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.calendar.load import read
from publer_sync.calendar.media_files import MediaFiles
from publer_sync.calendar.yaml.nodes import Mark
from publer_sync.values.content import Medium
from publer_sync.values.model import Account
from publer_sync.values.problems import Help, Problem
from tests.calendar.calendars import POST, SETTINGS, both, codes, write

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_is_known_by_its_bytes_and_found_from_its_own_folder_or_the_top(top: Path) -> None:
    (top / "media").mkdir()
    (top / "sub").mkdir()
    (top / "media" / "a.png").write_bytes(b"picture")
    (top / "sub" / "b.png").write_bytes(b"picture")
    text = "posts:\n- at: 2027-03-01 09:00\n  accounts: x\n  media: [{file: /media/a.png}, {file: b.png}]\n"
    (top / "sub" / "a.yaml").write_text(text, encoding="utf-8")
    post = read(top).bind({"x": Account("1", "Me", "twitter", "x")}).posts[0]
    digest = "sha256:" + hashlib.sha256(b"picture").hexdigest()
    assert post.content.media == (Medium(digest), Medium(digest))
    assert [(source.digest, source.path) for source in post.media] == [(digest, top / "media" / "a.png")]


def test_checking_a_calendar_reads_no_media(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (top / "a.png").write_bytes(b"picture")
    write(top, a=POST + "  media: [{file: a.png}]\n")
    monkeypatch.setattr(hashlib, "file_digest", lambda *_: pytest.fail("read"))
    assert codes(top) == []


def test_a_file_that_will_be_copied_into_the_calendar_is_read_where_it_is(top: Path) -> None:
    (top.parent / "a.png").write_bytes(b"picture")
    write(top, a=POST + "  media: [{file: new/a.png}]\n")
    calendar = read(top)
    assert [problem.code for problem in calendar.desired.problems] == ["media.missing"]
    after = replace(calendar, fetched={"new/a.png": top.parent / "a.png"})
    assert after.desired.problems == ()
    (post,) = after.bind({"x": Account("1", "Me", "twitter", "x")}).posts
    assert [source.path for source in post.media] == [top.parent / "a.png"]
    for other in ("b.txt", "b.yaml"):
        assert after.with_files({other: b""}).desired.problems == ()


def test_a_link_that_leads_out_of_the_calendar_is_refused(top: Path) -> None:
    """A picture or a file of posts behind it could be anything on the machine."""
    (top.parent / "secret.png").write_bytes(b"x")
    (top.parent / "secret.yaml").write_text("password: hunter2\n", encoding="utf-8")
    (top / "a.png").symlink_to(top.parent / "secret.png")
    (top / "b.yaml").symlink_to(top.parent / "secret.yaml")
    write(top, a=POST + "  media: [{file: a.png}]\n")
    _, _, problems = both(top)
    assert [problem.code for problem in problems] == ["media.outside", "file.outside"]
    assert "hunter2" not in repr(problems)


def media_problem(top: Path, written: str, *files: str) -> Problem:
    """The problem of a post whose media is `written`, beside these files."""
    for name in files:
        (top / name).parent.mkdir(exist_ok=True)
        (top / name).write_bytes(b"picture")
    write(top, a=POST + f"  media:\n  - file: {written}\n")
    (problem,) = both(top)[2]
    return problem


MORE_FILES = ("media/logo-dark.png", "media/twin.png", "media/twin.gif")


@pytest.mark.parametrize(
    ("written", "near", "certain"),
    [
        ("media/LAMP.PNG", "media/lamp.png", True),
        ("media\\lamp.png", "media/lamp.png", True),
        ("Media\\day #1.JPG", '"media/day #1.jpg"', True),
        ("media/lmap.png", "media/lamp.png", False),
        ("media/lamp.jpg", "media/lamp.png", False),
        ("meda/lamp.png", "media/lamp.png", False),
        ("C:\\Users\\me\\lamp.png", "media/lamp.png", False),
        ("/lamp.png", "/media/lamp.png", False),
        ("media/day #1.jpeg", '"media/day #1.jpg"', False),
        ("other/day #1.jpg", '"media/day #1.jpg"', False),
        ("media/nope.png", None, False),
        ("media/shelf-2.png", None, False),
        ("media/logo-dart.png", None, False),
        ("media/twin.jpg", None, False),
    ],
)
def test_a_missing_file_names_the_only_one_it_may_be_and_takes_only_the_same(
    top: Path, written: str, near: str | None, *, certain: bool
) -> None:
    """A picture of the same name in another folder is another picture: only case and slashes are a typo."""
    quoted = f"'{written}'" if "#" in written else written
    problem = media_problem(
        top, quoted, "media/lamp.png", "media/shelf-1.png", "media/day #1.jpg", *MORE_FILES
    )
    assert problem.code == "media.missing"
    assert (problem.fix and problem.fix.text) == (f"  - file: {near}" if certain else None)
    assert isinstance(problem.help, Help)
    assert problem.help.paste == (f"file: {near}" if near else "")


@pytest.mark.parametrize(
    "written", ["C:\\\\Users\\\\Ann\\\\Sun set.png", "~/Pictures/Sun set.png", "img\\\\Sun set.png"]
)
def test_a_path_of_ones_own_machine_is_to_be_copied(top: Path, written: str) -> None:
    problem = media_problem(top, f'"{written}"')
    assert problem.code == "media.missing"
    assert problem.help == Help(
        "Copy the file into the calendar, and name it from there", example="file: media/Sun set.png"
    )


def test_signs_that_nobody_sees_are_told_as_such(top: Path) -> None:
    problem = media_problem(top, '"lamp\\x07.png"')
    assert problem.message == "no file lamp\ufffd.png"


def test_after_a_folder_was_renamed_only_the_first_files_are_looked_for_elsewhere(top: Path) -> None:
    (top / "new").mkdir()
    for number in range(53):
        (top / "new" / f"{number:02}.png").write_bytes(b"picture")
    write(top, a=f"{POST}  media: [{', '.join(f'{{file: old/{number:02}.png}}' for number in range(53))}]\n")
    found = [problem.message for problem in both(top)[2] if problem.code == "media.missing"]
    assert (len(found), sum("; there is new/" in each for each in found)) == (53, 50)


def test_a_name_with_a_sign_that_no_file_can_have_is_told(top: Path) -> None:
    write(top, a=f'{POST}  media: [{{file: "a\\0b.png"}}]\n')
    assert codes(top) == ["media.outside"]


def test_a_hash_in_the_name_of_a_file_is_no_comment(top: Path) -> None:
    problem = media_problem(top, "lamp #1.png", "lamp #1.png", "lamp.png")
    assert problem.code == "yaml.hash"
    assert problem.fix is not None
    assert problem.fix.text == '  - file: "lamp #1.png"'


def test_a_comment_after_the_name_of_a_file_stays_a_comment(top: Path) -> None:
    (top / "lamp.png").write_bytes(b"picture")
    write(top, a=POST + "  media: \n  - file: lamp.png #see lamp.jpg\n")
    assert codes(top) == []
    assert media_problem(top, "lapm.png # see lamp.jpg").code == "media.missing"


def test_a_file_is_told_as_missing_where_the_lines_that_name_it_are_not_known(top: Path) -> None:
    found = MediaFiles(top).source("lamp", Mark("a.yaml", 3, 9, 3, 13, 3, 3), "a.yaml", ())
    assert isinstance(found, Problem)
    assert found.code == "media.missing"


def test_a_broken_link_is_called_one(top: Path) -> None:
    (top / "lamp.png").symlink_to(top / "gone.png")
    assert media_problem(top, "lamp.png").message == "lamp.png is a link to a file that is not there"
    assert media_problem(top, "lapm.png").message == "no file lapm.png"


@pytest.mark.parametrize("forms", [("NFC", "NFD"), ("NFD", "NFC")])
def test_a_file_is_found_however_its_umlauts_are_spelt(top: Path, forms: tuple[Any, Any]) -> None:
    name = "Lampe größe.png"
    (top / unicodedata.normalize(forms[0], name)).write_bytes(b"picture")
    write(top, a=POST + f"  media:\n  - file: {unicodedata.normalize(forms[1], name)}\n")
    _, desired, problems = both(top)
    assert problems == []
    (source,) = desired.posts[0].media
    assert source.path is not None
    assert source.path.read_bytes() == b"picture"


# --- shared folders -------------------------------------------------------------------------------------------------


@pytest.fixture
def shared(top: Path) -> Path:
    """A folder beside the calendar, which media may come from."""
    folder = top.parent / "shared"
    (folder / "deep").mkdir(parents=True)
    (folder / "logo.png").write_bytes(b"logo")
    (folder / "deep" / "lamp.png").write_bytes(b"lamp")
    write(top, publer=f"{SETTINGS}media: [../shared]\n")
    return folder


@pytest.mark.parametrize(
    ("folder", "written", "file"),
    [
        ("", "logo.png", "logo.png"),
        ("sub/", "logo.png", "logo.png"),
        ("sub/", "deep/lamp.png", "deep/lamp.png"),
        ("sub/", "../../shared/logo.png", "logo.png"),
    ],
)
def test_a_name_is_looked_up_in_the_shared_folders_too(
    top: Path, shared: Path, folder: str, written: str, file: str
) -> None:
    (top / folder).mkdir(exist_ok=True)
    write(top / folder, a=f"{POST}  media: [{{file: {written}}}]\n")
    calendar = read(top)
    assert calendar.problems == calendar.desired.problems == ()
    (post,) = calendar.bind({"x": Account("1", "Me", "twitter", "x")}).posts
    (source,) = post.media
    assert source.path is not None
    assert source.path.resolve() == shared / file
    assert source.digest == f"sha256:{hashlib.sha256((shared / file).read_bytes()).hexdigest()}"


def test_a_name_in_two_places_is_an_error_until_its_path_is_written(top: Path, shared: Path) -> None:
    (top / "logo.png").write_bytes(b"another")
    write(top, a=POST + "  media: [{file: logo.png}]\n")
    _, _, (problem,) = both(top)
    assert (problem.code, str(problem.location)) == ("media.twice", "a.yaml:4")
    assert problem.message == "logo.png is in more than one place: logo.png and ../shared/logo.png"
    assert str(problem.help) == "Write the path of the one you mean: ./logo.png or ../shared/logo.png"
    (top / "sub").mkdir()
    (top / "sub" / "logo.png").write_bytes(b"another")
    (top / "a.yaml").rename(top / "sub" / "a.yaml")
    _, _, (problem,) = both(top)
    assert str(problem.help) == "Write the path of the one you mean: ./logo.png or ../../shared/logo.png"
    (top / "sub" / "a.yaml").unlink()
    for written in ("./logo.png", "/logo.png", "../shared/logo.png"):
        write(top, a=f"{POST}  media: [{{file: {written}}}]\n")
        assert codes(top) == []
    (top / "logo.png").unlink()
    (top / "logo.png").symlink_to(shared / "logo.png")
    write(top, a=POST + "  media: [{file: logo.png}]\n")
    assert codes(top) == [], "both are one file"


def test_beside_the_shared_folders_nothing_outside_is_used(top: Path, shared: Path) -> None:
    (top.parent / "secret.png").write_bytes(b"x")
    (shared / "link.png").symlink_to(top.parent / "secret.png")
    (shared / ".git").mkdir()
    (shared / ".git" / "config").write_bytes(b"x")
    for written in (
        "../secret.png",
        "../shared/../secret.png",
        "link.png",
        "../shared/link.png",
        ".git/config",
    ):
        write(top, a=f"{POST}  media: [{{file: {written}}}]\n")
        _, _, (problem,) = both(top)
        assert problem.code in ("media.outside", "media.missing"), written


def test_a_file_that_is_in_no_folder_is_named_where_it_is_looked_for(top: Path, shared: Path) -> None:
    found = media_problem(top, "nothing.png")
    assert found.message == "no file nothing.png here, nor in ../shared"
    found = media_problem(top, "Logo.png")
    assert str(found.help).endswith("file: ../shared/logo.png")
    assert shared.is_dir()
