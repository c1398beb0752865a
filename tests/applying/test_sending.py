"""What becomes of a bulk of new posts, as far as Publer's job tells."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.applying.deleting import MOST_REFUSALS, RefusedWhole
from publer_sync.applying.following import Followed, Follower
from publer_sync.applying.permission import EDITED
from publer_sync.applying.report import Cause
from publer_sync.applying.sending import (
    Sent,
    _counted,
    _intend_again,
    _refused,
    follow,
    may_be_sent,
    send,
)
from publer_sync.applying.tasks import Creation
from publer_sync.networks.table import ITEMS_PER_JOB
from publer_sync.planning.plan import Action
from publer_sync.values.errors import Interrupted, PlanRefused, Refused
from publer_sync.values.model import MINUTE, Failure, Job, JobStatus
from tests.applying.runs import FakePubler, replaced, run_at
from tests.applying.whole import Whole
from tests.builders import LINKEDIN, NOW, SECOND, SOON, change, ledger, sent, shown, wanted
from tests.system.worlds import ACCOUNTS, HOUR, T, Want
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.system.worlds import World

POSTS = [Want(f"p{hour}", "facebook", T + hour * HOUR, f"At {hour}") for hour in range(3)]


def test_what_publer_says_of_one_of_several_lost_posts_is_told_of_each(world: World) -> None:
    """One is refused and one is lost in silence; the failure names their account alone."""
    world.write(*POSTS)
    world.sandbox.faults.hidden = frozenset({world.stranger("facebook", T + HOUR, "hidden")})
    world.sandbox.faults.lose = frozenset({2})
    done = world.apply()
    assert done.code == 6
    assert [outcome for *_, outcome in done.outcomes] == ["applied", "unverified", "unverified"]
    for name in ("p1", "p2"):
        told = done.result(name)
        assert "one minute gap" in told["publer_said"].lower()
        assert told["message"] == (
            "Publer refused posts of this account and does not list this one; "
            "the next apply checks before sending again"
        )
    assert "remarks" not in done.document


@pytest.mark.parametrize("account", ["facebook", None])
@pytest.mark.parametrize("style", ["json", "text", "markdown"])
def test_what_publer_says_of_no_post_in_particular_is_in_the_report(
    world: World, account: str | None, style: str
) -> None:
    world.write(*POSTS, replace(POSTS[0], id="x", account="x"))
    _jobs_also_say(world, "Video processing was skipped", account and ACCOUNTS[account])
    ran = world.run("apply", world.top, "--yes", "--format", style)
    assert ran.code == 0
    if style == "json":
        (remark,) = json.loads(ran.stdout)["remarks"]
        assert remark["publer_said"] == "Video processing was skipped"
        assert (remark["account"] and remark["account"]["alias"]) == account
    else:
        whose = account or "a post that it does not name"
        assert f'Publer also says of {whose}: "Video processing was skipped"' in ran.stdout


def _jobs_also_say(world: World, message: str, account: str | None) -> None:
    real = world.sandbox.handle

    def handle(request: Any) -> Any:
        answer = real(request)
        if answer is None or "/job_status/" not in request.path:
            return answer
        body = json.loads(answer.body)
        if body.get("status") == "complete":
            body["payload"] = {"failures": [{"account_id": account, "message": message}]}
        return replace(answer, body=json.dumps(body).encode())

    world.sandbox.handle = handle  # type: ignore[method-assign]  # a job says more than the sandbox knows


def test_a_request_without_an_answer_is_not_called_accepted(world: World) -> None:
    world.write(Want("one", "x", T, "aaa"))
    world.sandbox.faults.trip("drop_before", "POST", "schedule")
    result = world.apply().result("one")
    assert (result["outcome"], result["message"].partition(";")[0]) == (
        "unverified",
        "Publer may have the post but does not list it yet",
    )


@pytest.mark.parametrize("put_back", [False, True])
def test_an_intent_that_grew_old_is_noted_again_where_there_is_still_time(put_back: bool) -> None:
    """Two new posts, or two old ones that are put back; one of them a second too near by now."""
    copies = [sent(wanted(NOW + MINUTE - n * SECOND), n + 1) for n in range(2)]
    moves = [change(Action.CREATE, wanted(copy.slot)) for copy in copies]
    run = run_at(state=ledger(*copies), changes=moves)
    posts = [
        Sent(copy, None if put_back else Creation(n, moves[n], made=copy)) for n, copy in enumerate(copies)
    ]
    (again,) = _intend_again(run, posts)
    assert (again.copy.key, again.copy.requested_at) == (1, NOW)
    assert run.state.copies == {1: again.copy}, "the intent of the other is taken back"
    assert [*run.refusals] == ([2] if put_back else [])
    assert [*run.results] == ([] if put_back else [1])


def test_what_publer_said_of_a_post_is_not_told_of_the_others_of_its_job(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Only what it said without saying of which."""
    placed, open_ = Failure("Too long", "a-x"), Failure("Internal error")
    done = Followed(ledger(), refusals={1: (placed,)}, jobs={"j-1": Job(JobStatus.COMPLETE, (placed, open_))})
    monkeypatch.setattr(Follower, "follow", lambda *_: done)
    run = run_at(publer=FakePubler())
    follow(run, [1, 2])
    assert run.unplaced == {"j-1": (open_,)}
    assert run.refusals[1].publer_said == "Too long"
    assert [each.publer_said for each in run.remarks] == ["Internal error"]


