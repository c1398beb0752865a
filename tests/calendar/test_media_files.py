"""The media that posts name: found, known by their bytes, never outside the calendar, and named where they are meant."""

from __future__ import annotations

import hashlib
import unicodedata
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.calendar.load import read
from publer_sync.content import Medium
from publer_sync.model import Account
from publer_sync.problems import Help
from tests.calendar.calendars import POST, both, codes, write

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.problems import Problem


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
    ("written", "near"),
    [
        ("media/lmap.png", "media/lamp.png"),
        ("media/LAMP.PNG", "media/lamp.png"),
        ("media/lamp.jpg", "media/lamp.png"),
        ("meda/lamp.png", "media/lamp.png"),
        ("media\\lamp.png", "media/lamp.png"),
        ("C:\\Users\\me\\lamp.png", "media/lamp.png"),
        ("/lamp.png", "/media/lamp.png"),
        ("media/day #1.jpeg", '"media/day #1.jpg"'),
        ("media/nope.png", None),
        ("media/shelf-2.png", None),
        ("media/logo-dart.png", None),
        ("media/twin.jpg", None),
        ("other/day #1.jpg", '"media/day #1.jpg"'),
    ],
)
def test_a_missing_file_names_the_only_one_it_can_be(top: Path, written: str, near: str | None) -> None:
    quoted = f"'{written}'" if "#" in written else written
    problem = media_problem(
        top, quoted, "media/lamp.png", "media/shelf-1.png", "media/day #1.jpg", *MORE_FILES
    )
    assert problem.code == "media.missing"
    assert (problem.fix and problem.fix.text) == (f"  - file: {near}" if near else None)
    assert isinstance(problem.help, Help)
    assert problem.help.paste == (f"file: {near}" if near else "")


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
