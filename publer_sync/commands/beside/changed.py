"""Which calendars have changed since a commit, and a name for their files as committed, from git."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from publer_sync.calendar.outside import dependencies, watched
from publer_sync.calendar.website.page_files import any_of_pages
from publer_sync.machine.tracked import git_environment
from publer_sync.values.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from publer_sync.ledger.checkout import Checkout
    from publer_sync.ledger.repositories import Repositories

_UNREAD = ("readme.md",)


def git(*words: str, seconds: float = 30, given: bytes = b"") -> str | None:
    """What git prints; None if it fails or is not installed. It gets no key, and leaves the index alone where it can."""
    out = _git(*words, seconds=seconds, given=given)
    return None if out is None else out.decode(errors="surrogateescape").strip("\n")


def blob(commit: str, file: str) -> bytes:
    """A file as it was at a commit; nothing if it is not there."""
    return _git("cat-file", "blob", f"{commit}:{file}") or b""


def _git(*words: str, seconds: float = 30, given: bytes = b"") -> bytes | None:
    try:
        done = subprocess.run(  # noqa: S603 — a list of arguments, which no shell reads
            ["git", *words],  # noqa: S607 — the git that the user would run
            env=git_environment() | {"GIT_OPTIONAL_LOCKS": "0"},
            input=given,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def changed(calendars: Sequence[Path], ref: str) -> list[Path]:
    """The calendars that differ from where `ref` was left, the merge base with what is checked out.

    Raises UsageError outside of a repository, and for a `ref` that git does not know or that has nothing in common
    with the commit that is checked out.
    """
    return differing(calendars, _base(ref))


def differing(calendars: Sequence[Path], commit: str) -> list[Path]:
    """The calendars whose files, or what they take from outside their folders, differ from a commit."""
    return touched(calendars, _differing_files(commit))


def touched(calendars: Sequence[Path], names: Iterable[str]) -> list[Path]:
    """The calendars to which any of these files of the repository belongs, or that take it from outside their folders."""
    root = Path(git("rev-parse", "--show-toplevel") or ".").resolve()
    files = [root / name for name in names]
    tops = {top.resolve(): top for top in calendars}
    known = {*files}
    found = {_home(file, tops) for file in files}
    outside = {each for file in files for each in (file, *file.parents)}
    return [
        top
        for whole, top in tops.items()
        if whole in found or _is_read(watched(top, pages=False), known, outside) or any_of_pages(files, top)
    ]


def _is_read(paths: Iterable[Path], files: set[Path], outside: set[Path]) -> bool:
    """Whether one of these files is one that a calendar reads, is inside of a folder that it reads, or is a submodule around one."""
    return any(each in outside or not files.isdisjoint(each.parents) for each in paths)


def files_of(top: Path, repositories: Repositories) -> str | None:
    """A name for the files of a calendar as they are in the commit that is checked out; None where they differ from it."""
    tree = repositories.of(top)
    return name_of(tree.checkout((top, *dependencies(top)))) if tree is not None else None


def name_of(checkout: Checkout | None) -> str | None:
    """The same for files that are known."""
    if checkout is None or checkout.differs or not all(checkout.committed.values()):
        return None
    return hashlib.sha256(" ".join(checkout.committed.values()).encode()).hexdigest()[:32]


def _base(ref: str) -> str:
    if git("rev-parse", "--show-toplevel") is None:
        raise UsageError(
            "--changed-since needs git, and this folder is in no repository",
            hint="Run it in the repository that holds the calendars.",
        )
    if git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}") is None:
        raise UsageError(
            f'--changed-since: git knows no commit "{ref}" here',
            hint="In a shallow checkout, fetch it first; actions/checkout does so with fetch-depth: 0.",
        )
    base = git("merge-base", ref, "HEAD")
    if base is None:
        raise UsageError(
            f'--changed-since: "{ref}" and the commit that is checked out have no commit in common here',
            hint="In a shallow checkout, fetch the commits between them; actions/checkout does so with fetch-depth: 0.",
        )
    return base


def _differing_files(commit: str) -> list[str]:
    root = git("rev-parse", "--show-toplevel") or "."
    listed = (
        git("diff", "--name-only", "-z", "--no-renames", commit, "--", root, seconds=300) or "",
        git("ls-files", "--others", "--exclude-standard", "-z", "--full-name", "--", root, seconds=300) or "",
    )
    return [name for names in listed for name in names.split("\0") if name]


def _home(file: Path, tops: Iterable[Path]) -> Path | None:
    """The calendar that a file belongs to: the nearest one above it."""
    for folder in file.parents:
        if folder in tops:
            inner = file.relative_to(folder)
            hidden = any(part.startswith(".") for part in inner.parts)
            return None if hidden or inner.name.lower() in _UNREAD else folder
    return None
