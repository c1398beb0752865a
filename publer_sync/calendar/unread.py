"""Warns of files in a calendar's folder that are not read, and look like posts by their names or by what is in them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from publer_sync.calendar.folder import is_another, is_read, linked_folders
from publer_sync.networks.kinds import kind_of
from publer_sync.starting.late_patterns import late_pattern
from publer_sync.values.problems import Help, Location, Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

_LIKE_POSTS: Final = late_pattern(
    r"\.(?:ya?ml|md)[\W_].*\Z|\.ya?ml\d+\Z|\.(?:markdown|mdx|docx?|odt|rtf|pages)\Z", re.IGNORECASE
)
"""A name such as march.yaml.txt, march.yml.bak or march.md~, or of a word processor's file."""
_MOVE: Final = "Write its posts in such a file, and move it out of the calendar"
_INSIDE: Final = "Move its files into the calendar, or remove the link"
_MOST_BYTES: Final = 1 << 16
"""How much of a file is looked at."""
_POSTS: Final = late_pattern(
    r"^posts:[ \t]*(?:#.*)?\n(?:[ \t]*(?:#.*)?\n)*[ \t]*-[ \t]+[a-z_]+:", re.MULTILINE
)
_ITEM: Final = late_pattern(r"(?:\s*(?:#.*)?\n)*-[ \t]+(?:at|accounts|id|text):[ \t]")
_FRONT_MATTER: Final = late_pattern(r"\s*---[ \t]*\n(?:(?!---).*\n)*?at:[ \t]")


def warn_of_unread(top: Path, names: Collection[str], media: Collection[str]) -> Iterator[Problem]:
    """`names` are the files of the folder `top`, `media` those that posts use."""
    for link in linked_folders(top):
        message = f"{link} is a link to a folder, and nothing in it is read: its posts are not sent"
        yield Problem("warning", "file.unread", message, Location(link, 1), Help(_INSIDE))
    for file in sorted(names):
        folder, _, name = file.rpartition("/")
        if is_another(file):
            message = f"{folder}/ is a calendar of its own, and none of its posts belong to this one"
            say = f"Move {name} out of {folder}/ if its posts belong here"
            yield Problem("warning", "calendar.nested", message, Location(file, 1), Help(say))
        elif is_read(file) or file in media:
            continue
        elif _LIKE_POSTS.search(name):
            right = re.sub(r"(\.(?:ya?ml|md))\b.*", r"\1", name, flags=re.IGNORECASE)
            yield _not_read(file, right if right != name else "", names)
        elif kind_of(name) is None and (extension := _extension_inside(top / file)):
            yield _not_read(file, f"{name.partition('.')[0]}{extension}", names)


def _not_read(file: str, right: str, names: Collection[str]) -> Problem:
    """`right` is the name that would make it a file of posts; "" if it takes more than another name."""
    folder, slash, name = file.rpartition("/")
    say, message = _MOVE, f"{name} is not read: posts are in .yaml, .yml and .md files"
    if name.lower() == "readme.md":
        message, right = f"{name} is not read: it is for people", "post.md"
    if right:
        taken = f"{folder}{slash}{right}" in names
        say = f"Rename it to {right}, or move it out of the calendar"
        say = f"Move its posts into {right}, or rename it" if taken else say
    return Problem("warning", "file.unread", message, Location(file, 1), Help(say))


def _extension_inside(path: Path) -> str:
    """The extension of a file that holds what this one holds; "" if it seems to hold no posts."""
    try:
        with path.open("rb") as stream:
            raw = stream.read(_MOST_BYTES)
    except OSError:
        return ""
    text = raw.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
    if "\0" in text:
        return ""
    if _FRONT_MATTER.match(text):
        return ".md"
    if path.name.lower() == "readme.md" or "```" in text:
        return ""  # what looks like posts there may be an example
    return ".yaml" if _POSTS.search(text) or _ITEM.match(text) else ""
