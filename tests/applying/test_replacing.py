"""What becomes of the old post of a replace, and of the new one where that comes too late."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from publer_sync.applying import first_writes
from publer_sync.applying.replacing import (
    _beside,
    _doubtful_media,
    _stands_in_its_own_way,
    _undo,
    remove_old,
    verify,
)
from publer_sync.applying.report import CHECKS_AGAIN, IN_DOUBT, UNLISTED, Cause, Outcome
from publer_sync.applying.tasks import Creation, Old
from publer_sync.ledger import copies
from publer_sync.ledger import state as ledgers
from publer_sync.ledger.copies import End
from publer_sync.ledger.state import KnownAccount
from publer_sync.machine.clock import Clock
from publer_sync.planning.plan import Action
from publer_sync.values.model import Failure
from tests.applying.runs import FakePubler, replaced, run_at
from tests.builders import (
    INSTAGRAM,
    LATER,
    LINKEDIN,
    NOW,
    SECOND,
    SOON,
    change,
    copy_of,
    ledger,
    sent,
    shown,
    wanted,
)
from tests.system.worlds import DAY, HOUR, MINUTE, T, Want, world_in
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.applying.run import Run
    from publer_sync.ledger.copies import Copy
    from publer_sync.values.model import LivePost
    from tests.system.worlds import World

FROZEN = "the post in Publer publishes within 15 minutes"
KEPT = "the new one is still in Publer, since it could not be removed again"


def test_progress_tells_how_many_old_posts_go(world: World) -> None:
    world.apply_first(Want("one", "x", T, "One"), Want("two", "x", T + HOUR, "Two"))
    world.write(Want("one", "x", T + 2 * HOUR, "One"), Want("two", "x", T + HOUR, "Two"))
    assert "1 new post is listed; removing the old one\n" in world.apply().ran.stderr
    world.write(Want("one", "x", T + 3 * HOUR, "One"), Want("two", "x", T + 4 * HOUR, "Two"))
    assert "2 new posts are listed; removing the old ones\n" in world.apply().ran.stderr


@pytest.mark.parametrize(
    ("trip", "ending", "publer_said", "left"),
    [
        (None, "the new one was removed again", None, 1),
        (
            {"kind": "error_before", "status": 422},
            f"{KEPT}: Publer refused to delete posts (422)",
            "Internal server error (not modelled: Publer's own words are not known)",
            2,
        ),
        (
            {"kind": "delete_nothing"},
            f"{KEPT}: Publer did not remove it and gave no reason",
            None,
            2,
        ),
    ],
)
def test_the_report_says_removed_of_a_new_post_only_where_publer_no_longer_lists_it(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    trip: dict[str, Any] | None,
    ending: str,
    publer_said: str | None,
    left: int,
) -> None:
    soon = Want("one", "facebook", _in(21 * MINUTE), "First words")
    world.apply_first(soon)
    if trip:
        world.sandbox.faults.trip(method="DELETE", **trip)
    _ten_minutes_pass_with_the(world, "POST", monkeypatch)
    world.write(replace(soon, at=soon.at + HOUR))
    done = world.apply()
    one = done.result("one")
    assert (done.code, one["outcome"]) == (6, "failed" if trip else "not_tried")
    assert one["message"] == f"{FROZEN}; {ending}"
    assert one["publer_said"] == publer_said
    assert len(world.live()) == left


def _in(time: timedelta) -> datetime:
    return datetime.now(UTC).replace(second=0, microsecond=0) + time


def _ten_minutes_pass_with_the(world: World, method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real, passed = world.sandbox.handle, [0 * MINUTE]

    def handle(request: Any) -> Any:
        passed[0] = 10 * MINUTE if request.method == method else passed[0]
        return real(request)

    world.sandbox.handle = handle  # type: ignore[method-assign]  # time passes in the middle
    monkeypatch.setattr(Clock, "now", lambda _: datetime.now(UTC) + passed[0])


@pytest.mark.parametrize("draft", [True, False])
@pytest.mark.parametrize("others", [0, 2])
def test_an_old_post_that_holds_the_minute_of_its_draft_goes_first(
    tmp_path: Path, draft: bool, others: int
) -> None:
    """Where the service counts drafts, it refuses the new post for the minute that the old one holds."""
    with world_in(tmp_path / "w", drafts_hold_minutes=True) as world:
        one = Want("one", "facebook", T, "First words", draft=not draft)
        more = [Want(f"p{n}", "facebook", T + (n + 1) * HOUR, f"Post {n}") for n in range(others)]
        world.apply_first(one)
        world.write(replace(one, draft=draft), *more)
        done = world.apply()
        assert (done.code, done.result("one")["outcome"]) == (0, "applied")
        assert world.writes() == ["POST"] * (1 + bool(others and draft)) + ["DELETE", "POST"]
        assert not world.settled_amiss()


def test_an_old_post_that_made_room_for_nothing_is_put_back(tmp_path: Path) -> None:
    """The gap was a hidden post's all along: the second refusal ends it, with the old post back where it was."""
    with world_in(tmp_path / "w", drafts_hold_minutes=True) as world:
        one = Want("one", "facebook", T, "First words", draft=True)
        world.apply_first(one)
        world.sandbox.faults.hidden = frozenset({world.stranger("facebook", T + MINUTE / 2, "hidden")})
        world.sandbox.faults.drafts_hold_minutes = False
        world.write(replace(one, draft=False))
        done = world.apply()
        assert done.code == 6
        assert done.result("one")["message"] == "Publer refused the post; the old post was put back"
        assert world.writes() == ["POST", "DELETE", "POST", "POST"]
        assert world.find(one.text)["state"] == "draft"
        back = ledgers.loads(world.ledger.read_bytes(), "the ledger").copies
        assert [copy.removed for copy in back.values() if copy.end is None and copy.post_id] == [False]


