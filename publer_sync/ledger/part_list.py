"""The signed list of the parts of a ledger: who may write to the place, but does not have the key, can't take one away unseen.

It is kept only where there is a key. One that is missing altogether is begun by the next write.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import StateError, UntrustedStateError
from publer_sync.values.printable import printable_line

if TYPE_CHECKING:
    from collections.abc import Collection

    from publer_sync.ledger.elsewhere import Elsewhere
    from publer_sync.ledger.signing import Keys

PARTS: Final = ".parts"
"""The name of its file, in the folder of the workspace."""
_END: Final = "\n}\n"


@dataclass(frozen=True, slots=True)
class PartList:
    """The document as it was found at `place`, None where there is none, and the names of the calendars that have a part there."""

    document: bytes | None
    present: frozenset[str]
    place: str

    def listed(self, keys: Keys) -> frozenset[str]:
        """Raises UntrustedStateError for a list that is not right."""
        if self.document is None:
            return frozenset()
        try:
            text = self.document.decode()
            names = json.loads(text)["parts"]
            found = frozenset(names) if all(isinstance(name, str) for name in names) else None
        except (ValueError, TypeError, KeyError, RecursionError):
            text, found = "", None
        if found is None:
            raise UntrustedStateError(
                f"the list of the calendars in {self.place} is damaged: it is not what publer-sync wrote",
                code="state.signature",
                hint=f"{_RESTORE}. To go on with the parts that are there, run apply with --trust-state. Nothing was changed.",
            )
        keys.verify(text.removesuffix(_END), self.place)
        return found

    def check(self, name: str, keys: Keys) -> None:
        """Raise UntrustedStateError where the list is not right, or the part of this calendar is gone from the place."""
        if name in self.listed(keys) - self.present:
            raise _absent(name, self.place)

    def complete(self, found: Elsewhere, name: str, keys: Keys) -> None:
        """Let what other calendars have be unknown where their parts are gone from the place."""
        try:
            absent = self.listed(keys) - self.present - {name}
        except StateError:
            return  # this calendar's own turn tells it
        for each in absent:
            found.unreadable.setdefault(each, _absent(each, self.place))

    def after(
        self, written: Collection[str], removed: Collection[str], keys: Keys, *, trusting: bool
    ) -> bytes | None:
        """The list once these are written and those removed; None for none: without a key there is nothing to sign it with."""
        if not keys.keys:
            return None
        try:
            before = frozenset[str]() if trusting else self.listed(keys)
        except UntrustedStateError:
            before = frozenset()
        names = sorted((before | self.present | {*written}) - {*removed})
        body = json.dumps({"parts": names}, ensure_ascii=False, indent=0)
        return f"{keys.signed(body.removesuffix(_END.rstrip()))}{_END}".encode()


_RESTORE: Final = "Restore its last version (git log, a backup)"


def _absent(name: str, place: str) -> UntrustedStateError:
    return UntrustedStateError(
        f"the state of the calendar {printable_line(name)} is gone, and the list in {place} still has it",
        code="state.absent",
        hint=f"{_RESTORE}. If it was meant to go, run apply with --trust-state for that calendar: posts that match are adopted. "
        f"Of a calendar that is no more, delete {PARTS}: the next apply writes it again. Nothing was changed.",
    )
