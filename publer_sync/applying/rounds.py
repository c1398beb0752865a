"""Which new posts can go together: what has a free minute, what waits for one, and how circles are broken. Pure.

Publer wants a minute between the posts of an account, so a post that moves to a minute of another one has to wait
until that one has moved. Drafts hold no minute.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from publer_sync.model import MINUTE, LivePost, Slot
from publer_sync.planning.case import HOLDS_SLOT
from publer_sync.planning.effort import MOST_ROUNDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from publer_sync.applying.tasks import Creation


@dataclass(frozen=True, slots=True)
class Round:
    """`first_out`: whose old post has to go before anything is made. `go`: what is made, soonest first."""

    first_out: tuple[Creation, ...]
    go: tuple[Creation, ...]
    stuck: tuple[Creation, ...]
    """What waits for a minute that a post in Publer keeps."""


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

    def in_the_way_of(self, task: Creation) -> frozenset[str]:
        """Ids of the posts that have to go before the new post can come."""
        own = frozenset({task.old.live.id}) if task.old_first and task.old is not None else frozenset[str]()
        return own if task.draft else own | self.near(task.account, task.at)


def next_batch(
    waiting: Sequence[Creation],
    live: Iterable[LivePost],
    *,
    now: datetime,
    needs_uploads: Callable[[Creation], bool],
) -> list[Creation]:
    """What of these, soonest first, is uploaded and made before anything of the rest is uploaded.

    A post waits for nobody's uploads but those of posts at most twice as far ahead as the soonest, and what needs none
    comes along. So does what has to move before these can come.
    """
    slots = Slots(live)
    goers = {task.old.live.id: task for task in waiting if task.old is not None}
    ahead = waiting[0].at - now
    horizon = max(waiting[0].at, now + 2 * ahead)
    batch: dict[int, Creation] = {}
    todo = [task for task in waiting if task.at <= horizon or not needs_uploads(task)]
    while todo:
        task = todo.pop()
        if id(task) not in batch:
            batch[id(task)] = task
            todo += [goers[post] for post in slots.in_the_way_of(task) & goers.keys()]
    return [task for task in waiting if id(task) in batch]


def choose(tasks: Sequence[Creation], live: Iterable[LivePost], *, number: int) -> Round:
    """Choose the round of this `number` (from 1) among the tasks that still have a post to make."""
    slots = Slots(live)
    near = {id(task): slots.in_the_way_of(task) for task in tasks}
    goers = {task.old.live.id: task for task in tasks if task.old is not None}
    stuck = _stuck(tasks, near, goers)
    held = {id(task) for task in stuck}
    by_account: dict[str, list[Creation]] = defaultdict(list)
    for task in tasks:
        if id(task) not in held:
            by_account[task.account].append(task)
    first_out: list[Creation] = []
    go: list[Creation] = []
    for group in by_account.values():
        out, sent = _choose_account(group, near, goers, number=number)
        first_out += out
        go += sent
    go.sort(key=lambda task: (task.at, task.account))
    return Round(tuple(first_out), tuple(go), tuple(stuck))


def _choose_account(
    tasks: Sequence[Creation],
    near: Mapping[int, frozenset[str]],
    goers: Mapping[str, Creation],
    *,
    number: int,
) -> tuple[list[Creation], list[Creation]]:
    def waits_for(task: Creation) -> list[Creation]:
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


def _latest_of_circles(tasks: Sequence[Creation], waits_for: Mapping[int, list[Creation]]) -> list[Creation]:
    """One task of each circle: the one whose old post is the latest, for it can be away the longest."""
    seen: set[int] = set()
    out: list[Creation] = []
    for start in tasks:
        path: list[Creation] = []
        task = start
        while id(task) not in seen:
            seen.add(id(task))
            path.append(task)
            task = next(other for other in waits_for[id(task)] if other is not task)
        if task in path:
            circle = path[path.index(task) :]
            out.append(
                max(circle, key=lambda member: (member.old is not None and member.old.live.at) or member.at)
            )
    return out


def _stuck(
    tasks: Sequence[Creation], near: Mapping[int, frozenset[str]], goers: Mapping[str, Creation]
) -> list[Creation]:
    """Creations whose minute is held by a post that is not going, and those that wait for such tasks."""
    waiting: dict[int, list[Creation]] = defaultdict(list)
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
