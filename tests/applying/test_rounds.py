"""Which changes go together: a service that wants a minute between posts, and every way to move posts about in it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publer_sync.applying.rounds import Slots, choose, next_batch
from publer_sync.applying.tasks import Creation, Old
from publer_sync.planning.case import HOLDS_SLOT
from publer_sync.planning.effort import MOST_ROUNDS
from publer_sync.planning.plan import Action
from publer_sync.values.model import MINUTE, LivePost
from tests.builders import (
    DAY,
    HOUR,
    LAST,
    LATER,
    LINKEDIN,
    NOW,
    SECOND,
    SOON,
    TOMORROW,
    X,
    change,
    shown,
    wanted,
)
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from publer_sync.applying.rounds import Round
    from publer_sync.values.model import Account


def move(
    index: int,
    old: datetime | None,
    new: datetime,
    *,
    account: Account = X,
    draft: bool = False,
    state: str = "scheduled",
) -> Creation:
    """A post that goes from `old` to `new`, or one that is new."""
    more: dict[str, Any] = {"draft": True} if draft else {}
    post = wanted(new, f"Post {index}", account=account, **more)
    live = shown(old, f"Post {index}", account=account, id=f"p-{index}", state=state) if old else None
    made = change(Action.REPLACE, post, live=live) if live else change(Action.CREATE, post)
    return Creation(index, made, old=Old(index, live) if live else None)


def near(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and other is not None and abs(one - other) < MINUTE


@dataclass
class Service:
    """Publer as far as minutes go, and a run that goes well: first out, make, then remove what was replaced."""

    live: dict[str, LivePost]
    rounds: list[Round] = field(default_factory=list)

    def run(self, tasks: Sequence[Creation]) -> None:
        todo = list(tasks)
        while todo:
            chosen = choose(todo, self.live.values(), number=len(self.rounds) + 1)
            self.rounds.append(chosen)
            for task in chosen.first_out:
                assert task.old is not None
                assert any(
                    near(task.old.live.at, other.at) for other in chosen.go if other.account == task.account
                ), "gone before its successor is there, for nothing"
                self.remove(task)
            for task in chosen.go:
                self.make(task)
            for task in chosen.go:
                if task.old is not None:
                    self.remove(task)
            if not chosen.go:
                return
            todo = [task for task in todo if task not in chosen.go]

    def make(self, task: Creation) -> None:
        if not task.draft:
            for post in self.live.values():
                held = post.family in HOLDS_SLOT and post.account_id == task.account
                assert not (held and near(post.at, task.at)), f"refused: {post.id} has the minute"
        state = "draft" if task.draft else "scheduled"
        self.live[f"n-{task.index}"] = shown(
            task.at, account=task.change.account, id=f"n-{task.index}", state=state
        )

    def remove(self, task: Creation) -> None:
        assert task.old is not None
        del self.live[task.old.live.id]
        task.old = None


def ran(tasks: Sequence[Creation], others: Iterable[LivePost] = ()) -> Service:
    olds = [task.old.live for task in tasks if task.old is not None]
    service = Service({post.id: post for post in (*olds, *others)})
    service.run(tasks)
    return service


def numbers(tasks: Iterable[Creation]) -> list[int]:
    return [task.index for task in tasks]


# --- one situation each ---------------------------------------------------------------------------------------------


def test_what_has_a_free_minute_goes_at_once_soonest_first() -> None:
    tasks = [move(0, None, LAST), move(1, SOON, LATER), move(2, None, SOON + HOUR, account=LINKEDIN)]

    service = ran(tasks)

    assert [numbers(r.go) for r in service.rounds] == [[2, 1, 0]]
    assert service.rounds[0].first_out == ()


def test_a_chain_is_moved_from_its_free_end_without_a_gap() -> None:
    service = ran([move(0, SOON, LATER), move(1, LATER, LAST)])

    assert [numbers(r.go) for r in service.rounds] == [[1], [0]]
    assert [r.first_out for r in service.rounds] == [(), ()]


def test_a_new_post_waits_for_the_minute_that_another_one_leaves() -> None:
    service = ran([move(0, None, SOON), move(1, SOON, LATER)])

    assert [numbers(r.go) for r in service.rounds] == [[1], [0]]


def test_a_post_waits_for_the_one_whose_words_it_gets_and_for_no_other() -> None:
    """Otherwise the last two would wait for each other, and one of them be away for a while."""
    tasks = [move(0, SOON, LAST), move(1, TOMORROW, TOMORROW + HOUR), move(2, LATER, SOON)]
    tasks[0].behind = tasks[1]

    service = ran(tasks)

    assert [numbers(r.go) for r in service.rounds] == [[1], [0], [2]]
    assert [r.first_out for r in service.rounds] == [(), (), ()]


def test_what_is_made_anew_in_its_own_minute_goes_out_first() -> None:
    service = ran([move(0, SOON, SOON)])

    assert [(numbers(r.first_out), numbers(r.go)) for r in service.rounds] == [([0], [0])]


def test_a_draft_made_anew_in_its_own_minute_never_goes_first() -> None:
    service = ran([move(0, SOON, SOON, draft=True, state="draft"), move(1, LATER, LATER, draft=True)])

    assert [(numbers(r.first_out), numbers(r.go)) for r in service.rounds] == [([], [0, 1])]


def test_a_swap_takes_out_the_later_post_first() -> None:
    tasks = [move(0, SOON, LATER), move(1, LATER, SOON)]

    service = ran(tasks)

    assert [(numbers(r.first_out), numbers(r.go)) for r in service.rounds] == [([1], [0]), ([], [1])]


def test_each_circle_takes_out_its_latest_post_first() -> None:
    a, b, c, d, e = (SOON + hours * HOUR for hours in range(5))
    tasks = [move(0, b, c), move(1, c, a), move(2, a, b), move(3, e, d), move(4, d, e)]

    service = ran(tasks)

    assert numbers(service.rounds[0].first_out) == [1, 3]
    assert [numbers(r.go) for r in service.rounds] == [[0, 4], [2, 3], [1]]


def test_a_draft_without_a_time_counts_by_its_new_one_in_a_circle() -> None:
    """Two posts get the words of each other."""
    post, draft = move(0, SOON, LATER), move(1, None, TOMORROW)
    draft.old = Old(1, shown(None, id="p-1", state="draft"))
    post.behind, draft.behind = draft, post

    chosen = choose([post, draft], [draft.old.live, shown(SOON, id="p-0")], number=1)

    assert (numbers(chosen.first_out), numbers(chosen.go)) == ([1], [0])


def test_circles_wait_until_everything_else_is_done() -> None:
    tasks = [move(0, SOON, LATER), move(1, LATER, SOON), move(2, LAST, LAST + HOUR)]

    assert [numbers(r.go) for r in ran(tasks).rounds] == [[2], [0], [1]]


def test_what_would_take_more_than_three_rounds_goes_in_one_delete_and_one_create() -> None:
    tasks = [move(n, SOON + n * HOUR, SOON + (n + 1) * HOUR) for n in range(6)]

    service = ran(tasks)

    assert [numbers(r.go) for r in service.rounds] == [[5], [4], [0, 1, 2, 3]]
    assert [numbers(r.first_out) for r in service.rounds] == [[], [], [1, 2, 3]]


def test_an_account_that_takes_long_does_not_hurry_another() -> None:
    long = [move(n, SOON + n * HOUR, SOON + (n + 1) * HOUR) for n in range(6)]
    short = [
        move(6, SOON, LATER, account=LINKEDIN),
        move(7, LATER, LAST, account=LINKEDIN),
        move(8, LAST, LAST + HOUR, account=LINKEDIN),
    ]

    service = ran([*long, *short])

    assert numbers(service.rounds[2].first_out) == [1, 2, 3]
    assert [[n for n in numbers(r.go) if n > 5] for r in service.rounds] == [[8], [7], [6]]


@each_of("state", ["scheduled", "recycling", "recurring"])
def test_what_runs_into_a_post_that_stays_is_stuck_and_so_is_what_waits_for_it(state: str) -> None:
    tasks = [
        move(0, SOON, LATER),
        move(1, LATER, LAST),
        move(2, None, SOON),
        move(3, None, SOON, account=LINKEDIN),
        move(4, None, SOON + HOUR),
    ]
    stays = shown(LAST + 30 * SECOND, "Not managed here", id="f-1", state=state)

    chosen = choose(tasks, [*(task.old.live for task in tasks if task.old), stays], number=1)

    assert sorted(numbers(chosen.stuck)) == [0, 1, 2]
    assert numbers(chosen.go) == [3, 4]
    assert chosen.first_out == ()


@each_of("number", [1, 2, MOST_ROUNDS, MOST_ROUNDS + 1])
def test_nothing_stuck_is_sent_or_taken_out_in_any_round(number: int) -> None:
    tasks = [move(0, SOON, LATER), move(1, LATER, LAST), move(2, LAST, LAST)]
    stays = shown(LAST + 30 * SECOND, "Not managed here", id="f-1")

    chosen = choose(tasks, [*(task.old.live for task in tasks if task.old), stays], number=number)

    assert (chosen.go, chosen.first_out, len(chosen.stuck)) == ((), (), 3)


@each_of("state", ["draft", "published", "failed"])
def test_what_holds_no_minute_is_in_nobodys_way(state: str) -> None:
    chosen = choose([move(0, None, SOON)], [shown(SOON, id="f-1", state=state)], number=1)

    assert numbers(chosen.go) == [0]


@each_of("names", [(0, 1, 2), (1, 0, 2), (2, 1, 0), (1, 2, 0), (3, 8, 5), (8, 3, 5)])
def test_a_post_near_its_own_old_one_is_no_circle_while_it_waits_for_another(names: tuple[int, ...]) -> None:
    a, b, c = names
    tasks = [
        move(a, SOON + 30 * SECOND, SOON),  # also near b's old one
        move(b, SOON - 40 * SECOND, LATER),
        move(c, LATER, SOON - MINUTE),
    ]

    service = ran(tasks)

    assert [numbers(r.first_out) for r in service.rounds] == [[c], [a]]
    assert [numbers(r.go) for r in service.rounds] == [[b], [c, a]]


@each_of(
    ("seconds", "found"), [(0, True), (59, True), (-59, True), (60, False), (-60, False), (59.999, True)]
)
def test_near_is_less_than_a_minute(seconds: float, found: bool) -> None:
    slots = Slots([shown(SOON + seconds * SECOND), shown(SOON, account=LINKEDIN, id="p-2")])

    assert slots.near(X.id, SOON) == (frozenset({"p-1"}) if found else frozenset())


def test_a_post_without_a_time_holds_no_minute() -> None:
    assert Slots([shown(None)]).near(X.id, SOON) == frozenset()


# --- every way to move posts about ----------------------------------------------------------------------------------


@st.composite
def permutations(draw: st.DrawFn) -> list[Creation]:
    """Some posts of an account, a minute apart, that change places; some leave for free minutes, some are new or drafts."""
    count = draw(st.integers(1, 8))
    places = draw(st.permutations(range(count)))
    tasks = []
    for index, place in enumerate(places):
        kind = draw(st.sampled_from(("moves", "moves", "moves", "leaves", "new", "to draft", "from draft")))
        new = SOON + (place if kind != "leaves" else count + 5 + index) * MINUTE
        old = None if kind == "new" else SOON + index * MINUTE
        state = "draft" if kind == "from draft" else "scheduled"
        tasks.append(move(index, old, new, draft=kind == "to draft", state=state))
    return tasks


@given(permutations())
def test_any_change_of_places_is_done_in_three_rounds(tasks: list[Creation]) -> None:
    service = ran(tasks)

    assert len(service.rounds) <= MOST_ROUNDS
    assert not any(chosen.stuck for chosen in service.rounds)
    assert sorted(service.live) == sorted(f"n-{task.index}" for task in tasks)


@given(st.lists(st.integers(-1, 12), unique=True, min_size=1, max_size=6), st.integers(0, 3))
def test_posts_between_two_minutes_are_moved_in_three_rounds_too(places: list[int], skipped: int) -> None:
    """Old posts are 90 seconds apart, so that a new minute may be near one or two of them."""
    tasks = [
        move(n, SOON + 90 * (n + skipped) * SECOND, SOON + place * MINUTE) for n, place in enumerate(places)
    ]

    service = ran(tasks)

    assert len(service.rounds) <= MOST_ROUNDS
    assert sorted(service.live) == sorted(f"n-{task.index}" for task in tasks)


@given(permutations(), st.integers(0, 8))
def test_a_post_that_stays_keeps_its_minute_whatever_moves(tasks: list[Creation], place: int) -> None:
    """One that moves does not, and one in its place stays; the service refuses whoever comes too near."""
    stays = shown(SOON + place * MINUTE, id="f-1")
    tasks = [task for task in tasks if not (task.old and near(task.old.live.at, stays.at))]

    service = ran(tasks, [stays])

    assert "f-1" in service.live
    last = service.rounds[-1].stuck if service.rounds else ()
    for task in last:
        assert f"n-{task.index}" not in service.live
        assert task.old is None or task.old.live.id in service.live, "what is stuck stays as it was"


# --- speed ----------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("blocked", [False, True], ids=["all free", "all stuck"])
def test_ten_thousand_moves_are_chosen_in_linear_time(blocked: bool) -> None:
    count = 10_000
    tasks = [move(n, SOON + n * MINUTE, SOON + (n + 1) * MINUTE) for n in range(count)]
    live = [task.old.live for task in tasks if task.old]
    if blocked:
        live.append(shown(SOON + count * MINUTE, id="f-1"))
    start = time.process_time()

    chosen = choose(tasks, live, number=1)

    assert time.process_time() - start < 4
    assert len(chosen.stuck) == (count if blocked else 0)


# --- batches ---------------------------------------------------------------------------------------------------------


def batch(*tasks: Creation, uploads: Sequence[int] = (), live: Iterable[LivePost] = ()) -> list[int]:
    """Which of these go first."""
    ordered = sorted(tasks, key=lambda task: task.at)
    chosen = next_batch(ordered, live, now=NOW, needs_uploads=lambda task: task.index in uploads)
    return [task.index for group in chosen for task in group]


def test_what_needs_no_upload_goes_first() -> None:
    tasks = [move(n, None, NOW + hours * HOUR) for n, hours in enumerate((1, 2, 3, 9))]
    assert batch(*tasks) == [0, 1, 2, 3]
    assert batch(*tasks, uploads=[0, 3]) == [1, 2]


def test_a_batch_waits_for_uploads_of_posts_at_most_twice_as_far_ahead() -> None:
    tasks = [move(n, None, NOW + hours * HOUR) for n, hours in enumerate((1, 2, 3, 9))]
    assert batch(*tasks, uploads=[0, 1, 2, 3]) == [0, 1]
    assert batch(*tasks[2:], uploads=[2, 3]) == [2]


def test_a_batch_takes_along_what_stands_in_its_way() -> None:
    first, second, third = move(0, LAST, SOON), move(1, SOON, LATER + DAY), move(2, LATER + DAY, LAST + DAY)
    live = [task.old.live for task in (first, second, third) if task.old]
    assert batch(first, second, third, uploads=[0, 1, 2], live=live) == [0, 1, 2]
    assert batch(first, second, third, uploads=[2], live=live) == [0, 1, 2], "what waits for an upload too"
    assert batch(first, move(1, None, LATER + DAY), uploads=[0, 1], live=live) == [0]


def test_a_post_whose_time_has_passed_is_a_batch_of_its_own() -> None:
    assert batch(move(0, None, NOW - HOUR), move(1, None, LATER), uploads=[0, 1]) == [0]


def test_an_old_post_that_holds_the_minute_of_its_draft_is_in_its_way() -> None:
    draft, plain = move(1, SOON, SOON, draft=True), move(1, SOON, SOON)
    assert Slots([]).in_the_way_of(draft) == frozenset()
    draft.old_first = plain.old_first = True
    assert Slots([]).in_the_way_of(draft) == Slots([]).in_the_way_of(plain) == {"p-1"}
