"""Which changes can go together: what has a free minute, what goes in place, and how circles are broken. Pure.

Publer wants a minute between the posts of an account, so a post that moves to a minute of another one has to wait
until that one has moved. Drafts hold no minute.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from publer_sync.model import MINUTE, Family, LivePost, Slot

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from publer_sync.ledger.state import Record
    from publer_sync.planning.plan import Action, Doable

MOST_ROUNDS = 3
"""What is left of an account then goes in one delete and one create."""

HOLDS_SLOT = frozenset({Family.SCHEDULED, Family.RECYCLING, Family.RECURRING})


@dataclass(slots=True, eq=False)
class Task:
    """A change that is tried.

    `old` is the post that is changed or goes, while it is still in Publer; `out` is the same once it was taken out to
    make room for a new one that is not there yet. `made` is the ledger's record of the new one, from its intent on.
    """

    index: int
    change: Doable
    old: LivePost | None = None
    out: LivePost | None = None
    made: Record | None = None

    @property
    def action(self) -> Action:
        return self.change.action

    @property
    def account(self) -> str:
        return self.change.account.id

    @property
    def at(self) -> datetime:
        return self.change.at

    @property
    def draft(self) -> bool:
        return self.change.post is not None and self.change.post.draft


@dataclass(frozen=True, slots=True)
class Round:
    """`first_out`: whose old post has to go before anything is made. `go`: what is made, soonest first."""

    first_out: tuple[Task, ...]
    go: tuple[Task, ...]
    stuck: tuple[Task, ...]
    """What waits for a minute that nobody is going to free."""


class Slots:
    """The minutes that are held, for quick questions about a listing."""

    def __init__(self, live: Iterable[LivePost]) -> None:
        self._held: dict[Slot, list[LivePost]] = defaultdict(list)
        for post in live:
            if post.family in HOLDS_SLOT and post.slot is not None:
                self._held[post.slot].append(post)

    def near(self, account: str, at: datetime) -> frozenset[str]:
        """Ids of the posts less than a minute from `at`."""
        return frozenset(
            post.id
            for slot in Slot.of(account, at).around
            for post in self._held.get(slot, ())
            if post.at is not None and abs(post.at - at) < MINUTE
        )


def choose(tasks: Sequence[Task], live: Iterable[LivePost], *, number: int) -> Round:
    """Choose the round of this `number` (from 1) among the tasks that still have a post to make."""
    slots = Slots(live)
    near = {id(task): frozenset() if task.draft else slots.near(task.account, task.at) for task in tasks}
    goers = {task.old.id: task for task in tasks if task.old is not None}
    stuck = _stuck(tasks, near, goers)
    held = {id(task) for task in stuck}
    by_account: dict[str, list[Task]] = defaultdict(list)
    for task in tasks:
        if id(task) not in held:
            by_account[task.account].append(task)
    first_out: list[Task] = []
    go: list[Task] = []
    for group in by_account.values():
        out, sent = _choose_account(group, near, goers, number=number)
        first_out += out
        go += sent
    go.sort(key=lambda task: (task.at, task.account))
    return Round(tuple(first_out), tuple(go), tuple(stuck))


def _choose_account(
    tasks: Sequence[Task], near: Mapping[int, frozenset[str]], goers: Mapping[str, Task], *, number: int
) -> tuple[list[Task], list[Task]]:
    def waits_for(task: Task) -> list[Task]:
        return [goers[post] for post in sorted(near[id(task)])]

    ready = [task for task in tasks if all(other is task for other in waits_for(task))]
    if len(ready) < len(tasks) and number >= MOST_ROUNDS:
        blocking = {id(other) for task in tasks for other in waits_for(task)}
        return [task for task in tasks if id(task) in blocking], list(tasks)
    if ready:
        return [task for task in ready if waits_for(task)], ready
    out = _latest_of_circles(tasks, {id(task): waits_for(task) for task in tasks})
    gone = {id(task) for task in out}
    freed = [task for task in tasks if all(id(other) in gone for other in waits_for(task))]
    return out, freed


def _latest_of_circles(tasks: Sequence[Task], waits_for: Mapping[int, list[Task]]) -> list[Task]:
    """One task of each circle: the one whose old post is the latest, for it can be away the longest."""
    seen: set[int] = set()
    out: list[Task] = []
    for start in tasks:
        path: list[Task] = []
        task = start
        while id(task) not in seen:
            seen.add(id(task))
            path.append(task)
            task = next(other for other in waits_for[id(task)] if other is not task)
        if task in path:
            circle = path[path.index(task) :]
            out.append(
                max(circle, key=lambda member: (member.old is not None and member.old.at) or member.at)
            )
    return out


def _stuck(
    tasks: Sequence[Task], near: Mapping[int, frozenset[str]], goers: Mapping[str, Task]
) -> list[Task]:
    """Tasks whose minute is held by a post that is not going, and those that wait for such tasks."""
    waiting: dict[int, list[Task]] = defaultdict(list)
    for task in tasks:
        for post in near[id(task)] & goers.keys():
            waiting[id(goers[post])].append(task)
    todo = [task for task in tasks if not near[id(task)] <= goers.keys()]
    held = {id(task) for task in todo}
    while todo:
        for task in waiting[id(todo.pop())]:
            if id(task) not in held:
                held.add(id(task))
                todo.append(task)
    return [task for task in tasks if id(task) in held]