class Bulks(FakePubler):
    """Refuses each request that has one of the posts `bad`, or raises `ends` at the request of that number."""

    def __init__(self, bad: set[int], ends: tuple[int, Exception] | None = None) -> None:
        super().__init__()
        self.bad, self.ends = bad, ends

    def schedule(self, items: Sequence[Mapping[str, Any]], *, draft: bool) -> str:
        del draft
        numbers = [int(next(iter(item["networks"].values()))["text"]) for item in items]
        self.asked.append(numbers)
        if self.ends is not None and len(self.asked) == self.ends[0]:
            raise self.ends[1]
        if self.bad.intersection(numbers):
            raise Refused("no", status=422)
        return f"j-{len(self.asked)}"


def sent_in_bulks(publer: Bulks, posts: int) -> tuple[set[int], set[int]]:
    """Which posts of so many have a job, and which were refused; of the rest, the intent is taken back."""
    wants = [wanted(SOON + n * MINUTE, str(n)) for n in range(posts)]
    copies = [sent(want, n + 1, requested_at=NOW, job_id=None) for n, want in enumerate(wants)]
    run = run_at(
        state=ledger(*copies), changes=[change(Action.CREATE, want) for want in wants], publer=publer
    )
    run.noting.noted = True
    with contextlib.suppress(Interrupted):
        send(run, [Sent(copy) for copy in copies])
    assert all(copy.job_id for copy in run.state.copies.values())
    return {key - 1 for key in run.state.copies}, {key - 1 for key in run.refusals}


def test_of_a_full_request_that_is_refused_as_a_whole_the_rest_is_sent_wherever_the_bad_one_is() -> None:
    """Nine requests for several posts are refused before the soonest stands alone."""
    done, refused = sent_in_bulks(Bulks({0, 499}), ITEMS_PER_JOB)
    assert (done, refused) == ({*range(1, 499)}, {0, 499})


@pytest.mark.parametrize("bad", [{0, 1, 2}, {0, 1, 2, 3, 4}, {100, 101, 102, 399}])
def test_a_post_on_several_accounts_that_is_refused_keeps_no_other_one_out(bad: set[int]) -> None:
    """Its items are side by side. One that is refused alone was meant, and not those beside it."""
    done, refused = sent_in_bulks(Bulks(bad), ITEMS_PER_JOB)
    assert (done, refused) == ({*range(ITEMS_PER_JOB)} - bad, bad)


def test_after_so_many_refusals_in_a_row_no_other_post_of_them_is_tried() -> None:
    publer = Bulks({*range(500)})
    assert sent_in_bulks(publer, 500) == (set(), {*range(500)})
    assert len([numbers for numbers in publer.asked if len(numbers) == 1]) <= 2 * MOST_REFUSALS
    assert len(publer.asked) <= 5 * MOST_REFUSALS


def test_a_request_that_publer_accepts_ends_the_row() -> None:
    bad = {4 * n for n in range(16)}
    done, refused = sent_in_bulks(Bulks(bad), 64)
    assert (done, refused) == ({*range(64)} - bad, bad)


def test_what_is_not_about_one_of_the_posts_is_not_divided() -> None:
    publer = Bulks(set(), (1, Refused("no", status=403)))
    assert sent_in_bulks(publer, 4) == (set(), {0, 1, 2, 3})
    assert len(publer.asked) == 1


def test_where_a_run_is_stopped_while_it_divides_the_rest_is_not_called_sent() -> None:
    assert sent_in_bulks(Bulks({3}, (4, Interrupted("stopped"))), 8) == ({0, 1}, set())


@pytest.mark.parametrize("before", [True, False])
def test_the_first_one_takes_nothing_that_was_in_its_minute_when_it_was_sent(before: bool) -> None:
    """Whatever came after the plan too: a page that was listed just before had it."""
    draft = wanted(SOON, "Ours", draft=True)
    state = ledger(sent(draft, alone=True, requested_at=NOW))
    theirs = shown(SOON, "A colleague's", id="p-9", state="draft")
    publer = FakePubler(theirs)
    run = run_at([theirs] if before else [], state, changes=[change(Action.CREATE, draft)], publer=publer)
    follow(run, [1])
    assert run.state.copies[1].post_id == (None if before else "p-9")


def test_nobody_waits_for_what_was_taken_back() -> None:
    run = run_at((), ledger(), publer=FakePubler(shown(SOON)))
    follow(run, [99])
    assert run.state.copies == {}


