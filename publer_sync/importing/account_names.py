"""What the accounts of a calendar are called, as its settings tell it: Publer is not asked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from publer_sync.values.service import is_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from publer_sync.calendar.load import Calendar
    from publer_sync.values.model import AccountRef

_COMMENT: Final = re.compile(r"\s#\s*(?P<name>.*\S)")


def account_names(calendar: Calendar) -> Mapping[str, frozenset[str]]:
    """By alias, in small letters. Where an account is named by its id, `init` and `accounts` write its name beside it."""
    return {ref.alias: frozenset(_names(ref, calendar)) for ref in calendar.settings.accounts}


def _names(ref: AccountRef, calendar: Calendar) -> Iterator[str]:
    if not is_id(ref.name):
        yield ref.name.lower()
        return
    lines = calendar.excerpt(ref.location.file)
    line = lines[ref.location.line - 1] if ref.location.line <= len(lines) else ""
    if (comment := _COMMENT.search(line)) is not None:
        name = comment["name"].lower()
        yield name
        yield name.partition(";")[0].rpartition(",")[0].strip() or name  # after it may come its kind
