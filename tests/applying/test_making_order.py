"""Which new post goes before another one, waits for it, or comes too late."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from publer_sync.applying.applier import _make
from publer_sync.applying.making import _rounds, _upload
from publer_sync.applying.report import Outcome, Result
from publer_sync.applying.rounds import _first
from publer_sync.applying.tasks import Creation, Old, Task
from publer_sync.planning.plan import Action
from publer_sync.values.content import Content
from publer_sync.values.model import MINUTE, MediaSource
from tests.applying.runs import OURS, FakePubler, run_at
from tests.builders import LAST, LATER, NOW, SOON, TOMORROW, change, copy_of, ledger, shown, wanted
from tests.tables import each_of


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


@each_of(
    ("outcome", "more", "goes"),
    [
        (Outcome.APPLIED, {}, True),
        (Outcome.WAITING, {"page": True}, False),
        (Outcome.WAITING, {"asks": True}, False),
        (Outcome.WAITING, {"leaves": True}, False),
        (Outcome.NOT_TRIED, {}, False),
    ],
)
def test_a_post_gets_no_words_of_one_that_is_kept(outcome: Outcome, more: dict[str, Any], goes: bool) -> None:
    """A removal that waits for a page, for a yes or for another calendar is not done, though nothing is wrong."""
    gone = change(Action.DELETE, None, live=shown(SOON), copy=OURS)
    new = change(Action.CREATE, wanted(LATER))
    run = run_at((), ledger(OURS), changes=[gone, new], publer=FakePubler())
    giver: Task[Any] = Task(0, gone)
    run.creations.append(Creation(1, new, behind=giver))
    run.results[0] = Result(gone, outcome, **more)
    assert run.give_up_followers() is not goes
    assert run.open(run.creations[0]) is goes
