"""What the log says of each post."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from publer_sync.applying.recording import begin, end, line_of
from publer_sync.applying.report import Outcome, Result
from publer_sync.ledger.runs import RunRecord, Version
from publer_sync.planning.plan import Action, Held
from tests.applying.runs import run_at
from tests.builders import LATER, NOW, SOON, X, change, copy_of, shown, wanted
from tests.tables import each_of

if TYPE_CHECKING:
    from datetime import datetime

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
