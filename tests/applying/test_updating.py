"""Edits in place: the listing is the proof of the words, and shows what else has changed meanwhile."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.applying.tasks import Task
from publer_sync.applying.updating import EDITED_SINCE, KEPT, _moved, _put, _told, _under_another_id
from publer_sync.planning.plan import Action
from publer_sync.values.content import Content
from publer_sync.values.errors import Refused
from publer_sync.values.model import Account
from tests.applying.runs import OURS, FakePubler, run_at
from tests.builders import LAST, LATER, SOON, change, copy_of, ledger, shown, wanted
from tests.system.worlds import DAY, MINUTE, T, Want
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Callable

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


@each_of(("listed", "why"), [("Old", KEPT), ("A colleague's", EDITED_SINCE)])
def test_an_accepted_edit_that_is_not_listed_is_told_with_what_is(listed: str, why: str) -> None:
    post = wanted(SOON, "Better", id="one")
    edit = change(Action.UPDATE, post, live=shown(SOON, "Old"), copy=copy_of(wanted(SOON, "Old", id="one")))
    run = run_at([shown(SOON, listed)], ledger(edit.copy), changes=[edit])
    assert _told(run, Task(0, edit), shown(SOON, "Better"), last=True)
    assert run.results[0].why.message == why


@pytest.mark.parametrize(
    ("before", "now", "sent"), [("Old", None, ""), ("Old", "New", "New"), (None, None, None)]
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
