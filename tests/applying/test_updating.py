"""Edits in place: the listing is the proof of the words, and shows what else has changed meanwhile."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.applying.report import Outcome
from publer_sync.applying.tasks import Task
from publer_sync.applying.updating import (
    EDITED_SINCE,
    KEPT,
    OUT_BEFORE,
    _moved,
    _put,
    _told,
    _under_another_id,
    update,
)
from publer_sync.ledger.contact import Kind
from publer_sync.ledger.copies import Seen
from publer_sync.planning.plan import Action
from publer_sync.values.content import Content
from publer_sync.values.errors import FirstContactError, Refused, ServiceError, Unclear
from publer_sync.values.model import Account, Listing, LivePost
from tests.applying.runs import OURS, FakePubler, doubt, run_at
from tests.applying.whole import Whole
from tests.builders import LAST, LATER, NOW, SOON, change, copy_of, ledger, shown, wanted
from tests.system.worlds import DAY, MINUTE, T, Want
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from publer_sync.applying.run import Run
    from tests.system.worlds import World

ONE = Want("one", "facebook", T, "First words")
PINTEREST = Account("a-pin", "Fjordlight", "pinterest", "pinterest")


def _with_the_put(world: World, happens: Callable[[str], None]) -> None:
    real = world.sandbox.handle

    def handle(request: Any) -> Any:
        answer = real(request)
        if request.method == "PUT":
            happens(request.path.rpartition("/")[2])
        return answer

    world.sandbox.handle = handle  # type: ignore[method-assign]  # something happens beside an edit


@pytest.mark.parametrize("moved", [MINUTE, DAY])
def test_a_post_that_is_moved_beside_its_edit_is_told_in_the_same_run(world: World, moved: Any) -> None:
    world.apply_first(ONE)
    _with_the_put(world, lambda number: world.sandbox.edit(number, at=T + moved))
    world.write(replace(ONE, text="Better words"))
    done = world.apply()
    assert (done.code, done.outcomes) == (6, [("update", "one", "failed")])
    assert f"is now scheduled for {T + moved:%Y-%m-%d %H:%M} UTC" in done.result("one")["message"]
    del world.sandbox.handle
    assert world.changes() == [("blocked", "edited", "one")]
    assert not world.settled_amiss("--overwrite-edits")


def test_a_draft_that_someone_scheduled_in_publer_still_takes_new_words(world: World) -> None:
    draft = replace(ONE, draft=True)
    world.apply_first(draft)
    world.sandbox.edit(str(world.find(ONE.text)["id"]), state="scheduled")
    world.write(replace(draft, text="Better words"))
    done = world.apply()
    assert (done.code, done.outcomes) == (0, [("update", "one", "applied")])
    assert world.find("Better words")["state"] == "scheduled"


def test_an_edit_that_was_sent_when_the_run_was_stopped_is_not_said_to_be_untried(world: World) -> None:
    two = replace(ONE, id="two", account="x")
    world.apply_first(ONE, two)
    _with_the_put(world, lambda _: os.kill(os.getpid(), signal.SIGINT))
    world.write(replace(ONE, text="Better words"), replace(two, text="Better words"))
    done = world.apply()
    assert (done.code, done.outcomes) == (
        1,
        [("update", "one", "unverified"), ("update", "two", "not_tried")],
    )
    assert world.writes() == ["PUT"]
    del world.sandbox.handle
    assert not world.settled_amiss()


def test_an_edit_that_publer_refused_is_told_at_once() -> None:
    post = wanted(SOON, "Better", id="one")
    edit = change(Action.UPDATE, post, live=shown(SOON, "Old"), copy=copy_of(wanted(SOON, "Old", id="one")))
    run = run_at([shown(SOON, "Old")], ledger(edit.copy), changes=[edit])
    assert _told(run, Task(0, edit), Refused("no", publer_said="Too long"), last=False)
    assert run.results[0].why.publer_said == "Too long"


OLD, BETTER = shown(SOON, "Old"), shown(SOON, "Better")
SHORTER = shown(SOON, "https://b.example/9")
"""What Publer makes of the new words in its answer, as where it shortens links."""


@each_of(
    ("listed", "echo", "last", "outcome", "why"),
    [
        (None, BETTER, False, None, ""),
        (None, BETTER, True, Outcome.FAILED, "Publer no longer lists it"),
        (OLD, BETTER, False, None, ""),
        (OLD, BETTER, True, Outcome.FAILED, KEPT),
        (shown(SOON, "A colleague's"), BETTER, True, Outcome.FAILED, EDITED_SINCE),
        (OLD, Unclear("no answer"), False, None, ""),
        (
            OLD,
            Unclear("no answer"),
            True,
            Outcome.UNVERIFIED,
            "no answer; Publer still lists the old text; the next apply checks again",
        ),
        (BETTER, Unclear("no answer"), False, Outcome.APPLIED, ""),
        (BETTER, BETTER, False, Outcome.APPLIED, ""),
        (SHORTER, SHORTER, False, Outcome.APPLIED, ""),
        (SHORTER, BETTER, False, None, ""),
        (replace(SHORTER, title="Hers"), SHORTER, False, None, ""),
        (replace(BETTER, at=LATER), BETTER, False, Outcome.FAILED, _moved(LATER)),
        (replace(BETTER, at=LATER, state="published"), BETTER, False, Outcome.FAILED, OUT_BEFORE),
        (
            replace(BETTER, at=LATER, state="scheduled_locked"),
            BETTER,
            False,
            Outcome.FAILED,
            "Publer lists it, but in another state: scheduled_locked",
        ),
    ],
)
def test_how_an_edit_ended_is_told_by_what_is_listed(
    listed: LivePost | None, echo: LivePost | ServiceError, last: bool, outcome: Outcome | None, why: str
) -> None:
    """Where the list may still show the edit, nothing is told yet."""
    post = replace(wanted(SOON, "Better", account=PINTEREST, id="one"), content=Content("Better", "A title"))
    old = replace(wanted(SOON, "Old", account=PINTEREST, id="one"), content=Content("Old", "A title"))
    edit = change(Action.UPDATE, post, live=OLD, copy=copy_of(old))
    run = run_at([listed] if listed else [], ledger(edit.copy), changes=[edit])
    assert _told(run, Task(0, edit), echo, last=last) is (outcome is not None)
    assert {index: (each.outcome, each.why.message) for index, each in run.results.items()} == (
        {0: (outcome, why)} if outcome else {}
    )


@each_of(
    ("seen", "kept"),
    [
        (Seen(LATER, "Old", media=1), Seen(LATER, "Better", media=1)),
        (None, Seen(SOON, "Better", media=2)),
    ],
)
def test_after_an_edit_what_someone_else_changed_is_still_found(seen: Seen | None, kept: Seen) -> None:
    """The rest of what was seen before stays as it was, if the ledger has it."""
    before = replace(OLD, media=2)
    edit = change(
        Action.UPDATE, wanted(SOON, "Better"), live=before, copy=copy_of(wanted(SOON, "Old"), seen=seen)
    )
    run = run_at([replace(BETTER, media=2)], ledger(edit.copy), changes=[edit])
    assert _told(run, Task(0, edit), BETTER, last=False)
    assert run.state.copies[1].seen == kept


class Counted(Whole):
    lists = 0

    def posts(self, **more: Any) -> Listing:
        self.lists += 1
        return super().posts(**more)


def edits(**page: Any) -> tuple[Run, Counted]:
    """Two edits, with a page that is fresh unless it says otherwise."""
    posts = [wanted(SOON, "Better"), wanted(LATER, "Better two")]
    live = [shown(SOON), shown(LATER, id="p-2")]
    copies = [OURS, copy_of(wanted(LATER), 2, post_id="p-2")]
    changes = [change(Action.UPDATE, posts[n], live=live[n], copy=copies[n]) for n in range(2)]
    publer = Counted(*live)
    run = run_at(live, ledger(*copies), changes=changes, publer=publer)
    run.means = replace(run.means, clock=publer.clock)
    run.edits += [Task(n, each) for n, each in enumerate(changes)]
    for name, value in page.items():
        setattr(run.page, name, value)
    return run, publer


@each_of(
    ("page", "lists"),
    [
        ({}, 1),
        ({"listed_at": NOW - 2 * MINUTE}, 2),
        ({"tasks": frozenset()}, 2),
        ({"tasks": frozenset({0, 1})}, 1),
    ],
)
def test_before_an_edit_posts_are_listed_only_where_no_fresh_list_tells_of_it(
    page: dict[str, Any], lists: int
) -> None:
    """And once afterwards, since the list is the proof."""
    run, publer = edits(**page)
    update(run)
    assert publer.wrote == ["edit p-1", "edit p-2"]
    assert publer.lists == lists


@each_of(("ended", "told"), [(0, ["1 of 2 done", "2 of 2 done"]), (1, ["2 of 2 done"])])
def test_how_many_edits_are_done_is_told_with_those_that_ended_before(
    ended: int, told: Sequence[str]
) -> None:
    lines: list[str] = []
    run, _ = edits()
    run.means = replace(run.means, progress=lambda _, text: lines.append(text))
    for task in run.edits[:ended]:
        run.end(task, Outcome.FAILED)
    update(run)
    assert lines == told


def test_nothing_is_edited_while_an_edit_is_in_doubt() -> None:
    run, publer = edits()
    run.contact.doubts = {Kind.UPDATE: [doubt(Kind.UPDATE)]}
    with pytest.raises(FirstContactError):
        update(run)
    assert publer.wrote == []
    run.edits = []
    update(run)


@pytest.mark.parametrize(
    ("before", "now", "sent"),
    [("Old", None, ""), ("Old", "New", "New"), (None, "New", "New"), (None, None, None)],
)
def test_a_title_that_was_taken_out_is_taken_out_of_publer(
    before: str | None, now: str | None, sent: str | None
) -> None:
    """Publer does not show titles everywhere: what was sent before tells whether there is one."""
    asked: list[object] = []

    class Puts(FakePubler):
        def update(self, *_: object, title: object, **__: object) -> None:
            asked.append(title)

    old, new = (
        replace(wanted(SOON, "Hello", account=PINTEREST), content=Content("Hello", title or ""))
        for title in (before, now)
    )
    copy = copy_of(old)
    edit = change(Action.UPDATE, new, live=shown(SOON, account=PINTEREST), copy=copy)
    _put(run_at(state=ledger(copy), changes=[edit], publer=Puts()), Task(0, edit))
    assert asked == [sent]


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


def test_a_post_that_was_moved_beside_its_edit_is_told_with_where_it_is() -> None:
    assert _moved(SOON).endswith("it is now scheduled for 2026-11-24 16:20 UTC")
    assert _moved(None).endswith("it is now without a time")
