"""What Publer's documents say for every room: its address, the form of its ids, its request limit."""

from __future__ import annotations

from typing import Final

from publer_sync.starting.late_patterns import late_pattern

BASE_URL: Final = "https://app.publer.com/api/v1"

ISSUE_FORM: Final = "https://github.com/publer-sync/publer-sync/issues/new?template=publer.yml"
"""Where to report what Publer does otherwise than publer-sync takes it to do."""
REQUESTS: Final = 100
"""Requests in any `WINDOW` seconds, counted per user over all keys and workspaces (Publer docs, "Rate Limits")."""
WINDOW: Final = 120.0

_ID = late_pattern(r"[0-9a-f]{24}")
_IN_ADDRESS = late_pattern(r"[A-Za-z0-9_-]+")


def is_id(word: str) -> bool:
    """Whether `word` has the form of Publer's own ids; those of published posts may be numbers."""
    return _ID.fullmatch(word) is not None


def fits_address(word: str) -> bool:
    """Whether `word` can be part of an address, as an id of any kind and nothing else."""
    return isinstance(word, str) and _IN_ADDRESS.fullmatch(word) is not None
