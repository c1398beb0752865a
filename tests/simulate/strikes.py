"""What goes wrong in the commands of a history, and what colleagues do, by chance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.simulate.steps import Colleague, PutOnHold
from tests.simulate.wire import ON_POSTS, ON_REQUESTS, Strike

if TYPE_CHECKING:
    from random import Random

    from tests.simulate.steps import Meanwhile

COLLEAGUES = {
    "text": 5,
    "move": 4,
    "soon": 2,
    "delete": 4,
    "remake": 1,
    "publish": 3,
    "draft": 2,
    "schedule": 2,
    "twin": 4,
    "block": 2,
    "own": 2,
}


def colleague_of(dice: Random) -> Colleague:
    kind = dice.choices([*COLLEAGUES], [*COLLEAGUES.values()])[0]
    amount = dice.choice((-120, -45, 5, 30, 90, 1440)) if kind == "move" else dice.randrange(60)
    return Colleague(kind, dice.randrange(6), amount)


DEADLY = ("kill_before", "kill_before", "kill_after", "kill_after", "late_kill", "slow_kill")
AT_WRITES = (
    *("slow", "meanwhile", "meanwhile", "late", "late", "slow_job", "slow_job", "refuse_one", "refuse_one"),
    *("lose_one", "extra_failure", "refuse_whole", "unsaved", *ON_REQUESTS),
)
ANYWHERE = (
    "slow",
    "meanwhile",
    "lost",
    "error_before",
    "rows_left_out",
    "garbage",
    "kill_before",
    "kill_after",
)
NTHS = (1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 8, 9, 10, 12)
"""An apply saves, posts, saves, deletes, saves: what it does to one post is done within the first few."""


def strikes_of(dice: Random, chance: float) -> tuple[Strike, ...]:
    if dice.random() >= chance:
        return ()
    more = [strike_of(dice, deadly=dice.random() < 0.4)]
    if dice.random() < 0.15:
        more.append(strike_of(dice, deadly=False))
    return tuple(more)


def strike_of(dice: Random, *, deadly: bool) -> Strike:
    """Mostly at something that changes Publer or the state, sometimes at any request."""
    if dice.random() < 0.15:
        return made(dice, dice.choice(ANYWHERE), "any", dice.randint(1, 24))
    kind = dice.choice(DEADLY if deadly else AT_WRITES)
    if kind in ON_POSTS:
        return made(dice, kind, "POST", dice.choice((1, 1, 1, 2, 2, 3)))
    if kind == "refuse_whole":
        return made(dice, kind, "DELETE", dice.choice((1, 1, 2)))
    return made(dice, kind, "write", dice.choice(NTHS))


def made(dice: Random, kind: str, point: str, nth: int) -> Strike:
    amount: float = 0.0
    meanwhile: Meanwhile | None = None
    match kind:
        case "slow":
            amount = dice.choice((5, 25, 40, 70))
        case "late" | "late_kill":
            amount = dice.choice((3, 12, 25))
        case "slow_job":
            amount = dice.choice((4, 12, 20, 40, 160, 220))
        # Nobody knows the job's id: what it makes must be there within a minute of the request.
        case "slow_kill":
            amount = dice.choice((4, 12, 25))
        case "extra_failure":
            amount = dice.choice((0, 1))
        case "meanwhile":
            meanwhile = colleague_of(dice) if dice.random() < 0.8 else PutOnHold(dice.choice(("", "a")))
    return Strike(kind, point, nth, amount, meanwhile)
