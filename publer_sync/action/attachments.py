"""Downloads the pictures of a request: only uploads to GitHub, and only what is a picture, video or document inside."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Final

from publer_sync.action.github import GitHubError, TooLargeError
from publer_sync.drafting.form import MOST, PICTURES, FormError
from publer_sync.networks.media import BadMedia, inspect, suffix_of
from publer_sync.render.layout.wording import sentence
from publer_sync.values.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from publer_sync.action.github import GitHub

LARGEST: Final = 95 * 1024 * 1024
"""Bytes of one file: git hosts take up to 100 MB (GitHub docs, "About large files on GitHub")."""
_ID: Final = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_PATH: Final = re.compile(
    rf"/user-attachments/(?:assets/(?P<id>{_ID})|files/[0-9]+/(?P<name>[\w.%-]+))", re.ASCII
)
_SHOWN: Final = re.compile(rf'src="(?P<url>[^"<>\s]+?(?P<id>{_ID})[^"<>\s]*)"', re.ASCII)
SIGNED: Final = "https://private-user-images.githubusercontent.com/"
"""Where GitHub shows attachments from, to whoever has the signed address that is in the issue's HTML for some minutes."""
_AGAIN: Final = "Edit the issue, and drop the picture into the field again."


def fetched(github: GitHub, number: int, urls: Sequence[str], server: str, folder: Path) -> list[Path]:
    """The files, in the order of their addresses. Raises FormError where the request has to change, else GitHubError."""
    if len(urls) > MOST:
        raise FormError(
            PICTURES, f"this request has {len(urls)} pictures; the most is {MOST}", "Remove some of them."
        )
    found = [_parts(url, server) for url in urls]
    signed = _signed(github.rendered(number)) if urls else {}
    return [
        _fetch(github, signed.get(each["id"] or "", url), (each["name"] or ""), place, server, folder)
        for place, (url, each) in enumerate(zip(urls, found, strict=True), 1)
    ]


def _parts(url: str, server: str) -> re.Match[str]:
    found = _PATH.fullmatch(url.removeprefix(server))
    if found is None:
        fix = "Save it, and drop the picture itself into the field: only what is uploaded here is taken."
        raise FormError(PICTURES, f"{one_line(url)[:200]} is on another website", fix)
    return found


def _signed(html: str) -> dict[str, str]:
    """The addresses from which GitHub shows attachments, by their ids. An issue may name others with the same id."""
    found = [(each["id"], unescape(each["url"])) for each in _SHOWN.finditer(html)]
    return {name: url for name, url in found if url.startswith(SIGNED)}


def _fetch(github: GitHub, url: str, name: str, place: int, server: str, folder: Path) -> Path:
    try:
        data = github.attachment(url, server, LARGEST)
    except TooLargeError:
        message = f"picture {place} is larger than {LARGEST // 2**20} MB"
        raise FormError(PICTURES, message, "Make it smaller, and drop it into the field again.") from None
    except GitHubError as error:
        if error.unanswered:
            raise
        raise FormError(PICTURES, f"picture {place} cannot be read: {error.message}", _AGAIN) from None
    ending = re.search(r"\.[a-z0-9]{1,5}$", name.lower())
    path = folder / f"picture-{place}{suffix_of(data[:64], ending[0] if ending else '')}"
    path.write_bytes(data)
    try:
        inspect(path)
    except BadMedia as bad:
        raise FormError(PICTURES, bad.message, sentence(bad.help.say)) from None
    return path
