"""What the tests of pull share: a pull that writes files and nothing else, what it promises, and a calendar of several layouts."""

from __future__ import annotations

import json
from typing import Any

from tests.schemas import conforms
from tests.system.worlds import T, World

NASTY = (
    "#hashtag first",
    "no",
    "10:30",
    "null",
    "- a dash",
    "key: value # and more",
    "'single' and \"double\" quotes",
    "{braces} and [brackets]",
    "*alias &anchor !tag @at `code` %percent",
    "🚀 👩‍👩‍👧 emoji",
    "trailing spaces   \nof each line  ",
    "\u00a0outer\u00a0and\u00a0inner no-break spaces\u00a0",
    "CRLF\r\nline\r\n\r\nends",
    "one\n\n\n\nfar below",
    "  indented\n    more\n  less",
    "a line\n---\nanother\n...\nlast",
    "a\ttab and\n\ta line of it",
    "line\u2028separator and \u200bzero width",
    "<<<<<<< ours\n=======\n>>>>>>> theirs",
    "posts:\n- at: 2027-03-02 09:00",
    "a very long line " * 60,
    "back\\slash \\n",
)


def files(world: World) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(world.top.glob("*.*")) if path.is_file()}


def pull(world: World, *flags: str, code: int = 0) -> Any:
    """One that writes; it sends only GET and leaves the state alone."""
    ledger = world.ledger.read_bytes() if world.ledger.exists() else None
    world.sandbox.reset_log()
    ran = world.run("pull", world.top, "--yes", "--format", "json", *flags)
    assert ran.code == code, ran
    assert world.writes() == []
    assert (world.ledger.read_bytes() if world.ledger.exists() else None) == ledger
    document = json.loads(ran.stdout)
    conforms(document, "pull")
    return document


def apply_all(world: World) -> None:
    """Have in Publer what the calendar says."""
    assert world.apply().code == 0
    world.sandbox.settle()


def settled(world: World, *flags: str, code: int = 0) -> None:
    """The promise of a pull: plan sends nothing, apply adopts, and a second pull changes no byte."""
    assert {action for action, _, _ in world.changes()} <= {"adopt"}
    world.sandbox.reset_log()
    assert world.apply().code == 0
    assert world.writes() == []
    assert world.changes() == []
    before = files(world)
    pull(world, *flags, code=code)
    assert files(world) == before


def summary(document: Any) -> dict[str, int]:
    return {key: number for key, number in document["summary"].items() if number}


SHARED = """\
# The week\r
posts:\r
- id: both   # on two\r
  at: {day} 09:00\r
  accounts: [facebook, x]\r
  text: |\r
    Words for both\r
\r
    #tag\r
# between\r
- {{id: flow, at: {day} 10:00, accounts: [linkedin], text: "in braces"}}\r
- id: own\r
  at: {day} 11:00\r
  accounts:\r
  - linkedin\r
  - account: x   # shorter\r
    text: 'Short'\r
  text: Longer\r
  networks:\r
    facebook:\r
      at: 12:00\r
"""


def shared(world: World) -> dict[str, str]:
    """A calendar of several layouts, applied. The ids in Publer by text."""
    raw = "\ufeff" + SHARED.format(day=f"{T:%Y-%m-%d}")
    (world.top / "posts.yaml").write_bytes(raw.encode())
    apply_all(world)
    return {f"{post['account_id']} {post['text']}": str(post["id"]) for post in world.sandbox.posts()}


def changed(before: bytes, after: bytes) -> list[str]:
    """The lines that differ, with what is left of them."""
    import difflib

    old, new = before.decode().splitlines(keepends=True), after.decode().splitlines(keepends=True)
    return [
        line
        for line in difflib.unified_diff(old, new, n=0)
        if line[:3] not in ("---", "+++") and line[0] != "@"
    ]
