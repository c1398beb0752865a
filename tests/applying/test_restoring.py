"""Which old posts are put back that were removed for new ones which did not come."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import pytest

from publer_sync.applying.report import Cause, Outcome
from publer_sync.applying.restoring import _sent_again, payload_of, put_back
from publer_sync.applying.tasks import Creation, Old
from publer_sync.ledger.copies import End
from publer_sync.planning.plan import Action
from publer_sync.values.errors import Unreachable
from publer_sync.values.model import MINUTE
from tests.applying.runs import Asked, FakePubler, run_at
from tests.builders import DAY, HOUR, LATER, LINKEDIN, NOW, SOON, change, copy_of, ledger, sent, shown, wanted
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.applying.run import Run
    from publer_sync.ledger.copies import Copy
    from publer_sync.publer.gateway import Publer
    from publer_sync.values.model import LivePost

POST = wanted(SOON, id="one", labels=["old"])
REMOVED = copy_of(POST, removing_at=NOW, removed=True, end=End.REMOVED, ended_at=NOW, job_id="j-1")
MOVE = change(Action.REPLACE, wanted(LATER, id="one"), live=shown(SOON), copy=REMOVED)


def refused(
    *live: LivePost, old: Copy = REMOVED, made: Copy | None = None, ended: bool = True
) -> tuple[Run, Creation]:
    """A replace whose old post was removed first, and whose new one Publer refused, unless it was `made`."""
    run = run_at(live, ledger(old, *([made] if made else [])), changes=[MOVE], publer=FakePubler(*live))
    task = Creation(0, MOVE, made=made, out=Old(1, shown(old.slot)))
    run.creations.append(task)
    if ended:
        run.end(task, Outcome.FAILED, "Publer refused the post")
    return run, task


def test_it_is_sent_again_as_it_was_and_nothing_of_its_end_is_left() -> None:
    run, _ = refused()
    ((_, old, again),) = _sent_again(run)
    assert old == REMOVED
    assert again == replace(
        copy_of(POST, 2, post_id=None, seen=None, verified_at=None, entry=1), requested_at=NOW
    )
    assert run.state.copies[2] == again
    assert run.state.copies[1] == REMOVED


@pytest.mark.parametrize(
    "made",
    [
        sent(wanted(LATER, id="one"), 2, entry=1),
        copy_of(wanted(LATER, id="one"), 2, post_id="p-2", entry=1),
    ],
    ids=["under way", "in Publer"],
)
def test_where_the_new_post_may_still_come_the_old_one_is_not_sent_again(made: Copy) -> None:
    run, _ = refused(made=made)
    assert not [*_sent_again(run)]
    assert run.state.copies.keys() == {1, 2}


def test_a_new_post_that_never_came_is_no_reason_to_wait() -> None:
    run, _ = refused(made=sent(wanted(LATER, id="one"), 2, entry=1, lapsed=True))
    assert len([*_sent_again(run)]) == 1


def test_while_the_replace_goes_on_nothing_is_put_back() -> None:
    run, task = refused(ended=False)
    run.means = replace(run.means, publer=cast("Publer", publer := Asked()))
    put_back(run)
    assert not publer.days, "and nothing listed"
    run.end(task, Outcome.FAILED, "Publer refused the post")
    task.out = None
    put_back(run)
    assert not publer.days, "nothing was removed for it"


@each_of(
    ("old", "live", "why"),
    [
        ({"slot": NOW + MINUTE / 2, "removing_at": NOW - DAY}, (), "its time came too close while waiting"),
        (
            {"slot": NOW + 2 * MINUTE, "removing_at": NOW, "seen": None},
            (),
            "it was removed so close to its time that it may still be published",
        ),
        (
            {"slot": NOW + MINUTE / 2, "removing_at": NOW, "seen": None},
            (
                shown(NOW + MINUTE / 2, "Other", id="f-1"),
                shown(NOW, id="pub", state="published"),
            ),
            "its time came too close while waiting",
        ),
        (
            {"slot": NOW + 2 * MINUTE, "removing_at": NOW, "seen": None},
            (shown(NOW + 2 * MINUTE, "Other", id="f-1"), shown(NOW, id="pub", state="published")),
            "it was removed so close to its time that it may still be published",
        ),
        (
            {},
            (shown(SOON, "Other", id="f-1"), shown(NOW, id="pub", state="published")),
            "another post is now scheduled for its minute",
        ),
        (
            {},
            (shown(NOW, id="pub", state="published"),),
            "a post that says the same was published meanwhile",
        ),
        (
            {},
            (shown(None, id="pub", state="published"),),
            "a post that says the same was published meanwhile",
        ),
        ({}, (shown(SOON, "Other", id="f-1"),), "another post is now scheduled for its minute"),
        ({}, (shown(SOON + MINUTE / 2, "Other", id="f-1"),), "another post is now scheduled for its minute"),
    ],
)
def test_what_cannot_be_put_back_is_told_with_all_that_it_takes_to_do_so_by_hand(
    old: dict[str, Any], live: tuple[LivePost, ...], why: str
) -> None:
    copy = replace(REMOVED, **old)
    run, task = refused(*live, old=copy)
    assert not [*_sent_again(run)]
    assert task.out is None
    result = run.results[0]
    assert (result.outcome, result.payload) == (Outcome.FAILED, payload_of(copy))
    assert "the old post could not be put back: " + why in result.why.message


@each_of(
    ("other", "goes_back"),
    [
        ({}, True),
        ({"slot": NOW - HOUR}, True),
        ({"slot": NOW - 2 * HOUR}, False),  # not at its time
        ({"slot": NOW + 2 * HOUR}, False),
        ({"entry": 1}, False),  # an older version of the same post
        ({"sent": wanted(NOW, "Else").content}, False),
        ({"account": LINKEDIN.id}, False),
        ({"post_id": None}, False),  # it never was in Publer
        ({"removing_at": NOW - MINUTE}, False),
        ({"end": End.PUBLISHED}, False),  # another one tells of it
        ({"post_id": "p-3"}, False),  # it is in Publer still
    ],
)
def test_what_was_published_meanwhile_is_another_post_that_says_the_same_and_is_due(
    other: dict[str, Any], goes_back: bool
) -> None:
    run, _ = refused(shown(NOW, id="pub", state="published"), shown(LATER, "Other", id="p-3"))
    run.state.put(replace(copy_of(wanted(NOW), 2, post_id="p-2", seen=None), **other))
    assert bool([*_sent_again(run)]) is goes_back


def test_what_was_published_without_a_time_is_no_other_post_of_the_calendar() -> None:
    run, _ = refused(shown(None, id="pub", state="published"))
    run.state.put(copy_of(wanted(NOW), 2, post_id="p-2"))
    assert not [*_sent_again(run)]


@pytest.mark.parametrize(
    ("found", "why", "payload"),
    [
        ({"post_id": "p-2"}, "the old post was put back", False),
        (
            {"post_id": "p-3"},
            "the old post was put back: Publer lists it as a draft, which is not published until somebody schedules it there",
            False,
        ),
        (None, "the old post could not be put back: Publer refused the post", True),
        ({}, "the old post was sent again and is not listed yet", False),
        (
            {"lapsed": True},
            "the old post could not be put back: Publer accepted it again but does not list it",
            True,
        ),
    ],
)
def test_the_result_says_what_became_of_the_old_post(
    found: dict[str, Any] | None, why: str, payload: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With all that it takes to make it by hand, where it is lost."""

    def follow(run: Run, keys: list[int]) -> None:
        run.page.posts["p-3"] = shown(SOON, id="p-3", state="draft")
        if found is None:  # its request was refused
            run.state.drop(run.state.copies[keys[0]])
            run.refusals[keys[0]] = Cause("Publer refused the post")
        else:
            run.state.put(replace(run.state.copies[keys[0]], **found))

    monkeypatch.setattr("publer_sync.applying.restoring.send", lambda *_: None)
    monkeypatch.setattr("publer_sync.applying.restoring.follow", follow)
    run, task = refused()
    put_back(run)
    result = run.results[0]
    assert result.why.message == f"Publer refused the post; {why}"
    assert (result.outcome, result.payload) == (Outcome.FAILED, payload_of(REMOVED) if payload else None)
    assert task.out is None


def test_it_is_put_back_also_where_nothing_can_be_listed_before(monkeypatch: pytest.MonkeyPatch) -> None:
    sent_again = list[int]()

    def unreachable(*_: object, **__: object) -> None:
        raise Unreachable("no network")

    monkeypatch.setattr("publer_sync.applying.restoring.send", lambda _, posts: sent_again.extend(posts))
    monkeypatch.setattr("publer_sync.applying.restoring.follow", lambda *_: None)
    run, _ = refused()
    monkeypatch.setattr(run.means.publer, "posts", unreachable)
    put_back(run)
    assert len(sent_again) == 1


def test_a_draft_needs_no_minute_of_its_own() -> None:
    run, _ = refused(
        shown(SOON, "Other", id="f-1"), old=replace(REMOVED, sent=replace(POST.content, draft=True))
    )
    assert len([*_sent_again(run)]) == 1
