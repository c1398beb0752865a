"""What the log says of each post."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from publer_sync.applying.recording import begin, end, line_of
from publer_sync.applying.report import Outcome, Result
from publer_sync.ledger.runs import RunRecord, Version
from publer_sync.planning.plan import Action, Held
from publer_sync.values.content import Content
from tests.applying.runs import run_at
from tests.builders import LATER, NOW, SOON, X, change, copy_of, ledger, sent, shown, wanted
from tests.tables import each_of
from tests.values.test_signoff import yes_to

if TYPE_CHECKING:
    from datetime import datetime

    from publer_sync.ledger.copies import Copy
    from publer_sync.values.model import Post

POST = wanted(SOON, id="hello")
OURS = copy_of(POST, 3, entry=2)
WAS = Version(SOON, POST.content.digest)


@pytest.mark.parametrize(
    ("action", "post", "at", "before"),
    [
        (Action.DELETE, None, SOON, WAS),
        (Action.REPLACE, wanted(LATER, id="hello"), LATER, WAS),
        (Action.UPDATE, POST, SOON, WAS),
        (Action.RECREATE, POST, SOON, None),
        (Action.CREATE, POST, SOON, None),
    ],
)
def test_a_removed_post_is_logged_at_its_time_in_the_calendar(
    action: Action, post: Post | None, at: datetime, before: Version | None
) -> None:
    """Wherever someone had moved it in Publer."""
    line = line_of(change(action, post, live=shown(LATER), copy=OURS))
    assert (line.action, line.at, line.entry, line.before) == (str(action), at, 2, before)


@each_of(
    ("copy", "before"),
    [
        (OURS, None),
        (replace(OURS, held=True), WAS),
        (replace(OURS, held=True, sent=Content()), None),
        (None, None),
    ],
)
def test_a_post_that_comes_back_from_a_hold_is_logged_with_what_it_was(
    copy: Copy | None, before: Version | None
) -> None:
    """A post that was never sent, or of which the ledger has forgotten what it said, was nothing that is known."""
    line = line_of(replace(change(Action.CREATE, POST), copy=copy))
    assert (line.before, line.at) == (before, SOON)
    held = line_of(Held(account=X, copy=copy, post=replace(POST, at=LATER), reason="a storm"))
    assert held.at == (LATER if copy is None else SOON)


def test_each_yes_to_what_was_sent_is_logged() -> None:
    signed = replace(POST, signed_off=(yes_to(POST), yes_to(POST, "ole")))
    line = line_of(change(Action.CREATE, signed))
    assert line.signed == tuple(f"{yes.by} {yes.content}" for yes in signed.signed_off)
    assert line_of(change(Action.DELETE, None, live=shown(SOON))).signed == ()


def test_a_post_that_a_run_made_or_adopted_is_logged_under_its_entry() -> None:
    """Also where it has another id or time by then: Publer's id tells which it is."""
    adopt = change(Action.ADOPT, POST, live=shown(SOON, id="m-1"))
    for copies, post_id, entry in (
        ([copy_of(POST, 3, post_id="m-1")], "m-1", 3),
        ([copy_of(wanted(LATER, id="other"), 3, post_id="m-1")], "m-1", 3),
        ([copy_of(POST, 3, post_id="m-0"), copy_of(wanted(LATER), 4, post_id="m-1")], "m-1", 4),
        ([copy_of(wanted(LATER), 3, post_id="m-1"), copy_of(POST, 4, post_id="m-0")], "m-1", 4),
        ([copy_of(wanted(LATER), 3, post_id="m-0")], "m-1", 0),
        ([sent(wanted(LATER), 3)], None, 0),
    ):
        run = run_at((), ledger(*copies), record=RunRecord(NOW, "apply"), changes=[adopt])
        run.results[0] = Result(adopt, Outcome.APPLIED, post_id=post_id)
        end(run, done=True)
        assert [line.entry for line in run.state.runs[-1].lines] == [entry]


def test_a_run_that_goes_on_keeps_what_it_took_out_before() -> None:
    held = Held(account=X, copy=OURS, live=shown(SOON), reason="a storm")
    out = Result(held, Outcome.APPLIED, post_id="p-1")
    run = run_at(taken_out=[out], record=RunRecord(NOW, "apply"))
    begin(run)
    assert [(line.action, line.outcome, line.before) for line in run.state.runs[-1].lines] == [
        ("held", "applied", WAS)
    ]


@each_of(
    ("lacks", "done", "decides", "still"),
    [
        (True, True, True, False),
        (True, False, True, True),
        (True, True, False, True),
        (False, False, False, False),
        (False, True, False, False),
    ],
)
def test_files_that_lacked_something_lack_it_until_a_run_of_newer_ones_has_done_all(
    lacks: bool, done: bool, decides: bool, still: bool
) -> None:
    run = run_at(record=RunRecord(NOW, "apply", lacks=lacks), decides=decides)
    end(run, done=done)
    assert run.state.runs[-1].lacks is still


def test_what_was_not_tried_or_waits_is_not_in_the_log() -> None:
    new = change(Action.CREATE, POST)
    for result, lines in (
        (Result(new, Outcome.APPLIED), ["applied"]),
        (Result(new, Outcome.FAILED), ["failed"]),
        (Result(new, Outcome.NOT_TRIED), []),
        (Result(new, Outcome.WAITING, page=True), []),
        (Result(new, Outcome.WAITING, asks=True), []),
    ):
        run = run_at(record=RunRecord(NOW, "apply"), changes=[new])
        run.results[0] = result
        end(run, done=True)
        assert [line.outcome for line in run.state.runs[-1].lines] == lines
