"""Where a calendar's lines are on the web, if it is certain which service hosts its repository."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from publer_sync.ledger.git_command import Git
from publer_sync.previewing.addresses import Addresses
from publer_sync.values.errors import StateError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from publer_sync.values.problems import Location

_REMOTE = re.compile(
    r"(?:(?:https?|ssh)://)?(?:[^@/]*@)?([\w.-]+)(?::\d+(?=/))?[:/]/?([\w./-]+?)(?:\.git)?/?"
)
"""An address as `git remote` has it: the host and the path."""


def line_address(files: str, file: str, line: int) -> str:
    """The address of a line; `files` is that of the repository's files. A Markdown file has lines only as `plain`."""
    plain = "?plain=1" if file.lower().endswith(".md") else ""
    return f"{files}/{quote(file)}{plain}#L{line}"


def line_addresses(top: Path, environ: Mapping[str, str]) -> Callable[[Location], str | None]:
    """Gives the address of a place in the calendar, on the default branch; None if the repository's is not certain.

    A commit would be more exact, but each new one, whatever it changed, would change every address.
    """
    return addresses_of(top, environ).line


def addresses_of(top: Path, environ: Mapping[str, str]) -> Addresses:
    """The same for the files that posts show, too."""
    files = inner = root = ""
    with suppress(
        StateError, ValueError
    ):  # git is missing, or this is not a repository, or its work tree is elsewhere
        git = Git.of(top)
        root = git.output("rev-parse", "--show-toplevel").decode(errors="replace").removesuffix("\n")
        inner = f"{top.resolve().relative_to(root).as_posix()}/".removeprefix("./")
        origin = git.output("remote", "get-url", "origin").decode(errors="replace").strip()
        files = _files(origin, environ)
    if not files:
        return Addresses()

    def file(path: Path) -> str | None:
        real = path.resolve()
        return f"{files}/{quote(real.relative_to(root).as_posix())}" if real.is_relative_to(root) else None

    return Addresses(line=lambda place: line_address(files, inner + place.file, place.line), file=file)


def _files(origin: str, environ: Mapping[str, str]) -> str:
    """The address of the files of a repository; "" if it is not known which service hosts it.

    The jobs of GitHub and GitLab say in the environment where these are.
    """
    servers = {
        urlsplit(server).hostname: (server.rstrip("/"), path)
        for server, path in (
            ("https://github.com", "blob/HEAD"),
            ("https://gitlab.com", "-/blob/HEAD"),
            (environ.get("GITHUB_SERVER_URL", ""), "blob/HEAD"),
            (environ.get("CI_SERVER_URL", ""), "-/blob/HEAD"),
        )
    }
    found = _REMOTE.fullmatch(origin)
    if found is None or found[1] not in servers:
        return ""
    server, path = servers[found[1]]
    return f"{server}/{found[2]}/{path}"
