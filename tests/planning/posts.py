"""One post as the calendar has it, as the ledger keeps it, and as Publer lists it."""

from __future__ import annotations

from tests.builders import LATER, SOON, ledger, record, shown, wanted

POST = wanted(SOON, "Hello", id="hello")
OURS = record(POST)
LIVE = shown(SOON, "Hello")
DRAFT = wanted(SOON, "Hello", id="hello", draft=True)
OUR_DRAFT = record(DRAFT)
LIVE_DRAFT = shown(SOON, "Hello", state="draft")

MOVED = wanted(LATER, "Hello", id="hello")
HALF = ledger(OURS, record(MOVED, 2, post_id="p-2", replaces=1))
BOTH = (LIVE, shown(LATER, "Hello", id="p-2"))
