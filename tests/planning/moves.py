"""What moves from one calendar to another: what the ledger has of a post that left, what another calendar wants, and what keeps it.

Each section is about what the ledger has. Each line has how the two calendars are, what the other one wants, and the move.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from publer_sync.ledger.copies import End, EntryFacts
from publer_sync.ledger.hold import Hold
from publer_sync.planning.moving import Side, moves_between, take
from publer_sync.values.model import MINUTE
from tests.builders import DAY, HOUR, LAST, LATER, LINKEDIN, NOW, SOON, copy_of, ledger, sent, wanted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publer_sync.ledger.state import State
    from publer_sync.planning.moving import Move
    from publer_sync.values.model import Post

POST = wanted(SOON, "Hello https://a.example/?utm_campaign=1", id="hello")
COPY = copy_of(POST)
STORM = Hold("a storm", NOW - HOUR)
PASSED = replace(POST, at=NOW - MINUTE)
_OUT = copy_of(PASSED)
_HELD = replace(COPY, held=True, removing_at=NOW - HOUR)
_SECOND = replace(copy_of(replace(POST, at=LATER), 2, post_id="p-2"), entry=1)
_LEFT = {1: EntryFacts(left=True)}

GIVES: dict[str, State] = {
    "listed": ledger(COPY),
    "listed, and let go of": ledger(COPY, facts=_LEFT),
    "listed, and its minute is now": ledger(copy_of(replace(POST, at=NOW))),
    "listed, and its minute has passed": ledger(copy_of(PASSED)),
    "lapsed": ledger(sent(POST, lapsed=True)),
    "lapsed, and its minute is now": ledger(sent(replace(POST, at=NOW), lapsed=True)),
    "removed": ledger(COPY.ending(End.REMOVED, NOW)),
    "being removed": ledger(replace(COPY, removing_at=NOW)),
    "taken out by a hold": ledger(_HELD.ending(End.REMOVED, NOW - HOUR), holds=(STORM,)),
    "taken out by a hold, and let go of": ledger(
        _HELD.ending(End.REMOVED, NOW - HOUR), holds=(STORM,), facts=_LEFT
    ),
    "taken out by a hold of the settings": ledger(
        _HELD.ending(End.REMOVED, NOW - HOUR), holds=(replace(STORM, settings=True),)
    ),
    "a hold takes it out": ledger(replace(COPY, held=True), holds=(STORM,)),
    "published": ledger(_OUT.ending(End.PUBLISHED, NOW)),
    "published, and let go of": ledger(_OUT.ending(End.PUBLISHED, NOW), facts=_LEFT),
    "published, and was on hold": ledger(replace(_OUT, held=True).ending(End.PUBLISHED, NOW), holds=(STORM,)),
    "maybe published": ledger(_OUT.ending(End.MAYBE_PUBLISHED, NOW)),
    "maybe published, and somebody decided": ledger(
        _OUT.ending(End.MAYBE_PUBLISHED, NOW), facts={1: EntryFacts(twins=True)}
    ),
    "replaced by half": ledger(COPY, _SECOND),
    "listed, and sent once more in vain": ledger(
        COPY, replace(sent(replace(POST, at=LATER), 2, lapsed=True), entry=1)
    ),
    "removed, with a second copy": ledger(COPY.ending(End.REMOVED, NOW), _SECOND),
}
OTHER = wanted(SOON, "Other words", id="other")
WANTS: dict[str, tuple[Post, ...]] = {
    "it": (POST,),
    "it a minute ago": (PASSED,),
    "it now": (replace(POST, at=NOW),),
    "it later": (replace(POST, at=LATER),),
    "its words later": (wanted(LATER, "Hello https://a.example/?utm_campaign=2"),),
    "its id later": (wanted(LATER, "New", id="hello"),),
    "its minute": (OTHER,),
    "another one later": (replace(OTHER, at=LATER),),
    "its minute, and it later": (OTHER, replace(POST, at=LATER)),
    "its words twice": (wanted(LAST + DAY, POST.text), wanted(LATER, POST.text)),
    "it on another account": (replace(POST, account=LINKEDIN),),
}
_THEIRS = wanted(LATER + MINUTE, "Theirs", id="theirs")
_USED = ledger(copy_of(_THEIRS, post_id="p-9"))
SIDES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "": ({}, {}),
    "a third calendar has the next minute": ({}, {}),
    "the giver is stuck": ({"stuck": "first here"}, {}),
    "the receiver is stuck": ({}, {"stuck": "first there"}),
    "the giver is on hold": ({"stuck": "release it", "holding": True}, {}),
    "the giver is gone": ({"gone": "forget it"}, {}),
    "the giver is gone, the receiver has posts": ({"gone": "forget it"}, {"state": _USED}),
    "the giver is gone, the receiver is on hold": (
        {"gone": "forget it"},
        {"state": _USED, "stuck": "release it", "holding": True},
    ),
    "the giver is gone, the receiver is stuck": ({"gone": "forget it"}, {"stuck": "first there"}),
    "the receiver had it": ({}, {"state": ledger(copy_of(POST, 5, post_id="p-8").ending(End.GONE, NOW))}),
    "the receiver has sent it": ({}, {"state": ledger(sent(POST, 5))}),
}
_ALL_SIDES = ("listed", "taken out by a hold")
_ON_HOLD = ("taken out by a hold, and let go of", "a hold takes it out", "removed, with a second copy")
_GONE = ("the giver is gone", "the giver is gone, the receiver has posts")
_STUCK = ("the giver is stuck", "the giver is on hold", "the giver is gone")


def _told(known: str, side: str, want: str) -> str:
    giver, receiver = SIDES[side]
    sides = [Side("acme", (), GIVES[known], **giver), Side("globex", WANTS[want], **receiver)]
    if side.startswith("a third"):
        sides.append(Side("third", (_THEIRS,), _USED))
    return " + ".join(_move(move) for move in moves_between(sides, NOW)) or "stays"


def _move(move: Move) -> str:
    state = ledger()
    take(state, move)
    taken = " ".join(f"{copy.post_id}:{copy.id}" for copy in state.copies.values())
    words = [f"{move.post.text.partition(' ')[0]} {move.post.at - NOW} takes {taken}"]
    words += [f"into {move.into}"] if move.into else []
    words += [f"with {hold.reason}" for hold in state.holds]
    return f"{' '.join(words)}: {move.stuck}" if move.stuck else " ".join(words)


def section(known: str) -> Iterator[str]:
    for side in (
        SIDES
        if known in _ALL_SIDES
        else ("", *(_STUCK if known in _ON_HOLD else _GONE if "settings" in known else ()))
    ):
        found: dict[str, list[str]] = defaultdict(list)
        for want in ("it", "it later") if side else WANTS:
            told = _told(known, side, want)
            if not side or told != _told(known, "", want):
                found[told].append(want)
        for told, those in found.items():
            yield f"{side or 'nothing keeps it'} | {', '.join(those)} | {told}"
