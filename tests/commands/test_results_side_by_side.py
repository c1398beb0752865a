"""`results`, from what the ledger has of posts whose time has come, and from what Publer lists of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.ledger.copies import Copy, Seen
from publer_sync.machine.clock import Clock
from tests.commands.side_by_side import SideBySide, text
from tests.system.worlds import ACCOUNTS, DAY, MINUTE

if TYPE_CHECKING:
    from tests.system.worlds import World


@pytest.mark.story
def test_what_was_published_and_what_left_no_trace(empty_world: World) -> None:
    pair = SideBySide.in_place(empty_world)
    sandbox, account = pair.world.sandbox, ACCOUNTS["x"]
    at = Clock().now().replace(second=0, microsecond=0) - 2 * DAY
    sandbox.add(account_id=account, at=at + DAY, text="Theirs", state="published")
    out = sandbox.add(account_id=account, at=at, text="Out", state="published")
    moved = sandbox.add(account_id=account, at=at + 20 * DAY, text="Moved")
    copies = {
        key: Copy(
            key,
            account,
            at + key * MINUTE,
            text(words),
            id=words.lower(),
            post_id=post_id,
            seen=Seen(at + key * MINUTE, words),
            verified_at=at - DAY,
        )
        for key, (words, post_id) in enumerate((("Out", out), ("Lost", "f" * 24), ("Moved", moved)))
    }
    copies[0] = replace(copies[0], slot=at, seen=Seen(at, "Out"))
    pair.write(acme=[])
    pair.applied("acme", copies=copies, next_key=3)
    ran = pair.run("results", "acme", "--by", "account", "--insights", "--compare")
    assert ran.code == 6, ran
    told: dict[str, Any] = pair.json("results", "acme", "--insights", "--compare")[0]
    assert {each["id"]: each["status"] for each in told["posts"]} == {
        "out": "published",
        "lost": "not_found",
        "moved": "unpublished",
        None: "published",
    }
    assert told["before"]["summary"]["published"] == 0
    [none] = pair.json("results", "acme", "--account", "x", "--to", f"{at - DAY:%Y-%m-%d}")
    assert none["posts"] == []
    ran = pair.run("results", "acme", "--from", "2199-01-01")
    assert (ran.code, "--from 2199-01-01 is in the future" in ran.stderr) == (64, True), ran
