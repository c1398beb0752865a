"""`state mv --account`: which two ids may be those of one account, and what follows its posts to the new one."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.commands.reaching.connections import Connections
from publer_sync.commands.reconnect import PlannedReconnect, Reconnecting, ReconnectRequest
from publer_sync.commands.running import state_course
from publer_sync.ledger.copies import End
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.state import KnownAccount, State
from publer_sync.publer.reader import PublerReader
from publer_sync.values.errors import StateError, UsageError
from publer_sync.values.model import Account
from tests.builders import LATER, LINKEDIN, NOW, SOON, copy_of, ledger, sent, wanted
from tests.commands.reached import reached
from tests.commands.side_by_side import ONE, SideBySide
from tests.system.worlds import ACCOUNTS
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.system.worlds import World

OLD = Account("a-old", "Fjordlight", "twitter", "x")
NEW = replace(OLD, id="a-new", social_id="77")
POST = copy_of(wanted(SOON, "Hello", account=OLD, id="hello"))
KNOWN = {OLD.id: KnownAccount("twitter", "Fjordlight", "", "77"), LINKEDIN.id: KnownAccount("linkedin", "B")}


def of_old(*copies: Any, **more: Any) -> State:
    return ledger(*(copies or (POST,)), accounts=dict(KNOWN), **more)


def moving(
    folder: Path, state: State | None, words: str = "a-old=a-new", *, style: str = "text", **more: Any
) -> tuple[Reconnecting, PlannedReconnect]:
    access = reached(folder, state, accounts=(NEW, LINKEDIN), **more)
    request = ReconnectRequest.of(words, diff=False, yes=True)
    work = Reconnecting(request, Connections(PublerReader), style)
    return work, work.plan_in(access)


@each_of("words", ["", "a", "a=", "=b", "a=a", " = ", "a = a"])
def test_what_is_not_two_ids_is_refused(words: str) -> None:
    with pytest.raises(UsageError, match="is not OLD=NEW, two ids of Publer"):
        ReconnectRequest.of(words, diff=False, yes=True)


OWN = copy_of(wanted(LATER, "Its own", account=NEW, id="own"), 2, post_id="p-2")


@each_of(
    ("state", "words", "told"),
    [
        (None, "a-old=a-new", "there is no post of the account a-old in the ledger"),
        (of_old(), "a-x=a-new", "there is no post of the account a-x in the ledger"),
        (of_old(), "a-old=a-other", "Publer has no account a-other in this workspace"),
        (of_old(POST, replace(OWN, id="hello")), "a-old=a-new", "Fjordlight has posts of its own"),
        (of_old(POST, replace(OWN, slot=SOON)), "a-old=a-new", "Fjordlight has posts of its own"),
        (
            of_old(POST, replace(OWN, account=LINKEDIN.id)),
            f"a-old={LINKEDIN.id}",
            "Fjordlight AS has posts of its own",
        ),
        (
            ledger(POST, OWN, accounts={OLD.id: KnownAccount("twitter", "Other", "", "78")}),
            "a-old=a-new",
            "Fjordlight has posts of its own",
        ),
        (ledger(POST, OWN, accounts={}), "a-old=a-new", "Fjordlight has posts of its own"),
        (
            of_old(sent(wanted(SOON, "Hello", account=OLD))),
            "a-old=a-new",
            "an apply has not finished with the account a-old",
        ),
    ],
)
def test_two_ids_that_cannot_be_those_of_one_account_are_refused(
    tmp_path: Path, state: State | None, words: str, told: str
) -> None:
    with pytest.raises(UsageError, match=told):
        moving(tmp_path, state, words)


def test_an_account_that_is_not_there_is_answered_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        moving(tmp_path, of_old(), "a-old=a-other")
    assert error.value.hint == "It has:\n  a-new  x Fjordlight\n  a-li  linkedin Fjordlight AS"


@each_of(
    "copies",
    [
        (POST,),
        (POST, OWN),  # created since it was reconnected
        (POST, sent(wanted(LATER, "Elsewhere", account=LINKEDIN), 2)),  # of another account
        (POST, replace(OWN, slot=SOON).ending(End.REMOVED, NOW)),
        (replace(POST, id=None), replace(OWN, id=None)),
    ],
)
def test_an_account_without_posts_of_its_own_may_be_the_one_that_left(
    tmp_path: Path, copies: tuple[Any, ...]
) -> None:
    _, planned = moving(tmp_path, of_old(*copies))
    assert planned.posts == 1


def test_an_account_without_posts_may_have_another_name_and_one_beside_the_old_one_is_another(
    tmp_path: Path,
) -> None:
    other = ledger(POST, accounts={OLD.id: KnownAccount("twitter", "Other", "", "78")})
    assert moving(tmp_path, other)[1].posts == 1
    with pytest.raises(UsageError, match="Fjordlight has posts of its own"):
        moving(tmp_path, of_old(POST, OWN), listed=(OLD, NEW, LINKEDIN))


def test_nothing_moves_while_a_hold_waits_here(tmp_path: Path) -> None:
    access = reached(tmp_path, of_old(), accounts=(NEW, LINKEDIN))
    store: Any = access.store
    store.waiting = lambda: (Hold("Storm", NOW),)
    work = Reconnecting(
        ReconnectRequest.of("a-old=a-new", diff=False, yes=True), Connections(PublerReader), "text"
    )
    with pytest.raises(StateError, match="a hold waits on this machine"):
        work.plan_in(access)


def test_everything_of_the_old_id_follows_and_nothing_else(tmp_path: Path) -> None:
    """What may still be listed under the old id is looked for there."""
    state = of_old(
        POST,
        copy_of(wanted(LATER, "Other", account=LINKEDIN, id="other"), 2, post_id="p-2"),
        copy_of(wanted(LATER, "Back", account=NEW, id="back"), 3, post_id="p-3", moved_to=OLD.id),
        copy_of(wanted(LATER, "Out", account=OLD, id="out"), 4, post_id="p-4").ending(End.PUBLISHED, NOW),
        excused={"a-old@2026", "a-old#hello", "a-old?x", "a-older@2026", "a-li@2026"},
        holds=(
            Hold("Storm", NOW, accounts=(OLD.id, NEW.id, LINKEDIN.id)),
            Hold("Recall", NOW, accounts=(LINKEDIN.id,)),
        ),
    )
    work, planned = moving(tmp_path, state, settings="state_on_disk: true\n")
    assert planned.posts == 2
    work.carry_out(planned)
    after = planned.access.store.read()
    assert after is not None
    assert {copy.id: (copy.account, copy.moved_to) for copy in after.copies.values()} == {
        "hello": (NEW.id, OLD.id),
        "other": (LINKEDIN.id, ""),
        "back": (NEW.id, OLD.id),
        "out": (NEW.id, ""),
    }
    assert after.excused == {"a-new@2026", "a-new#hello", "a-new?x", "a-older@2026", "a-li@2026"}
    assert [hold.accounts for hold in after.holds] == [(NEW.id, LINKEDIN.id), (LINKEDIN.id,)]
    assert OLD.id not in after.accounts
    [run] = after.runs
    assert [(line.action, line.account, line.id) for line in run.lines] == [
        (run.command, NEW.id, "hello"),
        (run.command, NEW.id, "back"),
        (run.command, NEW.id, "out"),
    ]


def test_it_says_what_follows_and_which_line_to_write(tmp_path: Path) -> None:
    work, planned = moving(tmp_path, of_old(holds=(Hold("Storm", NOW),)))
    shown = work.proposal(planned)
    assert (shown.line, shown.text) == (
        "1 post",
        "1 post of the account a-old will be of x Fjordlight (a-new).",
    )
    assert (shown.note, work.end(planned, None).note) == ("Nothing was changed.", "")
    settings = planned.access.calendar.settings
    named = replace(settings, accounts=(replace(settings.accounts[0], name=OLD.id), *settings.accounts[1:]))
    told = replace(
        planned, access=replace(planned.access, calendar=replace(planned.access.calendar, settings=named))
    )
    assert work.end(told, None).note == (
        "Write this into publer.yaml before the next apply:\n\n  accounts:\n    x: {id: a-new, provider: x}\n"
    )
    work.style = "json"
    for ending, written in ((work.proposal(planned), False), (work.end(planned, None), True)):
        document: Any = json.loads(json.dumps(ending.document))
        assert (document["posts"], document["holds"], document["account"]) == (1, 1, NEW.id)
        assert (document["from"], document["to"], document["written"]) == ("calendar", "calendar", written)


def test_nothing_moves_without_a_yes_or_while_another_run_has_the_state(
    empty_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair, old, new = SideBySide(empty_world), ACCOUNTS["x"], "acc0000000000000000ffffff"
    pair.settings("acme", accounts={"x": "My X Account"})
    pair.applied("acme", ONE)
    empty_world.sandbox.reconnect(old, new)
    words = ("state", "mv", "--account", f"{old}={new}", "--calendar", "acme")
    ran = pair.run(*words)
    assert (ran.code, "nobody can answer here" in ran.stderr) == (64, True), ran
    assert not empty_world.sandbox.requests
    monkeypatch.setattr(state_course, "LOCK_SECONDS", 0.0)
    with pair.store("acme").lock(1):
        ran = pair.run(*words, "--yes")
        assert (ran.code, "another apply is running" in ran.stderr) == (1, True), ran
        ran = pair.run(*words, "--diff")
    assert (ran.code, ran.stderr.endswith("Nothing was changed.\n")) == (0, True), ran
    assert [copy.account for copy in pair.store("acme").read().copies.values()] == [old]
    assert pair.run(*words, "--yes").code == 0
    assert [copy.account for copy in pair.store("acme").read().copies.values()] == [new]
