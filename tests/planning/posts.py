"""One post as the calendar has it, as the ledger keeps it, and as Publer lists it."""

from __future__ import annotations

from tests.builders import LATER, SOON, copy_of, ledger, shown, wanted

POST = wanted(SOON, "Hello", id="hello")
OURS = copy_of(POST)
LIVE = shown(SOON, "Hello")
DRAFT = wanted(SOON, "Hello", id="hello", draft=True)
OUR_DRAFT = copy_of(DRAFT)
LIVE_DRAFT = shown(SOON, "Hello", state="draft")

MOVED = wanted(LATER, "Hello", id="hello")
HALF = ledger(OURS, copy_of(MOVED, 2, post_id="p-2", replaces=1))
BOTH = (LIVE, shown(LATER, "Hello", id="p-2"))
