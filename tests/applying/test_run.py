"""Intents: each write is noted in the ledger shortly before it leaves, and no more often than that."""

from __future__ import annotations

import math
import subprocess
import time
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.applying.report import Cause, Outcome, Remark, Result
from publer_sync.applying.run import IntentTooOldError
from publer_sync.applying.tasks import Creation, Old, Task
from publer_sync.ledger import state as ledgers
from publer_sync.ledger.copies import End
from publer_sync.ledger.file_store import FileStore
from publer_sync.machine.clock import Clock
from publer_sync.planning.inventory import Inventory
from publer_sync.planning.plan import Action
from publer_sync.planning.survey import HORIZON
from publer_sync.values.errors import BusyStateError, Interrupted, StateError
from publer_sync.values.model import Failure
from tests.applying.runs import OURS, Asked, FakePubler, run_at
from tests.builders import LATER, LINKEDIN, NOW, SECOND, SOON, X, change, copy_of, ledger, sent, shown, wanted
from tests.system.worlds import DAY, HOUR, MINUTE, T, Want, World
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.values.model import LivePost

SECONDS = timedelta(seconds=1)


def soon(minutes: float) -> datetime:
    return datetime.now(UTC).replace(second=0, microsecond=0) + minutes * MINUTE


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Call it with the seconds that each next save takes; then saves are quick again."""
    passed, waits = [0 * SECONDS], list[int]()
    write = FileStore.write

    def write_slowly(store: FileStore, state: ledgers.State, **_: float) -> None:
        write(store, state)
        passed[0] += (waits.pop(0) if waits else 0) * SECONDS

    monkeypatch.setattr(Clock, "now", lambda _: datetime.now(UTC) + passed[0])
    monkeypatch.setattr(FileStore, "write", write_slowly)
    return waits.extend


def intents_at_each_write(world: World) -> list[timedelta]:
    """How old the newest intent in the ledger is as each write arrives; fills up as the apply goes on."""
    ages: list[timedelta] = []
    real = world.sandbox.handle

    def handle(request: Any) -> Any:
        if request.method != "GET":
            copies = ledgers.loads(world.ledger.read_bytes(), "the ledger").copies.values()
            noted = [at for copy in copies for at in (copy.requested_at, copy.removing_at) if at]
            ages.append(Clock().now() - max(noted))
        return real(request)

    world.sandbox.handle = handle  # type: ignore[method-assign]  # looks at the ledger as Publer gets a request
    return ages


ONE = Want("one", "facebook", T, "One")


@pytest.mark.parametrize(
    ("before", "after", "writes"),
    [
        ((), (ONE,), ["POST"]),
        ((ONE,), (replace(ONE, text="Other"),), ["PUT"]),
        ((ONE,), (replace(ONE, at=T + HOUR),), ["POST", "DELETE"]),
        ((ONE,), (replace(ONE, labels=("new",)),), ["DELETE", "POST"]),
        ((ONE, Want("two", "x", T, "Two")), (ONE,), ["DELETE"]),
    ],
    ids=["create", "update", "move", "replace", "delete"],
)
@pytest.mark.parametrize("seconds", [0, 20, 31, 300])
def test_a_write_leaves_within_half_a_minute_of_its_intent(
    world: World,
    slow: Any,
    before: tuple[Want, ...],
    after: tuple[Want, ...],
    writes: list[str],
    seconds: int,
) -> None:
    if before:
        world.apply_first(*before)
    world.write(*after)
    ages = intents_at_each_write(world)
    slow([seconds])
    assert world.apply().code == 0
    assert world.writes() == writes
    assert max(ages) < 31 * SECONDS
    del world.sandbox.handle
    assert not world.settled_amiss()


def test_a_post_that_is_too_late_once_its_intent_is_saved_is_not_sent(world: World, slow: Any) -> None:
    world.write(Want("late", "facebook", soon(4), "Late"), ONE)
    slow([240])
    done = world.apply()
    assert (done.code, done.outcomes) == (6, [("create", "late", "not_tried"), ("create", "one", "applied")])
    assert "too close" in done.result("late")["message"]
    assert [row.text for row in world.live()] == ["One"]


@pytest.mark.parametrize("change", [{"text": "Other"}, {"labels": ("new",)}, {"at": T}], ids=str)
def test_a_post_that_is_frozen_once_its_intent_is_saved_is_left_alone(
    world: World, slow: Any, change: dict[str, Any]
) -> None:
    want = Want("frozen", "facebook", soon(20), "Frozen")
    world.apply_first(want)
    world.write(replace(want, **change))
    slow([400])
    done = world.apply()
    assert (done.code, done.result("frozen")["outcome"]) == (6, "not_tried")
    assert "publishes within 15 minutes" in done.result("frozen")["message"]
    assert not world.writes()
    assert world.live() == [want.row]


def test_a_removal_that_is_frozen_once_its_intent_is_saved_is_not_done(world: World, slow: Any) -> None:
    want = Want("frozen", "facebook", soon(20), "Frozen")
    world.apply_first(want, ONE)
    world.write(ONE)
    slow([400])
    done = world.apply()
    assert (done.code, done.outcomes) == (6, [("delete", "frozen", "not_tried")])
    assert not world.writes()


def test_a_state_that_cannot_be_saved_in_time_ends_the_run(world: World, slow: Any) -> None:
    world.write(ONE)
    slow([31, 31, 31, 31, 31])
    done = world.apply()
    assert (done.code, done.document["error"]["code"]) == (1, "state.slow")
    assert not world.writes()


@pytest.mark.parametrize("change", [{"text": "Other"}, {"at": T + HOUR}, {"labels": ("new",)}], ids=str)
@pytest.mark.parametrize("saves", [2, 99])
def test_a_write_whose_intent_others_keep_from_being_saved_waits_for_it(
    world: World, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any], saves: int
) -> None:
    """Other calendars write to the same branch without a pause."""
    world.apply_first(ONE, Want("two", "x", T, "Two"))
    world.write(replace(ONE, **change))
    write, passed, left = FileStore.write, [0.0], [saves]

    def busy(store: FileStore, state: ledgers.State, *, within: float = math.inf) -> None:
        if within < math.inf and left[0]:
            left[0] -= 1
            passed[0] += within
            raise BusyStateError("busy")
        write(store, state)

    monkeypatch.setattr(Clock, "now", lambda _: datetime.now(UTC) + passed[0] * SECONDS)
    monkeypatch.setattr(Clock, "monotonic", lambda _: time.monotonic() + passed[0])
    monkeypatch.setattr(FileStore, "write", busy)
    ages = intents_at_each_write(world)
    done = world.apply("--timeout", "100")
    if saves == 2:
        assert done.code == 0, done
        assert max(ages) < 31 * SECONDS
    else:
        assert (done.code, done.document["error"]["code"]) == (1, "state.busy")
        assert not world.writes()
        assert 100 <= passed[0] < 130
        left[0] = 0
    del world.sandbox.handle
    assert not world.settled_amiss()


def test_an_intent_waits_for_the_request_limit_with_its_request(world: World, slow: Any) -> None:
    """A 429 is waited out; by then the intent is old, so it is noted again before the request leaves."""
    world.write(ONE)
    ages = intents_at_each_write(world)
    world.sandbox.faults.trip("limited", "POST")
    slow([])
    real = Clock.sleep
    jumps = [60]

    def sleep(clock: Clock, seconds: float) -> None:
        if len(ages) == 1 and jumps:
            passed = jumps.pop() * SECONDS
            now = Clock.now
            Clock.now = lambda self: now(self) + passed  # type: ignore[method-assign]  # taken back after the test
        real(clock, seconds)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Clock, "sleep", sleep)
        assert world.apply().code == 0
    assert world.writes() == ["POST", "POST"]
    assert max(ages) < 31 * SECONDS


# --- how often the state is saved -----------------------------------------------------------------------------------


def commits(world: World) -> int:
    words = ["git", "-C", str(world.home / "remote.git"), "rev-list", "--count", "publer-sync-state"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    return int(done.stdout or 0)


@pytest.mark.slow
def test_a_branch_gets_a_commit_before_and_after_each_batch_and_none_for_an_upload(world: World) -> None:
    _in_git(world)
    pictures = [Want(f"p{n}", "x", T + n * HOUR, f"Post {n}", picture=f"p{n}.png") for n in range(6)]
    world.write(*pictures)
    assert world.apply().code == 0
    first = commits(world)
    assert first == 3  # the intents, the job, what came of it
    world.sandbox.settle()
    moved = [replace(want, at=want.at + DAY) for want in pictures]
    world.write(*moved)
    assert world.apply().code == 0
    assert commits(world) - first == 4  # and the removals of what they replace
    assert not world.settled_amiss()


def _in_git(world: World) -> None:
    world.settings(state="git:publer-sync-state")

    def git(*words: str) -> None:
        subprocess.run(["git", *words], cwd=world.home, check=True, capture_output=True)

    git("init", "--bare", "-q", "remote.git")
    git("init", "-q")
    git("remote", "add", "origin", "remote.git")


@pytest.mark.parametrize(
    ("each_day", "page", "reached"),
    [(0, 0, 9), (50, 0, 6), (100, 0, 3), (400, 0, 1), (50, 50, 3), (50, 25, 1)],
)
def test_an_old_page_is_listed_again_for_as_many_tasks_as_a_few_requests_show(
    monkeypatch: pytest.MonkeyPatch, each_day: int, page: int, reached: int
) -> None:
    """The soonest first, one at least, and posts of other accounts do not count."""
    monkeypatch.setattr("publer_sync.applying.run.LOOKS", 3)
    wants = [wanted(NOW + (n + 1) * DAY) for n in range(9)]
    tasks = [Creation(n, change(Action.CREATE, want)) for n, want in enumerate(wants)]
    live = [
        shown(want.at, f"{n}", id=f"{account.id} {want.at} {n}", account=account)
        for want in wants
        for account, times in ((X, 1), (LINKEDIN, 3))
        for n in range(each_day * times)
    ]
    live.append(shown(None, id="undated", state="draft"))
    run = run_at(live, changes=[task.change for task in tasks])
    run.order = replace(run.order, plan=replace(run.order.plan, inventory=Inventory(page=page)))
    assert [task.index for task in run.reach([*reversed(tasks)])] == [*range(reached)]
    assert run.by_fresh_page([]) == []


@each_of(
    ("seconds", "ends"),
    [([31, 31, 31], True), ([31, 31, 30, 31, 31], False), ([30, 30, 30, 30], False)],
)
def test_only_saves_that_are_slow_three_times_in_a_row_end_a_run(seconds: list[int], ends: bool) -> None:
    """A state that takes half a minute to save makes every intent too old."""
    passed = [0 * SECONDS]

    class Moving(Clock):
        def now(self) -> datetime:
            return NOW + passed[0]

    def save(_: object, *, within: float) -> None:
        assert 0 < within < 30, "it is judged and noted again before it is too old"
        passed[0] += seconds[len(saved)] * SECONDS
        saved.append(seconds[len(saved)])

    run, saved = run_at(), list[int]()
    run.means = replace(run.means, clock=Moving(), save=save)
    with pytest.raises(StateError, match="3 times in a row") if ends else nullcontext():
        for _ in seconds:
            run.note()
    assert saved == seconds


# --- what is listed again -----------------------------------------------------------------------------------------------


def test_a_list_of_some_days_says_nothing_of_the_others() -> None:
    """What was listed before of the day after, or of another account, is still known."""
    task = Creation(0, change(Action.CREATE, wanted(LATER)))
    gone, ahead, other = (
        shown(LATER, id="p-1"),
        shown(LATER + DAY, id="p-2"),
        shown(LATER, account=LINKEDIN, id="p-3"),
    )
    run = run_at([gone, ahead, other], publer=FakePubler())
    run.list_again([task])
    assert run.page.posts.keys() == {"p-2", "p-3"}


@pytest.mark.parametrize(
    ("between", "page", "days"),
    [
        (0, 0, [(3, 9)]),
        (100, 0, [(3, 9)]),
        (101, 0, [(3, 5), (9, 9)]),
        (50, 50, [(3, 9)]),
        (51, 50, [(3, 5), (9, 9)]),
    ],
    ids=str,
)
def test_a_list_of_some_days_leaves_out_what_takes_more_than_a_request(
    between: int, page: int, days: list[tuple[int, int]]
) -> None:
    times = (NOW + 3 * DAY, NOW + 9 * DAY, NOW + 5 * DAY)
    tasks = [Creation(n, change(Action.CREATE, wanted(at))) for n, at in enumerate(times)]
    there = [shown(NOW + 7 * DAY, f"{n}", id=f"p-{n}") for n in range(between)]
    run = run_at(there, publer=(publer := Asked(*there)))
    run.order = replace(run.order, plan=replace(run.order.plan, inventory=Inventory(page=page)))
    run.list_again(tasks)
    assert (publer.days, publer.drafts) == (days, 0)
    assert run.page.posts.keys() == {post.id for post in there}


@each_of(
    ("leftover", "twice", "days"),
    [(True, False, (9, 20)), (False, False, (9, 9)), (True, True, (9, 9))],
)
def test_where_an_old_version_goes_the_day_of_the_one_that_stands_for_it_is_listed_too(
    leftover: bool, twice: bool, days: tuple[int, int]
) -> None:
    """And not those of versions that ended, or of other posts; nothing has to stand for what was published, or is not old."""
    old, new = shown(NOW + 9 * DAY), shown(NOW + 20 * DAY, id="p-2")
    copies = [
        copy_of(wanted(NOW + 9 * DAY), 1),
        replace(copy_of(wanted(NOW + 20 * DAY), 2, post_id="p-2"), entry=1),
        replace(copy_of(wanted(NOW + 30 * DAY), 3, post_id="p-3", end=End.REMOVED), entry=1),
        copy_of(wanted(NOW + 40 * DAY), 4, post_id="p-4"),
    ]
    gone = change(Action.DELETE, None, live=old, copy=copies[0], leftover=leftover, twice=twice)
    run = run_at([old, new], ledger(*copies), before=[old, new], publer=(publer := Asked(old, new)))
    run.list_again([Task(0, gone)])
    assert publer.days == [days]
    publer.live.pop("p-2")
    run.list_again([Task(0, gone)])
    assert publer.days[1:] == [days, *([(-2, HORIZON.days)] if days == (9, 20) else [])]


@pytest.mark.parametrize(
    ("now", "everything"),
    [
        ([shown(NOW + 9 * DAY, id="p-1")], False),
        ([shown(NOW + 20 * DAY, id="p-1")], True),
        ([shown(NOW, state="published", id="p-2")], True),
        ([], True),
    ],
    ids=["on its day", "moved", "published early under another id", "nowhere"],
)
def test_a_post_that_is_not_on_its_day_any_more_is_looked_for_as_for_a_plan(
    now: list[LivePost], everything: bool
) -> None:
    """Only so is a post that was published early, or moved to any other day, told from one that somebody removed."""
    live, copy = shown(NOW + 9 * DAY, id="p-1"), copy_of(wanted(NOW + 9 * DAY), 1)
    moved = change(Action.REPLACE, wanted(NOW + 10 * DAY), live=live, copy=copy)
    task = Creation(0, moved, old=Old(1, live))
    run = run_at([live], before=[live], publer=(publer := Asked(*now)))
    run.creations.append(task)
    run.list_again()
    assert publer.days == [(9, 10), *([(-2, HORIZON.days)] if everything else [])]
    assert run.page.posts == {post.id: post for post in now}
    run.list_again()
    assert (-2, HORIZON.days) not in publer.days[1 + everything :], "once is enough, found or not"
    assert run.page.posts == {post.id: post for post in now}


def test_a_post_that_an_incomplete_list_lacks_is_looked_for_again_and_so_is_one_that_was_just_made() -> None:
    live, copy = shown(NOW + 9 * DAY, id="p-1"), copy_of(wanted(NOW + 9 * DAY), 1)
    moved = change(Action.REPLACE, wanted(NOW + 10 * DAY), live=live, copy=copy)
    run = run_at([live], before=[live], publer=(publer := Asked(short=1)))
    run.creations.append(Creation(0, moved, old=Old(1, live)))
    run.list_again()
    run.list_again()
    assert publer.days.count((-2, HORIZON.days)) == 2
    new = wanted(NOW + 10 * DAY)
    made = shown(NOW + 10 * DAY, id="p-2")
    run = run_at([made], publer=(publer := Asked()))
    run.creations.append(Creation(0, change(Action.CREATE, new), made=copy_of(new, 2, post_id="p-2")))
    run.list_again()
    assert publer.days == [(10, 10), (-2, HORIZON.days)]


def test_a_draft_without_a_time_that_is_no_longer_listed_is_forgotten() -> None:
    """No day of a list tells of it."""
    live, copy = shown(None, id="p-1", state="draft"), copy_of(wanted(NOW + 9 * DAY), 1)
    timed = change(Action.REPLACE, wanted(NOW + 9 * DAY), live=live, copy=copy)
    run = run_at([live], before=[live], publer=Asked())
    run.list_again([Creation(0, timed, old=Old(1, live))])
    assert run.page.posts == {}


@each_of("planned", [True, False])
def test_a_draft_without_a_time_is_looked_for_once_among_those_without_one(planned: bool) -> None:
    """Also where somebody took its time away since the plan."""
    live, copy = shown(None, id="p-1", state="draft"), copy_of(wanted(NOW + 9 * DAY), 1)
    before = live if planned else replace(live, at=NOW + 9 * DAY)
    timed = change(Action.REPLACE, wanted(NOW + 9 * DAY), live=before, copy=copy)
    run = run_at([live], before=[before], publer=(publer := Asked(live)))
    run.list_again([Creation(0, timed, old=Old(1, before))])
    assert run.page.posts == {"p-1": live}
    assert (publer.days, publer.drafts) == ([(9, 9)], 1)


def test_a_list_of_everything_says_nothing_of_accounts_on_which_nothing_is_done() -> None:
    """A post there may say on X what a new one is to say."""
    there = shown(NOW + 9 * DAY, account=LINKEDIN, id="p-9")
    gone = [shown(NOW + 9 * DAY, id="p-1"), shown(None, id="p-2", state="draft")]
    run = run_at([there, *gone], publer=Asked())
    run.creations.append(Creation(0, change(Action.CREATE, wanted(NOW + 9 * DAY))))
    run.list_again(everything=True)
    assert run.page.posts == {"p-9": there}
    later = shown(NOW + 30 * DAY, id="p-8")
    run = run_at([later], publer=Asked())
    run.list_again([Creation(0, change(Action.CREATE, wanted(NOW + 9 * DAY)))], everything=True)
    assert run.page.posts == {"p-8": later}, "nor one for some posts of what is after them"


def test_an_incomplete_list_is_followed_by_one_of_everything() -> None:
    run = run_at(publer=(publer := Asked(short=1)))
    run.creations.append(Creation(0, change(Action.CREATE, wanted(NOW + 9 * DAY))))
    run.list_again()
    assert publer.days == [(9, 9), (-2, 10)]
    run.list_again()
    assert publer.days == [(9, 9), (-2, 10), (-2, 10)]


def test_a_page_of_some_tasks_does_not_tell_what_may_be_written_of_others() -> None:
    tasks = [Creation(n, change(Action.CREATE, wanted(NOW + n * DAY))) for n in (1, 2, 3)]
    run = run_at(publer=(publer := Asked()))
    run.list_again(tasks[:1])
    assert run.by_fresh_page(tasks) == tasks[:1]
    assert run.by_fresh_page(tasks[1:]) == tasks[1:]
    assert publer.days == [(1, 1), (2, 3)]


def test_a_page_tells_for_a_minute_what_may_be_written() -> None:
    """Within the hour somebody edits a post, or publishes it."""
    run = run_at(publer=(publer := FakePubler(shown(SOON))))
    for waited, lasts in ((0.0, MINUTE), (9.0, 5 * MINUTE), (9.0, MINUTE)):
        publer.waited = waited  # for the request limit: another list would only make the next wait longer
        run.list_again()
        run.page.listed_at = NOW - lasts
        assert not run.page_is_old
        run.page.listed_at = NOW - lasts - SECOND
        assert run.page_is_old


def test_what_publer_said_of_other_accounts_is_not_told_of_a_post() -> None:
    new = [change(Action.CREATE, wanted(SOON)), change(Action.CREATE, wanted(SOON, account=LINKEDIN))]
    run = run_at((), ledger(), changes=new)
    said = (
        Failure("Too long", LINKEDIN.id),
        Failure("Internal error", None),
        Failure("No room", LINKEDIN.id),
    )
    run.unplaced = {"j-1": said}
    assert run.heard_of(sent(wanted(SOON), job_id="j-1")).publer_said == "Internal error"
    run.results[0] = Result(new[0], Outcome.FAILED, Cause("", "Too long"))
    assert run.remarks == (Remark("Internal error"), Remark("No room", LINKEDIN))


@each_of(("noted", "seconds", "leaves"), [(True, 30, True), (True, 31, False), (False, 0, False)])
def test_a_write_leaves_only_once_its_intent_is_noted_and_while_that_is_fresh(
    noted: bool, seconds: int, leaves: bool
) -> None:
    run = run_at((), ledger(), publer=FakePubler())
    run.noting.noted = noted
    with run.promptly(NOW - seconds * SECOND):
        if leaves:
            run.means.publer.before_write()
        else:
            with pytest.raises(IntentTooOldError):
                run.means.publer.before_write()
    assert run.sent is leaves


@each_of(("stopped", "busy", "ends"), [(False, 0.0, False), (True, 0.0, True), (False, 300.0, True)])
def test_an_intent_that_others_keep_from_being_saved_ends_a_run_that_is_stopped_or_out_of_time(
    stopped: bool, busy: float, ends: bool
) -> None:
    def save(_: object, within: float = 0) -> None:
        raise BusyStateError("busy")

    run = run_at((), ledger())
    run.means = replace(run.means, save=save, stop=lambda: stopped)
    run.noting.busy = busy
    if ends:
        with pytest.raises(BusyStateError):
            run.note()
    else:
        run.note()
    assert not run.noting.noted


def test_the_days_of_a_draft_without_a_time_are_those_of_its_new_one() -> None:
    undated = change(Action.REPLACE, wanted(LATER), live=shown(None, state="draft"), copy=OURS)
    run = run_at((), ledger(OURS), changes=[undated])
    assert run._days([Creation(0, undated)]) == [LATER.date()]


def test_whoever_guards_the_writes_is_asked_before_each() -> None:
    def guard() -> None:
        raise Interrupted("the lock is gone")

    run = run_at((), ledger(), publer=FakePubler())
    run.means = replace(run.means, guard=guard)
    with run.promptly(NOW), pytest.raises(Interrupted):
        run.means.publer.before_write()
    assert run.means.publer.before_write is run.means.guard


@each_of(
    ("ahead", "sent"),
    [(MINUTE, True), (MINUTE - SECOND, False), (2 * MINUTE, True), (-MINUTE, False)],
)
def test_a_new_post_is_sent_up_to_a_minute_before_its_time(ahead: timedelta, sent: bool) -> None:
    """Publer schedules nothing that is nearer."""
    assert (run_at().late(NOW + ahead) is None) is sent


def test_a_post_waits_for_the_words_of_another_one_while_that_is_in_publer() -> None:
    edit = change(Action.UPDATE, wanted(SOON, "Better"), live=shown(SOON), copy=OURS)
    gone = change(Action.DELETE, None, live=shown(LATER, id="p-2"))
    moved = change(Action.REPLACE, wanted(LATER), live=shown(SOON, id="p-2"))
    givers = (
        (None, False),
        (Task(1, gone), True),
        (Creation(1, moved, old=Old(2, moved.live)), True),
        (Creation(1, moved, out=Old(2, moved.live)), False),
    )
    for giver, waits in givers:
        run = run_at((), ledger(OURS), changes=[edit])
        assert run.follows(Task(0, edit, behind=giver)) is waits
        if giver is not None:
            run.end(giver, Outcome.APPLIED)
            assert not run.follows(Task(0, edit, behind=giver))


def test_posts_of_other_accounts_make_no_span_longer() -> None:
    days = [NOW.date(), (NOW + 9 * DAY).date()]
    for account, spans in ((LINKEDIN, 1), (X, 2)):
        between = [shown(NOW + 4 * DAY + n * MINUTE, id=f"f-{n}", account=account) for n in range(101)]
        run = run_at([*between, shown(None, id="f-none", state="draft")], ledger())
        assert len(run._spans(days, {X.id})) == spans
