"""Chooses new posts that can be sent together: what has a free minute, what waits for one, how circles are broken. Pure.

Publer wants a minute between the posts of an account, so a post that moves to a minute of another one has to wait
until that one has moved. Drafts hold no minute.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from publer_sync.planning.case import HOLDS_SLOT
from publer_sync.planning.effort import MOST_ROUNDS, horizon
from publer_sync.planning.plan import soonest
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.model import MINUTE, LivePost, Slot

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
    """The minutes that the posts of a listing hold, for quick look-ups."""

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
) -> list[list[Creation]]:
    """What of these, soonest first, is made before anything of the rest is uploaded: posts, each with what has to move first.

    What waits for no upload comes first. Then nothing is uploaded for posts more than twice as far ahead as the soonest.
    """
    before = _before(waiting, live)
    held = _with_followers(filter(needs_uploads, waiting), before, waiting)
    if free := [task for task in waiting if id(task) not in held]:
        return [free]
    until = horizon(now, soonest(waiting[0].change))
    seen: set[int] = set()
    batch: list[list[Creation]] = []
    for first in waiting:
        group: list[Creation] = []
        todo = [first] if soonest(first.change) <= until else []
        while todo:
            task = todo.pop()
            if id(task) not in seen:
                seen.add(id(task))
                group.append(task)
                todo += before[id(task)]
        if group:
            batch.append(sorted(group, key=lambda task: soonest(task.change)))
    return batch


def with_those_behind(
    first: Iterable[Creation], tasks: Sequence[Creation], live: Iterable[LivePost]
) -> set[int]:
    """The ids of these, and of the tasks that wait for them, directly or through others: for their minute or their words."""
    return _with_followers(first, _before(tasks, live), tasks)


def _before(tasks: Sequence[Creation], live: Iterable[LivePost]) -> Mapping[int, list[Creation]]:
    """Which of these each one waits for."""
    slots = Slots(live)
    goers = {task.old.live.id: task for task in tasks if task.old is not None}
    return {
        id(task): [
            *(goers[post] for post in slots.in_the_way_of(task) & goers.keys()),
            *_first(task, tasks),
        ]
        for task in tasks
    }


def choose(tasks: Sequence[Creation], live: Iterable[LivePost], *, number: int) -> Round:
    """Choose the round of this `number` (from 1) among the tasks that still have a post to make."""
    slots = Slots(live)
    near = {id(task): slots.in_the_way_of(task) for task in tasks}
    goers = {task.old.live.id: task for task in tasks if task.old is not None}
    stuck = _stuck(tasks, near, goers)
    held = _with_followers(stuck, {id(task): _first(task, tasks) for task in tasks}, tasks)
    by_account: dict[str, list[Creation]] = defaultdict(list)
    for task in tasks:
        if id(task) not in held:
            by_account[task.account].append(task)
    first_out: list[Creation] = []
    go: list[Creation] = []
    for group in by_account.values():
        waits_for = {
            id(task): [*(goers[post] for post in sorted(near[id(task)])), *_first(task, group)]
            for task in group
        }
        out, sent = _choose_account(group, waits_for, number=number)
        first_out += out
        go += sent
    go.sort(key=lambda task: (task.at, task.account))
    return Round(tuple(first_out), tuple(go), tuple(stuck))


def _choose_account(
    tasks: Sequence[Creation], waits_for: Mapping[int, list[Creation]], *, number: int
) -> tuple[list[Creation], list[Creation]]:
    ready = [task for task in tasks if all(other is task for other in waits_for[id(task)])]
    if len(ready) < len(tasks) and number >= MOST_ROUNDS:
        blocking = {id(other) for task in tasks for other in waits_for[id(task)]}
        return [task for task in tasks if id(task) in blocking], list(tasks)
    if ready:
        return [task for task in ready if waits_for[id(task)]], ready
    out = _latest_of_circles(tasks, waits_for)
    gone = {id(task) for task in out}
    freed = [task for task in tasks if all(id(other) in gone for other in waits_for[id(task)])]
    return out, freed


def _first(task: Creation, tasks: Sequence[Creation]) -> list[Creation]:
    """The task among these whose old post has the words that this one gets, while it is in Publer."""
    if task.behind is None:
        return []
    return [first for first in tasks if first is task.behind and first.old is not None]


def _latest_of_circles(tasks: Sequence[Creation], waits_for: Mapping[int, list[Creation]]) -> list[Creation]:
    """One task of each circle: the one whose old post is the latest, since it can be away the longest."""
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
    before = {id(task): [goers[post] for post in near[id(task)] & goers.keys()] for task in tasks}
    blocked = (task for task in tasks if not near[id(task)] <= goers.keys())
    held = _with_followers(blocked, before, tasks)
    return [task for task in tasks if id(task) in held]


def _with_followers(
    first: Iterable[Creation], before: Mapping[int, list[Creation]], tasks: Sequence[Creation]
) -> set[int]:
    """The ids of these, of the tasks that wait for them, and so on."""
    after: dict[int, list[Creation]] = defaultdict(list)
    for task in tasks:
        for other in before[id(task)]:
            after[id(other)].append(task)
    todo = list(first)
    held = {id(task) for task in todo}
    while todo:
        for task in after[id(todo.pop())]:
            if id(task) not in held:
                held.add(id(task))
                todo.append(task)
    return held
