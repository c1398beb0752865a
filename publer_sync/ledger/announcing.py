"""A hold beside a part of the ledger, in a file of its own: written past the part's lock, and without the key that signs the part.

Whoever writes one can only keep posts out of Publer. It lasts until the part has it, and writing that takes the key.
"""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from publer_sync.ledger.copies import Seen
from publer_sync.ledger.hold import Hold, joined_holds
from publer_sync.values.decoding import decode
from publer_sync.values.errors import StateError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from publer_sync.ledger.state import State
    from publer_sync.values.content import Json

ANNOUNCED: Final = "hold-"


def announcement_of(part: str) -> str:
    """The name of a new announcement beside a part, from the name of its file."""
    return f"{ANNOUNCED}{secrets.token_hex(4)}.{part}"


def is_announcement_of(name: str, part: str) -> bool:
    """Whether a file of this name announces a hold of the part."""
    return re.fullmatch(rf"{ANNOUNCED}[0-9a-f]{{8}}\.{re.escape(part)}", name) is not None


def announced(hold: Hold, removing: Mapping[str, Seen | None]) -> bytes:
    """The document. `removing` are the ids of posts about to go, with what Publer shows of those that someone edited."""
    told = hold.to_json()
    if removing:
        told["removing"] = [*removing]
    edited: dict[str, Json] = {
        post_id: seen.to_json() for post_id, seen in removing.items() if seen is not None
    }
    if edited:
        told["shown"] = edited
    return f"{json.dumps(told, ensure_ascii=False)}\n".encode()


def begin(state: State, hold: Hold) -> None:
    """Put a hold of the command on, which covers what earlier ones spared, too."""
    state.holds = joined_holds(state.holds, [hold])
    for copy in [*state.copies.values()]:
        if copy.spared is not None and hold.covers(copy.account, [copy.slot, copy.minute], copy.sent.labels):
            state.put(replace(copy, spared=None))


def hear(state: State, document: bytes, file: str) -> None:
    """Let the state have what a document announces; `file` names it. Raises StateError where it cannot be read."""
    try:
        told = json.loads(document)
        shown = told.get("shown", {})
        removing = {
            str(each): decode(Seen, shown[each], newer=True) if each in shown else None
            for each in told.get("removing", ())
        }
        hold = Hold.from_json(told)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise StateError(
            f"a hold beside the state cannot be read: {file}",
            code="state.damaged",
            hint="Run hold again if posts are to stay out of Publer, and remove that file. Nothing was changed.",
        ) from error
    begin(state, hold)
    for copy in [each for each in state.copies.values() if each.post_id in removing]:
        state.put(replace(copy, removing_at=hold.since, held=True, shown=removing[copy.post_id or ""]))
