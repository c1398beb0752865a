"""What somebody is shown of a state that nobody they know has signed, and what is asked before it is trusted."""

from __future__ import annotations

import io
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.commands.reaching import trust
from publer_sync.commands.running.choice import Consent
from publer_sync.ledger.hold import Hold
from publer_sync.planning.allow import Allow
from publer_sync.values.errors import Interrupted, StateError, UntrustedStateError
from tests.builders import EARLIER, HOUR, LINKEDIN, NOW, SOON, X, copy_of, ledger, shown, wanted
from tests.commands.reached import stand_in
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.ledger.state import State
    from publer_sync.values.model import LivePost

UNSIGNED = UntrustedStateError("the state is not signed", hint="Sign it.")
DAMAGED = StateError("the state is damaged", hint="Restore it.")
TRUSTING = Consent(Allow(), yes=True, trust=True)
MANAGED = "It would manage"


def managing(*ids: str) -> State:
    copies = (copy_of(wanted(SOON, "Hello"), key, post_id=each) for key, each in enumerate(ids, 1))
    return ledger(*copies)


class Reached:
    """A calendar whose state is what `own_state` gives, if it may be read without a signature or has the right one."""

    def __init__(
        self, state: State | None, *, error: StateError | None = None, live: Sequence[LivePost] = ()
    ) -> None:
        self.calls: list[str] = []
        self.calendar = stand_in(settings=stand_in(timezone="UTC"))
        self.clock = stand_in(now=lambda: NOW)
        self.places = stand_in(check_lasts=lambda: self.calls.append("lasts"))
        self.store = stand_in(hear_waiting=lambda: self.calls.append("hear"))
        self._state, self._error, self._live = state, error, live

    def check_waiting(self) -> None:
        self.calls.append("waiting")

    def own_state(self, *, trusting: bool = False) -> State | None:
        self.calls.append("trusting" if trusting else "read")
        if self._error is not None and not trusting:
            raise self._error
        return self._state

    def survey(self, state: State) -> Any:
        return stand_in(live=self._live, state=state)

    def account(self, account: str) -> Any:
        return {each.id: each for each in (X, LINKEDIN)}[account]


def state_of(at: Any, consent: Consent = TRUSTING, *, verbose: bool = False) -> State | None:
    return trust.state_of(at, consent, verbose=verbose)


@each_of(
    ("error", "consent", "calls"),
    [
        (None, Consent(Allow()), ["lasts", "read", "waiting"]),
        (None, TRUSTING, ["lasts", "read", "waiting"]),
        (UNSIGNED, Consent(Allow(), yes=True), ["lasts", "read", "waiting", "refused"]),
        (DAMAGED, TRUSTING, ["lasts", "read", "waiting", "refused"]),
        (UNSIGNED, TRUSTING, ["lasts", "read", "hear", "trusting"]),
    ],
)
def test_a_state_is_trusted_without_its_signature_where_somebody_says_so(
    capsys: pytest.CaptureFixture[str], error: StateError | None, consent: Consent, calls: list[str]
) -> None:
    at, refused = Reached(managing("p-1"), error=error), "refused" in calls
    with pytest.raises(StateError) if refused else nullcontext():
        assert state_of(at, consent) is not None
    assert at.calls == [each for each in calls if each != "refused"]
    told = "The state is not signed.\nIt would manage no posts that Publer has ahead.\n"
    assert capsys.readouterr().err == (told if "trusting" in calls else "")


@each_of(("answer", "trusted"), [("yes", True), ("no", False)])
def test_whoever_is_there_is_asked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, answer: str, trusted: bool
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{answer}\n"))
    state = replace(managing("p-1"), holds=(Hold("Storm", NOW),))
    at = Reached(state, error=UNSIGNED)
    if trusted:
        assert state_of(at, replace(TRUSTING, yes=False)) is state
    else:
        with pytest.raises(Interrupted):
            state_of(at, replace(TRUSTING, yes=False))
    told = capsys.readouterr().err
    assert "It has posts on hold, which apply takes out of Publer: Storm\nTrust this state?\n" in told


def test_nobody_is_asked_about_a_state_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert state_of(Reached(None, error=UNSIGNED), replace(TRUSTING, yes=False)) is None
    assert capsys.readouterr().err == ""


def test_what_publer_has_ahead_of_it_is_listed_by_its_minute(capsys: pytest.CaptureFixture[str]) -> None:
    live = (
        shown(SOON + HOUR, "Later"),
        shown(None, "No day", id="p-2", state="draft"),
        shown(SOON, "Sooner", id="p-3", account=LINKEDIN),
        shown(EARLIER, "Out", id="p-4", state="published"),
        shown(SOON, "Not of it", id="p-5"),
    )
    state_of(Reached(managing("p-1", "p-2", "p-3", "p-4"), error=UNSIGNED, live=live))
    lines = capsys.readouterr().err.splitlines()
    assert lines[1] == "It would manage 3 posts in Publer, which apply may then edit or remove:"
    assert [line.split("  ")[2:] for line in lines if line.startswith("  ")] == [
        ["linkedin", '"Sooner"'],
        ["x", '"Later"'],
        ["x", '"No day"'],
    ]
    assert [line.startswith("  no date  ") for line in lines[-4:-1]] == [False, False, True]


@each_of(("number", "verbose", "listed", "left"), [(20, False, 20, 0), (22, False, 20, 2), (22, True, 22, 0)])
def test_the_first_twenty_are_listed(
    capsys: pytest.CaptureFixture[str], number: int, verbose: bool, listed: int, left: int
) -> None:
    ids = [f"p-{n:02}" for n in range(number)]
    live = [shown(SOON, each, id=each) for each in ids]
    state_of(Reached(managing(*ids), error=UNSIGNED, live=live), verbose=verbose)
    told = capsys.readouterr().err
    assert told.count('"p-') == listed
    assert ("more; -v lists them all" in told, f"  and {left} more;" in told) == (bool(left), bool(left))