@pytest.mark.parametrize(("method", "nth"), [("DELETE", 1), ("POST", 1), ("DELETE", 2), ("POST", 2)])
def test_a_swap_that_was_cut_off_at_any_write_is_planned_and_finished_by_a_plain_apply(
    world: World, method: str, nth: int
) -> None:
    one, two = Want("a", "x", T, "One"), Want("b", "x", T + DAY, "Two")
    world.apply_first(one, two)
    world.write(replace(one, at=two.at), replace(two, at=one.at))
    _down_from_the(world, method, nth)
    assert world.apply("--timeout", "0.2").code == 1
    world.sandbox.faults.trips = []
    del world.sandbox.handle
    with mock.patch.object(copies, "LEAVING_POLLS", 10_000):  # however long a busy machine takes to plan
        left = {change["id"]: change for change in world.plan()["changes"]}
    assert not any(change["code"] for change in left.values())
    if (method, nth) == ("DELETE", 1):
        assert "b" not in left, "it may still be removed, or have been: nothing is planned of it yet"
    elif (method, nth) != ("POST", 2):
        assert (
            left["b"]["reason"]
            == "an earlier apply removed it from Publer to make room, and it is not back yet"
        )
        assert "n earlier apply removed it" in world.run("plan", world.top).stdout
    assert not world.settled_amiss()


def _down_from_the(world: World, method: str, nth: int) -> None:
    """Carry out this request, and answer neither it nor anything after it."""
    real, count = world.sandbox.handle, [0]

    def handle(request: Any) -> Any:
        count[0] += request.method == method
        if count[0] == nth and not world.sandbox.faults.trips:
            world.sandbox.faults.trip("drop_after", times=10**6)
        return real(request)

    world.sandbox.handle = handle  # type: ignore[method-assign]  # a number counts the requests of a method only


def test_an_old_post_stays_where_the_list_no_longer_shows_the_new_one() -> None:
    """A list that lies: it showed the new post once, and by the time the round is over it does not."""
    run, task, made = replaced(shown(SOON))
    assert verify(run, task, made) is None
    assert run.results[0].outcome is Outcome.UNVERIFIED
    assert task.old is not None


def test_a_new_post_that_is_listed_in_another_state_is_removed_again_and_says_why() -> None:
    live = (shown(SOON), shown(LATER, id="p-2", state="scheduled_locked"))
    run, task, made = replaced(*live, publer=FakePubler(*live))
    assert verify(run, task, made) is None
    assert run.results[0].outcome is Outcome.FAILED
    assert run.results[0].why.message == (
        "Publer lists it, but in another state: scheduled_locked; the new one was removed again"
    )


@each_of(
    ("right", "told"),
    [(True, None), (False, "Publer changed its words; the new one was removed again")],
)
def test_the_first_post_through_a_key_replaces_the_old_one_only_where_publer_kept_it_as_sent(
    right: bool, told: str | None
) -> None:
    live = (shown(SOON), shown(LATER, id="p-2"))
    run, task, made = replaced(*live, publer=FakePubler(*live))
    run.state.put(made := replace(made, alone=True))

    def judge(run: Run, task: Creation, *_: Any) -> bool:
        if not right:
            run.end(task, Outcome.FAILED, Cause("Publer changed its words"))
        return right

    with mock.patch.object(first_writes, "judge_new", judge):
        assert verify(run, task, made) == (made if right else None)
    assert {index: each.why.message for index, each in run.results.items()} == ({0: told} if told else {})


