"""One post as the calendar has it, as the ledger keeps it, and as Publer lists it."""

from __future__ import annotations

from dataclasses import replace

from tests.builders import LATER, NOW, SOON, copy_of, ledger, shown, wanted

POST = wanted(SOON, "Hello", id="hello")
OURS = copy_of(POST)
LISTED = replace(OURS, verified_at=NOW)
"""It once a listing has shown it."""
LIVE = shown(SOON, "Hello")
DRAFT = wanted(SOON, "Hello", id="hello", draft=True)
OUR_DRAFT = copy_of(DRAFT)
LIVE_DRAFT = shown(SOON, "Hello", state="draft")

MOVED = wanted(LATER, "Hello", id="hello")
HALF = ledger(OURS, copy_of(MOVED, 2, post_id="p-2", entry=1))
BOTH = (LIVE, shown(LATER, "Hello", id="p-2"))
