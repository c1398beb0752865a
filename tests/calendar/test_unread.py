"""Files that are not read though they look like posts: by their names, and by what is in them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from publer_sync.calendar.load import read
from tests.calendar.calendars import POST, judged, write

if TYPE_CHECKING:
    from tests.conftest import Cli

WORDS = f"{POST}  text: |\n    Words\n"
FRONT = "---\nat: 2027-03-02 09:00\naccounts: x\n---\n\nWords\n"


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("march.yaml.txt", "march.yaml"), ("z/march.yml.bak", "march.yml"), ("march.md~", "march.md"),
        ("march.yaml (1)", "march.yaml"), ("march.YAML.orig", "march.YAML"), ("march.docx", None),
        ("march.markdown", None), ("march.yaml.d/notes.txt", ""), ("notes.txt", ""), (".march.yaml.swp", ""),
        ("photo.yamlike.png", ""),
    ],
)  # fmt: skip
def test_a_file_that_looks_like_posts_and_is_not_read_is_a_warning(
    cli: Cli, tmp_path: Path, name: str, right: str | None
) -> None:
    top = tmp_path / "calendar"
    (top / name).parent.mkdir(parents=True)
    (top / "publer.yaml").write_text("timezone: UTC\n", encoding="utf-8")
    (top / name).write_text("words", encoding="utf-8")
    ran = cli("validate", "--format", "concise")
    say = f"rename it to {right}" if right else "write its posts in such a file"
    warning = (
        f"calendar/{name}:1:1: warning: {Path(name).name} is not read: posts are in .yaml, .yml and .md files; "
        f"{say}, or move"
        if right
        else ""
    )
    assert ran.code == 0
    assert ("file.unread" in ran.stdout, warning in ran.stdout) == (right != "", True)


def test_a_document_that_a_post_shows_is_no_post(top: Path) -> None:
    for name in ("shown.docx", "other.docx"):
        (top / name).write_bytes(b"PK")
    write(
        top,
        a=f"{POST}  text: Words\n  media: [file: shown.docx]\n".replace(
            "[file: shown.docx]", "[{file: shown.docx}]"
        ),
    )
    assert [
        each.location.file for each in judged(read(top)) if each.code == "file.unread" and each.location
    ] == ["other.docx"]


def told(top: Path, name: str, text: str) -> list[str]:
    (top / name).write_text(text, encoding="utf-8")
    found = [each for each in judged(read(top)) if each.code == "file.unread"]
    assert all(each.severity == "warning" and each.location and each.location.file == name for each in found)
    return [str(each.help) for each in found]


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("march", "march.yaml"), ("march.txt", "march.yaml"), ("march.ymal", "march.yaml"), ("march.yaml,", "march.yaml"),
        ("march.text", "march.yaml"), ("march.yaml2.old", "march.yaml"), ("march.conf", "march.yaml"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "text",
    [
        WORDS,
        f"# March\n\naccounts: x\n{WORDS}",
        WORDS.replace("posts:\n", "posts: # all of March\n\n  # first\n"),
        WORDS.removeprefix("posts:\n"),
        WORDS.replace("\n", "\r\n"),
        "\ufeff" + WORDS,
    ],
    ids=["posts", "with a head", "with comments", "only the list", "CRLF", "with a mark"],
)
def test_posts_in_a_file_of_another_name_are_found(top: Path, name: str, right: str, text: str) -> None:
    assert told(top, name, text) == [f"Rename it to {right}, or move it out of the calendar"]


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("launch.txt", "launch.md"),
        ("launch", "launch.md"),
        ("README.md", "post.md"),
        ("readme.md", "post.md"),
    ],
)
def test_so_is_a_post_with_front_matter(top: Path, name: str, right: str) -> None:
    assert told(top, name, FRONT) == [f"Rename it to {right}, or move it out of the calendar"]


def test_a_name_that_is_taken_is_not_offered(top: Path) -> None:
    write(top, march=WORDS)
    assert told(top, "march.txt", WORDS) == ["Move its posts into march.yaml, or rename it"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("notes.txt", "Ideas for posts:\n- a lamp\n- the street\n"),
        ("notes.txt", "posts:\nfour in March\n"),
        ("notes", "text: with a colon\n"),
        ("README.md", f"# How we write\n\n```yaml\n{WORDS}```\n"),
        ("README.md", f"posts:\n{WORDS}"),
        ("how.txt", f"Write it like this:\n\n```\n{WORDS}```\n"),
        ("a.png", WORDS),
        ("data.bin", f"\0{WORDS}"),
        (".march", WORDS),
        ("empty", ""),
        ("page.html", "---\ntitle: A page\n---\n"),
    ],
)
def test_other_files_are_left_alone(top: Path, name: str, text: str) -> None:
    assert told(top, name, text) == []


def test_a_link_to_a_folder_with_posts_is_a_warning_and_one_to_pictures_is_none(tmp_path: Path) -> None:
    top, shared, pictures = tmp_path / "calendar", tmp_path / "shared", tmp_path / "pictures"
    for folder in (top, shared, pictures):
        folder.mkdir()
    write(top, march=WORDS)
    write(shared, april=WORDS)
    (pictures / "lamp.png").write_bytes(b"")
    (top / "campaign").symlink_to(shared, target_is_directory=True)
    (top / "media").symlink_to(pictures, target_is_directory=True)
    found = [each for each in judged(read(top)) if each.code == "file.unread"]
    assert [each.location.file for each in found if each.location] == ["campaign"]
    assert "nothing in it is read" in found[0].message
