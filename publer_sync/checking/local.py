"""Checks of this machine: the versions, the state and the calendar. Nothing is left behind."""

from __future__ import annotations

import platform
import re
import shlex
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from publer_sync import __version__
from publer_sync.checking.check import Check, Finding, counted
from publer_sync.ledger.git_command import Git
from publer_sync.ledger.signing import LONG_ENOUGH, VARIABLE
from publer_sync.ledger.store import GIT
from publer_sync.machine import temporary
from publer_sync.machine.durable import is_full
from publer_sync.machine.version import version
from publer_sync.values.errors import OutputError, StateError
from publer_sync.values.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from publer_sync.calendar.load import Calendar
    from publer_sync.ledger.place import Store
    from publer_sync.ledger.signing import Keys
    from publer_sync.ledger.state import State
    from publer_sync.values.model import Post

_A_FILE: Final = 64 * 1024
"""Bytes of a large file of posts."""
_VERSION: Final = re.compile(r'"\$id": "[^"]*/v([^/"]+)/schema/')
"""In the address of a schema."""


def versions(state_place: str | None) -> Check:
    def examine() -> Finding:
        ours = f"Python {platform.python_version()}, publer-sync {version()}"
        try:
            git = Git.of(Path.cwd()).output("version").decode(errors="replace").strip()
        except StateError as error:
            needed = (state_place or "").startswith(GIT)
            return Finding(f"{ours}; {error.message}", "failure" if needed else "warning", error.hint)
        return Finding(f"{ours}, {git.replace('git version', 'git')}")

    return Check("versions", examine)


def disk(top: Path) -> Check:
    """Whether there is room for temporary files, and on the calendar's disk."""

    def examine() -> Finding:
        place = temporary.place()
        if not top.is_dir():
            return Finding(f"there is room in {place}")
        try:
            with tempfile.TemporaryFile(dir=top) as file:
                file.write(bytes(_A_FILE))
                file.flush()
        except OSError as error:
            if is_full(error):
                raise OutputError(
                    f"there is no room on the disk of {top}", code="disk.full", hint="Make room on it."
                ) from error
            return Finding(f"temporary files go to {place}; the calendar can't be written to, only read")
        return Finding(f"there is room in {place} and in {top}")

    return Check("disk", examine)


class KnownPlaces(Protocol):
    """Where else the calendar may have a state."""

    def others(self) -> Sequence[str]:
        """The places that have one of it, beside the chosen one."""

    def check(self) -> None:
        """Raise StateError where it should be used, or may have to be, and the chosen place has none."""

    def check_lasts(self) -> None:
        """Raise StateError where the chosen place is gone after the job."""


def state(
    open_state: Callable[[], tuple[Store, State | None, KnownPlaces]], keys: Keys, *, needs: tuple[str, ...]
) -> Check:
    """`open_state` raises StateError for a state that belongs elsewhere."""

    def examine() -> Finding:
        store, found, places = open_state()
        if (lost := store.lost()) is not None:
            raise lost
        store.check_writable()
        if found is None:
            places.check()
            told = f"{store.place}: none yet{', will be signed' if keys.keys else ''}, and can be written"
        else:
            signed = "signed" if keys.keys else "not signed"
            posts = found.posts
            accounts = len(frozenset().union(*posts))
            on = f" (on {accounts:,} accounts)" if accounts > 1 else ""
            told = f"{store.place}: {counted(len(posts), 'managed post')}{on}; {signed}; can be written"
        places.check_lasts()
        if others := places.others():
            fix = "Each calendar has one state: release its holds and forget what it manages there, or move it away."
            return Finding(f"{told}; the calendar has a state in {', '.join(others)} too", "warning", fix)
        if waiting := store.waiting():
            fix = "Push it with the command that plan names, or drop it with release."
            return Finding(
                f"{told}; a hold waits on this machine: {one_line(waiting[0].reason)}", "warning", fix
            )
        if advice := store.advice():
            return Finding(f"{told}; {advice[0]}", "warning", advice[1])
        if keys.short:
            fix = "Create a longer one: openssl rand -hex 32. Keep the old one after it, with a comma, until the next apply."
            return Finding(f"{told}; {VARIABLE} is shorter than {LONG_ENOUGH} characters", "warning", fix)
        return Finding(told)

    return Check("state", examine, needs)


def calendar(
    load: Callable[[], Calendar], now: Callable[[], datetime], figures: Callable[[Sequence[Post]], str]
) -> Check:
    """Fails with what `load` raises if there is none. `figures` counts posts in words, as every list does."""

    def examine() -> Finding:
        read = load()
        problems = read.judge(read.desired, now=now())
        if none := next((problem for problem in problems if problem.code == "settings.none"), None):
            return Finding(none.message, "failure", str(none.help))
        number = Counter(problem.severity for problem in problems)
        posts = figures(read.desired.posts)
        if not problems:
            if renew := _renewing_schemas(read.top):
                told = f"{posts}, no problems; the schemas for editors are from another version"
                return Finding(told, "warning", "\n".join(["Write them again:", *renew]))
            return Finding(f"{posts}, no problems")
        found = [counted(number[one], one) for one in ("error", "warning") if number[one]]
        told = ", ".join([posts, *found])
        fix = shlex.join(["publer-sync", "validate", str(read.top)])
        return Finding(told, "failure" if number["error"] else "warning", f"See them: {fix}")

    return Check("calendar", examine)


def _renewing_schemas(top: Path) -> list[str]:
    """How to write the schemas in `.schema/` again, if another version wrote them: editors would not know all keys."""
    files = sorted(top.glob(".schema/*.schema.json"))
    heads = [file.read_text(encoding="utf-8", errors="replace")[:1000] for file in files if file.is_file()]
    if {version for head in heads for version in _VERSION.findall(head)} <= {__version__}:
        return []
    return [f"publer-sync schema {file.name.partition('.')[0]} > {shlex.quote(str(file))}" for file in files]
