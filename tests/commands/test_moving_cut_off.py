"""A post that moves between calendars whose apply is killed, refused, or cannot end: nobody's post is removed, none is doubled."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from publer_sync.commands import apply
from publer_sync.ledger.file_store import FileStore
from publer_sync.ledger.git_remote import Repository
from tests.commands.two import ACME, GLOBEX, LAUNCH, ON_A_BRANCH, ON_BOTH, Two
from tests.conftest import EVERY
from tests.ledger.git_world import git
from tests.system.worlds import DAY, T, Want

pytestmark = pytest.mark.usefixtures("every_kind_seen")


def slow(kind: str, *numbers: int) -> list[Any]:
    return [pytest.param(kind, number, marks=pytest.mark.slow) for number in numbers]


AT_ANY_WRITE = pytest.mark.parametrize(
    ("two", "number"),
    [("files", 2), *slow("files", 1, 3), *slow("branch", 1, *((2, 3) if EVERY else ()))],
    indirect=["two"],
)
"""Of an apply of both. On a branch, the first push moves the post: those after it only say how each run ended."""


def killed_at(two: Two, number: int, *, before: bool, words: tuple[str, ...]) -> bool:
    """An apply that ends just before or after its `number`th write of a state; whether it came so far."""
    written = 0
    where: Any = Repository if two.branch else FileStore
    method = "push" if two.branch else "_save"
    real = getattr(where, method)

    def write(*args: Any, **options: Any) -> Any:
        nonlocal written
        written += 1
        if written == number and before:
            raise SystemExit(137)
        done = real(*args, **options)
        if written == number:
            raise SystemExit(137)
        return done

    with mock.patch.object(where, method, write):
        two.run("apply", *words, "--yes")
    return written >= number


@AT_ANY_WRITE
@pytest.mark.parametrize("order", [(ACME, GLOBEX), (GLOBEX, ACME)])
@pytest.mark.parametrize("before", [True, False])
def test_killed_at_any_write_of_a_state_the_next_apply_of_both_converges(
    two: Two, number: int, before: bool, order: tuple[str, str]
) -> None:
    posts = two.ids()
    two.cut_and_paste(LAUNCH)
    reached = killed_at(two, number, before=before, words=order)
    assert reached or number > 2
    assert two.ids() == posts
    assert two.apply("clients")[0] == 0
    assert (two.ids(), two.writes()) == (posts, [])
    assert (two.kept(ACME), two.kept(GLOBEX)) == ([], posts)


@AT_ANY_WRITE
def test_killed_and_then_applied_each_for_itself_nothing_is_removed(two: Two, number: int) -> None:
    posts = two.ids()
    two.cut_and_paste(LAUNCH)
    killed_at(two, number, before=False, words=("clients",))
    for name in (ACME, GLOBEX, ACME):
        two.apply(name)
        assert (two.ids(), two.writes()) == (posts, [])
    assert two.apply("clients")[0] == 0
    assert (two.ids(), two.writes()) == (posts, [])
    assert (two.kept(ACME), two.kept(GLOBEX)) == ([], posts)


@AT_ANY_WRITE
def test_killed_and_then_put_back_it_stays_or_comes_back(two: Two, number: int) -> None:
    posts = two.ids()
    two.cut_and_paste(LAUNCH)
    killed_at(two, number, before=False, words=("clients",))
    two.cut_and_paste(LAUNCH, giver=GLOBEX, receiver=ACME)
    assert two.apply("clients")[0] == 0
    assert (two.ids(), two.writes()) == (posts, [])
    assert (two.kept(ACME), two.kept(GLOBEX)) == (posts, [])


@AT_ANY_WRITE
@pytest.mark.parametrize("words", [(ACME, GLOBEX), (GLOBEX, ACME)])
def test_killed_and_then_wanted_by_nobody_it_is_removed(
    two: Two, number: int, words: tuple[str, str]
) -> None:
    two.cut_and_paste(LAUNCH)
    killed_at(two, number, before=False, words=("clients",))
    two.cut_and_paste()
    assert two.apply(*words)[0] == 0
    assert two.ids() == []
    assert (two.kept(ACME), two.kept(GLOBEX)) == ([], [])


def test_where_the_receiver_is_refused_by_a_safety_limit_nothing_is_lost(two: Two) -> None:
    others = [Want(f"p{number}", "x", T + number * DAY, f"Post {number}") for number in range(1, 4)]
    two.write(GLOBEX, *others)
    assert two.apply("clients")[0] == 0
    before = two.ids()
    two.settings(GLOBEX, more="limits: {delete: 1}\n")
    two.cut_and_paste(LAUNCH)
    for words in ((ACME, GLOBEX), (GLOBEX, ACME)):
        ran = two.run("apply", *words, "--yes")
        assert (ran.code, two.ids()) == (4, before)
    assert sorted(two.kept(ACME) + two.kept(GLOBEX)) == before
    assert two.apply("clients")[0] == 0
    assert [post["text"] for post in two.posts()] == ["We launched"]
    assert two.kept(GLOBEX) == two.ids()


@ON_BOTH
def test_what_could_not_move_after_all_is_left_alone_by_both(two: Two) -> None:
    before = two.ids()
    two.cut_and_paste(LAUNCH)
    with mock.patch.object(apply, "exchange", return_value=()):
        code, results = two.apply("clients")
    assert (code, results[1]["error"]["code"]) == (5, "plan_old")
    assert (two.ids(), two.writes(), two.kept(ACME)) == (before, [], before)
    assert two.apply("clients")[0] == 0
    assert (two.ids(), two.kept(GLOBEX)) == (before, before)


@pytest.mark.parametrize("order", [(ACME, GLOBEX), (GLOBEX, ACME)])
def test_a_post_that_both_want_stays_with_the_one_that_manages_it(two: Two, order: tuple[str, str]) -> None:
    before = two.ids()
    two.write(GLOBEX, LAUNCH)
    for _ in range(2):
        code, results = two.apply(*order)
        [told] = results[order.index(GLOBEX)]["results"]
        assert (code, told["outcome"]) == (6, "not_tried")
        assert told["message"].endswith(f"the calendar {ACME} manages it")
        assert (two.ids(), two.writes(), two.kept(GLOBEX)) == (before, [], [])


@ON_A_BRANCH
def test_on_a_branch_both_states_go_in_one_commit(two: Two) -> None:
    two.cut_and_paste(LAUNCH)
    assert two.apply("clients")[0] == 0
    log = git(Path("remote.git"), "log", "--format=%x00", "--name-only", "publer-sync-state")
    changed = [{*commit.split()} for commit in log.split("\0")]
    assert {*map(two.part, (ACME, GLOBEX))} in changed


@pytest.mark.parametrize("words", [("clients",), (GLOBEX,)])
def test_a_release_moves_nothing_and_the_apply_after_it_does(two: Two, words: tuple[str, ...]) -> None:
    before = two.ids()
    hold = two.run("hold", GLOBEX, "--reason", "Accident in town", "--yes")
    assert hold.code == 0, hold
    two.cut_and_paste(LAUNCH)
    released = two.run("release", *words, "--yes")
    assert (two.ids(), two.kept(ACME)) == (before, before), released
    assert two.apply("clients")[0] == 0
    assert (two.ids(), two.kept(GLOBEX)) == (before, before)
