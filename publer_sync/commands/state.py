"""`publer-sync state`: moves the state to another name."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from publer_sync.calendar.yaml.scalars import scalar
from publer_sync.commands.access import Connections, open_access
from publer_sync.commands.forget import LOCK_SECONDS
from publer_sync.commands.shared import confirm, document, load, need_answer, say
from publer_sync.errors import UsageError
from publer_sync.publer.reader import PublerReader
from publer_sync.render.wording import count

if TYPE_CHECKING:
    from publer_sync.commands.access import Choice


def move(choice: Choice, name: str, old: str | None, *, style: str, diff: bool, yes: bool) -> int:
    """Give the state the calendar's new name. The calendar need not be valid."""
    need_answer(yes=yes, diff=diff)
    if not name.strip() or not name.isprintable():
        raise UsageError("a name is at least one character, and printable")
    calendar = load(choice.calendar)
    with ExitStack() as stack:
        access = open_access(calendar, choice, stack, Connections(PublerReader), name=old)
        if name == access.name:
            raise UsageError(f"the state is named {name} already")
        if not diff:
            stack.enter_context(access.store.lock(LOCK_SECONDS))
        state = access.state()
        if state is None:
            raise UsageError(
                f"there is no state named {access.name} in {access.store.place}",
                hint="If it has another name, add --from and that name.",
            )
        posts = count(len(state.copies), "post")
        say(f"The state of {access.name} ({posts}) in {access.store.place} gets the name {name}.")
        if not diff:
            if not yes:
                confirm("Type yes to continue: ")
            access.store.move(state, name)
            if name != calendar.settings.name:
                say(f"Write this into publer.yaml before the next apply:\n\n  name: {scalar(name)}\n")
    if style == "json":
        document(
            {
                "format_version": 1,
                "from": access.name,
                "to": name,
                "state": access.store.place,
                "posts": len(state.copies),
                "written": not diff,
            }
        )
    return 0
