"""First contact: whose doubt keeps a kind of write closed, and whom it is told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from publer_sync.applying.contact import _drop_settled, _judge_late, _tell_of_doubts, allow
from publer_sync.applying.report import Outcome, Result
from publer_sync.applying.run_contact import RunContact
from publer_sync.ledger.contact import Contact, Kind
from publer_sync.ledger.copies import End
from publer_sync.planning.plan import Action
from publer_sync.values.errors import FirstContactError, Interrupted, StateError
from tests.applying.runs import doubt, run_at
from tests.builders import NOW, SOON, change, copy_of, ledger, shown, wanted
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.planning.contact import Doubt
    from publer_sync.values.errors import PublerSyncError


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
    run = run_at((), ledger(replace(copy_of(wanted(SOON)), alone=True).ending(End.GONE, NOW)))
    _judge_late(run)
    assert not run.state.copies[1].alone, "nothing tells any more whether Publer kept it"


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
    run.results[0] = waits = Result(same, Outcome.WAITING, leaves=True)
    _tell_of_doubts(run)
    assert run.results == {0: waits}, "what else is to be said of it comes first"


@each_of(
    ("error", "stopped", "told", "hint"),
    [
        (None, Interrupted("stopped"), "stopped", None),
        (FirstContactError("not as sent", hint="Look"), FirstContactError("more"), "not as sent", "Look"),
        (None, FirstContactError("more"), "more", None),
        (
            FirstContactError("not as sent", hint="Look"),
            Interrupted("stopped"),
            "not as sent; then the run was stopped: stopped",
            "Look",
        ),
        (FirstContactError("not as sent", hint="Look"), StateError("full"), "full", None),
    ],
)
def test_what_publer_did_not_keep_is_told_whatever_ends_the_run(
    error: FirstContactError | None, stopped: PublerSyncError, told: str, hint: str | None
) -> None:
    contact = RunContact(error=error)
    ends = contact.and_then(stopped)
    assert (ends.message, ends.hint) == (told, hint)
    noted = ["not as sent. Look"] * (error is not None and isinstance(stopped, StateError))
    assert [warning.message for warning in contact.warnings] == noted


def test_what_publer_did_not_keep_stops_its_kind_at_once() -> None:
    contact = RunContact()
    contact.stop(doubt(), "publer-sync apply")
    assert contact.why_not(Kind.CREATE, "publer-sync apply") is not None
    assert contact.why_not(Kind.DRAFT, "publer-sync apply") is None
    with pytest.raises(FirstContactError):
        contact.check(Kind.CREATE, "publer-sync apply")
    contact.check(Kind.DRAFT, "publer-sync apply")
