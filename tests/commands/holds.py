"""What the tests of hold share: posts in place beside a colleague's, a hold of them, and what is left in Publer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tests.schemas import conforms
from tests.system.worlds import DAY, HOUR, T, Want, World

if TYPE_CHECKING:
    from tests.conftest import Ran


SOON = (datetime.now(UTC) + 3 * HOUR).replace(minute=0, second=0, microsecond=0)
POSTS = (
    Want("one", "facebook", T, "one", labels=("sale",)),
    Want("two", "facebook", T + DAY, "two"),
    Want("soon", "x", SOON, "soon"),
    Want("draft", "x", T + HOUR, "a draft", draft=True),
)


def in_place(world: World) -> World:
    """POSTS are in Publer, beside a post and a draft of a colleague."""
    world.stranger("facebook", T + 2 * HOUR, "a colleague's post")
    world.stranger("facebook", T + 3 * HOUR, "a colleague's draft", state="draft")
    world.apply_first(*POSTS)
    return world


@dataclass(frozen=True)
class Held:
    ran: Ran
    document: Any

    @property
    def outcomes(self) -> dict[str, str]:
        return {post["id"]: post["outcome"] for post in self.document["posts"]}


def hold(world: World, *words: str, code: int = 0) -> Held:
    ran = world.run("hold", world.top, "--reason", "Accident in town", "--yes", "--format", "json", *words)
    assert ran.code == code, ran
    document = json.loads(ran.stdout)
    conforms(document, "hold")
    return Held(ran, document)


def texts(world: World) -> set[str]:
    """What of the calendar's posts is in Publer."""
    return {row.text for row in world.live()}


def untouched(world: World) -> bool:
    """Whether the posts that are not managed here are as they were."""
    return not [line for line in world.amiss() if "not managed here" in line]
