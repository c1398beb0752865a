"""How an error that ends a command is shown: what, why, the way out; as one document where JSON was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.commands.shared import document, say
from publer_sync.errors import CalendarError
from publer_sync.printable import printable
from publer_sync.render import data

if TYPE_CHECKING:
    from publer_sync.errors import PublerSyncError


def show(error: PublerSyncError, *, wants_json: bool) -> None:
    problems = error.problems if isinstance(error, CalendarError) else ()
    if wants_json:
        document(data.error(error.code, error.message, problems, hint=error.hint))
    if isinstance(error, CalendarError) and error.shown is not None:
        if not wants_json:
            say(error.shown)
        return
    say(f"error: {printable(error.message)}")
    if error.hint:
        say("".join(f"  {line}\n" for line in printable(error.hint).splitlines()).rstrip("\n"))
