"""A hold that the ledger does not take: it is written beside it, the posts leave Publer all the same, and the report says where it waits."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.commands.holding import hold_one
from publer_sync.ledger.hold import Hold
from publer_sync.values.errors import (
    PublerSyncError,
    RacedStateError,
    RejectedStateError,
    StateError,
    UntrustedStateError,
)
from tests.builders import NOW, SOON, X, copy_of, ledger, wanted
from tests.commands.reached import reached, stand_in
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

STATE = ledger(copy_of(wanted(SOON, "Hello", id="hello")))
REFUSED = RejectedStateError("git could not push", code="state.rejected")
RACED = RacedStateError("another run was ahead", code="state.raced")
OTHER_RUN = StateError("another run has it", code="state.other")
DAMAGED = StateError("it is damaged", code="state.damaged")
DOWN = PublerSyncError("Publer does not answer")
OUT = ["soonest", "all", "under way", "left alone"]
"""What is done with Publer, in this order."""


class Holding:
    """A hold of one calendar that fails where `fails` says so, by the name of what is called: each time the next error."""

    def __init__(self, folder: Path, fails: Mapping[str, list[BaseException | None]]) -> None:
        self.calls: list[str] = []
        self._fails = {name: [*errors] for name, errors in fails.items()}
        self.access = reached(folder, STATE)
        self.store: Any = self.access.store
        for name in ("announce", "hold_beside", "write", "lock", "read"):
            setattr(self.store, name, self._called(name, getattr(self.store, name)))
        self.holder = stand_in(
            hold=Hold("Storm", NOW),
            state=STATE,
            results=(),
            is_done=True,
            account_ids=(),
            account=self.access.account,
            wanted={},
            noted={},
            noting=lambda _: None,
            conclude=lambda state: state,
            stop_soonest=self._called("soonest"),
            stop_all=self._called("all"),
            stop_under_way=self._called("under way"),
            note_left_alone=self._called("left alone"),
            report=lambda error: error,
        )

    def _called(self, name: str, real: Any = lambda *_: None) -> Any:
        def call(*given: Any, **options: Any) -> Any:
            if name != "read":
                self.calls.append(name)
            left = self._fails.get(name, [])
            error = left.pop(0) if left else None
            if error is not None:
                raise error
            return real(*given, **options)

        return call

    def run(self) -> Any:
        """What ended it early, if anything."""
        with ExitStack() as stack:
            return hold_one._stop(self.holder, self.access, stack, 0.0)


WRITTEN = ["announce", "lock", "write"]
BESIDE = ["hold_beside", "announce"]
UNTRUSTED = UntrustedStateError("somebody else signed it", code="state.untrusted")
HERE = "git could not push: the hold waits on this machine"
NOWHERE = "git could not push: the posts are out of Publer, but no hold is in force"


@each_of(
    ("fails", "ci", "calls", "told"),
    [
        ({}, "", [*WRITTEN, *OUT, "write"], None),
        ({"read": [UNTRUSTED]}, "", [*BESIDE, *OUT], None),
        ({"announce": [REFUSED]}, "", ["announce", *BESIDE, *OUT], HERE),
        ({"announce": [REFUSED]}, "true", ["announce", *BESIDE, *OUT], NOWHERE),
        ({"write": [REFUSED]}, "", [*WRITTEN, *BESIDE, *OUT], HERE),
        ({"announce": [REFUSED], "all": [DOWN]}, "", ["announce", *BESIDE, "soonest", "all"], str(DOWN)),
        (
            {"announce": [REFUSED], "all": [DOWN]},
            "true",
            ["announce", *BESIDE, "soonest", "all"],
            f"since this machine is gone after the job; and {DOWN}",
        ),
        (
            {"lock": [OTHER_RUN]},
            "",
            ["announce", "lock", "soonest", "all", "lock", "write", "all", *OUT[2:], "write"],
            None,
        ),
        (
            {"lock": [OTHER_RUN, OTHER_RUN]},
            "",
            ["announce", "lock", "soonest", "all", "lock"],
            "it ends before its next write to Publer",
        ),
        ({"write": [None, RACED]}, "", [*WRITTEN, *OUT, "write", "write"], None),
        ({"write": [None, DAMAGED]}, "", [*WRITTEN, *OUT, "write"], str(DAMAGED)),
        ({"write": [None, DAMAGED], "all": [DOWN]}, "", [*WRITTEN, "soonest", "all", "write"], str(DOWN)),
        ({"soonest": [KeyboardInterrupt()]}, "", [*WRITTEN, "soonest", "write"], "stopped, as asked: some"),
    ],
)
def test_whatever_the_ledger_refuses_the_posts_leave_publer_and_the_hold_is_told(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fails: Mapping[str, list[BaseException | None]],
    ci: str,
    calls: list[str],
    told: str | None,
) -> None:
    monkeypatch.setenv("CI", ci)
    holding = Holding(tmp_path, fails)
    error = holding.run()
    assert holding.calls == calls
    assert error is None if told is None else told in error.message


@each_of(
    ("is_done", "fails", "ci", "message", "hint"),
    [
        (True, {}, "true", NOWHERE, "An apply will schedule"),
        (False, {}, "true", "git could not push: no hold is in force", "An apply will schedule"),
        (True, {"all": [DOWN]}, "true", "git could not push: no hold is in force", "An apply will schedule"),
        (True, {}, "", HERE, "Its posts are out. Once the branch"),
        (False, {}, "", HERE, "Once the branch"),
    ],
)
def test_that_posts_are_out_is_said_only_where_they_are(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    is_done: bool,
    fails: Mapping[str, list[BaseException | None]],
    ci: str,
    message: str,
    hint: str,
) -> None:
    monkeypatch.setenv("CI", ci)
    holding = Holding(tmp_path, {"announce": [REFUSED], **fails})
    holding.holder.is_done = is_done
    error = holding.run()
    assert error.message.startswith(message)
    assert error.hint.startswith(hint)


@each_of(
    ("fails", "accounts", "noted", "called"),
    [
        ({}, (X.id,), ["p-1"], ["write"]),
        ({}, (), [], ["write"]),
        ({"read": [UNTRUSTED]}, (X.id,), [], BESIDE),
        ({"lock": [OTHER_RUN, OTHER_RUN]}, (X.id,), [], ["announce"]),
    ],
)
def test_what_goes_is_noted_where_the_hold_is_written(
    tmp_path: Path,
    fails: Mapping[str, list[BaseException | None]],
    accounts: tuple[str, ...],
    noted: list[str],
    called: list[str],
) -> None:
    """With the hold, where the state is written; what a list alone shows, before it goes."""
    holding = Holding(tmp_path, fails)
    holding.holder.account_ids = accounts
    holding.run()
    assert [*holding.holder.noted] == noted
    holding.calls.clear()
    holding.holder.noting({"p-2": None})
    assert holding.calls == called


def test_an_offline_hold_says_since_when_it_goes_by_what_was_read(tmp_path: Path) -> None:
    holding = Holding(tmp_path, {})
    holding.store.offline = NOW
    error = holding.run()
    assert holding.calls == [*BESIDE, *OUT]
    assert "could not be reached: hold went on from what was last read of it here" in error.message


def test_only_a_hold_beside_a_state_that_somebody_signed_needs_the_key_to_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Holding(tmp_path, {}).run()
    assert capsys.readouterr().err == ""
    Holding(tmp_path, {"read": [UNTRUSTED]}).run()
    assert "which PUBLER_SYNC_STATE_KEY signs: ending it needs the key.\n" in capsys.readouterr().err


def test_what_the_ledger_cannot_write_before_anything_goes_ends_the_hold(tmp_path: Path) -> None:
    holding = Holding(tmp_path, {"write": [DAMAGED]})
    with pytest.raises(StateError, match="it is damaged"):
        holding.run()
    assert holding.calls == WRITTEN
