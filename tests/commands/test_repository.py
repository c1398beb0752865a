"""Where the lines and files of a calendar are on the web: only where it is certain which service hosts its repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from publer_sync.commands.beside.repository import addresses_of, line_addresses
from publer_sync.values.problems import Location
from tests.ledger.git_world import git
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

GITHUB = {"GITHUB_SERVER_URL": "https://github.example/", "CI_SERVER_URL": ""}
GITLAB = {"CI_SERVER_URL": "https://gitlab.example:8443", "GITHUB_SERVER_URL": "none"}


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("work").resolve()
    git(top, "init", "-q", "--template=")
    git(top, "remote", "add", "origin", ".")
    (top / "our posts").mkdir()
    return top


@each_of(
    ("origin", "environ", "files"),
    [
        ("git@github.com:acme/web.git", {}, "https://github.com/acme/web/blob/HEAD"),
        ("https://me:secret@gitlab.com/acme/teams/web/", {}, "https://gitlab.com/acme/teams/web/-/blob/HEAD"),
        ("ssh://git@github.example:22/acme/web", GITHUB, "https://github.example/acme/web/blob/HEAD"),
        (
            "https://gitlab.example/acme/web.git",
            GITLAB,
            "https://gitlab.example:8443/acme/web/-/blob/HEAD",
        ),
        ("https://elsewhere.example/acme/web.git", GITHUB, ""),
        (".", {}, ""),
    ],
)
def test_lines_and_files_have_an_address_where_the_service_is_known(
    repository: Path, origin: str, environ: dict[str, str], files: str
) -> None:
    git(repository, "config", "remote.origin.url", origin)
    top = repository / "our posts"
    found = addresses_of(top, environ)
    line = found.line(Location("march.yaml", 3))
    lamp = [found.file(each) for each in (top / ".." / "lamp 1.png", repository.parent / "elsewhere.png")]
    if not files:
        assert (line, lamp) == (None, [None, None])
        return
    assert line == f"{files}/our%20posts/march.yaml#L3"
    assert lamp == [f"{files}/lamp%201.png", None]
    assert found.line(Location("Pages.MD", 3)) == f"{files}/our%20posts/Pages.MD?plain=1#L3"


def test_at_the_top_of_a_repository_a_calendar_has_no_folder(repository: Path) -> None:
    git(repository, "config", "remote.origin.url", "git@github.com:acme/web.git")
    line = line_addresses(repository, {})(Location("march.yaml", 3))
    assert line == "https://github.com/acme/web/blob/HEAD/march.yaml#L3"


def test_outside_of_a_repository_nothing_has_an_address(tmp_path: Path) -> None:
    assert addresses_of(tmp_path, GITHUB).line(Location("march.yaml", 3)) is None