def test_a_new_post_that_publer_refused_failed_with_what_it_said() -> None:
    run, task, made = replaced(shown(SOON))
    run.state.drop(made)
    run.refusals[made.key] = Cause("Publer refused the post", "Too long")
    assert verify(run, task, made) is None
    assert (run.results[0].outcome, run.results[0].why.publer_said) == (Outcome.FAILED, "Too long")


def test_what_publer_said_of_its_job_is_told_of_a_post_that_is_not_listed() -> None:
    run, task, _ = replaced(shown(SOON))
    before = sent(wanted(LATER, id="one"), 2, entry=1)
    run.state.put(replace(before, job_id="j-1"))
    run.unplaced = {"j-1": (Failure("Internal error", None),)}
    assert verify(run, task, before) is None
    assert (run.results[0].outcome, run.results[0].why.publer_said) == (Outcome.UNVERIFIED, "Internal error")


@each_of(
    ("made", "sent_as", "told"),
    [
        (True, {"job_id": "j-1"}, f"Publer is still working on it; {CHECKS_AGAIN}"),
        (True, {}, f"Publer is still working on it; {CHECKS_AGAIN}"),
        (True, {"job_id": "j-1", "lapsed": True}, UNLISTED),
        (True, {"lapsed": True}, IN_DOUBT),
        (False, {"job_id": "j-1"}, UNLISTED),
        (False, {}, IN_DOUBT),
    ],
)
def test_what_is_known_of_a_new_post_that_is_not_listed_is_told(
    made: bool, sent_as: dict[str, Any], told: str
) -> None:
    run, task, _ = replaced(shown(SOON))
    before = sent(wanted(LATER, id="one"), 2, entry=1, **sent_as)
    run.state.copies.pop(2)
    if made:
        run.state.put(before)
    assert verify(run, task, before) is None
    assert (run.results[0].outcome, run.results[0].why.message) == (Outcome.UNVERIFIED, told)


@pytest.mark.parametrize("stays", [False, True])
def test_a_draft_that_publer_scheduled_is_removed_or_its_author_hears_that_it_will_be_published(
    stays: bool,
) -> None:
    live = shown(LATER, id="p-2")
    publer = FakePubler(live, stays=["p-2"] if stays else [])
    run, task, made = replaced(live, publer=publer, old=None)
    run.state.put(
        made := replace(made, sent=wanted(LATER, id="one", draft=True).content, turned_up="scheduled")
    )
    assert verify(run, task, made) is None
    assert publer.asked == ["p-2"]
    assert run.results[0].outcome is Outcome.FAILED
    assert run.results[0].why.message == (
        "Publer scheduled the draft, which will be published: it could not be removed: "
        "Publer did not remove it and gave no reason"
        if stays
        else "Publer scheduled the draft, which would have been published; it was removed again"
    )


@pytest.mark.parametrize(
    ("posts", "told"),
    [
        (1, "1 new post is listed; removing the old one"),
        (2, "2 new posts are listed; removing the old ones"),
    ],
)
def test_how_many_old_posts_go_is_told_before_they_do(posts: int, told: str) -> None:
    lines: list[str] = []
    run, task, made = replaced(shown(SOON), shown(LATER, id="p-2"))
    run.means = replace(run.means, progress=lambda _, text: lines.append(text))
    remove_old(run, [(task, made)] * posts)
    assert lines[0] == told


@each_of(
    ("live", "told"),
    [
        ((shown(SOON),), ""),
        ((shown(LATER, id="p-2"),), "the new version is in Publer too"),
        ((shown(SOON, state="draft"), shown(LATER, id="p-2")), "the new version is in Publer too"),
        (
            (shown(SOON), shown(LATER, id="p-2")),
            "the new version is in Publer too: delete one of the two, or both are published",
        ),
    ],
)
def test_beside_an_old_post_that_stays_the_new_version_is_told_of(
    live: tuple[LivePost, ...], told: str
) -> None:
    run, _, made = replaced(*live)
    assert _beside(run, Old(1, shown(SOON)), made).message == told


@pytest.mark.parametrize("protects", [True, False])
def test_a_new_post_that_someone_edited_is_removed_again_only_where_edits_are_overwritten(
    protects: bool,
) -> None:
    run, task, made = replaced(shown(SOON), shown(LATER, "By hand", id="p-2"))
    run.order = replace(run.order, protects_edits=protects)
    undone, _ = _undo(run, task, made)
    assert undone is not protects


def test_nothing_is_removed_for_new_posts_that_replace_none() -> None:
    lines: list[str] = []
    run, task, made = replaced(shown(LATER, id="p-2"), old=None)
    run.means = replace(run.means, progress=lambda word, _: lines.append(word))
    remove_old(run, [(task, made)])
    assert run.results[0].outcome is Outcome.APPLIED
    assert lines == []


