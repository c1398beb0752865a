"""Each guard of an apply with the scene that goes red without it: what keeps a post from being removed, resent or taken for done."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.applying.applier import _all_done, _follow_to_account, _make, _take_stock, note_what_left
from publer_sync.applying.contact import _drop_settled, _tell_of_doubts, allow
from publer_sync.applying.first_writes import conclude, judge_edit
from publer_sync.applying.following import Followed, Follower
from publer_sync.applying.making import _rounds, _upload
from publer_sync.applying.permission import EDITED, may_change
from publer_sync.applying.removing import (
    TURNED_UP,
    _by_a_fresh_page,
    check,
    remove,
    remove_posts,
    settle_what_turned_up,
)
from publer_sync.applying.replacing import _doubtful_media, _stands_in_its_own_way, _undo, remove_old, verify
from publer_sync.applying.report import Cause, Outcome, Result
from publer_sync.applying.rounds import _first
from publer_sync.applying.run import IntentTooOldError
from publer_sync.applying.sending import _counted, follow, may_be_sent
from publer_sync.applying.tasks import Creation, Old, Task
from publer_sync.applying.updating import _moved, _under_another_id
from publer_sync.applying.uploads import _import, upload
from publer_sync.applying.workspace import back_up, listed
from publer_sync.clock import Deadline
from publer_sync.content import Content
from publer_sync.errors import (
    BusyStateError,
    FirstContactError,
    Interrupted,
    PlanRefused,
    Refused,
    ServiceError,
    Unclear,
)
from publer_sync.ledger.contact import Contact, Kind
from publer_sync.ledger.copies import End
from publer_sync.model import MINUTE, Failure, Job, JobStatus, MediaSource
from publer_sync.planning.contact import Doubt
from publer_sync.planning.judge import told as told_name
from publer_sync.planning.plan import Action, Block, FieldChange, Held
from tests.applying.runs import FakePubler, run_at
from tests.applying.whole import Ticking
from tests.builders import (
    DAY,
    LAST,
    LATER,
    LINKEDIN,
    NOW,
    SECOND,
    SOON,
    TOMORROW,
    X,
    change,
    copy_of,
    ledger,
    plan,
    sent,
    shown,
    wanted,
)
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.applying.run import Run
    from publer_sync.ledger.copies import Copy
    from publer_sync.model import Listing, LivePost

# --- what Publer refused and created all the same ------------------------------------------------------------------------

REFUSED, REFUSED_LIVE = copy_of(wanted(SOON), 1, turned_up="refused", entry=1), shown(SOON)
MADE, MADE_LIVE = copy_of(wanted(LATER), 2, post_id="p-2", entry=1), shown(LATER, id="p-2")


def turned_up(
    copy: Copy = REFUSED,
    live: LivePost | None = REFUSED_LIVE,
    *,
    made: Copy | None = MADE,
    listed: bool = True,
    old: Old | None = None,
    in_plan: bool = False,
) -> Run:
    """A run that sent the post again for another time, and then saw the one that had been refused."""
    new = change(Action.CREATE, wanted(LATER))
    changes = [new, *([change(Action.DELETE, None, live=REFUSED_LIVE, copy=copy)] if in_plan else [])]
    live_posts = [post for post in (live, MADE_LIVE if listed else None) if post is not None]
    publer = FakePubler(*live_posts)
    run = run_at(live_posts, ledger(copy, *([made] if made else [])), changes=changes, publer=publer)
    run.creations.append(Creation(0, new, made=made, old=old))
    run.end(run.creations[0], Outcome.APPLIED)
    settle_what_turned_up(run)
    return run


def test_what_was_refused_and_is_there_goes_once_the_post_stands_at_its_new_time() -> None:
    run = turned_up()
    assert run.means.publer.asked == ["p-1"]  # type: ignore[attr-defined]  # the stand-in notes what it is asked
    assert run.results[1].change.reason == TURNED_UP


@each_of(
    ("scene", "told"),
    [
        ({"copy": replace(REFUSED, turned_up="")}, False),
        ({"copy": replace(REFUSED, turned_up="late")}, True),
        ({"copy": REFUSED.ending(End.REMOVED, NOW)}, False),
        ({"copy": replace(REFUSED, entry=2)}, True),
        ({"live": None}, False),
        ({"live": replace(REFUSED_LIVE, state="published")}, False),
        ({"live": replace(REFUSED_LIVE, state="failed")}, False),
        ({"made": None}, True),
        ({"listed": False}, True),
        ({"old": Old(3, shown(TOMORROW, id="p-3"))}, True),
        ({"in_plan": True}, False),
    ],
)
def test_it_stays_where_anything_of_that_is_otherwise_and_what_may_still_be_published_is_told(
    scene: dict[str, Any], told: bool
) -> None:
    run = turned_up(**scene)
    assert (run.means.publer.asked, [*run.results]) == ([], [0, 1] if told else [0])  # type: ignore[attr-defined]  # the stand-in of these scenes
    if told:
        assert (run.results[1].outcome, run.results[1].post_id) == (Outcome.NOT_TRIED, "p-1")


def test_a_post_refused_at_its_old_time_goes_though_the_plan_of_the_new_one_names_it() -> None:
    """The change that creates it at another time has the copy that was refused."""
    new = change(Action.CREATE, wanted(LATER), copy=REFUSED)
    publer = FakePubler(REFUSED_LIVE, MADE_LIVE)
    run = run_at((REFUSED_LIVE, MADE_LIVE), ledger(REFUSED, MADE), changes=[new], publer=publer)
    run.creations.append(Creation(0, new, made=MADE))
    settle_what_turned_up(run)
    assert publer.asked == ["p-1"]


# --- what a DELETE came to ------------------------------------------------------------------------------------------------


class Silent(FakePubler):
    """Removes what it is asked to, answers nothing, and counts how often it is asked for a list."""

    lists, answers = 0, False

    def posts(self, **more: Any) -> Listing:
        self.lists += 1
        return super().posts(**more)

    def delete(self, ids: Sequence[str]) -> frozenset[str]:
        gone = super().delete(ids)
        if not self.answers:
            raise Unclear("no answer")
        return gone


@each_of(("answers", "lists"), [(False, 1), (True, 0)])
def test_without_an_answer_a_listing_tells_what_was_removed_and_with_one_nobody_lists(
    answers: bool, lists: int
) -> None:
    publer = Silent(REFUSED_LIVE)
    publer.answers = answers
    gone = change(Action.DELETE, None, live=REFUSED_LIVE, copy=copy_of(wanted(SOON)))
    run = run_at([REFUSED_LIVE], ledger(copy_of(wanted(SOON))), changes=[gone], publer=publer)
    run.removals.append(Task(0, gone))
    remove(run, run.removals)
    assert (run.results[0].outcome, publer.lists) == (Outcome.APPLIED, lists)


# --- the order of an apply ------------------------------------------------------------------------------------------------


def test_a_post_whose_words_another_one_gets_goes_before_that_one_is_sent() -> None:
    """Removals come last otherwise: the words would be in Publer twice for a moment, or for good after a kill."""
    words = copy_of(wanted(SOON))
    gone = change(Action.DELETE, None, live=shown(SOON), copy=words)
    other = change(
        Action.DELETE, None, live=shown(TOMORROW, id="p-9"), copy=copy_of(wanted(TOMORROW), 9, post_id="p-9")
    )
    new = change(Action.CREATE, wanted(LATER))
    publer = FakePubler(shown(SOON), shown(TOMORROW, id="p-9"))
    run = run_at(
        publer.live.values(),
        ledger(words, copy_of(wanted(TOMORROW), 9, post_id="p-9")),
        changes=[gone, other, new],
        publer=publer,
    )
    run.removals += [Task(0, gone), Task(1, other)]
    task = Creation(2, new)
    task.behind = run.removals[0]
    run.creations.append(task)
    run.end(task, Outcome.NOT_TRIED)  # it is the removal before it that is looked at
    _make(run)
    assert publer.asked == ["p-1"]


# --- when everything is done ----------------------------------------------------------------------------------------------


@each_of(
    ("result", "done"),
    [
        ({"outcome": Outcome.APPLIED}, True),
        ({"outcome": Outcome.WAITING}, True),
        ({"outcome": Outcome.WAITING, "page": True}, False),
        ({"outcome": Outcome.WAITING, "leaves": True}, False),
        ({"outcome": Outcome.WAITING, "asks": True}, False),
        ({"outcome": Outcome.NOT_TRIED}, False),
        ({"outcome": Outcome.UNVERIFIED}, False),
        (None, False),
    ],
)
def test_the_files_count_as_applied_only_where_nothing_of_them_is_left(
    result: dict[str, Any] | None, done: bool
) -> None:
    new = change(Action.CREATE, wanted(SOON))
    run = run_at(changes=[new])
    run.creations.append(Creation(0, new))
    if result is not None:
        run.results[0] = Result(new, **result)
    assert _all_done(run) is done


@each_of("whole", [True, False])
def test_what_left_the_calendar_is_noted_by_an_apply_without_filters_alone(whole: bool) -> None:
    gone = copy_of(wanted(SOON))
    run = run_at((), ledger(gone), whole=whole)
    run.order = replace(run.order, plan=replace(plan([]), left=frozenset({gone.entry})))
    _take_stock(run)
    assert [entry for entry, facts in run.state.facts.items() if facts.left] == [gone.entry] * whole


@each_of(
    ("live", "left"),
    [(shown(SOON), False), (None, True)],
)
def test_what_the_calendar_wants_again_has_not_left_it(live: LivePost | None, left: bool) -> None:
    copy = copy_of(wanted(SOON))
    state = ledger(copy)
    state.note(1, left=True)
    changes = [change(Action.UNCHANGED, wanted(SOON), live=live, copy=copy)] if live else []
    note_what_left(state, plan(changes, left=frozenset({1})))
    assert any(facts.left for facts in state.facts.values()) is left


@each_of(
    ("said", "held", "told", "payload"),
    [
        ("", False, "its time passed", False),
        ("Bad picture", False, "Publer could not publish it", False),
        ("", True, "its time passed", False),
    ],
)
def test_a_post_that_was_missed_is_told_with_publers_words(
    said: str, held: bool, told: str, payload: bool
) -> None:
    gone = replace(copy_of(wanted(SOON)), publer_said=said, held=held)
    missed = change(Action.PAST, wanted(SOON), copy=gone, missed=True, reason="its time passed")
    run = run_at((), ledger(gone), changes=[missed])
    _take_stock(run)
    result = run.results[0]
    assert (result.outcome, result.why.message, result.why.publer_said) == (Outcome.NOT_TRIED, told, said)


@each_of(("removing", "held", "kept"), [(True, False, True), (True, True, False), (False, False, False)])
def test_what_a_missed_post_said_is_in_the_report_where_an_apply_had_removed_it(
    removing: bool, held: bool, kept: bool
) -> None:
    gone = replace(copy_of(wanted(SOON)), removing_at=NOW if removing else None, held=held)
    missed = change(Action.PAST, wanted(SOON), copy=gone, missed=True)
    run = run_at((), ledger(gone), changes=[missed])
    _take_stock(run)
    assert (run.results[0].payload is not None) is kept


# --- the list of the whole workspace --------------------------------------------------------------------------------------


def test_what_the_list_of_the_workspace_shows_of_a_post_counts_for_its_removal() -> None:
    """A colleague moved it after the plan, and no other list has shown that."""
    planned, moved = shown(SOON), replace(shown(SOON), at=LATER)
    publer = FakePubler(moved, shown(TOMORROW, id="p-9"))
    run = run_at((planned,), publer=publer, protects_edits=True)
    listed(run)
    assert run.page.posts == {"p-1": moved}, "what is not the run's own stays out of its page"
    no = may_change(run, planned)
    assert no is not None
    assert no.why == EDITED


# --- first contact, single questions ---------------------------------------------------------------------------------------


def doubt(kind: Kind = Kind.CREATE, calendar: str = "", key: int = 1) -> Doubt:
    return Doubt(kind, copy_of(wanted(SOON), key), "twitter", (FieldChange("text", "a", "b"),), calendar)


def test_one_of_two_doubts_that_is_allowed_leaves_the_other() -> None:
    run = run_at((), ledger())
    one, other = doubt(), doubt(calendar="acme", key=2)
    run.contact.doubts = {Kind.CREATE: [one, other]}
    allow(run, one)
    assert run.contact.doubts == {Kind.CREATE: [other]}
    allow(run, other)
    assert run.contact.doubts == {}


def test_a_doubt_of_another_calendar_keeps_none_of_ours_open() -> None:
    run = run_at((), ledger(replace(copy_of(wanted(SOON)), alone=True)))
    run.state.contact = Contact(doubts={"create": 1})
    run.contact.doubts = {Kind.CREATE: [doubt(calendar="acme")]}
    _drop_settled(run)
    assert run.state.contact.doubts == {}
    assert not run.state.copies[1].alone


@each_of(
    ("one", "told"),
    [(doubt(), True), (doubt(calendar="acme"), False), (doubt(Kind.DELETE), False)],
)
def test_a_post_that_publer_did_not_keep_is_told_and_a_removal_or_anothers_is_not(
    one: Doubt, told: bool
) -> None:
    same = change(Action.UNCHANGED, wanted(SOON), live=shown(SOON), copy=copy_of(wanted(SOON)))
    run = run_at((), ledger(copy_of(wanted(SOON))), changes=[same])
    run.contact.doubts = {one.kind: [one]}
    _tell_of_doubts(run)
    assert bool(run.results) is told


@each_of(
    ("alone", "outcome", "verified", "counted"),
    [
        (True, Outcome.FAILED, False, 1),
        (False, Outcome.FAILED, False, 0),
        (True, Outcome.FAILED, True, 0),
        (True, None, False, 0),
    ],
)
def test_only_a_first_one_that_was_refused_counts(
    alone: bool, outcome: Outcome | None, verified: bool, counted: int
) -> None:
    new = change(Action.CREATE, wanted(SOON))
    run = run_at((), ledger(), changes=[new])
    run.contact.verified = {Kind.CREATE} if verified else set()
    task = Creation(0, new, alone=alone)
    run.creations.append(task)
    if outcome is not None:
        run.end(task, outcome)
    conclude(run, [task])
    assert run.contact.refused[Kind.CREATE] == counted


def test_an_edit_that_has_not_ended_or_was_not_tried_says_nothing() -> None:
    edit = change(Action.UPDATE, wanted(SOON, "Better"), live=shown(SOON), copy=copy_of(wanted(SOON)))
    for outcome in (None, Outcome.NOT_TRIED):
        run = run_at([shown(SOON)], ledger(copy_of(wanted(SOON))), changes=[edit])
        task: Task[Any] = Task(0, edit)
        run.edits.append(task)
        run.contact.verified = set()
        if outcome is not None:
            run.end(task, outcome)
        judge_edit(run, task, None)
        assert (run.creations, run.contact.ended, run.contact.verified) == ([], {}, set())


# --- what is removed, single questions --------------------------------------------------------------------------------------


def going(*copies: Copy, publer: FakePubler, **more: Any) -> tuple[Run, list[Task[Any]]]:
    changes = [
        change(Action.DELETE, None, live=shown(copy.slot, id=copy.post_id or ""), copy=copy, **more)
        for copy in copies
    ]
    run = run_at(publer.live.values(), ledger(*copies), changes=changes, publer=publer)
    run.removals += [Task(n, each) for n, each in enumerate(changes)]
    return run, [*run.removals]


OURS, OTHER = copy_of(wanted(SOON)), copy_of(wanted(LATER), 2, post_id="p-2")


def test_a_removal_that_was_done_is_not_asked_for_again() -> None:
    run, tasks = going(OURS, OTHER, publer=FakePubler(shown(SOON), shown(LATER, id="p-2")))
    run.end(tasks[0], Outcome.NOT_TRIED)
    remove(run, tasks)
    assert run.means.publer.asked == ["p-2"]  # type: ignore[attr-defined]  # the stand-in notes what it is asked
    remove(run, tasks)
    assert run.means.publer.asked == ["p-2"]  # type: ignore[attr-defined]  # the stand-in notes what it is asked


@each_of(("action", "kept"), [(Action.CREATE, True), (Action.UPDATE, False)])
def test_a_post_stays_only_where_a_new_one_of_its_id_was_not_created(action: Action, kept: bool) -> None:
    named = copy_of(wanted(SOON, id="one"))
    gone = change(Action.DELETE, None, live=shown(SOON), copy=named)
    other = change(
        action, wanted(LATER, id="one"), live=shown(LATER, id="p-2"), copy=copy_of(wanted(LATER, id="one"), 2)
    )
    publer = FakePubler(shown(SOON))
    run = run_at([shown(SOON)], ledger(named), changes=[gone, other], publer=publer)
    run.results[1] = Result(other, Outcome.FAILED)
    task: Task[Any] = Task(0, gone)
    run.removals.append(task)
    remove(run, [task])
    assert publer.asked == ([] if kept else ["p-1"])


class Refuses(FakePubler):
    """Says that it cannot tell, and shows the post as published under another id."""

    def delete(self, ids: Sequence[str]) -> frozenset[str]:
        self.asked += ids
        self.live = {"f-9": shown(SOON, id="f-9", state="published")}
        raise Unclear("no answer")


def test_what_was_published_while_it_was_to_go_was_not_removed() -> None:
    run, tasks = going(OURS, publer=Refuses(shown(SOON)))
    run.page.before = frozenset({"p-1"})
    remove(run, tasks)
    assert (run.results[0].outcome, run.results[0].why.message) == (
        Outcome.NOT_TRIED,
        "it was published meanwhile",
    )
    assert run.removed == {}


def test_nothing_is_listed_where_nothing_was_removed() -> None:
    publer = FakePubler(shown(SOON))
    run, _ = going(OURS, publer=publer)
    run.means.publer.posts = None  # type: ignore[method-assign,assignment]  # nobody may ask
    check(run)
    remove(run, [])
    assert publer.asked == []


def test_a_removal_in_doubt_keeps_others_from_being_asked_for_but_what_is_urgent() -> None:
    publer = FakePubler(shown(SOON))
    run, tasks = going(OURS, publer=publer)
    run.contact.doubts = {Kind.DELETE: [doubt(Kind.DELETE)]}
    with pytest.raises(FirstContactError):
        remove(run, tasks)
    assert publer.asked == []
    remove_posts(run, [(tasks[0], Old(1, shown(SOON)))], lambda _: None, urgent=True)
    assert publer.asked == ["p-1"]


def test_nobody_hears_of_a_removal_where_there_is_none() -> None:
    lines: list[str] = []
    run, tasks = going(OURS, publer=FakePubler(shown(SOON)))
    run.means = replace(run.means, progress=lambda word, _: lines.append(word))
    run.end(tasks[0], Outcome.NOT_TRIED)
    remove(run, tasks)
    assert lines == []


def test_a_post_follows_to_another_account_once_nothing_of_it_is_on_the_old_one() -> None:
    moved = replace(copy_of(wanted(SOON)), moved_to=LINKEDIN.id)
    half = copy_of(wanted(LATER), 2, post_id="p-2", entry=1)
    run = run_at((), ledger(moved, half, copy_of(wanted(LAST), 3, post_id="p-3")))
    _follow_to_account(run, moved, LINKEDIN.id)
    assert [copy.account for copy in run.state.copies.values()] == [moved.account] * 3
    run.state.put(half.ending(End.REMOVED, NOW))
    _follow_to_account(run, moved, LINKEDIN.id)
    assert [copy.account for copy in run.state.copies.values()] == [LINKEDIN.id, LINKEDIN.id, moved.account]


def test_nobody_waits_for_what_was_taken_back() -> None:
    publer = FakePubler(shown(SOON))
    publer.deadline = lambda _: Deadline(Ticking(), 0.0, float)  # type: ignore[attr-defined]  # one look
    run = run_at((), ledger(), publer=publer)
    follow(run, [99])
    assert run.state.copies == {}


def test_a_first_removal_that_may_not_be_done_lets_the_next_one_be_the_first() -> None:
    publer = FakePubler(replace(shown(SOON), text="By hand"), shown(LATER, id="p-2"))
    run, tasks = going(OURS, OTHER, publer=publer)
    run.contact.verified = set()
    remove(run, tasks)
    assert publer.asked == ["p-2"]
    assert run.results[0].why == EDITED


# --- once the new post is listed ----------------------------------------------------------------------------------------------


def replaced(*live: LivePost, publer: FakePubler | None = None, **task: Any) -> tuple[Run, Creation, Copy]:
    """A move that was sent, and what a list shows of the old post and the new one."""
    old, new = wanted(SOON, id="one"), wanted(LATER, id="one")
    move = change(Action.REPLACE, new, live=shown(SOON), copy=copy_of(old))
    made = copy_of(new, 2, post_id="p-2", entry=1)
    run = run_at(live, ledger(copy_of(old), made), changes=[move], publer=publer or FakePubler(*live))
    creation = Creation(0, move, **{"old": Old(1, shown(SOON)), "made": made, **task})
    run.creations.append(creation)
    return run, creation, made


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
        ({}, "Too long", False),
    ],
)
def test_a_new_post_in_the_minute_of_its_old_one_stands_in_its_own_way_once(
    task: dict[str, Any], said: str, own: bool
) -> None:
    _, creation, _ = replaced(shown(SOON), **task)
    here = replace(creation.change, post=wanted(SOON, id="one"))
    creation.change = here
    assert _stands_in_its_own_way(creation, Cause("", said)) is own


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


# --- sending -------------------------------------------------------------------------------------------------------------------


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
    publer = FakePubler()
    publer.deadline = lambda _: None  # type: ignore[attr-defined]  # `follow` is replaced, and ignores it
    with pytest.raises(PlanRefused):
        follow(run_at((), ledger(sent(wanted(SOON))), publer=publer), [1])


@each_of(
    ("more", "found"),
    [
        ({}, True),
        ({"id": "p-before"}, False),
        ({"id": "p-managed"}, False),
        ({"id": "p-theirs"}, False),
        ({"at": LATER}, False),
        ({"state": "draft"}, False),
        ({"text": "Another's"}, False),
    ],
)
def test_an_edited_post_under_another_id_is_new_in_its_minute_and_has_its_words(
    more: dict[str, Any], found: bool
) -> None:
    edit = change(Action.UPDATE, wanted(SOON, "Better"), live=shown(SOON), copy=OURS)
    live = shown(**{"at": SOON, "text": "Better", "id": "p-9", **more})
    managed = copy_of(wanted(LATER), 2, post_id="p-managed")
    before = shown(LAST, id="p-before")
    run = run_at([live], ledger(OURS, managed), changes=[edit], before=[before])
    run.means = replace(run.means, theirs=frozenset({"p-theirs"}))
    assert (_under_another_id(run, Task(0, edit)) is not None) is found


# --- what every step shares ---------------------------------------------------------------------------------------------------------


def test_what_publer_said_of_other_accounts_is_not_told_of_a_post() -> None:
    new = [change(Action.CREATE, wanted(SOON)), change(Action.CREATE, wanted(SOON, account=LINKEDIN))]
    run = run_at((), ledger(), changes=new)
    run.unplaced = {"j-1": (Failure("Too long", LINKEDIN.id), Failure("Internal error", None))}
    assert run.heard_of(sent(wanted(SOON), job_id="j-1")).publer_said == "Internal error"
    run.results[0] = Result(new[0], Outcome.FAILED, Cause("", "Too long"))
    assert [remark.publer_said for remark in run.remarks] == ["Internal error"]


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


def test_nothing_is_kept_before_a_run_that_writes_nothing() -> None:
    kept: list[object] = []

    def keep(live: object) -> str:
        kept.append(live)
        return "before.json"

    new = change(Action.CREATE, wanted(SOON))
    for tasks in (0, 1):
        run = run_at((), ledger(), changes=[new], publer=FakePubler())
        run.means = replace(run.means, back_up=keep)
        run.contact.known = replace(run.contact.known, wrote=False)
        run.creations += [Creation(0, new)] * tasks
        back_up(run)
        assert len(kept) == tasks


# --- pictures at an address ------------------------------------------------------------------------------------------------------------


class Fetching(FakePubler):
    """Answers in turn what becomes of an import; each question takes a second."""

    def __init__(self, *jobs: Job, refusals: int = 0, code: str = "media.busy") -> None:
        super().__init__()
        self.answers, self.refusals, self.code = [*jobs], refusals, code
        self.waits = len(jobs) > 1 or refusals == 2
        self.clock = Ticking()

    def deadline(self, seconds: float) -> Deadline:
        return Deadline.after(seconds, self.clock, excused=float)

    def import_url(self, url: str, **_: object) -> str:
        self.asked.append(url)
        self.clock.slept += 1
        if self.refusals:
            self.refusals -= 1
            raise Refused("no", code=self.code)
        return "j-1"

    def job(self, *_: object, **__: object) -> Job:
        self.clock.slept += 1
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


PICTURE: dict[str, Any] = {"id": "m-1", "type": "photo", "path": "https://cdn.example.com/a.png"}
DONE_JOB = Job(JobStatus.COMPLETE, media=(PICTURE,))


@each_of(
    ("publer", "why"),
    [
        (Fetching(Job(JobStatus.PENDING), Job(JobStatus.SILENT), DONE_JOB), ""),
        (Fetching(DONE_JOB, refusals=2), ""),
        (Fetching(DONE_JOB, refusals=1, code="media.no"), "no"),
        (Fetching(DONE_JOB, refusals=9999), "no"),
        (Fetching(Job(JobStatus.PENDING)), "in 30 seconds"),
        (Fetching(Job(JobStatus.SILENT)), "does not say whether it fetched"),
        (Fetching(Job(JobStatus.UNKNOWN)), "no longer knows whether it fetched"),
        (Fetching(Job(JobStatus.COMPLETE)), "the address must be public"),
    ],
)
def test_a_picture_at_an_address_is_waited_for_as_long_as_publer_is_at_it(publer: Fetching, why: str) -> None:
    post = replace(
        wanted(SOON),
        content=Content.from_json({"text": "Look", "media": [{"url": "https://example.com/a.png"}]}),
    )
    post = replace(post, media=(MediaSource("sha256:u", url="https://example.com/a.png"),))
    new = change(Action.CREATE, post)
    run = run_at((), ledger(), changes=[new], publer=publer)
    run.means = replace(run.means, clock=publer.clock, timeout=30.0, poll_seconds=0.1)
    task = Creation(0, new)
    assert upload(run, task) is (why == "")
    assert publer.clock.slept % 1 > 0 or not publer.waits, "between two questions it waits"
    if why:
        assert why in run.results[0].why.message


def test_while_publer_may_still_fetch_one_no_other_is_asked_for() -> None:
    publer = Fetching(DONE_JOB)
    run = run_at((), ledger(), publer=publer)
    run.uploads.fetching = "https://example.com/b.png"
    with pytest.raises(ServiceError, match=r"it may still fetch https://example.com/b.png"):
        _import(run, "https://example.com/a.png", direct=False)
    assert publer.asked == []


# --- in which order, single questions -----------------------------------------------------------------------------------------------


def test_what_became_of_a_post_that_was_never_sent_is_told_all_the_same() -> None:
    bare = Result(Held(account=wanted(SOON).account, post=wanted(SOON), reason="a storm"), Outcome.APPLIED)
    run = run_at((), ledger(), taken_out=(bare,))
    _take_stock(run)
    assert [*run.results.values()] == [bare]


def test_what_was_taken_out_before_is_told_once() -> None:
    held = Held(
        account=wanted(SOON).account, post=wanted(SOON), copy=OURS, live=shown(SOON), reason="a storm"
    )
    out = Result(held, Outcome.APPLIED, post_id="p-1")
    run = run_at((), ledger(OURS), changes=[held], taken_out=(out,))
    _take_stock(run)
    assert [*run.results.values()] == [out]
    other = replace(held, copy=OTHER, live=None)
    run = run_at((), ledger(OURS, OTHER), changes=[other], taken_out=(out,))
    _take_stock(run)
    assert [*run.results.values()] == [out]
    awaited = replace(held, copy=sent(wanted(SOON), 3), live=None)
    run = run_at((), ledger(OURS, sent(wanted(SOON), 3)), changes=[awaited], taken_out=(out,))
    _take_stock(run)
    assert {result.outcome for result in run.results.values()} == {Outcome.APPLIED, Outcome.UNVERIFIED}


def test_a_post_that_is_due_soon_waits_for_no_upload_of_another() -> None:
    film = MediaSource("sha256:v", path=Path("a.mp4"), size=60_000_000)
    content = Content.from_json({"text": "Film", "media": [{"file": film.digest}]})
    soon = change(Action.CREATE, wanted(NOW + 5 * MINUTE))
    later = change(Action.CREATE, replace(wanted(LATER), content=content, media=(film,)))
    for first, ready in ((soon, [0]), (change(Action.CREATE, wanted(LAST)), [0, 1])):
        run = run_at((), ledger(), changes=[first, later], publer=FakePubler())
        run.creations += [Creation(0, first), Creation(1, later)]
        assert [task.index for task in _upload(run, [[task] for task in run.creations])] == ready


def test_what_came_too_late_while_others_were_made_is_not_sent() -> None:
    late = change(Action.CREATE, wanted(NOW + MINUTE / 2))
    publer = FakePubler()
    run = run_at((), ledger(), changes=[late], publer=publer)
    run.creations.append(Creation(0, late))
    _rounds(run, run.creations)
    assert run.results[0].outcome is Outcome.NOT_TRIED
    assert publer.asked == []


def test_a_page_of_some_tasks_tells_nothing_of_the_removal_of_others() -> None:
    run, tasks = going(OURS, OTHER, publer=FakePubler(shown(SOON), shown(LATER, id="p-2")))
    run.page.tasks = frozenset({0})
    left = [(task, Old(task.change.copy.key, task.change.live)) for task in tasks]
    assert _by_a_fresh_page(run, left) == left[:1]


def test_a_new_post_waits_for_the_one_whose_words_it_gets_while_that_is_there() -> None:
    giver = Creation(
        0, change(Action.REPLACE, wanted(LATER), live=shown(SOON), copy=OURS), old=Old(1, shown(SOON))
    )
    other = Creation(1, change(Action.CREATE, wanted(LAST)))
    taker = Creation(2, change(Action.CREATE, wanted(TOMORROW)), behind=giver)
    assert _first(taker, [giver, other, taker]) == [giver]
    assert _first(other, [giver, other, taker]) == []
    giver.old = None
    assert _first(taker, [giver, other, taker]) == []


def test_a_post_on_several_accounts_is_counted_once_and_beside_it_on_how_many_it_is() -> None:
    both = [sent(wanted(SOON), 1), sent(wanted(SOON, account=LINKEDIN), 2)]
    assert [_counted(both[:1]), _counted(both)] == ["1 post", "1 post (2 across all accounts)"]


def test_a_post_that_was_moved_beside_its_edit_is_told_with_where_it_is() -> None:
    assert _moved(SOON).endswith("it is now scheduled for 2026-11-24 16:20 UTC")
    assert _moved(None).endswith("it is now without a time")


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
    ("block", "noted", "told"),
    [(Block.WENT_OUT, True, False), (Block.WENT_OUT, False, True), (Block.STATE, True, True)],
)
def test_that_a_post_was_published_already_is_reported_once(block: Block, noted: bool, told: bool) -> None:
    again = change(Action.BLOCKED, wanted(LATER), blocks=(block,), copy=OURS)
    state = ledger(OURS)
    state.note(1, told=(told_name(wanted(LATER)),) if noted else ())
    run = run_at((), state, changes=[again])
    _take_stock(run)
    assert bool(run.results) is told


def test_a_copy_that_would_publish_a_post_twice_goes_whatever_the_new_one_waits_for() -> None:
    out = change(Action.DELETE, None, live=shown(SOON), copy=copy_of(wanted(SOON, id="one")), twice=True)
    new = change(Action.CREATE, wanted(LATER, id="one"))
    publer = FakePubler(shown(SOON))
    waits: tuple[dict[str, Any], ...] = ({"page": True}, {"asks": True})
    for more in waits:
        run = run_at([shown(SOON)], ledger(out.copy), changes=[out, new], publer=publer)
        run.results[1] = Result(new, Outcome.WAITING, **more)
        task: Task[Any] = Task(0, out)
        remove(run, [task])
        kept = run_at(
            [shown(SOON)], ledger(out.copy), changes=[replace(out, twice=False), new], publer=publer
        )
        kept.results[1] = Result(new, Outcome.WAITING, **more)
        remove(kept, [Task(0, replace(out, twice=False))])
        assert kept.results[0].outcome is Outcome.WAITING
        assert run.results[0].outcome is not Outcome.WAITING
    assert publer.asked == ["p-1", "p-1"], "once for each run"


def test_posts_of_other_accounts_make_no_span_longer() -> None:
    days = [NOW.date(), (NOW + 9 * DAY).date()]
    for account, spans in ((LINKEDIN, 1), (X, 2)):
        between = [shown(NOW + 4 * DAY + n * MINUTE, id=f"f-{n}", account=account) for n in range(101)]
        run = run_at([*between, shown(None, id="f-none", state="draft")], ledger())
        assert len(run._spans(days, {X.id})) == spans
