"""Weeks of a calendar under a moving clock: nothing stays unpublished without a word, and nothing is published twice.

Each walk comes from a seed, so that a failure comes again.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.clock import Clock
from publer_sync.sandbox import Trip
from tests.system.worlds import ALIASES, MINUTE, Applied, Want, World, clocks, killed, tripped, world_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.slow
STATES = [f"scheduled_{word}" for word in ("pending", "reauth", "declined", "locked")] + ["draft"]
KINDS = ["drop_before", "drop_after", "error_after", "rows_left_out", "empty_page"]


class Weeks:
    """`told` is which posts an apply reported, and when."""

    def __init__(self, world: World, travel: Callable[[datetime], None], chance: random.Random) -> None:
        self.world, self.travel, self.chance = world, travel, chance
        self.told: dict[str, list[datetime]] = {}
        self.count = 0

    @property
    def now(self) -> datetime:
        return Clock().now()

    def later(self) -> datetime:
        return (self.now + timedelta(minutes=self.chance.randint(10, 2000))).replace(second=0, microsecond=0)

    def put(self, old: Want | None, new: Want | None) -> None:
        """Write a new version of a post, unless its minute is taken."""
        others = [want for want in self.world.wants if want is not old]
        if new is None or all(w.account != new.account or abs(w.at - new.at) >= MINUTE for w in others):
            self.world.write(*others, *([new] if new else []))

    def add(self) -> None:
        self.count += 1
        account, draft = self.chance.choice(["x", "facebook"]), self.chance.random() < 0.15
        self.put(None, Want(f"p{self.count}", account, self.later(), f"Post {self.count}", draft=draft))

    def edit(self) -> None:
        ahead = [want for want in self.world.wants if want.at > self.now]
        if ahead:
            want = self.chance.choice(ahead)
            at, labels = self.later(), (str(self.chance.random()),)
            self.put(want, self.chance.choice([replace(want, at=at), replace(want, labels=labels), None]))

    def swap(self) -> None:
        ahead = [want for want in self.world.wants if want.at > self.now]
        one, two = self.chance.sample(ahead, 2) if len(ahead) > 1 else (None, None)
        if one and two and one.account == two.account:
            rest = [want for want in self.world.wants if want not in (one, two)]
            self.world.write(*rest, replace(one, at=two.at), replace(two, at=one.at))

    def by_hand(self) -> None:
        posts = [post for post in self.world.sandbox.posts() if post["state"] == "scheduled"]
        if posts:
            self.world.sandbox.edit(self.chance.choice(posts)["id"], state=self.chance.choice(STATES))

    def network_fails(self) -> None:
        faults = self.world.sandbox.faults
        faults.publish_error = None if faults.publish_error else "Token expired"

    def time_passes(self) -> None:
        self.travel(self.now + timedelta(hours=self.chance.choice([1, 3, 12, 30, 100])))

    def apply_killed(self) -> None:
        ran = killed(self.world, self.chance.choice(["schedule", "schedule", "delete"]))
        if ran.code != 137:
            self.note(Applied.of(ran))

    def apply_disturbed(self) -> None:
        times = self.chance.choice([1, 3, 10**6])
        trip: Any = {"kind": self.chance.choice(KINDS), "nth": self.chance.randint(1, 12), "times": times}
        self.note(tripped(self.world, [Trip(**trip)]))

    def apply(self) -> None:
        self.world.sandbox.settle()
        done = self.world.apply("--allow-deletes", "99")
        self.note(done)
        assert done.code in (0, 6), done
        self.check()

    def note(self, done: Applied) -> None:
        for result in (done.document or {}).get("results", ()):
            if result["outcome"] not in ("applied", "waiting"):
                self.told.setdefault(result["id"], []).append(self.now)

    def check(self) -> None:
        posts = [post for post in self.world.sandbox.posts() if post["state"].startswith("published")]
        published = Counter((ALIASES[post["account_id"]], post["text"]) for post in posts)
        assert max(published.values(), default=1) == 1, f"published twice: {published}"
        for want in self.world.wants:
            due = not want.draft and want.at < self.now - 10 * MINUTE
            told = any(moment >= want.at for moment in self.told.get(want.id or "", ()))
            assert not due or told or published[want.account, want.text], f"not a word of {want}"


STEPS = [Weeks.add] * 3 + [Weeks.edit] * 2 + [Weeks.swap, Weeks.by_hand, Weeks.network_fails]
STEPS += [Weeks.time_passes] * 2 + [Weeks.apply] * 3 + [Weeks.apply_killed, Weeks.apply_disturbed]


@pytest.mark.parametrize("number", range(8))
def test_nothing_is_silently_not_published_or_published_twice(number: int, tmp_path: Path) -> None:
    for walk in range(5):
        chance = random.Random(f"{number}/{walk}")
        with world_in(tmp_path / str(walk)) as world, clocks(world) as travel:
            weeks = Weeks(world, travel, chance)
            world.write()
            weeks.apply()
            for step in chance.choices(STEPS, k=30):
                step(weeks)
            weeks.apply()