@each_of(
    ("live", "stays", "done", "told"),
    [
        ((shown(SOON),), [], False, "the new one is not listed"),
        ((shown(SOON), shown(LATER, id="p-2")), [], True, "the new one was removed again"),
        ((shown(SOON), shown(LATER, id="p-2")), ["p-2"], False, "the new one is still in Publer"),
    ],
)
def test_whether_the_new_post_is_gone_again_is_told(
    live: tuple[LivePost, ...], stays: list[str], done: bool, told: str
) -> None:
    run, task, made = replaced(*live, publer=FakePubler(*live, stays=stays))
    undone, why = _undo(run, task, made)
    assert undone is done
    assert told in why.message


@each_of(
    ("task", "said", "own"),
    [
        ({}, "A one minute gap is required between posts", True),
        ({"old_first": True}, "A one minute gap is required between posts", False),
        ({"old": None}, "A one minute gap is required between posts", False),
        ({"old": Old(1, shown(SOON + 59 * SECOND))}, "A one minute gap is required between posts", True),
        ({"old": Old(1, shown(SOON + MINUTE))}, "A one minute gap is required between posts", False),
        ({"old": Old(1, shown(None, state="draft"))}, "A one minute gap is required between posts", False),
        ({}, "Too long", False),
    ],
)
def test_a_new_post_in_the_minute_of_its_old_one_stands_in_its_own_way_once(
    task: dict[str, Any], said: str, own: bool
) -> None:
    run, creation, _ = replaced(shown(SOON), **task)
    here = replace(creation.change, post=wanted(SOON, id="one"))
    creation.change = here
    assert _stands_in_its_own_way(run, creation, Cause("", said)) is own


SAID = "You may not post duplicative or substantially similar Tweets across one or more accounts."


@each_of(
    ("task", "live", "copies", "own"),
    [
        ({}, (), (), True),
        ({"old_first": True}, (), (), False),
        ({"old": None}, (), (), False),
        ({"old": Old(1, shown(SOON, "Other words"))}, (), (), False),
        ({}, (shown(LATER, id="p-3"),), (), False),
        ({}, (shown(LATER, "Other words", id="p-3"),), (), True),
        ({}, (shown(LATER, id="p-3", account=LINKEDIN),), (), True),
        ({}, (shown(LATER, id="p-3", account=INSTAGRAM),), (), True),
        ({}, (replace(shown(LATER, id="p-3"), account_id="unknown"),), (), False),
        ({}, (), (copy_of(wanted(LATER), 3, post_id="p-3"),), False),
        ({}, (), (sent(wanted(LATER), 3),), True),
        ({}, (), (copy_of(wanted(NOW - HOUR), 3, post_id="p-3", end=End.PUBLISHED),), False),
        ({}, (), (copy_of(wanted(NOW - 3 * DAY), 3, post_id="p-3", end=End.PUBLISHED),), True),
        ({}, (), (copy_of(wanted(NOW - 2 * DAY), 3, post_id="p-3", end=End.PUBLISHED),), True),
        ({}, (), (copy_of(wanted(NOW - HOUR), 3, post_id="p-3", end=End.REMOVED),), True),
    ],
)
def test_on_x_a_post_stands_in_the_way_of_its_own_words_unless_another_one_says_them(
    task: dict[str, Any], live: tuple[LivePost, ...], copies: tuple[Copy, ...], own: bool
) -> None:
    run, creation, made = replaced(shown(SOON), *live, **task)
    run.state.copies.pop(made.key)
    run.state.copies |= {copy.key: copy for copy in copies}
    run.accounts |= {LINKEDIN.id: LINKEDIN}
    run.state.accounts |= {INSTAGRAM.id: KnownAccount("instagram", "fjordlight")}
    assert _stands_in_its_own_way(run, creation, Cause("", SAID)) is own


@each_of(
    ("answer", "told"),
    [
        ({"id": "63c675e94e299e9cf2b667ec"}, True),
        ({"id": "63c675e94e299e9cf2b667ec", "type": "photo"}, False),
        ({}, False),
    ],
)
def test_media_that_the_library_does_not_know_may_be_why_a_post_was_lost(
    answer: dict[str, Any], told: bool
) -> None:
    name = "63c675e94e299e9cf2b667ec"
    new = change(Action.CREATE, wanted(SOON, media=[{"id": name}]))
    run = run_at((), ledger(media={name: answer}), changes=[new])
    assert bool(_doubtful_media(run, Creation(0, new))) is told
