"""Checks of this machine: the versions, the state and the calendar. Nothing is left behind."""

from __future__ import annotations

import platform
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from publer_sync import __version__
from publer_sync.checking.check import Check, Finding
from publer_sync.errors import StateError
from publer_sync.ledger.git_command import Git
from publer_sync.ledger.store import GIT

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from publer_sync.calendar.load import Calendar
    from publer_sync.ledger.state import State
    from publer_sync.ledger.store import Store


def versions(state_place: str | None) -> Check:
    def examine() -> Finding:
        ours = f"Python {platform.python_version()}, publer-sync {__version__}"
        try:
            git = Git.of(Path.cwd()).output("version").decode(errors="replace").strip()
        except StateError as error:
            needed = (state_place or "").startswith(GIT)
            return Finding(f"{ours}; {error.message}", "failure" if needed else "warning", error.hint)
        return Finding(f"{ours}, {git.replace('git version', 'git')}")

    return Check("versions", examine)


def state(
    open_store: Callable[[], Store], check: Callable[[State, Store], None], *, needs: tuple[str, ...]
) -> Check:
    """`check` raises StateError for a state that belongs elsewhere."""

    def examine() -> Finding:
        store = open_store()
        found = store.read()
        if found is not None:
            check(found, store)
        store.check_writable()
        if found is None:
            return Finding(f"{store.place}: none yet, and can be written")
        managed = len(found.records)
        return Finding(
            f"{store.place}: {managed} managed {'post' if managed == 1 else 'posts'}; can be written"
        )

    return Check("state", examine, needs)


def calendar(load: Callable[[], Calendar], now: Callable[[], datetime]) -> Check:
    """Fails with what `load` raises where there is none."""

    def examine() -> Finding:
        read = load()
        problems = read.judge(read.desired, now=now())
        number = Counter(problem.severity for problem in problems)
        posts = f"{read.posts} {'post' if read.posts == 1 else 'posts'}"
        if not problems:
            return Finding(f"{posts}, no problems")
        told = f"{posts}, {number['error']} errors, {number['warning']} warnings"
        fix = f"publer-sync validate {read.top}"
        return Finding(told, "failure" if number["error"] else "warning", f"See them: {fix}")

    return Check("calendar", examine)