def test_what_may_not_be_changed_any_more_is_not_replaced_either() -> None:
    run, task, _ = replaced(replace(shown(SOON), text="By hand"), made=None)
    assert not may_be_sent(run, task)
    assert run.results[0].why == EDITED
    near = change(Action.CREATE, wanted(NOW + MINUTE / 2))
    late = run_at((), ledger(), changes=[near])
    assert not may_be_sent(late, Creation(0, near))


def test_nobody_waits_for_nothing_and_a_locked_subscription_ends_the_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = run_at((), ledger())
    follow(run, [])
    locked = Followed(ledger(), locked=True)
    monkeypatch.setattr(Follower, "follow", lambda *_: locked)
    with pytest.raises(PlanRefused):
        follow(run_at((), ledger(sent(wanted(SOON))), publer=FakePubler()), [1])


def test_what_is_not_about_one_of_the_posts_does_not_count_as_one_of_so_many_refusals() -> None:
    for status, counted in ((403, 0), (422, 1)):
        row, copies = RefusedWhole(), [sent(wanted(SOON), 1), sent(wanted(SOON + MINUTE), 2)]
        run = run_at(state=ledger(*copies), publer=Bulks(set()))
        row.alone = MOST_REFUSALS - 1
        _refused(run, [Sent(copy) for copy in copies[:1]], Refused("no", status=status), row, draft=False)
        assert row.alone == MOST_REFUSALS - 1 + counted
        assert [*run.state.copies] == [2]


@each_of("late", [False, True])
def test_an_intent_that_is_too_old_is_noted_again_before_its_request_leaves(late: bool) -> None:
    want, diary = wanted(SOON, "One"), list[str]()
    copy = sent(want, requested_at=NOW - (31 if late else 30) * SECOND)
    publer = Whole()
    run = run_at(state=ledger(copy), changes=[change(Action.CREATE, want)], publer=publer)
    run.means = replace(run.means, save=lambda _, within=0: diary.append(f"saved after {len(publer.wrote)}"))
    run.noting.noted = True
    send(run, [Sent(copy)])
    assert diary == [*(["saved after 0"] * late), "saved after 1"]
    assert publer.wrote == ["new One"]


def test_what_came_late_is_taken_for_what_was_sent_before_also_where_a_page_had_it_already() -> None:
    """Its minute and its words tell that it is no other post."""
    want = wanted(SOON, "Ours")
    late = shown(SOON, "Ours", id="p-9")
    run = run_at([late], ledger(sent(want)), changes=[change(Action.CREATE, want)], publer=FakePubler(late))
    follow(run, [1])
    assert run.state.copies[1].post_id == "p-9"


@each_of(("put_back", "shown_before"), [(False, False), (False, True), (True, False)])
def test_a_post_whose_media_are_no_longer_known_is_not_sent_and_says_so(
    put_back: bool, shown_before: bool
) -> None:
    pictured, plain = wanted(SOON, media=[{"file": "sha256:a"}], type="photo"), wanted(SOON + MINUTE, "Plain")
    copies = [sent(want, n + 1, requested_at=NOW, job_id=None) for n, want in enumerate((pictured, plain))]
    moves = [change(Action.CREATE, pictured), change(Action.CREATE, plain)]
    publer = Whole()
    run = run_at(state=ledger(*copies), changes=moves, publer=publer)
    run.noting.noted = True
    run.uploads.shown = {"sha256:a": {"id": "m-1"}} if shown_before else {}
    tasks = [Creation(n, each, made=copies[n]) for n, each in enumerate(moves)]
    send(run, [Sent(copy, None if put_back else task) for copy, task in zip(copies, tasks, strict=True)])
    assert publer.wrote == ["new Plain"]
    assert [*run.state.copies] == [2]
    why = Cause("its media has not been uploaded, as far as the state knows")
    assert run.refusals == {1: why}
    assert {index: each.why for index, each in run.results.items()} == ({} if put_back else {0: why})


def test_an_old_post_is_put_back_with_the_media_that_publer_showed_of_it() -> None:
    pictured, publer = wanted(SOON, "Old", media=[{"file": "sha256:a"}], type="photo"), Whole()
    copy = sent(pictured, requested_at=NOW, job_id=None)
    run = run_at(state=ledger(copy), changes=[change(Action.CREATE, pictured)], publer=publer)
    run.noting.noted = True
    run.uploads.shown = {"sha256:a": {"id": "m-1", "type": "photo"}}
    send(run, [Sent(copy)])
    assert publer.wrote == ["new Old"]


def test_a_post_on_several_accounts_is_counted_once_and_beside_it_on_how_many_it_is() -> None:
    both = [sent(wanted(SOON), 1), sent(wanted(SOON, account=LINKEDIN), 2)]
    assert [_counted(both[:1]), _counted(both)] == ["1 post", "1 post (2 across all accounts)"]
    assert _counted([both[0], sent(wanted(SOON, "Another"), 3)]) == "2 posts"
