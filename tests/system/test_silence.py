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

from publer_sync.machine.clock import Clock
from publer_sync.sandbox import Trip
from tests.conftest import EVERY
from tests.system.worlds import (
    ACCOUNTS,
    ALIASES,
    MINUTE,
    Applied,
    Want,
    World,
    clocks,
    held_accounts,
    hold_amiss,
    killed,
    tripped,
    world_in,
)

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
        self.count = self.runs = 0

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

    def killed(self, *command: str) -> None:
        self.runs += 1
        ran = killed(self.world, self.chance.choice(["schedule", "schedule", "delete"]), *command)
        if ran.code != 137:
            self.note(Applied.of(ran))

    def disturbed(self, *command: str) -> Applied:
        self.runs += 1
        times = self.chance.choice([1, 3, 10**6])
        trip: Any = {"kind": self.chance.choice(KINDS), "nth": self.chance.randint(1, 12), "times": times}
        done = tripped(self.world, [Trip(**trip)], *command)
        self.note(done)
        return done

    def apply_killed(self) -> None:
        self.killed()

    def apply_disturbed(self) -> None:
        self.disturbed()

    def hold(self) -> None:
        account = self.chance.choice(["x", "facebook", None])
        words = ("hold", "--reason", "Why", *(("--account", account) if account else ()))
        match self.chance.randint(1, 4):
            case 1:
                self.killed(*words)
            case 2:
                self.held(self.disturbed(*words), account)
            case _:
                self.held(tripped(self.world, [], *words), account)

    def held(self, done: Applied, account: str | None) -> None:
        amiss = hold_amiss(self.world, [account] if account else ACCOUNTS) if done.code == 0 else []
        assert not amiss, (amiss, done)

    def release(self) -> None:
        match self.chance.randint(1, 4):
            case 1:
                self.killed("release")
            case 2:
                self.disturbed("release")
            case _:
                self.world.sandbox.settle()
                done = tripped(self.world, [], "release")
                assert done.code in (0, 6), done
                self.note(done)
                assert not held_accounts(self.world)

    def apply(self) -> None:
        self.world.sandbox.settle()
        done = self.world.apply("--allow-deletes", "99")
        self.note(done)
        assert done.code in (0, 6), done
        self.check()

    def note(self, done: Applied) -> None:
        for result in done.report.get("results", ()) if done.document else ():
            if result["outcome"] not in ("applied", "waiting"):
                self.told.setdefault(result["id"], []).append(self.now)

    def check(self) -> None:
        posts = [post for post in self.world.sandbox.posts() if post["state"].startswith("published")]
        published = Counter((ALIASES[post["account_id"]], post["text"]) for post in posts)
        assert max(published.values(), default=1) == 1, f"published twice: {published}"
        on_hold = held_accounts(self.world)  # release tells of theirs
        for want in self.world.wants:
            due = not want.draft and want.at < self.now - 61 * MINUTE and want.account not in on_hold
            told = any(moment >= want.at for moment in self.told.get(want.id or "", ()))
            assert not due or told or published[want.account, want.text], f"not a word of {want}"


STEPS = [Weeks.add] * 3 + [Weeks.edit] * 2 + [Weeks.swap, Weeks.by_hand, Weeks.network_fails]
STEPS += [Weeks.time_passes] * 2 + [Weeks.apply] * 3 + [Weeks.apply_killed, Weeks.apply_disturbed]
TROUBLE = [*STEPS, *[Weeks.add] * 2, *[Weeks.hold] * 3, *[Weeks.release] * 2]


@pytest.mark.parametrize("steps", [STEPS, TROUBLE], ids=["applies", "holds and releases too"])
@pytest.mark.parametrize("number", range(2))
def test_nothing_is_silently_not_published_or_published_twice(
    number: int, steps: list[Callable[[Weeks], None]], tmp_path: Path, record_property: Any
) -> None:
    runs = 0
    for walk in range(20 if EVERY else 1):
        chance = random.Random(f"{number}/{walk}")
        with world_in(tmp_path / str(walk)) as world, clocks(world) as travel:
            weeks = Weeks(world, travel, chance)
            world.write()
            weeks.apply()
            for step in chance.choices(steps, k=20):
                step(weeks)
            weeks.world.sandbox.settle()
            weeks.note(tripped(world, [], "release"))
            weeks.apply()
            runs += weeks.runs
    record_property("cases", runs)
