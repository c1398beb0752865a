"""What Publer's answers to a DELETE mean, and how one that it refuses as a whole is divided."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from publer_sync.applying.deleting import (
    MOST_REFUSALS,
    NOT_ASKED,
    SILENT,
    Answers,
    RefusedWhole,
    ask_to_remove,
)
from publer_sync.applying.report import Cause
from publer_sync.values.errors import Refused, Unclear, Unreachable, UnrequestedDelete
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.values.errors import ServiceError

FOUR = ("p-1", "p-2", "p-3", "p-4")


class Publer:
    """Removes what it is asked to, but refuses a request with one of `bad` in it."""

    def __init__(self, *bad: str, error: ServiceError | None = None) -> None:
        self.bad, self.error = {*bad}, error or Refused("Publer refused the request", status=400)
        self.asked: list[tuple[str, ...]] = []

    def delete(self, ids: Sequence[str]) -> frozenset[str]:
        self.asked.append(tuple(ids))
        if not self.bad.isdisjoint(ids):
            raise self.error
        return frozenset(ids)


def answers_of(publer: Publer, ids: Sequence[str] = FOUR) -> Answers:
    answers = Answers()
    ask_to_remove(publer.delete, ids, answers)
    assert answers.asked == {*ids}, "every post gets one answer"
    return answers


def test_what_one_request_removes_is_removed() -> None:
    publer = Publer()
    assert answers_of(publer).removed == {*FOUR}
    assert publer.asked == [FOUR]


@each_of("status", [400, 403, 404, 413, 414, 422])
def test_a_request_that_is_refused_as_a_whole_is_divided_until_the_bad_one_is_alone(status: int) -> None:
    publer = Publer("p-3", error=Refused("no", status=status))
    answers = answers_of(publer)
    assert (answers.removed, {*answers.refused}) == ({"p-1", "p-2", "p-4"}, {"p-3"})
    assert publer.asked == [FOUR, ("p-1", "p-2"), ("p-3", "p-4"), ("p-3",), ("p-4",)]


@each_of(
    "error",
    [
        *(Refused("no", status=status, code="key.refused") for status in (401, 403)),
        *(Refused("no", status=status, code="publer.shut") for status in (403, 429)),
        Refused("no", status=429),
        Unreachable("nobody answers"),
    ],
)
def test_what_is_not_about_one_of_the_posts_is_not_divided(error: ServiceError) -> None:
    publer = Publer("p-3", error=error)
    answers = answers_of(publer)
    assert ({*answers.refused}, answers.removed, answers.unclear) == ({*FOUR}, set(), {})
    assert publer.asked == [FOUR]


def test_an_answer_that_never_came_is_neither_a_yes_nor_a_no() -> None:
    answers = answers_of(Publer("p-3", error=Unclear("no answer")))
    assert ({*answers.unclear}, answers.refused, answers.removed) == ({*FOUR}, {}, set())


def test_what_the_answer_leaves_out_was_not_removed() -> None:
    answers = Answers()
    ask_to_remove(lambda ids: frozenset(ids[:1]), FOUR, answers)
    assert (answers.removed, answers.refused) == ({"p-1"}, dict.fromkeys(FOUR[1:], SILENT))


def test_after_so_many_refusals_in_a_row_nothing_more_is_asked() -> None:
    many = tuple(f"p-{number}" for number in range(100))
    publer = Publer(*many)
    answers = answers_of(publer, many)
    asked = len(publer.asked)
    assert MOST_REFUSALS <= asked <= 5 * MOST_REFUSALS
    assert {*answers.refused} == {*many}
    ask_to_remove(publer.delete, ("q-1",), answers)
    assert len(publer.asked) == asked
    assert answers.refused["q-1"] == NOT_ASKED
    last = Answers()
    last.row.refusals = MOST_REFUSALS - 1
    ask_to_remove(Publer("p-3").delete, FOUR, last)
    assert last.refused == dict.fromkeys(FOUR, Cause.of(publer.error)), "these were asked for"


def test_some_that_are_refused_each_for_itself_keep_no_other_in() -> None:
    many = tuple(f"p-{number}" for number in range(50))
    publer = Publer(*many[:3])
    answers = answers_of(publer, many)
    assert ({*answers.refused}, answers.removed) == ({*many[:3]}, {*many[3:]})


def test_where_all_are_gone_not_each_is_asked_for_alone() -> None:
    """A listing tells of the rest."""
    many = tuple(f"p-{number}" for number in range(100))
    asked: list[int] = []

    def delete(ids: Sequence[str]) -> frozenset[str]:
        asked.append(len(ids))
        if len(ids) > 1:
            raise Refused("no such post", status=404)
        return frozenset()

    answers = Answers()
    ask_to_remove(delete, many, answers)
    assert answers.asked == {*many}
    assert len([number for number in asked if number > 1]) == MOST_REFUSALS
    assert len(asked) < 2 * MOST_REFUSALS


def test_a_removal_that_succeeds_ends_the_row() -> None:
    """Else one bad post in each of many requests would end them all."""
    publer, answers = Publer("bad", "worse"), Answers()
    for number in range(MOST_REFUSALS):
        ask_to_remove(publer.delete, ("bad", f"p-{number}"), answers)
    assert answers.removed == {f"p-{number}" for number in range(MOST_REFUSALS)}


def test_a_post_that_nobody_asked_to_remove_ends_everything() -> None:
    with pytest.raises(UnrequestedDelete):
        answers_of(Publer("p-1", error=UnrequestedDelete("it removed another post")))


@pytest.mark.parametrize(("alone", "enough"), [(MOST_REFUSALS - 1, False), (MOST_REFUSALS, True)])
def test_so_many_that_are_refused_each_for_itself_start_the_count_over_no_more(
    alone: int, enough: bool
) -> None:
    row = RefusedWhole()
    for posts in [1] * (alone - 1) + [2] * (MOST_REFUSALS - 1) + [1, 2]:
        row.refused(posts)
    assert row.is_enough is enough


def test_what_is_removed_in_between_shows_that_single_posts_are_the_cause() -> None:
    """However many were refused one by one before: a later request is divided down to the post that it means."""
    publer, answers = Publer("bad", "worse"), Answers()
    for number in range(MOST_REFUSALS + 1):
        ask_to_remove(publer.delete, ["bad"], answers)
        ask_to_remove(publer.delete, [f"good-{number}"], answers)
    many = [f"p-{number}" for number in range(2 ** (MOST_REFUSALS - 2))]
    ask_to_remove(publer.delete, ["bad", *many, "worse"], answers)
    assert answers.removed >= {*many}
